//! Keys of all rows. Numbers are big-endian, so that rows sort by number and a prefix selects a
//! range.

use url::Url;

use super::error::Fault;
use crate::model::{ArticleId, Digest, EditNumber, Host, Scope, SourceSlug, VersionNumber};

/// Key in the tree `meta`; see [`super::format::FormatRecord`].
pub(super) const FORMAT: &[u8] = b"format";
/// See [`super::format::OriginRecord`].
pub(super) const ORIGIN: &[u8] = b"origin";
/// See [`super::format::CountersRecord`].
pub(super) const COUNTERS: &[u8] = b"counters";

/// Key of an article's rows: its number.
pub(super) fn article(id: ArticleId) -> Vec<u8> {
    id.0.to_be_bytes().to_vec()
}

/// Key of a version or a page: article ‖ number.
pub(super) fn version(id: ArticleId, number: VersionNumber) -> Vec<u8> {
    [&id.0.to_be_bytes()[..], &number.0.to_be_bytes()].concat()
}

/// Key of an edit under its article: article ‖ number.
pub(super) fn edit_of_article(id: ArticleId, number: EditNumber) -> Vec<u8> {
    [&id.0.to_be_bytes()[..], &number.0.to_be_bytes()].concat()
}

/// Key of a takedown: article, or article ‖ version number.
pub(super) fn hidden(id: ArticleId, number: Option<VersionNumber>) -> Vec<u8> {
    number.map_or_else(|| article(id), |number| version(id, number))
}

/// Key that is only a number: edits by sequence, chunks of text.
pub(super) fn sequence(number: u64) -> Vec<u8> {
    number.to_be_bytes().to_vec()
}

/// Key of an address: its BLAKE3 hash, because addresses can be of any length.
pub(super) fn address(url: &Url) -> Vec<u8> {
    blake3::hash(url.as_str().as_bytes()).as_bytes().to_vec()
}

/// Key of an address under its article: article ‖ hash.
pub(super) fn address_of_article(id: ArticleId, url: &Url) -> Vec<u8> {
    [&id.0.to_be_bytes()[..], &address(url)].concat()
}

/// Key of a source under its article: article ‖ slug.
pub(super) fn source_of_article(id: ArticleId, slug: &SourceSlug) -> Vec<u8> {
    [&id.0.to_be_bytes()[..], slug.as_str().as_bytes()].concat()
}

/// Prefix of all rows of a source: slug ‖ 0. A slug never contains 0, so `a` does not match the
/// rows of `ab`.
pub(super) fn source(slug: &SourceSlug) -> Vec<u8> {
    [slug.as_str().as_bytes(), &[0]].concat()
}

/// Key of a number (article or edit) under a source: slug ‖ 0 ‖ number.
pub(super) fn of_source(slug: &SourceSlug, number: u64) -> Vec<u8> {
    [&source(slug)[..], &number.to_be_bytes()].concat()
}

/// Key of a block under its source: slug ‖ 0 ‖ BLAKE3 of the block's key.
pub(super) fn furniture(slug: &SourceSlug, key: &str) -> Vec<u8> {
    [&source(slug)[..], blake3::hash(key.as_bytes()).as_bytes()].concat()
}

/// Key of a guid under its source: slug ‖ 0 ‖ BLAKE3 of the guid.
pub(super) fn guid(slug: &SourceSlug, guid: &Digest) -> Vec<u8> {
    [&source(slug)[..], &guid.0].concat()
}

/// Key of an address hash at which a source listed a forgotten article: slug ‖ 0 ‖ hash.
pub(super) fn forgotten(slug: &SourceSlug, hash: &[u8]) -> Vec<u8> {
    [&source(slug)[..], hash].concat()
}

/// Key of a site as `robots.txt` defines it: scheme, host and port.
pub(super) fn site(url: &Url) -> Vec<u8> {
    url.origin().ascii_serialization().into_bytes()
}

/// Key of a host's rest: its name, with the port if it is not the usual one.
pub(super) fn host(host: &Host) -> Vec<u8> {
    host.as_str().as_bytes().to_vec()
}

/// Key of a feed's stamp: `e`, `s` ‖ slug, `a` ‖ article.
pub(super) fn scope(scope: &Scope) -> Vec<u8> {
    match scope {
        Scope::Everything => b"e".to_vec(),
        Scope::Source(slug) => [b"s", slug.as_str().as_bytes()].concat(),
        Scope::Article(id) => [&b"a"[..], &id.0.to_be_bytes()].concat(),
    }
}

/// The number in the last eight bytes of a key; an error if the key is too short.
pub(super) fn number(key: &[u8]) -> Result<u64, Fault> {
    last_u64(key).ok_or_else(|| Fault::Damaged("a key is too short".to_owned()))
}

/// The number in the last eight bytes of a key; `None` if it is too short.
pub(super) fn last_u64(key: &[u8]) -> Option<u64> {
    key.last_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

/// The number in the last four bytes of a key; `None` if it is too short.
pub(super) fn last_u32(key: &[u8]) -> Option<u32> {
    key.last_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

/// The number in the first eight bytes of a key; `None` if it is too short.
pub(super) fn first_u64(key: &[u8]) -> Option<u64> {
    key.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}
