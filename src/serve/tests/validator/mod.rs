//! Our feeds by the rules of the W3C feed validator and of jsonfeed.org, over a newsroom of the nastiest articles.

mod cases;
mod grammar;
mod html;
mod json;
mod judged;
mod nasty;
mod rules;
mod xml;

use std::io::Read;

use super::Running;
use super::newsroom::at;
use crate::model::{ArticleId, Locale};
use judged::{Judged, Kind};
use rules::Rule;

const BASE: &str = "http://edits.example/";

fn rules() -> impl Iterator<Item = &'static Rule> {
    rules::RULES.iter().chain(json::RULES)
}

/// What all rules find wrong.
fn complaints(judged: &Judged) -> Vec<String> {
    let own = rules().filter(|rule| rule.of.contains(&judged.kind));
    let found = own.filter_map(|rule| Some((rule.name, (rule.check)(judged)?)));
    found
        .map(|(name, wrong)| format!("{name}: {} ({})", wrong.chars().take(300).collect::<String>(), judged.address))
        .collect()
}

async fn judged(server: &Running, kind: Kind, path: &str) -> Judged {
    let heard = server.ask("GET", &format!("/{path}"), &[("Accept-Encoding", "gzip, deflate")]).await;
    let body = if heard.header("transfer-encoding").is_some() { unchunked(&heard.body) } else { heard.body };
    let mut text = String::new();
    flate2::read::GzDecoder::new(&body[..]).read_to_string(&mut text).unwrap();
    Judged::of(kind, &format!("{BASE}{path}"), server.house.clock.now(), &heard.head, &text)
}

/// What came in chunks, whole.
fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&body[..end]).unwrap(), 16).unwrap();
        whole.extend_from_slice(&body[end + 2..end + 2 + size]);
        body = &body[end + 4 + size..];
    }
    whole
}

/// A newsroom of nasty articles that tells of them in the words of `locale`.
async fn nasty(locale: Locale) -> (Running, Vec<ArticleId>) {
    let mut articles = Vec::new();
    let server = Running::start_changed(BASE, |house| {
        house.site.locale = locale;
        house.site.hub = Some("https://hub.example/".parse().unwrap());
        house.sources[0].name = "The <b>Harbour</b> &amp; \u{202e}Gazette\u{0}\u{fffd}".to_owned();
        articles = nasty::fill(house);
    })
    .await;
    (server, articles)
}

#[tokio::test]
async fn no_rule_of_the_feed_validator_finds_anything_in_any_feed() {
    let mut wrong = Vec::new();
    for locale in Locale::ALL {
        let (server, articles) = nasty(locale).await;
        let scopes = ["edits".to_owned(), "sources/harbour/edits".to_owned()].into_iter();
        let of_articles = articles.iter().filter(|_| locale == Locale::English);
        let scopes = scopes.chain(of_articles.map(|id| format!("articles/{id}/edits")));
        for scope in scopes {
            for (kind, name) in [(Kind::Atom, "atom"), (Kind::Rss, "rss"), (Kind::Json, "json")] {
                wrong.extend(complaints(&judged(&server, kind, &format!("{scope}.{name}")).await));
            }
        }
        wrong.extend(complaints(&judged(&server, Kind::Opml, "feeds.opml").await));
        wrong.sort();
        wrong.dedup();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn nor_in_any_narrowed_feed() {
    let (server, _) = nasty(Locale::English).await;
    let mut wrong = Vec::new();
    for query in [
        "class=headline,figure",
        "min_score=0.3&silent=1",
        "q=people",
        "q=%22a~b%22+%26+c*d._-%27+%3Cb%3E+%E2%80%AE%F0%9F%91%A9",
        "q=cafe%CC%81+%EF%BF%BD",
        "lang=en",
        "from=2026-08-01&to=2026-08-02",
    ] {
        for (kind, name) in [(Kind::Atom, "atom"), (Kind::Rss, "rss"), (Kind::Json, "json")] {
            for scope in ["edits", "sources/harbour/edits", "articles/5/edits"] {
                let mut path = format!("{scope}.{name}?{query}");
                let heard = server.get(&format!("/{path}")).await;
                if let Some(own) = heard.header("location") {
                    path = own.trim_start_matches(BASE).to_owned();
                }
                wrong.extend(complaints(&judged(&server, kind, &path).await));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_right_breaks_no_rule() {
    for kind in [Kind::Atom, Kind::Rss, Kind::Opml, Kind::Json] {
        assert_eq!(complaints(&cases::right(kind)), [""; 0], "{kind:?}");
    }
}

#[test]
fn every_rule_sees_what_breaks_it() {
    let mut seen = Vec::new();
    for (name, kind, from, to) in cases::BROKEN {
        let right = cases::answer(*kind);
        assert!(right.contains(from), "{name}: no {from}");
        let broken = cases::judged(*kind, &right.replacen(from, to, 1));
        assert!(
            complaints(&broken).iter().any(|wrong| wrong.starts_with(&format!("{name}: "))),
            "{name} does not see {to}"
        );
        seen.push(*name);
    }
    let blind: Vec<&str> = rules().map(|rule| rule.name).filter(|name| !seen.contains(name)).collect();
    assert!(blind.is_empty(), "no case breaks {blind:?}");
    assert_eq!(at("15:00:00"), cases::now());
}
