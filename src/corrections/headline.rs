//! What agencies and sites put before or behind a headline to say that the article was changed.

use super::form::form;
use super::words::{Kind, Vocabulary};

/// What a mark at a headline says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The article was corrected, clarified or withdrawn: `CORRECTED-`.
    Correction(String),
    /// It is an agency's next version of it: `UPDATE 1-`.
    Numbered(String),
    /// It was updated: `Update:`.
    Update,
}

/// A headline without its marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked<'a> {
    /// The marks, in order.
    pub marks: Vec<Mark>,
    /// The rest.
    pub rest: &'a str,
}

/// Marks before one headline: `CORRECTED-UPDATE 2-`.
const MAX_MARKS: usize = 4;
/// Bytes of a mark.
const MAX_MARK_BYTES: usize = 90;
/// What stands between a mark before a headline and it.
const SEPARATORS: [char; 18] =
    [':', '-', '–', '—', '|', ']', ')', '】', '）', '〉', '》', '>', '：', '﹕', '／', '·', '―', '－'];
/// What stands between a headline and a mark behind it.
const OPENINGS: [&str; 9] = [" (", " [", " - ", " – ", " — ", " | ", "（", "【", " ("];

/// A headline with its marks taken off.
#[must_use]
pub fn marked(headline: &str) -> Marked<'_> {
    let mut found = Marked { marks: Vec::new(), rest: headline.trim() };
    while found.marks.len() < MAX_MARKS
        && let Some((mark, rest)) = before(found.rest)
    {
        found.marks.push(mark);
        found.rest = rest;
    }
    if let Some((rest, mark)) = behind(found.rest) {
        found.marks.push(mark);
        found.rest = rest;
    }
    found
}

/// The mark that a headline begins with, and the rest.
fn before(headline: &str) -> Option<(Mark, &str)> {
    let start = headline.get(..headline.floor_char_boundary(MAX_MARK_BYTES))?;
    let ends = start.char_indices().filter(|(_, c)| SEPARATORS.contains(c));
    let mut cuts = ends.map(|(at, c)| (&headline[..at], &headline[at + c.len_utf8()..]));
    cuts.find_map(|(head, rest)| {
        let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || SEPARATORS.contains(&c));
        (!rest.is_empty()).then(|| read(head)).flatten().map(|mark| (mark, rest))
    })
}

/// The mark that a headline ends with, and what stands before it.
fn behind(headline: &str) -> Option<(&str, Mark)> {
    let cuts = OPENINGS.iter().filter_map(|opening| headline.rfind(opening).map(|at| (at, opening.len())));
    cuts.filter(|(at, length)| *at > 0 && headline.len() - at - length <= MAX_MARK_BYTES)
        .find_map(|(at, length)| read(&headline[at + length..]).map(|mark| (headline[..at].trim_end(), mark)))
}

/// The mark that a text is, if it is nothing else.
fn read(text: &str) -> Option<Mark> {
    let form = form(text);
    let bare = form.trim_matches(|c: char| !c.is_alphanumeric() && !super::form::is_letter(c));
    if bare.is_empty() {
        return None;
    }
    let name = bare.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    let hits = Vocabulary::get().hits(bare);
    let is_all =
        |kind: Kind, text: &str| hits.iter().any(|hit| hit.kind == kind && hit.at == 0 && hit.end == text.len());
    if is_all(Kind::Label, bare) {
        return Some(Mark::Correction(bare.to_owned()));
    }
    match (is_all(Kind::Update, name), is_all(Kind::Label, name), name.len() < bare.len()) {
        (_, true, true) => Some(Mark::Correction(bare.to_owned())),
        (true, _, true) => Some(Mark::Numbered(bare.to_owned())),
        (true, _, false) => Some(Mark::Update),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_off_a_headline() {
        let correction = |text: &str| Mark::Correction(text.to_owned());
        for (headline, marks) in [
            ("CORRECTED-Council closes hall", vec![correction("corrected")]),
            (
                "CORRECTED-UPDATE 2-Council closes hall",
                vec![correction("corrected"), Mark::Numbered("update 2".into())],
            ),
            ("UPDATE 1-Council closes hall", vec![Mark::Numbered("update 1".into())]),
            ("Update: Council closes hall", vec![Mark::Update]),
            ("[정정] Council closes hall", vec![correction("정정")]),
            ("（訂正）Council closes hall", vec![correction("訂正")]),
            ("Council closes hall (corrected)", vec![correction("corrected")]),
            ("Council closes hall - Correction", vec![correction("correction")]),
        ] {
            assert_eq!(marked(headline), Marked { marks, rest: "Council closes hall" }, "{headline}");
        }
        for headline in [
            "Co-operation grows",
            "Updated rules for builders",
            "Correction of a river: who pays",
            "Two dead - police",
            "-",
        ] {
            assert!(marked(headline).marks.is_empty(), "{headline}");
        }
    }
}
