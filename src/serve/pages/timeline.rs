//! Versions and edits of an article as one line of events.

use jiff::Timestamp;

use super::card::{notice, summary};
use super::phrases::{Elapsed, Said, Score};
use super::words::{Moment, archived, disclosure, moment};
use crate::model::{Article, Class, Edit, EditKind, Fact, Locale, Reason, Version, VersionNumber};
use crate::render::address;

/// Reasons shown at once; the others are folded.
const MAIN_REASONS: usize = 5;

/// Something that happened to an article.
#[derive(Default)]
pub(super) struct Event {
    /// The heading: `Version 3`, `Removed`.
    pub(super) name: Said,
    /// The text of the version; empty where no version was kept.
    pub(super) href: String,
    pub(super) at: Moment,
    /// `35 minutes later`, after the event before; empty where [`Event::fate`] says since when itself.
    pub(super) later: Option<Said>,
    /// What became of it: `Published as edit 2`, `Kept, too slight to publish`.
    pub(super) fate: Vec<Said>,
    /// Its language, where it is not that of the page.
    pub(super) language: &'static str,
    /// Whether feeds told of it.
    pub(super) is_edit: bool,
    /// `Silent`, `Disclosed`, or nothing where that was not judged.
    pub(super) disclosure: &'static str,
    pub(super) score: Option<Score>,
    /// The weightiest reasons.
    pub(super) reasons: Vec<Why>,
    /// The other ones.
    pub(super) lesser: Vec<Why>,
    /// What the page says of the removal; empty where it says nothing.
    pub(super) notice: String,
    /// The comparison with the version before; empty for the first.
    pub(super) comparison: String,
    /// The nearest copy of the page at the Internet Archive; empty where no version was kept.
    pub(super) archived: String,
}

/// A reason, for people.
pub(super) struct Why {
    /// Its class; none where the fact begins with it.
    pub(super) label: Option<Class>,
    pub(super) fact: Fact,
    pub(super) score: Score,
}

/// All that happened, oldest first, on a site whose feeds are in this language; `versions`, those whose texts were `dropped`, and `edits` oldest first.
pub(super) fn timeline(
    site: Locale,
    article: &Article,
    versions: &[Version],
    dropped: &[(VersionNumber, Timestamp)],
    edits: &[Edit],
) -> Vec<Event> {
    let is_dropped = |number: VersionNumber| dropped.iter().any(|(dropped, _)| *dropped == number);
    let edit_to = |number: VersionNumber| edits.iter().find(|edit| tells_of(edit, number));
    let kept = versions.iter().map(|version| {
        let mut event = version_event(article, version, edit_to(version.number));
        if before(version, edit_to(version.number)).is_some_and(is_dropped) {
            event.comparison.clear();
        }
        (version.seen, event)
    });
    let kept =
        kept.chain(dropped.iter().map(|(number, seen)| (*seen, dropped_event(*number, *seen, edit_to(*number)))));
    let is_told = |edit: &Edit| edit.to.is_some_and(is_dropped) || versions.iter().any(|v| tells_of(edit, v.number));
    let others =
        edits.iter().filter(|edit| !matches!(edit.kind, EditKind::Changed | EditKind::Returned) || !is_told(edit));
    let mut events: Vec<(Timestamp, Event)> =
        kept.chain(others.map(|edit| (edit.seen, other_event(site, edit, edits)))).collect();
    events.sort_by_key(|(at, _)| *at);
    for index in 1..events.len() {
        // What concerns no text tells in its own words how long after what: a second clock beside it would differ.
        if !events[index].1.href.is_empty() {
            events[index].1.later =
                Some(Said::new("{elapsed} later").with_elapsed(Elapsed(events[index - 1].0, events[index].0)));
        }
    }
    events.into_iter().map(|(_, event)| event).collect()
}

/// Whether `edit` says that the text became this version.
fn tells_of(edit: &Edit, version: VersionNumber) -> bool {
    matches!(edit.kind, EditKind::Changed | EditKind::Returned) && edit.to == Some(version)
}

