//! What addressees (webhooks, our hub, the Internet Archive) were told of, and which edits come next.

use std::sync::atomic::Ordering;

use super::committer::Wear;
use super::error::Fault;
use super::format::{DispatchRecord, EditHead};
use super::state::Tree;
use super::tally::Change;
use super::{Shared, Store, StoreError, keys};
use crate::model::{Dispatch, Edit, EditKind, Narrowing, SourceSlug};
use crate::render::takes;

/// Most edits that one question looks at: whoever asks goes on from where it ended.
const MAX_EDITS_SEEN: u64 = 5_000;

/// Which edits an addressee is to be told of, oldest first.
#[derive(Clone, Debug)]
pub struct EditsAfter {
    /// Only those behind this sequence number, which all edits of the store share.
    pub told: u64,
    /// At most so many.
    pub limit: usize,
    /// Only those that it takes.
    pub narrowing: Narrowing,
    /// Only those of articles that one of these sources led to; all where empty.
    pub sources: Vec<SourceSlug>,
    /// Whether also those that only an article's own feed tells: that it is watched no more.
    pub retirements: bool,
}

impl Store {
    /// What an addressee was told of; none where it is new.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn dispatch(&self, addressee: &str) -> Result<Option<Dispatch>, StoreError> {
        self.read(|shared| {
            let record: Option<DispatchRecord> = shared.state.get(Tree::Dispatches, addressee.as_bytes())?;
            Ok(record.map(Dispatch::from))
        })
    }

    /// All addressees that were ever told of something and not forgotten.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn addressees(&self) -> Result<Vec<String>, StoreError> {
        self.read(|shared| {
            let rows = shared.state.scan(Tree::Dispatches, &[]);
            rows.map(|row| Ok(String::from_utf8_lossy(&row?.0).into_owned())).collect()
        })
    }

    /// Keeps what an addressee was told of, or forgets it. Durable when it returns.
    ///
    /// # Errors
    /// When the disk failed.
    pub fn keep_dispatch(&self, addressee: &str, kept: Option<&Dispatch>) -> Result<(), StoreError> {
        self.put_dispatch(addressee, kept, Wear::Durable)
    }

    /// Keeps that edits were passed over; on disk within five seconds, since losing it costs no more than passing them over again.
    ///
    /// # Errors
    /// When the disk failed.
    pub fn pass_over(&self, addressee: &str, kept: &Dispatch) -> Result<(), StoreError> {
        self.put_dispatch(addressee, Some(kept), Wear::Lazy)
    }

    fn put_dispatch(&self, addressee: &str, kept: Option<&Dispatch>, wear: Wear) -> Result<(), StoreError> {
        let (key, record) = (addressee.as_bytes().to_vec(), kept.map(DispatchRecord::from));
        self.write(wear, Vec::new(), move |draft, _| {
            match &record {
                Some(record) => draft.put(Tree::Dispatches, key, record),
                None => draft.remove(Tree::Dispatches, key),
            }
            Ok((wear, Change::default(), ()))
        })
    }

    /// The sequence number of the newest edit that is published; 0 where there is none.
    ///
    /// # Errors
    /// While the store is not open.
    pub fn newest_edit(&self) -> Result<u64, StoreError> {
        self.read(|shared| Ok(shared.shown_edit.load(Ordering::Acquire)))
    }

    /// The edits that come next, each with its sequence number, and the last number that was looked at: what lies up to there
    /// and is not among them is not wanted, or was taken down.
    ///
    /// # Errors
    /// When a row or a text cannot be read.
    pub fn edits_after(&self, query: &EditsAfter) -> Result<(Vec<(u64, Edit)>, u64), StoreError> {
        self.read(|shared| {
            let (mut edits, end) = (Vec::new(), shared.last_after(query));
            for head in shared.heads_after(query) {
                let (sequence, head) = head?;
                if shared.may_be_told(query, sequence, &head)? {
                    let edit = shared.kept_edit(&keys::sequence(sequence), &head)?;
                    let taken = edit.filter(|edit| takes(&query.narrowing, edit));
                    edits.extend(taken.map(|edit| (sequence, edit)));
                }
                if edits.len() >= query.limit {
                    return Ok((edits, sequence));
                }
            }
            Ok((edits, end))
        })
    }

    /// How many edits wait to be told: those that `query` may take as far as words do not decide, up to its limit.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn waiting(&self, query: &EditsAfter) -> Result<usize, StoreError> {
        self.read(|shared| {
            let mut count = 0;
            for head in shared.heads_after(query) {
                let (sequence, head) = head?;
                count += usize::from(shared.may_be_told(query, sequence, &head)?);
                if count >= query.limit {
                    break;
                }
            }
            Ok(count)
        })
    }
}

impl Shared {
    /// The last number that one question looks at.
    fn last_after(&self, query: &EditsAfter) -> u64 {
        let shown = self.shown_edit.load(Ordering::Acquire);
        shown.min(query.told.saturating_add(MAX_EDITS_SEEN)).max(query.told)
    }

    /// The edits behind the query's number that are published, oldest first. Numbers that no edit has (any more) are passed over.
    fn heads_after(&self, query: &EditsAfter) -> impl Iterator<Item = Result<(u64, EditHead), Fault>> {
        (query.told.saturating_add(1)..=self.last_after(query)).filter_map(|sequence| {
            let head = self.state.get::<EditHead>(Tree::Edits, &keys::sequence(sequence));
            head.map(|head| head.map(|head| (sequence, head))).transpose()
        })
    }

    /// Whether an edit is wanted, as far as its head and its sources tell.
    fn may_be_told(&self, query: &EditsAfter, sequence: u64, head: &EditHead) -> Result<bool, Fault> {
        let is_told = query.retirements || head.kind() != EditKind::Retired;
        if !is_told || !head.may_be_taken(&query.narrowing) || self.is_hidden(head) {
            return Ok(false);
        }
        for source in &query.sources {
            if self.state.raw(Tree::EditsOfSource, &keys::of_source(source, sequence))?.is_some() {
                return Ok(true);
            }
        }
        Ok(query.sources.is_empty())
    }
}
