//! Maintenance of a store that is not in use: restoring a backup, and compaction.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::archive::{Exported, ImportError, import};
use super::error::Fault;
use super::open::Parts;
use super::{Options, Store, StoreError};

/// Name of the temporary export that a compaction writes into the store's directory.
const PASSING: &str = "compacting.ndjson.zst";

/// Result of a compaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compacted {
    /// Size before, in bytes.
    pub before: u64,
    /// Size after, in bytes.
    pub after: u64,
    /// Number of records kept.
    pub kept: Exported,
}

/// Reasons why a compaction failed. The store is unchanged in that case.
#[derive(Debug, thiserror::Error)]
pub enum CompactError {
    /// The store cannot be opened or rebuilt.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Replaces the store in `dir` with the export. The old store is moved to `state.before-TIME` and
/// `texts.before-TIME` first; nothing is deleted. Returns how much was restored, and the paths of
/// the old store if there was one.
///
/// # Errors
/// See [`ImportError`]. The store is unchanged in that case.
pub fn restore(
    dir: &Path,
    export: &Path,
    options: &Options,
    now: Timestamp,
) -> Result<(Exported, Vec<PathBuf>), ImportError> {
    let failed = |error: std::io::Error| ImportError::Io { dir: export.to_owned(), why: error.to_string() };
    let file = File::open(export).map_err(failed)?;
    let aside = aside_suffix(now);
    let exported = import(dir, BufReader::new(file), options, now, Some(&aside))?;
    let moved = Parts::ALL.map(|part| dir.join(format!("{part}.before-{aside}")));
    Ok((exported, moved.into_iter().filter(|path| path.exists()).collect()))
}

/// Rebuilds the store in `dir` from its own content, which returns unused space to the disk. Needs
/// up to twice the store's size while it runs. The old files are deleted last, once the new store
/// opens and holds as much.
///
/// # Errors
/// See [`CompactError`].
pub fn compact(dir: &Path, options: &Options, now: Timestamp) -> Result<Compacted, CompactError> {
    let io = |error: std::io::Error| StoreError::Failed { dir: dir.to_owned(), why: error.to_string() };
    let before = disk_usage(dir);
    let passing = dir.join(PASSING);
    let mut file = File::options().read(true).write(true).create(true).truncate(true).open(&passing).map_err(io)?;
    let done = (|| {
        let store = Store::open(dir, options, now).map_err(ImportError::from)?;
        let mut out = BufWriter::new(&file);
        let exported = store.export(&mut out, now)?;
        out.flush().map_err(io)?;
        drop(out);
        store.close()?;
        file.rewind().map_err(io)?;
        let aside = aside_suffix(now);
        let kept = import(dir, BufReader::new(&file), options, now, Some(&aside))?;
        if kept != exported {
            return Err(ImportError::Damaged("the rebuilt store does not hold what was exported".to_owned()).into());
        }
        for part in Parts::ALL {
            fs::remove_dir_all(dir.join(format!("{part}.before-{aside}"))).map_err(io)?;
        }
        Ok(Compacted { before, after: disk_usage(dir), kept })
    })();
    let _ = fs::remove_file(&passing);
    done
}

fn aside_suffix(now: Timestamp) -> String {
    now.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Disk usage of the two databases in bytes.
fn disk_usage(dir: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let files = |part| fs::read_dir(dir.join(part)).into_iter().flatten().flatten();
    Parts::ALL.into_iter().flat_map(files).filter_map(|file| file.metadata().ok()).map(|file| file.blocks() * 512).sum()
}

impl Store {
    /// Closes the store with everything on disk, and waits until its files and its lock are
    /// released.
    ///
    /// # Errors
    /// If something could not be written, or the store is still used elsewhere in this process.
    pub fn close(self) -> Result<(), StoreError> {
        let dir = self.inner.dir.clone();
        self.flush()?;
        drop(self);
        let closed = Parts::ALL.iter().try_for_each(|part| super::engine::wait_until_closed(&dir.join(part)));
        closed.map_err(|fault: Fault| fault.with_dir(&dir))
    }
}
