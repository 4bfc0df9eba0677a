//! One article: fetch → decide → record.

mod permission;
mod publication;
mod telling;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::cadence::asks_afresh;
use crate::decide::{Glance, MAX_DAILY_EDITS, Rules, Seen, Sight, are_one, decide};
use crate::fetch::{self, Want};
use crate::model::{
    Answer, Article, ArticleId, CheckNote, Decision, Fact, History, Host, Judging, Outcome, Page, Reply, Scope,
    Trouble, Validators, Watch,
};
use crate::robots;
use crate::store::{EditQuery, StoreError};
use crate::watcher::Watcher;
use permission::Holding;
use telling::{announce, awaited, date, tell};

/// What the schedule needs to know of a look.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Where to look next, and when; none where the article is retired or was another one.
    pub next: Option<(Url, Timestamp)>,
    /// Leave the host alone until then.
    pub host_rests_until: Option<Timestamp>,
    /// How long the host took to answer.
    pub took: SignedDuration,
    /// How long its site wants requests to be apart (`Crawl-delay`).
    pub pause: Option<SignedDuration>,
    /// Whether it is to be looked at again as soon as others of its host were.
    pub held: bool,
    /// Whether others of its host are to be looked at now: only they can tell whether what was seen is the host's doing.
    pub asks_others: bool,
}

impl Checked {
    /// Nothing was to be looked at.
    fn nothing() -> Self {
        Self {
            next: None,
            host_rests_until: None,
            took: SignedDuration::ZERO,
            pause: None,
            held: false,
            asks_others: false,
        }
    }
}

/// An article that could not be judged (a fault of ours) is looked at again after so long.
const AFTER_A_FAULT: SignedDuration = SignedDuration::from_hours(24);

/// Looks at an article and records what comes of it. The web's trouble is part of what comes of it; only the store can fail.
///
/// # Errors
/// When the store failed; then nothing was recorded.
pub async fn check(watcher: &Arc<Watcher>, id: ArticleId, now: Timestamp) -> Result<Checked, StoreError> {
    let known = watcher.blocking(move |watcher| known(watcher, id)).await?;
    let Some(known) = known.filter(|known| watcher.watches(&known.history.article)) else {
        return Ok(Checked::nothing());
    };
    let Known { history, busy_before, robots } = known;
    let article = &history.article;
    let (refusal, pause) = match robots {
        Holding::Ignored => (None, None),
        Holding::Kept(state) if robots::is_due(state.as_ref(), now) => {
            return permission::ask(watcher, article, state, busy_before, now).await;
        }
        Holding::Kept(state) => (
            state.as_ref().and_then(|state| robots::objection(state, &article.url, now)),
            state.as_ref().and_then(robots::pause),
        ),
    };
    let answer = if let Some(why) = refusal {
        permission::refused(article, why)
    } else {
        let leave = |hop: &Url| permission::leave(watcher, article, hop, now);
        let validators = if asks_afresh(&article.pulse) { &Validators::default() } else { &article.validators };
        let answer = watcher.web.get_by(&article.url, validators, Want::Page, now, &leave).await;
        watcher.metrics.fetch(answer.took);
        answer
    };
    let judged = move |watcher: &Watcher| {
        let judging = watcher.judging(&history.article)?;
        let busy_since = busy_since(watcher, &history)?;
        let decision = judge(watcher, &history, &answer, &judging, (busy_before, busy_since), now);
        Ok((history, answer, decision))
    };
    let (history, answer, decision) = watcher.parsing(judged).await?;
    let checked = watcher.blocking(move |watcher| settle(watcher, &history, &answer, decision, now)).await?;
    Ok(Checked { pause, ..checked })
}

/// What is known before a look.
struct Known {
    history: History,
    /// How often in a row its host was busy.
    busy_before: u32,
    robots: Holding,
}

fn known(watcher: &Watcher, id: ArticleId) -> Result<Option<Known>, StoreError> {
    let Some(history) = watcher.store.history(id)? else { return Ok(None) };
    let busy_before = watcher.store.busy_times(&Host::of(&history.article.url))?;
    let robots = permission::known(watcher, &history.article)?;
    Ok(Some(Known { history, busy_before, robots }))
}

/// Since when the article has had as many edits as a day may have, if it had so many.
fn busy_since(watcher: &Watcher, history: &History) -> Result<Option<Timestamp>, StoreError> {
    if history.article.last_edit.is_none_or(|last| (last.0 as usize) < MAX_DAILY_EDITS) {
        return Ok(None);
    }
    let edits = watcher.store.edits(&EditQuery::newest(Scope::Article(history.article.id), MAX_DAILY_EDITS))?;
    Ok(edits.get(MAX_DAILY_EDITS - 1).map(|edit| edit.seen))
}

