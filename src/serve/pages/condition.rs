//! How a source is, in the facts of its page.

use jiff::Timestamp;

use super::phrases::Said;
use super::words::{Moment, moment};
use crate::model::Source;
use crate::render::plain;
use crate::serve::House;
use crate::serve::problem::Problem;
use crate::serve::standing::{Standing, Wrong, quiet, standing};

/// How a source is.
#[derive(Default)]
pub(super) struct Condition {
    /// `looked at` a moment, `next look at about` another.
    pub(super) facts: Vec<Fact>,
    /// What is wrong with it.
    pub(super) troubles: Vec<Wrong>,
    /// That it brings nothing any more, against its habit; empty where it does.
    pub(super) quiet: Said,
}

/// A fact, and its moment where it has one.
pub(super) struct Fact {
    pub(super) words: Said,
    pub(super) at: Option<Moment>,
}

fn fact(words: &'static str, at: Timestamp) -> Fact {
    Fact { words: Said::new(words), at: Some(moment(at)) }
}

fn bare(words: Said) -> Fact {
    Fact { words, at: None }
}

/// How `source` is, in words.
pub(super) fn condition(house: &House, source: &Source) -> Result<Condition, Problem> {
    let now = house.clock.now();
    let standing = standing(&house.store, &house.config, source, now)?;
    let quiet = standing.quiet_since.map(|since| quiet(since, now)).unwrap_or_default();
    Ok(Condition { facts: facts(&standing), quiet, troubles: standing.troubles })
}

fn facts(standing: &Standing) -> Vec<Fact> {
    let mut facts = looked(standing.tried, standing.read, !standing.troubles.is_empty());
    facts.extend(standing.next.filter(|next| *next < Timestamp::MAX).map(|next| fact("next look at about", next)));
    facts.extend(standing.ended.map(|since| fact("no longer watched since", since)));
    if !standing.why.is_empty() {
        facts.push(bare(standing.why.clone()));
    }
    if let Some(address) = &standing.asked_at {
        facts.push(bare(Said::new("asked at {address}").with("address", plain(address.as_str()))));
    }
    facts.extend(standing.brought.map(|brought| fact("last new article", brought)));
    facts.push(bare(Said::count("1 article | {number} articles", standing.counts.articles)));
    facts.push(bare(Said::count("1 edit | {number} edits", standing.counts.edits)));
    facts
}

/// When it was last tried and when that last went well; one moment is enough where nothing is wrong.
fn looked(tried: Option<Timestamp>, read: Option<Timestamp>, is_troubled: bool) -> Vec<Fact> {
    match (tried, read) {
        (None, None) if !is_troubled => vec![bare(Said::new("not looked at yet"))],
        (tried, read) if is_troubled => {
            let tried = tried.map(|tried| fact("last tried at", tried));
            let read = read.map_or_else(|| bare(Said::new("never read")), |read| fact("last read at", read));
            tried.into_iter().chain([read]).collect()
        }
        (tried, read) => read.or(tried).map(|read| fact("looked at", read)).into_iter().collect(),
    }
}
