//! The shapes that scripts rely on.

use super::*;
use crate::model::{Judging, Page};

fn edited(before: &[&str], after: &[&str]) -> EditReport {
    let text = |lines: &[&str]| Text {
        title: Some(lines[0].to_owned()),
        paras: lines[1..].iter().map(|&line| line.to_owned()).collect(),
    };
    let input = EditInput { id: Some("1".into()), lang: Some("en".into()), before: text(before), after: text(after) };
    edit(input, &Judging::default())
}

#[test]
fn the_text_after_comes_back_from_the_segments_to_the_byte() {
    let before =
        ["The old headline", "First one stays as it is.", "This one goes away altogether now.", "Last words here."];
    for after in [
        &["The new headline", "First one stays as it is.", "Last words here."][..],
        &["The old headline", "Last words here.", "First one stays as it is."],
        &["The old headline", "Something new at the top.", "First one stays as it was.", "Last words here."],
        &["", "Last words here."],
        &["The old headline"],
    ] {
        let report = edited(&before, after);
        let wanted: String = after.iter().map(|line| format!("{line}\n")).collect();
        assert_eq!(text_after(&report), wanted, "{:?}", report.segs);
    }
}

fn text_after(report: &EditReport) -> String {
    let texts = report.segs.iter().map(|run| match run {
        Run::Plain("-", _) => "",
        Run::Plain(_, text) | Run::Restyled(_, _, text) => text,
    });
    texts.collect()
}

fn text_before(report: &EditReport) -> String {
    let texts = report.segs.iter().map(|run| match run {
        Run::Plain("+" | ">", _) => "",
        Run::Plain(_, text) | Run::Restyled(_, text, _) => text,
    });
    texts.collect()
}

#[test]
fn both_texts_come_back_word_for_word_from_the_segments() {
    let cases: [(&[&str], &[&str]); 7] = [
        (&["Swim Results", "It’s “on”."], &["Swim results", "It's \"on\"."]),
        (
            &["A", "The Mayor's office – it's shut – said 12 died."],
            &["a", "the mayor’s office - it’s shut - said 21 died."],
        ),
        (&["ΣΟΦΟΣ", "Цена — «сто» рублей. Второе."], &["σοφος", "цена - \"СТО\" рублей. Третье."]),
        (&["T", "The hall is closed.", "Rain fell.", "Buses will run."], &["T", "The hall is closed. Buses will run."]),
        (&["T", "The ferry starts in May. Rain fell on the town."], &["T", "The ferry starts in May."]),
        (&["価格", "値段は１２円です。"], &["価格", "値段は12円です。"]),
        (&["One", "It has gone entirely.", "That stays."], &["Two", "That Stays."]),
    ];
    let letters = |text: &str| text.split_whitespace().collect::<String>();
    for (before, after) in cases {
        let report = edited(before, after);
        assert_eq!(letters(&text_before(&report)), letters(&before.concat()), "{:?}", report.segs);
        assert_eq!(letters(&text_after(&report)), letters(&after.concat()), "{:?}", report.segs);
    }
    let shape = serde_json::to_value(edited(&["Swim Results"], &["Swim results"])).unwrap();
    assert_eq!(shape["segs"], serde_json::json!([["=", "Swim "], ["~", "Results", "results"], ["=", "\n"]]));
}

#[test]
fn an_edit_is_told_in_the_shape_that_scripts_read() {
    let report =
        edited(&["Storm kills 12", "Police said 12 people died."], &["Storm kills 21", "Police said 21 people died."]);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["id"], "1");
    assert_eq!(json["substantive"], true);
    assert!(json["score"].as_f64().unwrap() > 0.4);
    assert!(json["classes"].as_array().unwrap().iter().any(|class| class == "figure"), "{json}");
    assert!(json["reasons"][0]["class"].is_string() && json["reasons"][0]["text"].is_string());
    assert_eq!(json["segs"][0][0], "=");
}

#[test]
fn a_page_is_told_in_the_shape_that_scripts_read() {
    let paragraphs =
        "<p>The council met on Monday and talked about the bridge for three hours, the clerk said afterwards.</p>"
            .repeat(6);
    let html = format!("<html lang=en><title>Bridge</title><article><h1>Bridge to close</h1>{paragraphs}</article>");
    let page = Page { url: "https://news.example/1".parse().unwrap(), html };
    let json = serde_json::to_value(super::page(Some("7".into()), &page, &crate::extract::Hints::default())).unwrap();
    assert_eq!(
        (&json["id"], &json["headline"], &json["language"]),
        (&"7".into(), &"Bridge to close".into(), &"en".into())
    );
    assert_eq!(json["blocks"][0]["kind"], "paragraph");
    assert!(json["trouble"].is_null() && json.get("published").is_some() && json.get("standfirst").is_some());
}

#[test]
fn a_feed_is_told_in_the_shape_that_scripts_read() {
    let rss = "<rss version=\"2.0\"><channel><title>News</title><item><title>A</title><link>/a</link>\
               <pubDate>Sat, 01 Aug 2026 09:00:00 GMT</pubDate></item></channel></rss>";
    let base = "https://news.example/rss".parse().unwrap();
    let json = serde_json::to_value(feed("x.xml".into(), rss.as_bytes(), None, &base)).unwrap();
    assert_eq!((&json["path"], &json["ok"], &json["title"]), (&"x.xml".into(), &true.into(), &"News".into()));
    assert_eq!(json["entries"][0]["link"], "https://news.example/a");
    assert_eq!(json["entries"][0]["published"], "2026-08-01T09:00:00Z");
    assert!(json.get("error").is_none());
    let json = serde_json::to_value(feed("y".into(), b"no feed", None, &base)).unwrap();
    assert_eq!((&json["ok"], json["error"].is_string()), (&false.into(), true));
}

#[test]
fn two_versions_that_are_the_same_have_a_score_of_zero_without_a_sign() {
    let report = edited(&["Storm kills 12", "Police said so."], &["Storm kills 12", "Police said so."]);
    let json = serde_json::to_string(&report).unwrap();
    assert!(json.contains("\"score\":0.0,") && !json.contains("trouble"), "{json}");
}

#[test]
fn what_cannot_be_read_comes_in_the_shape_of_what_can() {
    let page = serde_json::to_value(unreadable_page(Some(3.into()), "larger".to_owned())).unwrap();
    assert_eq!((&page["id"], &page["headline"], &page["trouble"]), (&3.into(), &"".into(), &"larger".into()));
    assert!(page["blocks"].as_array().unwrap().is_empty() && page["byline"].is_null());
    let feed = serde_json::to_value(unreadable_feed("x.xml".to_owned(), "no such file".to_owned())).unwrap();
    assert_eq!((&feed["path"], &feed["ok"], &feed["error"]), (&"x.xml".into(), &false.into(), &"no such file".into()));
    assert!(feed["title"].is_null() && feed["entries"].as_array().unwrap().is_empty());
}

#[test]
fn a_panic_becomes_words() {
    assert!(contained(|| panic!("oh {}", 1)).unwrap_err().ends_with("please report it: oh 1"));
}
