use super::Running;
use super::newsroom::{at, polled, source, watch_page};
use crate::model::{Article, CheckNote, Fact, Habit, Outcome, PollState, Presence, Watch};

/// The words about a source on the list of sources and on its own page, without elements.
async fn told(server: &Running, slug: &str) -> (String, String) {
    let list = server.get("/sources").await;
    let (_, row) = list.text().split_once(&format!("href=\"/sources/{slug}\"")).unwrap();
    let own = server.get(&format!("/sources/{slug}")).await;
    let (_, lead) = own.text().split_once("<p class=\"lead\">").unwrap();
    (bare(row.split_once("</li>").unwrap().0), bare(lead.split_once("</p>").unwrap().0))
}

fn bare(html: &str) -> String {
    let texts = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    texts.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn with_page(look: impl FnOnce(&mut Article)) -> (String, String) {
    let server = Running::start_changed("http://edits.example/", |house| watch_page(house, look)).await;
    told(&server, "notice").await
}

async fn with_feed(poll: PollState) -> (String, String) {
    let server = Running::start().await;
    server.house.store.record_poll(poll, Vec::new(), None).unwrap();
    told(&server, "harbour").await
}

#[tokio::test]
async fn a_page_that_is_alive_was_looked_at_when_its_article_was() {
    let (row, lead) = with_page(|article| {
        article.pulse.looked = Some(at("14:45:00"));
        article.watch = Watch::Due(at("15:15:00"));
    })
    .await;
    assert!(
        row.contains("looked at 14:45 UTC, 1 August 2026 · next look at about 15:15 UTC, 1 August 2026 ·"),
        "{row}"
    );
    assert!(row.ends_with("· 1 article · 0 edits"), "{row}");
    assert_eq!(
        lead,
        "page, gazette.example; looked at 14:45 UTC, 1 August 2026; next look at about 15:15 UTC, 1 August 2026; \
         looks get rarer while it stays as it is, since 08:58 UTC, 1 August 2026; 1 article; 0 edits."
    );
}

#[tokio::test]
async fn a_page_that_is_dead_says_since_when_and_why() {
    let (row, lead) = with_page(|article| {
        article.pulse.looked = Some(at("10:00:00"));
        article.presence = Presence::Missing { since: at("11:00:00"), looks: 3 };
        article.note(CheckNote { at: at("14:00:00"), outcome: Outcome::Suspect, why: Fact::english("HTTP 404") });
        article.watch = Watch::Due(at("17:00:00"));
    })
    .await;
    for words in [
        "last tried at 14:00 UTC, 1 August 2026",
        "last read at 10:00 UTC, 1 August 2026",
        "next look at about 17:00 UTC, 1 August 2026",
        "Trouble: not found since 11:00 UTC, 1 August 2026, 3 looks in a row: HTTP 404",
    ] {
        assert!(row.contains(words) && lead.contains(words), "no {words} in {row}, {lead}");
    }
    let (row, _) = with_page(|article| {
        article.pulse.failures = 2;
        article.note(CheckNote { at: at("14:00:00"), outcome: Outcome::Trouble, why: Fact::english("no such host") });
    })
    .await;
    assert!(row.contains("last tried at 14:00 UTC, 1 August 2026 · never read ·"), "{row}");
    assert!(row.ends_with("Trouble: the last 2 looks failed: no such host"), "{row}");
    let (row, _) = with_page(|article| {
        article.pulse.looked = Some(at("10:00:00"));
        article.presence = Presence::Removed { since: at("11:00:00") };
    })
    .await;
    assert!(row.contains("last read at 10:00 UTC") && row.ends_with("gone since 11:00 UTC, 1 August 2026"), "{row}");
}

#[tokio::test]
async fn a_page_that_was_not_looked_at_yet_says_so() {
    let (row, _) = with_page(|_| ()).await;
    assert!(row.contains("not looked at yet · next look at about"), "{row}");
}

#[tokio::test]
async fn a_feed_says_when_it_was_read_and_what_is_wrong() {
    let (row, _) = with_feed(polled(&source())).await;
    let times = "looked at 14:55 UTC, 1 August 2026 · next look at about 15:10 UTC, 1 August 2026";
    assert!(
        row.ends_with(&format!("{times} · polled every 15 minutes, as configured · 2 articles · 4 edits")),
        "{row}"
    );
    let failing = PollState {
        polled: Some(at("14:58:00")),
        succeeded: Some(at("12:00:00")),
        failures: 3,
        trouble: Some(Fact::english("HTTP 500")),
        ..polled(&source())
    };
    let (row, lead) = with_feed(failing).await;
    for words in [
        "last tried at 14:58 UTC, 1 August 2026",
        "last read at 12:00 UTC, 1 August 2026",
        "next look at about 15:10 UTC, 1 August 2026",
        "Trouble: the last 3 polls failed: HTTP 500",
    ] {
        assert!(row.contains(words) && lead.contains(words), "no {words} in {row}, {lead}");
    }
}

#[tokio::test]
async fn a_feed_that_fell_silent_against_its_habit_is_marked_everywhere() {
    let habit = Habit { last: "2026-07-20T12:00:00Z".parse().ok(), times: 30, silence_s: 86_400 };
    let server = Running::start().await;
    server.house.store.record_poll(PollState { habit, ..polled(&source()) }, Vec::new(), None).unwrap();
    let (row, lead) = told(&server, "harbour").await;
    let words = "quiet: nothing new for 12 days, more than 2 times its longest silence before";
    assert!(row.contains(words) && lead.contains(words), "{row}, {lead}");
    let metrics = server.get("/metrics").await;
    assert!(metrics.text().contains("redraft_source_quiet{source=\"harbour\"} 1"), "{}", metrics.text());
    let answer = server.get("/sources/harbour.json").await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let told: serde_json::Value = serde_json::from_str(answer.text()).unwrap();
    assert_eq!(told["quiet_since"], "2026-07-20T12:00:00Z");
    assert_eq!((&told["articles"], &told["edits"], &told["trouble"]), (&2.into(), &4.into(), &serde_json::Value::Null));
    let all: serde_json::Value = serde_json::from_str(server.get("/sources.json").await.text()).unwrap();
    assert_eq!(all["sources"][0], told);
    assert_eq!(server.get("/sources/nobody.json").await.status, 404);
}
