//! `redraft hosts`: lists the state of each host; `hosts accept` trusts a host's current pages.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Context, anyhow};
use jiff::Timestamp;
use redraft::clock::Clock;
use redraft::model::{Article, Host, Outcome, SourceSlug};
use redraft::render::{in_words, plain};
use redraft::store::{Store, StoreError};
use serde_json::{Value, json};

use super::failure::Failure;
use super::paint::count_noun;

/// Most problems listed per host.
const MAX_WRONGS: usize = 5;

/// State of one host.
#[derive(Debug, Default)]
struct Standing {
    articles: usize,
    /// Time at which it last served the page of an article.
    answered: Option<Timestamp>,
    next: Option<Timestamp>,
    rests_until: Option<Timestamp>,
    /// Number of articles with a change that is being confirmed.
    held: usize,
    held_since: Option<Timestamp>,
    /// Problems as text, with the number of articles that have each.
    wrongs: BTreeMap<String, usize>,
    sources: BTreeSet<SourceSlug>,
    /// Number of furniture blocks learned from its sources.
    learned: usize,
}

/// Lists the hosts, as text or JSON.
pub(super) fn list_hosts(store: &Store, as_json: bool) -> Result<String, Failure> {
    let all = read_standings(store).context("cannot read the store")?;
    if as_json {
        return Ok(format!("{:#}", json!({ "hosts": all.iter().map(to_json).collect::<Vec<_>>() })));
    }
    Ok(if all.is_empty() { "no article is watched yet".to_owned() } else { format_hosts(&all) })
}

/// Accepts a host's current pages: the next check of its articles needs no confirmation.
pub(super) fn accept_host(store: &Store, host: &str) -> Result<String, Failure> {
    let count = store.believe(&Host::from(host), Clock::System.now()).map_err(anyhow::Error::from)?;
    if count == 0 {
        return Err(anyhow!("no article at {host} is watched; `redraft hosts` lists the hosts").into());
    }
    let articles = count_noun(count, "article");
    Ok(format!(
        "the next check of {articles} at {host} is accepted without confirmation; it happens at once, or when redraft is started"
    ))
}

fn read_standings(store: &Store) -> Result<BTreeMap<Host, Standing>, StoreError> {
    let mut all: BTreeMap<Host, Standing> = BTreeMap::new();
    for (id, url, due) in store.watches()? {
        if let Some(article) = store.article(id)? {
            all.entry(Host::of(&url)).or_default().add(article, due);
        }
    }
    for (host, until) in store.rests()? {
        if let Some(standing) = all.get_mut(&host) {
            standing.rests_until = Some(until);
        }
    }
    for standing in all.values_mut() {
        for source in &standing.sources {
            standing.learned += store.furniture(source)?.len();
        }
    }
    Ok(all)
}

impl Standing {
    fn add(&mut self, article: Article, due: Timestamp) {
        self.articles += 1;
        self.answered = self.answered.max(article.pulse.looked);
        self.next = Some(self.next.map_or(due, |next| next.min(due)));
        if let Some(suspicion) = &article.suspicion {
            self.held += 1;
            self.held_since = Some(self.held_since.map_or(suspicion.since, |since| since.min(suspicion.since)));
        }
        let last = article.notes.last().filter(|note| matches!(note.outcome, Outcome::Suspect | Outcome::Trouble));
        // A note that is older than the last page no longer applies.
        if let Some(note) = last.filter(|note| article.pulse.looked.is_none_or(|looked| looked <= note.at)) {
            *self.wrongs.entry(plain(&note.why.to_string())).or_default() += 1;
        }
        self.sources.extend(article.sources);
    }

    /// The problems, the most frequent first.
    fn wrongs(&self) -> Vec<(&str, usize)> {
        let mut wrongs: Vec<_> = self.wrongs.iter().map(|(words, count)| (words.as_str(), *count)).collect();
        wrongs.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        wrongs
    }
}

fn to_json((host, standing): (&Host, &Standing)) -> Value {
    let time = |time: Option<Timestamp>| time.map(|time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    let wrongs = standing.wrongs().into_iter().map(|(words, articles)| json!({ "what": words, "articles": articles }));
    json!({
        "host": host.as_str(),
        "articles": standing.articles,
        "last_answer": time(standing.answered),
        "next_look": time(standing.next),
        "left_alone_until": time(standing.rests_until),
        "held": standing.held,
        "held_since": time(standing.held_since),
        "trouble": wrongs.collect::<Vec<_>>(),
        "learned_blocks": standing.learned,
        "sources": standing.sources.iter().map(SourceSlug::as_str).collect::<Vec<_>>(),
    })
}

fn format_hosts(all: &BTreeMap<Host, Standing>) -> String {
    let mut out = String::new();
    for (host, standing) in all {
        let answered =
            standing.answered.map_or_else(|| "no answer yet".to_owned(), |at| format!("last answer {}", in_words(at)));
        let _ = writeln!(out, "{host}  {}, {answered}", count_noun(standing.articles, "article"));
        if let Some(until) = standing.rests_until {
            let _ = writeln!(out, "    left alone until {}", in_words(until));
        }
        if let Some(since) = standing.held_since {
            let held = count_noun(standing.held, "article");
            let _ = writeln!(
                out,
                "    changed; being confirmed since {}: {held}; `redraft hosts accept {host}` accepts it without confirmation",
                in_words(since)
            );
        }
        for (words, count) in standing.wrongs().into_iter().take(MAX_WRONGS) {
            let _ = writeln!(out, "    {}: {words}", count_noun(count, "article"));
        }
        if standing.learned > 0 {
            let _ = writeln!(
                out,
                "    learned from its sources: {} that all their articles contain",
                count_noun(standing.learned, "block")
            );
        }
    }
    out
}
