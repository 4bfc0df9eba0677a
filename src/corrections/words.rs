//! The vocabulary of notes: data files under `words/`, one a language, compiled in. A line is `kind: term, term, …`; a term is
//! a word or several, with `*` at its end it stands for all that begin so. `docs/what-counts.md` tells how to extend them.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::form::{form, is_letter, is_wide};

macro_rules! files {
    ($($tag:literal)*) => { &[$(($tag, include_str!(concat!("words/", $tag, ".txt")))),*] };
}

/// The files, by language tag: at most 64, for a language is a bit of [`Languages`].
const FILES: &[(&str, &str)] = files!("en" "de" "fr" "es" "pt" "it" "nl" "sv" "no" "da" "fi" "pl" "cs" "sk" "hu" "ro" "hr"
    "sr" "sl" "el" "ru" "uk" "bg" "tr" "ar" "fa" "he" "hi" "id" "ms" "vi" "th" "zh" "ja" "ko" "ca" "lt" "lv" "et" "bn" "ur"
    "is");

/// A set of languages: bits by their place in [`FILES`].
pub(super) type Languages = u64;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal,)*) => {
        /// What a term does in a note.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) enum Kind { $($(#[doc = $doc])* $name,)* }
        /// The kinds by the words that begin their lines.
        const KINDS: &[(&str, Kind)] = &[$(($word, Kind::$name)),*];
    };
}
kinds! {
    /// Heads a note, before a colon, a dash or a date; in headlines too: "Correction".
    Label = "label",
    /// The same, in the text alone, for headlines use it otherwise: "Apology".
    Head = "head",
    /// Heads a notice of an update: "Update".
    Update = "update",
    /// Begins a note, whatever follows: "Editor's note".
    Note = "note",
    /// Makes a note of the sentence that has it anywhere: "earlier version of this".
    Says = "says",
    /// A verb without a subject that begins a note: "Corrects".
    Open = "open",
    /// A verb that begins a note in brackets: "Adds".
    Lead = "lead",
    /// Points at something near: "this".
    This = "this",
    /// Says whose the article is: "our".
    Our = "our",
    /// Names the article itself, with or without a word that points at it: "story".
    Article = "article",
    /// Names its text, or that of a law: "text".
    Text = "text",
    /// May name the article, if a word points at it: "report".
    Piece = "piece",
    /// Names and points at once: "cikkünk" (our article).
    Own = "own",
    /// A part of an article: "headline".
    Part = "part",
    /// What is done to what was wrong: "corrected".
    Changed = "changed",
    /// What is done to this article or to anything else: "removed".
    Weak = "weak",
    /// "updated".
    Updated = "updated",
    /// "after publication".
    After = "after",
    /// Begins what was said elsewhere: "in".
    In = "in",
    /// "previous", "originally".
    Earlier = "earlier",
    /// "initially", of what was put right since.
    First = "first",
    /// "version".
    Version = "version",
    /// Says what a version is of: "of".
    Of = "of",
    /// "stated".
    Said = "said",
    /// "wrongly".
    Wrongly = "wrongly",
    /// "mistake", "incorrect".
    Error = "error",
    /// A newsroom's or anyone's slip: "typographical error".
    Slip = "slip",
    /// "we apologise".
    Sorry = "sorry",
    /// "readers".
    Readers = "readers",
    /// "we", "the editors".
    We = "we",
    /// "apologise", where [`Kind::We`] says who.
    Regret = "regret",
    /// "we reported".
    WeSaid = "wesaid",
    /// "we have corrected".
    WeChanged = "wechanged",
    /// "not".
    Not = "not",
    /// "as was stated", complete.
    As = "as",
    /// "as previously", which a verb must follow: much is "not as previously believed".
    Like = "like",
    /// Such a verb: "reported".
    Told = "told",
    /// What is still going on: "will be updated".
    Ongoing = "ongoing",
}

/// The line of letters that are written together with the word behind them (Arabic, Hebrew).
const GLUED: &str = "glued";
/// Letters of that kind before one word.
const MAX_GLUED: usize = 3;

/// A term that a text has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub(super) kind: Kind,
    pub(super) languages: Languages,
    /// Where it begins, in bytes.
    pub(super) at: usize,
    /// Where it ends, exclusive.
    pub(super) end: usize,
}

struct Term {
    form: String,
    /// Whether a word may go on behind it.
    is_stem: bool,
    kind: Kind,
    languages: Languages,
}

