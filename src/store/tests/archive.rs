//! Tests of exports, of backups, and of restoring a store from them.

use std::io::{Read, Write};
use std::path::Path;

use super::*;
use crate::model::Scope;
use crate::store::{EditQuery, ImportError, OpenError, Tree, backups, compact, import, keys, made_at, restore};

fn options() -> Options {
    Options { cache_mib: 8, authority: "news.example".to_owned() }
}

/// A store with a few articles. One of them has more versions than a chain of texts may have.
fn filled(dir: &Path) -> Store {
    let store = open(dir);
    for (path, source, versions) in [("a", "news", 20), ("b", "news", 1), ("c", "other", 3), ("d", "other", 0)] {
        let id = arrive(&store, path, source);
        for number in 1..=versions {
            store.record(look(&store, id, number)).unwrap();
        }
    }
    store.stamp(&Scope::Everything, Digest::of(b"body"), at(100)).unwrap();
    store.learn(&slug("news"), ArticleId(1), vec!["subscribe now".to_owned()]).unwrap();
    store
}

fn exported(store: &Store) -> Vec<u8> {
    let mut bytes = Vec::new();
    store.export(&mut bytes, at(1_000)).unwrap();
    bytes
}

fn text(export: &[u8]) -> String {
    let mut text = String::new();
    zstd::stream::read::Decoder::new(export).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn packed(text: &str) -> Vec<u8> {
    zstd::stream::encode_all(text.as_bytes(), 1).unwrap()
}

fn import_into(dir: &Path, export: &[u8]) -> Result<(), ImportError> {
    import(dir, export, &options(), at(2_000), None).map(drop)
}

#[test]
fn an_imported_store_is_the_exported_one() {
    let (old_dir, new_dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let old = filled(old_dir.path());
    let export = exported(&old);
    import_into(new_dir.path(), &export).unwrap();
    let new = open(new_dir.path());
    assert_eq!(text(&exported(&new)), text(&export), "what is exported again is the same, line by line");
    let query = EditQuery::newest(Scope::Everything, 100);
    assert_eq!(new.edits(&query).unwrap(), old.edits(&query).unwrap());
    let of_source = EditQuery::newest(Scope::Source(slug("other")), 100);
    assert_eq!(new.edits(&of_source).unwrap(), old.edits(&of_source).unwrap());
    for id in (1..=4).map(ArticleId) {
        assert_eq!(new.history(id).unwrap(), old.history(id).unwrap());
        assert_eq!(new.versions(id).unwrap(), old.versions(id).unwrap());
    }
    assert_eq!(new.origin(), old.origin());
    assert_eq!(new.find(&url("c")).unwrap(), Some(ArticleId(3)));
    assert_eq!(arrive(&new, "e", "news"), ArticleId(5), "numbers go on where they were");
    for store in [old, new] {
        let found = store.verify().unwrap();
        assert_eq!((found.problems, found.wrong), (Vec::new(), 0));
    }
}

#[test]
fn an_export_tells_texts_in_clear() {
    let dir = tempfile::tempdir().unwrap();
    let text = text(&exported(&filled(dir.path())));
    assert!(text.contains("Paragraph edited for version 17."));
    assert!(text.lines().last().unwrap().contains(r#""articles":4"#), "{}", text.lines().last().unwrap());
}

#[test]
fn a_damaged_or_cut_export_changes_nothing() {
    let (old_dir, new_dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let export = exported(&filled(old_dir.path()));
    let whole = text(&export);
    let lines: Vec<&str> = whole.lines().collect();
    let without_a_row = whole.replacen(&format!("{}\n", lines[3]), "", 1);
    let without_end = whole.replace(lines[lines.len() - 1], "");
    let cut = export[..export.len() / 2].to_vec();
    for (what, bytes) in [
        ("another text", packed(&whole.replace("edited for version 17", "edited for version 18"))),
        ("another headline", packed(&whole.replacen("Headline 20", "Headline 21", 1))),
        ("a row is missing", packed(&without_a_row)),
        ("no end", packed(&without_end)),
        ("cut", cut),
        ("something else", b"<opml/>".to_vec()),
    ] {
        let error = import_into(new_dir.path(), &bytes).unwrap_err();
        assert!(matches!(error, ImportError::Damaged(_)), "{what}: {error}");
        assert!(!new_dir.path().join("state").exists() && !new_dir.path().join("importing").exists(), "{what}");
    }
    import_into(new_dir.path(), &export).unwrap();
}

#[test]
fn a_newer_export_is_refused_with_both_numbers() {
    let (old_dir, new_dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let newer = text(&exported(&filled(old_dir.path()))).replacen(r#""format":1"#, r#""format":9"#, 1);
    let error = import_into(new_dir.path(), &packed(&newer)).unwrap_err();
    assert!(error.to_string().contains("format 9") && error.to_string().contains("format 1)"), "{error}");
}

#[test]
fn a_store_that_is_there_is_not_overwritten() {
    let (old_dir, new_dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let export = exported(&filled(old_dir.path()));
    let busy = open(new_dir.path());
    let error = import_into(new_dir.path(), &export).unwrap_err();
    assert!(matches!(error, ImportError::Open(OpenError::AlreadyRunning { .. })), "{error}");
    busy.close().unwrap();
    let error = import_into(new_dir.path(), &export).unwrap_err();
    assert!(matches!(error, ImportError::NotEmpty { .. }), "{error}");
}

#[test]
fn backups_are_kept_in_number_and_the_newest_puts_back_a_damaged_store() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path());
    for day in 1..=4 {
        store.back_up(2, at(day * 86_400)).unwrap();
    }
    let kept = backups(dir.path());
    assert_eq!(kept.iter().filter_map(|path| made_at(path)).collect::<Vec<_>>(), [at(4 * 86_400), at(3 * 86_400)]);
    let before = text(&exported(&store));
    store.close().unwrap();
    let db = dir.path().join("state/db");
    let length = usize::try_from(db.metadata().unwrap().len()).unwrap();
    std::fs::write(&db, vec![0x5a; length]).unwrap();
    let error = Store::open(dir.path(), &options(), at(0)).unwrap_err().to_string();
    assert!(error.contains("redraft restore") && error.contains(&*kept[0].to_string_lossy()), "{error}");
    let (_, moved) = restore(dir.path(), &kept[0], &options(), at(5 * 86_400)).unwrap();
    assert_eq!(moved.len(), 2);
    assert!(moved.iter().all(|part| part.join("db").exists()), "nothing is deleted");
    assert_eq!(text(&exported(&open(dir.path()))), before);
}

#[test]
fn numbers_that_a_lost_store_gave_are_not_given_again_after_a_restore() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path());
    let backup = store.back_up(2, at(86_400)).unwrap();
    assert_eq!(arrive(&store, "later", "news"), ArticleId(5));
    store.close().unwrap();
    restore(dir.path(), &backup, &options(), at(90_000)).unwrap();
    assert_eq!(arrive(&open(dir.path()), "much-later", "news"), ArticleId(6));
}

#[test]
fn compaction_keeps_all_and_gives_back_space() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path());
    let churned = arrive(&store, "churn", "news");
    for number in 1..=60 {
        let decision = look(&store, churned, number);
        store.record(decision).unwrap();
    }
    let before = text(&exported(&store));
    store.close().unwrap();
    let compacted = compact(dir.path(), &options(), at(3_000)).unwrap();
    assert!(compacted.after <= compacted.before, "{compacted:?}");
    let names: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "nothing is left beside lock, state and texts: {names:?}");
    assert_eq!(text(&exported(&open(dir.path()))), before);
}

#[test]
fn verification_finds_a_lost_text_and_a_row_that_leads_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path());
    let shared = store.inner.live.current().unwrap();
    let row: crate::store::format::VersionRecord =
        shared.state.must(Tree::Versions, &keys::version(ArticleId(3), VersionNumber(2))).unwrap();
    shared.texts.forget(&[row.text]).unwrap();
    shared.state.apply(&[(Tree::Versions, keys::version(ArticleId(2), VersionNumber(1)), None)]).unwrap();
    let found = store.verify().unwrap();
    let told = found.problems.join("\n");
    // Version 3 of article 3 is built on the lost text.
    assert_eq!(found.problems.iter().filter(|problem| problem.contains("a version of article 3")).count(), 2, "{told}");
    assert!(told.contains("version 1 of article 2 is missing"), "{told}");
    assert!(told.contains("a page of article 2 belongs to no version"), "{told}");
}

