//! The heart: what an article was, what this look saw, and the time — to everything that changes because of it.
//!
//! The text is compared with the version that feeds told of last, never with the last page seen: small edits add up, and are
//! told when together they matter. Every other state is kept as a version all the same.

mod absence;
mod same;
mod scene;

use jiff::{SignedDuration, Timestamp};

use crate::cadence::{Look, Pace};
use crate::classify::{classify, noise_only};
use crate::compare::{compare, identity};
use crate::discover::{canonical, settle, twin};
use crate::extract::{self, Hints, extract};
use crate::model::{
    Class, Content, Decision, Digest, EditKind, Extraction, History, Judging, Kept, Outcome, Page, Trouble, Validators,
    Verdict, Version, VersionNumber,
};
pub use same::are_one;
use scene::{Scene, Telling};

/// What the operator and the site's hints say about an article.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// What counts as an edit.
    pub judging: &'a Judging,
    /// Where the text is on pages of this host.
    pub hints: &'a Hints,
    /// When to look again.
    pub pace: &'a Pace,
    /// Whether it is watched for ever (a page that the operator named).
    pub forever: bool,
}

/// What a look saw.
#[derive(Clone, Debug)]
pub struct Sight<'a> {
    /// What came.
    pub seen: Seen<'a>,
    /// The validators to send next time, if the page is accepted.
    pub validators: Validators,
    /// How long the host asks to be left alone.
    pub retry_after: Option<SignedDuration>,
    /// How many of the host's last answers in a row, before this one, were that it is busy.
    pub busy_before: u32,
}

