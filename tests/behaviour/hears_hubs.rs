//! Hubs (WebSub): subscriptions are made, verified, renewed and ended, and pushes are accepted only if they are
//! signed.

use std::collections::HashMap;

use jiff::SignedDuration;
use ring::hmac;

use crate::program::Redraft;
use crate::publishes_edits::budget;
use crate::site::NewsSite;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// The last request to the hub.
fn asked(site: &NewsSite) -> HashMap<String, String> {
    let request = site.requests("/hub").pop().expect("the hub was asked");
    url::form_urlencoded::parse(request.body.as_bytes()).into_owned().collect()
}

/// The path that the hub calls.
fn callback(form: &HashMap<String, String>) -> String {
    form["hub.callback"].strip_prefix("http://redraft.example").unwrap().to_owned()
}

/// The hub asks us to confirm the subscription; returns status and body of our response.
async fn verify(redraft: &Redraft, form: &HashMap<String, String>, mode: &str, lease: u32) -> (u16, String) {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("hub.mode", mode), ("hub.topic", &form["hub.topic"]), ("hub.challenge", "a challenge")])
        .append_pair("hub.lease_seconds", &lease.to_string())
        .finish();
    let answer = redraft.get(&format!("{}?{query}", callback(form)), &[]).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Signs `body` with a secret, as hubs do.