/// All terms, by their first two letters.
#[derive(Default)]
pub(super) struct Vocabulary {
    terms: HashMap<(char, Option<char>), Vec<Term>>,
    glued: HashSet<char>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::read);

impl Vocabulary {
    /// The compiled-in files, read once.
    pub(super) fn get() -> &'static Self {
        &VOCABULARY
    }

    fn read() -> Self {
        let mut all = Self::default();
        for (number, (_, file)) in FILES.iter().enumerate() {
            for (word, terms) in
                file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(':'))
            {
                if word == GLUED {
                    all.glued.extend(form(terms).chars().filter(|c| *c != ' '));
                }
                let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == word) else { continue };
                for term in terms.split(',').map(str::trim).filter(|term| !term.is_empty()) {
                    all.add(term, *kind, 1 << number);
                }
            }
        }
        all
    }

    fn add(&mut self, term: &str, kind: Kind, language: Languages) {
        let (term, is_stem) = term.strip_suffix('*').map_or((term, false), |stem| (stem, true));
        let form = form(term);
        let Some(key) = key(&form) else { return };
        let terms = self.terms.entry(key).or_default();
        let same = |known: &&mut Term| known.form == form && known.kind == kind && known.is_stem == is_stem;
        match terms.iter_mut().find(same) {
            Some(known) => known.languages |= language,
            None => terms.push(Term { form, is_stem, kind, languages: language }),
        }
    }

    /// The terms in `text` (in its form), in order of where they begin.
    pub(super) fn hits(&self, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut before = ' ';
        let mut glued = 0;
        for (at, c) in text.char_indices() {
            let begins = !is_letter(before) || is_wide(c) || is_wide(before);
            glued = match (begins, self.glued.contains(&before) && glued < MAX_GLUED) {
                (true, _) => 0,
                (false, true) => glued + 1,
                (false, false) => MAX_GLUED + 1,
            };
            before = c;
            if (begins || glued <= MAX_GLUED) && (is_letter(c) || !c.is_ascii()) {
                self.find(text, at, &mut hits);
            }
        }
        hits
    }

    fn find(&self, text: &str, at: usize, hits: &mut Vec<Hit>) {
        let rest = &text[at..];
        let Some((first, second)) = key(rest) else { return };
        let keys = [Some((first, second)), second.map(|_| (first, None))];
        for term in keys.into_iter().flatten().filter_map(|key| self.terms.get(&key)).flatten() {
            let fits = rest.strip_prefix(term.form.as_str()).is_some_and(|rest| {
                term.is_stem
                    || !rest.starts_with(is_letter)
                    || term.form.ends_with(is_wide)
                    || term.form.ends_with('\'')
            });
            if fits {
                hits.push(Hit { kind: term.kind, languages: term.languages, at, end: at + term.form.len() });
            }
        }
    }
}

/// The first two characters of a text.
fn key(text: &str) -> Option<(char, Option<char>)> {
    let mut chars = text.chars();
    chars.next().map(|first| (first, chars.next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_known_kinds_and_the_necessary_ones() {
        assert!(FILES.len() <= 64);
        for (tag, file) in FILES {
            let lines: Vec<&str> = file.lines().filter(|line| !line.starts_with('#')).collect();
            let kinds: Vec<&str> = lines.iter().filter_map(|line| line.split_once(':')).map(|(word, _)| word).collect();
            assert_eq!(kinds.len(), lines.len(), "{tag}: a line without a kind");
            for (place, kind) in kinds.iter().enumerate() {
                assert!(*kind == GLUED || KINDS.iter().any(|(known, _)| known == kind), "{tag}: {kind}");
                assert!(!kinds[..place].contains(kind), "{tag}: {kind} twice");
            }
            for necessary in ["label", "note", "article", "changed", "earlier", "version", "wrongly", "sorry"] {
                assert!(kinds.contains(&necessary), "{tag} lacks {necessary}");
            }
        }
    }

    #[test]
    fn terms_are_found_as_words_as_stems_and_behind_letters_written_together() {
        let found = |text: &str, kind: Kind| {
            let text = form(text);
            Vocabulary::get()
                .hits(&text)
                .iter()
                .filter(|hit| hit.kind == kind)
                .map(|hit| text[hit.at..hit.end].to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(found("Correctional, correction", Kind::Label), ["correction"]);
        assert!(found("articles of history", Kind::Article).is_empty());
        assert_eq!(found("בכתבה", Kind::Article), ["כתבה"]);
        assert_eq!(found("当初の記事で", Kind::Article), ["記事"]);
        assert_eq!(found("기사에서", Kind::Article), ["기사"]);
    }
}