/// What came of a request for an article.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// A page.
    Page(&'a Page),
    /// The server's word that nothing is new.
    NotModified,
    /// Neither.
    Trouble(&'a Trouble),
}

/// Looks in a row that must show the same odd-looking text before it is believed.
const SUSPECT_LOOKS: u32 = 3;
/// A text that keeps less than this share of its words is looked at again first: walls and stubs shrink texts by 60 to 70 %
/// and more, publishers hardly ever.
const SHRUNK_TO: f64 = 0.35;
/// Texts with fewer words may shrink as they like.
const SHRUNK_MIN_WORDS: usize = 80;

/// Decides what one look changes. Total: whatever came, the article has a next look or is retired.
#[must_use]
pub fn decide(history: &History, sight: &Sight<'_>, rules: &Rules<'_>, now: Timestamp) -> Decision {
    let mut scene = Scene::new(history, sight, rules, now);
    match sight.seen {
        Seen::NotModified => same(&mut scene, Outcome::NotModified),
        Seen::Trouble(trouble) => absence::trouble(&mut scene, trouble),
        Seen::Page(page) => seen_page(&mut scene, page),
    }
    scene.decision
}

/// The article is as it was: it may have come back, and its next look is further off.
fn same(scene: &mut Scene<'_>, outcome: Outcome) {
    scene.accept();
    scene.decision.outcome = outcome;
    absence::back(scene);
    scene.look_again(Look::Unchanged);
}

fn seen_page(scene: &mut Scene<'_>, page: &Page) {
    let digest = Digest::of(page.html.as_bytes());
    let newest = scene.newest();
    if scene.article().page_digest == Some(digest)
        && newest.is_some_and(|kept| kept.version.extractor == extract::NUMBER)
    {
        return same(scene, Outcome::NotModified);
    }
    let kept = newest.and_then(|kept| kept.page.as_ref().map(|page| (page, &kept.version.content)));
    let extraction = extract(page, scene.rules.hints, kept);
    if let Some(trouble) = extraction.trouble.as_ref().or(sent_home(scene, page).as_ref()) {
        return absence::trouble(scene, trouble);
    }
    make_safer(scene, page);
    match (&scene.history.announced, newest) {
        (Some(announced), Some(latest)) => later(scene, announced, latest, page, digest, extraction.content),
        _ => first(scene, page, digest, extraction),
    }
}

/// An article's address that leads to the site's front page is a removal in disguise.
fn sent_home(scene: &Scene<'_>, page: &Page) -> Option<Trouble> {
    let asked = &scene.article().url;
    let home = page.url.path() == "/" && page.url.query().is_none() && asked.path() != "/";
    home.then(|| Trouble::NotAnArticle { kind: Trouble::SENT_HOME, evidence: page.url.to_string() })
}

/// The first version of an article; also settles its address.
fn first(scene: &mut Scene<'_>, page: &Page, digest: Digest, extraction: Extraction) {
    scene.accept();
    let article = &mut scene.decision.article;
    article.url = settle(&article.url, &page.url, extraction.canonical.as_ref());
    article.announced = Some(VersionNumber::FIRST);
    let identity = identity(&extraction.content);
    scene.keep(page, digest, extraction.content, identity, None);
    scene.decision.outcome = Outcome::First;
    absence::back(scene);
    scene.look_again(Look::Changed);
}

/// An article at http whose page came from the same address at https is asked there from now on.
fn make_safer(scene: &mut Scene<'_>, page: &Page) {
    let url = &mut scene.decision.article.url;
    let answered = canonical(&page.url);
    if answered.scheme() == "https" && twin(url).as_ref() == Some(&answered) {
        *url = answered;
    }
}

/// A page of an article that has versions.
fn later(scene: &mut Scene<'_>, announced: &Kept, latest: &Kept, page: &Page, digest: Digest, content: Content) {
    let Some((announced, latest)) = like_with_like(scene, announced, latest) else {
        return start_afresh(scene, page, digest, content);
    };
    let identity = identity(&content);
    if identity == latest.identity {
        scene.decision.article.page_digest = Some(digest);
        return same(scene, Outcome::Unchanged);
    }
    if let Some(why) = suspicious(&announced.content, &content) {
        let looks = scene.suspect(&why, identity);
        if looks < SUSPECT_LOOKS {
            return scene.look_again(Look::Suspect(looks));
        }
    }
    let comparison = compare(&announced.content, &content);
    let verdict = classify(&announced.content, &content, &comparison, scene.rules.judging);
    if only_noise(scene, &announced, &latest, &content, &verdict) {
        return ignore(scene, &verdict, "only noise changed");
    }
    let back_to = scene.version_that_said(identity);
    if flips(scene, announced.number, back_to) {
        return ignore(scene, &verdict, "flips between two texts that were both told");
    }
    scene.accept();
    let number = scene.keep(page, digest, content, identity, Some(verdict.clone()));
    absence::back(scene);
    if verdict.substantive {
        scene.decision.article.announced = Some(number);
        let kind = if back_to.is_some() { EditKind::Returned } else { EditKind::Changed };
        scene.tell(Telling {
            versions: Some((announced.number, number)),
            returned_to: back_to,
            reasons: verdict.reasons.iter().filter(|reason| reason.class != Class::Boilerplate).cloned().collect(),
            score: verdict.score,
            disclosure: verdict.disclosure,
            ..Telling::new(kind, announced.seen)
        });
        scene.decision.comparison = Some(comparison);
    }
    let outcome = if verdict.substantive { Outcome::Edited } else { Outcome::Kept };
    scene.conclude(outcome, facts(&verdict));
    scene.look_again(Look::Changed);
}

/// The two versions to compare with, as the present extractor reads their pages; what it read anew goes into the decision.
/// None where a page is missing: texts of two extractors must not be compared.
fn like_with_like(scene: &mut Scene<'_>, announced: &Kept, latest: &Kept) -> Option<(Version, Version)> {
    let announced = reread(scene, announced)?;
    let latest = if latest.version.number == announced.number { announced.clone() } else { reread(scene, latest)? };
    Some((announced, latest))
}

fn reread(scene: &mut Scene<'_>, kept: &Kept) -> Option<Version> {
    if kept.version.extractor == extract::NUMBER {
        return Some(kept.version.clone());
    }
    let content = extract(kept.page.as_ref()?, scene.rules.hints, None).content;
    let version = Version { identity: identity(&content), content, extractor: extract::NUMBER, ..kept.version.clone() };
    scene.decision.rebased.push(version.clone());
    Some(version)
}

/// A new baseline that nothing is told about: the page behind the old one is not there to be read by the present extractor.
fn start_afresh(scene: &mut Scene<'_>, page: &Page, digest: Digest, content: Content) {
    scene.decision.rebased.clear();
    scene.accept();
    let identity = identity(&content);
    let number = scene.keep(page, digest, content, identity, None);
    scene.decision.article.announced = Some(number);
    scene.conclude(Outcome::Kept, "read by a newer extractor, nothing to compare with".to_owned());
    scene.look_again(Look::Changed);
}

/// Why a text must be seen more than once to be believed, if so.
fn suspicious(old: &Content, new: &Content) -> Option<String> {
    if new.headline.trim().is_empty() && !old.headline.trim().is_empty() {
        return Some("the headline is gone".to_owned());
    }
    let (before, after) = (words(old), words(new));
    let shrunk = before >= SHRUNK_MIN_WORDS && (after as f64) < before as f64 * SHRUNK_TO;
    shrunk.then(|| format!("the text shrank from {before} to {after} words"))
}

fn words(content: &Content) -> usize {
    content.blocks.iter().map(|block| block.text.split_whitespace().count()).sum()
}

/// Whether nothing but noise differs from the newest version (which a slight change may have set apart from the announced).
fn only_noise(scene: &Scene<'_>, announced: &Version, latest: &Version, content: &Content, verdict: &Verdict) -> bool {
    if latest.number == announced.number {
        return noise_only(verdict);
    }
    let comparison = compare(&latest.content, content);
    noise_only(&classify(&latest.content, content, &comparison, scene.rules.judging))
}

/// Whether an edit between texts that say the same as these two was published before, in this direction.
fn flips(scene: &Scene<'_>, from: VersionNumber, back_to: Option<VersionNumber>) -> bool {
    let Some(to) = back_to else { return false };
    let (from, to) = (scene.identity_of(from), scene.identity_of(to));
    scene.history.published.iter().any(|&(a, b)| scene.identity_of(a) == from && scene.identity_of(b) == to)
}

fn ignore(scene: &mut Scene<'_>, verdict: &Verdict, why: &str) {
    scene.accept();
    scene.conclude(Outcome::Ignored, format!("{why}: {}", facts(verdict)));
    absence::back(scene);
    scene.look_again(Look::Unchanged);
}

/// The weightiest reasons in words.
fn facts(verdict: &Verdict) -> String {
    const MOST_FACTS: usize = 4;
    let facts: Vec<_> = verdict.reasons.iter().take(MOST_FACTS).map(|reason| reason.text.as_str()).collect();
    let more = verdict.reasons.len().saturating_sub(MOST_FACTS);
    if more == 0 { facts.join(", ") } else { format!("{} and {more} more", facts.join(", ")) }
}

#[cfg(test)]
mod tests;
