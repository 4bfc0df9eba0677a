//! What looks wrong about an article: part of its row of looks.

use minicbor::{Decode, Encode};

use super::fact::Kept;
use super::{Hash, Time};
use crate::model::Suspicion;

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(super) struct SuspicionRecord {
    #[n(0)]
    since: Time,
    #[n(1)]
    looks: u32,
    #[n(2)]
    why: String,
    #[n(3)]
    identity: Hash,
    /// None of those that were written before there was this field.
    #[n(4)]
    marks: Option<Vec<u64>>,
    /// None of those that were written before there was this field; `why` is the same in English.
    #[n(5)]
    fact: Option<Kept>,
}

impl From<&Suspicion> for SuspicionRecord {
    fn from(suspicion: &Suspicion) -> Self {
        Self {
            since: Time(suspicion.since),
            looks: suspicion.looks,
            why: suspicion.why.to_string(),
            fact: Kept::of(&suspicion.why),
            identity: Hash(suspicion.identity),
            marks: Some(suspicion.marks.clone()).filter(|marks| !marks.is_empty()),
        }
    }
}

impl From<SuspicionRecord> for Suspicion {
    fn from(record: SuspicionRecord) -> Self {
        let marks = record.marks.unwrap_or_default();
        let why = Kept::or_words(record.fact, record.why);
        Self { since: record.since.0, looks: record.looks, why, identity: record.identity.0, marks }
    }
}
