use super::Running;
use super::newsroom::{BRIDGE, NASTY, keep_long, retire};
use crate::model::Retirement;

const PAGES: [&str; 11] = [
    "/",
    "/about",
    "/sources",
    "/sources/harbour",
    "/articles/1",
    "/articles/2",
    "/articles/1/versions/2",
    "/articles/2/versions/1",
    "/articles/1/compare/1/2",
    "/articles/1/compare/4/1",
    "/articles/2/compare/1/2",
];

#[tokio::test]
async fn every_page_is_there_safe_and_leads_to_feeds() {
    let server = Running::start().await;
    for path in PAGES {
        let heard = server.get(path).await;
        assert_eq!(heard.status, 200, "{path}");
        assert_eq!(heard.header("content-type"), Some("text/html; charset=utf-8"));
        let policy = heard.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert_eq!(heard.header("referrer-policy"), Some("no-referrer"));
        let text = heard.text();
        let atom = text.find("type=\"application/atom+xml\"").unwrap();
        assert!(atom < text.find("type=\"application/rss+xml\"").unwrap(), "Atom first on {path}");
        for forbidden in
            ["<script", "onerror=alert(1)>", "<img", "<i onclick", "<b>bold", "\u{202e}", "\u{0}", "style="]
        {
            assert!(!text.contains(forbidden), "{forbidden:?} on {path}");
        }
        assert!(text.len() < 60 * 1024, "{} bytes on {path}", text.len());
    }
}

#[tokio::test]
async fn the_article_page_tells_what_happened_when_and_why() {
    let server = Running::start().await;
    let heard = server.get("/articles/1").await;
    for part in [
        "35 minutes later",
        "Version 4",
        "Published as edit 2.",
        "Kept, too slight to publish.",
        "Silent",
        "Disclosed",
        "correction note added",
        "href=\"/articles/1/compare/2/4\"",
        "Found gone",
        "<b>ignored</b>, <time datetime=\"2026-08-01T14:02:00Z\">14:02 UTC, 1 August 2026</time>: only noise changed: boilerplate “<bdi lang=\"en-GB\">12 comments</bdi>” added",
        "Next look at about",
        "15:05 UTC, 1 August 2026",
        "href=\"http://edits.example/articles/1/edits.atom\"",
        "href=\"https://gazette.example/2026/bridge?x=1&#38;y=2\"",
        "href=\"https://web.archive.org/web/20260801132000/https://gazette.example/2026/bridge?x=1&#38;y=2\"",
    ] {
        assert!(heard.text().contains(part), "no {part} in {}", heard.text());
    }
}

#[tokio::test]
async fn a_version_leads_to_the_nearest_copy_elsewhere_and_the_bookmark_leads_here() {
    let server = Running::start().await;
    let copy = "href=\"https://web.archive.org/web/20260801093500/https://gazette.example/2026/bridge?x=1&#38;y=2\"";
    assert!(server.get("/articles/1/versions/2").await.text().contains(copy));
    let bookmark = "href=\"javascript:location.href=&#39;http://edits.example/lookup?url=&#39;+encodeURIComponent(location.href)\"";
    let about = server.get("/about").await;
    assert!(about.text().contains(bookmark), "{}", about.text());
}

#[tokio::test]
async fn a_removal_tells_one_time_since_when() {
    let server = Running::start().await;
    let heard = server.get("/articles/1").await;
    let (_, removed) = heard.text().split_once("Published as edit 2.").unwrap();
    let (removed, _) = removed.split_once("</ol>").unwrap();
    let words = "The article is not at its address any more; last seen there 1 hour 10 minutes before. \
                 The last version that we have is version 4.";
    assert!(removed.contains(words), "{removed}");
    assert!(!removed.contains("later</p>"), "a second clock: {removed}");
    assert!(server.get("/").await.text().contains(words), "a card has the time above it");
}

