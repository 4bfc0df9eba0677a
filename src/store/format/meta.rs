//! Records of the store itself, and other small records.

use minicbor::{Decode, Encode};

use super::{Hash, Record, Time};

/// Layout number of the store.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct FormatRecord {
    #[n(0)]
    pub(in crate::store) number: u32,
}

/// Authority and date of all `tag:` ids, fixed at the first start.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct OriginRecord {
    #[n(0)]
    pub(in crate::store) authority: String,
    /// A date such as `2026-11-20`.
    #[n(1)]
    pub(in crate::store) since: String,
}

/// The numbers of the next article and the next edit.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct CountersRecord {
    #[n(0)]
    pub(in crate::store) next_article: u64,
    #[n(1)]
    pub(in crate::store) next_edit: u64,
}

impl Default for CountersRecord {
    /// Both start at 1.
    fn default() -> Self {
        Self { next_article: 1, next_edit: 1 }
    }
}

/// A forgotten article.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct ForgottenRecord {
    /// Its former number.
    #[n(0)]
    pub(in crate::store) article: u64,
    /// When it was forgotten.
    #[n(1)]
    pub(in crate::store) at: Time,
}

/// The time at which a feed's body last changed.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct StampRecord {
    #[n(0)]
    pub(in crate::store) digest: Hash,
    /// In whole seconds.
    #[n(1)]
    pub(in crate::store) at: Time,
}

/// The time until which a host wants to be left alone.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct RestRecord {
    #[n(0)]
    pub(in crate::store) until: Time,
    /// Number of answers in a row that asked for it; `None` means one.
    #[n(1)]
    pub(in crate::store) times: Option<u32>,
}

/// A block that appeared in articles of a source.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct FurnitureRecord {
    /// `classify::furniture_key` of its text.
    #[n(0)]
    pub(in crate::store) key: String,
    /// The first articles that contain it, up to the number that makes it furniture.
    #[n(1)]
    pub(in crate::store) articles: Vec<u64>,
}

/// Time and reason of a takedown.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct HiddenRecord {
    #[n(0)]
    pub(in crate::store) since: Time,
    #[n(1)]
    pub(in crate::store) reason: String,
}

impl Record for ForgottenRecord {
    const KIND: &'static str = "forgotten";
}
impl Record for HiddenRecord {
    const KIND: &'static str = "hidden";
}
impl Record for FurnitureRecord {
    const KIND: &'static str = "furniture";
}
impl Record for FormatRecord {
    const KIND: &'static str = "format";
}
impl Record for OriginRecord {
    const KIND: &'static str = "origin";
}
impl Record for CountersRecord {
    const KIND: &'static str = "counters";
}
impl Record for StampRecord {
    const KIND: &'static str = "stamp";
}
impl Record for RestRecord {
    const KIND: &'static str = "rest";
}
