//! `redraft hide`, `unhide` and `hidden`: takedowns of articles and versions.

use std::fmt::Write as _;

use anyhow::anyhow;
use redraft::clock::Clock;
use redraft::discover::canonical;
use redraft::model::{ArticleId, VersionNumber};
use redraft::render::{in_words, plain};
use redraft::store::{Hidden, Store};
use url::Url;

use super::failure::Failure;

/// Longest reason in characters: a sentence or two on a page.
const MAX_REASON_CHARS: usize = 500;

/// Hides an article or one of its versions; returns the message to print.
pub(super) fn hide(store: &Store, what: &str, reason: &str) -> Result<String, Failure> {
    let reason = plain(reason);
    if reason.is_empty() || reason.chars().count() > MAX_REASON_CHARS {
        return Err(Failure::Usage(format!(
            "--reason: expected 1 to {MAX_REASON_CHARS} characters: visitors of the hidden pages read it"
        )));
    }
    let (article, version) = parse_target(store, what)?;
    store.hide(Hidden { article, version, since: Clock::System.now(), reason }).map_err(anyhow::Error::from)?;
    let effect = match version {
        None => "its pages and its own feed answer 410 with the reason; other feeds and lists leave it out",
        Some(_) => "its page and comparisons with it answer 410 with the reason; feeds leave out the entries about it",
    };
    Ok(format!("{} is hidden: {effect}", describe_target(article, version)))
}

/// Shows an article or a version again; returns the message to print.
pub(super) fn unhide(store: &Store, what: &str) -> Result<String, Failure> {
    let (article, version) = parse_target(store, what)?;
    if !store.unhide(article, version).map_err(anyhow::Error::from)? {
        return Err(
            anyhow!("{} is not hidden; `redraft hidden` lists what is", describe_target(article, version)).into()
        );
    }
    Ok(format!("{} is shown again", describe_target(article, version)))
}

/// Lists all takedowns as text.
pub(super) fn list_hidden(store: &Store) -> Result<String, Failure> {
    let all = store.hidden().map_err(anyhow::Error::from)?;
    if all.is_empty() {
        return Ok("nothing is hidden".to_owned());
    }
    let mut lines = String::new();
    for hidden in all {
        let article = store.article(hidden.article).map_err(anyhow::Error::from)?;
        let url = article.map(|article| article.url.to_string()).unwrap_or_default();
        let what =
            hidden.version.map_or_else(|| hidden.article.to_string(), |number| format!("{}/{number}", hidden.article));
        let _ = writeln!(lines, "{what}  {url}\n  since {}: {}", in_words(hidden.since), hidden.reason);
    }
    Ok(lines)
}

/// Parses `7`, `7/3` or an article's address at its publisher.
fn parse_target(store: &Store, what: &str) -> Result<(ArticleId, Option<VersionNumber>), Failure> {
    let (id, version) = what.split_once('/').map_or((what, None), |(id, version)| (id, Some(version)));
    if let (Ok(id), Ok(version)) = (id.parse(), version.map(str::parse).transpose()) {
        return Ok((id, version));
    }
    let url = Url::parse(what).map_err(|_| {
        Failure::Usage(format!(
            "{what}: expected the article's number, number/version, or its address at its publisher"
        ))
    })?;
    let id = store.find(&canonical(&url)).map_err(anyhow::Error::from)?;
    Ok((id.ok_or_else(|| anyhow!("no article at {url} is watched"))?, None))
}

fn describe_target(article: ArticleId, version: Option<VersionNumber>) -> String {
    version.map_or_else(|| format!("article {article}"), |number| format!("version {number} of article {article}"))
}
