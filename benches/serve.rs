//! The cost of queries on a large store: 100,000 articles with 300,000 edits, with the queries of the front page, a
//! search and filtered feeds.
//!
//! `cargo bench --bench serve` fills a store in a temporary directory (this takes a few minutes), reopens it and
//! prints how long each query takes: the median and the slowest of many. `REDRAFT_BENCH_ARTICLES=10000` makes a
//! smaller store. `REDRAFT_BENCH_STORE=DIRECTORY` keeps the store there, and uses one that exists already.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use redraft::model::{
    ArticleId, Class, Decision, Disclosure, Edit, EditKind, EditNumber, EntryText, Fact, Narrowing, Outcome, PollState,
    Reason, Scope, SourceSlug, VersionNumber,
};
use redraft::store::{Arrival, EditQuery, Options, Store};

/// Number of articles, unless the environment sets another.
const ARTICLES: usize = 100_000;
/// Edits per article.
const EDITS: u32 = 3;
/// Number of sources.
const SOURCES: usize = 50;
/// Articles per poll.
const ARRIVALS: usize = 1_000;
/// Threads that record in parallel, because the store groups writes.
const WRITERS: usize = 256;
/// Size of the vocabulary of the edits: about as many words as a large newspaper uses, distributed by Zipf's law.
const VOCABULARY: usize = 60_000;
/// Words removed or added in one edit.
const WORDS: usize = 60;
/// Repetitions of each query.
const TIMES: usize = 50;

fn main() {
    let articles = std::env::var("REDRAFT_BENCH_ARTICLES").ok().and_then(|text| text.parse().ok()).unwrap_or(ARTICLES);
    let (dir, kept) = (tempfile::tempdir().unwrap(), std::env::var("REDRAFT_BENCH_STORE"));
    let dir = kept.as_ref().map_or(dir.path(), Path::new);
    if !dir.join("state").exists() {
        let started = Instant::now();
        fill(&open(dir), articles);
        let edits = articles * EDITS as usize;
        println!("{articles} articles, {edits} edits written in {:.0} s", seconds(started.elapsed()));
    }
    let started = Instant::now();
    let store = open(dir);
    println!(
        "opened in {:.1} s; {:.0} MB on disk",
        seconds(started.elapsed()),
        store.counts().unwrap().bytes as f64 / 1e6
    );
    println!("{:<44} {:>10} {:>10} {:>6}", "", "median ms", "slowest ms", "edits");
    for (name, scope, pairs) in queries() {
        let narrowing = Narrowing::of(pairs).unwrap();
        measure(&store, name, &EditQuery { narrowing, ..EditQuery::newest(scope, 30) });
    }
}

