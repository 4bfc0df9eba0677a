//! What redraft makes of a page, a pair of texts or a feed, as JSON: for scripts, and for people who wonder.
//!
//! The shapes are part of the command line and do not change: fields are only added.

mod edit;
mod feed;
mod page;
mod robots;

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;
use serde_json::Value;

pub use edit::{EditInput, EditReport, ReasonReport, Run, Text, TroubleReport, compared, edit};
pub use feed::{EntryReport, FeedInput, FeedReport, feed, unreadable_feed};
pub use page::{BlockReport, ExplainedReport, FeatureReport, PageInput, PageReport, explained, page, unreadable_page};
pub use robots::{PermissionReport, RobotsReport, RuleReport, robots};

/// An answer to a line of input that could not be made sense of.
#[derive(Debug, Serialize)]
pub struct Failed {
    /// The line's own `id`, where it had one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Value>,
    /// The line's own `path`, where it had one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Always false.
    pub ok: bool,
    /// Why, in words.
    pub error: String,
    /// The line's number, from 1; blank lines count.
    pub line: u64,
}

/// Runs what works on strangers' texts; a panic in there becomes words.
///
/// # Errors
/// The panic's message.
pub fn contained<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        format!("a fault of redraft's own, please report it: {}", text.as_deref().unwrap_or("panic"))
    })
}

#[cfg(test)]
mod tests;
