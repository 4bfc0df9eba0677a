//! redraft watches feeds, keeps every version of the articles that they link to, recognises the edits that matter and
//! publishes them as feeds.
//!
//! The modules are listed in the order of the data flow, which is also the order of layers: each imports only from
//! those above it.

// Types, and the time of day.
pub mod clock;
pub mod model;
// The core: pure functions without I/O, clock, async or logging.
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
// The shell: I/O, without policy of its own.
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
// Programs that people start.
pub mod inspect;
pub mod demo;
