//! Reads sitemaps (sitemaps.org, with Google's news extension) as sources. Their addresses become entries; the sitemaps
//! in an index become further documents.

use jiff::Timestamp;
use url::Url;

use super::found::web_address;
use super::nest::{Event, Nest};
use super::{date, plain};
use crate::model::{Entry, FeedLinks, Part, SourceFeed};

/// Limit of addresses read from one sitemap; the protocol allows no more.
const MAX_ADDRESSES: usize = 50_000;

/// Limit of sitemaps taken from an index; the newest are taken. Each costs a request per round, and news sites put new
/// articles into one or two.
const MAX_PARTS: usize = 10;

/// If all addresses of a sitemap, at least this many, changed at the same moment, then that is when the sitemap was
/// generated, and the dates are ignored.
const STAMPED_TOGETHER: usize = 5;

/// Size limit of the text of one element, in bytes; longer text is cut.
const MAX_FIELD_BYTES: usize = 8 << 10;

/// Number of lines that are tested to decide whether a text is a list of addresses.
const SAMPLE_LINES: usize = 20;

/// A `<url>` or `<sitemap>` element.
#[derive(Default)]
struct Place {
    depth: usize,
    address: String,
    changed: String,
    title: String,
    published: String,
}

/// Reads `text`, which came from `base`, as a sitemap, an index of sitemaps, or a plain list of addresses. `None` if it
/// is something else.
pub(super) fn read(text: &str, base: &Url) -> Option<SourceFeed> {
    if !text.starts_with('<') {
        return read_list(text, base);
    }
    let mut nest = Nest::new(text, base);
    let root = nest.by_ref().find_map(|event| match event {
        Event::Open(element) => Some(element.local),
        _ => None,
    })?;
    match root.as_str() {
        "urlset" => Some(sitemap_feed(to_entries(read_places(nest, "url"), base), Vec::new())),
        "sitemapindex" => Some(sitemap_feed(Vec::new(), choose_parts(&read_places(nest, "sitemap"), base))),
        _ => None,
    }
}

fn sitemap_feed(entries: Vec<Entry>, parts: Vec<Part>) -> SourceFeed {
    SourceFeed {
        entries,
        is_sitemap: true,
        links: FeedLinks { parts, ..FeedLinks::default() },
        ..SourceFeed::default()
    }
}

/// Reads a text with one address per line. `None` if a sample of its lines contains anything else.
fn read_list(text: &str, base: &Url) -> Option<SourceFeed> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_address = |line: &str| {
        (line.starts_with("http://") || line.starts_with("https://")) && !line.contains(char::is_whitespace)
    };
    if lines().next().is_none() || !lines().take(SAMPLE_LINES).all(is_address) {
        return None;
    }
    let places = lines().take(MAX_ADDRESSES).map(|line| Place { address: line.to_owned(), ..Place::default() });
    Some(sitemap_feed(to_entries(places.collect(), base), Vec::new()))
}

/// Reads all elements called `name`.
fn read_places(nest: Nest<'_>, name: &str) -> Vec<Place> {
    let mut nest = nest;
    let mut places = Vec::new();
    let mut open: Option<Place> = None;
    // The element whose text is being read, and its parent if that is inside the place.
    let (mut field, mut around) = (String::new(), String::new());
    while let Some(event) = nest.next() {
        match event {
            Event::Open(element) if element.local == name => {
                places.extend(open.replace(Place { depth: element.depth, ..Place::default() }));
            }
            Event::Open(element) => match open.as_ref().map(|place| element.depth - place.depth.min(element.depth)) {
                Some(1) => (field, around) = (element.local, String::new()),
                Some(2) => (around, field) = (if around.is_empty() { field } else { around }, element.local),
                _ => field.clear(),
            },
            Event::Text(text) => store_text(&mut open, &around, &field, &nest.decode(text)),
            Event::Verbatim(text) => store_text(&mut open, &around, &field, text),
            Event::Close(depth) => {
                field.clear();
                if open.as_ref().is_some_and(|place| depth <= place.depth) {
                    places.extend(open.take());
                    around.clear();
                } else if open.as_ref().is_some_and(|place| depth == place.depth + 1) {
                    around.clear();
                }
            }
        }
        if places.len() >= MAX_ADDRESSES {
            break;
        }
    }
    places.extend(open);
    places
}

/// Appends text to the field that the current element belongs to; ignores other elements.
fn store_text(open: &mut Option<Place>, around: &str, field: &str, text: &str) {
    let Some(place) = open else { return };
    let kept = match (around, field) {
        ("", "loc") => &mut place.address,
        ("", "lastmod") => &mut place.changed,
        ("news", "title") => &mut place.title,
        ("news", "publication_date") => &mut place.published,
        _ => return,
    };
    let room = MAX_FIELD_BYTES.saturating_sub(kept.len());
    kept.push_str(&text[..text.floor_char_boundary(room)]);
}

/// One entry for each http or https address. Drops the dates if all are equal; see [`STAMPED_TOGETHER`].
fn to_entries(places: Vec<Place>, base: &Url) -> Vec<Entry> {
    let mut entries: Vec<Entry> = places.into_iter().filter_map(|place| to_entry(&place, base)).collect();
    // See `STAMPED_TOGETHER`.
    let first = entries.first().and_then(|entry| entry.updated);
    if entries.len() >= STAMPED_TOGETHER && entries.iter().all(|entry| entry.updated == first) {
        for entry in &mut entries {
            entry.updated = None;
        }
    }
    entries
}

