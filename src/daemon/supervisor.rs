//! What systemd hears, as `Type=notify`, `Type=notify-reload` and `WatchdogSec=` want it. Nothing where nobody asked: without
//! `NOTIFY_SOCKET` in the environment.

use std::time::Duration;

use sd_notify::{NotifyState, notify, watchdog_enabled};

/// We watch and serve.
pub(super) fn ready() {
    tell(&[NotifyState::Ready]);
}

/// We read the configuration again; [`ready`] follows.
pub(super) fn reloading() {
    let Ok(now) = NotifyState::monotonic_usec_now() else { return };
    tell(&[NotifyState::Reloading, now]);
}

/// We stop.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// We are alive.
pub(super) fn alive() {
    tell(&[NotifyState::Watchdog]);
}

/// How often [`alive`] must be said: twice as often as the supervisor waits for; none where it does not.
pub(super) fn interval() -> Option<Duration> {
    watchdog_enabled().map(|longest| longest / 2).filter(|interval| !interval.is_zero())
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = notify(state) {
        tracing::warn!(%error, "the supervisor cannot be told");
    }
}
