//! Posters that were asked for lately. An edit never changes, so its poster is drawn once as long as it is asked for.

use axum::body::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::model::{ArticleId, EditNumber};

/// Memory for posters, in bytes: a hundred and more, of 20 to 40 KB each.
const MAX_POSTERS_BYTES: u64 = 4 * 1024 * 1024;
/// Posters that are expected at once: only a hint for the table's first size.
const EXPECTED: usize = 32;
/// What a poster takes besides its bytes, about.
const OVERHEAD_BYTES: u64 = 128;

/// Whose poster it is.
type Key = (ArticleId, EditNumber);

/// The pictures of edits that were asked for lately.
#[derive(Debug)]
pub struct Posters {
    kept: Cache<Key, Bytes, Weight>,
}

#[derive(Clone, Debug)]
struct Weight;

impl Weighter<Key, Bytes> for Weight {
    fn weight(&self, _: &Key, poster: &Bytes) -> u64 {
        OVERHEAD_BYTES + poster.len() as u64
    }
}

impl Default for Posters {
    fn default() -> Self {
        Self { kept: Cache::with_weighter(EXPECTED, MAX_POSTERS_BYTES, Weight) }
    }
}

impl Posters {
    /// The poster of this edit: as it is kept, else as `draw` draws it.
    pub(super) fn of<E>(&self, key: Key, draw: impl FnOnce() -> Result<Vec<u8>, E>) -> Result<Bytes, E> {
        if let Some(kept) = self.kept.get(&key) {
            return Ok(kept);
        }
        let drawn = Bytes::from(draw()?);
        self.kept.insert(key, drawn.clone());
        Ok(drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    #[test]
    fn a_poster_is_drawn_once_and_all_of_them_have_a_limit() {
        let posters = Posters::default();
        let key = |n: u64| (ArticleId(n), EditNumber(1));
        let drawn = posters.of(key(1), || Ok::<_, Infallible>(vec![1; 30_000]));
        let kept = posters.of(key(1), || -> Result<Vec<u8>, Infallible> { panic!("it is kept") });
        assert_eq!(drawn, kept);
        assert_eq!(posters.of(key(2), || Err("a failure")), Err("a failure"));
        for n in 3..400 {
            posters.of(key(n), || Ok::<_, Infallible>(vec![1; 30_000])).unwrap();
        }
        assert!(posters.kept.weight() <= MAX_POSTERS_BYTES && posters.kept.len() > 100);
    }
}
