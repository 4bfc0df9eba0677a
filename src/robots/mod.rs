//! Reads `robots.txt`: RFC 9309, and `Crawl-delay`, which the RFC leaves out. Pure; accepts any bytes, in time linear
//! in the length of file and address.

mod keeping;
mod parse;
mod pattern;

use std::time::Duration;

use url::Url;

use crate::model::{Reply, Trouble};

pub use keeping::{is_due, keep, objection, pause};
use pattern::Pattern;

/// Our product token: the name that sites address in `User-agent` lines.
pub const TOKEN: &str = "redraft";
/// Number of bytes of a `robots.txt` that are read: the minimum that RFC 9309 (2.5) requires. The rest is cut off at a
/// line end.
pub const MAX_BYTES: usize = 500 * 1024;
/// Limit of rules kept from one file. Real files have at most a few hundred.
pub const MAX_RULES: usize = 10_000;
/// Upper limit of an obeyed `Crawl-delay`: with a longer one a site of a few hundred articles could not be watched.
pub const MAX_DELAY: Duration = Duration::from_mins(1);

/// The rules of a site that apply to us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robots {
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

/// An `Allow` or `Disallow` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Whether it is an `Allow`.
    pub allows: bool,
    /// Line number in the file, from 1.
    pub line: usize,
    pattern: Pattern,
}

impl Rule {
    /// The rule in the syntax of the file: `Disallow: /private`.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}: {}", if self.allows { "Allow" } else { "Disallow" }, self.pattern.text())
    }
}

/// Whether an address may be fetched, and the rule that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission<'a> {
    /// Whether it may be fetched.
    pub allowed: bool,
    /// The rule that decided. `None` if no rule matches.
    pub rule: Option<&'a Rule>,
}

impl Robots {
    /// Parses a `robots.txt`. Lines that are not rules are skipped; invalid UTF-8 is read as U+FFFD.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        parse::parse(bytes)
    }

    /// The rules that follow from the reply to a request for `/robots.txt` (RFC 9309, 2.3.1). A body is parsed; a
    /// refusal or a missing file allows everything. `None` if nothing can be concluded: the site is down, busy, sent
    /// nonsense, or answered "not modified". Then the last known rules stay in force, or [`Robots::nothing`] if there
    /// are none.
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

    /// The rules that apply to us, in file order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Rules that forbid everything, for a site whose `robots.txt` is unreachable (RFC 9309, 2.3.1.4).
    #[must_use]
    pub fn nothing() -> Self {
        Self::parse(b"User-agent: *\nDisallow: /")
    }

    /// Whether `url` may be fetched. The longest matching rule decides; of equally long ones, `Allow`. An address
    /// without a matching rule is allowed, and `/robots.txt` always is.
    #[must_use]
    pub fn permission(&self, url: &Url) -> Permission<'_> {
        let address = rule_address(url);
        if url.path() == "/robots.txt" {
            return Permission { allowed: true, rule: None };
        }
        let fitting = self.rules.iter().filter(|rule| rule.pattern.matches(&address));
        let rule = fitting.reduce(|best, rule| if precedence(rule) > precedence(best) { rule } else { best });
        Permission { allowed: rule.is_none_or(|rule| rule.allows), rule }
    }

    /// The site's `Crawl-delay`, at most [`MAX_DELAY`].
    #[must_use]
    pub fn delay(&self) -> Option<Duration> {
        self.delay
    }

    /// The rules that apply to us as a `robots.txt` of their own, which [`Robots::parse`] reads back. Line numbers
    /// change.
    #[must_use]
    pub fn condensed(&self) -> String {
        let rules = self.rules.iter().map(Rule::text);
        let delay = self.delay.map(|delay| format!("Crawl-delay: {}", delay.as_secs_f64()));
        let lines: Vec<String> = std::iter::once("User-agent: *".to_owned()).chain(rules).chain(delay).collect();
        lines.join("\n")
    }
}

fn precedence(rule: &Rule) -> (usize, bool) {
    (rule.pattern.len(), rule.allows)
}

/// Path and query of `url` in the form that rules are compared with.
fn rule_address(url: &Url) -> String {
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    pattern::normalise(&format!("{}{query}", url.path()))
}

#[cfg(test)]
mod tests;
