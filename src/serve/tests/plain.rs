//! Answers that are not pages.

use url::Url;

use super::Running;
use crate::robots::Robots;

#[tokio::test]
async fn health_and_readiness_are_a_word() {
    let server = Running::start().await;
    assert_eq!(server.get("/health").await.text(), "ok\n");
    assert_eq!(server.get("/ready").await.text(), "ok\n");
}

#[tokio::test]
async fn metrics_come_in_the_format_that_is_asked_for() {
    const PLAIN: &str = "text/plain; version=0.0.4; charset=utf-8";
    const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let server = Running::start().await;
    for (accept, content_type) in [
        (None, PLAIN),
        (Some("*/*"), PLAIN),
        (Some("text/html, */*;q=0.8"), PLAIN),
        (Some("application/openmetrics-text; version=1.0.0, text/plain; version=0.0.4; q=0.5"), OPEN_METRICS),
        (Some("application/openmetrics-text; version=1.0.0; q=0.2, text/plain; version=0.0.4; q=0.5"), PLAIN),
    ] {
        let headers: Vec<_> = accept.iter().map(|list| ("Accept", *list)).collect();
        let heard = server.ask("GET", "/metrics", &headers).await;
        assert_eq!((heard.status, heard.header("content-type")), (200, Some(content_type)), "{accept:?}");
        assert_eq!(heard.text().ends_with("# EOF\n"), content_type == OPEN_METRICS, "{accept:?}");
        assert!(heard.text().contains("redraft_articles 2\n"), "{}", heard.text());
        assert!(heard.header("vary").unwrap().contains("Accept"), "{}", heard.head);
        assert_eq!(heard.header("cache-control"), Some("no-store"));
    }
}

#[tokio::test]
async fn stylesheet_and_icons_have_their_types_and_keep() {
    let server = Running::start().await;
    for (path, content_type, start) in [
        ("/style.css", "text/css; charset=utf-8", &b":root"[..]),
        ("/icon.svg", "image/svg+xml", b"<svg"),
        ("/favicon.ico", "image/x-icon", &[0, 0, 1, 0]),
    ] {
        let heard = server.get(path).await;
        assert_eq!((heard.status, heard.header("content-type")), (200, Some(content_type)), "{path}");
        assert_eq!(heard.header("cache-control"), Some("public, max-age=604800"), "{path}");
        assert!(heard.body.starts_with(start), "{path}");
        let tag = heard.header("etag").unwrap();
        assert_eq!(server.ask("GET", path, &[("If-None-Match", tag)]).await.status, 304, "{path}");
    }
}

#[tokio::test]
async fn crawlers_are_told_what_they_may_ask_for_wherever_we_are_reached() {
    for base in ["http://edits.example/", "https://host.example/edits/"] {
        let server = Running::start_at(base).await;
        let heard = server.get("/robots.txt").await;
        assert_eq!((heard.status, heard.header("content-type")), (200, Some("text/plain; charset=utf-8")));
        assert_eq!(heard.header("cache-control"), Some("public, max-age=86400"));
        let robots = Robots::parse(&heard.body);
        let base = Url::parse(base).unwrap();
        for (path, may) in [
            ("", true),
            ("?before=9", true),
            ("?class=headline", false),
            ("?min_score=0.5&before=9", false),
            ("about", true),
            ("style.css?12345678", true),
            ("search", false),
            ("search?q=bridge", false),
            ("search.json?q=bridge", false),
            ("lookup?url=https://news.example/a", false),
            ("why?url=https://news.example/a", false),
            ("sources", true),
            ("sources/harbour?before=9", true),
            ("edits.atom", true),
            ("edits.rss?class=headline&min_score=0.6", true),
            ("sources/harbour/edits.json", true),
            ("articles/1/edits.atom?silent=1", true),
            ("feeds.opml", true),
            ("articles/1", true),
            ("articles/1.json", true),
            ("articles/1/versions/2", true),
            ("articles/1/compare/1/2", true),
            ("articles/1/compare/1/2?row=9", false),
            ("articles/1/compare?from=1&to=2", false),
            ("articles/1/edits/1.png", true),
            ("articles/1/timegate", false),
            ("articles/1/timemap", true),
            ("timegate/https://news.example/a", false),
            ("timemap/link/https://news.example/a", false),
            ("metrics", false),
            ("health", false),
            ("ready", false),
            ("outbox.json", false),
        ] {
            assert_eq!(robots.permission(&base.join(path).unwrap()).allowed, may, "{base}{path}");
        }
    }
}
