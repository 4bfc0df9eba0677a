//! Which sentences are the same statement. Equal ones first, then similar ones by the words they share, then single holes
//! between matched neighbours, then pairs grown over neighbours (splits and merges).

use std::collections::HashMap;
use std::ops::Range;

use super::moves::in_place;
use super::similar::{Candidates, Likeness};
use super::text::Text;
use super::token::Vocabulary;

/// The least similarity of two sentences anywhere.
const MIN_SIMILARITY: f32 = 0.45;
/// The least similarity of a hole between matched neighbours.
const MIN_SIMILARITY_OF_HOLE: f32 = 0.28;
/// What standing beside a pair of equal sentences adds to a candidate.
const NEIGHBOUR_BONUS: f32 = 0.07;
/// What another sentence must add to the likeness of a pair to join it …
const MIN_GAIN: f32 = 0.04;
/// … or this share of it must be found in the pair, likeness not falling by more than [`MAX_LOSS`].
const MIN_FOUND_SHARE: f32 = 0.4;
/// See [`MIN_FOUND_SHARE`].
const MAX_LOSS: f32 = 0.03;
/// How many sentences a pair may take in on one side.
const MAX_GROWN: usize = 6;

/// Sentences that are the same statement: a run of each side.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) old: Range<usize>,
    pub(super) new: Range<usize>,
    /// Whether they are equal at N2.
    pub(super) equal: bool,
    /// Whether they stand elsewhere now.
    pub(super) moved: bool,
}

/// The pairs, in the order of the new text.
pub(super) fn pairs(old: &Text, new: &Text, words: &Vocabulary) -> Vec<Pair> {
    let mut matching = Matching::new(old, new);
    matching.equal_sentences();
    let likeness = Likeness::new(old, new, words);
    matching.similar_sentences(&likeness);
    matching.holes(&likeness);
    let mut pairs = matching.pairs();
    grow(&mut pairs, &matching, &likeness);
    mark_moves(&mut pairs, old, &likeness);
    pairs
}

/// Who is whose, in the making.
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

    /// Equal sentences: those that occur once on each side, then their neighbours, then the rest in order.
    fn equal_sentences(&mut self) {
        let mut places: HashMap<u64, (Vec<usize>, Vec<usize>)> = HashMap::new();
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
        self.spread();
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

    /// Equal sentences beside a pair are a pair, forwards and backwards.
    fn spread(&mut self) {
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

    /// How many of the sentences beside these two are pairs.
    fn neighbours(&self, old: usize, new: usize) -> usize {
        let before = old > 0 && new > 0 && self.of_new[new - 1] == Some(old - 1);
        let after = self.of_new.get(new + 1).is_some_and(|twin| *twin == Some(old + 1));
        usize::from(before) + usize::from(after)
    }

    /// Similar sentences, the most similar first.
    fn similar_sentences(&mut self, likeness: &Likeness) {
        let mut candidates = Candidates::new(self.old, |old| self.of_old[old].is_none());
        let mut found = Vec::new();
        for new in (0..self.new.sentences.len()).filter(|&new| self.of_new[new].is_none()) {
            for old in candidates.of(self.new, new, likeness) {
                let similarity = likeness.of(old..old + 1, new..new + 1) - likeness.displacement(old, new);
                let similarity = similarity + NEIGHBOUR_BONUS * self.neighbours(old, new) as f32;
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

    /// A single sentence of each side between two matched neighbours needs less in common.
    fn holes(&mut self, likeness: &Likeness) {
        for new in 0..self.new.sentences.len() {
            let old = if new == 0 { Some(0) } else { self.of_new[new - 1].map(|old| old + 1) };
            let Some(old) = old.filter(|&old| self.are_free(old, new)) else { continue };
            let closed = match (self.of_old.get(old + 1), self.of_new.get(new + 1)) {
                (None, None) => true,
                (Some(after), Some(_)) => *after == Some(new + 1),
                _ => false,
            };
            if closed && likeness.of(old..old + 1, new..new + 1) >= MIN_SIMILARITY_OF_HOLE {
                self.join(old, new);
            }
        }
    }

    fn pairs(&self) -> Vec<Pair> {
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

/// Lets pairs that are not equal take in unmatched neighbours, as long as that makes them more alike, or most of the
/// neighbour is found in the pair.
fn grow(pairs: &mut [Pair], matching: &Matching, likeness: &Likeness) {
    let mut old_free: Vec<bool> = matching.of_old.iter().map(Option::is_none).collect();
    let mut new_free: Vec<bool> = matching.of_new.iter().map(Option::is_none).collect();
    for pair in pairs.iter_mut().filter(|pair| !pair.equal) {
        while let Some((old, new)) = growth(pair, &old_free, &new_free, likeness) {
            old_free[old.clone()].fill(false);
            new_free[new.clone()].fill(false);
            (pair.old, pair.new) = (old, new);
        }
    }
}

/// The best of the four ways to grow a pair by one sentence, if any is good.
fn growth(
    pair: &Pair,
    old_free: &[bool],
    new_free: &[bool],
    likeness: &Likeness,
) -> Option<(Range<usize>, Range<usize>)> {
    let now = likeness.shared(pair.old.clone(), pair.new.clone());
    let wider_old = wider(&pair.old, old_free).map(|old| (old, pair.new.clone()));
    let wider_new = wider(&pair.new, new_free).map(|new| (pair.old.clone(), new));
    let grown = wider_old.chain(wider_new).filter_map(|(old, new)| {
        let then = likeness.shared(old.clone(), new.clone());
        let gain = then.dice() - now.dice();
        let found = (then.common - now.common) / (then.total() - now.total()).max(f32::EPSILON);
        let good = gain >= MIN_GAIN || found >= MIN_FOUND_SHARE && gain >= -MAX_LOSS;
        good.then_some((gain, old, new))
    });
    grown.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, old, new)| (old, new))
}

fn wider(range: &Range<usize>, free: &[bool]) -> impl Iterator<Item = Range<usize>> {
    let fits = range.len() < MAX_GROWN;
    let before = range.start.checked_sub(1).filter(|&at| fits && free[at]).map(|start| start..range.end);
    let after = free.get(range.end).filter(|&&free| fits && free).map(|_| range.start..range.end + 1);
    before.into_iter().chain(after)
}

/// Pairs outside the heaviest increasing subsequence have moved. A pair weighs by the root of its words, so that many
/// short sentences outweigh one long one.
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
