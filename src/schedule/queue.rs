//! The queue of jobs: one lane per host with at most one running job, ordered by when each host may be contacted next.
//! Pure: time is an argument.
//!
//! A lane holds the jobs of a host by due time. `turns` holds, for each lane with waiting jobs and without a running
//! one, the time at which its first job may start. A host with ten thousand due articles therefore delays no other
//! host. All operations but [`Queue::shift`] and [`Queue::take_over`] take O(log n) per job.

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};

use crate::model::{ArticleId, Host, SourceSlug};

/// A unit of work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Job {
    /// Poll the feed of a source.
    Poll(SourceSlug),
    /// Check an article.
    Check(ArticleId),
}

/// The jobs of one host.
#[derive(Debug, Default)]
struct Lane {
    jobs: BTreeSet<(Timestamp, Job)>,
    under_way: Option<Job>,
    free_at: Option<Timestamp>,
    /// This lane's entry in [`Queue::turns`].
    turn: Option<Timestamp>,
}

/// All waiting jobs.
#[derive(Debug, Default)]
pub struct Queue {
    lanes: HashMap<Host, Lane>,
    turns: BTreeSet<(Timestamp, Host)>,
    places: HashMap<Job, (Host, Timestamp)>,
}

impl Queue {
    /// Adds a job to its host's lane, due at `due`. A job that is already queued is moved.
    pub fn put(&mut self, job: Job, host: &Host, due: Timestamp) {
        self.remove(&job);
        self.places.insert(job.clone(), (host.clone(), due));
        self.lanes.entry(host.clone()).or_default().jobs.insert((due, job));
        self.set_turn(host);
    }

    /// Removes a job if it is queued.
    pub fn remove(&mut self, job: &Job) {
        if let Some((host, due)) = self.places.remove(job) {
            if let Some(lane) = self.lanes.get_mut(&host) {
                lane.jobs.remove(&(due, job.clone()));
            }
            self.set_turn(&host);
        }
    }

    /// Makes the next `most` checks of a host due at `due`, if they are due later.
    pub fn hasten_checks(&mut self, host: &Host, most: usize, due: Timestamp) {
        let Some(lane) = self.lanes.get(host) else { return };
        let checks = lane.jobs.iter().filter(|(_, job)| matches!(job, Job::Check(_))).take(most);
        let later: Vec<Job> = checks.filter(|(at, _)| *at > due).map(|(_, job)| job.clone()).collect();
        for job in later {
            self.put(job, host, due);
        }
    }

    /// The next job that may start at `now`, and its host. The host stays busy until [`Queue::release`].
    pub fn pop(&mut self, now: Timestamp) -> Option<(Job, Host)> {
        let (turn, host) = self.turns.first()?.clone();
        if turn > now {
            return None;
        }
        let lane = self.lanes.get_mut(&host)?;
        let (_, job) = lane.jobs.pop_first()?;
        lane.under_way = Some(job.clone());
        self.places.remove(&job);
        self.set_turn(&host);
        Some((job, host))
    }

    /// Marks the host's job as finished. Its next job may start at `free_at`, or later if the host has a longer pause.
    pub fn release(&mut self, host: &Host, free_at: Timestamp) {
        if let Some(lane) = self.lanes.get_mut(host) {
            lane.under_way = None;
        }
        self.rest(host, free_at);
    }

    /// Starts no job of a host before `until`; never shortens an earlier pause.
    pub fn rest(&mut self, host: &Host, until: Timestamp) {
        let lane = self.lanes.entry(host.clone()).or_default();
        lane.free_at = Some(lane.free_at.map_or(until, |before| before.max(until)));
        self.set_turn(host);
    }

    /// Takes over from another queue the running jobs and the pauses of hosts.
    pub fn take_over(&mut self, before: &Self) {
        for (host, lane) in &before.lanes {
            if let Some(job) = &lane.under_way {
                self.remove(job);
                self.lanes.entry(host.clone()).or_default().under_way = Some(job.clone());
            }
            if let Some(free_at) = lane.free_at {
                self.rest(host, free_at);
            }
            self.set_turn(host);
        }
    }

    /// Shifts all times by `by`, as the clock was.
    pub fn shift(&mut self, by: SignedDuration) {
        let moved = |time: Timestamp| time.saturating_add(by).unwrap_or(time);
        for place in self.places.values_mut() {
            place.1 = moved(place.1);
        }
        self.turns.clear();
        for (host, lane) in &mut self.lanes {
            lane.jobs = std::mem::take(&mut lane.jobs).into_iter().map(|(due, job)| (moved(due), job)).collect();
            lane.free_at = lane.free_at.map(moved);
            lane.turn = lane.turn.map(moved);
            self.turns.extend(lane.turn.map(|turn| (turn, host.clone())));
        }
    }

    /// When the next job may start. `None` if all lanes are empty or busy.
    #[must_use]
    pub fn next_turn(&self) -> Option<Timestamp> {
        self.turns.first().map(|(turn, _)| *turn)
    }

