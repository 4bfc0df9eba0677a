//! The server: a running redraft carries out orders from the socket.

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

use super::{Answer, MAX_ORDER_BYTES, Order, SOCKET, carry_out, stream};
use crate::cli::failure::Failure;

/// Time limit for receiving an order, and for sending its answer.
const WITHIN: Duration = Duration::from_secs(5);
/// Pause after a failed accept.
const PAUSE: Duration = Duration::from_millis(100);
/// Orders carried out in parallel; others wait. People give them one at a time.
const MAX_ORDERS: usize = 4;
/// Exports sent in parallel: each keeps a core busy.
const MAX_EXPORTS: usize = 1;

/// The bound socket and the task that takes orders; dropping it ends both and removes the socket's file.
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

/// State shared by all connections.
#[derive(Clone)]
struct Desk {
    daemon: Daemon,
    exports: Arc<Semaphore>,
}

/// Accepts orders for the daemon's store until the returned value is dropped. If the socket cannot be created, redraft runs
/// without it: paths of more than a hundred bytes and some network file systems do not allow sockets.
pub(in crate::cli) fn listen_for_orders(daemon: &Daemon, data: &Path) -> Option<Listening> {
    let socket = data.join(SOCKET);
    // We hold the store's lock, so an existing socket file is left over from a crash.
    let _ = fs::remove_file(&socket);
    let listener = match net::UnixListener::bind(&socket) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::warn!(
                %error,
                "cannot create the socket {}: stop redraft before hide, unhide, hidden, hosts, backup and export",
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
                        tracing::warn!(%error, "an order was not carried out, or its answer was not received");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept an order");
                sleep(PAUSE).await;
            }
        }
    }
}

impl Desk {
    /// Reads one order from a connection and answers it.
    async fn take(&self, mut stream: net::UnixStream) -> io::Result<()> {
        let mut order = Vec::new();
        timeout(WITHIN, (&mut stream).take(MAX_ORDER_BYTES as u64).read_to_end(&mut order)).await??;
        let order: Result<Order, _> = serde_json::from_slice(&order);
        let is_export = matches!(order, Ok(Order::Export));
        let refused = match &order {
            Ok(_) => find_refusal(&stream)?,
            Err(_) => Some("another version of redraft is running, which does not know this order".to_owned()),
        };
        let answer = match (refused, order) {
            (None, Ok(Order::Export)) => match Arc::clone(&self.exports).try_acquire_owned() {
                Ok(turn) => {
                    tracing::info!("sending an export");
                    return stream::send_export(&mut stream, self.daemon.store().clone(), turn).await;
                }
                Err(_) => Err("another export is in progress: try again when it is done".to_owned()),
            },
            (None, Ok(order)) => Ok(self.obey(order).await),
            (refused, _) => Err(refused.unwrap_or_default()),
        };
        let answer = answer.unwrap_or_else(|why| Answer::of(Err(Failure::Temporary(why))));
        if is_export {
            return stream::end_stream(&mut stream, &answer).await;
        }
        timeout(WITHIN, stream.write_all(&serde_json::to_vec(&answer)?)).await?
    }

    async fn obey(&self, order: Order) -> Answer {
        tracing::info!(?order, "received an order");
        let (store, looks) = (self.daemon.store().clone(), matches!(order, Order::Accept { .. }));
        let done = tokio::task::spawn_blocking(move || carry_out(&store, &order)).await;
        let done = done.unwrap_or_else(|fault| Err(anyhow::Error::from(fault).into()));
        if looks && done.is_ok() {
            self.daemon.look_up();
        }
        Answer::of(done)
    }
}

/// The reason why the sender may not give orders; `None` if it may.
fn find_refusal(stream: &net::UnixStream) -> io::Result<Option<String>> {
    let (theirs, ours) = (stream.peer_cred()?.uid(), rustix::process::geteuid().as_raw());
    if theirs == 0 || theirs == ours {
        return Ok(None);
    }
    tracing::warn!(user = theirs, "refused an order of a user who is neither redraft's own nor root");
    Ok(Some(format!(
        "redraft accepts orders only from its own user ({ours}) and root: run this command as one of them"
    )))
}
