//! Which terms together make a note. A rule asks for terms of one language; none asks for one sentence in all its words.

use super::Note;
use super::labels::{is_closed, labelled, tells};
use super::sentence::Passage;
use super::words::{Hit, Kind, Languages};
use Kind::{
    After, Article, As, Changed, Earlier, Error, First, In, Label, Lead, Like, Not, Of, Ongoing, Open, Our, Own, Part,
    Piece, Readers, Regret, Said, Says, Slip, Sorry, Text, This, Told, Updated, Version, We, WeChanged, WeSaid, Weak,
    Wrongly,
};

/// Characters between "this" and the noun it points at: "this Aug. 4 story".
const MAX_POINTING_CHARS: usize = 14;
/// Characters of a sentence that is about the article it stands in.
const MAX_SENTENCE_CHARS: usize = 420;
/// An article named without "this" must be named within so many characters …
const MAX_SUBJECT_CHARS: usize = 26;
/// … and what was done to it said so many behind.
const MAX_PREDICATE_CHARS: usize = 60;
/// … or so many before: "A correction was made to this article."
const MAX_OBJECT_CHARS: usize = 30;
/// An article that "this" points at must be named within so many characters.
const MAX_POINTED_CHARS: usize = 70;
/// A verb before it must come within so many: "تم تحديث الخبر".
const MAX_VERB_CHARS: usize = 12;
/// Characters of a sentence that says so little that it can only be about the article: "The story was withdrawn."
const MAX_BARE_CHARS: usize = 70;
/// Digits of a year.
const YEAR_DIGITS: usize = 4;
/// Characters between "earlier" and "version".
const MAX_EARLIER_CHARS: usize = 16;
/// Characters between "version" and the article that it is of.
const MAX_OF_CHARS: usize = 45;
/// Characters between the article and "wrongly": farther on, somebody else was wrong.
const MAX_WRONGLY_CHARS: usize = 20;
/// Characters between "we" and "originally".
const MAX_ADVERB_CHARS: usize = 4;
/// Characters between "not" and "as previously stated".
const MAX_NOT_AS_CHARS: usize = 90;
/// Characters between "as previously" and "stated".
const MAX_TOLD_CHARS: usize = 24;
/// Characters of what may head a note before a colon: "Note of the newsroom".
const MAX_HEAD_CHARS: usize = 30;
/// Characters of a bracket in which a verb opens a note after the name of what it corrects: "(In Aug. 3 item, corrects …)".
const MAX_OPENED_CHARS: usize = 40;

type Rule = fn(&Passage) -> bool;

/// The rules for sentences that correct, by themselves.
const CORRECTING: [Rule; 12] = [
    says,
    opens,
    in_brackets,
    is_corrected,
    is_changed_since,
    has_earlier_version,
    said_earlier,
    is_wrong,
    we_were_wrong,
    regrets,
    we_corrected,
    not_as_said,
];

/// Whether a sentence says that its article was changed.
pub(super) fn stated(sentence: &Passage) -> Option<Note> {
    if sentence.text.chars().count() > MAX_SENTENCE_CHARS || sentence.text.ends_with(['?', '؟']) {
        return None;
    }
    if CORRECTING.iter().any(|rule| rule(sentence)) {
        return Some(Note::Correction);
    }
    is_updated(sentence).then_some(Note::Notice).or_else(|| headed(sentence))
}

/// What a sentence says behind a word that heads it, whatever that is: "Note: this article was corrected."
fn headed(sentence: &Passage) -> Option<Note> {
    let colon = sentence.text.find(": ")?;
    let head = sentence.text.get(sentence.start..colon)?;
    let is_head = head.chars().count() <= MAX_HEAD_CHARS && !head.contains(|c: char| c.is_ascii_digit() || c == ':');
    is_head.then(|| stated(&Passage::of(&sentence.text[colon + 2..]))).flatten()
}

/// What sort of note a sentence is, by the word that heads it or by what it says.
pub(super) fn any(sentence: &Passage) -> Option<Note> {
    labelled(sentence).max(stated(sentence))
}

/// What sort of note words in brackets are that came into a sentence: only what corrects.
pub(super) fn in_sentence(words: &Passage) -> Option<Note> {
    let corrects = words.languages(&[Label, Changed, Open, Wrongly, Error]) != 0;
    any(words).filter(|_| corrects)
}

