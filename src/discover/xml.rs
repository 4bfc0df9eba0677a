//! Reads any RSS, RDF, Atom or CDF into a [`Draft`]: which elements matter in which format, and what they mean.

use jiff::civil::Weekday;
use url::Url;

use super::NotAFeed;
use super::attributes::Attributes;
use super::draft::{Draft, MAX_ENTRIES_READ};
use super::found::{DateFrom, Found, LinkFrom, web_address};
use super::nest::{Element, Event, Nest};
use super::plain;
use super::space::Space;
use crate::model::FeedLinks;

/// Elements that a feed can begin with, or that contain its entries.
const CONTAINERS: [&str; 5] = ["rss", "rdf", "feed", "channel", "entry"];

/// Elements that are entries.
const ENTRIES: [&str; 2] = ["item", "entry"];

/// Size limit of the text of one element, in bytes; longer text is cut. Titles and addresses are far shorter; of an
/// article's text this is the part that is hashed.
const MAX_FIELD_BYTES: usize = 16 << 10;

/// The purpose of an element's text.
#[derive(Clone, Copy, Debug)]
enum Field {
    Title(u8),
    Link,
    OriginalLink,
    Guid,
    Id(u8),
    Published(DateFrom),
    Updated(DateFrom),
    Text,
    FeedTitle,
    Minutes,
    Period,
    Frequency,
    SkippedHour,
    SkippedDay,
}

/// Elements that are read as direct children of an entry.
const ENTRY_FIELDS: [(Space, &str, Field); 23] = [
    (Space::Feed, "title", Field::Title(0)),
    (Space::Dublin, "title", Field::Title(1)),
    (Space::Feed, "link", Field::Link),
    (Space::Feedburner, "origlink", Field::OriginalLink),
    (Space::Feed, "guid", Field::Guid),
    (Space::Feed, "id", Field::Id(0)),
    (Space::Dublin, "identifier", Field::Id(2)),
    (Space::Feed, "pubdate", Field::Published(DateFrom::Own)),
    (Space::Feed, "published", Field::Published(DateFrom::Own)),
    (Space::Feed, "issued", Field::Published(DateFrom::Own)),
    (Space::Dublin, "issued", Field::Published(DateFrom::Module)),
    (Space::Dublin, "created", Field::Published(DateFrom::Module)),
    (Space::Dublin, "date", Field::Published(DateFrom::Vague)),
    (Space::Feed, "created", Field::Published(DateFrom::Vague)),
    (Space::Feed, "date", Field::Published(DateFrom::Vague)),
    (Space::Feed, "updated", Field::Updated(DateFrom::Own)),
    (Space::Feed, "modified", Field::Updated(DateFrom::Own)),
    (Space::Feed, "lastbuilddate", Field::Updated(DateFrom::Vague)),
    (Space::Dublin, "modified", Field::Updated(DateFrom::Module)),
    (Space::Feed, "description", Field::Text),
    (Space::Feed, "summary", Field::Text),
    (Space::Feed, "content", Field::Text),
    (Space::Other, "encoded", Field::Text),
];

/// Elements that are read as direct children of the feed.
const FEED_FIELDS: [(Space, &str, Field); 5] = [
    (Space::Feed, "title", Field::FeedTitle),
    (Space::Dublin, "title", Field::FeedTitle),
    (Space::Feed, "ttl", Field::Minutes),
    (Space::Syndication, "updateperiod", Field::Period),
    (Space::Syndication, "updatefrequency", Field::Frequency),
];

/// Elements that are read one level deeper: inside `skipHours` and `skipDays`.
const SKIP_FIELDS: [(Space, &str, Field); 2] =
    [(Space::Feed, "hour", Field::SkippedHour), (Space::Feed, "day", Field::SkippedDay)];

/// Reads `text`, which came from `base`. `None` if there is no beginning of a feed in it.
///
/// # Errors
/// [`NotAFeed::TooManyEntries`].
pub(super) fn read(text: &str, base: &Url) -> Result<Option<Draft>, NotAFeed> {
    let mut nest = Nest::new(text, base);
    let mut reader = Reader::default();
    while let Some(event) = nest.next() {
        match event {
            Event::Open(element) => reader.open_element(&element, &nest),
            Event::Text(text) if reader.field.is_some() => reader.append_text(&nest.decode(text)),
            Event::Verbatim(text) => reader.append_text(text),
            Event::Text(_) => {}
            Event::Close(depth) => reader.close_element(depth, nest.base()),
        }
        if reader.draft.entries.len() > MAX_ENTRIES_READ {
            return Err(NotAFeed::TooManyEntries(MAX_ENTRIES_READ));
        }
    }
    reader.draft.interval_s = reader.longest_interval_s();
    Ok(reader.begun.then_some(reader.draft))
}

