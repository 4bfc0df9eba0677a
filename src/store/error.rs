//! Errors of the store. Their messages name the directory and say what to do.

use std::path::{Path, PathBuf};

use super::format::BadRecord;

/// Reasons why a store cannot be opened. Each variant needs a different remedy and has its own exit
/// code.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another redraft process uses the directory.
    #[error(
        "another redraft ({}) is already running on {dir:?}: stop it, or give this one another store.path",
        describe_process(*pid)
    )]
    AlreadyRunning {
        /// The directory.
        dir: PathBuf,
        /// The other process, from its lock file.
        pid: Option<u32>,
    },
    /// The directory cannot be written.
    #[error(
        "cannot write {path:?} as user {uid}: give that user the directory (chown {uid} {path:?}), or set store.path to one of its own"
    )]
    Unwritable {
        /// The path that cannot be written.
        path: PathBuf,
        /// Our effective user id.
        uid: u32,
    },
    /// A file is where the directory, or one of its parents, should be.
    #[error("{path:?} is a file, not a directory: name a directory (--data, store.path)")]
    NotADirectory {
        /// The file.
        path: PathBuf,
    },
    /// The directory is not empty and does not contain a store.
    #[error(
        "{dir:?} is not empty and does not contain a redraft store: choose a directory that is empty or does not exist yet (--data, store.path)"
    )]
    NotAStore {
        /// The directory.
        dir: PathBuf,
    },
    /// A newer redraft wrote the store.
    #[error(
        "{dir:?} was written by a newer redraft (format {found}; this version supports {known}): run the newer version, or restore a backup made before"
    )]
    NewerFormat {
        /// The directory.
        dir: PathBuf,
        /// The store's format number.
        found: u32,
        /// The newest format number that we support.
        known: u32,
    },
    /// The store cannot be read.
    #[error("the store in {dir:?} is damaged: {what}; {}", describe_remedy(dir, backup.as_deref()))]
    Damaged {
        /// The directory.
        dir: PathBuf,
        /// Description of the damage.
        what: String,
        /// The newest backup of the store.
        backup: Option<PathBuf>,
    },
    /// The system failed: disk full, too many open files, an I/O error.
    #[error("cannot open the store in {dir:?}: {why}; check the disk (free space, its health) and start again")]
    Io {
        /// The directory.
        dir: PathBuf,
        /// The system's message.
        why: String,
    },
}

/// Says how to recover a store that cannot be read.
fn describe_remedy(dir: &Path, backup: Option<&Path>) -> String {
    match backup {
        Some(backup) => format!(
            "run `redraft restore` to restore the newest backup, {}: it moves the damaged store aside and deletes nothing",
            backup.display()
        ),
        None => format!(
            "there is no backup in {}: restore one from elsewhere (`redraft restore FILE`), or move the directory aside (do not \
             delete it) and start with an empty one",
            dir.join("backups").display()
        ),
    }
}

fn describe_process(pid: Option<u32>) -> String {
    pid.map_or_else(|| "process unknown".to_owned(), |pid| format!("process {pid}"))
}

/// Reasons why a store operation failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The engine failed during this request.
    #[error("the store in {dir:?} failed: {why}; check the disk (free space, its health)")]
    Failed {
        /// The directory.
        dir: PathBuf,
        /// The engine's message.
        why: String,
    },
    /// A record is missing or cannot be read.
    #[error(
        "the store in {dir:?} is damaged: {what}; stop redraft, run `redraft verify` to list the damage, and `redraft restore` to restore a backup"
    )]
    Damaged {
        /// The directory.
        dir: PathBuf,
        /// Description of the damage.
        what: String,
    },
    /// An earlier failure ended all writing. Stored data can still be read.
    #[error(
        "the store in {dir:?} accepts no writes since it failed: {why}; redraft reopens it as soon as possible: check the disk (free space, its health)"
    )]
    Stopped {
        /// The directory.
        dir: PathBuf,
        /// The earlier failure.
        why: String,
    },
    /// The request contradicts the stored data. This is a bug of ours; nothing was written.
    #[error("not recorded: {why}")]
    Refused {
        /// The contradiction.
        why: String,
    },
}

/// A [`StoreError`] without the directory, as the code below the store's face returns it.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// The engine failed.
    Failed(String),
    /// The engine reports that its files are damaged, or panicked.
    Broken(String),
    /// A record is missing or cannot be read; the others still can.
    Damaged(String),
    /// The request contradicts the stored data.
    Refused(String),
    /// Writing ended with this earlier failure.
    Stopped(String),
}

impl Fault {
    /// Turns the fault into the public error, for the store in `dir`.
    pub(super) fn with_dir(self, dir: &Path) -> StoreError {
        let dir = dir.to_owned();
        match self {
            Self::Failed(why) => StoreError::Failed { dir, why },
            Self::Damaged(what) | Self::Broken(what) => StoreError::Damaged { dir, what },
            Self::Stopped(why) => StoreError::Stopped { dir, why },
            Self::Refused(why) => StoreError::Refused { why },
        }
    }

    /// Whether writing must end. A bad request or one damaged record leaves the rest intact.
    pub(super) fn is_fatal(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Broken(_) | Self::Stopped(_))
    }

    /// The message.
    pub(super) fn message(&self) -> &str {
        match self {
            Self::Failed(words)
            | Self::Broken(words)
            | Self::Damaged(words)
            | Self::Refused(words)
            | Self::Stopped(words) => words,
        }
    }
}

impl From<sled::Error> for Fault {
    fn from(error: sled::Error) -> Self {
        match error {
            // sled says "unsupported" for settings that no version of ours ever wrote.
            sled::Error::Corruption { .. } | sled::Error::ReportableBug(_) | sled::Error::Unsupported(_) => {
                Self::Broken(error.to_string())
            }
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<BadRecord> for Fault {
    fn from(error: BadRecord) -> Self {
        Self::Damaged(error.to_string())
    }
}

/// Runs `work`. A panic inside it (sled panics on damage) becomes a [`Fault::Broken`].
pub(super) fn catch_panics<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let words = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        Err(Fault::Broken(format!("the engine panicked: {words}")))
    })
}