/// The version that a version is compared with.
fn before(version: &Version, edit: Option<&Edit>) -> Option<VersionNumber> {
    edit.and_then(|edit| edit.from).or(version.number.0.checked_sub(1).map(VersionNumber)).filter(|before| before.0 > 0)
}

fn version_event(article: &Article, version: &Version, edit: Option<&Edit>) -> Event {
    let (mut reasons, total) = match (edit, &version.verdict) {
        (Some(edit), _) => (why(&edit.reasons), Some(Score(edit.score))),
        (None, Some(verdict)) => (why(&verdict.reasons), Some(Score(verdict.score))),
        (None, None) => (Vec::new(), None),
    };
    let lesser = reasons.split_off(reasons.len().min(MAIN_REASONS));
    Event {
        name: Said::new("Version {version}").with("version", version.number),
        href: address::version(article.id, version.number),
        at: moment(version.seen),
        later: None,
        fate: fate(version, edit),
        language: "",
        is_edit: edit.is_some(),
        disclosure: edit.map_or("", |edit| disclosure(edit.disclosure)),
        score: total,
        reasons,
        lesser,
        notice: String::new(),
        comparison: before(version, edit)
            .map(|before| address::comparison(article.id, before, version.number))
            .unwrap_or_default(),
        archived: archived(&article.url, version.seen),
    }
}

/// A version whose text is no longer kept.
fn dropped_event(number: VersionNumber, seen: Timestamp, edit: Option<&Edit>) -> Event {
    let (reasons, total) = edit.map_or((Vec::new(), None), |edit| (why(&edit.reasons), Some(Score(edit.score))));
    let told = edit.map(|edit| Said::new("Published as edit {number}.").with("number", edit.number));
    Event {
        name: Said::new("Version {version}").with("version", number),
        at: moment(seen),
        fate: told.into_iter().chain([Said::new("Its text is no longer kept.")]).collect(),
        is_edit: edit.is_some(),
        disclosure: edit.map_or("", |edit| disclosure(edit.disclosure)),
        score: total,
        reasons,
        ..Event::default()
    }
}

fn fate(version: &Version, edit: Option<&Edit>) -> Vec<Said> {
    let fate = match (edit, &version.verdict) {
        (Some(edit), _) => Said::new("Published as edit {number}.").with("number", edit.number),
        (None, Some(_)) => Said::new("Kept, too slight to publish."),
        (None, None) => Said::new("First seen."),
    };
    let same = version.same_as.map(|same| Said::new("It says the same as version {version}.").with("version", same));
    [fate].into_iter().chain(same).collect()
}

fn other_event(site: Locale, edit: &Edit, edits: &[Edit]) -> Event {
    let name = match edit.kind {
        EditKind::Removed => Said::new("Removed"),
        EditKind::Restored => Said::new("Restored"),
        EditKind::Retired => Said::new("No longer watched"),
        EditKind::Changed | EditKind::Returned => Said::new("Changed"),
    };
    let happened = summary(site, edit);
    let before = stayed_away(edit, edits).then(|| Said::new("It was removed before, and stayed so."));
    Event {
        name,
        at: moment(edit.seen),
        fate: happened.said.into_iter().chain(before).collect(),
        language: happened.language,
        is_edit: true,
        disclosure: disclosure(edit.disclosure),
        notice: notice(edit),
        ..Event::default()
    }
}

/// Whether `edit` says that an article is no longer watched which was removed and did not come back. The edit itself does not
/// say why; the ones before it do.
fn stayed_away(edit: &Edit, edits: &[Edit]) -> bool {
    let before = edits.iter().rev().skip_while(|other| other.number >= edit.number);
    edit.kind == EditKind::Retired && before.map(|other| other.kind).next() == Some(EditKind::Removed)
}

fn why(reasons: &[Reason]) -> Vec<Why> {
    let why = |reason: &Reason| Why {
        label: Some(reason.class).filter(|class| !reason.fact.phrase().starts_with(class.name())),
        fact: reason.fact.clone(),
        score: Score(reason.score),
    };
    reasons.iter().map(why).collect()
}
