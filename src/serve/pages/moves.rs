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
    let mut left: Vec<(usize, &Passage)> = passages.iter().enumerate().filter(|(_, passage)| passage.moved).collect();
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
            row.jump = Jump { id: now(at), href: format!("#{}", was(at)), words: "to its old place" };
        }
        linked.push(row);
    }
    linked.extend(left.map(|(moved, _)| trace(moved, olds.remove(&moved))));
    linked
}

/// Takes the old side out of the row of each passage that moved, by the passage's number. The old side of an extract is
/// dropped: its old blocks have rows of their own.
fn take_old_sides(passages: &[Passage], rows: &mut [Row]) -> HashMap<usize, String> {
    let moved = passages.iter().zip(rows).enumerate().filter(|(_, (passage, _))| passage.moved);
    let olds = moved.map(|(at, (passage, row))| {
        let old = std::mem::take(&mut row.old);
        (at, if passage.is_extract { String::new() } else { old })
    });
    olds.collect()
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
        Passage { relation, old, new: Vec::new(), moved, is_extract: false, segments: Vec::new() }
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
