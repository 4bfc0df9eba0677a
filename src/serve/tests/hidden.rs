//! What was taken down.

use super::Running;
use super::newsroom::{BRIDGE, at};
use crate::model::VersionNumber;
use crate::store::Hidden;

const EVERYWHERE: [&str; 8] = [
    "/",
    "/edits.atom",
    "/edits.rss",
    "/edits.json",
    "/edits.atom?class=headline,figure",
    "/sources/harbour",
    "/sources/harbour/edits.atom",
    "/sources/harbour/edits.json",
];

fn hide(server: &Running, version: Option<VersionNumber>) {
    let reason = "A court said so.".to_owned();
    server.house.store.hide(Hidden { article: BRIDGE, version, since: at("14:40:00"), reason }).unwrap();
}

async fn assert_gone(server: &Running, paths: &[&str]) {
    for path in paths {
        let heard = server.get(path).await;
        assert_eq!(heard.status, 410, "{path}");
        assert!(heard.text().contains("A court said so."), "{path}");
        assert_eq!(heard.header("cache-control"), Some("no-store"), "{path}");
    }
}

#[tokio::test]
async fn an_article_that_was_taken_down_is_gone_with_the_reason_and_told_nowhere() {
    let server = Running::start().await;
    assert!(server.get("/edits.atom").await.text().contains("article/1/edit/"));
    hide(&server, None);
    let own = [
        "/articles/1",
        "/articles/1/edits.atom",
        "/articles/1/edits.json",
        "/articles/1/versions/1",
        "/articles/1/compare/1/2",
    ];
    assert_gone(&server, &own).await;
    for path in EVERYWHERE {
        let heard = server.get(path).await;
        assert_eq!(heard.status, 200, "{path}");
        assert!(!heard.text().contains("article/1/edit/") && !heard.text().contains("articles/1\""), "{path}");
    }
    assert!(server.house.store.unhide(BRIDGE, None).unwrap());
    assert!(!server.house.store.unhide(BRIDGE, None).unwrap(), "it is shown already");
    for path in own {
        assert_eq!(server.get(path).await.status, 200, "{path}");
    }
    assert!(server.get("/edits.atom").await.text().contains("article/1/edit/"));
}

#[tokio::test]
async fn a_version_that_was_taken_down_takes_with_it_what_was_told_of_it_and_no_more() {
    let server = Running::start().await;
    let before = server.get("/edits.atom").await;
    hide(&server, Some(VersionNumber(2)));
    assert_gone(&server, &["/articles/1/versions/2", "/articles/1/compare/1/2", "/articles/1/compare/2/1"]).await;
    assert_eq!(server.get("/articles/1/versions/1").await.status, 200);
    assert!(!server.get("/articles/1").await.text().contains("versions/2\""));
    let after = server.get("/edits.atom").await;
    assert!(!after.text().contains("articles/1/compare/1/2"));
    assert_ne!(
        (after.header("etag"), after.header("last-modified")),
        (before.header("etag"), before.header("last-modified"))
    );
    assert!(after.header("last-modified") != before.header("last-modified"), "readers that ask by time hear of it");
}

#[tokio::test]
async fn nothing_that_is_not_there_is_taken_down() {
    let server = Running::start().await;
    for version in [None, Some(VersionNumber(1))] {
        let hidden =
            Hidden { article: crate::model::ArticleId(999), version, since: at("14:40:00"), reason: "x".to_owned() };
        let error = server.house.store.hide(hidden).unwrap_err().to_string();
        assert!(error.contains("article 999"), "{error}");
    }
}
