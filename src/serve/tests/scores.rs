//! Scores, wherever somebody reads them: two decimals, and what is shown is what is asked for.

use super::Running;

/// What stands before a score that people read.
const MARKS: [&str; 6] = [
    "class=\"score\">score ",
    ", score ",
    "; score ",
    "The greatest score: ",
    "selected>from ",
    "<span class=\"meta\">",
];

/// The numbers behind `mark` in a text, as they are written.
fn numbers<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(mark).skip(1).map(|rest| {
        let rest = rest.trim_start();
        &rest[..rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len())]
    })
}

#[tokio::test]
async fn people_read_two_decimals_and_programs_no_more() {
    let server = Running::start().await;
    let mut read = 0;
    for path in [
        "/",
        "/articles/1",
        "/articles/2",
        "/why?url=https://gazette.example/2026/bridge?x=1&y=2",
        "/search?min_score=0.4",
    ] {
        let heard = server.get(path).await;
        for mark in MARKS {
            for number in numbers(heard.text(), mark).filter(|number| number.contains('.')) {
                let (_, decimals) = number.split_once('.').unwrap();
                assert_eq!(decimals.trim_end_matches(['.', ',']).len(), 2, "{path}: {mark}{number}");
                read += 1;
            }
        }
    }
    assert!(read > 12, "scores are found: {read}");
    for path in ["/edits.json", "/search.json?class=figure", "/articles/1.json", "/articles/1/versions/2.json"] {
        let heard = server.get(path).await;
        let text = heard.text().replace("\"score\": ", "\"score\":");
        let found: Vec<&str> = numbers(&text, "\"score\":").collect();
        assert!(found.len() > 2, "{path}");
        for number in found {
            let decimals = number.trim_end_matches(',').split_once('.').map_or("", |(_, decimals)| decimals);
            assert!((1..=2).contains(&decimals.len()), "{path}: {number}");
        }
    }
}

#[tokio::test]
async fn every_edit_is_found_by_the_score_that_is_shown() {
    let server = Running::start().await;
    let all: serde_json::Value = serde_json::from_slice(&server.get("/edits.json").await.body).unwrap();
    for entry in all["items"].as_array().unwrap() {
        let (id, score) = (entry["id"].as_str().unwrap(), entry["_redraft"]["score"].as_f64().unwrap());
        let heard = server.get(&format!("/edits.json?min_score={score}")).await;
        assert!(heard.text().contains(id), "{id} by {score}");
    }
}
