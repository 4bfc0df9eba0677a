//! How records lie on disk: one format byte, then a CBOR map with integer keys. A field's number is never given to another
//! field, an enum's code never to another variant; `tests/store-samples/` holds one record of every kind ever written, and
//! they must decode for ever. `docs/store-format.md` tells the same in prose.
//!
//! Readers ignore fields that they do not know, so that a store written by the next release still opens in this one; a
//! field added later must be an `Option` or a `Vec` with a default.

mod alteration;
mod article;
mod codes;
mod copy;
mod dispatch;
mod edit;
mod fact;
mod meta;
mod page;
mod parts;
mod poll;
mod round;
mod reread;
mod robots;
#[cfg(test)]
mod samples;
#[cfg(test)]
pub(super) mod strategies;
mod stated;
mod subscription;
mod suspicion;
mod version;

use minicbor::{Decode, Encode};

pub(super) use article::{AddressRecord, ArticleRecord, GuidRecord, LinkRecord, LookRecord, NotesRecord};
pub(super) use copy::CopyRecord;
pub(super) use dispatch::DispatchRecord;
pub(super) use edit::{EditHead, EditRecord};
pub(super) use meta::{
    CountersRecord, ForgottenRecord, FormatRecord, FurnitureRecord, HiddenRecord, OriginRecord, RestRecord, StampRecord,
};
pub(super) use page::PageRecord;
pub(super) use parts::{Hash, Link, Seconds, TextRef, Time};
pub(super) use poll::PollRecord;
pub use reread::reread;
pub(super) use robots::RobotsRecord;
pub(super) use subscription::SubscriptionRecord;
pub(super) use version::{VersionRecord, VersionText};

/// The number of the layout of the whole store: its trees, keys and records. Raised when an older redraft could not read
/// what this one writes; a store with a higher number is refused, never guessed at.
pub(super) const FORMAT: u32 = 1;

/// First byte of a record: CBOR follows.
const CBOR: u8 = 1;

/// A record that cannot be read: which kind, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a record of kind {kind:?} cannot be read: {why}")]
pub(super) struct BadRecord {
    /// The kind that was expected.
    pub(super) kind: &'static str,
    /// What the decoder met.
    pub(super) why: String,
}

/// Something that is written as one record.
pub(super) trait Record: Encode<()> + for<'b> Decode<'b, ()> {
    /// Its name in errors and sample files.
    const KIND: &'static str;

    /// The record's bytes.
    fn pack(&self) -> Vec<u8> {
        let mut bytes = vec![CBOR];
        // Writing to a Vec cannot fail, and no encoder of ours returns an error of its own.
        let _ = minicbor::encode(self, &mut bytes);
        bytes
    }

    /// The record that `bytes` hold.
    ///
    /// # Errors
    /// When the format byte is unknown, the CBOR is broken or a field that must be there is missing.
    fn unpack(bytes: &[u8]) -> Result<Self, BadRecord> {
        let bad = |why: String| BadRecord { kind: Self::KIND, why };
        match bytes.split_first() {
            Some((&CBOR, cbor)) => minicbor::decode(cbor).map_err(|error| bad(error.to_string())),
            Some((byte, _)) => Err(bad(format!("format byte {byte} is none that this redraft knows"))),
            None => Err(bad("it is empty".to_owned())),
        }
    }
}
