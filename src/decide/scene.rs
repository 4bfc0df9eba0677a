//! A decision in the making, and the few ways in which it may be changed.

use jiff::{SignedDuration, Timestamp};

use super::{Rules, Sight};
use crate::cadence::{self, Look};
use crate::extract;
use crate::model::{
    Article, CheckNote, Content, Decision, Digest, Disclosure, Edit, EditKind, EditNumber, EntryText, Fact, History,
    Kept, Outcome, Page, Presence, Reason, Retirement, Suspicion, Verdict, Version, VersionNumber, Watch,
};

/// What is known, and what has been decided so far.
pub(super) struct Scene<'a> {
    pub(super) history: &'a History,
    pub(super) sight: &'a Sight<'a>,
    pub(super) rules: &'a Rules<'a>,
    pub(super) now: Timestamp,
    pub(super) decision: Decision,
}

/// What an edit tells, beside whose it is.
pub(super) struct Telling {
    pub(super) kind: EditKind,
    pub(super) since: Timestamp,
    /// The version before and the version after, as far as the edit concerns one.
    pub(super) versions: (Option<VersionNumber>, Option<VersionNumber>),
    pub(super) returned_to: Option<VersionNumber>,
    pub(super) live: bool,
    pub(super) reasons: Vec<Reason>,
    pub(super) score: f64,
    pub(super) disclosure: Option<Disclosure>,
    pub(super) notice: Option<String>,
}

impl Telling {
    /// An edit that concerns no text, since the time of the state before.
    pub(super) fn new(kind: EditKind, since: Timestamp) -> Self {
        let score = if kind == EditKind::Retired { 0.0 } else { 1.0 };
        Self {
            kind,
            since,
            versions: (None, None),
            returned_to: None,
            live: false,
            reasons: Vec::new(),
            score,
            disclosure: None,
            notice: None,
        }
    }
}

impl<'a> Scene<'a> {
    pub(super) fn new(history: &'a History, sight: &'a Sight<'a>, rules: &'a Rules<'a>, now: Timestamp) -> Self {
        let decision = Decision::quiet(Outcome::Trouble, history.article.clone());
        Self { history, sight, rules, now, decision }
    }

    pub(super) fn article(&self) -> &Article {
        &self.decision.article
    }

