//! `redraft why`: explains what was decided about an article.

use std::process::ExitCode;

use anyhow::{Context, anyhow};
use redraft::clock::Clock;
use redraft::daemon::store_options;
use redraft::discover::canonical;
use redraft::model::Scope;
use redraft::render;
use redraft::store::{EditQuery, OpenError, Store};
use url::Url;

use super::arguments::{Settings, Why};
use super::failure::Failure;
use super::{configuration, health, keep, paint, reports};

/// Most bytes of a running redraft's answer that are read.
const MAX_ANSWER_BYTES: u64 = 4 << 20;
/// Most edits that are explained.
const MAX_EDITS: usize = 500;

/// Prints what is known about the article at an address, from the store or from the redraft that is running on it.
pub(super) fn explain_article(settings: &Settings, asked: &Why) -> Result<ExitCode, Failure> {
    let article = Url::parse(&asked.article)
        .map_err(|error| Failure::Usage(format!("{}: not an address: {error}", asked.article)))?;
    let config = configuration::load_config(settings, Vec::new())?;
    keep::check_exists(&config.store.path)?;
    let text = match Store::open(&config.store.path, &store_options(&config), Clock::System.now()) {
        Ok(store) => from_store(&store, &article)?,
        Err(OpenError::AlreadyRunning { .. }) => {
            let mut url = health::address_of(config.serve.listen, "/why")?;
            url.query_pairs_mut().append_pair("url", article.as_str());
            let answer = health::get_response(&url, MAX_ANSWER_BYTES)
                .with_context(|| reports::explain_unanswered(&config, &url))?;
            match answer.0.as_str() {
                "200" => answer.1,
                "404" => return Err(unknown_article(&article).into()),
                "410" => {
                    return Err(anyhow!(
                        "the article at {article} is hidden: `redraft hidden` says since when and why"
                    )
                    .into());
                }
                status => return Err(anyhow!("{url} answered {status}; the log says why").into()),
            }
        }
        Err(error) => return Err(Failure::Setup(error.to_string())),
    };
    paint::print_line(text.trim_end());
    Ok(ExitCode::SUCCESS)
}

fn from_store(store: &Store, url: &Url) -> anyhow::Result<String> {
    let id = store.find(&canonical(url))?.ok_or_else(|| unknown_article(url))?;
    let article = store.article(id)?.ok_or_else(|| unknown_article(url))?;
    let query = EditQuery::newest(Scope::Article(id), MAX_EDITS);
    let mut edits = store.edits(&query)?;
    edits.reverse();
    Ok(render::why(&article, &store.versions(id)?, store.dropped(id)?.len(), &edits))
}

fn unknown_article(url: &Url) -> anyhow::Error {
    anyhow!("no article at {url} is watched")
}
