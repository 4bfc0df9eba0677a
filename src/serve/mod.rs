//! What strangers see over HTTP: feeds, pages, health, metrics. Read-only but for what hubs call: no cookies, no scripts, no
//! forms that write, no files from disk, and nothing of a request in a header of the answer but the address that a query has in our
//! spelling.
//!
//! A request is parsed on the async side ([`routes`]), answered by a plain function on a blocking thread ([`work`]), and made
//! conditional, compressed and safe on its way out ([`answer`], [`routes`]).

mod accept;
mod answer;
mod asked;
mod conditional;
mod drawing;
mod feeds;
mod hot;
mod hub;
mod json;
mod known;
mod memento;
mod pages;
mod plain;
mod posters;
mod preference;
mod problem;
mod programs;
mod routes;
mod sent;
mod standing;
mod timed;
mod visit;
mod work;

use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;

use hot::Front;

pub use hot::Hot;
pub use posters::Posters;
pub use standing::{SourceReport, reports};

use crate::clock::Clock;
use crate::config::{Config, Serve};
use crate::model::{Site, Source};
use crate::store::Store;
use crate::telemetry::Metrics;
use crate::watcher::Pushes;

/// All that answers are made of.
#[derive(Debug)]
pub struct House {
    /// Where everything is kept.
    pub store: Store,
    /// What our addresses and ids are made of.
    pub site: Site,
    /// What the operator chose.
    pub config: Arc<Config>,
    /// Where hubs' pushes go.
    pub pushes: Arc<Pushes>,
    /// What is watched, in the operator's order.
    pub sources: Vec<Source>,
    /// What `/metrics` shows.
    pub metrics: Metrics,
    /// Entries in a feed, and edits on a page.
    pub entries: usize,
    /// The time of day.
    pub clock: Clock,
    /// Feeds that were asked for lately.
    pub hot: Hot,
    /// Pictures of edits that were asked for lately.
    pub posters: Posters,
}

/// Answers requests that come in at `listener` from the latest of `houses`, within `limits`, until `shutdown` is done; then takes no more, lets those under
/// way finish for up to three seconds, and returns.
///
/// # Errors
/// None at present: a listener that fails is asked again.
pub async fn serve(
    listener: TcpListener,
    houses: watch::Receiver<Arc<House>>,
    limits: &Serve,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let visits = Arc::default();
    let front = Front::new(routes::routes(houses.clone(), &visits), houses);
    accept::accept(listener, front, visits, limits, shutdown).await
}

#[cfg(test)]
mod tests;
