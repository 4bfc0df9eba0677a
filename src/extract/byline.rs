//! The byline as a page shows it: who wrote the article, without the times and roles beside the names.

use super::furniture::Reason;
use super::kept::Kept;
use super::marks;
use super::text;
use super::walk::{Run, Walked};

/// Words of a byline with times and roles.
const MAX_LINE_WORDS: usize = 24;
/// Words of one name.
const NAME_WORDS: std::ops::RangeInclusive<usize> = 2..=5;
/// Blocks after the headline among which the byline stands.
const NEAR_BLOCKS: usize = 12;
/// Names in a byline; the rest is left out.
const MAX_NAMES: usize = 12;

/// What bylines begin with.
const OPENERS: [&str; 8] = ["by ", "by: ", "written by ", "words by ", "von ", "par ", "por ", "door "];
/// Small words inside names.
const PARTICLES: [&str; 16] =
    ["de", "van", "von", "der", "den", "del", "della", "di", "da", "dos", "la", "le", "el", "al", "bin", "ter"];
/// What stands in capitals beside a name and is none: roles, and what times begin with.
const NO_NAMES: [&str; 60] = [
    "reporter",
    "correspondent",
    "editor",
    "writer",
    "staff",
    "contributor",
    "chief",
    "senior",
    "deputy",
    "columnist",
    "journalist",
    "producer",
    "analyst",
    "photographer",
    "associate",
    "bureau",
    "news",
    "special",
    "updated",
    "published",
    "posted",
    "last",
    "modified",
    "created",
    "first",
    "on",
    "at",
    "for",
    "in",
    "from",
    "with",
    "is",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "aug",
    "sept",
    "oct",
    "nov",
    "dec",
];

/// The byline shown after the headline: the names as shown, one after the other. The kept page's words stay where the
/// names are the same, in whatever order.
pub(super) fn shown(walked: &Walked, reasons: &[Reason], headline: &str) -> Option<String> {
    let headline = text::plain(headline);
    let title = walked.runs.iter().position(|run| run.plain == headline)?;
    let near = walked.runs.iter().zip(reasons).skip(title + 1).take(NEAR_BLOCKS);
    let says = |(run, reason): &(&Run, &Reason)| is_line(run) || (reason.is_none() && is_marked(walked, run));
    let mut names = near.filter(says).map(|(run, _)| names(&run.text));
    names.find(|names| !names.is_empty()).map(|names| names.join(", "))
}

/// `byline`, or the kept page's where it names the same people in another order.
pub(super) fn still(byline: String, kept: &Kept) -> String {
    let people = |byline: &str| {
        let mut people: Vec<String> = byline.split(", ").map(text::plain).collect();
        people.sort_unstable();
        people
    };
    match &kept.byline {
        Some(before) if people(before) == people(&byline) => before.clone(),
        _ => byline,
    }
}

/// Whether a block is a byline by its words: "By Ann Porter and Bo Li, Chief Reporter".
pub(super) fn is_line(run: &Run) -> bool {
    run.level.is_none()
        && run.words <= MAX_LINE_WORDS
        && opened(&run.text).is_some()
        && !text::ends_sentence(&run.plain)
        && !names(&run.text).is_empty()
}

/// Whether a block stands in an element called a byline and says nothing but names.
fn is_marked(walked: &Walked, run: &Run) -> bool {
    let own = walked.around(run).next().map(|frame| frame.marks).unwrap_or_default().and(run.inline);
    own.has(marks::BYLINE) && run.level.is_none() && run.words <= MAX_LINE_WORDS && !text::ends_sentence(&run.plain)
}

/// What follows "By".
fn opened(text: &str) -> Option<&str> {
    let starts = |opener: &str| text.get(..opener.len()).is_some_and(|start| start.eq_ignore_ascii_case(opener));
    OPENERS.iter().find(|opener| starts(opener)).and_then(|opener| text.get(opener.len()..))
}

/// The names that a byline's text begins with; none where it begins with anything else.
fn names(text: &str) -> Vec<String> {
    let text = opened(text).unwrap_or(text);
    let text = text.replace(" and ", ",").replace(" & ", ",").replace(" und ", ",").replace(" et ", ",");
    let parts =
        text.split([',', ';', '|', '•', '·', '/', '(', '–', '—']).map(str::trim).filter(|part| !part.is_empty());
    let mut names: Vec<String> = Vec::new();
    for name in parts.map_while(name).take(MAX_NAMES) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The name that `part` begins with.
fn name(part: &str) -> Option<String> {
    let fits = |word: &&str| {
        let plain = text::plain(word);
        let capital = word.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase());
        !word.contains(|c: char| c.is_numeric() || c == ':' || c == '@')
            && !NO_NAMES.contains(&plain.as_str())
            && (capital || PARTICLES.contains(&plain.as_str()))
    };
    let words: Vec<&str> = part.split_whitespace().take_while(fits).collect();
    NAME_WORDS.contains(&words.len()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_roles_and_times() {
        assert_eq!(names("By Ann Porter 5 minutes ago"), ["Ann Porter"]);
        assert_eq!(names("By Ann Porter and Bo van der Li, Chief Reporter"), ["Ann Porter", "Bo van der Li"]);
        assert_eq!(names("By Ann Porter | 20 November 2026, 9:14"), ["Ann Porter"]);
        assert_eq!(names("Ann Porter Updated Friday"), ["Ann Porter"]);
    }

    #[test]
    fn what_only_starts_alike_names_nobody() {
        assert!(names("By Monday").is_empty());
        assert!(names("By the numbers").is_empty());
        assert!(names("Chief Reporter").is_empty());
    }

    #[test]
    fn the_order_of_names_does_not_flicker() {
        let content = crate::model::Content { byline: Some("Bo Li, Ann Porter".to_owned()), ..Default::default() };
        let kept = Kept::of(&Walked::default(), &content);
        assert_eq!(still("Ann Porter, Bo Li".to_owned(), &kept), "Bo Li, Ann Porter");
        assert_eq!(still("Ann Porter".to_owned(), &kept), "Ann Porter");
    }
}
