use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};

use super::{at, edit, site};
use crate::model::{Class, Edit, EditKind, EditNumber, EntryText, Feed, Locale, Scope};
use crate::render::{MAX_FEED_BYTES, address, atom, entry, entry_json, everything, rss};

fn told(edit: Edit) -> Edit {
    let entry = entry(Locale::English, &edit, None, None, None);
    Edit { entry, ..edit }
}

fn feed(edits: Vec<Edit>) -> Feed {
    everything(&site(), edits)
}

/// Reads to the end with another parser than the writer's, every check on, every reference resolved.
fn assert_well_formed(xml: &[u8]) -> String {
    let text = std::str::from_utf8(xml).unwrap();
    let mut reader = Reader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                depth += 1;
                start
                    .attributes()
                    .for_each(|attribute| drop(attribute.unwrap().normalized_value(XmlVersion::Explicit1_0).unwrap()));
            }
            Event::Empty(start) => {
                start
                    .attributes()
                    .for_each(|attribute| drop(attribute.unwrap().normalized_value(XmlVersion::Explicit1_0).unwrap()));
            }
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    let forbidden = |c: char| (c.is_control() && !"\t\n".contains(c)) || matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(!text.contains(forbidden), "{text}");
    text.to_owned()
}

#[test]
fn an_atom_entry_carries_its_ids_links_classes_and_thread() {
    let xml = assert_well_formed(&atom(&feed(vec![told(edit())]), &site()));
    for part in [
        "<id>tag:edits.example,2026-08-01:edits</id>",
        "<id>tag:edits.example,2026-08-01:article/7/edit/2</id>",
        "<updated>2026-08-01T11:40:00.000121+00:00</updated>",
        "<icon>https://edits.example/below/icon.svg</icon>",
        r#"<link href="https://edits.example/below/edits.atom" rel="self" type="application/atom+xml"/>"#,
        r#"<link href="https://edits.example/below/" rel="alternate" type="text/html"/>"#,
        r#"<link href="https://edits.example/below/articles/7/compare/2/3" rel="alternate" type="text/html"/>"#,
        r#"<link href="https://news.example/budget?a=1&amp;b=2" rel="via" type="text/html"/>"#,
        r#"<category term="headline" scheme="tag:edits.example,2026-08-01:class" label="Headline"/>"#,
        r#"<category term="figure" scheme="tag:edits.example,2026-08-01:class" label="Figure"/>"#,
        r#"<category term="silent" scheme="tag:edits.example,2026-08-01:disclosure" label="Silent"/>"#,
        "<author><name>The Gazette &amp; Herald</name><uri>https://news.example/</uri></author>",
        r#"<thr:in-reply-to ref="tag:edits.example,2026-08-01:article/7/edit/1">"#,
        r#"<summary xml:lang="en" type="html">"#,
        "Compare in full",
    ] {
        assert!(xml.contains(part), "no {part} in {xml}");
    }
}

#[test]
fn an_rss_entry_carries_the_same_id_and_says_that_it_is_no_address() {
    let xml = assert_well_formed(&rss(&feed(vec![told(edit())]), &site()));
    for part in [
        r#"<guid isPermaLink="false">tag:edits.example,2026-08-01:article/7/edit/2</guid>"#,
        "<pubDate>Sat, 01 Aug 2026 11:40:00 GMT</pubDate>",
        "<link>https://edits.example/below/articles/7/compare/2/3</link>",
        r#"href="https://edits.example/below/edits.rss""#,
        "<ttl>15</ttl>",
        "<dc:creator>The Gazette &amp; Herald</dc:creator>",
        r#"<category domain="tag:edits.example,2026-08-01:class">headline</category>"#,
    ] {
        assert!(xml.contains(part), "no {part} in {xml}");
    }
}

#[test]
fn every_entry_links_the_article_by_its_headline_and_names_the_publication() {
    let nameless = Edit { publication: None, ..edit() };
    let blank = Edit { publication: Some(" \u{0}".to_owned()), headline: String::new(), ..edit() };
    let turned = Edit { headline: "שלום עולם".to_owned(), publication: Some("הארץ".to_owned()), ..edit() };
    for (edit, link, author) in [
        (edit(), ">Mayor approves budget</a> (The Gazette &amp; Herald)</p>", "The Gazette & Herald"),
        (nameless, ">Mayor approves budget</a> (news.example)</p>", "news.example"),
        (blank, ">https://news.example/budget?a=1&amp;b=2</a> (news.example)</p>", "news.example"),
        (turned, ">\u{2067}שלום עולם\u{2069}</a> (\u{2067}הארץ\u{2069})</p>", "הארץ"),
    ] {
        let json: serde_json::Value = entry_json(&told(edit), &site());
        let html = json["content_html"].as_str().unwrap();
        let expected = "\">Compare in full</a> · <a href=\"https://news.example/budget?a=1&amp;b=2\"".to_owned() + link;
        assert!(html.ends_with(&expected), "{html}");
        assert_eq!(json["authors"], serde_json::json!([{ "name": author, "url": "https://news.example/" }]));
        assert_eq!(json["_redraft"]["publication"], author);
    }
}

