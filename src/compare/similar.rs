//! Similarity of sentences: weighted Dice coefficient over their words, in which rare words weigh more. Also finds
//! candidates for similar sentences.

use std::borrow::Cow;
use std::ops::Range;

use super::text::Text;
use super::token::Vocabulary;

/// Words that occur in more sentences than this are not used to find candidates.
const MAX_POSTINGS: usize = 64;
/// Limit of candidates for one sentence.
const MAX_CANDIDATES: usize = 12;
/// Reduction of the similarity for a displacement by the length of the whole text.
const DISPLACEMENT_PENALTY: f32 = 0.08;
/// A sentence of at least [`CONTAINED_WORDS`] words of which this share is contained in another makes the same
/// statement.
const CONTAINED_SHARE: f32 = 0.8;
const CONTAINED_WORDS: usize = 6;

/// Computes similarity, with the weight of each word.
pub(super) struct Likeness<'a> {
    old: &'a Text<'a>,
    new: &'a Text<'a>,
    weights: Vec<f32>,
    old_words: Vec<Vec<u32>>,
    new_words: Vec<Vec<u32>>,
}

impl<'a> Likeness<'a> {
    pub(super) fn new(old: &'a Text<'a>, new: &'a Text<'a>, words: &Vocabulary) -> Self {
        let mut counts = vec![0u32; words.size()];
        let mut seen = vec![u32::MAX; words.size()];
        let mut number = 0;
        for text in [old, new] {
            for sentence in 0..text.sentences.len() {
                for token in text.tokens_of(sentence).iter().filter(|token| token.is_content()) {
                    let id = token.id as usize;
                    if seen[id] != number {
                        seen[id] = number;
                        counts[id] += 1;
                    }
                }
                number += 1;
            }
        }
        let rare = |count: u32| 1.0 + 0.5 * (count.max(1) as f32).ln();
        let weights = (0..words.size()).map(|id| words.weight(id as u32) / rare(counts[id])).collect();
        Self { old, new, weights, old_words: sorted_words(old), new_words: sorted_words(new) }
    }

    /// Similarity of two ranges of sentences, 0 to 1. Raised if one contains the other.
    pub(super) fn similarity(&self, old: Range<usize>, new: Range<usize>) -> f32 {
        let shared = self.shared(old, new);
        let contained = shared.common / shared.old.min(shared.new).max(f32::EPSILON);
        if contained > CONTAINED_SHARE && shared.fewest_words >= CONTAINED_WORDS {
            shared.dice().max(0.5 * (shared.dice() + contained))
        } else {
            shared.dice()
        }
    }

    /// Reduction of the similarity because two sentences are at different places.
    pub(super) fn displacement(&self, old: usize, new: usize) -> f32 {
        let place = |at: usize, text: &Text| at as f32 / text.sentences.len().max(1) as f32;
        DISPLACEMENT_PENALTY * (place(old, self.old) - place(new, self.new)).abs()
    }

    /// The common and total weight of two ranges of sentences.
    pub(super) fn shared(&self, old: Range<usize>, new: Range<usize>) -> Shared {
        let (a, b) = (merge_sorted(&self.old_words[old]), merge_sorted(&self.new_words[new]));
        let weigh = |ids: &[u32]| ids.iter().map(|&id| self.weights[id as usize]).sum();
        let (mut i, mut j, mut common) = (0, 0, 0.0);
        while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
            match x.cmp(y) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    common += self.weights[*x as usize];
                    i += 1;
                    j += 1;
                }
            }
        }
        Shared { common, old: weigh(&a), new: weigh(&b), fewest_words: a.len().min(b.len()) }
    }
}

/// Weight of two ranges of sentences, and of the words that they share.
pub(super) struct Shared {
    pub(super) common: f32,
    old: f32,
    new: f32,
    fewest_words: usize,
}

impl Shared {
    /// Dice coefficient: twice the common weight divided by the total weight, 0 to 1.
    pub(super) fn dice(&self) -> f32 {
        2.0 * self.common / self.total().max(f32::EPSILON)
    }

    /// Weight of both sides together.
    pub(super) fn total(&self) -> f32 {
        self.old + self.new
    }
}

/// The word ids of each sentence, sorted.
fn sorted_words(text: &Text) -> Vec<Vec<u32>> {
    let words = (0..text.sentences.len()).map(|sentence| content_words(text, sentence..sentence + 1));
    words
        .map(|mut words| {
            words.sort_unstable();
            words
        })
        .collect()
}

/// Merges lists of sorted word ids.
fn merge_sorted(lists: &[Vec<u32>]) -> Cow<'_, [u32]> {
    if let [one] = lists {
        return Cow::Borrowed(one);
    }
    let mut all = lists.concat();
    all.sort_unstable();
    Cow::Owned(all)
}

fn content_words(text: &Text, sentences: Range<usize>) -> Vec<u32> {
    let tokens = sentences.flat_map(|sentence| text.tokens_of(sentence));
    tokens.filter(|token| token.is_content()).map(|token| token.id).collect()
}

/// Finds old sentences that share words with a new one, through an inverted index.
pub(super) struct Candidates {
    postings: Vec<Vec<u32>>,
    sums: Vec<f32>,
    touched: Vec<u32>,
}

impl Candidates {
    /// Builds an index of the old sentences for which `wanted` is true.
    pub(super) fn new(old: &Text, wanted: impl Fn(usize) -> bool) -> Self {
        let mut postings: Vec<Vec<u32>> = Vec::new();
        for sentence in (0..old.sentences.len()).filter(|&sentence| wanted(sentence)) {
            for token in old.tokens_of(sentence).iter().filter(|token| token.is_content()) {
                let id = token.id as usize;
                if postings.len() <= id {
                    postings.resize(id + 1, Vec::new());
                }
                if postings[id].len() <= MAX_POSTINGS && postings[id].last() != Some(&(sentence as u32)) {
                    postings[id].push(sentence as u32);
                }
            }
        }
        Self { postings, sums: vec![0.0; old.sentences.len()], touched: Vec::new() }
    }

    /// The old sentences that are most similar to a new one, by the weight of shared words.
    pub(super) fn most_similar(&mut self, new: &Text, sentence: usize, likeness: &Likeness) -> Vec<usize> {
        for id in content_words(new, sentence..sentence + 1) {
            // Lists stop growing one above the limit, which marks words that are too frequent to be useful.
            let Some(list) = self.postings.get(id as usize).filter(|list| list.len() <= MAX_POSTINGS) else { continue };
            for &old in list {
                if self.sums[old as usize] == 0.0 {
                    self.touched.push(old);
                }
                self.sums[old as usize] += likeness.weights[id as usize];
            }
        }
        let sums = &self.sums;
        let best = |a: &u32, b: &u32| sums[*b as usize].total_cmp(&sums[*a as usize]).then(a.cmp(b));
        if self.touched.len() > MAX_CANDIDATES {
            self.touched.select_nth_unstable_by(MAX_CANDIDATES, best);
        }
        for &old in &self.touched {
            self.sums[old as usize] = 0.0;
        }
        self.touched.drain(..).take(MAX_CANDIDATES).map(|old| old as usize).collect()
    }
}
