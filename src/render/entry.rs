//! An edit in the words in which it is published, once and for ever: Was above Now, nothing inline, nothing but the few
//! elements that every feed reader shows.

use crate::model::{
    Alteration, Comparison, Content, Disclosure, Edit, EditKind, EntryText, How, Locale, VersionNumber,
};

use super::address;
use super::changes::{Change, changes, heading};
use super::direction::{isolated, isolated_html};
use super::elapsed::elapsed_in;
use super::excerpt::{Side, line, whole};
use super::labels::{Words, fill, words};
use super::pieces::{Piece, runs};
use super::tally::Tally;
use super::text::{escape, plain, shortened};
use super::words::{marked_words, without_tags};

/// Longest HTML of an entry: readers cut or refuse much longer ones, and thirty of them must fit a feed.
pub const MAX_ENTRY_BYTES: usize = 16 * 1024;

/// Most of what it leaves out that is kept for searching: as much again, so that keeping it costs no more than the entry.
const MAX_UNSHOWN_BYTES: usize = MAX_ENTRY_BYTES;
/// An entry tells of this many changes; the comparison page shows all.
const MAX_CHANGES: usize = 5;
/// Most changes that are kept by kind and place, to be told in other languages: a long article that was rewritten.
const MAX_TOLD: usize = 1_000;
/// Longest headline in a title, in characters; a longer one is cut.
const MAX_TITLE_CHARS: usize = 200;
/// Longest part of what a page says of a removal that is quoted, in characters: three sentences.
const MAX_NOTICE_CHARS: usize = 400;
/// Longest name of a publication, in characters; a longer one is cut.
const MAX_PUBLICATION_CHARS: usize = 100;
/// Longest line of text in bytes, and what to try next where the entry is too long with it.
const LINE_BYTES: [usize; 4] = [1500, 800, 400, 200];
/// How much of a paragraph that only moved is shown, in bytes: enough to know it by.
const MOVED_BYTES: usize = 240;

/// How `edit` is told: its title, one plain sentence, and HTML of `p h4 b ins del` without links, at most
/// [`MAX_ENTRY_BYTES`]. `comparison`, `old` and `new` are those of the two versions, where there are two.
#[must_use]
pub fn entry(
    locale: Locale,
    edit: &Edit,
    comparison: Option<&Comparison>,
    old: Option<&Content>,
    new: Option<&Content>,
) -> EntryText {
    let words = words(locale);
    let changes = comparison.map(|comparison| changes(comparison, old, new)).unwrap_or_default();
    let tally = Tally::of(changes.iter().map(|change| &change.alteration), words);
    let summary = summary(locale, words, edit, &tally);
    let (html, shown) = html(words, &summary, &changes);
    let unshown = unshown(&changes, &html);
    let told = told(&changes, &shown);
    EntryText { title: title(words, edit, &tally), summary, html, unshown, told, locale: Some(locale) }
}

/// What is told of, without its words, where it is not too much; `shown` are the places of what the entry shows.
fn told(changes: &[Change], shown: &[usize]) -> Option<Vec<Alteration>> {
    let told = changes.iter().enumerate();
    let told = told.map(|(at, change)| Alteration { is_shown: shown.contains(&at), ..change.alteration });
    (changes.len() <= MAX_TOLD).then(|| told.collect())
}

/// The runs of words that went or came and that are not marked in `html`, a line each, as many as fit [`MAX_UNSHOWN_BYTES`].
fn unshown(changes: &[Change], html: &str) -> String {
    let shown = marked_words(html);
    let mut text = String::new();
    for run in changes.iter().flat_map(|change| runs(&change.pieces)) {
        let run = plain(&run);
        let fits = text.len() + run.len() < MAX_UNSHOWN_BYTES;
        if fits && !run.is_empty() && !shown.contains(&run) {
            text.extend([run.as_str(), "\n"]);
        }
    }
    text
}

