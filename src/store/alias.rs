//! Which article an entry leads to: by any address that ever did, by the same address over http or https, and by the guid that
//! its source gave to an entry before.

use std::collections::HashSet;

use jiff::Timestamp;
use url::Url;

use super::draft::Draft;
use super::error::Fault;
use super::format::{AddressRecord, ArticleRecord, GuidRecord, Hash, LinkRecord, LookRecord, Time};
use super::keys;
use super::poll::Arrival;
use super::record::put_address;
use super::state::Tree;
use crate::discover::{same_site, twin};
use crate::model::{ArticleId, Digest, SourceSlug};

/// Where the article of an arrival was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FoundBy {
    /// An address that leads to it.
    Address,
    /// The same address, but for http and https.
    Twin,
    /// The guid.
    Guid,
}

/// The article that an arrival leads to, if there is one. `listed` are the addresses of all arrivals of the poll.
pub(super) fn known(
    draft: &Draft<'_>,
    arrival: &Arrival,
    listed: &HashSet<Url>,
) -> Result<Option<(ArticleId, FoundBy)>, Fault> {
    if let Some(id) = at(draft, &arrival.url)? {
        return Ok(Some((id, FoundBy::Address)));
    }
    if let Some(twin) = twin(&arrival.url)
        && let Some(id) = at(draft, &twin)?
    {
        return Ok(Some((id, FoundBy::Twin)));
    }
    Ok(by_guid(draft, arrival, listed)?.map(|id| (id, FoundBy::Guid)))
}

fn at(draft: &Draft<'_>, url: &Url) -> Result<Option<ArticleId>, Fault> {
    let row: Option<AddressRecord> = draft.get(Tree::Addresses, &keys::address(url))?;
    Ok(row.map(|row| ArticleId(row.article)))
}

/// The article of an entry with this guid of this source. An entry on another site is another article, and so is one beside
/// which the feed still lists the article's own address: some feeds use a guid again.
fn by_guid(draft: &Draft<'_>, arrival: &Arrival, listed: &HashSet<Url>) -> Result<Option<ArticleId>, Fault> {
    let Some(guid) = &arrival.guid else { return Ok(None) };
    let Some(row) = draft.get::<GuidRecord>(Tree::Guids, &keys::guid(&arrival.source, &Digest::of(guid.as_bytes())))?
    else {
        return Ok(None);
    };
    let id = ArticleId(row.article);
    let Some(article) = draft.get::<ArticleRecord>(Tree::Articles, &keys::article(id))? else { return Ok(None) };
    let is_same = same_site(&article.url.0, &arrival.url) && !listed.contains(&article.url.0);
    Ok(is_same.then_some(id))
}

/// Lets the arrival's address lead to the article too. Where that is the article's address from now on (its feed says so, or it
/// is the safer of two), it is asked there; true then, and where it is watched it is due at once.
pub(super) fn follow(draft: &mut Draft<'_>, id: ArticleId, arrival: &Arrival, found: FoundBy) -> Result<bool, Fault> {
    put_address(draft, id, &arrival.url)?;
    let moves = match found {
        FoundBy::Address => false,
        FoundBy::Twin => arrival.url.scheme() == "https",
        FoundBy::Guid => true,
    };
    let article: Option<ArticleRecord> = draft.get(Tree::Articles, &keys::article(id))?;
    let Some(article) = article.filter(|_| moves) else { return Ok(false) };
    draft.put(Tree::Articles, keys::article(id), &article.at(arrival.url.clone()));
    hasten(draft, id, arrival.due)
}

/// Lets the arrival's source lead to the article, if it does not yet, and remembers the guid that it gave and when it was
/// updated. Says whether that is later than before and the article therefore due at once.
pub(super) fn put_source(draft: &mut Draft<'_>, id: ArticleId, arrival: &Arrival) -> Result<bool, Fault> {
    let key = keys::source_of_article(id, &arrival.source);
    let before = draft.get::<LinkRecord>(Tree::Sources, &key)?.and_then(|link| link.updated);
    let guid = arrival.guid.as_ref().map(|guid| Hash(Digest::of(guid.as_bytes())));
    let updated = arrival.updated.map(Time);
    put_link(draft, id, &arrival.source, &LinkRecord { since: Time(arrival.now), guid, updated })?;
    let is_later = before.zip(updated).is_some_and(|(before, updated)| updated.0 > before.0);
    if is_later { hasten(draft, id, arrival.due) } else { Ok(false) }
}

/// Makes an article due by then; says whether it is watched at all.
fn hasten(draft: &mut Draft<'_>, id: ArticleId, at: Timestamp) -> Result<bool, Fault> {
    let look: Option<LookRecord> = draft.get(Tree::Looks, &keys::article(id))?;
    let Some(look) = look.and_then(|look| look.due_by(at)) else { return Ok(false) };
    draft.put(Tree::Looks, keys::article(id), &look);
    Ok(true)
}

/// Lets a source lead to an article. Of an earlier link the time stays. Only the last guid is kept of each of an article's
/// sources: a feed that makes new ones at every fetch must not fill the store.
pub(super) fn put_link(
    draft: &mut Draft<'_>,
    id: ArticleId,
    source: &SourceSlug,
    link: &LinkRecord,
) -> Result<(), Fault> {
    let key = keys::source_of_article(id, source);
    let before: Option<LinkRecord> = draft.get(Tree::Sources, &key)?;
    let old = before.as_ref().and_then(|before| before.guid);
    let since = before.as_ref().map_or(link.since, |before| before.since);
    let updated = link.updated.or(before.as_ref().and_then(|before| before.updated));
    let link = LinkRecord { since, guid: link.guid.or(old), updated };
    if before.is_none() {
        draft.mark(Tree::ArticlesOfSource, keys::of_source(source, id.0), &[]);
    }
    if let Some(old) = old.filter(|old| Some(*old) != link.guid) {
        draft.remove(Tree::Guids, keys::guid(source, &old.0));
    }
    if let Some(guid) = link.guid {
        draft.put(Tree::Guids, keys::guid(source, &guid.0), &GuidRecord { article: id.0 });
    }
    draft.put(Tree::Sources, key, &link);
    Ok(())
}
