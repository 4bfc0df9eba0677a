//! The terms on which a publisher lets itself be polled.

use jiff::Timestamp;
use jiff::civil::Weekday;
use url::Url;

/// Hours and days on which a feed says that it does not change (`skipHours`, `skipDays`); UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skip {
    /// Bit 0: from midnight to one, bit 23: the last hour.
    pub hours: u32,
    /// Bit 0: Monday.
    pub days: u8,
}

impl Skip {
    /// Skips the hour with this number, 0 to 24 (which is midnight, as 0).
    pub fn add_hour(&mut self, hour: u32) {
        if hour <= 24 {
            self.hours |= 1 << (hour % 24);
        }
    }

    /// Skips this day.
    pub fn add_day(&mut self, day: Weekday) {
        self.days |= 1 << day.to_monday_zero_offset();
    }

    /// Whether this hour (0 to 23) of that day is skipped.
    #[must_use]
    pub fn covers(&self, hour: i8, day: Weekday) -> bool {
        self.hours >> (hour.unsigned_abs() % 24) & 1 == 1 || self.days >> day.to_monday_zero_offset() & 1 == 1
    }

    /// Whether it leaves no hour of the week; such a wish cannot be meant.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.hours & 0xff_ffff == 0xff_ffff || self.days & 0x7f == 0x7f
    }
}

/// A lasting redirect (301, 308) that has not lasted long enough to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moving {
    /// Where it leads.
    pub to: Url,
    /// When it was met first.
    pub since: Timestamp,
}

/// What a feed and its server have told of how they want to be polled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Terms {
    /// When there is nothing new.
    pub skip: Skip,
    /// Where the feed moved to for good: asked in place of the configured address.
    pub address: Option<Url>,
    /// Where it seems to move.
    pub moving: Option<Moving>,
    /// When it came whole last (200, not 304).
    pub came_whole: Option<Timestamp>,
    /// Since when it is gone for good (410): not polled.
    pub closed: Option<Timestamp>,
}
