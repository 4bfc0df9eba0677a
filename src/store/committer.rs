//! The writing thread. Changes arrive over a channel and are written in groups: first the texts of
//! all changes, made durable; then each change in its own transaction; then one flush for the
//! group. Only then are the callers answered that need their change on disk. A lazy change (a check
//! that found nothing) is answered as soon as it can be read, and is on disk at most [`LAZY`]
//! later.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use super::Shared;
use super::codec::Packed;
use super::draft::Draft;
use super::error::{Fault, catch_panics};
use super::format::TextRef;
use super::live::{FIRST_PAUSE, LONGEST_PAUSE, Live};
use super::tally::{self, Change};

/// Most changes in a group. The crash tests that lost nothing used groups of 512.
const MAX_GROUP: usize = 512;
/// Time that a group waits for more changes, which delays an edit's publication by as much. A flush
/// takes about as long.
const LINGER: Duration = Duration::from_millis(20);
/// Longest time that a lazy change may stay off the disk. Losing one costs one repeated check.
const LAZY: Duration = Duration::from_secs(5);
/// Time that the thread waits for a change if nothing else is due.
const IDLE: Duration = Duration::from_hours(1);

/// Whether a change must be on disk before its caller is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wear {
    /// It must be on disk.
    Durable,
    /// It may still be lost to a crash in the next [`LAZY`].
    Lazy,
}

/// Builds one change from the stored rows and the places of its texts.
pub(super) type Plan = Box<dyn FnOnce(&mut Draft<'_>, &[TextRef]) -> Result<(Wear, Change), Fault> + Send>;

/// One change on its way to the disk.
pub(super) struct Job {
    /// The expected durability. For a durable change it is worth waiting for more changes.
    pub(super) hint: Wear,
    /// Texts to write before the change.
    pub(super) texts: Vec<Packed>,
    /// Builds the change itself.
    pub(super) plan: Plan,
    /// Receives the outcome.
    pub(super) answer: SyncSender<Result<(), Fault>>,
}

/// The state of the writing thread.
struct Committer<'a> {
    live: &'a Live,
    shared: Arc<Shared>,
    /// Time of the oldest write that is not durable yet.
    dirty: Option<Instant>,
    /// Texts to delete once the change that no longer refers to them is durable.
    dropped: Vec<TextRef>,
}

/// Writes the changes from `inbox` until all senders are gone, then makes everything durable.
/// Reopens the store if it breaks.
pub(super) fn run_writer(live: &Live, inbox: &Receiver<Job>) {
    while let Ok(shared) = live.current() {
        let mut committer = Committer { live, shared, dirty: None, dropped: Vec::new() };
        let ended = committer.work(inbox);
        drop(committer);
        if ended || !reopen_store(live, inbox) {
            break;
        }
    }
}