/// A query: its name, scope and filter.
type Asked = (&'static str, Scope, Vec<(&'static str, &'static str)>);

fn queries() -> Vec<Asked> {
    let source = || Scope::Source("source7".parse().unwrap());
    vec![
        ("front page", Scope::Everything, vec![]),
        ("feed of a source", source(), vec![]),
        ("search: common words", Scope::Everything, vec![("q", "w1 w2")]),
        ("search: two words of middling rank", Scope::Everything, vec![("q", "w300 w900")]),
        ("search: a rare word", Scope::Everything, vec![("q", "w50000")]),
        ("search: a word that is nowhere", Scope::Everything, vec![("q", "quarry")]),
        ("search: a phrase of common words", Scope::Everything, vec![("q", "\"w1 w3 w2\"")]),
        ("search: word, source, class, days", source(), vec![("q", "w100"), ("class", "quote"), ("to", "2026-10-01")]),
        ("feed: a class that one in 1,000 edits has", Scope::Everything, vec![("class", "negation")]),
        ("feed: score of 0.9 and more, silent", Scope::Everything, vec![("min_score", "0.9"), ("silent", "1")]),
        ("feed: of a source, a rare class", source(), vec![("class", "negation")]),
        ("feed: a language that nobody writes", Scope::Everything, vec![("lang", "fi")]),
    ]
}

fn measure(store: &Store, name: &str, query: &EditQuery) {
    let mut times: Vec<Duration> = Vec::with_capacity(TIMES);
    let mut found = 0;
    for _ in 0..TIMES {
        let started = Instant::now();
        found = store.list(query).unwrap().edits.len();
        times.push(started.elapsed());
    }
    times.sort_unstable();
    let ms = |time: Duration| seconds(time) * 1e3;
    println!("{name:<44} {:>10.2} {:>10.2} {found:>6}", ms(times[TIMES / 2]), ms(times[TIMES - 1]));
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

fn open(dir: &Path) -> Store {
    Store::open(dir, &Options { cache_mib: 64, authority: "news.example".to_owned() }, at(0)).unwrap()
}

/// A time within half a year of 2026.
fn at(minutes: u64) -> Timestamp {
    Timestamp::from_second(1_780_000_000).unwrap() + SignedDuration::from_mins(i64::try_from(minutes).unwrap())
}

fn slug(number: usize) -> SourceSlug {
    format!("source{}", number % SOURCES).parse().unwrap()
}

fn fill(store: &Store, articles: usize) {
    for first in (0..articles).step_by(ARRIVALS) {
        let source = slug(first / ARRIVALS);
        let arrival = |number: usize| Arrival {
            url: format!("https://news{}.example/{number}", number % SOURCES).parse().unwrap(),
            source: source.clone(),
            guid: None,
            title: format!("Article {number}"),
            published: None,
            updated: None,
            text: None,
            due: at(0),
            now: at(0),
        };
        let state = PollState::unpolled(source.clone(), "https://news.example/feed".parse().unwrap(), at(0));
        store.record_poll(state, (first..first + ARRIVALS).map(arrival).collect(), None).unwrap();
    }
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            scope.spawn(move || {
                for number in (writer..articles).step_by(WRITERS) {
                    record(store, number as u64 + 1);
                }
            });
        }
    });
}

fn record(store: &Store, id: u64) {
    let article = store.article(ArticleId(id)).unwrap().unwrap();
    let edit = |number: u32| {
        let mut random = Random(id * u64::from(EDITS) + u64::from(number));
        let words: Vec<String> = (0..WORDS).map(|_| format!("w{}", random.rank())).collect();
        let (went, came) = words.split_at(WORDS / 2);
        let common = [Class::Headline, Class::Figure, Class::Quote, Class::Name, Class::Wording];
        let class = if random.below(1_000) == 0 { Class::Negation } else { common[random.below(5) as usize] };
        let html = format!(
            "<p>Told.</p>\n<p><b>Was:</b> <del>{}</del></p>\n<p><b>Now:</b> <ins>{}</ins></p>\n",
            went.join(" "),
            came.join(" ")
        );
        Edit {
            article: article.id,
            number: EditNumber(number),
            kind: EditKind::Changed,
            from: Some(VersionNumber(number)),
            to: Some(VersionNumber(number + 1)),
            seen: at(id * 2 + u64::from(number)),
            since: at(0),
            headline: format!("Headline of w{} and w{}", random.rank(), random.rank()),
            url: article.url.clone(),
            sources: article.sources.clone(),
            publication: Some("The News".to_owned()),
            language: Some("en".to_owned()),
            reasons: vec![Reason { class, score: 0.5, fact: Fact::english("reworded") }],
            score: random.below(100) as f64 / 100.0,
            disclosure: Some(if random.below(4) == 0 { Disclosure::Disclosed } else { Disclosure::Silent }),
            notice: None,
            returned_to: None,
            live: false,
            entry: EntryText {
                title: format!("Edit {number}"),
                summary: "Told.".to_owned(),
                html,
                ..EntryText::default()
            },
        }
    };
    let edits = (1..=EDITS).map(edit).collect();
    store.record(Decision { edits, ..Decision::quiet(Outcome::Edited, article.clone()) }).unwrap();
}

/// A sequence that is the same at every run (splitmix64, <https://prng.di.unimi.it/splitmix64.c>).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Draws a word by its rank; 1 is the most common. The frequency is proportional to one over the rank.
    fn rank(&mut self) -> usize {
        let part = self.below(1 << 53) as f64 / (1_u64 << 53) as f64;
        (VOCABULARY as f64).powf(part) as usize
    }
}
