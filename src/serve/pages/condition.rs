//! How a source is: when it was looked at, when it will be, what is wrong with it.

use jiff::Timestamp;

use super::words::{Moment, moment};
use crate::discover::canonical;
use crate::model::{Article, CheckNote, Outcome, PollState, Presence, Source, SourceKind, Watch};
use crate::render::{in_words, plain};
use crate::serve::House;
use crate::serve::problem::Problem;

/// How a source is.
#[derive(Default)]
pub(super) struct Condition {
    /// `looked at` a moment, `next look at about` another.
    pub(super) facts: Vec<Fact>,
    /// What is wrong with it; empty where nothing is.
    pub(super) trouble: String,
}

/// A fact, and its moment where it has one.
pub(super) struct Fact {
    pub(super) words: &'static str,
    pub(super) at: Option<Moment>,
}

fn fact(words: &'static str, at: Timestamp) -> Fact {
    Fact { words, at: Some(moment(at)) }
}

/// How `source` is: of a feed as its polls left it, of a page as the looks at its article did, since a page is never polled.
pub(super) fn condition(house: &House, source: &Source) -> Result<Condition, Problem> {
    let known = match source.kind {
        SourceKind::Feed => {
            let state = house.store.poll_state(&source.slug)?.filter(|state| state.url == source.url);
            state.as_ref().map(of_feed)
        }
        SourceKind::Page => {
            let id = house.store.find(&canonical(&source.url))?;
            let article = id.map(|id| house.store.article(id)).transpose()?.flatten();
            article.as_ref().map(of_page)
        }
    };
    Ok(known.unwrap_or_else(|| Condition { facts: looked(None, None, false), ..Condition::default() }))
}

fn of_feed(state: &PollState) -> Condition {
    let trouble = state.trouble.as_deref().map_or_else(String::new, |words| failed(state.failures, "poll", words));
    let mut facts = looked(state.polled, state.succeeded, !trouble.is_empty());
    facts.push(fact("next poll at about", state.due));
    Condition { facts, trouble: plain(&trouble) }
}

fn of_page(article: &Article) -> Condition {
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
    let mut facts = looked(bad.map(|note| note.at), looks.looked, !troubles.is_empty());
    facts.push(match article.watch {
        Watch::Due(due) => fact("next look at about", due),
        Watch::Retired { since, .. } => fact("no longer watched since", since),
    });
    Condition { facts, trouble: plain(&troubles.join("; ")) }
}

/// Whether a look did not reach the article.
fn is_bad(note: &CheckNote) -> bool {
    matches!(note.outcome, Outcome::Trouble | Outcome::Suspect)
}

/// When it was last tried and when that last went well; one moment is enough where nothing is wrong.
fn looked(tried: Option<Timestamp>, read: Option<Timestamp>, is_troubled: bool) -> Vec<Fact> {
    let bare = |words| Fact { words, at: None };
    match (tried, read) {
        (None, None) if !is_troubled => vec![bare("not looked at yet")],
        (tried, read) if is_troubled => {
            let tried = tried.map(|tried| fact("last tried at", tried));
            let read = read.map_or_else(|| bare("never read"), |read| fact("last read at", read));
            tried.into_iter().chain([read]).collect()
        }
        (tried, read) => read.or(tried).map(|read| fact("looked at", read)).into_iter().collect(),
    }
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
