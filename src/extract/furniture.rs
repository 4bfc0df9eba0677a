//! The first decision: what is furniture by itself, whatever else is on the page. Everything here looks at one block or
//! one box only, so that nothing that comes or goes elsewhere can change it.

use super::hints::Fate;
use super::lexicon::{self, Phrase};
use super::marks::{self, Marks};
use super::seen::Landmark;
use super::walk::{Frame, Run, Walked};

/// Words that make a block prose, with a sentence's end and few links.
pub(super) const PROSE_WORDS: usize = 25;
/// Words of a sentence that a form in its box does not condemn.
const MIN_TOLD_WORDS: usize = 15;
/// Words of a sentence that its class does not condemn.
const MIN_SENTENCE_WORDS: usize = 8;
/// Blocks of prose in a box that is no furniture, whatever it is called.
const ARTICLE_PROSE: usize = 3;
/// Words of a box that a title of furniture condemns.
const MAX_TITLED_WORDS: usize = 400;
/// Words of a box that a field to type into condemns.
const MAX_FORM_WORDS: usize = 80;
/// Links of a list of links.
const MIN_LIST_LINKS: usize = 3;
/// Words of a card: a linked title and a teaser.
const MAX_CARD_WORDS: usize = 70;
/// Cards that make a rack of cards.
const MIN_CARDS: usize = 3;

/// Why a block is furniture; none where it may be the article's.
pub(super) type Reason = Option<&'static str>;

/// Why the title of a box without walls is furniture.
pub(super) const TITLE: &str = "the title of a box of links";

/// Boxes in which not even a correction note is the article's.
const FINAL: [&str; 5] = [DROPPED, LANDMARK, "comments", "a privacy notice", "a rack of cards"];
const DROPPED: &str = "dropped by the site's hints";
const LANDMARK: &str = "a landmark that holds no article";
const ANNOUNCEMENT: &str = "a dialog, an alert or a box beside the article";

/// Decides on every block by itself and by the boxes around it. One answer a block, in order.
pub(super) fn furniture(walked: &Walked) -> Vec<Reason> {
    let boxes = boxes(walked);
    let by_box = |run: &Run| boxes[run.frame].filter(|why| !run.is_note || FINAL.contains(why));
    walked.runs.iter().map(|run| by_box(run).or_else(|| line(run))).collect()
}

/// Whether a block's own text is furniture.
fn line(run: &Run) -> Reason {
    let linked = run.links >= 2 && run.link_words * 10 >= run.words * 7 && run.words >= 2;
    match lexicon::phrase(&run.plain, run.words) {
        _ if run.is_note => None,
        _ if run.inline.has(marks::HIDDEN) && run.words <= PROSE_WORDS => Some("for screen readers"),
        Some(Phrase::Line) if !goes_on(run) => Some("a line of furniture"),
        Some(Phrase::Only) => Some("a button or a label"),
        Some(Phrase::Stamp) => Some("a time stamp"),
        Some(Phrase::Head) if run.level.is_some() || run.words <= 4 => Some(TITLE),
        _ if linked => Some("nothing but links"),
        _ => None,
    }
}

/// Whether a sentence that asks for nothing follows the line's first: a paragraph that only begins like furniture.
fn goes_on(run: &Run) -> bool {
    run.plain.split_once(". ").is_some_and(|(_, rest)| {
        super::text::words(rest) >= MIN_SENTENCE_WORDS
            && is_sentence(run)
            && !OFFERS.iter().any(|word| run.plain.contains(word))
    })
}

/// Whether `run` is prose by itself.
pub(super) fn is_prose(run: &Run) -> bool {
    run.words >= PROSE_WORDS && run.link_words * 10 < run.words * 4 && super::text::ends_sentence(&run.plain)
}

/// A sentence with few links: what a class calls a teaser may be one paragraph of the text.
fn is_sentence(run: &Run) -> bool {
    run.words >= MIN_SENTENCE_WORDS && run.link_words * 10 < run.words * 3 && super::text::ends_sentence(&run.plain)
}

/// A sentence that asks for nothing: a form stands in its box by chance.
fn is_no_offer(run: &Run) -> bool {
    run.words >= MIN_TOLD_WORDS
        && is_sentence(run)
        && line(run).is_none()
        && !OFFERS.iter().any(|word| run.plain.contains(word))
}

/// Words of those who want an address.
const OFFERS: [&str; 22] = [
    "newsletter",
    "inbox",
    "sign up",
    "signing up",
    "sign-up",
    "subscri",
    "e-mail",
    "email",
    "password",
    "account",
    "privacy",
    "terms of",
    "log in",
    "register",
    "anmeld",
    "abonn",
    "datenschutz",
    "inscri",
    "suscri",
    "assin",
    "iscri",
    "search",
];

/// Every frame's reason, its own or that of a frame around it.
fn boxes(walked: &Walked) -> Vec<Reason> {
    let inside = Inside::of(walked);
    let mut reasons: Vec<Reason> = Vec::with_capacity(walked.frames.len());
    for (index, frame) in walked.frames.iter().enumerate() {
        let outer: Reason = if index == 0 { None } else { reasons[frame.parent] };
        let own = if index == 0 { None } else { condemn(walked, index, frame, &inside) };
        reasons.push(outer.or(own));
    }
    reasons
}

