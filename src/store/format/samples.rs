//! Two promises: what is written is read back the same; and what any release wrote is read for ever. For the second,
//! `tests/store-samples/KIND-N.hex` hold records as they were written. A sample is never edited and never removed; when a
//! record gets a new field, the next sample is added: the test writes it where it is missing, and fails until it is
//! committed.

use std::fmt::Write;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use url::Url;

use super::strategies::{article, digest, edit, place, poll_state, time, url, version};
use super::*;
use crate::model::{
    Alteration, Article, ArticleId, Block, BlockKind, CheckNote, Class, Content, Digest, Disclosure, Dispatch, Edit,
    EditKind, EditNumber, EntryText, Fact, Habit, How, KnownPart, Locale, Moving, Narrowing, Outcome, PollState,
    Presence, Pulse, Reason, Retirement, RobotsState, Round, Skip, Stage, Stated, StatedTimes, Step, Subscription,
    Suspicion, Terms, Validators, Verdict, Version, VersionNumber, Watch, What,
};

/// What `record` is after it was written and read.
fn again<R: Record>(record: &R) -> R {
    R::unpack(&record.pack()).unwrap()
}

proptest! {
    #[test]
    fn any_article_is_read_back_the_same(article in article()) {
        let look = again(&LookRecord::from(&article));
        let notes = again(&NotesRecord::from(&article));
        let record = again(&ArticleRecord::from(&article));
        prop_assert_eq!(record.article(article.id, article.sources.clone(), look, notes), article);
    }

    #[test]
    fn any_version_is_read_back_the_same(version in version(), place in place()) {
        let record = again(&VersionRecord::new(&version, place));
        prop_assert_eq!(record.text, place);
        prop_assert_eq!(record.version(version.number, again(&VersionText::from(&version))), version);
    }

    #[test]
    fn any_edit_is_read_back_the_same(edit in edit(), place in place()) {
        prop_assert_eq!(Edit::from(again(&EditRecord::from(&edit))), edit.clone());
        let head = again(&EditHead::new(&edit, place));
        prop_assert_eq!((head.kind(), head.score, head.text), (edit.kind, edit.score, place));
        let classes = edit.classes();
        for class in Class::ALL {
            let narrowing = Narrowing { classes: vec![class], ..Narrowing::default() };
            prop_assert_eq!(head.may_be_taken(&narrowing), classes.contains(&class));
        }
        for kind in EditKind::SOUGHT {
            let narrowing = Narrowing { kinds: vec![kind], ..Narrowing::default() };
            prop_assert_eq!(head.may_be_taken(&narrowing), edit.kind == kind);
        }
        for narrowing in [
            Narrowing { silent: true, ..Narrowing::default() },
            Narrowing { min_score: 0.5, ..Narrowing::default() },
            Narrowing { language: "en".to_owned(), ..Narrowing::default() },
        ] {
            prop_assert_eq!(head.may_be_taken(&narrowing), narrowing.takes(&edit));
        }
    }

    #[test]
    fn any_poll_is_read_back_the_same(state in poll_state()) {
        prop_assert_eq!(again(&PollRecord::from(&state)).state(state.slug.clone()), state);
    }

    #[test]
    fn any_small_record_is_read_back_the_same(
        (url, digest, time, place) in (url(), digest(), time(), place()),
        (number, count, text) in (any::<u64>(), any::<u32>(), any::<String>()),
    ) {
        let page = PageRecord { url: Link(url.clone()), digest: Hash(digest), text: place };
        prop_assert_eq!(again(&page), page);
        let address = AddressRecord { article: number, url: Link(url) };
        prop_assert_eq!(again(&address), address);
        let link = LinkRecord { since: Time(time), guid: Some(Hash(digest)), updated: Some(Time(time)), text: Some(number), day: Some(Time(time)), signals: Some(count) };
        prop_assert_eq!(again(&GuidRecord { article: number }), GuidRecord { article: number });
        prop_assert_eq!(again(&link), link);
        let stamp = StampRecord { digest: Hash(digest), at: Time(time) };
        prop_assert_eq!(again(&stamp), stamp);
        let state = RobotsState { asked: time, ..a_site_with_robots() };
        prop_assert_eq!(RobotsState::from(again(&RobotsRecord::from(&state))), state);
        let dispatch = Dispatch { address: digest, told: number, failures: count, last: Some(time), ..a_dispatch() };
        prop_assert_eq!(again(&CopyRecord { since: Time(time) }), CopyRecord { since: Time(time) });
        prop_assert_eq!(Dispatch::from(again(&DispatchRecord::from(&dispatch))), dispatch);
        let rest = RestRecord { until: Time(time), times: Some(count) };
        prop_assert_eq!(again(&rest), rest);
        let counters = CountersRecord { next_article: number, next_edit: number };
        prop_assert_eq!(again(&counters), counters);
        let format = FormatRecord { number: count };
        prop_assert_eq!(again(&format), format);
        let origin = OriginRecord { authority: text.clone(), since: text };
        prop_assert_eq!(again(&origin), origin);
    }

    #[test]
    fn garbage_is_an_error_and_never_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut bytes = bytes;
        bytes.insert(0, 1);
        let _ = (ArticleRecord::unpack(&bytes), LookRecord::unpack(&bytes), NotesRecord::unpack(&bytes));
        let _ = (VersionRecord::unpack(&bytes), VersionText::unpack(&bytes), EditRecord::unpack(&bytes));
        let _ = (EditHead::unpack(&bytes), PollRecord::unpack(&bytes), PageRecord::unpack(&bytes));
    }
}

