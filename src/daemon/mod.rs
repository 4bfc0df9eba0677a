//! The daemon: opens the store, runs scheduler, web server and delivery until told to stop, and stops them in reverse
//! order.

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

/// Time limit of a stop, after which open connections are dropped. Together with the time that the runtime gets, it is
/// below five seconds.
const STOP_WITHIN: Duration = Duration::from_millis(3_500);
/// The scheduler wakes up every half minute at least. If it did not for this long, it hangs.
const HANGS_AFTER: Duration = Duration::from_mins(5);
/// Interval of the liveness test if the supervisor does not ask for one.
const UNSUPERVISED: Duration = Duration::from_hours(1);

/// An order from the operator to a running daemon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Read the configuration again.
    Reload,
    /// Stop. A closed channel has the same meaning.
    Stop,
}

/// An open store and everything that works on it.
#[derive(Clone)]
pub struct Daemon {
    store: Store,
    /// The context of polls and checks; each one starts with the latest value.
    watchers: watch::Sender<Arc<Watcher>>,
    /// The context of the web server; requests are answered from the latest value.
    houses: watch::Sender<Arc<House>>,
}

/// The options with which `config` opens its store.
#[must_use]
pub fn store_options(config: &Config) -> Options {
    Options { cache_mib: config.store.cache_mib, authority: config.publish.authority.clone() }
}

impl Daemon {
    /// Opens the store and prepares the HTTP client. Blocks.
    ///
    /// # Errors
    /// The store's `OpenError` if the data directory is not usable; otherwise the reason why the client cannot be set
    /// up.
    pub fn open(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let store = Store::open(&config.store.path, &store_options(&config), clock.now())?;
        let (watcher, house) = build_contexts(config, &store, &Metrics::new(), clock)?;
        Ok(Self { store, watchers: watch::Sender::new(watcher), houses: watch::Sender::new(house) })
    }

    /// The web server's context.
    #[must_use]
    pub fn house(&self) -> Arc<House> {
        Arc::clone(&self.houses.borrow())
    }

    /// The web server's context, now and after each reload.
    #[must_use]
    pub fn houses(&self) -> watch::Receiver<Arc<House>> {
        self.houses.subscribe()
    }

    /// The context of polls and checks.
    fn watcher(&self) -> Arc<Watcher> {
        Arc::clone(&self.watchers.borrow())
    }

