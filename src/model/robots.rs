//! What is kept of a site's `robots.txt`.

use jiff::Timestamp;

/// What a site's `robots.txt` said, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RobotsState {
    /// What holds for us, as a `robots.txt` of its own; none where it was never reached.
    pub text: Option<String>,
    /// When it was asked for last.
    pub asked: Timestamp,
    /// Since when it cannot be reached, where that is so.
    pub lost: Option<Timestamp>,
}
