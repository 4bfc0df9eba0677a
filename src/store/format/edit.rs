//! An edit lies in two places: [`EditHead`], small, in the state, is what queries look at; [`EditRecord`] in the texts is
//! the whole edit, words included, as it was published.

use minicbor::{Decode, Encode};

use super::alteration::AlterationRecord;
use super::codes::{Code, Coded, known};
use super::version::ReasonRecord;
use super::{Link, Record, TextRef, Time};
use crate::model::{
    ArticleId, Class, Disclosure, Edit, EditKind, EditNumber, EntryText, Narrowing, SourceSlug, VersionNumber,
};

/// What queries choose edits by.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct EditHead {
    #[n(0)]
    pub(in crate::store) article: u64,
    #[n(1)]
    number: u32,
    #[n(2)]
    kind: Coded<EditKind>,
    #[n(3)]
    pub(in crate::store) from: Option<u32>,
    #[n(4)]
    pub(in crate::store) to: Option<u32>,
    #[n(5)]
    pub(in crate::store) score: f64,
    /// Codes of its classes; those that this redraft does not know are passed over.
    #[n(6)]
    classes: Vec<u8>,
    /// Where its [`EditRecord`] lies.
    #[n(7)]
    pub(in crate::store) text: TextRef,
    /// Whether the publisher tells nobody of it; not known of those that were written before there was this field. Of a removal
    /// or a return of earlier releases it says nothing, since they did not look.
    #[n(8)]
    pub(in crate::store) silent: Option<bool>,
    /// The article's language; none where it has none, or where `silent` is not known.
    #[n(9)]
    pub(in crate::store) language: Option<String>,
    /// When it was seen; not known of those that were written before there was this field.
    #[n(10)]
    pub(in crate::store) seen: Option<Time>,
}

/// A whole edit.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct EditRecord {
    #[n(0)]
    article: u64,
    #[n(1)]
    number: u32,
    #[n(2)]
    kind: Coded<EditKind>,
    #[n(3)]
    from: Option<u32>,
    #[n(4)]
    to: Option<u32>,
    #[n(5)]
    seen: Time,
    #[n(6)]
    since: Time,
    #[n(7)]
    headline: String,
    #[n(8)]
    url: Link,
    #[n(9)]
    sources: Vec<Slug>,
    #[n(10)]
    language: Option<String>,
    #[n(11)]
    reasons: Vec<ReasonRecord>,
    #[n(12)]
    score: f64,
    #[n(13)]
    disclosure: Coded<Disclosure>,
    #[n(14)]
    returned_to: Option<u32>,
    #[n(15)]
    title: String,
    #[n(16)]
    summary: String,
    #[n(17)]
    html: String,
    /// None of those that were written before there was this field.
    #[n(18)]
    unshown: Option<String>,
    /// Each change by what it happened to; none of those that were written before there was this field.
    #[n(19)]
    told: Option<Vec<AlterationRecord>>,
    /// The tag of the language of title, summary and HTML; none of those that were written before there was this field.
    #[n(20)]
    locale: Option<String>,
    /// None as long as it is no live page's.
    #[n(21)]
    live: Option<bool>,
    /// The name of the publication.
    #[n(22)]
    publication: Option<String>,
    /// What the page says of the removal.
    #[n(23)]
    notice: Option<String>,
    /// Whether `disclosure` was judged, where that is not as ever: of changes of text alone.
    #[n(24)]
    judged: Option<bool>,
}

/// A source's slug: text.
#[derive(Clone, Debug, PartialEq)]
struct Slug(SourceSlug);

impl<C> Encode<C> for Slug {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(self.0.as_str())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Slug {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.str()?.parse().map(Self).map_err(minicbor::decode::Error::custom)
    }
}

impl Record for EditHead {
    const KIND: &'static str = "edit-head";
}
impl Record for EditRecord {
    const KIND: &'static str = "edit";
}

