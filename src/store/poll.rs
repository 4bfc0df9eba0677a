//! Recording what a poll of a source found.

use std::collections::HashSet;

use jiff::Timestamp;
use url::Url;

use super::committer::Wear;
use super::draft::Draft;
use super::error::Fault;
use super::format::{CountersRecord, PollRecord};
use super::record::{end_rest, put_address, put_article, put_rest};
use super::state::Tree;
use super::tally::Change;
use super::{Store, StoreError, alias, keys};
use crate::model::{Article, ArticleId, Host, PollState, Source, SourceSlug, Watch};

/// Sources whose names are written in one change.
const NAMED_AT_ONCE: usize = 256;

/// An entry of a source feed that leads to an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    /// The article's canonical address.
    pub url: Url,
    /// The source.
    pub source: SourceSlug,
    /// The entry's guid, where it has one that no other entry of the feed has.
    pub guid: Option<String>,
    /// The entry's title: the article's headline until it is looked at.
    pub title: String,
    /// When the entry says that it was published.
    pub published: Option<Timestamp>,
    /// When the entry says that it was updated: later than before makes the article due.
    pub updated: Option<Timestamp>,
    /// What the entry's text hashes to: another than before makes the article due.
    pub text: Option<u64>,
    /// When to look at it first, should it be new.
    pub due: Timestamp,
    /// When the entry was seen.
    pub now: Timestamp,
}

impl Store {
    /// What the polls of a source left behind; none before the first.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn poll_state(&self, slug: &SourceSlug) -> Result<Option<PollState>, StoreError> {
        self.read(|shared| {
            let record: Option<PollRecord> = shared.state.get(Tree::Polls, slug.as_str().as_bytes())?;
            Ok(record.map(|record| record.state(slug.clone())))
        })
    }

    /// Remembers what the operator calls these sources, for the time when they are no longer configured; those that were never
    /// polled are left out.
    ///
    /// # Errors
    /// When a record cannot be read, or the disk failed.
    pub fn name_sources(&self, sources: &[Source]) -> Result<(), StoreError> {
        for sources in sources.chunks(NAMED_AT_ONCE) {
            let names = sources.iter().map(|source| (source.slug.clone(), source.given_name().map(str::to_owned)));
            let names: Vec<(SourceSlug, Option<String>)> = names.collect();
            self.write(Wear::Lazy, Vec::new(), move |draft, _| {
                for (slug, name) in names {
                    let key = slug.as_str().as_bytes();
                    let known: Option<PollRecord> = draft.get(Tree::Polls, key)?;
                    if let Some(known) = known.filter(|known| known.name != name) {
                        draft.put(Tree::Polls, key.to_vec(), &known.named(name));
                    }
                }
                Ok((Wear::Lazy, Change::default(), ()))
            })?;
        }
        Ok(())
    }

    /// Records a poll and what it found, all or nothing, and in the source's habit whether anything was new to it: articles that no
    /// address leads to yet are made, the others get the source. An entry whose address changed leads to the article that its
    /// guid led to. Answers in the order of the arrivals: the article, and whether it is to be looked at at once (it is new, at
    /// another address than before, or said to be updated). On disk when it returns, where an article is new; else within five
    /// seconds. `rest` is a host that asked to be left alone, and until when.
    ///
    /// # Errors
    /// When the disk failed.
    pub fn record_poll(
        &self,
        state: PollState,
        arrivals: Vec<Arrival>,
        rest: Option<(Host, Timestamp)>,
    ) -> Result<Vec<(ArticleId, bool)>, StoreError> {
        let hint = if arrivals.is_empty() { Wear::Lazy } else { Wear::Durable };
        self.write(hint, Vec::new(), move |draft, _| {
            let mut change = Change::default();
            match &rest {
                Some((host, until)) => put_rest(draft, host, *until)?,
                None if state.failures == 0 => end_rest(draft, &Host::of(state.address()))?,
                None => {}
            }
            let mut answers = Vec::with_capacity(arrivals.len());
            let mut brought = false;
            let listed: HashSet<Url> = arrivals.iter().map(|arrival| arrival.url.clone()).collect();
            let is_news = !alias::are_remade(draft, &arrivals, &listed)?;
            for arrival in &arrivals {
                let (answer, is_new_here) = arrive(draft, arrival, &listed, is_news, &mut change)?;
                brought |= is_new_here;
                answers.push(answer);
            }
            let mut state = state;
            if brought {
                state.habit.note(state.polled.unwrap_or(state.due));
            }
            draft.put(Tree::Polls, state.slug.as_str().as_bytes().to_vec(), &PollRecord::from(&state));
            let wear = if change.articles > 0 { Wear::Durable } else { Wear::Lazy };
            Ok((wear, change, answers))
        })
    }
}

/// The article that an arrival leads to, and whether it is to be looked at at once: it is new, at another address
/// now, or said to be updated, where `is_news` lets that count. Also whether it is new to the source. One that was forgotten stays so.
fn arrive(
    draft: &mut Draft<'_>,
    arrival: &Arrival,
    listed: &HashSet<Url>,
    is_news: bool,
    change: &mut Change,
) -> Result<((ArticleId, bool), bool), Fault> {
    let (id, at_once) = match alias::known(draft, arrival, listed)? {
        Some((id, found)) => (id, alias::follow(draft, id, arrival, found)?),
        None => match alias::forgotten(draft, arrival)? {
            Some(id) => return Ok(((id, false), false)),
            None => (make(draft, arrival, change)?, true),
        },
    };
    let is_new_here = !draft.has(Tree::Sources, &keys::source_of_article(id, &arrival.source))?;
    let is_updated = alias::put_source(draft, id, arrival, is_news)?;
    Ok(((id, at_once || is_updated), is_new_here))
}

/// Makes an article.
fn make(draft: &mut Draft<'_>, arrival: &Arrival, change: &mut Change) -> Result<ArticleId, Fault> {
    let mut counters: CountersRecord = draft.get(Tree::Meta, keys::COUNTERS)?.unwrap_or_default();
    let id = ArticleId(counters.next_article);
    counters.next_article += 1;
    draft.put(Tree::Meta, keys::COUNTERS.to_vec(), &counters);
    put_article(draft, &unseen(id, arrival), change);
    put_address(draft, id, &arrival.url)?;
    change.articles += 1;
    Ok(id)
}

/// An article that was not looked at yet.
fn unseen(id: ArticleId, arrival: &Arrival) -> Article {
    let article = Article::unseen(id, arrival.url.clone(), arrival.title.clone(), arrival.now);
    Article { published: arrival.published, watch: Watch::Due(arrival.due), ..article }
}
