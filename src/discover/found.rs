//! One entry while it is read: for each of its fields the best of what the dialects offer.

use url::Url;

use super::best::Best;
use super::date;
use super::draft::DraftEntry;
use crate::model::Digest;

/// Longest address of an entry, in bytes; longer ones are passed over.
const MAX_LINK_BYTES: usize = 4_096;

/// Where a link was found, best first.
#[derive(Clone, Copy, Debug)]
pub(super) enum LinkFrom {
    /// A link to the article: RSS's own, or Atom's alternate in HTML.
    Article,
    /// An alternate that does not say its format.
    AnyFormat,
    /// An alternate in another format.
    OtherFormat,
    /// What `FeedBurner` replaced.
    Original,
    /// A guid that is an address.
    Guid,
    /// What the entry's element says that it is about.
    About,
}

/// Where a date was found, best first.
#[derive(Clone, Copy, Debug)]
pub(super) enum DateFrom {
    /// The dialect's own element.
    Own,
    /// A module's.
    Module,
    /// One that may mean something else.
    Vague,
}

/// An entry while it is read.
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
    /// An id; the lower the rank, the better.
    pub(super) fn id(&mut self, rank: u8, id: &str) {
        self.id.offer(rank, Some(id.trim().to_owned()));
    }

    /// A link, relative to `base`. Only http(s) counts.
    pub(super) fn link(&mut self, from: LinkFrom, href: &str, base: &Url) {
        self.link.offer(from as u8, web_address(href, base).map(Into::into));
    }

    /// A title, as plain text.
    pub(super) fn title(&mut self, rank: u8, title: Option<String>) {
        self.title.offer(rank, title);
    }

    /// When it says that it was published.
    pub(super) fn published(&mut self, from: DateFrom, date: &str) {
        self.published.offer(from as u8, Some(date::mend(date)));
    }

    /// When it says that it was updated.
    pub(super) fn updated(&mut self, from: DateFrom, date: &str) {
        self.updated.offer(from as u8, Some(date::mend(date)));
    }

    /// A summary or content, as written; all of them together are the entry's text.
    pub(super) fn text(&mut self, text: &str) {
        self.text.extend(text.split_whitespace().flat_map(|word| [word, " "]));
    }

    /// The entry, at `place` in its feed. Without an id its link is one, else its title: never anything that an edit
    /// changes where there is something better.
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

/// `href` as an absolute http(s) address.
pub(super) fn web_address(href: &str, base: &Url) -> Option<Url> {
    let href = href.trim();
    if href.is_empty() || href.len() > MAX_LINK_BYTES {
        return None;
    }
    let url = base.join(href).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    (is_web && url.as_str().len() <= MAX_LINK_BYTES).then_some(url)
}