/// What is needed of every frame's inside.
struct Inside {
    /// Whether a block quotation stands inside.
    quotes: Vec<bool>,
    prose: Vec<usize>,
    title: Vec<bool>,
    cards: Vec<usize>,
}

impl Inside {
    fn of(walked: &Walked) -> Self {
        let count = walked.frames.len();
        let mut inside = Self {
            quotes: vec![false; count],
            prose: vec![0; count],
            title: vec![false; count],
            cards: vec![0; count],
        };
        for run in &walked.runs {
            inside.prose[run.frame] += usize::from(is_prose(run));
            inside.title[run.frame] |= run.level == Some(1);
        }
        for index in (1..count).rev() {
            let parent = walked.frames[index].parent;
            inside.prose[parent] += inside.prose[index];
            inside.quotes[parent] |= inside.quotes[index] || &*walked.frames[index].tag == "blockquote";
            inside.title[parent] |= inside.title[index];
            inside.cards[parent] += usize::from(is_card(walked, index));
        }
        inside
    }
}

/// A linked title with at most a teaser.
fn is_card(walked: &Walked, index: usize) -> bool {
    let frame = &walked.frames[index];
    let titled = |run: &Run| {
        run.words >= 3 && run.link_words * 10 >= run.words * 8 && (run.level.is_some() || frame.words > run.words)
    };
    frame.links >= 1
        && (3..=MAX_CARD_WORDS).contains(&frame.words)
        && frame.end - frame.first <= 6
        && walked.runs[frame.first..frame.end].iter().take(3).any(titled)
        && &*frame.tag != "p"
}

/// Whether a box is furniture by its own name, title, fields or links.
fn condemn(walked: &Walked, index: usize, frame: &Frame, inside: &Inside) -> Reason {
    if frame.fate == Fate::Drop {
        return Some(DROPPED);
    }
    if frame.first == frame.end || inside.title[index] || frame.fate == Fate::Keep {
        return None;
    }
    if inside.prose[index] >= ARTICLE_PROSE {
        return None;
    }
    match frame.landmark {
        Landmark::Navigation => return Some(LANDMARK),
        Landmark::Announcement => return Some(ANNOUNCEMENT),
        Landmark::None => {}
    }
    let (prose, cards) = (inside.prose[index], inside.cards[index]);
    let quoted = inside.quotes[index] || &*frame.tag == "blockquote";
    let sentence = frame.end - frame.first == 1 && is_sentence(&walked.runs[frame.first]);
    let name = if quoted || sentence { None } else { named(frame, prose) };
    name.or_else(|| titled(walked, frame)).or_else(|| shaped(walked, frame, prose, cards))
}

/// What class and id say that a box is, if it holds at most so many words and blocks of prose.
const NAMED: [(Marks, usize, usize, &str); 7] = [
    (marks::COMMENT, 400, 2, "comments"),
    (marks::NEWSLETTER, 120, 1, "a newsletter box"),
    (marks::COOKIE, 200, 2, "a privacy notice"),
    (marks::SHARE, 30, 0, "share buttons"),
    (marks::AD, 120, 0, "advertising"),
    (marks::RELATED, 250, 0, "links to other articles"),
    (marks::NAV, 250, 0, "navigation"),
];
/// Words of a footer that are no text of the article.
const MAX_FOOTER_WORDS: usize = 120;

/// By class, id or element.
fn named(frame: &Frame, prose: usize) -> Reason {
    let marks = frame.marks;
    if marks.has(marks::BODY.and(marks::NOTE).and(marks::LEAD)) {
        return None;
    }
    if &*frame.tag == "footer" && frame.words <= MAX_FOOTER_WORDS && prose == 0 {
        return Some("a footer");
    }
    let lively = frame.links + frame.buttons + frame.inputs > 0;
    let fits = |(mark, words, blocks, _): &&(Marks, usize, usize, &str)| {
        marks.has(*mark) && frame.words <= *words && prose <= *blocks && (lively || *blocks > 0)
    };
    NAMED.iter().find(fits).map(|(_, _, _, why)| *why)
}

/// By the title that it begins with.
fn titled(walked: &Walked, frame: &Frame) -> Reason {
    let first = walked.runs[frame.first..frame.end].first()?;
    let head = matches!(lexicon::phrase(&first.plain, first.words), Some(Phrase::Head));
    let more = frame.end - frame.first >= 2 || frame.links > first.links;
    let holds = frame.links + frame.inputs + frame.buttons > 0 || frame.words <= 40;
    (head && more && holds && frame.words <= MAX_TITLED_WORDS && first.words < frame.words)
        .then_some("a box with a title of furniture")
}

/// By what it is made of.
fn shaped(walked: &Walked, frame: &Frame, prose: usize, cards: usize) -> Reason {
    let text = || walked.runs[frame.first..frame.end].iter().any(is_no_offer);
    if frame.inputs > 0 && frame.words <= MAX_FORM_WORDS && !text() {
        return Some("a form");
    }
    if frame.links >= MIN_LIST_LINKS && frame.link_words * 10 >= frame.words * 6 && prose == 0 {
        return Some("a list of links");
    }
    if cards >= MIN_CARDS && cards * MAX_CARD_WORDS >= frame.words && prose == 0 {
        return Some("a rack of cards");
    }
    None
}
