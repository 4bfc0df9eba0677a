//! One side of a comparison: its blocks, tokens and sentences.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use super::sentence::split_sentences;
use super::token::{BLANK, BREAK, Token, Vocabulary, is_quote_mark};
use super::words::Part;

/// A sentence of one side.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    /// Number of its block.
    pub(super) block: usize,
    /// Range of its tokens, with trailing white space.
    pub(super) tokens: Range<usize>,
    /// Hash of its tokens without white space; equal for sentences that are equal at level N2.
    pub(super) hash: u64,
    /// Number of its tokens that are words.
    pub(super) words: usize,
    /// Whether a quotation is open at its beginning.
    pub(super) quoted: bool,
}

/// One side of a comparison.
#[derive(Debug)]
pub(super) struct Text<'a> {
    blocks: Vec<&'a str>,
    pub(super) tokens: Vec<Token>,
    pub(super) sentences: Vec<Sentence>,
    /// Number of the first sentence of each block, and the number of all sentences at the end.
    starts: Vec<usize>,
    /// Number of words before each block, and of all words at the end.
    words_before: Vec<usize>,
}

impl<'a> Text<'a> {
    /// Splits blocks into tokens and sentences; blocks are numbered from 0.
    pub(super) fn read(blocks: &[&'a str], words: &mut Vocabulary) -> Self {
        let mut text = Self {
            blocks: blocks.to_vec(),
            tokens: Vec::new(),
            sentences: Vec::new(),
            starts: vec![0],
            words_before: vec![0],
        };
        for (block, content) in blocks.iter().enumerate() {
            let first = text.tokens.len();
            let tokens = words.tokens(content);
            let (mut quoted, mut all_words) = (false, 0);
            for range in split_sentences(content, &tokens) {
                let sentence = Sentence::new((block, quoted), first, range.clone(), &tokens[range]);
                let (from, to) = (
                    tokens[sentence.tokens.start - first].range.start,
                    tokens[sentence.tokens.end - first - 1].range.end,
                );
                quoted ^= content[from as usize..to as usize].chars().filter(|&c| is_quote_mark(c)).count() % 2 == 1;
                all_words += sentence.words;
                text.sentences.push(sentence);
            }
            text.words_before.push(text.words_before[block] + all_words);
            text.tokens.extend(tokens);
            text.starts.push(text.sentences.len());
        }
        text
    }

    /// The tokens of a sentence.
    pub(super) fn tokens_of(&self, sentence: usize) -> &[Token] {
        &self.tokens[self.sentences[sentence].tokens.clone()]
    }

    /// Number of blocks.
    pub(super) fn block_count(&self) -> usize {
        self.blocks.len()
    }

    /// The range of blocks that a range of sentences is in.
    pub(super) fn blocks_of(&self, sentences: &Range<usize>) -> Range<usize> {
        self.sentences[sentences.start].block..self.sentences[sentences.end - 1].block + 1
    }

    /// The sentences of these blocks, in order.
    pub(super) fn sentences_of<'s>(&'s self, blocks: &'s [usize]) -> impl Iterator<Item = usize> + 's {
        blocks.iter().flat_map(|&block| self.starts[block]..self.starts[block + 1])
    }

    /// Number of words in a range of blocks.
    pub(super) fn words_in(&self, blocks: &Range<usize>) -> usize {
        self.words_before[blocks.end] - self.words_before[blocks.start]
    }

    /// The raw text of a sentence, with trailing white space.
    pub(super) fn show(&self, sentence: usize) -> String {
        let Sentence { block, tokens, .. } = &self.sentences[sentence];
        let tokens = &self.tokens[tokens.clone()];
        let (first, last) = (tokens.first(), tokens.last());
        let range = first.map_or(0, |token| token.range.start)..last.map_or(0, |token| token.range.end);
        self.blocks[*block][range.start as usize..range.end as usize].to_owned()
    }

    /// A range of sentences as a run of words, with a break between sentences of different blocks.
    pub(super) fn run_of(&self, sentences: Range<usize>) -> Run<'a> {
        let mut run = Run::default();
        let mut block = None;
        for sentence in &self.sentences[sentences] {
            if block.is_some_and(|block| block != sentence.block) {
                run.push(BREAK, "\n");
            }
            block = Some(sentence.block);
            for token in &self.tokens[sentence.tokens.clone()] {
                run.push(token.id, &self.blocks[sentence.block][token.range.start as usize..token.range.end as usize]);
            }
        }
        run
    }
}

impl Sentence {
    fn new((block, quoted): (usize, bool), first: usize, range: Range<usize>, tokens: &[Token]) -> Self {
        let mut hasher = DefaultHasher::new();
        for token in tokens.iter().filter(|token| token.kind != super::token::Kind::Blank) {
            token.id.hash(&mut hasher);
        }
        Self {
            block,
            tokens: first + range.start..first + range.end,
            hash: hasher.finish(),
            words: tokens.iter().filter(|token| token.is_content()).count(),
            quoted,
        }
    }
}

/// A sequence of words, as ids and as raw text.
#[derive(Debug, Default)]
pub(super) struct Run<'a> {
    pub(super) ids: Vec<u32>,
    pub(super) shown: Vec<&'a str>,
}

impl<'a> Run<'a> {
    fn push(&mut self, id: u32, shown: &'a str) {
        self.ids.push(id);
        self.shown.push(shown);
    }

    /// Whether both runs have the same words in the same order, white space aside.
    pub(super) fn has_words_of(&self, other: &Self) -> bool {
        fn words<'r>(run: &'r Run) -> impl Iterator<Item = &'r u32> {
            run.ids.iter().filter(|&&id| id != BLANK && id != BREAK)
        }
        words(self).eq(words(other))
    }

    /// A part of the run, to be read word by word.
    pub(super) fn part(&self, range: Range<usize>) -> Part<'_, 'a> {
        Part { ids: &self.ids[range.clone()], shown: &self.shown[range] }
    }

    /// Reads a whole text as one run.
    pub(super) fn read(text: &'a str, words: &mut Vocabulary) -> Self {
        let tokens = words.tokens(text);
        let mut run = Self::default();
        for token in tokens {
            run.push(token.id, &text[token.range.start as usize..token.range.end as usize]);
        }
        run
    }
}
