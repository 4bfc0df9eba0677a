//! Exports: a whole store as lines of JSON in one zstd file, which no database is needed to read. `docs/store-format.md`
//! tells its lines. What is imported from it has the same ids, feeds and bytes.

mod export;
mod import;
mod json;
mod line;

pub use export::Exported;
pub use import::{ImportError, import, is_archive};
