//! Loading: turns files, environment and flags into a [`Config`].

use std::path::{Path, PathBuf};

use super::document::{self, Table};
use super::problem::{Place, Problems};
use super::settings::Settings;
use super::sources::{Gathering, TABLES};
use super::{Config, Invocation, archive, retention, sections, sites, webhooks};

/// Configuration directory that is used if none is named.
const DIRECTORY: &str = "config";
/// Settings file in a configuration directory.
const SETTINGS_FILE: &str = "redraft.toml";
/// Sources file in a configuration directory.
const SOURCES_FILE: &str = "sources.toml";
/// Directory of site hints in a configuration directory.
const SITES_DIRECTORY: &str = "sites";

/// Tables of a file that are not settings.
const NOT_SECTIONS: [&str; 3] = [TABLES[0], TABLES[1], webhooks::TABLE];

/// The files of a configuration.
#[derive(Default)]
struct Files {
    /// Parsed settings and sources.
    tables: Vec<Table>,
    /// Paths of the files that were read.
    read: Vec<PathBuf>,
    /// The configuration directory.
    directory: Option<PathBuf>,
}

/// Loads everything; see [`Config::load`].
pub(super) fn load_config(invocation: &Invocation) -> Result<Config, Problems> {
    let mut problems = Problems::default();
    let mut settings = Settings::defaults(&mut problems);
    let mut files = find_files(invocation, &mut problems);
    for table in &files.tables {
        settings.lay_file(table.clone(), &NOT_SECTIONS, &mut problems);
    }
    let foreign = settings.lay_environment(&invocation.environment, &mut problems);
    for (name, text, flag) in &invocation.flags {
        settings.lay_flag(name, text, flag, &mut problems);
    }
    let sites_directory = files.directory.as_ref().map(|directory| directory.join(SITES_DIRECTORY));
    let mut notes = find_warnings(&foreign, files.directory.as_deref());
    let sites = sites_directory.map(|path| sites::read_sites(&path, &mut files.read, &mut notes, &mut problems));
    let sites = sites.unwrap_or_default();
    let config = assemble_config(invocation, settings, &files, &mut problems);
    match config {
        Some(config) if problems.0.is_empty() => Ok(Config { sites, notes, files: files.read, ..config }),
        _ => Err(problems),
    }
}

/// Builds the configuration from the settings, the sources and the webhooks.
fn assemble_config(
    invocation: &Invocation,
    settings: Settings,
    files: &Files,
    problems: &mut Problems,
) -> Option<Config> {
    let store = sections::read_store(&settings, problems);
    let fetch = sections::read_fetch(&settings, problems);
    let schedule = sections::read_schedule(&settings, fetch.as_ref(), problems);
    let judge = sections::read_judge(&settings, problems);
    let keeping = retention::read_retention(&settings, problems);
    let serve = sections::read_serve(&settings, problems);
    let publish = sections::read_publish(&settings, serve.as_ref(), problems);
    let archive = archive::read_archive(&settings, problems);
    let websub = sections::read_websub(&settings, problems);
    let log = sections::read_log(&settings, problems);
    let rules = judge.clone().unwrap_or_default();
    let kept = keeping.unwrap_or_default();
    let mut gathering = Gathering { judge: &rules, keeping: &kept, fetch: fetch.as_ref(), found: Vec::new() };
    for table in &files.tables {
        gathering.add_file(table, problems);
    }
    for address in &invocation.feeds {
        gathering.add_argument(address, problems);
    }
    let (sources, origins): (Vec<_>, Vec<_>) = gathering.found.into_iter().unzip();
    let environment = &invocation.environment;
    let mut told = webhooks::Gathering { fetch: fetch.as_ref(), sources: &sources, environment, found: Vec::new() };
    for table in &files.tables {
        told.add_file(table, problems);
    }
    let (webhooks, shown_webhooks) = told.found.into_iter().unzip();
    Some(Config {
        store: store?,
        fetch: fetch?,
        schedule: schedule?,
        judge: judge?,
        keeping: keeping?,
        publish: publish?,
        serve: serve?,
        archive: archive?,
        websub: websub?,
        log: log?,
        sources,
        origins,
        webhooks,
        shown_webhooks,
        settings,
        sites: std::collections::HashMap::new(),
        notes: Vec::new(),
        files: Vec::new(),
        invocation: invocation.clone(),
    })
}

/// Finds and reads the files of the named directory or file; without one, those of `./config`, unless feeds are given
/// as arguments.
fn find_files(invocation: &Invocation, problems: &mut Problems) -> Files {
    match &invocation.config {
        Some(path) if path.is_dir() => read_directory(path, path.join(SETTINGS_FILE), problems),
        Some(path) if path.exists() => {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            read_directory(parent.unwrap_or(Path::new(".")), path.clone(), problems)
        }
        Some(path) => {
            let help = "name a settings file, or a directory that contains redraft.toml or sources.toml".to_owned();
            problems.add(&Place::Whole(path.display().to_string()), "no such file or directory", Some(help));
            Files::default()
        }
        None if invocation.look_up && invocation.feeds.is_empty() => {
            let directory = Path::new(DIRECTORY);
            let is_ours = [SETTINGS_FILE, SOURCES_FILE].iter().any(|name| directory.join(name).is_file());
            if is_ours { read_directory(directory, directory.join(SETTINGS_FILE), problems) } else { Files::default() }
        }
        None => Files::default(),
    }
}

/// Path of the sources file of an invocation, whether it exists or not.
pub(super) fn sources_file(invocation: &Invocation) -> PathBuf {
    let directory = match &invocation.config {
        Some(path) if path.is_file() => path.parent().map(Path::to_owned).unwrap_or_default(),
        Some(path) => path.clone(),
        None => PathBuf::from(DIRECTORY),
    };
    directory.join(SOURCES_FILE)
}

/// Reads a settings file and the sources file in its directory.
fn read_directory(directory: &Path, settings: PathBuf, problems: &mut Problems) -> Files {
    let directory = directory.strip_prefix("./").unwrap_or(directory).to_owned();
    let sources = directory.join(SOURCES_FILE);
    let same = settings.file_name() == sources.file_name();
    let mut files = Files { directory: Some(directory), ..Files::default() };
    for path in std::iter::once(settings).chain((!same).then_some(sources)) {
        if let Some(table) = document::read_file(&path, problems) {
            files.tables.push(table);
            files.read.push(path);
        }
    }
    files
}

/// Warnings: suspicious, but accepted.
fn find_warnings(foreign: &[String], directory: Option<&Path>) -> Vec<String> {
    let mut notes: Vec<String> =
        foreign.iter().map(|name| format!("the environment variable {name} is not a setting of redraft")).collect();
    // In the source tree the manual is in the configuration directory. Someone might edit it and expect that to take
    // effect.
    let manual = directory.map(|directory| directory.join("default.toml"));
    let text = manual.as_ref().and_then(|path| std::fs::read_to_string(path).ok());
    if let (Some(path), Some(text)) = (manual, text)
        && text != super::MANUAL
    {
        notes.push(format!(
            "{} is the manual and is not read: put settings into {SETTINGS_FILE} in the same directory",
            path.display()
        ));
    }
    notes
}
