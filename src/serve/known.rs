//! Sources as pages and feeds know them: those that are watched, and those that were.

use super::House;
use super::problem::Problem;
use crate::model::{Article, Source, SourceSlug};
use crate::render::plain;

impl House {
    /// The source with this slug, if it is watched.
    pub(super) fn source(&self, slug: &SourceSlug) -> Option<&Source> {
        self.sources.iter().find(|source| source.slug == *slug)
    }

    /// The last title of a source that is not configured any more; `None` if it was never watched here.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) fn former(&self, slug: &SourceSlug) -> Result<Option<String>, Problem> {
        if let Some(state) = self.store.poll_state(slug)? {
            return Ok(Some(plain(&state.known_as())));
        }
        let counts = self.store.counts_of(slug);
        Ok((counts.articles > 0 || counts.edits > 0).then(|| slug.to_string()))
    }

    /// Whether a source that leads to the article is still configured: else nobody looks at it.
    pub(super) fn watches(&self, article: &Article) -> bool {
        article.sources.iter().any(|slug| self.source(slug).is_some())
    }
}
