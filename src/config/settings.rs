//! All settings in layers: defaults, files, environment, command line. The last layer that sets a key wins, and the
//! key remembers its place.

use std::sync::Arc;

use super::document::{self, Placed, Table, Value};
use super::problem::{File, Place, Problems};
use super::show::write_value;

/// The manual: every key with its default and the reason for it.
pub const MANUAL: &str = include_str!("../../config/default.toml");
/// Prefix of our environment variables.
const PREFIX: &str = "REDRAFT_";
/// Variables with the prefix that the command line itself reads.
const NOT_SETTINGS: [&str; 1] = ["REDRAFT_CONFIG"];

/// One key with its value in force.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// The section, such as `store`.
    pub(super) section: String,
    /// The key, such as `path`.
    pub(super) key: String,
    /// The value in force and its place.
    pub(super) set: Placed<Value>,
    /// The default. Its type is the key's type.
    default: Value,
}

/// All keys, in the order of `default.toml`.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    pub(super) all: Vec<Setting>,
}

impl Settings {
    /// Reads the defaults from the manual.
    pub(super) fn defaults(problems: &mut Problems) -> Self {
        let file = File { name: "default.toml".to_owned(), text: MANUAL.to_owned(), built_in: true };
        let mut all = Vec::new();
        for (section, table) in document::parse_text(file, problems).0 {
            let Value::Table(keys) = table.value else { continue };
            for (key, set) in keys.0 {
                let default = set.value.clone();
                all.push(Setting { section: section.value.clone(), key: key.value, set, default });
            }
        }
        Self { all }
    }

    /// Returns the setting of a key; `None` if `default.toml` does not have it.
    pub(super) fn get(&self, section: &str, key: &str) -> Option<&Setting> {
        self.all.iter().find(|setting| setting.section == section && setting.key == key)
    }

    /// The names of the settings whose values differ in `other`.
    pub(super) fn differing(&self, other: &Self) -> impl Iterator<Item = String> {
        let pairs = self.all.iter().zip(&other.all);
        let differ = |(one, other): &(&Setting, &Setting)| write_value(&one.set.value) != write_value(&other.set.value);
        pairs.filter(differ).map(|(setting, _)| format!("{}.{}", setting.section, setting.key))
    }

    /// Applies the sections of a file. Tables named in `besides` are read elsewhere.
    pub(super) fn lay_file(&mut self, file: Table, besides: &[&str], problems: &mut Problems) {
        for (section, table) in file.0 {
            if besides.contains(&section.value.as_str()) {
                continue;
            }
            match table.value {
                _ if !self.has_section(&section.value) => {
                    let help = self.sections_help(&section.value, besides);
                    problems.add(&section.place, format!("unknown section {:?}", section.value), Some(help));
                }
                Value::Table(keys) => self.lay_section(&section.value, keys, problems),
                other => problems.add(
                    &table.place,
                    format!("{}: expected a section, found {}", section.value, other.kind()),
                    Some(format!("write [{}] on its own line and its keys below", section.value)),
                ),
            }
        }
    }

    /// Applies one section of a file.
    fn lay_section(&mut self, section: &str, keys: Table, problems: &mut Problems) {
        for (key, value) in keys.0 {
            let found = self.all.iter_mut().find(|setting| setting.section == section && setting.key == key.value);
            if let Some(setting) = found {
                setting.set = value;
            } else {
                let help = self.keys_help(section, &key.value);
                problems.add(&key.place, format!("unknown key {:?} in [{section}]", key.value), Some(help));
            }
        }
    }

    /// Applies `REDRAFT_SECTION_KEY` variables. Returns the names of variables that match no section: they probably
    /// belong to another program (container systems create `REDRAFT_PORT` and the like for a service called redraft).
    pub(super) fn lay_environment(&mut self, variables: &[(String, String)], problems: &mut Problems) -> Vec<String> {
        let mut foreign = Vec::new();
        for (name, text) in variables {
            let Some(rest) = name.strip_prefix(PREFIX) else { continue };
            if text.is_empty() || NOT_SETTINGS.contains(&name.as_str()) {
                continue;
            }
            let place = Place::Environment(name.clone(), text.clone());
            let of_section = |setting: &Setting| rest.starts_with(&format!("{}_", setting.section.to_uppercase()));
            if let Some(setting) = self.all.iter_mut().find(|setting| variable_name(setting) == *name) {
                set_from_text(setting, text, place, problems);
            } else if self.all.iter().any(of_section) {
                let names: Vec<String> = self.all.iter().map(variable_name).collect();
                problems.add(&place, format!("{name} is not a setting"), Some(suggest_name(name, &names)));
            } else {
                foreign.push(name.clone());
            }
        }
        foreign
    }

    /// Applies a `section.key` of the command line. `flag` is the flag as typed.
    pub(super) fn lay_flag(&mut self, name: &str, text: &str, flag: &str, problems: &mut Problems) {
        let place = Place::Flag(flag.to_owned());
        let names: Vec<String> = self.all.iter().map(full_name).collect();
        match self.all.iter_mut().find(|setting| full_name(setting) == name) {
            Some(setting) => set_from_text(setting, text, place, problems),
            None => problems.add(&place, format!("unknown key {name:?}"), Some(suggest_name(name, &names))),
        }
    }

