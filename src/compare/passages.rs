//! From paired sentences to paragraphs: which blocks belong together, and what happened to them.

use std::ops::Range;

use super::align::Pair;
use super::text::Text;
use super::words::Segments;
use crate::model::{Op, Passage, Relation, Segment};

/// The blocks of both sides in groups that belong together, each a passage, in the new text's order; removed ones where
/// they stood. `shown` holds the segments of each pair.
pub(super) fn passages(old: &Text, new: &Text, pairs: &[Pair], shown: &[Vec<Segment>]) -> Vec<Passage> {
    let weave = Weave::new(old, new, pairs, shown);
    let groups = Groups::new(old, new, pairs);
    let places = groups.places_of_removed();
    let mut placed: Vec<((usize, usize), Passage)> = Vec::new();
    for group in groups.all() {
        let passage = weave.passage(&group);
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

/// Blocks that belong together.
#[derive(Clone, Debug, Default)]
struct Group {
    old: Vec<usize>,
    new: Vec<usize>,
}

/// Which blocks belong together. On the new side every group is a row without a gap.
struct Groups {
    /// Parents of old blocks, then of new blocks.
    parents: Vec<usize>,
    old_blocks: usize,
    /// Old blocks that have something in place.
    settled: Vec<bool>,
    /// The first and the last new block of each group, by its root.
    spans: Vec<Option<(usize, usize)>>,
}

impl Groups {
    fn new(old: &Text, new: &Text, pairs: &[Pair]) -> Self {
        let (old_blocks, new_blocks) = (old.block_count(), new.block_count());
        let parents = (0..old_blocks + new_blocks).collect();
        let spans =
            (0..old_blocks + new_blocks).map(|node| node.checked_sub(old_blocks).map(|block| (block, block))).collect();
        let mut groups = Self { parents, old_blocks, settled: vec![false; old_blocks], spans };
        for pair in pairs {
            groups.tie(old, new, pair, !pair.moved);
        }
        groups.close_gaps();
        groups.tie_moved(old, new, pairs);
        groups
    }

    /// Ties the blocks of each side of a pair, and both sides to each other.
    fn tie(&mut self, old: &Text, new: &Text, pair: &Pair, sides: bool) {
        let (a, b) = (old.blocks_of(&pair.old), new.blocks_of(&pair.new));
        for next in a.start + 1..a.end {
            self.unite(a.start, next);
        }
        for next in b.start + 1..b.end {
            self.unite(self.old_blocks + b.start, self.old_blocks + next);
        }
        if sides {
            self.unite(a.start, self.old_blocks + b.start);
            self.settled[a].fill(true);
        }
    }

    /// New blocks between two of one group belong to it.
    fn close_gaps(&mut self) {
        let new_blocks = self.parents.len() - self.old_blocks;
        let mut at = 0;
        while at < new_blocks {
            let mut end = self.last_of(at);
            let mut inner = at;
            while inner < end {
                inner += 1;
                end = end.max(self.last_of(inner));
                self.unite(self.old_blocks + at, self.old_blocks + inner);
            }
            at = end + 1;
        }
    }

    /// The last new block of the group that a new block belongs to.
    fn last_of(&mut self, block: usize) -> usize {
        let root = self.root(self.old_blocks + block);
        self.spans[root].map_or(block, |(_, last)| last)
    }

    /// Moved sentences tie blocks where they are most of one of them and that leaves no gap.
    fn tie_moved(&mut self, old: &Text, new: &Text, pairs: &[Pair]) {
        for ties in pairs.chunk_by(|a, b| {
            a.moved == b.moved
                && old.blocks_of(&a.old) == old.blocks_of(&b.old)
                && new.blocks_of(&a.new) == new.blocks_of(&b.new)
        }) {
            let pair = &ties[0];
            let (a, b) = (old.blocks_of(&pair.old), new.blocks_of(&pair.new));
            let words = |text: &Text, range: &Range<usize>| {
                text.sentences[range.clone()].iter().map(|sentence| sentence.words).sum::<usize>()
            };
            let of_old: usize = ties.iter().map(|tie| words(old, &tie.old)).sum();
            let of_new: usize = ties.iter().map(|tie| words(new, &tie.new)).sum();
            let most = 2 * of_old > old.words_in(&a) || 2 * of_new > new.words_in(&b);
            if pair.moved && most && self.leaves_no_gap(a.start, b.start) {
                self.unite(a.start, self.old_blocks + b.start);
            }
        }
    }

    fn leaves_no_gap(&mut self, old: usize, new: usize) -> bool {
        let (a, b) = (self.root(old), self.root(self.old_blocks + new));
        match (self.spans[a], self.spans[b]) {
            (Some(a), Some(b)) => a.0 <= b.1 + 1 && b.0 <= a.1 + 1,
            _ => true,
        }
    }

    fn root(&mut self, mut node: usize) -> usize {
        while self.parents[node] != node {
            self.parents[node] = self.parents[self.parents[node]];
            node = self.parents[node];
        }
        node
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let (into, from) = (a.min(b), a.max(b));
        self.parents[from] = into;
        if into != from {
            let spans = [self.spans[into], self.spans[from]].into_iter().flatten();
            self.spans[into] = spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        }
    }

    fn find(&self, mut node: usize) -> usize {
        while self.parents[node] != node {
            node = self.parents[node];
        }
        node
    }

    fn all(&self) -> Vec<Group> {
        let mut groups = vec![Group::default(); self.parents.len()];
        for node in 0..self.parents.len() {
            let group = &mut groups[self.find(node)];
            match node.checked_sub(self.old_blocks) {
                None => group.old.push(node),
                Some(block) => group.new.push(block),
            }
        }
        groups.retain(|group| !group.old.is_empty() || !group.new.is_empty());
        groups
    }

    /// Behind which new block (from 1; 0 is the start) each old block stands or stood.
    fn places_of_removed(&self) -> Vec<usize> {
        let mut place = 0;
        let places = (0..self.old_blocks).map(|old| {
            let here = place;
            if self.settled[old] {
                place = self.spans[self.find(old)].map_or(0, |(_, last)| last + 1);
            }
            here
        });
        places.collect()
    }
}

/// Everything that passages are woven from.
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

    fn passage(&self, group: &Group) -> Passage {
        let mut old_blocks = group.old.clone();
        let inside = self.pairs_inside(group);
        if old_blocks.is_empty() && inside.len() == self.unit_count(group) {
            old_blocks = inside.iter().flat_map(|&pair| self.old.blocks_of(&self.pairs[pair].old)).collect();
            old_blocks.sort_unstable();
            old_blocks.dedup();
        }
        let moved = !inside.is_empty() && inside.iter().all(|&pair| self.pairs[pair].moved);
        let segments = self.weave(group, moved);
        let relation = relation(&old_blocks, &group.new, moved, self.differs(group, &inside));
        Passage { relation, old: old_blocks, new: group.new.clone(), segments }
    }

    /// The pairs whose new side stands in a group, in order.
    fn pairs_inside(&self, group: &Group) -> Vec<usize> {
        let mut inside: Vec<usize> =
            self.new.sentences_of(&group.new).filter_map(|sentence| self.pair_of_new[sentence]).collect();
        inside.dedup();
        inside
    }

    /// How many units (pairs and added sentences) the new side of a group has.
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

    /// The words of a group, in the new order, removed sentences behind what they stood behind.
    fn weave(&self, group: &Group, moved: bool) -> Vec<Segment> {
        let mut thread = Thread::default();
        let mut removed = self.removed_behind(group, moved);
        thread.removed(self.old, &removed.remove(&None).unwrap_or_default());
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
            let at_home = !pair.moved || moved;
            thread.start(Some(olds.start).filter(|_| at_home), Some(news.start));
            thread.segments.extend(&self.shown[number]);
            thread.end(Some(olds.end - 1).filter(|_| at_home), Some(news.end - 1));
            thread.removed(self.old, &removed.remove(&Some(number)).unwrap_or_default());
        }
        thread.segments.into_vec()
    }

    /// The removed sentences of a group's old blocks, by the pair that they stood behind.
    fn removed_behind(&self, group: &Group, moved: bool) -> std::collections::BTreeMap<Option<usize>, Vec<usize>> {
        let inside = self.pairs_inside(group);
        let mut behind = None;
        let mut removed: std::collections::BTreeMap<Option<usize>, Vec<usize>> = std::collections::BTreeMap::new();
        for sentence in self.old.sentences_of(&group.old) {
            match self.pair_of_old[sentence] {
                None => removed.entry(behind).or_default().push(sentence),
                Some(pair) if (moved || !self.pairs[pair].moved) && inside.binary_search(&pair).is_ok() => {
                    behind = Some(pair);
                }
                Some(_) => {}
            }
        }
        removed
    }
}

/// What happened to blocks, by how many there are on each side.
fn relation(old: &[usize], new: &[usize], moved: bool, differs: bool) -> Relation {
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

/// Segments in the making, with the ends of blocks between them.
#[derive(Default)]
struct Thread {
    segments: Segments,
    old: Option<usize>,
    new: Option<usize>,
}

impl Thread {
    /// Begins a unit that stands in these blocks: ends the blocks before, on either side.
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

    /// Ends a unit that reached into these blocks.
    fn end(&mut self, old: Option<usize>, new: Option<usize>) {
        self.old = old.or(self.old);
        self.new = new.or(self.new);
    }

    fn removed(&mut self, old: &Text, sentences: &[usize]) {
        for &sentence in sentences {
            self.start(Some(old.sentences[sentence].block), None);
            self.segments.push(Op::Removed, &old.show(sentence));
        }
    }
}
