//! Stores as earlier releases wrote them: `tests/store-samples/store-N.tar.zst` are data directories, `store-N.txt`
//! lists the content of each. They are never edited or removed, and must open for ever, however the store changes.
//! Every release that changes the format adds a new one: `REDRAFT_WRITE_SAMPLE_STORE=N cargo test --test store`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::SignedDuration;
use redraft::model::{
    ArticleId, CheckNote, Decision, Digest, EditKind, Fact, Host, Keeping, Outcome, Page, Retirement, RobotsState,
    Scope, Stage, Subscription, Version, VersionNumber, Watch,
};
use redraft::store::{EditQuery, Hidden, Options, Retention, Store};
use url::Url;

use crate::{arrive, at, content, look, open, version};

/// Environment variable with the number of the sample to write.
const WRITE: &str = "REDRAFT_WRITE_SAMPLE_STORE";
/// zstd's compression level. The files of a database are mostly zeros.
const EFFORT: i32 = 19;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store-samples")
}

/// Runs tar, which every system that can build redraft has, with `input`; returns its output.
fn tar(arguments: &[&str], dir: &Path, input: &[u8]) -> Vec<u8> {
    let mut command = Command::new("tar");
    command.args(arguments).current_dir(dir).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("these tests need tar");
    let mut pipe = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || pipe.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "tar failed");
    output.stdout
}

/// Unpacks a sample into `dir`.
fn unpack(sample: &Path, dir: &Path) {
    let packed = std::fs::read(sample).unwrap();
    tar(&["-xf", "-"], dir, &zstd::stream::decode_all(packed.as_slice()).unwrap());
}

fn address(path: &str) -> Url {
    Url::parse("https://news.example/").unwrap().join(path).unwrap()
}

/// A check with an outcome other than a new version.
fn quiet(store: &Store, id: ArticleId, outcome: Outcome, watch: Watch) -> Decision {
    let mut article = store.article(id).unwrap().unwrap();
    article.watch = watch;
    article.note(CheckNote { at: at(9_000), outcome, why: Fact::english("said in words") });
    Decision::quiet(outcome, article)
}

/// Fills a store with something of everything that it can hold.
fn fill(store: &Store) {
    let long = arrive(store, "long");
    for _ in 0..20 {
        store.record(look(store.article(long).unwrap().unwrap())).unwrap();
    }
    let rebased = Version { content: content(long, 7), extractor: 2, ..version(long, 20) };
    let article = store.article(long).unwrap().unwrap();
    store.record(Decision { rebased: vec![rebased], ..Decision::quiet(Outcome::NotModified, article) }).unwrap();
    let slight = arrive(store, "slight");
    store.record(look(store.article(slight).unwrap().unwrap())).unwrap();
    let mut decision = look(store.article(slight).unwrap().unwrap());
    (decision.edits, decision.article.last_edit, decision.article.announced) =
        (Vec::new(), None, Some(VersionNumber(1)));
    decision.page = Some(Page { url: address("moved"), html: "<p>Grüße aus 東京</p>".repeat(400) });
    store.record(decision).unwrap();
    let large = arrive(store, "large");
    let mut decision = quiet(store, large, Outcome::Trouble, Watch::Due(at(77)));
    decision.article.validators.etag = Some("e".repeat(10_000));
    decision.host_rests_until = Some(at(4_000_000_000));
    store.record(decision).unwrap();
    let gone = arrive(store, "gone");
    store.record(look(store.article(gone).unwrap().unwrap())).unwrap();
    store.record(quiet(store, gone, Outcome::Unchanged, retired())).unwrap();
    let retired_one = arrive(store, "retired");
    for _ in 0..2 {
        let mut decision = look(store.article(retired_one).unwrap().unwrap());
        decision.edits.iter_mut().for_each(|edit| edit.kind = EditKind::Removed);
        store.record(decision).unwrap();
    }
    store.record(quiet(store, retired_one, Outcome::Unchanged, retired())).unwrap();
    let keeping = Keeping { versions: Some(3), pages: true, forget_after: Some(SignedDuration::from_hours(1)) };
    store.sweep(ArticleId(0), &Retention { all: keeping, entries: 4, ..Retention::default() }, at(99_000)).unwrap();
    fill_beside(store, slight);
    store.flush().unwrap();
}

