//! Whether a site lets us ask for an article: what its `robots.txt` says, which is read first and kept for a day.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::Checked;
use crate::cadence::rest;
use crate::fetch::Want;
use crate::model::{Answer, Article, Fact, Host, Reply, RobotsState, Trouble, Validators, Watch};
use crate::robots;
use crate::store::StoreError;
use crate::watcher::Watcher;

/// Asks for the `robots.txt` of the article's site and keeps what it says. That is this turn's request; the article is due
/// again at once, so that its host is spaced as ever.
///
/// # Errors
/// When the store failed.
pub(super) async fn ask(
    watcher: &Arc<Watcher>,
    article: &Article,
    before: Option<RobotsState>,
    busy_before: u32,
    now: Timestamp,
) -> Result<Checked, StoreError> {
    let url = article.url.clone();
    let Ok(place) = url.join("/robots.txt") else { return Ok(Checked::nothing()) };
    let answer = watcher.web.get(&place, &Validators::default(), Want::Robots, now).await;
    watcher.metrics.fetch(answer.took);
    let state = robots::keep(before, &answer.reply, now);
    let busy = matches!(answer.reply, Reply::Trouble(Trouble::Busy(_)));
    let host_rests_until = busy.then(|| now + rest(answer.retry_after, busy_before));
    let due = if let Watch::Due(due) = article.watch { due.min(now) } else { now };
    let (took, pause) = (answer.took, robots::pause(&state));
    watcher
        .blocking(move |watcher| {
            let rest = host_rests_until.map(|until| (Host::of(&url), until));
            watcher.store.keep_robots(&url, &state, rest)?;
            Ok(Checked { next: Some((url, due)), host_rests_until, took, pause, ..Checked::nothing() })
        })
        .await
}

/// Whether a redirect of an article may be followed to `hop`: what the `robots.txt` there says, which is asked for first where it
/// is not known.
pub(super) fn leave<'a>(
    watcher: &'a Arc<Watcher>,
    article: &'a Article,
    hop: &Url,
    now: Timestamp,
) -> BoxFuture<'a, Result<(), Trouble>> {
    let hop = hop.clone();
    Box::pin(async move {
        let (sources, place) = (article.clone(), hop.clone());
        let known = watcher.blocking(move |watcher| at(watcher, &sources, &place)).await;
        let state = match known.map_err(|error| unread(&error, &hop))? {
            Holding::Ignored => return Ok(()),
            Holding::Kept(state) => state,
        };
        let state = if robots::is_due(state.as_ref(), now) {
            Some(asked_on_the_way(watcher, &hop, state, now).await)
        } else {
            state
        };
        let objection = state.and_then(|state| robots::objection(&state, &hop, now));
        objection.map_or(Ok(()), |why| {
            Err(Trouble::Forbidden(Fact::new("it leads to {address}: {why}").with(hop.as_str()).with(why)))
        })
    })
}

/// The trouble where the store cannot say what is kept of the `robots.txt` of the site of `hop`. What happened is for the log: pages show
/// the trouble to strangers.
fn unread(error: &StoreError, hop: &Url) -> Trouble {
    tracing::error!(%error, "what is kept of the robots.txt of {hop} cannot be read");
    Trouble::Forbidden(Fact::new("our store cannot be read"))
}

/// What the `robots.txt` of the site of `hop` says now; it is kept.
async fn asked_on_the_way(
    watcher: &Arc<Watcher>,
    hop: &Url,
    before: Option<RobotsState>,
    now: Timestamp,
) -> RobotsState {
    let reply = match hop.join("/robots.txt") {
        Ok(place) => watcher.web.get(&place, &Validators::default(), Want::Robots, now).await.reply,
        Err(_) => Reply::Trouble(Trouble::Unreachable(Fact::new("the address names no host"))),
    };
    let state = robots::keep(before, &reply, now);
    let (site, kept) = (hop.clone(), state.clone());
    if let Err(error) = watcher.blocking(move |watcher| watcher.store.keep_robots(&site, &kept, None)).await {
        tracing::warn!(%error, "the robots.txt of {hop} is not kept");
    }
    state
}

/// The answer in place of the article that its site does not let us ask for.
pub(super) fn refused(article: &Article, why: Fact) -> Answer {
    Answer {
        reply: Reply::Trouble(Trouble::Forbidden(why)),
        url: article.url.clone(),
        moved: None,
        validators: article.validators.clone(),
        fresh_for: None,
        retry_after: None,
        hub: None,
        own: None,
        error_page: None,
        took: SignedDuration::ZERO,
    }
}

/// What is kept of the `robots.txt` that holds for the article; none where the operator said why it does not.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn known(watcher: &Watcher, article: &Article) -> Result<Holding, StoreError> {
    at(watcher, article, &article.url)
}

/// The same for an address that the article led to.
fn at(watcher: &Watcher, article: &Article, url: &Url) -> Result<Holding, StoreError> {
    let sources = || article.sources.iter().filter_map(|slug| watcher.source(slug));
    if sources().any(|source| source.ignore_robots.is_some()) {
        return Ok(Holding::Ignored);
    }
    Ok(Holding::Kept(watcher.store.robots(url)?))
}

/// What holds for an article.
pub(super) enum Holding {
    /// Nothing: the operator says so.
    Ignored,
    /// What is kept, if anything yet.
    Kept(Option<RobotsState>),
}
