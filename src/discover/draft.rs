//! The parts of a feed that redraft needs, whatever its format, and their representation as plain Atom.

use crate::model::{FeedLinks, Skip};

/// Limit of entries in a feed; feeds with more are refused. The archive of a lifetime of blogging has some 5,000.
pub(super) const MAX_ENTRIES_READ: usize = 10_000;

/// A feed as texts that are not interpreted yet.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// Title as plain text.
    pub(super) title: Option<String>,
    /// Interval between polls that the feed declares, in seconds.
    pub(super) interval_s: Option<u64>,
    /// Hours and days in which the feed says that nothing is new.
    pub(super) skip: Skip,
    /// Entries in the feed's order.
    pub(super) entries: Vec<DraftEntry>,
    /// Absolute addresses of related documents.
    pub(super) links: FeedLinks,
}

/// An entry as texts that are not interpreted yet.
#[derive(Debug, Default)]
pub(super) struct DraftEntry {
    /// The id of the feed, or a substitute; see [`super::found::Found::finish`].
    pub(super) id: String,
    /// Absolute http or https address.
    pub(super) link: Option<String>,
    /// Title as plain text.
    pub(super) title: Option<String>,
    /// Publication date in any form.
    pub(super) published: Option<String>,
    /// Date of the last update in any form.
    pub(super) updated: Option<String>,
    /// Hash of title and text.
    pub(super) text: Option<u64>,
}

impl Draft {
    /// Writes the feed as a small, well-formed Atom document.
    pub(super) fn to_atom(&self) -> String {
        let mut atom = String::from("<feed xmlns=\"http://www.w3.org/2005/Atom\">");
        write_element(&mut atom, "title", self.title.as_deref());
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
        write_element(atom, "id", Some(&self.id));
        write_element(atom, "title", self.title.as_deref());
        if let Some(link) = &self.link {
            atom.push_str("<link href=\"");
            push_escaped(atom, link);
            atom.push_str("\"/>");
        }
        write_element(atom, "published", self.published.as_deref());
        write_element(atom, "updated", self.updated.as_deref());
        write_element(atom, "summary", self.text.map(|hash| format!("{hash:x}")).as_deref());
        atom.push_str("</entry>");
    }
}

fn write_element(atom: &mut String, name: &str, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        atom.extend(["<", name, ">"]);
        push_escaped(atom, text);
        atom.extend(["</", name, ">"]);
    }
}

/// Appends `text`, escaped for XML.
fn push_escaped(atom: &mut String, text: &str) {
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
