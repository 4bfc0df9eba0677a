//! Records of an article. It is split into several rows, so that a check without a change writes only a small one:
//! [`ArticleRecord`] holds the article itself, [`LookRecord`] its last and next check, [`NotesRecord`] its recent
//! checks as text. Polls write its sources ([`LinkRecord`]) and addresses ([`AddressRecord`]) into separate rows, so
//! that a poll and a check never overwrite each other.

use minicbor::{Decode, Encode};

use super::codes::Coded;
use super::fact::Kept;
use super::parts::validators;
use super::stated::StatedTimesRecord;
use super::suspicion::SuspicionRecord;
use super::{Hash, Link, Record, Time};
use crate::model::{
    Article, ArticleId, CheckNote, EditNumber, Outcome, Presence, Pulse, Retirement, SourceSlug, VersionNumber, Watch,
};

/// An article's own data.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct ArticleRecord {
    #[n(0)]
    pub(in crate::store) url: Link,
    #[n(1)]
    headline: String,
    #[n(2)]
    language: Option<String>,
    #[n(3)]
    first_seen: Time,
    #[n(4)]
    published: Option<Time>,
    #[n(5)]
    pub(in crate::store) latest: Option<u32>,
    #[n(6)]
    pub(in crate::store) announced: Option<u32>,
    #[n(7)]
    pub(in crate::store) last_edit: Option<u32>,
    #[n(8)]
    last_edit_seen: Option<Time>,
    /// The name of the site, as its page gives it.
    #[n(9)]
    site: Option<String>,
}

/// Time and result of an article's last check, and the time of the next.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct LookRecord {
    #[n(0)]
    watch: WatchRecord,
    #[n(1)]
    pulse: PulseRecord,
    #[n(2)]
    presence: PresenceRecord,
    #[n(3)]
    etag: Option<String>,
    #[n(4)]
    last_modified: Option<String>,
    #[n(5)]
    page_digest: Option<Hash>,
    #[n(6)]
    suspicion: Option<SuspicionRecord>,
    /// The address that sent the validators.
    #[n(7)]
    validated: Option<Link>,
    /// Whether the next check is accepted without confirmation; `None` means no.
    #[n(8)]
    believed: Option<bool>,
    /// The times that the page states; none of those that were written before there was this field.
    #[n(9)]
    stated: Option<StatedTimesRecord>,
}

/// The recent checks as text.
#[derive(Clone, Debug, PartialEq, Default, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct NotesRecord {
    #[n(0)]
    notes: Vec<NoteRecord>,
}

/// Link between a source and an article.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct LinkRecord {
    /// Time of the link; [`Article::sources`] is sorted by it.
    #[n(0)]
    pub(in crate::store) since: Time,
    /// BLAKE3 hash of the guid that the source last gave to its entry.
    #[n(1)]
    pub(in crate::store) guid: Option<Hash>,
    /// Last update time from its entry.
    #[n(2)]
    pub(in crate::store) updated: Option<Time>,
    /// Last hash of its entry's text.
    #[n(3)]
    pub(in crate::store) text: Option<u64>,
    /// Start of the day in which its signals are counted.
    #[n(4)]
    pub(in crate::store) day: Option<Time>,
    /// Number of times that its entry made the article due on that day.
    #[n(5)]
    pub(in crate::store) signals: Option<u32>,
}

/// The article of a guid of a source.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct GuidRecord {
    #[n(0)]
    pub(in crate::store) article: u64,
}

/// The article of an address.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct AddressRecord {
    #[n(0)]
    pub(in crate::store) article: u64,
    /// The address itself; its row's key is only a hash.
    #[n(1)]
    pub(in crate::store) url: Link,
}

/// `at` is the due time of a due watch, or the time of retirement of a retired one. Only a retired one has a reason.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
struct WatchRecord {
    #[n(0)]
    at: Time,
    #[n(1)]
    retired: Option<Coded<Retirement>>,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
struct PulseRecord {
    #[n(0)]
    looks: u32,
    #[n(1)]
    changes: u32,
    #[n(2)]
    failures: u32,
    #[n(3)]
    looked: Option<Time>,
    #[n(4)]
    changed: Time,
    #[n(5)]
    interval_s: u32,
    /// `None` as long as no check was missed.
    #[n(6)]
    missed_s: Option<u32>,
}

/// Present: no field. Missing: both fields. Removed: only `since`.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
struct PresenceRecord {
    #[n(0)]
    since: Option<Time>,
    #[n(1)]
    missing_looks: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
struct NoteRecord {
    #[n(0)]
    at: Time,
    #[n(1)]
    outcome: Coded<Outcome>,
    #[n(2)]
    words: String,
    /// `None` in records older than this field; `words` say the same in English.
    #[n(3)]
    fact: Option<Kept>,
}

impl Record for ArticleRecord {
    const KIND: &'static str = "article";
}
impl Record for LookRecord {
    const KIND: &'static str = "look";
}
impl Record for NotesRecord {
    const KIND: &'static str = "notes";
}
impl Record for LinkRecord {
    const KIND: &'static str = "link";
}
impl Record for GuidRecord {
    const KIND: &'static str = "guid";
}
impl Record for AddressRecord {
    const KIND: &'static str = "address";
}

impl From<&Article> for ArticleRecord {
    fn from(article: &Article) -> Self {
        Self {
            url: Link(article.url.clone()),
            headline: article.headline.clone(),
            language: article.language.clone(),
            first_seen: Time(article.first_seen),
            published: article.published.map(Time),
            latest: article.latest.map(|number| number.0),
            announced: article.announced.map(|number| number.0),
            last_edit: article.last_edit.map(|number| number.0),
            last_edit_seen: article.last_edit_seen.map(Time),
            site: article.site.clone(),
        }
    }
}

impl From<&Article> for LookRecord {
    fn from(article: &Article) -> Self {
        Self {
            watch: (&article.watch).into(),
            pulse: (&article.pulse).into(),
            presence: (&article.presence).into(),
            etag: article.validators.etag.clone(),
            last_modified: article.validators.last_modified.clone(),
            page_digest: article.page_digest.map(Hash),
            suspicion: article.suspicion.as_ref().map(Into::into),
            believed: article.is_believed.then_some(true),
            stated: article.stated.as_ref().map(Into::into),
            validated: article.validators.of.clone().map(Link),
        }
    }
}

impl From<&Article> for NotesRecord {
    fn from(article: &Article) -> Self {
        let skipped = article.notes.len().saturating_sub(Article::MAX_NOTES);
        Self { notes: article.notes.iter().skip(skipped).map(Into::into).collect() }
    }
}

impl LookRecord {
    /// When the article was last fetched; `None` if it never was.
    pub(in crate::store) fn looked(&self) -> Option<jiff::Timestamp> {
        self.pulse.looked.as_ref().map(|time| time.0)
    }

