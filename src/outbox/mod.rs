//! Who is told of edits without asking: webhooks, and the hub that our feeds name. What each was told of is a number in the store, and what it is to
//! be told of next are the edits behind that number: no list of what is to be sent exists that could be lost. An addressee that is
//! slow or gone holds up itself alone, and never the publishing.
//!
//! Delivery is at least once and in order: what was taken is noted on disk before the next is sent, so only a crash between the
//! two sends an edit again, under the same id.

mod hub;
mod pace;
mod report;
mod sample;
mod webhook;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{join_all, pending};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::sleep;
use url::Url;

pub use report::{DispatchReport, reports};
pub use sample::try_out;

use crate::config::{Config, Webhook};
use crate::fetch::Unsent;
use crate::model::{Digest, Dispatch, Edit, Narrowing};
use crate::store::{EditsAfter, Store, StoreError};
use crate::watcher::Watcher;
use pace::{Fate, MAX_AGE};

/// How often each addressee's turn comes without news: a clock that was set, or a signal that was lost with an old configuration,
/// costs no more than this.
const LOOK_AT_LEAST: Duration = Duration::from_mins(1);
/// A fault of ours, or of the disk, is tried again after so long.
const AFTER_A_FAULT: Duration = Duration::from_mins(10);

/// Someone who is told.
#[derive(Clone, Debug)]
enum Addressee {
    Webhook(Arc<Webhook>),
    Hub(Url),
}

/// What an addressee is told at once: the edits up to a number.
#[derive(Debug)]
struct News {
    upto: u64,
    edits: Vec<Edit>,
}

/// What is next for an addressee.
enum Next {
    /// Nothing before then, or before there is news.
    Wait(Option<Timestamp>),
    /// Edits were passed over or given up; there may be more.
    Passed,
    /// To be told this.
    Tell(Dispatch, News),
}

/// What one turn came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// Something was sent; whether there is more.
    Sent { more: bool },
    /// Nothing was sent; there may be more.
    Passed,
    /// Nothing to do before then, or before there is news.
    Wait(Option<Timestamp>),
}

/// Notes from where on each addressee of `config` is told: a new one from now on, one that is there no more leaves no trace. Blocks.
///
/// # Errors
/// When the store failed.
pub fn begin(store: &Store, config: &Config) -> Result<(), StoreError> {
    let addressees = addressees(config);
    for known in store.addressees()? {
        if !addressees.iter().any(|to| to.key() == known) {
            store.keep_dispatch(&known, None)?;
        }
    }
    for to in addressees {
        let known = store.dispatch(&to.key())?;
        let begun = match known.clone() {
            Some(dispatch) => dispatch.begun_at(to.address()),
            None => Dispatch::new(to.address(), store.newest_edit()?),
        };
        if known.as_ref() != Some(&begun) {
            store.keep_dispatch(&to.key(), Some(&begun))?;
        }
    }
    Ok(())
}

/// Tells all addressees of the latest of `watchers` of what is published; ends once there can be no later one. May be
/// dropped at any time: what was under way is sent again.
pub async fn run(mut watchers: watch::Receiver<Arc<Watcher>>) {
    loop {
        let watcher = Arc::clone(&watchers.borrow_and_update());
        let telling = async {
            join_all(addressees(&watcher.config).into_iter().map(|to| tell(&watcher, to))).await;
            pending::<()>().await;
        };
        tokio::select! {
            () = telling => {}
            changed = watchers.changed() => {
                if changed.is_err() {
                    return;
                }
            }
        }
    }
}

/// Tells all addressees of what they are due at present.
///
/// # Errors
/// When the store failed.
pub async fn once(watcher: &Arc<Watcher>) -> Result<(), StoreError> {
    let told = addressees(&watcher.config).into_iter().map(|to| async move {
        loop {
            match take_turn(watcher, &to).await? {
                Turn::Passed => {}
                Turn::Sent { more: true } => sleep(to.spacing(&watcher.config)).await,
                Turn::Sent { more: false } | Turn::Wait(_) => return Ok(()),
            }
        }
    });
    join_all(told).await.into_iter().collect()
}

