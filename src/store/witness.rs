//! The witness: a small file of our own that holds the counters as of the last durable write. sled opens a database
//! with an unreadable log as far as it can read it, and reports nothing; if the beginning is lost, it opens an empty
//! one. The witness detects that.
//!
//! It is written after the state is on disk and is not synced itself, so it never claims more than was on disk. If
//! the store has less than its witness says, the store has lost something.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::error::Fault;
use super::format::CountersRecord;

/// Name of the file in the store's directory.
const FILE: &str = "witness";
/// Digits per number. With a fixed length, every write covers the same bytes within one sector.
const DIGITS: usize = 20;

/// The open file.
#[derive(Debug)]
pub(super) struct Witness(File);

impl Witness {
    /// Opens or creates the witness of the store in `dir`.
    pub(super) fn open(dir: &Path) -> io::Result<Self> {
        Ok(Self(File::options().write(true).create(true).truncate(false).open(dir.join(FILE))?))
    }

    /// Writes the counters that are on disk now.
    pub(super) fn write(&self, counters: &CountersRecord) -> io::Result<()> {
        let line = format!("{:DIGITS$} {:DIGITS$}\n", counters.next_article, counters.next_edit);
        self.0.write_all_at(line.as_bytes(), 0)
    }
}

/// Reads the witness in `dir`; `None` if there is none, or it was only half written.
pub(super) fn read(dir: &Path) -> Option<CountersRecord> {
    let text = fs::read_to_string(dir.join(FILE)).ok()?;
    let mut numbers = text.split_whitespace().map(str::parse);
    let (next_article, next_edit) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some(CountersRecord { next_article, next_edit })
}

/// Removes the witness, because another store takes its place.
pub(super) fn remove(dir: &Path) -> io::Result<()> {
    match fs::remove_file(dir.join(FILE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Compares the counters that were read with the witness.
///
/// # Errors
/// If something is lost.
pub(super) fn compare(dir: &Path, found: &CountersRecord) -> Result<(), Fault> {
    let Some(told) = read(dir) else { return Ok(()) };
    if found.next_article >= told.next_article && found.next_edit >= told.next_edit {
        return Ok(());
    }
    Err(Fault::Damaged(format!(
        "it had {} articles and {} edits when it was last written, but only {} and {} can be read (if you restored an older \
         copy yourself, remove {})",
        told.next_article - 1,
        told.next_edit - 1,
        found.next_article - 1,
        found.next_edit - 1,
        dir.join(FILE).display()
    )))
}
