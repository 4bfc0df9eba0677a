//! The side of the redraft that has the store.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use redraft::daemon::Daemon;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::{Answer, MAX_ORDER_BYTES, Order, SOCKET, carried_out, stream};
use crate::cli::failure::Failure;

/// How long an order or its answer may take to go over.
const WITHIN: Duration = Duration::from_secs(5);
/// Pause after a connection that could not be taken.
const PAUSE: Duration = Duration::from_millis(100);
/// Orders carried out at once; others wait. People give them, one at a time.
const MAX_ORDERS: usize = 4;
/// Exports sent at once: each keeps a core busy.
const MAX_EXPORTS: usize = 1;

/// The socket, as long as it is listened to.
pub(in crate::cli) struct Listening {
    socket: PathBuf,
    task: JoinHandle<()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
        let _ = fs::remove_file(&self.socket);
    }
}

/// What is shared by all who give orders.
#[derive(Clone)]
struct Desk {
    daemon: Daemon,
    exports: Arc<Semaphore>,
}

/// Takes orders for the daemon's store until what is given back is dropped. Without a socket redraft runs all the same: a path of more than a hundred
/// bytes makes none, nor do some network file systems.
pub(in crate::cli) fn listen(daemon: &Daemon, data: &Path) -> Option<Listening> {
    let socket = data.join(SOCKET);
    // Whoever has the store's lock owns this name; after a crash it is still there.
    let _ = fs::remove_file(&socket);
    let listener = match net::UnixListener::bind(&socket) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::warn!(
                %error,
                "no socket at {}: hide, unhide, hidden, hosts, backup and export need redraft stopped",
                socket.display()
            );
            return None;
        }
    };
    let desk = Desk { daemon: daemon.clone(), exports: Arc::new(Semaphore::new(MAX_EXPORTS)) };
    Some(Listening { socket, task: tokio::spawn(take_orders(listener, desk)) })
}

async fn take_orders(listener: net::UnixListener, desk: Desk) {
    let turns = Arc::new(Semaphore::new(MAX_ORDERS));
    loop {
        let Ok(turn) = Arc::clone(&turns).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let desk = desk.clone();
                tokio::spawn(async move {
                    let _turn = turn;
                    if let Err(error) = desk.take(stream).await {
                        tracing::warn!(%error, "an order was not carried out, or its answer not taken");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "an order could not be taken");
                sleep(PAUSE).await;
            }
        }
    }
}

impl Desk {
    /// Takes one order from a connection, and answers.
    async fn take(&self, mut stream: net::UnixStream) -> io::Result<()> {
        let mut order = Vec::new();
        timeout(WITHIN, (&mut stream).take(MAX_ORDER_BYTES as u64).read_to_end(&mut order)).await??;
        let order: Result<Order, _> = serde_json::from_slice(&order);
        let is_export = matches!(order, Ok(Order::Export));
        let refused = match &order {
            Ok(_) => refusal(&stream)?,
            Err(_) => Some("redraft runs in another version, which does not know this order".to_owned()),
        };
        let answer = match (refused, order) {
            (None, Ok(Order::Export)) => match Arc::clone(&self.exports).try_acquire_owned() {
                Ok(turn) => {
                    tracing::info!("an export was ordered");
                    return stream::send(&mut stream, self.daemon.store().clone(), turn).await;
                }
                Err(_) => Err("another export is being written: try again when it is done".to_owned()),
            },
            (None, Ok(order)) => Ok(self.obey(order).await),
            (refused, _) => Err(refused.unwrap_or_default()),
        };
        let answer = answer.unwrap_or_else(|why| Answer::of(Err(Failure::Temporary(why))));
        if is_export {
            return stream::end(&mut stream, &answer).await;
        }
        timeout(WITHIN, stream.write_all(&serde_json::to_vec(&answer)?)).await?
    }

    async fn obey(&self, order: Order) -> Answer {
        tracing::info!(?order, "ordered");
        let (store, looks) = (self.daemon.store().clone(), matches!(order, Order::Accept { .. }));
        let done = tokio::task::spawn_blocking(move || carried_out(&store, &order)).await;
        let done = done.unwrap_or_else(|fault| Err(anyhow::Error::from(fault).into()));
        if looks && done.is_ok() {
            self.daemon.look_up();
        }
        Answer::of(done)
    }
}

/// Why whoever gives an order may not, if so.
fn refusal(stream: &net::UnixStream) -> io::Result<Option<String>> {
    let (theirs, ours) = (stream.peer_cred()?.uid(), rustix::process::geteuid().as_raw());
    if theirs == 0 || theirs == ours {
        return Ok(None);
    }
    tracing::warn!("user {theirs}, who is neither redraft's nor root, gave an order");
    Ok(Some(format!("redraft takes orders from its own user ({ours}) and root alone: say this as one of them")))
}