fn signature(secret: &str, body: &str) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), body.as_bytes());
    format!("sha256={}", tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

/// Puts a feed at /feed.xml with these paths, the hub, and an interval of one hour.
fn feed(site: &NewsSite, articles: &[&str]) {
    let entry = |path: &&str| format!("<item><title>{path}</title><link>{}</link></item>", site.url(path));
    let entries: String = articles.iter().map(entry).collect();
    let (own, hub) = (site.url("/feed.xml"), site.url("/hub"));
    let body = format!(
        "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Echo</title><ttl>60</ttl>\
         <atom:link rel='self' href='{own}'/><atom:link rel='hub' href='{hub}'/>{entries}</channel></rss>"
    );
    site.put("/feed.xml", 200, &[("content-type", "application/rss+xml")], &body);
}

/// A site with a hub and a watched feed.
async fn subscribed() -> (NewsSite, Redraft, HashMap<String, String>) {
    let site = NewsSite::open().await;
    site.publish("/one", &budget());
    site.publish("/two", &budget());
    site.put("/hub", 202, &[], "");
    feed(&site, &["/one"]);
    let source =
        format!("[websub]\nenabled = true\n[[source]]\nurl = \"{}\"\nname = \"Echo\"\n", site.url("/feed.xml"));
    let redraft = Redraft::with(&source).await;
    redraft.look().await;
    let form = asked(&site);
    (site, redraft, form)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_is_asked_verified_and_heeded_across_restarts() {
    let (site, mut redraft, form) = subscribed().await;
    assert_eq!(form["hub.mode"], "subscribe");
    assert_eq!(form["hub.topic"], site.url("/feed.xml"));
    assert_eq!((form["hub.secret"].len(), &*form["hub.lease_seconds"]), (64, "864000"));
    let other = HashMap::from([
        ("hub.topic".to_owned(), site.url("/other.xml")),
        ("hub.callback".to_owned(), form["hub.callback"].clone()),
    ]);
    assert_eq!(verify(&redraft, &other, "subscribe", 9).await.0, 404, "another topic");
    assert_eq!(verify(&redraft, &form, "unsubscribe", 9).await.0, 404, "nobody wants that");
    assert_eq!(verify(&redraft, &form, "subscribe", 864_000).await, (200, "a challenge".to_owned()));
    assert_eq!(verify(&redraft, &form, "subscribe", 864_000).await.0, 404, "once is enough");
    redraft.restart().await;

    feed(&site, &["/one", "/two"]);
    redraft.after(MINUTE).await;
    assert!(redraft.article(&site.url("/two")).is_none(), "the feed asks for an hour between polls");
    let body = "<anything/>";
    let signed = signature(&form["hub.secret"], body);
    let answer = redraft.post(&callback(&form), &[("x-hub-signature", &signed)], body).await;
    assert_eq!(answer.status(), 202);
    redraft.look().await;
    assert!(redraft.article(&site.url("/two")).is_some(), "polled at once");
    assert_eq!(site.requests("/hub").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_signed_is_thanked_and_not_heeded() {
    let (site, redraft, form) = subscribed().await;
    verify(&redraft, &form, "subscribe", 864_000).await;
    let polls = site.requests("/feed.xml").len();
    let wrong = signature("guessed", "x");
    let cut = signature(&form["hub.secret"], "x")[..40].to_owned();
    for headers in
        [&[][..], &[("x-hub-signature", &*wrong)], &[("x-hub-signature", &*cut)], &[("x-hub-signature", "md5=00")]]
    {
        assert_eq!(redraft.post(&callback(&form), headers, "x").await.status(), 202, "{headers:?}");
    }
    let right = signature(&form["hub.secret"], "x");
    let stranger = callback(&form).rsplit_once('/').unwrap().0.to_owned() + "/00000000000000000000000000000000";
    assert_eq!(redraft.post(&stranger, &[("x-hub-signature", &right)], "x").await.status(), 404);
    assert_eq!(redraft.get(&stranger, &[]).await.status(), 404);
    let large = "x".repeat((8 << 20) + 1);
    let right = signature(&form["hub.secret"], &large);
    assert_eq!(redraft.post(&callback(&form), &[("x-hub-signature", &right)], &large).await.status(), 413);
    redraft.look().await;
    assert_eq!(site.requests("/feed.xml").len(), polls);
    assert_eq!(redraft.post("/edits.atom", &[], "x").await.status(), 413, "nothing else takes a body");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_is_renewed_before_it_ends_and_a_silent_hub_is_asked_ever_more_rarely() {
    let (site, redraft, form) = subscribed().await;
    redraft.days(2).await;
    let silent = site.requests("/hub").len();
    assert!((4..=8).contains(&silent), "{silent}");
    verify(&redraft, &form, "subscribe", 6 * 86_400).await;
    redraft.days(3).await;
    assert_eq!(site.requests("/hub").len(), silent, "the lease lasts");
    redraft.days(2).await;
    assert_eq!(site.requests("/hub").len(), silent + 1, "renewed a day before it ends at the latest");
    assert_eq!(asked(&site)["hub.callback"], form["hub.callback"]);
    assert!(site.requests("/feed.xml").len() > 20, "polling never stopped");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_is_left_when_its_source_is_watched_no_more() {
    let (site, mut redraft, form) = subscribed().await;
    verify(&redraft, &form, "subscribe", 864_000).await;
    redraft.reconfigure("/feed.xml", "/else.xml").await;
    redraft.reconfigure("name = \"Echo\"", "name = \"Other\"").await;
    redraft.look().await;
    let farewell = asked(&site);
    assert_eq!((&*farewell["hub.mode"], &farewell["hub.topic"]), ("unsubscribe", &form["hub.topic"]));
    assert_eq!(verify(&redraft, &farewell, "unsubscribe", 0).await.0, 200);
    assert_eq!(verify(&redraft, &farewell, "unsubscribe", 0).await.0, 404, "forgotten");
    let requests = site.requests("/hub").len();
    redraft.restart().await;
    redraft.days(2).await;
    assert_eq!(site.requests("/hub").len(), requests);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_setting_no_hub_is_asked_and_nothing_takes_a_push() {
    let site = NewsSite::open().await;
    feed(&site, &[]);
    let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    assert!(site.requests("/hub").is_empty());
    assert_eq!(redraft.post("/websub/feed-0/x", &[], "x").await.status(), 404);
    assert_eq!(redraft.get("/websub/feed-0/x", &[]).await.status(), 404);
}
