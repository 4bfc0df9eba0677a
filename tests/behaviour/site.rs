//! A small news site on loopback that a test edits between checks.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};

/// One request that the site received.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) status: u16,
    pub(crate) body: String,
}

#[derive(Clone, Debug)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

#[derive(Default)]
struct Pages {
    answers: HashMap<String, Answer>,
    requests: Vec<Request>,
}

/// The site. It ends when dropped with its runtime.
#[derive(Clone)]
pub(crate) struct NewsSite {
    pub(crate) address: SocketAddr,
    pages: Arc<Mutex<Pages>>,
}

/// An article as an editor sees it.
#[derive(Clone, Debug)]
pub(crate) struct Article {
    pub(crate) headline: String,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) canonical: Option<String>,
    /// Surroundings of the text that change at every request.
    pub(crate) noise: String,
}

impl Article {
    pub(crate) fn new(headline: &str, paragraphs: &[&str]) -> Self {
        let paragraphs = paragraphs.iter().map(|text| (*text).to_owned()).collect();
        Self { headline: headline.to_owned(), paragraphs, canonical: None, noise: "5 minutes ago".to_owned() }
    }

    pub(crate) fn edit(&mut self, from: &str, to: &str) -> &mut Self {
        assert!(self.paragraphs.iter().any(|text| text.contains(from)), "the article does not say {from:?}");
        self.paragraphs.iter_mut().for_each(|text| *text = text.replace(from, to));
        self
    }

    pub(crate) fn html(&self) -> String {
        let text: String = self.paragraphs.iter().map(|text| format!("<p>{text}</p>\n")).collect();
        let canonical =
            self.canonical.as_ref().map_or(String::new(), |url| format!("<link rel=canonical href='{url}'>"));
        format!(
            r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{headline} | Harbour Echo</title>
<meta property="og:title" content="{headline}">{canonical}</head><body>
<header><nav><a href="/">Home</a> <a href="/town">Town</a> <a href="/sport">Sport</a></nav></header>
<main><article><h1>{headline}</h1><div class="byline">By Ann Porter <time>{noise}</time></div>
<div class="share">Shared {shares} times</div>
{text}
<div class="ad">Advertisement: {noise}</div></article>
<aside class="related"><h2>Most read</h2><ul><li><a href="/x">Story of {noise}</a></li></ul></aside></main>
<footer>© Harbour Echo. {noise}</footer></body></html>"#,
            headline = self.headline,
            noise = self.noise,
            shares = self.noise.len(),
        )
    }
}

impl NewsSite {
    /// Opens the site on a free port.
    pub(crate) async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let pages = Arc::new(Mutex::new(Pages::default()));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&pages));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, pages }
    }

    /// The absolute address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Puts a text at a path.
    pub(crate) fn put(&self, path: &str, status: u16, headers: &[(&str, &str)], body: &str) {
        self.put_bytes(path, status, headers, body.into());
    }

    /// Puts bytes at a path.
    pub(crate) fn put_bytes(&self, path: &str, status: u16, headers: &[(&str, &str)], body: Vec<u8>) {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let answer = Answer { status, headers, body };
        self.pages.lock().unwrap().answers.insert(path.to_owned(), answer);
    }

    /// Publishes an article, or a new state of it.
    pub(crate) fn publish(&self, path: &str, article: &Article) {
        self.put(path, 200, &[("content-type", "text/html; charset=utf-8")], &article.html());
    }

    /// Puts an RSS feed with these paths; the path is also the guid and the title.
    pub(crate) fn feed(&self, path: &str, articles: &[&str]) {
        let entries: String = articles
            .iter()
            .map(|article| {
                let link = self.url(article);
                format!("<item><title>{article}</title><link>{link}</link><guid>{article}</guid></item>")
            })
            .collect();
        let body = format!(
            "<?xml version='1.0'?><rss version='2.0'><channel><title>Harbour Echo</title><link>{}</link>\
             <description>News</description>{entries}</channel></rss>",
            self.url("/")
        );
        let etag = format!("\"{}\"", body.len());
        self.put(path, 200, &[("content-type", "application/rss+xml"), ("etag", &etag)], &body);
    }

    /// The requests for a path.
    pub(crate) fn requests(&self, path: &str) -> Vec<Request> {
        let pages = self.pages.lock().unwrap();
        pages.requests.iter().filter(|request| request.path == path).cloned().collect()
    }

    /// All requests, in order.
    pub(crate) fn all_requests(&self) -> Vec<Request> {
        self.pages.lock().unwrap().requests.clone()
    }
}

async fn answer(State(pages): State<Arc<Mutex<Pages>>>, uri: Uri, headers: HeaderMap, body: String) -> Response<Body> {
    let path = uri.path_and_query().map_or("/", |whole| whole.as_str()).to_owned();
    let mut pages = pages.lock().unwrap();
    let missing = Answer { status: 404, headers: Vec::new(), body: "<h1>Not found</h1>".into() };
    let mut answer = pages.answers.get(&path).cloned().unwrap_or(missing);
    let etag = answer.headers.iter().find(|(name, _)| name == "etag").map(|(_, value)| value.clone());
    let asked = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if etag.is_some() && etag.as_deref() == asked {
        answer.status = 304;
        answer.body.clear();
    }
    pages.requests.push(Request { path, headers, status: answer.status, body });
    let mut response = Response::builder().status(StatusCode::from_u16(answer.status).unwrap());
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(answer.body)).unwrap()
}
