//! One article: its versions as a timeline, and what our looks at it came to.

use askama::Template;

use super::filters;
use super::frame::Frame;
use super::phrases::Said;
use super::picture::{Picture, picture};
use super::printed;
use super::timeline::{Event, timeline};
use super::words::{Link, Moment, headline, moment, outcome, sources, web};
use crate::model::{Article, Fact, Presence, Retirement, Scope, Watch};
use crate::render::{address, isolated, of_article, plain};
use crate::serve::House;
use crate::serve::answer::Answer;
use crate::serve::asked::Asked;
use crate::serve::feeds::newest;
use crate::serve::problem::Problem;

/// Edits shown; with more, the oldest are left out of the timeline's words, their versions are not.
const MAX_EDITS: usize = 500;

/// Events on one page, which stays below 60 KB.
const EVENTS: usize = 40;

#[derive(Template)]
#[template(path = "article.html")]
struct Page {
    frame: Frame,
    headline: String,
    /// Its own path.
    href: String,
    language: String,
    publisher: Link,
    sources: Vec<Link>,
    first_seen: Moment,
    published: Option<Moment>,
    status: Vec<Status>,
    picture: Option<Picture>,
    events: Vec<Event>,
    /// Queries and words of the other events' pages.
    pager: Vec<(String, &'static str)>,
    notes: Vec<Note>,
}

/// Whether it is there and when we look again: `Not found since`, a moment, what was met, what that means.
struct Status {
    name: Said,
    at: Option<Moment>,
    why: Fact,
    words: Said,
}

/// What one look came to.
struct Note {
    at: Moment,
    outcome: &'static str,
    why: Fact,
}

/// `/articles/ID`
pub(in crate::serve) fn page(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let article = asked.article(house)?;
    let scope = Scope::Article(article.id);
    let mut versions = house.store.versions(article.id)?;
    versions.retain(|version| house.store.why_hidden(article.id, Some(version.number)).is_none());
    let mut dropped = house.store.dropped(article.id)?;
    dropped.retain(|(number, _)| house.store.why_hidden(article.id, Some(*number)).is_none());
    let mut edits = house.store.edits(&newest(scope.clone(), MAX_EDITS))?;
    edits.reverse();
    let (events, pager) = part(timeline(house.site.locale, &article, &versions, &dropped, &edits), asked)?;
    let headline = headline(&article.headline, &article.url);
    let feed_title = of_article(&house.site, &article, Vec::new()).title;
    let page = Page {
        frame: Frame::new(&house.site, Said::words(&isolated(&headline)), &scope, &feed_title)
            .about(Said::new("Every version of this article that we saw, and what changed between them."))
            .shared(&house.site, &address::article(article.id), edits.last()),
        headline,
        href: address::article(article.id),
        language: plain(article.language.as_deref().unwrap_or_default()),
        publisher: web(&article.url),
        sources: sources(house, &article.sources),
        first_seen: moment(article.first_seen),
        published: article.published.map(moment),
        status: status(house, &article),
        picture: picture(&versions, &edits),
        events,
        pager,
        notes: notes(&article),
    };
    printed(house, asked, &page)
}

/// Events, and queries and words of the pages with the others.
type Part = (Vec<Event>, Vec<(String, &'static str)>);

/// The events of one page, the newest where none is asked for by `?until=N`, and the queries of those before and after.
fn part(mut events: Vec<Event>, asked: &Asked) -> Result<Part, Problem> {
    let all = events.len();
    let parse = |text: &str| text.parse().map_err(|_| Problem::no_number("until"));
    let end = asked.parameter("until").map_or(Ok(all), parse)?.min(all);
    let begin = end.saturating_sub(EVENTS);
    let earlier = (begin > 0).then(|| (format!("?until={begin}"), "Earlier"));
    let later = (end < all).then(|| match end + EVENTS {
        next if next < all => (format!("?until={next}"), "Later"),
        _ => (String::new(), "Later"),
    });
    events.truncate(end);
    Ok((events.split_off(begin), earlier.into_iter().chain(later).collect()))
}

/// Whether it is there and when we look again.
fn status(house: &House, article: &Article) -> Vec<Status> {
    let of = |name: Said, at: jiff::Timestamp, words: Said| Status {
        name,
        at: Some(moment(at)),
        why: Fact::default(),
        words,
    };
    let presence = match article.presence {
        Presence::Present => None,
        Presence::Missing { since, looks } => {
            let looks = Said::count(
                "1 time; not yet certain that it is gone | {number} times in a row; not yet certain that it is gone",
                looks.into(),
            );
            Some(of(Said::new("Not found since"), since, looks))
        }
        Presence::Removed { since } => Some(of(Said::new("Found gone"), since, Said::default())),
    };
    let suspicion = article.suspicion.as_ref().map(|suspicion| {
        let checks = Said::count("seen at 1 check | seen at {number} checks in a row", suspicion.looks.into());
        Status { why: suspicion.why.clone(), ..of(Said::new("Changed; confirming since"), suspicion.since, checks) }
    });
    let watch = match article.watch {
        Watch::Due(_) if !house.watches(article) => {
            let words = Said::new("its source was taken out of the configuration");
            Status { name: Said::new("No longer watched"), at: None, why: Fact::default(), words }
        }
        Watch::Due(due) => of(Said::new("Next look at about"), due, Said::default()),
        Watch::Retired { since, reason } => of(Said::new("No longer watched since"), since, retirement(reason)),
    };
    presence.into_iter().chain(suspicion).chain([watch]).collect()
}

fn retirement(reason: Retirement) -> Said {
    match reason {
        Retirement::Quiet => Said::new("nothing changed for long"),
        Retirement::Removed => Said::new("it was removed, and stayed so"),
        Retirement::NeverAnArticle => Said::new("it never showed an article"),
    }
}

fn notes(article: &Article) -> Vec<Note> {
    let note =
        |note: &crate::model::CheckNote| Note { at: moment(note.at), outcome: outcome(note), why: note.why.clone() };
    article.notes.iter().rev().map(note).collect()
}
