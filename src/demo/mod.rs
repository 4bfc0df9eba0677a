//! The demo: a small news site on loopback that edits its articles, and the real daemon watching it. It shows what
//! redraft does, in a minute and a half and without a network.
//!
//! The site's texts are our own. The demo does not fake redraft's findings: [`Sight`]s are read from the store and
//! know nothing of the script.

mod article;
mod feeds;
mod page;
mod script;
mod site;
#[cfg(test)]
mod tests;
mod witness;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::SignedDuration;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;
use url::Url;

use crate::clock::Clock;
use crate::config::{Config, Invocation, write_duration};
use crate::daemon::{Daemon, Order};
use crate::model::{Scope, Source, SourceKind, SourceSlug};
use crate::render::address::{self, Format};
use script::SCRIPT;
use site::NewsSite;
use witness::Witness;

pub use witness::Sight;

/// The default port. If it is taken, the next ones are tried.
const FIRST_PORT: u16 = 8080;
/// Number of ports to try before the system chooses one.
const PORTS: u16 = 20;
/// Interval at which the store is read for news.
const TICK: Duration = Duration::from_millis(200);
/// Longest wait for redraft to read all articles before the script begins.
const BEGINS_WITHIN: Duration = Duration::from_secs(20);
/// Milliseconds between two checks, polls and retries at speed 1.
const LOOK_MS: f64 = 1_500.0;
/// Milliseconds that an article must be missing at speed 1 before it counts as removed.
const REMOVED_MS: f64 = 3_000.0;
/// Milliseconds to wait for a reaction of redraft at speed 1.
const PATIENCE_MS: f64 = 8_000.0;
/// The allowed speeds. The time between checks must stay shorter than the pauses of the script.
pub const SPEEDS: std::ops::RangeInclusive<f64> = 0.25..=4.0;

/// An event of the demo.
#[derive(Debug)]
pub enum Event {
    /// The news site and redraft are running.
    Opened {
        /// The news site's front page.
        site: Url,
        /// redraft's front page.
        redraft: Url,
        /// redraft's feeds, each with a name and an address.
        feeds: Vec<(String, Url)>,
    },
    /// redraft has read this many articles, before any edit.
    Known(usize),
    /// The newsroom did something.
    Did {
        /// Headline of the article, before the change.
        headline: String,
        /// Description of the action, as a sentence without its subject.
        words: &'static str,
    },
    /// redraft did something; the address shows it.
    Saw(Sight, Url),
    /// The script is over; redraft keeps watching and serving.
    Over,
}

/// A temporary directory that is deleted when this is dropped.
struct Vanishing(PathBuf);

