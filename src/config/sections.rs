//! Typed settings, one struct per section of the configuration file.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use jiff::SignedDuration;
use url::Url;

use super::document::{Placed, Value};
use super::problem::Problems;
use super::settings::Settings;
use super::take::{Section, Taker};
use super::{FEED_INTERVAL_FLOOR, HOST_SPACING_FLOOR};
use crate::cadence::Pace;
use crate::fetch::{self as web, parse_network};
use crate::model::{Host, Judging, Locale, Site};
use crate::telemetry::{Log, LogFormat, LogLevel};

/// A tenth of a second, the lower bound of most durations.
const TENTH: SignedDuration = SignedDuration::from_millis(100);
/// The lower bound of durations whose floor depends on the host.
const MILLISECOND: SignedDuration = SignedDuration::from_millis(1);
/// The upper bound of timeouts.
const TEN_MINUTES: SignedDuration = SignedDuration::from_mins(10);
/// The upper bound of intervals. Retry-After is limited to a day; ten days leave room above that.
const TEN_DAYS: SignedDuration = SignedDuration::from_hours(240);
/// The upper bound of the times that articles are watched and data is kept.
pub(super) const TEN_YEARS: SignedDuration = SignedDuration::from_hours(24 * 3_653);
/// Authority of ids if there is no domain name. RFC 6761 reserves `.localhost`, so it cannot clash with a real name.
const NAMELESS: &str = "redraft.localhost";
/// Longest title of the instance, in characters: it is part of the title of every feed.
const MAX_TITLE_CHARS: usize = 60;

/// `[store]`: where versions and edits are stored.
#[derive(Clone, Debug)]
pub struct Store {
    /// The directory.
    pub path: PathBuf,
    /// Memory for the cache in MiB.
    pub cache_mib: u32,
    /// Time between two backups; `None` for no backups.
    pub backup_every: Option<SignedDuration>,
    /// Number of backups to keep.
    pub backups: usize,
}

/// `[fetch]`: requests to the web.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// Settings of the HTTP client.
    pub web: web::Settings,
    /// Least time between two requests to one host, before the floor is applied: see [`Fetch::spacing`].
    pub host_spacing: SignedDuration,
    /// Most requests in parallel.
    pub concurrent: usize,
}

impl Fetch {
    /// Whether a host is inside a network of `allow_private`: a numeric address by itself, `localhost` as 127.0.0.1
    /// or `::1`. All other names count as public here.
    #[must_use]
    pub fn is_allowed_private(&self, host: &Host) -> bool {
        let inside = |address: IpAddr| self.web.allow_private.iter().any(|network| network.contains(&address));
        match host.name() {
            "localhost" => inside(IpAddr::V4(Ipv4Addr::LOCALHOST)) || inside(IpAddr::V6(Ipv6Addr::LOCALHOST)),
            name => name.parse().is_ok_and(inside),
        }
    }

    /// Least time between two requests to a host. It is never below the floor, unless the host is inside
    /// `allow_private`.
    #[must_use]
    pub fn spacing(&self, host: &Host) -> SignedDuration {
        if self.is_allowed_private(host) { self.host_spacing } else { self.host_spacing.max(HOST_SPACING_FLOOR) }
    }
}

/// `[schedule]`: times of polls and checks.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// Time between two polls of a feed, before the floor is applied: see `Config::poll_interval`.
    pub feed_interval: SignedDuration,
    /// Pace of the checks of an article.
    pub pace: Pace,
}

/// `[publish]`: publication of edits.
#[derive(Clone, Debug)]
pub struct Publish {
    /// Name of this instance.
    pub title: String,
    /// Public address of this redraft; ends in `/`.
    pub base_url: Url,
    /// Authority of ids, used at the store's first start.
    pub authority: String,
    /// Number of entries in a feed.
    pub entries: usize,
    /// Language of our own words in entries and feeds.
    pub locale: Locale,
    /// Hub that we notify of new entries and name in our feeds.
    pub websub_hub: Option<Url>,
}

/// `[websub]`: subscriptions at hubs, which push new entries of feeds to us.
#[derive(Clone, Copy, Debug)]
pub struct Websub {
    /// Whether we subscribe.
    pub enabled: bool,
}

