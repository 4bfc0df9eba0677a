//! Notifications to systemd, as `Type=notify`, `Type=notify-reload` and `WatchdogSec=` expect them. Sent only if
//! `NOTIFY_SOCKET` is in the environment.

use std::time::Duration;

use sd_notify::{NotifyState, notify, watchdog_enabled};

/// The daemon is ready.
pub(super) fn ready() {
    send_state(&[NotifyState::Ready]);
}

/// The configuration is being read again; [`ready`] follows.
pub(super) fn reloading() {
    let Ok(now) = NotifyState::monotonic_usec_now() else { return };
    send_state(&[NotifyState::Reloading, now]);
}

/// The daemon is stopping.
pub(super) fn stopping() {
    send_state(&[NotifyState::Stopping]);
}

/// The daemon is alive.
pub(super) fn alive() {
    send_state(&[NotifyState::Watchdog]);
}

/// Interval at which [`alive`] must be sent: half the supervisor's time limit. `None` if it has none.
pub(super) fn watchdog_interval() -> Option<Duration> {
    watchdog_enabled().map(|longest| longest / 2).filter(|interval| !interval.is_zero())
}

fn send_state(state: &[NotifyState<'_>]) {
    if let Err(error) = notify(state) {
        tracing::warn!(%error, "cannot notify the supervisor");
    }
}
