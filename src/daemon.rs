//! Start in order, go on until told to stop, stop in reverse.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::config::Config;
use crate::fetch::Web;
use crate::model::Site;
use crate::schedule::{self, Progress, Scope, Until};
use crate::serve::{self, House};
use crate::store::{Options, Store};
use crate::telemetry::Metrics;
use crate::watcher::Watcher;

/// How long a stop may take before what is still open is dropped.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// A store that is open, and all that works on it.
#[derive(Clone)]
pub struct Daemon {
    watcher: Arc<Watcher>,
    house: Arc<House>,
}

impl Daemon {
    /// Opens the store and prepares the web client; blocks while it does.
    ///
    /// # Errors
    /// The store's `OpenError` where the data directory cannot be used; else what keeps the client from being made.
    pub fn open(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let config = Arc::new(config);
        let options = Options { cache_mib: config.store.cache_mib, authority: config.publish.authority.clone() };
        let store = Store::open(&config.store.path, &options, clock.now())?;
        let web = Web::new(&config.fetch.web).context("cannot set up the HTTP client")?;
        let metrics = Metrics::new();
        let (authority, since) = store.origin();
        let house = House {
            store: store.clone(),
            site: Site { base_url: config.publish.base_url.clone(), authority, since },
            config: Arc::clone(&config),
            sources: config.sources.clone(),
            metrics: metrics.clone(),
            entries: config.publish.entries,
            clock: clock.clone(),
        };
        let watcher = Arc::new(Watcher::new(store, web, config, metrics, clock));
        Ok(Self { watcher, house: Arc::new(house) })
    }

    /// What the HTTP side needs.
    #[must_use]
    pub fn house(&self) -> Arc<House> {
        Arc::clone(&self.house)
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.watcher.store
    }

    /// Watches and serves until `stop` is done, then stops: no more requests are taken, looks under way are dropped, what
    /// was decided is on disk.
    ///
    /// # Errors
    /// When the store or the listener failed.
    pub async fn run(&self, listener: TcpListener, stop: impl Future<Output = ()> + Send) -> anyhow::Result<()> {
        let address = listener.local_addr().context("cannot tell the address listened on")?;
        let (stopper, stopped) = watch::channel(false);
        tracing::info!(
            sources = self.watcher.config.sources.len(),
            store.path = %self.watcher.config.store.path.display(),
            "redraft {} watches {} sources and serves http://{address}/",
            env!("CARGO_PKG_VERSION"),
            self.watcher.config.sources.len()
        );
        let served = tokio::spawn(serve::serve(listener, self.house(), told(stopped.clone())));
        let watching = schedule::run(&self.watcher, Scope::Due, Until::Stopped, stopped, |_| {});
        tokio::pin!(watching);
        let watched = tokio::select! {
            () = stop => {
                tracing::info!("stopping");
                stopper.send_replace(true);
                watching.await
            }
            ended = &mut watching => ended,
        };
        stopper.send_replace(true);
        if let Ok(ended) = tokio::time::timeout(STOP_WITHIN, served).await {
            ended.context("the HTTP side failed")??;
        }
        self.flush().await?;
        watched.context("cannot read the store")?;
        tracing::info!("stopped");
        Ok(())
    }

    /// Does what is due at `now` (or everything), then gives back how much that was. All is on disk then.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn once(&self, scope: Scope, now: Timestamp, report: impl FnMut(Progress)) -> anyhow::Result<Progress> {
        let (_stopper, stopped) = watch::channel(false);
        let progress = schedule::run(&self.watcher, scope, Until::Idle(now), stopped, report).await?;
        self.flush().await?;
        Ok(progress)
    }

    /// Puts on disk what was done.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn flush(&self) -> anyhow::Result<()> {
        let store = self.watcher.store.clone();
        tokio::task::spawn_blocking(move || store.flush()).await.context("the store's thread failed")??;
        Ok(())
    }
}

/// Done once told so, or once nobody can tell any more.
async fn told(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
