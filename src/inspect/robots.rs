//! What a site's `robots.txt` allows.

use serde::Serialize;
use url::Url;

use crate::robots::{Robots, TOKEN};

/// The rules of a site for redraft.
#[derive(Debug, Serialize)]
pub struct RobotsReport {
    /// The file or address that was read.
    pub from: String,
    /// Why the rules are not the site's own words, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The name that the rules know redraft by.
    pub token: &'static str,
    /// The rules that are for it.
    pub rules: Vec<RuleReport>,
    /// Seconds that the site asks to wait between two requests, as far as that is honoured.
    pub crawl_delay: Option<f64>,
    /// Whether what was asked for may be fetched.
    pub asked: Vec<PermissionReport>,
}

/// One rule.
#[derive(Clone, Debug, Serialize)]
pub struct RuleReport {
    /// The number of its line, from 1.
    pub line: usize,
    /// `Disallow: /private`.
    pub rule: String,
}

/// What is said of one address.
#[derive(Debug, Serialize)]
pub struct PermissionReport {
    /// The address.
    pub url: String,
    /// Whether redraft may fetch it.
    pub allowed: bool,
    /// The rule that decided; null where none speaks of it.
    pub by: Option<RuleReport>,
}

/// Asks `robots`, read `from` a file or an address, for these addresses.
#[must_use]
pub fn robots(from: String, note: Option<String>, robots: &Robots, asked: &[Url]) -> RobotsReport {
    let rule = |rule: &crate::robots::Rule| RuleReport { line: rule.line, rule: rule.text() };
    let permission = |url: &Url| {
        let permission = robots.permission(url);
        PermissionReport { url: url.to_string(), allowed: permission.allowed, by: permission.rule.map(rule) }
    };
    RobotsReport {
        from,
        note,
        token: TOKEN,
        rules: robots.rules().iter().map(rule).collect(),
        crawl_delay: robots.delay().map(|delay| delay.as_secs_f64()),
        asked: asked.iter().map(permission).collect(),
    }
}
