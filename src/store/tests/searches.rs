//! Tests of searching edits by words, kinds and days and of any age.

use super::*;
use crate::model::{Fact, Narrowing, Scope};
use crate::store::keywords;
use crate::store::state::Tree;
use crate::store::{EditQuery, Hidden, Listing};

/// A full segment, and the few edits more after which it is packed.
const EDITS: u32 = 1_200;
/// Edits that one check publishes here.
const AT_ONCE: u32 = 40;

/// Edit 1 mentions a quarry, every edit a bridge, every tenth a “red bridge”. Each is a minute later than the one
/// before.
fn filled(store: &Store) -> ArticleId {
    let id = arrive(store, "town", "news");
    store.record(look(store, id, 1)).unwrap();
    let article = store.article(id).unwrap().unwrap();
    let told = |number: u32| {
        let words = match number {
            1 => "quarry bridge",
            number if number % 10 == 0 => "red bridge",
            _ => "bridge red",
        };
        let class = if number % 100 == 3 { Class::Quote } else { Class::Figure };
        Edit {
            entry: EntryText { html: format!("<p>Told.</p>\n<p><ins>{words}</ins></p>"), ..EntryText::default() },
            headline: format!("Town {number}"),
            reasons: vec![Reason { class, score: 0.8, fact: Fact::english("changed") }],
            ..edit(&article, number)
        }
    };
    for first in (1..=EDITS).step_by(AT_ONCE as usize) {
        let edits = (first..first + AT_ONCE).map(told).collect();
        store.record(Decision { edits, ..idle(article.clone()) }).unwrap();
    }
    id
}

fn ask(pairs: &[(&str, &str)]) -> EditQuery {
    let narrowing = Narrowing::of(pairs.iter().copied()).unwrap();
    EditQuery { narrowing, ..EditQuery::newest(Scope::Everything, 5) }
}

fn numbers(listing: &Listing) -> Vec<u32> {
    listing.edits.iter().map(|edit| edit.number.0).collect()
}

fn found(store: &Store, pairs: &[(&str, &str)]) -> Vec<u32> {
    numbers(&store.list(&ask(pairs)).unwrap())
}

/// Checks that the edits of [`filled`] are found, in the packed segment and in the fresh one.
fn finds(store: &Store) {
    assert_eq!(found(store, &[("q", "Quarry")]), [1]);
    assert_eq!(found(store, &[("q", "quarry"), ("class", "figure"), ("min_score", "0.75"), ("lang", "en")]), [1]);
    assert_eq!(found(store, &[("q", "quarry"), ("class", "quote")]), [0; 0]);
    assert_eq!(found(store, &[("q", "quarry brid")]), [0; 0]);
    assert_eq!(found(store, &[("q", "\"red bridge\"")]), [1200, 1190, 1180, 1170, 1160]);
    assert_eq!(found(store, &[("q", "bridge"), ("class", "quote,headline")]), [1103, 1003, 903, 803, 703]);
    assert_eq!(found(store, &[("q", "bridge 17")]), [17]);
}

#[test]
fn words_are_found_in_the_oldest_edit_and_kinds_in_all() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = filled(&store);
    finds(&store);
    let of_source = |name: &str| EditQuery { scope: Scope::Source(slug(name)), ..ask(&[("q", "quarry")]) };
    assert_eq!(numbers(&store.list(&of_source("news")).unwrap()), [1]);
    assert_eq!(numbers(&store.list(&of_source("other")).unwrap()), [0; 0]);
    let of_article = |before| EditQuery { scope: Scope::Article(id), before, ..ask(&[("q", "quarry")]) };
    assert_eq!(numbers(&store.list(&of_article(Some(90))).unwrap()), [1]);
    let unfinished = store.list(&of_article(None)).unwrap();
    assert_eq!((numbers(&unfinished), unfinished.older.is_some()), (vec![], true));
    store.flush().unwrap();
    assert_eq!(store.verify().unwrap().problems, [""; 0]);
}

#[test]
fn a_search_goes_on_where_its_page_ended() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    filled(&store);
    let mut query = EditQuery { limit: 50, ..ask(&[("q", "\"red bridge\"")]) };
    let mut all = Vec::new();
    loop {
        let listing = store.list(&query).unwrap();
        all.extend(numbers(&listing));
        let Some(older) = listing.older else { break };
        query.before = Some(older);
    }
    assert_eq!(all, (1..=120).rev().map(|tens| tens * 10).collect::<Vec<_>>());
}

