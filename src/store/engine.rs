//! One sled database, opened and flushed in the only ways that were measured to lose nothing.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};

use super::error::{Fault, contained};

/// Pace of sled's own flushing, which drives its garbage collection; our durability does not rest on it. 5,000 ms wrote
/// 3.9 times less than the default of 500.
const SLED_FLUSH_MS: u64 = 5_000;

/// How long a database closed a moment ago in this process may keep its file locked: sled closes in the background.
const CLOSING_GRACE: Duration = Duration::from_secs(5);

/// A sled database and a handle of our own on its file.
#[derive(Debug)]
pub(super) struct Engine {
    db: sled::Db,
    file: File,
    dir: PathBuf,
}

impl Engine {
    /// Opens or creates the database in `dir`.
    ///
    /// # Errors
    /// When the directory cannot be used or what is there cannot be read; a panic of sled's is an error too.
    pub(super) fn open(dir: &Path, cache_bytes: u64) -> Result<Self, Fault> {
        fs::create_dir_all(dir)?;
        remove_unfinished_snapshots(dir)?;
        remove_unfinished_settings(dir)?;
        let config = sled::Config::new().path(dir).cache_capacity(cache_bytes).flush_every_ms(Some(SLED_FLUSH_MS));
        let db = contained(|| open_patiently(&config))?;
        let file = File::open(dir.join("db"))?;
        let engine = Self { db, file, dir: dir.to_owned() };
        engine.settle()?;
        Ok(engine)
    }

    /// The tree with this name; made where it is missing.
    pub(super) fn tree(&self, name: &str) -> Result<sled::Tree, Fault> {
        Ok(self.db.open_tree(name)?)
    }

    /// Makes everything that was written durable. sled's own flush ends in `sync_file_range`, which is not: hence the
    /// `fdatasync` on our own handle.
    pub(super) fn make_durable(&self) -> Result<(), Fault> {
        self.db.flush()?;
        Ok(self.file.sync_data()?)
    }

    /// Size of the files, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let blobs = fs::read_dir(self.dir.join("blobs")).into_iter().flatten().flatten();
        let blobs: u64 = blobs.filter_map(|entry| entry.metadata().ok()).map(|meta| meta.len()).sum();
        self.file.metadata().map_or(0, |meta| meta.len()) + blobs
    }

    /// Its directory.
    pub(super) fn dir(&self) -> PathBuf {
        self.dir.clone()
    }

    /// The files and their names must be on disk before anything relies on them. Done at every start: the one that made
    /// them may have been killed before it did this.
    fn settle(&self) -> Result<(), Fault> {
        self.make_durable()?;
        File::open(self.dir.join("conf"))?.sync_all()?;
        let mut dirs = self.dir.ancestors().filter(|dir| !dir.as_os_str().is_empty());
        for dir in dirs.by_ref().take(2) {
            File::open(dir)?.sync_all()?;
        }
        // The directory above the store's own may not be ours to open, and then we did not make anything in it either.
        let _ = dirs.next().map(File::open).and_then(Result::ok).map(|dir| dir.sync_all());
        Ok(())
    }
}

/// Deletes `snap.*.generating`: a kill during an earlier opening leaves one, and sled then refuses to open for ever. No
/// other `snap.*` may go: those are whole, and needed.
fn remove_unfinished_snapshots(dir: &Path) -> Result<(), Fault> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            tracing::warn!(store.file = %entry.path().display(), "removing a snapshot that an earlier start did not finish");
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Deletes `conf` where there is no `db`: sled writes the one before it makes the other, and a kill in the midst of the
/// very first start leaves half of it, which no later start could read.
fn remove_unfinished_settings(dir: &Path) -> Result<(), Fault> {
    if dir.join("conf").exists() && !dir.join("db").exists() {
        fs::remove_file(dir.join("conf"))?;
    }
    Ok(())
}

/// Waits until the database in `dir`, dropped a moment ago, is closed: sled closes in the background.
///
/// # Errors
/// When that takes longer than [`CLOSING_GRACE`].
pub(super) fn wait_until_closed(dir: &Path) -> Result<(), Fault> {
    let file = File::open(dir.join("db"))?;
    let start = Instant::now();
    while flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        if start.elapsed() > CLOSING_GRACE {
            return Err(Fault::Failed(format!("the database in {} does not close", dir.display())));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// Opens; waits while this process is still closing the same database. Nobody else can hold it: we have the lock file.
fn open_patiently(config: &sled::Config) -> Result<sled::Db, Fault> {
    let start = Instant::now();
    loop {
        match config.open() {
            Err(sled::Error::Io(error))
                if error.to_string().contains("could not acquire lock") && start.elapsed() < CLOSING_GRACE =>
            {
                std::thread::sleep(Duration::from_millis(10));
            }
            other => return Ok(other?),
        }
    }
}