/// Decides and records, on a thread that may block.
fn settle(
    watcher: &Watcher,
    history: &History,
    answer: &Answer,
    mut decision: Decision,
    now: Timestamp,
) -> Result<Checked, StoreError> {
    glance(watcher, answer, &decision, now)?;
    let (held, asks_others) = (decision.held, decision.asks_others);
    let checked = |article: &Article, rest| Checked {
        next: if let Watch::Due(due) = article.watch { Some((article.url.clone(), due)) } else { None },
        host_rests_until: rest,
        took: answer.took,
        pause: None,
        held,
        asks_others,
    };
    if let Some(other) = same_article(watcher, history, &mut decision)? {
        watcher.store.merge(history.article.id, other)?;
        tracing::debug!(article.id = %history.article.id, article.same_as = %other, "two addresses, one article");
        return Ok(Checked { next: None, ..checked(&decision.article, None) });
    }
    if !watcher.retention.of(&decision.article.sources).pages {
        decision.page = None;
    }
    date(watcher, &mut decision)?;
    publication::name(watcher, &mut decision)?;
    tell(watcher.config.publish.locale, history, &mut decision);
    let done = checked(&decision.article, decision.host_rests_until);
    let (outcome, awaited, edits) = (decision.outcome, awaited(&decision), decision.edits.clone());
    if let (Outcome::First, Some(version)) = (outcome, &decision.version) {
        watcher.learn(&history.article, &version.content)?;
    }
    let copy = decision.version.as_ref().filter(|_| watcher.config.archive.save).map(|version| version.seen);
    watcher.store.record_wanting(decision, copy)?;
    watcher.metrics.check(outcome);
    announce(watcher, &history.article, outcome, &awaited, &edits);
    if !edits.is_empty() || copy.is_some() {
        watcher.news.send_replace(());
    }
    Ok(done)
}

/// Tells the host's others what this look showed.
fn glance(watcher: &Watcher, answer: &Answer, decision: &Decision, now: Timestamp) -> Result<(), StoreError> {
    if decision.outcome == Outcome::Trouble && decision.identity.is_none() {
        return Ok(());
    }
    let url = &decision.article.url;
    let glance = Glance {
        article: decision.article.id,
        at: now,
        landed: (answer.url != *url).then(|| answer.url.clone()),
        identity: decision.identity,
        blocks: decision.blocks.clone(),
    };
    watcher.glance(url, glance)
}

/// The decision on what came; a panic in the core is contained to this article.
fn judge(
    watcher: &Watcher,
    history: &History,
    answer: &Answer,
    judging: &Judging,
    (busy_before, busy_since): (u32, Option<Timestamp>),
    now: Timestamp,
) -> Decision {
    let recent = watcher.recent(&history.article.url);
    let hints = watcher.config.hints(&history.article.url);
    let rules = Rules {
        judging,
        hints: &hints,
        pace: &watcher.config.schedule.pace,
        forever: watcher.is_forever(&history.article),
        recent: &recent,
        busy_since,
    };
    let judged = catch_unwind(AssertUnwindSafe(|| {
        let page = page_of(answer);
        let seen = match (&page, &answer.reply) {
            (Ok(Some(page)), _) => Seen::Page(page),
            (Err(trouble), _) | (_, Reply::Trouble(trouble)) => Seen::Trouble(trouble),
            (Ok(None), _) => Seen::NotModified,
        };
        let validators = answer.validators.clone();
        let shown = error_page(answer);
        let error_page = shown.as_ref();
        let sight = Sight { seen, validators, retry_after: answer.retry_after, busy_before, error_page };
        decide(history, &sight, &rules, now)
    }));
    judged.unwrap_or_else(|_| {
        tracing::error!(article.id = %history.article.id, article.url = %history.article.url, "could not be judged");
        fault(history, now)
    })
}

fn page_of(answer: &Answer) -> Result<Option<Page>, Trouble> {
    match &answer.reply {
        Reply::Body { bytes, content_type } => fetch::decode(bytes, content_type.as_deref(), &answer.url).map(Some),
        Reply::NotModified | Reply::Trouble(_) => Ok(None),
    }
}

/// What the server shows in place of a page that is not there.
fn error_page(answer: &Answer) -> Option<Page> {
    let shown = answer.error_page.as_ref()?;
    fetch::decode(&shown.bytes, shown.content_type.as_deref(), &answer.url).ok()
}

/// What is recorded of an article that a panic kept us from judging.
fn fault(history: &History, now: Timestamp) -> Decision {
    let mut article = history.article.clone();
    article.watch = Watch::Due(now + AFTER_A_FAULT);
    let why = Fact::new("could not be judged: a fault in redraft, please report it");
    article.note(CheckNote { at: now, outcome: Outcome::Trouble, why });
    Decision::quiet(Outcome::Trouble, article)
}

/// The other article that this one turned out to be, when its first page named its address. Where the two have nothing in common,
/// or this one has versions of its own, it keeps the address that it had.
fn same_article(
    watcher: &Watcher,
    history: &History,
    decision: &mut Decision,
) -> Result<Option<ArticleId>, StoreError> {
    let known = watcher.store.find(&decision.article.url)?.filter(|known| *known != history.article.id);
    let Some(known) = known.filter(|_| decision.article.url != history.article.url) else { return Ok(None) };
    if let (None, Some(version)) = (history.article.latest, &decision.version)
        && let Some(other) = watcher.store.article(known)?
    {
        let kept = other.latest.map(|latest| watcher.store.version(known, latest)).transpose()?.flatten();
        if are_one(history, &version.content, &other, kept.as_ref().map(|kept| &kept.content)) {
            return Ok(Some(known));
        }
    }
    decision.article.url = history.article.url.clone();
    Ok(None)
}
