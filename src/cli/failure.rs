//! Why a command failed, and the exit code that says so.

use std::process::ExitCode;

use redraft::config::Problems;

use super::paint;

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
    /// Anything else.
    Other(anyhow::Error),
}

impl Failure {
    /// Tells it on standard error.
    pub(super) fn tell(&self) -> ExitCode {
        let code = match self {
            Self::Configuration(problems) => {
                paint::tell(&problems.to_string());
                return ExitCode::from(USAGE);
            }
            Self::Usage(_) => ExitCode::from(USAGE),
            Self::Temporary(_) => ExitCode::from(TEMPORARY),
            Self::Setup(_) => ExitCode::from(SETUP),
            Self::Other(_) => ExitCode::FAILURE,
        };
        match self {
            Self::Usage(what) | Self::Temporary(what) | Self::Setup(what) => {
                paint::tell(&format!("error: {what}"));
            }
            Self::Other(error) => paint::tell(&format!("error: {error:#}")),
            Self::Configuration(_) => {}
        }
        code
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