/// `[serve]`: the web server and its limits.
#[derive(Clone, Debug)]
pub struct Serve {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Most connections at once.
    pub connections: usize,
    /// Longest time for the head of a request, counted from its first byte or from the start of the connection.
    pub head_timeout: Duration,
    /// Longest time between two requests on one connection.
    pub idle_timeout: Duration,
    /// Longest time without progress while a response is sent.
    pub write_timeout: Duration,
}

/// Reads `[store]`.
pub(super) fn read_store(settings: &Settings, problems: &mut Problems) -> Option<Store> {
    let (section, mut taker) = (Section { settings, name: "store" }, Taker { problems });
    let taker = &mut taker;
    let path = section.get("path", taker, |taker, name, value| {
        let text = taker.text(name, value)?;
        if text.is_empty() {
            taker.misfit(name, value, "is empty", "expected a directory, such as \"data\"");
        }
        Some(PathBuf::from(text))
    });
    let cache_mib = section.get("cache_mib", taker, |taker, name, value| taker.integer(name, value, &(8..=4_096)));
    let backup_every = section.get("backup_every", taker, |taker, name, value| {
        taker.duration(name, value, &(SignedDuration::ZERO..=TEN_YEARS))
    });
    let backups = section.get("backups", taker, |taker, name, value| taker.integer(name, value, &(1..=1_000)));
    let backup_every = Some(backup_every??).filter(|every| !every.is_zero());
    Some(Store { path: path??, cache_mib: cache_mib?? as u32, backup_every, backups: backups?? as usize })
}

/// Reads `[fetch]`.
pub(super) fn read_fetch(settings: &Settings, problems: &mut Problems) -> Option<Fetch> {
    let (section, mut taker) = (Section { settings, name: "fetch" }, Taker { problems });
    let taker = &mut taker;
    let mut timeout =
        |key| section.get(key, taker, |taker, name, value| taker.duration(name, value, &(TENTH..=TEN_MINUTES)));
    let (connect, read, total) = (timeout("connect_timeout"), timeout("read_timeout"), timeout("total_timeout"));
    let lookup = timeout("lookup_timeout");
    let mut size = |key| section.get(key, taker, |taker, name, value| taker.size(name, value, &(1_024..=64 << 20)));
    let (page, feed) = (size("max_page_bytes"), size("max_feed_bytes"));
    let ca_file = section.get("ca_file", taker, Taker::text);
    let contact = section.get("contact", taker, read_contact);
    let redirects = section.get("max_redirects", taker, |taker, name, value| taker.integer(name, value, &(0..=20)));
    let concurrent = section.get("concurrent", taker, |taker, name, value| taker.integer(name, value, &(1..=256)));
    let private = section.get("allow_private", taker, |taker, name, value| taker.list(name, value, parse_network));
    let proxy = section.get("proxy", taker, Taker::address);
    let private = private?;
    let floor = if private.is_empty() { HOST_SPACING_FLOOR } else { SignedDuration::ZERO };
    let spacing =
        section.get("host_spacing", taker, |taker, name, value| taker.duration(name, value, &(floor..=TEN_MINUTES)));
    let web = web::Settings {
        contact: contact?,
        connect_timeout: connect??.unsigned_abs(),
        read_timeout: read??.unsigned_abs(),
        total_timeout: total??.unsigned_abs(),
        max_page_bytes: page??,
        max_feed_bytes: feed??,
        max_redirects: redirects?? as usize,
        allow_private: private,
        ca_file: some_text(ca_file?).map(PathBuf::from),
        proxy: proxy?,
        lookup_timeout: lookup??.unsigned_abs(),
    };
    Some(Fetch { web, host_spacing: spacing??, concurrent: concurrent?? as usize })
}

/// The operator's contact: a web or mail address that fits into a header; `None` if the text is empty.
fn read_contact(taker: &mut Taker<'_>, name: &str, value: &Placed<Value>) -> Option<String> {
    let text = taker.text(name, value)?;
    let fits = text.chars().all(|c| c.is_ascii_graphic()) && (text.contains('@') || text.contains("://"));
    if !text.is_empty() && !fits {
        taker.misfit(name, value, format!("{text:?} is not an address"), "expected https://… or a mail address");
    }
    some_text(Some(text))
}

