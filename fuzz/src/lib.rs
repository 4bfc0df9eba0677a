//! What is asked of the pure functions of redraft on bytes that a stranger chose. Each module has one function, `run`, that
//! takes any bytes, calls what it is named after, and panics where a promise is broken.
//!
//! The fuzzer (`fuzz/run`) calls them with bytes that it makes up; `tests/fuzz_corpora.rs` calls them with those in
//! `fuzz/corpus/`. To add one: a module here, its line in [`TARGETS`], a file in `targets/`, a `[[bin]]` in `Cargo.toml` and a
//! few small inputs, written by us, in `corpus/NAME/`.

pub mod address;
pub mod canonical_url;
pub mod compare;
pub mod config;
pub mod discover;
pub mod opml;
pub mod page;
pub mod record;
pub mod render;
pub mod retry_after;
pub mod robots;
pub mod sitemap;

mod texts;

/// A target's name, which is also that of its corpus, and its function.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 12] = [
    ("address", address::run),
    ("canonical_url", canonical_url::run),
    ("compare", compare::run),
    ("config", config::run),
    ("discover", discover::run),
    ("opml", opml::run),
    ("page", page::run),
    ("record", record::run),
    ("render", render::run),
    ("retry_after", retry_after::run),
    ("robots", robots::run),
    ("sitemap", sitemap::run),
];

/// The first line without its end, and the rest.
fn first_line(bytes: &[u8]) -> (String, &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let line = String::from_utf8_lossy(&bytes[..end]).into_owned();
    (line, bytes.get(end + 1..).unwrap_or_default())
}
