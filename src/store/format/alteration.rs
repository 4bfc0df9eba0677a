//! Record of one alteration: the facts about a change that an entry shows, apart from its text.

use minicbor::{Decode, Encode};

use super::codes::Coded;
use crate::model::{Alteration, How, What};

/// An [`Alteration`].
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(super) struct AlterationRecord {
    #[n(0)]
    what: Coded<What>,
    #[n(1)]
    how: Coded<How>,
    #[n(2)]
    old_place: Option<u64>,
    #[n(3)]
    new_place: Option<u64>,
    /// `None` means 1.
    #[n(4)]
    parts: Option<u64>,
    /// `None` means no.
    #[n(5)]
    is_shown: Option<bool>,
}

impl From<&Alteration> for AlterationRecord {
    fn from(told: &Alteration) -> Self {
        Self {
            what: Coded(told.what),
            how: Coded(told.how),
            old_place: told.old_place.map(|place| place as u64),
            new_place: told.new_place.map(|place| place as u64),
            parts: (told.parts != 1).then_some(told.parts as u64),
            is_shown: told.is_shown.then_some(true),
        }
    }
}

impl From<AlterationRecord> for Alteration {
    fn from(record: AlterationRecord) -> Self {
        let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Self {
            what: record.what.0,
            how: record.how.0,
            old_place: record.old_place.map(number),
            new_place: record.new_place.map(number),
            parts: record.parts.map_or(1, number),
            is_shown: record.is_shown.unwrap_or_default(),
        }
    }
}
