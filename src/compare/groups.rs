//! Groups the blocks of both texts that belong together because a pair of sentences connects them (union-find).

use std::ops::Range;

use super::align::Pair;
use super::text::Text;

/// Blocks that belong together, in text order.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub(super) old: Vec<usize>,
    pub(super) new: Vec<usize>,
}

/// All groups of blocks. On the new side a group is a range without gaps.
pub(super) struct Groups {
    /// Parent of each node in the union-find forest: old blocks first, then new blocks.
    parents: Vec<usize>,
    old_blocks: usize,
    /// Whether an old block contains a sentence that stayed in place.
    settled: Vec<bool>,
    /// First and last new block of each group, stored at its root.
    spans: Vec<Option<(usize, usize)>>,
    /// First and last old block of each group, stored at its root.
    old_spans: Vec<Option<(usize, usize)>>,
}

impl Groups {
    pub(super) fn new(old: &Text, new: &Text, pairs: &[Pair]) -> Self {
        let (old_blocks, new_blocks) = (old.block_count(), new.block_count());
        let parents = (0..old_blocks + new_blocks).collect();
        let spans =
            (0..old_blocks + new_blocks).map(|node| node.checked_sub(old_blocks).map(|block| (block, block))).collect();
        let old_spans = (0..old_blocks + new_blocks).map(|node| (node < old_blocks).then_some((node, node))).collect();
        let mut groups = Self { parents, old_blocks, settled: vec![false; old_blocks], spans, old_spans };
        for pair in pairs {
            groups.tie_pair(old, new, pair, !pair.moved);
        }
        groups.close_gaps();
        groups.tie_moved(old, new, pairs);
        groups
    }

    /// Joins the blocks on each side of a pair and, if `sides` is true, the two sides with each other.
    fn tie_pair(&mut self, old: &Text, new: &Text, pair: &Pair, sides: bool) {
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

    /// Blocks between two of one group belong to it, on either side: a passage is a row of blocks in both texts.
    fn close_gaps(&mut self) {
        self.close_gaps_between(0..self.old_blocks, |groups, root| groups.old_spans[root]);
        self.close_gaps_between(self.old_blocks..self.parents.len(), |groups, root| groups.spans[root]);
    }

    /// Unites each node of one side with those up to the last of its group; `span` gives a group's blocks on that side.
    fn close_gaps_between(&mut self, nodes: Range<usize>, span: fn(&Self, usize) -> Option<(usize, usize)>) {
        let last = |groups: &mut Self, node: usize| {
            let root = groups.find_root(node);
            span(groups, root).map_or(node, |(_, last)| nodes.start + last)
        };
        let mut at = nodes.start;
        while at < nodes.end {
            let mut end = last(self, at);
            let mut inner = at;
            while inner < end {
                inner += 1;
                end = end.max(last(self, inner));
                self.unite(at, inner);
            }
            at = end + 1;
        }
    }

    /// Moved sentences tie blocks if they are most of one of them and that leaves no gap on either side: a passage is one place
    /// of the new text and one of the old.
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
        let (a, b) = (self.find_root(old), self.find_root(self.old_blocks + new));
        [&self.spans, &self.old_spans].into_iter().all(|spans| match (spans[a], spans[b]) {
            (Some(a), Some(b)) => a.0 <= b.1 + 1 && b.0 <= a.1 + 1,
            _ => true,
        })
    }

    fn find_root(&mut self, mut node: usize) -> usize {
        while self.parents[node] != node {
            self.parents[node] = self.parents[self.parents[node]];
            node = self.parents[node];
        }
        node
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find_root(a), self.find_root(b));
        let (into, from) = (a.min(b), a.max(b));
        self.parents[from] = into;
        if into != from {
            for spans in [&mut self.spans, &mut self.old_spans] {
                let both = [spans[into], spans[from]].into_iter().flatten();
                spans[into] = both.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
            }
        }
    }

    fn find_root_in(&self, mut node: usize) -> usize {
        while self.parents[node] != node {
            node = self.parents[node];
        }
        node
    }

    pub(super) fn to_groups(&self) -> Vec<Group> {
        let mut groups = vec![Group::default(); self.parents.len()];
        for node in 0..self.parents.len() {
            let group = &mut groups[self.find_root_in(node)];
            match node.checked_sub(self.old_blocks) {
                None => group.old.push(node),
                Some(block) => group.new.push(block),
            }
        }
        groups.retain(|group| !group.old.is_empty() || !group.new.is_empty());
        groups
    }

    /// For each old block the number of the new block that it follows (from 1; 0 is the start of the text).
    pub(super) fn places_of_removed(&self) -> Vec<usize> {
        let mut place = 0;
        let places = (0..self.old_blocks).map(|old| {
            let here = place;
            if self.settled[old] {
                place = self.spans[self.find_root_in(old)].map_or(0, |(_, last)| last + 1);
            }
            here
        });
        places.collect()
    }
}
