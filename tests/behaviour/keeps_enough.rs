//! Retention: what is dropped, and how readers see that.

use jiff::SignedDuration;
use redraft::store::Swept;

use crate::program::Redraft;
use crate::publishes_edits::budget;
use crate::site::{Article, NewsSite};

/// Six figures, one after another, with an edit each.
async fn edit_six_times(site: &NewsSite, redraft: &Redraft, story: &mut Article) {
    let figures = ["12 million", "21 million", "33 million", "47 million", "52 million", "68 million", "71 million"];
    for pair in figures.windows(2) {
        site.publish("/budget", story.edit(pair[0], pair[1]));
        redraft.after(SignedDuration::from_hours(7)).await;
    }
}

async fn status(redraft: &Redraft, path: &str) -> (u16, String) {
    let response = redraft.get(path, &[]).await;
    (response.status().as_u16(), response.text().await.unwrap())
}

fn watching(site: &NewsSite, retention: &str) -> String {
    format!(
        "entries = 2\n[retention]\n{retention}\n[[source]]\nname = \"Feed 0\"\nurl = \"{}\"\n",
        site.url("/feed.xml")
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn old_versions_lose_their_texts_and_entries_stay_as_they_were() {
    let site = NewsSite::open().await;
    let mut story = budget();
    site.publish("/budget", &story);
    site.feed("/feed.xml", &["/budget"]);
    let mut redraft = Redraft::with(&watching(&site, "keep_versions = 1\nkeep_pages = \"none\"")).await;
    redraft.look().await;
    edit_six_times(&site, &redraft, &mut story).await;
    assert_eq!(redraft.feed("/articles/1/edits.atom").await.len(), 2, "a feed has two entries here");
    let page = status(&redraft, "/articles/1/compare/1/2").await.1;
    assert!(page.contains("<b>21</b>"), "{page}");
    let feeds = ["/edits.atom", "/sources/feed-0/edits.rss", "/articles/1/edits.atom"];
    let before = [status(&redraft, feeds[0]).await, status(&redraft, feeds[1]).await, status(&redraft, feeds[2]).await];
    // The two entries compare versions 5 to 7.
    assert_eq!(redraft.sweep().await, Swept { versions: 4, ..Swept::default() }, "no page was kept at all");
    for (feed, before) in feeds.into_iter().zip(before) {
        assert_eq!(status(&redraft, feed).await, before, "{feed}");
    }
    for path in ["/articles/1/compare/1/2", "/articles/1/compare/4/5", "/articles/1/versions/4"] {
        let (status, page) = status(&redraft, path).await;
        assert_eq!(status, 410, "{path}");
        assert!(page.contains("No longer kept") && page.contains("is no longer kept here"), "{page}");
    }
    for path in ["/articles/1/compare/5/6", "/articles/1/compare/6/7", "/articles/1/versions/5"] {
        assert_eq!(status(&redraft, path).await.0, 200, "{path}");
    }
    let page = status(&redraft, "/articles/1").await.1;
    assert!(page.contains("Published as edit 3. Its text is no longer kept."), "{page}");
    assert!(!page.contains("compare/4/5") && page.contains("compare/5/6"), "{page}");
    let why = status(&redraft, &format!("/why?url={}", site.url("/budget"))).await.1;
    assert!(why.contains("the texts of 4 older versions are no longer kept"), "{why}");
    redraft.move_store().await;
    assert_eq!(status(&redraft, "/articles/1/compare/1/2").await.0, 410);
    site.publish("/budget", story.edit("71 million", "12 million"));
    redraft.after(SignedDuration::from_hours(7)).await;
    assert!(redraft.feed("/edits.atom").await[0].html.contains("12"), "it goes on");
    assert!(status(&redraft, "/articles/1").await.1.contains("It says the same as version 1."));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_that_is_long_retired_and_in_no_feed_is_forgotten_and_stays_so() {
    let site = NewsSite::open().await;
    let mut story = budget();
    site.publish("/budget", &story);
    site.feed("/feed.xml", &["/budget"]);
    let redraft = Redraft::with(&watching(&site, "forget_after = \"10d\"")).await;
    redraft.look().await;
    edit_six_times(&site, &redraft, &mut story).await;
    redraft.days(55).await;
    assert_eq!(redraft.sweep().await, Swept::default(), "it is in a feed");
    let mut other =
        Article::new("Harbour gets a crane", &["The harbour gets a crane of 40 tonnes, the town council said."; 6]);
    site.publish("/crane", &other);
    site.feed("/feed.xml", &["/crane", "/budget"]);
    redraft.after(SignedDuration::from_hours(1)).await;
    for pair in ["40 tonnes", "52 tonnes", "63 tonnes"].windows(2) {
        site.publish("/crane", other.edit(pair[0], pair[1]));
        redraft.after(SignedDuration::from_hours(7)).await;
    }
    let before = status(&redraft, "/edits.atom").await;
    assert_eq!(redraft.sweep().await, Swept { articles: 1, ..Swept::default() });
    assert_eq!(status(&redraft, "/edits.atom").await, before);
    for path in ["/articles/1", "/articles/1/edits.atom", "/articles/1/compare/1/2"] {
        let (status, page) = status(&redraft, path).await;
        assert_eq!(status, 410, "{path}");
        assert!(page.contains("Article 1 is no longer kept here"), "{page}");
    }
    assert_eq!(status(&redraft, "/articles/3").await.0, 404);
    let asked = site.requests("/budget").len();
    redraft.days(3).await;
    assert_eq!((site.requests("/budget").len(), redraft.counts().articles), (asked, 1), "its feed lists it still");
}
