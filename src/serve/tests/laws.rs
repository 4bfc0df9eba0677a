//! The laws of what we publish, by their numbers in docs/http.md, asked for as readers ask.

use std::collections::BTreeMap;

use super::newsroom::{BRIDGE, edit_again, retire};
use super::{Heard, Running};
use crate::model::Retirement;
use crate::render::{MAX_ENTRY_BYTES, MAX_FEED_BYTES};

/// The entries of a feed by their ids, each with all its bytes.
fn entries(heard: &Heard) -> BTreeMap<String, String> {
    let (begin, end) = if heard.text().contains("<entry>") { ("<entry>", "</entry>") } else { ("<item>", "</item>") };
    let all = heard.text().split(begin).skip(1).map(|rest| rest.split(end).next().unwrap());
    all.map(|entry| (id(entry).to_owned(), entry.to_owned())).collect()
}

fn id(entry: &str) -> &str {
    let at = entry.find(">tag:").unwrap() + 1;
    entry[at..].split('<').next().unwrap()
}

#[tokio::test]
async fn law_1_an_entry_that_was_published_never_changes() {
    for path in ["/edits.atom", "/sources/harbour/edits.rss"] {
        let server = Running::start().await;
        let before = entries(&server.get(path).await);
        edit_again(&server.house, "14:31:00");
        let after = entries(&server.get(path).await);
        assert_eq!(after.len(), before.len() + 1);
        for (id, entry) in before {
            assert_eq!(after[&id], entry);
        }
    }
}

#[tokio::test]
async fn law_2_ids_do_not_depend_on_where_we_are_reached() {
    let here = Running::start_at("http://edits.example/").await;
    let there = Running::start_at("https://other.example:8443/below/").await;
    for path in ["/edits.atom", "/edits.rss", "/articles/1/edits.atom"] {
        let ids = |heard: Heard| entries(&heard).into_keys().collect::<Vec<_>>();
        let (here, there) = (ids(here.get(path).await), ids(there.get(path).await));
        assert_eq!(here, there);
        assert!(here.iter().all(|id| id.starts_with("tag:edits.example,2026-08-01:article/")), "{here:?}");
    }
}

#[tokio::test]
async fn law_4_entries_stand_newest_first_and_no_two_say_the_same_time() {
    let server = Running::start().await;
    edit_again(&server.house, "14:30:00");
    for path in ["/edits.atom", "/articles/1/edits.atom"] {
        let heard = server.get(path).await;
        let times = heard.text().split("<entry>").skip(1).map(|entry| entry.split("<updated>").nth(1).unwrap());
        let times: Vec<&str> = times.map(|rest| rest.split('<').next().unwrap()).collect();
        let mut sorted = times.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), times.len(), "{times:?}");
        assert!(
            heard.text().contains(&format!("<updated>{}</updated>", sorted.last().unwrap())),
            "the feed is as new as its newest"
        );
    }
}

#[tokio::test]
async fn law_5_nobody_gets_a_part_of_a_feed_or_a_stylesheet() {
    let server = Running::start().await;
    let tag = server.get("/edits.atom").await.header("etag").unwrap().to_owned();
    edit_again(&server.house, "14:31:00");
    let whole = server.get("/edits.atom").await;
    let asked = server.ask("GET", "/edits.atom", &[("A-IM", "feed"), ("If-None-Match", &tag)]).await;
    assert_eq!((asked.status, asked.header("im")), (200, None));
    assert_eq!(asked.body, whole.body);
    assert!(!whole.text().contains("<?xml-stylesheet"));
}

#[tokio::test]
async fn law_6_the_feed_of_an_article_that_is_not_watched_keeps_for_a_day() {
    let server = Running::start().await;
    retire(&server.house, BRIDGE, Retirement::Quiet, "14:45:00");
    for format in ["atom", "rss", "json"] {
        let heard = server.get(&format!("/articles/1/edits.{format}")).await;
        assert_eq!(heard.header("cache-control"), Some("public, max-age=86400"));
        assert!(heard.header("set-cookie").is_none());
    }
}

#[tokio::test]
async fn law_7_no_program_gets_the_page_that_people_get() {
    let server = Running::start().await;
    for headers in [
        &[("Sec-Fetch-Dest", "document")][..],
        &[("Sec-Fetch-Mode", "navigate")],
        &[("Sec-Fetch-Dest", "empty"), ("Sec-Fetch-Mode", "cors")],
        &[("Accept", "text/html,application/xhtml+xml,*/*")],
        &[("User-Agent", "Mozilla/5.0")],
    ] {
        let heard = server.ask("GET", "/edits.atom", headers).await;
        assert!(heard.header("content-type").unwrap().starts_with("application/atom+xml"), "{headers:?}");
    }
    let person = [("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Mode", "navigate")];
    for path in ["/edits.rss", "/sources/harbour/edits.json", "/edits.atom?silent=1"] {
        let page = server.ask("GET", path, &person).await;
        let own = format!("http://edits.example{}", path.replace('&', "&#38;"));
        assert!(page.text().contains(&own) && page.text().contains("rel=\"alternate\""), "{path}");
    }
}

#[tokio::test]
async fn a_feed_has_thirty_entries_at_most_and_keeps_its_size() {
    let server = Running::start().await;
    assert!((20..=30).contains(&crate::config::Config::built_in().unwrap().publish.entries));
    for format in ["atom", "rss", "json"] {
        let heard = server.get(&format!("/edits.{format}")).await;
        assert!(heard.body.len() <= MAX_FEED_BYTES);
    }
    let json: serde_json::Value = serde_json::from_slice(&server.get("/edits.json").await.body).unwrap();
    for item in json["items"].as_array().unwrap() {
        // The links at the end are made of the base address of the day, and no part of what is kept.
        assert!(item["content_html"].as_str().unwrap().len() <= MAX_ENTRY_BYTES + 1024);
    }
}
