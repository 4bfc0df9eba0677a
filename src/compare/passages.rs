//! Turns paired sentences into passages: which blocks belong together, and what happened to them.

use std::collections::BTreeMap;
use std::ops::Range;

use super::align::Pair;
use super::groups::{Group, Groups};
use super::moves::in_place;
use super::text::Text;
use super::words::Segments;
use crate::model::{Op, Passage, Relation, Segment};

/// One passage for each group of blocks, in the order of the new text; removed ones appear at their old place. `shown`
/// holds the segments of each pair.
pub(super) fn build_passages(old: &Text, new: &Text, pairs: &[Pair], shown: &[Vec<Segment>]) -> Vec<Passage> {
    let weave = Weave::new(old, new, pairs, shown);
    let groups = Groups::new(old, new, pairs);
    let places = groups.places_of_removed();
    let mut placed: Vec<((usize, usize), Passage)> = Vec::new();
    for group in groups.to_groups() {
        let passage = weave.build_passage(&group);
        if passage.segments.is_empty() {
            continue;
        }
        let place = match group.new.first() {
            Some(&first) => (first + 1, 0),
            None => (places[group.old[0]], group.old[0] + 1),
        };
        placed.push((place, passage));
    }
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, passage)| passage).collect()
}

/// Input for building passages, with a lookup from sentences to their pairs.
struct Weave<'a> {
    old: &'a Text<'a>,
    new: &'a Text<'a>,
    pairs: &'a [Pair],
    shown: &'a [Vec<Segment>],
    pair_of_old: Vec<Option<usize>>,
    pair_of_new: Vec<Option<usize>>,
}

impl<'a> Weave<'a> {
    fn new(old: &'a Text, new: &'a Text, pairs: &'a [Pair], shown: &'a [Vec<Segment>]) -> Self {
        let mut pair_of_old = vec![None; old.sentences.len()];
        let mut pair_of_new = vec![None; new.sentences.len()];
        for (number, pair) in pairs.iter().enumerate() {
            pair_of_old[pair.old.clone()].fill(Some(number));
            pair_of_new[pair.new.clone()].fill(Some(number));
        }
        Self { old, new, pairs, shown, pair_of_old, pair_of_new }
    }

    fn build_passage(&self, group: &Group) -> Passage {
        let inside = self.pairs_inside(group);
        let moved = !inside.is_empty() && inside.iter().all(|&pair| self.pairs[pair].moved);
        let is_extract = group.old.is_empty() && moved && inside.len() == self.unit_count(group);
        // Only sentences of other passages' blocks came to a group without an old block.
        let moved_whole = moved && !group.old.is_empty();
        let segments = self.weave_segments(group, &self.pairs_in_place(&inside, group, moved_whole));
        let relation = match relation_of(&group.old, &group.new, moved, self.differs(group, &inside)) {
            Relation::Added if is_extract && inside.iter().all(|&pair| self.pairs[pair].equal) => Relation::Moved,
            Relation::Added if is_extract => Relation::MovedEdited,
            Relation::Removed if self.is_all_elsewhere(group) => Relation::MovedAway,
            relation => relation,
        };
        let block_of = |&pair: &usize| self.old.sentences[self.pairs[pair].old.start].block;
        let extract_of = inside.first().map(block_of).filter(|_| is_extract);
        Passage {
            relation,
            old: group.old.clone(),
            new: group.new.clone(),
            moved: moved_whole || is_extract,
            extract_of,
            segments,
        }
    }

    /// Whether every sentence in a group's old blocks exists somewhere in the new text.
    fn is_all_elsewhere(&self, group: &Group) -> bool {
        self.old.sentences_of(&group.old).all(|sentence| self.pair_of_old[sentence].is_some())
    }

