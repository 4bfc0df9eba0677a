//! Tests of the queries of pages and feeds.

use super::*;
use crate::model::{Narrowing, Scope};
use crate::store::{ArticleQuery, EditQuery};

fn query(scope: Scope) -> EditQuery {
    EditQuery::newest(scope, 100)
}

fn narrowed(pairs: &[(&str, &str)]) -> EditQuery {
    EditQuery { narrowing: Narrowing::of(pairs.iter().copied()).unwrap(), ..query(Scope::Everything) }
}

fn titles(store: &Store, query: &EditQuery) -> Vec<String> {
    store.edits(query).unwrap().into_iter().map(|edit| edit.entry.title).collect()
}

/// Article 1 (source `a`) and article 2 (source `ab`) with two edits each, in turn. Article 1 is retired last.
fn filled(store: &Store) {
    let ids = [arrive(store, "1", "a"), arrive(store, "2", "ab")];
    for number in 1..=3 {
        for id in ids {
            store.record(look(store, id, number)).unwrap();
        }
    }
    let article = store.article(ids[0]).unwrap().unwrap();
    let mut edit = edit(&article, 3);
    (edit.kind, edit.from, edit.to, edit.reasons, edit.score) = (EditKind::Retired, None, None, Vec::new(), 0.0);
    store.record(Decision { edits: vec![edit], ..idle(article) }).unwrap();
}

#[test]
fn edits_come_newest_first_and_retirement_in_the_article_s_own_feed_only() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    filled(&store);
    let all = ["Edit 2 of 2", "Edit 2 of 1", "Edit 1 of 2", "Edit 1 of 1"];
    assert_eq!(titles(&store, &query(Scope::Everything)), all);
    assert_eq!(titles(&store, &query(Scope::Source(slug("a")))), ["Edit 2 of 1", "Edit 1 of 1"]);
    assert_eq!(titles(&store, &query(Scope::Source(slug("ab")))), ["Edit 2 of 2", "Edit 1 of 2"]);
    let own = ["Edit 3 of 1", "Edit 2 of 1", "Edit 1 of 1"];
    assert_eq!(titles(&store, &query(Scope::Article(ArticleId(1)))), own);
    assert_eq!(titles(&store, &query(Scope::Article(ArticleId(9)))), [""; 0]);
}

#[test]
fn edits_come_a_page_at_a_time_and_by_class_and_score() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    filled(&store);
    let first = store.edits(&EditQuery { limit: 2, ..query(Scope::Everything) }).unwrap();
    let last = first.last().unwrap();
    let before = store.sequence(last.article, last.number).unwrap();
    let rest = EditQuery { before, ..query(Scope::Everything) };
    assert_eq!(titles(&store, &rest), ["Edit 1 of 2", "Edit 1 of 1"]);
    let of_source = EditQuery { before, ..query(Scope::Source(slug("a"))) };
    assert_eq!(titles(&store, &of_source), ["Edit 1 of 1"]);
    let of_article = EditQuery { before, limit: 1, ..query(Scope::Article(ArticleId(2))) };
    assert_eq!(titles(&store, &of_article), ["Edit 1 of 2"]);
    assert_eq!(store.edits(&narrowed(&[("min_score", "0.9")])).unwrap(), []);
    let quotes = narrowed(&[("class", "quote")]);
    assert_eq!(store.edits(&quotes).unwrap(), []);
    let figures = narrowed(&[("class", "quote,figure")]);
    assert_eq!(store.edits(&figures).unwrap().len(), 4);
}

#[test]
fn an_edit_is_read_back_whole() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = arrive(&store, "a", "news");
    store.record(look(&store, id, 1)).unwrap();
    let decision = look(&store, id, 2);
    store.record(decision.clone()).unwrap();
    assert_eq!(store.edit(id, EditNumber(1)).unwrap(), decision.edits.into_iter().next());
    assert_eq!(store.edit(id, EditNumber(2)).unwrap(), None);
}

#[test]
fn articles_come_newest_first_of_all_or_of_a_source() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for number in 1..=5 {
        arrive(&store, &format!("{number}"), if number % 2 == 0 { "even" } else { "odd" });
    }
    let ids = |source: Option<&str>, before: Option<u64>, limit| {
        let query = ArticleQuery { source: source.map(slug), before: before.map(ArticleId), limit };
        store.articles(&query).unwrap().into_iter().map(|article| article.id.0).collect::<Vec<_>>()
    };
    assert_eq!(ids(None, None, 10), [5, 4, 3, 2, 1]);
    assert_eq!(ids(None, Some(4), 2), [3, 2]);
    assert_eq!(ids(Some("even"), None, 10), [4, 2]);
    assert_eq!(ids(Some("odd"), Some(5), 1), [3]);
    assert_eq!(ids(Some("none"), None, 10), [0; 0]);
}
