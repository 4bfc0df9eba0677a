//! Comparison by whole blocks, for texts that are too long for a comparison by sentences.

use std::collections::HashMap;

use super::moves::in_place;
use crate::model::{Op, Passage, Relation, Segment, SentencePair};

/// The passages of two texts by whole blocks, and the blocks that differ in place of sentences.
pub(super) fn compare_blocks(old: &[&str], new: &[&str]) -> (Vec<Passage>, Vec<SentencePair>) {
    let twins = find_twins(old, new);
    let joined: Vec<(usize, usize)> =
        twins.iter().enumerate().filter_map(|(at, twin)| twin.map(|twin| (twin, at))).collect();
    let stays = in_place(&joined.iter().map(|&(twin, _)| (twin, 1.0)).collect::<Vec<_>>());
    let moved: HashMap<usize, bool> = joined.iter().zip(&stays).map(|(&(twin, _), &stays)| (twin, !stays)).collect();
    let mut passages = Vec::new();
    let mut next = 0;
    for (at, text) in new.iter().enumerate() {
        match twins[at] {
            Some(twin) if moved[&twin] => passages.push(block_passage(Relation::Moved, Some(twin), Some(at), text)),
            Some(twin) => {
                passages.extend(removed_blocks(old, next..twin, &moved));
                next = twin + 1;
                passages.push(block_passage(Relation::Same, Some(twin), Some(at), text));
            }
            None => passages.push(block_passage(Relation::Added, None, Some(at), text)),
        }
    }
    passages.extend(removed_blocks(old, next..old.len(), &moved));
    let sentences =
        passages.iter().filter(|passage| passage.relation != Relation::Same).map(to_sentence_pair).collect();
    (passages, sentences)
}

/// For each new block the old block with the same text, if there is one. Each old block is used once.
fn find_twins(old: &[&str], new: &[&str]) -> Vec<Option<usize>> {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, text) in old.iter().enumerate().rev() {
        places.entry(text).or_default().push(at);
    }
    new.iter().map(|text| places.get_mut(text).and_then(Vec::pop)).collect()
}

/// Passages for the removed blocks in a range of the old text.
fn removed_blocks(old: &[&str], stretch: std::ops::Range<usize>, kept: &HashMap<usize, bool>) -> Vec<Passage> {
    let removed = stretch.filter(|at| !kept.contains_key(at));
    removed.map(|at| block_passage(Relation::Removed, Some(at), None, old[at])).collect()
}

fn block_passage(relation: Relation, old: Option<usize>, new: Option<usize>, text: &str) -> Passage {
    let op = match relation {
        Relation::Added => Op::Added,
        Relation::Removed => Op::Removed,
        Relation::Moved => Op::MovedAlong,
        _ => Op::Same,
    };
    let segments = vec![Segment::plain(op, text)];
    let (old, new) = (old.into_iter().collect(), new.into_iter().collect());
    Passage { relation, old, new, moved: relation == Relation::Moved, extract_of: None, segments }
}

fn to_sentence_pair(passage: &Passage) -> SentencePair {
    let text = |blocks: &[usize]| (!blocks.is_empty()).then(|| passage.segments[0].text.clone());
    SentencePair {
        old: text(&passage.old),
        new: text(&passage.new),
        old_block: passage.old.first().copied(),
        new_block: passage.new.first().copied(),
        quoted: false,
        moved: passage.relation == Relation::Moved,
        segments: passage.segments.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_kept_moved_added_and_removed_whole() {
        let (passages, sentences) = compare_blocks(&["a", "b", "c", "x"], &["c", "a", "b", "y"]);
        let found: Vec<(Relation, &str)> = passages.iter().map(|p| (p.relation, p.segments[0].text.as_str())).collect();
        let expected = [
            (Relation::Moved, "c"),
            (Relation::Same, "a"),
            (Relation::Same, "b"),
            (Relation::Added, "y"),
            (Relation::Removed, "x"),
        ];
        assert_eq!(found, expected);
        assert_eq!(sentences.len(), 3);
    }
}
