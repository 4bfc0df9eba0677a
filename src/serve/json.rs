//! Answers for programs.

use serde::Serialize;

use super::House;
use super::answer::Answer;
use super::asked::Asked;
use super::problem::Problem;
use super::standing::{report, reports, standing};
use crate::outbox;

/// How long a program may keep an answer, in seconds: as long as a browser a page.
const MAX_AGE_S: u32 = 30;

#[derive(Serialize)]
struct Outbox {
    outbox: Vec<outbox::DispatchReport>,
}

#[derive(Serialize)]
struct Sources<T> {
    sources: T,
}

/// `/sources.json`
pub(super) fn sources(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    asked.check_names(&[])?;
    let sources = reports(&house.store, &house.config, &house.sources, house.clock.now())?;
    json(&Sources { sources })
}

/// `/sources/SLUG.json`
pub(super) fn source(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    asked.check_names(&[])?;
    let source = asked.source(house)?;
    json(&report(source, standing(&house.store, &house.config, source, house.clock.now())?))
}

/// `/outbox.json`: who is told of edits, and how each is.
pub(super) fn outbox(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    asked.check_names(&[])?;
    json(&Outbox { outbox: outbox::reports(&house.store, &house.config)? })
}

/// `value` for programs.
pub(super) fn json(value: &impl Serialize) -> Result<Answer, Problem> {
    let mut body = serde_json::to_vec_pretty(value).map_err(|error| {
        tracing::error!(%error, "JSON could not be written");
        Problem::Busy
    })?;
    body.push(b'\n');
    Ok(Answer::new("application/json", body, String::new()).kept_for(MAX_AGE_S))
}
