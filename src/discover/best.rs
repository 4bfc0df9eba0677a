//! Keeps the best of several candidates for one field.

/// The candidate with the lowest rank; of equal ranks the first.
#[derive(Debug, Default)]
pub(super) struct Best(Option<(u8, String)>);

impl Best {
    /// Adds a candidate. An empty value is ignored.
    pub(super) fn offer(&mut self, rank: u8, value: Option<String>) {
        let is_better = self.0.as_ref().is_none_or(|(kept, _)| rank < *kept);
        if let Some(value) = value.filter(|value| is_better && !value.trim().is_empty()) {
            self.0 = Some((rank, value));
        }
    }

    /// The best candidate. `None` if there was none.
    pub(super) fn take(self) -> Option<String> {
        self.0.map(|(_, value)| value)
    }
}
