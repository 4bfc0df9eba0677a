//! Notifies our hub which feeds changed (WebSub, <https://www.w3.org/TR/websub/>, section 4); the hub fetches them and
//! informs its subscribers. All edits since the last notification are sent together, so each feed is named once however
//! much changed in it.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::fetch::{Parcel, Unsent};
use crate::model::{Edit, EditKind, Scope};
use crate::render::{Format, address};
use crate::watcher::Watcher;

/// Most edits in one notification; each is in three feeds or more.
pub(super) const MAX_EDITS: usize = 100;
/// Time between two notifications, in spacings of a host: half a minute, because the hub fetches every feed that is
/// named.
pub(super) const SPACINGS: u32 = 15;
/// Time limit of one request: a hub only records it.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Notifies the hub at `hub` of all feeds that these edits are in. If one request fails, all are repeated later; a
/// repeated one costs the hub a conditional request.
pub(super) async fn publish(watcher: &Watcher, hub: &Url, edits: &[Edit], now: Timestamp) -> Result<(), Unsent> {
    for feed in changed_feeds(watcher, edits) {
        let form = [("hub.mode", "publish"), ("hub.url", feed.as_str())];
        watcher.web.send(&Parcel::form(hub, &form, TIMEOUT), now).await?;
    }
    Ok(())
}

/// The addresses of the feeds that these edits are in, in every format, because each format is a topic of its own.
fn changed_feeds(watcher: &Watcher, edits: &[Edit]) -> BTreeSet<String> {
    let site = watcher.site();
    let scopes = edits.iter().flat_map(|edit| scopes_of(watcher, edit));
    let feed = |scope: Scope| Format::ALL.map(|format| address::on(&site, &address::feed(&scope, format)).into());
    scopes.flat_map(feed).collect()
}

/// The feeds that contain an edit: the one of its article and, unless the edit only says that the article is no longer
/// watched, those of its sources and the feed of everything.
fn scopes_of(watcher: &Watcher, edit: &Edit) -> Vec<Scope> {
    let mut scopes = vec![Scope::Article(edit.article)];
    if edit.kind != EditKind::Retired {
        let sources = edit.sources.iter().filter(|slug| watcher.source(slug).is_some());
        scopes.extend(sources.cloned().map(Scope::Source));
        scopes.push(Scope::Everything);
    }
    scopes
}
