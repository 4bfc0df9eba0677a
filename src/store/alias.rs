//! Which article an entry leads to: by any address that ever did, by the same address over http or https, and by the guid that
//! its source gave to an entry before.

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

/// How often a day an entry's change makes its article due. Editors at work on a story touch it a few times a day; a feed that
/// stamps its entries anew at every fetch must not have its articles fetched at the pace of its polls.
const MAX_SIGNALS: u32 = 4;

/// The day in which signals are counted; it begins with the first of them.
const SIGNALS_DAY: SignedDuration = SignedDuration::from_hours(24);

/// At least so many entries changed in one poll, and more than half of the known ones, when a feed was made anew: a new template
/// changes them all. In a feed of fewer a busy editor can touch most within an hour.
const MIN_REMADE: usize = 8;

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

/// The article that this source had at this address, over http or https, and that was forgotten since.
pub(super) fn forgotten(draft: &Draft<'_>, arrival: &Arrival) -> Result<Option<ArticleId>, Fault> {
    for url in [Some(arrival.url.clone()), twin(&arrival.url)].into_iter().flatten() {
        let key = keys::forgotten(&arrival.source, &keys::address(&url));
        if let Some(row) = draft.get::<ForgottenRecord>(Tree::Forgotten, &key)? {
            return Ok(Some(ArticleId(row.article)));
        }
    }
    Ok(None)
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

/// Lets the arrival's source lead to the article, if it does not yet, and remembers the guid that it gave, when it was updated
/// and its text. Says whether its entry changed since, which makes the article due at once: where `is_news`, and at most
/// [`MAX_SIGNALS`] times a day.
pub(super) fn put_source(
    draft: &mut Draft<'_>,
    id: ArticleId,
    arrival: &Arrival,
    is_news: bool,
) -> Result<bool, Fault> {
    let before: Option<LinkRecord> = draft.get(Tree::Sources, &keys::source_of_article(id, &arrival.source))?;
    let guid = arrival.guid.as_ref().map(|guid| Hash(Digest::of(guid.as_bytes())));
    let signal = before.filter(|link| is_news && changed(link, arrival)).and_then(|link| counted(&link, arrival.now));
    let (day, signals) = signal.unzip();
    let (since, updated) = (Time(arrival.now), arrival.updated.map(Time));
    put_link(draft, id, &arrival.source, &LinkRecord { since, guid, updated, text: arrival.text, day, signals })?;
    if signal.is_some() { hasten(draft, id, arrival.due) } else { Ok(false) }
}

/// Whether an entry says that it was updated later than before, or has another text. What is learned for the first time is no
/// change.
fn changed(link: &LinkRecord, arrival: &Arrival) -> bool {
    let is_later = link.updated.zip(arrival.updated).is_some_and(|(before, updated)| updated > before.0);
    is_later || link.text.zip(arrival.text).is_some_and(|(before, text)| text != before)
}

/// The day and the count in it with one more signal at `now`; none where the day's are used up.
fn counted(link: &LinkRecord, now: Timestamp) -> Option<(Time, u32)> {
    let day = link.day.filter(|day| now.duration_since(day.0).abs() < SIGNALS_DAY);
    let count = day.and(link.signals).unwrap_or(0);
    (count < MAX_SIGNALS).then_some((day.unwrap_or(Time(now)), count + 1))
}

/// Whether a feed was made anew: so many of its known entries changed in one poll that none of them is news.
pub(super) fn are_remade(draft: &Draft<'_>, arrivals: &[Arrival], listed: &HashSet<Url>) -> Result<bool, Fault> {
    let (mut all, mut others) = (0, 0);
    for arrival in arrivals {
        let Some((id, _)) = known(draft, arrival, listed)? else { continue };
        let key = keys::source_of_article(id, &arrival.source);
        if let Some(link) = draft.get::<LinkRecord>(Tree::Sources, &key)? {
            all += 1;
            others += usize::from(changed(&link, arrival));
        }
    }
    Ok(others >= MIN_REMADE && others * 2 > all)
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
