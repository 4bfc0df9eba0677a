//! When there is no page: what failed, what is missing, what was removed, what came back.

use jiff::SignedDuration;

use super::scene::{Scene, Telling};
use crate::cadence::{Look, Pace, rest};
use crate::extract::withdrawal;
use crate::model::{Disclosure, EditKind, Extraction, Fact, Outcome, Page, Presence, Trouble};

/// Kinds of [`Trouble::NotAnArticle`] of pages that show no text, where a notice may stand; those of walls are not among them.
const WITHOUT_TEXT: [&str; 2] = ["empty page", "missing page"];

/// The look brought no page of the article.
pub(super) fn trouble(scene: &mut Scene<'_>, trouble: &Trouble) {
    match trouble {
        _ if trouble.says_gone() && scene.article().latest.is_some() => missing(scene, trouble),
        Trouble::NotAnArticle { .. } => not_the_article(scene, trouble),
        _ => failed(scene, trouble),
    }
}

/// The page is not there: believed after several looks and a day, then published.
fn missing(scene: &mut Scene<'_>, trouble: &Trouble) {
    let (since, looks) = match scene.article().presence {
        Presence::Removed { .. } => {
            return scene.look_again(Look::Missing(u32::MAX));
        }
        Presence::Missing { since, looks } => (since, looks.saturating_add(1)),
        Presence::Present => (scene.now, 1),
    };
    let certain = looks >= Pace::REMOVED_LOOKS && scene.now.duration_since(since) >= scene.rules.pace.removed_after;
    if certain {
        scene.decision.article.presence = Presence::Removed { since };
        tell_removed(scene, trouble);
        scene.conclude(
            Outcome::Removed,
            Fact::new("{trouble}, once | {trouble}, {number} times in a row").with(trouble.fact()).with(looks),
        );
        return scene.look_again(Look::Missing(looks));
    }
    scene.decision.article.presence = Presence::Missing { since, looks };
    scene.conclude(Outcome::Suspect, trouble.fact());
    scene.look_again(Look::Missing(looks));
}

/// Publishes that the article is gone, with what the page says of it now. A removal of which the page says nothing is silent.
fn tell_removed(scene: &mut Scene<'_>, trouble: &Trouble) {
    let notice = match trouble {
        Trouble::NotAnArticle { kind, evidence } if *kind == Trouble::WITHDRAWN => evidence.words().concat(),
        _ => scene.sight.error_page.and_then(|page| withdrawal(page, scene.rules.hints)).unwrap_or_default(),
    };
    let last_there = scene.article().pulse.looked.unwrap_or(scene.article().first_seen);
    let notice = Some(notice).filter(|notice| !notice.is_empty());
    scene.tell(Telling {
        versions: (scene.article().latest, None),
        disclosure: Some(if notice.is_some() { Disclosure::Disclosed } else { Disclosure::Silent }),
        notice,
        ..Telling::new(EditKind::Removed, last_there)
    });
}

/// The trouble with a page that shows no article, and says in its place that the article was withdrawn.
pub(super) fn withdrawn(scene: &Scene<'_>, page: &Page, extraction: &Extraction) -> Option<Trouble> {
    let trouble = extraction.trouble.as_ref()?;
    let shows_nothing = matches!(trouble, Trouble::NotAnArticle { kind, .. } if WITHOUT_TEXT.contains(kind));
    let notice = Some(page).filter(|_| shows_nothing).and_then(|page| withdrawal(page, scene.rules.hints))?;
    Some(notice_trouble(notice))
}

/// The trouble with a page that says that the article was withdrawn.
pub(super) fn notice_trouble(notice: String) -> Trouble {
    Trouble::NotAnArticle { kind: Trouble::WITHDRAWN, evidence: Fact::new("{words}").quoting(notice) }
}

/// A wall, a challenge, a shell: never a version, however often it comes; looked at again soon, then later.
fn not_the_article(scene: &mut Scene<'_>, trouble: &Trouble) {
    let looks = scene.article().pulse.failures.saturating_add(1);
    scene.decision.article.pulse.failures = looks;
    scene.conclude(Outcome::Suspect, trouble.fact());
    scene.look_again(Look::Suspect(looks));
}

fn failed(scene: &mut Scene<'_>, trouble: &Trouble) {
    let failures = scene.article().pulse.failures.saturating_add(1);
    if speaks_for_the_host(trouble, scene.sight.retry_after) {
        scene.decision.host_rests_until = Some(scene.now + rest(scene.sight.retry_after, scene.sight.busy_before));
    }
    scene.conclude(Outcome::Trouble, trouble.fact());
    scene.look_again(Look::Failed(failures, scene.sight.retry_after));
}

/// Whether all of the host wants to be left alone: 429 always does; 503 for a page only where it says how long, because
/// else it is as often that page alone which is broken.
fn speaks_for_the_host(trouble: &Trouble, retry_after: Option<SignedDuration>) -> bool {
    matches!(trouble, Trouble::Busy(status) if *status == 429 || retry_after.is_some())
}

/// The page is there. If it was said to be removed, that is an edit too; `disclosure` is whether the page says that its text is not
/// what it was.
pub(super) fn back(scene: &mut Scene<'_>, disclosure: Disclosure) {
    let Presence::Removed { since } = scene.article().presence else {
        scene.decision.article.presence = Presence::Present;
        return;
    };
    scene.decision.article.presence = Presence::Present;
    let last = scene.newest().map(|kept| kept.version.number);
    scene.tell(Telling {
        versions: (last, None),
        disclosure: Some(disclosure),
        ..Telling::new(EditKind::Restored, since)
    });
    scene.conclude(Outcome::Restored, Fact::new("there again"));
}
