//! Searching, narrowing, and the same for programs.

use serde_json::Value;

use super::Running;

#[tokio::test]
async fn a_phrase_that_went_leads_to_its_edit_and_to_a_feed_of_the_same() {
    let server = Running::start().await;
    let heard = server.get("/search?q=%22six+weeks%22&class=headline").await;
    assert_eq!(heard.status, 302, "one spelling: kinds come first");
    assert_eq!(heard.header("location"), Some("http://edits.example/search?class=headline&q=%22six+weeks%22"));
    let heard = server.get("/search?class=headline&q=%22six+weeks%22").await;
    assert_eq!(heard.text().matches("<article class=\"card\"").count(), 1);
    assert!(heard.text().contains("/articles/1/compare/1/2\">Compare<"));
    assert!(heard.text().contains("value=\"&#34;six weeks&#34;\""), "{}", heard.text());
    assert!(heard.text().contains("value=\"headline\" checked"));
    let feed = "http://edits.example/edits.atom?class=headline&#38;q=%22six+weeks%22";
    assert!(heard.text().contains(feed), "{}", heard.text());
    let feed = server.get("/edits.atom?class=headline&q=%22six+weeks%22").await;
    assert_eq!((feed.status, feed.text().matches("<entry>").count()), (200, 1));
    assert_eq!(server.get("/search?q=%22weeks+six%22").await.text().matches("<article").count(), 0);
}

#[tokio::test]
async fn what_a_search_finds_in_a_later_change_is_shown_first() {
    let server = Running::start().await;
    let heard = server.get("/search?q=some").await;
    let (_, shown) = heard.text().split_once("<div class=\"changes\"").unwrap();
    let (first, rest) = shown.split_once("<details>").unwrap();
    assert!(first.contains("<ins><b>some</b></ins> jobs") || first.contains("some jobs"), "{first}");
    assert!(rest.contains("Headline changed"));
}

#[tokio::test]
async fn fields_that_a_form_leaves_empty_say_nothing() {
    let server = Running::start().await;
    for (asked, own) in [
        ("/search?q=&source=&min_score=&from=&to=", "search"),
        (
            "/?q=&source=harbour&min_score=0.60&class=quote&class=headline&silent=1",
            "?source=harbour&class=headline%2Cquote&min_score=0.6&silent=1",
        ),
        ("/?utm_source=mail", ""),
    ] {
        let heard = server.get(asked).await;
        let location = format!("http://edits.example/{own}");
        assert_eq!((heard.status, heard.header("location")), (302, Some(&*location)), "{asked}");
        assert_eq!(server.get(&format!("/{own}")).await.status, 200, "{own}");
    }
}

#[tokio::test]
async fn the_form_is_there_without_edits_until_something_is_asked() {
    let server = Running::start().await;
    let heard = server.get("/search").await;
    assert!(heard.text().contains("<form action=\"/search\" method=\"get\" role=\"search\">"));
    assert_eq!(heard.text().matches("<article").count(), 0);
    assert!(!heard.text().contains("No edit was found"));
    let policy = heard.header("content-security-policy").unwrap();
    assert!(policy.contains("form-action 'self'"), "{policy}");
    let nothing = server.get("/search?q=zeppelin").await;
    assert!(nothing.text().contains("No edit was found."));
}

#[tokio::test]
async fn the_latest_edits_are_narrowed_by_silence_kind_days_and_source() {
    let server = Running::start().await;
    let count = async |path: &str| server.get(path).await.text().matches("<article class=\"card\"").count();
    let all = count("/").await;
    assert!(all > 2);
    assert_eq!(count("/?source=harbour").await, all);
    assert_eq!(count("/?class=correction").await, 1);
    assert!((1..all).contains(&count("/?silent=1").await));
    assert_eq!(count("/?from=2026-08-01").await, all);
    assert_eq!(count("/?from=2026-08-02").await, 0);
    assert_eq!(count("/?to=2026-07-31").await, 0);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_in_words() {
    let server = Running::start().await;
    for (path, words) in [
        ("/search?source=nobody", "No source of this name"),
        ("/search?class=everything", "class: expected one of these"),
        ("/search?q=!!", "letters or digits"),
        ("/search?from=2026-08-02&to=2026-08-01", "a first day that is not after the last"),
        ("/?before=x", "before must be a number"),
        ("/search.json?min_score=7", "min_score"),
    ] {
        let heard = server.get(path).await;
        assert_eq!(heard.status, 400, "{path}");
        assert!(heard.text().contains(words), "{path}: {}", heard.text());
    }
}

#[tokio::test]
async fn words_that_are_asked_for_come_back_as_words_only() {
    let server = Running::start().await;
    let heard = server.get("/search?q=%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E").await;
    assert_eq!(heard.status, 200);
    assert!(!heard.text().contains("<script"), "{}", heard.text());
}

#[tokio::test]
async fn each_page_tells_programs_the_same() {
    let server = Running::start().await;
    let json = async |path: &str| {
        let heard = server.get(path).await;
        assert_eq!((heard.status, heard.header("content-type")), (200, Some("application/json")), "{path}");
        serde_json::from_slice::<Value>(&heard.body).unwrap()
    };
    let found = json("/search.json?q=%22six+weeks%22").await;
    assert_eq!(found["edits"][0]["_redraft"]["article"], 1);
    assert_eq!((found["edits"].as_array().unwrap().len(), &found["older"]), (1, &Value::Null));
    let article = json("/articles/1.json").await;
    assert_eq!(article["external_url"], "https://gazette.example/2026/bridge?x=1&y=2");
    assert_eq!(article["versions"].as_array().unwrap().len(), 4);
    assert_eq!((&article["versions"][1]["edit"], &article["versions"][2]["edit"]), (&1.into(), &Value::Null));
    assert_eq!(article["edits"].as_array().unwrap().len(), 3);
    let version = json("/articles/1/versions/2.json").await;
    assert_eq!(version["text"]["headline"], "Swing bridge to close for ten weeks");
    assert_eq!(version["text"]["blocks"][0]["kind"], "paragraph");
    let comparison = json("/articles/1/compare/1/2.json").await;
    let removed = serde_json::json!(["removed", "six"]);
    assert!(comparison["headline"].as_array().unwrap().contains(&removed), "{}", comparison["headline"]);
    let changes: Vec<&str> =
        comparison["blocks"].as_array().unwrap().iter().filter_map(|block| block["change"].as_str()).collect();
    assert!(changes.contains(&"moved") && changes.contains(&"removed"), "{changes:?}");
    let looked_up = json("/lookup.json?url=https://gazette.example/2026/bridge?x=1&y=2").await;
    assert_eq!(looked_up["json_url"], "http://edits.example/articles/1.json");
}

#[tokio::test]
async fn a_name_for_programs_stands_at_the_end_and_there_only() {
    let server = Running::start().await;
    for path in [
        "/articles/1.json/edits.json",
        "/articles/1.json/versions/2",
        "/articles/1/compare/1.json/2",
        "/articles/1/versions/2.json.json",
        "/articles/9.json",
        "/articles/.json",
    ] {
        assert_eq!(server.get(path).await.status, 404, "{path}");
    }
}
