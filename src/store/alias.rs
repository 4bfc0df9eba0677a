//! Article identity: finds the article that a feed entry belongs to. An entry matches by any
//! address the article ever had, by that address over the other of http and https, or by the guid
//! that its source gave to an earlier entry.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::draft::Draft;
use super::error::Fault;
use super::format::{AddressRecord, ArticleRecord, ForgottenRecord, GuidRecord, Hash, LinkRecord, LookRecord, Time};
use super::keys;
use super::poll::Arrival;
use super::record::put_address;
use super::state::Tree;
use crate::discover::{same_site, twin};
use crate::model::{ArticleId, Digest, SourceSlug};

/// Limit on how many times a day a changed entry makes its article due. Editors touch a developing
/// story a few times a day. A feed that stamps its entries anew at every fetch must not have its
/// articles fetched as often as it is polled.
const MAX_SIGNALS: u32 = 4;

/// Length of the day in which signals are counted. It begins with the first signal.
const SIGNALS_DAY: SignedDuration = SignedDuration::from_hours(24);

/// A poll counts as a rebuild of the feed if at least this many of its known entries changed, and
/// more than half of them: a new template changes every entry. In a smaller feed, a busy editor can
/// touch most entries within an hour.
const MIN_REMADE: usize = 8;

/// The way in which the article of an arrival was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FoundBy {
    /// By an address of the article.
    Address,
    /// By an address that differs only in http or https.
    Twin,
    /// By the guid.
    Guid,
}

/// Finds the article that an arrival belongs to; `None` if it is new. `listed` holds the addresses
/// of all arrivals of the poll.
pub(super) fn find_article(
    draft: &Draft<'_>,
    arrival: &Arrival,
    listed: &HashSet<Url>,
) -> Result<Option<(ArticleId, FoundBy)>, Fault> {
    if let Some(id) = article_at(draft, &arrival.url)? {
        return Ok(Some((id, FoundBy::Address)));
    }
    if let Some(twin) = twin(&arrival.url)
        && let Some(id) = article_at(draft, &twin)?
    {
        return Ok(Some((id, FoundBy::Twin)));
    }
    Ok(article_by_guid(draft, arrival, listed)?.map(|id| (id, FoundBy::Guid)))
}

/// Finds the forgotten article that this source once listed at this address, over http or https.
pub(super) fn find_forgotten(draft: &Draft<'_>, arrival: &Arrival) -> Result<Option<ArticleId>, Fault> {
    for url in [Some(arrival.url.clone()), twin(&arrival.url)].into_iter().flatten() {
        let key = keys::forgotten(&arrival.source, &keys::address(&url));
        if let Some(row) = draft.get::<ForgottenRecord>(Tree::Forgotten, &key)? {
            return Ok(Some(ArticleId(row.article)));
        }
    }
    Ok(None)
}

fn article_at(draft: &Draft<'_>, url: &Url) -> Result<Option<ArticleId>, Fault> {
    let row: Option<AddressRecord> = draft.get(Tree::Addresses, &keys::address(url))?;
    Ok(row.map(|row| ArticleId(row.article)))
}

