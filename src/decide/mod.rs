//! The heart: what an article was, what this look saw, and the time — to everything that changes because of it.
//!
//! The text is compared with the version that feeds told of last, never with the last page seen: small edits add up, and are
//! told when together they matter. Every other state is kept as a version all the same.

mod absence;
mod doubt;
mod hold;
mod recent;
mod same;
mod scene;
mod stated;

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use crate::cadence::{Look, Pace};
use crate::classify::{classify, disclosure, furniture_key, noise_only};
use crate::compare::{compare, identity};
use crate::discover::{canonical, settle, twin};
use crate::extract::{self, Hints, extract};
use crate::model::{
    Block, Class, Comparison, Content, Decision, Digest, Disclosure, EditKind, Extraction, Fact, History, Judging,
    Kept, Outcome, Page, Relation, Trouble, Validators, Value, Verdict, Version, VersionNumber,
};
use doubt::Doubt;
use recent::changed_blocks;
pub use recent::{Glance, MASS, Recent};
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
    /// What the host's articles showed lately.
    pub recent: &'a Recent,
    /// Since when an article has had as many edits as a day may have ([`MAX_DAILY_EDITS`]); none where it had fewer.
    pub busy_since: Option<Timestamp>,
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
    /// The page that the server shows in the article's place, along with [`Trouble::Gone`].
    pub error_page: Option<&'a Page>,
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

/// Edits of one article that are told one by one within a day. The busiest live pages measured were edited every few
/// minutes; what comes beyond this is told in one entry once there is room again.
pub const MAX_DAILY_EDITS: usize = 20;
/// The day of [`MAX_DAILY_EDITS`] and of the digest that follows.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Decides what one look changes. Total: whatever came, the article has a next look or is retired.
#[must_use]
pub fn decide(history: &History, sight: &Sight<'_>, rules: &Rules<'_>, now: Timestamp) -> Decision {
    let plain = history.article.is_believed.then(|| Judging { furniture: HashSet::new(), ..rules.judging.clone() });
    let rules = Rules { judging: plain.as_ref().unwrap_or(rules.judging), ..*rules };
    let mut scene = Scene::new(history, sight, &rules, now);
    match sight.seen {
        Seen::NotModified => not_modified(&mut scene),
        Seen::Trouble(trouble) => absence::trouble(&mut scene, trouble),
        Seen::Page(page) => seen_page(&mut scene, page),
    }
    scene.decision
}

/// The page is the same bytes, or the server says so.
fn not_modified(scene: &mut Scene<'_>) {
    stated::take_same(&mut scene.decision.article, scene.now);
    same(scene, Outcome::NotModified);
}

/// The article is as it was: it may have come back, and its next look is further off.
fn same(scene: &mut Scene<'_>, outcome: Outcome) {
    scene.accept();
    scene.decision.outcome = outcome;
    absence::back(scene, Disclosure::Silent);
    tell_waiting(scene);
    scene.look_again(Look::Unchanged);
}

/// Tells what a live page's day held back, once that day is over: the page may stay as it is for ever.
fn tell_waiting(scene: &mut Scene<'_>) {
    let history = scene.history;
    let (Some(announced), Some(latest)) = (&history.announced, &history.latest) else { return };
    let (announced, latest) = (&announced.version, &latest.version);
    let as_read_now = announced.extractor == extract::NUMBER && latest.extractor == extract::NUMBER;
    if !as_read_now || !held_back(scene.history) || is_live(scene) || flips(scene, announced.number, latest.same_as) {
        return;
    }
    let comparison = compare(&announced.content, &latest.content);
    let verdict = judge(scene, &announced.content, &latest.content, &comparison);
    if verdict.substantive {
        let shown = without_furniture(comparison, &announced.content, &latest.content, scene.rules.judging);
        tell_changed(scene, announced, latest.number, latest.same_as, &verdict, shown);
        scene.conclude(Outcome::Edited, facts(&verdict));
    }
}

/// What a comparison means, where a time that moves at every look tells nothing.
fn judge(scene: &Scene<'_>, old: &Content, new: &Content, comparison: &Comparison) -> Verdict {
    let verdict = classify(old, new, comparison, scene.rules.judging);
    let disclosure = disclosure(old, new, &verdict.reasons, stated::trusted(scene.article()));
    Verdict { disclosure, ..verdict }
}

