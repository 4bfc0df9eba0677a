//! A recipient of edits: its name, its address, how often it is contacted, and how edits are sent to it.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use super::next::News;
use super::{archive, hub, webhook};
use crate::config::{Archive, Config, Webhook};
use crate::fetch::Unsent;
use crate::model::{Digest, Host, Narrowing};
use crate::store::EditsAfter;
use crate::watcher::Watcher;

/// A recipient of edits.
#[derive(Clone, Debug)]
pub(super) enum Addressee {
    Webhook(Arc<Webhook>),
    Hub(Url),
    Archive(Archive),
}

/// All recipients under this configuration.
pub(super) fn all_recipients(config: &Config) -> Vec<Addressee> {
    let webhooks = config.webhooks.iter().map(|webhook| Addressee::Webhook(Arc::new(webhook.clone())));
    let hub = config.publish.websub_hub.clone().map(Addressee::Hub);
    let archive = config.archive.save.then(|| Addressee::Archive(config.archive.clone()));
    webhooks.chain(hub).chain(archive).collect()
}

impl Addressee {
    /// Its name in the store, in logs and in metrics.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Webhook(webhook) => format!("webhook {}", webhook.name),
            Self::Hub(_) => "hub".to_owned(),
            Self::Archive(_) => "archive".to_owned(),
        }
    }

    /// The format of what it is sent, in one word.
    pub(super) fn format(&self) -> &'static str {
        match self {
            Self::Webhook(webhook) => webhook.payload.name(),
            Self::Hub(_) => "websub",
            Self::Archive(_) => "copy",
        }
    }

    /// The hash of its address.
    pub(super) fn address(&self) -> Digest {
        match self {
            Self::Webhook(webhook) => Digest::of(webhook.url.reveal().as_str().as_bytes()),
            Self::Hub(url) => Digest::of(url.as_str().as_bytes()),
            Self::Archive(archive) => Digest::of(archive.address.as_str().as_bytes()),
        }
    }

    /// Shortest time between two deliveries: the spacing of its host, or more for a hub, which receives many edits at
    /// once.
    pub(super) fn spacing(&self, config: &Config) -> Duration {
        match self {
            Self::Webhook(webhook) => config.fetch.spacing(&Host::of(webhook.url.reveal())).unsigned_abs(),
            Self::Hub(url) => config.fetch.spacing(&Host::of(url)).unsigned_abs() * hub::SPACINGS,
            Self::Archive(archive) if config.fetch.is_allowed_private(&Host::of(&archive.address)) => {
                archive.spacing.unsigned_abs()
            }
            Self::Archive(archive) => archive.spacing.max(archive::LEAST_SPACING).unsigned_abs(),
        }
    }

    /// The query for its next edits after edit number `told`. `None` if it is asked for copies instead.
    pub(super) fn query(&self, told: u64) -> Option<EditsAfter> {
        Some(match self {
            Self::Webhook(webhook) => EditsAfter {
                told,
                limit: 1,
                narrowing: webhook.narrowing.clone(),
                sources: webhook.sources.clone(),
                retirements: false,
            },
            Self::Archive(_) => return None,
            Self::Hub(_) => {
                let (narrowing, sources) = (Narrowing::default(), Vec::new());
                EditsAfter { told, limit: hub::MAX_EDITS, narrowing, sources, retirements: true }
            }
        })
    }

    /// Sends the recipient its next edits or its next copy request.
    pub(super) async fn send(&self, watcher: &Watcher, news: &News, now: Timestamp) -> Result<(), Unsent> {
        match (self, news) {
            (Self::Webhook(webhook), News::Edits { edits, .. }) => {
                let private = watcher.private_web.as_ref().filter(|_| webhook.allow_private);
                let (web, site) = (private.unwrap_or(&watcher.web), watcher.site());
                for edit in edits {
                    webhook::send(web, webhook, edit, &site, now).await?;
                }
                Ok(())
            }
            (Self::Hub(url), News::Edits { edits, .. }) => hub::publish(watcher, url, edits, now).await,
            (Self::Archive(archive), News::Copy(_, url)) => {
                archive::request_copy(&watcher.web, archive, url, now).await
            }
            // `find_next` never returns these combinations.
            (Self::Webhook(_) | Self::Hub(_), News::Copy(..)) | (Self::Archive(_), News::Edits { .. }) => Ok(()),
        }
    }
}
