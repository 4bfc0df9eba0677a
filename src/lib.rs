//! redraft watches feeds, keeps every version of the articles that they link to, recognises the edits that matter and
//! publishes them as feeds.

pub mod clock;
pub mod extract;
pub mod model;
