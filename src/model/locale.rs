//! The languages that we speak ourselves, in entries and on pages. The language of an article is its own affair.

use std::fmt;
use std::str::FromStr;

/// A language of ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    /// English, as in Britain.
    #[default]
    English,
    /// Deutsch.
    German,
    /// Français.
    French,
    /// Español.
    Spanish,
    /// Polski.
    Polish,
    /// Українська.
    Ukrainian,
}

/// Why a tag names no language of ours; says which there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected one of {tags}", tags = Locale::ALL.map(Locale::tag).join(", "))]
pub struct UnknownLocale;

impl Locale {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::English, Self::German, Self::French, Self::Spanish, Self::Polish, Self::Ukrainian];

    /// Its tag, as RFC 5646 has it.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Polish => "pl",
            Self::Ukrainian => "uk",
        }
    }
}

impl FromStr for Locale {
    type Err = UnknownLocale;

    /// Takes tags of dialects too: `de-AT` is German.
    fn from_str(tag: &str) -> Result<Self, UnknownLocale> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|known| known.tag().eq_ignore_ascii_case(primary)).ok_or(UnknownLocale)
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_its_language_whatever_the_dialect() {
        for locale in Locale::ALL {
            assert_eq!(locale.to_string().parse(), Ok(locale));
        }
        assert_eq!("de-AT".parse(), Ok(Locale::German));
        assert_eq!("EN_us".parse(), Ok(Locale::English));
        assert_eq!("nl".parse::<Locale>(), Err(UnknownLocale));
        assert_eq!(UnknownLocale.to_string(), "expected one of en, de, fr, es, pl, uk");
    }
}
