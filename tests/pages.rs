//! Pages and their extracted texts: every `tests/corpus/pages/NAME.html` with its `NAME.txt`, and changes that must
//! not affect the result.

#![allow(clippy::unwrap_used, clippy::format_collect, reason = "a test may stop, and its pages are small")]

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use redraft::extract::{Hints, extract};
use redraft::model::{Content, Extraction, Page, Trouble};
use url::Url;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/pages")
}

fn page(html: &str) -> Page {
    Page { url: Url::parse("https://news.example/local/a-page").unwrap(), html: html.to_owned() }
}

fn read(html: &str) -> Extraction {
    extract(&page(html), &Hints::default(), None)
}

fn content(html: &str) -> Content {
    let extraction = read(html);
    assert_eq!(extraction.trouble, None);
    extraction.content
}

/// An extraction in the form of the corpus: only the fields that `expected` contains, with all blocks unless it is
/// trouble.
fn told(extraction: &Extraction, expected: &str) -> String {
    if let Some(Trouble::NotAnArticle { kind, .. }) = &extraction.trouble {
        return format!("trouble: {kind}\n");
    }
    let content = &extraction.content;
    let fields = [
        ("headline", Some(content.headline.clone())),
        ("byline", content.byline.clone()),
        ("published", content.published.map(|at| at.to_string())),
        ("modified", content.modified.map(|at| at.to_string())),
        ("language", content.language.clone()),
        ("section", content.section.clone()),
        ("live", Some(content.live.to_string())),
        ("canonical", extraction.canonical.as_ref().map(Url::to_string)),
    ];
    let spoken = |name: &str| expected.lines().any(|line| line.starts_with(&format!("{name}: ")));
    let fields =
        fields.into_iter().filter(|(name, _)| spoken(name)).map(|(name, value)| (name, value.unwrap_or_default()));
    let blocks = content.blocks.iter().map(|block| (block.kind.name(), block.text.clone()));
    fields.chain(blocks).map(|(name, value)| format!("{name}: {value}\n")).collect()
}

