//! The texts: contents of versions, pages, and whole edits. They are large, rarely read and never rewritten. They
//! therefore have their own database under growing keys, apart from the frequent writes of the state. A text is
//! durable before any row refers to it. A crash between the two leaves unused chunks, which take space and do no
//! harm.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::codec::{self, Packed};
use super::engine::Engine;
use super::error::Fault;
use super::format::TextRef;
use super::keys;
use super::spill::MAX_VALUE_BYTES;

/// The database of the texts.
#[derive(Debug)]
pub(super) struct Texts {
    engine: Engine,
    chunks: sled::Tree,
    next: AtomicU64,
}

impl Texts {
    /// Opens the texts in `dir` with a cache of `cache_bytes`.
    pub(super) fn open(dir: &Path, cache_bytes: u64) -> Result<Self, Fault> {
        let engine = Engine::open(dir, cache_bytes)?;
        let chunks = engine.tree("chunks")?;
        let last = chunks.last()?.and_then(|(key, _)| keys::last_u64(&key)).unwrap_or(0);
        Ok(Self { engine, chunks, next: AtomicU64::new(last + 1) })
    }

    /// Checks that all texts that rows refer to are there: up to chunk `end`, exclusive.
    ///
    /// # Errors
    /// If the last texts are lost.
    pub(super) fn reach(&self, end: u64) -> Result<(), Fault> {
        let next = self.next.load(Ordering::Relaxed);
        if end <= next {
            return Ok(());
        }
        Err(Fault::Damaged(format!("texts were written up to chunk {end}, but can be read only up to chunk {next}")))
    }

    /// Checks that no text was ever written, as must be the case if the state is new.
    ///
    /// # Errors
    /// If there are texts. Then a state existed, and is lost.
    pub(super) fn untouched(&self) -> Result<(), Fault> {
        match self.next.load(Ordering::Relaxed) {
            1 => Ok(()),
            next => Err(Fault::Damaged(format!("there are texts up to chunk {next}, but no rows that refer to them"))),
        }
    }

    /// The underlying database.
    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Appends texts and returns their places. Not durable before [`Engine::make_durable`]. Only the committer calls
    /// this.
    pub(super) fn append(&self, texts: &[Packed]) -> Result<Vec<TextRef>, Fault> {
        let mut batch = sled::Batch::default();
        let mut places = Vec::with_capacity(texts.len());
        for text in texts {
            let chunks = text.bytes().chunks(MAX_VALUE_BYTES);
            let count = chunks.len() as u32;
            let first = self.next.fetch_add(u64::from(count), Ordering::Relaxed);
            for (number, chunk) in (first..).zip(chunks) {
                batch.insert(keys::sequence(number), chunk);
            }
            places.push(TextRef { first, chunks: count });
        }
        self.chunks.apply_batch(batch)?;
        Ok(places)
    }

    /// Deletes the chunks of texts that no row refers to any more.
    pub(super) fn forget(&self, texts: &[TextRef]) -> Result<(), Fault> {
        let mut batch = sled::Batch::default();
        for text in texts {
            (text.first..).take(text.chunks as usize).for_each(|number| batch.remove(keys::sequence(number)));
        }
        Ok(self.chunks.apply_batch(batch)?)
    }

    /// Reads the text at `place`.
    ///
    /// # Errors
    /// If a chunk is missing or cannot be unpacked.
    pub(super) fn read(&self, place: TextRef) -> Result<Vec<u8>, Fault> {
        codec::unpack_text(&self.packed(place)?, |base| self.packed(base))
    }

    /// Reads the text at `place`, and the number of texts that it is built on, which the packing of the next text
    /// needs.
    pub(super) fn read_with_depth(&self, place: TextRef) -> Result<(Vec<u8>, u8), Fault> {
        let packed = self.packed(place)?;
        let depth = codec::depth_of(&packed);
        Ok((codec::unpack_text(&packed, |base| self.packed(base))?, depth))
    }

    /// The places of a text and of all texts that it is built on.
    ///
    /// # Errors
    /// If one of them is missing.
    pub(super) fn chain(&self, place: TextRef) -> Result<Vec<TextRef>, Fault> {
        let mut chain = vec![place];
        while let Some(base) = chain.last().map(|last| self.base(*last)).transpose()?.flatten() {
            if chain.contains(&base) {
                return Err(Fault::Damaged("a text is built on itself".to_owned()));
            }
            chain.push(base);
        }
        Ok(chain)
    }

    /// The text that a text is built on; its first chunk holds the place.
    fn base(&self, place: TextRef) -> Result<Option<TextRef>, Fault> {
        Ok(codec::base_of(&self.packed(TextRef { chunks: place.chunks.min(1), ..place })?))
    }

    /// Number of chunks.
    #[cfg(test)]
    pub(super) fn chunks_kept(&self) -> u64 {
        self.chunks.len() as u64
    }

    /// Packed size in bytes of the text at `place`.
    #[cfg(test)]
    pub(super) fn packed_bytes(&self, place: TextRef) -> Result<usize, Fault> {
        Ok(self.packed(place)?.len())
    }

    fn packed(&self, place: TextRef) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::with_capacity(place.chunks as usize * MAX_VALUE_BYTES);
        for number in (place.first..).take(place.chunks as usize) {
            let chunk = self.chunks.get(keys::sequence(number))?;
            let chunk = chunk.ok_or_else(|| Fault::Damaged(format!("chunk {number} of the texts is missing")))?;
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}
