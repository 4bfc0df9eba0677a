//! How a source is: when it was looked at, when and why it will be again, what it brought, what is wrong with it. For its page,
//! for programs, for metrics and for the command line.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use super::pages::phrases::{Elapsed, Said};
use crate::config::Config;
use crate::discover::canonical;
use crate::model::{Article, CheckNote, Fact, Habit, Outcome, PollState, Presence, Source, SourceKind, Watch};
use crate::render::plain;
use crate::store::{SourceCounts, Store, StoreError};
use crate::telemetry::SourceGauges;

/// How a source is.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing {
    /// When it was last tried.
    pub(super) tried: Option<Timestamp>,
    /// When that last went well.
    pub(super) read: Option<Timestamp>,
    /// When it is looked at next; none before the first poll is set, and where it never is.
    pub(super) next: Option<Timestamp>,
    /// Since when it is looked at no more.
    pub(super) ended: Option<Timestamp>,
    /// Why then.
    pub(super) why: Said,
    /// What is wrong with it.
    pub(super) troubles: Vec<Wrong>,
    /// How much there is of it.
    pub(super) counts: SourceCounts,
    /// When it last brought an article that was not known.
    pub(super) brought: Option<Timestamp>,
    /// Since when it has been silent, against its habit.
    pub(super) quiet_since: Option<Timestamp>,
    /// The address that is asked in place of the configured one.
    pub(super) asked_at: Option<Url>,
}

/// Something that is wrong with a source: `the last 3 polls failed`, `HTTP 404`.
#[derive(Clone, Debug)]
pub(super) struct Wrong {
    pub(super) said: Said,
    /// What was met; nothing where the phrase says all.
    pub(super) why: Fact,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.said.is_empty(), self.why.phrase().is_empty()) {
            (true, _) => write!(f, "{}", self.why),
            (false, true) => write!(f, "{}", self.said),
            (false, false) => write!(f, "{}: {}", self.said, self.why),
        }
    }
}

impl Standing {
    /// The same as metrics tell it.
    pub(super) fn gauges(&self) -> SourceGauges {
        let seconds = |time: Option<Timestamp>| time.map_or(0, Timestamp::as_second);
        SourceGauges {
            last_good_s: seconds(self.read),
            next_look_s: seconds(self.next),
            articles: self.counts.articles,
            edits: self.counts.edits,
            is_troubled: !self.troubles.is_empty(),
            is_quiet: self.quiet_since.is_some(),
        }
    }
}

/// A standing as JSON tells it; times in RFC 3339, none is null.
#[derive(Clone, Debug, Serialize)]
pub struct SourceReport {
    slug: String,
    name: String,
    kind: &'static str,
    url: String,
    /// The address that is asked in its place.
    asked_at: Option<String>,
    last_look: Option<String>,
    last_good: Option<String>,
    next_look: Option<String>,
    why: String,
    articles: u64,
    edits: u64,
    last_new: Option<String>,
    quiet_since: Option<String>,
    trouble: Option<String>,
}

/// How `sources` are at `now`, in their order.
///
/// # Errors
/// When the store cannot be read.
pub fn reports(
    store: &Store,
    config: &Config,
    sources: &[Source],
    now: Timestamp,
) -> Result<Vec<SourceReport>, StoreError> {
    sources.iter().map(|source| Ok(report(source, standing(store, config, source, now)?))).collect()
}

