//! The verdict on one sentence pair, from the roles of the blocks that it stands in and the rules for its words.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::compare::normal::comparison_form;
use crate::compare::token::{Kind, pieces};
use crate::corrections::{self, Note};
use crate::model::{Block, Class, Content, Fact, FieldChange, Judging, Op, Reason, SentencePair};

use super::hunk::{Hunk, hunks};
use super::lexicon::{Language, Lexicons};
use super::order::reordered;
use super::roles::{self, Role, is_stopped, role, word_count};
use super::rules::{Context, reasons};
use super::told::{change, quoted};

/// How many words of a text tell its language.
const SAMPLE_WORDS: usize = 150;
/// Notices of updates that make an article one that is written on, of which they are the text.
const RUNNING_NOTICES: usize = 3;

/// Everything that a verdict rests on.
pub(super) struct Judge<'a> {
    old: &'a Content,
    new: &'a Content,
    judging: &'a Judging,
    language: &'a Language,
    live: bool,
    running: OnceCell<bool>,
    /// The lengths of both texts, in bytes.
    lens: [usize; 2],
    roles: RefCell<HashMap<(usize, usize), Role>>,
    old_words: OnceCell<AllWords>,
    new_words: OnceCell<AllWords>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(old: &'a Content, new: &'a Content, judging: &'a Judging) -> Self {
        let sample = sample(new);
        Self {
            old,
            new,
            judging,
            language: Lexicons::get().language(new.language.as_deref(), &sample),
            live: is_live(old) && is_live(new),
            running: OnceCell::new(),
            lens: [text_len(old), text_len(new)],
            roles: RefCell::default(),
            old_words: OnceCell::new(),
            new_words: OnceCell::new(),
        }
    }

    /// Why a changed headline matters: a mark that says that the article was corrected, and the rest of it.
    pub(super) fn headline(&self, change: &FieldChange) -> Vec<Reason> {
        let mark = super::headline::mark(change);
        if mark.is_some() && super::headline::same_but_marks(change) {
            return mark.into_iter().collect();
        }
        let found = self.words(change);
        let slight = found.iter().all(|reason| reason.score <= 0.12);
        mark.into_iter().chain([super::headline::headline(change, slight)]).collect()
    }

    /// A standfirst is judged like a sentence; .25 when one side has none: then it was probably not found, or found elsewhere.
    pub(super) fn standfirst(&self, change: &FieldChange) -> Vec<Reason> {
        if [&change.old, &change.new].into_iter().any(|text| self.tells(corrections::within(text))) {
            return vec![note(&change.old, &change.new)];
        }
        let lost = change.old.is_empty() || change.new.is_empty();
        let heaviest = || self.words(change).iter().map(|reason| reason.score).fold(0.0, f64::max);
        let strongest = if lost { 0.25 } else { heaviest() };
        let fact = Fact::new("standfirst {change}").with(super::told::change(&change.old, &change.new));
        vec![Reason { class: Class::Standfirst, score: strongest, fact }]
    }

    fn words(&self, change: &FieldChange) -> Vec<Reason> {
        self.hunks(hunks(&change.segments, false))
    }

    /// Why a sentence pair matters.
    pub(super) fn sentence(&self, pair: &SentencePair) -> Vec<Reason> {
        let old = pair.old_block.and_then(|at| self.old.blocks.get(at));
        let new = pair.new_block.and_then(|at| self.new.blocks.get(at));
        let places = [(0, pair.old_block, old), (1, pair.new_block, new)];
        let roles: Vec<Role> =
            places.into_iter().filter_map(|(side, at, block)| Some(self.role((side, at?), block?))).collect();
        let (before, after) = (pair.old.as_deref().unwrap_or(""), pair.new.as_deref().unwrap_or(""));
        if roles.contains(&Role::Note) || self.is_note(pair) {
            return vec![note(before, after)];
        }
        if roles.iter().all(|&role| role == Role::Boilerplate) {
            return vec![boilerplate(before, after)];
        }
        match (&pair.old, &pair.new) {
            (None, Some(text)) => vec![self.alone(Class::Added, text, new)],
            (Some(text), None) => vec![self.alone(Class::Removed, text, old)],
            _ => self.both(pair),
        }
    }

    /// Whether a sentence that came, went or changed is a note, though its block is not: at the end of a paragraph, in brackets
    /// before it.
    fn is_note(&self, pair: &SentencePair) -> bool {
        match (&pair.old, &pair.new) {
            (Some(old), Some(new)) => {
                let whole = || [old, new].into_iter().any(|text| self.tells(corrections::note(text)));
                let changed = pair.segments.iter().filter(|segment| matches!(segment.op, Op::Removed | Op::Added));
                let mut asides = changed.map(|segment| corrections::aside(segment.text.trim_start()));
                asides.any(|found| self.tells(found)) || whole()
            }
            (Some(text), None) | (None, Some(text)) => self.tells(corrections::within(text)),
            (None, None) => false,
        }
    }

    /// Whether a note counts: where an article is made of notices of updates, they are its text.
    fn tells(&self, note: Option<Note>) -> bool {
        note == Some(Note::Correction) || note == Some(Note::Notice) && !self.is_running()
    }

    /// Whether the new text is a live blog, or has as many notices of updates as one that is written on.
    fn is_running(&self) -> bool {
        self.live || *self.running.get_or_init(|| roles::notices(self.new) >= RUNNING_NOTICES)
    }

    /// A sentence that came or went: .66 and its share of the text; short ones less, those without a full stop
    /// least, but not an entry of a live blog.
    fn alone(&self, class: Class, text: &str, block: Option<&Block>) -> Reason {
        let share = text.len() as f64 / self.lens[usize::from(class == Class::Added)].max(1) as f64;
        let entry = self.live && block.is_some_and(|block| starts_with_time(&block.text));
        let score = match statement_len(text) {
            0 => 0.03,
            1..=3 => 0.18,
            4.. if entry => (0.66 + share).min(0.95),
            4..=6 if is_stopped(&comparison_form(text)) => 0.45,
            4..=6 => 0.35,
            7..=10 => 0.55,
            _ => (0.66 + share).min(0.95),
        };
        let what = if class == Class::Added { Fact::new("added: {text}") } else { Fact::new("removed: {text}") };
        Reason { class, score, fact: what.with(quoted(text)) }
    }

    /// A sentence that is on both sides.
    fn both(&self, pair: &SentencePair) -> Vec<Reason> {
        let mut found = self.hunks(hunks(&pair.segments, pair.quoted));
        if pair.moved {
            found.push(self.moved(pair.new.as_deref().unwrap_or("")));
        }
        found
    }

    /// Moved text: .15 to .35 by its share; in a live blog order means nothing.
    fn moved(&self, text: &str) -> Reason {
        let share = text.len() as f64 / self.lens[1].max(1) as f64;
        let score = if self.live { 0.03 } else { (0.12 + 0.2 * share).min(0.35) };
        Reason { class: Class::Moved, score, fact: Fact::new("moved: {text}").with(quoted(text)) }
    }

    /// The role of a block of the old text (0) or the new (1), worked out once.
    fn role(&self, place: (usize, usize), block: &Block) -> Role {
        *self.roles.borrow_mut().entry(place).or_insert_with(|| match role(block, self.judging) {
            Role::Notice if self.is_running() => Role::Body,
            Role::Notice => Role::Note,
            role => role,
        })
    }

    /// Why the hunks of one sentence matter.
    fn hunks(&self, mut hunks: Vec<Hunk>) -> Vec<Reason> {
        let in_old = |word: &str| self.old_words.get_or_init(|| AllWords::of(self.old)).contains(word);
        let in_new = |word: &str| self.new_words.get_or_init(|| AllWords::of(self.new)).contains(word);
        let context = Context { language: self.language, in_old: &in_old, in_new: &in_new };
        let order = reordered(&mut hunks, &context);
        hunks.iter().flat_map(|hunk| reasons(hunk, &context)).chain(order).collect()
    }
}

