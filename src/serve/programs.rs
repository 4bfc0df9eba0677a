//! Pages for programs: what a page shows, under the page's address with `.json` behind it.

use serde_json::{Value, json};

use super::House;
use super::answer::Answer;
use super::asked::Asked;
use super::feeds::newest;
use super::json::json;
use super::pages::filter::Filter;
use super::pages::lookup::watched;
use super::problem::Problem;
use crate::compare::compare;
use crate::model::{
    Article, Comparison, Content, Disclosure, Edit, FieldChange, Op, Presence, Reason, Relation, Scope, Segment,
    Verdict, Version, Watch, shown_score,
};
use crate::render::{address, entry_json, plain};

/// Edits told of one article: the newest.
const MAX_EDITS: usize = 500;

/// `/search.json`: edits, newest first, narrowed as on the page; `older` is where they go on.
pub(super) fn search(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    asked.check_names(&Filter::NAMES)?;
    let filter = Filter::of(house, asked)?;
    let listing = house.store.list(&filter.query(house.entries))?;
    let older = listing.older.map(|older| filter.before(Some(older)).spelled());
    let on = |query: String| address::on(&house.site, &format!("{}.json{query}", address::SEARCH));
    json(&json!({
        "url": on(filter.spelled()),
        "edits": listing.edits.iter().map(|edit| entry_json(edit, &house.site)).collect::<Vec<_>>(),
        "older": older.map(on),
    }))
}

/// `/lookup.json?url=ADDRESS`: the article at a publisher's address.
pub(super) fn lookup(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    if asked.raw_address("url").is_none() {
        asked.check_names(&["url"])?;
    }
    let id = watched(house, asked)?;
    let article = house.store.article(id)?.ok_or_else(Problem::nothing_here)?;
    json(&facts(house, &article))
}

/// `/articles/ID.json`: its versions, oldest first, and its edits, newest first.
pub(super) fn article(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    asked.check_names(&[])?;
    let article = asked.article(house)?;
    let mut versions = house.store.versions(article.id)?;
    versions.retain(|version| house.store.why_hidden(article.id, Some(version.number)).is_none());
    let edits = house.store.edits(&newest(Scope::Article(article.id), MAX_EDITS))?;
    let mut facts = facts(house, &article);
    facts["versions"] = versions.iter().map(|version| outline(house, &article, version, &edits)).collect();
    facts["edits"] = edits.iter().map(|edit| entry_json(edit, &house.site)).collect();
    json(&facts)
}

/// `/articles/ID/versions/N.json`: a version with its text.
pub(super) fn version(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    asked.check_names(&[])?;
    let article = asked.article(house)?;
    let version = asked.version(house, &article, "version")?;
    let mut told = outline(house, &article, &version, &[]);
    told["text"] = content(&version.content);
    json(&told)
}

/// `/articles/ID/compare/A/B.json`: what differs between two versions, as runs of text that stayed, went, came or moved.
pub(super) fn comparison(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    asked.check_names(&[])?;
    let article = asked.article(house)?;
    let old = asked.version(house, &article, "from")?;
    let new = asked.version(house, &article, "to")?;
    let Comparison { headline, standfirst, byline, passages, .. } = compare(&old.content, &new.content);
    let field = |change: Option<FieldChange>| change.map(|change| segments(&change.segments));
    let passage = |passage: &crate::model::Passage| {
        json!({
            "change": relation(passage.relation),
            "old": passage.old,
            "new": passage.new,
            "segments": segments(&passage.segments),
        })
    };
    json(&json!({
        "article": article.id.0,
        "from": outline(house, &article, &old, &[]),
        "to": outline(house, &article, &new, &[]),
        "headline": field(headline),
        "standfirst": field(standfirst),
        "byline": field(byline),
        "blocks": passages.iter().map(passage).collect::<Vec<_>>(),
    }))
}

