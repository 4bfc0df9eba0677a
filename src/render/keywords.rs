//! What edits are found by. Words are compared as the house compares words ([`bare_form`]): whatever their case, accents,
//! digits and quotation marks. In scripts that write no blanks between words, neighbouring characters stand for words.

use std::collections::BTreeSet;

use super::words::{changed, marked_words};
use crate::compare::normal::bare_form;
use crate::compare::token::{Kind, pieces};
use crate::model::{Class, Disclosure, Edit, EditKind, Narrowing, sought_score};

/// Most keywords of one edit: an entry of 16 KiB has a thousand different words at most, what it leaves out as many again.
pub const MAX_KEYWORDS: usize = 4_096;
/// Most keywords that one query is looked up by; what it asks for beyond them is checked against the edits.
const MAX_SOUGHT: usize = 24;

/// Words one after another, as a line of text or a query has them.
type Words = Vec<Word>;

/// A word, or one character of a script without blanks.
#[derive(Debug, PartialEq, Eq)]
struct Word {
    text: String,
    is_character: bool,
}

/// Whether `narrowing` takes `edit`: all that it asks for, words included.
#[must_use]
pub fn takes(narrowing: &Narrowing, edit: &Edit) -> bool {
    narrowing.takes(edit) && Sought::of(&narrowing.words).is_in(&lines(edit))
}

/// Whether HTML of ours marks as gone or come one of the words or phrases of `query`.
#[must_use]
pub fn tells_of(html: &str, query: &str) -> bool {
    let lines: Vec<Words> = marked_words(html).lines().map(words).collect();
    Sought::of(query).0.into_iter().any(|phrase| Sought(vec![phrase]).is_in(&lines))
}

/// Each keyword of `edit` once: the words of what went or came, of its reasons, its headline and what the page says of a removal; its classes, kind, sources,
/// language, score and silence. None of an edit that feeds of many articles do not tell. At most [`MAX_KEYWORDS`].
#[must_use]
pub fn keywords(edit: &Edit) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if edit.kind == EditKind::Retired {
        return found;
    }
    found.extend(edit.classes().into_iter().map(Class::name).chain(edit.kind.category()).map(of_class));
    found.extend(edit.sources.iter().map(|slug| of_source(slug.as_str())));
    found.extend(edit.language.as_deref().into_iter().flat_map(of_dialects));
    found.insert(of_score(edit.score));
    if edit.disclosure == Some(Disclosure::Silent) {
        found.insert(SILENT.to_owned());
    }
    for keyword in lines(edit).iter().flat_map(of_line) {
        if found.len() >= MAX_KEYWORDS {
            break;
        }
        found.insert(keyword);
    }
    found
}

/// What every edit has that `narrowing` takes, of those of `source` where one is named: one of the keywords of each group. A
/// group may be missing, so edits that have all are still to be checked with [`takes`].
#[must_use]
pub fn sought(narrowing: &Narrowing, source: Option<&str>) -> Vec<Vec<String>> {
    let mut groups: Vec<Vec<String>> = Vec::new();
    groups.extend(source.map(|source| vec![of_source(source)]));
    let kinds = narrowing.kinds.iter().filter_map(|kind| kind.category());
    let classes: Vec<String> = narrowing.classes.iter().map(|class| class.name()).chain(kinds).map(of_class).collect();
    groups.extend(Some(classes).filter(|classes| !classes.is_empty()));
    if narrowing.silent {
        groups.push(vec![SILENT.to_owned()]);
    }
    if !narrowing.language.is_empty() {
        groups.push(vec![of_language(&narrowing.language)]);
    }
    if narrowing.min_score > 0.0 {
        groups.push((tenths(narrowing.min_score)..=10).map(of_tenths).collect());
    }
    let words = Sought::of(&narrowing.words).0;
    let words: BTreeSet<String> = words.iter().flat_map(of_phrase).collect();
    groups.extend(words.into_iter().take(MAX_SOUGHT).map(|word| vec![word]));
    groups
}

