//! Input: two contents, see `texts`.

use redraft::classify::classify;
use redraft::compare::{compare, identity};
use redraft::model::{Judging, Op, Segment};

/// A comparison reproduces both texts and names each block of the new one once, in order; a verdict is a number from
/// 0 to 1.
///
/// # Panics
/// If that is violated.
pub fn run(bytes: &[u8]) {
    let (old, new) = super::texts::two_contents(bytes);
    let comparison = compare(&old, &new);
    for change in comparison.headline.iter().chain(&comparison.standfirst).chain(&comparison.byline) {
        assert_eq!(visible(&without(&change.segments, Op::Removed)), visible(&change.new));
    }
    let new_text: String = new.blocks.iter().map(|block| block.text.as_str()).collect();
    let said: String = comparison.passages.iter().map(redraft::model::Passage::new_text).collect();
    assert_eq!(visible(&said), visible(&new_text));
    for passage in &comparison.passages {
        let blocks: String = passage.old.iter().map(|at| old.blocks[*at].text.as_str()).collect();
        assert_eq!(letters(&passage.old_text()), letters(&blocks), "{passage:?}");
    }
    let new_blocks: Vec<usize> = comparison.passages.iter().flat_map(|passage| &passage.new).copied().collect();
    assert!(new_blocks.windows(2).all(|two| two[0] < two[1]), "every new block once, in order: {new_blocks:?}");
    assert!(new_blocks.iter().all(|at| *at < new.blocks.len()));
    assert!(comparison.passages.iter().flat_map(|passage| &passage.old).all(|at| *at < old.blocks.len()));
    let verdict = classify(&old, &new, &comparison, &Judging::default());
    assert!((0.0..=1.0).contains(&verdict.score), "{}", verdict.score);
    assert!(verdict.reasons.iter().all(|reason| (0.0..=1.0).contains(&reason.score)));
    if identity(&old) == identity(&new) {
        assert!(!verdict.substantive, "what is the same is no edit: {:?}", verdict.reasons);
    }
}

fn without(segments: &[Segment], op: Op) -> String {
    segments.iter().filter(|segment| segment.op != op).map(|segment| segment.text.as_str()).collect()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn visible(text: &str) -> String {
    let shown = |c: &char| !c.is_whitespace() && !redraft::compare::normal::is_invisible(*c);
    text.chars().filter(shown).collect()
}
