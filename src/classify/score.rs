//! Many reasons into one number.

use crate::model::Reason;

/// Reasons below this are weak.
const WEAK: f64 = 0.2;
/// What a further reason of the same sentence adds.
const FURTHER_SHARE: f64 = 0.12;
/// How much of its weight a further sentence keeps.
const DAMPING: f64 = 0.35;

/// The score of one sentence pair: its strongest reason, and a little for the others.
pub(super) fn of_sentence(reasons: &[Reason]) -> f64 {
    let strongest = reasons.iter().map(|reason| reason.score).fold(0.0, f64::max);
    let rest: f64 = reasons.iter().map(|reason| reason.score).filter(|&score| score >= WEAK).sum::<f64>() - strongest;
    (strongest + FURTHER_SHARE * rest.max(0.0)).min(0.97)
}

/// The score of a comparison from those of its parts: a damped noisy-or. Weak parts together never exceed [`WEAK`].
pub(super) fn together(parts: &[f64]) -> f64 {
    let strongest = parts.iter().copied().fold(0.0, f64::max);
    if strongest < WEAK {
        return parts.iter().sum::<f64>().min(WEAK).max(strongest);
    }
    let mut left = 1.0;
    let mut seen_strongest = false;
    for &part in parts.iter().filter(|&&part| part >= WEAK) {
        let first = !seen_strongest && part >= strongest;
        seen_strongest |= first;
        left *= 1.0 - part * if first { 1.0 } else { DAMPING };
    }
    1.0 - left
}
