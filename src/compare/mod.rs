//! How to get from one content to another: blocks into sentences, sentences into pairs, pairs into passages, and the words
//! that differ. Pure, total on any input, bounded by counts of work.

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

/// How to get from `old` to `new`.
#[must_use]
pub fn compare(old: &Content, new: &Content) -> Comparison {
    let (passages, sentences) = blocks(&old.blocks, &new.blocks);
    let short = |text: &Option<String>| text.clone().unwrap_or_default();
    Comparison {
        headline: field(&old.headline, &new.headline),
        standfirst: field(&short(&old.standfirst), &short(&new.standfirst)),
        byline: field(&short(&old.byline), &short(&new.byline)),
        passages,
        sentences,
    }
}

/// The identity of what a content says: equal for contents that are the same at N1.
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

/// The passages of two texts, and the sentences that differ. Equal blocks at both ends are set aside first.
fn blocks(old: &[Block], new: &[Block]) -> (Vec<Passage>, Vec<SentencePair>) {
    let head = old.iter().zip(new).take_while(|(a, b)| a.text == b.text).count();
    let rest = old[head..].iter().rev().zip(new[head..].iter().rev());
    let tail = rest.take_while(|(a, b)| a.text == b.text).count();
    let (old_middle, new_middle) = (head..old.len() - tail, head..new.len() - tail);
    let mut passages: Vec<Passage> = (0..head).map(|at| same(at, at, &new[at])).collect();
    let old_places: Vec<usize> = old_middle.filter(|&at| !is_blank(&old[at])).collect();
    let new_places: Vec<usize> = new_middle.clone().filter(|&at| !is_blank(&new[at])).collect();
    let (middle, sentences) = middle(
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
    passages.extend((0..tail).map(|at| same(old.len() - tail + at, new_middle.end + at, &new[new_middle.end + at])));
    (passages, sentences)
}

fn same(old: usize, new: usize, block: &Block) -> Passage {
    let segments = vec![Segment::plain(Op::Same, block.text.as_str())];
    Passage { relation: Relation::Same, old: vec![old], new: vec![new], moved: false, extract_of: None, segments }
}

/// Longer texts (bytes, sentences of one side) are compared block by block only: about four times the longest articles.
const MAX_BYTES: usize = 4 << 20;
/// See [`MAX_BYTES`].
const MAX_SENTENCES: usize = 20_000;

/// The passages of the stretch that differs.
fn middle(old_blocks: &[&str], new_blocks: &[&str]) -> (Vec<Passage>, Vec<SentencePair>) {
    let size = |blocks: &[&str]| blocks.iter().map(|block| block.len()).sum::<usize>();
    if size(old_blocks).max(size(new_blocks)) > MAX_BYTES {
        return coarse::blocks(old_blocks, new_blocks);
    }
    let mut words = Vocabulary::default();
    let old = Text::read(old_blocks, &mut words);
    let new = Text::read(new_blocks, &mut words);
    if old.sentences.len().max(new.sentences.len()) > MAX_SENTENCES {
        return coarse::blocks(old_blocks, new_blocks);
    }
    let pairs = align::pairs(&old, &new, &words);
    let mut budget = Budget::new();
    let shown: Vec<Vec<Segment>> = pairs.iter().map(|pair| show(&old, &new, pair, &words, &mut budget)).collect();
    let sentences = sentence_pairs(&old, &new, &pairs, &shown);
    (passages::passages(&old, &new, &pairs, &shown), sentences)
}

/// The words of a pair; those that stayed are marked as moved where it moved.
fn show(old: &Text, new: &Text, pair: &Pair, words: &Vocabulary, budget: &mut Budget) -> Vec<Segment> {
    let run = new.run(pair.new.clone());
    let mut segments = if pair.equal {
        words::equal_segments(&old.run(pair.old.clone()), &run)
    } else {
        words::segments(&old.run(pair.old.clone()), &run, words, budget)
    };
    for segment in segments.iter_mut().filter(|segment| pair.moved && segment.op == Op::Same) {
        segment.op = Op::Moved;
    }
    segments
}

/// What judging needs: the pairs that differ or moved, the sentences that came or went.
fn sentence_pairs(old: &Text, new: &Text, pairs: &[Pair], shown: &[Vec<Segment>]) -> Vec<SentencePair> {
    let mut found = Vec::new();
    let mut next = 0;
    let mut taken = vec![false; old.sentences.len()];
    for (pair, segments) in pairs.iter().zip(shown) {
        found.extend((next..pair.new.start).map(|sentence| alone(new, sentence, Op::Added)));
        next = pair.new.end;
        taken[pair.old.clone()].fill(true);
        if !pair.equal || pair.moved {
            let shown = new.run(pair.new.clone()).shown.concat();
            found.push(SentencePair {
                old: Some(old.run(pair.old.clone()).shown.concat().trim().to_owned()),
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
    found.extend((next..new.sentences.len()).map(|sentence| alone(new, sentence, Op::Added)));
    let gone = (0..taken.len()).filter(|&sentence| !taken[sentence]);
    found.extend(gone.map(|sentence| alone(old, sentence, Op::Removed)));
    found
}

/// A sentence that only one side has.
fn alone(side: &Text, sentence: usize, op: Op) -> SentencePair {
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