/// An element whose text is being collected.
struct Open<'a> {
    depth: usize,
    field: Field,
    attributes: Attributes<'a>,
    text: String,
}

/// State of reading a feed.
#[derive(Default)]
struct Reader<'a> {
    draft: Draft,
    /// Whether a feed has begun.
    begun: bool,
    /// Whether an HTML page began before it.
    in_html: bool,
    /// Whether the format is Atom, whose titles declare their type.
    is_atom: bool,
    /// Depth of the innermost container.
    container: usize,
    entry: Option<(usize, Found)>,
    field: Option<Open<'a>>,
    minutes: Option<u64>,
    period: Option<u64>,
    frequency: Option<u64>,
}

impl<'a> Reader<'a> {
    fn open_element(&mut self, element: &Element<'a>, nest: &Nest<'a>) {
        let name = element.local.as_str();
        self.detect_feed(name, element.attributes);
        if !self.begun {
            return;
        }
        if let Some((depth, found)) = &mut self.entry {
            let field = (element.depth == *depth + 1).then(|| field_of(&ENTRY_FIELDS, element)).flatten();
            if let Some(field) = field {
                add_atom_link(found, field, element.attributes, nest);
                self.start_collecting(element, field);
            }
        } else if ENTRIES.contains(&name) && element.space == Space::Feed {
            self.entry = Some((element.depth, start_entry(element.attributes, nest)));
        } else if CONTAINERS.contains(&name) {
            self.container = element.depth;
        } else if element.depth == self.container + 1 {
            if let Some(field) = field_of(&FEED_FIELDS, element) {
                self.start_collecting(element, field);
            } else if name == "link" && element.space == Space::Feed {
                store_feed_link(&mut self.draft.links, element.attributes, nest);
            }
        } else if element.depth == self.container + 2
            && let Some(field) = field_of(&SKIP_FIELDS, element)
        {
            self.start_collecting(element, field);
        }
    }

    /// Detects the beginning of a feed. Inside an HTML page an element needs a version or a namespace, because pages
    /// contain other RDF.
    fn detect_feed(&mut self, name: &str, attributes: Attributes<'_>) {
        if !self.begun {
            self.in_html |= name == "html";
            let is_sure = attributes.get("version").or(attributes.get("xmlns")).is_some();
            self.begun = CONTAINERS.contains(&name) && (is_sure || !self.in_html);
            self.is_atom = matches!(name, "feed" | "entry");
        }
    }

    fn start_collecting(&mut self, element: &Element<'a>, field: Field) {
        self.field = Some(Open { depth: element.depth, field, attributes: element.attributes, text: String::new() });
    }

    fn append_text(&mut self, text: &str) {
        if let Some(open) = &mut self.field {
            let room = MAX_FIELD_BYTES.saturating_sub(open.text.len());
            open.text.push_str(&text[..text.floor_char_boundary(room)]);
        }
    }

    fn close_element(&mut self, depth: usize, base: &Url) {
        if let Some(open) = self.field.take_if(|open| open.depth >= depth) {
            self.store_field(&open, base);
        }
        if let Some((_, found)) = self.entry.take_if(|(at, _)| *at >= depth) {
            let place = self.draft.entries.len() + 1;
            self.draft.entries.push(found.finish(place));
        }
        if self.container >= depth {
            self.container = depth - 1;
        }
    }

    /// Stores the text of a collected element.
    fn store_field(&mut self, open: &Open<'_>, base: &Url) {
        let text = open.text.trim();
        match (open.field, &mut self.entry) {
            (Field::FeedTitle, _) => {
                let title = plain_title(text, open.attributes, self.is_atom);
                self.draft.title = self.draft.title.take().or(title);
            }
            (Field::Minutes, _) => self.minutes = text.parse().ok(),
            (Field::Period, _) => self.period = period_s(text),
            (Field::Frequency, _) => self.frequency = text.parse().ok(),
            (Field::SkippedHour, None) => text.parse().into_iter().for_each(|hour| self.draft.skip.add_hour(hour)),
            (Field::SkippedDay, None) => parse_weekday(text).into_iter().for_each(|day| self.draft.skip.add_day(day)),
            (field, Some((_, found))) => add_field(found, field, text, open.attributes, base, self.is_atom),
            (_, None) => {}
        }
    }

    /// The longest interval between polls that the feed asks for, in seconds.
    fn longest_interval_s(&self) -> Option<u64> {
        let syndicated = self.period.map(|period| period / self.frequency.unwrap_or(1).max(1));
        self.minutes.map(|minutes| minutes.saturating_mul(60)).max(syndicated)
    }
}

