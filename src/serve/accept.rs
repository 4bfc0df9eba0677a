//! Our own accept loop, since the ready-made ones let a client send its head byte by byte for ever. TLS and HTTP/2 belong to
//! the proxy in front.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};

use super::timed::Timed;

/// Connections at once; more wait in the kernel's queue.
const MAX_CONNECTIONS: u32 = 512;
/// Longest wait for the head of a request, and for the next request of a connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Largest head.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Most header fields.
const MAX_HEADERS: usize = 64;
/// Oldest connection that still gets another answer: so that nobody holds one for ever, however slowly they read.
const MAX_AGE: Duration = Duration::from_mins(10);
/// What the last answer of an old connection gets.
const LAST_ANSWER: Duration = Duration::from_mins(1);
/// What answers under way get when we stop.
const GRACE: Duration = Duration::from_secs(4);
/// Pause after a failed accept: out of file descriptors, most likely, until some connection ends.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves `routes` to whoever connects, until `shutdown` is done and connections ended or [`GRACE`] passed.
pub(super) async fn accept(
    listener: TcpListener,
    routes: Router,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS as usize));
    let (stop, stopping) = watch::channel(false);
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            (stream, permit) = next(&listener, &permits) => {
                tokio::spawn(connection(stream, routes.clone(), permit, stopping.clone()));
            }
        }
    }
    drop(listener);
    stop.send_replace(true);
    // All permits together: every connection has ended.
    let _ = timeout(GRACE, permits.acquire_many(MAX_CONNECTIONS)).await;
    Ok(())
}

/// The next connection, once there is room for it.
async fn next(listener: &TcpListener, permits: &Arc<Semaphore>) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    let permit = Arc::clone(permits).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, permit),
            Err(error) => {
                tracing::debug!(%error, "cannot accept a connection");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    routes: Router,
    _permit: Option<OwnedSemaphorePermit>,
    mut stopping: watch::Receiver<bool>,
) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_header_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS)
        .serve_connection(TokioIo::new(Timed::new(stream)), TowerToHyperService::new(routes));
    tokio::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopping.wait_for(|stopping| *stopping) => {}
        () = sleep(MAX_AGE) => {}
    }
    connection.as_mut().graceful_shutdown();
    // A client's broken connection is its own affair.
    let _ = timeout(LAST_ANSWER, connection).await;
}
