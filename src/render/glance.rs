//! An edit at a glance: of all that an entry tells, the one change that tells most, for a picture that has room for one.

use std::collections::HashSet;

use super::text::plain;
use super::words::{Lines, Stretch, lines, stretches};
use crate::model::Edit;

/// The most telling change of an edit, as its entry shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    /// The line that was; empty of what was added.
    pub was: Vec<Stretch>,
    /// The line that is; empty of what was removed.
    pub now: Vec<Stretch>,
    /// Whether it is the headline itself that changed.
    pub is_headline: bool,
}

/// What of `edit` tells most, see [`by_weight`]. None where the entry shows no words that went or came.
#[must_use]
pub fn glance(edit: &Edit) -> Option<Glance> {
    let headline = plain(&edit.headline);
    by_weight(edit).first().map(|change| {
        let [was, now] = [change.was, change.now].map(|line| line.map(stretches).unwrap_or_default());
        let text: String = now.iter().map(|stretch| stretch.text.as_str()).collect();
        Glance { was, now, is_headline: !headline.is_empty() && text.trim() == headline }
    })
}

/// The changes of an entry that mark words, the one that tells most before the others: the one that the weightiest reason quotes,
/// else the first.
pub(super) fn by_weight(edit: &Edit) -> Vec<Lines<'_>> {
    let changes = lines(&edit.entry.html).filter_map(|change| marked_words(&change).map(|words| (change, words)));
    let (mut changes, marked): (Vec<Lines>, Vec<HashSet<String>>) = changes.unzip();
    let quoted = edit.reasons.iter().find_map(|reason| {
        let quoted = words(&reason.fact.to_string());
        let in_common = marked.iter().map(|marked| marked.intersection(&quoted).count());
        // The first of those with most words in common.
        let best = in_common.enumerate().rev().max_by_key(|(_, common)| *common)?;
        (best.1 > 0).then_some(best.0)
    });
    if let Some(most) = quoted {
        changes[..=most].rotate_right(1);
    }
    changes
}

/// The words that a change marks; `None` if it marks nothing.
fn marked_words(change: &Lines<'_>) -> Option<HashSet<String>> {
    let all: Vec<Stretch> = [change.was, change.now].into_iter().flatten().flat_map(stretches).collect();
    let mut marked = all.iter().filter(|stretch| stretch.marked).peekable();
    marked.peek()?;
    Some(marked.flat_map(|stretch| words(&stretch.text)).collect())
}

fn words(text: &str) -> HashSet<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Class, Fact, Reason};
    use crate::render::tests::edit;

    const HTML: &str = "<p>Version 2.</p>\n<h4>Headline changed</h4>\n<p><b>Was:</b> <del><b>Council &amp; Co</b></del> approves</p>\n\
                        <p><b>Now:</b> <ins><b>Mayor</b></ins> approves</p>\n<h4>Paragraph 2 moved up, to 1</h4>\n<p>Elsewhere.</p>\n\
                        <h4>Paragraph 3 changed</h4>\n<p><b>Was:</b> In <del><b>5 days</b></del>.</p>\n\
                        <p><b>Now:</b> In <ins><b>7 days</b></ins>.</p>\n<h4>Paragraph 4 removed</h4>\n\
                        <p><b>Removed:</b> <del>The vote was unanimous.</del></p>\n";

    fn told(reasons: &[&str]) -> Option<Glance> {
        let mut edit = edit();
        edit.headline = "Mayor approves".to_owned();
        edit.entry.html = HTML.to_owned();
        let reason = |text: &&str| Reason { class: Class::Figure, score: 0.8, fact: Fact::english(*text) };
        edit.reasons = reasons.iter().map(reason).collect();
        glance(&edit)
    }

    fn stretch(text: &str, marked: bool) -> Stretch {
        Stretch { text: text.to_owned(), marked }
    }

    #[test]
    fn the_change_that_the_weightiest_reason_quotes_tells_most() {
        let figure = told(&["figure 5 → 7", "headline “Council & Co approves” → “Mayor approves”"]).unwrap();
        assert_eq!(figure.was, [stretch("In ", false), stretch("5 days", true), stretch(".", false)]);
        assert_eq!(figure.now[1], stretch("7 days", true));
        assert!(!figure.is_headline);
        let removed = told(&["a reason without its words", "“The vote was unanimous.” removed"]).unwrap();
        assert_eq!((removed.was, removed.now), (vec![stretch("The vote was unanimous.", true)], vec![]));
        let headline = told(&[]).unwrap();
        assert_eq!(headline.was, [stretch("Council & Co", true), stretch(" approves", false)]);
        assert!(headline.is_headline);
    }

    #[test]
    fn an_entry_without_marked_words_has_none() {
        let mut edit = edit();
        for html in ["<p>Removed.</p>\n", "<p>Version 2.</p>\n<h4>Paragraph 2 moved</h4>\n<p>Elsewhere.</p>\n"] {
            edit.entry.html = html.to_owned();
            assert_eq!(glance(&edit), None);
        }
    }
}
