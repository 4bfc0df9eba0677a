//! Which address is answered by what, and what every answer carries.

use std::future::{Ready, ready};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get};
use http::header::{
    ALLOW, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, REFERRER_POLICY, RETRY_AFTER, TRANSFER_ENCODING,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use tokio::sync::watch;
use tower_http::compression::CompressionLayer;

use super::House;
use super::answer::{Answer, set};
use super::asked::Asked;
use super::pages;
use super::problem::Problem;
use super::visit::Visits;
use super::work::{Effort, Workshop};
use super::{feeds, hub, json, memento, plain, programs};
use crate::websub::PATH;

/// No scripts, no frames, nothing from elsewhere; forms ask this site, which only answers.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'";
/// When to come back after a failure of ours, in seconds.
const RETRY_AFTER_S: &str = "300";

/// What answers a request: a plain function, run on a blocking thread.
type Make = fn(&House, &Asked) -> Result<Answer, Problem>;

/// All routes, below the path of the base address too: a proxy may cut it off or not.
pub(super) fn routes(houses: watch::Receiver<Arc<House>>, visits: &Arc<Visits>) -> Router {
    let below = houses.borrow().site.base_url.path().trim_end_matches('/').to_owned();
    let routes = addresses();
    let routes = if below.is_empty() {
        routes
    } else {
        routes.clone().nest(&below, routes).route(&format!("{below}/"), page(pages::latest::page))
    };
    routes
        .fallback(nothing_here)
        .method_not_allowed_fallback(read_only)
        .layer(from_fn(without_body))
        .layer(CompressionLayer::new())
        .layer(map_response(guarded))
        .with_state(Workshop::new(houses, Arc::clone(visits)))
}

fn addresses() -> Router<Workshop> {
    Router::new()
        .route("/", page(pages::latest::page))
        .route("/about", page(pages::about::page))
        .route("/search", page(pages::latest::search))
        .route("/search.json", page(programs::search))
        .route("/lookup", page(pages::lookup::page))
        .route("/lookup.json", page(programs::lookup))
        .route("/why", slow_page(pages::lookup::why))
        .route("/sources", page(pages::sources::page))
        .route("/sources.json", page(json::sources))
        .route("/outbox.json", page(json::outbox))
        .route("/sources/{slug}", page(source))
        .route("/articles/{article}", slow_page(article))
        .route("/articles/{article}/versions/{version}", slow_page(version))
        .route("/articles/{article}/edits/{picture}", slow_page(pages::poster::picture))
        .route("/articles/{article}/timegate", page(memento::gate))
        .route("/articles/{article}/timemap", page(memento::map))
        .route("/timegate/{*original}", page(memento::gate))
        .route("/timemap/link/{*original}", page(memento::map))
        .route("/articles/{article}/compare", page(pages::comparison::chosen))
        .route("/articles/{article}/compare/{from}/{to}", slow_page(comparison))
        .route("/edits.atom", page(feeds::atom))
        .route("/edits.rss", page(feeds::rss))
        .route("/edits.json", page(feeds::json))
        .route("/feeds.opml", page(feeds::list))
        .route("/sources/{slug}/edits.atom", page(feeds::atom))
        .route("/sources/{slug}/edits.rss", page(feeds::rss))
        .route("/sources/{slug}/edits.json", page(feeds::json))
        .route("/articles/{article}/edits.atom", page(feeds::atom))
        .route("/articles/{article}/edits.rss", page(feeds::rss))
        .route(&format!("/{PATH}/{{slug}}/{{token}}"), hub::route())
        .route("/articles/{article}/edits.json", page(feeds::json))
        .route("/style.css", page(plain::style))
        .route("/icon.svg", page(plain::icon))
        .route("/favicon.ico", page(plain::favicon))
        .route("/robots.txt", page(plain::robots))
        .route("/health", page(plain::health))
        .route("/ready", page(plain::ready))
        .route("/metrics", page(plain::metrics))
}

// `/sources/SLUG` is a page, `/sources/SLUG.json` the same for programs, and so on.

fn source(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    if asked.is_for_programs { json::source(house, asked) } else { pages::source::page(house, asked) }
}

fn article(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    if asked.is_for_programs { programs::article(house, asked) } else { pages::article::page(house, asked) }
}

fn version(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    if asked.is_for_programs { programs::version(house, asked) } else { pages::version::page(house, asked) }
}

fn comparison(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    if asked.is_for_programs { programs::comparison(house, asked) } else { pages::comparison::page(house, asked) }
}

/// An answer of a few rows.
fn page(make: Make) -> MethodRouter<Workshop> {
    made_with(Effort::Quick, make)
}

/// An answer about whole texts.
fn slow_page(make: Make) -> MethodRouter<Workshop> {
    made_with(Effort::Slow, make)
}

fn made_with(effort: Effort, make: Make) -> MethodRouter<Workshop> {
    get(async move |State(shop): State<Workshop>, asked: Asked| {
        let headers = asked.headers.clone();
        match shop.answer(effort, move |house| asked.check().and_then(|()| make(house, &asked))).await {
            Ok(answer) => answer.to(&headers),
            Err(problem) => refused(&shop, &headers, &problem),
        }
    })
}

fn nothing_here(State(shop): State<Workshop>, request: Request) -> Ready<Response<Body>> {
    ready(refused(&shop, &request.into_parts().0.headers, &Problem::nothing_here()))
}

fn read_only(State(shop): State<Workshop>, request: Request) -> Ready<Response<Body>> {
    ready(refused(&shop, &request.into_parts().0.headers, &Problem::MethodNotAllowed))
}

/// The page that says why there is no answer.
pub(super) fn refused(shop: &Workshop, headers: &HeaderMap, problem: &Problem) -> Response<Body> {
    if let Problem::Store(error) = problem {
        tracing::error!(%error, "a request could not be answered");
    }
    let mut response = pages::problem::page(&shop.house().site, headers, problem).to(&HeaderMap::new());
    match problem.status() {
        StatusCode::METHOD_NOT_ALLOWED => set(response.headers_mut(), ALLOW, "GET, HEAD"),
        StatusCode::SERVICE_UNAVAILABLE => set(response.headers_mut(), RETRY_AFTER, RETRY_AFTER_S),
        _ => {}
    }
    response
}

/// Refuses requests that bring a body: nothing here takes one but what hubs call.
async fn without_body(request: Request, next: Next) -> Response<Body> {
    let headers = request.headers();
    let empty =
        headers.get(CONTENT_LENGTH).is_none_or(|length| length == "0") && !headers.contains_key(TRANSFER_ENCODING);
    let is_push = request.method() == Method::POST && request.uri().path().contains(&format!("/{PATH}/"));
    if empty || is_push {
        return next.run(request).await;
    }
    (StatusCode::PAYLOAD_TOO_LARGE, "requests carry no body here\n").into_response()
}

async fn guarded(mut response: Response<Body>) -> Response<Body> {
    if response.status() != StatusCode::NOT_MODIFIED {
        guard(response.headers_mut());
    }
    response
}

/// What every answer carries but a 304, whose reader has it from the answer that is still fresh.
pub(super) fn guard(headers: &mut HeaderMap) {
    for (name, value) in
        [(CONTENT_SECURITY_POLICY, POLICY), (X_CONTENT_TYPE_OPTIONS, "nosniff"), (REFERRER_POLICY, "no-referrer")]
    {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