/// Whether the newest version says something that was not told: a live page's day was full.
fn held_back(history: &History) -> bool {
    let (Some(announced), Some(latest)) = (&history.announced, &history.latest) else { return false };
    let (announced, latest) = (&announced.version, &latest.version);
    announced.number != latest.number && latest.verdict.as_ref().is_some_and(|verdict| verdict.substantive)
}

/// Tells the way from the version told last to version `to`, which says what version `back_to` said before.
fn tell_changed(
    scene: &mut Scene<'_>,
    from: &Version,
    to: VersionNumber,
    back_to: Option<VersionNumber>,
    verdict: &Verdict,
    shown: Comparison,
) {
    scene.decision.article.announced = Some(to);
    let kind = if back_to.is_some() { EditKind::Returned } else { EditKind::Changed };
    scene.tell(Telling {
        versions: (Some(from.number), Some(to)),
        returned_to: back_to,
        live: held_back(scene.history),
        reasons: verdict.reasons.iter().filter(|reason| reason.class != Class::Boilerplate).cloned().collect(),
        score: verdict.score,
        disclosure: Some(verdict.disclosure),
        ..Telling::new(kind, from.seen)
    });
    scene.decision.comparison = Some(shown);
}

fn seen_page(scene: &mut Scene<'_>, page: &Page) {
    let digest = Digest::of(page.html.as_bytes());
    let newest = scene.newest();
    if scene.article().page_digest == Some(digest)
        && newest.is_some_and(|kept| kept.version.extractor == extract::NUMBER)
    {
        return not_modified(scene);
    }
    let kept = newest.and_then(|kept| kept.page.as_ref().map(|page| (page, &kept.version.content)));
    let extraction = extract(page, scene.rules.hints, kept);
    let trouble =
        absence::withdrawn(scene, page, &extraction).or(extraction.trouble.clone()).or(sent_home(scene, page));
    if let Some(trouble) = trouble {
        return absence::trouble(scene, &trouble);
    }
    make_safer(scene, page);
    stated::take(&mut scene.decision.article, &extraction.content, scene.now);
    match (&scene.history.announced, newest) {
        (Some(announced), Some(latest)) => later(scene, announced, latest, page, digest, extraction),
        _ => first(scene, page, digest, extraction),
    }
}

/// An article's address that leads to the site's front page is a removal in disguise.
fn sent_home(scene: &Scene<'_>, page: &Page) -> Option<Trouble> {
    let asked = &scene.article().url;
    let home = page.url.path() == "/" && page.url.query().is_none() && asked.path() != "/";
    home.then(|| Trouble::NotAnArticle {
        kind: Trouble::SENT_HOME,
        evidence: Fact::new("{address}").with(page.url.as_str()),
    })
}

