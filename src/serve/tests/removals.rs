//! Articles that are not there any more, on every surface: sought by kind, told silent or disclosed, with the notice and the last text.

use super::newsroom::{BRIDGE, NASTY, at, withdraw};
use super::{Heard, Running};
use crate::model::VersionNumber;
use crate::store::Hidden;

const NOTICE: &str = "This article has been <withdrawn> & will not return.";

/// A newsroom in which one article was removed without a word, and another with a notice.
async fn newsroom() -> Running {
    let server = Running::start().await;
    withdraw(&server.house.store, NASTY, "14:40:00", Some(NOTICE));
    server
}

async fn ids(server: &Running, path: &str) -> Vec<String> {
    let heard = server.get(path).await;
    assert_eq!(heard.status, 200, "{path}");
    let all: serde_json::Value = serde_json::from_slice(&heard.body).unwrap();
    let entries = all.get("items").or(all.get("edits")).unwrap().as_array().unwrap();
    entries.iter().map(|entry| entry["id"].as_str().unwrap().rsplit_once("article/").unwrap().1.to_owned()).collect()
}

#[tokio::test]
async fn removals_are_sought_by_their_kind_in_feeds_and_searches_alike() {
    let server = newsroom().await;
    for (query, expected) in [
        ("class=removed-article", vec!["2/edit/2", "1/edit/3"]),
        ("class=removed-article&silent=1", vec!["1/edit/3"]),
        ("class=correction,removed-article", vec!["2/edit/2", "1/edit/3", "1/edit/2"]),
        ("class=restored-article", vec![]),
        ("class=returned", vec![]),
        ("class=removed-article&q=withdrawn", vec!["2/edit/2"]),
        ("class=removed", vec!["1/edit/1"]),
    ] {
        for path in ["/edits.json", "/search.json", "/sources/harbour/edits.json"] {
            assert_eq!(ids(&server, &format!("{path}?{query}")).await, expected, "{path}?{query}");
        }
    }
    let refused = server.get("/edits.atom?class=gone").await;
    assert!(refused.text().contains("boilerplate, returned, removed-article, restored-article"), "{}", refused.text());
}

#[tokio::test]
async fn the_form_offers_removals_and_keeps_what_was_chosen() {
    let server = newsroom().await;
    let heard = server.get("/search?class=headline,removed-article").await;
    let choice = |value: &str, more: &str| format!("name=\"class\" value=\"{value}\"{more}> ");
    for part in [
        choice("headline", " checked") + "Headline",
        choice("removed-article", " checked") + "Article removed",
        choice("restored-article", "") + "Article restored",
        choice("returned", "") + "Back to an earlier text",
    ] {
        assert!(heard.text().contains(&part), "no {part} in {}", heard.text());
    }
    assert!(heard.text().contains("/edits.atom?class=headline,removed-article\""), "{}", heard.text());
}

/// The card of an article in a list of edits.
fn card(heard: &Heard, article: &str) -> String {
    let cards = heard.text().split("<article class=\"card\">").skip(1);
    cards.map(str::to_owned).find(|card| card.contains(article)).unwrap()
}

#[tokio::test]
async fn pages_quote_the_notice_and_say_what_is_silent() {
    let server = newsroom().await;
    let list = server.get("/?class=removed-article").await;
    let quoted = "<p>The page says now: <q lang=\"en-GB\" dir=\"auto\">This article has been &#60;withdrawn&#62; &#38; will not return.</q></p>";
    let told = card(&list, "/articles/2\"");
    assert!(told.contains(quoted) && told.contains("<li class=\"disclosed\">Disclosed</li>"), "{told}");
    let silent = card(&list, "/articles/1\"");
    assert!(silent.contains("Silent: nothing at its address says that it was removed."), "{silent}");
    assert!(silent.contains("<li class=\"silent\">Silent</li>") && !silent.contains("<q "), "{silent}");
    let article = server.get("/articles/2").await;
    assert!(article.text().contains(quoted), "{}", article.text());
    let german = server.ask("GET", "/articles/2", &[("Accept-Language", "de")]).await;
    assert!(german.text().contains("Die Seite sagt jetzt: <q lang=\"en-GB\""), "{}", german.text());
}

#[tokio::test]
async fn the_entry_of_a_removal_leads_to_the_last_text_and_stays_when_that_is_taken_down() {
    let server = newsroom().await;
    let entry = server.get("/articles/1/edits.atom?class=removed-article").await;
    let link = "&lt;a href=&quot;http://edits.example/articles/1/versions/4&quot;&gt;The last text we kept (version 4)&lt;/a&gt;";
    let link = link.replace("&quot;", "\"");
    assert!(entry.text().replace("&quot;", "\"").contains(&link), "{}", entry.text());
    assert_eq!(server.get("/articles/1/versions/4").await.status, 200);
    let hidden = Hidden {
        article: BRIDGE,
        version: Some(VersionNumber(4)),
        since: at("14:50:00"),
        reason: "On request.".to_owned(),
    };
    server.house.store.hide(hidden).unwrap();
    assert_eq!(ids(&server, "/edits.json?class=removed-article").await, ["2/edit/2", "1/edit/3"]);
    assert_eq!(server.get("/articles/1/versions/4").await.status, 410);
}
