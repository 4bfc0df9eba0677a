//! One function a class: what a hunk of changed words means, with a score and a reason in words. The scores are the design's,
//! set on 676 seeded and 212 hand-labelled pairs.

use std::collections::HashSet;

use crate::compare::normal::{bare_form, comparison_form, letters_form};
use crate::compare::token::Kind;
use crate::model::{Class, Fact, Reason};

use super::aside::aside;
use super::content::content;
use super::figures::{value, word_value};
use super::hunk::{Hunk, Side, Word};
use super::lexicon::Language;
use super::told::{change, told_once};
use super::words::Words;

/// What rules need to know beside the hunk.
pub(super) struct Context<'a> {
    pub(super) language: &'a Language,
    /// Whether a word (at N2) occurs in the old text, in the new one.
    pub(super) in_old: &'a dyn Fn(&str) -> bool,
    pub(super) in_new: &'a dyn Fn(&str) -> bool,
}

type Rule = fn(&Hunk, &Context) -> Option<Reason>;

/// The rules for harmless changes; the first that fires explains the whole hunk.
const HARMLESS: [Rule; 5] = [typography, number_format, aside, style, spelling];
/// The rules for single facts; each may fire beside others.
const FACTS: [Rule; 10] = [figure, counted, date, negation, hedge, charge, opposite, quote, name, content];

/// Why a hunk matters, or why it does not; never nothing: what no rule knows (a number in words that came or went) is style.
pub(super) fn reasons(hunk: &Hunk, context: &Context) -> Vec<Reason> {
    if let Some(reason) = super::signs::sign(hunk) {
        return vec![reason];
    }
    if let Some(reason) = HARMLESS.iter().find_map(|rule| rule(hunk, context)) {
        return vec![reason];
    }
    let found: Vec<Reason> = FACTS.iter().filter_map(|rule| rule(hunk, context)).collect();
    if found.is_empty() {
        return vec![reason(Class::Style, 0.12, change(&hunk.old.shown, &hunk.new.shown))];
    }
    told_once(found)
}

pub(super) fn reason(class: Class, score: f64, fact: Fact) -> Reason {
    Reason { class, score, fact }
}

/// Same letters: punctuation, white space, hyphens (N3).
fn typography(hunk: &Hunk, _: &Context) -> Option<Reason> {
    let same = letters_form(&hunk.old.form) == letters_form(&hunk.new.form);
    let same_digits = digit_runs(&hunk.old.form) == digit_runs(&hunk.new.form);
    (same && same_digits).then(|| reason(Class::Typography, 0.03, change(&hunk.old.shown, &hunk.new.shown)))
}

/// The numbers of a text as written: `1.5` is not `15`.
fn digit_runs(form: &str) -> Vec<&str> {
    let runs = form.split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | ':'));
    runs.map(|run| run.trim_matches(['.', ',', ':'])).filter(|run| !run.is_empty()).collect()
}

/// The same numbers written otherwise: `1,000` → `1000`, `two` → `2`, `%` → `percent`.
fn number_format(hunk: &Hunk, context: &Context) -> Option<Reason> {
    let (old, new) = (numbers(&hunk.old, context), numbers(&hunk.new, context));
    let others = |side: &Side| {
        let words = side.words.iter().filter(|word| !is_figure(word, context));
        words.map(|word| word.form.clone()).filter(|word| !is_percent(word)).collect::<Vec<_>>()
    };
    let percents = |side: &Side| side.form.contains('%') || side.words.iter().any(|word| is_percent(&word.form));
    let same = old == new && others(&hunk.old) == others(&hunk.new) && percents(&hunk.old) == percents(&hunk.new);
    let any = !old.is_empty() || percents(&hunk.old);
    (same && any).then(|| reason(Class::Typography, 0.05, change(&hunk.old.shown, &hunk.new.shown)))
}

fn is_percent(word: &str) -> bool {
    ["percent", "per", "cent", "prozent", "procent", "prosent", "por", "ciento", "cento", "pour", "percento"]
        .contains(&word)
}

pub(super) fn number_of(word: &Word, context: &Context) -> Option<f64> {
    value(&word.form).or_else(|| word_value(&word.form, context.language))
}

/// The numbers of a side, scale words applied.
fn numbers(side: &Side, context: &Context) -> Vec<f64> {
    let mut numbers: Vec<f64> = Vec::new();
    for word in &side.words {
        match (context.language.scale.get(&word.form), numbers.last_mut()) {
            (Some(scale), Some(last)) => *last *= scale,
            (Some(scale), None) => numbers.push(*scale),
            _ => numbers.extend(number_of(word, context)),
        }
    }
    numbers
}

