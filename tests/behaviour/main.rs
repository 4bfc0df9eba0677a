//! What redraft does, told in sentences: a loopback news site, the real daemon on a real store, and a hand-held clock.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod knows_articles;
mod program;
mod publishes_edits;
mod reads_sources;
mod site;
mod watches_articles;
