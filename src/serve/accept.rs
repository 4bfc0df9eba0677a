//! Our own accept loop, since the ready-made ones let a client send its head byte by byte for ever. TLS and HTTP/2 belong to
//! the proxy in front.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};

use super::hot::Front;
use super::sent::Sent;
use super::timed::Timed;
use super::visit::{Visit, Visits};
use crate::config::Serve;

/// Largest head.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Most header fields.
const MAX_HEADERS: usize = 64;
/// Oldest connection that still gets another answer: so that nobody holds one for ever, however slowly they read.
const MAX_AGE: Duration = Duration::from_mins(10);
/// What the last answer of an old connection gets.
const LAST_ANSWER: Duration = Duration::from_mins(1);
/// What answers under way get when we stop.
const GRACE: Duration = Duration::from_secs(3);
/// Pause after a failed accept: out of file descriptors, most likely, until some connection ends.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How soon another connection is asked to leave while there is no room.
const NO_ROOM_PAUSE: Duration = Duration::from_millis(10);

/// The house's door: who is let in, and who must go.
struct Door {
    front: Arc<Front>,
    http: http1::Builder,
    limits: Serve,
    visits: Arc<Visits>,
    permits: Arc<Semaphore>,
}

/// Serves `front` to whoever connects, until `shutdown` is done and connections ended or [`GRACE`] passed.
pub(super) async fn accept(
    listener: TcpListener,
    front: Front,
    visits: Arc<Visits>,
    limits: &Serve,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let permits = Arc::new(Semaphore::new(limits.connections));
    let door = Door { front: Arc::new(front), http: http(), limits: limits.clone(), visits, permits };
    let (stop, stopping) = watch::channel(false);
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            (stream, permit) = door.next(&listener) => door.let_in(stream, permit, stopping.clone()),
        }
    }
    drop(listener);
    stop.send_replace(true);
    // All permits together: every connection has ended.
    let all = u32::try_from(door.limits.connections).unwrap_or(u32::MAX);
    let _ = timeout(GRACE, door.permits.acquire_many(all)).await;
    Ok(())
}

impl Door {
    /// The next connection, and its permit. A client that connects is let in even if all permits are taken: then another one
    /// goes. More than that wait in the kernel's queue.
    async fn next(&self, listener: &TcpListener) -> (TcpStream, Option<OwnedSemaphorePermit>) {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => return (stream, self.permit().await),
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Some(permit);
        }
        loop {
            self.visits.dismiss_one();
            if let Ok(permit) = timeout(NO_ROOM_PAUSE, Arc::clone(&self.permits).acquire_owned()).await {
                return permit.ok();
            }
        }
    }

    fn let_in(&self, stream: TcpStream, permit: Option<OwnedSemaphorePermit>, mut stopping: watch::Receiver<bool>) {
        let visit = Arc::new(Visit::new(&self.limits));
        let place = self.visits.enter(Arc::clone(&visit));
        // Answers are written whole: waiting for more bytes to send gains nothing.
        let _ = stream.set_nodelay(true);
        let io = TokioIo::new(Timed::new(stream, Arc::clone(&visit), self.limits.write_timeout));
        let service = service(Arc::clone(&self.front), Arc::clone(&visit));
        let connection = self.http.serve_connection(io, service);
        tokio::spawn(async move {
            let _held = (place, permit);
            tokio::pin!(connection);
            tokio::select! {
                biased;
                // A client's broken connection is its own affair.
                _ = connection.as_mut() => return,
                () = visit.must_leave() => return,
                _ = stopping.wait_for(|stopping| *stopping) => {}
                () = sleep(MAX_AGE) => {}
            }
            connection.as_mut().graceful_shutdown();
            let _ = timeout(LAST_ANSWER, connection).await;
        });
    }
}

/// HTTP/1.1 within the limits.
fn http() -> http1::Builder {
    let mut http = http1::Builder::new();
    // No timer: a visit has a deadline for whatever its connection does.
    http.max_header_size(MAX_HEAD_BYTES).max_headers(MAX_HEADERS);
    http
}

/// `front`, telling the visit when a request is there and when its answer is gone.
fn service(
    front: Arc<Front>,
    visit: Arc<Visit>,
) -> impl Service<Request<Incoming>, Response = Response<Sent>, Error = Infallible, Future: Send> {
    service_fn(move |request| {
        visit.asked();
        let (front, visit) = (Arc::clone(&front), Arc::clone(&visit));
        async move { Ok(front.answer(request).await?.map(|body| Sent::new(body, visit))) }
    })
}