#[test]
fn a_record_with_fields_of_a_later_release_is_read_without_them() {
    let mut bytes = vec![1];
    let mut later = minicbor::Encoder::new(&mut bytes);
    later.map(3).unwrap().u8(0).unwrap().u64(7).unwrap().u8(1).unwrap().u64(8).unwrap();
    later.u8(9).unwrap().array(2).unwrap().str("new").unwrap().bool(true).unwrap();
    assert_eq!(CountersRecord::unpack(&bytes).unwrap(), CountersRecord { next_article: 7, next_edit: 8 });
}

#[test]
fn an_unknown_format_byte_is_named() {
    let error = FormatRecord::unpack(&[9, 0xa0]).unwrap_err();
    assert!(error.to_string().contains("format byte 9"), "{error}");
}

/// Reads the sample; writes it first where there is none.
fn sample<R: Record + std::fmt::Debug + PartialEq>(number: u32, record: &R) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/store-samples/{}-{number}.hex", R::KIND));
    if !path.exists() {
        let mut hex = String::new();
        for (place, byte) in record.pack().iter().enumerate() {
            let end = if place % 40 == 39 { "\n" } else { "" };
            write!(hex, "{byte:02x}{end}").unwrap();
        }
        std::fs::write(&path, hex.trim_end().to_owned() + "\n").unwrap();
        panic!("wrote the new sample {}: commit it", path.display());
    }
    let hex: Vec<u8> = std::fs::read(&path).unwrap().into_iter().filter(u8::is_ascii_hexdigit).collect();
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap() as u8;
    let bytes: Vec<u8> = hex.chunks(2).map(|pair| digit(pair[0]) * 16 + digit(pair[1])).collect();
    assert_eq!(&R::unpack(&bytes).unwrap(), record, "{}", path.display());
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_176_000 + seconds).unwrap()
}

fn address() -> Url {
    Url::parse("https://news.example/town/bridge?page=2").unwrap()
}

fn an_article() -> Article {
    Article {
        id: ArticleId(7),
        url: address(),
        sources: Vec::new(),
        headline: "Bridge to close “for months”".to_owned(),
        language: Some("en-GB".to_owned()),
        site: None,
        first_seen: at(0),
        published: Some(at(-60)),
        validators: Validators { etag: Some("W/\"1\"".to_owned()), last_modified: Some("Fri".to_owned()), of: None },
        watch: Watch::Due(at(1_800)),
        pulse: Pulse {
            looks: 3,
            changes: 1,
            failures: 0,
            looked: Some(at(5)),
            changed: at(4),
            interval_s: 1_800,
            missed_s: 0,
        },
        presence: Presence::Missing { since: at(9), looks: 2 },
        latest: Some(VersionNumber(2)),
        announced: Some(VersionNumber(1)),
        last_edit: Some(EditNumber(1)),
        last_edit_seen: Some(Timestamp::new(1_795_176_000, 500_000_000).unwrap()),
        page_digest: Some(Digest::of(b"page")),
        suspicion: Some(Suspicion {
            since: at(8),
            looks: 1,
            why: Fact::english("short"),
            identity: Digest::of(b"x"),
            marks: Vec::new(),
        }),
        stated: None,
        is_believed: false,
        notes: vec![CheckNote { at: at(5), outcome: Outcome::Ignored, why: Fact::english("only a counter") }],
    }
}

