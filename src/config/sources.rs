//! `[[source]]` and `[[page]]`: the watched sources.

use std::net::IpAddr;

use jiff::SignedDuration;
use url::{Host, Url};

use super::document::{Placed, Table, Value};
use super::problem::{Place, Problems};
use super::retention;
use super::sections::{Fetch, interval_bounds};
use super::settings::suggest_name;
use super::take::{Taker, web_address};
use crate::model::{Digest, Judging, Keeping, Source, SourceKind, SourceSlug};

/// Tables of a file that are sources.
pub(super) const TABLES: [&str; 2] = ["source", "page"];
/// Keys of a feed.
const FEED_KEYS: [&str; 14] = [
    "url",
    "name",
    "slug",
    "interval",
    "include",
    "exclude",
    "ignore_robots",
    "min_score",
    "always",
    "never",
    "boilerplate",
    "keep_versions",
    "keep_pages",
    "forget_after",
];
/// Keys of a page: those of a feed, except the ones about entries.
const PAGE_KEYS: [&str; 12] = [
    "url",
    "name",
    "slug",
    "interval",
    "ignore_robots",
    "min_score",
    "always",
    "never",
    "boilerplate",
    "keep_versions",
    "keep_pages",
    "forget_after",
];
/// Most sources in one configuration.
const MAX_SOURCES: usize = 10_000;

/// Places of a source's definition, for messages and `config show`.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// Place of the source's table.
    pub(super) place: Place,
    /// Place of its address.
    url: Place,
    /// Place of its slug, or of the text that the slug was made from.
    slug: Place,
    /// Its own keys as written.
    pub(super) keys: Vec<(String, Value)>,
}

/// Collects sources.
pub(super) struct Gathering<'a> {
    /// The rules common to all sources.
    pub(super) judge: &'a Judging,
    /// The retention common to all sources.
    pub(super) keeping: &'a Keeping,
    /// Settings for floors and for private addresses.
    pub(super) fetch: Option<&'a Fetch>,
    /// The sources collected so far.
    pub(super) found: Vec<(Source, Origin)>,
}

