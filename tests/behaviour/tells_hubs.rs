//! The hub that our feeds name (WebSub): it is notified of each feed that changed, once for many edits, and redraft
//! never waits for it.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use crate::program::Redraft;
use crate::publishes_edits::budget;
use crate::site::{Article, NewsSite};

const HALF_AN_HOUR: SignedDuration = SignedDuration::from_mins(31);

/// A story unlike the other one.
fn ferry() -> Article {
    Article::new(
        "Gull Island ferry sails again after repair",
        &[
            "The ferry to Gull Island sailed again on Monday morning, three weeks after its engine failed half a mile from the pier.",
            "About 40 islanders were on board, most of them on their way to work or to school on the other side of the sound.",
            "The repair cost the company 120,000 crowns, its managing director said, and the engine is good for ten more years.",
            "A fishing boat had carried mail and bread in the meantime, for which the islanders thanked its owner with a dinner.",
        ],
    )
}

/// Two watched stories, with a hub.
async fn with_hub() -> (NewsSite, Redraft) {
    let site = NewsSite::open().await;
    site.publish("/one", &budget());
    site.publish("/two", &ferry());
    site.feed("/feed.xml", &["/one", "/two"]);
    site.put("/hub", 202, &[], "");
    let source = format!("[[source]]\nurl = \"{}\"\nname = \"Echo\"\n", site.url("/feed.xml"));
    let mut redraft = Redraft::with(&source).await;
    let hub = format!("[publish]\nwebsub_hub = \"{}\"\n", site.url("/hub"));
    redraft.reconfigure("[publish]\n", &hub).await;
    redraft.look().await;
    (site, redraft)
}

/// The topics that the hub was notified of, in order.
fn topics(site: &NewsSite) -> Vec<String> {
    let topic = |form: &str| {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(form.as_bytes()).into_owned().collect();
        assert_eq!(pairs[0], ("hub.mode".to_owned(), "publish".to_owned()));
        assert_eq!(pairs[1].0, "hub.url");
        pairs[1].1.clone()
    };
    site.requests("/hub").iter().map(|request| topic(&request.body)).collect()
}

/// All formats of the feeds at these paths.
fn feeds(paths: &[&str]) -> BTreeSet<String> {
    let formats =
        |path: &&str| ["atom", "rss", "json"].map(|format| format!("http://redraft.example/{path}edits.{format}"));
    paths.iter().flat_map(formats).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_is_told_of_each_feed_that_changed_and_once_of_many_edits() {
    let (site, redraft) = with_hub().await;
    assert!(topics(&site).is_empty(), "nothing is published yet");
    site.publish("/one", budget().edit("12 million", "21 million"));
    redraft.after(HALF_AN_HOUR).await;
    let told = topics(&site);
    assert_eq!(told.iter().cloned().collect::<BTreeSet<_>>(), feeds(&["", "sources/echo/", "articles/1/"]));
    assert_eq!(told.len(), 9);

    site.publish("/one", budget().edit("12 million", "30 million"));
    site.publish("/two", ferry().edit("120,000", "210,000"));
    redraft.after(SignedDuration::from_mins(40)).await;
    let told = topics(&site).split_off(9);
    assert_eq!(told.len(), 12, "everything and the source once: {told:?}");
    redraft.days(1).await;
    assert_eq!(topics(&site).len(), 21);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_fails_is_told_later_and_nobody_waits_for_it() {
    let (site, mut redraft) = with_hub().await;
    site.put("/hub", 503, &[], "");
    site.publish("/one", budget().edit("12 million", "21 million"));
    redraft.after(HALF_AN_HOUR).await;
    assert_eq!((topics(&site).len(), redraft.feed("/edits.atom").await.len()), (1, 1));
    site.put("/hub", 204, &[], "");
    redraft.restart().await;
    redraft.look().await;
    assert_eq!(topics(&site).len(), 1, "not before the pause is over");
    redraft.after(SignedDuration::from_mins(1)).await;
    assert_eq!(topics(&site).len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_name_the_hub_in_body_and_head_and_narrowed_ones_do_not() {
    let (site, redraft) = with_hub().await;
    let hub = site.url("/hub");
    for (path, element) in [
        ("/edits.atom", format!("<link href=\"{hub}\" rel=\"hub\"/>")),
        ("/sources/echo/edits.rss", format!("<atom:link href=\"{hub}\" rel=\"hub\"></atom:link>")),
        ("/articles/1/edits.json", format!("\"hubs\":[{{\"type\":\"WebSub\",\"url\":\"{hub}\"}}]")),
    ] {
        let answer = redraft.get(path, &[]).await;
        let link = format!("<{hub}>; rel=\"hub\", <http://redraft.example{path}>; rel=\"self\"");
        assert_eq!(answer.headers()["link"], link);
        let etag = answer.headers()["etag"].to_str().unwrap().to_owned();
        let body = answer.text().await.unwrap();
        assert!(body.contains(&element), "{body}");
        let again = redraft.get(path, &[("if-none-match", &etag)]).await;
        assert_eq!((again.status().as_u16(), &again.headers()["link"]), (304, &link.parse().unwrap()));
        let narrowed = redraft.get(&format!("{path}?silent=1"), &[]).await;
        assert!(!narrowed.headers().contains_key("link") && !narrowed.text().await.unwrap().contains(&hub));
    }
}
