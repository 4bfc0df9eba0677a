//! Backups beside the data: exports in `backups/`, the last few of which are kept.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::Fault;
use super::{Store, StoreError};

/// Where backups lie, in the store's directory: what is mounted there goes to another disk.
const FOLDER: &str = "backups";
/// What a backup's name begins and ends with; the time of its making in UTC stands between, so that names sort by age.
const NAME: (&str, &str) = ("redraft-", ".ndjson.zst");
/// What a backup is called until it is whole.
const UNFINISHED: &str = ".unfinished";
/// How the time is written.
const TIME: &str = "%Y%m%dT%H%M%SZ";

impl Store {
    /// Writes a backup, named after `now`, and drops all but the newest `keep`; gives its path. It is on disk then. Other work goes on
    /// meanwhile, but no other backup.
    ///
    /// # Errors
    /// When something cannot be read, or the backup cannot be written; older ones stay then.
    pub fn back_up(&self, keep: usize, now: Timestamp) -> Result<PathBuf, StoreError> {
        let _one = self.inner.backing_up.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = self.inner.dir.join(FOLDER);
        let failed = |error: std::io::Error| Fault::from(error).of(&folder);
        fs::create_dir_all(&folder).map_err(failed)?;
        let name = format!("{}{}{}", NAME.0, now.to_zoned(TimeZone::UTC).strftime(TIME), NAME.1);
        let (path, unfinished) = (folder.join(&name), folder.join(name + UNFINISHED));
        let written = File::create(&unfinished).map_err(failed).and_then(|file| {
            let mut out = BufWriter::new(&file);
            self.export(&mut out, self.last_active()?)?;
            out.flush().and_then(|()| file.sync_all()).map_err(failed)
        });
        let put = written.and_then(|()| fs::rename(&unfinished, &path).map_err(failed));
        if put.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        put?;
        File::open(&folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        drop_old(&self.inner.dir, keep).map_err(failed)?;
        Ok(path)
    }
}

/// The backups of the store in `dir`, newest first.
#[must_use]
pub fn backups(dir: &Path) -> Vec<PathBuf> {
    let listing = fs::read_dir(dir.join(FOLDER)).into_iter().flatten().flatten();
    let mut paths: Vec<_> = listing.map(|entry| entry.path()).filter(|path| made_at(path).is_some()).collect();
    paths.sort_unstable_by(|a, b| b.cmp(a));
    paths
}

/// When the backup at `path` was made, as its name says; none where it is no backup.
#[must_use]
pub fn made_at(path: &Path) -> Option<Timestamp> {
    let name = path.file_name()?.to_str()?.strip_prefix(NAME.0)?.strip_suffix(NAME.1)?;
    let time = jiff::civil::DateTime::strptime(TIME, name).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// Drops all backups but the newest, and what earlier ones left unfinished.
fn drop_old(dir: &Path, keep: usize) -> std::io::Result<()> {
    backups(dir).iter().skip(keep.max(1)).try_for_each(fs::remove_file)?;
    for entry in fs::read_dir(dir.join(FOLDER))?.flatten() {
        if entry.file_name().to_string_lossy().ends_with(UNFINISHED) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
