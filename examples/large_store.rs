//! Fills a data directory with many articles, to measure the cost of a large store: `cargo run --release --example
//! large_store -- DIRECTORY ARTICLES`. Every article has its page and a version of forty paragraphs; every fifth was
//! edited twice. All are due on the next day, spread over two hundred hosts. A redraft started on the directory has
//! as much to remember as one that watched them itself.

use std::path::Path;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use redraft::compare::identity;
use redraft::model::{
    Article, ArticleId, Block, BlockKind, Content, Decision, Digest, Disclosure, Edit, EditKind, EditNumber, EntryText,
    Habit, Outcome, Page, PollState, Round, SourceSlug, Terms, Validators, Version, VersionNumber, Watch,
};
use redraft::store::{Arrival, Options, Store, StoreError};
use url::Url;

/// Threads that record in parallel: the store groups writes that arrive within twenty milliseconds.
const WRITERS: u64 = 64;
/// Entries per poll.
const ENTRIES: u64 = 500;
/// Number of hosts.
const HOSTS: u64 = 200;
/// Delay until the first article is due, so that a measured redraft does not fetch anything.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Paragraphs per article.
const PARAGRAPHS: u64 = 40;
/// Words that texts are made of.
const WORDS: [&str; 16] = [
    "harbour", "budget", "council", "winter", "minister", "bridge", "school", "storm", "market", "railway", "vote",
    "island", "hospital", "court", "summer", "village",
];

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().context("name a directory and how many articles it is to hold")?;
    let count: u64 = arguments.next().context("say how many articles")?.parse().context("that is no number")?;
    let options = Options { cache_mib: 48, authority: "news.example".to_owned() };
    let store = Store::open(Path::new(&directory), &options, Timestamp::now())?;
    let mut ids = Vec::new();
    for first in (0..count).step_by(ENTRIES as usize) {
        ids.extend(arrive(&store, first, ENTRIES.min(count - first))?);
    }
    std::thread::scope(|scope| {
        let lanes = (0..WRITERS).map(|lane| {
            let (store, ids) = (&store, &ids);
            scope.spawn(move || ids.iter().filter(|id| id.0 % WRITERS == lane).try_for_each(|id| write(store, *id)))
        });
        let lanes: Vec<_> = lanes.collect();
        lanes.into_iter().try_for_each(|lane| lane.join().map_err(|_| anyhow::anyhow!("a writer panicked"))?)
    })?;
    let counts = store.counts()?;
    println!(
        "{} articles, {} versions, {} edits, {} MiB",
        counts.articles,
        counts.versions,
        counts.edits,
        counts.bytes >> 20
    );
    Ok(store.close()?)
}

/// Records articles.
fn arrive(store: &Store, first: u64, many: u64) -> anyhow::Result<Vec<ArticleId>> {
    let now = Timestamp::now();
    let slug: SourceSlug = format!("source-{}", first / ENTRIES).parse().map_err(anyhow::Error::msg)?;
    let arrivals = (first..first + many).map(|number| {
        let url = Url::parse(&format!("https://host-{}.example/news/a-story-of-the-day-{number}", number % HOSTS))?;
        let (source, title) = (slug.clone(), format!("A story of the day, number {number}"));
        let guid = Some(format!("https://news.example/?p={number}"));
        Ok(Arrival { url, source, guid, title, published: None, updated: None, text: Some(number), due: now, now })
    });
    let arrivals = arrivals.collect::<Result<Vec<_>, url::ParseError>>()?;
    let url = Url::parse(&format!("https://host-{}.example/feed", first % HOSTS))?;
    let known = store.record_poll(poll(slug, url, now), arrivals, None)?;
    Ok(known.into_iter().map(|(id, _)| id).collect())
}

fn poll(slug: SourceSlug, url: Url, now: Timestamp) -> PollState {
    PollState {
        slug,
        url,
        title: None,
        name: None,
        asked_interval: None,
        validators: Validators::default(),
        due: now,
        polled: Some(now),
        succeeded: Some(now),
        failures: 0,
        trouble: None,
        digest: None,
        round: Round::default(),
        habit: Habit::default(),
        terms: Terms::default(),
    }
}

/// Records the versions of an article.
fn write(store: &Store, id: ArticleId) -> anyhow::Result<()> {
    let versions = if id.0.is_multiple_of(5) { 3 } else { 1 };
    for number in 1..=versions {
        let article = store.article(id)?.context("the article vanished")?;
        record(store, article, number)?;
    }
    Ok(())
}

fn record(store: &Store, article: Article, number: u32) -> Result<(), StoreError> {
    let now = Timestamp::now();
    let content = content(article.id, number);
    let html: String = content.blocks.iter().map(|block| format!("<p class=\"text\">{}</p>\n", block.text)).collect();
    let page = Page { url: article.url.clone(), html: format!("<html><body>{}</body></html>", html.repeat(3)) };
    let edits: Vec<Edit> = (number > 1).then(|| edit(&article, number, now)).into_iter().collect();
    let due = now + DAY + SignedDuration::from_secs((article.id.0 % 86_400).cast_signed());
    let next = Some(VersionNumber(number));
    let last_edit = edits.last().map(|edit| edit.number);
    let page_digest = Some(Digest::of(page.html.as_bytes()));
    let version = Version {
        number: VersionNumber(number),
        seen: now,
        identity: identity(&content),
        content,
        extractor: redraft::extract::NUMBER,
        same_as: None,
        verdict: None,
    };
    let article = Article { latest: next, announced: next, last_edit, page_digest, watch: Watch::Due(due), ..article };
    store.record(Decision {
        version: Some(version),
        page: Some(page),
        edits,
        ..Decision::quiet(Outcome::Kept, article)
    })
}

/// A text that is different for every article.
fn content(id: ArticleId, number: u32) -> Content {
    let word = |place: u64| {
        let hash = (id.0 * 1_000 + place).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        format!("{}{}", WORDS[(hash % 16) as usize], hash / 16 % 97)
    };
    let paragraph = |n: u64| {
        let words: Vec<String> = (0..25).map(|place| word(n * 25 + place)).collect();
        Block { kind: BlockKind::Paragraph, text: format!("{}.", words.join(" ")) }
    };
    let mut blocks: Vec<Block> = (0..PARAGRAPHS).map(paragraph).collect();
    blocks[number as usize].text = format!("Edited for version {number}.");
    Content { headline: format!("A story of the day, number {id}"), blocks, ..Content::default() }
}

fn edit(article: &Article, number: u32, now: Timestamp) -> Edit {
    Edit {
        article: article.id,
        number: EditNumber(number - 1),
        kind: EditKind::Changed,
        from: Some(VersionNumber(number - 1)),
        to: Some(VersionNumber(number)),
        seen: now,
        since: now,
        headline: article.headline.clone(),
        url: article.url.clone(),
        sources: article.sources.clone(),
        publication: Some("The News".to_owned()),
        language: None,
        reasons: Vec::new(),
        score: 0.7,
        disclosure: Some(Disclosure::Silent),
        notice: None,
        returned_to: None,
        live: false,
        entry: EntryText {
            title: format!("A story of the day, edit {}", number - 1),
            summary: "A paragraph changed.".to_owned(),
            html: "<p>Was: as it was. Now: as it is.</p>".repeat(40),
            ..EntryText::default()
        },
    }
}
