//! Words of content that came, went or stand for others.

use std::collections::HashSet;

use crate::compare::token::Kind;
use crate::model::{Class, Reason};

use super::hunk::{Hunk, Side, Word};
use super::rules::{Context, is_inflected, is_slip, is_small, number_of, reason};
use super::told::change;

/// Words of content: by how many and how new they are, up to .75; at least [`SWAPPED`] where one stands for another.
pub(super) fn content(hunk: &Hunk, context: &Context) -> Option<Reason> {
    let old = fresh(&hunk.old, &hunk.new, context);
    let new = fresh(&hunk.new, &hunk.old, context);
    let (gone, came) = (weight(&old, context.in_new), weight(&new, context.in_old));
    let amount = gone.max(came) + 0.3 * gone.min(came);
    (amount > 0.0).then(|| {
        let by_amount = 0.75 * (1.0 - (-0.26 * amount).exp());
        let score = if is_swap(hunk, &old, &new, context) { by_amount.max(SWAPPED) } else { by_amount };
        reason(Class::Content, score, change(&hunk.old.shown, &hunk.new.shown))
    })
}

/// One word of content for another of another meaning: a nurse is no teacher, and nothing but a lexicon could tell that a
/// firm is a company. Published, just.
const SWAPPED: f64 = 0.42;
/// In a longer rewording one word for another says little.
const MAX_SWAP_WORDS: usize = 3;

/// Whether words stand for others: one or two for one or two (or as many short ones of Chinese), nothing else of content, and
/// none of them another form of one of the others, or a word for the same.
fn is_swap(hunk: &Hunk, old: &[&Word], new: &[&Word], context: &Context) -> bool {
    if !is_small(hunk, MAX_SWAP_WORDS) {
        return false;
    }
    if tells_anew(hunk, old, new, context) {
        return true;
    }
    let few_words = |side: &[&Word]| matches!(side.len(), 1..=2) && side.iter().all(|word| word.kind == Kind::Word);
    if few_words(old) && few_words(new) {
        let manner = old.iter().chain(new).any(|word| is_manner(&word.form, context));
        return !manner && old.iter().all(|a| new.iter().all(|b| are_unlike(a, b, context)));
    }
    let written = |words: &[&Word]| words.iter().all(|word| word.kind == Kind::Character && !is_kana(&word.form));
    old.len() == new.len() && matches!(old.len(), 2..=4) && written(old) && written(new) && !hunk.quoted
}

/// Words of content that tell something of their own, whatever they stand for.
const TELLING_WORDS: usize = 2;

/// Whether a few words that tell little, as "counting on" or "for the", were replaced by some that do, or the other way
/// round: at least two words of content that are no matter of style, one of which the other text has nowhere.
fn tells_anew(hunk: &Hunk, old: &[&Word], new: &[&Word], context: &Context) -> bool {
    let tells = |side: &[&Word], elsewhere: &dyn Fn(&str) -> bool| {
        let telling = || side.iter().filter(|word| word.kind == Kind::Word && !is_manner(&word.form, context));
        telling().count() >= TELLING_WORDS && telling().any(|word| !elsewhere(&word.form))
    };
    let replaced = !hunk.old.words.is_empty() && !hunk.new.words.is_empty();
    let unlike = || old.iter().all(|a| new.iter().all(|b| are_unlike(a, b, context)));
    replaced && (tells(new, context.in_old) || tells(old, context.in_new)) && unlike()
}

/// Whether two words are neither forms of one, nor dates both, nor known to mean the same.
fn are_unlike(a: &Word, b: &Word, context: &Context) -> bool {
    let dates = context.language.date.has(&a.form) && context.language.date.has(&b.form);
    !dates && !is_slip(a, b, context) && !is_inflected(&a.form, &b.form) && !is_synonym(&a.form, &b.form, context)
}

/// Whether a word is an English participle or adverb: mostly a matter of style, and the lexicon knows those that are not.
fn is_manner(word: &str, context: &Context) -> bool {
    let ends = || ["ed", "ing", "ly"].iter().any(|ending| word.ends_with(ending));
    context.language.tag == "en" && ends() && !context.language.thing.has(word)
}

/// Whether a character is one of those that Japanese writes its grammar with.
fn is_kana(character: &str) -> bool {
    character.starts_with(|c| matches!(c, '\u{3040}'..='\u{30FF}'))
}

/// Whether two words stand in one group of the lexicon.
fn is_synonym(a: &str, b: &str, context: &Context) -> bool {
    let groups = |word: &str| context.language.style.get(word).map(Vec::as_slice).unwrap_or_default();
    groups(a).iter().any(|group| groups(b).contains(group))
}

/// The words of content that one side has and the other has not, figures and negations aside.
fn fresh<'a>(side: &'a Side, other: &Side, context: &Context) -> Vec<&'a Word> {
    let twins: HashSet<&str> = other.words.iter().map(|word| word.form.as_str()).collect();
    let words = side.words.iter();
    words
        .filter(|word| !context.language.function.has(&word.form) && !twins.contains(word.form.as_str()))
        .filter(|word| number_of(word, context).is_none() && !context.language.negation.has(&word.form))
        .collect()
}

/// How much words weigh together; one that occurs elsewhere in the other text weighs less.
fn weight(words: &[&Word], elsewhere: &dyn Fn(&str) -> bool) -> f64 {
    let weigh = |word: &&Word| {
        let weight = if elsewhere(&word.form) { 0.6 } else { 1.0 };
        if word.kind == Kind::Character { weight / 2.5 } else { weight }
    };
    words.iter().map(weigh).sum()
}