    fn has_section(&self, name: &str) -> bool {
        self.all.iter().any(|setting| setting.section == name)
    }

    fn sections_help(&self, wrong: &str, besides: &[&str]) -> String {
        let mut names: Vec<String> = self.all.iter().map(|setting| setting.section.clone()).collect();
        names.dedup();
        names.extend(besides.iter().map(|&name| name.to_owned()));
        suggest_name(wrong, &names)
    }

    fn keys_help(&self, section: &str, wrong: &str) -> String {
        let here: Vec<String> =
            self.all.iter().filter(|setting| setting.section == section).map(|setting| setting.key.clone()).collect();
        let elsewhere = self.all.iter().find(|setting| setting.key == wrong);
        elsewhere
            .map_or_else(|| suggest_name(wrong, &here), |setting| format!("{wrong} belongs in [{}]", setting.section))
    }
}

/// Full name of a setting: `serve.listen`.
pub(super) fn full_name(setting: &Setting) -> String {
    format!("{}.{}", setting.section, setting.key)
}

/// Environment variable of a setting: `REDRAFT_SERVE_LISTEN`.
fn variable_name(setting: &Setting) -> String {
    format!("{PREFIX}{}_{}", setting.section.to_uppercase(), setting.key.to_uppercase())
}

/// Parses a text from the environment or command line as the key's type, and sets it.
fn set_from_text(setting: &mut Setting, text: &str, place: Place, problems: &mut Problems) {
    let name = full_name(setting);
    let value = match &setting.default {
        Value::Integer(_) => text.parse().map(Value::Integer).ok(),
        Value::Float(_) => text.parse().map(Value::Float).ok(),
        Value::Bool(_) => text.parse().map(Value::Bool).ok(),
        Value::List(_) => match list_of(text, &place) {
            Ok(list) => Some(list),
            Err(why) => {
                let help = "expected parts between commas, or a TOML array such as [\"one\", \"two\"]".to_owned();
                problems.add(&place, format!("{name}: {text:?} is not a list: {why}"), Some(help));
                return;
            }
        },
        _ => Some(Value::Text(text.to_owned())),
    };
    if let Some(value) = value {
        setting.set = Placed { value, place };
        return;
    }
    let kind = setting.default.kind();
    let help = format!("expected {kind}, such as the default {}", super::show::write_value(&setting.default));
    problems.add(&place, format!("{name}: {text:?} is not {kind}"), Some(help));
}

/// Parses a list: a TOML array, or parts separated by commas. A regular expression may begin with `[` too, so only a
/// text that begins like an array of strings must be one.
fn list_of(text: &str, place: &Place) -> Result<Value, String> {
    if let Some(inside) = text.trim().strip_prefix('[') {
        match array_of(text) {
            Ok(Value::List(parts)) => {
                let parts = parts.into_iter().map(|part| Placed { place: place.clone(), ..part });
                return Ok(Value::List(parts.collect()));
            }
            Err(why) if inside.trim_start().starts_with(['"', '\'']) => return Err(why),
            _ => {}
        }
    }
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    Ok(Value::List(parts.map(|part| Placed { value: Value::Text(part.to_owned()), place: place.clone() }).collect()))
}

/// Parses a value in TOML syntax.
fn array_of(text: &str) -> Result<Value, String> {
    let mut problems = Problems::default();
    let file = File { name: String::new(), text: format!("list = {}", text.trim()), built_in: false };
    let table = document::parse_text(file, &mut problems);
    match (problems.0.first(), table.get("list")) {
        (None, Some(list)) => Ok(list.value.clone()),
        (Some(problem), _) => Err(problem.what.clone()),
        (None, None) => Err("no value".to_owned()),
    }
}

/// Suggests the nearest name (`did you mean …`), or lists all names.
pub(super) fn suggest_name(wrong: &str, names: &[String]) -> String {
    let best = names.iter().map(|name| (edit_distance(wrong, name), name)).min();
    match best {
        Some((far, name)) if far <= 2.max(wrong.chars().count() / 3) => format!("did you mean {name}?"),
        _ => format!("expected one of {}", names.join(", ")),
    }
}

/// Edit distance between two words: the number of characters to add, drop or replace.
fn edit_distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

/// The place of the built-in defaults as a whole, for problems without a place of their own.
pub(super) fn defaults_place() -> Place {
    let file = File { name: "default.toml".to_owned(), text: String::new(), built_in: true };
    Place::Text { file: Arc::new(file), span: 0..0, is_secret: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_parses_and_names_every_key_once() {
        let mut problems = Problems::default();
        let settings = Settings::defaults(&mut problems);
        assert!(problems.0.is_empty(), "{problems}");
        let mut names: Vec<String> = settings.all.iter().map(full_name).collect();
        assert!(names.len() > 25, "{names:?}");
        names.sort();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn a_near_miss_is_suggested_and_a_wild_guess_gets_the_list() {
        let names = ["listen".to_owned(), "path".to_owned()];
        assert_eq!(suggest_name("lisen", &names), "did you mean listen?");
        assert_eq!(suggest_name("zzzzzz", &names), "expected one of listen, path");
    }
}
