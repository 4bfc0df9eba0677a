//! The page behind a version: where it came from, and where its HTML lies.

use minicbor::{Decode, Encode};

use super::{Hash, Link, Record, TextRef};

/// A kept page, but for its HTML.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct PageRecord {
    /// Where it came from, after redirects.
    #[n(0)]
    pub(in crate::store) url: Link,
    /// The BLAKE3 of its HTML: the same page is not written twice.
    #[n(1)]
    pub(in crate::store) digest: Hash,
    /// Where its HTML lies, UTF-8.
    #[n(2)]
    pub(in crate::store) text: TextRef,
}

impl Record for PageRecord {
    const KIND: &'static str = "page";
}