    /// Number of waiting jobs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether no job is waiting.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Updates the lane's entry in [`Queue::turns`]; called after every change of the lane.
    fn set_turn(&mut self, host: &Host) {
        let Some(lane) = self.lanes.get_mut(host) else { return };
        if let Some(old) = lane.turn.take() {
            self.turns.remove(&(old, host.clone()));
        }
        if lane.under_way.is_some() {
            return;
        }
        if let Some((due, _)) = lane.jobs.first() {
            let turn = lane.free_at.map_or(*due, |free_at| free_at.max(*due));
            lane.turn = Some(turn);
            self.turns.insert((turn, host.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn check(id: u64) -> Job {
        Job::Check(ArticleId(id))
    }

    #[test]
    fn jobs_come_in_the_order_in_which_they_are_due_and_not_before() {
        let mut queue = Queue::default();
        queue.put(check(1), &"a".into(), at(20));
        queue.put(check(2), &"b".into(), at(10));
        assert_eq!(queue.pop(at(9)), None);
        assert_eq!(queue.pop(at(30)), Some((check(2), "b".into())));
        assert_eq!(queue.pop(at(30)), Some((check(1), "a".into())));
        assert_eq!(queue.pop(at(30)), None);
        assert!(queue.is_empty());
    }

    #[test]
    fn a_host_gets_one_job_at_a_time_and_a_pause_in_between() {
        let mut queue = Queue::default();
        queue.put(check(1), &"a".into(), at(10));
        queue.put(check(2), &"a".into(), at(10));
        assert_eq!(queue.pop(at(10)), Some((check(1), "a".into())));
        assert_eq!(queue.pop(at(10)), None, "busy");
        queue.release(&"a".into(), at(12));
        assert_eq!(queue.pop(at(11)), None, "spaced");
        assert_eq!(queue.next_turn(), Some(at(12)));
        assert_eq!(queue.pop(at(12)), Some((check(2), "a".into())));
    }

    #[test]
    fn a_host_with_many_due_articles_delays_no_other_host() {
        let mut queue = Queue::default();
        (0..10_000).for_each(|id| queue.put(check(id), &"big".into(), at(1)));
        queue.put(check(10_001), &"small".into(), at(5));
        assert_eq!(queue.pop(at(5)).map(|(_, host)| host), Some("big".into()));
        assert_eq!(queue.pop(at(5)), Some((check(10_001), "small".into())));
    }

    #[test]
    fn a_host_that_asked_for_a_pause_gets_it() {
        let mut queue = Queue::default();
        queue.put(check(1), &"a".into(), at(10));
        queue.rest(&"a".into(), at(100));
        queue.release(&"a".into(), at(20));
        assert_eq!(queue.pop(at(99)), None);
        assert_eq!(queue.pop(at(100)), Some((check(1), "a".into())));
    }

    #[test]
    fn a_new_queue_takes_over_running_jobs_and_pauses() {
        let mut old = Queue::default();
        old.put(check(1), &"a".into(), at(10));
        old.put(check(2), &"a".into(), at(11));
        old.rest(&"b".into(), at(90));
        assert!(old.pop(at(10)).is_some());
        let mut new = Queue::default();
        for (id, host) in [(1, "a"), (3, "a"), (4, "b")] {
            new.put(check(id), &host.into(), at(10));
        }
        new.take_over(&old);
        assert_eq!(new.pop(at(50)), None, "a is being asked, b is left alone");
        new.release(&"a".into(), at(60));
        assert_eq!(new.pop(at(60)), Some((check(3), "a".into())), "what is under way is not started again");
        assert_eq!(new.pop(at(90)), Some((check(4), "b".into())));
        assert!(new.is_empty(), "what the new queue does not know is forgotten");
    }

    #[test]
    fn setting_the_clock_changes_no_interval() {
        for by in [SignedDuration::from_secs(-5), SignedDuration::from_secs(500)] {
            let mut queue = Queue::default();
            queue.put(check(1), &"a".into(), at(10));
            queue.put(check(2), &"a".into(), at(11));
            queue.rest(&"a".into(), at(20));
            queue.put(check(3), &"b".into(), at(12));
            queue.shift(by);
            assert_eq!(queue.next_turn(), Some(at(12) + by));
            assert_eq!(queue.pop(at(12) + by), Some((check(3), "b".into())));
            assert_eq!(queue.pop(at(19) + by), None);
            assert_eq!(queue.pop(at(20) + by), Some((check(1), "a".into())));
            queue.put(check(2), &"b".into(), at(600));
            assert_eq!(queue.len(), 1, "a job is still known by its place");
        }
    }

    #[test]
    fn a_job_that_is_queued_again_is_moved_not_doubled() {
        let mut queue = Queue::default();
        queue.put(check(1), &"a".into(), at(10));
        queue.put(check(1), &"b".into(), at(20));
        assert_eq!(queue.len(), 1);
        assert_eq!(queue.pop(at(15)), None);
        assert_eq!(queue.pop(at(20)), Some((check(1), "b".into())));
    }
}
