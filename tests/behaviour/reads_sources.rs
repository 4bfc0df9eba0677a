//! Sources: the kinds that are accepted, and what is read of each.

use std::io::Write;

use jiff::SignedDuration;

use crate::program::{Redraft, morning};
use crate::publishes_edits::budget;
use crate::site::NewsSite;

const HALF_AN_HOUR: SignedDuration = SignedDuration::from_mins(31);
const HTML: [(&str, &str); 1] = [("content-type", "text/html")];
const XML: [(&str, &str); 1] = [("content-type", "application/xml")];

/// A site with these stories.
async fn site_of(paths: &[&str]) -> NewsSite {
    let site = NewsSite::open().await;
    for path in paths {
        let mut story = budget();
        story.headline = format!("The story of {path}");
        story.paragraphs.push(format!("This is about {path}."));
        site.publish(path, &story);
    }
    site
}

/// A sitemap of these paths, each changed this many days before the first morning.
fn sitemap(site: &NewsSite, entries: &[(&str, i64)]) -> String {
    let entry = |(path, days): &(&str, i64)| {
        let changed = morning() - SignedDuration::from_hours(days * 24);
        format!("<url><loc>{}</loc><lastmod>{changed}</lastmod></url>", site.url(path))
    };
    format!("<urlset>{}</urlset>", entries.iter().map(entry).collect::<String>())
}

