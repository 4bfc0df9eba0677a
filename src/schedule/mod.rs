//! The loop: what is due is started, what is done decides when it is due again.
//!
//! One task owns the queue. [`Loop::next_event`] waits and decides nothing; [`Loop::apply`] decides everything and waits for
//! nothing. The truth about every due time is in the store; the queue is rebuilt from it at each start.

mod queue;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use url::Url;

use crate::cadence::{Pace, moved};
use crate::check::{Checked, check};
use crate::clock::Drift;
use crate::model::{ArticleId, Host};
use crate::poll::{Polled, poll};
use crate::store::StoreError;
use crate::watcher::Watcher;
use crate::websub;
pub use queue::{Job, Queue};

/// How long the loop goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Until it is told to stop.
    Stopped,
    /// Until nothing is left that is due at this time: every look is made as of it.
    Idle(Timestamp),
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// What is due.
    Due,
    /// Every source and every article that is not retired, due or not.
    Everything,
}

/// How far a run got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Polls and looks that are done.
    pub done: u64,
    /// Those under way and those that wait.
    pub left: u64,
}

/// A host is left alone for this many times as long as it took to answer, where that is longer than the spacing.
const LATENCY_FACTOR: i32 = 2;
/// Longest that a slow host's own latency keeps us from its next page.
const SPACING_CEILING: SignedDuration = SignedDuration::from_secs(30);
/// While the store takes no more (it failed, or its disk is full), it is seen so often whether it does again.
const STORE_LOOK_EVERY: Duration = Duration::from_secs(1);
/// After a start, what should have happened meanwhile is spread over so long, once it is more than [`STORM`].
const SPREAD: SignedDuration = SignedDuration::from_secs(120);
/// So many overdue jobs at a start are no storm.
const STORM: usize = 32;
/// The loop looks up at least so often: the machine's clock may have jumped.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// The longest that an article waits for its next look, where the operator set no longer ceiling: a day and what moves it. One
/// that is due later was put there by a clock that was wrong.
const LONGEST_WATCH: SignedDuration = SignedDuration::from_hours(36);
/// A job that failed by a fault of ours or the store's is tried again after so long.
const AFTER_A_FAILURE: SignedDuration = SignedDuration::from_mins(10);

/// The lane of what is asked of hubs about sources that are watched no more.
const HUBS: &str = "hub.invalid";

/// Others of a host that are looked at once an article's look may show the host's doing. With the article itself seven: half
/// of them is [`crate::decide::MASS`].
const OTHERS_ASKED: usize = 6;
/// Of a run until idle, an edit that is held is looked at so long after what is due by then.
const AFTER_THE_OTHERS: SignedDuration = SignedDuration::from_millis(1);

enum Event {
    Turn,
    /// There is another watcher: the configuration was read again.
    Changed,
    /// Hubs told of sources.
    Pushed,
    Done(Box<Finished>),
    Stop,
}

/// A job that ended.
struct Finished {
    job: Job,
    host: Host,
    /// What came of it; or why it failed, which is a fault of ours or the store's.
    result: Result<Came, String>,
}

enum Came {
    Polled(Polled),
    Checked(Checked),
}

struct Loop {
    watcher: Arc<Watcher>,
    watchers: watch::Receiver<Arc<Watcher>>,
    queue: Queue,
    under_way: JoinSet<Finished>,
    until: Until,
    /// The time of day at `began`, for a run as of a given time.
    began: Instant,
    drift: Drift,
    stop: watch::Receiver<bool>,
    progress: Progress,
    stopped: bool,
}

/// Runs until told to stop (`stop` becomes true, or its sender is gone) or until idle; calls `report` after each event. Each job
/// is done by the latest of `watchers`. What is under way at a stop is dropped: nothing of it was recorded.
///
/// # Errors
/// When the store cannot be read at the start.
pub async fn run(
    mut watchers: watch::Receiver<Arc<Watcher>>,
    scope: Scope,
    until: Until,
    stop: watch::Receiver<bool>,
    mut report: impl FnMut(Progress) + Send,
) -> Result<Progress, StoreError> {
    let watcher = Arc::clone(&watchers.borrow_and_update());
    let queue = rebuild(&watcher, scope, until).await?;
    let mut this = Loop {
        drift: Drift::new(watcher.clock.moment()),
        watcher,
        watchers,
        queue,
        under_way: JoinSet::new(),
        until,
        began: Instant::now(),
        stop,
        progress: Progress::default(),
        stopped: false,
    };
    this.start_what_may_start();
    while !this.is_finished() {
        match this.next_event().await {
            Event::Changed => this.take_up(scope).await,
            event => this.apply(event),
        }
        report(this.progress);
    }
    this.under_way.shutdown().await;
    Ok(this.progress)
}

