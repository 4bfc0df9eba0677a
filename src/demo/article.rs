//! Articles of the demo's news site.

use jiff::{SignedDuration, Timestamp};

/// The articles, one file each: `key: value` lines, an empty line, then paragraphs.
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
    /// The feeds that contain it: `news`, `council`.
    pub(super) sections: Vec<String>,
    pub(super) comments: u32,
    pub(super) published: Timestamp,
    /// Modification time that the page states. A silent edit does not change it.
    pub(super) modified: Timestamp,
    pub(super) paragraphs: Vec<String>,
    /// A correction under the text.
    pub(super) note: Option<String>,
    /// Whether its page answers 410.
    pub(super) gone: bool,
    /// Number of next requests that are answered with a consent wall.
    pub(super) walls: u32,
}

impl Piece {
    /// Returns all articles, newest first. The first was published a while before `now`.
    pub(super) fn all(now: Timestamp) -> Vec<Self> {
        (1..)
            .zip(TEXTS)
            .map(|(n, (slug, text))| Self::read(slug, text, now - SignedDuration::from_mins(n * APART_MIN)))
            .collect()
    }

    /// Parses one file.
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

    /// Replaces words in the text and the headline. Returns whether the old words were found.
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

    /// Moves the paragraph that begins with `start` to another place, counted from 0. Returns whether it was found.
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
