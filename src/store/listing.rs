//! Lists of edits for pages and feeds: newest first, one page at a time, from the rows of a scope
//! or from the keyword index.

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

/// Most edits that one query examines, so that a filter without a hit does not walk the whole
/// store. Their heads are small rows, stored next to each other.
const MAX_EDITS_SEEN: usize = 20_000;
/// Most edits that one query unpacks without a match: edits that contain the words of a phrase, but
/// not in sequence. Each costs a tenth of a millisecond.
const MAX_EDITS_MISSED: usize = 100;
/// Longest time by which an edit may have been seen earlier than one recorded before it: checks run in parallel,
/// each for minutes at most, and clocks get adjusted.
const DISORDER: SignedDuration = SignedDuration::from_hours(1);

/// One page of edits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// The edits, newest first.
    pub edits: Vec<Edit>,
    /// [`EditQuery::before`] for the next page; `None` if nothing older is left.
    pub older: Option<u64>,
}

impl Store {
    /// Returns published, visible edits, newest first, and where the next page starts. A query with
    /// words is answered from the index. A query that would take long may return fewer edits than
    /// its limit, and says where to continue.
    ///
    /// # Errors
    /// If a row or a text cannot be read.
    pub fn list(&self, query: &EditQuery) -> Result<Listing, StoreError> {
        self.read(|shared| shared.list(query))
    }

    /// Returns only the edits of [`Store::list`].
    ///
    /// # Errors
    /// If a row or a text cannot be read.
    pub fn edits(&self, query: &EditQuery) -> Result<Vec<Edit>, StoreError> {
        Ok(self.list(query)?.edits)
    }
}

/// The candidate edits of a query by sequence number, newest first.
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
            // The edit was forgotten together with its article.
            let Some(head) = self.state.get(Tree::Edits, &keys::sequence(sequence))? else { continue };
            if !is_wanted(query, &head) || self.is_hidden(&head) {
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

    /// Chooses where the query's candidate edits come from.
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

    /// The sequence numbers of all published edits, of one source or of all, newest first.
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

    /// The number after the newest edit on disk.
    fn end(&self) -> u64 {
        self.shown_edit.load(Ordering::Acquire).saturating_add(1)
    }

    fn of_article(&self, id: ArticleId, end: u64) -> Box<dyn Iterator<Item = Result<u64, Fault>>> {
        let rows = self.state.scan(Tree::EditsOfArticle, &keys::article(id)).rev();
        let numbers = rows.map(|row| keys::number(&row?.1));
        Box::new(numbers.skip_while(move |number| number.as_ref().is_ok_and(|number| *number >= end)))
    }

    /// The range of sequence numbers that the query can match: from the first, up to but without
    /// the second. It leaves out edits that are not on disk yet, edits after [`EditQuery::before`],
    /// and edits seen outside the query's days.
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

    /// The lowest number from which on all edits were seen at `moment` or later (a binary search);
    /// `end` if there are none.
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

    /// Reads an edit; `None` if it is being forgotten with its article at this moment.
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

fn is_wanted(query: &EditQuery, head: &EditHead) -> bool {
    let told_here = matches!(query.scope, Scope::Article(_)) || head.kind() != EditKind::Retired;
    told_here && head.may_be_taken(&query.narrowing)
}
