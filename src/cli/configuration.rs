//! Loading the configuration of a command, and `redraft config`.

use std::process::ExitCode;

use redraft::config::{Config, Invocation, Place, Problem, Problems};

use super::arguments::Settings;
use super::failure::Failure;
use super::paint;

/// Loads the configuration from flags and environment, and prints notes to standard error.
pub(super) fn load_config(settings: &Settings, feeds: Vec<String>) -> Result<Config, Failure> {
    let config = Config::load(&build_invocation(settings, feeds)?)?;
    for note in &config.notes {
        paint::print_error(&format!("note: {note}"));
    }
    Ok(config)
}

/// Collects what flags, addresses and environment ask for.
fn build_invocation(settings: &Settings, feeds: Vec<String>) -> Result<Invocation, Failure> {
    let mut flags = Vec::new();
    let named = [
        ("serve.listen", "--listen", &settings.listen),
        ("store.path", "--data", &settings.data),
        ("publish.base_url", "--base-url", &settings.base_url),
    ];
    for (key, flag, value) in named {
        if let Some(value) = value {
            flags.push((key.to_owned(), value.clone(), format!("{flag} {value}")));
        }
    }
    for set in &settings.set {
        let (key, value) = set.split_once('=').ok_or_else(|| {
            Failure::Configuration(Problems(vec![Problem {
                place: Place::Flag(format!("--set {set}")),
                what: format!("{set:?} is not a setting"),
                help: Some("expected section.key=value, such as --set schedule.feed_interval=30m".to_owned()),
            }]))
        })?;
        flags.push((key.trim().to_owned(), value.trim().to_owned(), format!("--set {set}")));
    }
    let environment =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Ok(Invocation { config: settings.config.clone(), look_up: true, flags, feeds, environment: environment.collect() })
}

/// `redraft config check`.
pub(super) fn check_config(settings: &Settings) -> Result<ExitCode, Failure> {
    let config = load_config(settings, Vec::new())?;
    let files: Vec<String> = config.files.iter().map(|path| path.display().to_string()).collect();
    let read = if files.is_empty() { "no files, only the built-in defaults".to_owned() } else { files.join(", ") };
    paint::print_line(&format!("read {read}"));
    let sites = paint::count_noun(config.sites.len(), "site");
    let sources = paint::count_noun(config.sources.len(), "source");
    paint::print_line(&format!("{sources}, {sites} with hints: no mistakes"));
    if config.sources.is_empty() {
        paint::print_line("note: nothing is watched yet: add a [[source]] to sources.toml");
    }
    Ok(ExitCode::SUCCESS)
}

/// `redraft config show`.
pub(super) fn show_config(settings: &Settings) -> Result<ExitCode, Failure> {
    let _ = paint::print_text(&load_config(settings, Vec::new())?.show());
    Ok(ExitCode::SUCCESS)
}

/// `redraft config manual`.
pub(super) fn print_manual() -> ExitCode {
    let _ = paint::print_text(redraft::config::MANUAL);
    ExitCode::SUCCESS
}
