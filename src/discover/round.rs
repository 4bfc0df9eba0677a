//! Plans a round of requests for a source: which further documents (sitemaps, older pages) are fetched after its own,
//! and which of its entries count.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::address::same_site;
use crate::model::{Answer, Digest, Entry, KnownPart, Part, Round, SourceFeed, Step};

/// Deepest level of sitemaps below a source's own document: an index in an index in an index.
const MAX_DEPTH: u32 = 3;

/// Limit of older pages of a feed; they are fetched only when a source is new.
const MAX_PAGES: u32 = 10;

/// Limit of pending documents in one round.
const MAX_STEPS: usize = 20;

/// Limit of sitemaps remembered for a source.
const MAX_PARTS: usize = 40;

/// Entries of a sitemap that are older are ignored: a sitemap lists everything that a site ever published, and articles
/// hardly change after this time.
const RECENT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Keeps the entries that count at `now`: all entries of a feed; of a sitemap those that are recent or have no date.
pub fn keep_recent(feed: &mut SourceFeed, now: Timestamp) {
    if feed.is_sitemap {
        feed.entries.retain(|entry| newest_date(entry).is_none_or(|date| now.duration_since(date) <= RECENT));
    }
}

fn newest_date(entry: &Entry) -> Option<Timestamp> {
    entry.updated.max(entry.published)
}

/// Plans the documents that follow from the source's own one: those sitemaps of an index that changed or, if the source
/// is new, the older pages of a feed. `feed` is `None` if the document did not change.
pub fn begin(round: &mut Round, at: &Url, feed: Option<&SourceFeed>, is_new: bool) {
    round.steps.clear();
    let Some(feed) = feed else {
        // If an index does not say when its sitemaps changed, each has to be requested.
        let silent = round.parts.iter().filter(|part| part.changed.is_none());
        round.steps = silent.map(|part| Step { url: part.url.clone(), depth: part.depth, changed: None }).collect();
        return;
    };
    let named = |part: &KnownPart| part.depth > 1 || feed.links.parts.iter().any(|named| named.url == part.url);
    round.parts.retain(named);
    add_parts(round, at, &feed.links.parts, 1);
    if is_new {
        add_page(round, at, feed, 1);
    }
}

/// Plans the documents that follow from a further document. `brought` says whether it contained anything new.
pub fn go_on(round: &mut Round, step: &Step, feed: &SourceFeed, brought: bool) {
    let depth = step.depth + 1;
    if feed.is_sitemap {
        if depth <= MAX_DEPTH {
            add_parts(round, &step.url, &feed.links.parts, depth);
        }
    } else if brought && depth <= MAX_PAGES {
        add_page(round, &step.url, feed, depth);
    }
}

/// Adds the sitemaps in the index at `at` that are on its own site, except those that did not change since they were
/// read.
fn add_parts(round: &mut Round, at: &Url, parts: &[Part], depth: u32) {
    for part in parts.iter().filter(|part| same_site(&part.url, at) && part.url != *at) {
        let known = round.parts.iter().find(|known| known.url == part.url);
        let is_same = known.is_some_and(|known| known.changed.is_some() && known.changed == part.changed);
        if !is_same {
            add_step(round, Step { url: part.url.clone(), depth, changed: part.changed });
        }
    }
}

/// Adds the next older page if it is on the same site.
fn add_page(round: &mut Round, at: &Url, feed: &SourceFeed, depth: u32) {
    if let Some(next) = feed.links.next.as_ref().filter(|next| same_site(next, at) && *next != at) {
        add_step(round, Step { url: next.clone(), depth, changed: None });
    }
}

fn add_step(round: &mut Round, step: Step) {
    if round.steps.len() < MAX_STEPS && round.steps.iter().all(|other| other.url != step.url) {
        round.steps.push(step);
    }
}

