//! Article identity: one article stays one article, whatever its feeds call it and however they link to it.

use jiff::SignedDuration;

use crate::program::Redraft;
use crate::publishes_edits::budget;
use crate::site::{Article, NewsSite};

const HALF_AN_HOUR: SignedDuration = SignedDuration::from_mins(31);

/// An entry of a feed: guid, path or address, title.
type Item<'a> = (&'a str, &'a str, &'a str);

/// Puts a feed of these entries at a path.
fn feed(site: &NewsSite, path: &str, items: &[Item<'_>]) {
    let item = |(guid, link, title): &Item<'_>| {
        let link = if link.starts_with('/') { site.url(link) } else { (*link).to_owned() };
        let link = link.replace('&', "&amp;");
        format!("<item><title>{title}</title><link>{link}</link><guid isPermaLink='false'>{guid}</guid></item>")
    };
    let items: String = items.iter().map(item).collect();
    let body = format!("<rss version='2.0'><channel><title>Echo</title>{items}</channel></rss>");
    site.put(path, 200, &[("content-type", "application/rss+xml")], &body);
}

/// A story with a text of its own.
fn story(headline: &str) -> Article {
    let mut story = budget();
    headline.clone_into(&mut story.headline);
    let paragraphs = story.paragraphs.iter().enumerate();
    story.paragraphs = paragraphs.map(|(number, text)| format!("{headline}, part {number}. {text}")).collect();
    story
}

/// A site with three stories from one feed, all of them checked.
async fn three_stories() -> (NewsSite, Redraft) {
    let site = NewsSite::open().await;
    for (path, headline) in [("/quay", "Quay to close"), ("/ferry", "Ferry sails again"), ("/mayor", "Mayor resigns")] {
        site.publish(path, &story(headline));
    }
    feed(&site, "/feed.xml", &[("1", "/quay", "Quay"), ("2", "/ferry", "Ferry"), ("3", "/mayor", "Mayor")]);
    let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    assert_eq!((redraft.counts().articles, redraft.counts().versions), (3, 3));
    (site, redraft)
}

