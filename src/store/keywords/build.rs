//! Building the index of a store that has none, or only part of one. Runs when the store is opened, one segment per
//! transaction, so that a start that is killed loses only one segment of work.

use super::super::error::Fault;
use super::super::format::{CountersRecord, EditHead, EditRecord, Record};
use super::super::spill;
use super::super::state::{Row, State, Tree};
use super::super::texts::Texts;
use super::{
    Fresh, SEGMENT_EDITS, VERSION, first_key, fresh_hashes, fresh_row, keyword_hashes, marks_of_edit, packing_rows,
    progress_row, read_progress,
};
use crate::store::keys;

/// Rows removed per transaction.
const MAX_ROWS: usize = 512;
/// Number of edits from which on the build is logged: it then takes a few seconds.
const MANY: u64 = 20_000;

/// Builds the missing part of the index. It is on disk once the state is made durable.
pub(in crate::store) fn build_index(state: &State, texts: &Texts) -> Result<(), Fault> {
    let known = read_progress(state)?.filter(|(version, _)| *version == VERSION);
    if known.is_none() {
        clear_index(state)?;
        state.apply(&[progress_row(0)])?;
    }
    let packed = known.map_or(0, |(_, packed)| packed);
    let counters: CountersRecord = state.get(Tree::Meta, keys::COUNTERS)?.unwrap_or_default();
    let full = counters.next_edit / SEGMENT_EDITS;
    let edits = full.saturating_sub(packed) * SEGMENT_EDITS;
    if edits >= MANY {
        tracing::info!(store.edits = edits, "building the search index of changed words (once)");
    }
    for number in packed..full {
        let (fresh, _) = gather_segment(state, texts, number)?;
        state.apply(&packing_rows(state, number, fresh.marks)?)?;
    }
    let (_, missing) = gather_segment(state, texts, full)?;
    state.apply(&missing)
}

/// Removes the whole index.
fn clear_index(state: &State) -> Result<(), Fault> {
    for tree in [Tree::Keywords, Tree::FreshKeywords] {
        loop {
            let rows: Vec<_> = state.scan(tree, &[]).take(MAX_ROWS).collect::<Result<_, _>>()?;
            if rows.is_empty() {
                break;
            }
            let removed = rows.iter().flat_map(|(key, raw)| spill::replace(tree, key.to_vec(), Some(raw), None));
            state.apply(&removed.collect::<Vec<_>>())?;
        }
    }
    Ok(())
}

/// Collects the marks of a segment, and the fresh rows that it lacks.
fn gather_segment(state: &State, texts: &Texts, number: u64) -> Result<(Fresh, Vec<Row>), Fault> {
    let (mut fresh, mut missing) = (Fresh::default(), Vec::new());
    for row in state.scan_below(Tree::Edits, &first_key(number), &first_key(number + 1)) {
        let row = row?;
        let sequence = keys::last_u64(&row.0).unwrap_or_default();
        fresh.edits += 1;
        if let Some(known) = state.bytes(Tree::FreshKeywords, &row.0)? {
            fresh.marks.extend(marks_of_edit(sequence, fresh_hashes(&known)));
            continue;
        }
        let hashes = hashes_of_stored(state, texts, &row)?;
        missing.extend(spill::replace(Tree::FreshKeywords, row.0.to_vec(), None, Some(fresh_row(&hashes))));
        fresh.marks.extend(marks_of_edit(sequence, hashes.into_iter()));
    }
    Ok((fresh, missing))
}

/// The keywords of a stored edit. An edit that cannot be read has none: `redraft verify` reports it, and the store
/// opens all the same.
fn hashes_of_stored(state: &State, texts: &Texts, row: &(sled::IVec, sled::IVec)) -> Result<Vec<u32>, Fault> {
    let Some(head) = state.record::<EditHead>(Tree::Edits, row)? else { return Ok(Vec::new()) };
    let edit = texts.read(head.text).and_then(|text| Ok(EditRecord::unpack(&text)?));
    match edit {
        Ok(edit) => Ok(keyword_hashes(&edit.into())),
        Err(Fault::Damaged(why)) => {
            tracing::warn!(
                article.id = head.article,
                error = why,
                "an edit cannot be read, so searches do not find it"
            );
            Ok(Vec::new())
        }
        Err(fault) => Err(fault),
    }
}
