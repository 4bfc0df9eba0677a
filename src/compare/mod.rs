//! Compares two versions of an article: splits blocks into sentences, pairs the sentences, groups the pairs into
//! passages, and finds the words that differ. Pure; accepts any input, and limits bound its work.

mod align;
mod coarse;
mod field;
mod flat;
mod groups;
mod moves;
pub mod normal;
mod passages;
mod sentence;
mod similar;
mod text;
pub mod token;
mod words;

pub use field::field;
pub use flat::segments;

use crate::model::{Block, Comparison, Content, Digest, Op, Passage, Relation, Segment, SentencePair};
use align::Pair;
use text::Text;
use token::Vocabulary;
use words::Budget;

/// Compares two contents: the changed headline, standfirst and byline, all passages, and the sentences that differ.
#[must_use]
pub fn compare(old: &Content, new: &Content) -> Comparison {
    let (passages, sentences) = compare_blocks(&old.blocks, &new.blocks);
    let short = |text: &Option<String>| text.clone().unwrap_or_default();
    Comparison {
        headline: field(&old.headline, &new.headline),
        standfirst: field(&short(&old.standfirst), &short(&new.standfirst)),
        byline: field(&short(&old.byline), &short(&new.byline)),
        passages,
        sentences,
    }
}

/// A digest of the whole content. Two contents have the same digest if all their texts are equal at level N1 (see
/// [`normal`]).
#[must_use]
pub fn identity(content: &Content) -> Digest {
    let mut hasher = blake3::Hasher::new();
    let mut add = |text: &str| {
        let form = normal::identity_form(text);
        hasher.update(&(form.len() as u64).to_le_bytes());
        hasher.update(form.as_bytes());
    };
    add(&content.headline);
    add(content.standfirst.as_deref().unwrap_or_default());
    add(content.byline.as_deref().unwrap_or_default());
    for block in content.blocks.iter().filter(|block| !is_blank(block)) {
        add(&block.text);
    }
    Digest(*hasher.finalize().as_bytes())
}

fn is_blank(block: &Block) -> bool {
    block.text.chars().all(|c| c.is_whitespace() || normal::is_invisible(c))
}

/// The passages of two texts, and the sentences that differ. Equal blocks at both ends are skipped first, because most
/// edits are small.
fn compare_blocks(old: &[Block], new: &[Block]) -> (Vec<Passage>, Vec<SentencePair>) {
    let head = old.iter().zip(new).take_while(|(a, b)| a.text == b.text).count();
    let rest = old[head..].iter().rev().zip(new[head..].iter().rev());
    let tail = rest.take_while(|(a, b)| a.text == b.text).count();
    let (old_middle, new_middle) = (head..old.len() - tail, head..new.len() - tail);
    let mut passages: Vec<Passage> = (0..head).map(|at| same_passage(at, at, &new[at])).collect();
    // Blank blocks are left out, so positions must be mapped back afterwards.
    let old_places: Vec<usize> = old_middle.filter(|&at| !is_blank(&old[at])).collect();
    let new_places: Vec<usize> = new_middle.clone().filter(|&at| !is_blank(&new[at])).collect();
    let (middle, sentences) = compare_middle(
        &old_places.iter().map(|&at| old[at].text.as_str()).collect::<Vec<_>>(),
        &new_places.iter().map(|&at| new[at].text.as_str()).collect::<Vec<_>>(),
    );
    passages.extend(middle.into_iter().map(|mut passage| {
        passage.old.iter_mut().for_each(|at| *at = old_places[*at]);
        passage.new.iter_mut().for_each(|at| *at = new_places[*at]);
        passage
    }));
    let sentences = sentences.into_iter().map(|pair| SentencePair {
        old_block: pair.old_block.map(|at| old_places[at]),
        new_block: pair.new_block.map(|at| new_places[at]),
        ..pair
    });
    let sentences = sentences.collect();
    passages.extend(
        (0..tail).map(|at| same_passage(old.len() - tail + at, new_middle.end + at, &new[new_middle.end + at])),
    );
    (passages, sentences)
}

fn same_passage(old: usize, new: usize, block: &Block) -> Passage {
    let segments = vec![Segment::plain(Op::Same, block.text.as_str())];
    Passage { relation: Relation::Same, old: vec![old], new: vec![new], moved: false, extract_of: None, segments }
}

