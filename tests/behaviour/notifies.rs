//! Webhooks: they receive each edit once, in order and signed, whatever happens to the receiver and to our own
//! process.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::SignedDuration;
use ring::hmac;
use serde_json::Value;

use crate::child::Process;
use crate::program::Redraft;
use crate::publishes_edits::budget;
use crate::site::{Article, NewsSite, Request};

const HALF_AN_HOUR: SignedDuration = SignedDuration::from_mins(31);
const KEY: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A watched story, and a receiver at `/hook` of its site with these further lines of `[[webhook]]`.
async fn told_of_a_story(lines: &str) -> (NewsSite, Redraft, Article) {
    let site = NewsSite::open().await;
    let story = budget();
    site.publish("/budget", &story);
    site.feed("/feed.xml", &["/budget"]);
    site.put("/hook", 200, &[], "");
    let tables = format!("{}{}", source(&site), hook(&site, lines));
    let redraft = Redraft::with(&tables).await;
    redraft.look().await;
    (site, redraft, story)
}

fn source(site: &NewsSite) -> String {
    format!("[[source]]\nurl = \"{}\"\nname = \"Echo\"\n", site.url("/feed.xml"))
}

fn hook(site: &NewsSite, lines: &str) -> String {
    format!("[[webhook]]\nname = \"desk\"\nurl = \"{}\"\n{lines}\n", site.url("/hook"))
}

/// Edits the story and runs the checks.
async fn edit(site: &NewsSite, redraft: &Redraft, story: &mut Article, from: &str, to: &str) {
    site.publish("/budget", story.edit(from, to));
    redraft.after(HALF_AN_HOUR).await;
}

fn json(request: &Request) -> Value {
    serde_json::from_str(&request.body).unwrap()
}

/// The response of our server to programs.
async fn answer(redraft: &Redraft, path: &str) -> Value {
    serde_json::from_str(&redraft.get(path, &[]).await.text().await.unwrap()).unwrap()
}

/// The ids of the messages that the receiver accepted or refused, in order of arrival.
fn ids(site: &NewsSite) -> Vec<String> {
    site.requests("/hook").iter().map(|request| json(request)["id"].as_str().unwrap().to_owned()).collect()
}

fn id(number: u32) -> String {
    format!("tag:redraft.example,2026-08-01:article/1/edit/{number}")
}

