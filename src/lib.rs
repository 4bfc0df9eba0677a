//! redraft watches feeds, keeps every version of the articles that they link to, recognises the edits that matter and
//! publishes them as feeds.

pub mod cadence;
pub mod classify;
pub mod clock;
pub mod config;
pub mod compare;
pub mod discover;
pub mod fetch;
pub mod model;
pub mod store;
pub mod render;
pub mod telemetry;