    /// The pairs of a group that are in the same order on both sides, sorted. These are all pairs that stayed or, if
    /// the whole group `moved`, the heaviest ordered subset of those from its own old blocks. Their segments are shown
    /// for both sides.
    fn pairs_in_place(&self, inside: &[usize], group: &Group, moved: bool) -> Vec<usize> {
        if !moved {
            return inside.iter().copied().filter(|&pair| !self.pairs[pair].moved).collect();
        }
        let words = |pair: &Pair| self.old.sentences[pair.old.clone()].iter().map(|sentence| sentence.words).sum();
        let is_own = |pair: &&usize| {
            let mut blocks = self.old.blocks_of(&self.pairs[**pair].old);
            blocks.all(|block| group.old.binary_search(&block).is_ok())
        };
        let own: Vec<usize> = inside.iter().filter(is_own).copied().collect();
        let weighed = own.iter().map(|&pair| {
            let words: usize = words(&self.pairs[pair]);
            (self.pairs[pair].old.start, words.max(1) as f32)
        });
        let stays = in_place(&weighed.collect::<Vec<_>>());
        own.iter().zip(stays).filter_map(|(&pair, stays)| stays.then_some(pair)).collect()
    }

    /// The pairs whose new side is in a group, in order.
    fn pairs_inside(&self, group: &Group) -> Vec<usize> {
        let mut inside: Vec<usize> =
            self.new.sentences_of(&group.new).filter_map(|sentence| self.pair_of_new[sentence]).collect();
        inside.dedup();
        inside
    }

    /// Number of units (pairs and added sentences) on the new side of a group.
    fn unit_count(&self, group: &Group) -> usize {
        let added = self.new.sentences_of(&group.new).filter(|&sentence| self.pair_of_new[sentence].is_none()).count();
        self.pairs_inside(group).len() + added
    }

    fn differs(&self, group: &Group, inside: &[usize]) -> bool {
        inside.iter().any(|&pair| !self.pairs[pair].equal)
            || self.new.sentences_of(&group.new).any(|sentence| self.pair_of_new[sentence].is_none())
            || self.old.sentences_of(&group.old).any(|sentence| match self.pair_of_old[sentence] {
                None => true,
                Some(pair) => inside.binary_search(&pair).is_err(),
            })
    }

    /// The segments of a group in new order. Old text that has no place here is inserted after the pair that it
    /// followed, as removed or as moved away.
    fn weave_segments(&self, group: &Group, home: &[usize]) -> Vec<Segment> {
        let mut thread = Thread::default();
        let mut gone = self.gone_behind(group, home);
        thread.push_gone(&gone.remove(&None).unwrap_or_default());
        let mut sentences = self.new.sentences_of(&group.new).peekable();
        while let Some(sentence) = sentences.next() {
            let block = self.new.sentences[sentence].block;
            let Some(number) = self.pair_of_new[sentence] else {
                thread.start(None, Some(block));
                thread.segments.push(Op::Added, &self.new.show(sentence));
                thread.end(None, Some(block));
                continue;
            };
            let pair = &self.pairs[number];
            while sentences.next_if(|next| pair.new.contains(next)).is_some() {}
            let (olds, news) = (self.old.blocks_of(&pair.old), self.new.blocks_of(&pair.new));
            let at_home = home.binary_search(&number).is_ok();
            thread.start(Some(olds.start).filter(|_| at_home), Some(news.start));
            thread.segments.extend(&match (at_home, pair.moved) {
                (true, false) => self.shown[number].clone(),
                (true, true) => moved_along(&self.shown[number]),
                (false, _) => moved_here(&self.shown[number]),
            });
            thread.end(Some(olds.end - 1).filter(|_| at_home), Some(news.end - 1));
            thread.push_gone(&gone.remove(&Some(number)).unwrap_or_default());
        }
        thread.segments.into_vec()
    }

