//! A whole comparison as one sequence of segments, for scripts.

use super::words::Segments;
use crate::model::{Comparison, Content, Op, Segment};

/// The headline and all passages of a comparison in one row, every block's end a `\n`. The ends of the new text's blocks
/// are [`Op::Same`], whatever became of the text before them, so that dropping `Removed` gives the new text back.
#[must_use]
pub fn segments(comparison: &Comparison, new: &Content) -> Vec<Segment> {
    let mut row = Segments::default();
    match &comparison.headline {
        Some(change) => row.extend(&change.segments),
        None => row.push(Op::Same, &new.headline),
    }
    row.push(Op::Same, "\n");
    for passage in &comparison.passages {
        for segment in &passage.segments {
            push_with_ends(&mut row, segment);
        }
        row.push(if passage.new.is_empty() { Op::Removed } else { Op::Same }, "\n");
    }
    row.into_vec()
}

fn push_with_ends(row: &mut Segments, segment: &Segment) {
    if segment.op == Op::Removed {
        // The end of a block that was merged with the next one is nothing to show.
        if segment.text != "\n" {
            row.push(Op::Removed, &segment.text);
        }
        return;
    }
    for (at, line) in segment.text.split('\n').enumerate() {
        if at > 0 {
            row.push(Op::Same, "\n");
        }
        row.push(segment.op, line);
    }
}
