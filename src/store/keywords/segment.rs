//! A packed segment. A row of the tree `keywords` has the key segment (8 bytes) ‖ slot (1) ‖ piece (1). Its value is
//! `01` and then sorted numbers of four bytes: 22 bits of a keyword's hash ‖ 10 bits of an edit's place in the
//! segment. The slot is the first 7 bits of the hash. A slot with more numbers than fit into a row continues in the
//! next piece.

use super::super::keys;
use super::super::spill::MAX_VALUE_BYTES;
use super::LAYOUT;

/// Bits of an edit's place in its segment.
pub(super) const OFFSET_BITS: u32 = 10;
/// Bits of a hash that form its slot. With about a hundred keywords per edit, rows are then about half full.
const SLOT_BITS: u32 = 7;
/// Bits of a hash that are stored in a row.
const REST_BITS: u32 = u32::BITS - OFFSET_BITS;
/// Most numbers in a row.
const ROW_NUMBERS: usize = (MAX_VALUE_BYTES - 1) / size_of::<u32>();

/// A keyword of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    /// Hash of the keyword.
    pub(super) hash: u32,
    /// Place of the edit in its segment.
    pub(super) offset: u16,
}

impl Mark {
    fn slot(self) -> u8 {
        (self.hash >> REST_BITS) as u8
    }

    fn number(self) -> u32 {
        lowest_number(self.hash) | u32::from(self.offset)
    }
}

/// The lowest number that a keyword can have in a row.
fn lowest_number(hash: u32) -> u32 {
    hash << OFFSET_BITS
}

/// Hash of a keyword: 29 bits.
pub(super) fn hash_keyword(keyword: &str) -> u32 {
    let [a, b, c, d, ..] = *blake3::hash(keyword.as_bytes()).as_bytes();
    u32::from_be_bytes([a, b, c, d]) >> (u32::BITS - SLOT_BITS - REST_BITS)
}

/// The key of one piece of a keyword's slot.
pub(super) fn row_key(segment: u64, hash: u32, piece: u8) -> Vec<u8> {
    [&keys::sequence(segment)[..], &[(hash >> REST_BITS) as u8, piece]].concat()
}

/// Whether the slot of a row may continue in another piece.
pub(super) fn is_full(row: &[u8]) -> bool {
    row.len() > ROW_NUMBERS * size_of::<u32>()
}

/// The rows of a segment with these marks, in order of their keys.
pub(super) fn segment_rows(segment: u64, mut marks: Vec<Mark>) -> Vec<(Vec<u8>, Vec<u8>)> {
    marks.sort_unstable();
    marks.dedup();
    let mut rows = Vec::new();
    for slot in marks.chunk_by(|one, other| one.slot() == other.slot()) {
        for (piece, marks) in slot.chunks(ROW_NUMBERS).enumerate() {
            let key = row_key(segment, slot[0].hash, piece as u8);
            let numbers = marks.iter().flat_map(|mark| mark.number().to_be_bytes());
            rows.push((key, std::iter::once(LAYOUT).chain(numbers).collect()));
        }
    }
    rows
}

/// All marks in a row.
pub(super) fn row_marks<'a>(key: &[u8], row: &'a [u8]) -> impl Iterator<Item = Mark> + 'a {
    let slot = key.get(size_of::<u64>()).map_or(0, |slot| u32::from(*slot) << REST_BITS);
    let numbers = row.get(1..).unwrap_or_default().as_chunks().0.iter().map(|bytes| u32::from_be_bytes(*bytes));
    let offset = |number: u32| (number & ((1 << OFFSET_BITS) - 1)) as u16;
    numbers.map(move |number| Mark { hash: slot | number >> OFFSET_BITS, offset: offset(number) })
}

/// The places of the edits that have the keyword, according to this row.
pub(super) fn row_places(row: &[u8], hash: u32) -> impl Iterator<Item = usize> + '_ {
    let numbers = row.get(1..).unwrap_or_default().as_chunks().0;
    let number = |bytes: &[u8; 4]| u32::from_be_bytes(*bytes);
    let lowest = lowest_number(hash);
    let start = numbers.partition_point(|bytes| number(bytes) < lowest);
    let own = numbers[start..].iter().map(number).take_while(move |number| (number ^ lowest) >> OFFSET_BITS == 0);
    own.map(move |number| (number ^ lowest) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rows: &[(Vec<u8>, Vec<u8>)], hash: u32) -> Vec<usize> {
        let slot = &row_key(3, hash, 0)[..9];
        let rows = rows.iter().filter(|(key, _)| key.starts_with(slot));
        rows.flat_map(|(_, row)| row_places(row, hash).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn a_keyword_of_all_edits_and_one_of_a_single_edit_are_found_and_no_other() {
        let (common, rare, absent) = (hash_keyword("the"), hash_keyword("quarry"), hash_keyword("harbour"));
        let mut marks: Vec<Mark> = (0..1024).map(|offset| Mark { hash: common, offset }).collect();
        marks.extend((0..1024).map(|offset| Mark { hash: common + 1, offset }));
        marks.push(Mark { hash: rare, offset: 1023 });
        let rows = segment_rows(3, marks);
        assert!(rows.iter().all(|(_, row)| row.len() <= MAX_VALUE_BYTES));
        assert_eq!(found(&rows, common), (0..1024).collect::<Vec<_>>());
        assert_eq!(found(&rows, rare), [1023]);
        assert_eq!(found(&rows, absent), [0; 0]);
    }

    #[test]
    fn hashes_fill_their_bits_and_no_more() {
        let all = (0..10_000).map(|word| hash_keyword(&word.to_string())).fold(0, |all, hash| all | hash);
        assert_eq!(all, (1 << (SLOT_BITS + REST_BITS)) - 1);
    }
}
