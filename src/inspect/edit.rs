//! What redraft makes of two versions of a text.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::classify::classify;
use crate::compare::{compare, segments};
use crate::model::{Content, Judging, Op, Segment, shown_score};

/// Two versions of a text.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object")]
pub struct EditInput {
    /// Comes back in the answer.
    pub id: Option<Value>,
    /// Its language, BCP 47.
    pub lang: Option<String>,
    /// As it was.
    pub before: Text,
    /// As it is.
    pub after: Text,
}

/// One version of a text.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object with title and paras")]
pub struct Text {
    /// The headline.
    #[serde(alias = "headline")]
    pub title: Option<String>,
    /// The paragraphs.
    pub paras: Vec<String>,
}

impl Text {
    /// The text as content, every paragraph a plain one.
    #[must_use]
    pub fn content(&self, language: Option<String>) -> Content {
        let headline = single_blanks(self.title.as_deref().unwrap_or_default());
        let paragraphs = self.paras.iter().map(|text| single_blanks(text)).filter(|text| !text.is_empty());
        Content { language, ..Content::of_paragraphs(headline, paragraphs) }
    }
}

/// White space as blocks have it.
fn single_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What changed and what it means.
#[derive(Debug, Serialize)]
pub struct EditReport {
    /// As it was asked.
    pub id: Option<Value>,
    /// Whether feeds would tell.
    pub substantive: bool,
    /// 0 to 1.
    pub score: f64,
    /// Kinds of change, weightiest first.
    pub classes: Vec<&'static str>,
    /// Why, weightiest first.
    pub reasons: Vec<ReasonReport>,
    /// Headline and paragraphs as runs of text. Paragraphs end with `\n`. Without `-` and with the second text of `~` the runs
    /// are the text after; without `+` and `>` and with the first text of `~` they are the text before, except for what moved.
    pub segs: Vec<Run>,
    /// Where versions are pages: why either is no article, so that the daemon would not compare them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<TroubleReport>,
}

/// A run of text with its sign.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Run {
    /// `=` in both, `-` only before, `+` only after, `>` moved, at its new place.
    Plain(&'static str, String),
    /// `~` and words that count as the same: as they were written before, as they are written after.
    Restyled(&'static str, String, String),
}

/// Why versions are no articles; null for one that is.
#[derive(Debug, Default, Serialize)]
pub struct TroubleReport {
    /// The version before.
    pub before: Option<String>,
    /// The version after.
    pub after: Option<String>,
}

/// One thing that changed.
#[derive(Debug, Serialize)]
pub struct ReasonReport {
    /// Its kind.
    pub class: &'static str,
    /// How much it matters, 0 to 1.
    pub score: f64,
    /// The fact.
    pub text: String,
}

/// Compares and judges two texts.
#[must_use]
pub fn edit(input: EditInput, judging: &Judging) -> EditReport {
    let before = input.before.content(input.lang.clone());
    let after = input.after.content(input.lang);
    compared(input.id, &before, &after, judging)
}

/// Compares and judges two contents.
#[must_use]
pub fn compared(id: Option<Value>, before: &Content, after: &Content, judging: &Judging) -> EditReport {
    let comparison = compare(before, after);
    let verdict = classify(before, after, &comparison, judging);
    EditReport {
        id,
        substantive: verdict.substantive,
        score: shown_score(verdict.score),
        classes: verdict.classes().into_iter().map(crate::model::Class::name).collect(),
        segs: segments(&comparison, after).into_iter().map(signed).collect(),
        reasons: verdict
            .reasons
            .into_iter()
            .map(|reason| ReasonReport {
                class: reason.class.name(),
                score: shown_score(reason.score),
                text: reason.fact.to_string(),
            })
            .collect(),
        trouble: None,
    }
}

fn signed(segment: Segment) -> Run {
    let sign = match segment.op {
        Op::Same => "=",
        Op::Removed | Op::MovedAway => "-",
        Op::Added => "+",
        Op::Moved | Op::MovedAlong => ">",
    };
    match segment.old {
        Some(old) => Run::Restyled("~", old, segment.text),
        None => Run::Plain(sign, segment.text),
    }
}