/// A word with a letter or two wrong, put right or not; a plural, a tense.
fn spelling(hunk: &Hunk, context: &Context) -> Option<Reason> {
    let (old, new) = (&hunk.old.words, &hunk.new.words);
    let pairs = old.iter().zip(new);
    let slight = old.len() == new.len()
        && !old.is_empty()
        && pairs.clone().all(|(a, b)| a.form == b.form || is_slip(a, b, context));
    slight.then(|| reason(Class::Spelling, 0.10, change(&hunk.old.shown, &hunk.new.shown)))
}

/// Whether two words are the same but for a slip of the pen or an ending. Names are not: a letter makes another person.
pub(super) fn is_slip(a: &Word, b: &Word, context: &Context) -> bool {
    let language = context.language;
    let is_fact = |word: &Word| language.is_marked(&word.form) || number_of(word, context).is_some();
    if bare_form(&a.form) == bare_form(&b.form) {
        return true;
    }
    let named = a.is_capitalised() && b.is_capitalised() && !language.capital_nouns;
    if is_fact(a) != is_fact(b) && is_long_slip(&a.form, &b.form) {
        return true;
    }
    if is_fact(a) || is_fact(b) || named || a.kind != Kind::Word || b.kind != Kind::Word {
        return false;
    }
    if language.opposite.turn((&[&a.form], &a.form), (&[&b.form], &b.form)) {
        return false;
    }
    let length = a.form.chars().count().max(b.form.chars().count());
    let distance = edit_distance(&a.form, &b.form);
    let near = distance * 4 <= length.min(12);
    near && !is_other_initial(&a.form, &b.form) || is_inflected(&a.form, &b.form)
}

/// Whether two long words differ by one letter: `expected`, `excpected`.
fn is_long_slip(a: &str, b: &str) -> bool {
    const MIN_LETTERS: usize = 8;
    a.chars().count().min(b.chars().count()) >= MIN_LETTERS && edit_distance(a, b) == 1
}

/// Whether the first letter was replaced, which slips hardly do: `killed`, `billed`.
fn is_other_initial(a: &str, b: &str) -> bool {
    let same_length = a.chars().count() == b.chars().count();
    let (mut x, mut y) = (a.chars(), b.chars());
    let (first, other) = (x.next(), y.next());
    same_length && first != other && first != y.next()
}

/// Whether two words share their stem: at least four letters and all but three of both.
pub(super) fn is_inflected(a: &str, b: &str) -> bool {
    let stem = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.chars().count(), b.chars().count());
    stem >= 4 && a - stem <= 3 && b - stem <= 3 && stem * 5 >= a.max(b) * 3
}

/// Letters added, removed, replaced or swapped with their neighbour.
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

/// Function words only (.08), or a word for another of the same meaning (.12; .30 inside a quotation, whose words are
/// somebody's).
fn style(hunk: &Hunk, context: &Context) -> Option<Reason> {
    let language = context.language;
    let mut all = hunk.old.words.iter().chain(&hunk.new.words);
    let groups = |side: &Side| {
        language.style.get(side.form.trim_matches(|c: char| !c.is_alphanumeric())).cloned().unwrap_or_default()
    };
    let (old, new) = (groups(&hunk.old), groups(&hunk.new));
    let fact = change(&hunk.old.shown, &hunk.new.shown);
    if old.iter().any(|group| new.contains(group)) {
        let score = if hunk.quoted { 0.30 } else { 0.12 };
        return Some(reason(Class::Style, score, fact));
    }
    let grammar = all.all(|word| {
        language.function.has(&word.form) && word.kind != Kind::Character && !language.is_marked(&word.form)
    });
    let turned = grammar && turns(hunk, context);
    let score = if hunk.quoted && hunk.old.words.len() + hunk.new.words.len() > 2 { 0.30 } else { 0.08 };
    (grammar && !turned).then(|| reason(Class::Spelling, score, fact))
}

/// What a figure counts: another word right behind digits (12 months → 12 years, 5 percent → 5 million), .60.
fn counted(hunk: &Hunk, context: &Context) -> Option<Reason> {
    let lone = |side: &Side| match side.words.as_slice() {
        [word] => word.kind == Kind::Word && !context.language.function.has(&word.form),
        _ => false,
    };
    let counts = hunk.after_digit && lone(&hunk.old) && lone(&hunk.new);
    counts.then(|| {
        reason(Class::Figure, 0.60, Fact::new("figure: {change}").with(change(&hunk.old.shown, &hunk.new.shown)))
    })
}

