//! Pages of the demo site: an article with everything that real pages put around one.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::json;

use super::article::Piece;

/// Name of the site.
pub(super) const NAME: &str = "Saltmarsh Herald";

/// Teasers beside articles, which change by themselves.
const TEASERS: [&str; 7] = [
    "Ten beaches where your dog is welcome",
    "Crossword: this week's solution",
    "Quiz: how well do you know the old town?",
    "In pictures: the regatta through the years",
    "Your letters: parking, gulls and the brass band",
    "Recipe: crab tart from the fish market",
    "What's on: nine things to do this weekend",
];
/// Advertisements.
const ADVERTISEMENTS: [&str; 5] = [
    "Strand Kitchens: half price until Sunday",
    "Penholt Motors: drive away today",
    "Learn the ukulele in a weekend",
    "Double glazing? Ask Harbour Windows",
    "Wye & Sons, boat covers since 1922",
];

/// The values that vary from one request to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) now: Timestamp,
    /// Number of times the surroundings were changed by the script.
    pub(super) round: u32,
    /// Number of pages requested so far, so that no two pages are identical.
    pub(super) fetch: u64,
}

/// Escapes text for HTML and XML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The page of an article.
pub(super) fn article_page(piece: &Piece, others: &[Piece], base: &str, moment: Moment) -> String {
    let url = format!("{base}/articles/{}", piece.slug);
    let mut html = page_head(piece, &url);
    html.push_str(&masthead());
    let _ = write!(
        html,
        "<main class=\"layout\"><article class=\"story\" id=\"story-{slug}\">\n\
         <nav class=\"breadcrumbs\"><a href=\"/\">Home</a> › <a href=\"/{section}\">{section}</a></nav>\n\
         <h1 class=\"story__headline\">{headline}</h1>\n<p class=\"story__standfirst\">{standfirst}</p>\n\
         <div class=\"story__meta\"><span class=\"byline\">By <a rel=\"author\" href=\"/staff\">{byline}</a></span> \
         <time datetime=\"{published}\">{ago}</time> <a class=\"comment-count\" href=\"#comments\">{comments} comments</a></div>\n",
        slug = piece.slug,
        section = piece.sections.first().map_or("news", String::as_str),
        headline = escape(&piece.headline),
        standfirst = escape(&piece.standfirst),
        byline = escape(&piece.byline),
        published = piece.published,
        ago = age_text(piece, moment),
        comments = piece.comments + moment.round * 3,
    );
    html.push_str(&share_bar());
    html.push_str("<div class=\"story__body\">\n");
    for (n, paragraph) in piece.paragraphs.iter().enumerate() {
        let _ = writeln!(html, "<p>{}</p>", escape(paragraph));
        if n == 2 {
            html.push_str(&advertisement(moment, 0));
        }
        if n == 4 {
            html.push_str(NEWSLETTER);
        }
    }
    if let Some(note) = &piece.note {
        let _ = writeln!(html, "<p class=\"correction\"><em>{}</em></p>", escape(note));
    }
    html.push_str("</div>\n</article>\n");
    html.push_str(&side_column(piece, others, moment));
    html.push_str("</main>\n");
    html.push_str(FOOTER);
    html
}

/// The head of the page, with metadata for machines.
fn page_head(piece: &Piece, url: &str) -> String {
    let linked = json!({
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": piece.headline, "description": piece.standfirst,
        "datePublished": piece.published.to_string(), "dateModified": piece.modified.to_string(), "mainEntityOfPage": url,
        "author": [{"@type": "Person", "name": piece.byline}], "publisher": {"@type": "NewsMediaOrganization", "name": NAME},
    });
    // A `</script>` in a text must not end the script.
    let linked = linked.to_string().replace('<', "\\u003c");
    format!(
        "<!doctype html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>{headline} | {NAME}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"description\" content=\"{standfirst}\">\n\
         <meta property=\"og:type\" content=\"article\"><meta property=\"og:title\" content=\"{headline}\">\n\
         <meta property=\"og:url\" content=\"{url}\"><link rel=\"canonical\" href=\"{url}\">\n\
         <meta property=\"article:published_time\" content=\"{published}\">\n\
         <script type=\"application/ld+json\">{linked}</script>\n<style>{STYLE}</style></head>\n<body>\n",
        headline = escape(&piece.headline),
        standfirst = escape(&piece.standfirst),
        published = piece.published,
    )
}

const STYLE: &str = "body{font:17px/1.5 Georgia,serif;margin:0 auto;max-width:64rem;padding:0 1rem;color:#222}\
    .masthead{border-bottom:3px double #222;display:flex;gap:1.5rem;align-items:baseline;flex-wrap:wrap}\
    .masthead b{font-size:1.8rem}.layout{display:grid;grid-template-columns:1fr 16rem;gap:2rem}\
    .ad,.newsletter{background:#eee;padding:.7rem;font:14px sans-serif}.share ul{display:flex;gap:1rem;padding:0;list-style:none}\
    .correction{border-left:4px solid #a00;padding-left:.7rem}@media(max-width:45rem){.layout{display:block}}";

