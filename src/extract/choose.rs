//! The second decision: which of the blocks that are no furniture are the article. Learned: boosted trees over what can be
//! seen of a block ([`super::features`]), then over what the first look made of its neighbours ([`super::second`]). The
//! weights are text (`weights/`), made by `tools/train-blocks`.

use std::sync::LazyLock;

use super::features::{self, Scene};
use super::hints::Fate;
use super::kept::Kept;
use super::marks;
use super::second::{self, Second};
use super::trees::Trees;
use super::walk::{Run, Walked};
use super::witness::claim;
use crate::model::BlockKind;

/// The least estimate of a block that is taken for the article's; like those below, chosen on labelled news pages.
pub(super) const THRESHOLD: f64 = 0.42;
/// … of a quotation: what an article quotes is often of another make, as embedded posts are.
const QUOTE_THRESHOLD: f64 = 0.3;
/// … of a caption: most are no part of the running text.
const CAPTION_THRESHOLD: f64 = 0.9;
/// … of what looks like a standfirst, which has a field of its own: of a heading, and of what its class calls one.
const STANDFIRST_HEADING_THRESHOLD: f64 = 0.9;
const STANDFIRST_THRESHOLD: f64 = 0.6;
/// How much more of what is likely must stand after the headline than before it, for the rest to be left out: a third is
/// enough, since front matter is rarely prose.
const AFTER_HEADLINE: usize = 3;

static FIRST: LazyLock<Trees> = LazyLock::new(|| read(include_str!("weights/first.txt"), features::names().len()));
static SECOND: LazyLock<Trees> =
    LazyLock::new(|| read(include_str!("weights/second.txt"), features::names().len() + second::names().len()));

/// The weights are compiled in and a test reads them; were they broken, every block would be taken.
fn read(text: &str, features: usize) -> Trees {
    Trees::read(text, features).unwrap_or_default()
}

/// What was estimated of one block, and from what.
#[derive(Debug, Default)]
pub(super) struct Estimate {
    /// That it is the article's, 0 to 1.
    pub(super) article: f64,
    /// In the order of [`names`].
    pub(super) features: Vec<f32>,
}

/// The names of all features.
pub(super) fn names() -> Vec<String> {
    let mut names = features::names();
    names.extend(second::names());
    names
}

/// How many features are named to those who ask why.
const MAX_NAMED: usize = 5;

/// The features that moved the estimate of a block most, each with its value and by how much it moved the estimate's
/// logarithmic odds; the strongest first.
pub(super) fn strongest(features: &[f32]) -> Vec<(String, f32, f64)> {
    let moved = SECOND.contributions(features);
    let mut strongest: Vec<_> = names().into_iter().zip(features.iter().copied()).zip(moved).collect();
    strongest.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
    strongest.into_iter().take(MAX_NAMED).map(|((name, value), moved)| (name, value, moved)).collect()
}

/// The estimate for every block of `scene.left`.
pub(super) fn estimate(scene: &Scene<'_>) -> Vec<Estimate> {
    let mut rows: Vec<Vec<f32>> = Vec::with_capacity(scene.left.len());
    for place in 0..scene.left.len() {
        let mut row = Vec::with_capacity(160);
        scene.features(place, &mut row);
        rows.push(row);
    }
    let first: Vec<f64> = rows.iter().map(|row| FIRST.probability(row)).collect();
    let second = Second::new(scene, &first);
    let estimate = |(place, mut features): (usize, Vec<f32>)| {
        second.features(place, &mut features);
        Estimate { article: SECOND.probability(&features), features }
    };
    rows.into_iter().enumerate().map(estimate).collect()
}

/// Blocks on either side of a correction note among which one must be the article's.
const NOTE_NEIGHBOURS: usize = 6;

/// Whether each block of `scene.left` is the article's. A correction note at the article is, whatever its estimate: the
/// weightiest edit of all must not hang on a box's class. Nor must a
/// checked claim's on its box. What else stands before the headline is not, where most stands after it.
pub(super) fn decide(scene: &Scene<'_>, estimates: &[Estimate], kept: &Kept) -> Vec<bool> {
    let enough = |(place, estimate): (usize, &Estimate)| estimate.article >= threshold(scene, place, kept);
    let mut likely: Vec<bool> = estimates.iter().enumerate().map(enough).collect();
    if let Some(kept) = inside_kept(scene) {
        likely = kept;
    }
    let start = start(scene, &likely);
    likely[..start].fill(false);
    let around = |place: usize| place.saturating_sub(NOTE_NEIGHBOURS)..(place + NOTE_NEIGHBOURS + 1).min(likely.len());
    let is_note = |place: usize| {
        let run = &scene.walked.runs[scene.left[place]];
        run.is_note && likely[around(place)].contains(&true)
    };
    let any = likely.contains(&true);
    let is_claim = |place: usize| any && scene.claims.contains(&claim(&scene.walked.runs[scene.left[place]].plain));
    (0..likely.len()).map(|place| likely[place] || is_note(place) || is_claim(place)).collect()
}

/// Whether each block stands in an element that the site's hints keep; none where they keep nothing on this page.
fn inside_kept(scene: &Scene<'_>) -> Option<Vec<bool>> {
    let walked = scene.walked;
    walked.frames.iter().any(|frame| frame.fate == Fate::Keep).then(|| {
        let inside = |index: &usize| walked.around(&walked.runs[*index]).any(|frame| frame.fate == Fate::Keep);
        scene.left.iter().map(inside).collect()
    })
}

/// The least estimate with which the block at `place` is the article's.
fn threshold(scene: &Scene<'_>, place: usize, kept: &Kept) -> f64 {
    let run = &scene.walked.runs[scene.left[place]];
    let plain = kept.threshold(&run.plain);
    if scene.is_standfirst(place) {
        plain.max(if run.kind == BlockKind::Heading { STANDFIRST_HEADING_THRESHOLD } else { STANDFIRST_THRESHOLD })
    } else if is_caption(scene.walked, run) {
        plain.max(CAPTION_THRESHOLD)
    } else if run.kind == BlockKind::Quote {
        plain.min(QUOTE_THRESHOLD)
    } else {
        plain
    }
}

/// Whether a block belongs to a picture.
fn is_caption(walked: &Walked, run: &Run) -> bool {
    let own = walked.around(run).next().map(|frame| frame.marks).unwrap_or_default().and(run.inline);
    run.kind == BlockKind::Caption || own.has(marks::CAPTION) || walked.around(run).any(|frame| &*frame.tag == "figure")
}

/// Where the article can begin: after the headline, if more of what is likely stands there than before.
fn start(scene: &Scene<'_>, likely: &[bool]) -> usize {
    let Some(title) = scene.headline else { return 0 };
    let start = scene.left.partition_point(|index| *index < title);
    let words = |from: usize, to: usize| -> usize {
        let taken = (from..to).filter(|place| likely[*place]);
        taken.map(|place| scene.walked.runs[scene.left[place]].words).sum()
    };
    if words(start, likely.len()) * AFTER_HEADLINE > words(0, start) { start } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_can_be_read_and_their_features_are_ours() {
        let known = names();
        for (text, count) in [
            (include_str!("weights/first.txt"), features::names().len()),
            (include_str!("weights/second.txt"), known.len()),
        ] {
            assert!(Trees::read(text, count).is_ok());
            let stated = text.lines().find_map(|line| line.strip_prefix("# features: ")).unwrap_or_default();
            assert_eq!(
                stated.split(' ').collect::<Vec<_>>(),
                known[..count].iter().map(String::as_str).collect::<Vec<_>>()
            );
        }
    }
}
