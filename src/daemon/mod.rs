//! Start in order, go on until told to stop, stop in reverse.

pub mod descriptors;
mod keeper;
mod supervisor;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::clock::Clock;
use crate::config::{Config, Serve};
use crate::fetch::Web;
use crate::outbox;
use crate::schedule::{self, Progress, Scope, Until};
use crate::serve::{self, Hot, House, Posters};
use crate::store::{Options, Store, Swept};
use crate::telemetry::Metrics;
use crate::watcher::Watcher;
pub use keeper::Hangs;

/// How long a stop may take before what is still open is dropped; with what the runtime gets after it, within five seconds.
const STOP_WITHIN: Duration = Duration::from_millis(3_500);
/// The schedule looks up every half minute at least; one that has not for so long hangs.
const HANGS_AFTER: Duration = Duration::from_mins(5);
/// How often the supervisor would be told that we are alive, if it does not say how often it wants to be.
const UNSUPERVISED: Duration = Duration::from_hours(1);

/// What the operator wants of a daemon that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Read the configuration again.
    Reload,
    /// Stop. So does the end of all orders.
    Stop,
}

/// A store that is open, and all that works on it.
#[derive(Clone)]
pub struct Daemon {
    store: Store,
    /// The looks and polls that start from now on are made with the latest of these.
    watchers: watch::Sender<Arc<Watcher>>,
    /// Requests are answered from the latest of these.
    houses: watch::Sender<Arc<House>>,
}

/// How a store is opened, as `config` has it.
#[must_use]
pub fn store_options(config: &Config) -> Options {
    Options { cache_mib: config.store.cache_mib, authority: config.publish.authority.clone() }
}

impl Daemon {
    /// Opens the store and prepares the web client; blocks while it does.
    ///
    /// # Errors
    /// The store's `OpenError` where the data directory cannot be used; else what keeps the client from being made.
    pub fn open(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let store = Store::open(&config.store.path, &store_options(&config), clock.now())?;
        let (watcher, house) = made(config, &store, &Metrics::new(), clock)?;
        Ok(Self { store, watchers: watch::Sender::new(watcher), houses: watch::Sender::new(house) })
    }

    /// What the HTTP side needs.
    #[must_use]
    pub fn house(&self) -> Arc<House> {
        Arc::clone(&self.houses.borrow())
    }

    /// What the HTTP side needs, now and after each reload.
    #[must_use]
    pub fn houses(&self) -> watch::Receiver<Arc<House>> {
        self.houses.subscribe()
    }

    /// What looks and polls need.
    fn watcher(&self) -> Arc<Watcher> {
        Arc::clone(&self.watchers.borrow())
    }

