//! `redraft config show`: the configuration in force, as TOML.

use std::fmt::Write as _;

use super::Config;
use super::document::Value;
use crate::model::SourceKind;

/// Column of the origin comments, if the value before is not longer.
const ORIGIN_COLUMN: usize = 44;

/// Formats all settings and sources with their origins. The text is a valid configuration file.
pub(super) fn show_config(config: &Config) -> String {
    let mut out = String::new();
    let mut section = "";
    for setting in &config.settings.all {
        if setting.section != section {
            let gap = if section.is_empty() { "" } else { "\n" };
            let _ = writeln!(out, "{gap}[{}]", setting.section);
            section = &setting.section;
        }
        let line = format!("{} = {}", setting.key, write_value(&setting.set.value));
        let _ = writeln!(out, "{line:ORIGIN_COLUMN$} # from {}", setting.set.place.origin());
    }
    for (source, origin) in config.sources.iter().zip(&config.origins) {
        let table = match source.kind {
            SourceKind::Feed => "[[source]]",
            SourceKind::Page => "[[page]]",
        };
        let _ = writeln!(out, "\n{table:ORIGIN_COLUMN$} # from {}", origin.place.origin());
        for (key, value) in &origin.keys {
            let _ = writeln!(out, "{key} = {}", write_value(value));
        }
        for (key, made) in [("name", source.name.as_str()), ("slug", source.slug.as_str())] {
            if !origin.keys.iter().any(|(own, _)| own == key) {
                let line = format!("{key} = {}", write_value(&Value::Text(made.to_owned())));
                let _ = writeln!(out, "{line:ORIGIN_COLUMN$} # made by redraft");
            }
        }
    }
    for webhook in &config.shown_webhooks {
        let _ = writeln!(out, "\n{:ORIGIN_COLUMN$} # from {}", "[[webhook]]", webhook.place.origin());
        for (key, value) in &webhook.keys {
            let _ = writeln!(out, "{key} = {}", write_value(value));
        }
        for key in &webhook.kept_back {
            let _ = writeln!(out, "# {key} is set, and not shown");
        }
    }
    out
}

/// Formats a value as TOML.
pub(super) fn write_value(value: &Value) -> String {
    match value {
        Value::Text(text) => toml::Value::String(text.clone()).to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => toml::Value::Float(*number).to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::List(list) => {
            format!("[{}]", list.iter().map(|part| write_value(&part.value)).collect::<Vec<_>>().join(", "))
        }
        Value::Table(_) | Value::Other(_) => "…".to_owned(),
    }
}