#[test]
fn edits_are_found_by_their_days() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    filled(&store);
    // Noon of 20 November plus 1,200 minutes: until eight o'clock the next morning.
    let first_of_second_day = 719;
    let second = [("from", "2026-11-21"), ("to", "2026-11-21")];
    let all = store.edits(&EditQuery { limit: 1_000, ..ask(&second) }).unwrap();
    let numbers: Vec<u32> = all.iter().map(|edit| edit.number.0).collect();
    assert_eq!(numbers, (first_of_second_day..=EDITS).rev().collect::<Vec<_>>());
    assert_eq!(found(&store, &[("q", "bridge"), ("to", "2026-11-20")])[0], first_of_second_day - 1);
    assert_eq!(found(&store, &[("q", "quarry"), ("from", "2026-11-21")]), [0; 0]);
    assert_eq!(found(&store, &[("to", "2026-11-19")]), [0; 0]);
}

#[test]
fn the_index_of_a_store_that_has_none_or_half_of_one_is_made_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    filled(&store);
    let rows = |tree| {
        let shared = store.inner.live.current().unwrap();
        shared.state.scan(tree, &[]).map(|row| row.unwrap().0.to_vec()).collect::<Vec<_>>()
    };
    let remove = |tree: Tree, keys: Vec<Vec<u8>>| {
        let rows: Vec<_> = keys.into_iter().map(|key| (tree, key, None)).collect();
        store.inner.live.current().unwrap().state.apply(&rows).unwrap();
    };
    let fresh = rows(Tree::FreshKeywords);
    assert_eq!(fresh.len(), EDITS as usize + 1 - 1024, "the first segment is packed");
    remove(Tree::FreshKeywords, fresh[..100].to_vec());
    assert_eq!(store.verify().unwrap().wrong, 1);
    remove(Tree::FreshKeywords, fresh[100..150].to_vec());
    let store = again(store, dir.path());
    finds(&store);
    let rows = |tree| {
        let shared = store.inner.live.current().unwrap();
        shared.state.scan(tree, &[]).map(|row| row.unwrap().0.to_vec()).collect::<Vec<_>>()
    };
    for tree in [Tree::Keywords, Tree::FreshKeywords] {
        let gone = rows(tree).into_iter().map(|key| (tree, key, None)).collect::<Vec<_>>();
        store.inner.live.current().unwrap().state.apply(&gone).unwrap();
    }
    let store = again(store, dir.path());
    finds(&store);
    assert_eq!(store.verify().unwrap().problems, [""; 0]);
}

/// The store, closed and reopened.
fn again(store: Store, dir: &Path) -> Store {
    drop(store);
    open(dir)
}

#[test]
fn what_was_taken_down_is_not_found_and_an_import_finds_all() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = filled(&store);
    let mut export = Vec::new();
    store.export(&mut export, at(0)).unwrap();
    let hidden = Hidden { article: id, version: None, since: at(0), reason: "A court said so.".to_owned() };
    store.hide(hidden).unwrap();
    assert_eq!(found(&store, &[("q", "quarry")]), [0; 0]);
    let other = tempfile::tempdir().unwrap();
    let options = Options { cache_mib: 8, authority: "news.example".to_owned() };
    crate::store::import(other.path(), &export[..], &options, at(0), None).unwrap();
    finds(&open(other.path()));
}

#[test]
fn an_edit_of_thousands_of_words_is_found_by_its_last() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "town", "news");
    store.record(look(&store, id, 1)).unwrap();
    let article = store.article(id).unwrap().unwrap();
    let mut edit = edit(&article, 1);
    edit.entry.unshown = (0..2_500).map(|word| format!("word{word}\n")).collect();
    assert!(keywords::keyword_hashes(&edit).len() > 2_500);
    store.record(Decision { edits: vec![edit], ..idle(article) }).unwrap();
    assert_eq!(found(&store, &[("q", "word2499 word7")]), [1]);
    assert_eq!(found(&store, &[("q", "word2500")]), [0; 0]);
}
