//! What pictures are drawn with: letters as outlines, lines of them, and an SVG made into a PNG.
//!
//! Letters come as outlines into the SVG, not as text: it looks the same wherever it is drawn, no font is looked up, and none of a
//! stranger's text stands in it.

mod icon;
mod letters;
mod lines;
mod png;
mod sheet;

pub(super) use icon::ico;
pub(super) use letters::{Letters, Weight};
pub(super) use lines::{Room, Wrapped, end, first_mark, wrapped};
pub(super) use png::png;
pub(super) use sheet::{Mark, Place, Sheet, height};