/// The first version of an article; also settles its address.
fn first(scene: &mut Scene<'_>, page: &Page, digest: Digest, extraction: Extraction) {
    scene.accept();
    scene.name_site(extraction.site);
    let article = &mut scene.decision.article;
    article.url = settle(&article.url, &page.url, extraction.canonical.as_ref());
    article.announced = Some(VersionNumber::FIRST);
    let identity = identity(&extraction.content);
    scene.keep(page, digest, extraction.content, identity, None);
    scene.decision.identity = Some(identity);
    scene.decision.outcome = Outcome::First;
    absence::back(scene, Disclosure::Silent);
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
fn later(scene: &mut Scene<'_>, kept: &Kept, latest: &Kept, page: &Page, digest: Digest, extraction: Extraction) {
    let Some((announced, latest)) = like_with_like(scene, kept, latest) else {
        return start_afresh(
            scene,
            page,
            digest,
            extraction.content,
            Fact::new("read by a newer extractor, nothing to compare with"),
        );
    };
    let (behind, offer, content) = (kept.page.as_ref(), extraction.offer, extraction.content);
    let site = extraction.site;
    let identity = identity(&content);
    scene.decision.identity = Some(identity);
    if identity == latest.identity {
        scene.decision.article.page_digest = Some(digest);
        scene.name_site(site);
        return same(scene, Outcome::Unchanged);
    }
    let is_believed = scene.article().is_believed;
    if let Some(trouble) = common_page(scene, page, identity).filter(|_| !is_believed) {
        return absence::trouble(scene, &trouble);
    }
    let comparison = compare(&announced.content, &content);
    let sides = doubt::Sides {
        announced: &announced,
        behind,
        content: &content,
        page,
        offer: offer.as_ref(),
        hints: scene.rules.hints,
        comparison: &comparison,
    };
    match doubt::doubt(&sides).filter(|_| !is_believed) {
        Some(Doubt::Baseline) => {
            return start_afresh(scene, page, digest, content, Fact::new("the first page was not the article"));
        }
        Some(Doubt::Never(trouble)) => return absence::trouble(scene, &trouble),
        Some(Doubt::Until(why)) if !hold::stood(scene, why.clone(), identity, &comparison) => return,
        _ => {}
    }
    let verdict = judge(scene, &announced.content, &content, &comparison);
    if only_noise(scene, &announced, &latest, &content, &verdict) {
        return ignore(scene, &verdict, Fact::new("only noise changed"));
    }
    let back_to = scene.version_that_said(identity);
    if flips(scene, announced.number, back_to) {
        return ignore(scene, &verdict, Fact::new("flips between two texts that were both told"));
    }
    scene.decision.blocks = changed_blocks(&announced.content, &content, &comparison);
    if verdict.substantive && !is_believed && hold::waits(scene, identity, &comparison) {
        return;
    }
    let told = verdict.substantive && !is_live(scene);
    let shown = without_furniture(comparison, &announced.content, &content, scene.rules.judging);
    scene.accept();
    scene.name_site(site);
    let number = scene.keep(page, digest, content, identity, Some(verdict.clone()));
    absence::back(scene, verdict.disclosure);
    if told {
        tell_changed(scene, &announced, number, back_to, &verdict, shown);
    }
    let outcome = if told { Outcome::Edited } else { Outcome::Kept };
    let why = if verdict.substantive && !told {
        Fact::new("live: told once its day is over; {facts}").with(facts(&verdict))
    } else {
        facts(&verdict)
    };
    scene.conclude(outcome, why);
    scene.look_again(Look::Changed);
}

/// `comparison` without the blocks that came or went and are furniture of the source: feeds tell what is left.
fn without_furniture(mut comparison: Comparison, old: &Content, new: &Content, judging: &Judging) -> Comparison {
    let learned = |blocks: &[Block], index: &usize| {
        blocks.get(*index).is_some_and(|block| judging.furniture.contains(&furniture_key(&block.text)))
    };
    comparison.passages.retain(|passage| {
        let whole = matches!(passage.relation, Relation::Added | Relation::Removed);
        let theirs = passage.old.iter().all(|index| learned(&old.blocks, index))
            && passage.new.iter().all(|index| learned(&new.blocks, index));
        !(whole && theirs)
    });
    comparison
}

/// What is shown in the place of several of the host's articles is none of them.
fn common_page(scene: &Scene<'_>, page: &Page, identity: Digest) -> Option<Trouble> {
    let landed = (page.url != scene.article().url).then_some(&page.url);
    let evidence = scene.rules.recent.common_page(scene.article().id, landed, identity)?;
    Some(Trouble::NotAnArticle { kind: Trouble::COMMON_PAGE, evidence })
}

/// Whether the article had its day's edits, and its day is not over since the last.
fn is_live(scene: &Scene<'_>) -> bool {
    let within = |time: Timestamp| scene.now.duration_since(time) < DAY;
    scene.rules.busy_since.is_some_and(within) && scene.article().last_edit_seen.is_some_and(within)
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

/// A new baseline that nothing is told about, since the old one cannot be compared with.
fn start_afresh(scene: &mut Scene<'_>, page: &Page, digest: Digest, content: Content, why: Fact) {
    scene.decision.rebased.clear();
    scene.accept();
    let identity = identity(&content);
    let number = scene.keep(page, digest, content, identity, None);
    scene.decision.article.announced = Some(number);
    scene.conclude(Outcome::Kept, why);
    scene.look_again(Look::Changed);
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

fn ignore(scene: &mut Scene<'_>, verdict: &Verdict, why: Fact) {
    scene.accept();
    scene.conclude(Outcome::Ignored, Fact::new("{why}: {facts}").with(why).with(facts(verdict)));
    absence::back(scene, Disclosure::Silent);
    scene.look_again(Look::Unchanged);
}

/// The weightiest reasons.
fn facts(verdict: &Verdict) -> Fact {
    const MOST_FACTS: usize = 4;
    let facts: Vec<_> = verdict.reasons.iter().take(MOST_FACTS).map(|reason| reason.fact.clone()).collect();
    let more = verdict.reasons.len().saturating_sub(MOST_FACTS);
    if more == 0 {
        Fact::all(facts)
    } else {
        Fact::new("{fact} and {number} more").with(Value::Facts(facts)).with(more)
    }
}

#[cfg(test)]
mod tests;