fn says(sentence: &Passage) -> bool {
    sentence.of_kind(Says).next().is_some() || slipped(sentence)
}

/// "Due to a production error, the age was wrong": a slip, and something else that is said to be wrong.
fn slipped(sentence: &Passage) -> bool {
    let beside = |slip: &Hit| {
        let others = sentence.hits.iter().filter(|hit| hit.at >= slip.end || hit.end <= slip.at);
        let wrong = others.filter(|hit| matches!(hit.kind, Wrongly | Error));
        wrong.fold(0, |all, hit| all | hit.languages) & slip.languages
    };
    sentence.of_kind(Slip).any(|slip| beside(slip) != 0)
}

/// "Corrects …", "Refiles …": a verb without a subject.
fn opens(sentence: &Passage) -> bool {
    sentence.at_start(Open).next().is_some()
}

/// "(Corrects …)", "(In Aug. 3 item, corrects …)", "(repetition with the corrected number in the first paragraph)".
fn in_brackets(sentence: &Passage) -> bool {
    if !sentence.is_bracketed() {
        return false;
    }
    let goes_on = |hit: &Hit| !sentence.behind(hit).trim_start().starts_with([')', ']']);
    let led = [Lead, Label].into_iter().any(|kind| sentence.at_start(kind).any(goes_on));
    let changed = sentence.languages(&[Changed]);
    led || sentence.early(&[Open], MAX_OPENED_CHARS) != 0
        || changed & sentence.languages(&[Part, Article, Piece, Own, Version]) != 0
}

/// The languages in which a sentence points at the article that it stands in.
fn pointing(sentence: &Passage) -> Languages {
    // Newsrooms have columns and newsletters of their own, too.
    let ours = sentence.near(&[Our], &[Article], MAX_POINTING_CHARS);
    sentence.near(&[This], &[Article, Piece], MAX_POINTING_CHARS) | ours | sentence.languages(&[Own])
}

/// The languages in which what is told of the article is still going on.
fn ongoing(sentence: &Passage) -> Languages {
    sentence.languages(&[Ongoing])
}

/// "This story has been retracted", "The article was corrected", "В текст внесены исправления".
fn is_corrected(sentence: &Passage) -> bool {
    let pointed = pointed(sentence, &[Changed, Weak]);
    let short = if is_short(sentence) { bare(sentence, &[Weak]) } else { 0 };
    // "Name corrected in the second paragraph."
    let part = if is_short(sentence) { sentence.languages(&[Part]) & sentence.languages(&[Changed]) } else { 0 };
    (pointed | bare(sentence, &[Changed]) | short | part) & !ongoing(sentence) != 0 && !sentence.is_quoted()
}

/// The languages in which a sentence points at its article near its start, and says that something was done to it.
fn pointed(sentence: &Passage, done: &[Kind]) -> Languages {
    let places = sentence.hits.iter().filter(|hit| matches!(hit.kind, Article | Piece | Own));
    let mut found = 0;
    for place in places.filter(|hit| sentence.distance(sentence.start, hit.at) <= MAX_POINTED_CHARS) {
        for verb in sentence.hits.iter().filter(|hit| done.contains(&hit.kind)) {
            let behind = verb.at >= place.end && sentence.distance(place.end, verb.at) <= MAX_PREDICATE_CHARS;
            let before = verb.end <= place.at && sentence.distance(verb.end, place.at) <= MAX_OBJECT_CHARS;
            if behind || before {
                found |= place.languages & verb.languages;
            }
        }
    }
    found & pointing(sentence)
}

/// "The text was changed after publication".
fn is_changed_since(sentence: &Passage) -> bool {
    let done = sentence.languages(&[Changed, Weak, Updated]) & sentence.languages(&[After]);
    done & sentence.early(&[Article, Text, Piece, Own, Part], MAX_SUBJECT_CHARS) & !ongoing(sentence) != 0
}

/// "This post has been updated with a comment": an update that is not just its time.
fn is_updated(sentence: &Passage) -> bool {
    let told = pointed(sentence, &[Updated]) | bare(sentence, &[Updated]);
    told & !ongoing(sentence) != 0 && !is_stamp(sentence)
}

