//! Edits in answer to a query: newest first, a page at a time, from the rows of a scope or from the index of keywords.

use std::sync::atomic::Ordering;

use jiff::{SignedDuration, Timestamp};

use super::error::Fault;
use super::format::{EditHead, EditRecord, Record};
use super::keywords::Seek;
use super::query::{EditQuery, MAX_ANSWERS};
use super::state::Tree;
use super::{Shared, Store, StoreError, keys};
use crate::model::{ArticleId, Edit, EditKind, Scope, SourceSlug};
use crate::render::{sought, takes};

/// Most edits that one query looks through: a filter that hits nothing must not walk the whole store. Their heads are small
/// rows that lie side by side.
const MAX_EDITS_SEEN: usize = 20_000;
/// Most edits that one query unpacks in vain: those that have the words of a phrase, but not one after another. A tenth of a
/// millisecond each.
const MAX_EDITS_MISSED: usize = 100;
/// By how much an edit may have been recorded earlier than another that was seen before it: looks go on side by side, each for
/// minutes at most, and clocks are set.
const DISORDER: SignedDuration = SignedDuration::from_hours(1);

/// Edits in answer to a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Newest first.
    pub edits: Vec<Edit>,
    /// What to ask for [`EditQuery::before`] to go on; none where nothing older is left.
    pub older: Option<u64>,
}

impl Store {
    /// Edits that are published and not hidden, newest first, and where to go on. A query with a narrowing is answered from the
    /// index; it may end before its limit where it would take long, and then says where to go on.
    ///
    /// # Errors
    /// When a row or a text cannot be read.
    pub fn list(&self, query: &EditQuery) -> Result<Listing, StoreError> {
        self.read(|shared| shared.list(query))
    }

    /// The edits of [`Store::list`] alone.
    ///
    /// # Errors
    /// When a row or a text cannot be read.
    pub fn edits(&self, query: &EditQuery) -> Result<Vec<Edit>, StoreError> {
        Ok(self.list(query)?.edits)
    }
}

/// Where the edits that may be meant come from, by their numbers, newest first.
enum Walk<'a> {
    Rows(Box<dyn Iterator<Item = Result<u64, Fault>> + 'a>),
    Index(Box<Seek<'a>>),
}

impl Walk<'_> {
    fn next(&mut self) -> Result<Option<u64>, Fault> {
        match self {
            Self::Rows(rows) => rows.next().transpose(),
            Self::Index(seek) => seek.next(),
        }
    }

    fn given_up(&self) -> Option<u64> {
        match self {
            Self::Rows(_) => None,
            Self::Index(seek) => seek.given_up(),
        }
    }
}

impl Shared {
    fn list(&self, query: &EditQuery) -> Result<Listing, Fault> {
        let mut walk = self.walk(query)?;
        let limit = query.limit.min(MAX_ANSWERS);
        let (mut listing, mut last, mut seen, mut missed) = (Listing::default(), None, 0, 0);
        while let Some(sequence) = walk.next()? {
            if seen >= MAX_EDITS_SEEN || missed >= MAX_EDITS_MISSED {
                listing.older = Some(sequence + 1);
                return Ok(listing);
            }
            seen += 1;
            // Gone: it was forgotten with its article.
            let Some(head) = self.state.get(Tree::Edits, &keys::sequence(sequence))? else { continue };
            if !wanted(query, &head) || self.is_hidden(&head) {
                continue;
            }
            let Some(edit) = self.kept_edit(&keys::sequence(sequence), &head)? else { continue };
            if !takes(&query.narrowing, &edit) {
                missed += 1;
            } else if listing.edits.len() >= limit {
                listing.older = last;
                return Ok(listing);
            } else {
                listing.edits.push(edit);
                last = Some(sequence);
            }
        }
        listing.older = walk.given_up();
        Ok(listing)
    }

