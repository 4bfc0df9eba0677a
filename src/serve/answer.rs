//! A whole answer: body, type, validators, how long it keeps.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LAST_MODIFIED, LOCATION, VARY};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use jiff::Timestamp;
use tokio::sync::OwnedSemaphorePermit;

use super::conditional::{etag, http_date, is_fresh};
use super::hot::Kept;

/// How long a browser keeps a page, in seconds: a look between two changes is rare, a stale page annoying.
const PAGE_MAX_AGE_S: u32 = 30;

/// What a body is sent with.
pub(super) struct Answer {
    status: StatusCode,
    content_type: &'static str,
    body: Vec<u8>,
    etag: String,
    last_modified: Option<Timestamp>,
    cache_control: String,
    vary: &'static str,
    location: Option<String>,
    hot: Option<Arc<Kept>>,
    more: Vec<(HeaderName, String)>,
    memory: Option<OwnedSemaphorePermit>,
}

/// Bytes and what they hold as long as they are there.
struct Holding {
    bytes: Vec<u8>,
    _memory: Option<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for Holding {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Answer {
    /// A page.
    pub(super) fn page(html: String) -> Self {
        let max_age = format!("public, max-age={PAGE_MAX_AGE_S}");
        let vary = "Accept-Encoding, Accept-Language";
        Self { vary, ..Self::new("text/html; charset=utf-8", html.into_bytes(), max_age) }
    }

    /// A body of any type that keeps as `cache_control` says.
    pub(super) fn new(content_type: &'static str, body: Vec<u8>, cache_control: String) -> Self {
        let vary = "Accept-Encoding";
        Self {
            status: StatusCode::OK,
            content_type,
            etag: etag(&body),
            body,
            last_modified: None,
            cache_control,
            vary,
            location: None,
            hot: None,
            more: Vec::new(),
            memory: None,
        }
    }

    /// With another status; such an answer is never kept.
    pub(super) fn with_status(self, status: StatusCode) -> Self {
        Self { status, cache_control: "no-store".to_owned(), ..self }
    }

    /// Leading on to this address of ours.
    pub(super) fn leading_to(self, location: String) -> Self {
        Self { location: Some(location), ..self.with_status(StatusCode::FOUND) }
    }

    /// Last modified then.
    pub(super) fn modified(self, last_modified: Timestamp) -> Self {
        Self { last_modified: Some(last_modified), ..self }
    }

    /// Keeps so many seconds.
    pub(super) fn kept_for(self, max_age_s: u32) -> Self {
        Self { cache_control: format!("public, max-age={max_age_s}"), ..self }
    }

    /// At an address where people get a page and programs a feed.
    pub(super) fn differs_for_people(self) -> Self {
        self.differing_by("Accept-Encoding, Accept-Language, Sec-Fetch-Dest, Sec-Fetch-Mode")
    }

    /// At an address whose answer depends on these headers of the request.
    pub(super) fn differing_by(self, vary: &'static str) -> Self {
        Self { vary, ..self }
    }

    /// With one more header, on a 304 too.
    pub(super) fn with(mut self, name: HeaderName, value: String) -> Self {
        self.more.push((name, value));
        self
    }

    /// Kept for those who ask the same: its making began at `made`, when the store had seen so many changes.
    pub(super) fn hot(self, changes: u64, made: Timestamp) -> Self {
        let kept = Kept::new(&self, changes, made).ok().map(Arc::new);
        Self { hot: kept, ..self }
    }

    /// The body.
    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    /// What the body is.
    pub(super) fn content_type(&self) -> &'static str {
        self.content_type
    }

    /// The entity tag, and when it was last modified.
    pub(super) fn validators(&self) -> (&str, Option<Timestamp>) {
        (&self.etag, self.last_modified)
    }

    /// With memory that is given back once the client has taken the body.
    pub(super) fn holding(self, memory: Option<OwnedSemaphorePermit>) -> Self {
        Self { memory, ..self }
    }

    /// The head of a 200 or a 304, but for what tells of the body.
    pub(super) fn head(&self) -> HeaderMap {
        let mut head = HeaderMap::new();
        set(&mut head, ETAG, &self.etag);
        set(&mut head, CACHE_CONTROL, &self.cache_control);
        set(&mut head, VARY, self.vary);
        if let Some(moment) = self.last_modified {
            set(&mut head, LAST_MODIFIED, &http_date(moment));
        }
        self.more.iter().for_each(|(name, value)| set(&mut head, name.clone(), value));
        head
    }

    /// The response to a request with these `headers`: 304 without a body where the client has it already.
    pub(super) fn to(self, headers: &HeaderMap) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        if self.status == StatusCode::OK {
            *response.headers_mut() = self.head();
            if let Some(kept) = self.hot {
                response.extensions_mut().insert(kept);
            }
            if is_fresh(headers, &self.etag, self.last_modified) {
                *response.status_mut() = StatusCode::NOT_MODIFIED;
                return response;
            }
        } else {
            *response.status_mut() = self.status;
            set(response.headers_mut(), CACHE_CONTROL, &self.cache_control);
            self.location.iter().for_each(|location| set(response.headers_mut(), LOCATION, location));
            self.more.iter().for_each(|(name, value)| set(response.headers_mut(), name.clone(), value));
        }
        set(response.headers_mut(), CONTENT_TYPE, self.content_type);
        *response.body_mut() = Body::from(Bytes::from_owner(Holding { bytes: self.body, _memory: self.memory }));
        response
    }
}

/// Sets a header of our own making; one that HTTP cannot carry is left out.
pub(super) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
