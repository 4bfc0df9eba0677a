//! Where text stood that stands elsewhere now: a line at its old place that leads to the new one, and back.

use super::fold::Row;
use crate::model::{Comparison, Passage, Relation};

/// A link between the two places of a text that moved.
#[derive(Default)]
pub(super) struct Jump {
    /// The name of this place on the page; empty where it has none.
    pub(super) id: String,
    /// The other place, as `#name`; empty where there is none.
    pub(super) href: String,
    pub(super) words: &'static str,
}

/// `rows`, one a passage of `comparison`, with a line at the old place of each that moved.
pub(super) fn linked(comparison: &Comparison, rows: Vec<Row>) -> Vec<Row> {
    let passages = &comparison.passages;
    let mut linked: Vec<Row> = Vec::with_capacity(rows.len());
    let mut left: Vec<(usize, &Passage)> =
        passages.iter().enumerate().filter(|(_, passage)| is_moved(passage)).collect();
    left.sort_by_key(|(_, passage)| passage.old.first().copied());
    let mut left = left.into_iter().peekable();
    for (at, mut row) in rows.into_iter().enumerate() {
        let passage = passages.get(at);
        let stayed = passage.filter(|passage| !is_moved(passage)).and_then(|passage| passage.old.first());
        if let Some(place) = stayed {
            while let Some((moved, _)) = left.next_if(|(_, passage)| passage.old.first() < Some(place)) {
                linked.push(trace(moved));
            }
        }
        if passage.is_some_and(is_moved) {
            row.jump = Jump { id: now(at), href: format!("#{}", was(at)), words: "to its old place" };
        }
        linked.push(row);
    }
    linked.extend(left.map(|(moved, _)| trace(moved)));
    linked
}

fn is_moved(passage: &Passage) -> bool {
    matches!(passage.relation, Relation::Moved | Relation::MovedEdited)
}

/// The line at the old place of the passage with this number.
fn trace(number: usize) -> Row {
    let jump = Jump { id: was(number), href: format!("#{}", now(number)), words: "to its new place" };
    Row { fate: "trace", kind: "paragraph", label: "Text stood here that moved".to_owned(), jump, ..Row::default() }
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

    fn passage(relation: Relation, old: Option<usize>) -> Passage {
        Passage { relation, old: old.into_iter().collect(), new: Vec::new(), segments: Vec::new() }
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
        let rows = (0..passages.len()).map(|_| Row { fate: "same", ..Row::default() }).collect();
        let rows = linked(&Comparison { passages, ..Comparison::default() }, rows);
        let places: Vec<_> = rows.iter().map(|row| (row.jump.id.as_str(), row.jump.href.as_str())).collect();
        let none = ("", "");
        let moved =
            [("now-0", "#was-0"), none, none, ("was-4", "#now-4"), none, ("now-4", "#was-4"), ("was-0", "#now-0")];
        assert_eq!(places, [&moved[..], &[none]].concat());
    }
}
