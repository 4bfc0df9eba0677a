//! `sites/HOST.toml`: extraction hints for the pages of one host.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use url::Host;

use super::document::{self, Table};
use super::problem::{Place, Problems};
use super::settings::suggest_name;
use super::take::Taker;
use crate::extract::{BadSelector, Hints};

/// Keys of a hints file.
const KEYS: [&str; 3] = ["keep", "drop", "headline"];
/// Most hints files.
const MAX_SITES: usize = 10_000;

/// Reads all hints files of a directory, if it exists, in the order of their names, so that messages are stable. A
/// file that is not named after a host is not used and gets a warning.
pub(super) fn read_sites(
    directory: &Path,
    files: &mut Vec<PathBuf>,
    notes: &mut Vec<String>,
    problems: &mut Problems,
) -> HashMap<String, Hints> {
    let mut sites = HashMap::new();
    let Ok(listing) = std::fs::read_dir(directory) else { return sites };
    let mut paths: Vec<PathBuf> = listing.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    if paths.len() > MAX_SITES {
        problems.add(&Place::Whole(directory.display().to_string()), format!("more than {MAX_SITES} files"), None);
    }
    for path in paths.into_iter().take(MAX_SITES) {
        let Some(table) = document::read_file(&path, problems) else { continue };
        let hints = read_hints(&table, problems);
        match path.file_stem().and_then(|stem| host_named(stem.to_str()?)) {
            Some(host) => {
                sites.insert(host, hints);
            }
            None => notes.push(format!(
                "{} is not named after a host, so its hints are not used: expected a name such as news.example.toml, \
                 without a port",
                path.display()
            )),
        }
        files.push(path);
    }
    sites
}

/// The host that a file is named after, in the form that addresses use. A single word with `_` in it is not a
/// publisher's host.
fn host_named(stem: &str) -> Option<String> {
    let host = Host::parse(stem).ok()?.to_string();
    (host.contains('.') || !host.contains('_')).then_some(host)
}

/// Reads the hints of one file.
fn read_hints(table: &Table, problems: &mut Problems) -> Hints {
    for (key, _) in &table.0 {
        if !KEYS.contains(&key.value.as_str()) {
            let help = suggest_name(&key.value, &KEYS.map(str::to_owned));
            problems.add(&key.place, format!("unknown key {:?} in the hints of a site", key.value), Some(help));
        }
    }
    let mut taker = Taker { problems };
    let mut selectors = |key: &str| {
        let list = |text: &str| -> Result<String, BadSelector> {
            Hints { keep: vec![text.to_owned()], ..Hints::default() }.check()?;
            Ok(text.to_owned())
        };
        table.get(key).map(|value| taker.list(key, value, list)).unwrap_or_default()
    };
    Hints { keep: selectors("keep"), drop: selectors("drop"), headline: selectors("headline").into_iter().next() }
}