fn a_retired_article() -> Article {
    Article {
        language: None,
        published: None,
        validators: Validators::default(),
        watch: Watch::Retired { since: at(99), reason: Retirement::Removed },
        presence: Presence::Removed { since: at(50) },
        latest: None,
        announced: None,
        last_edit: None,
        last_edit_seen: None,
        page_digest: None,
        suspicion: None,
        stated: None,
        is_believed: false,
        notes: Vec::new(),
        ..an_article()
    }
}

fn reasons() -> Vec<Reason> {
    vec![Reason { class: Class::Figure, score: 0.75, fact: Fact::english("figure 12 → 21") }]
}

fn a_version() -> Version {
    let block = |kind, text: &str| Block { kind, text: text.to_owned() };
    Version {
        number: VersionNumber(2),
        seen: at(4),
        content: Content {
            headline: "Bridge to close".to_owned(),
            standfirst: Some("For months.".to_owned()),
            byline: Some("By A. Writer".to_owned()),
            published: Some(at(-60)),
            modified: Some(at(3)),
            language: Some("en".to_owned()),
            section: None,
            live: false,
            blocks: vec![block(BlockKind::Paragraph, "It closes."), block(BlockKind::Note, "Corrected.")],
        },
        identity: Digest::of(b"identity"),
        extractor: 3,
        same_as: Some(VersionNumber(1)),
        verdict: Some(Verdict {
            reasons: reasons(),
            score: 0.75,
            substantive: true,
            disclosure: Disclosure::Disclosed,
        }),
    }
}

fn an_edit() -> Edit {
    Edit {
        article: ArticleId(7),
        number: EditNumber(1),
        kind: EditKind::Returned,
        from: Some(VersionNumber(1)),
        to: Some(VersionNumber(2)),
        seen: at(4),
        since: at(0),
        headline: "Bridge to close".to_owned(),
        url: address(),
        sources: vec!["town-news".parse().unwrap()],
        publication: None,
        language: Some("en".to_owned()),
        reasons: reasons(),
        score: 0.75,
        disclosure: Some(Disclosure::Silent),
        notice: None,
        returned_to: Some(VersionNumber(1)),
        live: false,
        entry: EntryText {
            title: "T".to_owned(),
            summary: "S".to_owned(),
            html: "<p>H</p>".to_owned(),
            unshown: "U\n".to_owned(),
            told: Some(alterations()),
            locale: Some(Locale::German),
        },
    }
}

fn a_removal() -> Edit {
    Edit {
        kind: EditKind::Removed,
        to: None,
        publication: Some("Town News".to_owned()),
        disclosure: Some(Disclosure::Disclosed),
        notice: Some("This article has been withdrawn.".to_owned()),
        returned_to: None,
        ..an_edit()
    }
}

/// A fact with a value of each kind.
fn a_fact() -> Fact {
    let change = Fact::new("{old} → {new}").quoting("twelve").with("21");
    let facts = Fact::new("{fact} and {number} more").with(Fact::new("figure {change}").with(change)).with(2_u32);
    Fact::new("{why}: {facts}").with(Fact::english("os error 104")).with(facts)
}

fn alterations() -> Vec<Alteration> {
    let headline = Alteration {
        what: What::Headline,
        how: How::Changed,
        old_place: None,
        new_place: None,
        parts: 1,
        is_shown: true,
    };
    let what = What::Block(BlockKind::Quote);
    vec![
        headline,
        Alteration { what, how: How::Split, old_place: Some(2), new_place: Some(300), parts: 3, is_shown: false },
    ]
}

