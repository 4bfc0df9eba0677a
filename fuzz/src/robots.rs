//! Input: a site's `robots.txt`, tested for one address.

use redraft::robots::{MAX_DELAY, MAX_RULES, Robots};
use url::Url;

use super::first_line;

/// The first line is the path to test, the rest is the file. The stored form of the file must give the same answer,
/// within the limits.
///
/// # Panics
/// If that is violated.
pub fn run(bytes: &[u8]) {
    let (path, file) = first_line(bytes);
    let Ok(url) = Url::parse("https://news.example/").and_then(|base| base.join(&path)) else { return };
    let robots = Robots::parse(file);
    let kept = Robots::parse(robots.condensed().as_bytes());
    assert!(robots.rules().len() <= MAX_RULES && robots.delay().is_none_or(|delay| delay <= MAX_DELAY));
    assert_eq!(robots.permission(&url).allowed, kept.permission(&url).allowed);
    assert_eq!(robots.delay(), kept.delay());
}