/// The queue, from the sources and from each article's watch in the store.
async fn rebuild(watcher: &Arc<Watcher>, scope: Scope, until: Until) -> Result<Queue, StoreError> {
    watcher
        .blocking(move |watcher| {
            let (now, spread) = match until {
                Until::Idle(now) => (now, false),
                Until::Stopped => (watcher.now(), true),
            };
            let mut jobs = Vec::new();
            for source in &watcher.config.sources {
                let state = watcher.store.poll_state(&source.slug)?.filter(|state| state.url == source.url);
                let host = Host::of(state.as_ref().map_or(&source.url, |state| state.address()));
                let due = state.filter(|state| !is_of_another_time(state.polled, now)).map_or(now, |state| state.due);
                jobs.push((Job::Poll(source.slug.clone()), host, due));
            }
            for slug in watcher.store.subscribed()? {
                if watcher.source(&slug).is_none() {
                    jobs.push((Job::Poll(slug.clone()), Host::from(HUBS), now));
                }
            }
            let longest = LONGEST_WATCH.max(watcher.config.schedule.pace.ceiling * 2);
            for (id, url, due) in watcher.store.watches()? {
                watcher.know(&url, id);
                jobs.push((Job::Check(id), Host::of(&url), due.min(now + longest)));
            }
            let overdue = jobs.iter().filter(|(_, _, due)| *due < now).count();
            let mut queue = Queue::default();
            for (index, (job, host, due)) in jobs.into_iter().enumerate() {
                let due = match scope {
                    Scope::Everything => now,
                    Scope::Due if spread && due < now && overdue > STORM => now + moved(SPREAD / 2, 1.0, index as u64),
                    Scope::Due => due,
                };
                put(&mut queue, until, job, &host, due);
            }
            for (host, rests_until) in watcher.store.rests()? {
                queue.rest(&host, rests_until.min(now + Pace::REST_CEILING));
            }
            Ok(queue)
        })
        .await
}

/// Whether something that was done lies in the future: then the clock was wrong, and what follows from it too.
fn is_of_another_time(done: Option<Timestamp>, now: Timestamp) -> bool {
    done.is_some_and(|done| done > now)
}

/// Puts a job into the queue; of a run until idle, only what is due by then.
fn put(queue: &mut Queue, until: Until, job: Job, host: &Host, due: Timestamp) {
    if !matches!(until, Until::Idle(now) if due > now) {
        queue.put(job, host, due);
    }
}

async fn perform(watcher: &Arc<Watcher>, job: &Job, now: Timestamp) -> Result<Came, StoreError> {
    match job {
        Job::Check(id) => check(watcher, *id, now).await.map(Came::Checked),
        Job::Poll(slug) => {
            if let Some(source) = watcher.source(slug) {
                return poll(watcher, source, now).await.map(Came::Polled);
            }
            let next = websub::leave(watcher, slug, now).await?.map(|next| (Host::from(HUBS), next));
            Ok(Came::Polled(Polled { next, ..Polled::never_again() }))
        }
    }
}

impl Loop {
    /// The time by which turns are given. Of a run as of a given time it moves on from there, so that hosts are still spaced.
    fn now(&self) -> Timestamp {
        match self.until {
            Until::Stopped => self.watcher.now(),
            Until::Idle(now) => now + SignedDuration::try_from(self.began.elapsed()).unwrap_or_default(),
        }
    }

    fn is_finished(&self) -> bool {
        // Of a run until idle, hosts that asked to be left alone are left for another run.
        let spaced = SPACING_CEILING.max(self.watcher.config.fetch.host_spacing);
        let nothing_soon = || self.queue.next_turn().is_none_or(|turn| turn > self.now() + spaced);
        let nothing_possible = || !self.watcher.store.takes_more();
        let idle = || nothing_soon() || nothing_possible();
        self.stopped || (matches!(self.until, Until::Idle(_)) && self.under_way.is_empty() && idle())
    }

    /// Waits for the next thing to happen. Every arm may be dropped at any time without loss.
    async fn next_event(&mut self) -> Event {
        let pause = self.pause();
        let pushes = Arc::clone(&self.watcher.pushes);
        tokio::select! {
            biased;
            _ = self.stop.wait_for(|stop| *stop) => Event::Stop,
            Some(joined) = self.under_way.join_next() => match joined {
                Ok(finished) => Event::Done(Box::new(finished)),
                Err(_) => Event::Turn,
            },
            Ok(()) = self.watchers.changed() => Event::Changed,
            () = pushes.arrived() => Event::Pushed,
            () = tokio::time::sleep(pause) => Event::Turn,
        }
    }

    /// Goes on with another watcher: what it watches is put into the queue afresh, what is under way and how hosts are spaced
    /// stays. If the store cannot be read, the old one goes on.
    async fn take_up(&mut self, scope: Scope) {
        let watcher = Arc::clone(&self.watchers.borrow_and_update());
        match rebuild(&watcher, scope, self.until).await {
            Ok(mut queue) => {
                queue.take_over(&self.queue);
                (self.queue, self.watcher) = (queue, watcher);
                self.start_what_may_start();
            }
            Err(error) => tracing::error!(%error, "what is watched cannot be read again"),
        }
    }

