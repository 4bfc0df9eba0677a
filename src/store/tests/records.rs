//! Tests of recorded checks, before and after a restart.

use super::*;
use crate::model::{CheckNote, Fact, History, Kept};
use crate::store::StoreError;

#[test]
fn a_restart_keeps_everything() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "news");
    (1..=5).for_each(|number| store.record(look(&store, id, number)).unwrap());
    let told = |store: &Store| {
        let counts = crate::store::Counts { bytes: 0, ..store.counts().unwrap() };
        let edit = store.edit(id, EditNumber(2)).unwrap();
        (store.history(id).unwrap(), store.versions(id).unwrap(), edit, store.watches().unwrap(), counts)
    };
    let before = told(&store);
    assert_eq!(before.1, (1..=5).map(version).collect::<Vec<_>>());
    assert_eq!((before.4.versions, before.4.edits), (5, 4));
    drop(store);
    assert_eq!(told(&open(dir.path())), before);
}

#[test]
fn a_history_has_the_pages_of_the_announced_and_the_latest_version_only() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "news");
    (1..=2).for_each(|number| store.record(look(&store, id, number)).unwrap());
    for number in 3..=4 {
        let mut decision = look(&store, id, number);
        decision.article.announced = Some(VersionNumber(2));
        decision.edits.clear();
        store.record(decision).unwrap();
    }
    let history: History = store.history(id).unwrap().unwrap();
    let kept = |number| Some(Kept { version: version(number), page: Some(page(number)) });
    assert_eq!((history.announced, history.latest), (kept(2), kept(4)));
    assert_eq!(history.identities.len(), 4);
    assert_eq!(history.published, [(VersionNumber(1), VersionNumber(2))]);
    let pages = store.inner.live.current().unwrap().state.scan(crate::store::state::Tree::Pages, &[]).count();
    assert_eq!(pages, 2, "older pages are dropped");
}

#[test]
fn a_refused_record_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "news");
    (1..=2).for_each(|number| store.record(look(&store, id, number)).unwrap());
    let before = store.history(id).unwrap();
    let mut decision = look(&store, id, 3);
    decision.edits = vec![edit(&decision.article, 2), edit(&decision.article, 1)];
    assert!(matches!(store.record(decision), Err(StoreError::Refused { .. })), "edit 1 is published already");
    assert_eq!(store.history(id).unwrap(), before);
    assert_eq!((store.counts().unwrap().versions, store.counts().unwrap().edits), (2, 1));
    assert!(store.healthy(), "a mistake in one request does not stop the store");
    store.record(look(&store, id, 3)).unwrap();
}

#[test]
fn what_was_decided_on_a_version_that_a_disk_error_took_back_is_refused_and_decided_anew() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "news");
    store.record(look(&store, id, 1)).unwrap();
    let before = store.history(id).unwrap();
    let late = look(&store, id, 3);
    assert!(matches!(store.record(late), Err(StoreError::Refused { .. })), "version 2 was never kept");
    assert_eq!((store.history(id).unwrap(), store.counts().unwrap().versions), (before, 1));
    store.record(look(&store, id, 2)).unwrap();
    store.record(look(&store, id, 3)).unwrap();
    assert_eq!(store.versions(id).unwrap(), [version(1), version(2), version(3)]);
}

#[test]
fn a_version_is_never_overwritten_and_only_a_kept_one_is_rebased() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "news");
    store.record(look(&store, id, 1)).unwrap();
    let again = look(&store, id, 1);
    assert!(matches!(store.record(again), Err(StoreError::Refused { .. })));
    let article = store.article(id).unwrap().unwrap();
    let unknown = Decision { rebased: vec![version(2)], ..idle(article.clone()) };
    assert!(matches!(store.record(unknown), Err(StoreError::Refused { .. })));
    store.record(look(&store, id, 2)).unwrap();
    let rebased = Version { extractor: 2, content: content(9), ..version(1) };
    store.record(Decision { rebased: vec![rebased.clone()], ..look(&store, id, 3) }).unwrap();
    assert_eq!(store.versions(id).unwrap(), [rebased, version(2), version(3)]);
    assert_eq!(store.counts().unwrap().versions, 3);
}