impl EditHead {
    /// The head of `edit`, whose whole lies at `text`.
    pub(in crate::store) fn new(edit: &Edit, text: TextRef) -> Self {
        Self {
            article: edit.article.0,
            number: edit.number.0,
            kind: Coded(edit.kind),
            from: edit.from.map(|number| number.0),
            to: edit.to.map(|number| number.0),
            score: edit.score,
            classes: edit.classes().into_iter().map(Code::code).collect(),
            text,
            silent: Some(edit.disclosure == Some(Disclosure::Silent)),
            language: edit.language.clone(),
            seen: Some(Time(edit.seen)),
        }
    }

    /// What happened.
    pub(in crate::store) fn kind(&self) -> EditKind {
        self.kind.0
    }

    /// Whether `narrowing` may take it, as far as the head tells.
    pub(in crate::store) fn may_be_taken(&self, narrowing: &Narrowing) -> bool {
        let classes = self.classes.iter().filter_map(|code| known::<Class>(*code).ok());
        narrowing.takes_kind(self.kind(), classes, self.score)
            && self.seen.as_ref().is_none_or(|seen| narrowing.takes_moment(seen.0))
            && (self.silent.is_none()
                || (narrowing.takes_language(self.language.as_deref())
                    && (!narrowing.silent || self.silent == Some(true))))
    }
}

impl From<&Edit> for EditRecord {
    fn from(edit: &Edit) -> Self {
        let is_of_text = edit.from.is_some() && edit.to.is_some();
        Self {
            article: edit.article.0,
            number: edit.number.0,
            kind: Coded(edit.kind),
            from: edit.from.map(|number| number.0),
            to: edit.to.map(|number| number.0),
            seen: Time(edit.seen),
            since: Time(edit.since),
            headline: edit.headline.clone(),
            url: Link(edit.url.clone()),
            sources: edit.sources.iter().cloned().map(Slug).collect(),
            language: edit.language.clone(),
            reasons: edit.reasons.iter().map(Into::into).collect(),
            score: edit.score,
            disclosure: Coded(edit.disclosure.unwrap_or(Disclosure::Silent)),
            returned_to: edit.returned_to.map(|number| number.0),
            title: edit.entry.title.clone(),
            summary: edit.entry.summary.clone(),
            html: edit.entry.html.clone(),
            unshown: Some(edit.entry.unshown.clone()).filter(|unshown| !unshown.is_empty()),
            told: edit.entry.told.as_ref().map(|told| told.iter().map(Into::into).collect()),
            locale: edit.entry.locale.map(|locale| locale.tag().to_owned()),
            live: edit.live.then_some(true),
            publication: edit.publication.clone(),
            notice: edit.notice.clone(),
            judged: Some(edit.disclosure.is_some()).filter(|judged| *judged != is_of_text),
        }
    }
}

impl From<EditRecord> for Edit {
    fn from(record: EditRecord) -> Self {
        let was_judged = record.judged.unwrap_or(record.from.is_some() && record.to.is_some());
        Self {
            article: ArticleId(record.article),
            number: EditNumber(record.number),
            kind: record.kind.0,
            from: record.from.map(VersionNumber),
            to: record.to.map(VersionNumber),
            seen: record.seen.0,
            since: record.since.0,
            headline: record.headline,
            url: record.url.0,
            sources: record.sources.into_iter().map(|slug| slug.0).collect(),
            language: record.language,
            reasons: record.reasons.into_iter().map(Into::into).collect(),
            score: record.score,
            disclosure: was_judged.then_some(record.disclosure.0),
            returned_to: record.returned_to.map(VersionNumber),
            live: record.live.unwrap_or_default(),
            publication: record.publication,
            notice: record.notice,
            entry: EntryText {
                title: record.title,
                summary: record.summary,
                html: record.html,
                unshown: record.unshown.unwrap_or_default(),
                told: record.told.map(|told| told.into_iter().map(Into::into).collect()),
                locale: record.locale.and_then(|tag| tag.parse().ok()),
            },
        }
    }
}
