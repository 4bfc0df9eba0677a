//! The state of each recipient, for the JSON interface, metrics and the command line. Contains no address and no
//! secret.

use jiff::Timestamp;
use serde::Serialize;

use super::addressee::{Addressee, all_recipients};
use crate::config::Config;
use crate::model::{Dispatch, without_error_numbers};
use crate::store::{EditsAfter, Store, StoreError};

/// Limit of waiting edits that are counted.
const MAX_WAITING: usize = 1_000;

/// The state of a recipient; times in RFC 3339.
#[derive(Clone, Debug, Serialize)]
pub struct DispatchReport {
    /// The recipient: `webhook NAME`, `hub` or `archive`.
    pub to: String,
    /// The format of what it is sent.
    pub format: &'static str,
    /// Number of accepted deliveries.
    pub taken: u64,
    /// Time of the last accepted delivery.
    pub last_taken: Option<String>,
    /// Edits that are waiting, counted up to 1,000.
    pub waiting: usize,
    /// Edits that were skipped because it did not accept them.
    pub given_up: u64,
    /// Consecutive failures.
    pub failures: u32,
    /// Time of the next attempt.
    pub next_try: Option<String>,
    /// The last error.
    pub trouble: Option<String>,
    /// Time at which the recipient said that it is gone for good.
    pub ended: Option<String>,
    #[serde(skip)]
    last: Option<Timestamp>,
}

impl DispatchReport {
    /// Time of the last accepted delivery in Unix seconds; 0 if there was none.
    #[must_use]
    pub fn last_taken_s(&self) -> i64 {
        self.last.map_or(0, Timestamp::as_second)
    }
}

/// The state of all recipients of `config`.
///
/// # Errors
/// If the store cannot be read.
pub fn reports(store: &Store, config: &Config) -> Result<Vec<DispatchReport>, StoreError> {
    all_recipients(config).iter().map(|to| report_on(store, to)).collect()
}

fn report_on(store: &Store, to: &Addressee) -> Result<DispatchReport, StoreError> {
    let newest = || Ok(Dispatch::new(to.address(), store.newest_edit()?));
    let dispatch = store.dispatch(&to.key())?.map_or_else(newest, Ok)?;
    let waiting = match to.query(dispatch.told) {
        Some(query) => store.waiting(&EditsAfter { limit: MAX_WAITING, ..query })?,
        None => store.copies_wanted(MAX_WAITING)?,
    };
    let time = |time: Option<Timestamp>| time.map(|time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    Ok(DispatchReport {
        to: to.key(),
        format: to.format(),
        taken: dispatch.taken,
        last_taken: time(dispatch.last),
        waiting,
        given_up: dispatch.given_up,
        failures: dispatch.failures,
        next_try: time(dispatch.due),
        trouble: dispatch.trouble.map(|words| without_error_numbers(&words).into_owned()),
        ended: time(dispatch.ended),
        last: dispatch.last,
    })
}
