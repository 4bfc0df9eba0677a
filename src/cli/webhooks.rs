//! `redraft webhooks`: who is told of edits, and how each is; `redraft webhooks test NAME`.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::anyhow;
use redraft::clock::Clock;
use redraft::config::Config;
use redraft::outbox;
use serde_json::{Value, json};

use super::arguments::{Settings, WebhookCommand, Webhooks};
use super::failure::Failure;
use super::paint::{self, Ink, Paint};
use super::told::told;
use super::{configuration, run};

/// Tells how each addressee is, or tries one out.
pub(super) fn webhooks(settings: &Settings, asked: &Webhooks) -> Result<ExitCode, Failure> {
    let config = configuration::load(settings, Vec::new())?;
    if let Some(WebhookCommand::Test { name }) = &asked.command {
        return test(&config, name);
    }
    let read = |store: &_| Ok(json!({ "outbox": outbox::reports(store, &config)? }));
    let told = told(&config, "/outbox.json", || json!({ "outbox": [] }), read)?;
    if asked.json {
        paint::say(&format!("{told:#}"));
        return Ok(ExitCode::SUCCESS);
    }
    let all = told["outbox"].as_array().map(Vec::as_slice).unwrap_or_default();
    if all.is_empty() {
        paint::say("nobody is told of edits, or nothing was watched yet: see [[webhook]] in `redraft config manual`");
    } else {
        paint::print(&table(all, Paint::stdout()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Sends an edit that never happened.
fn test(config: &Config, name: &str) -> Result<ExitCode, Failure> {
    run::with_runtime(async {
        match outbox::try_out(config, name, Clock::System.now()).await {
            Some(Ok(())) => {
                paint::say(&format!("webhook {name} took it"));
                Ok(ExitCode::SUCCESS)
            }
            Some(Err(why)) => Err(anyhow!("webhook {name} did not take it: {}", paint::plain(&why)).into()),
            None => {
                let names: Vec<&str> = config.webhooks.iter().map(|webhook| webhook.name.as_str()).collect();
                let there_are = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                Err(Failure::Usage(format!("no webhook is called {name:?}; configured: {there_are}")))
            }
        }
    })
}

/// Above the names of the table.
const HEAD: &str = "TO";

/// A line for each, and another where something is wrong.
fn table(all: &[Value], paint: Paint) -> String {
    let time = |one: &Value, key: &str| match one[key].as_str() {
        Some(time) => time.get(..16).unwrap_or(time).replace('T', " "),
        None => "-".to_owned(),
    };
    let width = paint::width(all.iter().filter_map(|one| one["to"].as_str()), HEAD);
    let mut out = format!(
        "{:width$}  {:8}  {:16}  {:>7}  {:>7}  {:>8}\n",
        HEAD, "FORMAT", "LAST TAKEN (UTC)", "TAKEN", "WAITING", "GIVEN UP"
    );
    for one in all {
        let number = |key: &str| one[key].as_u64().unwrap_or_default();
        let padded = format!("{:width$}", one["to"].as_str().unwrap_or_default());
        let _ = writeln!(
            out,
            "{}  {:8}  {:16}  {:>7}  {:>7}  {:>8}",
            paint.in_ink(Ink::Bold, &padded),
            one["format"].as_str().unwrap_or_default(),
            time(one, "last_taken"),
            number("taken"),
            number("waiting"),
            number("given_up")
        );
        if one["ended"].is_string() {
            let words = format!("gone for good (HTTP 410) since {}: nothing is sent to it", time(one, "ended"));
            let _ = writeln!(out, "    {}", paint.in_ink(Ink::Red, &words));
        } else if let Some(trouble) = one["trouble"].as_str() {
            let _ = writeln!(out, "    {}", paint.in_ink(Ink::Red, trouble));
        }
        if one["next_try"].is_string() {
            let words = format!("tried again at {}", time(one, "next_try"));
            let _ = writeln!(out, "    {}", paint.in_ink(Ink::Dim, &words));
        }
    }
    out
}
