//! End-to-end tests: a loopback news site, the real daemon on a real store, and a held clock.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod asks_for_copies;
mod child;
mod exports_while_running;
mod hears_hubs;
mod is_polite;
mod keeps_enough;
mod knows_articles;
mod misbehaving;
mod names_publications;
mod notifies;
mod program;
mod publishes_edits;
mod reads_sources;
mod site;
mod survives_clients;
mod survives_faults;
mod survives_life;
mod survives_moves;
mod survives_publishers;
mod takes_orders;
mod tells_hubs;
mod watches_articles;
