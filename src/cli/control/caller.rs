//! The client: sends an order to the running redraft.

use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use redraft::clock::Clock;
use redraft::config::Config;
use redraft::daemon::store_options;
use redraft::store::{self, OpenError, Store};

use super::stream::{self, Cut};
use super::{Answer, MAX_ANSWER_BYTES, MAX_ORDER_BYTES, Order, SOCKET, carry_out};
use crate::cli::arguments::Settings;
use crate::cli::failure::Failure;
use crate::cli::{configuration, keep, paint};

/// Time limit for sending an order.
const GIVEN_WITHIN: Duration = Duration::from_secs(5);
/// Time limit for an answer. The list of all hosts reads every article.
const ANSWERED_WITHIN: Duration = Duration::from_mins(1);
/// Time limit for the answer to a backup, and for each chunk of an export. A large article takes long on a slow disk.
const WRITTEN_WITHIN: Duration = Duration::from_hours(1);

/// Carries out an order on the store or, if a running redraft has it open, through that one.
pub(in crate::cli) fn give_order(settings: &Settings, order: &Order) -> Result<ExitCode, Failure> {
    let config = configuration::load_config(settings, Vec::new())?;
    let path = &config.store.path;
    keep::check_exists(path)?;
    let words = match Store::open(path, &store_options(&config), Clock::System.now()) {
        Ok(store) => carry_out(&store, order)?,
        Err(OpenError::AlreadyRunning { pid, .. }) => ask_running(&config, order, pid)?,
        Err(error) => return Err(Failure::Setup(error.to_string())),
    };
    paint::print_line(words.trim_end());
    Ok(ExitCode::SUCCESS)
}

/// Has the redraft with process id `pid` carry out an order; returns its answer text.
fn ask_running(config: &Config, order: &Order, pid: Option<u32>) -> Result<String, Failure> {
    let path = &config.store.path;
    let unanswered = |error: &io::Error| Failure::Temporary(explain_unreached(path, pid, error));
    let within = if matches!(order, Order::Backup { .. }) { WRITTEN_WITHIN } else { ANSWERED_WITHIN };
    let stream = send_order(path, order, within)?.map_err(|error| unanswered(&error))?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER_BYTES).read_to_end(&mut answer).map_err(|error| unanswered(&error))?;
    answer_text(serde_json::from_slice(&answer).map_err(|error| unanswered(&error.into()))?)
}

/// Writes an export of the redraft with process id `pid` to `out`; returns its answer text.
pub(in crate::cli) fn export_from_running(
    config: &Config,
    pid: Option<u32>,
    out: &mut impl Write,
) -> Result<String, Failure> {
    let path = &config.store.path;
    let unanswered = |error: &io::Error| {
        let backups = path.join("backups");
        let newest = store::backups(path).into_iter().next().map_or_else(
            || format!("its backups are in {}", backups.display()),
            |newest| format!("its newest backup, which is an export, is {}", newest.display()),
        );
        Failure::Temporary(format!("{}; {newest}", explain_unreached(path, pid, error)))
    };
    let mut stream = send_order(path, &Order::Export, WRITTEN_WITHIN)?.map_err(|error| unanswered(&error))?;
    answer_text(stream::receive_export(&mut stream, out).map_err(|cut| match cut {
        Cut::Stream(error) => unanswered(&error),
        Cut::Out(error) => anyhow::Error::from(error).context("the export cannot be written").into(),
    })?)
}

fn answer_text(answer: Answer) -> Result<String, Failure> {
    if answer.exit_code == 0 { Ok(answer.words) } else { Err(Failure::Told(answer.exit_code, answer.words)) }
}

/// Connects to the redraft that runs on the store in `dir` and sends an order.
fn send_order(dir: &Path, order: &Order, answered_within: Duration) -> Result<io::Result<UnixStream>, Failure> {
    let message = serde_json::to_vec(order).map_err(anyhow::Error::from)?;
    if message.len() > MAX_ORDER_BYTES {
        return Err(Failure::Usage(format!("the arguments are longer than {} KiB", MAX_ORDER_BYTES / 1024)));
    }
    Ok(UnixStream::connect(dir.join(SOCKET)).and_then(|mut stream| {
        stream.set_write_timeout(Some(GIVEN_WITHIN))?;
        stream.set_read_timeout(Some(answered_within))?;
        stream.write_all(&message)?;
        stream.shutdown(Shutdown::Write)?;
        Ok(stream)
    }))
}

/// Explains why the redraft with process id `pid` did not carry out an order, and what to do.
fn explain_unreached(dir: &Path, pid: Option<u32>, error: &io::Error) -> String {
    let runs =
        format!("redraft runs on {}{}", dir.display(), pid.map_or_else(String::new, |pid| format!(" (process {pid})")));
    match error.kind() {
        ErrorKind::PermissionDenied => {
            let owner =
                std::fs::metadata(dir).map_or_else(|_| "another user".to_owned(), |dir| format!("user {}", dir.uid()));
            format!(
                "{runs} as {owner} and accepts orders only from that user and root: run this command as one of them"
            )
        }
        ErrorKind::NotFound | ErrorKind::ConnectionRefused => format!(
            "{runs} and accepts no orders: it is starting or stopping, or could not create the socket {} (its log says so). Try \
             again, or stop it first",
            dir.join(SOCKET).display()
        ),
        ErrorKind::WouldBlock | ErrorKind::TimedOut => format!("{runs} and does not answer in time: try again"),
        _ => format!(
            "{runs}, but as another version or about to stop: its answer is incomplete. Try again, or stop it first"
        ),
    }
}
