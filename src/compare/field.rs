//! Headline, standfirst, byline: short texts compared word by word.

use super::normal::comparison_form;
use super::text::Run;
use super::token::Vocabulary;
use super::words::{Budget, segments};
use crate::model::FieldChange;

/// What happened to a short field, absent text being empty; none where it is the same at N2.
#[must_use]
pub fn field(old: &str, new: &str) -> Option<FieldChange> {
    if old == new || comparison_form(old) == comparison_form(new) {
        return None;
    }
    let mut words = Vocabulary::default();
    let (before, after) = (Run::read(old, &mut words), Run::read(new, &mut words));
    let segments = segments(&before, &after, &words, &mut Budget::new());
    Some(FieldChange { old: old.to_owned(), new: new.to_owned(), segments })
}
