//! The page that says why there is none.

use askama::Template;
use http::StatusCode;

use super::frame::Frame;
use crate::model::Site;
use crate::serve::answer::Answer;
use crate::serve::problem::Problem;

#[derive(Template)]
#[template(path = "problem.html")]
struct Page {
    frame: Frame,
    title: &'static str,
    reason: String,
}

/// The page of `problem`; it needs no store.
pub(in crate::serve) fn page(site: &Site, problem: &Problem) -> Answer {
    let title = match problem.status() {
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::GONE if matches!(problem, Problem::Dropped(_)) => "No longer kept",
        StatusCode::GONE => "Taken down",
        StatusCode::BAD_REQUEST => "Not understood",
        StatusCode::METHOD_NOT_ALLOWED => "Read-only",
        _ => "Out of order",
    };
    let page = Page { frame: Frame::of_all(site, title), title, reason: problem.to_string() };
    let html = page.render().unwrap_or_else(|_| title.to_owned());
    Answer::page(html).with_status(problem.status())
}
