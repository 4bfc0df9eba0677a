//! Free space on the store's disk. A full disk loses no data, but nothing can be recorded on it. Fetching therefore
//! stops before that.

use std::path::Path;

use super::error::Fault;
use super::{Store, StoreError};

const MIB: u64 = 1024 * 1024;
/// Fetching stops if less than this is free …
const LOW_BYTES: u64 = 256 * MIB;
/// … or less than this share of the disk (one part in 20), whichever is smaller.
const LOW_SHARE: u64 = 20;
/// Fetching resumes at this multiple of the mark, so that it does not stop and start with every file.
const AGAIN: (u64, u64) = (5, 4);
/// Space needed to open a store: sled writes a snapshot and a segment or two.
const TO_OPEN_BYTES: u64 = 4 * MIB;

/// Free and total space of a disk, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// Bytes that we may still write.
    pub free: u64,
    /// Size of the disk.
    pub total: u64,
}

impl Store {
    /// Measures the free space of the store's disk. Below the low-water mark (256 MiB or 5 % of the disk, whichever
    /// is smaller), [`Store::has_room`] returns false until a quarter more than the mark is free.
    ///
    /// # Errors
    /// If the system cannot measure the disk.
    pub fn measure(&self) -> Result<Space, StoreError> {
        self.inner.live.measure().map_err(|fault| fault.with_dir(&self.inner.dir))
    }

    /// Whether a fetch can be recorded now: the store works, and its disk has room.
    #[must_use]
    pub fn takes_more(&self) -> bool {
        self.has_room() && self.healthy()
    }

    /// Whether the disk had enough room at the last measurement.
    #[must_use]
    pub fn has_room(&self) -> bool {
        !self.inner.live.is_low()
    }
}

impl Space {
    pub(super) fn of(dir: &Path) -> Result<Self, Fault> {
        let stat = rustix::fs::statvfs(dir).map_err(std::io::Error::from)?;
        Ok(Self { free: stat.f_bavail * stat.f_frsize, total: stat.f_blocks * stat.f_frsize })
    }

    fn mark(self) -> u64 {
        LOW_BYTES.min(self.total / LOW_SHARE)
    }

    /// Whether the free space is too low. The mark is higher if it was low `before`.
    pub(super) fn is_low(self, before: bool) -> bool {
        self.free < if before { self.mark() / AGAIN.1 * AGAIN.0 } else { self.mark() }
    }

    /// An error if the free space does not suffice to open a store.
    pub(super) fn room_to_open(self) -> Result<(), Fault> {
        if self.free >= TO_OPEN_BYTES {
            return Ok(());
        }
        Err(Fault::Failed(format!("only {} MiB are free on its disk", self.free_mib())))
    }

    /// Free space in MiB.
    #[must_use]
    pub fn free_mib(self) -> u64 {
        self.free / MIB
    }

    /// Free space in MiB at which fetching resumes after it stopped.
    #[must_use]
    pub fn mark_mib(self) -> u64 {
        self.mark() / AGAIN.1 * AGAIN.0 / MIB
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_256_mib_or_a_twentieth_and_is_left_with_a_quarter_more() {
        let of = |free, total| Space { free: free * MIB, total: total * MIB };
        for (free, total, before, low) in [
            (255, 100_000, false, true),
            (257, 100_000, false, false),
            (300, 100_000, true, true),
            (321, 100_000, true, false),
            (49, 1_000, false, true),
            (51, 1_000, false, false),
        ] {
            assert_eq!(of(free, total).is_low(before), low, "{free} of {total} MiB");
        }
        assert!(of(3, 10).room_to_open().is_err() && of(4, 10).room_to_open().is_ok());
    }
}
