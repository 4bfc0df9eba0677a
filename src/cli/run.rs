//! `redraft run` and `redraft once`.

use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use redraft::clock::Clock;
use redraft::config::Config;
use redraft::daemon::{Daemon, Hangs, Order, descriptors};
use redraft::schedule::{Progress, Scope};
use redraft::store::OpenError;
use redraft::telemetry;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use super::arguments::Settings;
use super::failure::Failure;
use super::once::Standing;
use super::{configuration, control, paint};

/// Threads for judging, reading the store and resolving names: enough for 16 checks, 16 pages and as many name
/// look-ups in parallel, and few enough for a container that allows 128 processes.
const MAX_BLOCKING_THREADS: usize = 64;
/// Longest wait for open tasks when the runtime ends: a name look-up may hang in its thread.
const RUNTIME_ENDS_WITHIN: Duration = Duration::from_secs(1);

/// Exit code after Ctrl-C, following shells: 128 plus the signal's number.
const INTERRUPTED: u8 = 130;

/// Watches and serves until stopped.
pub(super) fn run(settings: &Settings, feeds: Vec<String>) -> Result<ExitCode, Failure> {
    let mut config = configuration::load_config(settings, feeds)?;
    // A configuration that was named may still be empty, to be filled later. Without any configuration, the user
    // needs help.
    if config.sources.is_empty() && config.invocation.config.is_none() && config.files.is_empty() {
        return Err(nothing_to_watch(&config));
    }
    telemetry::init(&config.log);
    descriptors::fit(&mut config).map_err(|error| Failure::Setup(error.to_string()))?;
    with_runtime(async move {
        let orders = receive_orders()?;
        let (limits, data) = (config.serve.clone(), config.store.path.clone());
        let daemon = open_daemon(config).await?;
        let _listening = control::listen_for_orders(&daemon, &data);
        let listener = TcpListener::bind(limits.listen).await.with_context(|| {
            format!("cannot listen on {}; choose another address with --listen or serve.listen", limits.listen)
        })?;
        daemon.run(listener, &limits, orders).await.map_err(end_failure)?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Does everything that is due or, if `now`, checks everything.
pub(super) fn once(settings: &Settings, feeds: Vec<String>, now: bool) -> Result<ExitCode, Failure> {
    let config = configuration::load_config(settings, feeds)?;
    if config.sources.is_empty() {
        return Err(nothing_to_watch(&config));
    }
    telemetry::init(&config.log);
    with_runtime(async move {
        let mut orders = receive_orders()?;
        let daemon = open_daemon(config).await?;
        let scope = if now { Scope::Everything } else { Scope::Due };
        let before = Standing::of(&daemon).await?;
        let bar = progress_bar();
        let work = daemon.once(scope, Clock::System.now(), |progress| show_progress(&bar, progress));
        let done = tokio::select! {
            done = work => Some(done?),
            () = wait_for_stop(&mut orders) => None,
        };
        bar.finish_and_clear();
        let Some(done) = done else {
            daemon.flush().await?;
            paint::print_error("stopped; what was done before is kept");
            return Ok(ExitCode::from(INTERRUPTED));
        };
        let summary = Standing::of(&daemon).await?.since(&before, done.done);
        paint::print_line(&summary.words());
        daemon.sweep().await?;
        if summary.is_failure() {
            return Err(Failure::Other(anyhow::anyhow!("every poll failed; the log gives the reasons")));
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// The failure if no source is configured, with advice.
fn nothing_to_watch(config: &Config) -> Failure {
    let read: Vec<String> = config.files.iter().map(|path| path.display().to_string()).collect();
    let read =
        if read.is_empty() { "no configuration was found".to_owned() } else { format!("read {}", read.join(", ")) };
    Failure::Usage(format!(
        "there is nothing to watch ({read})\n\
         Give the address of a feed:    redraft run https://news.example/rss.xml\n\
         or write config/sources.toml:  [[source]]\n\
         \x20                              url = \"https://news.example/rss.xml\"\n\
                  or try the demo:               redraft demo"
    ))
}

/// Opens the store and creates the daemon.
pub(super) async fn open_daemon(config: Config) -> Result<Daemon, Failure> {
    let opened = tokio::task::spawn_blocking(|| Daemon::open(config, Clock::System)).await;
    opened.context("the store's thread failed")?.map_err(open_failure)
}

/// Chooses the failure, and so the exit code, for a store that cannot be opened.
fn open_failure(error: anyhow::Error) -> Failure {
    let words = format!("{error:#}");
    match error.downcast_ref::<OpenError>() {
        Some(OpenError::AlreadyRunning { .. }) => Failure::Temporary(words),
        Some(_) => Failure::Setup(words),
        None => Failure::Other(error),
    }
}

/// Chooses the failure for an error that ended the daemon.
fn end_failure(error: anyhow::Error) -> Failure {
    if error.is::<Hangs>() { Failure::Temporary(error.to_string()) } else { Failure::Other(error) }
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
    telemetry::finish();
    result
}

/// Receives signals as orders: SIGHUP reloads the configuration, SIGINT and SIGTERM stop; a second one of these ends
/// the process at once.
pub(super) fn receive_orders() -> anyhow::Result<mpsc::Receiver<Order>> {
    let mut listen = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()].into_iter().map(signal);
    let mut next = || listen.next().context("no signal")?.context("cannot listen to signals");
    let (mut interrupt, mut terminate, mut hangup) = (next()?, next()?, next()?);
    // One queued reload is enough, because it reads the configuration as it is by then.
    let (give, orders) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut stopping = false;
        loop {
            let number = tokio::select! {
                _ = interrupt.recv() => 2,
                _ = terminate.recv() => 15,
                _ = hangup.recv() => {
                    let _ = give.try_send(Order::Reload);
                    continue;
                }
            };
            if stopping {
                // Following shells: 128 plus the signal's number.
                std::process::exit(128 + number);
            }
            stopping = true;
            let give = give.clone();
            tokio::spawn(async move { give.send(Order::Stop).await });
        }
    });
    Ok(orders)
}

/// Waits for the order to stop.
pub(super) async fn wait_for_stop(orders: &mut mpsc::Receiver<Order>) {
    while let Some(Order::Reload) = orders.recv().await {}
}

/// Creates a progress bar; it is only drawn on a terminal.
fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} checked, {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn show_progress(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.done + progress.left);
    bar.set_position(progress.done);
}
