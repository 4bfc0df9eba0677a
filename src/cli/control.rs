//! Commands that change what is kept or need all of it, while another redraft has the store: that one carries them out. It listens at a
//! socket in the data directory, to nobody but its own user and root.

use std::fs;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, anyhow};
use redraft::clock::Clock;
use redraft::daemon::{Daemon, store_options};
use redraft::store::{OpenError, Store};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net;
use tokio::time::{sleep, timeout};

use super::arguments::Settings;
use super::failure::Failure;
use super::{configuration, hide, hosts, paint};

/// The socket's name in the data directory.
const SOCKET: &str = "control";
/// Longest order, in bytes: a reason and an address of 4 KiB, escaped.
const MAX_ORDER_BYTES: usize = 32 * 1024;
/// Longest answer, in bytes: a line for each of tens of thousands of hosts.
const MAX_ANSWER_BYTES: u64 = 16 << 20;
/// How long an order or its answer may take to go over.
const WITHIN: Duration = Duration::from_secs(5);
/// How long an answer is waited for: the list of all hosts reads every article.
const ANSWERED_WITHIN: Duration = Duration::from_mins(1);
/// Pause after a connection that could not be taken.
const PAUSE: Duration = Duration::from_millis(100);

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
}

#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    exit_code: u8,
    words: String,
}

/// Carries an order out: on the store, or through the redraft that has it.
pub(super) fn give(settings: &Settings, order: &Order) -> Result<ExitCode, Failure> {
    let config = configuration::load(settings, Vec::new())?;
    let path = &config.store.path;
    if !path.exists() {
        return Err(anyhow!("there is no store at {}: nothing was watched yet", path.display()).into());
    }
    let message = serde_json::to_vec(order).map_err(anyhow::Error::from)?;
    if message.len() > MAX_ORDER_BYTES {
        return Err(Failure::Usage(format!("that is longer than {} KiB", MAX_ORDER_BYTES / 1024)));
    }
    let words = match Store::open(path, &store_options(&config), Clock::System.now()) {
        Ok(store) => carried_out(&store, order)?,
        Err(OpenError::AlreadyRunning { .. }) => {
            let answer = ask(&path.join(SOCKET), &message).map_err(|error| {
                Failure::Temporary(format!(
                    "redraft is running on {} and does not answer ({error:#}): try again, or stop it first",
                    path.display()
                ))
            })?;
            if answer.exit_code != 0 {
                paint::tell(&answer.words);
                return Ok(ExitCode::from(answer.exit_code));
            }
            answer.words
        }
        Err(error) => return Err(Failure::Setup(error.to_string())),
    };
    paint::say(words.trim_end());
    Ok(ExitCode::SUCCESS)
}

fn carried_out(store: &Store, order: &Order) -> Result<String, Failure> {
    match order {
        Order::Hide { what, reason } => hide::hide(store, what, reason),
        Order::Unhide { what } => hide::unhide(store, what),
        Order::Hidden => hide::hidden(store),
        Order::Hosts { json } => hosts::hosts(store, *json),
        Order::Accept { host } => hosts::accept(store, host),
    }
}

fn ask(socket: &Path, order: &[u8]) -> anyhow::Result<Answer> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_write_timeout(Some(WITHIN))?;
    stream.set_read_timeout(Some(ANSWERED_WITHIN))?;
    stream.write_all(order)?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER_BYTES).read_to_end(&mut answer)?;
    serde_json::from_slice(&answer).context("another version of redraft, or one that is stopping")
}

/// The socket, as long as it is listened to.
pub(super) struct Listening(PathBuf);

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Takes orders for the daemon's store until the runtime ends. Without a socket redraft runs all the same: a path of more than a hundred
/// bytes makes none, nor do some network file systems.
pub(super) fn listen(daemon: &Daemon, data: &Path) -> Option<Listening> {
    let socket = data.join(SOCKET);
    // Whoever has the store's lock owns this name; after a crash it is still there.
    let _ = fs::remove_file(&socket);
    let listener = match net::UnixListener::bind(&socket) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::warn!(%error, "no socket at {}: hide, unhide and hosts need redraft stopped", socket.display());
            return None;
        }
    };
    let daemon = daemon.clone();
    tokio::spawn(async move {
        loop {
            let one = async { taken(listener.accept().await?.0, &daemon).await };
            if let Err(error) = one.await {
                tracing::warn!(%error, "an order could not be taken");
                sleep(PAUSE).await;
            }
        }
    });
    Some(Listening(socket))
}

/// Takes one order from a connection, and answers.
async fn taken(mut stream: net::UnixStream, daemon: &Daemon) -> io::Result<()> {
    let theirs = stream.peer_cred()?.uid();
    if theirs != 0 && theirs != rustix::process::geteuid().as_raw() {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            format!("user {theirs} is neither redraft's nor root"),
        ));
    }
    let mut order = Vec::new();
    timeout(WITHIN, (&mut stream).take(MAX_ORDER_BYTES as u64).read_to_end(&mut order)).await??;
    let answer = obeyed(daemon, serde_json::from_slice(&order)?).await;
    timeout(WITHIN, stream.write_all(&serde_json::to_vec(&answer)?)).await?
}

async fn obeyed(daemon: &Daemon, order: Order) -> Answer {
    tracing::info!(?order, "ordered");
    let (store, looks) = (daemon.store().clone(), matches!(order, Order::Accept { .. }));
    let done = tokio::task::spawn_blocking(move || carried_out(&store, &order)).await;
    match done.unwrap_or_else(|fault| Err(anyhow::Error::from(fault).into())) {
        Ok(words) => {
            if looks {
                daemon.look_up();
            }
            Answer { exit_code: 0, words }
        }
        Err(failure) => Answer { exit_code: failure.exit_code(), words: failure.to_string() },
    }
}