impl Gathering<'_> {
    /// Adds the sources of a file.
    pub(super) fn add_file(&mut self, file: &Table, problems: &mut Problems) {
        for (name, kind) in TABLES.into_iter().zip([SourceKind::Feed, SourceKind::Page]) {
            let Some(value) = file.get(name) else { continue };
            let Value::List(list) = &value.value else {
                let help = format!("write [[{name}]] with two brackets: there can be many");
                problems.add(
                    &value.place,
                    format!("{name}: expected a list, found {}", value.value.kind()),
                    Some(help),
                );
                continue;
            };
            for entry in list {
                match &entry.value {
                    Value::Table(table) => self.add_table(kind, table, &entry.place, problems),
                    other => {
                        problems.add(&entry.place, format!("{name}: expected a table, found {}", other.kind()), None);
                    }
                }
            }
        }
    }

    /// Adds one `[[source]]` or `[[page]]`.
    fn add_table(&mut self, kind: SourceKind, table: &Table, place: &Place, problems: &mut Problems) {
        let (table_name, keys): (_, &[&str]) = match kind {
            SourceKind::Feed => ("source", &FEED_KEYS),
            SourceKind::Page => ("page", &PAGE_KEYS),
        };
        for (key, _) in &table.0 {
            if !keys.contains(&key.value.as_str()) {
                let names: Vec<String> = keys.iter().map(|&key| key.to_owned()).collect();
                let help = suggest_name(&key.value, &names);
                problems.add(&key.place, format!("unknown key {:?} in [[{table_name}]]", key.value), Some(help));
            }
        }
        let Some(url) = table.get("url").filter(|url| !matches!(&url.value, Value::Text(text) if text.is_empty()))
        else {
            let help = "add a line such as url = \"https://news.example/rss.xml\"".to_owned();
            problems.add(place, format!("{table_name}: has no url"), Some(help));
            return;
        };
        let mut taker = Taker { problems };
        let Some(address) = taker.address("url", url) else { return };
        self.check_address(&address, &url.place, taker.problems);
        let source = self.source(kind, address, table, &mut taker);
        let slug = table.get("slug").or_else(|| table.get("name")).unwrap_or(url).place.clone();
        let keys = table.0.iter().map(|(key, value)| (key.value.clone(), value.value.clone())).collect();
        let origin = Origin { place: place.clone(), url: url.place.clone(), slug, keys };
        self.push(source, origin, problems);
    }

    /// Adds a feed whose address is an argument of the command line.
    pub(super) fn add_argument(&mut self, text: &str, problems: &mut Problems) {
        let place = Place::Flag(text.to_owned());
        match web_address(text) {
            Ok(url) => {
                self.check_address(&url, &place, problems);
                let value = Placed { value: Value::Text(text.to_owned()), place: place.clone() };
                let table = Table::default();
                let source = self.source(SourceKind::Feed, url, &table, &mut Taker { problems });
                let keys = vec![("url".to_owned(), value.value)];
                self.push(source, Origin { place: place.clone(), url: place.clone(), slug: place, keys }, problems);
            }
            Err(why) => {
                let help = "expected the address of a feed, such as https://news.example/rss.xml".to_owned();
                problems.add(&place, format!("{text:?} {why}"), Some(help));
            }
        }
    }

    /// Adds a problem if `fetch` would refuse the address at every poll.
    fn check_address(&self, url: &Url, place: &Place, problems: &mut Problems) {
        if let Some((why, help)) = self.fetch.and_then(|fetch| find_refusal(fetch, url)) {
            problems.add(place, why, Some(help));
        }
    }

    /// Builds a source from its keys.
    fn source(&self, kind: SourceKind, url: Url, table: &Table, taker: &mut Taker<'_>) -> Source {
        let own_name =
            table.get("name").and_then(|value| taker.text("name", value)).filter(|name| !name.trim().is_empty());
        let slug = table.get("slug").and_then(|value| own_slug(value, taker));
        let interval = table.get("interval").and_then(|value| self.interval(&url, value, taker));
        let regexes = |key: &str, taker: &mut Taker<'_>| {
            table.get(key).map(|value| taker.regexes(key, value)).unwrap_or_default()
        };
        Source {
            slug: slug.unwrap_or_else(|| made_slug(own_name.as_deref(), &url)),
            include: regexes("include", taker),
            exclude: regexes("exclude", taker),
            ignore_robots: table.get("ignore_robots").and_then(|value| read_reason("ignore_robots", value, taker)),
            judging: self.judging(table, taker),
            keeping: retention::source_retention(self.keeping, table, taker),
            name: own_name.unwrap_or_else(|| Source::plain_address(&url)),
            interval,
            kind,
            url,
        }
    }

    /// A source's own interval. The floor applies unless its address is private and allowed.
    fn interval(&self, url: &Url, value: &Placed<Value>, taker: &mut Taker<'_>) -> Option<SignedDuration> {
        let private = self.fetch.filter(|fetch| fetch.is_allowed_private(&crate::model::Host::of(url)));
        taker.duration("interval", value, &interval_bounds(private))
    }

    /// The common rules, combined with the source's own.
    fn judging(&self, table: &Table, taker: &mut Taker<'_>) -> Judging {
        let mut judging = self.judge.clone();
        if let Some(value) = table.get("min_score")
            && let Some(score) = taker.number("min_score", value, &(0.0..=1.0))
        {
            judging.min_score = score;
        }
        if let Some(value) = table.get("always") {
            judging.always.extend(taker.classes("always", value));
        }
        if let Some(value) = table.get("never") {
            judging.never.extend(taker.classes("never", value));
        }
        if let Some(value) = table.get("boilerplate") {
            judging.boilerplate.extend(taker.regexes("boilerplate", value));
        }
        judging
    }

    /// Adds a source, unless another one has its address or slug.
    fn push(&mut self, source: Source, origin: Origin, problems: &mut Problems) {
        for (other, at) in &self.found {
            if other.url == source.url {
                let what = format!("{} is watched twice: first at {}", source.url, at.url.origin());
                problems.add(&origin.url, what, Some("remove one of them".to_owned()));
                return;
            }
            if other.slug == source.slug {
                let what = format!("the slug {:?} is taken: first at {}", source.slug.as_str(), at.slug.origin());
                let help = "give one of them a line such as slug = \"another-name\"".to_owned();
                problems.add(&origin.slug, what, Some(help));
                return;
            }
        }
        if self.found.len() == MAX_SOURCES {
            problems.add(&origin.place, format!("more than {MAX_SOURCES} sources"), None);
        }
        if self.found.len() < MAX_SOURCES {
            self.found.push((source, origin));
        }
    }
}

