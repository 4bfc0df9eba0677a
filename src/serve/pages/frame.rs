//! What stands around every page: head, navigation, feeds.

use super::phrases::{Phrases, Said};
use super::poster;
use crate::model::{Digest, Edit, Narrowing, Scope, Site};
use crate::render::{Format, address, everything, full_title, isolated, plain};
use crate::serve::plain::STYLE;

/// What stands around a page.
pub(super) struct Frame {
    /// What this instance is called.
    pub(super) site: String,
    /// The title of the window.
    pub(super) title: Said,
    /// One sentence about the page.
    pub(super) about: Said,
    /// The path that all our addresses begin with: `/`, or that of the base address.
    pub(super) root: String,
    /// The address of the stylesheet, different with each version of it.
    pub(super) style: String,
    /// The feeds about what is on the page, main one first.
    pub(super) feeds: Vec<FeedLink>,
    /// The address of this page in the navigation, where it has one.
    pub(super) here: &'static str,
    /// How it shows where it is shared.
    pub(super) shared: Option<Shared>,
    /// Whether search engines should leave the page alone: it repeats the text of others.
    pub(super) unlisted: bool,
}

/// What those show who are sent a link to the page, such as messengers: Open Graph, <https://ogp.me>.
pub(super) struct Shared {
    pub(super) title: String,
    pub(super) about: String,
    /// The page's address, absolute.
    pub(super) href: String,
    /// The address of a picture, absolute.
    pub(super) picture: String,
    /// What the picture shows.
    pub(super) picture_in_words: String,
}

/// A link to a feed.
pub(super) struct FeedLink {
    /// `Atom`, `RSS`.
    pub(super) name: &'static str,
    /// Its title in a feed reader.
    pub(super) title: String,
    /// Its address, absolute.
    pub(super) href: String,
    /// Its media type.
    pub(super) media_type: &'static str,
}

impl Frame {
    /// The frame of a page with this title, about what the feeds of `scope` tell of; `feed_title` is theirs.
    pub(super) fn new(site: &Site, title: Said, scope: &Scope, feed_title: &str) -> Self {
        Self::of_feed(site, title, scope, &Narrowing::default(), feed_title)
    }

    /// The same, about what `narrowing` takes of it.
    pub(super) fn of_feed(site: &Site, title: Said, scope: &Scope, narrowing: &Narrowing, feed_title: &str) -> Self {
        let feeds = Format::ALL.map(|format| FeedLink {
            name: format.name(),
            title: plain(&format!("{} ({})", full_title(feed_title, site), format.name())),
            href: address::on(site, &address::narrowed(scope, format, narrowing)).into(),
            media_type: format.media_type(),
        });
        Self {
            site: plain(&site.title),
            title,
            about: Said::default(),
            root: site.base_url.path().to_owned(),
            style: format!("{}?{}", address::STYLE, &Digest::of(STYLE.as_bytes()).to_string()[..8]),
            feeds: feeds.into(),
            here: "",
            shared: None,
            unlisted: false,
        }
    }

    /// The frame of a page about everything.
    pub(super) fn of_all(site: &Site, title: Said) -> Self {
        Self::new(site, title, &Scope::Everything, &everything(site, Vec::new()).title)
    }

    /// The end of a window's title.
    pub(super) fn site_in_title(&self) -> String {
        isolated(&self.site)
    }

    /// Whether the instance goes by the program's name, and has its sign.
    pub(super) fn is_unnamed(&self) -> bool {
        self.site == Site::TITLE
    }

    /// With a sentence about the page.
    pub(super) fn about(self, about: Said) -> Self {
        Self { about, ..self }
    }

    /// Reached from the navigation by this path.
    pub(super) fn at(self, here: &'static str) -> Self {
        Self { here, ..self }
    }

    /// Shared as what it tells of `edit`; `path` is its own.
    pub(super) fn shared(self, site: &Site, path: &str, edit: Option<&Edit>) -> Self {
        let shared = |edit: &Edit| Shared {
            title: plain(&edit.entry.title),
            about: plain(&edit.entry.summary),
            href: address::on(site, path).into(),
            picture: address::on(site, &address::poster(edit.article, edit.number)).into(),
            picture_in_words: poster::in_words(edit, Phrases(site.locale)),
        };
        Self { shared: edit.map(shared), ..self }
    }

    /// Not for search engines.
    pub(super) fn unlisted(self) -> Self {
        Self { unlisted: true, ..self }
    }
}
