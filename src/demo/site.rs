//! The demo's news site: a small HTTP server on loopback.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::article::Piece;
use super::feeds;
use super::page::{self, Moment};
use super::script::{Newsroom, Step};
use crate::clock::Clock;

/// The current state of the site.
struct Content {
    pieces: Vec<Piece>,
    rounds: u32,
    fetches: u64,
}

/// State shared by the server's tasks.
#[derive(Clone)]
struct Shared {
    content: Arc<Mutex<Content>>,
    clock: Clock,
    base: Arc<str>,
}

impl Shared {
    fn content(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The running site. It closes when this is dropped.
pub(super) struct NewsSite {
    shared: Shared,
    server: JoinHandle<()>,
}

impl NewsSite {
    /// Opens the site on a free port of loopback.
    pub(super) async fn open(clock: Clock) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let base = format!("http://{}", listener.local_addr()?);
        let content = Content { pieces: Piece::all(clock.now()), rounds: 0, fetches: 0 };
        let shared = Shared { content: Arc::new(Mutex::new(content)), clock, base: base.into() };
        let routes = Router::new()
            .route("/", get(front))
            .route("/news.xml", get(news))
            .route("/council.xml", get(council))
            .route("/articles/{slug}", get(article))
            .with_state(shared.clone());
        let server = tokio::spawn(async move {
            // The server ends with its listener, which ends with this task.
            let _ = axum::serve(listener, routes).await;
        });
        Ok(Self { shared, server })
    }

    /// Its address, without a trailing slash.
    pub(super) fn base(&self) -> &str {
        &self.shared.base
    }

    /// Number of articles.
    pub(super) fn len(&self) -> usize {
        self.shared.content().pieces.len()
    }

    /// Performs an action of the newsroom. Returns the article's headline from before; `None` if it was not possible.
    pub(super) fn act(&self, step: &Step) -> Option<String> {
        let now = self.shared.clock.now();
        let mut content = self.shared.content();
        let Content { pieces, rounds, .. } = &mut *content;
        let piece = pieces.iter_mut().find(|piece| piece.slug == step.slug)?;
        let headline = piece.headline.clone();
        (step.act)(&mut Newsroom { piece, rounds, now }).then_some(headline)
    }
}

impl Drop for NewsSite {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn front(State(site): State<Shared>) -> Html<String> {
    Html(page::front_page(&site.content().pieces))
}

async fn news(State(site): State<Shared>) -> Response {
    xml("application/rss+xml; charset=utf-8", feeds::news_feed(&site.content().pieces, &site.base))
}

async fn council(State(site): State<Shared>) -> Response {
    xml("application/atom+xml; charset=utf-8", feeds::council_feed(&site.content().pieces, &site.base))
}

fn xml(kind: &'static str, body: String) -> Response {
    let headers: [(HeaderName, &str); 1] = [(header::CONTENT_TYPE, kind)];
    (headers, body).into_response()
}

async fn article(State(site): State<Shared>, Path(slug): Path<String>) -> Response {
    let mut content = site.content();
    content.fetches += 1;
    let moment = Moment { now: site.clock.now(), round: content.rounds, fetch: content.fetches };
    let Some(at) = content.pieces.iter().position(|piece| piece.slug == slug) else {
        return (StatusCode::NOT_FOUND, Html("<h1>Not found</h1>")).into_response();
    };
    if content.pieces[at].gone {
        return (StatusCode::GONE, Html("<h1>This article has been removed</h1>")).into_response();
    }
    if content.pieces[at].walls > 0 {
        content.pieces[at].walls -= 1;
        return Html(page::consent_wall()).into_response();
    }
    Html(page::article_page(&content.pieces[at], &content.pieces, &site.base, moment)).into_response()
}
