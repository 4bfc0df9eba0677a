//! The lock of a store: one redraft process per directory. The lock file contains the process id.
//! The kernel releases the lock when the process ends for any reason, so a leftover lock file
//! does no harm.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

/// A lock on a directory, held while this value lives.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Reasons why the lock was not acquired.
#[derive(Debug)]
pub(super) enum NotLocked {
    /// Another process holds it: its id, if the file contains one.
    Held(Option<u32>),
    /// The file cannot be created or locked.
    Io(std::io::Error),
}

impl Lock {
    /// Acquires the lock at `path` and writes our process id into it.
    ///
    /// # Errors
    /// If another process holds the lock, or the file cannot be written.
    pub(super) fn take(path: &Path) -> Result<Self, NotLocked> {
        let opened = File::options().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = opened.map_err(|error| held_by_another_user(path).unwrap_or(NotLocked::Io(error)))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => return Err(NotLocked::Held(read_holder(&mut file))),
            Err(error) => return Err(NotLocked::Io(error.into())),
        }
        write_pid(&mut file).map_err(NotLocked::Io)?;
        Ok(Self { _file: file })
    }
}

/// `Some` if a process of another user holds the lock. We may read that user's lock file, but not
/// write it.
fn held_by_another_user(path: &Path) -> Option<NotLocked> {
    let mut file = File::open(path).ok()?;
    let tried = flock(&file, FlockOperation::NonBlockingLockShared);
    (tried == Err(rustix::io::Errno::WOULDBLOCK)).then(|| NotLocked::Held(read_holder(&mut file)))
}

fn read_holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn write_pid(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}
