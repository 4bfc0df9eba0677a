//! Merging two articles that turn out to be one, before anything was stored for the second.

use super::alias::put_link;
use super::committer::Wear;
use super::draft::Draft;
use super::error::Fault;
use super::format::{AddressRecord, LinkRecord, LookRecord};
use super::state::Tree;
use super::tally::Change;
use super::{Shared, Store, StoreError, keys};
use crate::model::ArticleId;

impl Store {
    /// Merges `from`, which has no versions or edits yet, into `into`: its addresses and sources
    /// move over. Does nothing if `from` does not exist (any more) or equals `into`. Durable when
    /// this returns.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if `into` is unknown or `from` has versions or edits; otherwise if
    /// the disk failed.
    pub fn merge(&self, from: ArticleId, into: ArticleId) -> Result<(), StoreError> {
        self.write(Wear::Durable, Vec::new(), move |draft, _| {
            let mut change = Change::default();
            if from != into && draft.has(Tree::Articles, &keys::article(from))? {
                check_mergeable(draft, from, into)?;
                move_addresses(draft, from, into)?;
                move_sources(draft, from, into)?;
                remove_article(draft, from, &mut change)?;
            }
            Ok((Wear::Durable, change, ()))
        })
    }
}

fn check_mergeable(draft: &Draft<'_>, from: ArticleId, into: ArticleId) -> Result<(), Fault> {
    if !draft.has(Tree::Articles, &keys::article(into))? {
        return Err(Fault::Refused(format!("article {into} is not in the store")));
    }
    for tree in [Tree::Versions, Tree::EditsOfArticle] {
        if draft.before().scan(tree, &keys::article(from)).next().transpose()?.is_some() {
            return Err(Fault::Refused(format!("article {from} has {} and cannot be merged", tree.name())));
        }
    }
    Ok(())
}

fn move_addresses(draft: &mut Draft<'_>, from: ArticleId, into: ArticleId) -> Result<(), Fault> {
    for row in draft.before().scan(Tree::AddressesOfArticle, &keys::article(from)) {
        let (key, _) = row?;
        let hash = key.get(size_of::<u64>()..).unwrap_or_default().to_vec();
        draft.remove(Tree::AddressesOfArticle, key.to_vec());
        if let Some(address) = draft.get::<AddressRecord>(Tree::Addresses, &hash)? {
            draft.mark(Tree::AddressesOfArticle, keys::address_of_article(into, &address.url.0), &[]);
            draft.put(Tree::Addresses, hash, &AddressRecord { article: into.0, ..address });
        }
    }
    Ok(())
}

fn move_sources(draft: &mut Draft<'_>, from: ArticleId, into: ArticleId) -> Result<(), Fault> {
    for (source, _) in Shared::links(draft.before(), from)? {
        let key = keys::source_of_article(from, &source);
        let link: Option<LinkRecord> = draft.get(Tree::Sources, &key)?;
        draft.remove(Tree::Sources, key);
        draft.remove(Tree::ArticlesOfSource, keys::of_source(&source, from.0));
        if let Some(link) = link {
            put_link(draft, into, &source, &link)?;
        }
    }
    Ok(())
}

fn remove_article(draft: &mut Draft<'_>, id: ArticleId, change: &mut Change) -> Result<(), Fault> {
    let look: Option<LookRecord> = draft.get(Tree::Looks, &keys::article(id))?;
    change.watched -= i64::from(look.is_some_and(|look| look.due().is_some()));
    change.articles -= 1;
    for tree in [Tree::Articles, Tree::Looks, Tree::Notes] {
        draft.remove(tree, keys::article(id));
    }
    Ok(())
}
