//! Record of a copy wanted from the Internet Archive.

use minicbor::{Decode, Encode};

use super::{Record, Time};

/// An article with a version that no archive was asked to copy. The row's key is the article.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct CopyRecord {
    /// Time at which the newest such version was seen.
    #[n(0)]
    pub(in crate::store) since: Time,
}

impl Record for CopyRecord {
    const KIND: &'static str = "copy";
}
