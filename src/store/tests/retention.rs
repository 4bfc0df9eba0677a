//! Tests of retention: what is dropped, and what never is.

use std::collections::HashMap;

use jiff::SignedDuration;

use super::*;
use crate::model::{Keeping, Retirement, Scope, Watch};
use crate::store::state::Tree;
use crate::store::{EditQuery, Retention, Swept, keys};

fn retention(keeping: Keeping, entries: usize) -> Retention {
    Retention { all: Keeping::default(), sources: HashMap::from([(slug("news"), keeping)]), entries }
}

fn keep(versions: usize) -> Keeping {
    Keeping { versions: Some(versions), ..Keeping::default() }
}

fn forget_after(hours: i64) -> Keeping {
    Keeping { forget_after: Some(SignedDuration::from_hours(hours)), ..Keeping::default() }
}

/// Sweeps all articles, step by step, two hundred hours later.
fn sweep(store: &Store, retention: &Retention) -> Swept {
    let (mut all, mut next) = (Swept::default(), Some(ArticleId(0)));
    while let Some(from) = next {
        let step = store.sweep(from, retention, at(200 * 3_600)).unwrap();
        (all, next) = (all.and(step), step.next);
    }
    store.flush().unwrap();
    all
}

/// An article with this number of versions.
fn article(store: &Store, path: &str, versions: u32) -> ArticleId {
    let id = arrive(store, path, "news");
    (1..=versions).for_each(|number| store.record(look(store, id, number)).unwrap());
    id
}

fn retire(store: &Store, id: ArticleId) {
    let mut article = store.article(id).unwrap().unwrap();
    article.watch = Watch::Retired { since: at(0), reason: Retirement::Quiet };
    store.record(idle(article)).unwrap();
}

fn numbers(store: &Store, id: ArticleId) -> Vec<u32> {
    store.versions(id).unwrap().iter().map(|version| version.number.0).collect()
}

fn edits(store: &Store, scope: Scope) -> usize {
    store.edits(&EditQuery::newest(scope, 1_000)).unwrap().len()
}

fn chunks(store: &Store) -> u64 {
    store.read(|shared| Ok(shared.texts.chunks_kept())).unwrap()
}

fn sound(store: &Store) {
    let found = store.verify().unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
}

#[test]
fn of_so_many_versions_the_texts_are_kept_and_the_others_are_told_to_be_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = article(&store, "a", 40);
    let other = article(&store, "b", 3);
    let before = chunks(&store);
    // The feed has one entry, the newest edit, which compares versions 2 and 3 of the other article.
    let swept = sweep(&store, &retention(keep(5), 1));
    assert_eq!((swept.versions, swept.pages, swept.articles), (35, 0, 0));
    assert_eq!(numbers(&store, id), [36, 37, 38, 39, 40]);
    let dropped = store.dropped(id).unwrap();
    assert_eq!((dropped.len(), dropped[0]), (35, (VersionNumber(1), at(60))));
    assert!(store.version(id, VersionNumber(35)).unwrap().is_none());
    assert_eq!(store.version(id, VersionNumber(36)).unwrap().unwrap(), version(36));
    assert_eq!(numbers(&store, other), [1, 2, 3]);
    // A text packed alone and the texts built on it are deleted together, once all of them are dropped.
    assert!(chunks(&store) <= before - 32, "{} of {before} chunks are left", chunks(&store));
    assert_eq!(edits(&store, Scope::Article(id)), 39, "entries stay as they were published");
    assert_eq!(store.history(id).unwrap().unwrap().identities.len(), 40, "a text that comes back is still recognised");
    assert_eq!(sweep(&store, &retention(keep(5), 1)), Swept::default());
    store.record(look(&store, id, 41)).unwrap();
    sound(&store);
    drop(store);
    assert_eq!(numbers(&open(dir.path()), id), [36, 37, 38, 39, 40, 41]);
}

#[test]
fn what_an_entry_in_a_feed_compares_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = article(&store, "a", 10);
    assert_eq!(sweep(&store, &retention(keep(1), 9)), Swept::default());
    let swept = sweep(&store, &retention(keep(1), 4));
    assert_eq!((swept.versions, numbers(&store, id)), (5, vec![6, 7, 8, 9, 10]));
    // The feed of a quiet source reaches further back than the main feed.
    let url = url("feed");
    let quiet = store.record_poll(poll("other"), vec![arrival("b", "other")], None).unwrap()[0].0;
    (1..=9).for_each(|number| store.record(look(&store, quiet, number)).unwrap());
    sweep(&store, &retention(keep(1), 4));
    assert_eq!(numbers(&store, id), [6, 7, 8, 9, 10], "{url}");
    assert_eq!(numbers(&store, quiet).len(), 9, "its source keeps everything");
}

