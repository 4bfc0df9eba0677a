//! Every address of our site and every id that we publish, built in one place. Paths are relative to the base address, so
//! that a site below a path (`https://example.org/edits/`) works like one at a root.

use unicode_normalization::UnicodeNormalization;
use url::form_urlencoded::byte_serialize;
use url::{Position, Url};

use crate::model::{ArticleId, EditNumber, Narrowing, Scope, Site, SourceSlug, VersionNumber};

/// A format that feeds are published in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Atom 1.0, the main one.
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// All formats, the main one first.
    pub const ALL: [Self; 3] = [Self::Atom, Self::Rss, Self::Json];

    /// How its addresses end, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Atom => "atom",
            Self::Rss => "rss",
            Self::Json => "json",
        }
    }

    /// Its media type, without parameters.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Rss => "application/rss+xml",
            Self::Json => "application/feed+json",
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Atom => "Atom",
            Self::Rss => "RSS",
            Self::Json => "JSON Feed",
        }
    }
}

/// All our feeds as a list for feed readers.
pub const FEEDS: &str = "feeds.opml";
/// The list of sources.
pub const SOURCES: &str = "sources";
/// What this site is.
pub const ABOUT: &str = "about";
/// The stylesheet of the pages.
pub const STYLE: &str = "style.css";
/// Our icon.
pub const ICON: &str = "icon.svg";
/// Where to search for edits.
pub const SEARCH: &str = "search";
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

/// What leads from a time to the version that stood then: `articles/7/timegate`.
#[must_use]
pub fn time_gate(id: ArticleId) -> String {
    format!("articles/{id}/timegate")
}

/// The list of all versions for programs: `articles/7/timemap`.
#[must_use]
pub fn time_map(id: ArticleId) -> String {
    format!("articles/{id}/timemap")
}

/// Two versions side by side: `articles/7/compare/2/3`.
#[must_use]
pub fn comparison(id: ArticleId, from: VersionNumber, to: VersionNumber) -> String {
    format!("articles/{id}/compare/{from}/{to}")
}

/// The poster of an edit, a picture to share it with: `articles/7/edits/2.png`.
#[must_use]
pub fn poster(id: ArticleId, number: EditNumber) -> String {
    format!("articles/{id}/edits/{number}.png")
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

/// The feed of what `narrowing` takes of `scope`: `edits.atom?class=headline,figure&min_score=0.6`.
#[must_use]
pub fn narrowed(scope: &Scope, format: Format, narrowing: &Narrowing) -> String {
    format!("{}{}", feed(scope, format), query(narrowing))
}

/// What stands behind the path of a narrowed feed, the `?` included; nothing where it takes all. Each narrowing has one
/// spelling.
#[must_use]
pub fn query(narrowing: &Narrowing) -> String {
    let mut query = String::new();
    for (name, value) in narrowing.pairs() {
        query.push(if query.is_empty() { '?' } else { '&' });
        query.extend([name, "="]);
        let parts: Vec<String> = value.split(',').map(|part| byte_serialize(part.as_bytes()).collect()).collect();
        // RFC 3986, section 2.3: escaped or not it is the same, and not is the one spelling of an id.
        query.push_str(&parts.join(",").replace("%7E", "~"));
    }
    query
}

/// `path` under the base address of `site`, absolute.
#[must_use]
pub fn on(site: &Site, path: &str) -> Url {
    site.base_url.join(path).unwrap_or_else(|_| site.base_url.clone())
}

/// A publisher's address as RFC 3986 wants it. Browsers, and so [`Url`], let characters pass that no URI has (`[`, `|`, `^`), and
/// percent signs that escape nothing; feed readers do not.
#[must_use]
pub fn uri(url: &Url) -> String {
    let (authority, rest) = url.as_str().split_at(url[..Position::BeforePath].len());
    let mut uri = authority.to_owned();
    for (at, letter) in rest.char_indices() {
        let escapes = || rest.get(at + 1..at + 3).is_some_and(|two| two.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match letter {
            '%' if !escapes() => uri.push_str("%25"),
            'a'..='z' | 'A'..='Z' | '0'..='9' => uri.push(letter),
            _ if "%-._~:/?#@!$&'()*+,;=".contains(letter) => uri.push(letter),
            _ => uri.extend(letter.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}"))),
        }
    }
    uri
}

/// The id of a feed of what `narrowing` takes of `scope`: `tag:AUTHORITY,DATE:article/7/edits?silent=1`.
#[must_use]
pub fn feed_id(scope: &Scope, narrowing: &Narrowing, site: &Site) -> String {
    let name = match scope {
        Scope::Everything => "edits".to_owned(),
        Scope::Source(slug) => format!("source/{slug}/edits"),
        Scope::Article(id) => format!("article/{id}/edits"),
    };
    // One spelling, whatever the asker's keyboard made of an accent.
    let narrowing = Narrowing { words: narrowing.words.nfc().collect(), ..narrowing.clone() };
    tag(site, &format!("{name}{}", query(&narrowing)))
}

/// The id of an edit: `tag:AUTHORITY,DATE:article/7/edit/2`. Never depends on where we are reached.
#[must_use]
pub fn edit_id(site: &Site, article: ArticleId, number: EditNumber) -> String {
    tag(site, &format!("article/{article}/edit/{number}"))
}

/// The id of a set of categories: `tag:AUTHORITY,DATE:class`.
pub(super) fn scheme_id(site: &Site, name: &str) -> String {
    tag(site, name)
}

/// The front page of the publisher of an article, or what is nearest to one: its address without a path.
pub(super) fn publisher(edit_url: &Url) -> String {
    edit_url.join("/").map_or_else(|_| uri(edit_url), |front| uri(&front))
}

fn tag(site: &Site, name: &str) -> String {
    format!("tag:{},{}:{name}", site.authority, site.since)
}
