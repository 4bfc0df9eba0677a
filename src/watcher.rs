//! What every look needs: the store, the web, the operator's choices, the time.

mod pushes;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::classify::furniture_key;
use crate::clock::Clock;
use crate::config::Config;
use crate::fetch::Web;
use crate::model::{Article, Content, Judging, Source, SourceKind, SourceSlug};
use crate::store::{Store, StoreError};
use crate::telemetry::Metrics;
use jiff::Timestamp;
pub use pushes::Pushes;

/// Shared by all looks and polls of one daemon.
#[derive(Debug)]
pub struct Watcher {
    /// Where everything is kept.
    pub store: Store,
    /// The HTTP client.
    pub web: Web,
    /// What the operator chose.
    pub config: Arc<Config>,
    /// What is counted.
    pub metrics: Metrics,
    /// What hubs told of.
    pub pushes: Arc<Pushes>,
    /// The time of day.
    pub clock: Clock,
    by_slug: HashMap<SourceSlug, usize>,
    /// How each source is judged, as far as it was asked for; forgotten when something is learned.
    judging: Mutex<HashMap<SourceSlug, Arc<Judging>>>,
}

impl Watcher {
    /// Brings the parts together.
    #[must_use]
    pub fn new(store: Store, web: Web, config: Arc<Config>, metrics: Metrics, clock: Clock) -> Self {
        let by_slug = config.sources.iter().enumerate().map(|(index, source)| (source.slug.clone(), index)).collect();
        let pushes = Arc::default();
        Self { store, web, config, metrics, pushes, clock, by_slug, judging: Mutex::default() }
    }

    /// The source of this name, if it is still configured.
    #[must_use]
    pub fn source(&self, slug: &SourceSlug) -> Option<&Source> {
        self.by_slug.get(slug).and_then(|index| self.config.sources.get(*index))
    }

    /// How edits of this article are judged: as its first source that is still configured says, with what was learned of
    /// that source's furniture.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn judging(&self, article: &Article) -> Result<Arc<Judging>, StoreError> {
        let Some(source) = article.sources.iter().find_map(|slug| self.source(slug)) else {
            return Ok(Arc::new(self.config.judge.clone()));
        };
        if let Some(known) = self.judging.lock().unwrap_or_else(PoisonError::into_inner).get(&source.slug) {
            return Ok(Arc::clone(known));
        }
        let furniture = self.store.furniture(&source.slug)?;
        let judging = Arc::new(Judging { furniture, ..source.judging.clone() });
        let mut all = self.judging.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(source.slug.clone(), Arc::clone(&judging));
        Ok(judging)
    }

    /// Learns from an article's first content what its sources put into all their articles.
    ///
    /// # Errors
    /// When the store failed.
    pub fn learn(&self, article: &Article, content: &Content) -> Result<(), StoreError> {
        let keys: Vec<_> = content.blocks.iter().map(|block| furniture_key(&block.text)).collect();
        for slug in &article.sources {
            if self.store.learn(slug, article.id, keys.clone())? {
                self.judging.lock().unwrap_or_else(PoisonError::into_inner).remove(slug);
            }
        }
        Ok(())
    }

    /// Whether a source that leads to the article is still configured. Others are left alone until one is again.
    #[must_use]
    pub fn watches(&self, article: &Article) -> bool {
        article.sources.iter().any(|slug| self.by_slug.contains_key(slug))
    }

    /// Whether the operator named the article's page as such: then it is never retired.
    #[must_use]
    pub fn is_forever(&self, article: &Article) -> bool {
        article.sources.iter().filter_map(|slug| self.source(slug)).any(|source| source.kind == SourceKind::Page)
    }

    /// The time of day.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Runs what blocks (the store, judging) on a thread for it. A panic of `work` goes on in the caller.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let watcher = Arc::clone(self);
        match tokio::task::spawn_blocking(move || work(&watcher)).await {
            Ok(result) => result,
            Err(failed) => std::panic::resume_unwind(failed.into_panic()),
        }
    }
}
