//! Tests of polls: articles arrive, get sources, and turn out to be one.

use super::*;
use crate::model::{Host, Watch};
use crate::store::StoreError;

#[test]
fn a_poll_makes_articles_once_and_answers_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let arrivals = vec![arrival("a", "news"), arrival("b", "news"), arrival("a", "news")];
    let answers = store.record_poll(poll("news"), arrivals.clone(), None).unwrap();
    assert_eq!(answers, [(ArticleId(1), true), (ArticleId(2), true), (ArticleId(1), false)]);
    let again = store.record_poll(poll("news"), arrivals, None).unwrap();
    assert_eq!(again, [(ArticleId(1), false), (ArticleId(2), false), (ArticleId(1), false)]);
    assert_eq!(store.counts().unwrap().articles, 2);
    assert_eq!(store.poll_state(&slug("news")).unwrap(), Some(poll("news")));
    assert_eq!(store.poll_state(&slug("other")).unwrap(), None);
}

#[test]
fn an_article_in_two_sources_has_both_first_sight_first() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "zebra");
    let later = Arrival { now: at(10), ..arrival("a", "ant") };
    store.record_poll(poll("ant"), vec![later], None).unwrap();
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
fn watches_are_what_is_due_and_rests_what_is_not_long_over() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (kept, retired) = (arrive(&store, "a", "news"), arrive(&store, "b", "news"));
    let mut article = store.article(retired).unwrap().unwrap();
    article.watch = Watch::Retired { since: at(5), reason: crate::model::Retirement::Quiet };
    store.record(Decision { host_rests_until: Some(at(100)), ..idle(article) }).unwrap();
    assert_eq!(store.watches().unwrap(), [(kept, url("a"), at(60))]);
    assert_eq!(store.counts().unwrap().watched, 1);
    assert_eq!(store.rests().unwrap(), [(Host::from("news.example"), at(100))]);
    drop(store);
    let options = Options { cache_mib: 8, authority: String::new() };
    let later = Store::open(dir.path(), &options, at(100 + 86_399)).unwrap();
    assert_eq!(later.busy_times(&Host::from("news.example")).unwrap(), 1, "how often is known for another day");
    drop(later);
    assert_eq!(Store::open(dir.path(), &options, at(100 + 86_400)).unwrap().rests().unwrap(), []);
}

#[test]
fn a_host_that_is_busy_again_and_again_is_counted_until_it_serves() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "news");
    let host = Host::from("news.example");
    let failed = || PollState { failures: 1, ..poll("news") };
    for times in 1..4 {
        store.record_poll(failed(), Vec::new(), Some((host.clone(), at(100 * times)))).unwrap();
        assert_eq!(store.busy_times(&host).unwrap(), u32::try_from(times).unwrap());
    }
    store.record_poll(failed(), Vec::new(), None).unwrap();
    assert_eq!(store.busy_times(&host).unwrap(), 3, "another failure says nothing about that");
    let article = store.article(id).unwrap().unwrap();
    store.record(idle(article)).unwrap();
    assert_eq!(store.busy_times(&host).unwrap(), 0);
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
    assert_eq!((store.counts().unwrap().articles, store.counts().unwrap().watched), (1, 1));
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
    assert_eq!(store.record_poll(poll("news"), arrivals, None).unwrap().len(), 3_000);
    drop(store);
    assert_eq!(open(dir.path()).watches().unwrap().len(), 3_000);
}

#[test]
fn http_and_https_are_one_article_that_is_asked_at_the_safer() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let http = Arrival { url: Url::parse("http://news.example/a").unwrap(), ..arrival("a", "news") };
    let https =
        Arrival { url: Url::parse("https://news.example/a").unwrap(), now: at(10), due: at(10), ..http.clone() };
    let id = store.record_poll(poll("news"), vec![http.clone()], None).unwrap()[0].0;
    assert_eq!(store.record_poll(poll("news"), vec![https.clone()], None).unwrap(), [(id, true)]);
    let article = store.article(id).unwrap().unwrap();
    assert_eq!((article.url.as_str(), article.watch), ("https://news.example/a", Watch::Due(at(10))));
    assert_eq!(store.record_poll(poll("other"), vec![http], None).unwrap(), [(id, false)], "and it is not moved back");
    assert_eq!(store.article(id).unwrap().unwrap().url, https.url);
    assert_eq!(store.counts().unwrap().articles, 1);
}

#[test]
fn a_guid_leads_to_its_article_at_another_address_and_only_the_last_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let with = |path: &str, guid: &str| Arrival { guid: Some(guid.to_owned()), ..arrival(path, "news") };
    let poll_one = |arrival: Arrival| store.record_poll(poll("news"), vec![arrival], None).unwrap()[0];
    let (id, _) = poll_one(with("a", "one"));
    assert_eq!(poll_one(with("a", "two")), (id, false));
    assert_eq!(poll_one(with("b", "two")), (id, true));
    assert_eq!(store.article(id).unwrap().unwrap().url, url("b"));
    assert_ne!(poll_one(with("c", "one")).0, id, "forgotten");
    let elsewhere = Arrival { url: Url::parse("https://elsewhere.example/b").unwrap(), ..with("x", "two") };
    assert_ne!(poll_one(elsewhere).0, id, "on another site");
    assert_eq!(store.find(&url("a")).unwrap(), Some(id));
}

#[test]
fn a_look_under_way_does_not_take_back_an_address_that_a_poll_moved() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let with = |path: &str| vec![Arrival { guid: Some("g".to_owned()), ..arrival(path, "news") }];
    let id = store.record_poll(poll("news"), with("a"), None).unwrap()[0].0;
    store.record(look(&store, id, 1)).unwrap();
    let article = store.article(id).unwrap().unwrap();
    store.record_poll(poll("news"), with("b"), None).unwrap();
    store.record(idle(article)).unwrap();
    assert_eq!(store.article(id).unwrap().unwrap().url, url("b"));
}

#[test]
fn articles_and_edits_are_counted_by_source_also_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let one = arrive(&store, "a", "news");
    let two = arrive(&store, "b", "news");
    let twin = arrive(&store, "c", "other");
    store.record(look(&store, one, 1)).unwrap();
    store.record(look(&store, one, 2)).unwrap();
    let article = store.article(one).unwrap().unwrap();
    let retired = Edit { kind: EditKind::Retired, ..edit(&article, 99) };
    store.record(Decision { edits: vec![retired], ..idle(article) }).unwrap();
    store.merge(twin, two).unwrap();
    let counts = |store: &Store, source: &str| {
        let counts = store.counts_of(&slug(source));
        (counts.articles, counts.edits)
    };
    assert_eq!((counts(&store, "news"), counts(&store, "other"), counts(&store, "none")), ((2, 1), (1, 0), (0, 0)));
    drop(store);
    let store = open(dir.path());
    assert_eq!((counts(&store, "news"), counts(&store, "other")), ((2, 1), (1, 0)));
}
