//! What a connection is doing: how long it may go on with it, and who must leave when the house is full.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::config::Serve;

/// An answer that has been on its way for so long may be broken off when the house is full: it is taken in a second, or by
/// someone who only wants to sit here.
const SITTING: Duration = Duration::from_secs(5);

/// A head is here a round trip after its connection; whoever is younger may still be about to ask.
const ABOUT_TO_ASK: Duration = Duration::from_millis(100);

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    /// Sending the head of a request; also a new connection, which has no other reason to be here.
    Asking,
    /// Nothing, between two requests.
    Waiting,
    /// Being answered; whether it has sent more already.
    Answered { asks_more: bool },
}

/// One connection: its socket, its service and the door know it.
#[derive(Debug)]
pub(super) struct Visit {
    state: Mutex<(Doing, Instant)>,
    head_timeout: Duration,
    idle_timeout: Duration,
    leave: Notify,
}

impl Visit {
    /// A connection that was just accepted.
    pub(super) fn new(limits: &Serve) -> Self {
        Self {
            state: Mutex::new((Doing::Asking, Instant::now())),
            head_timeout: limits.head_timeout,
            idle_timeout: limits.idle_timeout,
            leave: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, (Doing, Instant)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes came in.
    pub(super) fn heard(&self) {
        let mut state = self.state();
        match state.0 {
            Doing::Asking => {}
            Doing::Waiting => *state = (Doing::Asking, Instant::now()),
            Doing::Answered { .. } => state.0 = Doing::Answered { asks_more: true },
        }
    }

    /// A whole head came in.
    pub(super) fn asked(&self) {
        *self.state() = (Doing::Answered { asks_more: false }, Instant::now());
    }

    /// The answer is made and handed over.
    pub(super) fn answered(&self) {
        let mut state = self.state();
        let more = state.0 == Doing::Answered { asks_more: true };
        *state = (if more { Doing::Asking } else { Doing::Waiting }, Instant::now());
    }

    /// Until when the next bytes must come; none while an answer is on its way.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let (doing, since) = *self.state();
        match doing {
            Doing::Asking => Some(since + self.head_timeout),
            Doing::Waiting => Some(since + self.idle_timeout),
            Doing::Answered { .. } => None,
        }
    }

    /// The deadline after an answer that is on its way comes no sooner than this from now.
    pub(super) fn least_patience(&self) -> Duration {
        self.head_timeout.min(self.idle_timeout)
    }

    /// Done once the connection must leave.
    pub(super) async fn must_leave(&self) {
        self.leave.notified().await;
    }

    /// How gladly it is seen to leave at `now`: those without a whole request first, the longest first; none where what it
    /// does it began only now.
    fn weight(&self, now: Instant) -> Option<(bool, Duration)> {
        let (doing, since) = *self.state();
        let age = now.saturating_duration_since(since);
        let is_answered = matches!(doing, Doing::Answered { .. });
        let is_young = age < if is_answered { SITTING } else { ABOUT_TO_ASK };
        (!is_young).then_some((!is_answered, age))
    }
}

/// All connections.
#[derive(Debug, Default)]
pub(super) struct Visits {
    all: Mutex<HashMap<u64, Arc<Visit>>>,
    next: AtomicU64,
}

/// A connection's place among all; given back when dropped.
pub(super) struct Place {
    visits: Arc<Visits>,
    number: u64,
}

impl Visits {
    fn all(&self) -> MutexGuard<'_, HashMap<u64, Arc<Visit>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes `visit` in.
    pub(super) fn enter(self: &Arc<Self>, visit: Arc<Visit>) -> Place {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.all().insert(number, visit);
        Place { visits: Arc::clone(self), number }
    }

    /// Lets one leave that has not sent a whole request, the longest first; else the one that is longest about its answer.
    /// None leaves that only began.
    pub(super) fn dismiss_one(&self) {
        self.dismiss(|_| true);
    }

    /// Lets the one leave that is longest about its answer, unless it is young.
    pub(super) fn dismiss_one_sitting(&self) {
        self.dismiss(|(has_not_asked, _)| !has_not_asked);
    }

    fn dismiss(&self, may: impl Fn((bool, Duration)) -> bool) {
        let now = Instant::now();
        let all = self.all();
        let ranked = all.values().filter_map(|visit| Some((visit.weight(now)?, visit)));
        if let Some((_, visit)) = ranked.filter(|(weight, _)| may(*weight)).max_by_key(|(weight, _)| *weight) {
            visit.leave.notify_one();
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.visits.all().remove(&self.number);
    }
}
