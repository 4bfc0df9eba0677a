//! The store: articles, their versions, the published edits, and when to check again. It uses sled
//! 0.34 under rules that lost no data in our crash tests (`docs/store-format.md` describes the
//! layout and the rules).
//!
//! All functions block; call them from a blocking thread. Reads go straight to the database and see
//! whole changes only. Writes go through one thread ([`committer`]), so nobody else alters the
//! state while a change is planned. [`Store::edits`] shows an edit only once it is on disk, so a
//! crash never takes back an edit that a reader has seen.

mod alias;
mod archive;
mod backups;
mod believe;
mod codec;
mod committer;
mod copies;
mod dispatches;
mod draft;
mod engine;
mod error;
mod forget;
mod format;
mod furniture;
mod hidden;
mod keys;
mod keywords;
mod listing;
mod live;
mod lock;
mod maintain;
mod merge;
mod open;
mod pages;
mod poll;
mod query;
mod read;
mod record;
mod retention;
mod robots;
mod space;
mod spill;
mod stamp;
mod state;
mod subscriptions;
mod sweep;
mod tally;
#[cfg(test)]
mod tests;
mod texts;
mod verify;
mod versions;
mod witness;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;

use jiff::Timestamp;
use jiff::civil::Date;

use codec::Packed;
use committer::{Job, Wear};
use draft::Draft;
use error::{Fault, catch_panics};
use format::{CountersRecord, TextRef};
use live::Live;
use lock::Lock;
use state::{State, Tree};
use tally::{Change, Tally};
use texts::Texts;
use witness::Witness;

pub use archive::{Exported, ImportError, import, is_archive};
pub use backups::{backups, made_at};
pub use copies::WantedCopy;
pub use dispatches::EditsAfter;
pub use error::{OpenError, StoreError};
pub use format::reread;
pub use hidden::Hidden;
pub use listing::Listing;
pub use maintain::{CompactError, Compacted, compact, restore};
pub use poll::Arrival;
pub use query::{ArticleQuery, EditQuery};
pub use retention::Retention;
pub use space::Space;
pub use sweep::Swept;
pub use tally::{Counts, SourceCounts};
pub use verify::Verified;

/// Options for opening a store.
#[derive(Clone, Debug)]
pub struct Options {
    /// Memory for cached rows, in MiB. At worst sled takes about four times as much; 32 to 64 is
    /// enough.
    pub cache_mib: u32,
    /// Authority of our `tag:` ids. It is written at the first start. Afterwards the stored value
    /// is used, so that entries keep their ids when the site moves.
    pub authority: String,
}

/// A handle of the store. Clones share one store, which closes with everything on disk when the
/// last clone is dropped.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

/// The data that all clones share. Fields are dropped in order: the lock goes last.
#[derive(Debug)]
struct Inner {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    dir: PathBuf,
    origin: (String, Date),
    live: Arc<Live>,
    /// Held while a backup is written, because each backup deletes the unfinished files of others.
    backing_up: Mutex<()>,
    _lock: Lock,
}

/// The data that readers and the writing thread use.
#[derive(Debug)]
struct Shared {
    dir: PathBuf,
    state: State,
    texts: Texts,
    tally: Tally,
    witness: Witness,
    origin: (String, Date),
    /// Sequence number of the newest edit on disk.
    shown_edit: AtomicU64,
    /// Reasons of all takedowns.
    hidden: RwLock<hidden::Reasons>,
    /// Why writing ended, if it did.
    stopped: Mutex<Option<String>>,
}

/// Most changes queued for the writing thread. Beyond that, callers wait.
const MAX_WAITING_CHANGES: usize = 1_024;

impl Store {
    /// Starts the writing thread.
    fn start(shared: Shared, options: &Options, opened: Timestamp, lock: Lock) -> std::io::Result<Self> {
        let (dir, origin) = (shared.dir.clone(), shared.origin.clone());
        let live = Arc::new(Live::new(shared, options.clone(), opened));
        let (jobs, inbox) = sync_channel(MAX_WAITING_CHANGES);
        let writer = Arc::clone(&live);
        let thread = std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || committer::run_writer(&writer, &inbox))?;
        let (jobs, thread, backing_up) = (Some(jobs), Some(thread), Mutex::default());
        Ok(Self { inner: Arc::new(Inner { jobs, thread, dir, origin, live, backing_up, _lock: lock }) })
    }

    /// Makes every accepted change durable.
    ///
    /// # Errors
    /// If the disk fails, or failed before.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.write(Wear::Durable, Vec::new(), |_, _| Ok((Wear::Durable, Change::default(), ())))
    }

    /// Whether changes can still be written.
    #[must_use]
    pub fn healthy(&self) -> bool {
        let thread = self.inner.thread.as_ref();
        self.inner.live.check().is_ok() && thread.is_some_and(|thread| !thread.is_finished())
    }

    /// Counter of possible changes to published data since the store was opened. While it stays,
    /// every feed stays the same. A check that found nothing does not count.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.inner.live.changes()
    }

    /// Runs a read. A fault or a panic becomes an error that names the directory.
    fn read<T>(&self, read: impl FnOnce(&Shared) -> Result<T, Fault>) -> Result<T, StoreError> {
        catch_panics(|| read(&*self.inner.live.current()?)).map_err(|fault| fault.with_dir(&self.inner.dir))
    }

    /// Has the writing thread write `texts` and then the change that `plan` builds. Returns the
    /// plan's value once the change is on disk or, if it is lazy, once it can be read.
    fn write<T: Send + 'static>(
        &self,
        hint: Wear,
        texts: Vec<Packed>,
        plan: impl FnOnce(&mut Draft<'_>, &[TextRef]) -> Result<(Wear, Change, T), Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (value_in, value_out) = sync_channel(1);
        let (answer, outcome) = sync_channel(1);
        let plan = Box::new(move |draft: &mut Draft<'_>, places: &[TextRef]| {
            let (wear, change, value) = plan(draft, places)?;
            let _ = value_in.send(value);
            Ok((wear, change))
        });
        let gone = || Fault::Stopped("its writing thread ended".to_owned());
        let sent = self.inner.jobs.as_ref().map(|jobs| jobs.send(Job { hint, texts, plan, answer }));
        let outcome = match sent {
            Some(Ok(())) => outcome.recv().unwrap_or_else(|_| Err(gone())),
            _ => Err(gone()),
        };
        outcome.and_then(|()| value_out.recv().map_err(|_| gone())).map_err(|fault| fault.with_dir(&self.inner.dir))
    }
}

impl Drop for Inner {
    /// Waits until the writing thread has finished its queue.
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    /// An error if writing has ended.
    fn check(&self) -> Result<(), Fault> {
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        stopped.as_ref().map_or(Ok(()), |why| Err(Fault::Stopped(why.clone())))
    }

    /// Ends all writing. The first reason is kept.
    fn stop(&self, fault: &Fault) {
        let mut stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        if stopped.is_none() {
            tracing::error!(store.dir = %self.dir.display(), error = fault.message(), "the store stopped writing");
            *stopped = Some(fault.message().to_owned());
        }
    }

    /// Lets readers and the witness see what is on disk now. Only the writing thread calls this,
    /// after a flush.
    fn show(&self) -> Result<(), Fault> {
        let counters: CountersRecord = self.state.get(Tree::Meta, keys::COUNTERS)?.unwrap_or_default();
        self.shown_edit.store(counters.next_edit.saturating_sub(1), Ordering::Release);
        Ok(self.witness.write(&counters)?)
    }
}