fn retired() -> Watch {
    Watch::Retired { since: at(5), reason: Retirement::Quiet }
}

/// Records of sources, sites and the operator.
fn fill_beside(store: &Store, article: ArticleId) {
    let slug = "news".parse().unwrap();
    store
        .hide(Hidden { article, version: Some(VersionNumber(1)), since: at(3), reason: "A wish.".to_owned() })
        .unwrap();
    store.learn(&slug, article, vec!["read more".to_owned()]).unwrap();
    store.stamp(&Scope::Everything, Digest::of(b"body"), at(8)).unwrap();
    let robots = RobotsState { text: Some("Disallow: /no".to_owned()), asked: at(1), lost: None };
    store.keep_robots(&address("x"), &robots, Some((Host::of(&address("x")), at(4_000_000_001)))).unwrap();
    let subscription = Subscription {
        topic: address("feed"),
        hub: address("hub"),
        token: "token".to_owned(),
        secret: "secret".to_owned(),
        stage: Stage::Active(at(600)),
        pending: false,
        asked: Some(at(2)),
        failures: 0,
        pushed: None,
    };
    store.keep_subscription(&slug, Some(&subscription)).unwrap();
}

/// The whole content of a store as text that does not depend on the format.
fn told(store: &Store) -> String {
    let mut text = String::new();
    let counts = store.counts().unwrap();
    let (authority, since) = store.origin();
    let told = [counts.articles, counts.watched, counts.versions, counts.edits];
    writeln!(text, "{authority} {since}: articles, watched, versions, edits {told:?}").unwrap();
    for id in (1..20).map(ArticleId) {
        match store.article(id).unwrap() {
            Some(_) => tell_article(&mut text, store, id),
            None if store.was_there(id).unwrap() => writeln!(text, "article {id}: no longer kept").unwrap(),
            None => {}
        }
    }
    let site = redraft::model::Site {
        title: redraft::model::Site::TITLE.to_owned(),
        base_url: address("redraft/"),
        authority,
        since,
        locale: redraft::model::Locale::English,
        hub: None,
    };
    let edits = store.edits(&EditQuery::newest(Scope::Everything, 10)).unwrap();
    let feed = redraft::render::atom(&redraft::render::everything(&site, edits), &site);
    let feed = feed_rs::parser::parse(feed.as_slice()).unwrap();
    feed.entries.iter().for_each(|entry| writeln!(text, "entry {}", entry.id).unwrap());
    tell_beside(&mut text, store);
    text
}

fn tell_article(text: &mut String, store: &Store, id: ArticleId) {
    let history = store.history(id).unwrap().unwrap();
    let article = &history.article;
    assert_eq!(store.find(&article.url).unwrap(), Some(id));
    let sources: Vec<&str> = article.sources.iter().map(redraft::model::SourceSlug::as_str).collect();
    writeln!(text, "article {id}: {} {sources:?} {:?}", article.url, article.watch).unwrap();
    writeln!(text, "  etag of {} bytes", article.validators.etag.as_ref().map_or(0, String::len)).unwrap();
    article.notes.iter().for_each(|note| writeln!(text, "  {} {:?} {}", note.at, note.outcome, note.why).unwrap());
    for version in store.versions(id).unwrap() {
        let blocks: String = version.content.blocks.iter().map(|block| block.text.as_str()).collect();
        let (number, seen, said) = (version.number, version.seen, Digest::of(blocks.as_bytes()));
        let score = version.verdict.map(|verdict| verdict.score);
        writeln!(text, "  version {number} of {seen}: {} {said} {score:?}", version.content.headline).unwrap();
    }
    let dropped: Vec<u32> = store.dropped(id).unwrap().iter().map(|(number, _)| number.0).collect();
    writeln!(text, "  dropped {dropped:?}, identities {}", history.identities.len()).unwrap();
    for kept in history.announced.iter().chain(&history.latest) {
        let page = kept.page.as_ref().map(|page| (page.url.as_str(), Digest::of(page.html.as_bytes()).to_string()));
        writeln!(text, "  page of {}: {page:?}", kept.version.number).unwrap();
    }
    for edit in store.edits(&EditQuery::newest(Scope::Article(id), 100)).unwrap() {
        let html = Digest::of(edit.entry.html.as_bytes());
        writeln!(text, "  edit {} {:?} {:?} {:?} {html}", edit.number, edit.kind, edit.from, edit.to).unwrap();
    }
}