/// Size limit of one side, in bytes; longer texts are compared by whole blocks. About four times the longest articles.
const MAX_BYTES: usize = 4 << 20;
/// Limit of sentences on one side; texts with more are compared by whole blocks.
const MAX_SENTENCES: usize = 20_000;

/// The passages of the part between equal blocks, and its sentences that differ.
fn compare_middle(old_blocks: &[&str], new_blocks: &[&str]) -> (Vec<Passage>, Vec<SentencePair>) {
    let size = |blocks: &[&str]| blocks.iter().map(|block| block.len()).sum::<usize>();
    if size(old_blocks).max(size(new_blocks)) > MAX_BYTES {
        return coarse::compare_blocks(old_blocks, new_blocks);
    }
    let mut words = Vocabulary::default();
    let old = Text::read(old_blocks, &mut words);
    let new = Text::read(new_blocks, &mut words);
    if old.sentences.len().max(new.sentences.len()) > MAX_SENTENCES {
        return coarse::compare_blocks(old_blocks, new_blocks);
    }
    let pairs = align::pair_sentences(&old, &new, &words);
    let mut budget = Budget::new();
    let shown: Vec<Vec<Segment>> = pairs.iter().map(|pair| show_pair(&old, &new, pair, &words, &mut budget)).collect();
    let sentences = sentence_pairs(&old, &new, &pairs, &shown);
    (passages::build_passages(&old, &new, &pairs, &shown), sentences)
}

/// The segments of a pair. If the pair moved, its unchanged words are marked as moved.
fn show_pair(old: &Text, new: &Text, pair: &Pair, words: &Vocabulary, budget: &mut Budget) -> Vec<Segment> {
    let run = new.run_of(pair.new.clone());
    let mut segments = if pair.equal {
        words::equal_segments(&old.run_of(pair.old.clone()), &run)
    } else {
        words::segments(&old.run_of(pair.old.clone()), &run, words, budget)
    };
    for segment in segments.iter_mut().filter(|segment| pair.moved && segment.op == Op::Same) {
        segment.op = Op::Moved;
    }
    segments
}

/// The sentences that classification needs: pairs that differ or moved, and sentences that were added or removed.
fn sentence_pairs(old: &Text, new: &Text, pairs: &[Pair], shown: &[Vec<Segment>]) -> Vec<SentencePair> {
    let mut found = Vec::new();
    let mut next = 0;
    let mut taken = vec![false; old.sentences.len()];
    for (pair, segments) in pairs.iter().zip(shown) {
        found.extend((next..pair.new.start).map(|sentence| one_sided(new, sentence, Op::Added)));
        next = pair.new.end;
        taken[pair.old.clone()].fill(true);
        if !pair.equal || pair.moved {
            let shown = new.run_of(pair.new.clone()).shown.concat();
            found.push(SentencePair {
                old: Some(old.run_of(pair.old.clone()).shown.concat().trim().to_owned()),
                new: Some(shown.trim().to_owned()),
                old_block: Some(old.sentences[pair.old.start].block),
                new_block: Some(new.sentences[pair.new.start].block),
                quoted: new.sentences[pair.new.start].quoted,
                moved: pair.moved,
                // For judging, a sentence that only moved is the same, whatever white space it lost on the way.
                segments: if pair.equal { vec![Segment::plain(Op::Moved, shown)] } else { segments.clone() },
            });
        }
    }
    found.extend((next..new.sentences.len()).map(|sentence| one_sided(new, sentence, Op::Added)));
    let gone = (0..taken.len()).filter(|&sentence| !taken[sentence]);
    found.extend(gone.map(|sentence| one_sided(old, sentence, Op::Removed)));
    found
}

/// A sentence that exists on one side only.
fn one_sided(side: &Text, sentence: usize, op: Op) -> SentencePair {
    let shown = side.show(sentence);
    let about = &side.sentences[sentence];
    let (text, block) = (Some(shown.trim().to_owned()), Some(about.block));
    let segments = vec![Segment::plain(op, shown)];
    let (old, new, old_block, new_block) =
        if op == Op::Removed { (text, None, block, None) } else { (None, text, None, block) };
    SentencePair { old, new, old_block, new_block, quoted: about.quoted, moved: false, segments }
}

#[cfg(test)]
mod tests;
