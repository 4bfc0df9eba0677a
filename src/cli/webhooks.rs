//! `redraft webhooks`: lists the recipients of edits and their state; `redraft webhooks test NAME` tests one.

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
use super::reports::read_report;
use super::{configuration, run};

/// Prints the state of each recipient, or tests one.
pub(super) fn list_webhooks(settings: &Settings, asked: &Webhooks) -> Result<ExitCode, Failure> {
    let config = configuration::load_config(settings, Vec::new())?;
    if let Some(WebhookCommand::Test { name }) = &asked.command {
        return test_webhook(&config, name);
    }
    let read = |store: &_| Ok(json!({ "outbox": outbox::reports(store, &config)? }));
    let told = read_report(&config, "/outbox.json", || json!({ "outbox": [] }), read)?;
    if asked.json {
        paint::print_line(&format!("{told:#}"));
        return Ok(ExitCode::SUCCESS);
    }
    let all = told["outbox"].as_array().map(Vec::as_slice).unwrap_or_default();
    if all.is_empty() {
        paint::print_line(
            "edits are not sent anywhere, or nothing was watched yet: see [[webhook]] in `redraft config manual`",
        );
    } else {
        paint::print_text(&format_recipients(all, Paint::stdout()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Sends a made-up edit.
fn test_webhook(config: &Config, name: &str) -> Result<ExitCode, Failure> {
    run::with_runtime(async {
        match outbox::try_out(config, name, Clock::System.now()).await {
            Some(Ok(())) => {
                paint::print_line(&format!("webhook {name} accepted it"));
                Ok(ExitCode::SUCCESS)
            }
            Some(Err(why)) => Err(anyhow!("webhook {name} did not accept it: {}", paint::strip_controls(&why)).into()),
            None => {
                let names: Vec<&str> = config.webhooks.iter().map(|webhook| webhook.name.as_str()).collect();
                let there_are = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                Err(Failure::Usage(format!("there is no webhook {name:?}; configured: {there_are}")))
            }
        }
    })
}

/// Heading of the column of names.
const HEAD: &str = "TO";

/// Formats a line for each recipient, with further lines for problems and retries.
fn format_recipients(all: &[Value], paint: Paint) -> String {
    let time = |one: &Value, key: &str| match one[key].as_str() {
        Some(time) => time.get(..16).unwrap_or(time).replace('T', " "),
        None => "-".to_owned(),
    };
    let width = paint::column_width(all.iter().filter_map(|one| one["to"].as_str()), HEAD);
    let mut out = format!(
        "{:width$}  {:8}  {:16}  {:>7}  {:>7}  {:>8}\n",
        HEAD, "FORMAT", "LAST SENT (UTC)", "SENT", "WAITING", "GIVEN UP"
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
            let words = format!("next attempt at {}", time(one, "next_try"));
            let _ = writeln!(out, "    {}", paint.in_ink(Ink::Dim, &words));
        }
    }
    out
}
