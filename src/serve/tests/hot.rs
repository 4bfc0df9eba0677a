//! What is kept for the next who asks differs in nothing from what is made for the first.

use std::sync::Arc;

use super::newsroom::{at, edit_again};
use super::{House, Running, house};
use crate::model::ArticleId;
use crate::store::Hidden;

const PATH: &str = "/articles/1/edits.atom";

/// The head without the moment of its sending.
fn undated(head: &str) -> Vec<String> {
    let mut lines: Vec<String> =
        head.lines().map(str::to_lowercase).filter(|line| !line.starts_with("date:")).collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn the_second_who_asks_hears_what_the_first_heard() {
    let server = Running::start().await;
    let before = server.get("/edits.rss").await;
    for headers in [&[][..], &[("Accept-Encoding", "gzip")], &[("Accept-Encoding", "br")], &[("If-None-Match", "*")]] {
        for method in ["GET", "HEAD"] {
            let made = server.ask(method, PATH, headers).await;
            let kept = server.ask(method, PATH, headers).await;
            assert_eq!((undated(&made.head), &made.body), (undated(&kept.head), &kept.body), "{method} {headers:?}");
            // A 304 leaves what the client has as it is (RFC 9110, section 15.4.5).
            assert_eq!(kept.header("content-security-policy").is_some(), kept.status != 304);
        }
    }
    edit_again(&server.house, "14:30:00");
    assert_ne!(before.header("etag"), server.get("/edits.rss").await.header("etag"), "an edit is told at once");
}

#[tokio::test]
async fn a_person_gets_the_page_and_a_program_the_feed() {
    let server = Running::start().await;
    let person = [("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Mode", "navigate")];
    for _ in 0..2 {
        assert!(server.get(PATH).await.text().starts_with("<?xml"));
        assert!(server.ask("GET", PATH, &person).await.text().contains("<html"));
    }
}

#[tokio::test]
async fn what_is_taken_down_is_gone_at_once() {
    let server = Running::start().await;
    assert_eq!(server.get(PATH).await.status, 200);
    let reason = "asked for".to_owned();
    server.house.store.hide(Hidden { article: ArticleId(1), version: None, since: at("15:00:00"), reason }).unwrap();
    assert_eq!(server.get(PATH).await.status, 410);
    server.house.store.unhide(ArticleId(1), None).unwrap();
    assert_eq!(server.get(PATH).await.status, 200);
}

#[tokio::test]
async fn a_new_configuration_speaks_at_once() {
    let server = Running::start().await;
    assert!(server.get("/edits.atom").await.text().contains("http://edits.example/"));
    let dir = tempfile::tempdir().unwrap();
    let moved: House = house(dir.path(), "http://moved.example/");
    server.houses.send_replace(Arc::new(moved));
    assert!(server.get("/edits.atom").await.text().contains("http://moved.example/"));
}
