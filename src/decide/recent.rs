//! What the articles of one host showed lately: how a fault or a redesign of the whole host is told from edits. Pure; kept in
//! memory only, since what follows from it (suspicions, learned furniture) is in the store.

use std::collections::{HashMap, HashSet, VecDeque};

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::classify::{furniture_key, is_note};
use crate::model::{ArticleId, Block, Comparison, Content, Digest, Fact, Relation};

/// How long a glance counts: captive portals and broken deploys are mended within a day.
const WINDOW: SignedDuration = SignedDuration::from_hours(24);
/// Glances kept for a host: what a host with the floor of two seconds between requests shows within a quarter of an hour.
const MAX_GLANCES: usize = 400;
/// Changed blocks remembered of one glance: a redesign shows in its first ones.
const MAX_BLOCKS: usize = 64;
/// Articles of a host with which a common change is the host's and not theirs; also the fewest that a host must have for
/// anything to be held.
pub const MASS: usize = 4;
/// Articles that show the same text, or end at the same address, and are none of them what was asked for.
const SAME_PAGE: usize = 3;

/// What one look at an article showed.
#[derive(Clone, Debug, PartialEq)]
pub struct Glance {
    /// The article.
    pub article: ArticleId,
    /// When.
    pub at: Timestamp,
    /// Where redirects ended, where that is another address than the article's.
    pub landed: Option<Url>,
    /// What its text was, where the look brought one.
    pub identity: Option<Digest>,
    /// What came or went in it, by [`changed_blocks`].
    pub blocks: Vec<String>,
}

/// The latest glance at each article of a host, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    glances: VecDeque<Glance>,
    /// All articles of the host that are watched, as far as known.
    articles: HashSet<ArticleId>,
}

impl Recent {
    /// Learns that an article of the host is watched.
    pub fn know(&mut self, article: ArticleId) {
        self.articles.insert(article);
    }

    /// Takes a glance in the place of the article's earlier one. What came or went in that one still counts: it may have
    /// been told since.
    pub fn note(&mut self, mut glance: Glance) {
        self.know(glance.article);
        if let Some(place) = self.glances.iter().position(|known| known.article == glance.article)
            && let Some(before) = self.glances.remove(place)
            && glance.blocks.is_empty()
        {
            glance.blocks = before.blocks;
        }
        glance.blocks.truncate(MAX_BLOCKS);
        self.glances.retain(|known| glance.at.duration_since(known.at) < WINDOW);
        if self.glances.len() >= MAX_GLANCES {
            self.glances.pop_front();
        }
        self.glances.push_back(glance);
    }

    /// Whether the host has enough articles for a common change to show.
    #[must_use]
    pub fn is_crowd(&self) -> bool {
        self.articles.len() >= MASS
    }

    /// Whether enough other articles were glanced at since `since` to tell an article's own change from the host's.
    #[must_use]
    pub fn can_tell(&self, article: ArticleId, since: Timestamp) -> bool {
        let others = self.glances.iter().filter(|known| known.article != article && known.at >= since);
        others.count() + 1 >= MASS
    }

    /// How many articles, `article` among them, show one of these changes.
    #[must_use]
    pub fn sharing(&self, article: ArticleId, blocks: &[String]) -> usize {
        let shares = |known: &&Glance| known.article != article && known.blocks.iter().any(|key| blocks.contains(key));
        1 + self.glances.iter().filter(shares).count()
    }

    /// Changes that at least [`MASS`] articles show, and half of those glanced at since the first of them did; with the
    /// articles.
    #[must_use]
    pub fn furniture(&self) -> Vec<(String, Vec<ArticleId>)> {
        let mut shown: HashMap<&str, Vec<usize>> = HashMap::new();
        for (place, glance) in self.glances.iter().enumerate() {
            glance.blocks.iter().for_each(|key| shown.entry(key).or_default().push(place));
        }
        let first = |places: &[usize]| places.iter().copied().min().unwrap_or_default();
        let common = |places: &[usize]| places.len() >= MASS && places.len() * 2 >= self.glances.len() - first(places);
        let shown = shown.into_iter().filter(|(_, places)| common(places));
        let articles = |places: Vec<usize>| places.into_iter().map(|place| self.glances[place].article).collect();
        shown.map(|(key, places)| (key.to_owned(), articles(places))).collect()
    }

