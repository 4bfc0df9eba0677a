//! A body on its way to a client: its visit hears when it is gone.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Error;
use axum::body::Body;
use hyper::body::{Bytes, Frame, SizeHint};

use super::visit::Visit;

/// The body of an answer.
pub(super) struct Sent {
    body: Body,
    visit: Arc<Visit>,
}

impl Sent {
    pub(super) fn new(body: Body, visit: Arc<Visit>) -> Self {
        Self { body, visit }
    }
}

impl hyper::body::Body for Sent {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        self.visit.answered();
    }
}