/// The text of `edit` that words are sought in, a line for each run of words.
fn lines(edit: &Edit) -> Vec<Words> {
    let changed = changed(edit);
    let notice = edit.notice.as_deref().into_iter().flat_map(str::lines);
    changed.lines().chain([edit.headline.as_str()]).chain(notice).map(words).filter(|line| !line.is_empty()).collect()
}

/// What a query asks for: phrases, of one word or more.
struct Sought(Vec<Words>);

impl Sought {
    /// Words between quotation marks are one phrase, and so is what stands between two blanks (`co-operate`, `東京`).
    fn of(query: &str) -> Self {
        let form = bare_form(query);
        let quoted = form.split('"').enumerate();
        let parts = quoted.flat_map(|(at, part)| if at % 2 == 1 { vec![part] } else { part.split(' ').collect() });
        Self(parts.map(words).filter(|phrase| !phrase.is_empty()).collect())
    }

    /// Whether each phrase is in one of the lines.
    fn is_in(&self, lines: &[Words]) -> bool {
        let holds = |phrase: &Words| lines.iter().any(|line| line.windows(phrase.len()).any(|words| words == phrase));
        self.0.iter().all(holds)
    }
}

/// The words of a text, without what stands between them.
fn words(text: &str) -> Words {
    let form = bare_form(text);
    let word = |(kind, range): (Kind, std::ops::Range<usize>)| {
        let text = match kind {
            Kind::Word | Kind::Character => form[range].to_owned(),
            Kind::Number => ungrouped(&form[range]),
            Kind::Mark | Kind::Blank | Kind::Break => return None,
        };
        Some(Word { text, is_character: kind == Kind::Character })
    };
    pieces(&form).filter_map(word).collect()
}

/// A number without what parts its thousands: `1,000`, `1.000`, `1 000` and `1000` are one.
fn ungrouped(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    let parts = |at: usize| {
        let digits = chars[at + 1..].iter().take_while(|c| c.is_ascii_digit()).count();
        matches!(chars[at], ',' | '.' | '\'' | ' ' | '٬') && digits == 3
    };
    (0..chars.len()).filter(|at| !parts(*at)).map(|at| chars[at]).collect()
}

/// The keywords of a line: each word; of neighbouring characters each one and each pair.
fn of_line(line: &Words) -> impl Iterator<Item = String> + '_ {
    line.iter().map(|word| word.text.clone()).chain(pairs(line))
}

/// The keywords that a line has which holds `phrase`: of neighbouring characters pairs alone, since each is on every page.
fn of_phrase(phrase: &Words) -> Vec<String> {
    let alone = |at: usize| {
        let is_character = |at: Option<usize>| at.and_then(|at| phrase.get(at)).is_some_and(|word| word.is_character);
        !phrase[at].is_character || !(is_character(at.checked_sub(1)) || is_character(Some(at + 1)))
    };
    let words = (0..phrase.len()).filter(|at| alone(*at)).map(|at| phrase[at].text.clone());
    words.chain(pairs(phrase)).collect()
}

fn pairs(line: &Words) -> impl Iterator<Item = String> + '_ {
    let pairs = line.windows(2).filter(|pair| pair.iter().all(|word| word.is_character));
    pairs.map(|pair| pair.iter().map(|word| word.text.as_str()).collect())
}

// No word holds a colon between letters, so none of these is one.

const SILENT: &str = "is:silent";

/// Of a class, or of what happened to the article as a whole: no two have one name.
fn of_class(name: &str) -> String {
    format!("class:{name}")
}

fn of_source(slug: &str) -> String {
    format!("source:{slug}")
}

fn of_language(tag: &str) -> String {
    format!("lang:{tag}")
}

