//! Commands that change what is kept or need all of it, while another redraft has the store: that one carries them out. It listens at a
//! socket in the data directory, to nobody but its own user and root.

mod caller;
mod running;
mod stream;

use redraft::store::Store;
use serde::{Deserialize, Serialize};

pub(super) use caller::{export, give};
pub(super) use running::listen;

use super::failure::Failure;
use super::{hide, hosts, keep};

/// The socket's name in the data directory.
const SOCKET: &str = "control";
/// Longest order, in bytes: a reason and an address of 4 KiB, escaped.
const MAX_ORDER_BYTES: usize = 32 * 1024;
/// Longest answer, in bytes: a line for each of tens of thousands of hosts.
const MAX_ANSWER_BYTES: u64 = 16 << 20;

/// What a store is ordered to do or to tell.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Order {
    /// Take something down.
    Hide { what: String, reason: String },
    /// Show it again.
    Unhide { what: String },
    /// List what is hidden.
    Hidden,
    /// List the hosts.
    Hosts { json: bool },
    /// Take what a host shows without confirming it.
    Accept { host: String },
    /// Write a backup and keep so many.
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

/// Carries out an order that is answered in words.
fn carried_out(store: &Store, order: &Order) -> Result<String, Failure> {
    match order {
        Order::Hide { what, reason } => hide::hide(store, what, reason),
        Order::Unhide { what } => hide::unhide(store, what),
        Order::Hidden => hide::hidden(store),
        Order::Hosts { json } => hosts::hosts(store, *json),
        Order::Accept { host } => hosts::accept(store, host),
        Order::Backup { keep } => keep::back_up(store, *keep),
        Order::Export => Err(Failure::Usage("an export is sent, not told".to_owned())),
    }
}
