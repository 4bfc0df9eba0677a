//! The Internet Archive is asked to copy an article's page (Save Page Now): with a key by its interface for programs, without one as a
//! browser does that goes to the address.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::config::Archive;
use crate::fetch::{Parcel, Unsent, Web, check_address};
use crate::model::{Fact, Trouble};

/// Least time between two questions to a public archive: it takes twelve a minute of those with a key, fewer of others.
pub(super) const LEAST_SPACING: SignedDuration = SignedDuration::from_secs(5);
/// Longest time for one question: without a key it copies before it answers.
const TIMEOUT: Duration = Duration::from_mins(2);

/// Asks for a copy of the page at `url`.
pub(super) async fn ask(web: &Web, archive: &Archive, url: &Url, now: Timestamp) -> Result<(), Unsent> {
    let Some(key) = &archive.key else { return visit(web, archive, url, now).await };
    let mut parcel = Parcel::form(&archive.address, &[("url", url.as_str())], TIMEOUT);
    parcel.headers.push(("accept", "application/json".to_owned()));
    parcel.headers.push(("authorization", format!("LOW {}", key.reveal())));
    web.send(&parcel, now).await
}

/// Goes to the address that makes a copy, and not where it leads then: to the copy.
async fn visit(web: &Web, archive: &Archive, url: &Url, now: Timestamp) -> Result<(), Unsent> {
    let place = format!("{}/{url}", archive.address.as_str().trim_end_matches('/'));
    let place = Url::parse(&place).map_err(|_| Trouble::Forbidden(Fact::new("the address names no host")))?;
    let parcel = Parcel { url: &place, headers: Vec::new(), body: None, timeout: TIMEOUT };
    match web.send(&parcel, now).await {
        Err(Unsent { trouble: Trouble::UnexpectedStatus(300..=399), .. }) => Ok(()),
        sent => sent,
    }
}

/// Whether an archive may be told of an address: a public one is not told what only your own network can reach.
pub(super) fn may_be_told(archive: &Archive, url: &Url) -> bool {
    check_address(url, &[]).is_ok() || check_address(&archive.address, &[]).is_err()
}