fn to_entry(place: &Place, base: &Url) -> Option<Entry> {
    let link = web_address(&place.address, base)?;
    Some(Entry {
        id: link.to_string(),
        title: plain::line(&place.title),
        published: date::parse(&place.published),
        updated: date::parse(&place.changed),
        link: Some(link),
        text: None,
    })
}

/// The most promising sitemaps of an index: those that changed last, then those without a date, alternately from both
/// ends, because some sites append new ones and some prepend them.
fn choose_parts(places: &[Place], base: &Url) -> Vec<Part> {
    let parts = places.iter().filter_map(|place| {
        Some(Part { url: web_address(&place.address, base)?, changed: date::parse(&place.changed) })
    });
    let (mut dated, undated): (Vec<Part>, Vec<Part>) = parts.partition(|part| part.changed.is_some());
    dated.sort_by_key(|part| std::cmp::Reverse(part.changed.unwrap_or(Timestamp::MIN)));
    let mut undated = std::collections::VecDeque::from(undated);
    let mut from_front = false;
    let by_turns = std::iter::from_fn(move || {
        from_front = !from_front;
        if from_front { undated.pop_front() } else { undated.pop_back() }
    });
    let mut chosen: Vec<Part> = Vec::new();
    for part in dated.into_iter().chain(by_turns) {
        if chosen.len() == MAX_PARTS {
            break;
        }
        if chosen.iter().all(|other| other.url != part.url) {
            chosen.push(part);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("https://example.org/sitemap.xml").unwrap()
    }

    #[test]
    fn a_news_sitemap_has_titles_dates_and_changes_and_its_pictures_are_ignored() {
        let text = "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' \
            xmlns:news='http://www.google.com/schemas/sitemap-news/0.9' xmlns:image='x'>
            <url><loc>https://example.org/a?x=1&amp;y=2</loc><lastmod>2026-08-01T10:00:00+02:00</lastmod>
            <news:news><news:publication><news:name>Echo</news:name></news:publication>
            <news:publication_date>2026-08-01</news:publication_date><news:title><![CDATA[Fish & chips]]></news:title></news:news>
            <image:image><image:loc>https://example.org/a.jpg</image:loc></image:image></url>
            <url><loc> /b </loc></url><url><loc>mailto:x@example.org</loc></url></urlset>";
        let feed = read(text, &base()).unwrap();
        let [a, b] = &feed.entries[..] else { panic!("{:?}", feed.entries) };
        assert_eq!(a.link.as_ref().unwrap().as_str(), "https://example.org/a?x=1&y=2");
        assert_eq!(a.title.as_deref(), Some("Fish & chips"));
        assert_eq!(a.updated, "2026-08-01T08:00:00Z".parse().ok());
        assert_eq!(a.published, "2026-08-01T00:00:00Z".parse().ok());
        assert_eq!((b.link.as_ref().unwrap().as_str(), b.updated), ("https://example.org/b", None));
    }

    #[test]
    fn an_index_gives_its_newest_sitemaps_and_a_bounded_number() {
        let dated =
            |day: u32| format!("<sitemap><loc>/{day}.xml.gz</loc><lastmod>2026-08-{day:02}</lastmod></sitemap>");
        let undated = |name: u32| format!("<sitemap><loc>/u{name}.xml</loc></sitemap>");
        let text = format!(
            "<sitemapindex>{}{}{}",
            undated(1),
            (1..=7).map(dated).collect::<String>(),
            (2..=9).map(undated).collect::<String>()
        );
        let parts = read(&text, &base()).unwrap().links.parts;
        let paths: Vec<&str> = parts.iter().map(|part| part.url.path()).collect();
        let expected = [
            "/7.xml.gz",
            "/6.xml.gz",
            "/5.xml.gz",
            "/4.xml.gz",
            "/3.xml.gz",
            "/2.xml.gz",
            "/1.xml.gz",
            "/u1.xml",
            "/u9.xml",
            "/u2.xml",
        ];
        assert_eq!(paths, expected);
    }

    #[test]
    fn equal_dates_of_all_addresses_are_ignored() {
        let with = |moments: [&str; 5]| {
            let urls = moments.map(|moment| format!("<url><loc>/{moment}x</loc><lastmod>{moment}</lastmod></url>"));
            read(&format!("<urlset>{}</urlset>", urls.concat()), &base()).unwrap().entries
        };
        assert!(with(["2026-08-01"; 5]).iter().all(|entry| entry.updated.is_none()));
        assert!(with(["2026-08-01", "2026-08-01", "2026-08-01", "2026-08-01", "2026-08-02"])[0].updated.is_some());
    }

    #[test]
    fn a_list_of_addresses_is_a_sitemap_and_prose_is_not() {
        let feed = read("https://example.org/a\n\nhttps://example.org/b\n", &base()).unwrap();
        assert_eq!(feed.entries.len(), 2);
        assert_eq!(read("https://example.org/a is down\n", &base()), None);
        assert_eq!(read("", &base()), None);
        assert_eq!(read("<html><urlset>", &base()), None);
    }
}
