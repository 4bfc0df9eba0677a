//! Input: a configuration file.

use std::cell::LazyCell;

use redraft::config::{Config, Invocation};
use tempfile::TempDir;

thread_local! {
    static FOLDER: LazyCell<TempDir> = LazyCell::new(|| tempfile::tempdir().expect("a temporary directory"));
}

/// A configuration is accepted, or refused with a message. The output of `config show` for an accepted one is
/// accepted again.
///
/// # Panics
/// If that is violated.
pub fn run(bytes: &[u8]) {
    FOLDER.with(|folder| {
        let path = folder.path().join("redraft.toml");
        let invocation = Invocation { config: Some(path.clone()), ..Invocation::default() };
        std::fs::write(&path, bytes).expect("a file can be written");
        match Config::load(&invocation) {
            Err(problems) => assert!(problems.to_string().contains("problem")),
            Ok(config) => {
                let shown = config.show();
                std::fs::write(&path, &shown).expect("a file can be written");
                let again = Config::load(&invocation).unwrap_or_else(|problems| panic!("{problems}\n\n{shown}"));
                assert_eq!(keys(&again.show()), keys(&shown));
            }
        }
    });
}

/// Keys and values, without the comments about their origins.
fn keys(shown: &str) -> Vec<&str> {
    shown.lines().map(|line| line.split(" # ").next().unwrap_or_default().trim_end()).collect()
}
