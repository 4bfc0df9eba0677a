//! Tests of learning the furniture of a source.

use super::{open, slug};
use crate::model::ArticleId;

#[test]
fn a_block_of_three_articles_is_furniture_of_its_source_alone_also_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let key = || vec!["read 0 more".to_owned()];
    assert!(!store.learn(&slug("a"), ArticleId(1), key()).unwrap());
    assert!(!store.learn(&slug("a"), ArticleId(1), key()).unwrap(), "the same article again");
    assert!(!store.learn(&slug("a"), ArticleId(2), key()).unwrap());
    assert!(store.furniture(&slug("a")).unwrap().is_empty());
    assert!(store.learn(&slug("a"), ArticleId(3), key()).unwrap());
    assert!(!store.learn(&slug("a"), ArticleId(4), key()).unwrap(), "known by now");
    drop(store);
    let store = open(dir.path());
    assert!(store.furniture(&slug("a")).unwrap().contains("read 0 more"));
    assert!(store.furniture(&slug("ab")).unwrap().is_empty());
}

#[test]
fn what_does_not_come_again_is_forgotten_and_furniture_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for article in [1, 2, 3] {
        store.learn(&slug("a"), ArticleId(article), vec!["share".to_owned()]).unwrap();
    }
    store.learn(&slug("a"), ArticleId(4), vec!["once".to_owned()]).unwrap();
    store.learn(&slug("a"), ArticleId(64 * 20), vec!["now".to_owned()]).unwrap();
    for article in [64 * 20 + 1, 64 * 20 + 2] {
        store.learn(&slug("a"), ArticleId(article), vec!["once".to_owned()]).unwrap();
    }
    let furniture = store.furniture(&slug("a")).unwrap();
    assert!(furniture.contains("share") && !furniture.contains("once"), "{furniture:?}");
}
