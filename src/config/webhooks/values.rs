//! Single values of a webhook's table, and its output in `config show`.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use url::Url;

use super::Shown;
use crate::config::document::{Placed, Table, Value};
use crate::config::problem::{Place, Problems};
use crate::config::take::Taker;
use crate::model::{Narrowing, SourceSlug};

/// Keys whose value is a secret, or may be one.
const SECRET_KEYS: [&str; 3] = ["url", "secret", "token"];
/// Largest file with a secret or a template, in bytes.
const MAX_FILE_BYTES: u64 = 64 << 10;
/// Optional prefix of a secret, as in Standard Webhooks.
const SECRET_PREFIX: &str = "whsec_";
/// Lengths of a secret in bytes that Standard Webhooks allows.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// Adds a problem and returns `None`, so that readers of values can end with it.
pub(super) fn refuse<T>(place: &Place, problems: &mut Problems, what: &str, help: &str) -> Option<T> {
    problems.add(place, what, (!help.is_empty()).then(|| help.to_owned()));
    None
}

pub(super) fn read_name(table: &Table, place: &Place, problems: &mut Problems) -> Option<String> {
    let Some(value) = table.get("name") else {
        return refuse(place, problems, "webhook: has no name", "add a line such as name = \"newsroom\"");
    };
    let text = Taker { problems }.text("name", value)?;
    match text.parse::<SourceSlug>() {
        Ok(slug) => Some(slug.to_string()),
        Err(why) => refuse(
            &value.place,
            problems,
            &format!("name: {why}"),
            &format!("such as name = \"{}\"", SourceSlug::of(&text)),
        ),
    }
}

pub(super) fn read_file(path: &str) -> std::io::Result<String> {
    if std::fs::metadata(path)?.len() > MAX_FILE_BYTES {
        return Err(std::io::Error::other(format!("it is larger than {MAX_FILE_BYTES} bytes")));
    }
    std::fs::read_to_string(path)
}

/// Decodes a secret; `None` if it is not one.
pub(super) fn decode_key(text: &str) -> Option<Vec<u8>> {
    let key = BASE64_STANDARD.decode(text.strip_prefix(SECRET_PREFIX).unwrap_or(text)).ok()?;
    SECRET_BYTES.contains(&key.len()).then_some(key)
}

/// Removes the topic from the end of an ntfy address, because JSON is posted to its root. Returns the topic.
pub(super) fn take_topic(url: &mut Url) -> String {
    let topic = url.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default().to_owned();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop().push("");
    }
    topic
}

/// Reads the filter, with the same names and values as in our feeds' addresses.
pub(super) fn read_narrowing(table: &Table, problems: &mut Problems) -> Narrowing {
    let mut pairs = Vec::new();
    for name in Narrowing::NAMES {
        let Some(value) = table.get(name) else { continue };
        let words = filter_text(name, value, problems);
        match Narrowing::of([(name, words.as_str())]) {
            _ if words.is_empty() => {}
            Ok(_) => pairs.push((name, words)),
            Err(why) => problems.add(&value.place, why.to_string(), None),
        }
    }
    Narrowing::of(pairs.iter().map(|(name, words)| (*name, words.as_str()))).unwrap_or_default()
}

/// A value as it would be in an address; empty if it does not filter anything or was refused.
fn filter_text(name: &str, value: &Placed<Value>, problems: &mut Problems) -> String {
    let mut taker = Taker { problems };
    match &value.value {
        Value::Bool(truth) if name == "silent" => if *truth { "1" } else { "" }.to_owned(),
        _ if name == "silent" => {
            taker.mismatch(name, value, "true or false");
            String::new()
        }
        Value::Float(_) | Value::Integer(_) if name == "min_score" => {
            taker.number(name, value, &(0.0..=1.0)).map(|score| score.to_string()).unwrap_or_default()
        }
        _ if name == "class" => {
            taker.texts(name, value).into_iter().map(|text| text.value).collect::<Vec<_>>().join(",")
        }
        _ => taker.text(name, value).unwrap_or_default(),
    }
}

pub(super) fn read_allow_private(table: &Table, problems: &mut Problems) -> bool {
    match table.get("allow_private").map(|value| (value, &value.value)) {
        None => false,
        Some((_, Value::Bool(truth))) => *truth,
        Some((value, _)) => {
            Taker { problems }.mismatch("allow_private", value, "true or false");
            false
        }
    }
}

pub(super) fn shown_keys(table: &Table, place: &Place) -> Shown {
    let (secret, open): (Vec<_>, Vec<_>) =
        table.0.iter().partition(|(key, _)| SECRET_KEYS.contains(&key.value.as_str()));
    Shown {
        place: place.clone(),
        keys: open.into_iter().map(|(key, value)| (key.value.clone(), value.value.clone())).collect(),
        kept_back: secret.into_iter().map(|(key, _)| key.value.clone()).collect(),
    }
}
