//! How much the operator wants kept, and what must be kept because a feed shows it.

use std::collections::HashMap;

use super::error::Fault;
use super::format::EditHead;
use super::state::Tree;
use super::{Shared, keys};
use crate::model::{Article, EditKind, Keeping, Scope, SourceSlug};

/// How much is kept, of which source, and how far our feeds reach back.
#[derive(Clone, Debug, Default)]
pub struct Retention {
    /// Of articles that no source of these leads to.
    pub all: Keeping,
    /// Of the articles of each source whose feed is served.
    pub sources: HashMap<SourceSlug, Keeping>,
    /// Entries in a feed.
    pub entries: usize,
}

impl Retention {
    /// How much is kept of an article of these sources.
    #[must_use]
    pub fn of(&self, sources: &[SourceSlug]) -> Keeping {
        let own = sources.iter().filter_map(|source| self.sources.get(source)).copied();
        own.reduce(Keeping::and).unwrap_or(self.all)
    }

    /// Whether there is anything that it lets go.
    #[must_use]
    pub fn drops(&self) -> bool {
        self.sources.values().chain([&self.all]).any(|keeping| *keeping != Keeping::default())
    }
}

/// What of our feeds of many articles is shown.
pub(super) struct Feeds<'a> {
    pub(super) shared: &'a Shared,
    pub(super) retention: &'a Retention,
    /// The sequence number of the oldest entry of each.
    oldest: HashMap<Scope, u64>,
}

impl<'a> Feeds<'a> {
    /// Of these feeds, nothing looked at yet.
    pub(super) fn new(shared: &'a Shared, retention: &'a Retention) -> Self {
        Self { shared, retention, oldest: HashMap::new() }
    }

    /// The edits of an article that a feed of many articles shows.
    pub(super) fn shown(&mut self, article: &Article) -> Result<Vec<EditHead>, Fault> {
        let retention = self.retention;
        let served = article.sources.iter().filter(|source| retention.sources.contains_key(*source));
        let feeds = served.cloned().map(Scope::Source).chain([Scope::Everything]);
        let oldest =
            feeds.map(|feed| self.oldest(feed)).try_fold(u64::MAX, |least, own| own.map(|own| least.min(own)))?;
        let mut shown = Vec::new();
        for row in self.shared.state.scan(Tree::EditsOfArticle, &keys::article(article.id)) {
            let (_, sequence) = row?;
            let head: EditHead = self.shared.state.must(Tree::Edits, &sequence)?;
            if head.kind() != EditKind::Retired && keys::last_u64(&sequence).is_some_and(|number| number >= oldest) {
                shown.push(head);
            }
        }
        Ok(shown)
    }

    /// The sequence number of a feed's oldest entry; 0 where it shows all that there are.
    fn oldest(&mut self, feed: Scope) -> Result<u64, Fault> {
        if let Some(known) = self.oldest.get(&feed) {
            return Ok(*known);
        }
        let (mut left, mut oldest) = (self.retention.entries, 0);
        let source = if let Scope::Source(source) = &feed { Some(source) } else { None };
        for sequence in self.shared.sequences(source) {
            let sequence = sequence?;
            let head: EditHead = self.shared.state.must(Tree::Edits, &keys::sequence(sequence))?;
            left -= usize::from(head.kind() != EditKind::Retired && !self.shared.is_hidden(&head));
            if left == 0 {
                oldest = sequence;
                break;
            }
        }
        self.oldest.insert(feed, oldest);
        Ok(oldest)
    }
}
