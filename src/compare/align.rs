//! Pairs sentences that make the same statement: first equal ones, then similar ones by their common words, then single
//! gaps between paired neighbours. Finally pairs grow over unpaired neighbours, which finds sentences that were split
//! or merged.

use std::collections::HashMap;
use std::ops::Range;

use super::moves::in_place;
use super::similar::{Candidates, Likeness};
use super::text::Text;
use super::token::Vocabulary;

/// Minimum similarity of a pair.
const MIN_SIMILARITY: f32 = 0.45;
/// Minimum similarity of a single gap between paired neighbours.
const MIN_SIMILARITY_OF_HOLE: f32 = 0.28;
/// Increases the similarity of a candidate for each neighbour that is paired accordingly.
const NEIGHBOUR_BONUS: f32 = 0.07;
/// Minimum gain in likeness for a pair to take in another sentence …
const MIN_GAIN: f32 = 0.04;
/// … or the minimum share of that sentence that is found in the pair, if likeness falls by at most [`MAX_LOSS`].
const MIN_FOUND_SHARE: f32 = 0.4;
/// See [`MIN_FOUND_SHARE`].
const MAX_LOSS: f32 = 0.03;
/// Limit of sentences on one side of a pair.
const MAX_GROWN: usize = 6;

/// Sentences that make the same statement: a range on each side.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) old: Range<usize>,
    pub(super) new: Range<usize>,
    /// Whether both sides are equal at level N2.
    pub(super) equal: bool,
    /// Whether the statement changed its place.
    pub(super) moved: bool,
}

/// All pairs, in the order of the new text.
pub(super) fn pair_sentences(old: &Text, new: &Text, words: &Vocabulary) -> Vec<Pair> {
    let mut matching = Matching::new(old, new);
    matching.pair_equal_sentences();
    let likeness = Likeness::new(old, new, words);
    matching.pair_similar_sentences(&likeness);
    matching.fill_gaps(&likeness);
    let mut pairs = matching.to_pairs();
    grow_pairs(&mut pairs, &matching, &likeness);
    mark_moves(&mut pairs, old, &likeness);
    pairs
}

/// The pairing under construction: for each sentence its partner on the other side.
struct Matching<'a, 'b> {
    old: &'a Text<'b>,
    new: &'a Text<'b>,
    of_old: Vec<Option<usize>>,
    of_new: Vec<Option<usize>>,
}

impl<'a, 'b> Matching<'a, 'b> {
    fn new(old: &'a Text<'b>, new: &'a Text<'b>) -> Self {
        Self { old, new, of_old: vec![None; old.sentences.len()], of_new: vec![None; new.sentences.len()] }
    }

    fn join(&mut self, old: usize, new: usize) {
        self.of_old[old] = Some(new);
        self.of_new[new] = Some(old);
    }

    fn are_equal(&self, old: usize, new: usize) -> bool {
        self.old.sentences[old].hash == self.new.sentences[new].hash
    }

    fn are_free(&self, old: usize, new: usize) -> bool {
        self.of_old.get(old).is_some_and(Option::is_none) && self.of_new.get(new).is_some_and(Option::is_none)
    }

    /// Pairs equal sentences: first those that occur once on each side, then equal neighbours of pairs, then the rest
    /// in order.
    fn pair_equal_sentences(&mut self) {
        let mut places: HashMap<u64, (Vec<usize>, Vec<usize>)> = HashMap::new();
        // In reverse, so that `pop` below takes the first one.
        for (at, sentence) in self.old.sentences.iter().enumerate().rev() {
            places.entry(sentence.hash).or_default().0.push(at);
        }
        for (at, sentence) in self.new.sentences.iter().enumerate() {
            places.entry(sentence.hash).or_default().1.push(at);
        }
        for (olds, news) in places.values() {
            if let ([old], [new]) = (olds.as_slice(), news.as_slice()) {
                self.join(*old, *new);
            }
        }
        self.pair_equal_neighbours();
        for at in 0..self.new.sentences.len() {
            if self.of_new[at].is_some() {
                continue;
            }
            let Some((olds, _)) = places.get_mut(&self.new.sentences[at].hash) else { continue };
            while let Some(old) = olds.pop() {
                if self.of_old[old].is_none() {
                    self.join(old, at);
                    break;
                }
            }
        }
    }

    /// Pairs equal sentences next to a pair, forwards and backwards.
    fn pair_equal_neighbours(&mut self) {
        let count = self.new.sentences.len();
        for at in 0..count {
            let before = if at == 0 { Some(0) } else { self.of_new[at - 1].map(|old| old + 1) };
            if let Some(old) = before.filter(|&old| self.are_free(old, at) && self.are_equal(old, at)) {
                self.join(old, at);
            }
        }
        for at in (0..count).rev() {
            let after = if at + 1 == count { Some(self.old.sentences.len()) } else { self.of_new[at + 1] };
            let old = after.and_then(|old| old.checked_sub(1));
            if let Some(old) = old.filter(|&old| self.are_free(old, at) && self.are_equal(old, at)) {
                self.join(old, at);
            }
        }
    }

