//! Reads reports from the store, or asks the redraft that is running on it.

use anyhow::Context;
use redraft::clock::Clock;
use redraft::config::Config;
use redraft::daemon::store_options;
use redraft::store::{OpenError, Store};
use serde_json::Value;
use url::Url;

use super::failure::Failure;
use super::health;

/// Most bytes of an answer that are read: 10,000 sources with a kilobyte each.
const MAX_ANSWER_BYTES: u64 = 16 << 20;

/// Returns what `read` reports from the store, or the answer of a running redraft at `path`; `unseen()` if there is
/// no store yet.
pub(super) fn read_report(
    config: &Config,
    path: &str,
    unseen: impl FnOnce() -> Value,
    read: impl FnOnce(&Store) -> anyhow::Result<Value>,
) -> Result<Value, Failure> {
    if !config.store.path.exists() {
        return Ok(unseen());
    }
    match Store::open(&config.store.path, &store_options(config), Clock::System.now()) {
        Ok(store) => Ok(read(&store).context("cannot read the store")?),
        Err(OpenError::AlreadyRunning { .. }) => {
            let url = health::address_of(config.serve.listen, path)?;
            let answer = health::get_body(&url, MAX_ANSWER_BYTES).with_context(|| explain_unanswered(config, &url))?;
            Ok(serde_json::from_str(&answer).with_context(|| format!("{url} is not an address of redraft"))?)
        }
        Err(error) => Err(Failure::Setup(error.to_string())),
    }
}

/// The message if the redraft that has the store does not answer at `url`.
pub(super) fn explain_unanswered(config: &Config, url: &Url) -> String {
    let path = config.store.path.display();
    format!("redraft runs on {path}, but does not answer at {url}: give its address with --listen")
}
