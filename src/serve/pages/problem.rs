//! The page that says why there is none.

use askama::Template;
use http::{HeaderMap, StatusCode};

use super::filters;
use super::frame::Frame;
use super::phrases::{Phrases, Said};
use super::words::searched;
use crate::model::Site;
use crate::render::plain;
use crate::serve::answer::Answer;
use crate::serve::preference::locale;
use crate::serve::problem::Problem;

#[derive(Template)]
#[template(path = "problem.html")]
struct Page {
    frame: Frame,
    title: Said,
    reason: Said,
    /// What the operator says of it, and the language of the site; empty where that is nothing.
    own: String,
    own_language: &'static str,
    /// Where there is more of it, below the root; empty where there is not.
    search: String,
}

/// The page of `problem`; it needs no store.
pub(in crate::serve) fn page(site: &Site, headers: &HeaderMap, problem: &Problem) -> Answer {
    let title = match problem.status() {
        StatusCode::NOT_FOUND => Said::new("Not found"),
        StatusCode::GONE if matches!(problem, Problem::Dropped(_)) => Said::new("No longer kept"),
        StatusCode::GONE if matches!(problem, Problem::Unwatched { .. }) => Said::new("No longer watched"),
        StatusCode::GONE => Said::new("Taken down"),
        StatusCode::BAD_REQUEST => Said::new("Not understood"),
        StatusCode::METHOD_NOT_ALLOWED => Said::new("Read-only"),
        _ => Said::new("Out of order"),
    };
    let own = if let Problem::Gone(why) = problem { plain(why) } else { String::new() };
    let search = if let Problem::Unwatched { slug, .. } = problem { searched(slug) } else { String::new() };
    let page = Page {
        search,
        frame: Frame::of_all(site, title.clone()),
        title,
        reason: problem.said(),
        own,
        own_language: site.locale.tag(),
    };
    let locale = locale(headers, site.locale);
    let html = page.render_with_values(&Phrases(locale)).unwrap_or_else(|_| problem.said().to_string());
    Answer::page(html).with_status(problem.status())
}
