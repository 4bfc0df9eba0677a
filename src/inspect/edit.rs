//! What redraft makes of two versions of a text.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::classify::classify;
use crate::compare::compare;
use crate::model::{Block, BlockKind, Comparison, Content, FieldChange, Judging, Op, Passage, Segment};

/// Two versions of a text.
#[derive(Debug, Deserialize)]
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
        let block = |text: String| Block { kind: BlockKind::Paragraph, text };
        Content {
            headline: single_blanks(self.title.as_deref().unwrap_or("")),
            language,
            blocks: self
                .paras
                .iter()
                .map(|text| single_blanks(text))
                .filter(|text| !text.is_empty())
                .map(block)
                .collect(),
            ..Content::default()
        }
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
    /// Headline and paragraphs as runs of text: `=` in both, `-` only before, `+` only after, `>` moved, at its new place.
    /// Paragraphs end with `\n`. Without `-`, they are the text after.
    pub segs: Vec<(&'static str, String)>,
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
        score: verdict.score,
        classes: verdict.classes().into_iter().map(crate::model::Class::name).collect(),
        segs: segments(after, &comparison),
        reasons: verdict
            .reasons
            .into_iter()
            .map(|reason| ReasonReport { class: reason.class.name(), score: reason.score, text: reason.text })
            .collect(),
    }
}

/// Headline, standfirst, byline and passages as one sequence.
fn segments(after: &Content, comparison: &Comparison) -> Vec<(&'static str, String)> {
    let mut text = Running::default();
    text.field(comparison.headline.as_ref(), &after.headline);
    text.field(comparison.standfirst.as_ref(), after.standfirst.as_deref().unwrap_or(""));
    text.field(comparison.byline.as_ref(), after.byline.as_deref().unwrap_or(""));
    for passage in &comparison.passages {
        text.passage(passage);
    }
    text.runs
}

/// Runs of text as they are put together.
#[derive(Default)]
struct Running {
    runs: Vec<(&'static str, String)>,
    /// Whether any of the new text is in.
    begun: bool,
}

impl Running {
    /// A field that changed, or that stayed as it is.
    fn field(&mut self, change: Option<&FieldChange>, present: &str) {
        match change {
            Some(change) => self.paragraph(&change.segments, !change.new.is_empty()),
            None if present.is_empty() => {}
            None => self.paragraph(&[Segment { op: Op::Same, text: present.to_owned() }], true),
        }
    }

    fn passage(&mut self, passage: &Passage) {
        self.paragraph(&passage.segments, !passage.new.is_empty());
    }

    /// A paragraph; the line's end before it belongs to the new text only if the paragraph does.
    fn paragraph(&mut self, segments: &[Segment], is_in_new: bool) {
        let op = if is_in_new { Op::Same } else { Op::Removed };
        if self.begun {
            self.push(op, "\n");
        }
        for segment in segments {
            self.push(segment.op, &segment.text);
        }
        if !self.begun && !is_in_new {
            self.push(Op::Removed, "\n");
        }
        self.begun |= is_in_new;
    }

    fn push(&mut self, op: Op, text: &str) {
        let sign = match op {
            Op::Same => "=",
            Op::Removed => "-",
            Op::Added => "+",
            Op::Moved => ">",
        };
        match self.runs.last_mut() {
            _ if text.is_empty() => {}
            Some((last, run)) if *last == sign => run.push_str(text),
            _ => self.runs.push((sign, text.to_owned())),
        }
    }
}
