//! The keyword index: maps keywords to edits, so that a search reads only the edits that it finds.
//!
//! Edits are grouped into segments of [`SEGMENT_EDITS`] by sequence number. The keywords of the newest edits are in
//! the tree `fresh_keywords`, one row per edit, written together with the edit. Once a segment is full and a little
//! more, it is packed into about a hundred rows of the tree `keywords`, which never change again. Other layouts cost
//! more: one row per keyword and edit would be 30 million small rows for 300,000 edits, and one row per keyword would
//! be rewritten with nearly every edit.
//!
//! A keyword is stored as 29 bits of its BLAKE3 hash. Two keywords may share a hash, so every hit is checked against
//! the edit itself.

mod build;
mod seek;
mod segment;

use std::collections::BTreeSet;

use super::draft::Draft;
use super::error::Fault;
use super::spill;
use super::state::{Row, State, Tree};
use super::{Shared, keys};
use crate::model::Edit;
use crate::render::keywords;
use segment::Mark;

pub(super) use build::build_index;
pub(super) use seek::Seek;

/// Raised when keywords are built, hashed or stored differently. The next start then rebuilds the index.
const VERSION: u32 = 2;
/// Edits per segment. A packed segment takes about 300 KB; reading its fresh rows takes about a millisecond.
const SEGMENT_EDITS: u64 = 1 << segment::OFFSET_BITS;
/// Position in a segment (from 0) of the edit that packs the segment before. A single check never publishes that many
/// edits, so all edits of the earlier segment are on disk by then, and none is part of the same change.
const PACKED_WITH: u64 = 64;
/// Row of the tree `keywords` with the progress of the index: version (4 bytes) ‖ number of packed segments (8).
const PROGRESS: &[u8] = b"progress";
/// First byte of a row, different from a stub's.
const LAYOUT: u8 = 1;

/// Puts the keywords of a new edit, and packs the segment before it when that is due.
pub(super) fn put_keywords(draft: &mut Draft<'_>, edit: &Edit, sequence: u64) -> Result<(), Fault> {
    draft.mark(Tree::FreshKeywords, keys::sequence(sequence), &fresh_row(&keyword_hashes(edit)));
    let (packed, state) = (packed_segments(draft.before())?, draft.before());
    if sequence % SEGMENT_EDITS == PACKED_WITH && packed + 1 == sequence / SEGMENT_EDITS {
        let marks = fresh_marks(state, packed)?;
        // If one is missing, the next start builds it.
        if marks.edits == edits_in(state, packed)? {
            for (tree, key, value) in packing_rows(state, packed, marks.marks)? {
                match value {
                    Some(value) => draft.mark(tree, key, &value),
                    None => draft.remove(tree, key),
                }
            }
        }
    }
    Ok(())
}

