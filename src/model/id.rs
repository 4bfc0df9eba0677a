//! Identifiers. Each is its own type, so that a version's number is never taken for an edit's.

use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// An article's identity for ever: 1 for the first article that a store saw, 2 for the second. Never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(pub u64);

/// A kept version's place among its article's versions, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionNumber(pub u32);

/// A published edit's place among its article's edits, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EditNumber(pub u32);

impl VersionNumber {
    /// The number of an article's first version.
    pub const FIRST: Self = Self(1);

    /// The number after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

macro_rules! decimal {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}
decimal!(ArticleId);
decimal!(VersionNumber);
decimal!(EditNumber);

/// A source's name in addresses: 1 to 64 of `a-z`, `0-9` and `-`, no `-` at either end. Unique among the sources.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceSlug(String);

/// Why a text is no [`SourceSlug`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a slug: use 1 to 64 of a-z, 0-9 and -, neither first nor last a -")]
pub struct BadSlug(pub String);

impl SourceSlug {
    /// Longest slug, in bytes.
    pub const MAX_BYTES: usize = 64;

    /// Makes a slug of any text: letters and digits in lower case, Latin letters without their marks, one `-` for each run of
    /// anything else. Gives `source` where nothing is left.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::made_of(text).unwrap_or_else(|| Self("source".to_owned()))
    }

    /// As [`SourceSlug::of`], but none where nothing is left.
    #[must_use]
    pub fn made_of(text: &str) -> Option<Self> {
        let mut slug = String::new();
        for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
            let letters = in_ascii(c);
            if slug.len() + letters.len().max(1) > Self::MAX_BYTES {
                break;
            }
            if c.is_ascii_alphanumeric() {
                slug.push(c.to_ascii_lowercase());
            } else if !letters.is_empty() {
                slug.push_str(letters);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let slug = slug.trim_end_matches('-');
        (!slug.is_empty()).then(|| Self(slug.to_owned()))
    }

    /// The slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a Latin letter that is no letter with a mark is written in ASCII; empty for any other character.
fn in_ascii(c: char) -> &'static str {
    match c {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'ħ' | 'Ħ' => "h",
        'ŧ' | 'Ŧ' => "t",
        'ı' => "i",
        _ => "",
    }
}

impl FromStr for SourceSlug {
    type Err = BadSlug;
    fn from_str(text: &str) -> Result<Self, BadSlug> {
        let fits = !text.is_empty()
            && text.len() <= Self::MAX_BYTES
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-');
        if fits { Ok(Self(text.to_owned())) } else { Err(BadSlug(text.to_owned())) }
    }
}

impl fmt::Display for SourceSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A BLAKE3 hash of something: a page's bytes, a content's identity, a feed's body.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The hash of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// Its first 64 bits: enough to tell one text from the next, not to name one among all.
    #[must_use]
    pub fn short(&self) -> u64 {
        self.0[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_keeps_latin_letters_without_their_marks() {
        for (text, slug) in [
            ("ÅÄÖ Ünï", "aao-uni"),
            ("A\u{30a}a\u{308}", "aa"),
            ("Straße, Ærø & Łódź", "strasse-aero-lodz"),
            ("L'Équipe — à la une", "l-equipe-a-la-une"),
            ("Đà Nẵng ②", "da-nang-2"),
            ("新闻", "source"),
            ("--", "source"),
        ] {
            assert_eq!(SourceSlug::of(text).as_str(), slug, "{text}");
        }
        assert_eq!(SourceSlug::made_of("新闻"), None);
    }

    #[test]
    fn a_slug_made_of_any_text_is_one() {
        for text in ["ß".repeat(80), format!("{}ß", "x".repeat(63)), "é-".repeat(90)] {
            let slug = SourceSlug::of(&text);
            assert_eq!(slug.as_str().parse(), Ok(slug.clone()), "{text}");
        }
    }
}