    /// Number of neighbours of these two sentences that are paired with each other, 0 to 2.
    fn paired_neighbours(&self, old: usize, new: usize) -> usize {
        let before = old > 0 && new > 0 && self.of_new[new - 1] == Some(old - 1);
        let after = self.of_new.get(new + 1).is_some_and(|twin| *twin == Some(old + 1));
        usize::from(before) + usize::from(after)
    }

    /// Pairs similar sentences, the most similar first.
    fn pair_similar_sentences(&mut self, likeness: &Likeness) {
        let mut candidates = Candidates::new(self.old, |old| self.of_old[old].is_none());
        let mut found = Vec::new();
        for new in (0..self.new.sentences.len()).filter(|&new| self.of_new[new].is_none()) {
            for old in candidates.most_similar(self.new, new, likeness) {
                let similarity = likeness.similarity(old..old + 1, new..new + 1) - likeness.displacement(old, new);
                let similarity = similarity + NEIGHBOUR_BONUS * self.paired_neighbours(old, new) as f32;
                if similarity >= MIN_SIMILARITY {
                    found.push((similarity, old, new));
                }
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.2, a.1).cmp(&(b.2, b.1))));
        for (_, old, new) in found {
            if self.are_free(old, new) {
                self.join(old, new);
            }
        }
    }

    /// Pairs a single unpaired sentence on each side between two pairs; its position makes up for a lower similarity.
    fn fill_gaps(&mut self, likeness: &Likeness) {
        for new in 0..self.new.sentences.len() {
            let old = if new == 0 { Some(0) } else { self.of_new[new - 1].map(|old| old + 1) };
            let Some(old) = old.filter(|&old| self.are_free(old, new)) else { continue };
            let closed = match (self.of_old.get(old + 1), self.of_new.get(new + 1)) {
                (None, None) => true,
                (Some(after), Some(_)) => *after == Some(new + 1),
                _ => false,
            };
            if closed && likeness.similarity(old..old + 1, new..new + 1) >= MIN_SIMILARITY_OF_HOLE {
                self.join(old, new);
            }
        }
    }

    fn to_pairs(&self) -> Vec<Pair> {
        let joined = self.of_new.iter().enumerate().filter_map(|(new, old)| old.map(|old| (old, new)));
        joined
            .map(|(old, new)| Pair {
                old: old..old + 1,
                new: new..new + 1,
                equal: self.are_equal(old, new),
                moved: false,
            })
            .collect()
    }
}

/// Lets pairs of unequal sentences take in unpaired neighbours, as long as that makes both sides more alike or most of
/// the neighbour is found on the other side.
fn grow_pairs(pairs: &mut [Pair], matching: &Matching, likeness: &Likeness) {
    let mut old_free: Vec<bool> = matching.of_old.iter().map(Option::is_none).collect();
    let mut new_free: Vec<bool> = matching.of_new.iter().map(Option::is_none).collect();
    for pair in pairs.iter_mut().filter(|pair| !pair.equal) {
        while let Some((old, new)) = best_growth(pair, &old_free, &new_free, likeness) {
            old_free[old.clone()].fill(false);
            new_free[new.clone()].fill(false);
            (pair.old, pair.new) = (old, new);
        }
    }
}

/// The best of the four ways to grow a pair by one sentence. `None` if none is good enough.
fn best_growth(
    pair: &Pair,
    old_free: &[bool],
    new_free: &[bool],
    likeness: &Likeness,
) -> Option<(Range<usize>, Range<usize>)> {
    let now = likeness.shared(pair.old.clone(), pair.new.clone());
    let wider_old = widened(&pair.old, old_free).map(|old| (old, pair.new.clone()));
    let wider_new = widened(&pair.new, new_free).map(|new| (pair.old.clone(), new));
    let grown = wider_old.chain(wider_new).filter_map(|(old, new)| {
        let then = likeness.shared(old.clone(), new.clone());
        let gain = then.dice() - now.dice();
        let found = (then.common - now.common) / (then.total() - now.total()).max(f32::EPSILON);
        let good = gain >= MIN_GAIN || found >= MIN_FOUND_SHARE && gain >= -MAX_LOSS;
        good.then_some((gain, old, new))
    });
    grown.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, old, new)| (old, new))
}

fn widened(range: &Range<usize>, free: &[bool]) -> impl Iterator<Item = Range<usize>> {
    let fits = range.len() < MAX_GROWN;
    let before = range.start.checked_sub(1).filter(|&at| fits && free[at]).map(|start| start..range.end);
    let after = free.get(range.end).filter(|&&free| fits && free).map(|_| range.start..range.end + 1);
    before.into_iter().chain(after)
}

/// Marks the pairs outside the heaviest increasing subsequence as moved. The weight of a pair is the square root of its
/// number of words, so that many short sentences outweigh one long one.
fn mark_moves(pairs: &mut [Pair], old: &Text, likeness: &Likeness) {
    let weighed: Vec<(usize, f32)> = pairs
        .iter()
        .map(|pair| {
            let words: usize = old.sentences[pair.old.clone()].iter().map(|sentence| sentence.words.max(1)).sum();
            let alike = if pair.equal { 1.0 } else { likeness.shared(pair.old.clone(), pair.new.clone()).dice() };
            (pair.old.start, (words as f32).sqrt() * alike.max(0.05))
        })
        .collect();
    for (pair, stays) in pairs.iter_mut().zip(in_place(&weighed)) {
        pair.moved = !stays;
    }
}
