//! The configuration: settings, sources and site hints. It is layered from the built-in manual
//! (`config/default.toml`), files, `REDRAFT_*` variables and the command line; the manual describes the precedence.
//! All mistakes are reported at once, with their places. No other module reads TOML.

mod archive;
mod document;
mod duration;
mod import;
mod load;
mod problem;
mod retention;
mod secret;
mod sections;
mod settings;
mod show;
mod sites;
mod sources;
mod take;
#[cfg(test)]
mod tests;
mod webhooks;

use std::collections::HashMap;
use std::path::PathBuf;

use jiff::SignedDuration;
use url::Url;

pub use archive::Archive;
pub use duration::{parse_duration, parse_size, write_duration};
pub use import::{Fate, Imported, import};
pub use problem::{File, Place, Problem, Problems};
pub use secret::Secret;
pub use sections::{Fetch, Publish, Schedule, Serve, Store, Websub};
pub use settings::MANUAL;
pub use webhooks::Webhook;

use crate::extract::Hints;
use crate::model::{Host, Judging, Keeping, Source};
use crate::telemetry::Log;

/// Least time between two polls of a public feed.
pub const FEED_INTERVAL_FLOOR: SignedDuration = SignedDuration::from_mins(5);
/// Least time between two requests to a public host.
pub const HOST_SPACING_FLOOR: SignedDuration = SignedDuration::from_secs(2);

/// Input from the command line and the environment. It is kept so that the configuration can be reloaded.
#[derive(Clone, Debug, Default)]
pub struct Invocation {
    /// `--config`: a directory, or a settings file in one.
    pub config: Option<PathBuf>,
    /// Whether `./config` is used if `config` is `None` and no feeds are given.
    pub look_up: bool,
    /// Settings from the command line: `section.key`, the value, and the flag as typed.
    pub flags: Vec<(String, String, String)>,
    /// Addresses of feeds given as arguments.
    pub feeds: Vec<String>,
    /// Environment variables. Settings begin with `REDRAFT_`; webhooks may name others.
    pub environment: Vec<(String, String)>,
}

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Storage.
    pub store: Store,
    /// Requests to the web.
    pub fetch: Fetch,
    /// Times of polls and checks.
    pub schedule: Schedule,
    /// Rules for what counts as an edit. [`Source::judging`] already combines them with the source's own.
    pub judge: Judging,
    /// Retention. [`Source::keeping`] already combines it with the source's own.
    pub keeping: Keeping,
    /// Publication of edits.
    pub publish: Publish,
    /// The web server.
    pub serve: Serve,
    /// WebSub subscriptions.
    pub websub: Websub,
    /// Logging.
    pub log: Log,
    /// The watched sources, with unique slugs and addresses. May be empty.
    pub sources: Vec<Source>,
    /// Requests to the Internet Archive.
    pub archive: Archive,
    /// Webhooks, with unique names.
    pub webhooks: Vec<Webhook>,
    /// Extraction hints by host name in lower case.
    pub sites: HashMap<String, Hints>,
    /// Warnings, one sentence each.
    pub notes: Vec<String>,
    /// Paths of the files that were read.
    pub files: Vec<PathBuf>,
    /// The input that this configuration was loaded from.
    pub invocation: Invocation,
    settings: settings::Settings,
    origins: Vec<sources::Origin>,
    shown_webhooks: Vec<webhooks::Shown>,
}

/// Whether a setting, given as `section.key`, takes effect only at the start.
fn needs_a_start(name: &str) -> bool {
    let section = name.split('.').next().unwrap_or_default();
    matches!(section, "store" | "serve" | "log") || matches!(name, "publish.base_url" | "publish.authority")
}

impl Config {
    /// Loads everything that the invocation names.
    ///
    /// # Errors
    /// All problems that were found.
    pub fn load(invocation: &Invocation) -> Result<Self, Problems> {
        load::load_config(invocation)
    }

    /// Loads the built-in defaults, without sources.
    ///
    /// # Errors
    /// Never, as long as the built-in manual is valid, which a test checks.
    pub fn built_in() -> Result<Self, Problems> {
        Self::load(&Invocation::default())
    }

    /// Loads the same files and flags again. Settings that take effect only at the start (store, server, our own
    /// address, log) keep their values, with a warning for each that differs.
    ///
    /// # Errors
    /// All problems that were found.
    pub fn reload(&self) -> Result<Self, Problems> {
        let mut new = Self::load(&self.invocation)?;
        for name in self.settings.differing(&new.settings).filter(|name| needs_a_start(name)) {
            new.notes.push(format!("{name} has changed: restart redraft for it"));
        }
        (new.store, new.serve, new.log) = (self.store.clone(), self.serve.clone(), self.log);
        new.publish.base_url.clone_from(&self.publish.base_url);
        new.publish.authority.clone_from(&self.publish.authority);
        Ok(new)
    }

    /// Time between two polls of a source: its own, or the common one. It is never below the floor, unless the
    /// source's address is inside `fetch.allow_private`.
    #[must_use]
    pub fn poll_interval(&self, source: &Source) -> SignedDuration {
        let wanted = source.interval.unwrap_or(self.schedule.feed_interval);
        if self.fetch.is_allowed_private(&Host::of(&source.url)) { wanted } else { wanted.max(FEED_INTERVAL_FLOOR) }
    }

    /// The reason why these settings do not allow an address as a source; `None` if they do.
    #[must_use]
    pub fn refuses(&self, url: &Url) -> Option<String> {
        sources::find_refusal(&self.fetch, url).map(|(why, help)| format!("{why}; {help}"))
    }

    /// Path of this configuration's `sources.toml`, whether it exists or not. It is in `./config` if no directory was
    /// named.
    #[must_use]
    pub fn sources_file(&self) -> PathBuf {
        load::sources_file(&self.invocation)
    }

    /// The hints for an address: those of its host, or of the host without `www.`; the defaults if there are none.
    #[must_use]
    pub fn hints(&self, url: &Url) -> Hints {
        let host = url.host_str().unwrap_or("");
        let bare = host.strip_prefix("www.").unwrap_or(host);
        self.sites.get(host).or_else(|| self.sites.get(bare)).cloned().unwrap_or_default()
    }

    /// The settings and sources in force as TOML, each with its origin in a comment.
    #[must_use]
    pub fn show(&self) -> String {
        show::show_config(self)
    }
}
