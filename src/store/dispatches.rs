//! Delivery state of each addressee (webhooks, our hub, the Internet Archive), and the edits to
//! deliver next.

use std::sync::atomic::Ordering;

use super::committer::Wear;
use super::error::Fault;
use super::format::{DispatchRecord, EditHead};
use super::state::Tree;
use super::tally::Change;
use super::{Shared, Store, StoreError, keys};
use crate::model::{Dispatch, Edit, EditKind, Narrowing, SourceSlug};
use crate::render::takes;

/// Most edits that one query examines. The caller continues from the number that it returns.
const MAX_EDITS_SEEN: u64 = 5_000;

/// Selects the edits to deliver to an addressee, oldest first.
#[derive(Clone, Debug)]
pub struct EditsAfter {
    /// Only edits after this sequence number. All edits of the store share one sequence.
    pub told: u64,
    /// Most edits to return.
    pub limit: usize,
    /// Only edits that this filter accepts.
    pub narrowing: Narrowing,
    /// Only edits of articles that one of these sources listed; all edits if empty.
    pub sources: Vec<SourceSlug>,
    /// Whether to include retirements ("no longer watched"), which otherwise appear only in the
    /// article's own feed.
    pub retirements: bool,
}

impl Store {
    /// Returns the delivery state of an addressee; `None` if it is new.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn dispatch(&self, addressee: &str) -> Result<Option<Dispatch>, StoreError> {
        self.read(|shared| {
            let record: Option<DispatchRecord> = shared.state.get(Tree::Dispatches, addressee.as_bytes())?;
            Ok(record.map(Dispatch::from))
        })
    }

    /// Lists all addressees that have a delivery state.
    ///
    /// # Errors
    /// If a row cannot be read.
    pub fn addressees(&self) -> Result<Vec<String>, StoreError> {
        self.read(|shared| {
            let rows = shared.state.scan(Tree::Dispatches, &[]);
            rows.map(|row| Ok(String::from_utf8_lossy(&row?.0).into_owned())).collect()
        })
    }

    /// Stores the delivery state of an addressee, or removes it. Durable when this returns.
    ///
    /// # Errors
    /// If the disk failed.
    pub fn keep_dispatch(&self, addressee: &str, kept: Option<&Dispatch>) -> Result<(), StoreError> {
        self.put_dispatch(addressee, kept, Wear::Durable)
    }

    /// Stores that edits were skipped. On disk within five seconds: after a loss they are only
    /// skipped again.
    ///
    /// # Errors
    /// If the disk failed.
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

    /// Returns the sequence number of the newest published edit; 0 if there are none.
    ///
    /// # Errors
    /// If the store is not open.
    pub fn newest_edit(&self) -> Result<u64, StoreError> {
        self.read(|shared| Ok(shared.shown_edit.load(Ordering::Acquire)))
    }

    /// Returns the next edits, each with its sequence number, and the last number that was
    /// examined. Numbers up to there that are not returned are unwanted or hidden.
    ///
    /// # Errors
    /// If a row or a text cannot be read.
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

    /// Counts the edits waiting for delivery, up to the query's limit. Words of the filter are not
    /// checked, so this is an upper bound.
    ///
    /// # Errors
    /// If a row cannot be read.
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
    /// The last sequence number that one query examines.
    fn last_after(&self, query: &EditsAfter) -> u64 {
        let shown = self.shown_edit.load(Ordering::Acquire);
        shown.min(query.told.saturating_add(MAX_EDITS_SEEN)).max(query.told)
    }

    /// The published edits after the query's number, oldest first. Skips numbers without an edit
    /// (forgotten ones).
    fn heads_after(&self, query: &EditsAfter) -> impl Iterator<Item = Result<(u64, EditHead), Fault>> {
        (query.told.saturating_add(1)..=self.last_after(query)).filter_map(|sequence| {
            let head = self.state.get::<EditHead>(Tree::Edits, &keys::sequence(sequence));
            head.map(|head| head.map(|head| (sequence, head))).transpose()
        })
    }

    /// Whether an edit is wanted, judged by its head and its sources alone.
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