/// A correction, clarification or editor's note came, went or changed: .97, the strongest there is.
fn note(before: &str, after: &str) -> Reason {
    let what = match (before.is_empty(), after.is_empty()) {
        (true, _) => Fact::new("correction note added: {text}").with(quoted(after)),
        (_, true) => Fact::new("correction note removed: {text}").with(quoted(before)),
        _ => Fact::new("correction note changed: {text}").with(quoted(after)),
    };
    Reason { class: Class::Correction, score: 0.97, fact: what }
}

/// Counters, stamps, teasers: .03.
fn boilerplate(before: &str, after: &str) -> Reason {
    Reason {
        class: Class::Boilerplate,
        score: 0.03,
        fact: Fact::new("boilerplate {change}").with(change(before, after)),
    }
}

/// The length of a content's blocks together, in bytes.
fn text_len(content: &Content) -> usize {
    content.blocks.iter().map(|block| block.text.len()).sum()
}

/// How many words of English a sentence takes up: languages that write whole phrases as one word (Arabic, Finnish, Turkish)
/// count by their letters, five to a word in scripts without vowels, seven elsewhere.
fn statement_len(text: &str) -> usize {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let abjad = text.chars().any(|c| matches!(c, '\u{590}'..='\u{7FF}'));
    word_count(text).max(letters / if abjad { 5 } else { 7 })
}

/// The first words of a text, at N2.
fn sample(content: &Content) -> Vec<String> {
    let mut words = Vec::new();
    for block in &content.blocks {
        for (kind, range) in pieces(&block.text) {
            if matches!(kind, Kind::Word | Kind::Character) {
                words.push(comparison_form(&block.text[range]));
            }
            if words.len() >= SAMPLE_WORDS {
                return words;
            }
        }
    }
    words
}

/// The words of a text, at N2: sorted hashes, for asking whether one occurs.
struct AllWords(Vec<u64>);

impl AllWords {
    fn of(content: &Content) -> Self {
        let blocks = content.blocks.iter().map(|block| block.text.as_str());
        let mut hashes = Vec::new();
        for text in blocks.chain([content.headline.as_str()]) {
            let form = comparison_form(text);
            let words = pieces(&form).filter(|(kind, _)| !matches!(kind, Kind::Blank | Kind::Mark));
            hashes.extend(words.map(|(_, range)| hash(&form[range])));
        }
        hashes.sort_unstable();
        Self(hashes)
    }

    fn contains(&self, word: &str) -> bool {
        self.0.binary_search(&hash(word)).is_ok()
    }
}

fn hash(word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    word.hash(&mut hasher);
    hasher.finish()
}

/// How many entries with a clock time make a live blog.
const LIVE_ENTRIES: usize = 4;

/// Whether the page calls itself a live blog, or at least four blocks start with a clock time.
fn is_live(content: &Content) -> bool {
    content.live || content.blocks.iter().filter(|block| starts_with_time(&block.text)).count() >= LIVE_ENTRIES
}

fn starts_with_time(text: &str) -> bool {
    pieces(text).next().is_some_and(|(kind, range)| {
        let time = &text[range];
        kind == Kind::Number
            && time.len() <= 5
            && time.contains([':', '.'])
            && time.chars().filter(char::is_ascii_digit).count() >= 3
    })
}
