//! What a feed says in the few words that we need, whatever dialect it said them in, and how to say them in plain Atom.

use crate::model::{FeedLinks, Skip};

/// Most entries read from a feed; feeds with more are refused. An archive of a lifetime of blogging has some 5,000.
pub(super) const MAX_ENTRIES_READ: usize = 10_000;

/// A feed as found: texts, nothing interpreted yet.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// Plain text.
    pub(super) title: Option<String>,
    /// Seconds between polls, as declared.
    pub(super) interval_s: Option<u64>,
    /// When it says that nothing is new.
    pub(super) skip: Skip,
    /// In the feed's order.
    pub(super) entries: Vec<DraftEntry>,
    /// Addresses, absolute.
    pub(super) links: FeedLinks,
}

/// An entry as found.
#[derive(Debug, Default)]
pub(super) struct DraftEntry {
    /// As given, or made.
    pub(super) id: String,
    /// Absolute http(s) address.
    pub(super) link: Option<String>,
    /// Plain text.
    pub(super) title: Option<String>,
    /// A date in any form.
    pub(super) published: Option<String>,
    /// A date in any form.
    pub(super) updated: Option<String>,
    /// What title and text hash to.
    pub(super) text: Option<u64>,
}

impl Draft {
    /// The feed as a small, well-formed Atom document.
    pub(super) fn to_atom(&self) -> String {
        let mut atom = String::from("<feed xmlns=\"http://www.w3.org/2005/Atom\">");
        element(&mut atom, "title", self.title.as_deref());
        for entry in &self.entries {
            entry.write(&mut atom);
        }
        atom.push_str("</feed>");
        atom
    }
}

impl DraftEntry {
    fn write(&self, atom: &mut String) {
        atom.push_str("<entry>");
        element(atom, "id", Some(&self.id));
        element(atom, "title", self.title.as_deref());
        if let Some(link) = &self.link {
            atom.push_str("<link href=\"");
            escape(atom, link);
            atom.push_str("\"/>");
        }
        element(atom, "published", self.published.as_deref());
        element(atom, "updated", self.updated.as_deref());
        element(atom, "summary", self.text.map(|hash| format!("{hash:x}")).as_deref());
        atom.push_str("</entry>");
    }
}

fn element(atom: &mut String, name: &str, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        atom.extend(["<", name, ">"]);
        escape(atom, text);
        atom.extend(["</", name, ">"]);
    }
}

/// Appends `text` as XML can hold it.
fn escape(atom: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => atom.push_str("&amp;"),
            '<' => atom.push_str("&lt;"),
            '>' => atom.push_str("&gt;"),
            '"' => atom.push_str("&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            c if c.is_whitespace() => atom.push(' '),
            c if c.is_control() => {}
            c => atom.push(c),
        }
    }
}
