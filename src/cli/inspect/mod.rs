//! `redraft inspect`: what redraft makes of a page, a pair of texts or a feed.

mod edit;
mod feed;
mod origin;
mod page;

use std::io;
use std::process::ExitCode;

use anyhow::Context;
use redraft::inspect::{Failed, contained};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::arguments::{Inspect, Settings};
use super::failure::Failure;
use super::{configuration, lines};

/// Width of text for people.
const WIDTH: usize = 100;

/// Obeys `inspect page|edit|feed`.
pub(super) fn inspect(settings: &Settings, what: Inspect) -> Result<ExitCode, Failure> {
    let config = configuration::load(settings, Vec::new())?;
    match what {
        Inspect::Page(arguments) if arguments.form.jsonl => answer_lines(|input| page::answer(input, &config)),
        Inspect::Edit(arguments) if arguments.form.jsonl => answer_lines(|input| edit::answer(input, &config)),
        Inspect::Feed(arguments) if arguments.form.jsonl => answer_lines(feed::answer),
        Inspect::Page(arguments) => page::show(&arguments, &config),
        Inspect::Edit(arguments) => edit::show(&arguments, &config),
        Inspect::Feed(arguments) => feed::show(&arguments, &config),
    }
}

/// What can be asked in a line.
trait Question: DeserializeOwned {
    /// Its `id` and `path`, for an answer that failed.
    fn name(&self) -> (Option<Value>, Option<String>);

    /// A line that is no JSON, where that means something.
    fn of_plain(_line: &str) -> Option<Self> {
        None
    }
}

/// Answers each line of standard input with one on standard output.
fn answer_lines<Q: Question, A: Serialize>(
    answer: impl Fn(Q) -> Result<A, String> + Sync,
) -> Result<ExitCode, Failure> {
    let answer_line = |line: Result<String, String>| match line.map(|line| question(&line)) {
        Ok(Ok(question)) => answer_one(question, &answer),
        Ok(Err(failed)) => json(&failed),
        Err(error) => json(&Failed { id: None, path: None, ok: false, error }),
    };
    lines::answer(io::stdin().lock(), io::stdout(), answer_line).context("cannot go on")?;
    Ok(ExitCode::SUCCESS)
}

/// Reads a line as a question; one that cannot be understood is still answered by its name, where it has one.
fn question<Q: Question>(line: &str) -> Result<Q, Failed> {
    if let Some(question) = Q::of_plain(line) {
        return Ok(question);
    }
    serde_json::from_str(line).map_err(|error| {
        let name = serde_json::from_str::<Value>(line).unwrap_or_default();
        Failed {
            id: name.get("id").cloned(),
            path: name.get("path").and_then(Value::as_str).map(str::to_owned),
            ok: false,
            error: format!("not a line that is understood: {error}"),
        }
    })
}

/// Answers one question; whatever goes wrong becomes an answer too.
fn answer_one<Q: Question, A: Serialize>(question: Q, answer: &impl Fn(Q) -> Result<A, String>) -> String {
    let (id, path) = question.name();
    match contained(|| answer(question)).and_then(|answer| answer) {
        Ok(answer) => json(&answer),
        Err(error) => json(&Failed { id, path, ok: false, error }),
    }
}

/// One line of JSON. Our reports have nothing that JSON cannot say.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| format!("{{\"ok\":false,\"error\":\"{error}\"}}"))
}
