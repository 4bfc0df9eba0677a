//! Flattens a comparison into one sequence of segments, for scripts.

use super::words::Segments;
use crate::model::{Comparison, Content, FieldChange, Op, Relation, Segment};

/// Headline, standfirst, byline and all passages of a comparison in one sequence, with a `\n` after each block. Moved
/// text appears only at its new place. The ends of the new text's blocks are always [`Op::Same`], so that the segments
/// without `Removed` are exactly the new text.
#[must_use]
pub fn segments(comparison: &Comparison, new: &Content) -> Vec<Segment> {
    let mut row = Segments::default();
    push_field(&mut row, comparison.headline.as_ref(), Some(&new.headline));
    push_field(&mut row, comparison.standfirst.as_ref(), new.standfirst.as_deref());
    push_field(&mut row, comparison.byline.as_ref(), new.byline.as_deref());
    for passage in &comparison.passages {
        for segment in &passage.segments {
            push_with_ends(&mut row, segment);
        }
        if passage.relation != Relation::MovedAway {
            row.push(if passage.new.is_empty() { Op::Removed } else { Op::Same }, "\n");
        }
    }
    row.into_vec()
}

/// Appends a field as a line of its own, if it exists on either side.
fn push_field(row: &mut Segments, change: Option<&FieldChange>, present: Option<&str>) {
    match (change, present) {
        (Some(change), _) => row.extend(&change.segments),
        (None, Some(present)) => row.push(Op::Same, present),
        (None, None) => return,
    }
    row.push(if present.is_some() { Op::Same } else { Op::Removed }, "\n");
}

fn push_with_ends(row: &mut Segments, segment: &Segment) {
    let op = if segment.op == Op::MovedAlong { Op::Moved } else { segment.op };
    if segment.is_restyled() {
        // Restyled text never spans the end of a block, because its words differ between the sides.
        return row.extend(std::slice::from_ref(segment));
    }
    match segment.op {
        Op::MovedAway => return,
        // The end of a block that was merged with the next one is not worth showing.
        Op::Removed if segment.text == "\n" => return,
        Op::Removed => return row.push(Op::Removed, &segment.text),
        Op::Same | Op::Added | Op::Moved | Op::MovedAlong => {}
    }
    for (at, line) in segment.text.split('\n').enumerate() {
        if at > 0 {
            row.push(Op::Same, "\n");
        }
        row.push(op, line);
    }
}
