//! What `render` promises, on cases written out by hand.

mod entries;
mod excerpts;
mod feeds;
mod languages;
mod laws;
mod times;

use jiff::Timestamp;
use jiff::civil::date;

use crate::model::{
    ArticleId, Block, BlockKind, Class, Content, Disclosure, Edit, EditKind, EditNumber, EntryText, Fact, Locale, Op,
    Reason, Segment, Site, VersionNumber,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn site() -> Site {
    Site {
        title: "Edit & Watch".to_owned(),
        base_url: "https://edits.example/below/".parse().unwrap(),
        authority: "edits.example".to_owned(),
        since: date(2026, 8, 1),
        locale: Locale::English,
        hub: None,
    }
}

/// Segments from a line of notation: `=same`, `-removed`, `+added`, `>moved`, `<moved away`, `*moved along`, separated by `|`.
fn segments(notation: &str) -> Vec<Segment> {
    let segment = |part: &str| {
        let op = match part.chars().next() {
            Some('-') => Op::Removed,
            Some('+') => Op::Added,
            Some('>') => Op::Moved,
            Some('<') => Op::MovedAway,
            Some('*') => Op::MovedAlong,
            _ => Op::Same,
        };
        Segment::plain(op, &part[1..])
    };
    notation.split('|').map(segment).collect()
}

fn content(headline: &str, blocks: &[&str]) -> Content {
    let block = |text: &&str| Block { kind: BlockKind::Paragraph, text: (*text).to_owned() };
    Content { headline: headline.to_owned(), blocks: blocks.iter().map(block).collect(), ..Content::default() }
}

pub(super) fn edit() -> Edit {
    Edit {
        article: ArticleId(7),
        number: EditNumber(2),
        kind: EditKind::Changed,
        from: Some(VersionNumber(2)),
        to: Some(VersionNumber(3)),
        seen: at("2026-08-01T11:40:00Z"),
        since: at("2026-08-01T11:05:00Z"),
        headline: "Mayor approves budget".to_owned(),
        url: "https://news.example/budget?a=1&b=2".parse().unwrap(),
        sources: vec!["news".parse().unwrap()],
        publication: Some("The Gazette & Herald".to_owned()),
        language: Some("en-GB".to_owned()),
        reasons: vec![
            Reason { class: Class::Headline, score: 0.7, fact: Fact::english("headline reworded") },
            Reason { class: Class::Figure, score: 0.6, fact: Fact::english("figure 5 → 7") },
        ],
        score: 0.8,
        disclosure: Some(Disclosure::Silent),
        notice: None,
        returned_to: None,
        live: false,
        entry: EntryText::default(),
    }
}
