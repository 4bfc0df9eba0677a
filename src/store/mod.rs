//! What outlives the process: articles, their versions, the edits that were published, and when to look again. sled 0.34
//! under rules that were measured to lose nothing (`docs/store-format.md` tells the layout and the rules).
//!
//! All functions block; call them from a blocking thread. Reads go straight to the database and see whole changes only.
//! Writes go through one thread ([`committer`]), so a change is planned from a state that nobody else alters meanwhile.
//! An edit is shown by [`Store::edits`] only once it is on disk: what a reader has seen is never taken back by a crash.

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
use error::{Fault, contained};
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

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Memory for cached rows, in MiB. sled takes up to about four times as much at worst; 32 to 64 is plenty.
    pub cache_mib: u32,
    /// The authority of our `tag:` ids. Written at the first start; afterwards the stored one wins, so that entries keep
    /// their ids when the site moves.
    pub authority: String,
}

/// The store. Clones are the same store; it closes, with everything on disk, when the last is dropped.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

/// What all clones of a store own. Fields are dropped in their order: the lock goes last.
#[derive(Debug)]
struct Inner {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    dir: PathBuf,
    origin: (String, Date),
    live: Arc<Live>,
    /// Held while a backup is written: what another left unfinished is dropped then.
    backing_up: Mutex<()>,
    _lock: Lock,
}

/// What readers and the writing thread use.
#[derive(Debug)]
struct Shared {
    dir: PathBuf,
    state: State,
    texts: Texts,
    tally: Tally,
    witness: Witness,
    origin: (String, Date),
    /// The newest edit that is on disk.
    shown_edit: AtomicU64,
    /// Why what was taken down was.
    hidden: RwLock<hidden::Reasons>,
    /// Why nothing is written any more.
    stopped: Mutex<Option<String>>,
}

/// Changes that may wait for the writing thread; then callers wait.
const MAX_WAITING_CHANGES: usize = 1_024;

impl Store {
    /// Starts the writing thread over what was opened.
    fn start(shared: Shared, options: &Options, opened: Timestamp, lock: Lock) -> std::io::Result<Self> {
        let (dir, origin) = (shared.dir.clone(), shared.origin.clone());
        let live = Arc::new(Live::new(shared, options.clone(), opened));
        let (jobs, inbox) = sync_channel(MAX_WAITING_CHANGES);
        let writer = Arc::clone(&live);
        let thread =
            std::thread::Builder::new().name("store".to_owned()).spawn(move || committer::run(&writer, &inbox))?;
        let (jobs, thread, backing_up) = (Some(jobs), Some(thread), Mutex::default());
        Ok(Self { inner: Arc::new(Inner { jobs, thread, dir, origin, live, backing_up, _lock: lock }) })
    }

    /// Makes everything that was accepted durable.
    ///
    /// # Errors
    /// When the disk fails, or failed before.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.write(Wear::Durable, Vec::new(), |_, _| Ok((Wear::Durable, Change::default(), ())))
    }

    /// Whether changes can still be written.
    #[must_use]
    pub fn healthy(&self) -> bool {
        let thread = self.inner.thread.as_ref();
        self.inner.live.check().is_ok() && thread.is_some_and(|thread| !thread.is_finished())
    }

    /// How often what is published may have changed since the store was opened: as long as this stays, every feed says the
    /// same. A look that found nothing changes nothing.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.inner.live.changes()
    }

    /// Reads; a fault or a panic becomes an error that names the directory.
    fn read<T>(&self, read: impl FnOnce(&Shared) -> Result<T, Fault>) -> Result<T, StoreError> {
        contained(|| read(&*self.inner.live.current()?)).map_err(|fault| fault.of(&self.inner.dir))
    }

    /// Has the writing thread write `texts` and then the change that `plan` puts together; gives the plan's answer when the
    /// change is on disk, or, where it is lazy, can be read.
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
        outcome.and_then(|()| value_out.recv().map_err(|_| gone())).map_err(|fault| fault.of(&self.inner.dir))
    }
}

impl Drop for Inner {
    /// Lets the writing thread finish what it has, and waits for it.
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    /// An error where writing has ended.
    fn check(&self) -> Result<(), Fault> {
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        stopped.as_ref().map_or(Ok(()), |why| Err(Fault::Stopped(why.clone())))
    }

    /// Ends all writing. The first reason stays.
    fn stop(&self, fault: &Fault) {
        let mut stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        if stopped.is_none() {
            tracing::error!(store.dir = %self.dir.display(), error = fault.words(), "the store stopped writing");
            *stopped = Some(fault.words().to_owned());
        }
    }

    /// Lets readers, and the witness, see what is on disk now. Only the writing thread calls this, after a flush.
    fn show(&self) -> Result<(), Fault> {
        let counters: CountersRecord = self.state.get(Tree::Meta, keys::COUNTERS)?.unwrap_or_default();
        self.shown_edit.store(counters.next_edit.saturating_sub(1), Ordering::Release);
        Ok(self.witness.write(&counters)?)
    }
}
