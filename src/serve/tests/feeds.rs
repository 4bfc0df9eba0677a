use super::newsroom::{at, edit_again};
use super::{Heard, Running};

const FEEDS: [&str; 6] = [
    "/edits.atom",
    "/edits.rss",
    "/sources/harbour/edits.atom",
    "/sources/harbour/edits.rss",
    "/articles/1/edits.atom",
    "/articles/1/edits.rss",
];

fn assert_well_formed(heard: &Heard) {
    let mut reader = quick_xml::Reader::from_str(heard.text());
    reader.config_mut().enable_all_checks(true);
    while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
}

#[tokio::test]
async fn every_feed_is_well_formed_and_carries_both_validators() {
    let server = Running::start().await;
    for path in FEEDS {
        let heard = server.get(path).await;
        assert_eq!(heard.status, 200, "{path}");
        assert_well_formed(&heard);
        let kind = path.rsplit('.').next().unwrap();
        assert_eq!(heard.header("content-type"), Some(&*format!("application/{kind}+xml; charset=utf-8")));
        assert!(heard.header("etag").unwrap().starts_with("W/\""), "{path}");
        assert_eq!(heard.header("last-modified"), Some("Sat, 01 Aug 2026 14:30:00 GMT"), "{path}");
        assert!(heard.header("cache-control").unwrap().starts_with("public, max-age="), "{path}");
        assert!(heard.header("vary").unwrap().to_lowercase().contains("accept-encoding"), "{path}");
        assert_eq!(heard.header("x-content-type-options"), Some("nosniff"));
        assert!(heard.header("set-cookie").is_none());
        assert!(!heard.text().contains("evil.example"), "links come from the base address");
    }
}

#[tokio::test]
async fn the_same_edits_are_in_every_feed_about_them() {
    let server = Running::start().await;
    for path in FEEDS {
        let heard = server.get(path).await;
        for number in 1..=3 {
            let id = format!("tag:edits.example,2026-08-01:article/1/edit/{number}");
            assert!(heard.text().contains(&id), "no {id} in {path}");
        }
    }
}

