//! Opening a store: takes the lock, opens the databases, reads every row once, checks the format
//! number, and writes what is fixed at the first start.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, RwLock};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::backups::backups;
use super::engine::wait_until_closed;
use super::error::{Fault, catch_panics};
use super::format::{EditHead, FORMAT, FormatRecord, OriginRecord, Record, RestRecord, VersionRecord};
use super::hidden;
use super::lock::{Lock, NotLocked};
use super::state::{Row, State, Tree};
use super::tally::Tally;
use super::texts::Texts;
use super::witness::{self, Witness};
use super::{OpenError, Options, Shared, Store, keys, keywords};

/// Share of the cache for the state; the texts, which are read rarely, get the rest.
const STATE_CACHE_SHARE: (u64, u64) = (3, 4);
const MIB: u64 = 1024 * 1024;
/// Names in a store's directory, in the order in which they are created.
const OUR_NAMES: [&str; 5] = ["lock", "state", "texts", "backups", "witness"];
/// Directory that file systems create at their root.
const LOST_AND_FOUND: &str = "lost+found";
/// The rest that a busy host asked for is forgotten this long after it ended.
const REST_REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

impl Store {
    /// Opens the store in `dir`, or creates one there. `now` dates a new store, and removes expired
    /// rests of hosts.
    ///
    /// # Errors
    /// See [`OpenError`]: each variant needs a different remedy.
    pub fn open(dir: &Path, options: &Options, now: Timestamp) -> Result<Self, OpenError> {
        let lock = take_lock(dir)?;
        let shared =
            Shared::new(dir, load_databases(dir, options, now)?).map_err(|fault| error_of_fault(dir, fault))?;
        let store = Self::start(shared, options, now, lock);
        let store = store.map_err(|error| OpenError::Io { dir: dir.to_owned(), why: error.to_string() })?;
        store.measure().map_err(|error| OpenError::Io { dir: dir.to_owned(), why: error.to_string() })?;
        Ok(store)
    }

    /// Authority and date of all `tag:` ids, fixed at the store's first start.
    #[must_use]
    pub fn origin(&self) -> (String, Date) {
        self.inner.origin.clone()
    }
}

/// Rejects a file, and a directory with foreign content. A directory that cannot be listed passes;
/// using it will report the error.
fn check_directory(dir: &Path) -> Result<(), OpenError> {
    if let Some(path) = dir.ancestors().find(|path| path.exists()).filter(|path| !path.is_dir()) {
        return Err(OpenError::NotADirectory { path: path.to_owned() });
    }
    let Ok(listing) = std::fs::read_dir(dir) else { return Ok(()) };
    let names: Vec<_> = listing.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    let is_store = names.iter().any(|name| OUR_NAMES.contains(&name.as_str()));
    let is_empty = names.iter().all(|name| name.starts_with('.') || name == LOST_AND_FOUND);
    if is_store || is_empty { Ok(()) } else { Err(OpenError::NotAStore { dir: dir.to_owned() }) }
}

fn error_of_io(path: &Path, error: &std::io::Error) -> OpenError {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            OpenError::Unwritable { path: path.to_owned(), uid: rustix::process::geteuid().as_raw() }
        }
        _ => OpenError::Io { dir: path.to_owned(), why: error.to_string() },
    }
}

/// Damage is what sled reports as corrupt or panics over; an error of the system is not damage.
fn error_of_fault(dir: &Path, fault: Fault) -> OpenError {
    let dir = dir.to_owned();
    match fault {
        Fault::Damaged(what) | Fault::Broken(what) => {
            let backup = backups(&dir).into_iter().next();
            OpenError::Damaged { dir, what, backup }
        }
        Fault::Failed(why) | Fault::Refused(why) | Fault::Stopped(why) => OpenError::Io { dir, why },
    }
}

/// The databases of a store, and the data read while they were opened.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) state: State,
    pub(super) texts: Texts,
    tally: Tally,
    origin: (String, Date),
}

impl Parts {
    /// Directories of the databases. `state` is created first.
    pub(super) const ALL: [&str; 2] = ["state", "texts"];

    /// Closes both databases with everything on disk, and waits until their files are released.
    pub(super) fn close(self) -> Result<(), Fault> {
        let Self { state, texts, .. } = self;
        texts.engine().make_durable()?;
        state.engine().make_durable()?;
        let dirs = [state.engine().dir(), texts.engine().dir()];
        drop((state, texts));
        dirs.iter().try_for_each(|dir| wait_until_closed(dir))
    }
}

