//! Failures of commands, with their messages and exit codes.

use std::fmt;
use std::process::ExitCode;

use redraft::config::Problems;

use super::paint;

/// Exit code of failures without a code of their own.
const FAILED: u8 = 1;
/// Exit code for wrong usage or a mistake in the configuration (`EX_USAGE`).
pub(super) const USAGE: u8 = 64;
/// Exit code if another redraft runs on the same data, or the store must be reopened (`EX_TEMPFAIL`).
pub(super) const TEMPORARY: u8 = 75;
/// Exit code if the data directory cannot be used or the limit of open files is too low (`EX_CONFIG`).
pub(super) const SETUP: u8 = 78;

/// A failed command.
#[derive(Debug)]
pub(super) enum Failure {
    /// The configuration has mistakes.
    Configuration(Problems),
    /// Wrong usage, with a message that says what to do instead.
    Usage(String),
    /// A failure that may pass, with a message.
    Temporary(String),
    /// The data directory cannot be used, or the limit of open files is too low.
    Setup(String),
    /// Exit code and message from the running redraft.
    Told(u8, String),
    /// Any other error.
    Other(anyhow::Error),
}

impl Failure {
    /// Prints the failure to standard error and returns its exit code.
    pub(super) fn report(&self) -> ExitCode {
        paint::print_error(&self.to_string());
        ExitCode::from(self.exit_code())
    }

    /// The exit code of the failure.
    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Self::Configuration(_) | Self::Usage(_) => USAGE,
            Self::Temporary(_) => TEMPORARY,
            Self::Setup(_) => SETUP,
            Self::Told(code, _) => *code,
            Self::Other(_) => FAILED,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration(problems) => problems.fmt(f),
            Self::Usage(what) | Self::Temporary(what) | Self::Setup(what) => write!(f, "error: {what}"),
            Self::Told(_, words) => f.write_str(words),
            Self::Other(error) => write!(f, "error: {error:#}"),
        }
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Configuration(problems)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}
