//! The scheduler: starts polls and checks when they are due, and computes from each result when it is due again.
//!
//! One task owns the queue. [`Loop::next_event`] waits and decides nothing; [`Loop::apply`] decides everything and
//! never waits. Due times are stored with the sources and articles; the queue is rebuilt from them at each start.

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

/// The condition that ends a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// The run is stopped.
    Stopped,
    /// Nothing is left that is due at this time. Every check is made as of it.
    Idle(Timestamp),
}

/// The jobs of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Jobs that are due.
    Due,
    /// Every source, and every article that is not retired, due or not.
    Everything,
}

/// Progress of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Finished polls and checks.
    pub done: u64,
    /// Jobs that are running or waiting.
    pub left: u64,
}

/// A slow host is left alone for this many times its response time, if that is longer than its spacing.
const LATENCY_FACTOR: i32 = 2;
/// Upper limit of the pause that a host's response time can cause.
const SPACING_CEILING: SignedDuration = SignedDuration::from_secs(30);
/// While the store accepts no writes (it failed, or its disk is full), this is how often it is tested again.
const STORE_LOOK_EVERY: Duration = Duration::from_secs(1);
/// Overdue jobs at a start are spread over this time if there are more than [`STORM`].
const SPREAD: SignedDuration = SignedDuration::from_secs(120);
/// Overdue jobs at a start that are not worth spreading.
const STORM: usize = 32;
/// Longest sleep of the loop. The machine's clock may jump meanwhile.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// A check that is due later than this, and than twice the configured ceiling, was scheduled with a wrong clock.
const LONGEST_WATCH: SignedDuration = SignedDuration::from_hours(36);
/// Time to the next attempt after a job failed through a fault in redraft or the store.
const AFTER_A_FAILURE: SignedDuration = SignedDuration::from_mins(10);
/// Pseudo-host of the jobs that end subscriptions of sources that are no longer watched.
const HUBS: &str = "hub.invalid";
/// Number of other articles of a host that are checked at once when a check suggests a change of the whole site.
/// Together with the article itself that makes seven, of which [`crate::decide::MASS`] is more than half.
const OTHERS_ASKED: usize = 6;
/// In a run until idle, an edit that is held back is checked this long after everything else that is due.
const AFTER_THE_OTHERS: SignedDuration = SignedDuration::from_millis(1);

/// Something that the loop reacts to.
enum Event {
    /// The time of the next job has come, or the longest sleep is over.
    Turn,
    /// The configuration was read again, so there is a new watcher.
    Changed,
    /// Hubs announced new content of sources.
    Pushed,
    Done(Box<Finished>),
    Stop,
}

/// A job that ended.
struct Finished {
    job: Job,
    host: Host,
    /// The outcome, or the message of a fault in redraft or the store.
    result: Result<Came, String>,
}

/// The outcome of a finished job.
enum Came {
    Polled(Polled),
    Checked(Checked),
}

/// The state of a run.
struct Loop {
    watcher: Arc<Watcher>,
    watchers: watch::Receiver<Arc<Watcher>>,
    queue: Queue,
    under_way: JoinSet<Finished>,
    until: Until,
    /// Start of the run, which a run as of a given time measures from.
    began: Instant,
    drift: Drift,
    stop: watch::Receiver<bool>,
    progress: Progress,
    stopped: bool,
}

/// Runs until stopped (`stop` becomes true, or its sender is dropped) or until idle. Calls `report` after each event.
/// Each job uses the latest of `watchers`. A stop drops the jobs under way: nothing of them is recorded.
///
/// # Errors
/// If the store cannot be read at the start.
pub async fn run(
    mut watchers: watch::Receiver<Arc<Watcher>>,
    scope: Scope,
    until: Until,
    stop: watch::Receiver<bool>,
    mut report: impl FnMut(Progress) + Send,
) -> Result<Progress, StoreError> {
    let watcher = Arc::clone(&watchers.borrow_and_update());
    let queue = rebuild_queue(&watcher, scope, until).await?;
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
    this.start_ready_jobs();
    while !this.is_finished() {
        match this.next_event().await {
            Event::Changed => this.switch_watcher(scope).await,
            event => this.apply(event),
        }
        report(this.progress);
    }
    this.under_way.shutdown().await;
    Ok(this.progress)
}

/// Builds the queue from the sources and from each article's stored due time.
async fn rebuild_queue(watcher: &Arc<Watcher>, scope: Scope, until: Until) -> Result<Queue, StoreError> {
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
                let due = state.filter(|state| !is_in_future(state.polled, now)).map_or(now, |state| state.due);
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
                put_if_in_run(&mut queue, until, job, &host, due);
            }
            for (host, rests_until) in watcher.store.rests()? {
                queue.rest(&host, rests_until.min(now + Pace::REST_CEILING));
            }
            Ok(queue)
        })
        .await
}

/// Whether `done` is in the future. Then it was written with a wrong clock, and so were the times computed from it.
fn is_in_future(done: Option<Timestamp>, now: Timestamp) -> bool {
    done.is_some_and(|done| done > now)
}

/// Puts a job into the queue. In a run until idle, only if it is due within the run.
fn put_if_in_run(queue: &mut Queue, until: Until, job: Job, host: &Host, due: Timestamp) {
    if !matches!(until, Until::Idle(now) if due > now) {
        queue.put(job, host, due);
    }
}

