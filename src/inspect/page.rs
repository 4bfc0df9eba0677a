//! What redraft takes a page to say.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::extract::{Hints, extract};
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
    /// Its text.
    pub blocks: Vec<BlockReport>,
    /// Why it is no article, if so.
    pub trouble: Option<String>,
    /// The address that it calls its own.
    pub canonical: Option<String>,
    /// How the text was found; empty where there was nothing to search.
    pub strategy: String,
}

/// One block of text.
#[derive(Debug, Serialize)]
pub struct BlockReport {
    /// `paragraph`, `heading`, `list`, `quote`, `table`, `caption` or `note`.
    pub kind: &'static str,
    /// Its text.
    pub text: String,
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
        blocks: blocks.collect(),
        trouble: extraction.trouble.map(|trouble| trouble.to_string()),
        canonical: extraction.canonical.map(String::from),
        strategy: extraction.strategy,
    }
}
