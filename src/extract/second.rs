//! The second look: what the first look made of the blocks around one, and how far it stands from where most of the article
//! seems to be.

use super::features::Scene;

/// Share of the article, as the first look sees it, that its smallest element holds.
const MOST: f64 = 0.6;
/// Boxes around a block that are looked at.
const LEVELS: usize = 3;
/// Neighbours on either side.
const NEIGHBOURS: isize = 3;

/// A page after the first look.
pub(super) struct Second<'a> {
    scene: &'a Scene<'a>,
    /// The first look's estimate for every block of `scene.left`, 0 to 1.
    first: &'a [f64],
    /// Words that seem to be the article's, and all words, by frame.
    sums: Vec<(f64, f64)>,
    main: usize,
}

impl<'a> Second<'a> {
    pub(super) fn new(scene: &'a Scene<'a>, first: &'a [f64]) -> Self {
        let walked = scene.walked;
        let mut sums = vec![(0.0, 0.0); walked.frames.len()];
        for (&index, share) in scene.left.iter().zip(first) {
            let run = &walked.runs[index];
            let words = run.words as f64;
            sums[run.frame].0 += share * words;
            sums[run.frame].1 += words;
        }
        for index in (1..sums.len()).rev() {
            let (article, all) = sums[index];
            let parent = walked.frames[index].parent;
            sums[parent].0 += article;
            sums[parent].1 += all;
        }
        let most = sums.first().map_or(0.0, |root| root.0) * MOST;
        let main = (0..sums.len()).rev().find(|index| sums[*index].0 >= most).unwrap_or_default();
        Self { scene, first, sums, main }
    }

    /// The features of the second look at the block at `place`, in the order of [`names`]; added to those of the first.
    pub(super) fn features(&self, place: usize, out: &mut Vec<f32>) {
        let run = &self.scene.walked.runs[self.scene.left[place]];
        out.push(tenths(self.first[place]));
        let whole = self.sums.first().map_or(0.0, |root| root.0);
        let mut around = self.scene.around(run);
        for _ in 0..LEVELS {
            let (article, all) = around.next().map(|frame| self.sums[frame]).unwrap_or_default();
            out.extend([fifths(article, all), fifths(article, whole)]);
        }
        let in_main = self.main == 0 || self.scene.walked.upward(run.frame).any(|frame| frame == self.main);
        let steps = self.scene.around(run).take_while(|frame| *frame != self.main).count();
        out.extend([f32::from(u8::from(in_main)), if in_main { steps.min(6) as f32 } else { 9.0 }]);
        let at = |offset: isize| place.checked_add_signed(offset).and_then(|at| self.first.get(at));
        for offset in (-NEIGHBOURS..=NEIGHBOURS).filter(|offset| *offset != 0) {
            out.push(at(offset).map_or(-1.0, |share| fifths(*share, 1.0)));
        }
        let sure = |share: &&f64| **share > 0.7;
        out.push(self.first[..place].iter().filter(sure).take(4).count() as f32);
        out.push(self.first[place + 1..].iter().filter(sure).take(4).count() as f32);
    }
}

fn tenths(share: f64) -> f32 {
    (share * 10.0).round() as f32
}

fn fifths(part: f64, whole: f64) -> f32 {
    if whole > 0.0 { (part / whole * 5.0).round() as f32 } else { 0.0 }
}

/// The names of the second look's own features, in order.
pub(super) fn names() -> Vec<String> {
    let mut names = vec!["first".to_owned()];
    for level in 1..=LEVELS {
        names.extend([format!("box{level}_article"), format!("box{level}_of_article")]);
    }
    names.extend(["in_most", "steps_to_most"].map(str::to_owned));
    names.extend((-NEIGHBOURS..=NEIGHBOURS).filter(|offset| *offset != 0).map(|offset| format!("first_at_{offset:+}")));
    names.extend(["sure_before", "sure_after"].map(str::to_owned));
    names
}
