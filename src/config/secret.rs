//! What must not be shown, in logs, pages or messages.

use std::fmt;

/// A value that is never printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Keeps `value`.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, to be used and not to be shown.
    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
