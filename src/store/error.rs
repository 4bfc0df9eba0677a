//! What can go wrong with the store, in words that name the directory and say what to do.

use std::path::{Path, PathBuf};

use super::format::BadRecord;

/// Why a store cannot be opened. Each variant is another way out for the operator, and another exit code.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another redraft works on the directory.
    #[error("another redraft ({}) already works on {dir:?}: stop it, or give this one another store.path", process(*pid))]
    AlreadyRunning {
        /// The directory.
        dir: PathBuf,
        /// Its process, as its lock file says.
        pid: Option<u32>,
    },
    /// The directory cannot be written.
    #[error(
        "cannot write {path:?} as user {uid}: give that user the directory (chown {uid} {path:?}), or set store.path to one of its own"
    )]
    Unwritable {
        /// What cannot be written.
        path: PathBuf,
        /// Who we are.
        uid: u32,
    },
    /// A file is where the directory should be, or above it.
    #[error("{path:?} is a file, not a directory: name a directory (--data, store.path)")]
    NotADirectory {
        /// The file.
        path: PathBuf,
    },
    /// The directory is another's: there is something in it, and no store.
    #[error(
        "{dir:?} is not empty and holds no store of redraft: name one that is empty or does not exist yet (--data, store.path)"
    )]
    NotAStore {
        /// The directory.
        dir: PathBuf,
    },
    /// A later redraft wrote the store.
    #[error(
        "{dir:?} was written by a newer redraft (format {found}; this one knows {known}): run that one again, or restore a backup made before"
    )]
    NewerFormat {
        /// The directory.
        dir: PathBuf,
        /// The store's format.
        found: u32,
        /// The newest format that we know.
        known: u32,
    },
    /// What is there is no store that we can read.
    #[error("the store in {dir:?} is damaged: {what}; {}", way_back(dir, backup.as_deref()))]
    Damaged {
        /// The directory.
        dir: PathBuf,
        /// What was found.
        what: String,
        /// The newest backup beside it.
        backup: Option<PathBuf>,
    },
    /// The machine failed: disk full, too many open files, an I/O error.
    #[error("cannot open the store in {dir:?}: {why}; check the disk (free space, its health) and start again")]
    Io {
        /// The directory.
        dir: PathBuf,
        /// What the system said.
        why: String,
    },
}

/// What to do about a store that cannot be read.
fn way_back(dir: &Path, backup: Option<&Path>) -> String {
    match backup {
        Some(backup) => format!(
            "say `redraft restore` to put back the newest backup, {}: it moves what is there aside and deletes nothing",
            backup.display()
        ),
        None => format!(
            "there is no backup in {}: name one (`redraft restore FILE`), or move the directory aside, do not delete it, and \
             start with an empty one",
            dir.join("backups").display()
        ),
    }
}

fn process(pid: Option<u32>) -> String {
    pid.map_or_else(|| "process unknown".to_owned(), |pid| format!("process {pid}"))
}

/// Why the store did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The engine failed under this request.
    #[error("the store in {dir:?} failed: {why}; check the disk (free space, its health)")]
    Failed {
        /// The directory.
        dir: PathBuf,
        /// What the engine said.
        why: String,
    },
    /// A record is missing or cannot be read.
    #[error(
        "the store in {dir:?} is damaged: {what}; stop redraft, say `redraft verify` for all that is damaged, and `redraft restore` to put back a backup"
    )]
    Damaged {
        /// The directory.
        dir: PathBuf,
        /// What was found.
        what: String,
    },
    /// An earlier failure ended all writing; what is there can still be read.
    #[error(
        "the store in {dir:?} takes no writes since it failed: {why}; it is opened again as soon as that is possible: check the disk (free space, its health)"
    )]
    Stopped {
        /// The directory.
        dir: PathBuf,
        /// The failure.
        why: String,
    },
    /// The request contradicts what is stored: our own mistake, nothing was written.
    #[error("not recorded: {why}")]
    Refused {
        /// What contradicts what.
        why: String,
    },
}

/// A [`StoreError`] that does not know its directory yet.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// The engine failed.
    Failed(String),
    /// The engine says that its own files are damaged, or panicked over them.
    Broken(String),
    /// A record is missing or cannot be read; the others can.
    Damaged(String),
    /// The request contradicts what is stored.
    Refused(String),
    /// No more writes since this failure.
    Stopped(String),
}

impl Fault {
    /// The error to show, for the store in `dir`.
    pub(super) fn of(self, dir: &Path) -> StoreError {
        let dir = dir.to_owned();
        match self {
            Self::Failed(why) => StoreError::Failed { dir, why },
            Self::Damaged(what) | Self::Broken(what) => StoreError::Damaged { dir, what },
            Self::Stopped(why) => StoreError::Stopped { dir, why },
            Self::Refused(why) => StoreError::Refused { why },
        }
    }

    /// Whether writing must end: a mistake in one request or damage to one record leaves the rest as good as before.
    pub(super) fn is_fatal(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Broken(_) | Self::Stopped(_))
    }

    /// What went wrong, in words.
    pub(super) fn words(&self) -> &str {
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
            // What sled calls unsupported is a setting that no version of ours ever wrote.
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

/// Runs `work`; a panic in it (sled panics on damage) becomes a [`Fault::Broken`].
pub(super) fn contained<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let words = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no words");
        Err(Fault::Broken(format!("the engine panicked: {words}")))
    })
}
