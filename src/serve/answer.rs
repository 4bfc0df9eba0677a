//! A whole answer: body, type, validators, how long it keeps.

use axum::body::{Body, Bytes};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LAST_MODIFIED, LOCATION, VARY};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use jiff::Timestamp;
use tokio::sync::OwnedSemaphorePermit;

use super::conditional::{etag, http_date, is_fresh};

/// How long a browser keeps a page, in seconds: a look between two changes is rare, a stale page annoying.
const PAGE_MAX_AGE_S: u32 = 30;

/// What a body is sent with.
pub(super) struct Answer {
    status: StatusCode,
    content_type: &'static str,
    body: Vec<u8>,
    last_modified: Option<Timestamp>,
    cache_control: String,
    vary: &'static str,
    location: Option<String>,
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
        Self::new("text/html; charset=utf-8", html.into_bytes(), max_age)
    }

    /// A body of any type that keeps as `cache_control` says.
    pub(super) fn new(content_type: &'static str, body: Vec<u8>, cache_control: String) -> Self {
        let vary = "Accept-Encoding";
        Self {
            status: StatusCode::OK,
            content_type,
            body,
            last_modified: None,
            cache_control,
            vary,
            location: None,
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
        Self { vary: "Accept-Encoding, Sec-Fetch-Dest, Sec-Fetch-Mode", ..self }
    }

    /// How long the body is.
    pub(super) fn bytes(&self) -> usize {
        self.body.len()
    }

    /// With memory that is given back once the client has taken the body.
    pub(super) fn holding(self, memory: Option<OwnedSemaphorePermit>) -> Self {
        Self { memory, ..self }
    }

    /// The response to a request with these `headers`: 304 without a body where the client has it already.
    pub(super) fn to(self, headers: &HeaderMap) -> Response<Body> {
        let tag = etag(&self.body);
        let body = Bytes::from_owner(Holding { bytes: self.body, _memory: self.memory });
        if self.status != StatusCode::OK {
            let mut response = Response::new(Body::from(body));
            *response.status_mut() = self.status;
            set(&mut response, CONTENT_TYPE, self.content_type);
            set(&mut response, CACHE_CONTROL, &self.cache_control);
            if let Some(location) = self.location {
                set(&mut response, LOCATION, &location);
            }
            return response;
        }
        let mut response = if is_fresh(headers, &tag, self.last_modified) {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        } else {
            let mut response = Response::new(Body::from(body));
            set(&mut response, CONTENT_TYPE, self.content_type);
            response
        };
        set(&mut response, ETAG, &tag);
        set(&mut response, CACHE_CONTROL, &self.cache_control);
        set(&mut response, VARY, self.vary);
        if let Some(moment) = self.last_modified {
            set(&mut response, LAST_MODIFIED, &http_date(moment));
        }
        response
    }
}

/// Sets a header of our own making; one that HTTP cannot carry is left out.
pub(super) fn set(response: &mut Response<Body>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
