//! Our hub is told which feeds changed (WebSub, <https://www.w3.org/TR/websub/>, section 4): it fetches them and tells those who
//! subscribed. All edits since the last time are told at once, so each feed is named once however much changed in it.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::fetch::{Parcel, Unsent};
use crate::model::{Edit, EditKind, Scope};
use crate::render::{Format, address};
use crate::watcher::Watcher;

/// Most edits told at once: of as many articles, with three feeds each.
pub(super) const MAX_EDITS: usize = 100;
/// Time between two rounds, in spacings of a host: half a minute, for the hub fetches every feed that it is told of.
pub(super) const SPACINGS: u32 = 15;
/// Longest time for one ping: a hub only takes note.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Tells the hub at `hub` of all feeds that these edits changed. Where it does not take one, all are told again: to hear of a feed
/// twice costs it one conditional request.
pub(super) async fn publish(watcher: &Watcher, hub: &Url, edits: &[Edit], now: Timestamp) -> Result<(), Unsent> {
    for feed in changed(watcher, edits) {
        let form = [("hub.mode", "publish"), ("hub.url", feed.as_str())];
        watcher.web.send(&Parcel::form(hub, &form, TIMEOUT), now).await?;
    }
    Ok(())
}

/// The addresses of the feeds that these edits are in, in every format: each is a topic of its own.
fn changed(watcher: &Watcher, edits: &[Edit]) -> BTreeSet<String> {
    let site = watcher.site();
    let scopes = edits.iter().flat_map(|edit| scopes(watcher, edit));
    let feed = |scope: Scope| Format::ALL.map(|format| address::on(&site, &address::feed(&scope, format)).into());
    scopes.flat_map(feed).collect()
}

/// The feeds that an edit is in: that of its article, and, unless it only says that the article is watched no more, those of its
/// sources and of everything.
fn scopes(watcher: &Watcher, edit: &Edit) -> Vec<Scope> {
    let mut scopes = vec![Scope::Article(edit.article)];
    if edit.kind != EditKind::Retired {
        let sources = edit.sources.iter().filter(|slug| watcher.source(slug).is_some());
        scopes.extend(sources.cloned().map(Scope::Source));
        scopes.push(Scope::Everything);
    }
    scopes
}
