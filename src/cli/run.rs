//! `redraft run` and `redraft once`.

use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use redraft::clock::Clock;
use redraft::config::Config;
use redraft::daemon::Daemon;
use redraft::schedule::{Progress, Scope};
use redraft::store::OpenError;
use redraft::telemetry;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

use super::arguments::Settings;
use super::failure::Failure;
use super::once::Standing;
use super::{configuration, paint};

/// Threads that judge, read the store or look up names: 16 looks, 16 pages and as many look-ups of names at once, and few
/// enough for a container that allows 128 processes.
const MAX_BLOCKING_THREADS: usize = 64;
/// What is open when the runtime ends is dropped after so long: a look-up of a name may hang in its thread.
const RUNTIME_ENDS_WITHIN: Duration = Duration::from_secs(1);

/// Exit code after Ctrl-C, as shells tell it: 128 and the signal's number.
const INTERRUPTED: u8 = 130;

/// Watches and serves until stopped.
pub(super) fn run(settings: &Settings, feeds: Vec<String>) -> Result<ExitCode, Failure> {
    let config = watching(settings, feeds)?;
    telemetry::init(&config.log);
    with_runtime(async move {
        let stop = stopped()?;
        let listen = config.serve.listen;
        let daemon = open(config).await?;
        let listener = TcpListener::bind(listen).await.with_context(|| {
            format!("cannot listen at {listen}; another address can be given with --listen or serve.listen")
        })?;
        daemon.run(listener, stop).await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Does all that is due, or looks at everything.
pub(super) fn once(settings: &Settings, feeds: Vec<String>, now: bool) -> Result<ExitCode, Failure> {
    let config = watching(settings, feeds)?;
    telemetry::init(&config.log);
    with_runtime(async move {
        let stop = stopped()?;
        let daemon = open(config).await?;
        let scope = if now { Scope::Everything } else { Scope::Due };
        let before = Standing::of(&daemon).await?;
        let bar = bar();
        let work = daemon.once(scope, Clock::System.now(), |progress| show(&bar, progress));
        let done = tokio::select! {
            done = work => Some(done?),
            () = stop => None,
        };
        bar.finish_and_clear();
        let Some(done) = done else {
            daemon.flush().await?;
            paint::tell("stopped; what was done is kept");
            return Ok(ExitCode::from(INTERRUPTED));
        };
        let summary = Standing::of(&daemon).await?.since(&before, done.done);
        paint::say(&summary.words());
        if summary.is_failure() {
            return Err(Failure::Other(anyhow::anyhow!("every poll failed: the log says why of each")));
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// The configuration; without sources there is nothing to do.
fn watching(settings: &Settings, feeds: Vec<String>) -> Result<Config, Failure> {
    let config = configuration::load(settings, feeds)?;
    if config.sources.is_empty() {
        let read: Vec<String> = config.files.iter().map(|path| path.display().to_string()).collect();
        let read =
            if read.is_empty() { "no configuration was found".to_owned() } else { format!("read {}", read.join(", ")) };
        return Err(Failure::Usage(format!(
            "there is nothing to watch ({read})\n\
             Give the address of a feed:    redraft run https://news.example/rss.xml\n\
             or write config/sources.toml:  [[source]]\n\
             \x20                              url = \"https://news.example/rss.xml\"\n\
             or look at an example:         redraft demo"
        )));
    }
    Ok(config)
}

/// Opens the store and what works on it.
pub(super) async fn open(config: Config) -> Result<Daemon, Failure> {
    let opened = tokio::task::spawn_blocking(|| Daemon::open(config, Clock::System)).await;
    opened.context("the store's thread failed")?.map_err(why_not_opened)
}

/// Which exit code a store's refusal has.
fn why_not_opened(error: anyhow::Error) -> Failure {
    let words = format!("{error:#}");
    match error.downcast_ref::<OpenError>() {
        Some(OpenError::AlreadyRunning { .. }) => Failure::Temporary(words),
        Some(_) => Failure::Setup(words),
        None => Failure::Other(error),
    }
}

/// Runs a future on all cores.
pub(super) fn with_runtime(future: impl Future<Output = Result<ExitCode, Failure>>) -> Result<ExitCode, Failure> {
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(MAX_BLOCKING_THREADS)
        .build()
        .context("cannot start")?;
    let result = runtime.block_on(future);
    runtime.shutdown_timeout(RUNTIME_ENDS_WITHIN);
    result
}

/// Done at the first SIGINT or SIGTERM; a second one ends the process at once.
pub(super) fn stopped() -> anyhow::Result<impl Future<Output = ()> + Send> {
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen to signals")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen to signals")?;
    let (tell, told) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let mut tell = Some(tell);
        loop {
            let number = tokio::select! {
                _ = interrupt.recv() => 2,
                _ = terminate.recv() => 15,
            };
            match tell.take() {
                Some(tell) => drop(tell.send(())),
                // As a shell tells it: 128 and the signal's number.
                None => std::process::exit(128 + number),
            }
        }
    });
    Ok(async move {
        let _ = told.await;
    })
}

/// A bar, on a terminal.
fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} looked at, {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.done + progress.left);
    bar.set_position(progress.done);
}
