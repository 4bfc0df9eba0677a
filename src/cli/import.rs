//! `redraft import` of an OPML list: appends its feeds to `sources.toml`.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use redraft::config::{self, Config, Fate, Imported};
use redraft::discover::{self, MAX_OPML_BYTES, Outline};

use super::arguments::{Import, Settings};
use super::failure::Failure;
use super::{configuration, paint};

/// Adds the feeds of the files to the sources and prints the result for each.
pub(super) fn import_opml(settings: &Settings, asked: &Import) -> Result<ExitCode, Failure> {
    let config = configuration::load_config(settings, Vec::new())?;
    let mut outlines = Vec::new();
    for file in &asked.files {
        outlines.extend(read_outlines(file)?);
    }
    let target = config.sources_file();
    let before = match fs::read_to_string(&target) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(anyhow::anyhow!("{} cannot be read: {error}", target.display()).into()),
    };
    let imported = config::import(&config, &before, outlines)?;
    imported.fates.iter().for_each(|(outline, fate)| paint::print_line(&describe_result(outline, fate)));
    if imported.text != before && !asked.dry_run {
        replace_file(&target, &imported.text)?;
    }
    paint::print_line(&summarize(&imported, &config, &target, asked.dry_run));
    Ok(ExitCode::SUCCESS)
}

/// Reads the feeds of an OPML file.
fn read_outlines(file: &str) -> Result<Vec<Outline>, Failure> {
    let most = MAX_OPML_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    let done = if file == "-" {
        io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        fs::File::open(file).and_then(|opened| opened.take(most).read_to_end(&mut bytes))
    };
    done.with_context(|| format!("{file} cannot be read"))?;
    discover::opml(&bytes).map_err(|why| Failure::Usage(format!("{file}: {why}")))
}

/// One feed and its result as a line of text.
fn describe_result(outline: &Outline, fate: &Fate) -> String {
    let address = outline.url.as_ref().map_or_else(String::as_str, url::Url::as_str);
    let name = outline.name.as_deref().unwrap_or(address);
    let line = outline.line;
    match fate {
        Fate::Added(slug) => format!("line {line}: added {name} as {slug}: {address}"),
        Fate::Present(slug) => format!("line {line}: already watched as {slug}: {address}"),
        Fate::Refused(why) => format!("line {line}: skipped {name}: {why}"),
    }
}

fn summarize(imported: &Imported, config: &Config, target: &Path, dry_run: bool) -> String {
    let count = |is: fn(&Fate) -> bool| imported.fates.iter().filter(|(_, fate)| is(fate)).count();
    let added = count(|fate| matches!(fate, Fate::Added(_)));
    let done = match (dry_run, added) {
        (_, 0) => format!("{} is unchanged", target.display()),
        (true, _) => format!("{} would grow; nothing was written", target.display()),
        (false, _) => {
            format!("{} was written; a running redraft reads it on SIGHUP, or at its next start", target.display())
        }
    };
    format!(
        "{added} added to {}, {} already watched, {} skipped: {done}",
        paint::count_noun(config.sources.len(), "source"),
        count(|fate| matches!(fate, Fate::Present(_))),
        count(|fate| matches!(fate, Fate::Refused(_)))
    )
}

/// Replaces a file atomically: readers see either the old or the new content, never a part.
fn replace_file(target: &Path, text: &str) -> anyhow::Result<()> {
    let cannot = || format!("{} cannot be written", target.display());
    let directory = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory).with_context(cannot)?;
    let beside = target.with_extension("toml.new");
    let mut file = fs::File::create(&beside).with_context(cannot)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).with_context(cannot)?;
    if let Ok(old) = fs::metadata(target) {
        fs::set_permissions(&beside, old.permissions()).with_context(cannot)?;
    }
    fs::rename(&beside, target).with_context(cannot)
}
