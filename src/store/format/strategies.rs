//! Any values of the nouns that are stored, for tests that write and read them.

use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use url::Url;

use super::TextRef;
use crate::model::{
    Alteration, Article, ArticleId, Block, BlockKind, CheckNote, Class, Content, Digest, Disclosure, Edit, EditKind,
    EditNumber, EntryText, Fact, Habit, How, KnownPart, Locale, Moving, Outcome, PollState, Presence, Pulse, Reason,
    Retirement, Round, Skip, SourceSlug, Stated, StatedTimes, Step, Suspicion, Terms, Validators, Verdict, Version,
    VersionNumber, Watch, What,
};

/// Any text, control characters and all.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![4 => "\\PC{0,40}", 1 => any::<String>()]
}

/// Any time that jiff has, with and without a fraction of a second.
pub(in crate::store) fn time() -> impl Strategy<Value = Timestamp> {
    let (first, last) = (Timestamp::MIN.as_second() + 1, Timestamp::MAX.as_second());
    let nanosecond = prop_oneof![Just(0), 0..1_000_000_000_i32];
    (first..=last, nanosecond).prop_map(|(second, nanosecond)| Timestamp::new(second, nanosecond).unwrap())
}

/// Any hash.
pub(in crate::store) fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest)
}

/// Addresses of several shapes.
pub(in crate::store) fn url() -> impl Strategy<Value = Url> {
    ("[a-z]{1,12}", "[a-zA-Z0-9/%?=&ü-]{0,60}").prop_filter_map("an address", |(host, rest)| {
        let url = Url::parse(&format!("https://{host}.example/{rest}")).ok()?;
        Some(url)
    })
}

fn slug() -> impl Strategy<Value = SourceSlug> {
    "[a-z0-9]{1,64}".prop_map(|text| text.parse().unwrap())
}

fn version_number() -> impl Strategy<Value = VersionNumber> {
    any::<u32>().prop_map(VersionNumber)
}

fn reason() -> impl Strategy<Value = Reason> {
    (select(&Class::ALL[..]), 0.0..=1.0, fact()).prop_map(|(class, score, fact)| Reason { class, score, fact })
}

fn disclosure() -> impl Strategy<Value = Disclosure> {
    select(&[Disclosure::Disclosed, Disclosure::Silent][..])
}

fn validators() -> impl Strategy<Value = Validators> {
    (of(text()), of(text()), of(url())).prop_map(|(etag, last_modified, of)| Validators { etag, last_modified, of })
}

fn watch() -> impl Strategy<Value = Watch> {
    let reasons = [Retirement::Quiet, Retirement::Removed, Retirement::NeverAnArticle];
    prop_oneof![
        time().prop_map(Watch::Due),
        (time(), select(reasons.to_vec())).prop_map(|(since, reason)| Watch::Retired { since, reason }),
    ]
}

fn presence() -> impl Strategy<Value = Presence> {
    prop_oneof![
        Just(Presence::Present),
        (time(), any::<u32>()).prop_map(|(since, looks)| Presence::Missing { since, looks }),
        time().prop_map(|since| Presence::Removed { since }),
    ]
}

fn pulse() -> impl Strategy<Value = Pulse> {
    (any::<[u32; 5]>(), of(time()), time()).prop_map(
        |([looks, changes, failures, interval_s, missed_s], looked, changed)| Pulse {
            looks,
            changes,
            failures,
            looked,
            changed,
            interval_s,
            missed_s,
        },
    )
}

/// A phrase with a value of each simple kind.
fn simple_fact() -> impl Strategy<Value = Fact> {
    (text(), text(), text(), any::<u64>()).prop_map(|(phrase, words, quoted, number)| {
        Fact::kept(phrase, vec![words.into(), number.into()]).quoting(quoted)
    })
}

fn fact() -> impl Strategy<Value = Fact> {
    let of_facts = (text(), vec(simple_fact(), 0..3));
    prop_oneof![
        simple_fact(),
        text().prop_map(Fact::english),
        of_facts.prop_map(|(phrase, facts)| Fact::kept(phrase, vec![crate::model::Value::Facts(facts)])),
    ]
}

