//! The texts: contents of versions, pages, whole edits. Large, cold, never rewritten; so they lie in a database of their
//! own under keys that only grow, apart from the churn of the state. A text is written and made durable before any row
//! refers to it; a crash between the two leaves chunks that nobody refers to, which take space and do no harm.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::codec::{self, Packed};
use super::engine::Engine;
use super::error::Fault;
use super::format::TextRef;
use super::keys;
use super::spill::MAX_VALUE_BYTES;

/// The texts' database.
#[derive(Debug)]
pub(super) struct Texts {
    engine: Engine,
    chunks: sled::Tree,
    next: AtomicU64,
}

impl Texts {
    /// Opens the texts in `dir` with this much cache.
    pub(super) fn open(dir: &Path, cache_bytes: u64) -> Result<Self, Fault> {
        let engine = Engine::open(dir, cache_bytes)?;
        let chunks = engine.tree("chunks")?;
        let last = chunks.last()?.and_then(|(key, _)| keys::last_u64(&key)).unwrap_or(0);
        Ok(Self { engine, chunks, next: AtomicU64::new(last + 1) })
    }

    /// Checks that texts reach as far as rows refer to them: up to chunk `end`, exclusive.
    ///
    /// # Errors
    /// When the last of them are lost.
    pub(super) fn reach(&self, end: u64) -> Result<(), Fault> {
        let next = self.next.load(Ordering::Relaxed);
        if end <= next {
            return Ok(());
        }
        Err(Fault::Damaged(format!("texts up to chunk {end} were written, and only those up to {next} can be read")))
    }

    /// Checks that no text was ever written: so it is where the state is new.
    ///
    /// # Errors
    /// When there are texts: then a state was there, and is lost.
    pub(super) fn untouched(&self) -> Result<(), Fault> {
        match self.next.load(Ordering::Relaxed) {
            1 => Ok(()),
            next => Err(Fault::Damaged(format!("texts up to chunk {next} are there, and no row that leads to them"))),
        }
    }

    /// The database under it.
    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Appends texts and says where each lies. Not durable until the engine is told. Only the committer calls this.
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

    /// Removes the chunks of texts that no row refers to any more.
    pub(super) fn forget(&self, texts: &[TextRef]) -> Result<(), Fault> {
        let mut batch = sled::Batch::default();
        for text in texts {
            (text.first..).take(text.chunks as usize).for_each(|number| batch.remove(keys::sequence(number)));
        }
        Ok(self.chunks.apply_batch(batch)?)
    }

    /// The text at `place`.
    ///
    /// # Errors
    /// When a chunk is missing or cannot be unpacked.
    pub(super) fn read(&self, place: TextRef) -> Result<Vec<u8>, Fault> {
        codec::unpack(&self.packed(place)?, |base| self.packed(base))
    }

    /// The text at `place` and how many texts it is built on, for a later text to be built on it.
    pub(super) fn read_with_depth(&self, place: TextRef) -> Result<(Vec<u8>, u8), Fault> {
        let packed = self.packed(place)?;
        let depth = codec::depth(&packed);
        Ok((codec::unpack(&packed, |base| self.packed(base))?, depth))
    }

    /// The place of a text and of all that it is built on.
    ///
    /// # Errors
    /// When one of them is missing.
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

    /// What a text is built on; its first chunk tells.
    fn base(&self, place: TextRef) -> Result<Option<TextRef>, Fault> {
        Ok(codec::base(&self.packed(TextRef { chunks: place.chunks.min(1), ..place })?))
    }

    /// How many chunks there are.
    #[cfg(test)]
    pub(super) fn chunks_kept(&self) -> u64 {
        self.chunks.len() as u64
    }

    /// How many bytes the text at `place` takes.
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
