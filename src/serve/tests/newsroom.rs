//! A store as some days of watching leave it: judged by the real rules, told in the real words.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use crate::clock::Clock;
use crate::compare::{compare, identity};
use crate::config::Config;
use crate::model::{
    Article, ArticleId, Block, BlockKind, CheckNote, Content, Decision, Disclosure, Edit, EditKind, EditNumber,
    EntryText, Fact, Habit, Judging, Keeping, Locale, Outcome, PollState, Retirement, Round, Site, Source, SourceKind,
    Terms, Validators, Version, VersionNumber, Watch,
};
use crate::render;
use crate::serve::House;
use crate::store::{Arrival, Options, Store};
use crate::telemetry::Metrics;
use crate::{classify, model};

/// The article that is edited, kept and removed.
pub(super) const BRIDGE: ArticleId = ArticleId(1);
/// The article whose words are an attack.
pub(super) const NASTY: ArticleId = ArticleId(2);

pub(super) fn at(text: &str) -> Timestamp {
    format!("2026-08-01T{text}Z").parse().unwrap()
}

pub(super) fn house(dir: &Path, base: &str) -> House {
    let options = Options { cache_mib: 8, authority: "edits.example".to_owned() };
    let store = Store::open(dir, &options, at("08:00:00")).unwrap();
    let (authority, since) = store.origin();
    let house = House {
        store,
        site: Site {
            title: Site::TITLE.to_owned(),
            base_url: base.parse().unwrap(),
            authority,
            since,
            locale: Locale::English,
            hub: None,
        },
        config: Arc::new(Config::built_in().unwrap()),
        pushes: Arc::default(),
        sources: vec![source()],
        metrics: Metrics::new(),
        entries: 25,
        clock: Clock::held(at("15:00:00")),
        hot: crate::serve::Hot::default(),
        posters: crate::serve::Posters::default(),
    };
    fill(&house.store);
    house
}

pub(super) fn source() -> Source {
    Source {
        slug: "harbour".parse().unwrap(),
        name: "Harbour Gazette".to_owned(),
        url: url("/feed.xml"),
        kind: SourceKind::Feed,
        interval: None,
        include: Vec::new(),
        exclude: Vec::new(),
        ignore_robots: None,
        judging: Judging::default(),
        keeping: Keeping::default(),
    }
}

fn url(path: &str) -> Url {
    Url::parse("https://gazette.example/").unwrap().join(path).unwrap()
}

fn fill(store: &Store) {
    let arrivals = vec![arrival("/2026/bridge?x=1&y=2"), arrival("/2026/nasty")];
    store.record_poll(polled(&source()), arrivals, None).unwrap();
    bridge(store);
    nasty(store);
}

/// What a poll of `source` that went well leaves behind.
pub(super) fn polled(source: &Source) -> PollState {
    PollState {
        slug: source.slug.clone(),
        url: source.url.clone(),
        title: Some("Harbour Gazette".to_owned()),
        name: None,
        validators: Validators::default(),
        due: at("15:10:00"),
        polled: Some(at("14:55:00")),
        succeeded: Some(at("14:55:00")),
        failures: 0,
        trouble: None,
        asked_interval: None,
        digest: None,
        round: Round::default(),
        habit: Habit::default(),
        terms: Terms::default(),
    }
}

fn arrival(path: &str) -> Arrival {
    Arrival {
        url: url(path),
        source: source().slug,
        guid: None,
        title: "From the feed".to_owned(),
        published: Some(at("08:55:00")),
        updated: None,
        text: None,
        due: at("09:00:00"),
        now: at("08:58:00"),
    }
}

const OPENING: &str = "The old swing bridge will close to all traffic in October while its bearings are replaced, the port \
                       authority said on Friday. Ferries will run every 20 minutes.";
const DENIAL: &str =
    "Mara Lindqvist, who chairs the authority, said that no jobs would be lost. Unions welcomed the pledge.";
