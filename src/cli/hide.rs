//! `redraft hide`, `unhide`, `hidden`: what was taken down, and why.

use std::process::ExitCode;

use anyhow::anyhow;
use redraft::clock::Clock;
use redraft::discover::canonical;
use redraft::model::{ArticleId, VersionNumber};
use redraft::render::{in_words, plain};
use redraft::store::{Hidden, OpenError, Options, Store};
use url::Url;

use super::arguments::{Hide, Settings, Unhide};
use super::failure::Failure;
use super::{configuration, paint};

/// Longest reason, in characters: a sentence or two on a page.
const MAX_REASON_CHARS: usize = 500;

/// Takes an article or a version of it down.
pub(super) fn hide(settings: &Settings, asked: &Hide) -> Result<ExitCode, Failure> {
    let reason = plain(&asked.reason);
    if reason.is_empty() || reason.chars().count() > MAX_REASON_CHARS {
        return Err(Failure::Usage(format!(
            "--reason: expected 1 to {MAX_REASON_CHARS} characters: readers are told why"
        )));
    }
    let store = opened(settings)?;
    let (article, version) = named(&store, &asked.what)?;
    store.hide(Hidden { article, version, since: Clock::System.now(), reason }).map_err(anyhow::Error::from)?;
    paint::say(&format!(
        "{} is hidden: pages and its feed answer 410, other feeds leave it out",
        told(article, version)
    ));
    Ok(ExitCode::SUCCESS)
}

/// Shows it again.
pub(super) fn unhide(settings: &Settings, asked: &Unhide) -> Result<ExitCode, Failure> {
    let store = opened(settings)?;
    let (article, version) = named(&store, &asked.what)?;
    if !store.unhide(article, version).map_err(anyhow::Error::from)? {
        return Err(anyhow!("{} is not hidden; `redraft hidden` lists what is", told(article, version)).into());
    }
    paint::say(&format!("{} is shown again", told(article, version)));
    Ok(ExitCode::SUCCESS)
}

/// Lists what is hidden.
pub(super) fn hidden(settings: &Settings) -> Result<ExitCode, Failure> {
    let store = opened(settings)?;
    let all = store.hidden().map_err(anyhow::Error::from)?;
    if all.is_empty() {
        paint::say("nothing is hidden");
    }
    for hidden in all {
        let article = store.article(hidden.article).map_err(anyhow::Error::from)?;
        let url = article.map(|article| article.url.to_string()).unwrap_or_default();
        let what =
            hidden.version.map_or_else(|| hidden.article.to_string(), |number| format!("{}/{number}", hidden.article));
        paint::say(&format!("{what}  {url}\n  since {}: {}", in_words(hidden.since), hidden.reason));
    }
    Ok(ExitCode::SUCCESS)
}

/// The store, which no daemon has: one that ran would go on showing what it knows.
pub(super) fn opened(settings: &Settings) -> Result<Store, Failure> {
    let config = configuration::load(settings, Vec::new())?;
    let path = &config.store.path;
    if !path.exists() {
        return Err(anyhow!("there is no store at {}: nothing was watched yet", path.display()).into());
    }
    let options = Options { cache_mib: config.store.cache_mib, authority: config.publish.authority.clone() };
    Store::open(path, &options, Clock::System.now()).map_err(|error| match error {
        OpenError::AlreadyRunning { .. } => Failure::Temporary(format!(
            "redraft is running on {}: stop it, say this again, and start it again",
            path.display()
        )),
        error => Failure::Setup(error.to_string()),
    })
}

/// `7`, `7/3` or an article's address at its publisher.
fn named(store: &Store, what: &str) -> Result<(ArticleId, Option<VersionNumber>), Failure> {
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

fn told(article: ArticleId, version: Option<VersionNumber>) -> String {
    version.map_or_else(|| format!("article {article}"), |number| format!("version {number} of article {article}"))
}