fn title(words: &Words, edit: &Edit, tally: &Tally) -> String {
    let headline = headline(edit);
    let template = match edit.kind {
        EditKind::Changed => words.title_changed,
        EditKind::Returned => words.title_returned,
        EditKind::Removed => words.title_removed,
        EditKind::Restored => words.title_restored,
        EditKind::Retired => words.title_retired,
    };
    let disclosure = match edit.disclosure {
        Some(Disclosure::Disclosed) => words.title_disclosed,
        Some(Disclosure::Silent) => words.title_silent,
        None => "",
    };
    fill(
        template,
        &[
            ("headline", &isolated(&headline)),
            ("changes", &tally.title()),
            ("returned", &number(edit.returned_to)),
            ("disclosure", disclosure),
        ],
    )
}

/// The present headline; the address where there is none, so that the title still stands alone.
pub(super) fn headline(edit: &Edit) -> String {
    let headline = shortened(&edit.headline, MAX_TITLE_CHARS);
    if headline.is_empty() { shortened(edit.url.as_str(), MAX_TITLE_CHARS) } else { headline }
}

fn summary(locale: Locale, words: &Words, edit: &Edit, tally: &Tally) -> String {
    let template = match edit.kind {
        EditKind::Changed => words.entry_changed,
        EditKind::Returned => words.entry_returned,
        EditKind::Removed => words.entry_removed,
        EditKind::Restored => words.entry_restored,
        EditKind::Retired => words.entry_retired,
    };
    let disclosure = disclosure(words, edit);
    let last = edit.to.or(edit.from).map(|last| fill(words.last_kept, &[("version", &last.to_string())]));
    let sentence = fill(
        template,
        &[
            ("version", &number(edit.to)),
            ("elapsed", &elapsed_in(locale, edit.since, edit.seen)),
            ("time", &words.moment(edit.seen)),
            ("changes", &tally.sentence()),
            ("disclosure", &disclosure),
            ("returned", &number(edit.returned_to)),
            ("last", &last.unwrap_or_default()),
        ],
    );
    let live = if edit.live { words.live } else { "" };
    let is_whole = matches!(edit.kind, EditKind::Changed | EditKind::Returned);
    plain(&format!("{sentence} {} {live}", if is_whole { "" } else { &disclosure }))
}

/// Whether the publisher told readers, in a sentence; of a removal with what the page says now, word for word.
pub(super) fn disclosure(words: &Words, edit: &Edit) -> String {
    let notice = || shortened(edit.notice.as_deref().unwrap_or_default(), MAX_NOTICE_CHARS);
    let quoted = || format!("{}{}{}", words.quotes.0, isolated(&notice()), words.quotes.1);
    match (edit.kind, edit.disclosure) {
        (EditKind::Retired, _) | (_, None) => String::new(),
        (EditKind::Removed, Some(Disclosure::Disclosed)) => fill(words.removed_disclosed, &[("notice", &quoted())]),
        (EditKind::Removed, Some(Disclosure::Silent)) => words.removed_silent.to_owned(),
        (EditKind::Restored, Some(Disclosure::Silent)) => words.restored_silent.to_owned(),
        (_, Some(Disclosure::Disclosed)) => words.disclosed.to_owned(),
        (_, Some(Disclosure::Silent)) => words.silent.to_owned(),
    }
}

fn number(version: Option<VersionNumber>) -> String {
    version.map(|version| version.to_string()).unwrap_or_default()
}

/// The first paragraph and the changes, with shorter lines where it would be too long, then with fewer changes; and the places of
/// those that are shown.
fn html(words: &Words, summary: &str, changes: &[Change]) -> (String, Vec<usize>) {
    let tries = LINE_BYTES.into_iter().map(|bytes| (MAX_CHANGES, bytes));
    let fewer = (0..MAX_CHANGES).rev().map(|shown| (shown, LINE_BYTES[LINE_BYTES.len() - 1]));
    let (mut html, mut places) = (String::new(), Vec::new());
    for (shown, line_bytes) in tries.chain(fewer) {
        places = chosen(changes, shown);
        html = attempt(words, summary, changes, &places, line_bytes);
        if html.len() <= MAX_ENTRY_BYTES {
            break;
        }
    }
    (html, places)
}

