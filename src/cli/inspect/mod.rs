//! `redraft inspect`: shows how redraft reads a page, a pair of texts, a feed or a robots.txt.

mod edit;
mod feed;
mod origin;
mod page;
mod robots;

use std::io;
use std::process::ExitCode;

use anyhow::Context;
use redraft::inspect::{Failed, contained};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use super::arguments::{Inspect, Settings};
use super::failure::Failure;
use super::{configuration, lines};

/// Width of text for people, in columns.
const WIDTH: usize = 100;
/// Address of pages and sites whose address is unknown.
const NOWHERE: &str = "http://example.org/";

/// Runs `inspect page|edit|feed|robots`.
pub(super) fn run_inspect(settings: &Settings, what: Inspect) -> Result<ExitCode, Failure> {
    let config = configuration::load_config(settings, Vec::new())?;
    match what {
        Inspect::Page(arguments) if arguments.form.jsonl => {
            answer_lines(|input| page::answer(input, arguments.explain, &config))
        }
        Inspect::Edit(arguments) if arguments.form.jsonl => answer_lines(|input| edit::answer(input, &config)),
        Inspect::Feed(arguments) if arguments.form.jsonl => answer_lines(feed::answer),
        Inspect::Robots(arguments) => robots::show_robots(&arguments, &config),
        Inspect::Page(arguments) => page::show_pages(&arguments, &config),
        Inspect::Edit(arguments) => edit::show_edit(&arguments, &config),
        Inspect::Feed(arguments) => feed::show_feeds(&arguments, &config),
    }
}

/// A question that can be asked in one input line.
trait Question: DeserializeOwned {
    /// The form of a line, for error messages.
    const SHAPE: &'static str;

    /// The question's `id` and `path`, for an answer that failed.
    fn name(&self) -> (Option<Value>, Option<String>);

    /// Parses a line that is not JSON, for questions that allow it.
    fn of_plain(_line: &str) -> Option<Self> {
        None
    }
}

/// Answers each line of standard input with one line on standard output.
fn answer_lines<Q: Question, A: Serialize>(
    answer: impl Fn(Q) -> Result<A, String> + Sync,
) -> Result<ExitCode, Failure> {
    lines::answer_lines(io::stdin().lock(), io::stdout(), |number, line| answer_line(number, line, &answer))
        .context("cannot continue")?;
    Ok(ExitCode::SUCCESS)
}

/// Answers one line. Every error becomes an answer too.
fn answer_line<Q: Question, A: Serialize>(
    number: u64,
    line: Result<String, String>,
    answer: &impl Fn(Q) -> Result<A, String>,
) -> String {
    let failed = |(id, path), error| to_json(&Failed { id, path, ok: false, error, line: number });
    let line = match line {
        Ok(line) => line,
        Err(error) => return failed((None, None), error),
    };
    match parse_question::<Q>(&line) {
        Ok(question) => {
            let name = question.name();
            let answered = contained(|| answer(question)).and_then(|answer| answer);
            answered.map_or_else(|error| failed(name, error), |answer| to_json(&answer))
        }
        Err(why) => failed(name_in(&line), format!("line {number} {why}; a line looks like {}", Q::SHAPE)),
    }
}

/// Parses a line as a question.
///
/// # Errors
/// The problem, as a fragment that follows the line's number.
fn parse_question<Q: Question>(line: &str) -> Result<Q, String> {
    if let Some(question) = Q::of_plain(line) {
        return Ok(question);
    }
    if !line.starts_with('{') {
        return Err("is not a JSON object".to_owned());
    }
    serde_json::from_str(line).map_err(|error| {
        let words = error.to_string();
        // serde counts lines within our one line.
        let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
        match error.classify() {
            Category::Data => format!("does not fit: {words}"),
            _ => format!("is not JSON (at byte {}): {words}", error.column()),
        }
    })
}

/// The `id` and `path` of a line that cannot be parsed as a question, if it has them.
fn name_in(line: &str) -> (Option<Value>, Option<String>) {
    let value = serde_json::from_str::<Value>(line).unwrap_or_default();
    (value.get("id").cloned(), value.get("path").and_then(Value::as_str).map(str::to_owned))
}

/// Formats one line of JSON. Our reports contain nothing that JSON cannot represent.
fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| format!("{{\"ok\":false,\"error\":\"{error}\"}}"))
}

#[cfg(test)]
mod tests {
    use redraft::inspect::{EditInput, PageInput};

    use super::*;

    fn refused<Q: Question>(line: &str) -> Value {
        let answer = |_: Q| -> Result<(), String> { panic!("no answer is wanted") };
        serde_json::from_str(&answer_line(7, Ok(line.to_owned()), &answer)).unwrap()
    }

    #[test]
    fn a_line_that_is_no_question_is_told_its_number_and_what_one_looks_like() {
        for (line, why) in [
            ("3", "line 7 is not a JSON object; a line looks like {\"id\","),
            ("[1,2,3,4]", "line 7 is not a JSON object; "),
            ("{\"id\":", "line 7 is not JSON (at byte 6): EOF while parsing a value; "),
            ("{\"id\":1,\"html\":2}", "line 7 does not fit: invalid type: integer `2`, expected a string; "),
        ] {
            let told = refused::<PageInput>(line);
            assert!(told["error"].as_str().unwrap().starts_with(why), "{line}: {told}");
            assert_eq!((&told["ok"], &told["line"]), (&false.into(), &7.into()));
        }
        let told = refused::<EditInput>("{\"id\":\"a\",\"before\":3,\"after\":4}");
        assert_eq!(told["id"], "a");
        assert!(told["error"].as_str().unwrap().contains("expected an object with title and paras; "), "{told}");
        let told = refused::<EditInput>("{\"id\":1}");
        assert!(told["error"].as_str().unwrap().contains("does not fit: missing field `before`"), "{told}");
    }
}
