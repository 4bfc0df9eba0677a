//! Typed values of settings with their bounds. A value that does not fit adds a problem, and reading continues, so
//! that all problems are found at once.

use std::fmt::Display;
use std::ops::RangeInclusive;

use jiff::SignedDuration;
use regex::{Regex, RegexBuilder};
use url::Url;

use super::document::{Placed, Value};
use super::duration::{self, parse_duration, parse_size, write_duration};
use super::problem::Problems;
use super::settings::Settings;
use crate::model::Class;

/// Largest compiled regular expression in bytes. Ordinary ones take a few kilobytes.
const MAX_REGEX_BYTES: usize = 1 << 20;

/// Reads values of one table. `name` is `section.key` in messages.
pub(super) struct Taker<'a> {
    /// Collects the problems.
    pub(super) problems: &'a mut Problems,
}

impl Taker<'_> {
    /// Reports a wrong type.
    pub(super) fn mismatch(&mut self, name: &str, value: &Placed<Value>, expected: &str) {
        let what = format!("{name}: expected {expected}, found {}", value.value.kind());
        self.problems.add(&value.place, what, None);
    }

    /// Reports a value of the right type that does not fit.
    pub(super) fn misfit(&mut self, name: &str, value: &Placed<Value>, why: impl Display, help: &str) {
        let help = (!help.is_empty()).then(|| help.to_owned());
        self.problems.add(&value.place, format!("{name}: {why}"), help);
    }

    /// Reads a text.
    pub(super) fn text(&mut self, name: &str, value: &Placed<Value>) -> Option<String> {
        if let Value::Text(text) = &value.value {
            return Some(text.clone());
        }
        self.mismatch(name, value, "a text in quotation marks");
        None
    }

    /// Reads a duration within bounds.
    pub(super) fn duration(
        &mut self,
        name: &str,
        value: &Placed<Value>,
        bounds: &RangeInclusive<SignedDuration>,
    ) -> Option<SignedDuration> {
        let Value::Text(text) = &value.value else {
            self.mismatch(name, value, "a duration in quotation marks, such as \"15m\"");
            return None;
        };
        let expected = format!("expected {}", duration::DURATION_EXAMPLES);
        match parse_duration(text) {
            Ok(found) if bounds.contains(&found) => return Some(found),
            Ok(found) if found < *bounds.start() => {
                let why = format!("{text:?} is too short: the minimum is {}", write_duration(*bounds.start()));
                self.misfit(name, value, why, "");
            }
            Ok(_) => {
                let why = format!("{text:?} is too long: the maximum is {}", write_duration(*bounds.end()));
                self.misfit(name, value, why, "");
            }
            Err(why) => self.misfit(name, value, format!("{text:?} {why}"), &expected),
        }
        None
    }

    /// Reads a size in bytes within bounds.
    pub(super) fn size(&mut self, name: &str, value: &Placed<Value>, bounds: &RangeInclusive<usize>) -> Option<usize> {
        let found = match &value.value {
            Value::Integer(bytes) => usize::try_from(*bytes).map_err(|_| "is not a size".to_owned()),
            Value::Text(text) => parse_size(text),
            _ => {
                self.mismatch(name, value, "a size, such as \"5 MiB\"");
                return None;
            }
        };
        let written = super::show::write_value(&value.value);
        match found {
            Ok(bytes) if bounds.contains(&bytes) => return Some(bytes),
            Ok(_) => {
                let why = format!("{written} is out of bounds: {} to {} bytes", bounds.start(), bounds.end());
                self.misfit(name, value, why, "");
            }
            Err(why) => {
                let help = format!("expected {}", duration::SIZE_EXAMPLES);
                self.misfit(name, value, format!("{written} {why}"), &help);
            }
        }
        None
    }

    /// Reads an integer within bounds.
    pub(super) fn integer(&mut self, name: &str, value: &Placed<Value>, bounds: &RangeInclusive<i64>) -> Option<i64> {
        let Value::Integer(found) = value.value else {
            self.mismatch(name, value, "an integer");
            return None;
        };
        if bounds.contains(&found) {
            return Some(found);
        }
        self.misfit(name, value, format!("{found} is out of bounds: {} to {}", bounds.start(), bounds.end()), "");
        None
    }

    /// Reads a number within bounds.
    pub(super) fn number(&mut self, name: &str, value: &Placed<Value>, bounds: &RangeInclusive<f64>) -> Option<f64> {
        let found = match value.value {
            Value::Float(number) => number,
            Value::Integer(number) => number as f64,
            _ => {
                self.mismatch(name, value, "a number");
                return None;
            }
        };
        if bounds.contains(&found) {
            return Some(found);
        }
        self.misfit(name, value, format!("{found} is out of bounds: {} to {}", bounds.start(), bounds.end()), "");
        None
    }

    /// Reads a list of texts, each with its place; a single text counts as a list of one.
    pub(super) fn texts(&mut self, name: &str, value: &Placed<Value>) -> Vec<Placed<String>> {
        let single = std::slice::from_ref(value);
        let parts = if let Value::List(parts) = &value.value { parts.as_slice() } else { single };
        let mut texts = Vec::new();
        for part in parts {
            if let Value::Text(text) = &part.value {
                texts.push(Placed { value: text.clone(), place: part.place.clone() });
            } else {
                self.mismatch(name, part, "a list of texts");
            }
        }
        texts
    }

    /// Reads a list of texts and parses each; a text that cannot be parsed is a problem of its own.
    pub(super) fn list<T, E: Display>(
        &mut self,
        name: &str,
        value: &Placed<Value>,
        read: impl Fn(&str) -> Result<T, E>,
    ) -> Vec<T> {
        let mut list = Vec::new();
        for text in self.texts(name, value) {
            match read(&text.value) {
                Ok(part) => list.push(part),
                Err(why) => self.problems.add(&text.place, format!("{name}: {why}"), None),
            }
        }
        list
    }

    /// Reads a list of classes of change.
    pub(super) fn classes(&mut self, name: &str, value: &Placed<Value>) -> Vec<Class> {
        self.list(name, value, str::parse)
    }

    /// Reads a list of regular expressions.
    pub(super) fn regexes(&mut self, name: &str, value: &Placed<Value>) -> Vec<Regex> {
        self.list(name, value, |text| {
            RegexBuilder::new(text).size_limit(MAX_REGEX_BYTES).build().map_err(|error| {
                // The crate's message repeats the expression over several lines; its last line states the error.
                let error = error.to_string();
                let why = error.lines().last().unwrap_or("").trim_start_matches("error: ");
                format!("{text:?} is not a regular expression: {why}")
            })
        })
    }

    /// Reads an http or https address without a user name; `None` if the text is empty.
    pub(super) fn address(&mut self, name: &str, value: &Placed<Value>) -> Option<Url> {
        let text = self.text(name, value)?;
        if text.is_empty() {
            return None;
        }
        match web_address(&text) {
            Ok(url) => Some(url),
            Err(why) => {
                self.misfit(
                    name,
                    value,
                    format!("{text:?} {why}"),
                    "expected an address such as https://news.example/rss.xml",
                );
                None
            }
        }
    }

    /// Reads one of a few words.
    pub(super) fn choice<T: Copy>(&mut self, name: &str, value: &Placed<Value>, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(name, value)?;
        let found = choices.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let words: Vec<String> = choices.iter().map(|(word, _)| format!("{word:?}")).collect();
            self.misfit(
                name,
                value,
                format!("{text:?} is not known"),
                &format!("expected one of {}", words.join(", ")),
            );
        }
        found.map(|(_, choice)| *choice)
    }
}

/// Parses an http or https address with a host and without a user name.
///
/// # Errors
/// The problem, as a fragment that follows the text.
pub(super) fn web_address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => "is not a full address: it does not begin with https://".to_owned(),
        other => format!("is not an address: {other}"),
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("has the scheme {:?}, only http and https can be fetched", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a user name or password in it".to_owned());
    }
    Ok(url)
}

/// Reads the keys of one section of the settings.
pub(super) struct Section<'a> {
    /// All settings.
    pub(super) settings: &'a Settings,
    /// Name of the section.
    pub(super) name: &'static str,
}

impl Section<'_> {
    /// Calls `read` with the full name and the value of a key. A key that `default.toml` lacks is a bug of ours,
    /// reported as a problem.
    pub(super) fn get<'p, T>(
        &self,
        key: &str,
        taker: &mut Taker<'p>,
        read: impl FnOnce(&mut Taker<'p>, &str, &Placed<Value>) -> T,
    ) -> Option<T> {
        let name = format!("{}.{key}", self.name);
        if let Some(setting) = self.settings.get(self.name, key) {
            return Some(read(taker, &name, &setting.set));
        }
        taker.problems.add(&super::settings::defaults_place(), format!("{name} has no default"), None);
        None
    }
}