fn a_poll() -> PollState {
    PollState {
        slug: "town-news".parse().unwrap(),
        url: address(),
        title: Some("Town News".to_owned()),
        name: None,
        asked_interval: Some(SignedDuration::from_mins(15)),
        validators: Validators { etag: Some("\"e\"".to_owned()), last_modified: None, of: None },
        due: at(300),
        polled: Some(at(0)),
        succeeded: Some(at(-300)),
        failures: 1,
        trouble: Some(Fact::english("busy")),
        digest: Some(Digest::of(b"feed")),
        round: Round::default(),
        habit: Habit::default(),
        terms: Terms::default(),
    }
}

fn a_subscription(stage: Stage) -> Subscription {
    Subscription {
        topic: address(),
        hub: address(),
        token: "token".to_owned(),
        secret: "secret".to_owned(),
        stage,
        pending: true,
        asked: Some(at(1)),
        failures: 2,
        pushed: Some(at(2)),
    }
}

fn a_poll_under_way() -> PollState {
    let step = Step { url: address(), depth: 2, changed: Some(at(9)) };
    let validators = Validators { etag: Some("\"p\"".to_owned()), ..Validators::default() };
    let digest = Some(Digest::of(b"part"));
    let part = KnownPart { url: address(), depth: 1, changed: Some(at(8)), validators, digest };
    PollState {
        round: Round {
            steps: vec![step],
            resume: Some(at(900)),
            parts: vec![part],
            found: Some(address()),
            hub: None,
            topic: None,
        },
        habit: Habit { last: Some(at(-60)), times: 12, silence_s: 7_200 },
        ..a_poll()
    }
}

fn a_poll_of_a_feed_that_moves() -> PollState {
    let terms = Terms {
        skip: Skip { hours: 1, days: 64 },
        address: Some(address().join("/new").unwrap()),
        moving: Some(Moving { to: address().join("/newer").unwrap(), since: at(-86_400) }),
        came_whole: Some(at(-600)),
        closed: Some(at(1)),
    };
    let of = terms.address.clone();
    PollState { validators: Validators { etag: Some("\"e\"".to_owned()), last_modified: None, of }, terms, ..a_poll() }
}

fn a_dispatch() -> Dispatch {
    Dispatch {
        taken: 7,
        last: Some(at(1)),
        failures: 2,
        due: Some(at(9)),
        trouble: Some("busy".to_owned()),
        given_up: 3,
        ended: Some(at(8)),
        ..Dispatch::new(Digest::of(b"address"), 70_000)
    }
}

fn a_site_with_robots() -> RobotsState {
    let text = Some("User-agent: *\nDisallow: /private*\nCrawl-delay: 7.5".to_owned());
    RobotsState { text, asked: at(5), lost: Some(at(6)) }
}

#[test]
fn samples_of_articles_are_read() {
    sample(1, &ArticleRecord::from(&an_article()));
    sample(2, &ArticleRecord::from(&a_retired_article()));
    sample(3, &ArticleRecord::from(&Article { site: Some("Town News".to_owned()), ..an_article() }));
    sample(1, &LookRecord::from(&an_article()));
    sample(2, &LookRecord::from(&a_retired_article()));
    let of = Some(address().join("/page").unwrap());
    let validators = Validators { of, ..an_article().validators };
    sample(3, &LookRecord::from(&Article { validators, ..an_article() }));
    let suspicion = an_article().suspicion.map(|known| Suspicion { marks: vec![7, 1 << 63], ..known });
    sample(4, &LookRecord::from(&Article { suspicion, ..an_article() }));
    sample(5, &LookRecord::from(&Article { is_believed: true, ..an_article() }));
    let suspicion = an_article().suspicion.map(|known| Suspicion { why: a_fact(), ..known });
    let notes = an_article().notes.into_iter().map(|note| CheckNote { why: a_fact(), ..note }).collect();
    let doubtful = Article { suspicion, notes, ..an_article() };
    sample(6, &LookRecord::from(&doubtful));
    let stated = Stated { value: 1_795_176_000, since: at(7), idle_moves: 2 };
    let stated = StatedTimes { text: 1 << 63, data: Some(stated), shown: Some(Stated { value: -9, ..stated }) };
    sample(7, &LookRecord::from(&Article { stated: Some(stated), ..an_article() }));
    sample(2, &NotesRecord::from(&doubtful));
    sample(1, &NotesRecord::from(&an_article()));
    let link = LinkRecord { since: Time(at(0)), guid: None, updated: None, text: None, day: None, signals: None };
    sample(1, &link);
    let guid = Some(Hash(Digest::of(b"guid")));
    let link = LinkRecord { guid, ..link };
    sample(2, &link);
    let link = LinkRecord { updated: Some(Time(at(5))), ..link };
    sample(3, &link);
    sample(4, &LinkRecord { text: Some(u64::MAX - 1), day: Some(Time(at(6))), signals: Some(3), ..link });
    sample(1, &GuidRecord { article: 7 });
    sample(1, &HiddenRecord { since: Time(at(0)), reason: "A court said so.".to_owned() });
    sample(1, &AddressRecord { article: 7, url: Link(address()) });
    sample(1, &ForgottenRecord { article: 7, at: Time(at(0)) });
}

