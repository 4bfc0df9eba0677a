//! Operators' commands on the store: export, import, backup, restore, verify, compact. A running redraft carries out
//! exports and backups on request; the others need the store to themselves.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use jiff::Timestamp;
use redraft::clock::Clock;
use redraft::config::Config;
use redraft::daemon::store_options;
use redraft::store::{self, CompactError, Exported, ImportError, OpenError, Options, Store};

use super::arguments::{Export, Import, Restore, Settings};
use super::control::{self, Order};
use super::failure::Failure;
use super::{configuration, paint};

/// Bytes per MiB, the unit in which sizes are printed.
const MIB: f64 = 1024.0 * 1024.0;

/// The store to export.
enum Origin {
    Store(Box<Store>),
    /// A store that a running redraft has open, with its process id.
    Running(Option<u32>),
}

/// `redraft export`.
pub(super) fn export_store(settings: &Settings, asked: &Export) -> Result<ExitCode, Failure> {
    let (config, options, now) = prepare(settings)?;
    let file = asked.file.as_deref().filter(|file| *file != "-");
    if file.is_none() && io::stdout().is_terminal() {
        return Err(Failure::Usage("an export is not text for a terminal: name a file, or pipe it".to_owned()));
    }
    check_exists(&config.store.path)?;
    let origin = match Store::open(&config.store.path, &options, now) {
        Ok(store) => Origin::Store(Box::new(store)),
        Err(OpenError::AlreadyRunning { pid, .. }) => Origin::Running(pid),
        Err(error) => return Err(Failure::Setup(error.to_string())),
    };
    match file {
        None => paint::print_error(&format!("exported {}", origin.export(&config, &mut io::stdout().lock())?)),
        Some(file) => paint::print_line(&format!("{file}: {}", export_to_file(&origin, &config, Path::new(file))?)),
    }
    Ok(ExitCode::SUCCESS)
}

impl Origin {
    /// Writes an export; returns its counts as text.
    fn export(&self, config: &Config, out: &mut impl Write) -> Result<String, Failure> {
        match self {
            Self::Store(store) => write_export(store, out),
            Self::Running(pid) => control::export_from_running(config, *pid, out),
        }
    }
}

/// Writes an export of a store; returns its counts as text.
pub(super) fn write_export(store: &Store, out: impl Write) -> Result<String, Failure> {
    let at = store.last_active().map_err(store_failure)?;
    Ok(count_text(store.export(out, at).map_err(store_failure)?))
}

/// Exports to a new file and syncs it; returns the counts as text. An incomplete file is removed.
fn export_to_file(origin: &Origin, config: &Config, path: &Path) -> Result<String, Failure> {
    let cannot = || format!("cannot write {}", path.display());
    let file = File::create_new(path).with_context(cannot)?;
    let mut out = BufWriter::new(&file);
    let written = origin.export(config, &mut out).and_then(|words| {
        out.flush().and_then(|()| file.sync_all()).with_context(cannot)?;
        Ok(words)
    });
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written
}

/// Whether exactly one file is named and it is an export.
pub(super) fn is_export(files: &[String]) -> bool {
    let [file] = files else { return false };
    let mut head = [0; 4];
    File::open(file).and_then(|mut file| file.read_exact(&mut head)).is_ok_and(|()| store::is_archive(&head))
}

/// `redraft import` of an export.
pub(super) fn import_export(settings: &Settings, asked: &Import) -> Result<ExitCode, Failure> {
    let file = asked.files.first().map_or("", String::as_str);
    if asked.dry_run {
        return Err(Failure::Usage(format!(
            "{file} is an export, which is imported as a whole: --dry-run is for lists of feeds. `zstd -dc {file} | less` shows it"
        )));
    }
    let (config, options, now) = prepare(settings)?;
    let export = File::open(file).with_context(|| format!("{file} cannot be read"))?;
    let imported = store::import(&config.store.path, BufReader::new(export), &options, now, None)
        .map_err(|error| import_failure(error, "import", "or name a directory that does not exist yet with --data"))?;
    paint::print_line(&format!("imported into {}: {}", config.store.path.display(), count_text(imported)));
    Ok(ExitCode::SUCCESS)
}

/// `redraft backup`.
pub(super) fn order_backup(settings: &Settings) -> Result<ExitCode, Failure> {
    let keep = configuration::load_config(settings, Vec::new())?.store.backups;
    control::give_order(settings, &Order::Backup { keep })
}

/// Writes a backup of a store and keeps the newest `keep`; returns its path.
pub(super) fn back_up(store: &Store, keep: usize) -> Result<String, Failure> {
    Ok(store.back_up(keep, Clock::System.now()).map_err(store_failure)?.display().to_string())
}

