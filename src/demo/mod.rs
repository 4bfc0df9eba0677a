//! A small news site on loopback that edits its articles, and the real daemon that watches it: what redraft does, in a minute
//! and a half, without a network.
//!
//! The site's texts are our own. What redraft says of them is what its rules say: [`Sight`]s are read from the store, and
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

/// The port that people expect; the next ones where it is taken.
const FIRST_PORT: u16 = 8080;
/// How many ports are tried before the machine chooses one.
const PORTS: u16 = 20;
/// How often the store is read for news.
const TICK: Duration = Duration::from_millis(200);
/// Longest wait for redraft to read all articles before the script begins.
const BEGINS_WITHIN: Duration = Duration::from_secs(20);
/// Time between two looks, polls and retries at speed 1.
const LOOK_MS: f64 = 1_500.0;
/// How long a missing article must be missing at speed 1.
const REMOVED_MS: f64 = 3_000.0;
/// How long to wait for redraft to say something at speed 1.
const PATIENCE_MS: f64 = 8_000.0;
/// The least and the greatest speed: looks must stay shorter than the pauses of the script.
pub const SPEEDS: std::ops::RangeInclusive<f64> = 0.25..=4.0;

/// What happens, as it happens.
#[derive(Debug)]
pub enum Event {
    /// Both are up.
    Opened {
        /// The news site's front page.
        site: Url,
        /// Our front page.
        redraft: Url,
        /// Our feeds: a name and an address each.
        feeds: Vec<(String, Url)>,
    },
    /// redraft has read the articles as they are before any edit; so many.
    Known(usize),
    /// The newsroom did something.
    Did {
        /// To this article; its headline before.
        headline: String,
        /// What, without a subject.
        words: &'static str,
    },
    /// redraft did something.
    Saw(Sight, Url),
    /// The script is over; redraft goes on watching and serving.
    Over,
}

/// A directory that vanishes with its owner.
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
        // What cannot be removed stays in the system's directory for temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs site, script and daemon, `speed` times as fast as in a minute and a half (0.25 to 4), until `stop` is done; tells what
/// happens. Serves at `at`, or at the first free port from 8080 on. What `beside` makes of the daemon and its data directory is there
/// for as long.
///
/// # Errors
/// When the speed is out of bounds, no port or no directory can be had, or when the daemon fails.
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
        None => listen().await.context("cannot listen on this machine")?,
    };
    let data = directory.0.join("data");
    let config = config(speed, &data, listener.local_addr()?, &site)?;
    let opened = opened(&site, &config)?;
    let limits = config.serve.clone();
    let daemon = tokio::task::spawn_blocking(|| Daemon::open(config, Clock::System)).await??;
    let beside = beside(&daemon, &data);
    let (stopper, orders) = mpsc::channel::<Order>(1);
    let play = Play {
        witness: Some(Witness::new(daemon.store().clone(), scaled(PATIENCE_MS, speed))),
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
    // The store closes before its directory goes.
    drop(beside);
    drop(daemon);
    drop(directory);
    result
}

/// A duration at a speed.
fn scaled(milliseconds: f64, speed: f64) -> Duration {
    Duration::from_secs_f64(milliseconds / 1_000.0 / speed)
}

/// The first free port from the expected one on.
async fn listen() -> io::Result<TcpListener> {
    for port in (FIRST_PORT..FIRST_PORT + PORTS).chain([0]) {
        match TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && port != 0 => {}
            result => return result,
        }
    }
    Err(io::ErrorKind::AddrInUse.into())
}

/// The defaults, but fast, on loopback, with the site's two feeds.
fn config(speed: f64, store: &Path, listen: SocketAddr, site: &NewsSite) -> anyhow::Result<Config> {
    let time = |milliseconds: f64| {
        write_duration(SignedDuration::try_from(scaled(milliseconds, speed)).unwrap_or(SignedDuration::from_secs(1)))
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

/// What there is to open and to subscribe to.
fn opened(site: &NewsSite, config: &Config) -> anyhow::Result<(Event, Url)> {
    let base = config.publish.base_url.clone();
    let mut feeds = vec![("everything".to_owned(), base.join(&address::feed(&Scope::Everything, Format::Atom))?)];
    for source in &config.sources {
        let path = address::feed(&Scope::Source(source.slug.clone()), Format::Atom);
        feeds.push((source.name.clone(), base.join(&path)?));
    }
    let site = Url::parse(site.base())?;
    Ok((Event::Opened { site, redraft: base.clone(), feeds }, base))
}

/// The script as it is played.
struct Play<T> {
    site: NewsSite,
    /// None only while it reads the store on another thread.
    witness: Option<Witness>,
    speed: f64,
    tell: T,
    base: Url,
}

impl<T: FnMut(Event)> Play<T> {
    /// Plays the script, then goes on telling what redraft does. Ends only with a failure.
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

    /// Tells what redraft did since the last time; gives how many articles it knows, and whether nothing more is expected.
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