/// Remembers a sitemap's validators and digest, so that the next request for it can be conditional.
pub fn remember(round: &mut Round, step: &Step, answer: &Answer, digest: Option<Digest>) {
    let place = round.parts.iter().position(|part| part.url == step.url);
    let before = place.map(|place| round.parts.remove(place));
    round.parts.push(KnownPart {
        url: step.url.clone(),
        depth: step.depth,
        changed: step.changed,
        validators: answer.validators.clone(),
        digest: digest.or(before.and_then(|before| before.digest)),
    });
    // The list is ordered by last use, so the oldest ones go first.
    let surplus = round.parts.len().saturating_sub(MAX_PARTS);
    round.parts.drain(..surplus);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FeedLinks, Validators};

    fn url(path: &str) -> Url {
        Url::parse("https://news.example/").unwrap().join(path).unwrap()
    }

    fn now() -> Timestamp {
        "2026-08-01T00:00:00Z".parse().unwrap()
    }

    fn body(is_sitemap: bool, links: FeedLinks) -> SourceFeed {
        SourceFeed { is_sitemap, links, ..SourceFeed::default() }
    }

    fn index(parts: &[(&str, Option<Timestamp>)]) -> SourceFeed {
        let parts = parts.iter().map(|(path, changed)| Part { url: url(path), changed: *changed }).collect();
        body(true, FeedLinks { parts, ..FeedLinks::default() })
    }

    fn paths(round: &Round) -> Vec<&str> {
        round.steps.iter().map(|step| step.url.path()).collect()
    }

    fn known(path: &str, changed: Option<Timestamp>) -> KnownPart {
        KnownPart { url: url(path), depth: 1, changed, validators: Validators::default(), digest: None }
    }

    #[test]
    fn only_changed_or_undated_sitemaps_of_an_index_are_read_again() {
        let mut round =
            Round { parts: vec![known("/a", Some(now())), known("/b", None), known("/old", None)], ..Round::default() };
        let parts = index(&[
            ("/a", Some(now())),
            ("/b", None),
            ("/c", Some(now())),
            ("https://evil.example/d", None),
            ("/", None),
        ]);
        begin(&mut round, &url("/"), Some(&parts), false);
        assert_eq!(paths(&round), ["/b", "/c"]);
        assert_eq!(round.parts.len(), 2, "what is named no more is forgotten");
        begin(&mut round, &url("/"), None, false);
        assert_eq!(paths(&round), ["/b"]);
    }

    #[test]
    fn nested_indexes_and_pages_are_limited() {
        let step = |depth| Step { url: url("/x"), depth, changed: None };
        let mut round = Round::default();
        go_on(&mut round, &step(MAX_DEPTH), &index(&[("/y", None)]), true);
        assert!(round.steps.is_empty());
        go_on(&mut round, &step(1), &index(&[("/y", None), ("/y", None)]), true);
        assert_eq!(paths(&round), ["/y"]);

        let page = body(false, FeedLinks { next: Some(url("/next")), ..FeedLinks::default() });
        for (depth, brought, more) in [(1, true, 1), (1, false, 0), (MAX_PAGES, true, 0)] {
            let mut round = Round::default();
            go_on(&mut round, &step(depth), &page, brought);
            assert_eq!(round.steps.len(), more, "{depth} {brought}");
        }
        let mut round = Round::default();
        begin(&mut round, &url("/"), Some(&page), false);
        assert!(round.steps.is_empty(), "older pages are for new sources");
        begin(&mut round, &url("/"), Some(&page), true);
        assert_eq!(paths(&round), ["/next"]);
    }

    #[test]
    fn old_entries_are_ignored_in_a_sitemap_but_not_in_a_feed() {
        let entry = |days: Option<i64>| Entry {
            id: String::new(),
            link: None,
            title: None,
            published: None,
            text: None,
            updated: days.map(|days| now() - SignedDuration::from_hours(days * 24)),
        };
        for (is_sitemap, left) in [(true, 3), (false, 4)] {
            let mut feed = body(is_sitemap, FeedLinks::default());
            feed.entries = vec![entry(Some(31)), entry(Some(30)), entry(Some(-1)), entry(None)];
            keep_recent(&mut feed, now());
            assert_eq!(feed.entries.len(), left);
        }
    }
}
