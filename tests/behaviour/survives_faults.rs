//! Faults of publishers' machines are not published as edits; real edits made meanwhile still are.

use jiff::SignedDuration;

use crate::program::Redraft;
use crate::site::{Article, NewsSite};

const ARTICLES: usize = 8;
const HALF_AN_HOUR: SignedDuration = SignedDuration::from_mins(31);
const HTML: (&str, &str) = ("content-type", "text/html; charset=utf-8");
const PLACES: [&str; ARTICLES] =
    ["Aberdeen", "Bergen", "Calais", "Dover", "Esbjerg", "Flensburg", "Gdansk", "Harlingen"];

fn path(number: usize) -> String {
    format!("/{}", PLACES[number].to_lowercase())
}

/// An article with its own words.
fn article(number: usize) -> Article {
    let place = PLACES[number];
    let ships = number * 7 + 12;
    Article::new(
        &format!("{place} opens its new ferry terminal"),
        &[
            &format!(
                "The port of {place} opened a terminal for {ships} ferries a day on Monday, two years after the old one burned down."
            ),
            &format!(
                "Hundreds of people from {place} came to see the first ship leave, among them the architect and her whole family."
            ),
            &format!(
                "A spokeswoman for the {place} harbour board said that the building had cost less than what the board had set aside for it."
            ),
            &format!(
                "Critics in {place} had warned for years that the road to the quay would be too narrow for lorries and buses in summer."
            ),
            &format!(
                "The next ship is due to arrive in {place} on Thursday with a crew of {number} and a cargo of timber from the north."
            ),
        ],
    )
}

/// A site with eight articles that were checked once.
async fn seaside() -> (NewsSite, Redraft) {
    let site = NewsSite::open().await;
    let paths: Vec<String> = (0..ARTICLES).map(path).collect();
    (0..ARTICLES).for_each(|number| site.publish(&path(number), &article(number)));
    site.feed("/feed.xml", &paths.iter().map(String::as_str).collect::<Vec<_>>());
    let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    assert_eq!(redraft.counts().versions, ARTICLES as u64);
    (site, redraft)
}