#[tokio::test]
async fn an_article_that_was_removed_is_not_said_to_be_merely_quiet() {
    let server = Running::start().await;
    retire(&server.house, BRIDGE, Retirement::Removed, "14:50:00");
    retire(&server.house, NASTY, Retirement::Quiet, "14:50:00");
    let words = "No new version of it was seen for 1 hour 30 minutes; its feed ends here.";
    let removed = server.get("/articles/1").await;
    assert!(removed.text().contains(&format!("<p>{words} It was removed before, and stayed so.</p>")));
    let quiet = server.get("/articles/2").await;
    assert!(quiet.text().contains(&format!("<p>{words}</p>")));
}

#[tokio::test]
async fn the_comparison_shows_both_sides_and_folds_what_is_the_same() {
    let server = Running::start().await;
    let heard = server.get("/articles/1/compare/1/2").await;
    for part in [
        "Swing bridge to close for <del><b>six</b></del> weeks",
        "Swing bridge to close for <ins><b>ten</b></ins> weeks",
        "Headline changed",
        "moved up, to 2",
        "<del><b>20</b></del> minutes",
        "<ins><b>40</b></ins> minutes",
        "unchanged paragraphs</summary>",
        "35 minutes apart",
    ] {
        assert!(heard.text().contains(part), "no {part} in {}", heard.text());
    }
}

#[tokio::test]
async fn the_comparison_of_a_very_long_article_is_still_a_page() {
    let server = Running::start().await;
    keep_long(&server.house, 3000);
    let heard = server.get("/articles/2/compare/3/4").await;
    assert_eq!(heard.status, 200);
    assert!(heard.body.len() < 20 * 1024, "{} bytes", heard.body.len());
    for part in [
        "struck out",
        "<summary lang=\"en\">1500 unchanged paragraphs</summary>",
        "1494 unchanged paragraphs are left out here. In full: <a href=\"/articles/2/versions/4\">Version 4</a>",
        "Clause 2998 of",
    ] {
        assert!(heard.text().contains(part), "no {part} in {}", heard.text());
    }
    let rewritten = server.get("/articles/2/compare/2/3").await;
    assert!(rewritten.body.len() < 60_000, "{} bytes", rewritten.body.len());
    assert!(rewritten.text().contains("too much for one page"));
    let (_, next) = rewritten.text().split_once("<p class=\"pager\"><a href=\"").unwrap();
    let next = server.get(next.split_once('"').unwrap().0).await;
    assert!(next.body.len() < 60_000, "{} bytes", next.body.len());
    assert!(next.text().contains("href=\"/articles/2/compare/2/3\">From the start"));
    for beyond in ["/articles/2/compare/2/3?row=99999", "/articles/2/versions/3?row=3000"] {
        let heard = server.get(beyond).await;
        assert_eq!(heard.status, 404, "{beyond}");
        assert!(heard.text().contains("none behind the last"), "{}", heard.text());
    }
    let text = server.get("/articles/2/versions/3").await;
    assert!(text.body.len() < 60_000, "{} bytes", text.body.len());
    let (_, rest) = text.text().split_once("<p class=\"pager\"><a href=\"").unwrap();
    let rest = server.get(rest.split_once('"').unwrap().0).await;
    assert_eq!(rest.status, 200);
    assert!(rest.text().contains("href=\"/articles/2/versions/3\">From the start"));
}

#[tokio::test]
async fn the_about_page_says_what_is_promised_and_to_whom_to_write() {
    let server = Running::start().await;
    let heard = server.get("/about").await;
    for part in [
        "robots.txt",
        "taken down on request",
        "Kept are words",
        "<form class=\"pair\" action=\"/lookup\" method=\"get\">",
        "Each request says who asks.</li>",
    ] {
        assert!(heard.text().contains(part), "no {part} in {}", heard.text());
    }
    let reached = Running::start_changed("http://edits.example/", |house| {
        let mut config = (*house.config).clone();
        config.fetch.web.contact = Some("desk@edits.example".to_owned());
        house.config = std::sync::Arc::new(config);
    });
    let heard = reached.await.get("/about").await;
    assert!(heard.text().contains("reached here: <a href=\"mailto:desk@edits.example\""), "{}", heard.text());
}

