//! One redraft a directory: a lock file with the process id in it. The kernel drops the lock with the process, however it
//! ends, so a lock file left behind stops nobody.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

/// The lock on a directory, held as long as this value lives.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Why the lock was not had.
#[derive(Debug)]
pub(super) enum NotLocked {
    /// Another process has it; its id where the file says so.
    Held(Option<u32>),
    /// The file cannot be made or locked.
    Io(std::io::Error),
}

impl Lock {
    /// Takes the lock at `path` and writes our process id into it.
    ///
    /// # Errors
    /// When another process holds it, or the file cannot be written.
    pub(super) fn take(path: &Path) -> Result<Self, NotLocked> {
        let opened = File::options().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = opened.map_err(|error| held_by_another_user(path).unwrap_or(NotLocked::Io(error)))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => return Err(NotLocked::Held(holder(&mut file))),
            Err(error) => return Err(NotLocked::Io(error.into())),
        }
        sign(&mut file).map_err(NotLocked::Io)?;
        Ok(Self { _file: file })
    }
}

/// Whether a process of another user, whose file we may read and not write, holds the lock.
fn held_by_another_user(path: &Path) -> Option<NotLocked> {
    let mut file = File::open(path).ok()?;
    let tried = flock(&file, FlockOperation::NonBlockingLockShared);
    (tried == Err(rustix::io::Errno::WOULDBLOCK)).then(|| NotLocked::Held(holder(&mut file)))
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn sign(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}
