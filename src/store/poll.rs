//! Recording the result of a poll of a source.

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
    /// The entry's guid; `None` if it has none, or another entry of the feed has it too.
    pub guid: Option<String>,
    /// The entry's title, used as the article's headline until its first check.
    pub title: String,
    /// Publication time from the entry.
    pub published: Option<Timestamp>,
    /// Update time from the entry. A later one than before makes the article due.
    pub updated: Option<Timestamp>,
    /// Hash of the entry's text. Another one than before makes the article due.
    pub text: Option<u64>,
    /// When to check the article first, if it is new.
    pub due: Timestamp,
    /// When the entry was seen.
    pub now: Timestamp,
}

impl Store {
    /// Returns the state that the polls of a source left; `None` before the first poll.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn poll_state(&self, slug: &SourceSlug) -> Result<Option<PollState>, StoreError> {
        self.read(|shared| {
            let record: Option<PollRecord> = shared.state.get(Tree::Polls, slug.as_str().as_bytes())?;
            Ok(record.map(|record| record.state(slug.clone())))
        })
    }

    /// Stores the operator's names for these sources, for the time when they are no longer configured. Leaves out sources that
    /// were never polled.
    ///
    /// # Errors
    /// If a record cannot be read, or the disk failed.
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

    /// Records a poll and its entries, all or nothing. Creates an article for each entry with an
    /// unknown address, and links the source to the others. An entry whose address changed is
    /// recognised by its guid. Also notes in the source's habit whether it had news.
    ///
    /// Returns, in the order of the arrivals, the article and whether to check it at once (it is
    /// new, moved, or its entry changed). `rest` is a host that asked to be left alone, and until
    /// when. Durable when this returns if an article is new, otherwise within five seconds.
    ///
    /// # Errors
    /// If the disk failed.
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
            let is_news = !alias::is_rebuilt(draft, &arrivals, &listed)?;
            for arrival in &arrivals {
                let (answer, is_new_here) = record_arrival(draft, arrival, &listed, is_news, &mut change)?;
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

/// Records one arrival. Returns its article, whether to check that at once (it is new, moved or, if
/// `is_news`, its entry changed), and whether it is new to the source. A forgotten article stays
/// forgotten.
fn record_arrival(
    draft: &mut Draft<'_>,
    arrival: &Arrival,
    listed: &HashSet<Url>,
    is_news: bool,
    change: &mut Change,
) -> Result<((ArticleId, bool), bool), Fault> {
    let (id, at_once) = match alias::find_article(draft, arrival, listed)? {
        Some((id, found)) => (id, alias::adopt_address(draft, id, arrival, found)?),
        None => match alias::find_forgotten(draft, arrival)? {
            Some(id) => return Ok(((id, false), false)),
            None => (make_article(draft, arrival, change)?, true),
        },
    };
    let is_new_here = !draft.has(Tree::Sources, &keys::source_of_article(id, &arrival.source))?;
    let is_updated = alias::put_source(draft, id, arrival, is_news)?;
    Ok(((id, at_once || is_updated), is_new_here))
}

/// Creates an article.
fn make_article(draft: &mut Draft<'_>, arrival: &Arrival, change: &mut Change) -> Result<ArticleId, Fault> {
    let mut counters: CountersRecord = draft.get(Tree::Meta, keys::COUNTERS)?.unwrap_or_default();
    let id = ArticleId(counters.next_article);
    counters.next_article += 1;
    draft.put(Tree::Meta, keys::COUNTERS.to_vec(), &counters);
    put_article(draft, &unseen_article(id, arrival), change);
    put_address(draft, id, &arrival.url)?;
    change.articles += 1;
    Ok(id)
}

/// An article before its first check.
fn unseen_article(id: ArticleId, arrival: &Arrival) -> Article {
    let article = Article::unseen(id, arrival.url.clone(), arrival.title.clone(), arrival.now);
    Article { published: arrival.published, watch: Watch::Due(arrival.due), ..article }
}
