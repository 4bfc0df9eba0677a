//! Packing of texts: each is a zstd frame, either alone or with an earlier text as its dictionary.
//! A version with one edited paragraph takes 3,528 bytes alone and 92 bytes with a dictionary.
//!
//! Layout: one byte for the kind; for a text built on another, the place of that text and the depth
//! of the chain; then the frame. The frame carries zstd's checksum, so an unpacked text that came
//! out wrong is detected.

use std::cell::RefCell;

use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::CParameter;

use super::error::Fault;
use super::format::TextRef;

/// First byte of a text that was packed alone.
const ALONE: u8 = 1;
/// First byte of a text built on another. It is followed by the first chunk (8 bytes), the number
/// of chunks (4) and the depth (1).
const BUILT: u8 = 2;
/// Length of that header in bytes, the first byte included.
const BUILT_HEADER_BYTES: usize = 14;

/// Longest chain of texts built on each other; the next text is packed alone. Reading the newest
/// version unpacks at most this many small texts, in about a millisecond.
const MAX_DEPTH: u8 = 15;

/// Longest text in bytes, unpacked: far more than the largest page that is fetched.
const MAX_TEXT_BYTES: usize = 64 * 1024 * 1024;

/// Compression level of zstd. Level 9 costs a millisecond for an article's content; level 6 costs
/// about ten for a large page.
#[derive(Clone, Copy, Debug)]
pub(super) enum Effort {
    /// Contents and edits: small, kept for ever.
    Kept = 9,
    /// Pages: large, replaced by the next one.
    Passing = 4,
}

/// A text that another text may be built on.
#[derive(Clone, Debug)]
pub(super) struct Base {
    /// Its place in the store.
    pub(super) place: TextRef,
    /// Its bytes, unpacked.
    pub(super) text: Vec<u8>,
    /// Number of texts that it is built on.
    pub(super) depth: u8,
}

/// A packed text.
#[derive(Clone, Debug)]
pub(super) struct Packed(Vec<u8>);

impl Packed {
    /// Packs a text alone.
    pub(super) fn alone(text: &[u8], effort: Effort) -> Result<Self, Fault> {
        let mut bytes = vec![ALONE];
        bytes.append(&mut compress_text(text, &[], effort)?);
        Ok(Self(bytes))
    }

    /// Packs a text as a difference to `base`; alone if there is no base or its chain is already
    /// [`MAX_DEPTH`] long.
    pub(super) fn built_on(base: Option<&Base>, text: &[u8], effort: Effort) -> Result<Self, Fault> {
        let Some(base) = base.filter(|base| base.depth < MAX_DEPTH) else { return Self::alone(text, effort) };
        let mut bytes = vec![BUILT];
        bytes.extend(base.place.first.to_be_bytes());
        bytes.extend(base.place.chunks.to_be_bytes());
        bytes.push(base.depth + 1);
        bytes.append(&mut compress_text(text, &base.text, effort)?);
        Ok(Self(bytes))
    }

    /// Number of texts that it is built on.
    pub(super) fn depth(&self) -> u8 {
        depth_of(&self.0)
    }

    /// The packed bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Number of texts that a packed text is built on.
pub(super) fn depth_of(packed: &[u8]) -> u8 {
    split_header(packed).map_or(0, |(base, _)| base.map_or(0, |(_, depth)| depth))
}

/// Place of the text that a packed text is built on; `None` if it was packed alone. The first
/// [`BUILT_HEADER_BYTES`] bytes are enough.
pub(super) fn base_of(packed: &[u8]) -> Option<TextRef> {
    split_header(packed).and_then(|(base, _)| base).map(|(place, _)| place)
}

/// Unpacks a text. `fetch` returns the packed text at a place.
///
/// # Errors
/// If a text is broken, too long, or built on more than [`MAX_DEPTH`] others.
pub(super) fn unpack_text(packed: &[u8], fetch: impl Fn(TextRef) -> Result<Vec<u8>, Fault>) -> Result<Vec<u8>, Fault> {
    let mut layers = vec![packed.to_vec()];
    while let Some((place, _)) = layers.last().and_then(|layer| split_header(layer)).and_then(|(base, _)| base) {
        if layers.len() > usize::from(MAX_DEPTH) {
            return Err(Fault::Damaged("a text is built on itself".to_owned()));
        }
        layers.push(fetch(place)?);
    }
    layers.iter().rev().try_fold(Vec::new(), |base, layer| {
        let (_, frame) =
            split_header(layer).ok_or_else(|| Fault::Damaged("a text begins with an unknown byte".to_owned()))?;
        decompress_frame(frame, &base)
    })
}

/// Splits a packed text into its base (place and depth, if it has one) and its frame.
#[allow(clippy::type_complexity)]
fn split_header(packed: &[u8]) -> Option<(Option<(TextRef, u8)>, &[u8])> {
    match *packed.first()? {
        ALONE => Some((None, &packed[1..])),
        BUILT => {
            let (header, frame) = packed.split_at_checked(BUILT_HEADER_BYTES)?;
            let first = u64::from_be_bytes(header[1..9].try_into().ok()?);
            let chunks = u32::from_be_bytes(header[9..13].try_into().ok()?);
            Some((Some((TextRef { first, chunks }, header[13])), frame))
        }
        _ => None,
    }
}

fn compress_text(text: &[u8], dictionary: &[u8], effort: Effort) -> Result<Vec<u8>, Fault> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(Fault::Refused(format!("a text of {} bytes is longer than {MAX_TEXT_BYTES}", text.len())));
    }
    let mut compressor = Compressor::with_dictionary(effort as i32, dictionary)?;
    compressor.set_parameter(CParameter::ChecksumFlag(true))?;
    Ok(compressor.compress(text)?)
}

thread_local! {
    /// One decompressor per thread. Allocating and freeing its 160 KB costs more than unpacking a
    /// small text.
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

fn decompress_frame(frame: &[u8], dictionary: &[u8]) -> Result<Vec<u8>, Fault> {
    DECOMPRESSOR.with_borrow_mut(|kept| {
        let mut decompressor = kept.take().map_or_else(Decompressor::new, Ok)?;
        decompressor.set_dictionary(dictionary)?;
        let text = decompressor
            .decompress(frame, MAX_TEXT_BYTES)
            .map_err(|error| Fault::Damaged(format!("a text cannot be unpacked: {error}")))?;
        // After an error the decompressor is not put back: its state is unknown.
        *kept = Some(decompressor);
        Ok(text)
    })
}
