//! How each addressee is, for programs, for metrics and for the command line. No address and no secret is in it.

use jiff::Timestamp;
use serde::Serialize;

use super::addressee::{Addressee, addressees};
use crate::config::Config;
use crate::model::{Dispatch, without_error_numbers};
use crate::store::{EditsAfter, Store, StoreError};

/// Most waiting edits that are counted.
const MAX_WAITING: usize = 1_000;

/// How an addressee is; times in RFC 3339.
#[derive(Clone, Debug, Serialize)]
pub struct DispatchReport {
    /// `webhook NAME`.
    pub to: String,
    /// What it is sent.
    pub format: &'static str,
    /// How often it took something.
    pub taken: u64,
    /// When it last did.
    pub last_taken: Option<String>,
    /// Edits that wait for it, up to 1,000.
    pub waiting: usize,
    /// Edits that it was not told of since it did not take them.
    pub given_up: u64,
    /// Failures in a row.
    pub failures: u32,
    /// When it is tried again.
    pub next_try: Option<String>,
    /// What went wrong last.
    pub trouble: Option<String>,
    /// Since when it wants nothing more.
    pub ended: Option<String>,
    #[serde(skip)]
    last: Option<Timestamp>,
}

impl DispatchReport {
    /// When it last took something, in Unix seconds; 0 where it never did.
    #[must_use]
    pub fn last_taken_s(&self) -> i64 {
        self.last.map_or(0, Timestamp::as_second)
    }
}

/// How all addressees of `config` are.
///
/// # Errors
/// When the store cannot be read.
pub fn reports(store: &Store, config: &Config) -> Result<Vec<DispatchReport>, StoreError> {
    addressees(config).iter().map(|to| report(store, to)).collect()
}

fn report(store: &Store, to: &Addressee) -> Result<DispatchReport, StoreError> {
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
