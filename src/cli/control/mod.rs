//! The control socket: a running redraft carries out commands that change its store or need all of it. It listens on
//! a socket in the data directory and accepts orders only from its own user and root.

mod caller;
mod running;
mod stream;

use redraft::store::Store;
use serde::{Deserialize, Serialize};

pub(super) use caller::{export_from_running, give_order};
pub(super) use running::listen_for_orders;

use super::failure::Failure;
use super::{hide, hosts, keep};

/// Name of the socket in the data directory.
const SOCKET: &str = "control";
/// Longest order in bytes: a reason and an address of 4 KiB, escaped.
const MAX_ORDER_BYTES: usize = 32 * 1024;
/// Longest answer in bytes: one line for each of tens of thousands of hosts.
const MAX_ANSWER_BYTES: u64 = 16 << 20;

/// An order to a store.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Order {
    /// Hide an article or a version.
    Hide { what: String, reason: String },
    /// Show it again.
    Unhide { what: String },
    /// List what is hidden.
    Hidden,
    /// List the hosts.
    Hosts { json: bool },
    /// Accept the current pages of a host without confirmation.
    Accept { host: String },
    /// Write a backup and keep the newest `keep`.
    Backup { keep: usize },
    /// Send an export; the answer is a [`stream`].
    Export,
}

#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    exit_code: u8,
    words: String,
}

impl Answer {
    fn of(done: Result<String, Failure>) -> Self {
        match done {
            Ok(words) => Self { exit_code: 0, words },
            Err(failure) => Self { exit_code: failure.exit_code(), words: failure.to_string() },
        }
    }
}

/// Carries out an order whose answer is a text.
fn carry_out(store: &Store, order: &Order) -> Result<String, Failure> {
    match order {
        Order::Hide { what, reason } => hide::hide(store, what, reason),
        Order::Unhide { what } => hide::unhide(store, what),
        Order::Hidden => hide::list_hidden(store),
        Order::Hosts { json } => hosts::list_hosts(store, *json),
        Order::Accept { host } => hosts::accept_host(store, host),
        Order::Backup { keep } => keep::back_up(store, *keep),
        Order::Export => Err(Failure::Usage("an export is sent as a stream, not as a text".to_owned())),
    }
}