/// Another figure: .78 when neither number stands in the other version, .60 when one does, .45 when both do (then the text
/// was probably turned about). A figure that came or went alone is news only when it is written in digits.
fn figure(hunk: &Hunk, context: &Context) -> Option<Reason> {
    let (old, new) = (numbers(&hunk.old, context), numbers(&hunk.new, context));
    if old == new {
        return None;
    }
    let words =
        |side: &'_ Side| -> Vec<Word> { side.words.iter().filter(|word| is_figure(word, context)).cloned().collect() };
    let (before, after) = (words(&hunk.old), words(&hunk.new));
    let shown = |words: &[Word]| words.iter().map(|word| word.shown.as_str()).collect::<Vec<_>>().join(" ");
    let digits = |words: &[Word]| words.iter().any(|word| word.kind == Kind::Number);
    let (change, score) = match (before.is_empty(), after.is_empty()) {
        (false, false) => {
            let gone = before.iter().any(|word| !(context.in_new)(&word.form));
            let fresh = after.iter().any(|word| !(context.in_old)(&word.form));
            let score = [0.45, 0.60, 0.78][usize::from(gone) + usize::from(fresh)];
            (Fact::new("{old} → {new}").with(shown(&before)).with(shown(&after)), score)
        }
        (true, false) if digits(&after) => (Fact::new("{new} added").with(shown(&after)), one_sided(hunk)),
        (false, true) if digits(&before) => (Fact::new("{old} removed").with(shown(&before)), one_sided(hunk)),
        _ => return None,
    };
    Some(reason(Class::Figure, score, Fact::new("figure {change}").with(change)))
}

pub(super) fn is_figure(word: &Word, context: &Context) -> bool {
    number_of(word, context).is_some() || context.language.scale.contains_key(&word.form)
}

/// A fact that came or went alone weighs more than one in a longer rewording.
fn one_sided(hunk: &Hunk) -> f64 {
    if hunk.old.words.len() + hunk.new.words.len() <= 4 { 0.50 } else { 0.35 }
}

/// Another day, month or time: .68 where little else changed, .40 in a longer rewording, .25 where a date came or went, or
/// where "yesterday" became the name of a day.
fn date(hunk: &Hunk, context: &Context) -> Option<Reason> {
    let language = context.language;
    let capital = |word: &Word| !language.capital_dates || word.shown.chars().next().is_some_and(char::is_uppercase);
    let (old, new) = difference(hunk, &language.date, &|word| capital(word) || word.form.ends_with("day"));
    let retold = |words: &[String]| words.iter().any(|word| language.relative.has(&comparison_form(word)));
    let score = match (old.is_empty(), new.is_empty(), is_small(hunk, 3)) {
        (true, true, _) => return None,
        (false, false, _) if retold(&old) != retold(&new) => 0.25,
        (false, false, true) => 0.68,
        (false, false, false) => 0.40,
        _ => 0.25,
    };
    Some(reason(Class::Date, score, Fact::new("date {change}").with(change(&old.join(" "), &new.join(" ")))))
}

/// A "not" that came or went: .72, .42 in a longer rewording.
fn negation(hunk: &Hunk, context: &Context) -> Option<Reason> {
    let (old, new) = difference(hunk, &context.language.negation, &|_| true);
    (old.is_empty() != new.is_empty()).then(|| {
        let score = if is_small(hunk, 4) { 0.72 } else { 0.42 };
        // Of "can't" only the end came or went.
        let shown = |words: &[String]| words.join(" ").replacen('t', "n’t", usize::from(words == ["t"]));
        reason(Class::Negation, score, change(&shown(&old), &shown(&new)))
    })
}

/// "allegedly" and the like that came or went: .58, .40 in a longer rewording.
fn hedge(hunk: &Hunk, context: &Context) -> Option<Reason> {
    let language = context.language;
    let month = |word: &Word| language.capital_dates && word.is_capitalised() && language.date.has(&word.form);
    let (old, new) = difference(hunk, &language.hedge, &|word| !month(word));
    (old.len() != new.len()).then(|| {
        let score = if is_small(hunk, 4) { 0.58 } else { 0.40 };
        reason(Class::Hedge, score, change(&old.join(" "), &new.join(" ")))
    })
}

/// Words that weigh on somebody (said → admitted): .56 where one stands for another word, .42 where it came or went, .40 in
/// a longer rewording.
fn charge(hunk: &Hunk, context: &Context) -> Option<Reason> {
    let (old, new) = difference(hunk, &context.language.charge, &|_| true);
    if old.is_empty() && new.is_empty() {
        return None;
    }
    let score = match (is_small(hunk, 4), hunk.old.words.is_empty() || hunk.new.words.is_empty()) {
        (true, false) => 0.56,
        (true, true) => 0.42,
        _ => 0.40,
    };
    Some(reason(Class::Wording, score, change(&hunk.old.shown, &hunk.new.shown)))
}

