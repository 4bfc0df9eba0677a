//! `sites/HOST.toml`: hints for the pages of one host.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::document::{self, Table};
use super::problem::{Place, Problems};
use super::settings::nearest;
use super::take::Taker;
use crate::extract::{BadSelector, Hints};

/// Keys of a file of hints.
const KEYS: [&str; 3] = ["keep", "drop", "headline"];
/// Most files of hints.
const MAX_SITES: usize = 10_000;

/// Reads all hints of a directory, if it is there; files by name, so that messages have an order.
pub(super) fn read(directory: &Path, files: &mut Vec<PathBuf>, problems: &mut Problems) -> HashMap<String, Hints> {
    let mut sites = HashMap::new();
    let Ok(listing) = std::fs::read_dir(directory) else { return sites };
    let mut paths: Vec<PathBuf> = listing.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    if paths.len() > MAX_SITES {
        problems.add(&Place::Whole(directory.display().to_string()), format!("more than {MAX_SITES} files"), None);
    }
    for path in paths.into_iter().take(MAX_SITES) {
        let host = path.file_stem().and_then(|stem| stem.to_str()).map(str::to_lowercase);
        if let (Some(host), Some(table)) = (host, document::read(&path, problems)) {
            sites.insert(host, hints(&table, problems));
            files.push(path);
        }
    }
    sites
}

/// Reads the hints of one file.
fn hints(table: &Table, problems: &mut Problems) -> Hints {
    for (key, _) in &table.0 {
        if !KEYS.contains(&key.value.as_str()) {
            let help = nearest(&key.value, &KEYS.map(str::to_owned));
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
