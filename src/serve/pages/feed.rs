//! What a person sees at a feed's address, where browsers would show its source.

use askama::Template;

use super::card::{Card, cards};
use super::filters;
use super::frame::Frame;
use super::phrases::Said;
use super::printed;
use crate::model::Feed;
use crate::render::{Format, address};
use crate::serve::House;
use crate::serve::answer::Answer;
use crate::serve::asked::Asked;
use crate::serve::problem::Problem;

#[derive(Template)]
#[template(path = "feed.html")]
struct Page {
    frame: Frame,
    title: String,
    /// The language of title and subtitle: that of our feeds.
    language: &'static str,
    subtitle: String,
    format: &'static str,
    address: String,
    home: String,
    cards: Vec<Card>,
}

/// The page at the address of `feed` in `format`.
pub(in crate::serve) fn page(house: &House, asked: &Asked, feed: &Feed, format: Format) -> Result<Answer, Problem> {
    printed(
        house,
        asked,
        &Page {
            frame: Frame::new(&house.site, Said::words(&feed.title), &feed.scope, &feed.title),
            title: feed.title.clone(),
            language: house.site.locale.tag(),
            subtitle: feed.subtitle.clone(),
            format: format.name(),
            address: address::on(&house.site, &address::narrowed(&feed.scope, format, &feed.narrowing)).into(),
            home: address::page(&feed.scope),
            cards: cards(house, &feed.edits, &feed.narrowing.words),
        },
    )
}