/// The text; `None` if it is empty.
fn some_text(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// The bounds of a feed's interval. Values below the floor are only accepted if private networks are allowed.
pub(super) fn interval_bounds(fetch: Option<&Fetch>) -> std::ops::RangeInclusive<SignedDuration> {
    let private = fetch.is_some_and(|fetch| !fetch.web.allow_private.is_empty());
    if private { MILLISECOND..=TEN_DAYS } else { FEED_INTERVAL_FLOOR..=TEN_DAYS }
}

/// Reads `[schedule]`.
pub(super) fn read_schedule(settings: &Settings, fetch: Option<&Fetch>, problems: &mut Problems) -> Option<Schedule> {
    let (section, mut taker) = (Section { settings, name: "schedule" }, Taker { problems });
    let taker = &mut taker;
    let mut duration =
        |key, least, most| section.get(key, taker, |taker, name, value| taker.duration(name, value, &(least..=most)));
    let bounds = interval_bounds(fetch);
    let feed_interval = duration("feed_interval", *bounds.start(), *bounds.end());
    let first = duration("first_look", TENTH, TEN_DAYS);
    let least = first.flatten().unwrap_or(TENTH);
    let ceiling = duration("ceiling", least, TEN_DAYS);
    let retire_after = duration("retire_after", least, TEN_YEARS);
    let retry_first = duration("retry_first", TENTH, TEN_DAYS);
    let suspect_first = duration("suspect_first", TENTH, TEN_DAYS);
    let removed_after = duration("removed_after", SignedDuration::ZERO, TEN_YEARS);
    let factor = section.get("factor", taker, |taker, name, value| taker.number(name, value, &(1.0..=10.0)));
    let jitter = section.get("jitter", taker, |taker, name, value| taker.number(name, value, &(0.0..=0.5)));
    let pace = Pace {
        first: first??,
        factor: factor??,
        ceiling: ceiling??,
        retire_after: retire_after??,
        retry_first: retry_first??,
        suspect_first: suspect_first??,
        removed_after: removed_after??,
        jitter: jitter??,
    };
    Some(Schedule { feed_interval: feed_interval??, pace })
}

/// Reads `[judge]`.
pub(super) fn read_judge(settings: &Settings, problems: &mut Problems) -> Option<Judging> {
    let (section, mut taker) = (Section { settings, name: "judge" }, Taker { problems });
    let taker = &mut taker;
    let min_score = section.get("min_score", taker, |taker, name, value| taker.number(name, value, &(0.0..=1.0)));
    let always = section.get("always", taker, Taker::classes);
    let never = section.get("never", taker, Taker::classes);
    let boilerplate = section.get("boilerplate", taker, Taker::regexes);
    Some(Judging {
        min_score: min_score??,
        always: always?,
        never: never?,
        boilerplate: boilerplate?,
        ..Judging::default()
    })
}

/// Reads `[serve]`.
pub(super) fn read_serve(settings: &Settings, problems: &mut Problems) -> Option<Serve> {
    let (section, mut taker) = (Section { settings, name: "serve" }, Taker { problems });
    let taker = &mut taker;
    let listen = section.get("listen", taker, |taker, name, value| {
        let text = taker.text(name, value)?;
        let read = text.parse::<SocketAddr>();
        if read.is_err() {
            let help = "expected an IP address and a port, such as 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080";
            taker.misfit(name, value, format!("{text:?} is not an address to listen on"), help);
        }
        read.ok()
    });
    let connections = section.get("connections", taker, |taker, name, value| taker.integer(name, value, &(1..=10_000)));
    let mut timeout =
        |key| section.get(key, taker, |taker, name, value| taker.duration(name, value, &(TENTH..=TEN_MINUTES)));
    let (head, idle, write) = (timeout("head_timeout"), timeout("idle_timeout"), timeout("write_timeout"));
    Some(Serve {
        listen: listen??,
        connections: connections?? as usize,
        head_timeout: head??.unsigned_abs(),
        idle_timeout: idle??.unsigned_abs(),
        write_timeout: write??.unsigned_abs(),
    })
}

/// Reads `[websub]`. It requires a public address that hubs can call.
pub(super) fn read_websub(settings: &Settings, problems: &mut Problems) -> Option<Websub> {
    let (section, mut taker) = (Section { settings, name: "websub" }, Taker { problems });
    let base = Section { settings, name: "publish" }.get("base_url", &mut taker, Taker::text).flatten();
    let enabled = section.get("enabled", &mut taker, |taker, name, value| {
        let Value::Bool(enabled) = value.value else {
            taker.mismatch(name, value, "true or false");
            return None;
        };
        if enabled && base.as_ref().is_none_or(String::is_empty) {
            let help = "set publish.base_url to the public address of this redraft";
            taker.misfit(name, value, "needs publish.base_url, which hubs call", help);
        }
        Some(enabled)
    });
    Some(Websub { enabled: enabled?? })
}

/// Reads `[publish]`. Without a base address, the address that we listen on is used.
pub(super) fn read_publish(settings: &Settings, serve: Option<&Serve>, problems: &mut Problems) -> Option<Publish> {
    let (section, mut taker) = (Section { settings, name: "publish" }, Taker { problems });
    let taker = &mut taker;
    let base = section.get("base_url", taker, Taker::address);
    let websub_hub = section.get("websub_hub", taker, Taker::address);
    let entries = section.get("entries", taker, |taker, name, value| taker.integer(name, value, &(1..=100)));
    let authority = section.get("authority", taker, |taker, name, value| {
        let text = taker.text(name, value)?;
        if !is_authority(&text) {
            taker.misfit(
                name,
                value,
                format!("{text:?} is not a domain name"),
                "expected a name such as redraft.example.org",
            );
        }
        Some(text)
    });
    let locale = section.get("language", taker, |taker, name, value| {
        let text = taker.text(name, value)?;
        let locale = text.parse::<Locale>();
        if let Err(unknown) = locale {
            taker.misfit(name, value, format!("{text:?} is not a supported language"), &unknown.to_string());
        }
        locale.ok()
    });
    let title = section.get("title", taker, title);
    let base_url = with_slash(base?.or_else(|| listening_address(serve?.listen))?);
    let authority = some_text(authority?).unwrap_or_else(|| name_of(&base_url));
    let (entries, locale, websub_hub) = (entries?? as usize, locale??, websub_hub?);
    Some(Publish { title: title??, base_url, authority, entries, locale, websub_hub })
}

/// What the instance is called: a few words on one line.
fn title(taker: &mut Taker<'_>, name: &str, value: &Placed<Value>) -> Option<String> {
    let title = taker.text(name, value)?.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() || title.chars().count() > MAX_TITLE_CHARS {
        let help =
            format!("expected a name of 1 to {MAX_TITLE_CHARS} characters, such as the default {:?}", Site::TITLE);
        taker.misfit(name, value, format!("{title:?} is not a title"), &help);
    }
    Some(title)
}

/// The address of a listener as reached from this machine.
fn listening_address(listen: SocketAddr) -> Option<Url> {
    let host = if listen.ip().is_unspecified() { "localhost".to_owned() } else { host_text(listen.ip()) };
    Url::parse(&format!("http://{host}:{}/", listen.port())).ok()
}

fn host_text(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

/// The address without its query and with a `/` at the end, so that paths can be appended.
fn with_slash(mut url: Url) -> Url {
    url.set_query(None);
    url.set_fragment(None);
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    url
}

/// The host of our address if it is a public domain name; otherwise [`NAMELESS`].
fn name_of(base: &Url) -> String {
    match base.host() {
        Some(url::Host::Domain(name)) if name.contains('.') => name.to_owned(),
        _ => NAMELESS.to_owned(),
    }
}

/// Whether a text is empty or a domain name as RFC 4151 requires it.
fn is_authority(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !part.starts_with('-')
    };
    text.is_empty() || (text.len() <= 253 && text.split('.').all(part))
}

/// Reads `[log]`.
pub(super) fn read_log(settings: &Settings, problems: &mut Problems) -> Option<Log> {
    let (section, mut taker) = (Section { settings, name: "log" }, Taker { problems });
    let taker = &mut taker;
    let formats = [("text", LogFormat::Text), ("json", LogFormat::Json)];
    let levels = [LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug, LogLevel::Trace];
    let levels = levels.map(|level| (level.name(), level));
    let format = section.get("format", taker, |taker, name, value| taker.choice(name, value, &formats));
    let level = section.get("level", taker, |taker, name, value| taker.choice(name, value, &levels));
    Some(Log { format: format??, level: level?? })
}
