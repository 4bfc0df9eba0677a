//! One sled database, opened and flushed in the ways that lost no data in our crash tests.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};

use super::error::{Fault, catch_panics};

/// Interval of sled's own flushing in milliseconds, which drives its garbage collection. Our
/// durability does not depend on it. At 5,000 ms, sled wrote 3.9 times less than at its default of
/// 500 ms.
const SLED_FLUSH_MS: u64 = 5_000;

/// Longest wait for the file lock of a database that this process closed a moment ago: sled
/// closes in the background.
const CLOSING_GRACE: Duration = Duration::from_secs(5);

/// A sled database, and our own handle of its file for `fdatasync`.
#[derive(Debug)]
pub(super) struct Engine {
    db: sled::Db,
    file: File,
    dir: PathBuf,
}

impl Engine {
    /// Opens or creates the database in `dir`, with a cache of `cache_bytes`.
    ///
    /// # Errors
    /// If the directory cannot be used, or the database cannot be read. A panic inside sled also becomes an error.
    pub(super) fn open(dir: &Path, cache_bytes: u64) -> Result<Self, Fault> {
        fs::create_dir_all(dir)?;
        remove_unfinished_snapshots(dir)?;
        remove_unfinished_settings(dir)?;
        let config = sled::Config::new().path(dir).cache_capacity(cache_bytes).flush_every_ms(Some(SLED_FLUSH_MS));
        let db = catch_panics(|| open_patiently(&config))?;
        let file = File::open(dir.join("db"))?;
        let engine = Self { db, file, dir: dir.to_owned() };
        engine.sync_names()?;
        Ok(engine)
    }

    /// Returns the tree with this name, and creates it if it is missing.
    pub(super) fn tree(&self, name: &str) -> Result<sled::Tree, Fault> {
        Ok(self.db.open_tree(name)?)
    }

    /// Makes all writes durable. sled's own flush ends in `sync_file_range`, which gives no such
    /// guarantee, so we call `fdatasync` on our own handle as well.
    pub(super) fn make_durable(&self) -> Result<(), Fault> {
        self.db.flush()?;
        Ok(self.file.sync_data()?)
    }

    /// Size of the database files in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let blobs = fs::read_dir(self.dir.join("blobs")).into_iter().flatten().flatten();
        let blobs: u64 = blobs.filter_map(|entry| entry.metadata().ok()).map(|meta| meta.len()).sum();
        self.file.metadata().map_or(0, |meta| meta.len()) + blobs
    }

    /// The database's directory.
    pub(super) fn dir(&self) -> PathBuf {
        self.dir.clone()
    }

    /// Syncs the files and their directory entries before anything relies on them. Runs at every
    /// start, because the process that created them may have been killed before it did.
    fn sync_names(&self) -> Result<(), Fault> {
        self.make_durable()?;
        File::open(self.dir.join("conf"))?.sync_all()?;
        let mut dirs = self.dir.ancestors().filter(|dir| !dir.as_os_str().is_empty());
        for dir in dirs.by_ref().take(2) {
            File::open(dir)?.sync_all()?;
        }
        // We may lack the right to open the parent of the store's directory. In that case we did
        // not create anything in it either.
        let _ = dirs.next().map(File::open).and_then(Result::ok).map(|dir| dir.sync_all());
        Ok(())
    }
}

/// Deletes `snap.*.generating`. A kill during an earlier start leaves one behind, and sled then
/// refuses to open for ever. Other `snap.*` files are complete, and needed.
fn remove_unfinished_snapshots(dir: &Path) -> Result<(), Fault> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            tracing::warn!(store.file = %entry.path().display(), "removing the unfinished snapshot of an earlier start");
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Deletes `conf` if there is no `db`. sled writes `conf` first. A kill during the very first start
/// can leave half of it, which no later start could read.
fn remove_unfinished_settings(dir: &Path) -> Result<(), Fault> {
    if dir.join("conf").exists() && !dir.join("db").exists() {
        fs::remove_file(dir.join("conf"))?;
    }
    Ok(())
}

/// Waits until the database in `dir`, dropped a moment ago, is closed: sled closes in the
/// background.
///
/// # Errors
/// If that takes longer than [`CLOSING_GRACE`].
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

/// Opens the database, and waits while this process still closes it. No other process can hold it:
/// we have the store's lock file.
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