fn tell_beside(text: &mut String, store: &Store) {
    let slug = "news".parse().unwrap();
    let poll = store.poll_state(&slug).unwrap().unwrap();
    writeln!(text, "poll of {} at {}", poll.url, poll.due).unwrap();
    writeln!(text, "rests {:?}", store.rests().unwrap()).unwrap();
    writeln!(text, "robots {:?}", store.robots(&address("x")).unwrap().map(|robots| robots.text)).unwrap();
    writeln!(text, "subscription {:?}", store.subscription(&slug).unwrap().map(|kept| kept.stage)).unwrap();
    writeln!(text, "hidden {:?}", store.hidden().unwrap().iter().map(|hidden| &hidden.reason).collect::<Vec<_>>())
        .unwrap();
    writeln!(text, "stamp {}", store.stamp(&Scope::Everything, Digest::of(b"body"), at(50)).unwrap()).unwrap();
}

/// Writes a new sample.
fn write(number: &str) {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir.path().join("data"));
    fill(&store);
    let text = told(&store);
    store.close().unwrap();
    let packed = zstd::stream::encode_all(tar(&["-cf", "-", "data"], dir.path(), &[]).as_slice(), EFFORT).unwrap();
    std::fs::write(folder().join(format!("store-{number}.tar.zst")), packed).unwrap();
    std::fs::write(folder().join(format!("store-{number}.txt")), text).unwrap();
}

#[test]
fn every_store_that_was_ever_written_opens_holds_what_it_held_and_goes_on() {
    if let Ok(number) = std::env::var(WRITE) {
        write(&number);
    }
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let samples: Vec<PathBuf> = files.filter(|path| path.to_string_lossy().ends_with(".tar.zst")).collect();
    assert!(!samples.is_empty());
    for sample in samples {
        let dir = tempfile::tempdir().unwrap();
        unpack(&sample, dir.path());
        let data = dir.path().join("data");
        let store = open(&data);
        let expected = std::fs::read_to_string(sample.to_string_lossy().replace(".tar.zst", ".txt")).unwrap();
        assert_eq!(told(&store), expected, "{}", sample.display());
        let problems = store.verify().unwrap().problems;
        assert!(problems.is_empty(), "{}: {problems:?}", sample.display());
        let before = store.article(ArticleId(1)).unwrap().unwrap();
        store.record(look(before.clone())).unwrap();
        assert!(arrive(&store, "another") > ArticleId(1));
        let mut export = Vec::new();
        store.export(&mut export, at(0)).unwrap();
        store.close().unwrap();
        let again = open(&data);
        assert_eq!(again.article(ArticleId(1)).unwrap().unwrap().latest, before.latest.map(VersionNumber::next));
        again.close().unwrap();
        let options = Options { cache_mib: 8, authority: "other.example".to_owned() };
        let imported = redraft::store::import(&dir.path().join("copy"), export.as_slice(), &options, at(0), None);
        assert!(imported.is_ok(), "{}: {imported:?}", sample.display());
    }
}
