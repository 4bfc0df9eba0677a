//! What entries and feeds say, a file a language, all with the same fields. Before a translation is changed: what was
//! published stays as it is, readers see the new words from the next edit on.

pub(super) mod english;
pub(super) mod french;
pub(super) mod german;
pub(super) mod polish;
pub(super) mod spanish;
pub(super) mod ukrainian;
