//! Text that moved: a row at its old place with its old words, a row at its new place, and a link from each to the other.

use std::collections::HashMap;

use super::fold::Row;
use crate::model::{Comparison, Passage};

/// A link between the two places of a text that moved.
#[derive(Default)]
pub(super) struct Jump {
    /// The name of this place on the page; empty where it has none.
    pub(super) id: String,
    /// The other place, as `#name`; empty where there is none.
    pub(super) href: String,
    pub(super) words: &'static str,
}

/// `rows`, one a passage of `comparison`, with a row at the old place of each that moved: the old side of that passage.
pub(super) fn linked(comparison: &Comparison, rows: Vec<Row>) -> Vec<Row> {
    let passages = &comparison.passages;
    let mut linked: Vec<Row> = Vec::with_capacity(rows.len());
    let mut rows = rows;
    let mut olds = take_old_sides(passages, &mut rows);
    let origins = link_origins(passages, &mut rows);
    let mut left: Vec<(usize, &Passage)> =
        passages.iter().enumerate().filter(|(_, passage)| passage.moved && passage.extract_of.is_none()).collect();
    left.sort_by_key(|(_, passage)| passage.old.first().copied());
    let mut left = left.into_iter().peekable();
    for (at, mut row) in rows.into_iter().enumerate() {
        let passage = passages.get(at);
        let stayed = passage.filter(|passage| !passage.moved).and_then(|passage| passage.old.first());
        if let Some(place) = stayed {
            while let Some((moved, _)) = left.next_if(|(_, passage)| passage.old.first() < Some(place)) {
                linked.push(trace(moved, olds.remove(&moved)));
            }
        }
        if passage.is_some_and(|passage| passage.moved) {
            let origin = origins.get(&at).copied().unwrap_or(at);
            row.jump = Jump { id: now(at), href: format!("#{}", was(origin)), words: "to its old place" };
        }
        linked.push(row);
    }
    linked.extend(left.map(|(moved, _)| trace(moved, olds.remove(&moved))));
    linked
}

/// Links the row of each block that sentences left for a paragraph of their own to the first such paragraph. Gives, for each
/// of these extracts, the number in the name of its old place.
fn link_origins(passages: &[Passage], rows: &mut [Row]) -> HashMap<usize, usize> {
    let mut origins = HashMap::new();
    let mut named: HashMap<usize, usize> = HashMap::new();
    for (at, passage) in passages.iter().enumerate() {
        let Some(block) = passage.extract_of else { continue };
        let Some(owner) = passages.iter().position(|passage| passage.old.contains(&block)) else { continue };
        if passages[owner].moved {
            origins.insert(at, owner);
            continue;
        }
        let first = *named.entry(owner).or_insert(at);
        if let Some(row) = rows.get_mut(owner).filter(|_| first == at) {
            row.jump = Jump { id: was(at), href: format!("#{}", now(at)), words: "to its new place" };
        }
        origins.insert(at, first);
    }
    origins
}

/// Takes the old side out of the row of each passage that moved, by the passage's number. An extract has
/// none: its old block has a row of its own.
fn take_old_sides(passages: &[Passage], rows: &mut [Row]) -> HashMap<usize, String> {
    let moved = passages.iter().zip(rows).enumerate().filter(|(_, (passage, _))| passage.moved);
    moved.map(|(at, (_, row))| (at, std::mem::take(&mut row.old))).collect()
}

/// The row at the old place of the passage with this number, with its old words.
fn trace(number: usize, old: Option<String>) -> Row {
    let jump = Jump { id: was(number), href: format!("#{}", now(number)), words: "to its new place" };
    let (label, old) = ("Moved from here".to_owned(), old.unwrap_or_default());
    Row { fate: "trace moved", kind: "paragraph", label, old, jump, ..Row::default() }
}

fn was(number: usize) -> String {
    format!("was-{number}")
}

fn now(number: usize) -> String {
    format!("now-{number}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Relation;

    fn passage(relation: Relation, old: Option<usize>) -> Passage {
        let old = old.into_iter().collect();
        let moved = matches!(relation, Relation::Moved | Relation::MovedEdited);
        Passage { relation, old, new: Vec::new(), moved, extract_of: None, segments: Vec::new() }
    }

    #[test]
    fn text_that_moved_leaves_a_line_where_it_stood() {
        let passages = vec![
            passage(Relation::Moved, Some(3)),
            passage(Relation::Same, Some(0)),
            passage(Relation::Added, None),
            passage(Relation::Same, Some(2)),
            passage(Relation::MovedEdited, Some(1)),
            passage(Relation::Same, Some(4)),
        ];
        let row =
            |at: usize| Row { fate: "same", old: format!("old {at}"), new: format!("new {at}"), ..Row::default() };
        let rows = (0..passages.len()).map(row).collect();
        let rows = linked(&Comparison { passages, ..Comparison::default() }, rows);
        let places: Vec<_> = rows.iter().map(|row| (row.jump.id.as_str(), row.jump.href.as_str())).collect();
        let none = ("", "");
        let moved =
            [("now-0", "#was-0"), none, none, ("was-4", "#now-4"), none, ("now-4", "#was-4"), ("was-0", "#now-0")];
        assert_eq!(places, [&moved[..], &[none]].concat());
        let old: Vec<&str> = rows.iter().map(|row| row.old.as_str()).collect();
        assert_eq!(old, ["", "old 1", "old 2", "old 4", "old 3", "", "old 0", "old 5"]);
        let new: Vec<&str> = rows.iter().map(|row| row.new.as_str()).collect();
        assert_eq!(new, ["new 0", "new 1", "new 2", "", "new 3", "new 4", "", "new 5"]);
    }
}