impl Vanishing {
    fn new() -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("redraft-demo-{}", std::process::id()));
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Vanishing {
    fn drop(&mut self) {
        // A leftover stays in the system's directory for temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs site, script and daemon at `speed` (0.25 to 4; at 1 the script takes a minute and a half) until `stop` is
/// done, and reports every event to `tell`. Serves at `at`, or at the first free port from 8080 on. `beside` gets the daemon and its
/// data directory; its result is kept until the end.
///
/// # Errors
/// If the speed is out of bounds, no port or directory is available, or the daemon fails.
pub async fn run<T>(
    speed: f64,
    at: Option<SocketAddr>,
    stop: impl Future<Output = ()> + Send,
    tell: impl FnMut(Event),
    beside: impl FnOnce(&Daemon, &Path) -> T,
) -> anyhow::Result<()> {
    anyhow::ensure!(SPEEDS.contains(&speed), "a speed of {speed}: expected {} to {}", SPEEDS.start(), SPEEDS.end());
    let directory = Vanishing::new().context("cannot make a directory for the demo's store")?;
    let site = NewsSite::open(Clock::System).await.context("cannot open the demo's news site")?;
    let listener = match at {
        Some(at) => TcpListener::bind(at).await.with_context(|| format!("cannot listen at {at}"))?,
        None => listen_on_free_port().await.context("cannot listen on this machine")?,
    };
    let data = directory.0.join("data");
    let config = demo_config(speed, &data, listener.local_addr()?, &site)?;
    let opened = opening_event(&site, &config)?;
    let limits = config.serve.clone();
    let daemon = tokio::task::spawn_blocking(|| Daemon::open(config, Clock::System)).await??;
    let beside = beside(&daemon, &data);
    let (stopper, orders) = mpsc::channel::<Order>(1);
    let play = Play {
        witness: Some(Witness::new(daemon.store().clone(), scale(PATIENCE_MS, speed))),
        site,
        speed,
        tell,
        base: opened.1,
    };
    let result = {
        let running = daemon.run(listener, &limits, orders);
        tokio::pin!(running, stop);
        let mut play = play;
        (play.tell)(opened.0);
        let ended = tokio::select! {
            () = &mut stop => Ok(()),
            ended = &mut running => return ended,
            failed = play.go() => failed,
        };
        drop(stopper);
        running.await.and(ended)
    };
    // The store must close before its directory is deleted.
    drop(beside);
    drop(daemon);
    drop(directory);
    result
}

/// Scales a duration by the speed.
fn scale(milliseconds: f64, speed: f64) -> Duration {
    Duration::from_secs_f64(milliseconds / 1_000.0 / speed)
}

/// Listens on the first free port from the default one on.
async fn listen_on_free_port() -> io::Result<TcpListener> {
    for port in (FIRST_PORT..FIRST_PORT + PORTS).chain([0]) {
        match TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && port != 0 => {}
            result => return result,
        }
    }
    Err(io::ErrorKind::AddrInUse.into())
}

/// The demo's configuration: the defaults with short intervals, on loopback, with the site's two feeds.
fn demo_config(speed: f64, store: &Path, listen: SocketAddr, site: &NewsSite) -> anyhow::Result<Config> {
    let time = |milliseconds: f64| {
        write_duration(SignedDuration::try_from(scale(milliseconds, speed)).unwrap_or(SignedDuration::from_secs(1)))
    };
    let settings = [
        ("store.path", store.display().to_string()),
        ("fetch.allow_private", "127.0.0.0/8".to_owned()),
        ("fetch.host_spacing", "0s".to_owned()),
        ("schedule.feed_interval", time(LOOK_MS)),
        ("schedule.first_look", time(LOOK_MS)),
        ("schedule.factor", "1.0".to_owned()),
        ("schedule.ceiling", time(LOOK_MS)),
        ("schedule.retry_first", time(LOOK_MS)),
        ("schedule.suspect_first", time(LOOK_MS)),
        ("schedule.removed_after", time(REMOVED_MS)),
        ("serve.listen", listen.to_string()),
    ];
    let flags = settings.map(|(key, value)| (key.to_owned(), value, "demo".to_owned())).to_vec();
    let mut config = Config::load(&Invocation { flags, ..Invocation::default() })?;
    for (slug, name, path) in [
        ("herald", page::NAME.to_owned(), "news.xml"),
        ("herald-council", format!("{}: council", page::NAME), "council.xml"),
    ] {
        config.sources.push(Source {
            slug: slug.parse::<SourceSlug>()?,
            name,
            url: Url::parse(&format!("{}/{path}", site.base()))?,
            kind: SourceKind::Feed,
            interval: None,
            include: Vec::new(),
            exclude: Vec::new(),
            ignore_robots: None,
            judging: config.judge.clone(),
            keeping: config.keeping,
        });
    }
    Ok(config)
}

/// The event with all addresses, and redraft's base address.
fn opening_event(site: &NewsSite, config: &Config) -> anyhow::Result<(Event, Url)> {
    let base = config.publish.base_url.clone();
    let mut feeds = vec![("everything".to_owned(), base.join(&address::feed(&Scope::Everything, Format::Atom))?)];
    for source in &config.sources {
        let path = address::feed(&Scope::Source(source.slug.clone()), Format::Atom);
        feeds.push((source.name.clone(), base.join(&path)?));
    }
    let site = Url::parse(site.base())?;
    Ok((Event::Opened { site, redraft: base.clone(), feeds }, base))
}

/// The running script.
struct Play<T> {
    site: NewsSite,
    /// `None` only while it reads the store on another thread.
    witness: Option<Witness>,
    speed: f64,
    tell: T,
    base: Url,
}

impl<T: FnMut(Event)> Play<T> {
    /// Plays the script, then keeps reporting what redraft does. Returns only on failure.
    async fn go(&mut self) -> anyhow::Result<()> {
        let opened = Instant::now();
        let mut begun: Option<Instant> = None;
        let mut steps = SCRIPT.iter().peekable();
        let mut over = false;
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let (known, content) = self.see().await?;
            if begun.is_none() && (known >= self.site.len() || opened.elapsed() > BEGINS_WITHIN) {
                begun = Some(Instant::now());
                (self.tell)(Event::Known(known));
            }
            let Some(begun) = begun else { continue };
            if let Some(step) = steps.next_if(|step| begun.elapsed() >= step.after.div_f64(self.speed)) {
                self.act(step);
            } else if steps.peek().is_none() && content && !over {
                over = true;
                (self.tell)(Event::Over);
            }
        }
    }

    fn act(&mut self, step: &script::Step) {
        if let Some(headline) = self.site.act(step) {
            (self.tell)(Event::Did { headline, words: step.words });
        }
        if let Some(witness) = &mut self.witness {
            witness.expect(format!("/{}", step.slug));
        }
    }

    /// Reports what redraft did since the last call. Returns the number of articles it knows, and whether no reaction
    /// is pending.
    async fn see(&mut self) -> anyhow::Result<(usize, bool)> {
        let Some(mut witness) = self.witness.take() else { return Ok((0, false)) };
        let (witness, sights) = tokio::task::spawn_blocking(move || {
            let sights = witness.look();
            (witness, sights)
        })
        .await?;
        let state = (witness.known(), witness.is_content());
        self.witness = Some(witness);
        for sight in sights? {
            let path = match &sight {
                Sight::Published(edit) => match (edit.from, edit.to) {
                    (Some(from), Some(to)) => address::comparison(edit.article, from, to),
                    _ => address::article(edit.article),
                },
                Sight::Passed { article, .. } => address::article(*article),
                Sight::Quiet { .. } => String::new(),
            };
            let url = self.base.join(&path)?;
            (self.tell)(Event::Saw(sight, url));
        }
        Ok(state)
    }
}
