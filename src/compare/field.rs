//! Compares headline, standfirst and byline: short texts, word by word.

use super::normal::comparison_form;
use super::text::Run;
use super::token::Vocabulary;
use super::words::{Budget, equal_segments, is_written_alike, segments};
use crate::model::{FieldChange, Op, Segment};

/// The change of a short field; an absent field is an empty text. `None` if only white space differs.
#[must_use]
pub fn field(old: &str, new: &str) -> Option<FieldChange> {
    if is_written_alike(old, new) {
        return None;
    }
    let mut words = Vocabulary::default();
    let (before, after) = (Run::read(old, &mut words), Run::read(new, &mut words));
    let only_restyled = comparison_form(old) == comparison_form(new);
    let segments = match only_restyled {
        true if before.has_words_of(&after) => equal_segments(&before, &after),
        // Equal only as a whole: "№5" has one word more than "No5".
        true => vec![Segment { op: Op::Same, text: new.to_owned(), old: Some(old.to_owned()) }],
        false => segments(&before, &after, &words, &mut Budget::new()),
    };
    Some(FieldChange { old: old.to_owned(), new: new.to_owned(), segments, only_restyled })
}
