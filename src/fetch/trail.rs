//! Follows redirects and remembers where they led.

use reqwest::header;
use reqwest::{Response, StatusCode};
use url::Url;

use super::head;
use crate::model::{Fact, Trouble};

/// Path of one request through its redirects.
pub(super) struct Trail {
    pub(super) hop: Url,
    seen: Vec<Url>,
    /// Target of the permanent redirects (301, 308) at the beginning of the path.
    pub(super) moved: Option<Url>,
    /// Whether all redirects so far were permanent.
    is_lasting: bool,
}

impl Trail {
    pub(super) fn from(url: &Url) -> Self {
        Self { hop: url.clone(), seen: vec![url.clone()], moved: None, is_lasting: true }
    }

    /// Takes one redirect with this status; fails if it closes a circle, or if there were `most` redirects already.
    pub(super) fn follow_redirect(&mut self, next: Url, status: StatusCode, most: usize) -> Result<(), Trouble> {
        if self.seen.contains(&next) {
            return Err(Trouble::BadRedirect(Fact::new("it leads round in a circle")));
        }
        if self.seen.len() > most {
            return Err(Trouble::BadRedirect(Fact::new("more than {most} in a row").with(most)));
        }
        self.is_lasting &= matches!(status, StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT);
        if self.is_lasting {
            self.moved = Some(next.clone());
        }
        self.seen.push(next.clone());
        self.hop = next;
        Ok(())
    }
}

/// Target of the redirect in `response` to a request for `hop`, without its fragment. `None` if the response is not a
/// redirect.
pub(super) fn redirect_target(response: &Response, hop: &Url) -> Result<Option<Url>, Trouble> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = head::header_text(response.headers(), header::LOCATION) else {
        return Err(Trouble::UnexpectedStatus(response.status().as_u16()));
    };
    let bad = |_| {
        Trouble::BadRedirect(
            Fact::new("{location} is no address").quoting(location.chars().take(200).collect::<String>()),
        )
    };
    let mut next = hop.join(location.trim()).map_err(bad)?;
    next.set_fragment(None);
    Ok(Some(next))
}
