//! The times that a page states as those of its last update, over several looks.

use jiff::Timestamp;

/// A stated time: how long it has been what it is, and whether it moves although the text does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stated {
    /// What it was at the last look: Unix seconds, or a hash of the words that readers see.
    pub value: i64,
    /// The first look that found it so.
    pub since: Timestamp,
    /// Looks in a row at which it had moved and the text had not.
    pub idle_moves: u32,
}

/// Both times that a page may state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatedTimes {
    /// What the text was at the last look, as a hash; boilerplate aside.
    pub text: u64,
    /// The time in the page's data: `dateModified`, `article:modified_time`.
    pub data: Option<Stated>,
    /// The stamps in its text: "Updated 3 May, 14:02".
    pub shown: Option<Stated>,
}

impl StatedTimes {
    /// Looks in a row at which a time must have moved without the text before it counts as the time of the request.
    pub const IDLE_MOVES: u32 = 2;

    /// Whether the time in the page’s data counts.
    #[must_use]
    pub fn is_data_trusted(&self) -> bool {
        self.data.is_none_or(|time| time.idle_moves < Self::IDLE_MOVES)
    }

    /// Whether the stamps in the text do.
    #[must_use]
    pub fn is_shown_trusted(&self) -> bool {
        self.shown.is_none_or(|time| time.idle_moves < Self::IDLE_MOVES)
    }
}
