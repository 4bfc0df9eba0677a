//! Every address of our site and every id that we publish, built in one place. Paths are relative to the base address, so
//! that a site below a path (`https://example.org/edits/`) works like one at a root.

use url::Url;

use crate::model::{ArticleId, EditNumber, Scope, Site, SourceSlug, VersionNumber};

/// A format that feeds are published in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Atom 1.0, the main one.
    Atom,
    /// RSS 2.0.
    Rss,
}

impl Format {
    /// All formats, the main one first.
    pub const ALL: [Self; 2] = [Self::Atom, Self::Rss];

    /// How its addresses end, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Atom => "atom",
            Self::Rss => "rss",
        }
    }

    /// Its media type, without parameters.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Rss => "application/rss+xml",
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Atom => "Atom",
            Self::Rss => "RSS",
        }
    }
}

/// The list of sources.
pub const SOURCES: &str = "sources";
/// What this site is.
pub const ABOUT: &str = "about";
/// The stylesheet of the pages.
pub const STYLE: &str = "style.css";
/// Where to look for an article by the publisher's address.
pub const LOOKUP: &str = "lookup";

/// The page of one source: `sources/bbc`.
#[must_use]
pub fn source(slug: &SourceSlug) -> String {
    format!("sources/{slug}")
}

/// The page of one article: `articles/7`.
#[must_use]
pub fn article(id: ArticleId) -> String {
    format!("articles/{id}")
}

/// The text of one version: `articles/7/versions/3`.
#[must_use]
pub fn version(id: ArticleId, number: VersionNumber) -> String {
    format!("articles/{id}/versions/{number}")
}

/// Two versions side by side: `articles/7/compare/2/3`.
#[must_use]
pub fn comparison(id: ArticleId, from: VersionNumber, to: VersionNumber) -> String {
    format!("articles/{id}/compare/{from}/{to}")
}

/// The page about what a feed of `scope` tells of; empty for everything, which is the front page.
#[must_use]
pub fn page(scope: &Scope) -> String {
    match scope {
        Scope::Everything => String::new(),
        Scope::Source(slug) => source(slug),
        Scope::Article(id) => article(*id),
    }
}

/// The feed of `scope`: `edits.atom`, `sources/bbc/edits.rss`, `articles/7/edits.atom`.
#[must_use]
pub fn feed(scope: &Scope, format: Format) -> String {
    let name = format!("edits.{}", format.extension());
    match scope {
        Scope::Everything => name,
        Scope::Source(slug) => format!("{}/{name}", source(slug)),
        Scope::Article(id) => format!("{}/{name}", article(*id)),
    }
}

/// `path` under the base address of `site`, absolute.
#[must_use]
pub fn on(site: &Site, path: &str) -> Url {
    site.base_url.join(path).unwrap_or_else(|_| site.base_url.clone())
}

/// The id of a feed of `scope`: `tag:AUTHORITY,DATE:article/7/edits`.
#[must_use]
pub fn feed_id(scope: &Scope, site: &Site) -> String {
    match scope {
        Scope::Everything => tag(site, "edits"),
        Scope::Source(slug) => tag(site, &format!("source/{slug}/edits")),
        Scope::Article(id) => tag(site, &format!("article/{id}/edits")),
    }
}

/// The id of an edit: `tag:AUTHORITY,DATE:article/7/edit/2`. Never depends on where we are reached.
#[must_use]
pub fn edit_id(site: &Site, article: ArticleId, number: EditNumber) -> String {
    tag(site, &format!("article/{article}/edit/{number}"))
}

fn tag(site: &Site, name: &str) -> String {
    format!("tag:{},{}:{name}", site.authority, site.since)
}