/// Tells one addressee for ever.
async fn tell(watcher: &Arc<Watcher>, to: Addressee) {
    let mut news = watcher.news.subscribe();
    loop {
        news.borrow_and_update();
        let turn = AssertUnwindSafe(take_turn(watcher, &to)).catch_unwind().await;
        match turn {
            Ok(Ok(Turn::Passed)) => {}
            Ok(Ok(Turn::Sent { .. })) => sleep(to.spacing(&watcher.config)).await,
            Ok(Ok(Turn::Wait(Some(due)))) => sleep(until(due, watcher.now())).await,
            Ok(Ok(Turn::Wait(None))) => {
                tokio::select! {
                    _ = news.changed() => {}
                    () = sleep(LOOK_AT_LEAST) => {}
                }
            }
            Ok(Err(error)) => {
                tracing::error!(outbox.to = to.key(), %error, "edits cannot be sent");
                sleep(AFTER_A_FAULT).await;
            }
            // The panic was told when it happened.
            Err(_) => sleep(AFTER_A_FAULT).await,
        }
    }
}

/// How long to sleep until `due`; no longer than [`LOOK_AT_LEAST`].
fn until(due: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(due.duration_since(now)).unwrap_or_default().min(LOOK_AT_LEAST)
}

/// Sends what is next, if something is, and notes what came of it.
async fn take_turn(watcher: &Arc<Watcher>, to: &Addressee) -> Result<Turn, StoreError> {
    let (asked, now) = (to.clone(), watcher.now());
    let (dispatch, news) = match watcher.blocking(move |watcher| next(watcher, &asked, now)).await? {
        Next::Wait(due) => return Ok(Turn::Wait(due)),
        Next::Passed => return Ok(Turn::Passed),
        Next::Tell(dispatch, news) => (dispatch, news),
    };
    let sent = to.send(watcher, &news, now).await;
    let (kept, fate) = pace::settle(&dispatch, news.upto, news.edits.len() as u64, &sent, watcher.now());
    watcher.metrics.outbox(&to.key(), fate.name());
    say(to, &kept, fate);
    let (key, due) = (to.key(), kept.due);
    let keep = move |watcher: &Watcher| {
        watcher.store.keep_dispatch(&key, Some(&kept))?;
        Ok(watcher.store.newest_edit()? > kept.told)
    };
    let more = watcher.blocking(keep).await?;
    Ok(match fate {
        Fate::Taken | Fate::GivenUp => Turn::Sent { more },
        Fate::Later | Fate::Ended => Turn::Wait(due),
    })
}

/// What is next for an addressee at `now`. Blocks.
fn next(watcher: &Watcher, to: &Addressee, now: Timestamp) -> Result<Next, StoreError> {
    let Some(dispatch) = watcher.store.dispatch(&to.key())?.filter(|dispatch| dispatch.ended.is_none()) else {
        return Ok(Next::Wait(None));
    };
    if let Some(due) = dispatch.due.filter(|due| *due > now) {
        return Ok(Next::Wait(Some(due)));
    }
    let (edits, upto) = watcher.store.edits_after(&to.query(dispatch.told))?;
    let edits: Vec<Edit> = edits.into_iter().map(|(_, edit)| edit).collect();
    let old = edits.iter().filter(|edit| now.duration_since(edit.seen) > MAX_AGE).count();
    if old > 0 && old == edits.len() {
        let kept = pace::given_up(&dispatch, upto, old as u64);
        tracing::warn!(outbox.to = to.key(), "{old} edits are given up: they were not taken for three days");
        watcher.metrics.outbox(&to.key(), Fate::GivenUp.name());
        watcher.store.keep_dispatch(&to.key(), Some(&kept))?;
        return Ok(Next::Passed);
    }
    if edits.is_empty() {
        if upto == dispatch.told {
            return Ok(Next::Wait(None));
        }
        watcher.store.pass_over(&to.key(), &Dispatch { told: upto, ..dispatch })?;
        return Ok(Next::Passed);
    }
    Ok(Next::Tell(dispatch, News { upto, edits }))
}

