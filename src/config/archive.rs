//! `[archive]`: whether and how the Internet Archive is asked to save pages.

use jiff::SignedDuration;
use url::Url;

use super::document::Value;
use super::problem::Problems;
use super::secret::Secret;
use super::settings::Settings;
use super::take::{Section, Taker};

/// Longest time between two requests.
const MAX_SPACING: SignedDuration = SignedDuration::from_hours(1);

/// Settings for requests to the Internet Archive.
#[derive(Clone, Debug)]
pub struct Archive {
    /// Whether pages are saved there at all.
    pub save: bool,
    /// Address that saves pages.
    pub address: Url,
    /// Least time between two requests.
    pub spacing: SignedDuration,
    /// `ACCESS:SECRET` of an account there; `None` for anonymous requests.
    pub key: Option<Secret<String>>,
}

/// Reads `[archive]`.
pub(super) fn read_archive(settings: &Settings, problems: &mut Problems) -> Option<Archive> {
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
            taker.misfit(name, value, "is empty", "expected an address; to save nothing, set save = false");
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
            Ok(_) => {
                taker.misfit(name, value, format!("{path:?} contains no key"), "expected ACCESS:SECRET on one line");
            }
            Err(why) => taker.misfit(name, value, why, ""),
        }
        None
    });
    Some(Archive { save: save??, address: address??, spacing: spacing??, key: key? })
}
