//! Rules of the code base, enforced by a test: the layers of modules, the owners of crates, and the purity of the
//! core.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

/// The layers, lowest first. A module imports only from those before it.
const LAYERS: [&str; 28] = [
    "model",
    "clock", // types, the time of day
    "robots",
    "discover",
    "corrections",
    "extract",
    "compare",
    "classify",
    "cadence",
    "manners",
    "decide",
    "render", // the pure core
    "fetch",
    "store",
    "telemetry",
    "config", // the shell
    "watcher",
    "check",
    "websub",
    "poll",
    "outbox",
    "schedule",
    "serve",
    "daemon", // what runs
    "inspect",
    "demo",
    "cli",
    "main", // what people start
];

/// Pure modules: no I/O, clock, async or logging.
const CORE: [&str; 11] = [
    "model",
    "robots",
    "discover",
    "corrections",
    "extract",
    "compare",
    "classify",
    "cadence",
    "manners",
    "decide",
    "render",
];

/// Paths that a pure module must not use.
const IMPURE: [&str; 15] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::io",
    "Instant::now",
    "SystemTime",
    "Timestamp::now",
    "Zoned::now",
    "async fn",
    "async move",
    "tokio::",
    "tracing::",
    "println!",
];

/// Foreign crates, each with the few modules that may use it.
const OWNERS: [(&str, &[&str]); 23] = [
    ("ipnet", &["fetch"]),
    ("base64", &["config", "outbox"]),
    ("sled", &["store"]),
    ("minicbor", &["store"]),
    ("zstd", &["store"]),
    ("reqwest", &["fetch"]),
    ("flate2", &["fetch", "serve"]),
    ("ring", &["websub", "outbox"]),
    ("rustls", &["fetch"]),
    ("encoding_rs", &["fetch", "discover"]),
    ("axum", &["serve", "demo"]),
    ("quick_cache", &["serve"]),
    ("hyper", &["serve", "fetch"]),
    ("askama", &["serve"]),
    ("resvg", &["serve"]),
    ("feed_rs", &["discover"]),
    ("rss", &["render"]),
    ("atom_syndication", &["render"]),
    ("dom_query", &["extract"]),
    ("dom_smoothie", &["extract"]),
    ("toml", &["config"]),
    ("clap", &["cli"]),
    ("sd_notify", &["daemon"]),
];

struct Source {
    path: PathBuf,
    module: String,
    /// Path of the module below the crate, such as `store::format`.
    place: Vec<String>,
    /// The source without comments and without test-only code.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let read = |path: PathBuf| {
        let inside = path.strip_prefix(&root).unwrap().with_extension("");
        let mut place: Vec<String> = inside.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        if place.last().is_some_and(|last| last == "mod") {
            place.pop();
        }
        let code = without_comments(&fs::read_to_string(&path).unwrap());
        Source { module: place[0].clone(), place, code, path }
    };
    files.into_iter().map(read).filter(|source| source.module != "lib" && !is_test(&source.path)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn is_test(path: &Path) -> bool {
    path.iter().any(|part| part == "tests") || path.file_stem().is_some_and(|stem| stem == "tests" || stem == "laws")
}

fn without_comments(text: &str) -> String {
    let production = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    production.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The modules of this crate that a source names, however it imports them.
fn imports(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in source.code.match_indices("crate::") {
        if at > 0 && source.code.as_bytes()[at - 1] == b'$' {
            continue;
        }
        found.extend(heads(&source.code[at + "crate::".len()..]));
    }
    for (at, _) in source.code.match_indices("super::") {
        let before = &source.code[..at];
        if before.ends_with("super::") || before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &source.code[at..];
        let ups = rest.split("::").take_while(|part| *part == "super").count();
        if ups >= source.place.len() {
            found.extend(heads(rest.trim_start_matches("super::")));
        }
    }
    found
}

/// The first names of a path, or of each branch of a group: `a::b` gives a, `{a::b, c}` gives a and c.
fn heads(path: &str) -> Vec<String> {
    let name = |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = path.strip_prefix('{') else { return vec![name(path)] };
    let (mut depth, mut start, mut names) = (0_usize, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' => {
                names.push(name(&group[start..at]));
                break;
            }
            ',' if depth == 0 => {
                names.push(name(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn rank(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == module)
}

#[test]
fn every_module_has_a_layer_and_imports_only_from_below() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(own) = rank(&source.module) else {
            wrong.push(format!("{}: module `{}` has no layer", source.path.display(), source.module));
            continue;
        };
        for import in imports(&source) {
            if rank(&import).is_some_and(|other| other > own) {
                wrong.push(format!("{}: `{}` imports `{import}` from above", source.path.display(), source.module));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_core_does_no_io_reads_no_clock_and_does_not_log() {
    let mut wrong = Vec::new();
    for source in sources().into_iter().filter(|source| CORE.contains(&source.module.as_str())) {
        for word in IMPURE.into_iter().filter(|word| source.code.contains(word)) {
            wrong.push(format!("{}: the core must not say `{word}`", source.path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn foreign_crates_stay_with_their_owners() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (krate, owners) in OWNERS {
            if !owners.contains(&source.module.as_str()) && names_crate(&source.code, krate) {
                wrong.push(format!("{}: `{krate}` belongs to {}", source.path.display(), owners.join(", ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn names_crate(code: &str, krate: &str) -> bool {
    code.match_indices(&format!("{krate}::")).any(|(at, _)| {
        !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') || code[..at].ends_with(" ::")
    })
}

#[test]
fn the_checker_sees_grouped_paths_and_super() {
    let source = |code: &str| Source {
        path: PathBuf::new(),
        module: "store".into(),
        place: vec!["store".into(), "keys".into()],
        code: code.into(),
    };
    assert_eq!(imports(&source("use crate::{model::{A, B}, serve::x};")), ["model", "serve"]);
    assert_eq!(imports(&source("use super::super::serve::House;")), ["serve"]);
    assert!(imports(&source("use super::keys;")).is_empty());
    assert!(names_crate("use sled::Db;", "sled") && !names_crate("let unsled::x", "sled"));
}

#[test]
fn there_are_no_stubs() {
    for source in sources() {
        for word in ["todo!", "unimplemented!", "FIXME"] {
            assert!(!source.code.contains(word), "{}: {word}", source.path.display());
        }
    }
}
