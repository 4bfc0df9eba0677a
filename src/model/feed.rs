//! What we publish: feeds of edits.

use jiff::Timestamp;
use jiff::civil::Date;
use url::Url;

use super::{ArticleId, Edit, Locale, Narrowing, SourceSlug};

/// What a feed tells of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All edits.
    Everything,
    /// Edits of the articles that one source leads to.
    Source(SourceSlug),
    /// Edits of one article.
    Article(ArticleId),
}

/// What all our addresses and ids are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// What this instance is called.
    pub title: String,
    /// Where readers reach us; ends in `/`.
    pub base_url: Url,
    /// The authority of our `tag:` ids; fixed at the store's first start.
    pub authority: String,
    /// The date of our `tag:` ids; fixed at the store's first start.
    pub since: Date,
    /// What our own words are in, in entries and feeds.
    pub locale: Locale,
    /// The hub that tells readers of news, if there is one.
    pub hub: Option<Url>,
}

/// A feed of edits, ready to be written in any format.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    /// What it tells of.
    pub scope: Scope,
    /// Which of its edits.
    pub narrowing: Narrowing,
    /// Its title, without that of the instance.
    pub title: String,
    /// One sentence about it, and whether the article is still watched.
    pub subtitle: String,
    /// When its body last changed.
    pub updated: Timestamp,
    /// The language of the article, of an article's feed.
    pub language: Option<String>,
    /// The publisher's address: the article, the source's site; none for everything.
    pub about: Option<Url>,
    /// Newest first.
    pub edits: Vec<Edit>,
}

impl Site {
    /// The title of an instance to which the operator gave none.
    pub const TITLE: &'static str = "redraft";
}

impl Feed {
    /// The hub that tells of what is new in it: of whole feeds only, since nobody knows which narrowed ones there are.
    #[must_use]
    pub fn hub<'a>(&self, site: &'a Site) -> Option<&'a Url> {
        site.hub.as_ref().filter(|_| self.narrowing.is_none())
    }
}
