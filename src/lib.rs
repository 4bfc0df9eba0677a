//! redraft watches feeds, keeps every version of the articles that they link to, recognises the edits that matter and
//! publishes them as feeds.
//!
//! In the order of the data's path, which is also the order of layers: each module imports only from those above it.

// Nouns, and the time of day.
pub mod clock;
pub mod model;
// The core: pure verbs. No I/O, no clock, no async, no logging.
pub mod robots;
pub mod discover;
pub mod corrections;
pub mod extract;
pub mod compare;
pub mod classify;
pub mod cadence;
pub mod manners;
pub mod decide;
pub mod render;
// The shell: it does I/O and holds no opinions.
pub mod fetch;
pub mod store;
pub mod telemetry;
pub mod config;
pub mod watcher;
pub mod check;
pub mod websub;
pub mod poll;
pub mod outbox;
pub mod schedule;
pub mod serve;
pub mod daemon;
// What people start.
pub mod inspect;
pub mod demo;
