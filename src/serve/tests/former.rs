//! Sources that were taken out of the configuration: their feeds say so, their articles stay and can be found.

use super::Running;
use super::newsroom::{polled, source};
use crate::model::PollState;

const FEEDS: [&str; 5] = [
    "/sources/harbour/edits.atom",
    "/sources/harbour/edits.rss",
    "/sources/harbour/edits.json",
    "/sources/harbour",
    "/sources/harbour.json",
];

/// A newsroom without the source that its articles are from; `name` is what the operator called it.
async fn left(name: Option<&str>) -> Running {
    let state = PollState { name: name.map(str::to_owned), ..polled(&source()) };
    let server = Running::start_changed("http://edits.example/", |house| house.sources.clear()).await;
    server.house.store.record_poll(state, Vec::new(), None).unwrap();
    server
}

#[tokio::test]
async fn the_feed_of_a_source_that_is_no_longer_configured_is_gone_and_says_why() {
    for (name, called) in [(Some("Gazette <Town>"), "Gazette &#60;Town&#62;"), (None, "Harbour Gazette")] {
        let server = left(name).await;
        for path in FEEDS {
            let heard = server.get(path).await;
            assert_eq!(heard.status, 410, "{path}");
            let why = format!("{called} is no longer watched: it was taken out of the configuration.");
            assert!(heard.text().contains(&why), "{path}: {}", heard.text());
            assert!(heard.text().contains("href=\"/search?source=harbour\""), "{path}: {}", heard.text());
            assert_eq!(heard.header("cache-control"), Some("no-store"), "{path}");
        }
        assert_eq!(server.get("/sources/nobody/edits.atom").await.status, 404, "nobody ever watched it");
    }
}

#[tokio::test]
async fn its_articles_keep_its_title_and_are_found_by_its_name_in_addresses() {
    let server = left(Some("Gazette of the Harbour")).await;
    for path in ["/articles/1", "/"] {
        let heard = server.get(path).await;
        let link = "<a href=\"/search?source=harbour\">";
        assert!(
            heard.text().contains(link) && heard.text().contains("Gazette of the Harbour"),
            "{path}: {}",
            heard.text()
        );
    }
    let found = server.get("/search.json?source=harbour").await;
    let found: serde_json::Value = serde_json::from_slice(&found.body).unwrap();
    assert_eq!(found["edits"].as_array().unwrap().len(), 4);
    let page = server.get("/search?source=harbour&q=bridge").await;
    assert!(
        page.text().contains("<option value=\"harbour\" selected>Gazette of the Harbour</option>"),
        "{}",
        page.text()
    );
    assert_eq!(server.get("/search?source=nobody").await.status, 400);
}

#[tokio::test]
async fn nobody_is_told_that_an_article_is_looked_at_which_is_not() {
    let watched = Running::start().await.get("/articles/2").await;
    assert!(watched.text().contains("Next look at about"));
    let server = left(None).await;
    let heard = server.get("/articles/2").await;
    assert!(!heard.text().contains("Next look at about"), "{}", heard.text());
    assert!(
        heard.text().contains("No longer watched</dt><dd>: its source was taken out of the configuration"),
        "{}",
        heard.text()
    );
    let feed = server.get("/articles/2/edits.atom").await;
    assert_eq!(feed.status, 200);
    assert!(
        feed.text().contains("so it is not watched at present.") && !feed.text().contains("still watched"),
        "{}",
        feed.text()
    );
    let facts: serde_json::Value = serde_json::from_slice(&server.get("/articles/2.json").await.body).unwrap();
    assert_eq!(facts["next_look"], serde_json::Value::Null);
}
