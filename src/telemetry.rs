//! Logging to standard error, and metrics in Prometheus' text format.

mod exposition;
mod log;

use std::io;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use jiff::SignedDuration;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::model::{Class, Outcome};
pub use exposition::Exposition;

/// Longest wait for the last log lines at the end.
const FINISH_WITHIN: Duration = Duration::from_millis(500);

/// Number of panics since the start, contained or not.
static PANICS: LazyLock<Counter> = LazyLock::new(Counter::default);

/// Upper bounds of the fetch histogram in seconds. A page takes 0.05 to 1; the time limit is 30.
const FETCH_BOUNDS_S: [f64; 9] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// Log settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    /// Format of the lines.
    pub format: LogFormat,
    /// Lowest level that is logged.
    pub level: LogLevel,
}

/// Format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Text for people.
    Text,
    /// One JSON object per line.
    Json,
}

/// Level of log events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// The operator must act.
    Error,
    /// Something is worse than it should be.
    Warn,
    /// Start, stop, edits, retirements.
    Info,
    /// One line per check.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    /// Its name in the configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }

    fn filter(self) -> LevelFilter {
        match self {
            Self::Error => LevelFilter::ERROR,
            Self::Warn => LevelFilter::WARN,
            Self::Info => LevelFilter::INFO,
            Self::Debug => LevelFilter::DEBUG,
            Self::Trace => LevelFilter::TRACE,
        }
    }
}

/// Starts logging to standard error. Other crates log from `warn` on. A second call has no effect.
pub fn init(log: &Log) {
    let level = log.level.filter();
    let others = if log.level == LogLevel::Trace { level } else { level.min(LevelFilter::WARN) };
    let filter = Targets::new().with_default(others).with_target("redraft", level);
    let ansi = log.format == LogFormat::Text && io::IsTerminal::is_terminal(&io::stderr()) && !no_color();
    let lines = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(log::Lines::new(ansi))
        .with_ansi(ansi)
        .log_internal_errors(false);
    // This fails only if a subscriber is set already.
    let set = match log.format {
        LogFormat::Text => lines.with_target(false).finish().with(filter).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).finish().with(filter).try_init(),
    };
    if set.is_ok() {
        log::start();
        log_panics();
    }
}

/// Whether the operator wants no colours: <https://no-color.org>.
fn no_color() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// Waits until all log lines are written, but only briefly, because standard error may be stuck.
pub fn finish() {
    log::finish(FINISH_WITHIN);
}