const HISTORY: &str =
    "The bridge was built in 1911. It opens for about 3,000 ships a year. Its last repair took eight months.";
const SHOPS: &str = "Owners of shops on the quay fear for their autumn trade. “We were never asked,” said one of them.";
const VOTE: &str = "The vote in the council was unanimous.";
const FILLER: [&str; 4] = [
    "The ferry pier on the south bank was rebuilt two years ago and can take two boats at a time.",
    "Cyclists are to use the footbridge at the lock, which is being widened for them.",
    "The authority has run the bridge since the railway gave it up.",
    "A model of the new bearings is on show in the town hall.",
];

pub(super) fn text(headline: &str, standfirst: &str, blocks: &[&str]) -> Content {
    let block = |text: &&str| {
        let kind = if text.starts_with("Correction:") { BlockKind::Note } else { BlockKind::Paragraph };
        Block { kind, text: (*text).to_owned() }
    };
    Content {
        headline: headline.to_owned(),
        standfirst: Some(standfirst.to_owned()),
        byline: Some("By Jonas Weir".to_owned()),
        published: Some(at("08:55:00")),
        language: Some("en-GB".to_owned()),
        blocks: blocks.iter().map(block).collect(),
        ..Content::default()
    }
}

fn bridge(store: &Store) {
    let standfirst = "Port authority says the work cannot wait";
    let first = text(
        "Swing bridge to close for six weeks",
        standfirst,
        &[OPENING, DENIAL, FILLER[0], FILLER[1], FILLER[2], HISTORY, SHOPS, VOTE, FILLER[3]],
    );
    keep(store, BRIDGE, 1, &first, "09:00:00");
    let opening = OPENING.replace("October", "October and November").replace("20 minutes", "40 minutes");
    let denial = DENIAL.replace("no jobs would be lost", "some jobs would be lost");
    let second = text(
        "Swing bridge to close for ten weeks",
        standfirst,
        &[
            &opening,
            SHOPS,
            &denial,
            FILLER[0],
            FILLER[1],
            FILLER[2],
            HISTORY,
            "The authority declined to say what the work will cost.",
            FILLER[3],
        ],
    );
    keep(store, BRIDGE, 2, &second, "09:35:00");
    let mut third = second.clone();
    third.blocks[6].text = HISTORY.replace("about 3,000", "about 3000");
    keep(store, BRIDGE, 3, &third, "11:05:00");
    let mut fourth = third.clone();
    let note =
        "Correction: an earlier version of this article said that the bridge was built in 1911. It was built in 1921.";
    fourth.blocks[6].text = HISTORY.replace("1911", "1921");
    fourth.blocks.push(Block { kind: BlockKind::Note, text: note.to_owned() });
    keep(store, BRIDGE, 4, &fourth, "13:20:00");
    remove(store, BRIDGE, "14:30:00");
}

fn nasty(store: &Store) {
    let headline = "<script>alert(1)</script> & \"quotes\" \u{202e}]]> \u{0}\u{b}end";
    let standfirst = "&amp; <img src=x onerror=alert(1)>";
    let first = text(headline, standfirst, &["<b>bold</b> words of no weight.", "שלום עולם, 5 people came."]);
    keep(store, NASTY, 1, &first, "09:10:00");
    let second = text(
        headline,
        standfirst,
        &["<b>bold</b> words of <i onclick=x>great</i> weight.", "שלום עולם, 9 people came."],
    );
    keep(store, NASTY, 2, &second, "10:10:00");
}

/// Brings an article at this address of the paper's, keeps its contents one after another, each at its time, and publishes what
/// the rules let through, in words of the house.
pub(super) fn publish(house: &House, path: &str, contents: &[(Content, &str)]) -> ArticleId {
    let made = house.store.record_poll(polled(&source()), vec![arrival(path)], None).unwrap();
    let id = made[0].0;
    for (number, (content, time)) in (1..).zip(contents) {
        keep_in(&house.store, house.site.locale, id, number, content, time);
    }
    id
}

