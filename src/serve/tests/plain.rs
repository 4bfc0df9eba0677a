//! Answers that are not pages.

use super::Running;

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
async fn stylesheet_and_icon_have_their_types() {
    let server = Running::start().await;
    assert_eq!(server.get("/style.css").await.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(server.get("/icon.svg").await.header("content-type"), Some("image/svg+xml"));
}