/// What is known of an article.
fn facts(house: &House, article: &Article) -> Value {
    let path = address::article(article.id);
    let (next_look, retired) = match article.watch {
        Watch::Due(due) => (house.watches(article).then(|| due.to_string()), None),
        Watch::Retired { since, .. } => (None, Some(since.to_string())),
    };
    let presence = match article.presence {
        Presence::Present => "present",
        Presence::Missing { .. } => "missing",
        Presence::Removed { .. } => "removed",
    };
    json!({
        "article": article.id.0,
        "url": address::on(&house.site, &path),
        "json_url": address::on(&house.site, &format!("{path}.json")),
        "external_url": article.url,
        "headline": plain(&article.headline),
        "language": article.language.as_deref().map(plain),
        "sources": article.sources.iter().map(crate::model::SourceSlug::as_str).collect::<Vec<_>>(),
        "first_seen": article.first_seen.to_string(),
        "published": article.published.map(|moment| moment.to_string()),
        "presence": presence,
        "next_look": next_look,
        "unwatched_since": retired,
        "latest_version": article.latest.map(|number| number.0),
        "latest_edit": article.last_edit.map(|number| number.0),
    })
}

/// A version without its text.
fn outline(house: &House, article: &Article, version: &Version, edits: &[Edit]) -> Value {
    let path = address::version(article.id, version.number);
    let edit = edits.iter().find(|edit| edit.from != edit.to && edit.to == Some(version.number));
    json!({
        "version": version.number.0,
        "url": address::on(&house.site, &path),
        "json_url": address::on(&house.site, &format!("{path}.json")),
        "seen": version.seen.to_string(),
        "headline": plain(&version.content.headline),
        "same_as": version.same_as.map(|number| number.0),
        "verdict": version.verdict.as_ref().map(verdict),
        "edit": edit.map(|edit| edit.number.0),
    })
}

fn verdict(verdict: &Verdict) -> Value {
    json!({
        "score": shown_score(verdict.score),
        "substantive": verdict.substantive,
        "disclosure": match verdict.disclosure {
            Disclosure::Disclosed => "disclosed",
            Disclosure::Silent => "silent",
        },
        "reasons": verdict.reasons.iter().map(reason).collect::<Vec<_>>(),
    })
}

fn reason(reason: &Reason) -> Value {
    json!({ "class": reason.class.name(), "score": shown_score(reason.score), "text": plain(&reason.fact.to_string()) })
}

fn content(content: &Content) -> Value {
    let block = |block: &crate::model::Block| json!({ "kind": block.kind.name(), "text": plain(&block.text) });
    json!({
        "headline": plain(&content.headline),
        "standfirst": content.standfirst.as_deref().map(plain),
        "byline": content.byline.as_deref().map(plain),
        "published": content.published.map(|moment| moment.to_string()),
        "modified": content.modified.map(|moment| moment.to_string()),
        "language": content.language.as_deref().map(plain),
        "blocks": content.blocks.iter().map(block).collect::<Vec<_>>(),
    })
}

/// `[op, text]` for each run; `[op, text, old]` where the old version writes the same words differently.
fn segments(segments: &[Segment]) -> Value {
    let op = |op: Op| match op {
        Op::Same => "same",
        Op::Removed => "removed",
        Op::Added => "added",
        Op::Moved => "moved",
        Op::MovedAway => "moved_away",
        Op::MovedAlong => "moved_along",
    };
    let run = |segment: &Segment| match &segment.old {
        None => json!([op(segment.op), segment.text]),
        Some(old) => json!([op(segment.op), segment.text, old]),
    };
    segments.iter().map(run).collect()
}

fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Same => "same",
        Relation::Edited => "edited",
        Relation::Split => "split",
        Relation::Merged => "merged",
        Relation::Added => "added",
        Relation::Removed => "removed",
        Relation::Moved => "moved",
        Relation::MovedEdited => "moved_edited",
        Relation::MovedAway => "moved_away",
    }
}