/// A language tag and all that it is a dialect of: `pt-br`, `pt`.
fn of_dialects(tag: &str) -> Vec<String> {
    let tag = tag.to_ascii_lowercase();
    let ends = tag.match_indices('-').map(|(at, _)| at).chain([tag.len()]);
    ends.map(|end| of_language(&tag[..end])).collect()
}

fn of_score(score: f64) -> String {
    of_tenths(tenths(sought_score(score)))
}

fn of_tenths(tenths: u8) -> String {
    format!("score:{tenths}")
}

fn tenths(score: f64) -> u8 {
    (score.clamp(0.0, 1.0) * 10.0) as u8
}

#[cfg(test)]
mod tests {
    use super::super::tests::edit;
    use super::*;

    const HTML: &str = "<p>Version 2.</p>\n<h4>Headline changed</h4>\n<p><b>Was:</b> <del><b>Council &amp; Co</b></del> \
                        approves</p>\n<p><b>Now:</b> <ins><b>The Café’s 1,000 co-operators</b></ins> approves</p>\n\
                        <p><b>Added:</b> <ins>東京オリンピックは延期</ins></p>\n";

    fn edited() -> Edit {
        let mut edit = edit();
        edit.entry.html = HTML.to_owned();
        edit
    }

    fn narrowing(pairs: &[(&str, &str)]) -> Narrowing {
        Narrowing::of(pairs.iter().copied()).unwrap()
    }

    #[test]
    fn an_edit_is_taken_by_words_that_changed_reasons_and_its_headline() {
        for (query, taken) in [
            ("council", true),
            ("CO council", true),
            ("approves", true), // in the headline
            ("coun", false),
            ("figure 5 → 7", true),
            ("cafe 1000", true),
            ("1.000", true),
            ("“café's 1000”", true),
            ("\"1000 café\"", false),
            ("co-operators", true),
            ("\"operators co\"", false),
            ("\"council & co\" mayor", true),
            ("\"co the\"", false), // of two lines
            ("東京", true),
            ("京東", false),
            ("延", true),
            ("\"mayor approves", true),
        ] {
            let narrowing = narrowing(&[("q", query)]);
            assert_eq!(takes(&narrowing, &edited()), taken, "{query}");
        }
    }

    #[test]
    fn what_is_sought_is_among_the_keywords_of_what_is_taken() {
        for pairs in [
            vec![("q", "cafe 1000 \"the cafe\" 東京 延")],
            vec![("class", "headline,quote"), ("min_score", "0.75")],
            vec![("lang", "en")],
            vec![("class", "returned,headline")],
            vec![("lang", "en-GB"), ("silent", "1")],
        ] {
            let narrowing = narrowing(&pairs);
            let found = keywords(&edited());
            assert!(takes(&narrowing, &edited()), "{pairs:?}");
            for group in sought(&narrowing, Some("news")) {
                assert!(group.iter().any(|keyword| found.contains(keyword)), "{group:?} of {pairs:?}");
            }
        }
        for (kind, class) in [
            (EditKind::Removed, "removed-article"),
            (EditKind::Restored, "restored-article"),
            (EditKind::Returned, "returned,removed-article"),
        ] {
            let edit = Edit { kind, reasons: Vec::new(), ..edited() };
            let narrowing = narrowing(&[("class", class), ("silent", "1")]);
            assert!(takes(&narrowing, &edit) && !takes(&narrowing, &edited()), "{class}");
            let found = keywords(&edit);
            for group in sought(&narrowing, None) {
                assert!(group.iter().any(|keyword| found.contains(keyword)), "{group:?} of {class}");
            }
        }
        let pairs = sought(&narrowing(&[("q", "東京オ")]), None);
        assert_eq!(pairs, [["京オ"], ["東京"]].map(|group| group.map(str::to_owned).to_vec()));
    }

    #[test]
    fn what_feeds_of_many_articles_do_not_tell_has_no_keywords() {
        let retired = Edit { kind: EditKind::Retired, ..edited() };
        assert!(keywords(&retired).is_empty());
    }
}
