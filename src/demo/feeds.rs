//! The demo site's own feeds: news as RSS, council affairs as Atom.

use std::fmt::Write as _;

use jiff::{Timestamp, tz::TimeZone};

use super::article::Piece;
use super::page::{NAME, escape};

/// The articles of a section that are not gone.
fn articles_in<'a>(pieces: &'a [Piece], section: &'a str) -> impl Iterator<Item = &'a Piece> {
    pieces.iter().filter(move |piece| !piece.gone && piece.sections.iter().any(|own| own == section))
}

/// The news feed, RSS 2.0.
pub(super) fn news_feed(pieces: &[Piece], base: &str) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\"><channel><title>{NAME}</title><link>{base}/</link>\
         <description>News from Saltmarsh and the coast</description>\n"
    );
    for piece in articles_in(pieces, "news") {
        let _ = writeln!(
            xml,
            "<item><title>{}</title><link>{base}/articles/{slug}?utm_source=rss</link><guid isPermaLink=\"false\">herald-{slug}</guid>\
             <pubDate>{}</pubDate><description>{}</description></item>",
            escape(&piece.headline),
            rfc_822(piece.published),
            escape(&piece.standfirst),
            slug = piece.slug,
        );
    }
    xml + "</channel></rss>\n"
}

/// The council feed, Atom 1.0.
pub(super) fn council_feed(pieces: &[Piece], base: &str) -> String {
    let newest = articles_in(pieces, "council").map(|piece| piece.published).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>{NAME}: council</title>\
         <id>{base}/council.xml</id><link rel=\"self\" href=\"{base}/council.xml\"/><updated>{newest}</updated>\n"
    );
    for piece in articles_in(pieces, "council") {
        let _ = writeln!(
            xml,
            "<entry><title>{}</title><id>{base}/articles/{slug}</id><link href=\"{base}/articles/{slug}\"/>\
             <published>{published}</published><updated>{published}</updated><author><name>{}</name></author>\
             <summary>{}</summary></entry>",
            escape(&piece.headline),
            escape(&piece.byline),
            escape(&piece.standfirst),
            slug = piece.slug,
            published = piece.published,
        );
    }
    xml + "</feed>\n"
}

/// Formats a date for RSS.
fn rfc_822(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