/// The direction of a statement (rose → fell): .58, .42 in a longer rewording.
fn opposite(hunk: &Hunk, context: &Context) -> Option<Reason> {
    let turned = is_small(hunk, MAX_TURNED_WORDS) && turns(hunk, context);
    turned.then(|| {
        let score = if is_small(hunk, 4) { 0.58 } else { 0.42 };
        reason(Class::Wording, score, change(&hunk.old.shown, &hunk.new.shown))
    })
}

/// In longer hunks opposite words say little.
const MAX_TURNED_WORDS: usize = 12;

fn turns(hunk: &Hunk, context: &Context) -> bool {
    context.language.opposite.turn((&hunk.old.forms(), &hunk.old.form), (&hunk.new.forms(), &hunk.new.form))
}

/// Words inside quotation marks: .45 for one, up to .58.
fn quote(hunk: &Hunk, _: &Context) -> Option<Reason> {
    let words = hunk.old.words.len().max(hunk.new.words.len());
    (hunk.quoted && words > 0).then(|| {
        let score = (0.42 + 0.03 * words as f64).min(0.58);
        reason(Class::Quote, score, Fact::new("quote changed: {change}").with(change(&hunk.old.shown, &hunk.new.shown)))
    })
}

/// How many names a reason lists.
const MAX_NAMED: usize = 6;

/// A name, written with a capital inside a sentence: .55 where one stands for another, .42 where one came or went, .30 where
/// that one is named elsewhere in the other version. Where all nouns are written so, only one noun for another counts (.42).
fn name(hunk: &Hunk, context: &Context) -> Option<Reason> {
    let language = context.language;
    let names = |side: &Side, other: &Side| -> Vec<Word> {
        let twins: HashSet<&str> = other.words.iter().map(|word| word.form.as_str()).collect();
        let names = side.words.iter().filter(|word| {
            let form = word.form.as_str();
            word.is_capitalised() && !twins.contains(form) && !language.date.has(form) && !language.function.has(form)
        });
        names.cloned().collect()
    };
    let (old, new) = (names(&hunk.old, &hunk.new), names(&hunk.new, &hunk.old));
    let both = !old.is_empty() && !new.is_empty();
    let known =
        old.iter().all(|word| (context.in_new)(&word.form)) && new.iter().all(|word| (context.in_old)(&word.form));
    let (what, score) = match (language.capital_nouns, both) {
        _ if old.is_empty() && new.is_empty() => return None,
        (true, true) if is_small(hunk, 2) => (Fact::new("noun {change}"), 0.42),
        (true, _) => return None,
        (false, true) => (Fact::new("name {change}"), 0.55),
        (false, false) => (Fact::new("name {change}"), if known { 0.30 } else { 0.42 }),
    };
    let shown =
        |names: &[Word]| names.iter().take(MAX_NAMED).map(|word| word.shown.as_str()).collect::<Vec<_>>().join(" ");
    Some(reason(Class::Name, score, what.with(change(&shown(&old), &shown(&new)))))
}

/// Whether a hunk has at most so many words on either side. A word of Chinese or Thai takes up to four characters.
pub(super) fn is_small(hunk: &Hunk, words: usize) -> bool {
    let size = |side: &Side| {
        let characters = side.words.iter().filter(|word| word.kind == Kind::Character).count();
        side.words.len() - characters + characters.div_ceil(4)
    };
    size(&hunk.old).max(size(&hunk.new)) <= words
}

/// The words of a lexicon (those that `counts` lets through) that one side has and the other has not, as shown.
fn difference(hunk: &Hunk, words: &Words, counts: &dyn Fn(&Word) -> bool) -> (Vec<String>, Vec<String>) {
    let of = |side: &Side, other: &Side| {
        let found = side.words.iter().filter(|word| words.has(&word.form) && counts(word));
        let own = found.filter(|word| {
            other.words.iter().all(|twin| twin.form != word.form && !is_inflected(&twin.form, &word.form))
        });
        let mut own: Vec<String> = own.map(|word| word.shown.clone()).collect();
        for part in words.within(&side.form).filter(|part| !other.form.contains(part)) {
            if !own.iter().any(|word| word == part) {
                own.push(part.to_owned());
            }
        }
        own
    };
    (of(&hunk.old, &hunk.new), of(&hunk.new, &hunk.old))
}
