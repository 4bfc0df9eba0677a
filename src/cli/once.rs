//! The summary that `redraft once` prints.

use std::collections::HashMap;

use anyhow::Context;
use jiff::Timestamp;
use redraft::daemon::Daemon;
use redraft::model::{Source, SourceSlug};
use redraft::store::{Counts, Store, StoreError};

use super::paint::count_noun;

/// Counts of the store at one moment.
pub(super) struct Standing {
    counts: Counts,
    /// For each source that was ever polled: the time of its last poll, and whether it failed.
    polls: HashMap<SourceSlug, (Option<Timestamp>, bool)>,
}

/// The work done between two moments.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Summary {
    polls: usize,
    failed: usize,
    looks: usize,
    edits: u64,
    versions: u64,
}

impl Standing {
    /// Reads the counts.
    pub(super) async fn of(daemon: &Daemon) -> anyhow::Result<Self> {
        let (store, sources) = (daemon.store().clone(), daemon.house().sources.clone());
        let read = tokio::task::spawn_blocking(move || Self::read(&store, &sources)).await;
        Ok(read.context("the store's thread failed")??)
    }

    fn read(store: &Store, sources: &[Source]) -> Result<Self, StoreError> {
        let mut polls = HashMap::new();
        for source in sources {
            if let Some(state) = store.poll_state(&source.slug)?.filter(|state| state.url == source.url) {
                polls.insert(source.slug.clone(), (state.polled, state.failures > 0));
            }
        }
        Ok(Self { counts: store.counts()?, polls })
    }

    /// The work done since `before`; `done` is the number of polls and checks.
    pub(super) fn since(&self, before: &Self, done: u64) -> Summary {
        let was_polled = |slug: &SourceSlug, polled: Option<Timestamp>| {
            before.polls.get(slug).is_none_or(|(polled_before, _)| *polled_before != polled)
        };
        let polled: Vec<bool> = self
            .polls
            .iter()
            .filter(|(slug, (polled, _))| was_polled(slug, *polled))
            .map(|(_, (_, failed))| *failed)
            .collect();
        Summary {
            polls: polled.len(),
            failed: polled.iter().filter(|failed| **failed).count(),
            looks: usize::try_from(done).unwrap_or(usize::MAX).saturating_sub(polled.len()),
            edits: self.counts.edits.saturating_sub(before.counts.edits),
            versions: self.counts.versions.saturating_sub(before.counts.versions),
        }
    }
}

impl Summary {
    /// Whether there were polls and all of them failed.
    pub(super) fn is_failure(&self) -> bool {
        self.polls > 0 && self.failed == self.polls
    }

    /// The summary as one line.
    pub(super) fn words(&self) -> String {
        let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let failed = if self.failed > 0 { format!(" ({} failed)", self.failed) } else { String::new() };
        format!(
            "{}{failed} and {} done; {} kept, {} published",
            count_noun(self.polls, "poll"),
            count_noun(self.looks, "check"),
            count_noun(number(self.versions), "version"),
            count_noun(number(self.edits), "edit")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(counts: (u64, u64), polls: &[(&str, i64, bool)]) -> Standing {
        let counts = Counts { versions: counts.0, edits: counts.1, ..Counts::default() };
        let poll = |&(slug, second, failed): &(&str, i64, bool)| {
            (slug.parse().unwrap(), (Timestamp::from_second(second).ok(), failed))
        };
        Standing { counts, polls: polls.iter().map(poll).collect() }
    }

    #[test]
    fn only_polls_of_this_run_count_and_it_fails_if_all_of_them_did() {
        let before = standing((3, 1), &[("old", 10, true), ("again", 10, false)]);
        let after = standing((7, 2), &[("old", 10, true), ("again", 99, true), ("new", 99, false)]);
        let summary = after.since(&before, 12);
        assert_eq!(summary.words(), "2 polls (1 failed) and 10 checks done; 4 versions kept, 1 edit published");
        assert!(!summary.is_failure());
        let after = standing((3, 1), &[("old", 99, true), ("again", 99, true)]);
        assert!(after.since(&before, 2).is_failure());
        assert!(!before.since(&before, 0).is_failure(), "nothing was due");
    }
}
