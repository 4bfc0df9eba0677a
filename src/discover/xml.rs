//! Any RSS, RDF, Atom or CDF to a [`Draft`]: which elements matter in which dialect, and what they say.

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

/// Elements that a feed can begin with, or that hold its entries.
const CONTAINERS: [&str; 5] = ["rss", "rdf", "feed", "channel", "entry"];

/// Elements that are entries.
const ENTRIES: [&str; 2] = ["item", "entry"];

/// The longest text kept of one element, in bytes. Titles and addresses are far shorter; of a text it is the
/// part that its hash is made of.
const MAX_FIELD_BYTES: usize = 16 << 10;

/// What an element's text is for.
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

/// What is read of an entry: elements directly in it.
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

/// What is read of a feed itself.
const FEED_FIELDS: [(Space, &str, Field); 5] = [
    (Space::Feed, "title", Field::FeedTitle),
    (Space::Dublin, "title", Field::FeedTitle),
    (Space::Feed, "ttl", Field::Minutes),
    (Space::Syndication, "updateperiod", Field::Period),
    (Space::Syndication, "updatefrequency", Field::Frequency),
];

/// What is read of a feed itself, one level further in: in `skipHours` and `skipDays`.
const SKIP_FIELDS: [(Space, &str, Field); 2] =
    [(Space::Feed, "hour", Field::SkippedHour), (Space::Feed, "day", Field::SkippedDay)];

/// Reads `text`, which came from `base`. None where nothing in it begins a feed.
///
/// # Errors
/// [`NotAFeed::TooManyEntries`].
pub(super) fn read(text: &str, base: &Url) -> Result<Option<Draft>, NotAFeed> {
    let mut nest = Nest::new(text, base);
    let mut reader = Reader::default();
    while let Some(event) = nest.next() {
        match event {
            Event::Open(element) => reader.open(&element, &nest),
            Event::Text(text) if reader.field.is_some() => reader.text(&nest.decode(text)),
            Event::Verbatim(text) => reader.text(text),
            Event::Text(_) => {}
            Event::Close(depth) => reader.close(depth, nest.base()),
        }
        if reader.draft.entries.len() > MAX_ENTRIES_READ {
            return Err(NotAFeed::TooManyEntries(MAX_ENTRIES_READ));
        }
    }
    reader.draft.interval_s = reader.interval_s();
    Ok(reader.begun.then_some(reader.draft))
}

/// An element whose text is being collected.
struct Open<'a> {
    depth: usize,
    field: Field,
    attributes: Attributes<'a>,
    text: String,
}

/// What has been read so far.
#[derive(Default)]
struct Reader<'a> {
    draft: Draft,
    /// Whether a feed has begun.
    begun: bool,
    /// Whether a page began before it.
    in_html: bool,
    /// Whether the dialect is Atom: its titles say what they are made of.
    is_atom: bool,
    /// The depth of the innermost container.
    container: usize,
    entry: Option<(usize, Found)>,
    field: Option<Open<'a>>,
    minutes: Option<u64>,
    period: Option<u64>,
    frequency: Option<u64>,
}

impl<'a> Reader<'a> {
    fn open(&mut self, element: &Element<'a>, nest: &Nest<'a>) {
        let name = element.local.as_str();
        self.begin(name, element.attributes);
        if !self.begun {
            return;
        }
        if let Some((depth, found)) = &mut self.entry {
            let field = (element.depth == *depth + 1).then(|| known(&ENTRY_FIELDS, element)).flatten();
            if let Some(field) = field {
                linked(found, field, element.attributes, nest);
                self.collect(element, field);
            }
        } else if ENTRIES.contains(&name) && element.space == Space::Feed {
            self.entry = Some((element.depth, found_at(element.attributes, nest)));
        } else if CONTAINERS.contains(&name) {
            self.container = element.depth;
        } else if element.depth == self.container + 1 {
            if let Some(field) = known(&FEED_FIELDS, element) {
                self.collect(element, field);
            } else if name == "link" && element.space == Space::Feed {
                note(&mut self.draft.links, element.attributes, nest);
            }
        } else if element.depth == self.container + 2
            && let Some(field) = known(&SKIP_FIELDS, element)
        {
            self.collect(element, field);
        }
    }

    /// Looks whether a feed begins. Within a page something must say that it is one: pages hold RDF of other kinds.
    fn begin(&mut self, name: &str, attributes: Attributes<'_>) {
        if !self.begun {
            self.in_html |= name == "html";
            let is_sure = attributes.get("version").or(attributes.get("xmlns")).is_some();
            self.begun = CONTAINERS.contains(&name) && (is_sure || !self.in_html);
            self.is_atom = matches!(name, "feed" | "entry");
        }
    }

    fn collect(&mut self, element: &Element<'a>, field: Field) {
        self.field = Some(Open { depth: element.depth, field, attributes: element.attributes, text: String::new() });
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = &mut self.field {
            let room = MAX_FIELD_BYTES.saturating_sub(open.text.len());
            open.text.push_str(&text[..text.floor_char_boundary(room)]);
        }
    }