#[test]
fn samples_of_versions_edits_and_pages_are_read() {
    let place = TextRef { first: 300, chunks: 2 };
    sample(1, &VersionRecord::new(&a_version(), place));
    sample(2, &VersionRecord::new(&a_version(), place).dropped());
    sample(1, &VersionText::from(&a_version()));
    let told = Content { section: Some("Town".to_owned()), live: true, ..a_version().content };
    sample(2, &VersionText::from(&Version { content: told, ..a_version() }));
    sample(1, &PageRecord { url: Link(address()), digest: Hash(Digest::of(b"page")), text: place });
    let mut head = EditHead::new(&an_edit(), place);
    sample(3, &head);
    head.seen = None;
    sample(2, &head);
    (head.silent, head.language) = (None, None);
    sample(1, &head);
    sample(5, &EditRecord::from(&a_removal()));
    let mut edit = an_edit();
    edit.reasons[0].fact = a_fact();
    sample(4, &EditRecord::from(&edit));
    edit.reasons = reasons();
    sample(3, &EditRecord::from(&edit));
    (edit.entry.told, edit.entry.locale) = (None, None);
    sample(2, &EditRecord::from(&edit));
    edit.entry.unshown.clear();
    sample(1, &EditRecord::from(&edit));
}

#[test]
fn samples_of_polls_and_small_records_are_read() {
    sample(4, &PollRecord::from(&PollState { trouble: Some(a_fact()), ..a_poll() }));
    sample(1, &PollRecord::from(&a_poll()));
    sample(5, &PollRecord::from(&PollState { name: Some("Our town".to_owned()), ..a_poll() }));
    sample(2, &PollRecord::from(&a_poll_of_a_feed_that_moves()));
    sample(3, &PollRecord::from(&a_poll_under_way()));
    for (number, stage) in (1..).zip([Stage::Active(at(900)), Stage::Wanted, Stage::Refused(at(5)), Stage::Leaving]) {
        let subscription = a_subscription(stage);
        let record = SubscriptionRecord::from(&subscription);
        sample(number, &record);
        assert_eq!(Subscription::from(record), subscription);
    }
    sample(1, &FormatRecord { number: 1 });
    sample(1, &OriginRecord { authority: "news.example".to_owned(), since: "2026-11-20".to_owned() });
    sample(1, &CountersRecord { next_article: 8, next_edit: 70_000 });
    sample(1, &FurnitureRecord { key: "read 0 more".into(), articles: vec![3, 7, 300] });
    sample(1, &StampRecord { digest: Hash(Digest::of(b"body")), at: Time(at(7)) });
    sample(1, &RestRecord { until: Time(at(600)), times: None });
    sample(1, &RobotsRecord::from(&a_site_with_robots()));
    sample(1, &DispatchRecord::from(&a_dispatch()));
    sample(1, &CopyRecord { since: Time(at(7)) });
    sample(2, &RestRecord { until: Time(at(600)), times: Some(3) });
}
