//! Tests of opening a store, and of the damage that opening detects.

use super::*;
use crate::store::format::{FORMAT, FormatRecord, Record};
use crate::store::state::{State, Tree};
use crate::store::{OpenError, keys};

fn options() -> Options {
    Options { cache_mib: 8, authority: "other.example".to_owned() }
}

#[test]
fn a_second_redraft_on_one_directory_is_told_who_has_it() {
    let dir = tempfile::tempdir().unwrap();
    let _first = open(dir.path());
    let second = Store::open(dir.path(), &options(), at(0)).unwrap_err();
    let OpenError::AlreadyRunning { pid, .. } = &second else { panic!("{second}") };
    assert_eq!(*pid, Some(std::process::id()));
    assert!(second.to_string().contains("store.path"), "{second}");
}

#[test]
fn the_origin_is_fixed_at_the_first_start() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path()).origin();
    assert_eq!(first, ("news.example".to_owned(), "2026-11-20".parse().unwrap()));
    let later = Store::open(dir.path(), &options(), at(9_000_000)).unwrap();
    assert_eq!(later.origin(), first);
}

#[test]
fn a_snapshot_left_unfinished_by_a_kill_does_not_prevent_opening() {
    let dir = tempfile::tempdir().unwrap();
    let id = arrive(&open(dir.path()), "a", "news");
    for database in ["state", "texts"] {
        std::fs::write(dir.path().join(database).join("snap.00000000000000AB.generating"), b"half").unwrap();
    }
    let store = open(dir.path());
    assert!(store.article(id).unwrap().is_some());
    assert!(!dir.path().join("state/snap.00000000000000AB.generating").exists());
}

#[test]
fn a_store_of_a_newer_format_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let state = State::open(&dir.path().join("state"), 1 << 20).unwrap();
    let newer = FormatRecord { number: FORMAT + 1 }.pack();
    state.apply(&[(Tree::Meta, keys::FORMAT.to_vec(), Some(newer))]).unwrap();
    state.engine().make_durable().unwrap();
    drop(state);
    let error = Store::open(dir.path(), &options(), at(0)).unwrap_err();
    assert!(matches!(error, OpenError::NewerFormat { found, known, .. } if found == known + 1), "{error}");
}

#[test]
fn a_scrambled_database_is_reported_not_panicked_over() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for number in 0..200 {
        arrive(&store, &format!("a{number}"), "news");
    }
    drop(store);
    for entry in std::fs::read_dir(dir.path().join("state")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let length = usize::try_from(path.metadata().unwrap().len()).unwrap();
            std::fs::write(&path, vec![0x5a; length]).unwrap();
        }
    }
    let error = Store::open(dir.path(), &options(), at(0)).unwrap_err();
    assert!(matches!(error, OpenError::Damaged { .. } | OpenError::Io { .. }), "{error:?}");
    assert!(error.to_string().contains(&*dir.path().to_string_lossy()), "{error}");
}

#[test]
fn a_directory_that_cannot_be_made_is_an_error_with_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    std::fs::write(&path, b"").unwrap();
    let error = Store::open(&path.join("store"), &options(), at(0)).unwrap_err();
    assert!(error.to_string().contains("file"), "{error}");
}

#[test]
fn settings_half_written_by_a_kill_at_the_very_first_start_do_not_prevent_the_second() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("state")).unwrap();
    std::fs::write(dir.path().join("state/conf"), b"segment_size: 524288\nuse_compress").unwrap();
    assert_eq!(open(dir.path()).counts().unwrap().articles, 0);
}

#[test]
fn a_file_and_a_directory_of_others_are_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "mine").unwrap();
    let open = |dir: &std::path::Path| {
        Store::open(dir, &Options { cache_mib: 8, authority: "news.example".to_owned() }, at(0))
    };
    for path in [file.clone(), file.join("data")] {
        let error = open(&path).unwrap_err();
        assert!(matches!(&error, OpenError::NotADirectory { path } if *path == file), "{error}");
    }
    let error = open(folder.path()).unwrap_err();
    assert!(matches!(error, OpenError::NotAStore { .. }), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is made in it");
    let disk = tempfile::tempdir().unwrap();
    std::fs::create_dir(disk.path().join("lost+found")).unwrap();
    drop(open(disk.path()).unwrap());
    drop(open(disk.path()).unwrap());
}
