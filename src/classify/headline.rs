//! The headline. A site's name behind it is no part of it.

use crate::compare::normal::{comparison_form, letters_form};
use crate::corrections::{Mark, marked};
use crate::model::{Class, Fact, FieldChange, Reason};

use super::told::{change as change_of, quoted};

/// What stands between a headline and the site's name.
const SEPARATORS: [&str; 5] = [" | ", " - ", " – ", " — ", " · "];
/// Labels before a headline, at N2 and with a colon.
const LABELS: [&str; 30] = [
    "breaking",
    "breaking news",
    "update",
    "updated",
    "live",
    "live updates",
    "just in",
    "developing",
    "video",
    "watch",
    "exclusive",
    "eil",
    "eilmeldung",
    "liveticker",
    "liveblog",
    "direct",
    "en direct",
    "alerte",
    "dernière minute",
    "en vivo",
    "directo",
    "en directo",
    "última hora",
    "diretta",
    "ao vivo",
    "pilne",
    "na żywo",
    "срочно",
    "онлайн",
    "son dakika",
];
/// A site's name has at most so many words.
const MAX_SITE_WORDS: usize = 6;

/// Why a changed headline matters: .55 to .95 by how much of it is new (weights set on labelled pairs, like all here); .45
/// when it became a question or ceased to be one; .25 when `slight` (only copy edits) or when one side has none (then it was
/// probably not found); .03 when only the site's name, a label ("LIVE:") or typography differs.
pub(super) fn headline(change: &FieldChange, slight: bool) -> Reason {
    let (old, new) = (change.old.as_str(), change.new.as_str());
    let same_letters = letters_form(old) == letters_form(new);
    let lost = old.is_empty() || new.is_empty();
    let (class, score) = if same_letters && asks(old) != asks(new) {
        (Class::Headline, 0.45)
    } else if same_letters || same_but_site(old, new) {
        (Class::Typography, 0.03)
    } else if slight || lost {
        (Class::Headline, 0.25)
    } else {
        (Class::Headline, 0.55 + 0.40 * share_changed(change))
    };
    let fact = match class {
        Class::Typography => Fact::new("headline set otherwise: {new}").with(quoted(new)),
        _ => Fact::new("headline {change}").with(change_of(old, new)),
    };
    Reason { class, score, fact }
}

/// Why a mark that came to a headline, went or changed matters: .97 for one that says that the article was corrected, as for
/// any correction; .45 for an agency's number of its version (`UPDATE 1-`), which says that it was changed. `None` if neither
/// has another mark of these, or one of them has no headline.
pub(super) fn mark(change: &FieldChange) -> Option<Reason> {
    let (old, new) = (marked(&change.old).marks, marked(&change.new).marks);
    let other = |mark: &&Mark| !(old.contains(mark) && new.contains(mark));
    let others: Vec<&Mark> = old.iter().chain(&new).filter(other).collect();
    let lost = change.old.is_empty() || change.new.is_empty();
    let score = match others.iter().any(|mark| matches!(mark, Mark::Correction(_))) {
        _ if lost => return None,
        true => 0.97,
        false if others.iter().any(|mark| matches!(mark, Mark::Numbered(_))) => 0.45,
        false => return None,
    };
    let fact = Fact::new("headline {change}").with(change_of(&change.old, &change.new));
    Some(Reason { class: Class::Correction, score, fact })
}

/// Whether nothing but marks differs in a headline.
pub(super) fn same_but_marks(change: &FieldChange) -> bool {
    letters_form(marked(&change.old).rest) == letters_form(marked(&change.new).rest)
}

/// Whether a headline has a mark, of a correction or an update, that it had not.
pub(super) fn is_marked_anew(old: &str, new: &str) -> bool {
    let before = marked(old).marks;
    !old.is_empty() && marked(new).marks.iter().any(|mark| !before.contains(mark))
}

/// Whether a headline is a question.
fn asks(headline: &str) -> bool {
    headline.trim_end().ends_with(['?', '？', '؟'])
}

/// The share of words that differ, 0 to 1.
fn share_changed(change: &FieldChange) -> f64 {
    let (old, new) = (comparison_form(&change.old), comparison_form(&change.new));
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split(' ').collect(), new.split(' ').collect());
    let kept = new.iter().filter(|word| old.contains(word)).count();
    1.0 - kept as f64 / old.len().max(new.len()).max(1) as f64
}

/// Whether two headlines are the same once a site's name is cut from one of them, or the same separator's from both.
pub(super) fn same_but_site(old: &str, new: &str) -> bool {
    let piped = |headline: &str| headline.rsplit_once(" | ").map(|(head, _)| letters_form(head));
    let renamed = piped(old).is_some() && piped(old) == piped(new);
    let (old, new) = (without_sites(old), without_sites(new));
    renamed || old[0] == new[0] || new[1..].contains(&old[0]) || old[1..].contains(&new[0])
}

/// The letters of a headline, then without the last thing that may be a site's name, then without the last two.
fn without_sites(headline: &str) -> Vec<String> {
    let mut rest = match headline.split_once(": ") {
        Some((label, rest)) if LABELS.contains(&comparison_form(label).as_str()) => rest,
        _ => headline,
    };
    let mut forms = vec![letters_form(rest)];
    while let Some(at) = SEPARATORS.iter().filter_map(|separator| rest.rfind(separator)).max() {
        if rest[at..].split_whitespace().count() > MAX_SITE_WORDS + 1 {
            break;
        }
        rest = &rest[..at];
        forms.push(letters_form(rest));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_name_is_no_part_of_the_headline() {
        assert!(same_but_site("Storm hits coast", "Storm hits coast | Daily News"));
        assert!(same_but_site("Storm hits coast - Daily News", "Storm hits coast"));
        assert!(same_but_site("Le port – Le Monde", "Le port – Le Monde | Le Monde.fr"));
        assert!(!same_but_site("Storm hits coast", "Storm misses coast | Daily News"));
        assert!(same_but_site("Storm hits coast", "BREAKING: Storm hits coast"));
        assert!(same_but_site("Storm hits coast | News", "Storm hits coast | Daily News"));
        assert!(!same_but_site("Two dead - police", "Two dead - mayor"));
    }
}
