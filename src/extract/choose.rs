//! The second decision: which of the blocks that are no furniture are the article.

use super::furniture::{Reason, is_prose};
use super::walk::Walked;

/// Share of the page's prose that the article's element holds.
const MOST: f64 = 0.6;

/// Whether each block belongs to the article.
pub(super) fn choose(walked: &Walked, furniture: &[Reason]) -> Vec<bool> {
    let mut prose = vec![0usize; walked.frames.len()];
    for (run, _) in
        walked.runs.iter().zip(furniture).filter(|(run, why)| why.is_none() && (is_prose(run) || run.words >= 8))
    {
        prose[run.frame] += run.words;
    }
    for index in (1..prose.len()).rev() {
        prose[walked.frames[index].parent] += prose[index];
    }
    let most = prose.first().copied().unwrap_or_default() as f64 * MOST;
    let root = (0..prose.len()).rev().find(|index| prose[*index] as f64 >= most).unwrap_or_default();
    let inside = |frame: usize| root == 0 || walked.upward(frame).any(|at| at == root);
    walked.runs.iter().zip(furniture).map(|(run, why)| why.is_none() && inside(run.frame)).collect()
}