#[test]
fn an_unknown_article_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "news");
    let mut article = store.article(id).unwrap().unwrap();
    article.id = ArticleId(7);
    assert!(matches!(store.record(idle(article)), Err(StoreError::Refused { .. })));
    assert_eq!((store.article(ArticleId(7)).unwrap(), store.history(ArticleId(7)).unwrap()), (None, None));
}

#[test]
fn a_lazy_look_can_be_read_at_once_and_is_on_disk_after_closing() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut article = store.article(arrive(&store, "a", "news")).unwrap().unwrap();
    article.watch = crate::model::Watch::Due(at(999));
    article.notes = vec![CheckNote { at: at(1), outcome: Outcome::Unchanged, why: Fact::english("the same") }];
    store.record(idle(article.clone())).unwrap();
    assert_eq!(store.article(article.id).unwrap().as_ref(), Some(&article));
    drop(store);
    assert_eq!(open(dir.path()).article(article.id).unwrap(), Some(article));
}

#[test]
fn rows_far_larger_than_a_leaf_are_kept_whole_and_shrink_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut article = store.article(arrive(&store, "a", "news")).unwrap().unwrap();
    let small = article.clone();
    article.validators.etag = Some("e".repeat(200_000));
    article.headline = "h".repeat(5_000);
    store.record(idle(article.clone())).unwrap();
    assert_eq!(store.article(article.id).unwrap().as_ref(), Some(&article));
    drop(store);
    let store = open(dir.path());
    assert_eq!(store.watches().unwrap().len(), 1);
    assert_eq!(store.article(article.id).unwrap(), Some(article));
    store.record(idle(small.clone())).unwrap();
    assert_eq!(store.article(small.id).unwrap(), Some(small));
    assert_eq!(store.inner.live.current().unwrap().state.scan(crate::store::state::Tree::Overflow, &[]).count(), 0);
    assert_eq!(std::fs::read_dir(dir.path().join("state/blobs")).map_or(0, Iterator::count), 0);
}

#[test]
fn forty_versions_of_one_article_take_little_more_than_three() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "news");
    (1..=40).for_each(|number| store.record(look(&store, id, number)).unwrap());
    assert_eq!(store.versions(id).unwrap(), (1..=40).map(version).collect::<Vec<_>>());
    let mut bytes = 0;
    for row in store.inner.live.current().unwrap().state.scan(crate::store::state::Tree::Versions, &[]) {
        let row: crate::store::format::VersionRecord = store
            .inner
            .live
            .current()
            .unwrap()
            .state
            .record(crate::store::state::Tree::Versions, &row.unwrap())
            .unwrap()
            .unwrap();
        bytes += store.inner.live.current().unwrap().texts.packed_bytes(row.text).unwrap();
    }
    let alone = crate::store::codec::Packed::alone(
        &crate::store::format::Record::pack(&crate::store::format::VersionText::from(&version(1))),
        crate::store::codec::Effort::Kept,
    );
    let alone = alone.unwrap().bytes().len();
    assert!(bytes < alone * 3 + 40 * 300, "{bytes} bytes for 40 versions, one alone takes {alone}");
}

#[test]
fn a_store_that_failed_can_be_read_refuses_writes_in_words_and_is_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "news");
    let decision = look(&store, id, 1);
    store.inner.live.current().unwrap().stop(&crate::store::error::Fault::Failed("no space left".to_owned()));
    let error = store.record(decision.clone()).unwrap_err();
    assert!(matches!(error, StoreError::Stopped { .. }), "{error}");
    assert!(error.to_string().contains("no space left") && error.to_string().contains("reopens it"), "{error}");
    assert!(!store.healthy());
    assert!(store.article(id).unwrap().is_some());
    while let Err(error) = store.record(decision.clone()) {
        assert!(matches!(error, StoreError::Stopped { .. }), "{error}");
        std::thread::yield_now();
    }
    assert!(store.healthy());
    assert_eq!(store.versions(id).unwrap().len(), 1);
}