/// Verifies a signature the way a receiver does.
fn is_signed(request: &Request) -> bool {
    let header = |name: &str| request.headers[name].to_str().unwrap();
    let signed = format!("{}.{}.{}", header("webhook-id"), header("webhook-timestamp"), request.body);
    let key = hmac::Key::new(hmac::HMAC_SHA256, &BASE64_STANDARD.decode(KEY).unwrap());
    let claimed = header("webhook-signature").strip_prefix("v1,").unwrap();
    hmac::verify(&key, signed.as_bytes(), &BASE64_STANDARD.decode(claimed).unwrap()).is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_edit_is_told_once_signed_as_our_json_feed_has_it() {
    let (site, mut redraft, mut story) =
        told_of_a_story(&format!("secret = \"whsec_{KEY}\"\ntoken = \"T0ken-of-12\"")).await;
    assert!(site.requests("/hook").is_empty(), "a first version is no edit");
    edit(&site, &redraft, &mut story, "12 million", "21 million").await;
    redraft.restart().await;
    redraft.days(1).await;
    let requests = site.requests("/hook");
    assert_eq!(requests.len(), 1);
    assert!(is_signed(&requests[0]));
    let header = |name: &str| requests[0].headers[name].to_str().unwrap();
    assert_eq!((header("content-type"), header("authorization")), ("application/json", "Bearer T0ken-of-12"));
    let feed = answer(&redraft, "/edits.json").await;
    assert_eq!(json(&requests[0]), feed["items"][0]);
    let change = &json(&requests[0])["_redraft"]["changes"][0];
    assert!(change["was"].as_str().unwrap().contains("12 million"), "{change}");
    assert!(change["now"].as_str().unwrap().contains("21 million"), "{change}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_receiver_did_not_take_is_sent_again_in_order_after_a_restart_too() {
    let (site, mut redraft, mut story) = told_of_a_story("").await;
    site.put("/hook", 500, &[], "");
    edit(&site, &redraft, &mut story, "12 million", "21 million").await;
    edit(&site, &redraft, &mut story, "October", "November").await;
    assert_eq!(ids(&site), [id(1), id(1)]);
    assert_eq!(redraft.feed("/edits.atom").await.len(), 2, "publishing does not wait");
    redraft.restart().await;
    site.put("/hook", 204, &[], "");
    redraft.look().await;
    assert_eq!(ids(&site).len(), 2, "not before the pause is over");
    redraft.after(SignedDuration::from_mins(2)).await;
    redraft.days(1).await;
    assert_eq!(ids(&site), [id(1), id(1), id(1), id(2)]);
    let requests = site.requests("/hook");
    assert_eq!(requests[0].headers["webhook-id"], requests[2].headers["webhook-id"], "the same delivery");
    assert_ne!(requests[2].headers["webhook-id"], requests[3].headers["webhook-id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_asks_for_rest_is_left_alone_for_so_long() {
    let (site, redraft, mut story) = told_of_a_story("").await;
    site.put("/hook", 429, &[("retry-after", "7200")], "slow down");
    edit(&site, &redraft, &mut story, "12 million", "21 million").await;
    site.put("/hook", 200, &[], "");
    redraft.after(SignedDuration::from_mins(119)).await;
    assert_eq!(ids(&site).len(), 1);
    let told = answer(&redraft, "/outbox.json").await;
    let told = &told["outbox"][0];
    assert_eq!((&told["to"], &told["waiting"], &told["failures"]), (&"webhook desk".into(), &1.into(), &1.into()));
    assert!(told["trouble"].as_str().unwrap().ends_with("(HTTP 429): slow down"), "{told}");
    redraft.after(SignedDuration::from_mins(2)).await;
    assert_eq!(ids(&site).len(), 2);
    let metrics = redraft.get("/metrics", &[]).await.text().await.unwrap();
    assert!(metrics.contains("redraft_outbox_waiting{to=\"webhook desk\"} 0"), "{metrics}");
    assert!(metrics.contains("redraft_outbox_deliveries_total{to=\"webhook desk\",outcome=\"taken\"} 1"), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_asked_for_is_told() {
    let (site, redraft, mut story) =
        told_of_a_story("source = \"echo\"\nclass = [\"headline\"]\nmin_score = 0.5").await;
    edit(&site, &redraft, &mut story, "12 million", "21 million").await;
    story.headline = "Council rejects harbour budget".to_owned();
    edit(&site, &redraft, &mut story, "October", "November").await;
    assert_eq!(redraft.feed("/edits.atom").await.len(), 2);
    assert_eq!(ids(&site), [id(2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_webhook_is_told_from_now_on_and_one_that_goes_leaves_no_trace() {
    let (site, mut redraft, mut story) = told_of_a_story("").await;
    edit(&site, &redraft, &mut story, "12 million", "21 million").await;
    redraft.reconfigure("name = \"desk\"", "name = \"other\"").await;
    assert_eq!(redraft.store().addressees().unwrap(), ["webhook other"]);
    redraft.look().await;
    assert_eq!(ids(&site).len(), 1, "nothing of before");
    edit(&site, &redraft, &mut story, "October", "November").await;
    assert_eq!(ids(&site), [id(1), id(2)]);
    let table = hook(&site, "").replace("desk", "other");
    redraft.reconfigure(&table, "").await;
    assert!(redraft.store().addressees().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_gone_for_good_is_tried_again_only_after_a_start() {
    let (site, mut redraft, mut story) = told_of_a_story("").await;
    site.put("/hook", 410, &[], "");
    edit(&site, &redraft, &mut story, "12 million", "21 million").await;
    edit(&site, &redraft, &mut story, "October", "November").await;
    redraft.days(1).await;
    assert_eq!(ids(&site), [id(1)]);
    site.put("/hook", 200, &[], "");
    redraft.restart().await;
    redraft.look().await;
    assert_eq!(ids(&site), [id(1), id(1), id(2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_takes_for_three_days_is_given_up_and_counted() {
    let (site, redraft, mut story) = told_of_a_story("").await;
    site.put("/hook", 503, &[], "");
    edit(&site, &redraft, &mut story, "12 million", "21 million").await;
    redraft.days(4).await;
    let tries = ids(&site).len();
    redraft.days(1).await;
    assert_eq!(ids(&site).len(), tries);
    site.put("/hook", 200, &[], "");
    site.publish("/budget", story.edit("October", "November"));
    redraft.days(1).await;
    assert_eq!(ids(&site)[tries..], [id(2)]);
    let told = answer(&redraft, "/outbox.json").await;
    assert_eq!((&told["outbox"][0]["given_up"], &told["outbox"][0]["taken"]), (&1.into(), &1.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn services_get_what_they_read() {
    let template = r#"template = '{"to": "desk", "body": "{{title}}: {{now:60}}", "score": "{{score}}"}'"#;
    let (site, redraft, mut story) = told_of_a_story(template).await;
    edit(&site, &redraft, &mut story, "12 million", "21 million").await;
    let body = json(&site.requests("/hook")[0]);
    assert_eq!(body["to"], "desk");
    assert!(body["body"].as_str().unwrap().starts_with("Council approves harbour budget: "), "{body}");
    assert!(body["score"].is_f64(), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_never_answers_holds_up_neither_publishing_nor_others() {
    let site = NewsSite::open().await;
    let mut story = budget();
    site.publish("/budget", &story);
    site.feed("/feed.xml", &["/budget"]);
    site.put("/hook", 200, &[], "");
    // The receiver accepts the connection and stays silent for the whole test.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent_hook = format!("[[webhook]]\nname = \"silent\"\nurl = \"http://{}/\"\n", silent.local_addr().unwrap());
    let tables = format!("{}{silent_hook}{}", source(&site), hook(&site, ""));
    let settings = ["schedule.first_look=100ms", "schedule.ceiling=200ms", "schedule.jitter=0"];
    tokio::task::spawn_blocking(move || {
        let redraft = Process::start(&tables, &settings, &[]);
        redraft.shows("/articles/1", "Version 1");
        site.publish("/budget", story.edit("12 million", "21 million"));
        redraft.shows("/edits.json", "21</b></ins> million");
        redraft.shows("/outbox.json", "\"taken\": 1");
        site.publish("/budget", story.edit("October", "November"));
        redraft.shows("/edits.json", "November</b>");
        redraft.shows("/outbox.json", "\"taken\": 2");
        assert_eq!(site.requests("/hook").len(), 2);
        assert!(redraft.get("/outbox.json").contains("\"waiting\": 2"));
    })
    .await
    .unwrap();
    drop(silent);
}
