//! Recording what a poll of a source found.

use jiff::Timestamp;
use url::Url;

use super::committer::Wear;
use super::draft::Draft;
use super::error::Fault;
use super::format::{AddressRecord, CountersRecord, LinkRecord, PollRecord, Time};
use super::record::{put_address, put_article, put_rest};
use super::state::Tree;
use super::tally::Change;
use super::{Store, StoreError, keys};
use crate::model::{Article, ArticleId, PollState, SourceSlug, Watch};

/// An entry of a source feed that leads to an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    /// The article's canonical address.
    pub url: Url,
    /// The source.
    pub source: SourceSlug,
    /// The entry's title: the article's headline until it is looked at.
    pub title: String,
    /// When the entry says that it was published.
    pub published: Option<Timestamp>,
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

    /// Records a poll and what it found, all or nothing: articles that no address leads to yet are made, the others get the
    /// source. Answers in the order of the arrivals: the article, and whether it is new. On disk when it returns, where an
    /// article is new; else within five seconds. `rest` is until when the source's host asked to be left alone.
    ///
    /// # Errors
    /// When the disk failed.
    pub fn record_poll(
        &self,
        state: PollState,
        arrivals: Vec<Arrival>,
        rest: Option<Timestamp>,
    ) -> Result<Vec<(ArticleId, bool)>, StoreError> {
        let hint = if arrivals.is_empty() { Wear::Lazy } else { Wear::Durable };
        self.write(hint, Vec::new(), move |draft, _| {
            let mut change = Change::default();
            draft.put(Tree::Polls, state.slug.as_str().as_bytes().to_vec(), &PollRecord::from(&state));
            if let Some(until) = rest {
                put_rest(draft, &state.url, until);
            }
            let mut answers = Vec::with_capacity(arrivals.len());
            for arrival in &arrivals {
                answers.push(arrive(draft, arrival, &mut change)?);
            }
            let wear = if change.articles > 0 { Wear::Durable } else { Wear::Lazy };
            Ok((wear, change, answers))
        })
    }
}

/// The article that an arrival leads to, and whether it is new.
fn arrive(draft: &mut Draft<'_>, arrival: &Arrival, change: &mut Change) -> Result<(ArticleId, bool), Fault> {
    let known: Option<AddressRecord> = draft.get(Tree::Addresses, &keys::address(&arrival.url))?;
    let id = match &known {
        Some(address) => ArticleId(address.article),
        None => make(draft, arrival, change)?,
    };
    put_source(draft, id, &arrival.source, arrival.now)?;
    Ok((id, known.is_none()))
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

/// Lets a source lead to an article, if it does not yet.
pub(super) fn put_source(
    draft: &mut Draft<'_>,
    id: ArticleId,
    source: &SourceSlug,
    since: Timestamp,
) -> Result<(), Fault> {
    let key = keys::source_of_article(id, source);
    if !draft.has(Tree::Sources, &key)? {
        draft.put(Tree::Sources, key, &LinkRecord { since: Time(since) });
        draft.mark(Tree::ArticlesOfSource, keys::of_source(source, id.0), &[]);
    }
    Ok(())
}
