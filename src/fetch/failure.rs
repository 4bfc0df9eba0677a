//! What the HTTP client calls an error, said as a site's trouble.

use std::error::Error;

use super::guard::not_public;
use super::lookup::LookupError;
use crate::model::{Fact, Trouble};

/// Longest words taken from a foreign error, in characters.
const MAX_WORDS: usize = 200;

/// What went wrong before the body.
pub(super) fn before_body(error: &reqwest::Error) -> Trouble {
    match causes(error).find_map(|cause| cause.downcast_ref::<LookupError>()) {
        Some(LookupError::TooSlow(_)) => return Trouble::Timeout("looking up the host"),
        Some(LookupError::Forbidden(host, address)) => {
            let why = Fact::new("{host} leads to {why}").with(host.as_str()).with(not_public(*address));
            return Trouble::Forbidden(why);
        }
        Some(failed @ LookupError::Failed(..)) => return Trouble::Unreachable(failed.to_string()),
        None => {}
    }
    match (error.is_timeout(), error.is_connect()) {
        (true, true) => Trouble::Timeout("connecting"),
        (true, false) => Trouble::Timeout("waiting for the first byte"),
        (false, _) => Trouble::Unreachable(words(error)),
    }
}

/// What went wrong within the body.
pub(super) fn within_body(error: &reqwest::Error) -> Trouble {
    if error.is_timeout() { Trouble::Timeout("waiting for more of the body") } else { Trouble::Broken(words(error)) }
}

/// The innermost cause: the outer ones only say that there is one.
fn words(error: &reqwest::Error) -> String {
    let cause = causes(error).last().map_or_else(|| error.to_string(), ToString::to_string);
    cause.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_WORDS).collect()
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}
