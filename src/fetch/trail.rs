//! The way of redirects, followed by hand.

use reqwest::header;
use reqwest::{Response, StatusCode};
use url::Url;

use super::head;
use crate::model::{Fact, Trouble};

/// The way from the address asked to the one that answers.
pub(super) struct Trail {
    pub(super) hop: Url,
    seen: Vec<Url>,
    /// Where lasting redirects led.
    pub(super) moved: Option<Url>,
    /// Whether there was none of another kind yet.
    is_lasting: bool,
}

impl Trail {
    pub(super) fn from(url: &Url) -> Self {
        Self { hop: url.clone(), seen: vec![url.clone()], moved: None, is_lasting: true }
    }

    /// Follows a redirect of this status.
    pub(super) fn go_on(&mut self, next: Url, status: StatusCode, most: usize) -> Result<(), Trouble> {
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

/// Where `response` sends us from `hop`, fragment off; none where it is no redirect.
pub(super) fn redirected(response: &Response, hop: &Url) -> Result<Option<Url>, Trouble> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = head::text(response.headers(), header::LOCATION) else {
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
