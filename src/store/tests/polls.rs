//! Articles come, get sources, and turn out to be one.

use super::*;
use crate::model::Watch;
use crate::store::StoreError;

#[test]
fn a_poll_makes_articles_once_and_answers_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let arrivals = vec![arrival("a", "news"), arrival("b", "news"), arrival("a", "news")];
    let answers = store.record_poll(poll("news"), arrivals.clone()).unwrap();
    assert_eq!(answers, [(ArticleId(1), true), (ArticleId(2), true), (ArticleId(1), false)]);
    let again = store.record_poll(poll("news"), arrivals).unwrap();
    assert_eq!(again, [(ArticleId(1), false), (ArticleId(2), false), (ArticleId(1), false)]);
    assert_eq!(store.counts().articles, 2);
    assert_eq!(store.poll_state(&slug("news")).unwrap(), Some(poll("news")));
    assert_eq!(store.poll_state(&slug("other")).unwrap(), None);
}

#[test]
fn an_article_in_two_sources_has_both_first_sight_first() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "zebra");
    let later = Arrival { now: at(10), ..arrival("a", "ant") };
    store.record_poll(poll("ant"), vec![later]).unwrap();
    assert_eq!(store.article(id).unwrap().unwrap().sources, [slug("zebra"), slug("ant")]);
}

#[test]
fn a_look_does_not_take_away_a_source_that_a_poll_added_meanwhile() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "one");
    let decision = look(&store, id, 1);
    arrive(&store, "a", "two");
    store.record(decision).unwrap();
    assert_eq!(store.article(id).unwrap().unwrap().sources, [slug("one"), slug("two")]);
}

#[test]
fn watches_are_what_is_due_and_rests_what_is_not_over() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (kept, retired) = (arrive(&store, "a", "news"), arrive(&store, "b", "news"));
    let mut article = store.article(retired).unwrap().unwrap();
    article.watch = Watch::Retired { since: at(5), reason: crate::model::Retirement::Quiet };
    store.record(Decision { host_rests_until: Some(at(100)), ..idle(article) }).unwrap();
    assert_eq!(store.watches().unwrap(), [(kept, url("a"), at(60))]);
    assert_eq!(store.counts().watched, 1);
    assert_eq!(store.rests().unwrap(), [("news.example".to_owned(), at(100))]);
    drop(store);
    let options = Options { cache_mib: 8, authority: String::new() };
    assert_eq!(Store::open(dir.path(), &options, at(101)).unwrap().rests().unwrap(), []);
}

#[test]
fn an_article_without_versions_vanishes_into_another_with_addresses_and_sources() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (into, from) = (arrive(&store, "a", "one"), arrive(&store, "b", "two"));
    store.merge(from, into).unwrap();
    assert_eq!(store.article(from).unwrap(), None);
    assert_eq!(store.find(&url("b")).unwrap(), Some(into));
    assert_eq!(store.article(into).unwrap().unwrap().sources, [slug("one"), slug("two")]);
    assert_eq!((store.counts().articles, store.counts().watched), (1, 1));
    store.merge(from, into).unwrap();
    assert_eq!(arrive(&store, "c", "one"), ArticleId(3), "ids are never reused");
}

#[test]
fn an_article_with_versions_does_not_vanish() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (into, from) = (arrive(&store, "a", "one"), arrive(&store, "b", "two"));
    store.record(look(&store, from, 1)).unwrap();
    assert!(matches!(store.merge(from, into), Err(StoreError::Refused { .. })));
    assert!(store.article(from).unwrap().is_some());
}

#[test]
fn a_new_address_is_remembered_beside_the_old_and_never_stolen() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (one, two) = (arrive(&store, "a", "news"), arrive(&store, "b", "news"));
    let mut article = store.article(one).unwrap().unwrap();
    article.url = url("new");
    store.record(idle(article.clone())).unwrap();
    article.url = url("b");
    store.record(idle(article)).unwrap();
    let found = ["a", "new", "b"].map(|path| store.find(&url(path)).unwrap().unwrap());
    assert_eq!(found, [one, one, two]);
}

#[test]
fn a_poll_of_thousands_of_entries_is_one_change() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let arrivals = (0..3_000).map(|number| arrival(&format!("a{number}"), "news")).collect();
    assert_eq!(store.record_poll(poll("news"), arrivals).unwrap().len(), 3_000);
    drop(store);
    assert_eq!(open(dir.path()).watches().unwrap().len(), 3_000);
}
