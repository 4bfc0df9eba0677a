//! The changes of an edit as a page shows them: an entry's words, its labels in the language of whoever reads the page.

use super::phrases::{Phrases, Speak};
use crate::model::{Alteration, EntryText, How, Locale};
use crate::render::{
    Side, heading_in, label_in, others_in, runs_right_to_left, tells_of, without_isolate, without_tags,
};

/// One change.
pub(super) struct Change {
    pub(super) heading: Ours,
    pub(super) lines: Vec<Line>,
    /// The same as the entry has it.
    html: String,
}

/// One of its lines.
pub(super) struct Line {
    pub(super) label: Option<Ours>,
    /// The article's words, HTML already.
    pub(super) html: String,
    /// `rtl` or `ltr`.
    pub(super) direction: &'static str,
}

/// Words of ours.
#[derive(Clone)]
pub(super) enum Ours {
    /// What happened to what.
    Heading(Alteration),
    /// Before a line; whether it is the only one.
    Label(Side, bool),
    /// That so many changes are not shown.
    Others(u64),
    /// As the entry has it, in this language.
    Written(String, &'static str),
}

impl Ours {
    /// The language of what was written in one; empty where it is in that of the page.
    pub(super) fn language(&self) -> &'static str {
        if let Self::Written(_, language) = self { language } else { "" }
    }
}

impl Speak for Ours {
    fn speak(&self, Phrases(locale): Phrases) -> String {
        match self {
            Self::Heading(told) => heading_in(locale, told),
            Self::Label(side, is_alone) => label_in(locale, *side, *is_alone).to_owned(),
            Self::Others(number) => others_in(locale, *number),
            Self::Written(words, _) => words.clone(),
        }
    }
}

/// The changes that `entry` shows, in its order, and what it says of those that it does not; in `language` where it does not say in which.
pub(super) fn changes(entry: &EntryText, language: &'static str) -> (Vec<Change>, Option<Ours>) {
    let written = |words: &str| Ours::Written(without_tags(words), entry.locale.map_or(language, Locale::tag));
    let told = entry.told.as_deref().unwrap_or_default();
    let mut shown = told.iter().filter(|told| told.is_shown);
    let mut others = None;
    let parts = entry.html.split("<h4>").skip(1);
    let changes = parts.map(|html| {
        let (heading, body) = html.split_once("</h4>").unwrap_or((html, ""));
        let told = shown.next();
        let mut lines: Vec<(Option<&str>, &str)> = body.split("<p>").skip(1).map(labelled).collect();
        let own = lines.iter().filter(|(label, _)| label.is_some()).count().max(1);
        others = lines.get(own).map(|(_, words)| written(words));
        lines.truncate(own);
        let is_alone = lines.len() == 1;
        let line = |(at, (label, words)): (usize, (Option<&str>, &str))| {
            let side = if at == 0 && told.is_none_or(|told| told.how != How::Added) { Side::Was } else { Side::Now };
            let ours = |label: &str| told.map_or_else(|| written(label), |_| Ours::Label(side, is_alone));
            line(label.map(ours), words)
        };
        let heading = told.copied().map_or_else(|| written(heading), Ours::Heading);
        Change { heading, lines: lines.into_iter().enumerate().map(line).collect(), html: html.to_owned() }
    });
    let changes = changes.collect();
    let hidden = told.iter().filter(|told| !told.is_shown).count() as u64;
    let others = if hidden > 0 { Some(Ours::Others(hidden)) } else { others };
    (changes, others)
}

/// A paragraph of an entry: its label, where it has one, and what stands behind it.
fn labelled(paragraph: &str) -> (Option<&str>, &str) {
    let inside = paragraph.split("</p>").next().unwrap_or_default();
    let parts = inside.strip_prefix("<b>").and_then(|rest| rest.split_once("</b> "));
    parts.map_or((None, inside), |(label, words)| (Some(label), words))
}

fn line(label: Option<Ours>, html: &str) -> Line {
    let html = without_isolate(html);
    let direction = if runs_right_to_left(&without_tags(html)) { "rtl" } else { "ltr" };
    Line { label, html: html.to_owned(), direction }
}

/// Puts the first change that tells of one of these words before the others.
pub(super) fn foremost(changes: &mut [Change], words: &str) {
    if let Some(at) = changes.iter().position(|change| tells_of(&change.html, words)) {
        changes[..=at].rotate_right(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BlockKind, What};

    fn told(what: What, how: How, place: Option<usize>, is_shown: bool) -> Alteration {
        Alteration { what, how, old_place: place, new_place: place, parts: 1, is_shown }
    }

    fn an_entry(told: Option<Vec<Alteration>>) -> EntryText {
        let html = "<p>Version 2.</p>\n<h4>Headline changed</h4>\n<p><b>Was:</b> \u{2067}كلفة <del><b>120</b></del>.\u{2069}</p>\n\
                    <p><b>Now:</b> \u{2067}كلفة <ins><b>210</b></ins>.\u{2069}</p>\n<h4>Paragraph 3 added</h4>\n\
                    <p><b>Added:</b> <ins>New.</ins></p>\n<h4>Paragraph 9 moved</h4>\n<p>Elsewhere.</p>\n<p>… and 2 more paragraphs.</p>\n";
        EntryText { html: html.to_owned(), told, locale: Some(Locale::English), ..EntryText::default() }
    }

    fn spoken(changes: &[Change]) -> String {
        let german = Phrases(Locale::German);
        let line = |line: &Line| {
            let label = line.label.as_ref().map(|label| format!("{} ", label.speak(german))).unwrap_or_default();
            format!("{label}[{} {}]", line.direction, line.html)
        };
        let change = |change: &Change| {
            let lines: Vec<String> = change.lines.iter().map(line).collect();
            format!("{}: {}", change.heading.speak(german), lines.join(" "))
        };
        changes.iter().map(change).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn labels_are_in_the_language_of_the_page_and_words_run_their_own_way() {
        let paragraph = What::Block(BlockKind::Paragraph);
        let all = vec![
            told(What::Headline, How::Changed, None, true),
            told(paragraph, How::Changed, Some(2), false),
            told(paragraph, How::Added, Some(3), true),
            told(paragraph, How::Moved, Some(9), true),
            told(paragraph, How::Removed, Some(12), false),
        ];
        let (mut shown, others) = changes(&an_entry(Some(all)), "en");
        assert_eq!(
            spoken(&shown),
            "Überschrift geändert: Vorher: [rtl كلفة <del><b>120</b></del>.] Jetzt: [rtl كلفة <ins><b>210</b></ins>.]; \
             Absatz 3 hinzugefügt: Hinzugefügt: [ltr <ins>New.</ins>]; Absatz 9 verschoben: [ltr Elsewhere.]"
        );
        assert_eq!(others.unwrap().speak(Phrases(Locale::German)), "… und 2 weitere Absätze.");
        foremost(&mut shown, "new");
        assert!(spoken(&shown).starts_with("Absatz 3 hinzugefügt"), "{}", spoken(&shown));
    }

    #[test]
    fn labels_of_an_old_entry_stay_in_its_language() {
        let (shown, others) = changes(&an_entry(None), "en");
        assert!(spoken(&shown).starts_with("Headline changed: Was: [rtl"), "{}", spoken(&shown));
        assert_eq!((shown[0].heading.language(), shown[2].lines.len()), ("en", 1));
        assert_eq!(others.unwrap().speak(Phrases(Locale::German)), "… and 2 more paragraphs.");
    }
}
