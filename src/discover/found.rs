//! Collects one entry while its feed is read, and keeps the best candidate for each field.

use url::Url;

use super::best::Best;
use super::date;
use super::draft::DraftEntry;
use crate::model::Digest;

/// Length limit of an entry's address, in bytes; longer ones are ignored.
const MAX_LINK_BYTES: usize = 4_096;

/// The origin of a link, best first.
#[derive(Clone, Copy, Debug)]
pub(super) enum LinkFrom {
    /// A link to the article: RSS `link`, or Atom `alternate` in HTML.
    Article,
    /// An `alternate` link without a type.
    AnyFormat,
    /// An `alternate` link with another type.
    OtherFormat,
    /// The original address that `FeedBurner` replaced.
    Original,
    /// A `guid` that is an address.
    Guid,
    /// The `rdf:about` of the entry's element.
    About,
}

/// The origin of a date, best first.
#[derive(Clone, Copy, Debug)]
pub(super) enum DateFrom {
    /// The format's own element.
    Own,
    /// An element of a module such as Dublin Core.
    Module,
    /// An element that may mean something else.
    Vague,
}

/// The fields of an entry found so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    id: Best,
    link: Best,
    title: Best,
    published: Best,
    updated: Best,
    text: String,
}

impl Found {
    /// Adds an id. A lower rank is better.
    pub(super) fn add_id(&mut self, rank: u8, id: &str) {
        self.id.offer(rank, Some(id.trim().to_owned()));
    }

    /// Adds a link, relative to `base`. Addresses other than http and https are ignored.
    pub(super) fn add_link(&mut self, from: LinkFrom, href: &str, base: &Url) {
        self.link.offer(from as u8, web_address(href, base).map(Into::into));
    }

    /// Adds a title in plain text.
    pub(super) fn add_title(&mut self, rank: u8, title: Option<String>) {
        self.title.offer(rank, title);
    }

    /// Adds a publication date.
    pub(super) fn add_published(&mut self, from: DateFrom, date: &str) {
        self.published.offer(from as u8, Some(date::repair(date)));
    }

    /// Adds a date of the last update.
    pub(super) fn add_updated(&mut self, from: DateFrom, date: &str) {
        self.updated.offer(from as u8, Some(date::repair(date)));
    }

    /// Adds a summary or content. All of them together form the entry's text.
    pub(super) fn add_text(&mut self, text: &str) {
        self.text.extend(text.split_whitespace().flat_map(|word| [word, " "]));
    }

    /// The finished entry, the one number `place` in its feed. Without an id the link serves as one, else the title:
    /// never something that an edit changes if there is anything better.
    pub(super) fn finish(self, place: usize) -> DraftEntry {
        let (link, title) = (self.link.take(), self.title.take());
        let id = self.id.take().or_else(|| link.clone()).or_else(|| title.clone());
        let text = (!self.text.is_empty())
            .then(|| Digest::of(format!("{}\n{}", title.as_deref().unwrap_or_default(), self.text).as_bytes()).short());
        DraftEntry {
            text,
            id: id.unwrap_or_else(|| format!("entry {place}")),
            link,
            title,
            published: self.published.take(),
            updated: self.updated.take(),
        }
    }
}

/// `href` as an absolute http or https address. `None` if it is not one or is too long.
pub(super) fn web_address(href: &str, base: &Url) -> Option<Url> {
    let href = href.trim();
    if href.is_empty() || href.len() > MAX_LINK_BYTES {
        return None;
    }
    let url = base.join(href).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    (is_web && url.as_str().len() <= MAX_LINK_BYTES).then_some(url)
}