/// A standing for programs.
pub(super) fn report(source: &Source, standing: Standing) -> SourceReport {
    let time = |time: Option<Timestamp>| time.map(|time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    SourceReport {
        slug: source.slug.to_string(),
        name: plain(&source.name),
        kind: kind(source),
        url: source.url.to_string(),
        asked_at: standing.asked_at.map(String::from),
        last_look: time(standing.tried.max(standing.read)),
        last_good: time(standing.read),
        next_look: time(standing.next),
        why: standing.why.to_string(),
        articles: standing.counts.articles,
        edits: standing.counts.edits,
        last_new: time(standing.brought),
        quiet_since: time(standing.quiet_since),
        trouble: Some(standing.troubles).filter(|troubles| !troubles.is_empty()).map(|troubles| joined(&troubles)),
    }
}

fn joined(troubles: &[Wrong]) -> String {
    plain(&troubles.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

/// `feed` or `page`.
pub(super) fn kind(source: &Source) -> &'static str {
    match source.kind {
        SourceKind::Feed => "feed",
        SourceKind::Page => "page",
    }
}

/// How `source` is at `now`: of a feed as its polls left it, of a page as the looks at its article did, since a page is never
/// polled.
pub(super) fn standing(
    store: &Store,
    config: &Config,
    source: &Source,
    now: Timestamp,
) -> Result<Standing, StoreError> {
    let known = match source.kind {
        SourceKind::Feed => {
            let state = store.poll_state(&source.slug)?.filter(|state| state.url == source.url);
            state.map(|state| of_feed(&state, config, source, now))
        }
        SourceKind::Page => {
            let id = store.find(&canonical(&source.url))?;
            let article = id.map(|id| store.article(id)).transpose()?.flatten();
            article.as_ref().map(of_page)
        }
    };
    Ok(Standing { counts: store.counts_of(&source.slug), ..known.unwrap_or_default() })
}

fn of_feed(state: &PollState, config: &Config, source: &Source, now: Timestamp) -> Standing {
    let polls = "the last poll failed | the last {number} polls failed";
    let said = |failures: u32| if failures == 0 { Said::default() } else { Said::count(polls, failures.into()) };
    let wrong = |why: &Fact| Wrong { said: said(state.failures), why: why.clone() };
    Standing {
        tried: state.polled,
        read: state.succeeded,
        next: Some(state.due),
        why: why(state, config, source),
        troubles: state.trouble.iter().map(wrong).collect(),
        brought: state.habit.last,
        quiet_since: state.habit.quiet_since(now),
        asked_at: Some(state.address()).filter(|address| **address != source.url).cloned(),
        ..Standing::default()
    }
}

/// Why a feed is polled next when it is.
fn why(state: &PollState, config: &Config, source: &Source) -> Said {
    let ours = config.poll_interval(source);
    match (state.polled, state.round.steps.len()) {
        (None, _) => Said::new("it was not polled yet"),
        (Some(_), steps @ 1..) => {
            Said::count("1 more part of it is to be read | {number} more parts of it are to be read", steps as u64)
        }
        (Some(_), 0) if state.failures > 0 => Said::new("after a failure it waits, longer each time"),
        (Some(polled), 0) => {
            let asks = state.asked_interval.filter(|asked| *asked > ours);
            // Polls are moved by up to a tenth so that they spread out.
            let is_later = state.due.duration_since(polled) > ours + ours / 8;
            match asks {
                Some(asked) => Said::new("the feed asks for {elapsed} between two polls").with_span(asked),
                None if is_later => Said::new("its server says for how long it keeps"),
                None => Said::new("polled every {elapsed}, as configured").with_span(ours),
            }
        }
    }
}

fn of_page(article: &Article) -> Standing {
    let looks = &article.pulse;
    let bad = article.notes.last().filter(|note| is_bad(note) && looks.looked.is_none_or(|looked| note.at > looked));
    let why = bad.map(|note| note.why.clone()).unwrap_or_default();
    let mut troubles = Vec::new();
    match article.presence {
        Presence::Present => {}
        Presence::Missing { since, looks } => {
            let said = Said::count(
                "not found since {since}, at 1 look | not found since {since}, {number} looks in a row",
                looks.into(),
            );
            troubles.push(Wrong { said: said.with_moment("since", since), why: why.clone() });
        }
        Presence::Removed { since } => {
            let said = Said::new("gone since {since}").with_moment("since", since);
            troubles.push(Wrong { said, why: Fact::default() });
        }
    }
    if let Some(suspicion) = &article.suspicion {
        let said = Said::new("changed; confirming since {since}").with_moment("since", suspicion.since);
        troubles.push(Wrong { said, why: suspicion.why.clone() });
    }
    if looks.failures > 0 {
        let said = Said::count("the last look failed | the last {number} looks failed", looks.failures.into());
        troubles.push(Wrong { said, why });
    }
    let (next, ended) = match article.watch {
        Watch::Due(due) => (Some(due), None),
        Watch::Retired { since, .. } => (None, Some(since)),
    };
    let why = match (next, looks.looked) {
        (None, _) => Said::new("it is looked at no more"),
        (Some(_), None) => Said::new("it was not looked at yet"),
        (Some(_), Some(_)) => {
            Said::new("looks get rarer while it stays as it is, since {since}").with_moment("since", looks.changed)
        }
    };
    let tried = bad.map(|note| note.at);
    Standing { tried, read: looks.looked, next, ended, why, troubles, ..Standing::default() }
}

/// Whether a look did not reach the article.
fn is_bad(note: &CheckNote) -> bool {
    matches!(note.outcome, Outcome::Trouble | Outcome::Suspect)
}

/// That a source has been silent for long, and by which rule.
pub(super) fn quiet(since: Timestamp, now: Timestamp) -> Said {
    Said::new("quiet: nothing new for {elapsed}, more than {factor} times its longest silence before")
        .with_elapsed(Elapsed(since, now))
        .with("factor", Habit::FACTOR)
}
