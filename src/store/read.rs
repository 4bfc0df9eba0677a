//! Reads articles, their histories, and the data that the scheduler needs.

use jiff::Timestamp;
use url::Url;

use super::error::Fault;
use super::format::{
    AddressRecord, ArticleRecord, CountersRecord, EditHead, FormatRecord, LinkRecord, LookRecord, NotesRecord,
    PageRecord, RestRecord,
};
use super::state::{State, Tree};
use super::{Counts, Shared, SourceCounts, Store, StoreError, keys};
use crate::model::{Article, ArticleId, Digest, History, Host, Kept, Page, SourceSlug, VersionNumber};

impl Store {
    /// Returns the article with this id.
    ///
    /// # Errors
    /// If its rows cannot be read.
    pub fn article(&self, id: ArticleId) -> Result<Option<Article>, StoreError> {
        self.read(|shared| shared.article(id))
    }

    /// Finds the article that has, or ever had, this address.
    ///
    /// # Errors
    /// If the row cannot be read.
    pub fn find(&self, url: &Url) -> Result<Option<ArticleId>, StoreError> {
        self.read(|shared| {
            let row: Option<AddressRecord> = shared.state.get(Tree::Addresses, &keys::address(url))?;
            Ok(row.map(|row| ArticleId(row.article)))
        })
    }

    /// Lists all watched articles with address and due time. The scheduler's queue is built from it at the start.
    /// Reads two rows per article.
    ///
    /// # Errors
    /// If a row cannot be read.
    pub fn watches(&self) -> Result<Vec<(ArticleId, Url, Timestamp)>, StoreError> {
        self.read(Shared::watches)
    }

    /// Returns what a check of an article compares with: the article, its versions and its published edits.
    ///
    /// # Errors
    /// If a row or a text cannot be read.
    pub fn history(&self, id: ArticleId) -> Result<Option<History>, StoreError> {
        self.read(|shared| shared.article(id)?.map(|article| shared.history(article)).transpose())
    }

    /// Whether an article had this id and was forgotten since.
    ///
    /// # Errors
    /// If a row cannot be read.
    pub fn was_there(&self, id: ArticleId) -> Result<bool, StoreError> {
        self.read(|shared| {
            let counters: CountersRecord = shared.state.get(Tree::Meta, keys::COUNTERS)?.unwrap_or_default();
            Ok(id.0 > 0 && id.0 < counters.next_article && shared.article(id)?.is_none())
        })
    }

    /// Lists hosts that asked to be left alone, and until when. Rests that ended long ago are removed at the next
    /// start.
    ///
    /// # Errors
    /// If a row cannot be read.
    pub fn rests(&self) -> Result<Vec<(Host, Timestamp)>, StoreError> {
        self.read(|shared| {
            let mut rests = Vec::new();
            for row in shared.state.scan(Tree::Rests, &[]) {
                let row = row?;
                if let Some(rest) = shared.state.record::<RestRecord>(Tree::Rests, &row)? {
                    rests.push((parse_rest_host(&String::from_utf8_lossy(&row.0)), rest.until.0));
                }
            }
            Ok(rests)
        })
    }

    /// Returns the counts of a source. They are kept in memory.
    #[must_use]
    pub fn counts_of(&self, source: &SourceSlug) -> SourceCounts {
        self.inner.live.current().map(|shared| shared.tally.of_source(source)).unwrap_or_default()
    }

    /// Returns how many answers in a row said that the host is busy.
    ///
    /// # Errors
    /// If the row cannot be read.
    pub fn busy_times(&self, host: &Host) -> Result<u32, StoreError> {
        self.read(|shared| {
            let rest: Option<RestRecord> = shared.state.get(Tree::Rests, &keys::host(host))?;
            Ok(rest.map_or(0, |rest| rest.times.unwrap_or(1)))
        })
    }

    /// Returns the counts of the whole store. Reads one row and the sizes of the files.
    ///
    /// # Errors
    /// If that row cannot be read, which means that the store does not work.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        self.read(|shared| {
            let _: FormatRecord = shared.state.must(Tree::Meta, keys::FORMAT)?;
            Ok(shared.tally.counts(shared.state.engine().bytes() + shared.texts.engine().bytes()))
        })
    }
}

/// Parses the host from the key of a rest. The first release wrote a scheme before it.
fn parse_rest_host(key: &str) -> Host {
    if key.contains("://") {
        Url::parse(key).map_or_else(|_| Host::from(key), |url| Host::of(&url))
    } else {
        Host::from(key)
    }
}