fn attempt(words: &Words, summary: &str, changes: &[Change], shown: &[usize], line_bytes: usize) -> String {
    let mut html = format!("<p>{}</p>\n", escape(summary));
    for at in shown {
        push_change(words, &mut html, &changes[*at], line_bytes);
    }
    let more = changes.len().saturating_sub(shown.len()) as u64;
    if more > 0 {
        html.extend(["<p>", &escape(&others(words, more)), "</p>\n"]);
    }
    html
}

/// That so many changes are not shown: `… and 12 more paragraphs.`
fn others(words: &Words, number: u64) -> String {
    let noun = words.form(number, words.paragraph);
    fill(words.more, &[("count", &number.to_string()), ("paragraphs", noun)])
}

/// The same, in this language.
pub(crate) fn others_in(locale: Locale, number: u64) -> String {
    others(words(locale), number)
}

/// Which changes are shown: fields and notes before others, mere moves last; in reading order.
fn chosen(changes: &[Change], shown: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..changes.len()).collect();
    order.sort_by_key(|at| (!changes[*at].comes_first(), changes[*at].comes_last(), *at));
    order.truncate(shown);
    order.sort_unstable();
    order
}

fn push_change(words: &Words, html: &mut String, change: &Change, line_bytes: usize) {
    html.extend(["<h4>", &escape(&heading(words, &change.alteration)), "</h4>\n"]);
    let isolated = |line: &str| isolated_html(line, &without_tags(line));
    let mut push =
        |label: &str, line: String| html.extend(["<p><b>", &escape(label), "</b> ", &isolated(&line), "</p>\n"]);
    match change.alteration.how {
        How::Added => push(words.added_line, one_side(&change.pieces, Side::Now, line_bytes)),
        How::Removed => push(words.removed_line, one_side(&change.pieces, Side::Was, line_bytes)),
        How::Moved => html.extend(["<p>", &isolated(&whole(&change.pieces, Side::Now, None, MOVED_BYTES)), "</p>\n"]),
        How::Changed | How::Split | How::Merged | How::MovedAndChanged => {
            // Of text that moved into or out of other blocks there is one side here.
            for (label, side) in [(words.was, Side::Was), (words.now, Side::Now)] {
                let line = line(&change.pieces, side, line_bytes);
                if !line.is_empty() {
                    push(label, line);
                }
            }
        }
    }
}

/// The line of a block that was added or removed: marked as a whole, unless some of its words are kept elsewhere.
fn one_side(pieces: &[Piece], side: Side, line_bytes: usize) -> String {
    let mark = if side == Side::Was { "del" } else { "ins" };
    if pieces.iter().any(Piece::is_kept) {
        line(pieces, side, line_bytes)
    } else {
        whole(pieces, side, Some(mark), line_bytes)
    }
}

/// The last paragraph of an entry, from the base address of the day, so it is not kept: our page with what it is called, and the
/// article by its headline, with the publication.
pub(super) fn links(edit: &Edit, page: Option<(&str, &str)>) -> String {
    let link = |address: &str, words: &str| format!("<a href=\"{}\">{}</a>", escape(address), escape(words));
    let article = link(&address::uri(&edit.url), &isolated(&headline(edit)));
    let publication = escape(&isolated(&publication(edit)));
    let page = page.map(|(address, words)| format!("{} · ", link(address, words))).unwrap_or_default();
    format!("<p>{page}{article} ({publication})</p>")
}

/// The name of the publication, as it was when the edit was found; the host, which never changes either, where no name was kept.
pub(super) fn publication(edit: &Edit) -> String {
    let kept = edit.publication.as_deref().map(|name| shortened(name, MAX_PUBLICATION_CHARS));
    let host = || plain(edit.url.host_str().unwrap_or_default().trim_start_matches("www."));
    kept.filter(|name| !name.is_empty()).unwrap_or_else(host)
}