#[test]
fn every_kind_of_edit_is_filed_under_a_word_of_its_own() {
    for (kind, term, label) in [
        (EditKind::Returned, "returned", "Back to an earlier text"),
        (EditKind::Removed, "removed-article", "Article removed"),
        (EditKind::Restored, "restored-article", "Article restored"),
        (EditKind::Retired, "retired", "No longer watched"),
    ] {
        let edit = told(Edit { kind, to: None, reasons: Vec::new(), disclosure: None, ..edit() });
        let xml = String::from_utf8(atom(&feed(vec![edit.clone()]), &site())).unwrap();
        let category =
            format!("<category term=\"{term}\" scheme=\"tag:edits.example,2026-08-01:kind\" label=\"{label}\"/>");
        assert!(xml.contains(&category) && xml.matches("<category").count() == 1, "{xml}");
        let xml = String::from_utf8(rss(&feed(vec![edit.clone()]), &site())).unwrap();
        assert!(xml.contains(&format!("kind\">{term}</category>")), "{xml}");
        assert_eq!(entry_json(&edit, &site())["tags"], serde_json::json!([term]));
        assert!(Class::ALL.iter().all(|class| class.name() != term));
    }
}

#[test]
fn the_first_edit_replies_to_nothing() {
    let first = Edit { number: EditNumber(1), ..told(edit()) };
    assert!(!String::from_utf8(atom(&feed(vec![first]), &site())).unwrap().contains("in-reply-to"));
}

#[test]
fn an_edit_without_text_leads_to_the_article_page() {
    let gone = told(Edit { kind: EditKind::Removed, to: None, ..edit() });
    let xml = String::from_utf8(atom(&feed(vec![gone]), &site())).unwrap();
    assert!(xml.contains(r#"href="https://edits.example/below/articles/7""#), "{xml}");
    assert!(!xml.contains("Compare in full"));
}

#[test]
fn the_same_feed_gives_the_same_bytes() {
    let feed = feed(vec![told(edit())]);
    assert_eq!(atom(&feed, &site()), atom(&feed, &site()));
    assert_eq!(rss(&feed, &site()), rss(&feed, &site()));
}

#[test]
fn nasty_text_gives_well_formed_feeds() {
    let zalgo = format!("Z{}", "\u{301}".repeat(500));
    let long = "長い見出し".repeat(5000);
    let nasty = [
        "]]> <![CDATA[ x ]]> &amp; &#0; &nosuch; <script>alert(1)</script>",
        "a\u{0}b\u{1}c\u{8}d\u{b}e\u{1f}f\u{7f}g\u{85}h\u{9f}i\u{fffe}j\u{ffff}k\u{fdd0}l\u{1fffe}",
        "\r\n\t \u{2028}\u{2029}\u{a0}",
        "\u{202e}drawkcab\u{202c} \u{2067}x\u{2069}",
        "مرحبا بالعالم، שלום",
        "👩‍👩‍👧‍👦 🇺🇦 \u{1F3F4}\u{E0067}",
        "",
        &zalgo,
        &long,
    ];
    for text in nasty {
        let edit = Edit { headline: text.to_owned(), language: Some(text.chars().take(20).collect()), ..edit() };
        let feed = Feed {
            title: text.to_owned(),
            subtitle: text.to_owned(),
            language: Some(text.chars().take(20).collect()),
            ..feed(vec![told(edit)])
        };
        assert_well_formed(&atom(&feed, &site()));
        assert_well_formed(&rss(&feed, &site()));
    }
}

#[test]
fn an_address_is_one_that_every_reader_takes() {
    for (address, uri) in [
        ("https://a.example/x?a[]=1&b={2}|^`", "https://a.example/x?a%5B%5D=1&b=%7B2%7D%7C%5E%60"),
        ("https://a.example/100%/%zz/%41?50%2", "https://a.example/100%25/%25zz/%41?50%252"),
        ("https://[::1]:8080/ä b", "https://[::1]:8080/%C3%A4%20b"),
        ("https://a.example/~x;y=(1),'2'!*$@:#f", "https://a.example/~x;y=(1),'2'!*$@:#f"),
    ] {
        assert_eq!(address::uri(&address.parse().unwrap()), uri);
    }
}

#[test]
fn even_words_stored_with_forbidden_characters_come_out_clean() {
    let words = EntryText {
        title: "t\u{1}".to_owned(),
        summary: "s\u{b}".to_owned(),
        html: "<p>\u{0}]]></p>".to_owned(),
        ..EntryText::default()
    };
    let feed = feed(vec![Edit { entry: words, ..edit() }]);
    assert_well_formed(&atom(&feed, &site()));
    assert_well_formed(&rss(&feed, &site()));
}

#[test]
fn a_feed_is_never_longer_than_its_limit() {
    let html = format!("<p>{}</p>", "<b>x</b>&amp;".repeat(1100));
    let edits = (1..=30)
        .rev()
        .map(|n| Edit {
            number: EditNumber(n),
            entry: EntryText {
                title: "t".to_owned(),
                summary: "s".to_owned(),
                html: html.clone(),
                ..EntryText::default()
            },
            ..edit()
        })
        .collect();
    let feed = feed(edits);
    let (atom, rss) = (atom(&feed, &site()), rss(&feed, &site()));
    assert!((MAX_FEED_BYTES * 3 / 4..=MAX_FEED_BYTES).contains(&atom.len()), "{}", atom.len());
    assert!(rss.len() <= MAX_FEED_BYTES, "{}", rss.len());
}

#[test]
fn an_empty_feed_is_a_feed() {
    let feed = feed(Vec::new());
    assert_eq!(feed.scope, Scope::Everything);
    assert_eq!(feed.updated, at("2026-08-01T00:00:00Z"));
    assert_well_formed(&atom(&feed, &site()));
    assert_well_formed(&rss(&feed, &site()));
}