    fn close(&mut self, depth: usize, base: &Url) {
        if let Some(open) = self.field.take_if(|open| open.depth >= depth) {
            self.keep(&open, base);
        }
        if let Some((_, found)) = self.entry.take_if(|(at, _)| *at >= depth) {
            let place = self.draft.entries.len() + 1;
            self.draft.entries.push(found.finish(place));
        }
        if self.container >= depth {
            self.container = depth - 1;
        }
    }

    /// Keeps what a collected element says.
    fn keep(&mut self, open: &Open<'_>, base: &Url) {
        let text = open.text.trim();
        match (open.field, &mut self.entry) {
            (Field::FeedTitle, _) => {
                let title = title(text, open.attributes, self.is_atom);
                self.draft.title = self.draft.title.take().or(title);
            }
            (Field::Minutes, _) => self.minutes = text.parse().ok(),
            (Field::Period, _) => self.period = period_s(text),
            (Field::Frequency, _) => self.frequency = text.parse().ok(),
            (Field::SkippedHour, None) => text.parse().into_iter().for_each(|hour| self.draft.skip.add_hour(hour)),
            (Field::SkippedDay, None) => day(text).into_iter().for_each(|day| self.draft.skip.add_day(day)),
            (field, Some((_, found))) => say(found, field, text, open.attributes, base, self.is_atom),
            (_, None) => {}
        }
    }

    /// The longest of the times between polls that the feed asks for, in seconds.
    fn interval_s(&self) -> Option<u64> {
        let syndicated = self.period.map(|period| period / self.frequency.unwrap_or(1).max(1));
        self.minutes.map(|minutes| minutes.saturating_mul(60)).max(syndicated)
    }
}

/// Takes the address out of a feed's own `<link rel=… href=…/>`; the first of its kind counts.
fn note(links: &mut FeedLinks, attributes: Attributes<'_>, nest: &Nest<'_>) {
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

fn known(fields: &[(Space, &str, Field)], element: &Element<'_>) -> Option<Field> {
    fields.iter().find(|(space, name, _)| *space == element.space && *name == element.local).map(|(.., field)| *field)
}

/// A new entry, with what its own tag says.
fn found_at(attributes: Attributes<'_>, nest: &Nest<'_>) -> Found {
    let mut found = Found::default();
    if let Some(about) = attributes.get("rdf:about").or(attributes.get("about")) {
        let about = nest.decode(about);
        found.id(1, &about);
        found.link(LinkFrom::About, &about, nest.base());
    }
    if let Some(href) = attributes.get("href") {
        found.link(LinkFrom::Article, &nest.decode(href), nest.base());
    }
    if let Some(date) = attributes.get("lastmod") {
        found.updated(DateFrom::Own, date);
    }
    found
}

/// Takes the address out of Atom's `<link href=… rel=… type=…/>`. Other relations than `alternate` lead elsewhere.
fn linked(found: &mut Found, field: Field, attributes: Attributes<'_>, nest: &Nest<'_>) {
    let (Field::Link, Some(href)) = (field, attributes.get("href")) else { return };
    let from = match attributes.get("type").map(str::to_ascii_lowercase) {
        Some(kind) if kind.contains("html") => LinkFrom::Article,
        None => LinkFrom::AnyFormat,
        Some(_) => LinkFrom::OtherFormat,
    };
    if is_alternate(attributes) {
        found.link(from, &nest.decode(href), nest.base());
    }
}

fn is_alternate(attributes: Attributes<'_>) -> bool {
    let rel = attributes.get("rel").unwrap_or_default().trim();
    rel.is_empty() || rel.eq_ignore_ascii_case("alternate")
}

/// Tells `found` what the text of one of its fields says.
fn say(found: &mut Found, field: Field, text: &str, attributes: Attributes<'_>, base: &Url, is_atom: bool) {
    match field {
        Field::Title(rank) => found.title(rank, title(text, attributes, is_atom)),
        Field::Link if attributes.get("href").is_none() && is_alternate(attributes) => {
            found.link(LinkFrom::Article, text, base);
        }
        Field::OriginalLink => found.link(LinkFrom::Original, text, base),
        Field::Guid => {
            found.id(0, text);
            // An address is a permanent link unless it says that it is not.
            let is_address = text.starts_with("http://") || text.starts_with("https://");
            if is_address && attributes.get("ispermalink").is_none_or(|is| !is.trim().eq_ignore_ascii_case("false")) {
                found.link(LinkFrom::Guid, text, base);
            }
        }
        Field::Id(rank) => found.id(rank, text),
        Field::Published(from) => found.published(from, text),
        Field::Updated(from) => found.updated(from, text),
        Field::Text => found.text(text),
        _ => {}
    }
}

/// A title as plain text. RSS's may be HTML; Atom's says what it is.
fn title(text: &str, attributes: Attributes<'_>, is_atom: bool) -> Option<String> {
    let kind = attributes.get("type").unwrap_or(if is_atom { "text" } else { "html" }).to_ascii_lowercase();
    match kind.as_str() {
        "xhtml" | "application/xhtml+xml" => plain::line(text),
        "text" | "text/plain" => plain::line(&plain::unescape(text)),
        _ => plain::title(text),
    }
}

/// A day of the week by its English name, or the first three letters of it.
fn day(name: &str) -> Option<Weekday> {
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
