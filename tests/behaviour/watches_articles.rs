//! Requests that publishers see, and the handling of their addresses.

use jiff::SignedDuration;
use redraft::model::Outcome;

use crate::program::Redraft;
use crate::publishes_edits::budget;
use crate::site::NewsSite;

const HALF_AN_HOUR: SignedDuration = SignedDuration::from_mins(31);

#[tokio::test(flavor = "multi_thread")]
async fn an_article_that_leaves_the_feed_is_still_watched() {
    let site = NewsSite::open().await;
    let mut story = budget();
    site.publish("/budget", &story);
    site.feed("/feed.xml", &["/budget"]);
    let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    site.feed("/feed.xml", &[]);
    redraft.after(HALF_AN_HOUR).await;
    site.publish("/budget", story.edit("12 million", "21 million"));
    redraft.after(SignedDuration::from_hours(2)).await;
    assert_eq!(redraft.feed("/edits.atom").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_in_two_feeds_is_one_article() {
    let site = NewsSite::open().await;
    let mut story = budget();
    story.canonical = Some(site.url("/budget"));
    site.publish("/budget", &story);
    site.publish("/budget?utm_source=rss", &story);
    site.publish("/mobile/budget", &story);
    site.feed("/town.xml", &["/budget"]);
    site.feed("/front.xml", &["/budget?utm_source=rss", "/mobile/budget"]);
    let redraft = Redraft::watching(&site, &["/town.xml", "/front.xml"]).await;
    redraft.look().await;
    let article = redraft.article(&site.url("/budget")).unwrap();
    assert_eq!(article.sources.len(), 2, "{article:#?}");
    assert_eq!(
        redraft.article(&site.url("/mobile/budget")).unwrap().id,
        article.id,
        "the other address leads to it too"
    );
    site.publish("/budget", story.edit("12 million", "21 million"));
    site.publish("/mobile/budget", &story);
    redraft.after(HALF_AN_HOUR).await;
    assert_eq!(redraft.feed("/edits.atom").await.len(), 1);
    assert_eq!(redraft.feed("/sources/feed-0/edits.atom").await.len(), 1);
    assert_eq!(redraft.feed("/sources/feed-1/edits.atom").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_feed_is_asked_for_conditionally_and_answers_304() {
    let site = NewsSite::open().await;
    site.publish("/budget", &budget());
    site.feed("/feed.xml", &["/budget"]);
    let mut redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    redraft.after(HALF_AN_HOUR).await;
    redraft.restart().await;
    redraft.after(HALF_AN_HOUR).await;
    let statuses: Vec<_> = site.requests("/feed.xml").iter().map(|request| request.status).collect();
    assert_eq!(statuses, [200, 304, 304], "one unconditional request in a feed's life, restarts or not");
    let agent = site.requests("/feed.xml")[0].headers["user-agent"].to_str().unwrap().to_owned();
    assert!(agent.starts_with("redraft/"), "{agent}");
    assert!(!site.requests("/feed.xml")[0].headers.contains_key("cookie"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_for_one_fetch_is_no_version_and_no_edit() {
    let site = NewsSite::open().await;
    let mut story = budget();
    site.publish("/budget", &story);
    site.feed("/feed.xml", &["/budget"]);
    let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    site.put(
        "/budget",
        200,
        &[("content-type", "text/html")],
        "<html><head><title>Before you continue</title></head><body><div class='consent'><h1>We value your privacy</h1>\
         <p>We and our partners use cookies to store and access information on your device. Please accept all cookies \
         to continue to the site.</p><button>Accept all</button></div></body></html>",
    );
    redraft.after(HALF_AN_HOUR).await;
    let article = redraft.article(&site.url("/budget")).unwrap();
    assert_eq!(redraft.versions(article.id), 1);
    assert_eq!(article.headline, "Council approves harbour budget");
    site.publish("/budget", story.edit("12 million", "21 million"));
    redraft.after(HALF_AN_HOUR).await;
    assert_eq!(redraft.feed("/edits.atom").await.len(), 1, "only the true edit");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_article_is_retired_after_forty_days_and_its_feed_says_so() {
    let site = NewsSite::open().await;
    site.publish("/budget", &budget());
    site.feed("/feed.xml", &["/budget"]);
    // The clock moves in steps. Checks that are late because of that do not count as quiet.
    let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    redraft.days(50).await;
    let asked = site.requests("/budget").len();
    redraft.days(3).await;
    assert_eq!(site.requests("/budget").len(), asked, "looked at no more");
    let entries = redraft.feed("/articles/1/edits.atom").await;
    assert_eq!(entries.len(), 1, "{entries:#?}");
    assert!(redraft.feed("/edits.atom").await.is_empty(), "that is of no interest to others");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_host_is_left_alone_for_as_long_as_it_asks() {
    let site = NewsSite::open().await;
    site.publish("/budget", &budget());
    site.feed("/feed.xml", &["/budget"]);
    let mut redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    site.put("/budget", 429, &[("retry-after", "7200")], "slow down");
    redraft.after(HALF_AN_HOUR).await;
    let asked = || site.requests("/budget").len() + site.requests("/feed.xml").len();
    let before = asked();
    redraft.after(HALF_AN_HOUR).await;
    redraft.restart().await;
    redraft.after(HALF_AN_HOUR).await;
    assert_eq!(asked(), before, "neither the article nor its feed");
    redraft.after(SignedDuration::from_hours(2)).await;
    assert!(asked() > before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_page_is_watched_and_never_retired() {
    let site = NewsSite::open().await;
    let mut story = budget();
    site.publish("/terms", &story);
    let redraft = Redraft::with(&format!("[[page]]\nurl = \"{}\"\nname = \"Terms\"\n", site.url("/terms"))).await;
    redraft.look().await;
    redraft.days(50).await;
    site.publish("/terms", story.edit("12 million", "21 million"));
    redraft.days(2).await;
    assert_eq!(redraft.feed("/sources/terms/edits.atom").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_source_puts_into_all_its_articles_is_no_part_of_any() {
    let site = NewsSite::open().await;
    let with_boats = |boats: u32| {
        let mut story = budget();
        story.paragraphs.push(format!("Our webcam at the lighthouse counted {boats} boats in the bay this morning."));
        story
    };
    for path in ["/one", "/two", "/three"] {
        site.publish(path, &with_boats(41));
    }
    site.feed("/feed.xml", &["/one", "/two", "/three"]);
    let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    site.publish("/one", &with_boats(52));
    redraft.after(HALF_AN_HOUR).await;
    assert!(redraft.feed("/edits.atom").await.is_empty());
    let article = redraft.article(&site.url("/one")).unwrap();
    assert!(article.notes.iter().any(|note| note.outcome == Outcome::Ignored), "{:#?}", article.notes);
}
