//! Asks the Internet Archive to store a copy of an article's page (Save Page Now). With a key through its programming
//! interface; without one by opening the address, as a browser does.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::config::Archive;
use crate::fetch::{Parcel, Unsent, Web, check_address};
use crate::model::{Fact, Trouble};

/// Shortest time between two requests to a public archive. It accepts twelve a minute with a key, fewer without.
pub(super) const LEAST_SPACING: SignedDuration = SignedDuration::from_secs(5);
/// Time limit of a request: without a key the archive makes the copy before it responds.
const TIMEOUT: Duration = Duration::from_mins(2);

/// Requests a copy of the page at `url`.
pub(super) async fn request_copy(web: &Web, archive: &Archive, url: &Url, now: Timestamp) -> Result<(), Unsent> {
    let Some(key) = &archive.key else { return open_save_page(web, archive, url, now).await };
    let mut parcel = Parcel::form(&archive.address, &[("url", url.as_str())], TIMEOUT);
    parcel.headers.push(("accept", "application/json".to_owned()));
    parcel.headers.push(("authorization", format!("LOW {}", key.reveal())));
    web.send(&parcel, now).await
}

/// Opens the address that makes a copy. The response redirects to the copy, which is not followed.
async fn open_save_page(web: &Web, archive: &Archive, url: &Url, now: Timestamp) -> Result<(), Unsent> {
    let place = format!("{}/{url}", archive.address.as_str().trim_end_matches('/'));
    let place = Url::parse(&place).map_err(|_| Trouble::Forbidden(Fact::new("the address names no host")))?;
    let parcel = Parcel { url: &place, headers: Vec::new(), body: None, timeout: TIMEOUT };
    match web.send(&parcel, now).await {
        Err(Unsent { trouble: Trouble::UnexpectedStatus(300..=399), .. }) => Ok(()),
        sent => sent,
    }
}

/// Whether the archive may learn an address: a public archive must not see addresses that only your own network can
/// reach.
pub(super) fn may_learn(archive: &Archive, url: &Url) -> bool {
    check_address(url, &[]).is_ok() || check_address(&archive.address, &[]).is_err()
}
