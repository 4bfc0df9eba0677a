//! A source: a feed, or a single page, that we watch.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use regex::Regex;
use url::Url;

use super::{Class, Fact, Habit, Keeping, Round, SourceSlug, Terms, Validators};

/// What a source's address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// An RSS, Atom or JSON feed, whose entries lead to articles.
    Feed,
    /// One page, watched as the only article of its source.
    Page,
}

/// A feed or a page that the operator chose to watch.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name in addresses; its identity across restarts.
    pub slug: SourceSlug,
    /// Its name for people.
    pub name: String,
    /// Where it is.
    pub url: Url,
    /// A feed or a page.
    pub kind: SourceKind,
    /// Time between two polls, where the operator set one.
    pub interval: Option<SignedDuration>,
    /// Only entries whose address or title matches one of these; all where empty.
    pub include: Vec<Regex>,
    /// No entry whose address or title matches one of these.
    pub exclude: Vec<Regex>,
    /// Why its articles are fetched even where `robots.txt` forbids it; none where it holds.
    pub ignore_robots: Option<String>,
    /// How edits of its articles are judged.
    pub judging: Judging,
    /// How much of its articles is kept.
    pub keeping: Keeping,
}

impl Source {
    /// An address as people say it, which is a source's name where the operator gave none: without scheme, `www.` and a slash at
    /// the end.
    #[must_use]
    pub fn plain_address(url: &Url) -> String {
        let host = url.host_str().unwrap_or_default();
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = url.path().trim_end_matches('/');
        format!("{}{port}{path}{query}", host.strip_prefix("www.").unwrap_or(host))
    }

    /// The name that the operator gave; `None` where it is only the address.
    #[must_use]
    pub fn given_name(&self) -> Option<&str> {
        Some(self.name.as_str()).filter(|name| *name != Self::plain_address(&self.url))
    }

    /// Whether an entry with this address and title is wanted: matched by `include` (or that is empty), by no `exclude`.
    #[must_use]
    pub fn wants(&self, url: &Url, title: &str) -> bool {
        let matches = |rules: &[Regex]| rules.iter().any(|rule| rule.is_match(url.as_str()) || rule.is_match(title));
        (self.include.is_empty() || matches(&self.include)) && !matches(&self.exclude)
    }
}

/// What decides whether a change is an edit.
#[derive(Clone, Debug)]
pub struct Judging {
    /// The least score, 0 to 1, that is substantive.
    pub min_score: f64,
    /// Classes that are substantive whatever their score.
    pub always: Vec<Class>,
    /// Classes that never count.
    pub never: Vec<Class>,
    /// Texts of blocks that are boilerplate, beside the built-in lexicons.
    pub boilerplate: Vec<Regex>,
    /// Blocks that the source puts into all its articles, learned: `classify::furniture_key` of those seen in several.
    pub furniture: HashSet<String>,
}

impl Default for Judging {
    /// The threshold that labelled pairs were judged best with, and no exceptions.
    fn default() -> Self {
        Self {
            min_score: 0.40,
            always: Vec::new(),
            never: Vec::new(),
            boilerplate: Vec::new(),
            furniture: HashSet::new(),
        }
    }
}

/// What the polls of a source left behind; kept in the store.
#[derive(Clone, Debug, PartialEq)]
pub struct PollState {
    /// Which source.
    pub slug: SourceSlug,
    /// The address that the state belongs to: another one starts afresh.
    pub url: Url,
    /// The feed's own title, once read.
    pub title: Option<String>,
    /// The name that the operator gave it last.
    pub name: Option<String>,
    /// The time between polls that the feed itself asks for.
    pub asked_interval: Option<SignedDuration>,
    /// What makes the next request conditional.
    pub validators: Validators,
    /// When to poll next.
    pub due: Timestamp,
    /// When it was polled last.
    pub polled: Option<Timestamp>,
    /// When it last answered with a feed, or that nothing is new.
    pub succeeded: Option<Timestamp>,
    /// Polls since then that failed.
    pub failures: u32,
    /// What went wrong at the last poll, in words; none where it went well.
    pub trouble: Option<Fact>,
    /// The `BLAKE3` of the last feed's bytes.
    pub digest: Option<super::Digest>,
    /// What else there is to read of it.
    pub round: Round,
    /// How often it brings something new.
    pub habit: Habit,
    /// How its publisher wants it to be polled.
    pub terms: Terms,
}

impl PollState {
    /// That of a source which was not polled yet, due at `due`.
    #[must_use]
    pub fn unpolled(slug: SourceSlug, url: Url, due: Timestamp) -> Self {
        Self {
            slug,
            url,
            title: None,
            name: None,
            asked_interval: None,
            validators: Validators::default(),
            due,
            polled: None,
            succeeded: None,
            failures: 0,
            trouble: None,
            digest: None,
            round: Round::default(),
            habit: Habit::default(),
            terms: Terms::default(),
        }
    }

    /// What it was called last, whether it is still configured or not: as the operator did, else as it calls itself, else its
    /// address.
    #[must_use]
    pub fn known_as(&self) -> String {
        let own = self.name.clone().or_else(|| self.title.clone()).filter(|name| !name.trim().is_empty());
        own.unwrap_or_else(|| Source::plain_address(&self.url))
    }

    /// Where the source's own body is: the address that it moved to, else the feed that its page pointed to, else the
    /// configured one.
    #[must_use]
    pub fn address(&self) -> &Url {
        self.terms.address.as_ref().or(self.round.found.as_ref()).unwrap_or(&self.url)
    }
}