/// Whether a sentence that says that its article was updated says only when.
fn is_stamp(sentence: &Passage) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    let (Some(first), Some(last)) = (sentence.text.find(digit), sentence.text.rfind(digit)) else {
        return !is_closed(&sentence.text)
            && sentence.of_kind(This).next().is_none()
            && sentence.of_kind(Own).next().is_none();
    };
    let before = sentence.of_kind(Updated).filter(|hit| hit.end <= first).map(|hit| hit.end).min();
    !tells(&sentence.text[last + 1..]) && !before.is_some_and(|end| tells(&sentence.text[end..first]))
}

/// Whether a sentence is so short that it can only be about the article, and gives no year that another one could be of.
fn is_short(sentence: &Passage) -> bool {
    let is_year = |number: &str| number.len() == YEAR_DIGITS;
    let mut numbers = sentence.text.split(|c: char| !c.is_ascii_digit());
    is_closed(&sentence.text) && sentence.text.chars().count() <= MAX_BARE_CHARS && !numbers.any(is_year)
}

/// The languages in which the article is the first thing that a sentence names, and `done` soon follows; or the other way
/// round. A number behind makes another article of it: that of a law.
fn bare(sentence: &Passage, done: &[Kind]) -> Languages {
    let numbered =
        |hit: &Hit| sentence.behind(hit).trim_start_matches([' ', '№', '§']).starts_with(|c: char| c.is_ascii_digit());
    // The text of a law is changed, too; of one that is corrected the article is meant.
    let is_text = |hit: &Hit| hit.kind == Text && !done.contains(&Weak);
    let named = |hit: &&Hit| (matches!(hit.kind, Article | Own) || is_text(hit)) && !numbered(hit);
    let mut found = 0;
    for article in sentence.hits.iter().filter(named) {
        for verb in sentence.hits.iter().filter(|hit| done.contains(&hit.kind)) {
            let behind = verb.at >= article.end
                && sentence.distance(sentence.start, article.at) <= MAX_SUBJECT_CHARS
                && sentence.distance(article.end, verb.at) <= MAX_PREDICATE_CHARS;
            let before = verb.end <= article.at
                && sentence.distance(sentence.start, verb.at) <= MAX_VERB_CHARS
                && sentence.distance(verb.end, article.at) <= MAX_SUBJECT_CHARS;
            if behind || before {
                found |= article.languages & verb.languages;
            }
        }
    }
    found
}

/// "An earlier version of this article said …"; not "an earlier version of the bill".
fn has_earlier_version(sentence: &Passage) -> bool {
    sentence.of_kind(Version).any(|version| {
        let languages = sentence.of_kind(Earlier).filter(|hit| is_close(sentence, hit, version));
        let languages = languages.fold(0, |all, hit| all | hit.languages) & version.languages;
        languages != 0 && languages & earlier_version_of(sentence, version) != 0
    })
}

/// Whether "earlier" stands at "version", before or behind it.
fn is_close(sentence: &Passage, earlier: &Hit, version: &Hit) -> bool {
    let (first, last) = if earlier.at <= version.at { (earlier, version) } else { (version, earlier) };
    sentence.distance(first.end, last.at) <= MAX_EARLIER_CHARS
}

/// The languages in which a version is of an article: so it says, or of nothing and something was wrong with it, or the sentence
/// tells what was written in it.
fn earlier_version_of(sentence: &Passage, version: &Hit) -> Languages {
    let behind = |kinds: &[Kind], chars: usize| {
        let near = |hit: &&Hit| hit.at >= version.end && sentence.distance(version.end, hit.at) <= chars;
        let hits = sentence.hits.iter().filter(|hit| kinds.contains(&hit.kind)).filter(near);
        hits.fold(0, |all, hit| all | hit.languages)
    };
    let of_article = behind(&[Article, Piece, Own, Part], MAX_OF_CHARS) | sentence.early(&[Own], MAX_SUBJECT_CHARS);
    let of_something = behind(&[Of], 1);
    let told = sentence.early(&[In], 0) & sentence.early(&[Version], MAX_SUBJECT_CHARS) & sentence.languages(&[Said]);
    of_article | (told | sentence.languages(&[Wrongly, Error])) & !of_something
}

