//! Every language says the same: the same places for the same values, and nothing left in English.

use super::entries::council;
use super::{at, edit};
use crate::model::{Class, Edit, EditKind, Locale, VersionNumber};
use crate::render::entry;
use crate::render::labels::{Words, words};

/// Every sentence with places for values.
fn templates(words: &Words) -> [&'static str; 30] {
    [
        words.moment,
        words.part,
        words.heading_line,
        words.split,
        words.merged,
        words.moved_up,
        words.moved_down,
        words.moved_and_changed,
        words.more,
        words.entry_changed,
        words.entry_returned,
        words.entry_removed,
        words.entry_restored,
        words.entry_retired,
        words.last_kept,
        words.last_text,
        words.removed_disclosed,
        words.removed_silent,
        words.restored_silent,
        words.title_changed,
        words.title_returned,
        words.title_removed,
        words.title_restored,
        words.title_retired,
        words.feed_source,
        words.feed_source_about,
        words.feed_article,
        words.feed_article_watched,
        words.feed_article_left,
        words.feed_everything,
    ]
}

/// The names of a template's places, in order of the alphabet.
fn places(template: &str) -> Vec<&str> {
    let mut places: Vec<&str> = template.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
    places.sort_unstable();
    places
}

#[test]
fn every_language_has_a_place_for_every_value() {
    let english = templates(words(Locale::English));
    for locale in Locale::ALL {
        for (template, model) in templates(words(locale)).into_iter().zip(english) {
            assert_eq!(places(template), places(model), "{locale}: {template}");
            assert!(
                locale == Locale::English || template.starts_with('{') || template != model,
                "{locale}: {template}"
            );
        }
    }
}

#[test]
fn numbers_take_the_form_that_their_language_gives_them() {
    let counted = |locale, number| words(locale).count(number, words(locale).paragraph);
    for (locale, number, expected) in [
        (Locale::English, 0, "0 paragraphs"),
        (Locale::German, 2, "2 Absätze"),
        (Locale::French, 0, "0 paragraphe"),
        (Locale::Spanish, 1, "1 párrafo"),
        (Locale::Polish, 1, "1 akapit"),
        (Locale::Polish, 2, "2 akapity"),
        (Locale::Polish, 5, "5 akapitów"),
        (Locale::Polish, 12, "12 akapitów"),
        (Locale::Polish, 21, "21 akapitów"),
        (Locale::Polish, 22, "22 akapity"),
        (Locale::Ukrainian, 11, "11 абзаців"),
        (Locale::Ukrainian, 14, "14 абзаців"),
        (Locale::Ukrainian, 21, "21 абзац"),
        (Locale::Ukrainian, 33, "33 абзаци"),
    ] {
        assert_eq!(counted(locale, number), expected);
    }
}

#[test]
fn an_edit_is_told_in_every_language() {
    let (comparison, old, new) = council();
    for (locale, title, time) in [
        (
            Locale::German,
            "Mayor approves budget: Überschrift, 1 Absatz geändert, 1 hinzugefügt, 1 entfernt, 1 verschoben (stillschweigend)",
            "Fassung 3, 35 Minuten später gesehen (11:40 UTC, 1. August 2026)",
        ),
        (
            Locale::French,
            "Mayor approves budget – modifié : titre, 1 paragraphe ; ajouté : 1 ; supprimé : 1 ; déplacé : 1 (non signalé)",
            "Version 3, vue 35 minutes plus tard (11:40 UTC, 1 août 2026)",
        ),
        (
            Locale::Spanish,
            "Mayor approves budget – cambiado: titular, 1 párrafo; añadido: 1; eliminado: 1; movido: 1 (silencioso)",
            "Versión 3, vista 35 minutos después (11:40 UTC, 1 de agosto de 2026)",
        ),
        (
            Locale::Polish,
            "Mayor approves budget – zmieniono: tytuł, 1 akapit; dodano: 1; usunięto: 1; przeniesiono: 1 (po cichu)",
            "Wersja 3, zauważona 35 minut później (11:40 UTC, 1 sierpnia 2026)",
        ),
        (
            Locale::Ukrainian,
            "Mayor approves budget – змінено: заголовок, 1 абзац; додано: 1; вилучено: 1; переміщено: 1 (мовчки)",
            "Версія 3, помічена за 35 хвилин після попередньої (11:40 UTC, 1 серпня 2026)",
        ),
    ] {
        let told = entry(locale, &edit(), Some(&comparison), Some(&old), Some(&new));
        assert_eq!(told.title, title);
        assert!(told.summary.starts_with(time), "{}", told.summary);
        for english in ["Was:", "Now:", "changed", "Paragraph ", "later"] {
            assert!(!told.html.contains(english), "{english} in {}", told.html);
        }
    }
}

#[test]
fn no_place_stays_empty_or_open() {
    for locale in Locale::ALL {
        for kind in [EditKind::Returned, EditKind::Removed, EditKind::Restored, EditKind::Retired] {
            let since = at("2026-07-30T11:05:00Z");
            let told =
                entry(locale, &Edit { kind, since, returned_to: Some(VersionNumber(1)), ..edit() }, None, None, None);
            for text in [&told.title, &told.summary] {
                assert!(!text.contains(['{', '}']) && !text.contains("  ") && !text.contains("()"), "{locale}: {text}");
            }
        }
    }
}

#[test]
fn every_class_has_a_name_of_its_own() {
    for locale in Locale::ALL {
        let mut names = Class::ALL.map(words(locale).class).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Class::ALL.len(), "{locale}");
    }
}
