//! Searching the index: finds candidate edits, newest first. A candidate has at least one keyword of every group.

use super::super::error::Fault;
use super::super::keys;
use super::super::spill;
use super::super::state::{State, Tree};
use super::segment::{hash_keyword, is_full, row_key, row_places};
use super::{SEGMENT_EDITS, first_key, fresh_hashes, packed_segments};

/// Most index rows that one search reads, at a few microseconds each. Enough for one word in three million edits.
const MAX_ROWS_READ: usize = 8_000;

/// A set of places in a segment, as bits.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Places([u64; SEGMENT_EDITS as usize / 64]);

impl Places {
    const NONE: Self = Self([0; SEGMENT_EDITS as usize / 64]);

    fn add(&mut self, place: usize) {
        self.0[place / 64] |= 1 << (place % 64);
    }

    fn retain(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own &= other);
    }

    fn count(&self) -> u64 {
        self.0.iter().map(|bits| u64::from(bits.count_ones())).sum()
    }

    /// Removes and returns the highest place.
    fn pop(&mut self) -> Option<u64> {
        let at = self.0.iter().rposition(|bits| *bits != 0)?;
        let bit = self.0[at].ilog2();
        self.0[at] ^= 1 << bit;
        Some(at as u64 * 64 + u64::from(bit))
    }
}

/// Alternative keywords: an edit matches if it has one of them.
struct Group {
    hashes: Vec<u32>,
    /// Number of matching edits in the segments searched so far.
    met: u64,
    /// Number of segments searched so far.
    asked: u64,
}

impl Group {
    fn of(keywords: &[String]) -> Self {
        Self { hashes: keywords.iter().map(|keyword| hash_keyword(keyword)).collect(), met: 0, asked: 0 }
    }

    /// Average number of matching edits per segment; 0 before the first.
    fn usual(&self) -> u64 {
        self.met / self.asked.max(1)
    }
}

/// A search through the index.
pub(in crate::store) struct Seek<'a> {
    state: &'a State,
    /// The groups, rarest first as far as is known.
    groups: Vec<Group>,
    /// Segments below this one are packed.
    packed: u64,
    /// End of the range of sequence numbers, exclusive.
    end: u64,
    /// Start of the range of sequence numbers.
    begin: u64,
    /// Remaining hits in the current segment.
    found: Places,
    segment: u64,
    rows_read: usize,
}

impl<'a> Seek<'a> {
    /// Searches the edits from number `begin` up to, but without, `end`.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(in crate::store) fn new(state: &'a State, groups: &[Vec<String>], begin: u64, end: u64) -> Result<Self, Fault> {
        // Words come last in the query and are rare. Starting with them soon leaves nothing to search for.
        let groups = groups.iter().rev().map(|group| Group::of(group)).collect();
        let (segment, packed) = (end.div_ceil(SEGMENT_EDITS), packed_segments(state)?);
        Ok(Self { state, groups, packed, end, begin, found: Places::NONE, segment, rows_read: 0 })
    }

    /// The next older candidate; `None` at the end, or if the limit of rows was reached ([`Seek::given_up`]).
    pub(in crate::store) fn next(&mut self) -> Result<Option<u64>, Fault> {
        loop {
            while let Some(place) = self.found.pop() {
                let sequence = self.segment * SEGMENT_EDITS + place;
                if (self.begin..self.end).contains(&sequence) {
                    return Ok(Some(sequence));
                }
            }
            if self.segment * SEGMENT_EDITS <= self.begin || self.given_up().is_some() {
                return Ok(None);
            }
            self.segment -= 1;
            self.found = self.in_segment(self.segment)?;
        }
    }

    /// If the limit of rows ended the search: edits before this number were not searched.
    pub(in crate::store) fn given_up(&self) -> Option<u64> {
        (self.rows_read >= MAX_ROWS_READ).then_some(self.segment * SEGMENT_EDITS)
    }

    fn in_segment(&mut self, number: u64) -> Result<Places, Fault> {
        if number >= self.packed {
            let fresh = self.in_fresh(number)?;
            // The segment may have been packed while its fresh rows were read.
            self.packed = packed_segments(self.state)?;
            if number >= self.packed {
                return Ok(fresh);
            }
        }
        self.groups.sort_by_key(Group::usual);
        let mut found: Option<Places> = None;
        for group in 0..self.groups.len() {
            let places = self.places(number, group)?;
            let left = found.get_or_insert(places);
            left.retain(&places);
            if *left == Places::NONE {
                break;
            }
        }
        Ok(found.unwrap_or(Places::NONE))
    }

    /// The edits of a packed segment that match a group.
    fn places(&mut self, number: u64, group: usize) -> Result<Places, Fault> {
        let mut found = Places::NONE;
        let group = &mut self.groups[group];
        for &hash in &group.hashes {
            self.rows_read += 1;
            for piece in 0..=u8::MAX {
                let Some(row) = self.state.raw(Tree::Keywords, &row_key(number, hash, piece))? else { break };
                row_places(&row, hash).for_each(|place| found.add(place));
                if !is_full(&row) {
                    break;
                }
            }
        }
        group.met += found.count();
        group.asked += 1;
        Ok(found)
    }

    /// The edits of an unpacked segment that match every group.
    fn in_fresh(&mut self, number: u64) -> Result<Places, Fault> {
        let mut found = Places::NONE;
        for row in self.state.scan_below(Tree::FreshKeywords, &first_key(number), &first_key(number + 1)) {
            let (key, mut row) = row?;
            if spill::is_stub(&row) {
                row = self.state.bytes(Tree::FreshKeywords, &key)?.unwrap_or_default().into();
            }
            let own: Vec<u32> = fresh_hashes(&row).collect();
            let has = |group: &Group| group.hashes.iter().any(|hash| own.binary_search(hash).is_ok());
            if self.groups.iter().all(has) {
                found.add((keys::last_u64(&key).unwrap_or_default() % SEGMENT_EDITS) as usize);
            }
        }
        Ok(found)
    }
}