/// "This article originally said …", "An earlier story wrongly said …".
fn said_earlier(sentence: &Passage) -> bool {
    let at_first = sentence.near(&[First], &[Said, Wrongly], MAX_EARLIER_CHARS);
    let wrongly = sentence.near(&[Earlier], &[Wrongly], MAX_EARLIER_CHARS);
    let pointed = pointing(sentence) & sentence.early(&[Article, Piece, Own], MAX_SUBJECT_CHARS) & (at_first | wrongly);
    let earlier = sentence.near(&[Earlier], &[Article, Own], MAX_POINTING_CHARS) & sentence.languages(&[Wrongly]);
    let ours = sentence.near(&[Our], &[Article, Piece], MAX_POINTING_CHARS)
        & sentence.languages(&[Earlier])
        & sentence.languages(&[Wrongly, Error]);
    let first = sentence.early(&[Article], MAX_SUBJECT_CHARS) & sentence.languages(&[Earlier]);
    let begins = first & sentence.languages(&[Wrongly]);
    // "The article originally stated", "Originally the article stated".
    let originally =
        first & sentence.near(&[Earlier], &[Said], MAX_PREDICATE_CHARS) & sentence.near(&[Earlier], &[Article], 2);
    let begun = sentence.early(&[Earlier], 0) & sentence.near(&[Earlier], &[Article], MAX_POINTING_CHARS);
    pointed | earlier | ours | begins | originally | begun & sentence.languages(&[Said]) != 0
}

/// "This article wrongly named …".
fn is_wrong(sentence: &Passage) -> bool {
    pointing(sentence) & sentence.near(&[Article, Piece, Own], &[Wrongly], MAX_WRONGLY_CHARS) != 0
}

/// "We wrongly reported …", "We originally reported …".
fn we_were_wrong(sentence: &Passage) -> bool {
    let said = sentence.near(&[WeSaid], &[Wrongly], MAX_PREDICATE_CHARS)
        | sentence.near(&[WeSaid], &[First], MAX_ADVERB_CHARS);
    said & sentence.languages(&[Said, Told]) != 0 && !sentence.is_quoted()
}

/// "We regret the error", "The editors apologise to readers".
fn regrets(sentence: &Passage) -> bool {
    let sorry = sentence.languages(&[Sorry]) | sentence.near(&[We], &[Regret], MAX_PREDICATE_CHARS);
    let what = sentence.languages(&[Error, Wrongly, Readers, Article, Own, Changed]);
    let mut voices = sentence.hits.iter().filter(|hit| matches!(hit.kind, Sorry | Regret));
    // Behind a quotation mark somebody else says so.
    sorry & what != 0 && voices.all(|hit| !sentence.text[..hit.at].contains('"'))
}

/// "We have corrected the headline", "Wir haben das korrigiert".
fn we_corrected(sentence: &Passage) -> bool {
    let by_us = sentence.languages(&[WeChanged]) | sentence.near(&[We], &[Changed], MAX_PREDICATE_CHARS);
    let what = sentence.languages(&[Article, Piece, Own, Part, Error, Wrongly]);
    let alone = if is_short(sentence) { sentence.languages(&[Changed]) } else { 0 };
    let ours = sentence.near(&[We], &[Weak], MAX_PREDICATE_CHARS) & sentence.languages(&[Article, Own, Part]);
    (by_us & (what | alone) | ours) & !ongoing(sentence) != 0 && !sentence.text.contains('"')
}

/// "… is 41 years old, not 14 as previously stated".
fn not_as_said(sentence: &Passage) -> bool {
    let told = |like: &Hit| {
        let near = |hit: &&Hit| hit.at >= like.at && sentence.distance(like.end, hit.at) <= MAX_TOLD_CHARS;
        let verbs = sentence.of_kind(Told).filter(near);
        verbs.fold(0, |all, hit| all | hit.languages) & like.languages
    };
    let complete = sentence.of_kind(As).map(|hit| (hit, hit.languages));
    let compared = complete.chain(sentence.of_kind(Like).map(|hit| (hit, told(hit))));
    let denied = |hit: &Hit| {
        let near = |not: &&Hit| not.at < hit.at && sentence.distance(not.end, hit.at) <= MAX_NOT_AS_CHARS;
        sentence.of_kind(Not).filter(near).fold(0, |all, not| all | not.languages)
    };
    compared.into_iter().any(|(hit, languages)| denied(hit) & languages != 0) && !sentence.is_quoted()
}
