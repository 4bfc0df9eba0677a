//! An edit in a list.

use super::changes::{Change, Ours, changes, foremost};
use super::phrases::{Elapsed, Said, Score};
use super::words::{Link, Moment, disclosure, headline, moment, sources};
use crate::model::{Class, Disclosure, Edit, EditKind, Locale};
use crate::render::{address, plain};
use crate::serve::House;

/// Pages stay below 60 KB: once this many bytes of changes are on one, the other edits show no more than their links.
const MAX_SHOWN_BYTES: usize = 36 * 1024;

/// An edit in a list.
pub(super) struct Card {
    pub(super) headline: String,
    pub(super) language: String,
    /// The comparison; the article where no text is concerned.
    pub(super) href: String,
    /// The comparison; empty where no text is concerned.
    pub(super) comparison: String,
    pub(super) article: String,
    pub(super) sources: Vec<Link>,
    pub(super) seen: Moment,
    /// What happened, without the time, which stands above it.
    pub(super) summary: Summary,
    /// What the page says of the removal; empty where it says nothing.
    pub(super) notice: String,
    /// What happened, where it is not that the text changed; a phrase.
    pub(super) kind: &'static str,
    pub(super) classes: Vec<Class>,
    /// `Silent` or `Disclosed`; nothing where it was not judged.
    pub(super) disclosure: &'static str,
    pub(super) score: Option<Score>,
    /// The first change as in the feed; none where there is none or no more fits.
    pub(super) change: Vec<Change>,
    /// The other changes.
    pub(super) others: Vec<Change>,
    /// That there are more than the feed shows.
    pub(super) more: Option<Ours>,
}

/// What happened, in sentences; as the entry has it, and in which language, where it is not known well enough.
pub(super) struct Summary {
    pub(super) said: Vec<Said>,
    pub(super) language: &'static str,
}

/// The cards of `edits`; what changed where one of these words is sought comes first.
pub(super) fn cards(house: &House, edits: &[Edit], words: &str) -> Vec<Card> {
    let mut room = MAX_SHOWN_BYTES;
    edits
        .iter()
        .map(|edit| {
            let fits = edit.entry.html.len() <= room;
            room -= if fits { edit.entry.html.len() } else { 0 };
            card(house, edit, fits, words)
        })
        .collect()
}

fn card(house: &House, edit: &Edit, shows_changes: bool, words: &str) -> Card {
    let versions = edit.from.zip(edit.to).filter(|(from, to)| from != to);
    let comparison = versions.map(|(from, to)| address::comparison(edit.article, from, to)).unwrap_or_default();
    let article = address::article(edit.article);
    let is_text = matches!(edit.kind, EditKind::Changed | EditKind::Returned);
    let (mut change, more) =
        if shows_changes { changes(&edit.entry, house.site.locale.tag()) } else { (Vec::new(), None) };
    foremost(&mut change, words);
    Card {
        headline: headline(&edit.headline, &edit.url),
        language: plain(edit.language.as_deref().unwrap_or_default()),
        href: if comparison.is_empty() { article.clone() } else { comparison.clone() },
        comparison,
        article,
        sources: sources(house, &edit.sources),
        seen: moment(edit.seen),
        summary: summary(house.site.locale, edit),
        notice: notice(edit),
        kind: kind(edit.kind),
        classes: edit.classes(),
        disclosure: disclosure(edit.disclosure),
        score: is_text.then_some(Score(edit.score)),
        others: change.split_off(change.len().min(1)),
        change,
        more,
    }
}

/// What an edit came to, without the time.
pub(super) fn summary(site: Locale, edit: &Edit) -> Summary {
    let elapsed = |phrase| Said::new(phrase).with_elapsed(Elapsed(edit.since, edit.seen));
    let of_text = |phrase| {
        let said = elapsed(phrase).with_changes(edit.entry.told.clone()?);
        let said = edit.to.into_iter().fold(said, |said, version| said.with("version", version));
        Some(edit.returned_to.into_iter().fold(said, |said, version| said.with("returned", version)))
    };
    let happened = match edit.kind {
        EditKind::Changed => of_text("Version {version}, {elapsed} later: {changes}."),
        EditKind::Returned => {
            of_text("Version {version}, {elapsed} later, goes back to version {returned}: {changes}.")
        }
        EditKind::Removed => {
            Some(elapsed("The article is not at its address any more; last seen there {elapsed} before."))
        }
        EditKind::Restored => Some(elapsed("The article is at its address again; first missed {elapsed} before.")),
        EditKind::Retired => Some(elapsed("No new version of it was seen for {elapsed}; its feed ends here.")),
    };
    let Some(happened) = happened else {
        let language = edit.entry.locale.unwrap_or(site).tag();
        return Summary { said: vec![Said::words(&edit.entry.summary)], language };
    };
    let live = edit.live.then(|| Said::new("Live page: this entry tells all that came since the one before."));
    Summary { said: [happened].into_iter().chain(more(edit)).chain(live).collect(), language: "" }
}

/// What the page says of a removal, on one line; empty where it says nothing.
pub(super) fn notice(edit: &Edit) -> String {
    plain(edit.notice.as_deref().unwrap_or_default())
}

/// Which version is the last of an article that is not there or came back; whether the publisher told readers.
fn more(edit: &Edit) -> Vec<Said> {
    let last = edit.to.or(edit.from).filter(|_| matches!(edit.kind, EditKind::Removed | EditKind::Restored));
    let last = last.map(|last| Said::new("The last version that we have is version {version}.").with("version", last));
    last.into_iter().chain(told(edit)).collect()
}

/// Whether the publisher told readers; the notice of a removal is quoted beside it.
fn told(edit: &Edit) -> Option<Said> {
    match (edit.kind, edit.disclosure) {
        (EditKind::Changed | EditKind::Returned | EditKind::Restored, Some(Disclosure::Disclosed)) => {
            Some(Said::new("Disclosed: the article says that it was changed."))
        }
        (EditKind::Changed | EditKind::Returned, Some(Disclosure::Silent)) => {
            Some(Said::new("Silent: the article does not say that it was changed."))
        }
        (EditKind::Removed, Some(Disclosure::Silent)) => {
            Some(Said::new("Silent: nothing at its address says that it was removed."))
        }
        (EditKind::Restored, Some(Disclosure::Silent)) => {
            Some(Said::new("Silent: the article does not say that it was gone."))
        }
        _ => None,
    }
}

fn kind(kind: EditKind) -> &'static str {
    match kind {
        EditKind::Changed => "",
        EditKind::Returned => "Returned",
        EditKind::Removed => "Removed",
        EditKind::Restored => "Restored",
        EditKind::Retired => "No longer watched",
    }
}
