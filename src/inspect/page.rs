//! What redraft takes a page to say.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::extract::{self, Explained, Hints, extract};
use crate::model::Page;

/// A page to look at: its HTML, or the path of a file that holds it.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object")]
pub struct PageInput {
    /// Comes back in the answer.
    pub id: Option<Value>,
    /// Its address; relative links and the choice of hints depend on it.
    pub url: Option<String>,
    /// Its HTML.
    pub html: Option<String>,
    /// A file with its HTML, relative to the directory in which redraft was started.
    pub path: Option<String>,
}

/// What was found in it.
#[derive(Debug, Default, Serialize)]
pub struct PageReport {
    /// As it was asked.
    pub id: Option<Value>,
    /// The headline; empty where there is none.
    pub headline: String,
    /// The sentence under it.
    pub standfirst: Option<String>,
    /// Who wrote it.
    pub byline: Option<String>,
    /// When, RFC 3339.
    pub published: Option<String>,
    /// When it was last modified, as it says itself.
    pub modified: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// The part of the publication that it stands in.
    pub section: Option<String>,
    /// Whether it calls itself a live blog.
    pub live: bool,
    /// Its text.
    pub blocks: Vec<BlockReport>,
    /// Why it is no article, if so.
    pub trouble: Option<String>,
    /// The address that it calls its own.
    pub canonical: Option<String>,
    /// The address of its publisher's policy on corrections.
    pub corrections_policy: Option<String>,
    /// How the text was found; empty where there was nothing to search.
    pub strategy: String,
    /// Every block of the page with what was decided of it, in reading order; only where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explained: Option<Vec<ExplainedReport>>,
}

/// One block of text.
#[derive(Debug, Serialize)]
pub struct BlockReport {
    /// `paragraph`, `heading`, `list`, `quote`, `table`, `caption` or `note`.
    pub kind: &'static str,
    /// Its text.
    pub text: String,
}

/// What was decided of one block of a page.
#[derive(Debug, Serialize)]
pub struct ExplainedReport {
    /// Whether it was taken for the article's.
    pub chosen: bool,
    /// Why, in words.
    pub why: String,
    /// How likely it seemed to be the article's, 0 to 1; null where it is furniture by itself.
    pub estimate: Option<f64>,
    /// What moved the estimate most, the strongest first.
    pub because: Vec<FeatureReport>,
    /// The elements around it, innermost first.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// One feature of a block (`tools/train-blocks/README.md` tells what they are).
#[derive(Debug, Serialize)]
pub struct FeatureReport {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: f32,
    /// By how much it moved the logarithmic odds that the block is the article's.
    pub moved: f64,
}

impl ExplainedReport {
    fn of(block: Explained) -> Self {
        let because = block.strongest().into_iter().map(|(name, value, moved)| FeatureReport { name, value, moved });
        Self {
            because: because.collect(),
            chosen: block.chosen,
            why: block.why,
            estimate: block.estimate,
            path: block.path,
            text: block.text,
        }
    }
}

/// Every block of a page with what was decided of it.
#[must_use]
pub fn explained(page: &Page, hints: &Hints) -> Vec<ExplainedReport> {
    extract::explain(page, hints).into_iter().map(ExplainedReport::of).collect()
}

/// What is told of a page that cannot be read at all: nothing but why.
#[must_use]
pub fn unreadable_page(id: Option<Value>, trouble: String) -> PageReport {
    PageReport { id, trouble: Some(trouble), ..PageReport::default() }
}

/// Extracts a page.
#[must_use]
pub fn page(id: Option<Value>, page: &Page, hints: &Hints) -> PageReport {
    let extraction = extract(page, hints, None);
    let content = extraction.content;
    let blocks = content.blocks.into_iter().map(|block| BlockReport { kind: block.kind.name(), text: block.text });
    PageReport {
        id,
        headline: content.headline,
        standfirst: content.standfirst,
        byline: content.byline,
        published: content.published.map(|time| time.to_string()),
        modified: content.modified.map(|time| time.to_string()),
        language: content.language,
        section: content.section,
        live: content.live,
        blocks: blocks.collect(),
        trouble: extraction.trouble.map(|trouble| trouble.to_string()),
        canonical: extraction.canonical.map(String::from),
        corrections_policy: extraction.corrections_policy.map(String::from),
        strategy: extraction.strategy,
        explained: None,
    }
}