#[test]
fn pages_go_where_they_are_not_wanted() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = article(&store, "a", 3);
    let none = Keeping { pages: false, ..Keeping::default() };
    assert_eq!(sweep(&store, &retention(none, 25)).pages, 1);
    let history = store.history(id).unwrap().unwrap();
    assert!(history.announced.is_some_and(|kept| kept.page.is_none() && kept.version == version(3)));
    sound(&store);
}

#[test]
fn an_article_that_is_long_retired_is_forgotten_with_all_that_belongs_to_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let gone = article(&store, "a", 20);
    retire(&store, gone);
    let kept = article(&store, "b", 3);
    let forgetting = retention(forget_after(200), 2);
    assert_eq!(sweep(&store, &retention(forget_after(201), 2)), Swept::default(), "not yet");
    assert_eq!(sweep(&store, &retention(forget_after(200), 3)), Swept::default(), "an entry of it is in a feed");
    assert_eq!(sweep(&store, &forgetting), Swept { articles: 1, ..Swept::default() });
    assert!(store.article(gone).unwrap().is_none() && store.was_there(gone).unwrap());
    assert!(store.versions(gone).unwrap().is_empty() && store.find(&url("a")).unwrap().is_none());
    assert_eq!((edits(&store, Scope::Article(gone)), edits(&store, Scope::Source(slug("news")))), (0, 2));
    let counts = store.counts().unwrap();
    assert_eq!((counts.articles, counts.watched, counts.versions, counts.edits), (1, 1, 3, 2));
    let of_source = store.counts_of(&slug("news"));
    assert_eq!((of_source.articles, of_source.edits), (1, 2));
    // Its source still lists it, so it stays forgotten. Another source may bring it back.
    assert_eq!(store.record_poll(poll("news"), vec![arrival("a", "news")], None).unwrap(), [(gone, false)]);
    assert!(store.article(gone).unwrap().is_none());
    let anew = arrive(&store, "a", "other");
    assert!(anew > kept && store.article(anew).unwrap().is_some());
    sound(&store);
    drop(store);
    let again = open(dir.path());
    assert_eq!((again.counts_of(&slug("news")), again.counts().unwrap().edits), (of_source, 2));
    for tree in Tree::every().filter(|tree| *tree != Tree::Forgotten) {
        let rows = again.read(|shared| shared.state.scan(tree, &keys::article(gone)).collect::<Result<Vec<_>, _>>());
        let rows = rows.unwrap().into_iter().filter(|(key, _)| !matches!(tree, Tree::Edits) && key.len() >= 8);
        assert_eq!(rows.count(), 0, "{}", tree.name());
    }
}

#[test]
fn a_retired_article_that_never_was_one_is_forgotten_too() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "news");
    retire(&store, id);
    assert_eq!(sweep(&store, &retention(forget_after(1), 25)).articles, 1);
    assert_eq!(store.counts().unwrap().articles, 0);
    assert_eq!(sweep(&store, &Retention { all: forget_after(1), ..Retention::default() }), Swept::default());
}

#[test]
fn an_export_of_what_was_dropped_is_imported_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = article(&store, "a", 20);
    let gone = article(&store, "b", 2);
    retire(&store, gone);
    article(&store, "c", 2);
    let keeping = Keeping { versions: Some(3), ..forget_after(1) };
    let swept = sweep(&store, &retention(keeping, 1));
    assert_eq!((swept.versions, swept.articles), (17, 1));
    let mut export = Vec::new();
    store.export(&mut export, at(0)).unwrap();
    let second = tempfile::tempdir().unwrap();
    let options = Options { cache_mib: 8, authority: "other.example".to_owned() };
    crate::store::import(second.path(), export.as_slice(), &options, at(0), None).unwrap();
    let copy = open(second.path());
    assert_eq!((numbers(&copy, id), copy.dropped(id).unwrap()), (numbers(&store, id), store.dropped(id).unwrap()));
    assert_eq!(copy.version(id, VersionNumber(18)).unwrap().unwrap(), version(18));
    assert_eq!(copy.record_poll(poll("news"), vec![arrival("b", "news")], None).unwrap(), [(gone, false)]);
    sound(&copy);
}
