//! Forgetting an article: collects all of its rows and texts for deletion. Only its addresses per
//! source stay, so that a source which lists it for ever does not bring it back.

use jiff::Timestamp;

use super::error::Fault;
use super::format::{EditHead, EditRecord, ForgottenRecord, LinkRecord, Record, Time};
use super::state::{State, Tree};
use super::sweep::{Dropping, text_chains};
use super::{Shared, keys, keywords};
use crate::model::{Article, ArticleId, Edit, Scope};

impl Dropping {
    /// Adds every row and text of an article that is no longer watched.
    pub(super) fn forget(&mut self, shared: &Shared, article: &Article, now: Timestamp) -> Result<(), Fault> {
        let (state, id) = (&shared.state, article.id);
        self.edits(shared, id)?;
        self.pages(shared)?;
        let versions = shared.version_rows(id)?;
        self.texts.extend(text_chains(shared, &versions)?);
        self.change.versions -= i64::try_from(versions.len()).unwrap_or(i64::MAX);
        self.addresses(state, article, now)?;
        self.sources(state, article)?;
        for tree in [Tree::Articles, Tree::Looks, Tree::Notes, Tree::Versions] {
            for row in state.scan(tree, &keys::article(id)) {
                self.rows.push((tree, row?.0.to_vec(), None));
            }
        }
        self.rows.push((Tree::Stamps, keys::scope(&Scope::Article(id)), None));
        self.change.articles -= 1;
        Ok(())
    }

    fn edits(&mut self, shared: &Shared, id: ArticleId) -> Result<(), Fault> {
        for row in shared.state.scan(Tree::EditsOfArticle, &keys::article(id)) {
            let (key, sequence) = row?;
            let head: EditHead = shared.state.must(Tree::Edits, &sequence)?;
            let edit: Edit = EditRecord::unpack(&shared.texts.read(head.text)?)?.into();
            let number = keys::last_u64(&sequence).unwrap_or_default();
            self.rows
                .extend(edit.sources.iter().map(|source| (Tree::EditsOfSource, keys::of_source(source, number), None)));
            self.rows.push((Tree::EditsOfArticle, key.to_vec(), None));
            self.rows.push((Tree::Edits, sequence.to_vec(), None));
            self.rows.extend(keywords::removal_rows(&shared.state, &sequence)?);
            self.texts.push(head.text);
            self.change.edits -= 1;
        }
        Ok(())
    }

    fn addresses(&mut self, state: &State, article: &Article, now: Timestamp) -> Result<(), Fault> {
        let forgotten = ForgottenRecord { article: article.id.0, at: Time(now) }.pack();
        for row in state.scan(Tree::AddressesOfArticle, &keys::article(article.id)) {
            let (key, _) = row?;
            let hash = key.get(size_of::<u64>()..).unwrap_or_default().to_vec();
            self.rows.extend(
                article
                    .sources
                    .iter()
                    .map(|source| (Tree::Forgotten, keys::forgotten(source, &hash), Some(forgotten.clone()))),
            );
            self.rows.push((Tree::AddressesOfArticle, key.to_vec(), None));
            self.rows.push((Tree::Addresses, hash, None));
        }
        Ok(())
    }

    fn sources(&mut self, state: &State, article: &Article) -> Result<(), Fault> {
        for source in &article.sources {
            let key = keys::source_of_article(article.id, source);
            let link: Option<LinkRecord> = state.get(Tree::Sources, &key)?;
            let guid = link.and_then(|link| link.guid);
            self.rows.extend(guid.map(|guid| (Tree::Guids, keys::guid(source, &guid.0), None)));
            self.rows.push((Tree::ArticlesOfSource, keys::of_source(source, article.id.0), None));
            self.rows.push((Tree::Sources, key, None));
        }
        Ok(())
    }
}
