//! Resolves namespaces to the vocabulary that the publisher means: by the address if it is known, by the usual prefix
//! if it is not declared.

use super::attributes::Attributes;

/// The vocabulary of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// RSS or Atom of any version, or no namespace.
    Feed,
    /// Dublin Core.
    Dublin,
    /// The syndication module: `sy:updatePeriod`.
    Syndication,
    /// The extension of `FeedBurner`.
    Feedburner,
    /// RDF.
    Rdf,
    /// Anything else.
    Other,
}

/// Parts of namespace addresses and their vocabularies; the first match counts. Feeds spell the addresses in many ways.
const ADDRESSES: [(&str, Space); 24] = [
    ("w3.org/2005/atom", Space::Feed),
    ("purl.org/atom", Space::Feed),
    ("purl.org/rss/1.0/modules/syndication", Space::Syndication),
    ("purl.org/rss/1.0/modules", Space::Other),
    ("purl.org/rss", Space::Feed),
    ("purl.org/net/rss", Space::Feed),
    ("purl.org/pie", Space::Feed),
    ("purl.org/echo", Space::Feed),
    ("example.com/newformat", Space::Feed),
    ("example.com/necho", Space::Feed),
    ("intertwingly.net/blog", Space::Feed),
    ("netscape.com/", Space::Feed),
    ("netscape.com/rdf", Space::Feed),
    ("userland.com/rss", Space::Feed),
    ("userland.com", Space::Feed),
    ("law.harvard.edu", Space::Feed),
    ("rssboard.org", Space::Feed),
    ("usefulinc.com/rss", Space::Feed),
    ("purl.org/dc/", Space::Dublin),
    ("rssnamespace.org/feedburner", Space::Feedburner),
    ("22-rdf-syntax-ns", Space::Rdf),
    ("w3.org/tr/rdf", Space::Rdf),
    ("w3.org/tr/1999/pr-rdf", Space::Rdf),
    ("w3.org/1999/xhtml", Space::Other),
];

/// Prefixes that feeds use without declaring them.
const PREFIXES: [(&str, Space); 12] = [
    ("", Space::Feed),
    ("atom", Space::Feed),
    ("atom03", Space::Feed),
    ("atom10", Space::Feed),
    ("a10", Space::Feed),
    ("rss", Space::Feed),
    ("dc", Space::Dublin),
    ("dcterms", Space::Dublin),
    ("dct", Space::Dublin),
    ("sy", Space::Syndication),
    ("feedburner", Space::Feedburner),
    ("rdf", Space::Rdf),
];

/// The namespaces declared around a position in a document.
#[derive(Default)]
pub(super) struct Spaces<'a> {
    /// (depth, prefix, meaning), outermost first.
    declared: Vec<(usize, &'a str, Space)>,
}

/// Limit of declarations in force at once; no real feed needs more.
const MAX_DECLARED: usize = 200;

impl<'a> Spaces<'a> {
    /// Adds the namespaces that the tag of an element at `depth` declares.
    pub(super) fn enter(&mut self, depth: usize, attributes: Attributes<'a>) {
        for (name, address) in attributes.iter() {
            let prefix = if name.eq_ignore_ascii_case("xmlns") { Some("") } else { name.strip_prefix("xmlns:") };
            if let Some(prefix) = prefix
                && self.declared.len() < MAX_DECLARED
            {
                self.declared.push((depth, prefix, vocabulary_of(prefix, address)));
            }
        }
    }

    /// Removes the namespaces declared by elements at `depth` and deeper.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.declared.pop_if(|(at, ..)| *at >= depth).is_some() {}
    }

    /// The vocabulary of `name`, and its local part.
    pub(super) fn resolve<'n>(&self, name: &'n str) -> (Space, &'n str) {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let declared = self.declared.iter().rev().find(|(_, known, _)| *known == prefix).map(|(.., space)| *space);
        (declared.unwrap_or_else(|| vocabulary_of_prefix(prefix)), local)
    }
}

/// The vocabulary of a namespace `address`. An unknown one without a prefix is a publisher's own name for the feed's
/// vocabulary.
fn vocabulary_of(prefix: &str, address: &str) -> Space {
    let address = address.to_ascii_lowercase();
    let known = ADDRESSES.iter().find(|(part, _)| address.contains(part)).map(|(_, space)| *space);
    known.unwrap_or(if prefix.is_empty() { Space::Feed } else { Space::Other })
}

fn vocabulary_of_prefix(prefix: &str) -> Space {
    PREFIXES.iter().find(|(known, _)| known.eq_ignore_ascii_case(prefix)).map_or(Space::Other, |(_, space)| *space)
}
