use super::*;
use crate::model::{Article, ArticleId, Disclosure, Presence, Retirement, SourceSlug, Watch};
use jiff::Timestamp;

const STORY: [&str; 5] = [
    "The town council approved a budget of 12 million crowns for the harbour on Saturday after a debate of five hours.",
    "Mayor Jane Miller said the money would be spent on the north quay, which has been closed since the storm in March.",
    "The opposition had asked for a smaller sum and for a report on the state of the breakwater before any work begins.",
    "Work on the quay is to start in October and should be finished by the end of next year, the council said.",
    "Fishermen who use the quay have been promised berths in the south basin for as long as the work goes on.",
];

fn at(minutes: i64) -> Timestamp {
    "2026-08-01T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

fn page(headline: &str, paragraphs: &[&str]) -> Page {
    let text: String = paragraphs.iter().map(|text| format!("<p>{text}</p>")).collect();
    let html = format!(
        "<html lang=en><head><title>{headline}</title><meta property='og:title' content='{headline}'></head>\
         <body><main><article><h1>{headline}</h1>{text}</article></main></body></html>"
    );
    Page { url: "https://news.example/budget".parse().unwrap(), html }
}

fn story(from: &str, to: &str) -> Page {
    let paragraphs = STORY.map(|text| text.replace(from, to));
    page("Council approves budget", &paragraphs.each_ref().map(String::as_str))
}

fn new_article() -> Article {
    let url = "https://news.example/budget".parse().unwrap();
    let article = Article::unseen(ArticleId(7), url, "Council approves budget".into(), at(0));
    Article { sources: vec!["news".parse::<SourceSlug>().unwrap()], ..article }
}

/// What the store would give back after all decisions so far.
struct Story {
    history: History,
    kept: Vec<Kept>,
    recent: Recent,
    busy_since: Option<Timestamp>,
    error_page: Option<Page>,
}

impl Story {
    fn new() -> Self {
        let history = History {
            article: new_article(),
            announced: None,
            latest: None,
            identities: Vec::new(),
            published: Vec::new(),
        };
        Self { history, kept: Vec::new(), recent: Recent::default(), busy_since: None, error_page: None }
    }

    fn begun() -> Self {
        let mut story = Self::new();
        assert_eq!(story.page(0, &self::story("", "")).outcome, Outcome::First);
        story
    }

    fn page(&mut self, minutes: i64, page: &Page) -> Decision {
        self.look(minutes, Seen::Page(page), None)
    }

    fn trouble(&mut self, minutes: i64, trouble: &Trouble) -> Decision {
        self.look(minutes, Seen::Trouble(trouble), None)
    }

    /// A look, and what follows at once where it found something to be seen again.
    fn look(&mut self, minutes: i64, seen: Seen<'_>, retry_after: Option<SignedDuration>) -> Decision {
        loop {
            let decision = self.glance(minutes, seen, retry_after);
            if !decision.held {
                return decision;
            }
        }
    }

    fn glance(&mut self, minutes: i64, seen: Seen<'_>, retry_after: Option<SignedDuration>) -> Decision {
        let (judging, hints) = (Judging::default(), Hints::default());
        let pace = Pace { jitter: 0.0, ..Pace::default() };
        let rules = Rules {
            judging: &judging,
            hints: &hints,
            pace: &pace,
            forever: false,
            recent: &self.recent,
            busy_since: self.busy_since,
        };
        let etag = Some(format!("\"{minutes}\""));
        let sight = Sight {
            seen,
            validators: Validators { etag, last_modified: None, of: None },
            retry_after,
            busy_before: 0,
            error_page: self.error_page.as_ref(),
        };
        let decision = decide(&self.history, &sight, &rules, at(minutes));
        self.record(&decision);
        decision
    }

    fn record(&mut self, decision: &Decision) {
        self.history.article = decision.article.clone();
        for version in &decision.rebased {
            self.kept
                .iter_mut()
                .filter(|kept| kept.version.number == version.number)
                .for_each(|kept| kept.version = version.clone());
        }
        if let Some(version) = &decision.version {
            self.kept.push(Kept { version: version.clone(), page: decision.page.clone() });
        }
        let find = |number| self.kept.iter().find(|kept| Some(kept.version.number) == number).cloned();
        self.history.announced = find(self.history.article.announced);
        let latest = self.history.article.latest;
        self.history.latest = if latest == self.history.article.announced { None } else { find(latest) };
        self.history.identities = self.kept.iter().map(|kept| (kept.version.number, kept.version.identity)).collect();
        let told = decision.edits.iter().filter_map(|edit| Some((edit.from?, edit.to?)));
        self.history.published.extend(told);
    }
}

fn kinds(decision: &Decision) -> Vec<EditKind> {
    decision.edits.iter().map(|edit| edit.kind).collect()
}

#[test]
fn the_first_page_is_version_one_and_no_edit() {
    let mut story = Story::new();
    let decision = story.page(0, &self::story("", ""));
    let version = decision.version.unwrap();
    assert_eq!((decision.outcome, version.number), (Outcome::First, VersionNumber::FIRST));
    assert_eq!(version.content.blocks.len(), STORY.len());
    assert!(decision.edits.is_empty());
    assert_eq!(decision.article.watch, Watch::Due(at(30)));
}

#[test]
fn a_changed_figure_is_kept_and_told() {
    let mut story = Story::begun();
    let decision = story.page(30, &self::story("12 million", "21 million"));
    assert_eq!((decision.outcome, kinds(&decision)), (Outcome::Edited, vec![EditKind::Changed]));
    let edit = &decision.edits[0];
    assert_eq!((edit.from, edit.to), (Some(VersionNumber(1)), Some(VersionNumber(2))));
    assert_eq!((edit.since, edit.seen), (at(0), at(30)));
    assert!(decision.comparison.is_some());
}

#[test]
fn the_same_bytes_and_the_servers_word_are_no_work() {
    let mut story = Story::begun();
    assert_eq!(story.page(30, &self::story("", "")).outcome, Outcome::NotModified);
    let decision = story.look(70, Seen::NotModified, None);
    assert_eq!(decision.outcome, Outcome::NotModified);
    assert!(!decision.is_change());
}

#[test]
fn a_slight_change_is_kept_untold_and_told_with_the_next_that_matters() {
    let mut story = Story::begun();
    let slight = self::story("five hours", "5 hours");
    let decision = story.page(30, &slight);
    assert_eq!((decision.outcome, decision.edits.len()), (Outcome::Kept, 0));
    let both = Page { html: slight.html.replace("12 million", "21 million"), ..slight };
    let decision = story.page(60, &both);
    assert_eq!(decision.edits[0].from, Some(VersionNumber(1)), "compared with what was told last");
    assert_eq!(decision.edits[0].to, Some(VersionNumber(3)));
}

#[test]
fn a_missing_page_is_removed_after_three_looks_and_a_day_and_its_return_is_told() {
    let mut story = Story::begun();
    let gone = Trouble::Gone(404);
    assert_eq!(story.trouble(30, &gone).outcome, Outcome::Suspect);
    assert_eq!(story.trouble(200, &gone).outcome, Outcome::Suspect);
    assert_eq!(story.trouble(400, &gone).outcome, Outcome::Suspect, "three looks, not yet a day");
    let decision = story.trouble(30 + 24 * 60, &gone);
    assert_eq!((decision.outcome, kinds(&decision)), (Outcome::Removed, vec![EditKind::Removed]));
    assert!(story.trouble(4000, &gone).edits.is_empty(), "told once");
    let decision = story.page(5000, &self::story("", ""));
    assert_eq!((decision.outcome, kinds(&decision)), (Outcome::Restored, vec![EditKind::Restored]));
}

/// Looks at what `see` shows until the article is said to be removed.
fn removed(story: &mut Story, mut see: impl FnMut(&mut Story, i64) -> Decision) -> Decision {
    let hours = [1, 5, 9, 30];
    let decisions: Vec<Decision> = hours.into_iter().map(|hour| see(story, hour * 60)).collect();
    assert!(decisions[..3].iter().all(|decision| decision.edits.is_empty()), "not before a day");
    let decision = decisions.into_iter().next_back().unwrap();
    assert_eq!(kinds(&decision), [EditKind::Removed]);
    assert_eq!((decision.edits[0].from, decision.edits[0].to), (Some(VersionNumber(1)), None), "the last text");
    decision
}

#[test]
fn a_removal_is_silent_unless_the_page_says_that_the_article_was_withdrawn() {
    let notice = "This article has been withdrawn.";
    for (body, said) in [
        (None, None),
        (Some("<h1>Page not found</h1><p>It may have been moved or deleted.</p>".to_owned()), None),
        (Some(format!("<h1>Gone</h1><p>{notice}</p>")), Some(notice)),
    ] {
        let mut story = Story::begun();
        let url: url::Url = "https://news.example/budget".parse().unwrap();
        story.error_page = body.map(|html| Page { url, html });
        let decision = removed(&mut story, |story, minutes| story.trouble(minutes, &Trouble::Gone(410)));
        let disclosure = if said.is_some() { Disclosure::Disclosed } else { Disclosure::Silent };
        assert_eq!(decision.edits[0].notice.as_deref(), said);
        assert_eq!(decision.edits[0].disclosure, Some(disclosure));
        let back = story.page(6000, &self::story("", ""));
        assert_eq!((kinds(&back), back.edits[0].disclosure), (vec![EditKind::Restored], Some(Disclosure::Silent)));
    }
}

#[test]
fn a_notice_in_the_place_of_the_text_is_a_removal_with_any_status() {
    let long = "This article has been retracted. The editors could not confirm what two of its sources had said, and they \
                regret that it was published before the documents on which it relied had been checked by anyone.";
    for (headline, text) in [
        ("Council approves budget", "This article has been withdrawn."),
        ("Council approves budget", long),
        ("Article withdrawn", "This story has been removed at the request of the council, which is named in it."),
        ("Page not found", "This article is no longer available."),
    ] {
        let mut story = Story::begun();
        let decision = removed(&mut story, |story, minutes| story.page(minutes, &page(headline, &[text])));
        assert_eq!(decision.edits[0].notice.as_deref(), Some(text), "{headline}");
        assert_eq!(decision.edits[0].disclosure, Some(Disclosure::Disclosed));
        assert_eq!(story.kept.len(), 1, "a notice is not a version");
    }
}

#[test]
fn a_text_that_only_tells_of_a_withdrawal_stays_an_article() {
    let mut story = Story::begun();
    let mut paragraphs = STORY.to_vec();
    paragraphs.push("This article was changed: a report that it quoted has been withdrawn by the council.");
    let decision = story.page(30, &page("Council approves budget", &paragraphs));
    assert_eq!((decision.outcome, kinds(&decision)), (Outcome::Edited, vec![EditKind::Changed]));
}

#[test]
fn one_look_that_finds_nothing_is_forgotten() {
    let mut story = Story::begun();
    story.trouble(30, &Trouble::Gone(404));
    let decision = story.page(60, &self::story("", ""));
    assert_eq!(decision.article.presence, Presence::Present);
    assert!(decision.edits.is_empty());
}

#[test]
fn a_wall_is_never_a_version_and_its_validators_are_not_sent_back() {
    let mut story = Story::begun();
    let wall = Trouble::NotAnArticle { kind: "consent wall", evidence: Fact::english("cookies") };
    let decision = story.trouble(30, &wall);
    assert_eq!(decision.outcome, Outcome::Suspect);
    assert_eq!(decision.article.validators.etag.as_deref(), Some("\"0\""));
    assert_eq!(decision.article.watch, Watch::Due(at(35)), "looked at again soon");
}

#[test]
fn a_text_that_shrank_is_believed_only_when_it_stays_so() {
    let mut story = Story::begun();
    let stub =
        page("Council approves budget", &["The town council approved a budget of 12 million crowns for the harbour."]);
    let noisy =
        |n: usize| Page { html: stub.html.replace("</main>", &format!("<i class=n>{n}</i></main>")), ..stub.clone() };
    assert_eq!(story.page(30, &noisy(1)).outcome, Outcome::Suspect);
    assert_eq!(story.page(40, &noisy(2)).outcome, Outcome::Suspect);
    assert_eq!(story.page(60, &noisy(3)).outcome, Outcome::Suspect);
    assert_eq!(story.page(149, &noisy(4)).outcome, Outcome::Suspect, "many looks within two hours are not enough");
    let decision = story.page(150, &noisy(5));
    assert_eq!(decision.outcome, Outcome::Edited);
    assert_eq!(decision.article.suspicion, None);
}

#[test]
fn what_a_live_page_said_last_is_told_a_day_later_though_nothing_is_new() {
    let mut story = Story::begun();
    story.busy_since = Some(at(0));
    story.history.article.last_edit_seen = Some(at(0));
    let last = self::story("12 million", "13 million");
    assert_eq!(story.page(30, &last).outcome, Outcome::Kept);
    assert!(story.page(60, &last).edits.is_empty(), "its day is not over");
    let decision = story.page(24 * 60, &last);
    assert_eq!((decision.outcome, decision.edits.len()), (Outcome::Edited, 1));
    assert!(decision.version.is_none() && decision.comparison.is_some() && decision.edits[0].live);
    assert!(story.page(24 * 60 + 30, &last).edits.is_empty(), "and only once");
}

#[test]
fn a_text_that_was_short_for_one_look_leaves_no_trace() {
    let mut story = Story::begun();
    story.page(30, &page("Council approves budget", &["The town council approved a budget."]));
    let decision = story.page(40, &self::story("", ""));
    assert!(decision.version.is_none() && decision.edits.is_empty());
    assert_eq!(decision.article.suspicion, None);
}

#[test]
fn a_newer_extractor_reads_both_sides_and_makes_no_edit() {
    let mut story = Story::begun();
    let old = &mut story.history.announced.as_mut().unwrap().version;
    old.extractor = extract::NUMBER.wrapping_sub(1);
    old.content.blocks.truncate(2);
    old.identity = identity(&old.content);
    let changed_ad =
        Page { html: self::story("", "").html.replace("</main>", "<!-- other ad --></main>"), ..self::story("", "") };
    let decision = story.page(30, &changed_ad);
    assert!(decision.edits.is_empty() && decision.version.is_none());
    assert_eq!(decision.rebased.len(), 1, "the kept version is what the newer extractor reads in its page");
    assert_eq!(decision.rebased[0].extractor, extract::NUMBER);
}

#[test]
fn without_the_old_page_a_newer_extractor_starts_afresh_and_tells_nothing() {
    let mut story = Story::begun();
    let kept = story.history.announced.as_mut().unwrap();
    kept.version.extractor = extract::NUMBER.wrapping_sub(1);
    kept.page = None;
    let decision = story.page(30, &self::story("12 million", "21 million"));
    assert!(decision.edits.is_empty());
    assert_eq!(decision.article.announced, Some(VersionNumber(2)));
}

#[test]
fn a_return_to_an_earlier_text_says_so_and_flipping_is_told_once() {
    let mut story = Story::begun();
    let other = self::story("12 million", "21 million");
    assert_eq!(kinds(&story.page(30, &other)), [EditKind::Changed]);
    let back = story.page(60, &self::story("", ""));
    assert_eq!(kinds(&back), [EditKind::Returned]);
    assert_eq!(back.edits[0].returned_to, Some(VersionNumber(1)));
    let again = story.page(90, &other);
    assert_eq!((again.outcome, again.edits.len()), (Outcome::Ignored, 0));
}

#[test]
fn a_change_is_told_when_it_was_seen_three_times() {
    let mut story = Story::begun();
    let changed = self::story("12 million", "21 million");
    for look in 0..2 {
        let decision = story.glance(30 + look, Seen::Page(&changed), None);
        assert_eq!((decision.outcome, decision.held, decision.asks_others), (Outcome::Suspect, true, false));
        assert_eq!(decision.article.watch, Watch::Due(at(31 + look)));
    }
    assert_eq!(kinds(&story.glance(32, Seen::Page(&changed), None)), [EditKind::Changed]);
}

#[test]
fn what_is_another_text_at_each_look_is_never_told_and_looked_at_no_sooner_than_ever() {
    let mut story = Story::begun();
    let dice = |n: i64| self::story("12 million", &format!("{} million", 20 + n));
    assert!(story.glance(30, Seen::Page(&dice(0)), None).held);
    for n in 1..20 {
        let decision = story.glance(30 + n, Seen::Page(&dice(n)), None);
        assert_eq!((decision.outcome, decision.held, decision.edits.len()), (Outcome::Suspect, false, 0));
        assert!(matches!(decision.article.watch, Watch::Due(due) if due >= at(30 + n + 30)));
    }
}

#[test]
fn a_true_edit_on_a_page_that_is_another_at_each_look_is_told() {
    let mut story = Story::begun();
    let page = |n: i64| {
        let dice = self::story("five hours", &format!("{} hours and a quarter", 20 + n));
        Page { html: dice.html.replace("in October", "in November"), ..dice }
    };
    let told = (0..3).map(|n| story.glance(30 + n, Seen::Page(&page(n)), None).edits.len()).sum::<usize>();
    assert_eq!(told, 1);
}

#[test]
fn a_stated_time_that_is_that_of_the_request_discloses_nothing() {
    let stating = |page: Page, minutes: i64| {
        let stated = format!("<meta property='article:modified_time' content='{}'></head>", at(minutes));
        Page { html: page.html.replace("</head>", &stated), ..page }
    };
    let (old, new) = (self::story("", ""), self::story("12 million", "21 million"));
    for (first, then, expected) in [(0, None, Disclosure::Silent), (-300, Some(27), Disclosure::Disclosed)] {
        let mut story = Story::new();
        story.page(0, &stating(old.clone(), first));
        let look = |minute| (minute, stating(new.clone(), then.unwrap_or(minute)));
        let told = [30, 31, 32].map(look).map(|(minute, page)| story.glance(minute, Seen::Page(&page), None));
        assert_eq!(told[2].edits[0].disclosure, Some(expected));
    }
}

#[test]
fn too_many_requests_rest_the_whole_host() {
    let mut story = Story::begun();
    let busy = Trouble::Busy(429);
    let decision = story.look(30, Seen::Trouble(&busy), Some(SignedDuration::from_hours(2)));
    assert_eq!(decision.host_rests_until, Some(at(30 + 120)));
    assert_eq!(decision.article.watch, Watch::Due(at(30 + 120)));
}

#[test]
fn a_page_that_is_unavailable_rests_the_host_only_where_it_says_how_long() {
    let mut story = Story::begun();
    let unavailable = Trouble::Busy(503);
    assert_eq!(story.trouble(30, &unavailable).host_rests_until, None);
    let decision = story.look(60, Seen::Trouble(&unavailable), Some(SignedDuration::from_hours(1)));
    assert_eq!(decision.host_rests_until, Some(at(60 + 60)));
}

#[test]
fn the_times_of_an_articles_edits_rise_even_when_the_clock_stands() {
    let mut story = Story::begun();
    let first = story.page(30, &self::story("12 million", "21 million")).edits[0].seen;
    let second = story.page(30, &self::story("12 million", "31 million")).edits[0].seen;
    assert!(second > first);
}

#[test]
fn a_quiet_article_is_retired_and_its_feed_told() {
    let mut story = Story::begun();
    let decision = loop {
        let Watch::Due(due) = story.history.article.watch else { panic!("retired and not told") };
        let minutes = due.duration_since(at(0)).as_mins();
        assert!(minutes < 42 * 24 * 60);
        let decision = story.look(minutes, Seen::NotModified, None);
        if !decision.edits.is_empty() {
            break decision;
        }
    };
    assert_eq!(kinds(&decision), [EditKind::Retired]);
    assert!(matches!(decision.article.watch, Watch::Retired { reason: Retirement::Quiet, .. }));
}

#[test]
fn an_address_that_leads_home_is_as_good_as_gone() {
    let mut story = Story::begun();
    let home = Page { url: "https://news.example/".parse().unwrap(), ..self::story("", "Welcome ") };
    let decision = story.page(30, &home);
    assert_eq!(decision.outcome, Outcome::Suspect);
    assert!(matches!(decision.article.presence, Presence::Missing { .. }));
}

#[test]
fn notes_are_bounded_and_the_same_words_move_the_last_note() {
    let mut story = Story::begun();
    for n in 0..60 {
        story.trouble(30 + n, &Trouble::Unreachable(Fact::new("connection refused")));
    }
    assert_eq!(story.history.article.notes.len(), 1);
    for n in 0..60 {
        story.trouble(100 + n, &Trouble::Unreachable(Fact::english(format!("fault {n}"))));
    }
    assert_eq!(story.history.article.notes.len(), Article::MAX_NOTES);
}
