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
    for (query, allowed) in [
        ("sort=new", "no parameter “sort” here; there are class, min_score, q, lang, silent"),
        ("So%3Crt=new", "no such parameter here; there are class, min_score, q, lang, silent"),
        ("class=headlines", "correction, headline, standfirst"),
        ("min_score=high", "from 0 to 1"),
        ("silent=no", "expected 1"),
        ("lang=en&lang=de", "once only"),
    ] {
        for path in ["/edits.atom", "/sources/harbour/edits.rss", "/articles/1/edits.json"] {
            let heard = server.get(&format!("{path}?{query}")).await;
            assert_eq!(heard.status, 400, "{path}?{query}");
            assert!(heard.text().contains(allowed), "{path}?{query}: {}", heard.text());
        }
    }
    assert_eq!(server.get("/sources/nobody/edits.atom").await.status, 404);
    assert_eq!(server.get("/articles/99/edits.rss").await.status, 404);
}

/// The ids in a feed, newest first.
fn ids(heard: &Heard) -> Vec<&str> {
    let ids = heard.text().split("tag:edits.example,2026-08-01:article/").skip(1);
    let mut ids: Vec<&str> =
        ids.filter_map(|id| id.split(['<', '"']).next()).filter(|id| id.contains("/edit/")).collect();
    ids.dedup();
    ids
}

#[tokio::test]
async fn a_feed_is_narrowed_by_kind_score_words_language_and_silence() {
    let server = Running::start().await;
    let all = server.get("/edits.rss").await;
    for (query, is_less) in [
        ("?class=correction", true),
        ("?min_score=0.99", true),
        ("?q=zzzz", true),
        ("?lang=tlh", true),
        ("?silent=1", true),
    ] {
        let heard = server.get(&format!("/edits.rss{query}")).await;
        assert_eq!(heard.status, 200, "{query}");
        assert_well_formed(&heard);
        assert_eq!(ids(&heard).len() < ids(&all).len(), is_less, "{query}");
        assert!(ids(&heard).iter().all(|id| ids(&all).contains(id)), "{query}");
    }
    for edit in
        server.house.store.edits(&crate::store::EditQuery::newest(crate::model::Scope::Everything, 100)).unwrap()
    {
        let Some(class) = edit.classes().first().copied() else { continue };
        let heard = server.get(&format!("/edits.rss?class={class}&min_score={}", edit.score)).await;
        assert!(ids(&heard).contains(&&*format!("{}/edit/{}", edit.article, edit.number)), "{class}");
    }
}

#[tokio::test]
async fn a_narrowed_feed_names_just_the_address_it_is_at() {
    let server = Running::start().await;
    for (path, escaped) in [
        (
            "/edits.atom?class=headline,figure&min_score=0.4&q=a+%26+b&silent=1",
            "class=headline,figure&amp;min_score=0.4&amp;q=a+%26+b&amp;silent=1",
        ),
        ("/sources/harbour/edits.rss?class=headline,figure", "class=headline,figure"),
    ] {
        let heard = server.get(path).await;
        assert_eq!(heard.status, 200, "{path}");
        assert_well_formed(&heard);
        assert!(heard.text().contains(escaped), "{path}: {}", heard.text());
        let other = heard.text().matches("tag:edits.example,2026-08-01:edits<").count();
        assert_eq!(other, 0, "its id is not that of the whole feed");
    }
    let heard = server.get("/edits.json?silent=1&class=figure&class=headline").await;
    assert_eq!(
        (heard.status, heard.header("location")),
        (302, Some("http://edits.example/edits.json?class=headline,figure&silent=1"))
    );
    assert_eq!(
        server.get("/edits.json?class=headline%2Cfigure&silent=1").await.status,
        200,
        "escaped, it says the same"
    );
}

#[tokio::test]
async fn a_json_feed_has_the_same_entries_and_validators() {
    let server = Running::start().await;
    for path in ["/edits", "/sources/harbour/edits", "/articles/1/edits"] {
        let json = server.get(&format!("{path}.json")).await;
        let atom = server.get(&format!("{path}.atom")).await;
        assert_eq!(json.header("content-type"), Some("application/feed+json; charset=utf-8"));
        assert_eq!(json.header("last-modified"), atom.header("last-modified"));
        let feed: serde_json::Value = serde_json::from_slice(&json.body).unwrap();
        assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
        assert_eq!(feed["feed_url"], format!("http://edits.example{path}.json"));
        let items = feed["items"].as_array().unwrap();
        assert!(!items.is_empty());
        for item in items {
            assert!(atom.text().contains(item["id"].as_str().unwrap()));
            assert!(item["external_url"].as_str().unwrap().starts_with("http"));
            let (html, text) = (item["content_html"].as_str().unwrap(), item["content_text"].as_str().unwrap());
            assert!(html.starts_with("<p>") && !text.is_empty() && !text.contains("<p>"), "{text}");
        }
    }
}

#[tokio::test]
async fn all_feeds_are_listed_for_readers() {
    let server = Running::start().await;
    let heard = server.get("/feeds.opml").await;
    assert_eq!(heard.header("content-type"), Some("text/x-opml; charset=utf-8"));
    let listed: Vec<String> = crate::discover::opml(&heard.body)
        .unwrap()
        .into_iter()
        .filter_map(|outline| Some(outline.url.ok()?.to_string()))
        .collect();
    assert_eq!(listed, ["http://edits.example/edits.atom", "http://edits.example/sources/harbour/edits.atom"]);
    for address in listed {
        assert_eq!(server.get(address.trim_start_matches("http://edits.example")).await.status, 200);
    }
}

#[tokio::test]
async fn every_page_links_its_feeds() {
    let server = Running::start().await;
    for (path, scope) in [
        ("/", ""),
        ("/about", ""),
        ("/sources", ""),
        ("/sources/harbour", "sources/harbour/"),
        ("/articles/1", "articles/1/"),
    ] {
        let page = server.get(path).await;
        for (kind, name) in [("atom+xml", "atom"), ("rss+xml", "rss"), ("feed+json", "json")] {
            let link = format!("type=\"application/{kind}\"");
            assert!(page.text().contains(&link), "{path} {name}");
            assert!(
                page.text().contains(&format!("href=\"http://edits.example/{scope}edits.{name}\"")),
                "{path} {name}"
            );
        }
    }
}

#[tokio::test]
async fn words_asked_for_are_said_back_as_words_only() {
    let server = Running::start().await;
    let query = "q=%3Cscript%3E%22%27%26%0d%0aX-Mark:+1%00";
    for name in ["atom", "rss", "json"] {
        let heard = server.get(&format!("/edits.{name}?{query}")).await;
        assert!(
            heard.header("x-mark").is_none() && (name == "json" || !heard.text().contains("<script>")),
            "{}",
            heard.text()
        );
        let led = server.ask("GET", &format!("/edits.{name}?silent=1&{query}"), &[]).await;
        assert!(led.header("x-mark").is_none(), "{}", led.head);
        if name != "json" && heard.status == 200 {
            assert_well_formed(&heard);
        }
    }
}
