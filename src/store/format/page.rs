//! Record of the page behind a version: its address, and the place of its HTML.

use minicbor::{Decode, Encode};

use super::{Hash, Link, Record, TextRef};

/// A stored page, without its HTML.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct PageRecord {
    /// Its address, after redirects.
    #[n(0)]
    pub(in crate::store) url: Link,
    /// BLAKE3 hash of its HTML, so that an unchanged page is not written again.
    #[n(1)]
    pub(in crate::store) digest: Hash,
    /// Place of its HTML (UTF-8).
    #[n(2)]
    pub(in crate::store) text: TextRef,
}

impl Record for PageRecord {
    const KIND: &'static str = "page";
}
