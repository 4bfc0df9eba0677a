//! What operators do with the store: export, import, backup, restore, verify, compact.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use jiff::Timestamp;
use redraft::clock::Clock;
use redraft::config::Config;
use redraft::daemon::store_options;
use redraft::store::{self, CompactError, Exported, ImportError, OpenError, Options, Store};

use super::arguments::{Export, Restore, Settings};
use super::failure::Failure;
use super::{configuration, paint};

/// A kibibyte's power that sizes are told in.
const MIB: f64 = 1024.0 * 1024.0;

/// `redraft export`.
pub(super) fn export(settings: &Settings, asked: &Export) -> Result<ExitCode, Failure> {
    let (config, options, now) = prepared(settings)?;
    let store = opened(&config, &options, now)?;
    let exported = match asked.file.as_deref() {
        None | Some("-") if io::stdout().is_terminal() => {
            return Err(Failure::Usage("an export is no text for a terminal: name a file, or pipe it".to_owned()));
        }
        None | Some("-") => store.export(io::stdout().lock(), now),
        Some(file) => return to_file(&store, Path::new(file), now),
    };
    paint::tell(&format!("exported {}", words(exported.map_err(failed)?)));
    Ok(ExitCode::SUCCESS)
}

/// Exports to a new file, which is on disk then.
fn to_file(store: &Store, path: &Path, now: Timestamp) -> Result<ExitCode, Failure> {
    let cannot = || format!("cannot write {}", path.display());
    let file = File::create_new(path).with_context(cannot)?;
    let mut out = BufWriter::new(&file);
    let exported = store.export(&mut out, now).map_err(failed)?;
    out.flush().and_then(|()| file.sync_all()).with_context(cannot)?;
    paint::say(&format!("{}: {}", path.display(), words(exported)));
    Ok(ExitCode::SUCCESS)
}

/// Whether the only file named is an export.
pub(super) fn is_export(files: &[String]) -> bool {
    let [file] = files else { return false };
    let mut head = [0; 4];
    File::open(file).and_then(|mut file| file.read_exact(&mut head)).is_ok_and(|()| store::is_archive(&head))
}

/// `redraft import` of an export.
pub(super) fn import(settings: &Settings, file: &str) -> Result<ExitCode, Failure> {
    let (config, options, now) = prepared(settings)?;
    let export = File::open(file).with_context(|| format!("{file} cannot be read"))?;
    let imported = store::import(&config.store.path, BufReader::new(export), &options, now, None).map_err(refused)?;
    paint::say(&format!("{} holds what was exported: {}", config.store.path.display(), words(imported)));
    Ok(ExitCode::SUCCESS)
}

/// `redraft backup`.
pub(super) fn backup(settings: &Settings) -> Result<ExitCode, Failure> {
    let (config, options, now) = prepared(settings)?;
    let path = opened(&config, &options, now)?.back_up(config.store.backups, now).map_err(failed)?;
    paint::say(&path.display().to_string());
    Ok(ExitCode::SUCCESS)
}

/// `redraft restore`.
pub(super) fn restore(settings: &Settings, asked: &Restore) -> Result<ExitCode, Failure> {
    let (config, options, now) = prepared(settings)?;
    let dir = &config.store.path;
    let newest = || store::backups(dir).into_iter().next();
    let file = asked.file.as_ref().map(PathBuf::from).or_else(newest).ok_or_else(|| {
        Failure::Usage(format!("there is no backup in {}: name an export", dir.join("backups").display()))
    })?;
    let (restored, moved) = store::restore(dir, &file, &options, now).map_err(refused)?;
    for path in moved {
        paint::say(&format!("what was there is in {}; remove it when you are sure", path.display()));
    }
    paint::say(&format!("{} is as {} has it: {}", dir.display(), file.display(), words(restored)));
    Ok(ExitCode::SUCCESS)
}

/// `redraft verify`.
pub(super) fn verify(settings: &Settings) -> Result<ExitCode, Failure> {
    let (config, options, now) = prepared(settings)?;
    let found = opened(&config, &options, now)?.verify().map_err(failed)?;
    found.problems.iter().for_each(|problem| paint::say(problem));
    let read = format!("{} and {} were read", counted(found.articles, "article"), counted(found.texts, "text"));
    if found.wrong == 0 {
        paint::say(&format!("{read}: all is well"));
        return Ok(ExitCode::SUCCESS);
    }
    let more = found.wrong - found.problems.len() as u64;
    Err(anyhow!(
        "{read}; {} found{}. `redraft restore` puts back the newest backup and moves this store aside",
        counted(found.wrong, "problem"),
        if more > 0 { format!(", {more} of them not told") } else { String::new() }
    )
    .into())
}

/// `redraft compact`.
pub(super) fn compact(settings: &Settings) -> Result<ExitCode, Failure> {
    let (config, options, now) = prepared(settings)?;
    let done = store::compact(&config.store.path, &options, now).map_err(|error| match error {
        CompactError::Import(error) => refused(error),
        CompactError::Store(error) => failed(error),
    })?;
    let mib = |bytes: u64| format!("{:.1} MiB", bytes as f64 / MIB);
    paint::say(&format!("{} before, {} now: {}", mib(done.before), mib(done.after), words(done.kept)));
    Ok(ExitCode::SUCCESS)
}

fn prepared(settings: &Settings) -> Result<(Config, Options, Timestamp), Failure> {
    let config = configuration::load(settings, Vec::new())?;
    let options = store_options(&config);
    Ok((config, options, Clock::System.now()))
}

/// The store, which must be there.
fn opened(config: &Config, options: &Options, now: Timestamp) -> Result<Store, Failure> {
    if !config.store.path.exists() {
        return Err(Failure::Setup(format!("there is no store at {}", config.store.path.display())));
    }
    Store::open(&config.store.path, options, now).map_err(|error| unopened(&error))
}

fn unopened(error: &OpenError) -> Failure {
    match error {
        OpenError::AlreadyRunning { .. } => Failure::Temporary(error.to_string()),
        _ => Failure::Setup(error.to_string()),
    }
}

fn refused(error: ImportError) -> Failure {
    match error {
        ImportError::Open(error) => unopened(&error),
        ImportError::NotEmpty { .. } => Failure::Usage(error.to_string()),
        _ => Failure::Other(error.into()),
    }
}

fn failed(error: store::StoreError) -> Failure {
    Failure::Other(error.into())
}

fn words(exported: Exported) -> String {
    let Exported { articles, versions, edits } = exported;
    format!("{}, {}, {}", counted(articles, "article"), counted(versions, "version"), counted(edits, "edit"))
}

fn counted(count: u64, noun: &str) -> String {
    paint::counted(usize::try_from(count).unwrap_or(usize::MAX), noun)
}