/// Parses a slug that the operator chose.
fn own_slug(value: &Placed<Value>, taker: &mut Taker<'_>) -> Option<SourceSlug> {
    let text = taker.text("slug", value)?;
    match text.parse() {
        Ok(slug) => Some(slug),
        Err(why) => {
            taker.misfit("slug", value, why, &format!("such as slug = \"{}\"", SourceSlug::of(&text)));
            None
        }
    }
}

/// Makes a slug from the name or, if that leaves nothing, from the address. If the address is too long, the slug is
/// cut short and ends in a hash of the whole address, so that two long addresses do not collide.
pub(super) fn made_slug(name: Option<&str>, url: &Url) -> SourceSlug {
    name.and_then(SourceSlug::made_of).unwrap_or_else(|| {
        let address = Source::plain_address(url);
        if address.len() <= SourceSlug::MAX_BYTES {
            return SourceSlug::of(&address);
        }
        let hash = Digest::of(address.as_bytes()).to_string();
        let start: String = address.chars().take(SourceSlug::MAX_BYTES - 9).filter(char::is_ascii).collect();
        SourceSlug::of(&format!("{start}-{}", &hash[..8]))
    })
}

/// The reason why `fetch` would refuse an address at every poll, and what to do; `None` if it would not.
pub(super) fn find_refusal(fetch: &Fetch, url: &Url) -> Option<(String, String)> {
    let network = private_network(url).filter(|_| !fetch.is_allowed_private(&crate::model::Host::of(url)))?;
    let help = format!(
        "if this is intended, allow it: --set fetch.allow_private={network}, or allow_private = [\"{network}\"] in [fetch]"
    );
    Some((format!("{url} is a private address, which redraft does not fetch"), help))
}

/// The network to allow for an address whose text shows that it is private. `fetch` recognises many more kinds when
/// it connects.
fn private_network(url: &Url) -> Option<String> {
    let address = match url.host()? {
        Host::Ipv4(address) => IpAddr::V4(address),
        Host::Ipv6(address) => IpAddr::V6(address),
        Host::Domain("localhost") => return Some("127.0.0.0/8".to_owned()),
        Host::Domain(_) => return None,
    };
    match address {
        IpAddr::V4(v4) if v4.is_loopback() => Some("127.0.0.0/8".to_owned()),
        IpAddr::V4(v4) if v4.is_private() || v4.is_link_local() => Some(format!("{v4}/32")),
        IpAddr::V6(v6) if v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local() => {
            Some(format!("{v6}/128"))
        }
        _ => None,
    }
}

/// Reads the operator's reason for something that others may object to. A text is required, not only a switch.
fn read_reason(name: &str, value: &Placed<Value>, taker: &mut Taker<'_>) -> Option<String> {
    let words = taker.text(name, value)?;
    if words.trim().is_empty() {
        taker.misfit(
            name,
            value,
            "is empty",
            "expected the reason why robots.txt does not apply, such as \"the editor allowed it\"",
        );
    }
    Some(words)
}