/// Installs a panic hook that logs each panic as one line and counts it. The line contains the place in the code; the
/// caller that contains the panic logs what was being processed.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        PANICS.inc();
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let words = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(panic.place = place, "a bug in redraft, please report it: {words}");
    }));
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByClass {
    class: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByOutcome {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct BySource {
    source: String,
}

/// State of one source, for [`Metrics::set_source`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SourceGauges {
    /// Time of its last successful poll in Unix seconds; 0 if there was none.
    pub last_good_s: i64,
    /// Time of its next poll in Unix seconds; 0 if there is none.
    pub next_look_s: i64,
    /// Number of articles that it lists.
    pub articles: u64,
    /// Number of their edits.
    pub edits: u64,
    /// Whether it has a problem.
    pub is_troubled: bool,
    /// Whether it is unusually quiet.
    pub is_quiet: bool,
}

/// The gauges of sources, by slug.
#[derive(Clone, Debug, Default)]
struct SourceFamilies {
    last_good: Family<BySource, Gauge>,
    next_look: Family<BySource, Gauge>,
    articles: Family<BySource, Gauge>,
    edits: Family<BySource, Gauge>,
    troubled: Family<BySource, Gauge>,
    quiet: Family<BySource, Gauge>,
}

impl SourceFamilies {
    fn register(&self, registry: &mut Registry) {
        let time = "in Unix seconds";
        registry.register(
            "source_last_good_seconds",
            format!("Time of a source's last successful poll, {time}"),
            self.last_good.clone(),
        );
        registry.register(
            "source_next_look_seconds",
            format!("Time of a source's next poll, {time}"),
            self.next_look.clone(),
        );
        registry.register("source_articles", "Articles that a source lists", self.articles.clone());
        registry.register("source_edits", "Edits of a source's articles", self.edits.clone());
        registry.register("source_troubled", "1 if a source has a problem", self.troubled.clone());
        registry.register("source_quiet", "1 if a source is unusually quiet", self.quiet.clone());
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByAddressee {
    to: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByDelivery {
    to: String,
    outcome: &'static str,
}

/// The metrics of recipients of edits, by name.
#[derive(Clone, Debug, Default)]
struct OutboxFamilies {
    deliveries: Family<ByDelivery, Counter>,
    waiting: Family<ByAddressee, Gauge>,
    last_taken: Family<ByAddressee, Gauge>,
    ended: Family<ByAddressee, Gauge>,
}

impl OutboxFamilies {
    fn register(&self, registry: &mut Registry) {
        registry.register("outbox_deliveries", "Deliveries to recipients, by outcome", self.deliveries.clone());
        registry.register("outbox_waiting", "Edits waiting for a recipient, up to 1,000", self.waiting.clone());
        registry.register(
            "outbox_last_taken_seconds",
            "Time of the last delivery to a recipient, in Unix seconds",
            self.last_taken.clone(),
        );
        registry.register("outbox_ended", "1 if a recipient answered that it is gone for good", self.ended.clone());
    }
}

/// The metrics. Clones share their counts.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Arc<Registry>,
    sources: Gauge,
    articles: Gauge,
    versions: Gauge,
    store_bytes: Gauge,
    disk_free_bytes: Gauge,
    disk_low: Gauge,
    edits: Family<ByClass, Counter>,
    checks: Family<ByOutcome, Counter>,
    polls: Family<ByOutcome, Counter>,
    reloads: Family<ByOutcome, Counter>,
    config_refused: Gauge,
    fetch_seconds: Histogram,
    by_source: SourceFamilies,
    outbox: OutboxFamilies,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Creates all metrics, at zero.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("redraft");
        let (sources, articles, versions, store_bytes) =
            (Gauge::default(), Gauge::default(), Gauge::default(), Gauge::default());
        let (edits, checks, polls) = (Family::default(), Family::default(), Family::default());
        let fetch_seconds = Histogram::new(FETCH_BOUNDS_S);
        registry.register("sources", "Watched feeds and pages", sources.clone());
        registry.register("articles", "Known articles", articles.clone());
        registry.register("versions", "Stored versions", versions.clone());
        registry.register("store_bytes", "Size of the store on disk", store_bytes.clone());
        let (disk_free_bytes, disk_low) = (Gauge::default(), Gauge::default());
        registry.register("disk_free_bytes", "Free space on the store's disk", disk_free_bytes.clone());
        registry.register("disk_low", "1 while the disk is too full to fetch anything", disk_low.clone());
        registry.register("edits", "Published edits, by class of change; one edit may have several", edits.clone());
        registry.register("checks", "Checks of articles, by outcome", checks.clone());
        registry.register("polls", "Polls of feeds, by outcome", polls.clone());
        let (reloads, config_refused) = (Family::default(), Gauge::default());
        registry.register("config_reloads", "Reloads of the configuration, by outcome", reloads.clone());
        registry.register("config_refused", "1 while the configuration on disk is invalid", config_refused.clone());
        registry.register("panics", "Contained bugs in redraft; please report them", PANICS.clone());
        registry.register(
            "log_lines_dropped",
            "Log lines dropped because they could not be written in time",
            log::DROPPED.clone(),
        );
        registry.register(
            "log_lines_repeated",
            "Warnings and errors left out as repeated within an hour",
            log::REPEATED.clone(),
        );
        registry.register(
            "fetch_seconds",
            "Time from a request to the last byte of its response",
            fetch_seconds.clone(),
        );
        let by_source = SourceFamilies::default();
        by_source.register(&mut registry);
        let outbox = OutboxFamilies::default();
        outbox.register(&mut registry);
        registry.register("build", "The program", Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]));
        Self {
            registry: Arc::new(registry),
            sources,
            articles,
            versions,
            store_bytes,
            disk_free_bytes,
            disk_low,
            edits,
            checks,
            polls,
            reloads,
            config_refused,
            fetch_seconds,
            by_source,
            outbox,
        }
    }

    /// Counts a reload of the configuration. `taken` is false if it was refused.
    pub fn reload(&self, taken: bool) {
        self.reloads.get_or_create(&ByOutcome { outcome: if taken { "taken" } else { "refused" } }).inc();
        self.config_refused.set(i64::from(!taken));
    }

    /// Sets the state of the source with this slug.
    pub fn set_source(&self, slug: &str, gauges: SourceGauges) {
        let by = BySource { source: slug.to_owned() };
        let families = &self.by_source;
        families.last_good.get_or_create(&by).set(gauges.last_good_s);
        families.next_look.get_or_create(&by).set(gauges.next_look_s);
        families.articles.get_or_create(&by).set(to_gauge(gauges.articles));
        families.edits.get_or_create(&by).set(to_gauge(gauges.edits));
        families.troubled.get_or_create(&by).set(gauges.is_troubled.into());
        families.quiet.get_or_create(&by).set(gauges.is_quiet.into());
    }

    /// Counts a delivery to a recipient by its outcome.
    pub fn outbox(&self, to: &str, outcome: &'static str) {
        self.outbox.deliveries.get_or_create(&ByDelivery { to: to.to_owned(), outcome }).inc();
    }

    /// Sets the state of a recipient: number of waiting edits, time of the last delivery (Unix seconds), and whether
    /// it wants no more.
    pub fn set_outbox(&self, to: &str, waiting: usize, last_taken_s: i64, ended: bool) {
        let by = ByAddressee { to: to.to_owned() };
        self.outbox.waiting.get_or_create(&by).set(to_gauge(waiting as u64));
        self.outbox.last_taken.get_or_create(&by).set(last_taken_s);
        self.outbox.ended.get_or_create(&by).set(ended.into());
    }

    /// Counts a check by its outcome.
    pub fn check(&self, outcome: Outcome) {
        self.checks.get_or_create(&ByOutcome { outcome: outcome.name() }).inc();
    }

    /// Counts a published edit under each of its classes.
    pub fn edit(&self, classes: &[Class]) {
        for class in classes {
            self.edits.get_or_create(&ByClass { class: class.name() }).inc();
        }
    }

    /// Counts a poll of a feed. `ok` is false if it failed.
    pub fn poll(&self, ok: bool) {
        self.polls.get_or_create(&ByOutcome { outcome: if ok { "ok" } else { "failed" } }).inc();
    }

    /// Records the duration of a fetch.
    pub fn fetch(&self, took: SignedDuration) {
        self.fetch_seconds.observe(took.as_secs_f64());
    }

    /// Sets the number of watched sources.
    pub fn set_sources(&self, count: usize) {
        self.sources.set(to_gauge(count as u64));
    }

    /// Sets the number of known articles.
    pub fn set_articles(&self, count: u64) {
        self.articles.set(to_gauge(count));
    }

    /// Sets the number of stored versions.
    pub fn set_versions(&self, count: u64) {
        self.versions.set(to_gauge(count));
    }

    /// Sets the size of the store in bytes.
    pub fn set_store_bytes(&self, bytes: u64) {
        self.store_bytes.set(to_gauge(bytes));
    }

    /// Sets the free bytes of the store's disk, and whether that is too little to fetch more.
    pub fn set_disk(&self, free: u64, low: bool) {
        self.disk_free_bytes.set(to_gauge(free));
        self.disk_low.set(low.into());
    }

    /// Formats all metrics as text.
    #[must_use]
    pub fn text(&self, exposition: Exposition) -> String {
        let mut text = String::new();
        // Writing into a `String` does not fail.
        let _ = encode(&mut text, &self.registry);
        match exposition {
            Exposition::OpenMetrics => text,
            Exposition::Plain => exposition::plain(&text),
        }
    }
}

/// A count as the signed value of a gauge.
fn to_gauge(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