#[test]
fn every_page_of_the_corpus_says_what_is_expected() {
    let mut wrong = Vec::new();
    for entry in fs::read_dir(corpus()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "html") {
            let expected = fs::read_to_string(path.with_extension("txt")).unwrap();
            let told = told(&read(&fs::read_to_string(&path).unwrap()), &expected);
            if told != expected {
                wrong.push(format!("{}:\n--- expected\n{expected}--- is\n{told}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn harbour() -> String {
    fs::read_to_string(corpus().join("harbour.html")).unwrap()
}

/// Furniture that changes between two checks of a page: what to replace, and by what.
const NOISE: [(&str, &str); 12] = [
    ("Updated 14 minutes ago", "Updated 3 hours ago"),
    ("112 shares", "1,907 shares"),
    ("<div class=\"ad-slot\"><span>Advertisement</span></div>", ""),
    (
        "<h2>What happens",
        "<div class=\"x81\"><strong>Read more: </strong><a href=\"/z\">Gulls learn to open doors</a></div><h2>What happens",
    ),
    (
        "<h2>What happens",
        "<div class=\"x82\"><button>Listen to this article</button><span>4 min</span></div><h2>What happens",
    ),
    ("Tunnel tolls to rise again in spring", "Mayor’s cat found in the tunnel"),
    (
        "She is the first in forty years who will also live there.",
        "The lamp has burned for two hundred years, with one short break.",
    ),
    (
        "<body class=\"page-article\">",
        "<body class=\"page-article\"><div role=\"dialog\"><h2>We value your privacy</h2><p>We and our partners use cookies for many purposes, some of which you can choose.</p></div>",
    ),
    (
        "<div class=\"article-body\">",
        "<div class=\"article-body\"><div class=\"q7\"><p>You have 2 free articles left this month.</p><a href=\"/s\">Subscribe</a></div>",
    ),
    (
        "</article>",
        "<section id=\"comments\"><h3>2 comments</h3><div class=\"comment\"><span>Wanda</span><p>I never liked that bridge, and I have said so for years.</p></div></section></article>",
    ),
    ("article-body", "article-body__a81f3"),
    ("Tomas Brill", "<a href=\"/people/brill\">Tomas Brill</a>"),
];

#[test]
fn furniture_that_comes_and_goes_changes_nothing() {
    let before = content(&harbour());
    for (old, new) in NOISE {
        assert!(harbour().contains(old), "{old}");
        assert_eq!(content(&harbour().replace(old, new)), before, "{new}");
    }
    let all = NOISE.iter().fold(harbour(), |html, (old, new)| html.replace(old, new));
    assert_eq!(content(&all), before);
}

#[test]
fn an_edit_of_the_text_shows() {
    let edits = [
        ("forty percent", "fourteen percent"),
        ("from Monday", "from Tuesday"),
        ("Nobody asked us", "Somebody asked us"),
        ("What happens to the market", "What the market loses"),
        ("in the second week of May.</p>", "in the second week of May.</p><p>No one was hurt.</p>"),
        (
            "in the second week of May.</p>",
            "in the second week of May.</p><p class=\"article-footnote\">Correction: An earlier version of this article misstated the number of cables.</p>",
        ),
    ];
    let before = content(&harbour());
    for (old, new) in edits {
        assert_ne!(content(&harbour().replace(old, new)).blocks, before.blocks, "{new}");
    }
    let renamed = content(&harbour().replace("Harbour bridge to close", "Harbour bridge not to close"));
    assert_eq!(renamed.headline, "Harbour bridge not to close for nine weeks");
}

#[test]
fn the_headline_that_readers_see_wins_over_the_one_for_sharing() {
    let html =
        harbour().replace("<h1>Harbour bridge to close for nine weeks</h1>", "<h1>Nine weeks without the bridge</h1>");
    assert_eq!(content(&html).headline, "Nine weeks without the bridge");
}

#[test]
fn a_sites_hints_are_heard() {
    let hints = Hints { drop: vec!["blockquote".into()], headline: Some(".standfirst".into()), ..Hints::default() };
    let content = extract(&page(&harbour()), &hints, None).content;
    assert!(content.blocks.iter().all(|block| !block.text.starts_with("Nobody asked us")));
    assert!(content.headline.starts_with("Engineers found cracks"));
    let hints = Hints { keep: vec!["blockquote".into()], ..Hints::default() };
    let extraction = extract(&page(&harbour()), &hints, None);
    assert_eq!(extraction.strategy, "the site's hints");
    assert_eq!(extraction.content.blocks.len(), 1);
}

#[test]
fn the_hints_that_we_ship_can_be_read() {
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("config/sites")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let table: toml::Table = fs::read_to_string(&path).unwrap().parse().unwrap();
            let list = |key: &str| -> Vec<String> {
                let values = table.get(key).and_then(toml::Value::as_array).cloned().unwrap_or_default();
                values.iter().map(|value| value.as_str().unwrap().to_owned()).collect()
            };
            let headline = table.get("headline").map(|value| value.as_str().unwrap().to_owned());
            let hints = Hints { keep: list("keep"), drop: list("drop"), headline };
            assert_eq!(hints.check(), Ok(()), "{}", path.display());
        }
    }
}

#[test]
fn a_page_in_doubt_stays_what_it_was_taken_for() {
    let before = harbour();
    let kept = content(&before);
    let after = before.replace("3 hours ago", "4 hours ago").replace("forty percent", "fourteen percent");
    let with = extract(&page(&after), &Hints::default(), Some((&page(&before), &kept))).content;
    assert_eq!(with.blocks.len(), kept.blocks.len());
    assert_ne!(with, kept);
}

#[test]
fn hostile_pages_end_soon_and_keep_their_text() {
    let attributes: String = (0..20_000).map(|n| format!(" a{n}=1")).collect();
    let pages = [
        "<ul><li>".repeat(6_000) + "deep",
        "<noscript>".repeat(6_000) + "deep",
        "<div><table><tr><td>".repeat(6_000) + "deep",
        (0..4_000).map(|n| format!("<b id={n}><p>deep")).collect(),
        format!("<p{attributes}>deep"),
        "<li><table></li>".repeat(6_000) + "deep",
        "<b><div></b>".repeat(6_000) + "deep",
        "<svg><desc>".repeat(6_000) + "deep",
        "<select><option>".repeat(6_000) + "deep",
        "<a href=x>".repeat(20_000) + "deep",
    ];
    for html in pages {
        let _ = read(&format!("<html><body>{html}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_read(html in "\\PC{0,400}") {
        let _ = read(&html);
    }

    #[test]
    fn any_soup_of_tags_is_read(parts in prop::collection::vec(prop::sample::select(vec![
        "<p>", "</p>", "<div class='a-b'>", "</div>", "<table>", "<tr>", "<td>", "</table>", "<b>", "</b>", "<a href='/x'>", "</a>",
        "<script type='application/ld+json'>{", "</script>", "<h1>", "</h1>", "<li>", "<br>", "<svg>", "<template>", "</template>",
        "Some words of text here. ", "&nbsp;", "\u{0}", "<!--", "-->", "<body x>", "<html y>", "<frameset>", "<select>", "<title>", "<plaintext>",
    ]), 0..120)) {
        let _ = read(&parts.concat());
    }
}

#[test]
fn a_title_that_lost_its_headline_gives_none_and_a_short_heading_alone_does() {
    let text =
        "<p>The harbour was closed on Friday after a crane fell into the northern basin, the port said.</p>".repeat(3);
    let said = |head: &str, body: &str| {
        let html = format!("<html><head>{head}</head><body><article>{body}{text}</article></body></html>");
        extract(&page(&html), &Hints::default(), None).content.headline
    };
    assert_eq!(said("<title> | Test News</title>", "<h1></h1>"), "");
    assert_eq!(said("", "<h1>Huge fire</h1>"), "Huge fire");
    assert_eq!(said("<title>Crane falls into basin | Test News</title>", "<h1></h1>"), "Crane falls into basin");
}

#[test]
fn a_text_over_the_limit_is_trouble_and_never_a_shorter_article() {
    let text: String = (0..6_000)
        .map(|n| format!("<p>The {n}th boat of the year came into the harbour on Friday with its nets full.</p>"))
        .collect();
    let html = format!("<html><body><article><h1>Every boat of a long year</h1>{text}</article></body></html>");
    let extraction = extract(&page(&html), &Hints::default(), None);
    assert!(
        matches!(extraction.trouble, Some(Trouble::NotAnArticle { kind: "too long", .. })),
        "{:?}",
        extraction.trouble
    );
}
