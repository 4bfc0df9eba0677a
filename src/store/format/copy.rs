//! What the Internet Archive is to be asked to copy.

use minicbor::{Decode, Encode};

use super::{Record, Time};

/// That an article has a version which no archive was asked to copy; the article is the row's key.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct CopyRecord {
    /// When the newest such version was seen.
    #[n(0)]
    pub(in crate::store) since: Time,
}

impl Record for CopyRecord {
    const KIND: &'static str = "copy";
}
