//! Retention: how much the operator wants to keep, and what must stay because a feed still shows it.

use std::collections::HashMap;

use super::error::Fault;
use super::format::EditHead;
use super::state::Tree;
use super::{Shared, keys};
use crate::model::{Article, EditKind, Keeping, Scope, SourceSlug};

/// Retention settings, together with the length of our feeds.
#[derive(Clone, Debug, Default)]
pub struct Retention {
    /// For articles that none of `sources` lists.
    pub all: Keeping,
    /// For the articles of each source whose feed we serve.
    pub sources: HashMap<SourceSlug, Keeping>,
    /// Number of entries in a feed.
    pub entries: usize,
}

impl Retention {
    /// Returns the retention of an article with these sources: whatever one of them keeps is kept.
    #[must_use]
    pub fn of(&self, sources: &[SourceSlug]) -> Keeping {
        let own = sources.iter().filter_map(|source| self.sources.get(source)).copied();
        own.reduce(Keeping::and).unwrap_or(self.all)
    }

    /// Whether these settings drop anything at all.
    #[must_use]
    pub fn drops(&self) -> bool {
        self.sources.values().chain([&self.all]).any(|keeping| *keeping != Keeping::default())
    }
}

/// Finds the edits that our feeds of many articles (the main feed and one per source) show.
pub(super) struct Feeds<'a> {
    pub(super) shared: &'a Shared,
    pub(super) retention: &'a Retention,
    /// Sequence number of the oldest entry of each feed, filled in on demand.
    oldest: HashMap<Scope, u64>,
}

impl<'a> Feeds<'a> {
    /// Starts with nothing looked up.
    pub(super) fn new(shared: &'a Shared, retention: &'a Retention) -> Self {
        Self { shared, retention, oldest: HashMap::new() }
    }

    /// Returns the edits of an article that a feed of many articles shows.
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

    /// The sequence number of a feed's oldest entry; 0 if the feed has room for all edits.
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