impl Shared {
    /// Combines the opened databases with the in-memory data of readers and writer.
    pub(super) fn new(dir: &Path, parts: Parts) -> Result<Self, Fault> {
        let Parts { state, texts, tally, origin } = parts;
        let (dir, shown_edit, stopped) = (dir.to_owned(), AtomicU64::new(0), Mutex::new(None));
        let witness = Witness::open(&dir)?;
        let hidden = RwLock::new(hidden::read_reasons(&state)?);
        let shared = Self { dir, state, texts, tally, witness, origin, shown_edit, hidden, stopped };
        shared.show()?;
        Ok(shared)
    }
}

/// Takes the lock of the store in `dir`, and creates the directory if it is missing.
///
/// # Errors
/// If another process holds the lock, or the directory cannot be used or has foreign content.
pub(super) fn take_lock(dir: &Path) -> Result<Lock, OpenError> {
    check_directory(dir)?;
    std::fs::create_dir_all(dir).map_err(|error| error_of_io(dir, &error))?;
    Lock::take(&dir.join("lock")).map_err(|error| match error {
        NotLocked::Held(pid) => OpenError::AlreadyRunning { dir: dir.to_owned(), pid },
        NotLocked::Io(error) => error_of_io(dir, &error),
    })
}

/// Opens or creates the databases in `dir`.
///
/// # Errors
/// See [`OpenError`].
pub(super) fn load_databases(dir: &Path, options: &Options, now: Timestamp) -> Result<Parts, OpenError> {
    catch_panics(|| load_both(dir, options, now)).map_err(|fault| error_of_fault(dir, fault))?
}

fn load_both(dir: &Path, options: &Options, now: Timestamp) -> Result<Result<Parts, OpenError>, Fault> {
    let cache = u64::from(options.cache_mib.max(1)) * MIB;
    let state_cache = cache * STATE_CACHE_SHARE.0 / STATE_CACHE_SHARE.1;
    let [state, texts] = Parts::ALL.map(|part| dir.join(part));
    let state = State::open(&state, state_cache)?;
    state.read_all()?;
    let found: Option<FormatRecord> = state.get(Tree::Meta, keys::FORMAT)?;
    if let Some(FormatRecord { number }) = found
        && number > FORMAT
    {
        return Ok(Err(OpenError::NewerFormat { dir: dir.to_owned(), found: number, known: FORMAT }));
    }
    witness::compare(dir, &state.get(Tree::Meta, keys::COUNTERS)?.unwrap_or_default())?;
    let texts = Texts::open(&texts, cache - state_cache)?;
    if found.is_none() {
        texts.untouched()?;
    }
    texts.reach(last_text(&state)?)?;
    let origin = write_fixed_rows(&state, options, now)?;
    keywords::build_index(&state, &texts)?;
    state.engine().make_durable()?;
    let tally = Tally::count(&state)?;
    Ok(Ok(Parts { state, texts, tally, origin }))
}

/// The number after the last chunk that a version or an edit refers to.
fn last_text(state: &State) -> Result<u64, Fault> {
    let mut last = 0;
    for row in state.scan(Tree::Versions, &[]) {
        let version: Option<VersionRecord> = state.record(Tree::Versions, &row?)?;
        last = version.map_or(last, |version| last.max(version.text.first + u64::from(version.text.chunks)));
    }
    for row in state.scan(Tree::Edits, &[]) {
        let head: Option<EditHead> = state.record(Tree::Edits, &row?)?;
        last = head.map_or(last, |head| last.max(head.text.first + u64::from(head.text.chunks)));
    }
    Ok(last)
}

/// Writes the rows that the first start fixes, and removes rests that expired long ago.
fn write_fixed_rows(state: &State, options: &Options, now: Timestamp) -> Result<(String, Date), Fault> {
    let mut rows: Vec<Row> = Vec::new();
    if state.raw(Tree::Meta, keys::FORMAT)?.is_none() {
        rows.push((Tree::Meta, keys::FORMAT.to_vec(), Some(FormatRecord { number: FORMAT }.pack())));
    }
    let stored: Option<OriginRecord> = state.get(Tree::Meta, keys::ORIGIN)?;
    let origin = stored.unwrap_or_else(|| OriginRecord {
        authority: options.authority.clone(),
        since: now.to_zoned(TimeZone::UTC).date().to_string(),
    });
    rows.push((Tree::Meta, keys::ORIGIN.to_vec(), Some(origin.pack())));
    for row in state.scan(Tree::Rests, &[]) {
        let row = row?;
        let rest: Option<RestRecord> = state.record(Tree::Rests, &row)?;
        if rest.is_some_and(|rest| now.duration_since(rest.until.0) >= REST_REMEMBERED) {
            rows.push((Tree::Rests, row.0.to_vec(), None));
        }
    }
    state.apply(&rows)?;
    let since = origin.since.parse().map_err(|error| Fault::Damaged(format!("the store's date: {error}")))?;
    Ok((origin.authority, since))
}