/// Tells the log what came of it, without the address.
fn say(to: &Addressee, kept: &Dispatch, fate: Fate) {
    let (to, trouble) = (to.key(), kept.trouble.as_deref().unwrap_or_default());
    match fate {
        Fate::Taken => tracing::debug!(outbox.to = to, outbox.told = kept.told, "an edit was taken"),
        Fate::Later => {
            tracing::warn!(
                outbox.to = to,
                outbox.failures = kept.failures,
                "{to} takes no edits at present: {trouble}"
            );
        }
        Fate::GivenUp => tracing::warn!(outbox.to = to, "{to} does not take an edit, which is given up: {trouble}"),
        Fate::Ended => tracing::warn!(
            outbox.to = to,
            "{to} says that it is gone for good (HTTP 410): nothing is sent to it until redraft starts or reads its \
             configuration again"
        ),
    }
}

/// All that are told under this configuration.
fn addressees(config: &Config) -> Vec<Addressee> {
    let webhooks = config.webhooks.iter().map(|webhook| Addressee::Webhook(Arc::new(webhook.clone())));
    webhooks.chain(config.publish.websub_hub.clone().map(Addressee::Hub)).collect()
}

impl Addressee {
    /// Its name in the store, in logs and in metrics.
    fn key(&self) -> String {
        match self {
            Self::Webhook(webhook) => format!("webhook {}", webhook.name),
            Self::Hub(_) => "hub".to_owned(),
        }
    }

    /// What it is sent, in a word.
    fn format(&self) -> &'static str {
        match self {
            Self::Webhook(webhook) => webhook.payload.name(),
            Self::Hub(_) => "websub",
        }
    }

    /// The hash of its address.
    fn address(&self) -> Digest {
        match self {
            Self::Webhook(webhook) => Digest::of(webhook.url.reveal().as_str().as_bytes()),
            Self::Hub(url) => Digest::of(url.as_str().as_bytes()),
        }
    }

    /// Least time between two deliveries: as between any two requests to its host; a hub is told of many edits at once.
    fn spacing(&self, config: &Config) -> Duration {
        match self {
            Self::Webhook(webhook) => config.fetch.spacing(webhook.url.reveal()).unsigned_abs(),
            Self::Hub(url) => config.fetch.spacing(url).unsigned_abs() * hub::SPACINGS,
        }
    }

    /// Which edits it is told of at once, behind this number.
    fn query(&self, told: u64) -> EditsAfter {
        match self {
            Self::Webhook(webhook) => EditsAfter {
                told,
                limit: 1,
                narrowing: webhook.narrowing.clone(),
                sources: webhook.sources.clone(),
                retirements: false,
            },
            Self::Hub(_) => {
                let (narrowing, sources) = (Narrowing::default(), Vec::new());
                EditsAfter { told, limit: hub::MAX_EDITS, narrowing, sources, retirements: true }
            }
        }
    }

    async fn send(&self, watcher: &Watcher, news: &News, now: Timestamp) -> Result<(), Unsent> {
        match self {
            Self::Webhook(webhook) => {
                let private = watcher.private_web.as_ref().filter(|_| webhook.allow_private);
                let (web, site) = (private.unwrap_or(&watcher.web), watcher.site());
                for edit in &news.edits {
                    webhook::send(web, webhook, edit, &site, now).await?;
                }
                Ok(())
            }
            Self::Hub(url) => hub::publish(watcher, url, &news.edits, now).await,
        }
    }
}