    /// When the article is due; `None` if it is retired.
    pub(in crate::store) fn due(&self) -> Option<jiff::Timestamp> {
        self.watch.retired.is_none().then_some(self.watch.at.0)
    }

    /// Copy of the record, due at `at` unless it is due earlier; `None` if the article is retired.
    pub(in crate::store) fn due_by(self, at: jiff::Timestamp) -> Option<Self> {
        let due = self.due()?.min(at);
        Some(Self { watch: (&Watch::Due(due)).into(), ..self })
    }

    /// Copy of the record, with its next check accepted without confirmation.
    pub(in crate::store) fn with_acceptance(self) -> Self {
        Self { believed: Some(true), ..self }
    }
}

impl ArticleRecord {
    /// Copy of the record, with this address to fetch from.
    pub(in crate::store) fn at(self, url: url::Url) -> Self {
        Self { url: Link(url), ..self }
    }

    /// Builds the article that these rows describe.
    pub(in crate::store) fn article(
        self,
        id: ArticleId,
        sources: Vec<SourceSlug>,
        look: LookRecord,
        notes: NotesRecord,
    ) -> Article {
        Article {
            id,
            url: self.url.0,
            sources,
            headline: self.headline,
            language: self.language,
            site: self.site,
            first_seen: self.first_seen.0,
            published: self.published.map(|time| time.0),
            validators: validators(look.etag, look.last_modified, look.validated),
            watch: look.watch.into(),
            pulse: look.pulse.into(),
            presence: look.presence.into(),
            latest: self.latest.map(VersionNumber),
            announced: self.announced.map(VersionNumber),
            last_edit: self.last_edit.map(EditNumber),
            last_edit_seen: self.last_edit_seen.map(|time| time.0),
            page_digest: look.page_digest.map(|hash| hash.0),
            suspicion: look.suspicion.map(Into::into),
            stated: look.stated.map(Into::into),
            is_believed: look.believed.unwrap_or_default(),
            notes: notes.notes.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<&Watch> for WatchRecord {
    fn from(watch: &Watch) -> Self {
        match watch {
            Watch::Due(at) => Self { at: Time(*at), retired: None },
            Watch::Retired { since, reason } => Self { at: Time(*since), retired: Some(Coded(*reason)) },
        }
    }
}

impl From<WatchRecord> for Watch {
    fn from(record: WatchRecord) -> Self {
        match record.retired {
            None => Self::Due(record.at.0),
            Some(reason) => Self::Retired { since: record.at.0, reason: reason.0 },
        }
    }
}

impl From<&Pulse> for PulseRecord {
    fn from(pulse: &Pulse) -> Self {
        Self {
            looks: pulse.looks,
            changes: pulse.changes,
            failures: pulse.failures,
            looked: pulse.looked.map(Time),
            changed: Time(pulse.changed),
            interval_s: pulse.interval_s,
            missed_s: Some(pulse.missed_s).filter(|seconds| *seconds > 0),
        }
    }
}

impl From<PulseRecord> for Pulse {
    fn from(record: PulseRecord) -> Self {
        Self {
            looks: record.looks,
            changes: record.changes,
            failures: record.failures,
            looked: record.looked.map(|time| time.0),
            changed: record.changed.0,
            interval_s: record.interval_s,
            missed_s: record.missed_s.unwrap_or_default(),
        }
    }
}

impl From<&Presence> for PresenceRecord {
    fn from(presence: &Presence) -> Self {
        match presence {
            Presence::Present => Self { since: None, missing_looks: None },
            Presence::Missing { since, looks } => Self { since: Some(Time(*since)), missing_looks: Some(*looks) },
            Presence::Removed { since } => Self { since: Some(Time(*since)), missing_looks: None },
        }
    }
}

impl From<PresenceRecord> for Presence {
    fn from(record: PresenceRecord) -> Self {
        match (record.since, record.missing_looks) {
            (None, _) => Self::Present,
            (Some(since), Some(looks)) => Self::Missing { since: since.0, looks },
            (Some(since), None) => Self::Removed { since: since.0 },
        }
    }
}

impl From<&CheckNote> for NoteRecord {
    fn from(note: &CheckNote) -> Self {
        let fact = Kept::of(&note.why);
        Self { at: Time(note.at), outcome: Coded(note.outcome), words: note.why.to_string(), fact }
    }
}

impl From<NoteRecord> for CheckNote {
    fn from(record: NoteRecord) -> Self {
        Self { at: record.at.0, outcome: record.outcome.0, why: Kept::or_words(record.fact, record.words) }
    }
}