/// `redraft restore`.
pub(super) fn restore_store(settings: &Settings, asked: &Restore) -> Result<ExitCode, Failure> {
    let (config, options, now) = prepare(settings)?;
    let dir = &config.store.path;
    let newest = || store::backups(dir).into_iter().next();
    let file = asked.file.as_ref().map(PathBuf::from).or_else(newest).ok_or_else(|| {
        Failure::Usage(format!("there is no backup in {}: name an export", dir.join("backups").display()))
    })?;
    let (restored, moved) = store::restore(dir, &file, &options, now)
        .map_err(|error| import_failure(error, "restore", "the old store is then moved aside"))?;
    for path in moved {
        paint::print_line(&format!("the old store is in {}; delete it when you are sure", path.display()));
    }
    paint::print_line(&format!("restored {} from {}: {}", dir.display(), file.display(), count_text(restored)));
    Ok(ExitCode::SUCCESS)
}

/// `redraft verify`.
pub(super) fn verify_store(settings: &Settings) -> Result<ExitCode, Failure> {
    let (config, options, now) = prepare(settings)?;
    check_exists(&config.store.path)?;
    let advice = "or verify its newest backup: `redraft import BACKUP --data DIRECTORY` and `redraft verify --data DIRECTORY`, where \
                  DIRECTORY does not exist yet";
    let store =
        Store::open(&config.store.path, &options, now).map_err(|error| open_failure(&error, "verify", advice))?;
    let found = store.verify().map_err(store_failure)?;
    found.problems.iter().for_each(|problem| paint::print_line(problem));
    let read = format!("{} and {} were read", count_noun(found.articles, "article"), count_noun(found.texts, "text"));
    if found.wrong == 0 {
        paint::print_line(&format!("{read}: no damage"));
        return Ok(ExitCode::SUCCESS);
    }
    let more = found.wrong - found.problems.len() as u64;
    Err(anyhow!(
        "{read}; {} found{}. `redraft restore` restores the newest backup and moves this store aside",
        count_noun(found.wrong, "problem"),
        if more > 0 { format!(", {more} of them not listed") } else { String::new() }
    )
    .into())
}

/// `redraft compact`.
pub(super) fn compact_store(settings: &Settings) -> Result<ExitCode, Failure> {
    let (config, options, now) = prepare(settings)?;
    check_exists(&config.store.path)?;
    let done = store::compact(&config.store.path, &options, now).map_err(|error| match error {
        CompactError::Import(error) => import_failure(error, "compact", "it needs no other preparation"),
        CompactError::Store(error) => store_failure(error),
    })?;
    let mib = |bytes: u64| format!("{:.1} MiB", bytes as f64 / MIB);
    paint::print_line(&format!("{} before, {} now: {}", mib(done.before), mib(done.after), count_text(done.kept)));
    Ok(ExitCode::SUCCESS)
}

fn prepare(settings: &Settings) -> Result<(Config, Options, Timestamp), Failure> {
    let config = configuration::load_config(settings, Vec::new())?;
    let options = store_options(&config);
    Ok((config, options, Clock::System.now()))
}

/// Checks that there is a store at `path`.
///
/// # Errors
/// If there is none, or we may not look.
pub(super) fn check_exists(path: &Path) -> Result<(), Failure> {
    match path.try_exists() {
        Ok(true) => Ok(()),
        Ok(false) => Err(Failure::Setup(format!(
            "there is no store at {}: nothing was watched yet, or it is elsewhere (--data, store.path)",
            path.display()
        ))),
        Err(error) => Err(Failure::Setup(format!(
            "{} cannot be read ({error}): run this command as redraft's own user, or as root",
            path.display()
        ))),
    }
}

/// The failure of a command that needs the store to itself. `advice` is printed if a redraft is running.
fn open_failure(error: &OpenError, command: &str, advice: &str) -> Failure {
    match error {
        OpenError::AlreadyRunning { dir, pid } => {
            let process = pid.map_or_else(String::new, |pid| format!(" (process {pid})"));
            let dir = dir.display();
            Failure::Temporary(format!(
                "redraft runs on {dir}{process}, and `redraft {command}` needs the store to itself: stop redraft first; {advice}"
            ))
        }
        _ => Failure::Setup(error.to_string()),
    }
}

fn import_failure(error: ImportError, command: &str, advice: &str) -> Failure {
    match error {
        ImportError::Open(error) => open_failure(&error, command, advice),
        ImportError::NotEmpty { .. } => Failure::Usage(error.to_string()),
        _ => Failure::Other(error.into()),
    }
}

fn store_failure(error: store::StoreError) -> Failure {
    Failure::Other(error.into())
}

fn count_text(exported: Exported) -> String {
    let Exported { articles, versions, edits } = exported;
    format!("{}, {}, {}", count_noun(articles, "article"), count_noun(versions, "version"), count_noun(edits, "edit"))
}

fn count_noun(count: u64, noun: &str) -> String {
    paint::count_noun(usize::try_from(count).unwrap_or(usize::MAX), noun)
}
