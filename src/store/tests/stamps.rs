//! Tests that `Last-Modified` only ever increases.

use super::*;
use crate::model::Scope;

#[test]
fn a_stamp_stays_on_the_same_digest_and_rises_by_a_second_at_least_on_another() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let stamp = |store: &Store, body: &[u8], now| store.stamp(&Scope::Everything, Digest::of(body), now).unwrap();
    let fraction = at(10) + jiff::SignedDuration::from_millis(700);
    assert_eq!(stamp(&store, b"one", fraction), at(10), "whole seconds");
    assert_eq!(stamp(&store, b"one", at(50)), at(10), "the same body");
    assert_eq!(stamp(&store, b"two", at(10)), at(11), "within the same second");
    assert_eq!(stamp(&store, b"three", at(5)), at(12), "a clock that went back");
    assert_eq!(stamp(&store, b"four", at(60)), at(60));
    assert_eq!(store.stamp(&Scope::Source(slug("a")), Digest::of(b"four"), at(3)).unwrap(), at(3));
    drop(store);
    let store = open(dir.path());
    assert_eq!(stamp(&store, b"four", at(90)), at(60), "after a restart");
    assert_eq!(stamp(&store, b"five", at(20)), at(61));
}
