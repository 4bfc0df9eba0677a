//! What readers are told of a look: when, in which words, and the line in the log.

use jiff::SignedDuration;

use crate::model::{
    Article, Content, Decision, Edit, EditKind, History, Kept, Locale, Outcome, Scope, Version, shown_score,
};
use crate::render;
use crate::store::{EditQuery, StoreError};
use crate::watcher::Watcher;

/// By so much a machine's clock is wrong that is set by hand, or a notebook's whose battery is old.
const MOST_AHEAD: SignedDuration = SignedDuration::from_hours(48);

/// Puts edits after the one that was published last, though the machine's clock was set back since: readers sort by time. Where
/// that one lies too far ahead, its clock was the wrong one.
pub(super) fn date(watcher: &Watcher, decision: &mut Decision) -> Result<(), StoreError> {
    let Some(first) = decision.edits.first().map(|edit| edit.seen) else { return Ok(()) };
    let Some(last) = watcher.store.edits(&EditQuery::newest(Scope::Everything, 1))?.first().map(|edit| edit.seen)
    else {
        return Ok(());
    };
    let ahead = last.duration_since(first);
    if ahead.is_positive() && ahead <= MOST_AHEAD {
        for edit in &mut decision.edits {
            edit.seen += ahead;
            decision.article.last_edit_seen = Some(edit.seen);
        }
    }
    Ok(())
}

/// Gives every edit its words.
pub(super) fn tell(locale: Locale, history: &History, decision: &mut Decision) {
    let Decision { edits, comparison, version, rebased, .. } = decision;
    let old = history.announced.as_ref().map(|kept| content_behind(kept, rebased));
    let kept = || history.latest.as_ref().map(|kept| content_behind(kept, rebased));
    let new = version.as_ref().map(|version| &version.content).or_else(kept);
    for edit in edits {
        let of_text = matches!(edit.kind, EditKind::Changed | EditKind::Returned);
        edit.entry = if of_text {
            render::entry(locale, edit, comparison.as_ref(), old, new)
        } else {
            render::entry(locale, edit, None, None, None)
        };
    }
}

fn content_behind<'a>(kept: &'a Kept, rebased: &'a [Version]) -> &'a Content {
    let reread = rebased.iter().find(|version| version.number == kept.version.number);
    &reread.unwrap_or(&kept.version).content
}

/// What a look came to where further ones must confirm it: for the log, behind the address.
pub(super) fn awaited(decision: &Decision) -> String {
    let note = decision.article.notes.last().filter(|_| decision.outcome == Outcome::Suspect);
    note.map_or_else(String::new, |note| format!(": {}", note.awaits()))
}

/// Says in the log what a look came to, and counts its edits.
pub(super) fn announce(watcher: &Watcher, article: &Article, outcome: Outcome, awaited: &str, edits: &[Edit]) {
    tracing::debug!(article.id = %article.id, check.outcome = outcome.name(), "{}{awaited}", article.url);
    for edit in edits {
        watcher.metrics.edit(&edit.classes());
        tracing::info!(
            article.id = %article.id,
            edit.number = %edit.number,
            edit.kind = edit.kind.name(),
            edit.score = shown_score(edit.score),
            "{}",
            render::without_isolates(&edit.entry.title)
        );
    }
}
