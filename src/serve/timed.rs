//! A stream that gives up on a peer that sends or takes nothing.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use super::visit::Visit;

/// `inner`, whose reads fail at the deadline of its visit, and whose writes fail once the peer took nothing for
/// `write_timeout`.
pub(super) struct Timed<S> {
    inner: S,
    visit: Arc<Visit>,
    reading: Pin<Box<Sleep>>,
    write_timeout: Duration,
    writing: Pin<Box<Sleep>>,
    waits: bool,
}

impl<S> Timed<S> {
    pub(super) fn new(inner: S, visit: Arc<Visit>, write_timeout: Duration) -> Self {
        let reading = Box::pin(sleep_until(Instant::now()));
        let writing = Box::pin(sleep(write_timeout));
        Self { inner, visit, reading, write_timeout, writing, waits: false }
    }

    /// Pending until the deadline of the visit. A deadline mostly moves on before it comes: the alarm is set anew only when it
    /// goes off too early, since setting it costs more than all else here.
    fn until_deadline(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            let deadline = self.visit.deadline();
            let alarm = deadline.unwrap_or_else(|| Instant::now() + self.visit.least_patience());
            if self.reading.is_elapsed() || self.reading.deadline() > alarm {
                self.reading.as_mut().reset(alarm);
            }
            ready!(self.reading.as_mut().poll(cx));
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
        }
    }

    /// `progress` of a write, or an error once it has been pending for too long.
    fn written<T>(&mut self, cx: &mut Context<'_>, progress: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if progress.is_ready() {
            self.waits = false;
            return progress;
        }
        if !self.waits {
            self.waits = true;
            let deadline = Instant::now() + self.write_timeout;
            self.writing.as_mut().reset(deadline);
        }
        ready!(self.writing.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Timed<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let progress = Pin::new(&mut self.inner).poll_read(cx, buf);
        if progress.is_pending() {
            return self.until_deadline(cx);
        }
        if buf.filled().len() > before {
            self.visit.heard();
        }
        progress
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Timed<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let progress = Pin::new(&mut self.inner).poll_write(cx, buf);
        self.written(cx, progress)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let progress = Pin::new(&mut self.inner).poll_write_vectored(cx, bufs);
        self.written(cx, progress)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let progress = Pin::new(&mut self.inner).poll_flush(cx);
        self.written(cx, progress)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let progress = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.written(cx, progress)
    }
}
