//! Politeness towards publishers, one aspect per test. Weeks pass on the held clock.

use jiff::SignedDuration;

use crate::program::Redraft;
use crate::publishes_edits::budget;
use crate::site::{Article, NewsSite};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A feed without entries, with these elements.
fn rss(elements: &str) -> String {
    format!("<rss version='2.0'><channel><title>Harbour Echo</title>{elements}</channel></rss>")
}

/// A site with nothing but a feed at `/feed.xml`.
async fn feed_with(headers: &[(&str, &str)], elements: &str) -> (NewsSite, Redraft) {
    let site = NewsSite::open().await;
    site.put("/feed.xml", 200, headers, &rss(elements));
    let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    (site, redraft)
}

fn asked(site: &NewsSite, path: &str) -> usize {
    site.requests(path).len()
}

#[tokio::test(flavor = "multi_thread")]
async fn validators_go_back_byte_for_byte_across_restarts_redirects_and_errors() {
    let site = NewsSite::open().await;
    site.put("/feed.xml", 302, &[("location", "/real.xml")], "");
    let odd = "W/\"a, b\\\" ü\"";
    let headers = [("etag", odd), ("last-modified", "Sometime, maybe")];
    site.put("/real.xml", 200, &headers, &rss(""));
    let mut redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    redraft.after(HOUR).await;
    redraft.restart().await;
    site.put("/real.xml", 500, &[], "");
    redraft.after(HOUR).await;
    site.put("/real.xml", 200, &headers, &rss(""));
    redraft.after(HOUR).await;
    let requests = site.requests("/real.xml");
    assert_eq!(requests.len(), 4);
    for request in &requests[1..] {
        assert_eq!(request.headers["if-none-match"].as_bytes(), odd.as_bytes());
        assert_eq!(request.headers["if-modified-since"], "Sometime, maybe");
    }
    let hops = site.requests("/feed.xml");
    assert!(hops.iter().all(|request| !request.headers.contains_key("if-none-match")), "they are not that address's");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_interval_that_header_or_feed_asks_for_is_kept_up_to_a_day() {
    for (headers, elements, quiet, by) in [
        (&[("cache-control", "max-age=14400")][..], "", 3, 5),
        (&[], "<ttl>240</ttl>", 3, 5),
        (&[("cache-control", "max-age=31536000")], "", 23, 27),
        (&[], "<skipDays><day>Saturday</day></skipDays>", 14, 16),
    ] {
        let (site, redraft) = feed_with(headers, elements).await;
        redraft.after(HOUR * quiet).await;
        assert_eq!(asked(&site, "/feed.xml"), 1, "{headers:?} {elements}");
        redraft.after(HOUR * (by - quiet)).await;
        assert_eq!(asked(&site, "/feed.xml"), 2, "{headers:?} {elements}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_answer_of_a_feed_lets_the_whole_host_rest_over_a_restart() {
    let site = NewsSite::open().await;
    site.publish("/budget", &budget());
    site.feed("/feed.xml", &["/budget"]);
    let mut redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    site.put("/feed.xml", 503, &[("retry-after", "Mon, 03 Aug 2026 09:00:00 GMT")], "");
    redraft.after(SignedDuration::from_mins(20)).await;
    let before = site.all_requests().len();
    redraft.restart().await;
    redraft.after(HOUR * 40).await;
    assert_eq!(site.all_requests().len(), before, "its articles wait too");
    redraft.after(HOUR * 12).await;
    assert!(site.all_requests().len() > before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lasting_redirect_is_believed_after_a_week_and_a_passing_one_never() {
    for (status, adopted) in [(301, true), (308, true), (302, false), (307, false)] {
        let (site, redraft) = feed_with(&[], "").await;
        site.put("/feed.xml", status, &[("location", "/new.xml")], "");
        site.put("/new.xml", 200, &[], &rss("<ttl>5</ttl>"));
        redraft.days(6).await;
        assert!(asked(&site, "/feed.xml") >= 24, "{status}: a week has not passed");
        redraft.days(2).await;
        let (before, new) = (asked(&site, "/feed.xml"), asked(&site, "/new.xml"));
        redraft.days(1).await;
        assert_eq!(asked(&site, "/feed.xml") == before, adopted, "{status}");
        assert!(asked(&site, "/new.xml") > new, "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_to_what_is_no_feed_is_a_failure_and_moves_nothing() {
    let site = NewsSite::open().await;
    site.publish("/budget", &budget());
    site.feed("/feed.xml", &["/budget"]);
    let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    site.put("/feed.xml", 301, &[("location", "/portal")], "");
    site.put("/portal", 200, &[("content-type", "text/html")], "<html><body>Log in, please</body></html>");
    redraft.days(10).await;
    let before = asked(&site, "/feed.xml");
    site.feed("/feed.xml", &["/budget"]);
    redraft.days(2).await;
    assert!(asked(&site, "/feed.xml") > before);
    assert!(redraft.article(&site.url("/budget")).is_some(), "the last good state stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_is_gone_for_good_is_asked_no_more() {
    let (site, mut redraft) = feed_with(&[], "").await;
    site.put("/feed.xml", 410, &[], "");
    redraft.after(DAY).await;
    redraft.restart().await;
    redraft.days(20).await;
    assert_eq!(asked(&site, "/feed.xml"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_fails_is_asked_less_and_less_but_every_week_for_ever() {
    for status in [404, 403, 500] {
        let (site, redraft) = feed_with(&[], "").await;
        site.put("/feed.xml", status, &[], "");
        redraft.days(60).await;
        let before = asked(&site, "/feed.xml");
        assert!(before < 45, "{status}: {before} requests in sixty days");
        redraft.days(28).await;
        let weekly = asked(&site, "/feed.xml") - before;
        assert!((3..=5).contains(&weekly), "{status}: {weekly} in four weeks");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_only_says_not_modified_is_asked_whole_after_eight_days() {
    let (site, redraft) = feed_with(&[("etag", "\"for ever\"")], "").await;
    redraft.days(12).await;
    let requests = site.requests("/feed.xml");
    let whole: Vec<_> = requests.iter().filter(|request| request.status == 200).collect();
    assert_eq!(whole.len(), 2, "at first, and once after eight days, of {}", requests.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_carry_a_name_and_nothing_that_follows_anyone() {
    let (site, redraft) = feed_with(&[("set-cookie", "who=you")], "").await;
    redraft.after(HOUR).await;
    for request in site.all_requests() {
        let agent = request.headers["user-agent"].to_str().unwrap();
        assert!(agent.starts_with("redraft/"), "{agent}");
        assert!(request.headers["accept"].to_str().unwrap().starts_with("application/atom+xml"));
        for header in ["cookie", "referer", "range", "a-im", "from"] {
            assert!(!request.headers.contains_key(header), "{header}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_txt_is_read_before_an_article_once_a_day_and_obeyed() {
    let site = NewsSite::open().await;
    site.put("/robots.txt", 200, &[], "User-agent: *\nDisallow: /private/\n");
    site.publish("/budget", &budget());
    site.publish("/private/budget", &budget());
    site.feed("/feed.xml", &["/budget", "/private/budget"]);
    let mut redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    redraft.after(HOUR).await;
    redraft.restart().await;
    redraft.after(HOUR * 5).await;
    assert_eq!(asked(&site, "/robots.txt"), 1);
    assert!(asked(&site, "/budget") >= 2);
    assert_eq!(asked(&site, "/private/budget"), 0);
    let article = redraft.article(&site.url("/private/budget")).unwrap();
    let words = article.notes.last().unwrap().why.to_string();
    assert!(words.contains("robots.txt of its site forbids it (Disallow: /private/)"), "{words}");
    site.put("/robots.txt", 200, &[], "User-agent: *\nDisallow:\n");
    redraft.days(3).await;
    assert!(asked(&site, "/private/budget") > 0, "the site changed its mind");
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_txt_that_fails_forbids_all_and_one_that_is_missing_nothing() {
    let site = NewsSite::open().await;
    site.put("/robots.txt", 500, &[], "");
    site.publish("/budget", &budget());
    site.feed("/feed.xml", &["/budget"]);
    let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.days(1).await;
    assert_eq!(asked(&site, "/budget"), 0);
    assert!(asked(&site, "/feed.xml") > 0, "a feed was named by the operator");
    site.put("/robots.txt", 404, &[], "");
    redraft.days(2).await;
    assert!(asked(&site, "/budget") > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_can_ignore_robots_txt_where_its_operator_says_why() {
    let site = NewsSite::open().await;
    site.put("/robots.txt", 200, &[], "User-agent: *\nDisallow: /\n");
    site.publish("/terms", &budget());
    let url = site.url("/terms");
    let redraft = Redraft::with(&format!("[[page]]\nurl = \"{url}\"\nignore_robots = \"it is our own page\"\n")).await;
    redraft.look().await;
    assert_eq!((asked(&site, "/terms"), asked(&site, "/robots.txt")), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_txt_holds_for_where_a_redirect_leads_on_this_site_and_on_another() {
    let (site, other) = (NewsSite::open().await, NewsSite::open().await);
    site.put("/robots.txt", 200, &[], "User-agent: *\nDisallow: /private/\n");
    other.put("/robots.txt", 200, &[], "User-agent: *\nDisallow: /closed\n");
    let ways = [
        ("/a", "/private/a".to_owned()),
        ("/b", other.url("/closed")),
        ("/c", other.url("/open")),
        ("/d", other.url("/closed-too")),
    ];
    for (path, leads_to) in &ways {
        site.put(path, 302, &[("location", leads_to)], "");
    }
    other.publish("/open", &budget());
    site.feed("/feed.xml", &["/a", "/b", "/c", "/d"]);
    let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    assert_eq!([asked(&site, "/private/a"), asked(&other, "/closed"), asked(&other, "/closed-too")], [0; 3]);
    assert_eq!((asked(&other, "/robots.txt"), asked(&other, "/open")), (1, 1));
    let article = redraft.article(&site.url("/b")).unwrap();
    let words = article.notes.last().unwrap().why.to_string();
    assert!(words.contains("/closed: robots.txt of its site forbids it (Disallow: /closed)"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_seen_though_the_server_says_304_whatever_was_edited() {
    let site = NewsSite::open().await;
    let put =
        |story: &Article| site.put("/budget", 200, &[("content-type", "text/html"), ("etag", "\"1\"")], &story.html());
    put(&budget());
    site.feed("/feed.xml", &["/budget"]);
    let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    put(budget().edit("12 million", "21 million"));
    redraft.after(HOUR).await;
    assert_eq!(redraft.feed("/edits.atom").await.len(), 0, "304");
    redraft.days(3).await;
    assert_eq!(redraft.feed("/edits.atom").await.len(), 1);
    let requests = site.requests("/budget");
    let whole = requests.iter().filter(|request| request.status == 200).count();
    assert!(whole * 4 <= requests.len(), "{whole} of {} unconditional", requests.len());
}

/// A feed of these paths, each with a text.
fn feed_of(site: &NewsSite, entries: &[(&str, &str)]) {
    let entry = |(path, text): &(&str, &str)| {
        let link = site.url(path);
        format!("<item><title>{path}</title><link>{link}</link><description>{text}</description></item>")
    };
    site.put("/feed.xml", 200, &[], &rss(&entries.iter().map(entry).collect::<String>()));
}

/// Two old articles from a feed that gave them texts.
async fn two_quiet_articles() -> (NewsSite, Redraft) {
    let site = NewsSite::open().await;
    for path in ["/budget", "/bridge"] {
        site.publish(path, &budget());
    }
    feed_of(&site, &[("/budget", "first"), ("/bridge", "first")]);
    let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.days(20).await;
    (site, redraft)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_whose_text_changed_makes_its_article_due_at_once() {
    let (site, redraft) = two_quiet_articles().await;
    let (before, polls) = (asked(&site, "/budget"), asked(&site, "/feed.xml"));
    feed_of(&site, &[("/budget", "second"), ("/bridge", "first")]);
    let mut hours = 0;
    while asked(&site, "/feed.xml") == polls && hours < 48 {
        redraft.after(HOUR).await;
        hours += 1;
    }
    let requests: Vec<_> = site.all_requests().into_iter().map(|request| request.path).collect();
    let poll = requests.iter().rposition(|path| path == "/feed.xml").unwrap();
    assert!(asked(&site, "/budget") > before, "in {hours} hours");
    assert!(requests[poll..].iter().any(|path| path == "/budget"), "{:?}", &requests[poll..]);
    assert!(!requests[poll..].iter().any(|path| path == "/bridge"), "its text is the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_changes_at_every_poll_has_its_article_looked_at_four_times_a_day_more() {
    let (site, redraft) = two_quiet_articles().await;
    let (budget, bridge) = (asked(&site, "/budget"), asked(&site, "/bridge"));
    for hour in 0..72 {
        feed_of(&site, &[("/budget", &format!("text {hour}")), ("/bridge", "first")]);
        redraft.after(HOUR).await;
    }
    let more = (asked(&site, "/budget") - budget).saturating_sub(asked(&site, "/bridge") - bridge);
    assert!((3..=12).contains(&more), "{more} more looks in three days");
}
