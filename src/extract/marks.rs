//! What class names, ids and roles say of an element, as a set of marks.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The marks in the order of `words/marks.txt`; each is a bit of [`Marks`].
macro_rules! marks {
    ($($name:ident)*) => { marks!(@ 0u32; $($name)*); };
    (@ $bit:expr; $name:ident $($rest:ident)*) => {
        #[doc = "A bit of [`Marks`]; the words that set it are in `words/marks.txt`."]
        #[allow(dead_code, reason = "the table is whole, rules use what they need")]
        pub(super) const $name: Marks = Marks(1 << ($bit));
        marks!(@ $bit + 1; $($rest)*);
    };
    (@ $bit:expr;) => {};
}
marks! { BODY TEXT CAPTION BYLINE TIME SHARE AD RELATED NEWSLETTER COMMENT NAV HEADER FOOTER TAG COOKIE WALL WIDGET LEGAL
NOTE LEAD TITLE QUOTE HIDDEN TOOLS ASIDE INFOBOX VIDEO PROFILE }

/// Marks there are.
pub(super) const COUNT: usize = NAMES.len();
/// Their names, in order.
pub(super) const NAMES: [&str; 28] = [
    "body",
    "text",
    "caption",
    "byline",
    "time",
    "share",
    "ad",
    "related",
    "newsletter",
    "comment",
    "nav",
    "header",
    "footer",
    "tag",
    "cookie",
    "wall",
    "widget",
    "legal",
    "note",
    "lead",
    "title",
    "quote",
    "hidden",
    "tools",
    "aside",
    "infobox",
    "video",
    "profile",
];

/// A set of marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks(pub(super) u32);

impl Marks {
    pub(super) fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

static WORDS: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    let lines = include_str!("words/marks.txt").lines().filter(|line| !line.starts_with('#'));
    for (bit, (_, list)) in lines.filter_map(|line| line.split_once(':')).take(COUNT).enumerate() {
        for word in list.split_whitespace() {
            *words.entry(word).or_default() |= 1 << bit;
        }
    }
    words
});

/// Bytes of a value that are looked at: longer ones are generated.
const MAX_VALUE_BYTES: usize = 300;

/// The marks of one attribute value.
pub(super) fn of(value: &str) -> Marks {
    let value = super::parse::prefix(value, MAX_VALUE_BYTES);
    let mut marks = 0;
    for name in value.split_whitespace() {
        let mut before = String::new();
        for word in words(name) {
            marks |= WORDS.get(word.as_str()).copied().unwrap_or_default();
            before.push_str(&word);
            marks |= WORDS.get(before.as_str()).copied().unwrap_or_default();
            before = word;
        }
    }
    Marks(marks)
}

/// The words of one name: `articleBody__text-3` has `article`, `body`, `text`, `3`.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut after_small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (after_small && c.is_uppercase()) {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        after_small = c.is_lowercase();
    }
    words.push(word);
    words.into_iter().filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_has_its_line_of_words() {
        let lines = include_str!("words/marks.txt").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(lines, COUNT);
    }

    #[test]
    fn a_class_is_read_word_by_word() {
        assert!(of("ArticleBody__text-3").has(BODY));
        assert!(of("c-most-read js-x").has(RELATED));
        assert!(of("share_bar--top").has(SHARE));
        assert_eq!(of("css-1a2b3c upload gradient"), Marks::default());
    }

    #[test]
    fn the_last_line_is_the_last_mark() {
        assert_eq!(PROFILE.0, 1 << (COUNT - 1));
        assert!(of("authorbox").has(PROFILE) && of("commentlist").has(COMMENT) && of("pullquote").has(QUOTE));
    }
}