    /// Until the next turn, where one more job may be started; otherwise long.
    fn pause(&self) -> Duration {
        if !self.watcher.store.takes_more() {
            return STORE_LOOK_EVERY;
        }
        if self.under_way.len() >= self.watcher.config.fetch.concurrent {
            return LONGEST_SLEEP;
        }
        let Some(turn) = self.queue.next_turn() else { return LONGEST_SLEEP };
        Duration::try_from(turn.duration_since(self.now())).unwrap_or_default().min(LONGEST_SLEEP)
    }

    fn apply(&mut self, event: Event) {
        self.keep_intervals();
        match event {
            Event::Stop => self.stopped = true,
            Event::Turn | Event::Changed => {}
            Event::Pushed => self.put_pushed(),
            Event::Done(finished) => self.finish(*finished),
        }
        if !self.stopped {
            self.start_what_may_start();
        }
        self.progress.left = (self.queue.len() + self.under_way.len()) as u64;
    }

    /// Where the machine's clock was set, moves all that is due with it: intervals stay what they are.
    fn keep_intervals(&mut self) {
        if let (Until::Stopped, Some(by)) = (self.until, self.drift.moved(self.watcher.clock.moment())) {
            let (way, seconds) = (if by.is_negative() { "back" } else { "ahead" }, by.as_secs().unsigned_abs());
            tracing::warn!("the machine's clock was set {way} by {seconds} s; intervals are kept");
            self.queue.shift(by);
        }
    }

    fn start_what_may_start(&mut self) {
        // What could not be recorded is not fetched.
        while self.under_way.len() < self.watcher.config.fetch.concurrent
            && self.watcher.store.takes_more()
            && let Some((job, host)) = self.queue.pop(self.now())
        {
            self.start(job, host);
        }
    }

    fn start(&mut self, job: Job, host: Host) {
        let watcher = Arc::clone(&self.watcher);
        let now = if let Until::Idle(now) = self.until { now } else { watcher.now() };
        self.under_way.spawn(async move {
            // A panic is contained to its job.
            let result = match AssertUnwindSafe(perform(&watcher, &job, now)).catch_unwind().await {
                Ok(result) => result.map_err(|failure| failure.to_string()),
                Err(_) => Err("a fault in redraft, please report it".to_owned()),
            };
            Finished { job, host, result }
        });
    }

    /// Puts what follows from a finished job into the queue and gives its host a rest.
    fn finish(&mut self, finished: Finished) {
        let Finished { job, host, result } = finished;
        self.progress.done += 1;
        let (took, pause, rest) = match result {
            Ok(Came::Checked(checked)) => {
                if checked.asks_others {
                    self.queue.hasten(&host, OTHERS_ASKED, self.due_at_once());
                }
                match (checked.next, &job) {
                    (Some((url, _)), Job::Check(id)) if checked.held && matches!(self.until, Until::Idle(_)) => {
                        // After the others that are due in this run, which decide about it.
                        let due = self.now() + AFTER_THE_OTHERS;
                        self.queue.put(Job::Check(*id), &Host::of(&url), due);
                    }
                    (Some((url, due)), Job::Check(id)) => self.put_check(*id, &url, due),
                    _ => {}
                }
                (checked.took, checked.pause, checked.host_rests_until.map(|until| (host.clone(), until)))
            }
            Ok(Came::Polled(polled)) => {
                if let Some((asked, due)) = polled.next {
                    put(&mut self.queue, self.until, job, &asked, due);
                }
                for (id, url) in polled.new {
                    self.watcher.know(&url, id);
                    self.put_check(id, &url, self.due_at_once());
                }
                (polled.took, None, polled.rest)
            }
            Err(failure) => {
                tracing::error!("{job:?} failed: {failure}");
                let again = self.now() + AFTER_A_FAILURE;
                put(&mut self.queue, self.until, job, &host, again);
                (SignedDuration::ZERO, None, None)
            }
        };
        self.queue.release(&host, self.now() + self.spacing(&host, took).max(pause.unwrap_or_default()));
        if let Some((host, until)) = rest {
            tracing::warn!(host.name = %host, "{host} is busy and is left alone until {until}");
            self.queue.rest(&host, until);
        }
    }

    /// Polls the sources that hubs told of.
    fn put_pushed(&mut self) {
        for (slug, due) in self.watcher.pushes.take() {
            if let Some(source) = self.watcher.source(&slug) {
                let host = Host::of(&source.url);
                put(&mut self.queue, self.until, Job::Poll(slug), &host, due);
            }
        }
    }

    fn due_at_once(&self) -> Timestamp {
        if let Until::Idle(now) = self.until { now } else { self.watcher.now() }
    }

    fn put_check(&mut self, id: ArticleId, url: &Url, due: Timestamp) {
        put(&mut self.queue, self.until, Job::Check(id), &Host::of(url), due);
    }

    /// How long the host is left alone after an answer that took so long.
    fn spacing(&self, host: &Host, took: SignedDuration) -> SignedDuration {
        let spacing = self.watcher.config.fetch.spacing(host);
        if spacing.is_zero() { spacing } else { spacing.max((took * LATENCY_FACTOR).min(SPACING_CEILING)) }
    }
}
