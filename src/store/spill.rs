//! Rows larger than [`MAX_VALUE_BYTES`] are split: their tree holds a stub, the tree `overflow` the pieces. A leaf of
//! sled holds up to 16 values. A leaf over 131,052 bytes would become a file of its own, which sled neither syncs nor
//! removes.

use super::state::{Row, Tree};

/// Longest value in any tree, in bytes.
pub(super) const MAX_VALUE_BYTES: usize = 4_096;

/// First byte of a stub. The number of pieces follows, big-endian. Records never begin with this byte.
const STUB: u8 = 0xfe;

/// Whether this value is a stub.
pub(super) fn is_stub(raw: &[u8]) -> bool {
    raw.first() == Some(&STUB)
}

/// The keys in `overflow` of the pieces behind a stub; empty if `raw` is not a stub.
pub(super) fn piece_keys(tree: Tree, key: &[u8], raw: &[u8]) -> Vec<Vec<u8>> {
    if !is_stub(raw) {
        return Vec::new();
    }
    let count = super::keys::last_u32(raw).unwrap_or(0);
    (0..count).map(|piece| piece_key(tree, key, piece)).collect()
}

fn piece_key(tree: Tree, key: &[u8], piece: u32) -> Vec<u8> {
    [tree.name().as_bytes(), &[0], key, &piece.to_be_bytes()].concat()
}

/// The rows that replace `old` by `new`: none if they are equal, pieces if `new` is long, and removals of the pieces
/// of `old`.
pub(super) fn replace(tree: Tree, key: Vec<u8>, old: Option<&[u8]>, new: Option<Vec<u8>>) -> Vec<Row> {
    if old == new.as_deref() {
        return Vec::new();
    }
    let mut rows: Vec<Row> = Vec::new();
    let stale = old.map(|raw| piece_keys(tree, &key, raw)).unwrap_or_default();
    rows.extend(stale.into_iter().map(|piece| (Tree::Overflow, piece, None)));
    match new {
        Some(value) if value.len() > MAX_VALUE_BYTES => {
            let pieces = value.chunks(MAX_VALUE_BYTES);
            let count = pieces.len() as u32;
            for (number, piece) in pieces.enumerate() {
                rows.push((Tree::Overflow, piece_key(tree, &key, number as u32), Some(piece.to_vec())));
            }
            rows.push((tree, key, Some([&[STUB][..], &count.to_be_bytes()].concat())));
        }
        value => rows.push((tree, key, value)),
    }
    rows
}
