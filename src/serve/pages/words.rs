//! Small parts of pages: moments, links, names.

use jiff::Timestamp;
use url::Url;

use super::phrases::{Phrases, Speak};
use crate::model::{CheckNote, Disclosure, Outcome, SourceSlug};
use crate::render::{address, plain};
use crate::serve::House;

/// Longest headline on a page, in characters.
const MAX_HEADLINE_CHARS: usize = 300;

/// A moment, for people and for programs.
#[derive(Clone, Copy, Default)]
pub(super) struct Moment(Timestamp);

impl Moment {
    /// RFC 3339.
    pub(super) fn iso(&self) -> String {
        self.0.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

impl Speak for Moment {
    fn speak(&self, phrases: Phrases) -> String {
        self.0.speak(phrases)
    }
}

/// `moment` for a page.
pub(super) fn moment(moment: Timestamp) -> Moment {
    Moment(moment)
}

/// A link, or words alone where the address is empty.
pub(super) struct Link {
    pub(super) words: String,
    pub(super) href: String,
}

/// The sources of these slugs, by name: those that are watched with a link to their pages, those that were with one to what was seen
/// of them.
pub(super) fn sources(house: &House, slugs: &[SourceSlug]) -> Vec<Link> {
    let link = |slug: &SourceSlug| match house.source(slug) {
        Some(source) => Link { words: plain(&source.name), href: address::source(slug) },
        // The page is shown although the name cannot be read.
        None => match house.former(slug).ok().flatten() {
            Some(words) => Link { words, href: searched(slug) },
            None => Link { words: slug.to_string(), href: String::new() },
        },
    };
    slugs.iter().map(link).collect()
}

/// The path and query of the page that lists the edits of a source.
pub(super) fn searched(slug: &SourceSlug) -> String {
    format!("{}?source={slug}", address::SEARCH)
}

/// An address of a stranger as a link; without one where it leads anywhere but to a web page.
pub(super) fn web(url: &Url) -> Link {
    let words = url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned();
    let is_web = matches!(url.scheme(), "http" | "https");
    Link { words, href: if is_web { url.to_string() } else { String::new() } }
}

/// Where the Internet Archive keeps what was at `url` nearest to `at`: it leads to its closest copy itself, so that nobody has
/// to be asked before. Empty where `url` is no web page. The address is of the form that
/// <https://en.wikipedia.org/wiki/Help:Using_the_Wayback_Machine> gives.
pub(super) fn archived(url: &Url, at: Timestamp) -> String {
    let link = web(url);
    if link.href.is_empty() {
        return link.href;
    }
    format!("https://web.archive.org/web/{}/{}", at.strftime("%Y%m%d%H%M%S"), link.href)
}

/// A headline on one line; the address where there is none.
pub(super) fn headline(headline: &str, url: &Url) -> String {
    let line = plain(headline);
    let line = if line.is_empty() { plain(url.as_str()) } else { line };
    line.chars().take(MAX_HEADLINE_CHARS).collect()
}

/// `Silent` or `Disclosed`; a phrase, or nothing where it was not judged.
pub(super) fn disclosure(disclosure: impl Into<Option<Disclosure>>) -> &'static str {
    match disclosure.into() {
        Some(Disclosure::Disclosed) => "Disclosed",
        Some(Disclosure::Silent) => "Silent",
        None => "",
    }
}

/// What a look came to, for people; a phrase.
pub(super) fn outcome(note: &CheckNote) -> &'static str {
    match note.outcome {
        Outcome::First => "first version kept",
        Outcome::NotModified | Outcome::Unchanged => "nothing new",
        Outcome::Ignored => "ignored",
        Outcome::Kept => "kept, too slight to publish",
        Outcome::Edited => "edit published",
        Outcome::Suspect => note.awaits(),
        Outcome::Trouble => "trouble",
        Outcome::Removed => "removed",
        Outcome::Restored => "back again",
    }
}
