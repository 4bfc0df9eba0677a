//! Crash safety: a child process writes and is killed at a random moment, again and again on one store. Every write
//! that it saw confirmed must be there, whole, with nothing half done.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod damage;
mod samples;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use jiff::Timestamp;
use redraft::model::{
    Article, ArticleId, Block, BlockKind, Class, Content, Decision, Digest, Disclosure, Edit, EditKind, EditNumber,
    EntryText, Fact, Habit, Outcome, Page, PollState, Reason, Round, Scope, SourceSlug, Terms, Validators, Verdict,
    Version, VersionNumber,
};
use redraft::store::{Arrival, EditQuery, Options, Store};
use url::Url;

/// Environment variable with the store of the writing child.
const CHILD: &str = "REDRAFT_TEST_STORE_CHILD";
/// Environment variable with a store to compare with the confirmed writes: `tools/prove-power-cut.sh` …
const CHECK: &str = "REDRAFT_TEST_STORE_CHECK";
/// … and with the file that lists these.
const TOLD: &str = "REDRAFT_TEST_STORE_TOLD";
/// Environment variable with the number of rounds; the default is [`ROUNDS`].
const ROUNDS_VARIABLE: &str = "REDRAFT_KILL_ROUNDS";
const ROUNDS: u64 = 30;
/// Rounds on one store. Then a fresh one is used, because checking takes longer as the store grows.
const ROUNDS_A_STORE: u64 = 25;
/// Writers in the child, each with its own articles.
const WRITERS: u64 = 4;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_second(1_795_176_000 + i64::try_from(seconds).unwrap()).unwrap()
}

fn open(dir: &Path) -> Store {
    Store::open(dir, &Options { cache_mib: 8, authority: "news.example".to_owned() }, at(0)).unwrap()
}

/// The content of a version. It depends only on article and number, so that it can be checked.
fn content(id: ArticleId, number: u32) -> Content {
    let block = |n: u32| Block { kind: BlockKind::Paragraph, text: format!("Article {id}, line {n}. ").repeat(8) };
    let mut blocks: Vec<Block> = (0..30).map(block).collect();
    blocks[number as usize % 30].text = format!("Edited for version {number}.");
    Content { headline: format!("Version {number} of {id}"), blocks, ..Content::default() }
}

fn version(id: ArticleId, number: u32) -> Version {
    let reasons = vec![Reason { class: Class::Figure, score: 0.7, fact: Fact::english("12 → 21") }];
    Version {
        number: VersionNumber(number),
        seen: at(u64::from(number)),
        content: content(id, number),
        identity: Digest::of(format!("{id}/{number}").as_bytes()),
        extractor: 1,
        same_as: None,
        verdict: Some(Verdict { reasons, score: 0.7, substantive: true, disclosure: Disclosure::Silent }),
    }
}

fn edit(article: &Article, number: u32) -> Edit {
    Edit {
        article: article.id,
        number: EditNumber(number),
        kind: EditKind::Changed,
        from: Some(VersionNumber(number)),
        to: Some(VersionNumber(number + 1)),
        seen: at(u64::from(number) + 1),
        since: at(u64::from(number)),
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
        entry: EntryText { html: format!("<p>{}/{number}</p>", article.id).repeat(300), ..EntryText::default() },
    }
}

