//! Namespaces, by what publishers mean with them: the address where it is known, the usual prefix where it is not declared.

use super::attributes::Attributes;

/// What an element belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// RSS of any version, Atom of any version, or none.
    Feed,
    /// Dublin Core.
    Dublin,
    /// The syndication module: `sy:updatePeriod`.
    Syndication,
    /// `FeedBurner`'s.
    Feedburner,
    /// RDF.
    Rdf,
    /// Anything else.
    Other,
}

/// Parts of addresses and whose they are; the first that fits counts. Feeds write them in many ways.
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

/// The namespaces declared around a place in a document.
#[derive(Default)]
pub(super) struct Spaces<'a> {
    /// (depth, prefix, meaning), outermost first.
    declared: Vec<(usize, &'a str, Space)>,
}

/// Most declarations in force at once; more are no feed's need.
const MAX_DECLARED: usize = 200;

impl<'a> Spaces<'a> {
    /// Takes in what the tag of an element at `depth` declares.
    pub(super) fn enter(&mut self, depth: usize, attributes: Attributes<'a>) {
        for (name, address) in attributes.iter() {
            let prefix = if name.eq_ignore_ascii_case("xmlns") { Some("") } else { name.strip_prefix("xmlns:") };
            if let Some(prefix) = prefix
                && self.declared.len() < MAX_DECLARED
            {
                self.declared.push((depth, prefix, meaning(prefix, address)));
            }
        }
    }

    /// Forgets what elements at `depth` and below declared.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.declared.pop_if(|(at, ..)| *at >= depth).is_some() {}
    }

    /// What `name` belongs to, and its local part.
    pub(super) fn resolve<'n>(&self, name: &'n str) -> (Space, &'n str) {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let declared = self.declared.iter().rev().find(|(_, known, _)| *known == prefix).map(|(.., space)| *space);
        (declared.unwrap_or_else(|| usual(prefix)), local)
    }
}

/// Whose `address` is. One that nobody knows is a publisher's own: without a prefix it stands for the feed's own words.
fn meaning(prefix: &str, address: &str) -> Space {
    let address = address.to_ascii_lowercase();
    let known = ADDRESSES.iter().find(|(part, _)| address.contains(part)).map(|(_, space)| *space);
    known.unwrap_or(if prefix.is_empty() { Space::Feed } else { Space::Other })
}

fn usual(prefix: &str) -> Space {
    PREFIXES.iter().find(|(known, _)| known.eq_ignore_ascii_case(prefix)).map_or(Space::Other, |(_, space)| *space)
}