/// Keeps `content` as a version, and publishes an edit where the rules say so.
fn keep(store: &Store, id: ArticleId, number: u32, content: &Content, time: &str) {
    keep_in(store, Locale::English, id, number, content, time);
}

fn keep_in(store: &Store, locale: Locale, id: ArticleId, number: u32, content: &Content, time: &str) {
    let mut article = store.article(id).unwrap().unwrap();
    let announced = article.announced.map(|announced| store.version(id, announced).unwrap().unwrap());
    let comparison = announced.as_ref().map(|announced| compare(&announced.content, content));
    let verdict = announced.as_ref().zip(comparison.as_ref()).map(|(announced, comparison)| {
        classify::classify(&announced.content, content, comparison, &Judging::default())
    });
    let version = Version {
        number: VersionNumber(number),
        seen: at(time),
        content: content.clone(),
        identity: identity(content),
        extractor: 1,
        same_as: None,
        verdict: verdict.clone(),
    };
    let is_first = announced.is_none();
    let edit = announced.zip(verdict).filter(|(_, verdict)| verdict.substantive).map(|(from, verdict)| {
        let number = EditNumber(article.last_edit.map_or(1, |last| last.0 + 1));
        let edit = Edit {
            from: Some(from.number),
            to: Some(version.number),
            since: from.seen,
            headline: content.headline.clone(),
            score: verdict.score,
            disclosure: Some(verdict.disclosure),
            reasons: verdict.reasons,
            ..blank(&article, number, EditKind::Changed, time)
        };
        let entry = render::entry(locale, &edit, comparison.as_ref(), Some(&from.content), Some(content));
        Edit { entry, ..edit }
    });
    article.headline.clone_from(&content.headline);
    article.language.clone_from(&content.language);
    article.latest = Some(version.number);
    article.watch = Watch::Due(at("15:05:00"));
    let outcome = match (&edit, is_first) {
        (_, true) => Outcome::First,
        (Some(_), _) => Outcome::Edited,
        _ => Outcome::Kept,
    };
    if outcome != Outcome::Kept {
        article.announced = Some(version.number);
    }
    let words = edit.as_ref().map(|edit| edit.entry.title.clone()).unwrap_or_default();
    record(store, article, outcome, &words, Some(version), edit, time);
}

pub(super) fn remove(store: &Store, id: ArticleId, time: &str) {
    withdraw(store, id, time, None);
}

/// The article is removed, and its page says this of it.
pub(super) fn withdraw(store: &Store, id: ArticleId, time: &str, notice: Option<&str>) {
    let mut article = store.article(id).unwrap().unwrap();
    article.presence = model::Presence::Removed { since: at("14:00:00") };
    let number = EditNumber(article.last_edit.unwrap().0 + 1);
    let edit = blank(&article, number, EditKind::Removed, time);
    let disclosure = Some(if notice.is_some() { Disclosure::Disclosed } else { Disclosure::Silent });
    let notice = notice.map(str::to_owned);
    let edit = Edit { from: article.latest, since: at("13:20:00"), disclosure, notice, ..edit };
    let entry = render::entry(Locale::English, &edit, None, None, None);
    record(store, article, Outcome::Removed, "HTTP 410 for the third time", None, Some(Edit { entry, ..edit }), time);
}

fn blank(article: &Article, number: EditNumber, kind: EditKind, time: &str) -> Edit {
    Edit {
        article: article.id,
        number,
        kind,
        from: None,
        to: None,
        seen: at(time),
        since: article.first_seen,
        headline: article.headline.clone(),
        url: article.url.clone(),
        sources: article.sources.clone(),
        publication: Some("Harbour Gazette".to_owned()),
        language: article.language.clone(),
        reasons: Vec::new(),
        score: 1.0,
        disclosure: None,
        notice: None,
        returned_to: None,
        live: false,
        entry: EntryText::default(),
    }
}