/// Reopens the broken store, with growing pauses, and refuses changes meanwhile. Returns false if
/// all senders are gone.
fn reopen_store(live: &Live, inbox: &Receiver<Job>) -> bool {
    let mut pause = FIRST_PAUSE;
    loop {
        let why = live.check().err().unwrap_or_else(|| Fault::Stopped("it is being reopened".to_owned()));
        if !refuse_jobs(inbox, pause, &why) {
            return false;
        }
        match live.reopen() {
            Ok(()) => {
                live.changed();
                tracing::info!("the store was reopened and accepts writes");
                return true;
            }
            Err(fault) => tracing::error!(error = fault.message(), "the store cannot be reopened yet"),
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Refuses every change that arrives within `pause`. Returns false if all senders are gone.
fn refuse_jobs(inbox: &Receiver<Job>, pause: Duration, why: &Fault) -> bool {
    let until = Instant::now() + pause;
    loop {
        match inbox.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(job) => {
                let _ = job.answer.send(Err(Fault::Stopped(why.message().to_owned())));
            }
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

/// Collects a group: `first` and the changes already in the channel. If one of them is durable,
/// waits up to [`LINGER`] for more.
fn gather_group(first: Job, inbox: &Receiver<Job>) -> Vec<Job> {
    let until = Instant::now() + LINGER;
    let mut durable = first.hint == Wear::Durable;
    let mut group = vec![first];
    while group.len() < MAX_GROUP {
        let wait = if durable { until.saturating_duration_since(Instant::now()) } else { Duration::ZERO };
        let Ok(job) = inbox.recv_timeout(wait) else { break };
        durable |= job.hint == Wear::Durable;
        group.push(job);
    }
    group
}

impl Committer<'_> {
    /// Writes changes. Returns true once all senders are gone, false if the store broke.
    fn work(&mut self, inbox: &Receiver<Job>) -> bool {
        let ended = loop {
            match inbox.recv_timeout(self.patience()) {
                Ok(job) => self.commit(gather_group(job, inbox)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break true,
            }
            if self.patience().is_zero() {
                let _ = self.make_durable();
            }
            if self.shared.check().is_err() {
                break false;
            }
        };
        if ended && self.dirty.is_some() {
            let _ = self.make_durable();
        }
        ended
    }

    /// Time until something must be made durable.
    fn patience(&self) -> Duration {
        self.dirty.map_or(IDLE, |since| LAZY.saturating_sub(since.elapsed()))
    }

    fn commit(&mut self, mut group: Vec<Job>) {
        let places = match self.write_texts(&mut group) {
            Ok(places) => places,
            Err(fault) => return self.stop(&fault, group.into_iter().map(|job| job.answer)),
        };
        let mut waiting = Vec::new();
        for (job, places) in group.into_iter().zip(places) {
            match self.write(job.plan, &places) {
                Ok(Wear::Durable) => waiting.push(job.answer),
                outcome => {
                    let _ = job.answer.send(outcome.map(drop));
                }
            }
        }
        if !waiting.is_empty() {
            let outcome = self.make_durable();
            self.live.changed();
            for answer in waiting {
                let _ = answer.send(outcome.clone());
            }
        }
    }

    /// Writes the texts of all jobs and makes them durable. Returns the places of each job's texts.
    fn write_texts(&mut self, group: &mut [Job]) -> Result<Vec<Vec<TextRef>>, Fault> {
        self.shared.check()?;
        let counts: Vec<usize> = group.iter().map(|job| job.texts.len()).collect();
        let texts: Vec<Packed> = group.iter_mut().flat_map(|job| std::mem::take(&mut job.texts)).collect();
        if texts.is_empty() {
            return Ok(vec![Vec::new(); group.len()]);
        }
        let places = catch_panics(|| {
            let places = self.shared.texts.append(&texts)?;
            self.shared.texts.engine().make_durable()?;
            Ok(places)
        })?;
        let mut places = places.into_iter();
        Ok(counts.into_iter().map(|count| places.by_ref().take(count).collect()).collect())
    }

    /// Builds one change and writes it in a transaction.
    fn write(&mut self, plan: Plan, places: &[TextRef]) -> Result<Wear, Fault> {
        self.shared.check()?;
        let written = catch_panics(|| {
            let mut draft = Draft::new(&self.shared.state);
            let (wear, change) = plan(&mut draft, places)?;
            let (rows, dropped) = draft.finish()?;
            let unshown = tally::unshown_edits(&self.shared.state, &rows)?;
            self.shared.state.apply(&rows)?;
            self.shared.tally.add_rows(&rows, &unshown);
            Ok((wear, change, dropped))
        });
        match written {
            Ok((wear, change, mut dropped)) => {
                self.shared.tally.add(change);
                self.dropped.append(&mut dropped);
                self.dirty.get_or_insert_with(Instant::now);
                Ok(wear)
            }
            Err(fault) => {
                if fault.is_fatal() {
                    self.shared.stop(&fault);
                } else {
                    self.dropped.extend_from_slice(places);
                }
                Err(fault)
            }
        }
    }

    /// Makes everything written so far durable. Texts come before the rows that refer to them.
    fn make_durable(&mut self) -> Result<(), Fault> {
        self.dirty = None;
        let outcome = self.shared.check().and_then(|()| {
            catch_panics(|| {
                self.shared.state.engine().make_durable()?;
                self.shared.show()?;
                if !self.dropped.is_empty() {
                    self.shared.texts.forget(&std::mem::take(&mut self.dropped))?;
                }
                Ok(())
            })
        });
        if let Err(fault) = &outcome {
            self.shared.stop(fault);
        }
        outcome
    }

    /// Ends all writing and sends the fault to every waiting caller.
    fn stop(&self, fault: &Fault, waiting: impl Iterator<Item = SyncSender<Result<(), Fault>>>) {
        self.shared.stop(fault);
        for answer in waiting {
            let _ = answer.send(Err(fault.clone()));
        }
    }
}