/// Stores the address in a feed's own `<link rel=… href=…/>`. The first of each kind counts.
fn store_feed_link(links: &mut FeedLinks, attributes: Attributes<'_>, nest: &Nest<'_>) {
    let rel = attributes.get("rel").unwrap_or_default().to_ascii_lowercase();
    let place = match rel.trim() {
        "self" => &mut links.own,
        "hub" => &mut links.hub,
        "next" | "prev-archive" => &mut links.next,
        _ => return,
    };
    if place.is_none() {
        let href = attributes.get("href").unwrap_or_default();
        *place = web_address(&nest.decode(href), nest.base());
    }
}

fn field_of(fields: &[(Space, &str, Field)], element: &Element<'_>) -> Option<Field> {
    fields.iter().find(|(space, name, _)| *space == element.space && *name == element.local).map(|(.., field)| *field)
}

/// A new entry with the values in its start tag.
fn start_entry(attributes: Attributes<'_>, nest: &Nest<'_>) -> Found {
    let mut found = Found::default();
    if let Some(about) = attributes.get("rdf:about").or(attributes.get("about")) {
        let about = nest.decode(about);
        found.add_id(1, &about);
        found.add_link(LinkFrom::About, &about, nest.base());
    }
    if let Some(href) = attributes.get("href") {
        found.add_link(LinkFrom::Article, &nest.decode(href), nest.base());
    }
    if let Some(date) = attributes.get("lastmod") {
        found.add_updated(DateFrom::Own, date);
    }
    found
}

/// Adds the address in Atom's `<link href=… rel=… type=…/>`. Links other than `alternate` do not lead to the article.
fn add_atom_link(found: &mut Found, field: Field, attributes: Attributes<'_>, nest: &Nest<'_>) {
    let (Field::Link, Some(href)) = (field, attributes.get("href")) else { return };
    let from = match attributes.get("type").map(str::to_ascii_lowercase) {
        Some(kind) if kind.contains("html") => LinkFrom::Article,
        None => LinkFrom::AnyFormat,
        Some(_) => LinkFrom::OtherFormat,
    };
    if is_alternate(attributes) {
        found.add_link(from, &nest.decode(href), nest.base());
    }
}

fn is_alternate(attributes: Attributes<'_>) -> bool {
    let rel = attributes.get("rel").unwrap_or_default().trim();
    rel.is_empty() || rel.eq_ignore_ascii_case("alternate")
}

/// Adds the text of a field to `found`.
fn add_field(found: &mut Found, field: Field, text: &str, attributes: Attributes<'_>, base: &Url, is_atom: bool) {
    match field {
        Field::Title(rank) => found.add_title(rank, plain_title(text, attributes, is_atom)),
        Field::Link if attributes.get("href").is_none() && is_alternate(attributes) => {
            found.add_link(LinkFrom::Article, text, base);
        }
        Field::OriginalLink => found.add_link(LinkFrom::Original, text, base),
        Field::Guid => {
            found.add_id(0, text);
            // A guid that is an address is a permanent link unless it says otherwise.
            let is_address = text.starts_with("http://") || text.starts_with("https://");
            if is_address && attributes.get("ispermalink").is_none_or(|is| !is.trim().eq_ignore_ascii_case("false")) {
                found.add_link(LinkFrom::Guid, text, base);
            }
        }
        Field::Id(rank) => found.add_id(rank, text),
        Field::Published(from) => found.add_published(from, text),
        Field::Updated(from) => found.add_updated(from, text),
        Field::Text => found.add_text(text),
        _ => {}
    }
}

/// A title as plain text. In RSS it may be HTML; in Atom it declares its type.
fn plain_title(text: &str, attributes: Attributes<'_>, is_atom: bool) -> Option<String> {
    let kind = attributes.get("type").unwrap_or(if is_atom { "text" } else { "html" }).to_ascii_lowercase();
    match kind.as_str() {
        "xhtml" | "application/xhtml+xml" => plain::line(text),
        "text" | "text/plain" => plain::line(&plain::unescape(text)),
        _ => plain::title(text),
    }
}

/// Parses the English name of a weekday; only its first three letters count.
fn parse_weekday(name: &str) -> Option<Weekday> {
    Some(match name.get(..3)?.to_ascii_lowercase().as_str() {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
    })
}

fn period_s(name: &str) -> Option<u64> {
    Some(match name.to_ascii_lowercase().as_str() {
        "hourly" => 3_600,
        "daily" => 86_400,
        "weekly" => 7 * 86_400,
        "monthly" => 30 * 86_400,
        "yearly" => 365 * 86_400,
        _ => return None,
    })
}