fn record(
    store: &Store,
    mut article: Article,
    outcome: Outcome,
    words: &str,
    version: Option<Version>,
    edit: Option<Edit>,
    time: &str,
) {
    article.last_edit = edit.as_ref().map(|edit| edit.number).or(article.last_edit);
    article.notes.push(CheckNote { at: at(time), outcome, why: Fact::english(words) });
    let ignored = Fact::new("{why}: {facts}")
        .with(Fact::new("only noise changed"))
        .with(Fact::new("boilerplate {change}").with(Fact::new("{new} added").quoting("12 comments")));
    article.notes.push(CheckNote { at: at("14:02:00"), outcome: Outcome::Ignored, why: ignored });
    store
        .record(Decision {
            outcome,
            article,
            version,
            page: None,
            rebased: Vec::new(),
            edits: edit.into_iter().collect(),
            comparison: None,
            host_rests_until: None,
            identity: None,
            blocks: Vec::new(),
            held: false,
            asks_others: false,
        })
        .unwrap();
}

/// One more edit, as the daemon would record it while somebody reads.
pub(super) fn edit_again(house: &House, time: &str) {
    let mut content = house.store.version(NASTY, VersionNumber(2)).unwrap().unwrap().content;
    content.headline = "An honest headline about 7 goats".to_owned();
    keep(&house.store, NASTY, 3, &content, time);
}

/// The last edit of an article: it is no longer watched.
pub(super) fn retire(house: &House, id: ArticleId, reason: Retirement, time: &str) {
    let mut article = house.store.article(id).unwrap().unwrap();
    article.watch = Watch::Retired { since: at(time), reason };
    let edit = blank(&article, EditNumber(article.last_edit.unwrap().0 + 1), EditKind::Retired, time);
    let edit = Edit { since: at("13:20:00"), score: 0.0, ..edit };
    let entry = render::entry(Locale::English, &edit, None, None, None);
    record(&house.store, article, Outcome::Unchanged, "quiet", None, Some(Edit { entry, ..edit }), time);
}

/// Two more versions of the other article: many paragraphs, the middle one of which changes.
pub(super) fn keep_long(house: &House, paragraphs: usize) {
    let mut content = house.store.version(NASTY, VersionNumber(2)).unwrap().unwrap().content;
    let paragraph = |n| format!("Clause {n} of the treaty was read aloud, put to the vote and carried by {n} hands.");
    let block = |n| Block { kind: BlockKind::Paragraph, text: paragraph(n) };
    content.blocks = (0..paragraphs).map(block).collect();
    keep(&house.store, NASTY, 3, &content, "14:40:00");
    content.blocks[paragraphs / 2].text = "This clause was struck out after an hour of shouting.".to_owned();
    keep(&house.store, NASTY, 4, &content, "14:41:00");
}

/// A page that is watched as the only article of its source, as the first start leaves it; the looks at it are `look`'s.
pub(super) fn watch_page(house: &mut House, look: impl FnOnce(&mut Article)) {
    let page = Source {
        slug: "notice".parse().unwrap(),
        name: "Notice".to_owned(),
        url: url("/notice"),
        kind: SourceKind::Page,
        ..source()
    };
    let state = PollState { polled: Some(at("09:00:00")), due: Timestamp::MAX, ..polled(&page) };
    let arrival = Arrival { source: page.slug.clone(), ..arrival("/notice") };
    let made = house.store.record_poll(state, vec![arrival], None).unwrap();
    house.sources.push(page);
    let mut article = house.store.article(made[0].0).unwrap().unwrap();
    look(&mut article);
    house.store.record(Decision::quiet(Outcome::Unchanged, article)).unwrap();
}

/// Two more versions of an article, numbered from `number` on: headline and text of each.
pub(super) fn reword(house: &House, id: ArticleId, versions: [(&str, &str); 2], language: &str, number: u32) {
    for (more, (headline, body)) in (0..).zip(versions) {
        let mut content = text(headline, "", &[body]);
        content.language = Some(language.to_owned());
        keep(&house.store, id, number + more, &content, &format!("14:4{more}:{number:02}"));
    }
}
