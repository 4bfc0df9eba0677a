//! What the article's kept page teaches about the present one: a block that was the article's stays so, one that was seen and
//! left out stays out, unless much speaks against it. So a page in doubt does not flicker between two looks.

use std::collections::HashSet;

use super::choose::THRESHOLD;
use super::text;
use super::walk::Walked;
use crate::model::Content;

/// The least estimate with which a block that was the article's stays so.
const STAYS: f64 = 0.2;
/// The least estimate with which a block that was left out comes in.
const COMES_IN: f64 = 0.7;

/// The blocks of an article's kept page, as rules read them.
#[derive(Debug, Default)]
pub(super) struct Kept {
    article: HashSet<String>,
    left_out: HashSet<String>,
    /// Its byline.
    pub(super) byline: Option<String>,
}

impl Kept {
    /// What `walked` held, of which `content` was taken.
    pub(super) fn of(walked: &Walked, content: &Content) -> Self {
        let article: HashSet<String> = content.blocks.iter().map(|block| text::plain(&block.text)).collect();
        let left_out =
            walked.runs.iter().filter(|run| !article.contains(&run.plain)).map(|run| run.plain.clone()).collect();
        Self { article, left_out, byline: content.byline.clone() }
    }

    /// The least estimate with which a block of this text (plain) is the article's.
    pub(super) fn threshold(&self, plain: &str) -> f64 {
        if self.article.contains(plain) {
            STAYS
        } else if self.left_out.contains(plain) {
            COMES_IN
        } else {
            THRESHOLD
        }
    }
}