    /// Has the schedule read anew what is due: the store was told otherwise.
    pub fn look_up(&self) {
        self.watchers.send_modify(|_| {});
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Watches and serves within `limits` until ordered to stop, then stops: no more requests are taken, looks under way are
    /// dropped, what was decided is on disk.
    ///
    /// # Errors
    /// When the store or the listener failed; [`Hangs`] where the store does not answer any more.
    pub async fn run(
        &self,
        listener: TcpListener,
        limits: &Serve,
        mut orders: mpsc::Receiver<Order>,
    ) -> anyhow::Result<()> {
        self.greet(&listener)?;
        let (stopper, stopped) = watch::channel(false);
        let (beat, beats) = watch::channel(Instant::now());
        let (houses, limits, told) = (self.houses(), limits.clone(), told(stopped.clone()));
        let served = tokio::spawn(async move { serve::serve(listener, houses, &limits, told).await });
        let report = move |_| {
            beat.send_replace(Instant::now());
        };
        let watchers = self.watchers.subscribe();
        let mut watching = tokio::spawn(schedule::run(watchers, Scope::Due, Until::Stopped, stopped, report));
        let telling = tokio::spawn(outbox::run(self.watchers.subscribe()));
        let backing_up = tokio::spawn(keeper::back_up(self.store.clone(), self.watchers.subscribe()));
        let sweeping = tokio::spawn(keeper::sweep_now_and_then(self.store.clone(), self.watchers.subscribe()));
        let mut keeping = tokio::spawn(keeper::watch(self.store.clone()));
        supervisor::ready();
        let mut pulse = interval(supervisor::interval().unwrap_or(UNSUPERVISED));
        pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let ended = loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(Order::Reload) => self.reload().await,
                    Some(Order::Stop) | None => break None,
                },
                _ = pulse.tick() => self.beat(*beats.borrow()),
                // What hangs is not waited for: neither the schedule nor the last requests would end.
                hangs = &mut keeping => return Err(hangs.map_or_else(anyhow::Error::from, anyhow::Error::from)),
                ended = &mut watching => break Some(ended),
            }
        };
        keeping.abort();
        backing_up.abort();
        sweeping.abort();
        telling.abort();
        supervisor::stopping();
        tracing::info!("stopping");
        stopper.send_replace(true);
        let watched = match ended {
            Some(ended) => ended,
            None => watching.await,
        };
        // What HTTP still does writes nothing that must not be lost.
        let (flushed, served) = tokio::join!(self.flush(), tokio::time::timeout(STOP_WITHIN, served));
        if let Ok(ended) = served {
            ended.context("the HTTP side failed")??;
        }
        flushed?;
        watched.context("the schedule failed")?.context("cannot read the store")?;
        tracing::info!("stopped");
        Ok(())
    }

    /// Says that we are there, and what is watched.
    fn greet(&self, listener: &TcpListener) -> anyhow::Result<()> {
        let address = listener.local_addr().context("cannot tell the address listened on")?;
        let watcher = self.watcher();
        let sources = watcher.config.sources.len();
        tracing::info!(
            sources,
            store.path = %watcher.config.store.path.display(),
            "redraft {} watches {sources} {} and serves http://{address}/",
            env!("CARGO_PKG_VERSION"),
            if sources == 1 { "source" } else { "sources" },
        );
        if sources == 0 {
            tracing::warn!("nothing is watched: name feeds in sources.toml, then send SIGHUP or restart");
        }
        Ok(())
    }

    /// Tells the supervisor that we are alive, if we are.
    fn beat(&self, last: Instant) {
        if self.store.healthy() && last.elapsed() < HANGS_AFTER {
            supervisor::alive();
        }
    }

    /// Reads the configuration again and goes on with it; with the old one where it is wrong, or cannot be used.
    pub async fn reload(&self) {
        supervisor::reloading();
        let before = self.watcher();
        let (store, metrics, clock) = (self.store.clone(), before.metrics.clone(), before.clock.clone());
        let read = tokio::task::spawn_blocking(move || {
            let config = before.config.reload().map_err(|problems| problems.lines())?;
            made(config, &store, &metrics, clock).map_err(|error| vec![format!("{error:#}")])
        });
        let read = read.await.unwrap_or_else(|fault| Err(vec![fault.to_string()]));
        self.watcher().metrics.reload(read.is_ok());
        match read {
            Ok((watcher, house)) => self.take_over(&watcher, house),
            Err(problems) => {
                for problem in problems {
                    tracing::error!("the configuration was not taken over, the old one stays: {problem}");
                }
            }
        }
        supervisor::ready();
    }

    /// Goes on with these, and says so once it is true.
    fn take_over(&self, watcher: &Arc<Watcher>, house: Arc<House>) {
        self.houses.send_replace(house);
        self.watchers.send_replace(Arc::clone(watcher));
        for note in &watcher.config.notes {
            tracing::warn!("{note}");
        }
        let sources = watcher.config.sources.len();
        tracing::info!(sources, "the configuration was read again; sources watched: {sources}");
    }

    /// Does what is due at `now` (or everything), then gives back how much that was. All is on disk then.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn once(
        &self,
        scope: Scope,
        now: Timestamp,
        report: impl FnMut(Progress) + Send,
    ) -> anyhow::Result<Progress> {
        let (_stopper, stopped) = watch::channel(false);
        let progress = schedule::run(self.watchers.subscribe(), scope, Until::Idle(now), stopped, report).await?;
        outbox::once(&self.watcher()).await?;
        self.flush().await?;
        Ok(progress)
    }

    /// Drops what need not be kept, as the configuration says. It is off the disk then.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn sweep(&self) -> anyhow::Result<Swept> {
        let swept = keeper::sweep(&self.store, &self.watcher()).await?;
        self.flush().await?;
        Ok(swept)
    }

    /// Puts on disk what was done.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn flush(&self) -> anyhow::Result<()> {
        let store = self.store.clone();
        tokio::task::spawn_blocking(move || store.flush()).await.context("the store's thread failed")??;
        Ok(())
    }
}

/// What looks and requests need under this configuration.
fn made(config: Config, store: &Store, metrics: &Metrics, clock: Clock) -> anyhow::Result<(Arc<Watcher>, Arc<House>)> {
    let web = Web::new(&config.fetch.web).context("cannot set up the HTTP client")?;
    let config = Arc::new(config);
    let private_web = private_web(&config)?;
    let mut watcher = Watcher::new(store.clone(), web, Arc::clone(&config), metrics.clone(), clock.clone());
    watcher.private_web = private_web;
    let house = House {
        store: store.clone(),
        pushes: Arc::clone(&watcher.pushes),
        site: watcher.site(),
        sources: config.sources.clone(),
        metrics: metrics.clone(),
        entries: config.publish.entries,
        clock,
        config,
        hot: Hot::default(),
        posters: Posters::default(),
    };
    outbox::begin(store, &watcher.config)?;
    store.name_sources(&watcher.config.sources)?;
    Ok((Arc::new(watcher), Arc::new(house)))
}

/// A client for the webhooks whose address may be private, where there are any.
fn private_web(config: &Config) -> anyhow::Result<Option<Web>> {
    if !config.webhooks.iter().any(|webhook| webhook.allow_private) {
        return Ok(None);
    }
    Ok(Some(Web::anywhere(&config.fetch.web).context("cannot set up the HTTP client")?))
}

/// Done once told so, or once nobody can tell any more.
async fn told(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
