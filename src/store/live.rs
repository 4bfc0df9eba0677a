//! The open databases. After an I/O error or damage, a sled database stays broken. Writing then
//! ends while reads continue, and the writing thread closes and reopens the databases, first at
//! once and then at growing intervals, until that works.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::engine::wait_until_closed;
use super::error::{Fault, catch_panics};
use super::open::{Parts, load_databases};
use super::space::Space;
use super::{Options, Shared};

/// First pause before reopening. Each further pause is twice as long, up to [`LONGEST_PAUSE`].
pub(super) const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// Longest pause before reopening.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// Longest wait for readers to finish before a broken database is closed.
const READERS_GRACE: Duration = Duration::from_secs(30);

/// An open store, or one that is being reopened.
#[derive(Debug)]
pub(super) struct Live {
    dir: PathBuf,
    options: Options,
    opened: Timestamp,
    current: RwLock<Option<Arc<Shared>>>,
    /// Why the store is not open.
    closed: Mutex<String>,
    /// Whether the disk is nearly full.
    low: AtomicBool,
    /// Counter of possible changes to published data.
    changes: AtomicU64,
}

impl Live {
    /// Wraps databases that were opened at `opened`.
    pub(super) fn new(shared: Shared, options: Options, opened: Timestamp) -> Self {
        let (dir, current) = (shared.dir.clone(), RwLock::new(Some(Arc::new(shared))));
        Self {
            dir,
            options,
            opened,
            current,
            closed: Mutex::default(),
            low: AtomicBool::new(false),
            changes: AtomicU64::new(0),
        }
    }

    /// Returns the open databases.
    ///
    /// # Errors
    /// If the store is not open.
    pub(super) fn current(&self) -> Result<Arc<Shared>, Fault> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        current.ok_or_else(|| Fault::Stopped(self.closed.lock().unwrap_or_else(PoisonError::into_inner).clone()))
    }

    /// Checks that changes can be written.
    ///
    /// # Errors
    /// The reason why they cannot.
    pub(super) fn check(&self) -> Result<(), Fault> {
        self.current()?.check()
    }

    /// Whether the disk was nearly full at the last measurement.
    pub(super) fn is_low(&self) -> bool {
        self.low.load(Ordering::Relaxed)
    }

    /// Returns the counter of possible changes to published data.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// Counts one possible change to published data.
    pub(super) fn changed(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
    }

    /// Measures the free space of the disk and remembers whether it is too little.
    pub(super) fn measure(&self) -> Result<Space, Fault> {
        let space = Space::of(&self.dir)?;
        let low = space.is_low(self.is_low());
        if self.low.swap(low, Ordering::Relaxed) != low {
            log_space(&self.dir, space, low);
        }
        Ok(space)
    }

    /// Closes the broken databases and reopens them. If the disk has no room for that, they stay
    /// open for readers.
    ///
    /// # Errors
    /// The reason why the store is still not open.
    pub(super) fn reopen(&self) -> Result<(), Fault> {
        self.measure()?.room_to_open()?;
        let old = self.current.write().unwrap_or_else(PoisonError::into_inner).take();
        let opened = old.map_or(Ok(()), |old| self.close(old)).and_then(|()| self.open());
        match opened {
            Ok(shared) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(shared));
                Ok(())
            }
            Err(fault) => {
                fault.message().clone_into(&mut self.closed.lock().unwrap_or_else(PoisonError::into_inner));
                Err(fault)
            }
        }
    }

    fn close(&self, old: Arc<Shared>) -> Result<(), Fault> {
        fault_of(&old).message().clone_into(&mut self.closed.lock().unwrap_or_else(PoisonError::into_inner));
        let start = Instant::now();
        while Arc::strong_count(&old) > 1 {
            if start.elapsed() > READERS_GRACE {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(old);
                return Err(Fault::Failed("a reader still uses it".to_owned()));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        // A broken database may panic while it is dropped.
        catch_panics(|| {
            drop(old);
            Ok(())
        })?;
        Parts::ALL.iter().try_for_each(|part| wait_until_closed(&self.dir.join(part)))
    }

    fn open(&self) -> Result<Shared, Fault> {
        let parts =
            load_databases(&self.dir, &self.options, self.opened).map_err(|error| Fault::Failed(error.to_string()))?;
        Shared::new(&self.dir, parts)
    }
}

fn fault_of(shared: &Shared) -> Fault {
    shared.check().err().unwrap_or_else(|| Fault::Stopped("it is being reopened".to_owned()))
}

fn log_space(dir: &Path, space: Space, low: bool) {
    let (free, mark) = (space.free_mib(), space.mark_mib());
    if low {
        tracing::error!(store.dir = %dir.display(), free_mib = free, "the disk is nearly full ({free} MiB free): fetching stops \
            until {mark} MiB are free; stored pages and feeds are still served");
    } else {
        tracing::info!(store.dir = %dir.display(), free_mib = free, "the disk has room again: fetching resumes");
    }
}
