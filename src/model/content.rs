//! What extraction made of a page.

use jiff::Timestamp;
use url::Url;

use super::{Fact, Trouble};

/// What a block of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A heading inside the article.
    Heading,
    /// One item of a list.
    ListItem,
    /// A block quotation.
    Quote,
    /// One row of a table, cells joined by ` | `.
    TableRow,
    /// The caption of a picture, film or figure.
    Caption,
    /// A correction, clarification or editor's note.
    Note,
}

impl BlockKind {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Paragraph => "paragraph",
            Self::Heading => "heading",
            Self::ListItem => "list",
            Self::Quote => "quote",
            Self::TableRow => "table",
            Self::Caption => "caption",
            Self::Note => "note",
        }
    }
}

/// One block of an article's text, in reading order. White space is single blanks; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its text as shown, entities decoded, markup dropped.
    pub text: String,
}

/// An article as it was at one look: everything that a reader would call its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The headline; empty where the page has none.
    pub headline: String,
    /// The sentence under the headline, where it is not one of the blocks.
    pub standfirst: Option<String>,
    /// Who wrote it, as shown.
    pub byline: Option<String>,
    /// When the page says that it was published.
    pub published: Option<Timestamp>,
    /// When the page says that it was modified.
    pub modified: Option<Timestamp>,
    /// BCP 47 tag that the page declares.
    pub language: Option<String>,
    /// The part of the publication that the page says it stands in: "Politics".
    pub section: Option<String>,
    /// Whether the page calls itself a live blog.
    pub live: bool,
    /// The text.
    pub blocks: Vec<Block>,
}

impl Content {
    /// A content of a headline and running text alone.
    pub fn of_paragraphs(headline: impl Into<String>, paragraphs: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let block = |text: String| Block { kind: BlockKind::Paragraph, text };
        let blocks = paragraphs.into_iter().map(|text| block(text.into())).collect();
        Self { headline: headline.into(), blocks, ..Self::default() }
    }
}

/// What `extract` made of a page: always a content, as far as it goes, and trouble where the page is no article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extraction {
    /// The content, possibly empty.
    pub content: Content,
    /// Why it must not be taken for the article, if so.
    pub trouble: Option<Trouble>,
    /// What says that the page may show only a part of the article, to those who do not pay or log in; none where nothing does.
    pub offer: Option<Fact>,
    /// The name of the site, as the page gives it (`og:site_name`, or the publisher in JSON-LD).
    pub site: Option<String>,
    /// The address that the page calls its own (`rel=canonical`, `og:url`), absolute.
    pub canonical: Option<Url>,
    /// The address of the publisher's policy on corrections, absolute. It says nothing of this article.
    pub corrections_policy: Option<Url>,
    /// Which strategy found the text, in words.
    pub strategy: String,
}
