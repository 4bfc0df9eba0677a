//! Runs the fuzz targets on their stored inputs.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::thread;

#[path = "../fuzz/src/lib.rs"]
#[allow(unreachable_pub)] // The module is also a crate of its own.
mod fuzz;

/// Stack size of the threads that read pages.
const STACK_BYTES: usize = 8 << 20;

#[test]
fn every_kept_input_is_answered_without_a_broken_promise() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, run) in fuzz::TARGETS {
        let inputs: Vec<_> = fs::read_dir(corpora.join(name)).expect(name).map(|entry| entry.unwrap().path()).collect();
        assert!(!inputs.is_empty(), "{name} has no inputs");
        for path in inputs {
            let bytes = fs::read(&path).unwrap();
            let thread = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || run(&bytes)).unwrap();
            assert!(thread.join().is_ok(), "{}", path.display());
        }
    }
}

#[test]
fn every_corpus_and_every_program_belongs_to_a_target() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let named: BTreeSet<String> = fuzz::TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    for place in ["corpus", "targets"] {
        let entries = fs::read_dir(folder.join(place)).unwrap().map(|entry| entry.unwrap().path());
        let found: BTreeSet<String> =
            entries.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        assert_eq!(found, named, "{place}");
    }
}
