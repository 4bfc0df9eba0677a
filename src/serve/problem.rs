//! Why a request gets no answer.

use http::StatusCode;

use crate::store::StoreError;

/// Why a request gets no answer, in words for whoever asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    /// There is no such thing. What.
    #[error("{0}")]
    NotFound(String),
    /// It was taken down. Why.
    #[error("this was taken down: {0}")]
    Gone(String),
    /// It was kept once. What is no longer.
    #[error("{0}")]
    Dropped(String),
    /// The question makes no sense. Why.
    #[error("{0}")]
    BadRequest(String),
    /// Only GET and HEAD.
    #[error("this site is read-only: use GET or HEAD")]
    MethodNotAllowed,
    /// The store failed. What happened is for the log, not for strangers.
    #[error("the store cannot be read at present; try again in a few minutes")]
    Store(#[from] StoreError),
    /// Our own thread failed, or took too long.
    #[error("this took too long; try again in a few minutes")]
    Busy,
}

impl Problem {
    /// Its status.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Gone(_) | Self::Dropped(_) => StatusCode::GONE,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Store(_) | Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Nothing is at this address.
    pub(super) fn nothing_here() -> Self {
        Self::NotFound("there is nothing at this address".to_owned())
    }
}
