//! An article of the demo's news site, as its newsroom has it.

use jiff::{SignedDuration, Timestamp};

/// The articles, each in a file: `key: value` lines, an empty line, paragraphs.
const TEXTS: [(&str, &str); 8] = [
    ("ferry", include_str!("articles/ferry.txt")),
    ("library", include_str!("articles/library.txt")),
    ("bridge", include_str!("articles/bridge.txt")),
    ("school", include_str!("articles/school.txt")),
    ("quarry", include_str!("articles/quarry.txt")),
    ("market", include_str!("articles/market.txt")),
    ("seawall", include_str!("articles/seawall.txt")),
    ("museum", include_str!("articles/museum.txt")),
];
/// Time between the publication of two articles, in minutes.
const APART_MIN: i64 = 47;

/// An article of the site.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Its name in addresses.
    pub(super) slug: &'static str,
    pub(super) headline: String,
    pub(super) standfirst: String,
    pub(super) byline: String,
    /// The feeds that it is in: `news`, `council`.
    pub(super) sections: Vec<String>,
    pub(super) comments: u32,
    pub(super) published: Timestamp,
    /// As the page says; a silent edit leaves it alone.
    pub(super) modified: Timestamp,
    pub(super) paragraphs: Vec<String>,
    /// A correction under the text.
    pub(super) note: Option<String>,
    /// Answered with 410.
    pub(super) gone: bool,
    /// How many of the next answers are a consent wall.
    pub(super) walls: u32,
}

impl Piece {
    /// All articles, newest first, the first of them published a while before `now`.
    pub(super) fn all(now: Timestamp) -> Vec<Self> {
        (1..)
            .zip(TEXTS)
            .map(|(n, (slug, text))| Self::read(slug, text, now - SignedDuration::from_mins(n * APART_MIN)))
            .collect()
    }

    /// Reads one file.
    fn read(slug: &'static str, text: &str, published: Timestamp) -> Self {
        let (head, body) = text.split_once("\n\n").unwrap_or(("", text));
        let field = |name: &str| {
            let value = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            value.unwrap_or_default().to_owned()
        };
        Self {
            slug,
            headline: field("headline"),
            standfirst: field("standfirst"),
            byline: field("byline"),
            sections: field("section").split(", ").map(str::to_owned).collect(),
            comments: field("comments").parse().unwrap_or(0),
            published,
            modified: published,
            paragraphs: body.split("\n\n").map(|paragraph| paragraph.trim().to_owned()).collect(),
            note: None,
            gone: false,
            walls: 0,
        }
    }

    /// Puts other words into the text or the headline; whether the old ones were there.
    pub(super) fn replace(&mut self, old: &str, new: &str) -> bool {
        let mut found = self.headline.contains(old);
        self.headline = self.headline.replace(old, new);
        for paragraph in &mut self.paragraphs {
            found |= paragraph.contains(old);
            *paragraph = paragraph.replace(old, new);
        }
        self.paragraphs.retain(|paragraph| !paragraph.trim().is_empty());
        found
    }

    /// Puts the paragraph that begins with these words at another place, from 0; whether there is one.
    pub(super) fn move_to(&mut self, start: &str, place: usize) -> bool {
        let Some(at) = self.paragraphs.iter().position(|paragraph| paragraph.starts_with(start)) else { return false };
        let paragraph = self.paragraphs.remove(at);
        self.paragraphs.insert(place.min(self.paragraphs.len()), paragraph);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_articles_are_whole() {
        let pieces = Piece::all(Timestamp::UNIX_EPOCH);
        assert_eq!(pieces.len(), 8);
        for piece in &pieces {
            let words: usize = piece.paragraphs.iter().map(|paragraph| paragraph.split_whitespace().count()).sum();
            assert!((250..400).contains(&words), "{}: {words} words", piece.slug);
            assert!(!piece.headline.is_empty() && !piece.standfirst.is_empty() && !piece.byline.is_empty());
            assert!(piece.comments > 0);
            assert!(piece.sections.iter().all(|section| ["news", "council"].contains(&section.as_str())));
        }
        for section in ["news", "council"] {
            assert!(pieces.iter().filter(|piece| piece.sections.iter().any(|own| own == section)).count() >= 4);
        }
    }
}
