//! Encoding of records: one format byte, then a CBOR map with integer keys. The number of a field is never given to
//! another field, nor the code of an enum to another variant. `tests/store-samples/` holds one record of every kind
//! ever written; all of them must decode for ever. `docs/store-format.md` describes the format.
//!
//! Readers ignore unknown fields, so that this version opens a store written by the next one. A field added later
//! must be an `Option`, or a `Vec` with a default.

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

/// Layout number of the whole store: its trees, keys and records. It is raised when an older redraft could not read
/// what this one writes. A store with a higher number is refused.
pub(super) const FORMAT: u32 = 1;

/// First byte of a record: CBOR follows.
const CBOR: u8 = 1;

/// A record that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a record of kind {kind:?} cannot be read: {why}")]
pub(super) struct BadRecord {
    /// The expected kind.
    pub(super) kind: &'static str,
    /// The decoder's message.
    pub(super) why: String,
}

/// A type that is stored as one record.
pub(super) trait Record: Encode<()> + for<'b> Decode<'b, ()> {
    /// Its name in errors and sample files.
    const KIND: &'static str;

    /// Encodes the record.
    fn pack(&self) -> Vec<u8> {
        let mut bytes = vec![CBOR];
        // Writing to a `Vec` cannot fail, and our encoders return no errors of their own.
        let _ = minicbor::encode(self, &mut bytes);
        bytes
    }

    /// Decodes a record.
    ///
    /// # Errors
    /// If the format byte is unknown, the CBOR is broken or a required field is missing.
    fn unpack(bytes: &[u8]) -> Result<Self, BadRecord> {
        let bad = |why: String| BadRecord { kind: Self::KIND, why };
        match bytes.split_first() {
            Some((&CBOR, cbor)) => minicbor::decode(cbor).map_err(|error| bad(error.to_string())),
            Some((byte, _)) => Err(bad(format!("format byte {byte} is unknown to this version of redraft"))),
            None => Err(bad("it is empty".to_owned())),
        }
    }
}
