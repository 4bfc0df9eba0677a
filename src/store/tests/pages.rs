//! Tests of the pages behind versions: their size, and that a page never loses its base.

use super::*;
use crate::store::format::PageRecord;
use crate::store::state::Tree;

/// A page half of which is unlike any other part of it.
fn long_page(number: u32) -> Page {
    let own: String = (0..4_000u32).map(|n| format!("{:08x}", n.wrapping_mul(2_654_435_761))).collect();
    Page { url: url("page"), html: format!("<html><p>{own}</p><p>As of {number}.</p></html>") }
}

/// A check that stored a version and its page; it also published an edit if `told`.
fn look_at(store: &Store, id: ArticleId, number: u32, told: bool) -> Decision {
    let announced = store.article(id).unwrap().unwrap().announced;
    let mut decision = Decision { page: Some(long_page(number)), ..look(store, id, number) };
    if !told {
        decision.article.announced = announced;
        decision.edits.clear();
        decision.article.last_edit = None;
    }
    decision
}

/// The packed sizes of an article's pages, oldest first.
fn packed_sizes(store: &Store, id: ArticleId) -> Vec<usize> {
    store
        .read(|shared| {
            let rows = shared.state.scan(Tree::Pages, &crate::store::keys::article(id));
            let page = |row| -> Result<usize, crate::store::error::Fault> {
                let page: Option<PageRecord> = shared.state.record(Tree::Pages, &row?)?;
                shared.texts.packed_bytes(page.unwrap().text)
            };
            rows.map(page).collect()
        })
        .unwrap()
}

#[test]
fn a_page_takes_what_differs_from_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "news");
    store.record(look_at(&store, id, 1, true)).unwrap();
    let alone = packed_sizes(&store, id)[0];
    store.record(look_at(&store, id, 2, false)).unwrap();
    let both = packed_sizes(&store, id);
    assert!(both[0] == alone && both[1] * 50 < alone, "{both:?}");
    let history = store.history(id).unwrap().unwrap();
    assert_eq!(history.announced.unwrap().page.unwrap(), long_page(1));
    assert_eq!(history.latest.unwrap().page.unwrap(), long_page(2));
}

#[test]
fn what_a_page_is_built_on_stays_as_long_as_it_and_no_longer() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "news");
    let chunks = || store.read(|shared| Ok(shared.texts.chunks_kept())).unwrap();
    let mut most = 0;
    for number in 1..=50 {
        store.record(look_at(&store, id, number, number % 3 == 0)).unwrap();
        let history = store.history(id).unwrap().unwrap();
        let newest = history.latest.or(history.announced.clone()).unwrap();
        assert_eq!(newest.page.unwrap(), long_page(number));
        assert!(history.announced.is_none_or(|kept| kept.page.unwrap() == long_page(kept.version.number.0)));
        let texts = u64::from(number) + store.counts().unwrap().edits;
        most = most.max(chunks() - texts);
    }
    // Two pages packed alone, of five chunks each, and the texts built on them.
    assert!((6..60).contains(&most), "the pages took up to {most} chunks");
    assert!(store.verify().unwrap().problems.is_empty());
    drop(store);
    let store = open(dir.path());
    let mut export = Vec::new();
    store.export(&mut export, at(0)).unwrap();
    let second = tempfile::tempdir().unwrap();
    let options = Options { cache_mib: 8, authority: "other.example".to_owned() };
    crate::store::import(second.path(), export.as_slice(), &options, at(0), None).unwrap();
    let copy = open(second.path());
    assert_eq!(copy.history(id).unwrap(), store.history(id).unwrap());
    assert_eq!(packed_sizes(&copy, id).len(), 2);
    assert!(packed_sizes(&copy, id)[1] * 50 < packed_sizes(&copy, id)[0], "{:?}", packed_sizes(&copy, id));
    assert!(copy.verify().unwrap().problems.is_empty());
}

#[test]
fn a_page_that_cannot_be_read_is_nothing_to_build_on() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "news");
    store.record(look_at(&store, id, 1, true)).unwrap();
    store
        .read(|shared| {
            let key = crate::store::keys::version(id, VersionNumber(1));
            let page: PageRecord = shared.state.must(Tree::Pages, &key)?;
            shared.texts.forget(&[page.text])
        })
        .unwrap();
    store.record(look_at(&store, id, 2, true)).unwrap();
    assert_eq!(store.history(id).unwrap().unwrap().announced.unwrap().page.unwrap(), long_page(2));
}
