//! Published feeds and pages as readers receive them.

use jiff::SignedDuration;

use crate::program::Redraft;
use crate::site::{Article, NewsSite};

const HALF_AN_HOUR: SignedDuration = SignedDuration::from_mins(31);

/// A story that is long enough to count as an article.
pub(crate) fn budget() -> Article {
    Article::new(
        "Council approves harbour budget",
        &[
            "The town council approved a budget of 12 million crowns for the harbour on Saturday after a debate of five hours.",
            "Mayor Jane Miller said the money would be spent on the north quay, which has been closed since the storm in March.",
            "\"We cannot wait another winter,\" she told the meeting, which was attended by about 80 residents of the old town.",
            "The opposition had asked for a smaller sum and for a report on the state of the breakwater before any work begins.",
            "Work on the quay is to start in October and should be finished by the end of next year, the council said.",
            "Fishermen who use the quay have been promised berths in the south basin for as long as the work goes on.",
        ],
    )
}

async fn a_watched_story() -> (NewsSite, Redraft, Article) {
    let site = NewsSite::open().await;
    let story = budget();
    site.publish("/budget", &story);
    site.feed("/feed.xml", &["/budget"]);
    let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    (site, redraft, story)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_appears_once_in_all_three_feeds_with_the_time_between() {
    let (site, redraft, mut story) = a_watched_story().await;
    assert!(redraft.feed("/edits.atom").await.is_empty(), "a first version is no edit");
    site.publish("/budget", story.edit("12 million", "21 million"));
    redraft.after(HALF_AN_HOUR).await;
    for feed in ["/edits.atom", "/sources/feed-0/edits.atom", "/articles/1/edits.atom"] {
        let entries = redraft.feed(feed).await;
        assert_eq!(entries.len(), 1, "{feed}");
        let entry = &entries[0];
        assert_eq!(entry.id, "tag:redraft.example,2026-08-01:article/1/edit/1");
        assert!(entry.title.starts_with("Council approves harbour budget: "), "{}", entry.title);
        assert!(entry.html.contains("31 minutes"), "{}", entry.html);
        assert!(entry.html.contains("<b>Was:</b>") && entry.html.contains("<b>Now:</b>"), "{}", entry.html);
        assert!(entry.html.contains("of <del><b>12</b></del> million"), "{}", entry.html);
        assert!(entry.html.contains("of <ins><b>21</b></ins> million"), "{}", entry.html);
    }
    for twin in ["/edits.rss", "/sources/feed-0/edits.rss", "/articles/1/edits.rss"] {
        assert_eq!(redraft.feed(twin).await.len(), 1, "{twin}");
    }
    redraft.days(2).await;
    assert_eq!(redraft.feed("/edits.atom").await.len(), 1, "told once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_publishes_nothing_again_and_loses_nothing() {
    let (site, mut redraft, mut story) = a_watched_story().await;
    site.publish("/budget", story.edit("12 million", "21 million"));
    redraft.after(HALF_AN_HOUR).await;
    let before = redraft.feed("/edits.atom").await;
    let polls = site.requests("/feed.xml").len();
    redraft.restart().await;
    assert_eq!(redraft.look().await, 0, "nothing is due yet, so nothing is asked");
    assert_eq!(site.requests("/feed.xml").len(), polls);
    assert_eq!(redraft.feed("/edits.atom").await, before);
    site.publish("/budget", story.edit("October", "November"));
    redraft.after(HALF_AN_HOUR).await;
    let after = redraft.feed("/edits.atom").await;
    assert_eq!(after.len(), 2);
    assert_eq!(after[1], before[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_that_the_pages_data_alone_states_is_in_the_entry() {
    let (site, redraft, mut story) = a_watched_story().await;
    let correction = "The budget is 21 million crowns, not 12.";
    story.noise = format!(
        r#"<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Council approves harbour budget",
        "correction": {{"@type": "CorrectionComment", "text": "{correction}"}}}}</script>"#
    );
    site.publish("/budget", story.edit("12 million", "21 million"));
    redraft.after(HALF_AN_HOUR).await;
    let entry = &redraft.feed("/edits.atom").await[0];
    assert!(entry.title.ends_with("(disclosed)"), "{}", entry.title);
    assert!(entry.html.contains(correction), "{}", entry.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn noise_publishes_nothing() {
    let (site, redraft, mut story) = a_watched_story().await;
    for minutes in 6..16 {
        story.noise = format!("{minutes} minutes ago");
        site.publish("/budget", &story);
        redraft.after(SignedDuration::from_hours(2)).await;
    }
    assert!(redraft.feed("/edits.atom").await.is_empty());
    let article = redraft.article(&site.url("/budget")).unwrap();
    assert!(article.pulse.looks > 5, "it was looked at");
    assert_eq!(redraft.versions(article.id), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_headline_alone_counts() {
    let (site, redraft, mut story) = a_watched_story().await;
    story.headline = "Mayor forces harbour budget through".to_owned();
    site.publish("/budget", &story);
    redraft.after(HALF_AN_HOUR).await;
    let entries = redraft.feed("/edits.atom").await;
    assert_eq!(entries.len(), 1);
    assert!(entries[0].title.starts_with("Mayor forces harbour budget through: headline"), "{}", entries[0].title);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_article_becomes_an_entry_and_so_does_its_return() {
    let (site, redraft, story) = a_watched_story().await;
    site.put("/budget", 410, &[], "gone");
    redraft.after(HALF_AN_HOUR).await;
    assert!(redraft.feed("/edits.atom").await.is_empty(), "one look does not make it certain");
    redraft.days(3).await;
    let entries = redraft.feed("/edits.atom").await;
    assert_eq!(entries.len(), 1);
    assert!(entries[0].title.starts_with("Removed: "), "{}", entries[0].title);
    site.publish("/budget", &story);
    redraft.days(3).await;
    let entries = redraft.feed("/edits.atom").await;
    assert_eq!(entries.len(), 2);
    assert!(entries[0].title.starts_with("Restored: "), "{}", entries[0].title);
}

/// The entry of a removal, as programs read it, after the story's address answered so.
async fn told_of_removal(status: u16, body: &str) -> serde_json::Value {
    let (site, redraft, _) = a_watched_story().await;
    site.put("/budget", status, &[("content-type", "text/html; charset=utf-8")], body);
    redraft.days(3).await;
    let feed = redraft.get("/edits.json", &[]).await.text().await.unwrap();
    let feed: serde_json::Value = serde_json::from_str(&feed).unwrap();
    assert_eq!(feed["items"].as_array().unwrap().len(), 1, "{status} {body}: {feed}");
    let silent = redraft.feed("/edits.atom?silent=1").await.len();
    let removed = redraft.feed("/edits.atom?class=removed-article").await.len();
    let entry = feed["items"][0].clone();
    assert_eq!((silent, removed), (usize::from(entry["_redraft"]["disclosure"] == "silent"), 1), "{entry}");
    assert_eq!(redraft.feed("/edits.atom?class=figure,restored-article").await.len(), 0);
    entry
}

#[tokio::test(flavor = "multi_thread")]
async fn the_entry_of_a_removal_has_the_notice_and_leads_to_the_last_text() {
    let page = |text: &str| {
        format!(
            "<!doctype html><html lang=en><title>Echo</title><main><h1>Harbour Echo</h1><p>{text}</p></main></html>"
        )
    };
    let notice = "This article has been withdrawn on legal advice.";
    for status in [404, 410, 200] {
        let entry = told_of_removal(status, &page(notice)).await;
        let html = entry["content_html"].as_str().unwrap();
        assert!(html.contains(&format!("the page says now: “{notice}”")), "{status}: {html}");
        let last = "<a href=\"http://redraft.example/articles/1/versions/1\">The last text we kept (version 1)</a>";
        assert!(html.contains(last), "{status}: {html}");
        assert_eq!(entry["tags"], serde_json::json!(["disclosed", "removed-article"]), "{status}");
    }
    for (status, body) in [(404, page("Sorry, this page may have been moved or deleted.")), (410, String::new())] {
        let entry = told_of_removal(status, &body).await;
        let html = entry["content_html"].as_str().unwrap();
        assert!(html.contains("Silent: nothing at its address says that it was removed."), "{status}: {html}");
        assert_eq!(entry["tags"], serde_json::json!(["silent", "removed-article"]), "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn small_edits_add_up_until_together_they_matter() {
    let (site, redraft, mut story) = a_watched_story().await;
    site.publish("/budget", story.edit("about 80 residents", "about eighty residents"));
    redraft.after(HALF_AN_HOUR).await;
    assert!(redraft.feed("/edits.atom").await.is_empty(), "the same number in another spelling");
    site.publish("/budget", story.edit("about eighty residents", "about 800 residents"));
    redraft.after(HALF_AN_HOUR).await;
    let entries = redraft.feed("/edits.atom").await;
    assert_eq!(entries.len(), 1);
    assert!(
        entries[0].html.contains("80 residents") || entries[0].html.contains(">80<"),
        "told against what was told last"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_flips_back_and_forth_is_told_once_in_each_direction() {
    let (site, redraft, story) = a_watched_story().await;
    let mut other = story.clone();
    other.headline = "Mayor forces harbour budget through".to_owned();
    for turn in 0..8 {
        site.publish("/budget", if turn % 2 == 0 { &other } else { &story });
        redraft.after(HALF_AN_HOUR).await;
    }
    let entries = redraft.feed("/edits.atom").await;
    assert_eq!(entries.len(), 2, "{entries:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_asks_again_is_told_that_nothing_is_new() {
    let (site, redraft, mut story) = a_watched_story().await;
    site.publish("/budget", story.edit("12 million", "21 million"));
    redraft.after(HALF_AN_HOUR).await;
    let first = redraft.get("/edits.atom", &[]).await;
    let header = |name: &str| first.headers()[name].to_str().unwrap().to_owned();
    let (etag, modified) = (header("etag"), header("last-modified"));
    assert_eq!(redraft.get("/edits.atom", &[("if-none-match", &etag)]).await.status(), 304);
    assert_eq!(redraft.get("/edits.atom", &[("if-modified-since", &modified)]).await.status(), 304);
    site.publish("/budget", story.edit("October", "November"));
    redraft.after(HALF_AN_HOUR).await;
    assert_eq!(redraft.get("/edits.atom", &[("if-none-match", &etag)]).await.status(), 200);
    assert_eq!(redraft.get("/edits.atom", &[("if-modified-since", &modified)]).await.status(), 200);
}
