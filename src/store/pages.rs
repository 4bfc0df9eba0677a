//! Pages (HTML) behind versions: of the newest version, and of the version that feeds published
//! last. Pages of one article differ little, so each is packed as a difference to the one before:
//! 35 KB for the first, a few hundred bytes for the next (`docs/store-format.md`). A page's base
//! stays as long as the page does.

use std::collections::HashSet;

use super::codec::{Base, Effort, Packed};
use super::draft::Draft;
use super::error::Fault;
use super::format::{PageRecord, TextRef};
use super::state::Tree;
use super::{Shared, keys};
use crate::model::{Article, ArticleId, Digest, Page, VersionNumber};

/// The stored pages of an article.
#[derive(Debug, Default)]
pub(super) struct KeptPages {
    /// The pages, oldest first, each with the places of all texts that it is built from.
    pages: Vec<(VersionNumber, Vec<TextRef>)>,
    /// The texts that the next page is built on.
    base: Vec<TextRef>,
}

impl Shared {
    /// Reads the stored pages of an article.
    pub(super) fn kept_pages(&self, id: ArticleId) -> Result<KeptPages, Fault> {
        let mut pages = Vec::new();
        for row in self.state.scan(Tree::Pages, &keys::article(id)) {
            let row = row?;
            let Some(page) = self.state.record::<PageRecord>(Tree::Pages, &row)? else { continue };
            let texts = match self.texts.chain(page.text) {
                Err(Fault::Damaged(_)) => vec![page.text],
                texts => texts?,
            };
            pages.push((VersionNumber(keys::last_u32(&row.0).unwrap_or_default()), texts));
        }
        Ok(KeptPages { pages, base: Vec::new() })
    }

    /// Packs a page, built on the newest stored page; alone if there is none or it cannot be read.
    pub(super) fn pack_page(&self, kept: &mut KeptPages, page: &Page) -> Result<Packed, Fault> {
        let newest = kept.pages.last().map(|(_, texts)| texts.clone()).unwrap_or_default();
        let base = match newest.first().copied().map(|place| (place, self.texts.read_with_depth(place))) {
            Some((place, Ok((text, depth)))) => Some(Base { place, text, depth }),
            None | Some((_, Err(Fault::Damaged(_)))) => None,
            Some((_, Err(fault))) => return Err(fault),
        };
        let packed = Packed::built_on(base.as_ref(), page.html.as_bytes(), Effort::Passing)?;
        kept.base = if packed.depth() > 0 { newest } else { Vec::new() };
        Ok(packed)
    }

    /// Whether exactly this page is already stored behind the article's newest version.
    pub(super) fn has_page(&self, article: &Article, page: &Page, digest: Digest) -> bool {
        let key = article.latest.map(|latest| keys::version(article.id, latest));
        let kept = key.and_then(|key| self.state.get::<PageRecord>(Tree::Pages, &key).ok().flatten());
        kept.is_some_and(|kept| kept.digest.0 == digest && kept.url.0 == page.url)
    }
}

impl KeptPages {
    /// The texts of all pages.
    pub(super) fn texts(&self) -> HashSet<TextRef> {
        self.pages.iter().flat_map(|(_, texts)| texts.iter().copied()).collect()
    }

    /// The versions that have pages.
    pub(super) fn versions(&self) -> impl Iterator<Item = VersionNumber> {
        self.pages.iter().map(|(number, _)| *number)
    }

    /// Stores `page` behind the newest version, and removes the pages of all versions except that
    /// one and the one that feeds published last. If the stored pages changed meanwhile, so that
    /// the base of `page` may be gone, `page` is dropped; the next one is stored instead.
    pub(super) fn put(self, draft: &mut Draft<'_>, article: &Article, page: Option<PageRecord>) -> Result<(), Fault> {
        let key = |number| keys::version(article.id, number);
        for (number, texts) in &self.pages {
            let row: Option<PageRecord> = draft.get(Tree::Pages, &key(*number))?;
            if row.is_none_or(|row| texts.first() != Some(&row.text)) {
                if let Some(page) = page {
                    draft.forget(page.text);
                }
                return Ok(());
            }
        }
        let mut used = HashSet::new();
        let is_replaced = |number| page.is_some() && article.latest == Some(number);
        let stays = |number| [article.latest, article.announced].contains(&Some(number)) && !is_replaced(number);
        for (number, texts) in &self.pages {
            if stays(*number) {
                used.extend(texts);
            } else {
                draft.remove(Tree::Pages, key(*number));
            }
        }
        match (page, article.latest) {
            (Some(page), Some(latest)) => {
                used.extend(&self.base);
                draft.put(Tree::Pages, key(latest), &page);
            }
            (Some(page), None) => draft.forget(page.text),
            (None, _) => {}
        }
        self.texts().difference(&used).for_each(|text| draft.forget(*text));
        Ok(())
    }
}
