//! Shared context of all polls and checks: the store, the HTTP client, the configuration, the clock.

mod pushes;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::classify::furniture_key;
use crate::clock::Clock;
use crate::config::Config;
use crate::decide::{Glance, Recent};
use crate::fetch::Web;
use crate::model::{Article, ArticleId, Content, Host, Judging, Site, Source, SourceKind, SourceSlug};
use crate::store::{Retention, Store, StoreError};
use crate::telemetry::Metrics;
use jiff::Timestamp;
pub use pushes::Pushes;
use tokio::sync::{Semaphore, watch};
use url::Url;

/// Stack size of threads that parse foreign pages. Parsers recurse with the nesting of their input. The usual 2 MiB is
/// less than twice what the deepest page within our limits needed, and a stack overflow ends the process.
const PARSER_STACK_BYTES: usize = 8 << 20;

/// Shared by all polls and checks of one daemon.
#[derive(Debug)]
pub struct Watcher {
    /// The database.
    pub store: Store,
    /// The HTTP client.
    pub web: Web,
    /// A second HTTP client that may also reach private addresses. `None` if no webhook needs one; the operator
    /// configured the addresses.
    pub private_web: Option<Web>,
    /// The operator's configuration.
    pub config: Arc<Config>,
    /// Counters for `/metrics`.
    pub metrics: Metrics,
    /// Sources that hubs announced new content of.
    pub pushes: Arc<Pushes>,
    /// Signals that edits were published or versions stored.
    pub news: watch::Sender<()>,
    /// The time of day.
    pub clock: Clock,
    /// Retention rules: how much is stored and for how long.
    pub retention: Retention,
    by_slug: HashMap<SourceSlug, usize>,
    /// Cache of each source's judging settings. An entry is removed when more furniture of its source is learned.
    judging: Mutex<HashMap<SourceSlug, Arc<Judging>>>,
    /// Recent observations of the articles of each host.
    recent: Mutex<HashMap<Host, Recent>>,
    /// One permit per core, because parsing more pages at once would only use more memory.
    parsers: Arc<Semaphore>,
}

/// The retention rules of a configuration.
fn retention_rules(config: &Config) -> Retention {
    let sources = config.sources.iter().map(|source| (source.slug.clone(), source.keeping)).collect();
    Retention { all: config.keeping, sources, entries: config.publish.entries }
}

impl Watcher {
    /// Builds the context. It has no client for private addresses yet.
    #[must_use]
    pub fn new(store: Store, web: Web, config: Arc<Config>, metrics: Metrics, clock: Clock) -> Self {
        let by_slug = config.sources.iter().enumerate().map(|(index, source)| (source.slug.clone(), index)).collect();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let retention = retention_rules(&config);
        let pushes = Arc::default();
        let parsers = Arc::new(Semaphore::new(cores));
        Self {
            store,
            web,
            private_web: None,
            config,
            metrics,
            pushes,
            news: watch::Sender::new(()),
            clock,
            retention,
            by_slug,
            judging: Mutex::default(),
            recent: Mutex::default(),
            parsers,
        }
    }

    /// The parts that our addresses and ids are built from.
    #[must_use]
    pub fn site(&self) -> Site {
        let (authority, since) = self.store.origin();
        let publish = &self.config.publish;
        let (title, base_url) = (publish.title.clone(), publish.base_url.clone());
        Site { title, base_url, authority, since, locale: publish.locale, hub: publish.websub_hub.clone() }
    }

    /// The source with this name. `None` if it is no longer configured.
    #[must_use]
    pub fn source(&self, slug: &SourceSlug) -> Option<&Source> {
        self.by_slug.get(slug).and_then(|index| self.config.sources.get(*index))
    }

    /// Settings for judging edits of this article: those of its first source that is still configured, plus the
    /// furniture learned from that source.
    ///
    /// # Errors
    /// If the store cannot be read.
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

    /// Learns furniture (text that a source repeats in many articles) from an article's first content.
    ///
    /// # Errors
    /// If the store fails.
    pub fn learn(&self, article: &Article, content: &Content) -> Result<(), StoreError> {
        let keys: Vec<_> = content.blocks.iter().map(|block| furniture_key(&block.text)).collect();
        self.learn_keys(article, &keys)
    }

    fn learn_keys(&self, article: &Article, keys: &[String]) -> Result<(), StoreError> {
        for slug in &article.sources {
            if self.store.learn(slug, article.id, keys.to_vec())? {
                self.judging.lock().unwrap_or_else(PoisonError::into_inner).remove(slug);
            }
        }
        Ok(())
    }

    /// A copy of the recent observations of the host of `url`.
    #[must_use]
    pub fn recent(&self, url: &Url) -> Recent {
        self.lock_recent().get(&Host::of(url)).cloned().unwrap_or_default()
    }

    /// Records that an article at `url` is watched.
    pub fn know(&self, url: &Url, article: ArticleId) {
        self.lock_recent().entry(Host::of(url)).or_default().know(article);
    }

    /// Records what a check of `url` saw, and learns as furniture what many articles of the host recently have in
    /// common.
    ///
    /// # Errors
    /// If the store fails.
    pub fn glance(&self, url: &Url, glance: Glance) -> Result<(), StoreError> {
        // Release the lock before reading the store.
        let common = {
            let mut all = self.lock_recent();
            let recent = all.entry(Host::of(url)).or_default();
            recent.note(glance);
            recent.furniture()
        };
        for (key, articles) in common {
            for id in articles {
                let Some(article) = self.store.article(id)? else { continue };
                self.learn_keys(&article, std::slice::from_ref(&key))?;
            }
        }
        Ok(())
    }

    fn lock_recent(&self) -> MutexGuard<'_, HashMap<Host, Recent>> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a source that leads to the article is still configured. An article without one is not checked.
    #[must_use]
    pub fn watches(&self, article: &Article) -> bool {
        article.sources.iter().any(|slug| self.by_slug.contains_key(slug))
    }

    /// Whether the operator configured the article's page itself as a source. Then it is never retired.
    #[must_use]
    pub fn is_forever(&self, article: &Article) -> bool {
        article.sources.iter().filter_map(|slug| self.source(slug)).any(|source| source.kind == SourceKind::Page)
    }

    /// The time of day.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Runs blocking work (the store, judging) on a thread of the blocking pool. A panic of `work` continues in the
    /// caller.
    ///
    /// # Errors
    /// The errors of `work`.
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

    /// Runs the parsing of a foreign page on a thread of its own with a deep stack, one per core at most. The thread
    /// holds the permit: if the caller is cancelled, the core stays taken until the page is parsed.
    ///
    /// # Errors
    /// The errors of `work`; [`StoreError::Refused`] if the system cannot start a thread.
    pub async fn parsing<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = Arc::clone(&self.parsers).acquire_owned().await;
        let watcher = Arc::clone(self);
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let run = move || {
            let _permit = permit;
            let done = catch_unwind(AssertUnwindSafe(|| work(&watcher)));
            drop(sender.send(done));
        };
        let thread = std::thread::Builder::new().name("parser".to_owned()).stack_size(PARSER_STACK_BYTES);
        let refused = |why: String| StoreError::Refused { why };
        thread.spawn(run).map_err(|error| refused(format!("cannot start a thread to parse the page: {error}")))?;
        match receiver.await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => Err(refused("the thread that parsed the page ended without a result".to_owned())),
        }
    }
}
