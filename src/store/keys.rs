//! The keys of all rows. Numbers are big-endian, so that rows lie in their order and a prefix is a range.

use url::Url;

use super::error::Fault;
use crate::model::{ArticleId, Digest, EditNumber, Host, Scope, SourceSlug, VersionNumber};

/// Rows of the tree `meta`.
pub(super) const FORMAT: &[u8] = b"format";
/// See [`super::format::OriginRecord`].
pub(super) const ORIGIN: &[u8] = b"origin";
/// See [`super::format::CountersRecord`].
pub(super) const COUNTERS: &[u8] = b"counters";

/// An article's rows: its number.
pub(super) fn article(id: ArticleId) -> Vec<u8> {
    id.0.to_be_bytes().to_vec()
}

/// A version's or a page's row: article ‖ number.
pub(super) fn version(id: ArticleId, number: VersionNumber) -> Vec<u8> {
    [&id.0.to_be_bytes()[..], &number.0.to_be_bytes()].concat()
}

/// An edit of an article: article ‖ number.
pub(super) fn edit_of_article(id: ArticleId, number: EditNumber) -> Vec<u8> {
    [&id.0.to_be_bytes()[..], &number.0.to_be_bytes()].concat()
}

/// What was taken down: article, or article ‖ number.
pub(super) fn hidden(id: ArticleId, number: Option<VersionNumber>) -> Vec<u8> {
    number.map_or_else(|| article(id), |number| version(id, number))
}

/// A number of its own: edits by sequence, chunks of text.
pub(super) fn sequence(number: u64) -> Vec<u8> {
    number.to_be_bytes().to_vec()
}

/// What an address is found by: its BLAKE3, because addresses have any length.
pub(super) fn address(url: &Url) -> Vec<u8> {
    blake3::hash(url.as_str().as_bytes()).as_bytes().to_vec()
}

/// An address of an article: article ‖ hash.
pub(super) fn address_of_article(id: ArticleId, url: &Url) -> Vec<u8> {
    [&id.0.to_be_bytes()[..], &address(url)].concat()
}

/// A source of an article: article ‖ slug.
pub(super) fn source_of_article(id: ArticleId, slug: &SourceSlug) -> Vec<u8> {
    [&id.0.to_be_bytes()[..], slug.as_str().as_bytes()].concat()
}

/// All that belongs to a source: slug ‖ 0 (no slug contains it, so `a` is no prefix of `ab`).
pub(super) fn source(slug: &SourceSlug) -> Vec<u8> {
    [slug.as_str().as_bytes(), &[0]].concat()
}

/// Something numbered that belongs to a source, an article or an edit: slug ‖ 0 ‖ number.
pub(super) fn of_source(slug: &SourceSlug, number: u64) -> Vec<u8> {
    [&source(slug)[..], &number.to_be_bytes()].concat()
}

/// A block of a source: slug ‖ 0 ‖ BLAKE3 of its key.
pub(super) fn furniture(slug: &SourceSlug, key: &str) -> Vec<u8> {
    [&source(slug)[..], blake3::hash(key.as_bytes()).as_bytes()].concat()
}

/// A guid of a source: slug ‖ 0 ‖ BLAKE3 of the guid.
pub(super) fn guid(slug: &SourceSlug, guid: &Digest) -> Vec<u8> {
    [&source(slug)[..], &guid.0].concat()
}

/// An address, by its hash, under which a source had an article that was forgotten: slug ‖ 0 ‖ hash.
pub(super) fn forgotten(slug: &SourceSlug, hash: &[u8]) -> Vec<u8> {
    [&source(slug)[..], hash].concat()
}

/// A site, as `robots.txt` speaks for one: scheme, name and port.
pub(super) fn site(url: &Url) -> Vec<u8> {
    url.origin().ascii_serialization().into_bytes()
}

/// A host's rest: its name, with the port where that is not the usual one.
pub(super) fn host(host: &Host) -> Vec<u8> {
    host.as_str().as_bytes().to_vec()
}

/// A feed's stamp: `e`, `s` ‖ slug, `a` ‖ article.
pub(super) fn scope(scope: &Scope) -> Vec<u8> {
    match scope {
        Scope::Everything => b"e".to_vec(),
        Scope::Source(slug) => [b"s", slug.as_str().as_bytes()].concat(),
        Scope::Article(id) => [&b"a"[..], &id.0.to_be_bytes()].concat(),
    }
}

/// The number in the last eight bytes of a key that must have one.
pub(super) fn number(key: &[u8]) -> Result<u64, Fault> {
    last_u64(key).ok_or_else(|| Fault::Damaged("a key is too short".to_owned()))
}

/// The number in the last eight bytes of a key.
pub(super) fn last_u64(key: &[u8]) -> Option<u64> {
    key.last_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

/// The number in the last four bytes of a key.
pub(super) fn last_u32(key: &[u8]) -> Option<u32> {
    key.last_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

/// The number in the first eight bytes of a key.
pub(super) fn first_u64(key: &[u8]) -> Option<u64> {
    key.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}
