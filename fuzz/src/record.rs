//! Input: a row of the store; the first line is its kind, the rest its bytes.

use redraft::store::reread;

/// A row that can be decoded and encoded again means the same; a row that cannot be decoded is an error.
///
/// # Panics
/// If that is violated.
pub fn run(bytes: &[u8]) {
    let (kind, row) = super::first_line(bytes);
    if let Ok(written) = reread(&kind, row) {
        assert_eq!(reread(&kind, &written), Ok(written.clone()), "what we wrote is read back the same");
    }
}