#[test]
fn an_export_made_while_the_store_is_written_to_holds_whole_articles() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path());
    let writer = store.clone();
    let ids: Vec<_> = ["w", "x", "y"].map(|path| arrive(&store, path, "news")).into();
    let writing = std::thread::spawn(move || {
        for number in 1..=15 {
            for id in &ids {
                writer.record(look(&writer, *id, number)).unwrap();
            }
        }
    });
    let mut exports = Vec::new();
    while !writing.is_finished() {
        exports.push(exported(&store));
    }
    writing.join().unwrap();
    for export in exports.iter().rev().take(3) {
        let into = tempfile::tempdir().unwrap();
        import_into(into.path(), export).unwrap();
        let found = open(into.path()).verify().unwrap();
        assert_eq!((found.problems, found.wrong), (Vec::new(), 0));
    }
}

#[test]
fn what_cannot_be_written_is_an_error() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let dir = tempfile::tempdir().unwrap();
    assert!(filled(dir.path()).export(Full, at(0)).is_err());
}

#[test]
fn a_store_in_which_nothing_happens_exports_the_same_bytes_after_a_restart_too() {
    let dir = tempfile::tempdir().unwrap();
    let dated = |store: &Store| {
        let mut bytes = Vec::new();
        store.export(&mut bytes, store.last_active().unwrap()).unwrap();
        bytes
    };
    let empty = open(&dir.path().join("empty"));
    assert_eq!(empty.last_active().unwrap().to_string(), "2026-11-20T00:00:00Z", "the day of its first start");
    let store = filled(&dir.path().join("filled"));
    let (before, active) = (dated(&store), store.last_active().unwrap());
    store.close().unwrap();
    let store = open(&dir.path().join("filled"));
    assert_eq!((dated(&store) == before, store.last_active().unwrap()), (true, active));
    let mut decision = look(&store, ArticleId(1), 21);
    decision.article.pulse.looked = Some(at(90_000));
    store.record(decision).unwrap();
    assert_eq!((dated(&store) == before, store.last_active().unwrap()), (false, at(90_000)));
}
