//! Which sort of note a text is. The wordings of all languages are in `tests/corpus/corrections.tsv`.

use super::*;

#[test]
fn a_block_is_a_note_by_its_beginning() {
    let (update, notice, correction) = (Some(Note::Update), Some(Note::Notice), Some(Note::Correction));
    for (text, expected) in [
        ("Correction: The hall is 41 years old.", correction),
        ("Correction (4 August 2026): The hall is 41 years old.", correction),
        ("This story was updated with a comment from the club.", notice),
        ("Update, 4 Aug: The council has confirmed the date of the closure.", notice),
        ("Updated at 3 p.m. to include a comment from the club.", notice),
        ("Update: The council has confirmed the date of the closure.", update),
        ("Update: The text was corrected.", correction),
        ("Correction", correction),
        ("Correction officers said that the prison was safe.", None),
        // Time stamps.
        ("Updated: 4 August 2026, 14:02", None),
        ("Updated 3 hours ago", None),
        ("This article was last updated on 4 August 2026 at 14:02.", None),
        ("Dieser Artikel wurde zuletzt am 4. August 2026 um 14:02 Uhr aktualisiert.", None),
        ("Article mis à jour le 4 août 2026 à 14h02", None),
        // The note is before the paragraph, in brackets.
        ("(Corrects age of hall in paragraph 3) The council voted to close the hall.", None),
    ] {
        assert_eq!(note(text), expected, "{text}");
    }
}

#[test]
fn a_note_is_found_within_a_paragraph() {
    for text in [
        "(Corrects age of hall in paragraph 3) The council voted to close the hall.",
        "The council voted to close the hall. (This story has been corrected.)",
        "The council voted to close the hall. An earlier version of this article gave another date.",
    ] {
        assert_eq!(within(text), Some(Note::Correction), "{text}");
    }
    assert_eq!(within("The council voted to close the hall. It had been built in 1985."), None);
    assert_eq!(aside("(corrected from 14)"), Some(Note::Correction));
    assert_eq!(aside("corrected"), None);
}

#[test]
fn a_lone_label_is_told_from_a_note() {
    assert!(is_label("Correction") && is_label("Editor’s note:") && is_label("【訂正】"));
    assert!(!is_label("Correction: The hall is 41 years old.") && !is_label("Corrections policy"));
}

#[test]
fn no_text_is_too_long_or_too_odd() {
    let long = "correction ".repeat(10_000);
    assert_eq!(note(&long), None);
    for text in ["", "(", "【", ":", "\u{300}", "correction", "(correction", "4.", "…", &long] {
        let _ = (note(text), within(text), aside(text), is_label(text), marked(text));
    }
}
