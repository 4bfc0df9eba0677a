//! Tests of the store in a real directory: opened, written, closed and reopened.

mod archive;
mod furniture;
mod opening;
mod pages;
mod polls;
mod queries;
mod records;
mod retention;
mod searches;
mod stamps;
mod survives;

use std::path::Path;

use jiff::Timestamp;
use url::Url;

use super::{Arrival, Options, Store};
use crate::model::{
    Article, ArticleId, Block, BlockKind, Class, Content, Decision, Digest, Disclosure, Edit, EditKind, EditNumber,
    EntryText, Fact, Habit, Outcome, Page, PollState, Reason, Round, SourceSlug, Terms, Validators, Verdict, Version,
    VersionNumber,
};

/// A time `seconds` after noon of 20 November 2026.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_176_000 + seconds).unwrap()
}

fn url(path: &str) -> Url {
    Url::parse("https://news.example/").unwrap().join(path).unwrap()
}

fn slug(text: &str) -> SourceSlug {
    text.parse().unwrap()
}

fn open(dir: &Path) -> Store {
    Store::open(dir, &Options { cache_mib: 8, authority: "news.example".to_owned() }, at(0)).unwrap()
}

fn poll(source: &str) -> PollState {
    PollState {
        slug: slug(source),
        url: url("feed"),
        title: Some("News".to_owned()),
        name: None,
        asked_interval: Some(jiff::SignedDuration::from_mins(15)),
        validators: Validators { etag: Some("\"1\"".to_owned()), last_modified: None, of: None },
        due: at(300),
        polled: Some(at(0)),
        succeeded: Some(at(0)),
        failures: 0,
        trouble: None,
        digest: Some(Digest::of(b"feed")),
        round: Round::default(),
        habit: Habit::default(),
        terms: Terms::default(),
    }
}

fn arrival(path: &str, source: &str) -> Arrival {
    Arrival {
        url: url(path),
        source: slug(source),
        guid: None,
        title: format!("Title of {path}"),
        published: None,
        updated: None,
        text: None,
        due: at(60),
        now: at(0),
    }
}

/// Links one source to one article.
fn arrive(store: &Store, path: &str, source: &str) -> ArticleId {
    store.record_poll(poll(source), vec![arrival(path, source)], None).unwrap()[0].0
}

fn content(number: u32) -> Content {
    let mut blocks: Vec<Block> = (0..40)
        .map(|block| Block {
            kind: BlockKind::Paragraph,
            text: format!("Paragraph {block} says what happened in street {} on that day.", block * 37 % 101),
        })
        .collect();
    blocks[usize::try_from(number).unwrap() % 40].text = format!("Paragraph edited for version {number}.");
    Content { headline: format!("Headline {number}"), blocks, ..Content::default() }
}

fn version(number: u32) -> Version {
    let content = content(number);
    let identity = Digest::of(content.headline.as_bytes());
    let reasons = vec![Reason { class: Class::Figure, score: 0.8, fact: Fact::english("figure 12 → 21") }];
    let verdict = Verdict { reasons, score: 0.8, substantive: true, disclosure: Disclosure::Silent };
    Version {
        number: VersionNumber(number),
        seen: at(i64::from(number) * 60),
        content,
        identity,
        extractor: 1,
        same_as: None,
        verdict: (number > 1).then_some(verdict),
    }
}

fn edit(article: &Article, number: u32) -> Edit {
    Edit {
        article: article.id,
        number: EditNumber(number),
        kind: EditKind::Changed,
        from: Some(VersionNumber(number)),
        to: Some(VersionNumber(number + 1)),
        seen: at(i64::from(number) * 60 + 60),
        since: at(i64::from(number) * 60),
        headline: format!("Headline {}", number + 1),
        url: article.url.clone(),
        sources: article.sources.clone(),
        publication: Some("News".to_owned()),
        language: Some("en".to_owned()),
        reasons: vec![Reason { class: Class::Figure, score: 0.8, fact: Fact::english("figure 12 → 21") }],
        score: 0.8,
        disclosure: Some(Disclosure::Silent),
        notice: None,
        returned_to: None,
        live: false,
        entry: EntryText {
            title: format!("Edit {number} of {}", article.id),
            summary: "A figure changed.".to_owned(),
            html: "<p>Was: 12. Now: 21.</p>".repeat(400),
            ..EntryText::default()
        },
    }
}

fn page(number: u32) -> Page {
    Page { url: url("page"), html: format!("<html>{}<p>{number}</p></html>", "<div>filler</div>".repeat(3_000)) }
}

/// A check that stored the version with this number and, from the second on, published an edit.
fn look(store: &Store, id: ArticleId, number: u32) -> Decision {
    let mut article = store.article(id).unwrap().unwrap();
    article.latest = Some(VersionNumber(number));
    article.announced = Some(VersionNumber(number));
    article.headline = format!("Headline {number}");
    let edits: Vec<Edit> = (number > 1).then(|| edit(&article, number - 1)).into_iter().collect();
    article.last_edit = edits.last().map(|edit| edit.number);
    Decision {
        outcome: if number == 1 { Outcome::First } else { Outcome::Edited },
        article,
        version: Some(version(number)),
        page: Some(page(number)),
        rebased: Vec::new(),
        edits,
        comparison: None,
        host_rests_until: None,
        identity: None,
        blocks: Vec::new(),
        held: false,
        asks_others: false,
    }
}

/// A check that found nothing.
fn idle(article: Article) -> Decision {
    Decision::quiet(Outcome::Unchanged, article)
}