#[tokio::test]
async fn text_that_moved_is_linked_both_ways() {
    let server = Running::start().await;
    let heard = server.get("/articles/1/compare/1/2").await;
    let (_, name) = heard.text().split_once(" id=\"now-").unwrap();
    let number = name.split_once('"').unwrap().0;
    for part in [
        format!("id=\"was-{number}\">Moved from here: <a href=\"#now-{number}\">"),
        format!("<a href=\"#was-{number}\">to its old place</a>"),
    ] {
        assert!(heard.text().contains(&part), "no {part} in {}", heard.text());
    }
}

#[tokio::test]
async fn any_two_versions_are_chosen_and_edits_follow_each_other() {
    let server = Running::start().await;
    let heard = server.get("/articles/1/compare/2/3").await;
    for part in [
        "<form class=\"pair\" action=\"/articles/1/compare\" method=\"get\">",
        "<select name=\"from\"><option>1</option><option selected>2</option>",
        "<a href=\"/articles/1/compare/1/2\" rel=\"prev\">Edit before</a>",
    ] {
        assert!(heard.text().contains(part), "no {part} in {}", heard.text());
    }
    let first = server.get("/articles/1/compare/1/2").await;
    assert!(
        first.text().contains("<a href=\"/articles/1/compare/2/4\" rel=\"next\">Edit after</a>"),
        "{}",
        first.text()
    );
    let chosen = server.get("/articles/1/compare?from=4&to=1").await;
    assert_eq!((chosen.status, chosen.header("location")), (302, Some("http://edits.example/articles/1/compare/4/1")));
    for bad in ["/articles/1/compare", "/articles/1/compare?from=1&to=x", "/articles/1/compare/1/2?row=x"] {
        assert_eq!(server.get(bad).await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn an_article_has_a_picture_of_its_changes_with_words_for_it() {
    let server = Running::start().await;
    let heard = server.get("/articles/1").await;
    for part in [
        "role=\"img\" aria-label=\"How much changed, and when: 4 versions within 5 hours, told as edits: 2.",
        "<rect class=\"first\"",
        "<rect class=\"edit\"",
        "<rect class=\"kept\"",
        "<rect class=\"gone\"",
        "<title>version 1, the first seen</title>",
    ] {
        assert!(heard.text().contains(part), "no {part} in {}", heard.text());
    }
    assert_eq!(server.get("/articles/1?until=x").await.status, 400);
    let early = server.get("/articles/1?until=2").await;
    assert!(early.text().contains("<a href=\"/articles/1\">Later</a>"), "{}", early.text());
    assert!(!early.text().contains(">Version 3<"));
}

#[tokio::test]
async fn the_front_page_shows_the_newest_edit_first_with_its_changes() {
    let server = Running::start().await;
    let heard = server.get("/").await;
    let removed = heard.text().find("The article is not at its address any more").unwrap();
    let changed = heard.text().find("headline and").unwrap();
    assert!(removed < changed);
    assert!(heard.text().contains("<b>Was:</b>") && heard.text().contains("Harbour Gazette"));
}

#[tokio::test]
async fn every_edit_of_a_text_in_a_list_leads_to_its_comparison_in_words() {
    let server = Running::start().await;
    for path in ["/", "/sources/harbour"] {
        let heard = server.get(path).await;
        let link = "<p class=\"more\"><a href=\"/articles/1/compare/1/2\">Compare<span";
        assert!(heard.text().contains(link), "{}", heard.text());
        let (_, removed) = heard.text().split_once("The article is not at its address any more").unwrap();
        let (removed, _) = removed.split_once("</article>").unwrap();
        assert!(!removed.contains(">Compare<"), "no text is concerned: {removed}");
    }
}

#[tokio::test]
async fn older_edits_are_offered_only_where_there_are_some() {
    let all = Running::start().await.house.store.counts().unwrap().edits;
    let all = usize::try_from(all).unwrap();
    for (entries, offered) in [(all - 1, true), (all, false), (all + 1, false)] {
        let server = Running::start_changed("http://edits.example/", |house| house.entries = entries).await;
        for path in ["/", "/sources/harbour"] {
            let heard = server.get(path).await;
            assert_eq!(heard.text().contains("rel=\"next\">Older edits"), offered, "{entries} of {all} on {path}");
            assert_eq!(heard.text().matches("<article").count(), entries.min(all));
        }
        if offered {
            let first = server.get("/").await;
            let (_, query) = first.text().split_once("href=\"/?before=").unwrap();
            let older = server.get(&format!("/?before={}", query.split_once('"').unwrap().0)).await;
            assert_eq!(older.text().matches("<article").count(), all - entries);
            assert!(!older.text().contains("rel=\"next\">Older edits"));
        }
    }
}

#[tokio::test]
async fn an_article_is_found_by_its_own_address() {
    let server = Running::start().await;
    let found =
        server.get("/lookup?url=https%3A%2F%2Fgazette.example%2F2026%2Fbridge%3Fx%3D1%26y%3D2%26utm_source%3Dx").await;
    assert_eq!((found.status, found.header("location")), (302, Some("http://edits.example/articles/1")));
    let pasted = server.get("/lookup?url=https://gazette.example/2026/bridge?x=1&y=2").await;
    assert_eq!(pasted.header("location"), found.header("location"));
    let unknown = server.get("/lookup?url=https://gazette.example/other").await;
    assert_eq!(unknown.status, 404);
    assert!(unknown.text().contains("No article at this address is watched"));
    for bad in ["/lookup", "/lookup?url=", "/lookup?url=javascript:alert(1)", "/lookup?url=x"] {
        assert_eq!(server.get(bad).await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn what_does_not_exist_is_not_found_and_says_so() {
    let server = Running::start().await;
    for path in [
        "/nothing",
        "/articles/99",
        "/articles/01",
        "/articles/+1",
        "/articles/x",
        "/articles/99999999999999999999999",
        "/articles/1/versions/9",
        "/articles/1/compare/1/9",
        "/sources/nobody",
        "/sources/%3Cscript%3E",
        "/../etc/passwd",
    ] {
        let heard = server.get(path).await;
        assert_eq!(heard.status, 404, "{path}");
        assert!(heard.text().contains("<h1>Not found</h1>"), "{path}");
        assert_eq!(heard.header("cache-control"), Some("no-store"));
    }
    for path in ["/?before=x", "/?before=-1", "/sources/harbour?articles_before=x"] {
        assert_eq!(server.get(path).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn a_site_below_a_path_works_with_and_without_a_proxy_that_cuts_it_off() {
    let server = Running::start_at("https://host.example/edits/").await;
    for path in
        ["/edits/articles/1", "/articles/1", "/edits/articles/1/edits.atom", "/articles/1/edits.atom", "/edits/", "/"]
    {
        assert_eq!(server.get(path).await.status, 200, "{path}");
    }
    let page = server.get("/articles/1").await;
    assert!(page.text().contains("href=\"/edits/articles/1/compare/1/2\""));
    assert!(page.text().contains("href=\"https://host.example/edits/articles/1/edits.atom\""));
}

#[test]
fn the_stylesheet_is_small() {
    assert!(crate::serve::plain::STYLE.len() <= 12 * 1024);
}

#[tokio::test]
async fn a_page_speaks_the_language_that_its_reader_likes_best() {
    let server = Running::start().await;
    for (likes, tag, parts) in [
        ("de-AT, en;q=0.5", "de", ["Was geschah", "Fassung 3", "14:02 UTC, 1. August 2026"]),
        ("uk", "uk", ["Що сталося", "Версія 3", "14:02 UTC, 1 серпня 2026"]),
        ("nl", "en", ["What happened", "Version 3", "14:02 UTC, 1 August 2026"]),
    ] {
        let heard = server.ask("GET", "/articles/1", &[("Accept-Language", likes)]).await;
        assert!(heard.text().contains(&format!("<html lang=\"{tag}\">")), "{likes}");
        assert!(heard.header("vary").unwrap().contains("Accept-Language"));
        for part in parts {
            assert!(heard.text().contains(part), "no {part} in {}", heard.text());
        }
    }
    let lost = server.ask("GET", "/nowhere", &[("Accept-Language", "fr")]).await;
    assert_eq!(lost.status, 404);
    assert!(lost.text().contains("Introuvable"));
}
