//! One side of a comparison: blocks, their tokens, their sentences.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use super::sentence::sentences;
use super::token::{BLANK, BREAK, Token, Vocabulary, is_quote_mark};
use super::words::Part;

/// A sentence of one side.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    /// The block it stands in.
    pub(super) block: usize,
    /// Its tokens, blanks behind it included.
    pub(super) tokens: Range<usize>,
    /// Equal for sentences that are equal at N2, white space aside.
    pub(super) hash: u64,
    /// How many of them are words.
    pub(super) words: usize,
    /// Whether a quotation is open where it begins.
    pub(super) quoted: bool,
}

/// One side of a comparison.
#[derive(Debug)]
pub(super) struct Text<'a> {
    blocks: Vec<&'a str>,
    pub(super) tokens: Vec<Token>,
    pub(super) sentences: Vec<Sentence>,
    /// The first sentence of each block, and the number of all.
    starts: Vec<usize>,
    /// How many words stand before each block, and how many there are.
    words_before: Vec<usize>,
}

impl<'a> Text<'a> {
    /// Reads the blocks, numbered from 0.
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
            for range in sentences(content, &tokens) {
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
    pub(super) fn of(&self, sentence: usize) -> &[Token] {
        &self.tokens[self.sentences[sentence].tokens.clone()]
    }

    /// How many blocks there are.
    pub(super) fn block_count(&self) -> usize {
        self.blocks.len()
    }

    /// The blocks that sentences in a row stand in.
    pub(super) fn blocks_of(&self, sentences: &Range<usize>) -> Range<usize> {
        self.sentences[sentences.start].block..self.sentences[sentences.end - 1].block + 1
    }

    /// The sentences of some blocks, in order.
    pub(super) fn sentences_of<'s>(&'s self, blocks: &'s [usize]) -> impl Iterator<Item = usize> + 's {
        blocks.iter().flat_map(|&block| self.starts[block]..self.starts[block + 1])
    }

    /// How many words blocks in a row have.
    pub(super) fn words_in(&self, blocks: &Range<usize>) -> usize {
        self.words_before[blocks.end] - self.words_before[blocks.start]
    }

    /// A sentence as it is shown, blanks behind it included.
    pub(super) fn show(&self, sentence: usize) -> String {
        let Sentence { block, tokens, .. } = &self.sentences[sentence];
        let tokens = &self.tokens[tokens.clone()];
        let (first, last) = (tokens.first(), tokens.last());
        let range = first.map_or(0, |token| token.range.start)..last.map_or(0, |token| token.range.end);
        self.blocks[*block][range.start as usize..range.end as usize].to_owned()
    }

    /// Sentences in a row as a run of words, with a break between those of different blocks.
    pub(super) fn run(&self, sentences: Range<usize>) -> Run<'a> {
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

/// Words in a row, as numbers and as they are shown.
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

    /// A whole text as one run.
    pub(super) fn read(text: &'a str, words: &mut Vocabulary) -> Self {
        let tokens = words.tokens(text);
        let mut run = Self::default();
        for token in tokens {
            run.push(token.id, &text[token.range.start as usize..token.range.end as usize]);
        }
        run
    }
}