const NEWSLETTER: &str = "<aside class=\"newsletter\"><h3>The Herald at seven</h3><p>Sign up for our morning newsletter and \
    never miss a tide.</p><form action=\"/newsletter\"><input type=\"email\" placeholder=\"Your e-mail address\">\
    <button>Sign up</button></form></aside>\n";

const FOOTER: &str = "<footer class=\"footer\"><p>© Saltmarsh Herald. All rights reserved.</p><ul><li><a href=\"/about\">About \
    us</a></li><li><a href=\"/privacy\">Privacy and cookies</a></li><li><a href=\"/contact\">Contact the newsroom</a></li></ul>\
    </footer>\n</body></html>\n";

fn masthead() -> String {
    format!(
        "<header class=\"masthead\"><b><a href=\"/\">{NAME}</a></b><nav><a href=\"/\">News</a> <a href=\"/council\">Council</a> \
         <a href=\"/sport\">Sport</a> <a href=\"/weather\">Weather</a> <a href=\"/tides\">Tides</a></nav></header>\n"
    )
}

fn share_bar() -> String {
    let links = ["Facebook", "WhatsApp", "E-mail"].map(|name| format!("<li><a href=\"/share\">{name}</a></li>"));
    format!("<div class=\"share\"><span>Share this</span><ul>{}</ul></div>\n", links.concat())
}

/// An advertisement; it differs at every request.
fn advertisement(moment: Moment, slot: u64) -> String {
    let fetch = moment.fetch + slot;
    let text = ADVERTISEMENTS[(fetch as usize) % ADVERTISEMENTS.len()];
    format!(
        "<div class=\"ad\" id=\"ad-{fetch:x}\" data-slot=\"{slot}\"><small>Advertisement</small> <a href=\"/ad?c={fetch}\">{text}</a></div>\n"
    )
}

/// The age of an article the way sites show it: "5 minutes ago".
fn age_text(piece: &Piece, moment: Moment) -> String {
    let minutes = moment.now.duration_since(piece.published).as_secs() / 60 + i64::from(moment.round) * 5;
    if minutes < 90 { format!("{minutes} minutes ago") } else { format!("{} hours ago", minutes / 60) }
}

/// The column beside an article: teasers, most read, an advertisement.
fn side_column(piece: &Piece, others: &[Piece], moment: Moment) -> String {
    let mut html =
        String::from("<aside class=\"beside\"><section class=\"related\"><h2>More from the Herald</h2><ul>\n");
    for n in 0..4 {
        let teaser = TEASERS[(n + moment.round as usize * 3) % TEASERS.len()];
        let _ = writeln!(html, "<li><a href=\"/more/{n}\">{}</a></li>", escape(teaser));
    }
    html.push_str("</ul></section><section class=\"most-read\"><h2>Most read</h2><ol>\n");
    let skip = moment.round as usize % others.len().max(1);
    let most_read =
        others.iter().cycle().skip(skip).take(others.len()).filter(|other| other.slug != piece.slug && !other.gone);
    for other in most_read.take(4) {
        let _ = writeln!(html, "<li><a href=\"/articles/{}\">{}</a></li>", other.slug, escape(&other.headline));
    }
    let _ = write!(html, "</ol></section>\n{}</aside>\n", advertisement(moment, 1));
    html
}

/// A consent wall, which some publishers show instead of an article.
pub(super) fn consent_wall() -> String {
    format!(
        "<!doctype html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>Before you continue | {NAME}</title></head>\n\
         <body><main class=\"consent\"><h1>We value your privacy</h1>\n\
         <p>We and our 743 partners store and access information on your device, such as cookies, to show personalised \
         advertising and content. By clicking “Accept all” you consent to this use. You can change your mind at any time.</p>\n\
         <form action=\"/consent\"><button>Accept all</button> <button>Manage options</button></form></main></body></html>\n"
    )
}

/// The front page.
pub(super) fn front_page(pieces: &[Piece]) -> String {
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>{NAME}</title><style>{STYLE}</style>\n\
         <link rel=\"alternate\" type=\"application/rss+xml\" href=\"/news.xml\">\
         <link rel=\"alternate\" type=\"application/atom+xml\" href=\"/council.xml\"></head><body>\n{}<ul>\n",
        masthead()
    );
    for piece in pieces.iter().filter(|piece| !piece.gone) {
        let _ = writeln!(
            html,
            "<li><h2><a href=\"/articles/{}\">{}</a></h2><p>{}</p></li>",
            piece.slug,
            escape(&piece.headline),
            escape(&piece.standfirst)
        );
    }
    html + "</ul>\n" + FOOTER
}
