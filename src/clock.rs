//! The time of day, from one place. Everything that decides takes `now` as an argument; only the shell asks here.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// Where the time of day comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until it is set: Unix seconds. For looking at a store as of another day, and for tests.
    Held(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `now`, to the second.
    #[must_use]
    pub fn held(now: Timestamp) -> Self {
        Self::Held(Arc::new(AtomicI64::new(now.as_second())))
    }

    /// The time of day.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Held(second) => {
                Timestamp::from_second(second.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
            }
        }
    }

    /// Sets a held clock to `now`; the machine's clock is left alone.
    pub fn set(&self, now: Timestamp) {
        if let Self::Held(second) = self {
            second.store(now.as_second(), Ordering::SeqCst);
        }
    }
}