impl Shared {
    pub(super) fn article(&self, id: ArticleId) -> Result<Option<Article>, Fault> {
        let key = keys::article(id);
        let Some(article) = self.state.get::<ArticleRecord>(Tree::Articles, &key)? else { return Ok(None) };
        // The article was merged into another between the two reads.
        let Some(look) = self.state.get::<LookRecord>(Tree::Looks, &key)? else { return Ok(None) };
        let notes: NotesRecord = self.state.get(Tree::Notes, &key)?.unwrap_or_default();
        let sources = Self::links(&self.state, id)?.into_iter().map(|(source, _)| source).collect();
        Ok(Some(article.article(id, sources, look, notes)))
    }

    /// The sources that list an article and the time each first did, oldest first.
    pub(super) fn links(state: &State, id: ArticleId) -> Result<Vec<(SourceSlug, Timestamp)>, Fault> {
        let mut links = Vec::new();
        for row in state.scan(Tree::Sources, &keys::article(id)) {
            let row = row?;
            let slug = String::from_utf8_lossy(row.0.get(size_of::<u64>()..).unwrap_or_default()).into_owned();
            let slug = slug.parse().map_err(|_| Fault::Damaged(format!("article {id} has a source {slug:?}")))?;
            if let Some(link) = state.record::<LinkRecord>(Tree::Sources, &row)? {
                links.push((slug, link.since.0));
            }
        }
        links.sort_by(|a: &(SourceSlug, Timestamp), b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        Ok(links)
    }

    fn watches(&self) -> Result<Vec<(ArticleId, Url, Timestamp)>, Fault> {
        let mut watches = Vec::new();
        for row in self.state.scan(Tree::Looks, &[]) {
            let row = row?;
            let look: Option<LookRecord> = self.state.record(Tree::Looks, &row)?;
            let Some(due) = look.and_then(|look| look.due()) else { continue };
            let Some(article) = self.state.get::<ArticleRecord>(Tree::Articles, &row.0)? else { continue };
            let id = keys::first_u64(&row.0).unwrap_or_default();
            watches.push((ArticleId(id), article.url.0, due));
        }
        Ok(watches)
    }

    fn history(&self, article: Article) -> Result<History, Fault> {
        let announced = article.announced.map(|number| self.kept(article.id, number)).transpose()?;
        let newer = article.latest.filter(|latest| Some(*latest) != article.announced);
        let latest = newer.map(|number| self.kept(article.id, number)).transpose()?;
        let identities = self.version_rows(article.id)?;
        let identities: Vec<(VersionNumber, Digest)> =
            identities.into_iter().map(|(number, row)| (number, row.identity())).collect();
        let published = self.published(article.id)?;
        Ok(History { article, announced, latest, identities, published })
    }

    fn kept(&self, id: ArticleId, number: VersionNumber) -> Result<Kept, Fault> {
        let version = self.version(id, number)?;
        let version = version.ok_or_else(|| Fault::Damaged(format!("version {number} of article {id} is missing")))?;
        Ok(Kept { version, page: self.page(id, number)? })
    }

    /// The page behind a version, if one is stored. A damaged page counts as absent, because it only serves to be
    /// extracted again.
    fn page(&self, id: ArticleId, number: VersionNumber) -> Result<Option<Page>, Fault> {
        let Some(row) = self.state.get::<PageRecord>(Tree::Pages, &keys::version(id, number))? else { return Ok(None) };
        match self.texts.read(row.text) {
            Ok(html) => Ok(Some(Page { url: row.url.0, html: String::from_utf8_lossy(&html).into_owned() })),
            Err(Fault::Damaged(why)) => {
                tracing::warn!(article.id = id.0, error = why, "the stored page of a version cannot be read");
                Ok(None)
            }
            Err(fault) => Err(fault),
        }
    }

    /// The versions before and after each published edit of an article, oldest first.
    fn published(&self, id: ArticleId) -> Result<Vec<(VersionNumber, VersionNumber)>, Fault> {
        let mut published = Vec::new();
        for row in self.state.scan(Tree::EditsOfArticle, &keys::article(id)) {
            let head: EditHead = self.state.must(Tree::Edits, &row?.1)?;
            if let (Some(from), Some(to)) = (head.from, head.to) {
                published.push((VersionNumber(from), VersionNumber(to)));
            }
        }
        Ok(published)
    }
}
