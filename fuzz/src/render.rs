//! Input: two contents (see `texts`). Our feeds of them are read by an independent parser.

use jiff::Timestamp;
use jiff::civil::date;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use redraft::classify::classify;
use redraft::compare::compare;
use redraft::model::{
    ArticleId, Content, Edit, EditKind, EditNumber, EntryText, Judging, Locale, Scope, Site, VersionNumber,
};
use redraft::render::{MAX_ENTRY_BYTES, Side, atom, entry, everything, marked_passage, rss};
use url::Url;

/// The elements that an entry consists of.
const ELEMENTS: [&str; 6] = ["p", "h4", "b", "ins", "del", "a"];

/// Every feed is well-formed, and an entry has only the intended elements, attributes and addresses.
///
/// # Panics
/// If that is violated.
pub fn run(bytes: &[u8]) {
    let (old, new) = super::texts::two_contents(bytes);
    let Some(site) = site() else { return };
    let Some(edit) = edit(&old, &new) else { return };
    let comparison = compare(&old, &new);
    let entry = entry(Locale::English, &edit, Some(&comparison), Some(&old), Some(&new));
    assert!(entry.html.len() <= MAX_ENTRY_BYTES);
    check_html(&entry.html);
    for passage in &comparison.passages {
        check_html(&marked_passage(passage, Side::Was));
        check_html(&marked_passage(passage, Side::Now));
    }
    let mut feed = everything(&site, vec![Edit { entry, ..edit.clone() }]);
    for scope in [Scope::Everything, Scope::Article(ArticleId(7))] {
        feed.scope = scope;
        feed.title.clone_from(&new.headline);
        feed.about = Some(edit.url.clone());
        for xml in [atom(&feed, &site), rss(&feed, &site)] {
            let html = check_xml(&xml);
            assert_eq!(html.len(), 1, "the entry has its text");
            check_html(&html[0]);
        }
    }
}

fn site() -> Option<Site> {
    let base_url = Url::parse("https://edits.example/below/").ok()?;
    Some(Site {
        title: "Edits".to_owned(),
        base_url,
        authority: "edits.example".to_owned(),
        since: date(2026, 8, 1),
        locale: Locale::English,
        hub: None,
    })
}

/// An edit whose every text comes from the input, its address included.
fn edit(old: &Content, new: &Content) -> Option<Edit> {
    let seen = Timestamp::from_second(1_795_176_000).ok()?;
    let base = Url::parse("https://news.example/").ok()?;
    let url = base.join(&old.headline).ok().filter(|url| matches!(url.scheme(), "http" | "https")).unwrap_or(base);
    let verdict = classify(old, new, &compare(old, new), &Judging::default());
    Some(Edit {
        article: ArticleId(7),
        number: EditNumber(2),
        kind: EditKind::Changed,
        from: Some(VersionNumber(1)),
        to: Some(VersionNumber(2)),
        seen,
        since: seen,
        headline: new.headline.clone(),
        url,
        sources: Vec::new(),
        publication: old.byline.clone(),
        language: new.standfirst.clone(),
        reasons: verdict.reasons,
        score: verdict.score,
        disclosure: Some(verdict.disclosure),
        notice: None,
        returned_to: None,
        live: false,
        entry: EntryText::default(),
    })
}

/// Parses XML strictly; returns the texts that contain HTML.
fn check_xml(xml: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(xml).expect("feeds are UTF-8");
    assert!(text.chars().all(is_xml), "a character that XML cannot carry");
    let mut reader = Reader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    let (mut open, mut found, mut words) = (Vec::new(), Vec::new(), String::new());
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) => {
                check_attributes(&start);
                open.push(name(&start));
                words.clear();
            }
            Event::Empty(start) => check_attributes(&start),
            Event::Text(part) => words.push_str(&part),
            Event::CData(part) => words.push_str(&part),
            Event::GeneralRef(reference) => words.push_str(&resolved(&reference)),
            Event::End(_) => {
                let closed = open.pop();
                if matches!(
                    (open.last().map(String::as_str), closed.as_deref()),
                    (Some("entry"), Some("content")) | (Some("item"), Some("description"))
                ) {
                    found.push(std::mem::take(&mut words));
                }
            }
            Event::Eof => break,
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::DocType(_) => panic!("a feed has no DTD"),
        }
    }
    assert!(open.is_empty());
    found
}

/// Our HTML is also XML: every element is closed, every attribute quoted.
fn check_html(html: &str) {
    let whole = format!("<div>{html}</div>");
    assert!(whole.chars().all(is_xml), "a character that XML cannot carry");
    let mut reader = Reader::from_str(&whole);
    reader.config_mut().enable_all_checks(true);
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error} in {html:?}")) {
            Event::Start(start) => {
                let name = name(&start);
                assert!(depth == 0 || ELEMENTS.contains(&name.as_str()), "<{name}> in {html:?}");
                depth += 1;
                check_attributes(&start);
            }
            Event::End(_) => depth -= 1,
            Event::Text(_) => {}
            Event::GeneralRef(reference) => drop(resolved(&reference)),
            Event::Eof => break,
            other => panic!("{other:?} in {html:?}"),
        }
    }
    assert_eq!(depth, 0);
}

fn name(start: &BytesStart<'_>) -> String {
    start.name().as_ref().to_owned()
}

/// Attributes are well-formed and unique, and link only to the web.
fn check_attributes(start: &BytesStart<'_>) {
    for attribute in start.attributes() {
        let attribute = attribute.expect("a well-formed attribute");
        let value = attribute.normalized_value(XmlVersion::Explicit1_0).expect("a value that can be resolved");
        if matches!(attribute.key.as_ref(), "href" | "src") {
            assert!(value.starts_with("https://") || value.starts_with("http://"), "{value}");
        }
    }
}

fn resolved(reference: &str) -> String {
    match reference {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" | "#39" => "'".to_owned(),
        other => {
            let digits = other.strip_prefix('#').unwrap_or_else(|| panic!("XML knows no &{other};"));
            let code = digits.strip_prefix('x').map_or_else(|| digits.parse(), |hex| u32::from_str_radix(hex, 16));
            let letter = char::from_u32(code.expect("a number")).expect("a character");
            assert!(is_xml(letter));
            letter.to_string()
        }
    }
}

/// Whether XML 1.0 allows this character.
fn is_xml(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}