/// The requested paths, in order.
fn asked(site: &NewsSite) -> Vec<String> {
    site.all_requests().into_iter().map(|request| request.path).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_given_as_a_source_leads_to_the_feed_in_its_head_for_good() {
    let site = site_of(&["/quay"]).await;
    site.feed("/rss.xml", &["/quay"]);
    let page =
        "<!doctype html><html><head><link rel=alternate type='application/rss+xml' href='/rss.xml'></head><body>News";
    site.put("/", 200, &HTML, page);
    let mut redraft = Redraft::watching(&site, &["/"]).await;
    redraft.look().await;
    assert_eq!(asked(&site), ["/", "/rss.xml", "/robots.txt", "/quay"]);
    redraft.after(HALF_AN_HOUR).await;
    redraft.restart().await;
    redraft.after(HALF_AN_HOUR).await;
    assert_eq!((site.requests("/").len(), site.requests("/rss.xml").len()), (1, 3), "the feed is what is polled");
    assert_eq!(site.requests("/rss.xml")[2].status, 304);
    let page = redraft.get("/sources", &[]).await.text().await.unwrap();
    assert!(page.contains(&site.url("/rss.xml")), "{page}");
    site.put("/rss.xml", 404, &[], "gone");
    site.feed("/new.xml", &["/quay"]);
    site.put("/", 200, &HTML, "<html><head><link rel=alternate type='application/rss+xml' href='/new.xml'>");
    redraft.days(4).await;
    assert!(!site.requests("/new.xml").is_empty(), "a feed that fails is looked for again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_a_feed_is_refused_in_words() {
    let site = site_of(&[]).await;
    for head in ["", "<link rel=alternate type='application/rss+xml' href='/'>"] {
        site.put("/", 200, &HTML, &format!("<!doctype html><html><head>{head}</head>"));
        let redraft = Redraft::watching(&site, &["/"]).await;
        redraft.look().await;
        let page = redraft.get("/sources", &[]).await.text().await.unwrap();
        assert!(page.contains("an HTML page, not a feed; its head"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_sitemaps_is_read_one_after_the_other_and_only_what_is_recent() {
    let site = site_of(&["/new", "/old", "/news"]).await;
    let named = |path: &str, days: i64| {
        let changed = morning() - SignedDuration::from_hours(days * 24);
        format!("<sitemap><loc>{}</loc><lastmod>{changed}</lastmod></sitemap>", site.url(path))
    };
    let index = |days| format!("<sitemapindex>{}{}</sitemapindex>", named("/a.xml.gz", days), named("/b.xml", 2));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(sitemap(&site, &[("/new", 1), ("/old", 40)]).as_bytes()).unwrap();
    site.put_bytes("/a.xml.gz", 200, &[("content-type", "application/gzip")], packed.finish().unwrap());
    site.put("/b.xml", 200, &XML, &sitemap(&site, &[("/news", 3)]));
    site.put("/sitemap.xml", 200, &XML, &index(1));
    let mut redraft = Redraft::watching(&site, &["/sitemap.xml"]).await;
    redraft.look().await;
    assert_eq!(asked(&site)[..3], ["/sitemap.xml", "/a.xml.gz", "/b.xml"]);
    assert!(redraft.article(&site.url("/old")).is_none());
    assert!(redraft.article(&site.url("/new")).is_some() && redraft.article(&site.url("/news")).is_some());

    site.put("/sitemap.xml", 200, &XML, &index(0));
    redraft.restart().await;
    redraft.after(HALF_AN_HOUR).await;
    assert_eq!((site.requests("/a.xml.gz").len(), site.requests("/b.xml").len()), (2, 1), "only what changed");
    assert_eq!(redraft.counts().articles, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sitemap_that_is_broken_keeps_nothing_else_from_being_read() {
    let site = site_of(&["/new"]).await;
    let index = format!(
        "<sitemapindex><sitemap><loc>{}</loc></sitemap><sitemap><loc>{}</loc></sitemap></sitemapindex>",
        site.url("/gone.xml"),
        site.url("/b.xml")
    );
    site.put("/sitemap.xml", 200, &XML, &index);
    site.put("/b.xml", 200, &XML, &sitemap(&site, &[("/new", 3)]));
    let redraft = Redraft::watching(&site, &["/sitemap.xml"]).await;
    redraft.look().await;
    assert!(redraft.article(&site.url("/new")).is_some());
    let page = redraft.get("/sources", &[]).await.text().await.unwrap();
    assert!(page.contains("/gone.xml</bdi>: not there (HTTP 404)"), "{page}");
    redraft.after(HALF_AN_HOUR).await;
    assert_eq!(site.requests("/sitemap.xml").len(), 2, "and the next round comes");
}

#[tokio::test(flavor = "multi_thread")]
async fn older_pages_of_a_feed_are_read_when_it_is_new_and_never_again() {
    let site = site_of(&["/1", "/2", "/3"]).await;
    let page = |path: &str, story: &str, next: &str| {
        let body = format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='next' href='{next}'/><entry><id>{story}</id>\
             <title>{story}</title><link href='{}'/></entry></feed>",
            site.url(story)
        );
        site.put(path, 200, &[("content-type", "application/atom+xml")], &body);
    };
    page("/feed", "/1", "/feed?page=2");
    page("/feed?page=2", "/2", "/feed?page=3");
    page("/feed?page=3", "/3", "/feed?page=2");
    let redraft = Redraft::watching(&site, &["/feed"]).await;
    redraft.look().await;
    assert_eq!(redraft.counts().articles, 3);
    redraft.days(2).await;
    for older in ["/feed?page=2", "/feed?page=3"] {
        assert!(site.requests(older).len() <= 2, "{older}");
    }
    let before = site.requests("/feed?page=2").len();
    page("/feed", "/new", "/feed?page=2");
    redraft.days(1).await;
    assert_eq!(site.requests("/feed?page=2").len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_whose_entry_says_that_it_was_updated_is_looked_at_at_once() {
    let site = site_of(&["/quay", "/ferry"]).await;
    let at_hour = |hours: i64| {
        let changed = morning() - SignedDuration::from_hours(24 - hours);
        let entry = |path: &str, time| format!("<url><loc>{}</loc><lastmod>{time}</lastmod></url>", site.url(path));
        let body = format!("<urlset>{}{}</urlset>", entry("/quay", changed), entry("/ferry", morning()));
        site.put("/sitemap.xml", 200, &XML, &body);
    };
    at_hour(0);
    let redraft = Redraft::watching(&site, &["/sitemap.xml"]).await;
    redraft.look().await;
    redraft.days(2).await;
    let looks = || (site.requests("/quay").len(), site.requests("/ferry").len());
    let before = looks();
    redraft.after(SignedDuration::from_mins(20)).await;
    assert_eq!(looks(), before, "neither is due");
    at_hour(1);
    redraft.after(SignedDuration::from_mins(20)).await;
    assert_eq!(looks(), (before.0 + 1, before.1));
}
