//! What every look needs: the store, the web, the operator's choices, the time.

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

/// The stack of a thread that reads what strangers wrote. Parsers recurse with the nesting of their input; a thread's usual
/// 2 MiB are no more than twice what the deepest page within our limits was seen to need, and an overflow ends the process.
const PARSER_STACK_BYTES: usize = 8 << 20;

/// Shared by all looks and polls of one daemon.
#[derive(Debug)]
pub struct Watcher {
    /// Where everything is kept.
    pub store: Store,
    /// The HTTP client.
    pub web: Web,
    /// One that may ask private addresses, too, where a webhook needs it: the operator named its address.
    pub private_web: Option<Web>,
    /// What the operator chose.
    pub config: Arc<Config>,
    /// What is counted.
    pub metrics: Metrics,
    /// What hubs told of.
    pub pushes: Arc<Pushes>,
    /// Says that edits were published or versions kept.
    pub news: watch::Sender<()>,
    /// The time of day.
    pub clock: Clock,
    /// How much is kept.
    pub retention: Retention,
    by_slug: HashMap<SourceSlug, usize>,
    /// How each source is judged, as far as it was asked for; forgotten when something is learned.
    judging: Mutex<HashMap<SourceSlug, Arc<Judging>>>,
    /// What the articles of each host showed lately.
    recent: Mutex<HashMap<Host, Recent>>,
    /// One permit a core: more pages at once would only take memory.
    parsers: Arc<Semaphore>,
}

/// How much is kept, as the operator chose.
fn retention(config: &Config) -> Retention {
    let sources = config.sources.iter().map(|source| (source.slug.clone(), source.keeping)).collect();
    Retention { all: config.keeping, sources, entries: config.publish.entries }
}

impl Watcher {
    /// Brings the parts together.
    #[must_use]
    pub fn new(store: Store, web: Web, config: Arc<Config>, metrics: Metrics, clock: Clock) -> Self {
        let by_slug = config.sources.iter().enumerate().map(|(index, source)| (source.slug.clone(), index)).collect();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let retention = retention(&config);
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

    /// What our addresses and ids are made of.
    #[must_use]
    pub fn site(&self) -> Site {
        let (authority, since) = self.store.origin();
        let publish = &self.config.publish;
        let (title, base_url) = (publish.title.clone(), publish.base_url.clone());
        Site { title, base_url, authority, since, locale: publish.locale, hub: publish.websub_hub.clone() }
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

    /// What the articles at the host of `url` showed lately, as it is now.
    #[must_use]
    pub fn recent(&self, url: &Url) -> Recent {
        self.recent_of_all().get(&Host::of(url)).cloned().unwrap_or_default()
    }

    /// Notes that an article at `url` is watched.
    pub fn know(&self, url: &Url, article: ArticleId) {
        self.recent_of_all().entry(Host::of(url)).or_default().know(article);
    }

    /// Notes what a look at `url` showed, and learns what many articles of the host have in common since lately.
    ///
    /// # Errors
    /// When the store failed.
    pub fn glance(&self, url: &Url, glance: Glance) -> Result<(), StoreError> {
        let common = {
            let mut all = self.recent_of_all();
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

    fn recent_of_all(&self) -> MutexGuard<'_, HashMap<Host, Recent>> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// Runs what reads a stranger's page on a thread of its own with a deep stack, at most one a core at once. The permit is
    /// the thread's: whoever waits may give up, the place is taken until the page is read.
    ///
    /// # Errors
    /// Those of `work`; [`StoreError::Refused`] where the machine gives no thread.
    pub async fn parsing<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = Arc::clone(&self.parsers).acquire_owned().await;
        let watcher = Arc::clone(self);
        let (tell, told) = tokio::sync::oneshot::channel();
        let labour = move || {
            let _permit = permit;
            let done = catch_unwind(AssertUnwindSafe(|| work(&watcher)));
            drop(tell.send(done));
        };
        let thread = std::thread::Builder::new().name("parser".to_owned()).stack_size(PARSER_STACK_BYTES);
        let refused = |why: String| StoreError::Refused { why };
        thread.spawn(labour).map_err(|error| refused(format!("no thread to read the page on: {error}")))?;
        match told.await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => Err(refused("the thread that read the page is gone".to_owned())),
        }
    }
}