fn suspicion() -> impl Strategy<Value = Suspicion> {
    (time(), any::<u32>(), fact(), digest(), vec(any::<u64>(), 0..4))
        .prop_map(|(since, looks, why, identity, marks)| Suspicion { since, looks, why, identity, marks })
}

fn stated_times() -> impl Strategy<Value = StatedTimes> {
    let stated = || {
        let parts = (any::<i64>(), time(), any::<u32>());
        parts.prop_map(|(value, since, idle_moves)| Stated { value, since, idle_moves })
    };
    (any::<u64>(), of(stated()), of(stated())).prop_map(|(text, data, shown)| StatedTimes { text, data, shown })
}

fn note() -> impl Strategy<Value = CheckNote> {
    use Outcome::{Edited, First, Ignored, Kept, NotModified, Removed, Restored, Suspect, Trouble, Unchanged};
    let outcomes = vec![First, NotModified, Unchanged, Ignored, Kept, Edited, Suspect, Trouble, Removed, Restored];
    (time(), select(outcomes), fact()).prop_map(|(at, outcome, why)| CheckNote { at, outcome, why })
}

/// Any article.
pub(in crate::store) fn article() -> impl Strategy<Value = Article> {
    let what = (url(), vec(slug(), 0..4), text(), of(text()), time(), of(time()), validators());
    let looks = (watch(), pulse(), presence(), of(digest()), of(suspicion()), vec(note(), 0..Article::MAX_NOTES));
    let kept = (of(version_number()), of(version_number()), of(any::<u32>().prop_map(EditNumber)), of(time()));
    (any::<u64>(), what, looks, kept, of(stated_times())).prop_map(|(id, what, looks, kept, stated)| {
        let (url, sources, headline, language, first_seen, published, validators) = what;
        let (watch, pulse, presence, page_digest, suspicion, notes) = looks;
        let (latest, announced, last_edit, last_edit_seen) = kept;
        Article {
            id: ArticleId(id),
            url,
            sources,
            headline,
            language,
            site: pulse.looks.is_multiple_of(3).then(|| "The Gazette".to_owned()),
            first_seen,
            published,
            validators,
            watch,
            pulse,
            presence,
            latest,
            announced,
            last_edit,
            last_edit_seen,
            page_digest,
            suspicion,
            stated,
            is_believed: pulse.looks.is_multiple_of(2),
            notes,
        }
    })
}

fn block() -> impl Strategy<Value = Block> {
    use BlockKind::{Caption, Heading, ListItem, Note, Paragraph, Quote, TableRow};
    let kinds = vec![Paragraph, Heading, ListItem, Quote, TableRow, Caption, Note];
    (select(kinds), text()).prop_map(|(kind, text)| Block { kind, text })
}

fn content() -> impl Strategy<Value = Content> {
    let texts = (text(), of(text()), of(text()), of(text()), of(text()), any::<bool>());
    (texts, of(time()), of(time()), vec(block(), 0..8)).prop_map(|(texts, published, modified, blocks)| {
        let (headline, standfirst, byline, language, section, live) = texts;
        Content { headline, standfirst, byline, published, modified, language, section, live, blocks }
    })
}

fn verdict() -> impl Strategy<Value = Verdict> {
    let parts = (vec(reason(), 0..6), 0.0..=1.0, any::<bool>(), disclosure());
    parts.prop_map(|(reasons, score, substantive, disclosure)| Verdict { reasons, score, substantive, disclosure })
}

/// Any version.
pub(in crate::store) fn version() -> impl Strategy<Value = Version> {
    let parts = (version_number(), time(), content(), digest(), any::<u32>(), of(version_number()), of(verdict()));
    parts.prop_map(|(number, seen, content, identity, extractor, same_as, verdict)| Version {
        number,
        seen,
        content,
        identity,
        extractor,
        same_as,
        verdict,
    })
}