    /// The numbers of the edits that may be meant.
    fn walk(&self, query: &EditQuery) -> Result<Walk<'_>, Fault> {
        let (begin, end) = self.span(query)?;
        let source = match &query.scope {
            Scope::Article(id) => return Ok(Walk::Rows(self.of_article(*id, end))),
            Scope::Source(source) => Some(source),
            Scope::Everything => None,
        };
        let groups = sought(&query.narrowing, source.map(SourceSlug::as_str));
        let is_narrowed = groups.len() > usize::from(source.is_some());
        if is_narrowed {
            return Ok(Walk::Index(Box::new(Seek::new(&self.state, &groups, begin, end)?)));
        }
        Ok(Walk::Rows(Box::new(self.rows_of(source, begin, end))))
    }

    /// The numbers of all edits of a scope of many articles that are on disk, newest first.
    pub(super) fn sequences(&self, source: Option<&SourceSlug>) -> impl Iterator<Item = Result<u64, Fault>> + use<> {
        self.rows_of(source, 0, self.end())
    }

    fn rows_of(
        &self,
        source: Option<&SourceSlug>,
        begin: u64,
        end: u64,
    ) -> impl Iterator<Item = Result<u64, Fault>> + use<> {
        let (tree, prefix) = match source {
            Some(source) => (Tree::EditsOfSource, keys::source(source)),
            None => (Tree::Edits, Vec::new()),
        };
        let [begin, end] = [begin, end].map(|number| [&prefix[..], &keys::sequence(number)].concat());
        let rows = self.state.scan_below(tree, &begin, &end).rev();
        rows.map(|row| keys::number(&row?.0))
    }

    /// The number after the newest edit that is on disk.
    fn end(&self) -> u64 {
        self.shown_edit.load(Ordering::Acquire).saturating_add(1)
    }

    fn of_article(&self, id: ArticleId, end: u64) -> Box<dyn Iterator<Item = Result<u64, Fault>>> {
        let rows = self.state.scan(Tree::EditsOfArticle, &keys::article(id)).rev();
        let numbers = rows.map(|row| keys::number(&row?.1));
        Box::new(numbers.skip_while(move |number| number.as_ref().is_ok_and(|number| *number >= end)))
    }

    /// The numbers that the query's edits may have: from the first on, before the second. Those after it are not on disk yet,
    /// not asked for, or seen on other days.
    fn span(&self, query: &EditQuery) -> Result<(u64, u64), Fault> {
        let shown = self.end();
        let mut end = query.before.map_or(shown, |before| before.min(shown));
        if let Some(last) = query.narrowing.end().and_then(|end| end.checked_add(DISORDER).ok()) {
            end = end.min(self.first_seen_from(last, shown)?);
        }
        let first = query.narrowing.begin().and_then(|begin| begin.checked_sub(DISORDER).ok());
        let begin = first.map_or(Ok(0), |first| self.first_seen_from(first, shown))?;
        Ok((begin.min(end), end))
    }

    /// The lowest number from which on edits were seen at `moment` or later; `end` where none was.
    fn first_seen_from(&self, moment: Timestamp, end: u64) -> Result<u64, Fault> {
        let (mut low, mut high) = (0, end);
        while low < high {
            let middle = low + (high - low) / 2;
            let mut rows = self.state.scan_below(Tree::Edits, &keys::sequence(middle), &keys::sequence(high));
            let Some(row) = rows.next().transpose()? else {
                high = middle;
                continue;
            };
            let number = keys::number(&row.0)?;
            let head = self.state.record(Tree::Edits, &row)?;
            if head.map_or(Ok(moment), |head| self.seen(&head))? < moment {
                low = number + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    fn seen(&self, head: &EditHead) -> Result<Timestamp, Fault> {
        head.seen.as_ref().map_or_else(|| Ok(self.whole_edit(head)?.seen), |seen| Ok(seen.0))
    }

    /// An edit, unless it is just being forgotten with its article.
    pub(super) fn kept_edit(&self, sequence: &[u8], head: &EditHead) -> Result<Option<Edit>, Fault> {
        match self.whole_edit(head) {
            Err(Fault::Damaged(_)) if self.state.raw(Tree::Edits, sequence)?.is_none() => Ok(None),
            edit => edit.map(Some),
        }
    }

    fn whole_edit(&self, head: &EditHead) -> Result<Edit, Fault> {
        Ok(EditRecord::unpack(&self.texts.read(head.text)?)?.into())
    }
}

fn wanted(query: &EditQuery, head: &EditHead) -> bool {
    let told_here = matches!(query.scope, Scope::Article(_)) || head.kind() != EditKind::Retired;
    told_here && head.may_be_taken(&query.narrowing)
}
