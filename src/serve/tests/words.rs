//! Every word that a visitor reads on a page is in the page's language, or says which language it is in.

use std::collections::BTreeSet;

use super::Running;
use super::newsroom::{BRIDGE, NASTY, at, edit_again, polled, retire, source, watch_page, withdraw};
use crate::model::{CheckNote, Fact, Habit, Locale, Outcome, PollState, Presence, Retirement, Suspicion, Trouble};

/// Addresses of pages of every kind, found and not.
const PAGES: [&str; 31] = [
    "/",
    "/?class=headline&min_score=0.4",
    "/search?class=returned,removed-article",
    "/search.json?so%3Crt=1",
    "/sources.json?Q=1",
    "/search",
    "/search?q=bridge",
    "/search?q=nowhere",
    "/sources",
    "/sources/harbour",
    "/sources/notice",
    "/sources/former",
    "/search?source=former",
    "/about",
    "/articles/1",
    "/articles/1?until=2",
    "/articles/2",
    "/articles/3",
    "/articles/1/versions/2",
    "/articles/1/compare/1/2",
    "/articles/1/compare/1/4",
    "/articles/1/compare/4/1",
    "/articles/9",
    "/articles/1/versions/9",
    "/articles/1/versions/2?row=99",
    "/?min_score=x",
    "/search?class=everything",
    "/lookup?url=https://elsewhere.example/",
    "/nothing-here",
    "/edits.atom?class=headline",
    "/articles/1/edits.rss",
];

/// Attributes that are read out or shown.
const READ_OUT: [&str; 4] = ["aria-label", "placeholder", "title", "content"];

/// Names that the fixture gives, and what is spelled alike in every language.
const NAMES: &str = "redraft re draft Harbour Gazette Notice Atom RSS JSON Feed OPML HTML HTTP UTC Internet Archive robots txt sources toml \
                     gazette example evil edits https lookup url config manual GET HEAD en pt BR class min score q lang silent \
                     from to source before names width device initial scale light dark noindex";

/// The words of our tables in one language: phrases, and what entries say.
fn known(locale: Locale) -> BTreeSet<String> {
    let tag = format!("{locale} ");
    let phrases = include_str!("../pages/phrases.txt").lines().filter_map(|line| line.strip_prefix(&tag));
    let entries = match locale {
        Locale::English => include_str!("../../render/languages/english.rs"),
        Locale::German => include_str!("../../render/languages/german.rs"),
        Locale::French => include_str!("../../render/languages/french.rs"),
        Locale::Spanish => include_str!("../../render/languages/spanish.rs"),
        Locale::Polish => include_str!("../../render/languages/polish.rs"),
        Locale::Ukrainian => include_str!("../../render/languages/ukrainian.rs"),
    };
    let classes = crate::model::Narrowing::class_names().join(" ");
    let entries = entries.split('"').skip(1).step_by(2);
    phrases.chain(entries).chain([NAMES, &classes]).flat_map(words).collect()
}

/// The words of a text, in small letters.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// What a page shows and reads out that does not say to be in another language than `tag`.
fn shown(html: &str, tag: &str) -> Vec<String> {
    const VOID: [&str; 7] = ["meta", "link", "input", "br", "!doctype", "path", "rect/"];
    let mut shown = Vec::new();
    // Whether each open element, and all in it, is in the language of the page.
    let mut open: Vec<(&str, bool)> = Vec::new();
    for piece in html.split('<').skip(1) {
        let (tag_text, text) = piece.split_once('>').unwrap();
        let name = tag_text.split([' ', '\n']).next().unwrap().trim_end_matches('/');
        let is_own = open.last().is_none_or(|(_, is_own)| *is_own);
        if let Some(closed) = name.strip_prefix('/') {
            while open.pop().is_some_and(|(name, _)| name != closed) {}
        } else {
            let lang = attribute(tag_text, "lang");
            let is_own = lang.map_or(is_own, |lang| lang == tag);
            let is_for_programs = matches!(name, "code" | "style");
            // A window's title and a feed's begin with what an article or a source is called.
            let is_title = matches!(name, "title" | "link");
            // What messengers show of a page is in the language of feeds.
            let is_shared = tag_text.contains(" property=\"og:") || tag_text.contains(" name=\"twitter:");
            if is_own && !is_title && !is_shared {
                shown.extend(READ_OUT.iter().filter_map(|name| attribute(tag_text, name)).map(str::to_owned));
            }
            if !VOID.contains(&name) {
                open.push((name, is_own && !is_for_programs && !is_title));
            }
        }
        if open.last().is_none_or(|(_, is_own)| *is_own) {
            shown.push(text.to_owned());
        }
    }
    shown
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

/// A house where all has happened that pages can tell of.
async fn busy() -> Running {
    let server = Running::start_changed("http://edits.example/", |house| {
        edit_again(house, "14:10:00");
        withdraw(&house.store, NASTY, "14:20:00", Some("This article has been withdrawn on legal advice."));
        retire(house, BRIDGE, Retirement::Removed, "14:50:00");
        watch_page(house, |article| {
            article.pulse.looked = Some(at("10:00:00"));
            article.pulse.failures = 2;
            article.presence = Presence::Missing { since: at("11:00:00"), looks: 3 };
            let why = Fact::new("the text shrank from {before} to {after} words").with(900_u32).with(40_u32);
            let (identity, marks) = (crate::model::Digest::of(b"text"), Vec::new());
            article.suspicion = Some(Suspicion { since: at("12:00:00"), looks: 1, why, identity, marks });
            for trouble in [
                Trouble::Gone(404),
                Trouble::Busy(503),
                Trouble::Timeout("connecting"),
                Trouble::Unreachable(Fact::new("connection reset")),
                Trouble::NotAnArticle { kind: Trouble::SOFT_404, evidence: Fact::new("{words}").quoting("oops") },
            ] {
                article.note(CheckNote { at: at("14:00:00"), outcome: Outcome::Suspect, why: trouble.fact() });
            }
        });
    })
    .await;
    let habit = Habit { last: "2026-07-20T12:00:00Z".parse().ok(), times: 30, silence_s: 86_400 };
    let trouble = Some(Trouble::ServerError(500).fact());
    let poll = PollState { failures: 3, trouble, habit, ..polled(&source()) };
    server.house.store.record_poll(poll, Vec::new(), None).unwrap();
    let former = PollState { slug: "former".parse().unwrap(), ..polled(&source()) };
    server.house.store.record_poll(former, Vec::new(), None).unwrap();
    server
}

#[tokio::test]
async fn no_page_has_a_word_that_is_neither_of_its_language_nor_says_of_which() {
    let server = busy().await;
    let mut strange = BTreeSet::new();
    for locale in Locale::ALL.into_iter().filter(|locale| *locale != Locale::English) {
        let known = known(locale);
        for path in PAGES {
            let person = [("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Mode", "navigate")];
            let heard = server.ask("GET", path, &[&[("Accept-Language", locale.tag())], &person[..]].concat()).await;
            assert!(heard.text().contains(&format!("<html lang=\"{locale}\">")), "{path}");
            for text in shown(heard.text(), locale.tag()) {
                let mut words = words(&text.replace("&#39;", "’").replace("&#38;", "&")).into_iter();
                if let Some(word) = words.find(|word| !known.contains(word)) {
                    strange.insert(format!("{locale} {path}: {word:?} in {text:?}"));
                }
            }
        }
    }
    assert!(strange.is_empty(), "{strange:#?}");
}
