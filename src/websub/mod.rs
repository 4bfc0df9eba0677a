//! Hubs that tell when a feed has something new (WebSub, <https://www.w3.org/TR/websub/>), so that an edit of a feed is noticed
//! within seconds. What a hub sends is not read: a push that is signed makes its source polled at once. Polling goes on as before,
//! so a hub that fails or lies costs nothing. Off unless the operator turns it on: the hub must be able to reach us.

mod intent;
mod signature;

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use url::Url;

pub use intent::{Answered, Intent, answer};
pub use signature::{Signed, same};

use crate::fetch::Parcel;
use crate::model::{PollState, Source, SourceSlug, Stage, Subscription};
use crate::store::StoreError;
use crate::watcher::Watcher;

/// The lease that we ask for. Hubs commonly give five to ten days.
const LEASE: SignedDuration = SignedDuration::from_hours(10 * 24);
/// Longest time that a hub gets to answer: some verify before they do.
const HUB_TIMEOUT: Duration = Duration::from_secs(30);
/// The path below the base address that hubs call: `websub/SLUG/TOKEN`.
pub const PATH: &str = "websub";
/// A hub that does not end a subscription when asked so often is forgotten: the lease ends by itself.
const MOST_FAREWELLS: u32 = 3;

/// After a poll: subscribes at the hub that the feed names, or renews early, where that is due.
///
/// # Errors
/// When the store failed.
pub async fn keep(
    watcher: &Arc<Watcher>,
    source: &Source,
    state: &PollState,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(hub) = state.round.hub.clone().filter(|_| watcher.config.websub.enabled) else { return Ok(()) };
    let topic = state.round.topic.clone().unwrap_or_else(|| state.address().clone());
    let slug = source.slug.clone();
    let known = watcher.blocking(move |watcher| watcher.store.subscription(&slug)).await?;
    let known = known.filter(|known| known.hub == hub && known.topic == topic && known.stage != Stage::Leaving);
    let Some(subscription) = known.or_else(|| wanted(topic, hub)) else {
        tracing::error!("the system gives no random bytes: no hub is asked");
        return Ok(());
    };
    if subscription.is_due(now) { ask(watcher, &source.slug, subscription, now).await } else { Ok(()) }
}

/// Ends the subscription of a source that is watched no more. Gives when to try again; none where nothing is left to do.
///
/// # Errors
/// When the store failed.
pub async fn leave(watcher: &Arc<Watcher>, slug: &SourceSlug, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let asked = slug.clone();
    let Some(known) = watcher.blocking(move |watcher| watcher.store.subscription(&asked)).await? else {
        return Ok(None);
    };
    let is_first = known.stage != Stage::Leaving;
    let failures = if is_first { 0 } else { known.failures };
    let is_over = matches!(known.stage, Stage::Wanted | Stage::Refused(_)) || failures >= MOST_FAREWELLS;
    if is_over || !watcher.config.websub.enabled {
        let slug = slug.clone();
        watcher.blocking(move |watcher| watcher.store.keep_subscription(&slug, None)).await?;
        return Ok(None);
    }
    let leaving = Subscription { stage: Stage::Leaving, pending: false, failures, ..known };
    if is_first || leaving.is_due(now) {
        ask(watcher, slug, leaving, now).await?;
    }
    Ok(Some(now + SignedDuration::from_hours(24)))
}

/// A subscription that nobody knows of yet.
fn wanted(topic: Url, hub: Url) -> Option<Subscription> {
    let (token, secret) = signature::fresh()?;
    let (asked, pushed) = (None, None);
    Some(Subscription { topic, hub, token, secret, stage: Stage::Wanted, pending: false, asked, failures: 0, pushed })
}

/// Asks the hub to begin or to end. That we asked is on disk before: it may call back while it answers.
async fn ask(
    watcher: &Arc<Watcher>,
    slug: &SourceSlug,
    subscription: Subscription,
    now: Timestamp,
) -> Result<(), StoreError> {
    let failures = if subscription.pending { subscription.failures.saturating_add(1) } else { subscription.failures };
    let failures =
        if subscription.stage == Stage::Leaving { subscription.failures.saturating_add(1) } else { failures };
    let asked = Subscription { pending: true, asked: Some(now), failures, ..subscription };
    let (kept, key) = (asked.clone(), slug.clone());
    watcher.blocking(move |watcher| watcher.store.keep_subscription(&key, Some(&kept))).await?;
    let mode = if asked.stage == Stage::Leaving { "unsubscribe" } else { "subscribe" };
    let callback = callback(&watcher.config.publish.base_url, slug, &asked.token);
    let lease = LEASE.as_secs().to_string();
    let form = [
        ("hub.mode", mode),
        ("hub.topic", asked.topic.as_str()),
        ("hub.callback", &callback),
        ("hub.lease_seconds", &lease),
        ("hub.secret", &asked.secret),
    ];
    match watcher.web.send(&Parcel::form(&asked.hub, &form, HUB_TIMEOUT), now).await {
        Ok(()) => tracing::info!(source.slug = %slug, hub.url = %asked.hub, "asked a hub to {mode}"),
        Err(unsent) => {
            let trouble = unsent.trouble;
            tracing::warn!(source.slug = %slug, hub.url = %asked.hub, "cannot {mode} at a hub, polling goes on: {trouble}");
        }
    }
    Ok(())
}

/// The address that the hub of a source calls.
fn callback(base: &Url, slug: &SourceSlug, token: &str) -> String {
    format!("{base}{PATH}/{slug}/{token}")
}