/// Finds the article of an earlier entry with this guid from this source. Some feeds reuse guids.
/// So the entry counts as another article if it is on another site, or if the feed still lists the
/// known article's own address.
fn article_by_guid(draft: &Draft<'_>, arrival: &Arrival, listed: &HashSet<Url>) -> Result<Option<ArticleId>, Fault> {
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

/// Adds the arrival's address to the article. If it becomes the article's main address (the feed
/// moved it, or https replaces http), the article is fetched there from now on and becomes due.
/// Returns whether it became due.
pub(super) fn adopt_address(
    draft: &mut Draft<'_>,
    id: ArticleId,
    arrival: &Arrival,
    found: FoundBy,
) -> Result<bool, Fault> {
    put_address(draft, id, &arrival.url)?;
    let moves = match found {
        FoundBy::Address => false,
        FoundBy::Twin => arrival.url.scheme() == "https",
        FoundBy::Guid => true,
    };
    let article: Option<ArticleRecord> = draft.get(Tree::Articles, &keys::article(id))?;
    let Some(article) = article.filter(|_| moves) else { return Ok(false) };
    draft.put(Tree::Articles, keys::article(id), &article.at(arrival.url.clone()));
    make_due(draft, id, arrival.due)
}

/// Links the arrival's source to the article and stores its guid, update time and text hash. If the
/// entry changed since the last poll, makes the article due: only if `is_news`, and at most
/// [`MAX_SIGNALS`] times a day. Returns whether it became due.
pub(super) fn put_source(
    draft: &mut Draft<'_>,
    id: ArticleId,
    arrival: &Arrival,
    is_news: bool,
) -> Result<bool, Fault> {
    let before: Option<LinkRecord> = draft.get(Tree::Sources, &keys::source_of_article(id, &arrival.source))?;
    let guid = arrival.guid.as_ref().map(|guid| Hash(Digest::of(guid.as_bytes())));
    let signal =
        before.filter(|link| is_news && entry_changed(link, arrival)).and_then(|link| count_signal(&link, arrival.now));
    let (day, signals) = signal.unzip();
    let (since, updated) = (Time(arrival.now), arrival.updated.map(Time));
    put_link(draft, id, &arrival.source, &LinkRecord { since, guid, updated, text: arrival.text, day, signals })?;
    if signal.is_some() { make_due(draft, id, arrival.due) } else { Ok(false) }
}

/// Whether an entry has a later update time or another text than before. A value seen for the first
/// time is not a change.
fn entry_changed(link: &LinkRecord, arrival: &Arrival) -> bool {
    let is_later = link.updated.zip(arrival.updated).is_some_and(|(before, updated)| updated > before.0);
    is_later || link.text.zip(arrival.text).is_some_and(|(before, text)| text != before)
}

/// Counts one more signal at `now`. Returns the start of the day and the count in it, or `None` if
/// the day's signals are used up.
fn count_signal(link: &LinkRecord, now: Timestamp) -> Option<(Time, u32)> {
    let day = link.day.filter(|day| now.duration_since(day.0).abs() < SIGNALS_DAY);
    let count = day.and(link.signals).unwrap_or(0);
    (count < MAX_SIGNALS).then_some((day.unwrap_or(Time(now)), count + 1))
}

/// Whether the feed was rebuilt: more than half of its known entries changed in one poll, and at
/// least [`MIN_REMADE`].
pub(super) fn is_rebuilt(draft: &Draft<'_>, arrivals: &[Arrival], listed: &HashSet<Url>) -> Result<bool, Fault> {
    let (mut all, mut others) = (0, 0);
    for arrival in arrivals {
        let Some((id, _)) = find_article(draft, arrival, listed)? else { continue };
        let key = keys::source_of_article(id, &arrival.source);
        if let Some(link) = draft.get::<LinkRecord>(Tree::Sources, &key)? {
            all += 1;
            others += usize::from(entry_changed(&link, arrival));
        }
    }
    Ok(others >= MIN_REMADE && others * 2 > all)
}

/// Makes an article due by `at`. Returns false if the article is not watched.
fn make_due(draft: &mut Draft<'_>, id: ArticleId, at: Timestamp) -> Result<bool, Fault> {
    let look: Option<LookRecord> = draft.get(Tree::Looks, &keys::article(id))?;
    let Some(look) = look.and_then(|look| look.due_by(at)) else { return Ok(false) };
    draft.put(Tree::Looks, keys::article(id), &look);
    Ok(true)
}

/// Links a source to an article. An earlier link keeps its time, and its values where the new link
/// has none. Only the last guid per article and source is kept: a feed that makes new guids at
/// every fetch must not fill the store.
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
    let text = link.text.or(before.as_ref().and_then(|before| before.text));
    let day = link.day.or(before.as_ref().and_then(|before| before.day));
    let signals = link.signals.or(before.as_ref().and_then(|before| before.signals));
    let link = LinkRecord { since, guid: link.guid.or(old), updated, text, day, signals };
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