async fn run_job(watcher: &Arc<Watcher>, job: &Job, now: Timestamp) -> Result<Came, StoreError> {
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
    /// The time that decides which jobs may start. In a run until idle it advances too, so that hosts are still spaced.
    fn now(&self) -> Timestamp {
        match self.until {
            Until::Stopped => self.watcher.now(),
            Until::Idle(now) => now + SignedDuration::try_from(self.began.elapsed()).unwrap_or_default(),
        }
    }

    fn is_finished(&self) -> bool {
        // A run until idle does not wait for hosts that asked for a long pause.
        let spaced = SPACING_CEILING.max(self.watcher.config.fetch.host_spacing);
        let nothing_soon = || self.queue.next_turn().is_none_or(|turn| turn > self.now() + spaced);
        let nothing_possible = || !self.watcher.store.takes_more();
        let idle = || nothing_soon() || nothing_possible();
        self.stopped || (matches!(self.until, Until::Idle(_)) && self.under_way.is_empty() && idle())
    }

    /// Waits for the next event. Safe to cancel: dropping the future loses nothing.
    async fn next_event(&mut self) -> Event {
        let pause = self.sleep_time();
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

    /// Switches to the new watcher and rebuilds the queue for it. If the store cannot be read, the old watcher stays.
    async fn switch_watcher(&mut self, scope: Scope) {
        let watcher = Arc::clone(&self.watchers.borrow_and_update());
        match rebuild_queue(&watcher, scope, self.until).await {
            Ok(mut queue) => {
                queue.take_over(&self.queue);
                (self.queue, self.watcher) = (queue, watcher);
                self.start_ready_jobs();
            }
            Err(error) => tracing::error!(%error, "cannot read the watched sources and articles again"),
        }
    }

    /// Time to sleep until the next job may start; the maximum if no job could start anyway.
    fn sleep_time(&self) -> Duration {
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
        self.shift_with_clock();
        match event {
            Event::Stop => self.stopped = true,
            Event::Turn | Event::Changed => {}
            Event::Pushed => self.put_pushed(),
            Event::Done(finished) => self.finish_job(*finished),
        }
        if !self.stopped {
            self.start_ready_jobs();
        }
        self.progress.left = (self.queue.len() + self.under_way.len()) as u64;
    }

    /// If the machine's clock was set, shifts all due times with it, so that intervals stay unchanged.
    fn shift_with_clock(&mut self) {
        if let (Until::Stopped, Some(by)) = (self.until, self.drift.moved(self.watcher.clock.moment())) {
            let (way, seconds) = (if by.is_negative() { "back" } else { "ahead" }, by.as_secs().unsigned_abs());
            tracing::warn!("the machine's clock was set {way} by {seconds} s; intervals stay unchanged");
            self.queue.shift(by);
        }
    }

    fn start_ready_jobs(&mut self) {
        // Without a writable store the result would be lost, so nothing is fetched.
        while self.under_way.len() < self.watcher.config.fetch.concurrent
            && self.watcher.store.takes_more()
            && let Some((job, host)) = self.queue.pop(self.now())
        {
            self.start_job(job, host);
        }
    }

    fn start_job(&mut self, job: Job, host: Host) {
        let watcher = Arc::clone(&self.watcher);
        let now = if let Until::Idle(now) = self.until { now } else { watcher.now() };
        self.under_way.spawn(async move {
            // A panic must end only this job.
            let result = match AssertUnwindSafe(run_job(&watcher, &job, now)).catch_unwind().await {
                Ok(result) => result.map_err(|failure| failure.to_string()),
                Err(_) => Err("a fault in redraft, please report it".to_owned()),
            };
            Finished { job, host, result }
        });
    }

    /// Queues the jobs that follow from a finished job and starts the pause of its host.
    fn finish_job(&mut self, finished: Finished) {
        let Finished { job, host, result } = finished;
        self.progress.done += 1;
        let (took, pause, rest) = match result {
            Ok(Came::Checked(checked)) => {
                if checked.asks_others {
                    self.queue.hasten_checks(&host, OTHERS_ASKED, self.due_now());
                }
                match (checked.next, &job) {
                    (Some((url, _)), Job::Check(id)) if checked.held && matches!(self.until, Until::Idle(_)) => {
                        // After the other articles that are due in this run, because they decide about this one.
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
                    put_if_in_run(&mut self.queue, self.until, job, &asked, due);
                }
                for (id, url) in polled.new {
                    self.watcher.know(&url, id);
                    self.put_check(id, &url, self.due_now());
                }
                (polled.took, None, polled.rest)
            }
            Err(failure) => {
                tracing::error!("{job:?} failed: {failure}");
                let again = self.now() + AFTER_A_FAILURE;
                put_if_in_run(&mut self.queue, self.until, job, &host, again);
                (SignedDuration::ZERO, None, None)
            }
        };
        self.queue.release(&host, self.now() + self.spacing(&host, took).max(pause.unwrap_or_default()));
        if let Some((host, until)) = rest {
            tracing::warn!(host.name = %host, "{host} is busy, no requests until {until}");
            self.queue.rest(&host, until);
        }
    }

    /// Queues polls of the sources that hubs announced.
    fn put_pushed(&mut self) {
        for (slug, due) in self.watcher.pushes.take() {
            if let Some(source) = self.watcher.source(&slug) {
                let host = Host::of(&source.url);
                put_if_in_run(&mut self.queue, self.until, Job::Poll(slug), &host, due);
            }
        }
    }

    fn due_now(&self) -> Timestamp {
        if let Until::Idle(now) = self.until { now } else { self.watcher.now() }
    }

    fn put_check(&mut self, id: ArticleId, url: &Url, due: Timestamp) {
        put_if_in_run(&mut self.queue, self.until, Job::Check(id), &Host::of(url), due);
    }

    /// Pause of a host after a response that took `took`.
    fn spacing(&self, host: &Host, took: SignedDuration) -> SignedDuration {
        let spacing = self.watcher.config.fetch.spacing(host);
        if spacing.is_zero() { spacing } else { spacing.max((took * LATENCY_FACTOR).min(SPACING_CEILING)) }
    }
}
