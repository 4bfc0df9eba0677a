//! One article: its versions as a timeline, and what our looks at it came to.

use askama::Template;

use super::frame::Frame;
use super::printed;
use super::timeline::{Event, timeline};
use super::words::{Link, Moment, headline, moment, outcome, sources, web};
use crate::model::{Article, Presence, Retirement, Scope, Watch};
use crate::render::{of_article, plain};
use crate::serve::House;
use crate::serve::answer::Answer;
use crate::serve::asked::Asked;
use crate::serve::feeds::newest;
use crate::serve::problem::Problem;

/// Edits shown; with more, the oldest are left out of the timeline's words, their versions are not.
const MAX_EDITS: usize = 500;

#[derive(Template)]
#[template(path = "article.html")]
struct Page {
    frame: Frame,
    headline: String,
    language: String,
    publisher: Link,
    sources: Vec<Link>,
    first_seen: Moment,
    published: Option<Moment>,
    status: Vec<(&'static str, Option<Moment>, String)>,
    events: Vec<Event>,
    notes: Vec<Note>,
}

/// What one look came to.
struct Note {
    at: Moment,
    outcome: &'static str,
    words: String,
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
    let headline = headline(&article.headline, &article.url);
    let feed_title = of_article(&house.site, &article, Vec::new()).title;
    printed(&Page {
        frame: Frame::new(&house.site, &headline, &scope, &feed_title)
            .about("Every version of this article that we saw, and what changed between them."),
        headline,
        language: plain(article.language.as_deref().unwrap_or_default()),
        publisher: web(&article.url),
        sources: sources(house, &article.sources),
        first_seen: moment(article.first_seen),
        published: article.published.map(moment),
        status: status(&article),
        events: timeline(&article, &versions, &dropped, &edits),
        notes: notes(&article),
    })
}

/// Whether it is there and when we look again: words, a moment, more words.
fn status(article: &Article) -> Vec<(&'static str, Option<Moment>, String)> {
    let presence = match article.presence {
        Presence::Present => None,
        Presence::Missing { since, looks } => Some((
            "Not found since",
            Some(moment(since)),
            format!("{looks} times in a row; not yet certain that it is gone"),
        )),
        Presence::Removed { since } => Some(("Found gone", Some(moment(since)), String::new())),
    };
    let suspicion = article.suspicion.as_ref().map(|suspicion| {
        (
            "Looks wrong since",
            Some(moment(suspicion.since)),
            format!("{}; looking again before anyone hears of it", plain(&suspicion.why)),
        )
    });
    let watch = match article.watch {
        Watch::Due(due) => ("Next look at about", Some(moment(due)), String::new()),
        Watch::Retired { since, reason } => {
            ("No longer watched since", Some(moment(since)), retirement(reason).to_owned())
        }
    };
    presence.into_iter().chain(suspicion).chain([watch]).collect()
}

fn retirement(reason: Retirement) -> &'static str {
    match reason {
        Retirement::Quiet => "nothing changed for long",
        Retirement::Removed => "it was removed, and stayed so",
        Retirement::NeverAnArticle => "it never showed an article",
    }
}

fn notes(article: &Article) -> Vec<Note> {
    let note = |note: &crate::model::CheckNote| Note {
        at: moment(note.at),
        outcome: outcome(note.outcome),
        words: plain(&note.words),
    };
    article.notes.iter().rev().map(note).collect()
}