/// Adds one paragraph to all articles, the same to each.
fn redesign(site: &NewsSite) {
    for number in 0..ARTICLES {
        let mut story = article(number);
        story.paragraphs.insert(3, "Our reporters travel the whole coast for you, and a membership of four crowns a week keeps the lights on in our newsroom.".to_owned());
        if number == 5 {
            story.edit("Hundreds of people", "Thousands of people").edit("cost less than", "cost twice");
        }
        site.publish(&path(number), &story);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paragraph_that_comes_into_all_articles_is_furniture_and_a_true_edit_beside_it_is_told() {
    let (site, redraft) = seaside().await;
    redesign(&site);
    redraft.after(HALF_AN_HOUR).await;
    redraft.after(HALF_AN_HOUR).await;
    let entries = redraft.feed("/edits.atom").await;
    assert_eq!(entries.len(), 1, "{entries:#?}");
    assert!(entries[0].html.contains("Thousands") && !entries[0].html.contains("membership"), "{entries:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_host_has_in_common_is_held_over_a_restart() {
    let (site, mut redraft) = seaside().await;
    redesign(&site);
    redraft.restart().await;
    redraft.after(HALF_AN_HOUR).await;
    redraft.restart().await;
    redraft.after(HALF_AN_HOUR).await;
    assert_eq!(redraft.feed("/edits.atom").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paragraph_of_one_article_is_told_at_once() {
    let (site, redraft) = seaside().await;
    let mut story = article(2);
    story
        .paragraphs
        .insert(2, "Two dockers were hurt when a crane fell over on Sunday night, the fire brigade said.".to_owned());
    site.publish(&path(2), &story);
    redraft.after(HALF_AN_HOUR).await;
    assert_eq!(redraft.feed("/edits.atom").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_page_in_the_place_of_all_articles_is_no_edit_however_long_it_stays() {
    let (site, redraft) = seaside().await;
    let text = "Guests of the Grand Hotel surf the web with us at no charge for as long as they stay. Breakfast is served from seven until ten \
                in the winter garden, and the sauna on the ninth floor is open all day and night for all guests of the house.";
    let portal = Article::new("The Grand Hotel welcomes you", &[text, &text.replace("Breakfast", "Supper")]);
    (0..ARTICLES).for_each(|number| site.publish(&path(number), &portal));
    for _ in 0..40 {
        redraft.after(HALF_AN_HOUR).await;
    }
    assert_eq!(redraft.feed("/edits.atom").await.len(), 0);
    (0..ARTICLES).for_each(|number| site.publish(&path(number), article(number).edit("two years", "three years")));
    redraft.days(1).await;
    assert_eq!(
        redraft.feed("/edits.atom").await.len(),
        ARTICLES,
        "what was true all the while is told once it is seen"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_a_shell_a_stub_and_an_error_page_leave_no_trace() {
    let (site, redraft) = seaside().await;
    let pages = [
        "<title>Just a moment...</title><h1>Checking your browser before you go on</h1><p>Please enable JavaScript and cookies to continue.",
        "<title>Before you continue</title><h1>We value your privacy</h1><p>We and our 812 partners store and access information on a device.",
        "<title>Page not found</title><h1>Page not found</h1><p>Sorry, the page you were looking for does not exist.",
        "<title>Log in</title><h1>Log in</h1><form><p>Please log in to continue reading. <input type=password></form>",
        "<title>Harbour Echo</title><div id=root></div><script>boot()</script>",
        "<title>Aberdeen opens its new ferry terminal</title><h1>Aberdeen opens its new ferry terminal</h1><article><p>The port opened. Subscribe to continue reading.</article>",
        "<title>Maintenance</title><h1>We will be right back</h1><p>Our site is down for scheduled maintenance.",
    ];
    for page in pages {
        (0..ARTICLES).for_each(|number| site.put(&path(number), 200, &[HTML], page));
        for _ in 0..5 {
            redraft.after(HALF_AN_HOUR).await;
        }
        assert_eq!(redraft.feed("/edits.atom").await.len(), 0, "{page}");
    }
    site.publish(&path(1), article(1).edit("two years", "three years"));
    redraft.days(2).await;
    assert_eq!(redraft.feed("/edits.atom").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_edited_at_every_look_has_twenty_entries_a_day_and_then_one_a_day() {
    let site = NewsSite::open().await;
    site.publish("/live", &article(0));
    site.feed("/feed.xml", &["/live"]);
    let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    for look in 0..40 {
        let dead = format!("{} people", 100 + look * 13);
        site.publish("/live", article(0).edit("Hundreds of people", &dead));
        redraft.after(HALF_AN_HOUR).await;
    }
    assert_eq!(redraft.feed("/edits.atom").await.len(), 20);
    site.publish("/live", article(0).edit("Hundreds of people", "At the end 1,947 people"));
    redraft.days(2).await;
    let entries = redraft.feed("/edits.atom").await;
    assert_eq!(entries.len(), 21);
    let live: Vec<_> = entries.iter().filter(|entry| entry.html.contains("Live page: this entry tells all")).collect();
    assert!(live.len() == 1 && live[0].html.contains("1,947"), "{live:#?}");
    assert_eq!(
        redraft.get("/edits.atom", &[]).await.text().await.unwrap().matches("<category term=\"live\"").count(),
        1
    );
}

/// The output of `redraft hosts` with these arguments, on a store that is not in use.
fn hosts(data: &std::path::Path, words: &[&str]) -> (Option<i32>, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_redraft"));
    command.current_dir(data.parent().unwrap()).env_remove("REDRAFT_CONFIG");
    let end = command.arg("hosts").args(words).arg("--data").arg(data).output().unwrap();
    (end.status.code(), String::from_utf8([end.stdout, end.stderr].concat()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_of_a_host_is_listed_and_told_once_the_operator_accepts_it() {
    let (site, mut redraft) = seaside().await;
    let text = "This town paper and its seven neighbours are one paper now, and all of their pages say so from today on, with one text for all.";
    let merged = Article::new(
        "One paper for the whole coast",
        &[text, &text.replace("seven", "all the other"), &text.replace("town", "old")],
    );
    (0..ARTICLES).for_each(|number| site.publish(&path(number), &merged));
    redraft.days(2).await;
    assert_eq!(redraft.feed("/edits.atom").await.len(), 0);
    let data = redraft.stop().await;
    let host = site.address.to_string();
    let (code, words) = hosts(&data, &[]);
    assert!(code == Some(0) && words.starts_with(&format!("{host}  8 articles, last answer ")), "{words}");
    assert!(words.contains("    8 articles: "), "{words}");
    let (_, json) = hosts(&data, &["--json"]);
    let told: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&told["hosts"][0]["host"], &told["hosts"][0]["articles"]), (&host.clone().into(), &8.into()), "{json}");
    assert_eq!(hosts(&data, &["accept", "elsewhere.example"]).0, Some(1));
    let (code, words) = hosts(&data, &["accept", &host]);
    assert!(
        code == Some(0)
            && words.contains(&format!("the next check of 8 articles at {host} is accepted without confirmation")),
        "{words}"
    );
    redraft.start_again().await;
    // The command used the machine's clock, which is ahead of ours, so each article is checked when it was due
    // anyway.
    redraft.days(1).await;
    assert_eq!(redraft.feed("/edits.atom").await.len(), ARTICLES);
}
