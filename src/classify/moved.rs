//! Sentences that moved together: one reason for all.

use crate::model::{Class, Fact, Reason, SentencePair};

/// Neighbouring sentences that moved together get one reason, that of the first.
pub(super) fn one_reason_a_move(parts: &mut [Vec<Reason>], sentences: &[SentencePair]) {
    let mut start = 0;
    while start < sentences.len() {
        let mut end = start + 1;
        while end < sentences.len() && together(&sentences[end - 1], &sentences[end]) {
            parts[end].retain(|reason| reason.class != Class::Moved);
            end += 1;
        }
        let more = end - start - 1;
        for reason in parts[start].iter_mut().filter(|reason| more > 0 && reason.class == Class::Moved) {
            reason.fact = Fact::new("{fact} and {number} more").with(std::mem::take(&mut reason.fact)).with(more);
        }
        start = end;
    }
}

/// Whether a sentence moved together with the one before it: both stand in the same block or in neighbouring ones, then as now.
fn together(before: &SentencePair, after: &SentencePair) -> bool {
    let follows = |a: Option<usize>, b: Option<usize>| a.zip(b).is_some_and(|(a, b)| b == a || b == a + 1);
    before.moved
        && after.moved
        && follows(before.old_block, after.old_block)
        && follows(before.new_block, after.new_block)
}