/// After another round of polls and checks, nothing appears twice.
#[track_caller]
fn nothing_new(redraft: &Redraft) {
    assert_eq!((redraft.counts().articles, redraft.counts().versions, redraft.counts().edits), (3, 3, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_with_new_guids_at_every_fetch_in_any_order_repeats_nothing() {
    let (site, redraft) = three_stories().await;
    for round in 0..6 {
        let guids = [0, 1, 2].map(|number| format!("{round}-{number}"));
        let mut items =
            vec![(&*guids[0], "/quay", "Quay"), (&*guids[1], "/ferry", "Ferry"), (&*guids[2], "/mayor", "Mayor")];
        items.rotate_left(round % 3);
        feed(&site, "/feed.xml", &items);
        redraft.after(HALF_AN_HOUR).await;
    }
    nothing_new(&redraft);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_empties_and_comes_back_repeats_nothing() {
    let (site, redraft) = three_stories().await;
    feed(&site, "/feed.xml", &[]);
    redraft.days(2).await;
    feed(&site, "/feed.xml", &[("x", "/mayor", "Mayor"), ("y", "/quay", "Quay"), ("z", "/ferry", "Ferry")]);
    redraft.after(HALF_AN_HOUR).await;
    nothing_new(&redraft);
}

#[tokio::test(flavor = "multi_thread")]
async fn tracking_queries_and_fragments_repeat_nothing() {
    let (site, redraft) = three_stories().await;
    for round in 0..3 {
        let query = format!("?utm_source=rss&utm_campaign={round}&fbclid=x#top");
        let links = ["/quay", "/ferry", "/mayor"].map(|path| format!("{path}{query}"));
        feed(&site, "/feed.xml", &[("1", &links[0], "Quay"), ("5", &links[1], "Ferry"), ("6", &links[2], "Mayor")]);
        redraft.after(HALF_AN_HOUR).await;
    }
    nothing_new(&redraft);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_follows_the_headline_is_the_same_article_by_its_guid() {
    let (site, redraft) = three_stories().await;
    let before = redraft.article(&site.url("/quay")).unwrap();
    let mut edited = story("Quay to close");
    edited.headline = "Quay to stay open after all".to_owned();
    site.publish("/quay-stays-open", &edited);
    site.put("/quay", 404, &[], "gone");
    feed(
        &site,
        "/feed.xml",
        &[("1", "/quay-stays-open", "Quay stays"), ("2", "/ferry", "Ferry"), ("3", "/mayor", "Mayor")],
    );
    redraft.after(HALF_AN_HOUR).await;
    let after = redraft.article(&site.url("/quay-stays-open")).unwrap();
    assert_eq!(after.id, before.id);
    assert_eq!(after.url.as_str(), site.url("/quay-stays-open"));
    assert_eq!(redraft.article(&site.url("/quay")).unwrap().id, before.id, "the old address leads to it too");
    let edits = redraft.feed("/edits.atom").await;
    assert_eq!(edits.len(), 1);
    assert!(edits[0].title.starts_with("Quay to stay open after all: headline"), "{}", edits[0].title);
    redraft.days(3).await;
    assert_eq!((redraft.counts().articles, redraft.counts().edits), (3, 1), "no removal of the old address is told");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guid_that_a_feed_uses_again_is_another_article() {
    let (site, redraft) = three_stories().await;
    site.publish("/fire", &story("Fire in the old town"));
    let old = [("x", "/quay", "Quay"), ("2", "/ferry", "Ferry"), ("3", "/mayor", "Mayor")];
    feed(&site, "/feed.xml", &[&[("1", "/fire", "Fire")], &old[..]].concat());
    redraft.after(HALF_AN_HOUR).await;
    assert_eq!(redraft.counts().articles, 4, "its old address is still listed");
    for path in ["/one", "/two", "/six"] {
        site.publish(path, &story(path));
    }
    feed(&site, "/feed.xml", &[("0", "/one", "One"), ("0", "/two", "Two"), ("0", "/six", "Six")]);
    redraft.after(HALF_AN_HOUR).await;
    assert_eq!(redraft.counts().articles, 7, "one guid for all says nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_that_differ_at_every_fetch_lead_to_one_article() {
    let (site, redraft) = three_stories().await;
    for round in 0..3 {
        let path = format!("/r/{round}");
        site.put(&path, 302, &[("location", "/quay")], "");
        feed(&site, "/other.xml", &[("q", &path, "Quay")]);
        feed(&site, "/feed.xml", &[(&path, &path, "Quay"), ("2", "/ferry", "Ferry")]);
        redraft.after(HALF_AN_HOUR).await;
        assert_eq!(redraft.article(&site.url(&path)).unwrap().url.as_str(), site.url("/quay"));
    }
    nothing_new(&redraft);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_feeds_that_lead_to_one_article_share_it_and_its_edits() {
    let site = NewsSite::open().await;
    let mut quay = story("Quay to close");
    quay.canonical = Some(site.url("/quay"));
    let publish =
        |quay: &Article| ["/quay", "/quay?from=front", "/amp/quay"].iter().for_each(|path| site.publish(path, quay));
    publish(&quay);
    feed(&site, "/a.xml", &[("a", "/quay?from=front", "Quay")]);
    feed(&site, "/b.xml", &[("b", "/amp/quay", "LIVE: what we know")]);
    let redraft = Redraft::watching(&site, &["/a.xml", "/b.xml"]).await;
    redraft.look().await;
    redraft.after(HALF_AN_HOUR).await;
    assert_eq!(redraft.counts().articles, 1);
    let article = redraft.article(&site.url("/quay")).unwrap();
    assert_eq!((article.sources.len(), article.url.as_str()), (2, &*site.url("/quay")));
    publish(quay.edit("12 million", "21 million"));
    redraft.after(SignedDuration::from_hours(2)).await;
    for feed in ["/edits.atom", "/sources/feed-0/edits.atom", "/sources/feed-1/edits.atom"] {
        assert_eq!(redraft.feed(feed).await.len(), 1, "{feed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_pages_claim_by_mistake_make_no_article_vanish() {
    for claim in ["/", "/quay", "/loop"] {
        let site = NewsSite::open().await;
        for (path, headline) in
            [("/quay", "Quay to close"), ("/ferry", "Ferry sails again"), ("/mayor", "Mayor resigns")]
        {
            let mut story = story(headline);
            // In a loop, each page names the next one as its canonical address.
            let next = match path {
                "/quay" => "/ferry",
                "/ferry" => "/mayor",
                _ => "/quay",
            };
            story.canonical = Some(site.url(if claim == "/loop" { next } else { claim }));
            site.publish(path, &story);
        }
        feed(&site, "/feed.xml", &[("1", "/quay", "Quay"), ("2", "/ferry", "Ferry"), ("3", "/mayor", "Mayor")]);
        let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
        redraft.look().await;
        redraft.days(1).await;
        assert_eq!(redraft.counts().articles, 3, "{claim}");
        for (path, headline) in
            [("/quay", "Quay to close"), ("/ferry", "Ferry sails again"), ("/mayor", "Mayor resigns")]
        {
            assert_eq!(redraft.article(&site.url(path)).unwrap().headline, headline, "{claim}");
        }
        nothing_new(&redraft);
    }
}