/// The keyword hashes of an edit, sorted.
pub(super) fn keyword_hashes(edit: &Edit) -> Vec<u32> {
    let mut hashes: Vec<u32> = keywords(edit).iter().map(|keyword| segment::hash_keyword(keyword)).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// Whether the index contains these edits of one segment, given as sequence number and hashes.
pub(super) fn index_contains(shared: &Shared, edits: &[(u64, Vec<u32>)]) -> Result<bool, Fault> {
    let state = &shared.state;
    let Some(number) = edits.first().map(|(sequence, _)| sequence / SEGMENT_EDITS) else { return Ok(true) };
    if number >= packed_segments(state)? {
        let has = |(sequence, hashes): &(u64, Vec<u32>)| {
            let row = state.bytes(Tree::FreshKeywords, &keys::sequence(*sequence))?;
            Ok(row.is_some_and(|row| row == fresh_row(hashes)))
        };
        return edits.iter().map(has).try_fold(true, |all, has: Result<bool, Fault>| Ok(all && has?));
    }
    let mut found = BTreeSet::new();
    for row in state.scan(Tree::Keywords, &keys::sequence(number)) {
        let row = row?;
        found.extend(segment::row_marks(&row.0, &row.1));
    }
    // The index may hold more: hashes of forgotten edits stay. Every hit is compared with its edit anyway.
    let mut marks = edits.iter().flat_map(|(sequence, hashes)| marks_of_edit(*sequence, hashes.iter().copied()));
    Ok(marks.all(|mark| found.contains(&mark)))
}

/// The rows that remove an edit's keywords. Packed keywords stay, and point to an edit that no longer exists.
pub(super) fn removal_rows(state: &State, sequence: &[u8]) -> Result<Vec<Row>, Fault> {
    let fresh = state.raw(Tree::FreshKeywords, sequence)?;
    Ok(fresh.map_or_else(Vec::new, |raw| spill::replace(Tree::FreshKeywords, sequence.to_vec(), Some(&raw), None)))
}

/// The segment of an edit.
pub(super) fn segment_of(sequence: u64) -> u64 {
    sequence / SEGMENT_EDITS
}

/// Number of packed segments.
fn packed_segments(state: &State) -> Result<u64, Fault> {
    Ok(read_progress(state)?.map_or(0, |(_, packed)| packed))
}

/// Version of the index, and number of packed segments.
fn read_progress(state: &State) -> Result<Option<(u32, u64)>, Fault> {
    let row = state.raw(Tree::Keywords, PROGRESS)?;
    let read = |row: &sled::IVec| Some((u32::from_be_bytes(*row.first_chunk()?), keys::last_u64(row)?));
    Ok(row.as_ref().and_then(read))
}

fn progress_row(packed: u64) -> Row {
    let value = [&VERSION.to_be_bytes()[..], &packed.to_be_bytes()].concat();
    (Tree::Keywords, PROGRESS.to_vec(), Some(value))
}

fn fresh_row(hashes: &[u32]) -> Vec<u8> {
    let bytes = hashes.iter().flat_map(|hash| hash.to_be_bytes());
    std::iter::once(LAYOUT).chain(bytes).collect()
}

/// The hashes in a row, in order.
fn fresh_hashes(row: &[u8]) -> impl Iterator<Item = u32> + '_ {
    row.get(1..).unwrap_or_default().as_chunks().0.iter().map(|bytes| u32::from_be_bytes(*bytes))
}

/// The marks of one edit.
fn marks_of_edit(sequence: u64, hashes: impl Iterator<Item = u32>) -> impl Iterator<Item = Mark> {
    let offset = (sequence % SEGMENT_EDITS) as u16;
    hashes.map(move |hash| Mark { hash, offset })
}

/// The marks in a segment's fresh rows, and the number of edits they come from.
#[derive(Default)]
struct Fresh {
    marks: Vec<Mark>,
    edits: u64,
}

fn fresh_marks(state: &State, number: u64) -> Result<Fresh, Fault> {
    let mut fresh = Fresh::default();
    for row in state.scan_below(Tree::FreshKeywords, &first_key(number), &first_key(number + 1)) {
        let (key, raw) = row?;
        let sequence = keys::last_u64(&key).unwrap_or_default();
        let row = if spill::is_stub(&raw) { state.bytes(Tree::FreshKeywords, &key)? } else { Some(raw.to_vec()) };
        fresh.marks.extend(marks_of_edit(sequence, fresh_hashes(&row.unwrap_or_default())));
        fresh.edits += 1;
    }
    Ok(fresh)
}

fn edits_in(state: &State, number: u64) -> Result<u64, Fault> {
    let rows = state.scan_below(Tree::Edits, &first_key(number), &first_key(number + 1));
    rows.into_iter().try_fold(0, |count, row| row.map(|_| count + 1))
}

/// The rows that pack a segment with these marks and remove its fresh rows. They are small enough never to be split.
fn packing_rows(state: &State, number: u64, marks: Vec<Mark>) -> Result<Vec<Row>, Fault> {
    let rows = segment::segment_rows(number, marks).into_iter();
    let mut rows: Vec<Row> = rows.map(|(key, value)| (Tree::Keywords, key, Some(value))).collect();
    for row in state.scan_below(Tree::FreshKeywords, &first_key(number), &first_key(number + 1)) {
        rows.push((Tree::FreshKeywords, row?.0.to_vec(), None));
    }
    rows.push(progress_row(number + 1));
    Ok(rows)
}

/// The key of the first edit of a segment.
fn first_key(number: u64) -> Vec<u8> {
    keys::sequence(number.saturating_mul(SEGMENT_EDITS))
}