    /// The newest version kept.
    pub(super) fn newest(&self) -> Option<&'a Kept> {
        self.history.latest.as_ref().or(self.history.announced.as_ref())
    }

    /// The page is the article's: nothing is suspected, and the next request may ask for what differs from it.
    pub(super) fn accept(&mut self) {
        self.decision.article.suspicion = None;
        self.decision.article.is_believed = false;
        self.decision.article.validators = self.sight.validators.clone();
    }

    /// Remembers what the page calls its site; what it called it before where it says nothing.
    pub(super) fn name_site(&mut self, site: Option<String>) {
        if site.is_some() {
            self.decision.article.site = site;
        }
    }

    /// Keeps a version of this content and the page behind it; gives its number.
    pub(super) fn keep(
        &mut self,
        page: &Page,
        digest: Digest,
        content: Content,
        identity: Digest,
        verdict: Option<Verdict>,
    ) -> VersionNumber {
        let same_as = self.version_that_said(identity);
        let article = &mut self.decision.article;
        let number = article.latest.map_or(VersionNumber::FIRST, VersionNumber::next);
        if number != VersionNumber::FIRST {
            article.pulse.changes = article.pulse.changes.saturating_add(1);
        }
        article.latest = Some(number);
        article.page_digest = Some(digest);
        if !content.headline.is_empty() {
            article.headline.clone_from(&content.headline);
        }
        article.language.clone_from(&content.language);
        article.published = content.published.or(article.published);
        let seen = self.now;
        self.decision.version =
            Some(Version { number, seen, content, identity, extractor: extract::NUMBER, same_as, verdict });
        self.decision.page = Some(page.clone());
        number
    }

    /// The first version with this identity. What was read anew by a newer extractor counts as it is read now.
    pub(super) fn version_that_said(&self, identity: Digest) -> Option<VersionNumber> {
        self.history
            .identities
            .iter()
            .map(|(number, _)| *number)
            .find(|number| self.identity_of(*number) == Some(identity))
    }

    pub(super) fn identity_of(&self, number: VersionNumber) -> Option<Digest> {
        let reread = self.decision.rebased.iter().find(|version| version.number == number);
        let known = || self.history.identities.iter().find(|(known, _)| *known == number);
        reread.map(|version| version.identity).or_else(|| known().map(|(_, identity)| *identity))
    }

    /// Remembers that the page changed or may not be the article; gives how many looks in a row saw the same, and since when.
    /// The same is the same text, or one that has a mark of `marks` in common.
    pub(super) fn suspect(&mut self, why: Fact, identity: Digest, mut marks: Vec<u64>) -> (u32, Timestamp) {
        let stays = |before: &Suspicion| before.marks.iter().any(|mark| marks.contains(mark));
        let before = self.decision.article.suspicion.take();
        let before = before.filter(|before| before.identity == identity || stays(before));
        if let Some(before) = before.as_ref().filter(|before| stays(before)) {
            marks.retain(|mark| before.marks.contains(mark));
        }
        let looks = before.as_ref().map_or(1, |before| before.looks.saturating_add(1));
        let since = before.map_or(self.now, |before| before.since);
        self.decision.article.suspicion = Some(Suspicion { since, looks, why: why.clone(), identity, marks });
        self.conclude(Outcome::Suspect, why);
        (looks, since)
    }

    /// Sets the outcome and notes why; the same again moves the note's time.
    pub(super) fn conclude(&mut self, outcome: Outcome, why: Fact) {
        self.decision.outcome = outcome;
        self.decision.article.note(CheckNote { at: self.now, outcome, why });
    }

    /// Sets the next look; where there is none any more, says so in the article's feed.
    pub(super) fn look_again(&mut self, look: Look) {
        let (rules, now) = (self.rules, self.now);
        let article = &mut self.decision.article;
        let retired = matches!(article.watch, Watch::Retired { .. });
        (article.pulse, article.watch) =
            cadence::next((&article.pulse, article.watch), look, rules.pace, rules.forever, article.id.0, now);
        if let Watch::Retired { reason, .. } = &mut article.watch {
            *reason = match (article.presence, article.latest) {
                (_, None) => Retirement::NeverAnArticle,
                (Presence::Removed { .. }, _) => Retirement::Removed,
                _ => Retirement::Quiet,
            };
            if !retired && article.latest.is_some() {
                let since = article.pulse.changed;
                self.tell(Telling::new(EditKind::Retired, since));
            }
        }
    }

    /// Publishes an edit. Its time is later than that of the article's edit before, whatever the clock says.
    pub(super) fn tell(&mut self, telling: Telling) {
        let article = &mut self.decision.article;
        let number = EditNumber(article.last_edit.map_or(1, |last| last.0.saturating_add(1)));
        let after_last = article.last_edit_seen.map(|last| last + SignedDuration::from_secs(1));
        let seen = after_last.map_or(self.now, |earliest| earliest.max(self.now));
        article.last_edit = Some(number);
        article.last_edit_seen = Some(seen);
        self.decision.edits.push(Edit {
            article: article.id,
            number,
            kind: telling.kind,
            from: telling.versions.0,
            to: telling.versions.1,
            seen,
            since: telling.since,
            headline: article.headline.clone(),
            url: article.url.clone(),
            sources: article.sources.clone(),
            publication: None,
            language: article.language.clone(),
            reasons: telling.reasons,
            score: telling.score,
            disclosure: telling.disclosure,
            notice: telling.notice,
            returned_to: telling.returned_to,
            live: telling.live,
            entry: EntryText::default(),
        });
    }
}
