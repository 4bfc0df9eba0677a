//! Words that only changed their place within their sentence.

use crate::model::{Class, Fact};

use super::hunk::{Hunk, Side, Word};
use super::rules::{Context, is_inflected, number_of, reason};

use crate::model::Reason;

/// A single word that moved may be all that matters (who beat whom); more of them are a phrase.
const MIN_PHRASE_WORDS: usize = 2;

/// Takes out of the hunks what went at one place of the sentence and came at another, and says so: .12.
pub(super) fn reordered(hunks: &mut [Hunk], context: &Context) -> Option<Reason> {
    let gone: Vec<usize> = (0..hunks.len()).filter(|&at| is_phrase(&hunks[at].old, &hunks[at].new)).collect();
    let came: Vec<usize> = (0..hunks.len()).filter(|&at| is_phrase(&hunks[at].new, &hunks[at].old)).collect();
    let mut shown = Vec::new();
    for &from in &gone {
        for &to in &came {
            let (old, new) = (hunks[from].old.words.clone(), hunks[to].new.words.clone());
            let (old, moved) = without_twins(&old, new, context);
            if moved.1 >= MIN_PHRASE_WORDS {
                set(&mut hunks[from].old, old);
                set(&mut hunks[to].new, moved.0);
                shown.push(moved.2);
            }
        }
    }
    let fact = Fact::new("in another order: {text}").with(super::told::quoted(&shown.join(" ")));
    (!shown.is_empty()).then(|| reason(Class::Style, 0.12, fact))
}

/// Whether a side has a phrase and the other nothing.
fn is_phrase(side: &Side, other: &Side) -> bool {
    side.words.len() >= MIN_PHRASE_WORDS && other.words.is_empty()
}

/// What is left of two lists of words once words that both have are taken out, how many those were, and they as shown.
fn without_twins(old: &[Word], mut new: Vec<Word>, context: &Context) -> (Vec<Word>, (Vec<Word>, usize, String)) {
    let (mut left, mut moved) = (Vec::new(), Vec::new());
    for word in old {
        let twin = new.iter().position(|twin| twin.form == word.form);
        let twin = twin.or_else(|| new.iter().position(|twin| is_form_of(twin, word, context)));
        match twin {
            Some(at) => moved.push(new.remove(at).shown),
            None => left.push(word.clone()),
        }
    }
    (left, (new, moved.len(), moved.join(" ")))
}

/// Whether two words are forms of one that is no figure.
fn is_form_of(a: &Word, b: &Word, context: &Context) -> bool {
    number_of(a, context).is_none() && is_inflected(&a.form, &b.form)
}

fn set(side: &mut Side, words: Vec<Word>) {
    let join = |text: fn(&Word) -> &str| words.iter().map(text).collect::<Vec<_>>().join(" ");
    (side.shown, side.form) = (join(|word| &word.shown), join(|word| &word.form));
    side.words = words;
}
