//! `[archive]`: whether the Internet Archive is asked to copy what we keep.

use jiff::SignedDuration;
use url::Url;

use super::document::Value;
use super::problem::Problems;
use super::secret::Secret;
use super::settings::Settings;
use super::take::{Section, Taker};

/// Longest time between two questions.
const MAX_SPACING: SignedDuration = SignedDuration::from_hours(1);

/// How the Internet Archive is asked.
#[derive(Clone, Debug)]
pub struct Archive {
    /// Whether it is.
    pub save: bool,
    /// Where.
    pub address: Url,
    /// Least time between two questions.
    pub spacing: SignedDuration,
    /// `ACCESS:SECRET` of an account there; none where it is asked without one.
    pub key: Option<Secret<String>>,
}

/// Reads `[archive]`.
pub(super) fn archive(settings: &Settings, problems: &mut Problems) -> Option<Archive> {
    let (section, mut taker) = (Section { settings, name: "archive" }, Taker { problems });
    let taker = &mut taker;
    let save = section.get("save", taker, |taker, name, value| {
        if let Value::Bool(save) = value.value {
            return Some(save);
        }
        taker.mismatch(name, value, "true or false");
        None
    });
    let address = section.get("address", taker, |taker, name, value| {
        if matches!(&value.value, Value::Text(text) if text.is_empty()) {
            taker.misfit(name, value, "is empty", "expected an address; to copy nothing say save = false");
        }
        taker.address(name, value)
    });
    let spacing = section
        .get("spacing", taker, |taker, name, value| taker.duration(name, value, &(SignedDuration::ZERO..=MAX_SPACING)));
    let key = section.get("key_file", taker, |taker, name, value| {
        let path = taker.text(name, value).filter(|path| !path.is_empty())?;
        let read = std::fs::read_to_string(&path).map_err(|error| format!("{path:?} cannot be read: {error}"));
        match read.map(|text| text.trim().to_owned()) {
            Ok(key) if key.contains(':') && !key.contains(char::is_whitespace) => return Some(Secret::new(key)),
            Ok(_) => taker.misfit(name, value, format!("{path:?} holds no key"), "expected ACCESS:SECRET on one line"),
            Err(why) => taker.misfit(name, value, why, ""),
        }
        None
    });
    Some(Archive { save: save??, address: address??, spacing: spacing??, key: key? })
}
