//! How a source is: when it was looked at, when and why it will be again, what it brought, what is wrong with it. For its page,
//! for programs, for metrics and for the command line.

use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use crate::config::{Config, write_duration};
use crate::discover::canonical;
use crate::model::{Article, CheckNote, Habit, Outcome, PollState, Presence, Source, SourceKind, Watch};
use crate::render::{elapsed, in_words, plain};
use crate::store::{SourceCounts, Store, StoreError};
use crate::telemetry::SourceGauges;

/// How a source is.
#[derive(Clone, Debug, Default, PartialEq)]
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
    pub(super) why: String,
    /// What is wrong with it; empty where nothing is.
    pub(super) trouble: String,
    /// How much there is of it.
    pub(super) counts: SourceCounts,
    /// When it last brought an article that was not known.
    pub(super) brought: Option<Timestamp>,
    /// Since when it has been silent, against its habit.
    pub(super) quiet_since: Option<Timestamp>,
    /// The address that is asked in place of the configured one.
    pub(super) asked_at: Option<Url>,
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
            is_troubled: !self.trouble.is_empty(),
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
        why: standing.why,
        articles: standing.counts.articles,
        edits: standing.counts.edits,
        last_new: time(standing.brought),
        quiet_since: time(standing.quiet_since),
        trouble: Some(standing.trouble).filter(|words| !words.is_empty()),
    }
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
    let failed = |words: &String| match state.failures {
        0 => words.clone(),
        failures => failed(failures, "poll", words),
    };
    Standing {
        tried: state.polled,
        read: state.succeeded,
        next: Some(state.due),
        why: why(state, config, source),
        trouble: plain(&state.trouble.as_ref().map(failed).unwrap_or_default()),
        brought: state.habit.last,
        quiet_since: state.habit.quiet_since(now),
        asked_at: Some(state.address()).filter(|address| **address != source.url).cloned(),
        ..Standing::default()
    }
}

/// Why a feed is polled next when it is.
fn why(state: &PollState, config: &Config, source: &Source) -> String {
    let ours = config.poll_interval(source);
    match (state.polled, state.round.steps.len()) {
        (None, _) => "it was not polled yet".to_owned(),
        (Some(_), 1) => "1 more part of it is to be read".to_owned(),
        (Some(_), 2..) => format!("{} more parts of it are to be read", state.round.steps.len()),
        (Some(_), 0) if state.failures > 0 => "after a failure it waits, longer each time".to_owned(),
        (Some(polled), 0) => {
            let asks = state.asked_interval.filter(|asked| *asked > ours);
            // Polls are moved by up to a tenth so that they spread out.
            let is_later = state.due.duration_since(polled) > ours + ours / 8;
            match asks {
                Some(asked) => format!("the feed asks for {} between two polls", write_duration(asked)),
                None if is_later => "its server says for how long it keeps".to_owned(),
                None => format!("polled every {}, as configured", write_duration(ours)),
            }
        }
    }
}

fn of_page(article: &Article) -> Standing {
    let looks = &article.pulse;
    let bad = article.notes.last().filter(|note| is_bad(note) && looks.looked.is_none_or(|looked| note.at > looked));
    let words = bad.map_or("", |note| note.words.as_str());
    let mut troubles = Vec::new();
    match article.presence {
        Presence::Present => {}
        Presence::Missing { since, looks } => {
            let looks = times(looks, "look");
            troubles.push(format!("not found since {}, {looks} in a row: {words}", in_words(since)));
        }
        Presence::Removed { since } => troubles.push(format!("gone since {}", in_words(since))),
    }
    if let Some(suspicion) = &article.suspicion {
        troubles.push(format!("looks wrong since {}: {}", in_words(suspicion.since), suspicion.why));
    }
    if looks.failures > 0 {
        troubles.push(failed(looks.failures, "look", words));
    }
    let (next, ended) = match article.watch {
        Watch::Due(due) => (Some(due), None),
        Watch::Retired { since, .. } => (None, Some(since)),
    };
    let why = match (next, looks.looked) {
        (None, _) => "it is looked at no more".to_owned(),
        (Some(_), None) => "it was not looked at yet".to_owned(),
        (Some(_), Some(_)) => format!("looks get rarer while it stays as it is, since {}", in_words(looks.changed)),
    };
    let tried = bad.map(|note| note.at);
    Standing {
        tried,
        read: looks.looked,
        next,
        ended,
        why,
        trouble: plain(&troubles.join("; ")),
        ..Standing::default()
    }
}

/// Whether a look did not reach the article.
fn is_bad(note: &CheckNote) -> bool {
    matches!(note.outcome, Outcome::Trouble | Outcome::Suspect)
}

/// `the last 3 polls failed: HTTP 404`
fn failed(number: u32, noun: &str, words: &str) -> String {
    let which = if number > 1 { times(number, noun) } else { noun.to_owned() };
    format!("the last {which} failed: {words}")
}

/// `1 look`, `2 looks`
fn times(number: u32, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// That a source has been silent for long, and by which rule.
pub(super) fn quiet(since: Timestamp, now: Timestamp) -> String {
    format!(
        "quiet: nothing new for {}, more than {} times its longest silence before",
        elapsed(since, now),
        Habit::FACTOR
    )
}
