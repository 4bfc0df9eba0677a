//! What a comparison means: reasons with scores, and whether feeds should tell. Judged by position and role, never by
//! "only digits changed". Pure and total.

mod aside;
mod content;
mod figures;
mod headline;
mod hunk;
mod lexicon;
mod lines;
mod moved;
mod order;
mod passage;
mod roles;
mod rules;
mod score;
mod signs;
mod told;
mod words;

use crate::model::{
    Block, Class, Comparison, Content, Digest, Disclosure, Fact, FieldChange, Judging, Reason, Verdict,
};
use passage::Judge;

pub use roles::furniture_key;

/// The most reasons that a verdict keeps; they are stored with every version.
const MAX_REASONS: usize = 40;

/// What `comparison` (of `old` with `new`) means under the rules of `judging`.
#[must_use]
pub fn classify(old: &Content, new: &Content, comparison: &Comparison, judging: &Judging) -> Verdict {
    let judge = Judge::new(old, new, judging);
    let mut parts: Vec<Vec<Reason>> = comparison.sentences.iter().map(|pair| judge.sentence(pair)).collect();
    moved::one_reason_a_move(&mut parts, &comparison.sentences);
    parts.extend(reworded(comparison.headline.as_ref()).map(|change| judge.headline(change)));
    parts.extend(reworded(comparison.standfirst.as_ref()).map(|change| judge.standfirst(change)));
    parts.extend(reworded(comparison.byline.as_ref()).map(byline));
    parts.extend(typography(old, new, &parts));
    for reason in parts.iter_mut().flatten().filter(|reason| judging.never.contains(&reason.class)) {
        reason.score = 0.0;
    }
    let scores: Vec<f64> = parts.iter().map(|part| score::of_sentence(part)).collect();
    let score = score::together(&scores);
    let mut reasons: Vec<Reason> = parts.into_iter().flatten().collect();
    reasons.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.class.cmp(&b.class)));
    reasons.dedup();
    let disclosure = disclosure(old, new, &reasons, TrustedTimes::BOTH);
    let wanted = reasons.iter().any(|reason| judging.always.contains(&reason.class));
    reasons.truncate(MAX_REASONS);
    Verdict { substantive: score >= judging.min_score || wanted, disclosure, score, reasons }
}

/// Whether a block is a correction, clarification or editor's note: extracted as one, or worded like one.
#[must_use]
pub fn is_note(block: &Block) -> bool {
    roles::is_note_block(block)
}

/// Whether a block is boilerplate by the built-in rules: a counter, stamp, teaser, share line or credit.
#[must_use]
pub fn is_boilerplate(block: &Block) -> bool {
    roles::role(block, &Judging::default()) == roles::Role::Boilerplate
}

/// Whether nothing but boilerplate changed (or nothing at all): not even kept as a version.
#[must_use]
pub fn noise_only(verdict: &Verdict) -> bool {
    verdict.reasons.iter().all(|reason| reason.class == Class::Boilerplate)
}

/// A field whose words differ, not only their writing.
fn reworded(change: Option<&FieldChange>) -> Option<&FieldChange> {
    change.filter(|change| !change.only_restyled)
}

/// Another name over the text is of interest, but no edit of it: .25.
fn byline(change: &FieldChange) -> Vec<Reason> {
    vec![Reason {
        class: Class::Byline,
        score: 0.25,
        fact: Fact::new("byline {change}").with(told::change(&change.old, &change.new)),
    }]
}

/// Where nothing differs at N2 but something does at N1: quotes, dashes, case.
fn typography(old: &Content, new: &Content, parts: &[Vec<Reason>]) -> Option<Vec<Reason>> {
    let same = !parts.is_empty() || crate::compare::identity(old) == crate::compare::identity(new);
    let fact = Fact::new("only case, quotation marks, dashes or the division into paragraphs differ");
    (!same).then(|| vec![Reason { class: Class::Typography, score: 0.03, fact }])
}

/// Which of the times that a page states as those of its last update count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustedTimes {
    /// That of the page's data.
    pub data: bool,
    /// The stamps in its text.
    pub shown: bool,
}

impl TrustedTimes {
    /// Both.
    pub const BOTH: Self = Self { data: true, shown: true };
}

/// The stamps of a content that name a time, as they are compared: "updated 3 may, 14:02".
#[must_use]
pub fn stated_times(content: &Content) -> Vec<String> {
    roles::stated_times(content)
}

/// A hash of what a content says beside boilerplate: the same at two looks if only counters and stamps moved.
#[must_use]
pub fn text_digest(content: &Content) -> u64 {
    let said = content.blocks.iter().filter(|block| !is_boilerplate(block)).map(|block| block.text.as_str());
    let fields = [Some(content.headline.as_str()), content.standfirst.as_deref()].into_iter().flatten();
    Digest::of(fields.chain(said).collect::<Vec<_>>().join("\n").as_bytes()).short()
}

/// Disclosed when a note came or changed, the headline got a mark that says so, or the stated time of the last update moved: that
/// of the page's data, or one that readers see.
#[must_use]
pub fn disclosure(old: &Content, new: &Content, reasons: &[Reason], trusted: TrustedTimes) -> Disclosure {
    let noted = reasons.iter().any(|reason| reason.class == Class::Correction);
    let dated = trusted.data && new.modified.is_some() && new.modified != old.modified;
    let stamped = || {
        if !trusted.shown {
            return false;
        }
        let (before, after) = (roles::stated_times(old), roles::stated_times(new));
        after.iter().any(|stamp| !before.contains(stamp))
    };
    let marked = || headline::is_marked_anew(&old.headline, &new.headline);
    let updated = || !new.live && roles::is_updated(old, new);
    if noted || dated || stamped() || marked() || updated() { Disclosure::Disclosed } else { Disclosure::Silent }
}

#[cfg(test)]
mod tests;
