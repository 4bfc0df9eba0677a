//! What the store knows of itself, and the small rows.

use minicbor::{Decode, Encode};

use super::{Hash, Record, Time};

/// The number of the store's layout.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct FormatRecord {
    #[n(0)]
    pub(in crate::store) number: u32,
}

/// What all `tag:` ids are made of, fixed at the first start.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct OriginRecord {
    #[n(0)]
    pub(in crate::store) authority: String,
    /// `2026-11-20`.
    #[n(1)]
    pub(in crate::store) since: String,
}

/// The numbers that the next article and the next edit get.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct CountersRecord {
    #[n(0)]
    pub(in crate::store) next_article: u64,
    #[n(1)]
    pub(in crate::store) next_edit: u64,
}

impl Default for CountersRecord {
    /// Both count from 1.
    fn default() -> Self {
        Self { next_article: 1, next_edit: 1 }
    }
}

/// An article that was forgotten.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct ForgottenRecord {
    /// The number that it had.
    #[n(0)]
    pub(in crate::store) article: u64,
    /// Since when it is forgotten.
    #[n(1)]
    pub(in crate::store) at: Time,
}

/// When a feed's body last changed.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct StampRecord {
    #[n(0)]
    pub(in crate::store) digest: Hash,
    /// Whole seconds.
    #[n(1)]
    pub(in crate::store) at: Time,
}

/// Until when a host asked to be left alone.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct RestRecord {
    #[n(0)]
    pub(in crate::store) until: Time,
    /// How many answers in a row asked for it; one, where it is not told.
    #[n(1)]
    pub(in crate::store) times: Option<u32>,
}

/// A block that was seen in articles of a source.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct FurnitureRecord {
    /// `classify::furniture_key` of its text.
    #[n(0)]
    pub(in crate::store) key: String,
    /// The first articles that it was seen in, as many as make it furniture.
    #[n(1)]
    pub(in crate::store) articles: Vec<u64>,
}

/// Since when and why something is not shown.
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
