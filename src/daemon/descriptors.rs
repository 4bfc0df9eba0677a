//! Open files: what we may have, and how many connections fit.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::config::Config;

/// What we want at most: all defaults together take half of it.
const WANTED: u64 = 4_096;
/// The store, the log, the listener, timers, configuration that is read again.
const OURS: u64 = 64;
/// One look: its connection, the look-up of its name, and connections kept a few seconds for the next one.
const A_LOOK: u64 = 16;
/// With fewer connections than this nobody is served.
const LEAST_CONNECTIONS: u64 = 8;

/// Too few open files are allowed.
#[derive(Debug, thiserror::Error)]
#[error(
    "only {allowed} open files are allowed, and {needed} are needed: raise the limit (ulimit -n, LimitNOFILE=), or lower fetch.concurrent"
)]
pub struct TooFew {
    allowed: u64,
    needed: u64,
}

/// Raises the limit of open files as far as it may be and is of use, and lowers `serve.connections` to what fits.
///
/// # Errors
/// When not even a few connections fit.
pub fn fit(config: &mut Config) -> Result<(), TooFew> {
    let fitting = connections(raised(), config.fetch.concurrent as u64, config.serve.connections as u64)?;
    if fitting < config.serve.connections as u64 {
        tracing::warn!("so few open files are allowed that {fitting} connections are served at once at most");
    }
    config.serve.connections = fitting as usize;
    Ok(())
}

/// How many of the `wanted` connections fit beside so many looks at once.
fn connections(allowed: u64, looks: u64, wanted: u64) -> Result<u64, TooFew> {
    let others = OURS + looks * A_LOOK;
    let needed = others + LEAST_CONNECTIONS.min(wanted);
    if allowed < needed { Err(TooFew { allowed, needed }) } else { Ok(wanted.min(allowed - others)) }
}

/// The limit, raised where that is allowed. No limit is more than enough.
fn raised() -> u64 {
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
    fn connections_are_what_the_limit_leaves() {
        assert_eq!(connections(4_096, 16, 512).unwrap(), 512);
        assert_eq!(connections(400, 16, 512).unwrap(), 400 - 64 - 256);
        assert_eq!(connections(321, 16, 1).unwrap(), 1);
        let error = connections(256, 16, 512).unwrap_err().to_string();
        assert!(error.starts_with("only 256 open files are allowed, and 328 are needed"), "{error}");
    }
}
