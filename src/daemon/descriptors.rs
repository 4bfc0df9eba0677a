//! Open files: raises the limit, and computes how many connections fit into it.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::config::Config;

/// Limit that we ask for: twice what all defaults together need.
const WANTED: u64 = 4_096;
/// Descriptors for the store, the log, the listener, timers and re-reading the configuration.
const OURS: u64 = 64;
/// Descriptors per check: its connection, the name look-up, and connections kept open for a few seconds.
const A_LOOK: u64 = 16;
/// With fewer connections than this the web server would be unusable.
const LEAST_CONNECTIONS: u64 = 8;

/// The limit of open files is too low.
#[derive(Debug, thiserror::Error)]
#[error(
    "only {allowed} open files are allowed, and {needed} are needed: raise the limit (ulimit -n, LimitNOFILE=), or lower fetch.concurrent"
)]
pub struct TooFew {
    allowed: u64,
    needed: u64,
}

/// Raises the limit of open files as far as allowed and useful, and lowers `serve.connections` to the number that fits.
///
/// # Errors
/// If not even a few connections fit.
pub fn fit(config: &mut Config) -> Result<(), TooFew> {
    let fitting = fitting_connections(raise_limit(), config.fetch.concurrent as u64, config.serve.connections as u64)?;
    if fitting < config.serve.connections as u64 {
        tracing::warn!("the limit of open files allows only {fitting} connections at once");
    }
    config.serve.connections = fitting as usize;
    Ok(())
}

/// Number of connections, at most `wanted`, that fit beside `looks` simultaneous checks.
fn fitting_connections(allowed: u64, looks: u64, wanted: u64) -> Result<u64, TooFew> {
    let others = OURS + looks * A_LOOK;
    let needed = others + LEAST_CONNECTIONS.min(wanted);
    if allowed < needed { Err(TooFew { allowed, needed }) } else { Ok(wanted.min(allowed - others)) }
}

/// Raises the limit if allowed and returns it. "Unlimited" counts as the largest number.
fn raise_limit() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let now = limit.current.unwrap_or(u64::MAX);
    let wanted = limit.maximum.unwrap_or(u64::MAX).min(WANTED);
    if now >= wanted {
        return now;
    }
    let raised = Rlimit { current: Some(wanted), maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised).map_or(now, |()| wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_get_what_the_limit_leaves() {
        assert_eq!(fitting_connections(4_096, 16, 512).unwrap(), 512);
        assert_eq!(fitting_connections(400, 16, 512).unwrap(), 400 - 64 - 256);
        assert_eq!(fitting_connections(321, 16, 1).unwrap(), 1);
        let error = fitting_connections(256, 16, 512).unwrap_err().to_string();
        assert!(error.starts_with("only 256 open files are allowed, and 328 are needed"), "{error}");
    }
}
