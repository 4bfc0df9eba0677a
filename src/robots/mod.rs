//! What a site's `robots.txt` allows us: RFC 9309, and `Crawl-delay`, which it leaves out. Pure, total on any bytes, and
//! linear in the length of file and address.

mod keeping;
mod parse;
mod pattern;

use std::time::Duration;

use url::Url;

use crate::model::{Reply, Trouble};

pub use keeping::{is_due, keep, objection, pause};
use pattern::Pattern;

/// The name that groups of rules know us by.
pub const TOKEN: &str = "redraft";
/// Bytes of a `robots.txt` that are read, the least that RFC 9309 (2.5) asks for; the rest is cut at the last whole line.
pub const MAX_BYTES: usize = 500 * 1024;
/// Rules of a group that are kept; sites that we know of have a few hundred.
pub const MAX_RULES: usize = 10_000;
/// The longest `Crawl-delay` that is honoured: with more, a site of a few hundred articles could not be watched.
pub const MAX_DELAY: Duration = Duration::from_mins(1);

/// The rules that a site has for us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robots {
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

/// One `Allow` or `Disallow`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Whether it allows.
    pub allows: bool,
    /// The number of its line, from 1.
    pub line: usize,
    pattern: Pattern,
}

impl Rule {
    /// The rule as a site writes it: `Disallow: /private`.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}: {}", if self.allows { "Allow" } else { "Disallow" }, self.pattern.text())
    }
}

/// Whether an address may be fetched, and which rule says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission<'a> {
    /// Whether it may.
    pub allowed: bool,
    /// The rule that decided; none where none fits.
    pub rule: Option<&'a Rule>,
}

impl Robots {
    /// Reads a `robots.txt`. What is no rule is passed over; bytes that are no UTF-8 are read as U+FFFD.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        parse::parse(bytes)
    }

    /// What the answer to a request for `/robots.txt` means (RFC 9309, 2.3.1): a body is read, a refusal or a page that is not
    /// there allows all. None where that cannot be known for now: the site is down, busy or sent nonsense, or nothing is new.
    /// Then rules that are known stay in force, and where none are, [`Robots::nothing`] holds.
    #[must_use]
    pub fn told(reply: &Reply) -> Option<Self> {
        match reply {
            Reply::Body { bytes, .. } => Some(Self::parse(bytes)),
            Reply::Trouble(Trouble::Gone(_) | Trouble::Refused(_) | Trouble::UnexpectedStatus(400..=499)) => {
                Some(Self::default())
            }
            Reply::Trouble(_) | Reply::NotModified => None,
        }
    }

    /// The rules that are for us, in the order of the file.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules of a site that allows nothing: one whose `robots.txt` cannot be had for now (RFC 9309, 2.3.1.4).
    #[must_use]
    pub fn nothing() -> Self {
        Self::parse(b"User-agent: *\nDisallow: /")
    }

    /// Whether `url` may be fetched: the longest rule that fits decides, `Allow` among equals; what no rule speaks of may,
    /// and `/robots.txt` always.
    #[must_use]
    pub fn permission(&self, url: &Url) -> Permission<'_> {
        let address = address(url);
        if url.path() == "/robots.txt" {
            return Permission { allowed: true, rule: None };
        }
        let fitting = self.rules.iter().filter(|rule| rule.pattern.fits(&address));
        let rule = fitting.reduce(|best, rule| if weight(rule) > weight(best) { rule } else { best });
        Permission { allowed: rule.is_none_or(|rule| rule.allows), rule }
    }

    /// How long the site asks to wait between two requests, at most [`MAX_DELAY`].
    #[must_use]
    pub fn delay(&self) -> Option<Duration> {
        self.delay
    }

    /// The rules that are for us as a `robots.txt` of their own, which [`Robots::parse`] reads back; lines are numbered anew.
    #[must_use]
    pub fn condensed(&self) -> String {
        let rules = self.rules.iter().map(Rule::text);
        let delay = self.delay.map(|delay| format!("Crawl-delay: {}", delay.as_secs_f64()));
        let lines: Vec<String> = std::iter::once("User-agent: *".to_owned()).chain(rules).chain(delay).collect();
        lines.join("\n")
    }
}

fn weight(rule: &Rule) -> (usize, bool) {
    (rule.pattern.len(), rule.allows)
}

/// Path and query as rules are compared with them.
fn address(url: &Url) -> String {
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    pattern::normal(&format!("{}{query}", url.path()))
}

#[cfg(test)]
mod tests;
