//! What the store had given out when it was last made durable, in a file of our own. sled opens a database whose log is
//! unreadable as far as it can be read, and says nothing: an empty one, where its beginning is lost. The witness tells.
//!
//! It is written after the state is on disk and not synced itself, so it never says more than was there: whatever happens to
//! the machine, a store that has less than its witness says has lost something.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::error::Fault;
use super::format::CountersRecord;

/// Its file, in the store's directory.
const FILE: &str = "witness";
/// Digits of a number, so that every writing is of the same length and lies in one sector.
const DIGITS: usize = 20;

/// The open file.
#[derive(Debug)]
pub(super) struct Witness(File);

impl Witness {
    /// Opens or makes the witness of the store in `dir`.
    pub(super) fn open(dir: &Path) -> io::Result<Self> {
        Ok(Self(File::options().write(true).create(true).truncate(false).open(dir.join(FILE))?))
    }

    /// Writes what is on disk now.
    pub(super) fn write(&self, counters: &CountersRecord) -> io::Result<()> {
        let line = format!("{:DIGITS$} {:DIGITS$}\n", counters.next_article, counters.next_edit);
        self.0.write_all_at(line.as_bytes(), 0)
    }
}

/// What the witness in `dir` says; none where there is none, or where it was half written.
pub(super) fn read(dir: &Path) -> Option<CountersRecord> {
    let text = fs::read_to_string(dir.join(FILE)).ok()?;
    let mut numbers = text.split_whitespace().map(str::parse);
    let (next_article, next_edit) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some(CountersRecord { next_article, next_edit })
}

/// Removes the witness: what follows is another store.
pub(super) fn remove(dir: &Path) -> io::Result<()> {
    match fs::remove_file(dir.join(FILE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Compares what is there with what the witness says.
///
/// # Errors
/// When something is lost.
pub(super) fn compare(dir: &Path, found: &CountersRecord) -> Result<(), Fault> {
    let Some(told) = read(dir) else { return Ok(()) };
    if found.next_article >= told.next_article && found.next_edit >= told.next_edit {
        return Ok(());
    }
    Err(Fault::Damaged(format!(
        "it had {} articles and {} edits when it was last written, and only {} and {} can be read (if you put an older copy \
         there yourself, remove {})",
        told.next_article - 1,
        told.next_edit - 1,
        found.next_article - 1,
        found.next_edit - 1,
        dir.join(FILE).display()
    )))
}
