//! The laws of an entry's HTML, over edits made at random of what has been trouble.

use proptest::prelude::*;

use super::{content, edit};
use crate::compare::compare;
use crate::model::{Content, Edit, EntryText, Locale};
use crate::render::{MAX_ENTRY_BYTES, entry, escape};

/// Words and what stands between them; what holds a digit or `://` is never to be split.
const PIECES: &[&str] = &[
    "the",
    "council",
    "mayor",
    "a",
    "I",
    "said",
    "12",
    "1,000",
    "3.5",
    "10:22",
    "10:45",
    "€5m",
    "$1.2bn",
    "5%",
    "2026-08-01",
    "https://a.example/x?y=1&z=2",
    "https://a.example/x?y=2&z=2",
    "“safe”",
    "Mr.",
    "café",
    "cafe",
    "naïve",
    "東京",
    "都知事",
    "שלום",
    "עולם",
    "120",
    "121",
    "كتاب",
    "👩‍👩‍👧‍👦",
    "👍🏽",
    "<b>",
    "&amp;",
    "R&D",
    "—",
    "…",
    "x",
    "y",
    "z.",
    "end.",
    "Why?",
    "No!",
];

fn sentence() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 1..30).prop_map(|words| words.join(" "))
}

fn contents() -> impl Strategy<Value = (Content, Content)> {
    let blocks = prop::collection::vec(sentence(), 1..9);
    let swaps = prop::collection::vec(
        (any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop::sample::select(PIECES)),
        0..12,
    );
    (sentence(), sentence(), blocks, swaps, any::<bool>()).prop_map(|(was, now, blocks, swaps, turned)| {
        let texts = |blocks: &[String]| blocks.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
        let old = texts(&blocks);
        let mut new: Vec<Vec<&str>> = blocks.iter().map(|block| block.split(' ').collect()).collect();
        for (block, word, other) in &swaps {
            let block = block.get_mut(&mut new[..]);
            let at = word.index(block.len());
            block[at] = other;
        }
        if turned {
            new.reverse();
        }
        let new: Vec<String> = new.iter().map(|words| words.join(" ")).collect();
        let blocks = |text: &str| text.split('\n').map(str::to_owned).collect::<Vec<_>>();
        let of =
            |headline: &str, texts: &[String]| content(headline, &texts.iter().map(String::as_str).collect::<Vec<_>>());
        (of(&was, &blocks(&old)), of(&now, &new))
    })
}

fn told(locale: Locale, old: &Content, new: &Content) -> EntryText {
    let edit = Edit { headline: new.headline.clone(), ..edit() };
    entry(locale, &edit, Some(&compare(old, new)), Some(old), Some(new))
}

/// The paragraphs of an entry: what stands between `<p>` and `</p>`.
fn paragraphs(html: &str) -> impl Iterator<Item = &str> {
    html.split("<p>").skip(1).map(|rest| rest.split("</p>").next().unwrap())
}

/// The runs that a line marks, as they read.
fn marks(line: &str) -> Vec<String> {
    let marked = marked(line);
    marked.split('[').skip(1).map(|run| run.split(']').next().unwrap().to_owned()).collect()
}

/// A line with its marks as `[` and `]`, which no text of these tests has, and without its label.
fn marked(line: &str) -> String {
    let line = line.split_once("</b> ").map_or(line, |(_, rest)| rest);
    let line = line.replace("<b>", "").replace("</b>", "");
    ["ins", "del"]
        .iter()
        .fold(line, |line, name| line.replace(&format!("<{name}>"), "[").replace(&format!("</{name}>"), "]"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn no_element_but_p_h4_b_ins_del_and_no_attribute((old, new) in contents(), locale in prop::sample::select(&Locale::ALL[..])) {
        let html = told(locale, &old, &new).html;
        for tag in html.split('<').skip(1) {
            let name = tag.split('>').next().unwrap().trim_start_matches('/');
            prop_assert!(["p", "h4", "b", "ins", "del"].contains(&name), "<{}>", name);
        }
    }

    #[test]
    fn a_line_holds_only_what_went_or_only_what_came((old, new) in contents()) {
        let html = told(Locale::English, &old, &new).html;
        for line in paragraphs(&html) {
            prop_assert!(!(line.contains("<ins>") && line.contains("<del>")), "{}", line);
        }
    }

    #[test]
    fn a_mark_is_of_two_characters_at_least_where_its_line_has_them((old, new) in contents()) {
        let html = told(Locale::English, &old, &new).html;
        for line in paragraphs(&html) {
            let length = marked(line).chars().filter(|c| !"[]".contains(*c)).count();
            for mark in marks(line) {
                let text = mark.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
                prop_assert!(text.chars().count() >= 2 || length < 2, "{:?} in {}", mark, line);
            }
        }
    }

    #[test]
    fn numbers_times_amounts_and_addresses_are_never_split((old, new) in contents()) {
        let html = told(Locale::English, &old, &new).html;
        for word in paragraphs(&html).flat_map(|line| marked(line).split(' ').map(str::to_owned).collect::<Vec<_>>()) {
            if word.contains("://") || word.contains(|c: char| c.is_ascii_digit()) && !word.contains("&#") {
                let inside = word.trim_matches(|c: char| "[]".contains(c) || c.is_ascii_punctuation() && c != '$' || "“”…\u{2067}\u{2069}".contains(c));
                prop_assert!(!inside.contains(['[', ']']), "{} in {}", word, html);
            }
        }
    }

    #[test]
    fn the_first_paragraph_is_the_summary_a_whole_sentence((old, new) in contents(), locale in prop::sample::select(&Locale::ALL[..])) {
        let told = told(locale, &old, &new);
        let first = paragraphs(&told.html).next().unwrap_or_default().to_owned();
        prop_assert_eq!(&first, &escape(&told.summary));
        prop_assert!(!first.contains('<') && first.ends_with('.'), "{}", first);
        prop_assert!(first.chars().next().is_some_and(char::is_uppercase), "{}", first);
    }

    #[test]
    fn an_entry_is_bounded_and_shows_five_changes_and_counts_the_rest((old, new) in contents()) {
        let html = told(Locale::English, &old, &new).html;
        prop_assert!(html.len() <= MAX_ENTRY_BYTES);
        prop_assert!(html.matches("<h4>").count() <= 5, "{}", html);
    }

    #[test]
    fn a_title_stands_alone_the_headline_a_colon_what_changed((old, new) in contents()) {
        let title = told(Locale::English, &old, &new).title;
        prop_assert!(title.contains(": ") && !title.contains('\n') && !title.contains("  "), "{}", title);
        prop_assert!(title.ends_with(" (silent)"), "{}", title);
    }
}
