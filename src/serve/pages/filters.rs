//! What templates can do with values: say them in the language of whoever reads the page.

// What askama's macro makes of these functions is its own affair.
#![allow(unreachable_pub, clippy::inline_always, clippy::unnecessary_wraps, clippy::unused_self)]

use std::any::Any;

use askama::{Result, Values, get_value};

use super::facts::html;
use super::phrases::{Phrases, Speak};
use crate::model::Fact;

/// The name under which a page's phrases are handed to its template.
const PHRASES: &str = "phrases";

impl Values for Phrases {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        (key == PHRASES).then_some(self)
    }
}

fn phrases(values: &dyn Values) -> Phrases {
    get_value(values, PHRASES).copied().unwrap_or_default()
}

/// A phrase, a moment, a class and so on in words.
#[askama::filter_fn]
pub(super) fn say(value: impl Speak, values: &dyn Values) -> Result<String> {
    Ok(value.speak(phrases(values)))
}

/// A fact as HTML; words of others are in `language`, where it is known.
#[askama::filter_fn]
pub(super) fn told(fact: &Fact, values: &dyn Values, language: &str) -> Result<String> {
    Ok(html(fact, phrases(values), language))
}

/// A phrase about so many.
#[askama::filter_fn]
pub(super) fn count(english: &str, values: &dyn Values, number: &u64) -> Result<String> {
    Ok(phrases(values).count(english, *number))
}

/// What stands before (0) or after (1) the place of a phrase, where HTML comes into it.
#[askama::filter_fn]
pub(super) fn around(english: &str, values: &dyn Values, side: usize) -> Result<String> {
    let (before, after) = phrases(values).around(english);
    Ok(if side == 0 { before } else { after }.to_owned())
}
