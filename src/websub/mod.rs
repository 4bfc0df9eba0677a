//! WebSub subscriber (<https://www.w3.org/TR/websub/>): a hub notifies us when a feed has something new, so that an
//! edit is noticed within seconds. The content of a notification is not used; if its signature is right, the source is
//! polled at once. Regular polling continues, so a hub that fails or sends false notifications does no harm. Off by
//! default, because hubs must be able to reach us.

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

/// The lease that we request. Hubs commonly grant five to ten days.
const LEASE: SignedDuration = SignedDuration::from_hours(10 * 24);
/// Time limit of a request to a hub: some verify the subscription before they respond.
const HUB_TIMEOUT: Duration = Duration::from_secs(30);
/// Path prefix of the addresses that hubs call: `websub/SLUG/TOKEN`, below the base address.
pub const PATH: &str = "websub";
/// Number of unsubscribe requests before a subscription is deleted nevertheless: its lease ends by itself.
const MOST_FAREWELLS: u32 = 3;

/// After a poll: subscribes to the hub that the feed names, or renews a subscription that is about to end.
///
/// # Errors
/// If the store fails.
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
    let Some(subscription) = known.or_else(|| new_subscription(topic, hub)) else {
        tracing::error!("cannot subscribe to a hub: the system provides no random bytes");
        return Ok(());
    };
    if subscription.is_due(now) { send_request(watcher, &source.slug, subscription, now).await } else { Ok(()) }
}

/// Ends the subscription of a source that is no longer watched. Returns when to try again; `None` if nothing is left to
/// do.
///
/// # Errors
/// If the store fails.
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
        send_request(watcher, slug, leaving, now).await?;
    }
    // A hub confirms by calling back. If it has not done so by tomorrow, it is asked again.
    Ok(Some(now + SignedDuration::from_hours(24)))
}

/// A new subscription that is not stored yet. `None` if the system provides no random bytes.
fn new_subscription(topic: Url, hub: Url) -> Option<Subscription> {
    let (token, secret) = signature::new_token_and_secret()?;
    let (asked, pushed) = (None, None);
    Some(Subscription { topic, hub, token, secret, stage: Stage::Wanted, pending: false, asked, failures: 0, pushed })
}

/// Sends a subscribe or unsubscribe request. The pending state is stored first, because the hub may call back before it
/// responds.
async fn send_request(
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
    let callback = callback_address(&watcher.config.publish.base_url, slug, &asked.token);
    let lease = LEASE.as_secs().to_string();
    let form = [
        ("hub.mode", mode),
        ("hub.topic", asked.topic.as_str()),
        ("hub.callback", &callback),
        ("hub.lease_seconds", &lease),
        ("hub.secret", &asked.secret),
    ];
    match watcher.web.send(&Parcel::form(&asked.hub, &form, HUB_TIMEOUT), now).await {
        Ok(()) => tracing::info!(source.slug = %slug, hub.url = %asked.hub, "sent a {mode} request to a hub"),
        Err(unsent) => {
            let trouble = unsent.trouble;
            tracing::warn!(source.slug = %slug, hub.url = %asked.hub, "{mode} request to a hub failed, polling continues: {trouble}");
        }
    }
    Ok(())
}

/// The callback address for the hub of a source.
fn callback_address(base: &Url, slug: &SourceSlug, token: &str) -> String {
    format!("{base}{PATH}/{slug}/{token}")
}
