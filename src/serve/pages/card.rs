//! An edit in a list.

use super::phrases::Score;
use super::words::{Link, Moment, disclosure, headline, moment, sources};
use crate::model::{Class, Edit, EditKind, Site};
use crate::render::{address, moment_in, plain, tells_of};
use crate::serve::House;

/// Pages stay below 60 KB: once this many bytes of changes are on one, the other edits show no more than their links.
const MAX_SHOWN_BYTES: usize = 36 * 1024;

/// An edit in a list.
pub(super) struct Card {
    pub(super) headline: String,
    pub(super) language: String,
    /// The comparison; the article where no text is concerned.
    pub(super) href: String,
    /// The comparison; empty where no text is concerned.
    pub(super) comparison: String,
    pub(super) article: String,
    pub(super) sources: Vec<Link>,
    pub(super) seen: Moment,
    /// The entry's first sentence, without the time.
    pub(super) summary: String,
    /// What happened, where it is not that the text changed; a phrase.
    pub(super) kind: &'static str,
    pub(super) classes: Vec<Class>,
    /// `Silent` or `Disclosed`, of a change of text.
    pub(super) disclosure: &'static str,
    pub(super) score: Option<Score>,
    /// The first change as in the feed; empty where there is none or no more fits.
    pub(super) change: String,
    /// The other changes.
    pub(super) others: String,
}

/// The cards of `edits`; what changed where one of these words is sought comes first.
pub(super) fn cards(house: &House, edits: &[Edit], words: &str) -> Vec<Card> {
    let mut room = MAX_SHOWN_BYTES;
    edits
        .iter()
        .map(|edit| {
            let changes = Some(changes(edit)).filter(|changes| changes.len() <= room).unwrap_or_default();
            room -= changes.len();
            card(house, edit, &foremost(&changes, words))
        })
        .collect()
}

fn card(house: &House, edit: &Edit, changes: &str) -> Card {
    let second = changes.match_indices("<h3>").nth(1).map_or(changes.len(), |(at, _)| at);
    let versions = edit.from.zip(edit.to).filter(|(from, to)| from != to);
    let comparison = versions.map(|(from, to)| address::comparison(edit.article, from, to)).unwrap_or_default();
    let article = address::article(edit.article);
    let is_text = matches!(edit.kind, EditKind::Changed | EditKind::Returned);
    Card {
        headline: headline(&edit.headline, &edit.url),
        language: plain(edit.language.as_deref().unwrap_or_default()),
        href: if comparison.is_empty() { article.clone() } else { comparison.clone() },
        comparison,
        article,
        sources: sources(house, &edit.sources),
        seen: moment(edit.seen),
        summary: timeless(&house.site, edit),
        kind: kind(edit.kind),
        classes: edit.classes(),
        disclosure: if is_text { disclosure(edit.disclosure) } else { "" },
        score: is_text.then_some(Score(edit.score)),
        change: isolated(&changes[..second]),
        others: isolated(&changes[second..]),
    }
}

/// `changes` with the first that tells of one of the words before the others.
fn foremost(changes: &str, words: &str) -> String {
    let starts: Vec<usize> = changes.match_indices("<h3>").map(|(at, _)| at).chain([changes.len()]).collect();
    let told = starts.windows(2).find(|ends| tells_of(&changes[ends[0]..ends[1]], words));
    match told {
        Some(&[start, end]) => [&changes[start..end], &changes[..start], &changes[end..]].concat(),
        _ => changes.to_owned(),
    }
}

/// Changes whose Was and Now run in their own direction: the label is in another language than what follows it, and without this a
/// right-to-left sentence would end with its full stop at the wrong side.
fn isolated(changes: &str) -> String {
    let mut lines = changes.split("<p><b>");
    let mut html = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        let parts = line.split_once("</b> ").and_then(|(label, rest)| Some((label, rest.split_once("</p>")?)));
        match parts {
            Some((label, (words, rest))) => html.extend(["<p><b>", label, "</b> <bdi>", words, "</bdi></p>", rest]),
            None => html.extend(["<p><b>", line]),
        }
    }
    html
}

/// The summary without the time, which stands above it on a card.
fn timeless(site: &Site, edit: &Edit) -> String {
    let time = moment_in(site.locale, edit.seen);
    edit.entry.summary.replace(&format!(" ({time})"), "").replace(&format!(", found at {time}"), "")
}

fn kind(kind: EditKind) -> &'static str {
    match kind {
        EditKind::Changed => "",
        EditKind::Returned => "Returned",
        EditKind::Removed => "Removed",
        EditKind::Restored => "Restored",
        EditKind::Retired => "No longer watched",
    }
}

/// The changes of the entry, one level of headings up, since on a page they stand below the edit's own.
fn changes(edit: &Edit) -> String {
    let rest = edit.entry.html.split_once("</p>\n").map_or("", |(_, rest)| rest);
    rest.replace("<h4>", "<h3>").replace("</h4>", "</h3>")
}

#[cfg(test)]
mod tests {
    use super::isolated;

    #[test]
    fn what_was_and_is_runs_in_its_own_direction() {
        let changes = "<h3>Paragraph 1 changed</h3>\n<p><b>Was:</b> كلفة <del>120</del>.</p>\n<p><b>Now:</b> كلفة <ins><b>210</b></ins>.</p>\n";
        let expected = "<h3>Paragraph 1 changed</h3>\n<p><b>Was:</b> <bdi>كلفة <del>120</del>.</bdi></p>\n\
                        <p><b>Now:</b> <bdi>كلفة <ins><b>210</b></ins>.</bdi></p>\n";
        assert_eq!(isolated(changes), expected);
        assert_eq!(isolated("<p>2 more changes.</p>\n"), "<p>2 more changes.</p>\n");
        assert_eq!(isolated(""), "");
    }
}