/// The next check of an article: the first version, or a further one with an edit.
fn look(article: Article) -> Decision {
    let number = article.latest.map_or(1, |latest| latest.0 + 1);
    let edits: Vec<Edit> = (number > 1).then(|| edit(&article, number - 1)).into_iter().collect();
    let page = Page { url: article.url.clone(), html: format!("<p>{}/{number}</p>", article.id).repeat(900) };
    let next = Some(VersionNumber(number));
    let last_edit = edits.last().map(|edit| edit.number);
    Decision {
        outcome: Outcome::Edited,
        version: Some(version(article.id, number)),
        article: Article { latest: next, announced: next, last_edit, ..article },
        page: Some(page),
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

fn arrive(store: &Store, path: &str) -> ArticleId {
    let url = Url::parse("https://news.example/").unwrap();
    let slug: SourceSlug = "news".parse().unwrap();
    let state = PollState {
        slug: slug.clone(),
        url: url.clone(),
        title: None,
        name: None,
        asked_interval: None,
        validators: Validators::default(),
        due: at(300),
        polled: None,
        succeeded: None,
        failures: 0,
        trouble: None,
        digest: None,
        round: Round::default(),
        habit: Habit::default(),
        terms: Terms::default(),
    };
    let url = url.join(path).unwrap();
    let arrival = Arrival {
        url,
        source: slug,
        guid: None,
        updated: None,
        text: None,
        title: path.to_owned(),
        published: None,
        due: at(1),
        now: at(0),
    };
    store.record_poll(state, vec![arrival], None).unwrap()[0].0
}

/// Writes for ever; prints each confirmed version as a line on standard output.
fn write_until_killed(dir: &Path) {
    let store = open(dir);
    let threads: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let store = store.clone();
            std::thread::spawn(move || {
                for turn in 0.. {
                    let id = arrive(&store, &format!("{writer}-{}", turn % 5));
                    let article = store.article(id).unwrap().unwrap();
                    let decision = look(article);
                    let number = decision.article.latest.unwrap();
                    let lazy = Decision { version: None, page: None, edits: Vec::new(), ..decision.clone() };
                    store.record(decision).unwrap();
                    writeln!(std::io::stdout().lock(), "{id} {number}").unwrap();
                    store.record(lazy).unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

/// Moment at which a writer is killed.
enum End {
    /// This long after its start, whatever it is doing then, which may be opening the store.
    After(Duration),
    /// Once it printed this many lines: well into writing, however slow the machine is.
    Said(usize),
}

/// Starts a writer on `dir`, kills it at its `end`, and adds the writes that it saw confirmed to `told`.
fn write_and_kill(dir: &Path, end: &End, told: &mut BTreeMap<u64, u32>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_killed_writer_loses_nothing_that_it_was_told_is_kept", "--nocapture"])
        .env(CHILD, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let (said, lines) = match end {
        End::Said(count) => (lines.by_ref().take(*count).collect(), lines),
        End::After(life) => {
            std::thread::sleep(*life);
            (Vec::new(), lines)
        }
    };
    child.kill().unwrap();
    child.wait().unwrap();
    said.into_iter().chain(lines).for_each(|line| note(&line, told));
}

/// Adds a line of a writer to the confirmed writes, if the line is valid.
fn note(line: &str, told: &mut BTreeMap<u64, u32>) {
    let Some((id, number)) = line.split_once(' ') else { return };
    let (Ok(id), Ok(number)) = (id.parse(), number.parse::<u32>()) else { return };
    let newest = told.entry(id).or_default();
    *newest = number.max(*newest);
}

/// The output of a writer, without an incomplete last line.
fn told_in(file: &Path) -> BTreeMap<u64, u32> {
    let text = std::fs::read_to_string(file).unwrap();
    let mut told = BTreeMap::new();
    text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')).for_each(|line| note(line, &mut told));
    told
}

/// Compares the store with the confirmed writes, and with itself.
fn verify(store: &Store, told: &BTreeMap<u64, u32>) {
    for (&id, &number) in told {
        let article = store.article(ArticleId(id)).unwrap().expect("an article is lost");
        assert!(article.latest.is_some_and(|latest| latest.0 >= number), "version {number} of {id} is lost");
    }
    let (mut versions, mut edits) = (0, 0);
    for (id, _, _) in store.watches().unwrap() {
        let history = store.history(id).unwrap().unwrap();
        let latest = history.article.latest.map_or(0, |latest| latest.0);
        let kept = store.versions(id).unwrap();
        assert_eq!(kept, (1..=latest).map(|number| version(id, number)).collect::<Vec<_>>());
        assert_eq!(history.identities.len(), kept.len());
        assert_eq!(history.announced.is_some(), latest > 0);
        assert!(history.announced.is_none_or(|kept| kept.page.is_some()), "the page of {id} is lost");
        let query = EditQuery::newest(Scope::Article(id), 1_000);
        let own: Vec<u32> = store.edits(&query).unwrap().iter().map(|edit| edit.number.0).rev().collect();
        assert_eq!(own, (1..latest).collect::<Vec<_>>(), "edits of {id}");
        versions += u64::from(latest);
        edits += own.len() as u64;
    }
    let counts = store.counts().unwrap();
    assert_eq!((counts.versions, counts.edits), (versions, edits));
    assert!(store.healthy());
}

#[test]
fn a_killed_writer_loses_nothing_that_it_was_told_is_kept() {
    if let Some(dir) = std::env::var_os(CHILD) {
        return write_until_killed(Path::new(&dir));
    }
    if let (Some(dir), Some(file)) = (std::env::var_os(CHECK), std::env::var_os(TOLD)) {
        return verify(&open(Path::new(&dir)), &told_in(Path::new(&file)));
    }
    let rounds = std::env::var(ROUNDS_VARIABLE).ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let (mut dir, mut told) = (tempfile::tempdir().unwrap(), BTreeMap::new());
    for round in 0..rounds {
        if round % ROUNDS_A_STORE == 0 {
            (dir, told) = (tempfile::tempdir().unwrap(), BTreeMap::new());
        }
        // A fixed spread of lifetimes: from before the store is open to well into writing.
        let spread = (round * 2_654_435_761) % 400;
        let end =
            if round % 3 == 2 { End::Said(spread as usize / 8) } else { End::After(Duration::from_millis(5 + spread)) };
        write_and_kill(dir.path(), &end, &mut told);
        verify(&open(dir.path()), &told);
    }
    assert!(rounds != ROUNDS || told.values().sum::<u32>() > 20, "the writer hardly wrote: {told:?}");
}

/// A file system for one test, small enough to fill up; unmounted at the end.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None` if this user may not mount.
    fn mounted(size: &str) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let size = format!("size={size}");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(dir.path()).output();
        mount.is_ok_and(|done| done.status.success()).then(|| Self(dir))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_loses_nothing_and_writing_goes_on_once_there_is_room() {
    let Some(disk) = SmallDisk::mounted("40m") else {
        eprintln!("skipped: this user may not mount a tmpfs (it needs root)");
        return;
    };
    let data = disk.0.path().join("data");
    let store = open(&data);
    let ballast = disk.0.path().join("ballast");
    let mut told = BTreeMap::new();
    let id = arrive(&store, "full");
    store.record(look(store.article(id).unwrap().unwrap())).unwrap();
    told.insert(id.0, 1);
    let free = store.measure().unwrap().free;
    let _ = std::fs::write(&ballast, vec![1; usize::try_from(free).unwrap()]);
    store.measure().unwrap();
    assert!(!store.has_room() && !store.takes_more(), "the low-water mark is seen");
    // Writes continue until one fails. Every write confirmed before must be there afterwards.
    let mut failed = false;
    for _ in 0..2_000 {
        let article = store.article(id).unwrap().unwrap();
        let decision = look(article);
        let number = decision.article.latest.unwrap().0;
        if store.record(decision).is_err() {
            failed = true;
            break;
        }
        told.insert(id.0, number);
    }
    assert!(failed, "the disk is full and nothing fails");
    std::fs::remove_file(&ballast).unwrap();
    let writes = || {
        let article = store.article(id).ok().flatten()?;
        store.record(look(article)).ok()
    };
    let start = std::time::Instant::now();
    while writes().is_none() {
        assert!(start.elapsed() < Duration::from_mins(2), "the store is not opened again");
        std::thread::sleep(Duration::from_millis(50));
    }
    store.measure().unwrap();
    assert!(store.takes_more());
    verify(&store, &told);
    drop(store);
    verify(&open(&data), &told);
}
