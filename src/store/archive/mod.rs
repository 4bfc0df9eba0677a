//! Exports: a whole store as lines of JSON in one zstd file, readable without a database. `docs/store-format.md`
//! describes the lines. An imported store has the same ids and feeds, byte for byte.

mod export;
mod import;
mod json;
mod line;

pub use export::Exported;
pub use import::{ImportError, import, is_archive};
