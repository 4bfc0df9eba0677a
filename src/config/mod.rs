//! What the operator wants: settings, sources and hints for sites, from the compiled-in manual (`config/default.toml`), files,
//! `REDRAFT_*` variables and the command line; see the manual for who wins. All mistakes are reported at once, each with its
//! place. The only module that reads TOML.

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

/// What the command line and the environment ask for; kept, so that the configuration can be read again.
#[derive(Clone, Debug, Default)]
pub struct Invocation {
    /// `--config`: a directory, or a settings file whose directory it is.
    pub config: Option<PathBuf>,
    /// Whether `./config` is taken where `config` names nothing and no addresses are given.
    pub look_up: bool,
    /// Settings of the command line: `section.key`, the value, and the flag as typed.
    pub flags: Vec<(String, String, String)>,
    /// Addresses of feeds given as arguments.
    pub feeds: Vec<String>,
    /// The environment; only names that begin with `REDRAFT_` matter.
    pub environment: Vec<(String, String)>,
}

/// Everything that the operator decides.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where versions and edits are kept.
    pub store: Store,
    /// How the web is asked.
    pub fetch: Fetch,
    /// When.
    pub schedule: Schedule,
    /// What counts as an edit, where a source says nothing else. [`Source::judging`] has it worked in already.
    pub judge: Judging,
    /// How much is kept, where a source says nothing else. [`Source::keeping`] has it worked in already.
    pub keeping: Keeping,
    /// How edits are published.
    pub publish: Publish,
    /// Where we listen.
    pub serve: Serve,
    /// Whether hubs are subscribed to.
    pub websub: Websub,
    /// What is logged, and how.
    pub log: Log,
    /// What is watched: no two with one slug or one address. May be empty.
    pub sources: Vec<Source>,
    /// Whether and how the Internet Archive is asked to copy what we keep.
    pub archive: Archive,
    /// Who is told of edits: no two with one name.
    pub webhooks: Vec<Webhook>,
    /// Hints for extraction by host name, lower case.
    pub sites: HashMap<String, Hints>,
    /// What is odd but no mistake, one sentence each.
    pub notes: Vec<String>,
    /// The files that were read.
    pub files: Vec<PathBuf>,
    /// What it was made from.
    pub invocation: Invocation,
    settings: settings::Settings,
    origins: Vec<sources::Origin>,
    shown_webhooks: Vec<webhooks::Shown>,
}

/// Whether a setting, as `section.key`, is looked at when redraft starts and never again.
fn needs_a_start(name: &str) -> bool {
    let section = name.split('.').next().unwrap_or_default();
    matches!(section, "store" | "serve" | "log") || matches!(name, "publish.base_url" | "publish.authority")
}

impl Config {
    /// Reads everything that the invocation names.
    ///
    /// # Errors
    /// All problems that were found.
    pub fn load(invocation: &Invocation) -> Result<Self, Problems> {
        load::load(invocation)
    }

    /// The defaults alone, without sources.
    ///
    /// # Errors
    /// Never, as long as the compiled-in manual is right (a test holds it).
    pub fn built_in() -> Result<Self, Problems> {
        Self::load(&Invocation::default())
    }

    /// Reads the same files and flags again. Settings that only a start can change (the store's, where and how we serve, our
    /// own address, the log) stay as they are; a note tells of each that differs.
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

    /// Time between two polls of a source: its own, or that of all; never under the floor, unless its address lies inside
    /// `fetch.allow_private`.
    #[must_use]
    pub fn poll_interval(&self, source: &Source) -> SignedDuration {
        let wanted = source.interval.unwrap_or(self.schedule.feed_interval);
        if self.fetch.is_allowed_private(&Host::of(&source.url)) { wanted } else { wanted.max(FEED_INTERVAL_FLOOR) }
    }

    /// Why an address cannot be watched with these settings, in words; none where it can.
    #[must_use]
    pub fn refuses(&self, url: &Url) -> Option<String> {
        sources::not_asked(&self.fetch, url).map(|(why, help)| format!("{why}; {help}"))
    }

    /// The `sources.toml` of this configuration, there or not; in `./config` where no directory was named.
    #[must_use]
    pub fn sources_file(&self) -> PathBuf {
        load::sources_file(&self.invocation)
    }

    /// The hints for an address: those of its host, or of the host without `www.`; none is the default.
    #[must_use]
    pub fn hints(&self, url: &Url) -> Hints {
        let host = url.host_str().unwrap_or("");
        let bare = host.strip_prefix("www.").unwrap_or(host);
        self.sites.get(host).or_else(|| self.sites.get(bare)).cloned().unwrap_or_default()
    }

    /// The settings and sources in force as TOML, each with its origin in a comment.
    #[must_use]
    pub fn show(&self) -> String {
        show::show(self)
    }
}
