//! Why a command failed, and the exit code that says so.

use std::fmt;
use std::process::ExitCode;

use redraft::config::Problems;

use super::paint;

/// Anything that has no code of its own.
const FAILED: u8 = 1;
/// Wrong use, or a mistake in the configuration (`EX_USAGE`).
pub(super) const USAGE: u8 = 64;
/// Another redraft runs on the same data, or the store must be opened afresh (`EX_TEMPFAIL`).
pub(super) const TEMPORARY: u8 = 75;
/// The data directory cannot be used, or too few files may be open (`EX_CONFIG`).
pub(super) const SETUP: u8 = 78;

/// Why a command failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The configuration is wrong.
    Configuration(Problems),
    /// The command was used wrongly; what to do instead.
    Usage(String),
    /// Try again later.
    Temporary(String),
    /// The data directory cannot be used, or too few files may be open.
    Setup(String),
    /// What the redraft that has the store said: its exit code and words.
    Told(u8, String),
    /// Anything else.
    Other(anyhow::Error),
}

impl Failure {
    /// Tells it on standard error.
    pub(super) fn tell(&self) -> ExitCode {
        paint::tell(&self.to_string());
        ExitCode::from(self.exit_code())
    }

    /// The exit code that says so.
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
