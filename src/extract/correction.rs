//! Corrections that a page states in its data for machines: `correction` and `CorrectionComment` of schema.org.

use serde_json::{Map, Value};

use super::headline::likeness;
use super::text;
use crate::model::{Block, BlockKind, Content};

/// Corrections of one page; more are an archive of them.
const MAX_CORRECTIONS: usize = 20;
/// Characters of one; the rest is cut.
const MAX_CORRECTION_CHARS: usize = 2_000;
/// Levels of lists within lists that are looked into.
const MAX_DEPTH: usize = 4;
/// The names under which an article states its corrections.
const NAMES: [&str; 2] = ["correction", "corrections"];
/// The names under which a correction has its words, the best first.
const WORDS: [&str; 4] = ["text", "description", "headline", "name"];
/// How alike a stated correction and a block of the text must be to be the same: Dice over words.
const ALIKE: f64 = 0.8;
/// Words of a block that may be part of a stated correction.
const MIN_PART_WORDS: usize = 4;

/// Adds what an article's object states as its corrections, as plain text.
pub(super) fn of_article(object: &Map<String, Value>, found: &mut Vec<String>) {
    for value in NAMES.iter().filter_map(|name| object.get(*name)) {
        add(value, MAX_DEPTH, found);
    }
    comments(object.get("comment"), MAX_DEPTH, found);
}

/// Adds an object of its own that is a correction.
pub(super) fn of_object(object: &Map<String, Value>, found: &mut Vec<String>) {
    if super::witness::types(object).any(|kind| kind == "CorrectionComment") {
        words(object, found);
    }
}

/// Adds comments that are corrections.
fn comments(value: Option<&Value>, depth: usize, found: &mut Vec<String>) {
    match value {
        Some(Value::Array(list)) if depth > 0 => list.iter().for_each(|one| comments(Some(one), depth - 1, found)),
        Some(Value::Object(object)) => of_object(object, found),
        _ => {}
    }
}

fn add(value: &Value, depth: usize, found: &mut Vec<String>) {
    match value {
        Value::String(words) => put(words, found),
        Value::Array(list) if depth > 0 => list.iter().for_each(|value| add(value, depth - 1, found)),
        Value::Object(object) => words(object, found),
        _ => {}
    }
}

fn words(object: &Map<String, Value>, found: &mut Vec<String>) {
    let said = WORDS.iter().filter_map(|name| object.get(*name)).find_map(Value::as_str);
    put(said.unwrap_or_default(), found);
}

fn put(words: &str, found: &mut Vec<String>) {
    let words: String = text::tidy(&super::witness::unescape(words)).chars().take(MAX_CORRECTION_CHARS).collect();
    if !words.is_empty() && found.len() < MAX_CORRECTIONS && !found.contains(&words) {
        found.push(words);
    }
}

/// Shows the corrections that stand in the data alone: as notes at the end of the text.
pub(super) fn show(content: &mut Content, stated: &[String]) {
    for correction in stated {
        let plain = text::plain(correction);
        let shown = content.blocks.iter().map(|block| &block.text).chain(&content.standfirst);
        if !shown.into_iter().any(|shown| is_same(&text::plain(shown), &plain)) {
            content.blocks.push(Block { kind: BlockKind::Note, text: correction.clone() });
        }
    }
}

/// Whether a block of the text says what a stated correction says, or part of it.
fn is_same(shown: &str, stated: &str) -> bool {
    let is_part = text::words(shown) >= MIN_PART_WORDS && stated.contains(shown);
    is_part || shown.contains(stated) || likeness(shown, stated) >= ALIKE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(json: &str) -> Vec<String> {
        let Ok(Value::Object(object)) = serde_json::from_str(json) else { return Vec::new() };
        let mut found = Vec::new();
        of_article(&object, &mut found);
        of_object(&object, &mut found);
        found
    }

    #[test]
    fn corrections_are_read_in_every_form() {
        for json in [
            r#"{"correction": "The hall is 41."}"#,
            r#"{"correction": {"@type": "CorrectionComment", "text": "The hall is 41.", "datePublished": "2026-08-04"}}"#,
            r#"{"correction": [{"@type": "CorrectionComment", "text": "<p>The hall is 41.</p>"}, "The hall is 41."]}"#,
            r#"{"comment": [{"@type": "Comment", "text": "First!"}, {"@type": "CorrectionComment", "text": "The hall is 41."}]}"#,
            r#"{"@type": ["Comment", "CorrectionComment"], "text": "The hall is 41."}"#,
            r#"{"corrections": [{"description": "The hall is 41."}]}"#,
        ] {
            assert_eq!(stated(json), ["The hall is 41."], "{json}");
        }
        for json in [
            r#"{"correction": null}"#,
            r#"{"correction": []}"#,
            r#"{"correctionsPolicy": "/policy"}"#,
            r#"{"correction": {"@id": "c"}}"#,
        ] {
            assert!(stated(json).is_empty(), "{json}");
        }
    }

    #[test]
    fn what_the_text_shows_is_not_shown_twice() {
        let shown = |text: &str| {
            let mut content = Content::of_paragraphs("Hall closes", ["The council closes the old hall in June.", text]);
            show(&mut content, &["The hall is 41 years old, not 14.".to_owned()]);
            content.blocks.len()
        };
        assert_eq!(shown("Correction: The hall is 41 years old, not 14."), 2);
        assert_eq!(shown("Correction: The hall is 41 years old and not 14."), 2);
        assert_eq!(shown("The club trains there every morning."), 3);
    }
}