#[tokio::test]
async fn a_feed_keeps_until_its_article_is_looked_at_next() {
    let server = Running::start().await;
    assert_eq!(server.get("/articles/1/edits.atom").await.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(server.get("/edits.atom").await.header("cache-control"), Some("public, max-age=300"));
}

#[tokio::test]
async fn a_client_that_has_the_feed_hears_304_and_nothing_more() {
    let server = Running::start().await;
    let first = server.get("/edits.atom").await;
    let (tag, modified) = (first.header("etag").unwrap(), first.header("last-modified").unwrap());
    let strong = tag.trim_start_matches("W/");
    let list = format!("\"other\", {tag}");
    let table: [(&[(&str, &str)], u16); 9] = [
        (&[("If-None-Match", tag)], 304),
        (&[("If-None-Match", strong)], 304),
        (&[("If-None-Match", &list)], 304),
        (&[("If-None-Match", "*")], 304),
        (&[("If-None-Match", "\"other\"")], 200),
        (&[("If-Modified-Since", modified)], 304),
        (&[("If-Modified-Since", "Sat, 01 Aug 2026 14:29:59 GMT")], 200),
        (&[("If-None-Match", "\"other\""), ("If-Modified-Since", modified)], 200),
        (&[("If-None-Match", tag), ("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT")], 304),
    ];
    for (headers, status) in table {
        for method in ["GET", "HEAD"] {
            let heard = server.ask(method, "/edits.atom", headers).await;
            assert_eq!(heard.status, status, "{method} {headers:?}");
            if status == 304 {
                assert_eq!(heard.body, b"");
                assert_eq!(heard.header("etag"), Some(tag));
                assert_eq!(heard.header("last-modified"), Some(modified));
                assert!(heard.header("cache-control").is_some() && heard.header("vary").is_some(), "{}", heard.head);
            }
        }
    }
}

#[tokio::test]
async fn last_modified_rises_with_every_change_even_within_one_second() {
    let server = Running::start().await;
    let before = server.get("/edits.rss").await;
    let atom_before = server.get("/edits.atom").await;
    assert_eq!(before.header("last-modified"), atom_before.header("last-modified"), "both formats change together");
    edit_again(&server.house, "14:30:00");
    let after = server.get("/edits.rss").await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert_eq!(after.header("last-modified"), Some("Sat, 01 Aug 2026 14:30:01 GMT"));
    assert_eq!(server.get("/edits.rss").await.body, after.body);
    let tag = before.header("etag").unwrap();
    assert_eq!(server.ask("GET", "/edits.rss", &[("If-None-Match", tag)]).await.status, 200);
    let article = server.get("/articles/1/edits.rss").await;
    assert_eq!(article.header("last-modified"), Some("Sat, 01 Aug 2026 14:30:00 GMT"), "another scope did not change");
}

#[tokio::test]
async fn last_modified_comes_back_the_same_where_the_stamp_was_lost() {
    let asked = Running::start().await;
    edit_again(&asked.house, "14:59:00.25");
    // The same edits in a store where no stamp was ever written, asked for at another hour.
    let lost = Running::start().await;
    edit_again(&lost.house, "14:59:00.25");
    lost.house.clock.set(at("19:00:00"));
    for path in FEEDS {
        let (before, after) = (asked.get(path).await, lost.get(path).await);
        assert_eq!(before.header("etag"), after.header("etag"), "{path}");
        assert_eq!(before.header("last-modified"), after.header("last-modified"), "{path}");
    }
    let newest = lost.get("/edits.atom").await;
    assert_eq!(newest.header("last-modified"), Some("Sat, 01 Aug 2026 14:59:01 GMT"), "rounded up");
}

#[tokio::test]
async fn bytes_do_not_depend_on_the_hour() {
    let server = Running::start().await;
    let before = server.get("/edits.atom").await;
    server.house.clock.set(at("18:00:00"));
    let after = server.get("/edits.atom").await;
    assert_eq!(before.body, after.body);
    assert_eq!(before.header("last-modified"), after.header("last-modified"));
}

#[tokio::test]
async fn feeds_are_compressed_for_those_who_ask() {
    let server = Running::start().await;
    let plain = server.get("/edits.atom").await;
    let gzip = server.ask("GET", "/edits.atom", &[("Accept-Encoding", "gzip")]).await;
    assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    assert_eq!(gzip.header("etag"), plain.header("etag"));
    assert!(gzip.body.len() < plain.body.len() / 2);
    let brotli = server.ask("GET", "/edits.atom", &[("Accept-Encoding", "gzip;q=0.5, br")]).await;
    assert_eq!(brotli.header("content-encoding"), Some("br"));
    let tag = plain.header("etag").unwrap();
    let known = server.ask("GET", "/edits.atom", &[("Accept-Encoding", "gzip"), ("If-None-Match", tag)]).await;
    assert_eq!((known.status, known.header("content-encoding")), (304, None));
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let server = Running::start().await;
    for path in ["/edits.atom", "/", "/articles/1"] {
        let get = server.get(path).await;
        let head = server.ask("HEAD", path, &[]).await;
        assert_eq!((head.status, head.body.len()), (200, 0));
        for name in ["etag", "last-modified", "content-type", "cache-control", "vary", "content-length"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
    }
}

#[tokio::test]
async fn a_person_at_a_feed_sees_a_page_and_a_program_a_feed() {
    let server = Running::start().await;
    let person = [("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Mode", "navigate")];
    let page = server.ask("GET", "/articles/1/edits.atom", &person).await;
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.text().contains("http://edits.example/articles/1/edits.atom</code>"));
    let vary = page.header("vary").unwrap();
    assert!(vary.contains("Sec-Fetch-Dest") && vary.contains("Sec-Fetch-Mode"), "{vary}");
    let image = server.ask("GET", "/articles/1/edits.atom", &[("Sec-Fetch-Dest", "empty")]).await;
    assert!(image.header("content-type").unwrap().starts_with("application/atom+xml"));
    assert_ne!(page.header("etag"), image.header("etag"));
}

#[tokio::test]
async fn feeds_refuse_what_they_would_ignore() {
    let server = Running::start().await;
    let heard = server.get("/edits.atom?class=headline").await;
    assert_eq!(heard.status, 400);
    assert!(heard.text().contains("class"));
    assert_eq!(server.get("/sources/nobody/edits.atom").await.status, 404);
    assert_eq!(server.get("/articles/99/edits.rss").await.status, 404);
}