    /// Makes the scheduler rebuild its queue, after due times in the store were changed from outside.
    pub fn look_up(&self) {
        self.watchers.send_modify(|_| {});
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Watches and serves within `limits` until ordered to stop. Then no more requests are accepted, checks under way
    /// are dropped, and everything decided is flushed to disk.
    ///
    /// # Errors
    /// If the store or the listener fails; [`Hangs`] if the store no longer responds.
    pub async fn run(
        &self,
        listener: TcpListener,
        limits: &Serve,
        mut orders: mpsc::Receiver<Order>,
    ) -> anyhow::Result<()> {
        self.log_start(&listener)?;
        let (stopper, stopped) = watch::channel(false);
        let (beat, beats) = watch::channel(Instant::now());
        let (houses, limits, stop) = (self.houses(), limits.clone(), stop_requested(stopped.clone()));
        let served = tokio::spawn(async move { serve::serve(listener, houses, &limits, stop).await });
        let report = move |_| {
            beat.send_replace(Instant::now());
        };
        let watchers = self.watchers.subscribe();
        let mut watching = tokio::spawn(schedule::run(watchers, Scope::Due, Until::Stopped, stopped, report));
        let telling = tokio::spawn(outbox::run(self.watchers.subscribe()));
        let backing_up = tokio::spawn(keeper::back_up_at_intervals(self.store.clone(), self.watchers.subscribe()));
        let sweeping = tokio::spawn(keeper::sweep_at_intervals(self.store.clone(), self.watchers.subscribe()));
        let mut keeping = tokio::spawn(keeper::watch_store(self.store.clone()));
        supervisor::ready();
        let mut pulse = interval(supervisor::watchdog_interval().unwrap_or(UNSUPERVISED));
        pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let ended = loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(Order::Reload) => self.reload().await,
                    Some(Order::Stop) | None => break None,
                },
                _ = pulse.tick() => self.report_alive(*beats.borrow()),
                // Do not wait for anything that hangs: neither the scheduler nor the last requests would end.
                hangs = &mut keeping => return Err(hangs.map_or_else(anyhow::Error::from, anyhow::Error::from)),
                ended = &mut watching => break Some(ended),
            }
        };
        // These tasks lose nothing when they are aborted: a delivery or a backup that was under way is repeated.
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
        // Requests still under way write nothing that must not be lost, so the flush need not wait for them.
        let (flushed, served) = tokio::join!(self.flush(), tokio::time::timeout(STOP_WITHIN, served));
        if let Ok(ended) = served {
            ended.context("the web server failed")??;
        }
        flushed?;
        watched.context("the scheduler failed")?.context("cannot read the store")?;
        tracing::info!("stopped");
        Ok(())
    }

    /// Logs that the daemon is running, and how many sources it watches.
    fn log_start(&self, listener: &TcpListener) -> anyhow::Result<()> {
        let address = listener.local_addr().context("cannot read the address of the listener")?;
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
            tracing::warn!("no sources are configured: add feeds to sources.toml, then send SIGHUP or restart");
        }
        Ok(())
    }

    /// Reports to the supervisor that we are alive, if store and scheduler are.
    fn report_alive(&self, last: Instant) {
        if self.store.healthy() && last.elapsed() < HANGS_AFTER {
            supervisor::alive();
        }
    }

    /// Reads the configuration again and continues with it, or with the old one if the new one is invalid or not
    /// usable.
    pub async fn reload(&self) {
        supervisor::reloading();
        let before = self.watcher();
        let (store, metrics, clock) = (self.store.clone(), before.metrics.clone(), before.clock.clone());
        let read = tokio::task::spawn_blocking(move || {
            let config = before.config.reload().map_err(|problems| problems.lines())?;
            build_contexts(config, &store, &metrics, clock).map_err(|error| vec![format!("{error:#}")])
        });
        let read = read.await.unwrap_or_else(|fault| Err(vec![fault.to_string()]));
        self.watcher().metrics.reload(read.is_ok());
        match read {
            Ok((watcher, house)) => self.take_over(&watcher, house),
            Err(problems) => {
                for problem in problems {
                    tracing::error!("cannot use the new configuration, the old one stays in force: {problem}");
                }
            }
        }
        supervisor::ready();
    }

    /// Switches to the new contexts and then logs that the configuration changed.
    fn take_over(&self, watcher: &Arc<Watcher>, house: Arc<House>) {
        self.houses.send_replace(house);
        self.watchers.send_replace(Arc::clone(watcher));
        for note in &watcher.config.notes {
            tracing::warn!("{note}");
        }
        let sources = watcher.config.sources.len();
        tracing::info!(sources, "reloaded the configuration; sources watched: {sources}");
    }

    /// Does everything that is due at `now` (or everything), flushes it to disk, and returns the number of jobs.
    ///
    /// # Errors
    /// If the store fails.
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

    /// Deletes what the retention rules no longer keep, and flushes to disk.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn sweep(&self) -> anyhow::Result<Swept> {
        let swept = keeper::sweep(&self.store, &self.watcher()).await?;
        self.flush().await?;
        Ok(swept)
    }

    /// Flushes the store to disk.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn flush(&self) -> anyhow::Result<()> {
        let store = self.store.clone();
        tokio::task::spawn_blocking(move || store.flush()).await.context("the store's thread failed")??;
        Ok(())
    }
}

/// Builds the contexts of polls and of the web server for a configuration.
fn build_contexts(
    config: Config,
    store: &Store,
    metrics: &Metrics,
    clock: Clock,
) -> anyhow::Result<(Arc<Watcher>, Arc<House>)> {
    let web = Web::new(&config.fetch.web).context("cannot set up the HTTP client")?;
    let config = Arc::new(config);
    let private_web = build_private_web(&config)?;
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
    // Last, because it writes: a configuration that is rejected must not change delivery records.
    outbox::begin(store, &watcher.config)?;
    store.name_sources(&watcher.config.sources)?;
    Ok((Arc::new(watcher), Arc::new(house)))
}

/// A client for webhooks whose address may be private. `None` if no webhook allows that.
fn build_private_web(config: &Config) -> anyhow::Result<Option<Web>> {
    if !config.webhooks.iter().any(|webhook| webhook.allow_private) {
        return Ok(None);
    }
    Ok(Some(Web::anywhere(&config.fetch.web).context("cannot set up the HTTP client")?))
}

/// Completes when a stop is requested, or when its sender is dropped.
async fn stop_requested(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