fn alteration() -> impl Strategy<Value = Alteration> {
    use BlockKind::{Note, Paragraph};
    use How::{Added, Changed, Merged, Moved, MovedAndChanged, Removed, Split};
    let what = select(vec![What::Headline, What::Standfirst, What::Byline, What::Block(Paragraph), What::Block(Note)]);
    let how = select(vec![Added, Changed, Merged, Moved, MovedAndChanged, Removed, Split]);
    let places = (of(any::<usize>()), of(any::<usize>()));
    (what, how, places, any::<usize>(), any::<bool>()).prop_map(
        |(what, how, (old_place, new_place), parts, is_shown)| Alteration {
            what,
            how,
            old_place,
            new_place,
            parts,
            is_shown,
        },
    )
}

/// Any edit.
pub(in crate::store) fn edit() -> impl Strategy<Value = Edit> {
    use EditKind::{Changed, Removed, Restored, Retired, Returned};
    let kinds = vec![Changed, Returned, Removed, Restored, Retired];
    let numbers = (any::<u64>(), any::<u32>(), of(version_number()), of(version_number()), of(version_number()));
    let words = (text(), url(), vec(slug(), 0..4), of(text()), text(), text(), text(), text(), of(text()), of(text()));
    let judged = (
        vec(reason(), 0..6),
        0.0..=1.0,
        of(disclosure()),
        of(vec(alteration(), 0..4)),
        of(select(&Locale::ALL[..])),
        any::<bool>(),
    );
    (numbers, select(kinds), time(), time(), words, judged).prop_map(|(numbers, kind, seen, since, words, judged)| {
        let (article, number, from, to, returned_to) = numbers;
        let (headline, url, sources, language, title, summary, html, unshown, publication, notice) = words;
        let (reasons, score, disclosure, told, locale, live) = judged;
        Edit {
            article: ArticleId(article),
            number: EditNumber(number),
            kind,
            from,
            to,
            seen,
            since,
            headline,
            url,
            sources,
            publication,
            language,
            reasons,
            score,
            disclosure,
            notice,
            returned_to,
            live,
            entry: EntryText { title, summary, html, unshown, told, locale },
        }
    })
}

fn terms() -> impl Strategy<Value = Terms> {
    let skip = (any::<u32>(), any::<u8>()).prop_map(|(hours, days)| Skip { hours, days });
    let moving = (url(), time()).prop_map(|(to, since)| Moving { to, since });
    let parts = (skip, of(url()), of(moving), of(time()), of(time()));
    parts.prop_map(|(skip, address, moving, came_whole, closed)| Terms { skip, address, moving, came_whole, closed })
}

/// Any state of polls.
pub(in crate::store) fn poll_state() -> impl Strategy<Value = PollState> {
    let interval = any::<i64>().prop_map(SignedDuration::from_secs);
    let times = (time(), of(time()), of(time()));
    let words = (of(text()), of(fact()), of(text()));
    let parts = (slug(), url(), words, of(interval), validators(), times, any::<u32>(), of(digest()), terms());
    parts.prop_map(|(slug, url, (title, trouble, name), asked_interval, validators, times, failures, digest, terms)| {
        let (due, polled, succeeded) = times;
        let habit = Habit { last: succeeded, times: failures, silence_s: failures.into() };
        let changed = polled;
        let step = Step { url: url.clone(), depth: failures, changed };
        let part = KnownPart { url: url.clone(), depth: 1, changed, validators: validators.clone(), digest };
        let round = Round {
            steps: vec![step],
            resume: succeeded,
            parts: vec![part],
            found: Some(url.clone()),
            hub: Some(url.clone()),
            topic: None,
        };
        let round = if failures % 2 == 0 { round } else { Round::default() };
        PollState {
            slug,
            url,
            title,
            name,
            asked_interval,
            validators,
            due,
            polled,
            succeeded,
            failures,
            trouble,
            digest,
            round,
            habit,
            terms,
        }
    })
}

/// Any place of a text.
pub(in crate::store) fn place() -> impl Strategy<Value = TextRef> {
    (any::<u64>(), any::<u32>()).prop_map(|(first, chunks)| TextRef { first, chunks })
}
