//! Backups: compressed exports in the folder `backups/` of the store. The newest few are kept.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::Fault;
use super::{Store, StoreError};

/// Folder of the backups, inside the store's directory. Operators can mount another disk there.
const FOLDER: &str = "backups";
/// Prefix and suffix of a backup's file name. The UTC time between them makes names sort by age.
const NAME: (&str, &str) = ("redraft-", ".ndjson.zst");
/// Suffix of a backup that is still being written.
const UNFINISHED: &str = ".unfinished";
/// Format of the time in the file name.
const TIME: &str = "%Y%m%dT%H%M%SZ";

impl Store {
    /// Writes a backup named after `now`, deletes all but the newest `keep`, and returns its path.
    /// The file is on disk when this returns. Reads and writes continue meanwhile; a second backup
    /// waits.
    ///
    /// # Errors
    /// If a record cannot be read or the backup cannot be written. Older backups stay in that case.
    pub fn back_up(&self, keep: usize, now: Timestamp) -> Result<PathBuf, StoreError> {
        let _one = self.inner.backing_up.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = self.inner.dir.join(FOLDER);
        let failed = |error: std::io::Error| Fault::from(error).with_dir(&folder);
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

/// Lists the backups of the store in `dir`, newest first.
#[must_use]
pub fn backups(dir: &Path) -> Vec<PathBuf> {
    let listing = fs::read_dir(dir.join(FOLDER)).into_iter().flatten().flatten();
    let mut paths: Vec<_> = listing.map(|entry| entry.path()).filter(|path| made_at(path).is_some()).collect();
    paths.sort_unstable_by(|a, b| b.cmp(a));
    paths
}

/// Time at which the backup at `path` was made, from its name; `None` if the name is not a
/// backup's.
#[must_use]
pub fn made_at(path: &Path) -> Option<Timestamp> {
    let name = path.file_name()?.to_str()?.strip_prefix(NAME.0)?.strip_suffix(NAME.1)?;
    let time = jiff::civil::DateTime::strptime(TIME, name).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// Deletes all but the newest `keep` backups, and files left by backups that did not finish.
fn drop_old(dir: &Path, keep: usize) -> std::io::Result<()> {
    backups(dir).iter().skip(keep.max(1)).try_for_each(fs::remove_file)?;
    for entry in fs::read_dir(dir.join(FOLDER))?.flatten() {
        if entry.file_name().to_string_lossy().ends_with(UNFINISHED) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