    /// Text in a group's old blocks that has no place in the group, by the pair that it followed.
    fn gone_behind(&self, group: &Group, home: &[usize]) -> BTreeMap<Option<usize>, Vec<Gone>> {
        let mut behind = None;
        let mut gone: BTreeMap<Option<usize>, Vec<Gone>> = BTreeMap::new();
        let mut sentences = self.old.sentences_of(&group.old).peekable();
        while let Some(sentence) = sentences.next() {
            let item = match self.pair_of_old[sentence] {
                Some(pair) if home.binary_search(&pair).is_ok() => {
                    behind = Some(pair);
                    continue;
                }
                None => Gone::removed(self.old, sentence),
                Some(number) => {
                    let pair = &self.pairs[number];
                    while sentences.next_if(|next| pair.old.contains(next)).is_some() {}
                    Gone { blocks: self.old.blocks_of(&pair.old), segments: moved_away(&self.shown[number]) }
                }
            };
            gone.entry(behind).or_default().push(item);
        }
        gone
    }
}

/// Old text without a place in the group: its blocks, and its words as removed or moved away.
struct Gone {
    blocks: Range<usize>,
    segments: Vec<Segment>,
}

impl Gone {
    fn removed(old: &Text, sentence: usize) -> Self {
        let block = old.sentences[sentence].block;
        Self { blocks: block..block + 1, segments: vec![Segment::plain(Op::Removed, old.show(sentence))] }
    }
}

/// A pair's segments at its old place, from which its text was moved.
fn moved_away(segments: &[Segment]) -> Vec<Segment> {
    let there = segments.iter().filter(|segment| segment.op != Op::Added);
    let op = |segment: &Segment| if segment.op == Op::Removed { Op::Removed } else { Op::MovedAway };
    there.map(|segment| Segment::plain(op(segment), segment.old_text())).collect()
}

/// A pair's segments in a passage that moved as a whole.
fn moved_along(segments: &[Segment]) -> Vec<Segment> {
    let op = |op| if op == Op::Moved { Op::MovedAlong } else { op };
    segments.iter().map(|segment| Segment { op: op(segment.op), ..segment.clone() }).collect()
}

/// A pair's segments at its new place, to which its text was moved.
fn moved_here(segments: &[Segment]) -> Vec<Segment> {
    let op = |op| if op == Op::Same { Op::Moved } else { op };
    let here = segments.iter().filter(|segment| segment.op != Op::Removed);
    here.map(|segment| Segment { op: op(segment.op), ..segment.clone() }).collect()
}

/// The relation of blocks, determined by their number on each side.
fn relation_of(old: &[usize], new: &[usize], moved: bool, differs: bool) -> Relation {
    match (old.len(), new.len(), moved, differs) {
        (0, ..) => Relation::Added,
        (_, 0, ..) => Relation::Removed,
        (1, 1, false, false) => Relation::Same,
        (1, 1, false, true) => Relation::Edited,
        (1, 1, true, false) => Relation::Moved,
        (1, 1, true, true) => Relation::MovedEdited,
        (olds, news, ..) if olds > news => Relation::Merged,
        _ => Relation::Split,
    }
}

/// Segments under construction, with block ends inserted between them.
#[derive(Default)]
struct Thread {
    segments: Segments,
    old: Option<usize>,
    new: Option<usize>,
}

impl Thread {
    /// Starts a unit in these blocks; first ends the block before it, on each side where the block changes.
    fn start(&mut self, old: Option<usize>, new: Option<usize>) {
        let ends = |before: Option<usize>, now: Option<usize>| matches!((before, now), (Some(a), Some(b)) if a != b);
        match (ends(self.old, old), ends(self.new, new)) {
            (true, true) => self.segments.push(Op::Same, "\n"),
            (true, false) => self.segments.push(Op::Removed, "\n"),
            (false, true) => self.segments.push(Op::Added, "\n"),
            (false, false) => {}
        }
        self.old = old.or(self.old);
        self.new = new.or(self.new);
    }

    /// Ends a unit; it may have reached into later blocks than it started in.
    fn end(&mut self, old: Option<usize>, new: Option<usize>) {
        self.old = old.or(self.old);
        self.new = new.or(self.new);
    }

    fn push_gone(&mut self, gone: &[Gone]) {
        for item in gone {
            self.start(Some(item.blocks.start), None);
            self.segments.extend(&item.segments);
            self.end(Some(item.blocks.end - 1), None);
        }
    }
}