    /// Why what was seen of an article is not the article's own: others show the same text, or ended at the same address.
    #[must_use]
    pub fn common_page(&self, article: ArticleId, landed: Option<&Url>, identity: Digest) -> Option<Fact> {
        let others = |same: &dyn Fn(&Glance) -> bool| {
            self.glances.iter().filter(|known| known.article != article && same(known)).count()
        };
        let texts = others(&|known| known.identity == Some(identity));
        let ends = landed.map_or(0, |landed| others(&|known| known.landed.as_ref() == Some(landed)));
        if texts + 1 >= SAME_PAGE {
            return Some(Fact::new("{number} articles of the host show the same text").with(texts + 1));
        }
        let landed = landed.filter(|_| ends + 1 >= SAME_PAGE)?;
        Some(Fact::new("{number} articles of the host lead to {address}").with(ends + 1).with(landed.as_str()))
    }
}

/// The blocks that came or went whole, by [`furniture_key`]; correction notes are no furniture, however many there are.
#[must_use]
pub(super) fn changed_blocks(old: &Content, new: &Content, comparison: &Comparison) -> Vec<String> {
    let whole =
        comparison.passages.iter().filter(|passage| matches!(passage.relation, Relation::Added | Relation::Removed));
    let blocks = whole.flat_map(|passage| {
        let gone = passage.old.iter().filter_map(|index| old.blocks.get(*index));
        gone.chain(passage.new.iter().filter_map(|index| new.blocks.get(*index)))
    });
    let mut keys: Vec<String> =
        blocks.filter(|block: &&Block| !is_note(block)).map(|block| furniture_key(&block.text)).collect();
    keys.retain(|key| !key.is_empty());
    keys.truncate(MAX_BLOCKS);
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glance(article: u64, minute: i64, text: &str, blocks: &[&str]) -> Glance {
        let at = "2026-08-01T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute);
        let blocks = blocks.iter().map(|key| (*key).to_owned()).collect();
        Glance { article: ArticleId(article), at, landed: None, identity: Some(Digest::of(text.as_bytes())), blocks }
    }

    fn recent(glances: impl IntoIterator<Item = Glance>) -> Recent {
        let mut recent = Recent::default();
        glances.into_iter().for_each(|glance| recent.note(glance));
        recent
    }

    #[test]
    fn a_block_that_came_into_half_of_four_articles_or_more_is_furniture() {
        let own = |n: u64| n.to_string();
        let three = recent((0..3).map(|n| glance(n, 0, &own(n), &["join our club"])));
        assert!(three.furniture().is_empty());
        let four = recent((0..4).map(|n| glance(n, 0, &own(n), &["join our club", &own(n)])));
        let found = four.furniture();
        assert_eq!((found.len(), found[0].0.as_str(), found[0].1.len()), (1, "join our club", 4));
    }

    #[test]
    fn a_block_that_came_into_four_of_nine_articles_is_theirs() {
        let keys = |n: u64| if n.is_multiple_of(2) && n < 8 { vec!["the minister resigned"] } else { vec![] };
        let mixed = recent((0..9).map(|n| glance(n, 0, &n.to_string(), &keys(n))));
        assert!(mixed.furniture().is_empty());
    }

    #[test]
    fn glances_are_forgotten_after_a_day() {
        let mut recent = recent((0..4).map(|n| glance(n, 0, &n.to_string(), &["join our club"])));
        recent.note(glance(9, 24 * 60, "9", &[]));
        assert!(recent.furniture().is_empty() && recent.is_crowd());
    }

    #[test]
    fn the_same_text_at_three_articles_is_none_of_theirs() {
        let recent = recent((0..2).map(|n| glance(n, 0, "welcome to the hotel", &[])));
        assert!(recent.common_page(ArticleId(2), None, Digest::of(b"welcome to the hotel")).is_some());
        assert!(recent.common_page(ArticleId(1), None, Digest::of(b"welcome to the hotel")).is_none());
        assert!(recent.common_page(ArticleId(2), None, Digest::of(b"an article")).is_none());
    }
}
