//! Answers that are asked for again and again, kept as they left: thousands of readers poll one feed between two of its edits,
//! and none of them should cost a look into the store, a rendering or a compression.
//!
//! An answer is kept under the address as it was asked for, plain and gzipped, for a minute at most, and no longer than until anything
//! in the store changes that a feed may tell of, or the configuration is replaced.

use std::convert::Infallible;
use std::io::{self, Write};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::{Body as _, Incoming};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use jiff::{SignedDuration, Timestamp};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::watch;

use super::House;
use super::answer::Answer;
use super::asked::is_person;
use super::conditional::is_fresh;
use super::preference::weight_of_coding;
use super::routes::guard;

/// How long an answer is kept at most: what its `Cache-Control` says of our next look may be late by so much.
const KEPT: SignedDuration = SignedDuration::from_mins(1);
/// Memory for kept answers, in bytes: two hundred feeds of ordinary length, plain and gzipped.
const MAX_HOT_BYTES: u64 = 8 * 1024 * 1024;
/// Answers that are expected at once: only a hint for the table's first size.
const EXPECTED: usize = 64;
/// What an answer takes besides its bodies, in bytes: its head and its place in the table, about.
const OVERHEAD_BYTES: u64 = 1_024;
/// Longest address under which an answer is kept, in bytes: ours without a query are shorter than half of it.
const MAX_TARGET_BYTES: usize = 256;

/// Answers that were asked for lately.
#[derive(Debug)]
pub struct Hot {
    kept: Cache<String, Arc<Kept>, Weight>,
}

/// An answer as it left, and as long as it holds.
#[derive(Debug)]
pub(super) struct Kept {
    /// [`crate::store::Store::changes`] when its making began.
    changes: u64,
    made: Timestamp,
    etag: String,
    last_modified: Option<Timestamp>,
    /// The head of a 304.
    fresh_head: HeaderMap,
    /// The head of a 200, but for the coding.
    head: HeaderMap,
    plain: Bytes,
    gzipped: Bytes,
}

/// The routes, and what is hot before them.
pub(super) struct Front {
    routes: TowerToHyperService<Router>,
    houses: watch::Receiver<Arc<House>>,
}

#[derive(Clone, Debug)]
struct Weight;

impl Weighter<String, Arc<Kept>> for Weight {
    fn weight(&self, target: &String, kept: &Arc<Kept>) -> u64 {
        OVERHEAD_BYTES + (target.len() + kept.plain.len() + kept.gzipped.len()) as u64
    }
}

impl Default for Hot {
    fn default() -> Self {
        Self { kept: Cache::with_weighter(EXPECTED, MAX_HOT_BYTES, Weight) }
    }
}

impl Kept {
    /// What `answer` is, whose making began at `made`, when the store had seen so many changes.
    pub(super) fn new(answer: &Answer, changes: u64, made: Timestamp) -> io::Result<Self> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(answer.body())?;
        let (etag, last_modified) = answer.validators();
        let fresh_head = answer.head();
        let mut head = fresh_head.clone();
        head.insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type()));
        guard(&mut head);
        Ok(Self {
            changes,
            made,
            etag: etag.to_owned(),
            last_modified,
            fresh_head,
            head,
            plain: Bytes::copy_from_slice(answer.body()),
            gzipped: packer.finish()?.into(),
        })
    }

    /// Whether it is what the house would answer now.
    fn holds(&self, house: &House) -> bool {
        let age = house.clock.now().duration_since(self.made);
        self.changes == house.store.changes() && (SignedDuration::ZERO..=KEPT).contains(&age)
    }

    /// The response to a request with these headers.
    fn to(&self, headers: &HeaderMap) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        if is_fresh(headers, &self.etag, self.last_modified) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response.headers_mut().clone_from(&self.fresh_head);
            return response;
        }
        response.headers_mut().clone_from(&self.head);
        let body = if weight_of_coding(headers, "gzip") > 0.0 {
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            &self.gzipped
        } else {
            &self.plain
        };
        *response.body_mut() = Body::from(body.clone());
        response
    }
}

impl Front {
    pub(super) fn new(routes: Router, houses: watch::Receiver<Arc<House>>) -> Self {
        Self { routes: TowerToHyperService::new(routes), houses }
    }

    /// What is hot, else what the routes answer.
    pub(super) async fn answer(&self, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
        let Some(target) = target(&request) else { return self.routes.call(request).await };
        let house = Arc::clone(&self.houses.borrow());
        if let Some(kept) = house.hot.kept.get(target).filter(|kept| kept.holds(&house)) {
            return Ok(kept.to(request.headers()));
        }
        let (target, headers) = (target.to_owned(), request.headers().clone());
        let mut response = self.routes.call(request).await?;
        if let Some(kept) = response.extensions_mut().remove::<Arc<Kept>>() {
            response = kept.to(&headers);
            house.hot.kept.insert(target, kept);
        }
        Ok(response)
    }
}

/// The address under which the answer to this request may be kept: a program's, which takes one of the two forms that we keep.
fn target(request: &Request<Incoming>) -> Option<&str> {
    let (target, headers) = (request.uri().path_and_query()?.as_str(), request.headers());
    let is_plain = matches!(*request.method(), Method::GET | Method::HEAD) && request.body().is_end_stream();
    let takes_ours = weight_of_coding(headers, "gzip") >= weight_of_coding(headers, "br");
    (is_plain && takes_ours && target.len() <= MAX_TARGET_BYTES && !is_person(headers)).then_some(target)
}
