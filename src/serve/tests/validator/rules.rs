//! The rules of the W3C feed validator that can concern our feeds, errors, warnings and infos alike, by the names of its
//! messages and in our own words.

use jiff::fmt::strtime;
use jiff::{SignedDuration, Timestamp};
use regex::Regex;

use super::grammar::shape;
use super::html;
use super::judged::{Judged, Kind};
use super::xml::Element;

/// What a rule finds wrong, if anything.
type Check = fn(&Judged) -> Option<String>;

/// A rule: its name, what it asks, where, and what is wrong.
pub(super) struct Rule {
    pub(super) name: &'static str,
    #[allow(dead_code, reason = "the table is read by people")]
    pub(super) asks: &'static str,
    pub(super) of: &'static [Kind],
    pub(super) check: Check,
}

const ALL: &[Kind] = &[Kind::Atom, Kind::Rss, Kind::Opml, Kind::Json];
const XML: &[Kind] = &[Kind::Atom, Kind::Rss, Kind::Opml];
const FEEDS: &[Kind] = &[Kind::Atom, Kind::Rss];
const ATOM: &[Kind] = &[Kind::Atom];
const RSS: &[Kind] = &[Kind::Rss];
const OPML: &[Kind] = &[Kind::Opml];

/// Of any XML, whoever asks for it.
pub(super) const RULES: &[Rule] = &[
    // What came over the wire.
    rule("HttpError", "the answer is 200", ALL, |it| no(!it.head.starts_with("HTTP/1.1 200 "), "status")),
    rule("UnexpectedContentType", "the media type is that of the format", ALL, |it| {
        let own = it.header("content-type").unwrap_or_default();
        no(own.split(';').next() != Some(it.kind.media_type()), own)
    }),
    rule("EncodingMismatch", "the header says utf-8, and the declaration nothing else", XML, |it| {
        let header = it.header("content-type").unwrap_or_default().ends_with("; charset=utf-8");
        let declared =
            ["", " encoding=\"utf-8\""].iter().any(|own| it.text.starts_with(&format!("<?xml version=\"1.0\"{own}?>")));
        no(!(header && declared), "not utf-8")
    }),
    rule("Uncompressed", "who takes gzip gets gzip", ALL, |it| {
        no(it.header("content-encoding") != Some("gzip"), "not compressed")
    }),
    rule("HttpProtocolError", "no header's name holds a blank", ALL, |it| {
        let names = it.head.lines().skip(1).map(|line| line.split(':').next().unwrap_or_default());
        names.filter(|name| name.contains(' ')).map(str::to_owned).next()
    }),
    // Of all XML.
    rule("SAXError", "well-formed, no document type, namespaces declared and known", XML, |it| {
        it.xml.as_ref().err().cloned()
    }),
    rule("BadCharacters", "no control of Windows-1252, no sign of a broken encoding", ALL, |it| {
        let bad = |c: char| matches!(c, '\u{80}'..='\u{9f}' | '\u{fffd}');
        it.text.chars().find(|c| bad(*c)).map(|c| format!("{c:?}"))
    }),
    rule("UndefinedElement", "elements where they belong", XML, |it| {
        let lost = |(parent, child): (&Element, &Element)| {
            let fits = shape(&parent.name).is_some_and(|shape| {
                [shape.must, shape.once, shape.often].iter().any(|names| names.contains(&child.name.as_str()))
            });
            (!fits).then(|| format!("{} in {}", child.name, parent.name))
        };
        it.pairs().into_iter().find_map(lost)
    }),
    rule("UnexpectedAttribute", "attributes where they belong", XML, |it| {
        let known = |element: &Element, name: &str| {
            name.starts_with("xmlns")
                || name == "xml:lang"
                || shape(&element.name).is_some_and(|own| own.attributes.contains(&name))
        };
        each(it, |element| {
            element.attributes.iter().find(|(name, _)| !known(element, name)).map(|(name, _)| name.clone())
        })
    }),
    rule("MissingElement", "what must be there is", XML, |it| {
        each(it, |element| {
            let must = shape(&element.name).map_or(&[][..], |own| own.must);
            must.iter().find(|name| element.child(name).is_none()).map(|name| (*name).to_owned())
        })
    }),
    rule("DuplicateElement", "what may be there once is", XML, |it| {
        each(it, |element| {
            let own = shape(&element.name)?;
            let once = own.must.iter().chain(own.once).filter(|name| !own.often.contains(name));
            once.copied().find(|name| element.all(name).count() > 1).map(str::to_owned)
        })
    }),
    rule("UnexpectedText", "no text between elements", XML, |it| {
        each(it, |element| {
            let takes = shape(&element.name).is_none_or(|own| own.has_text);
            (!takes && !element.text.trim().is_empty()).then(|| element.text.clone())
        })
    }),
    rule("UnexpectedWhitespace", "no white space around ids, dates and addresses", FEEDS, |it| {
        let exact = ["atom:id", "atom:updated", "atom:published", "atom:icon", "atom:uri", "guid", "link", "pubDate"];
        let found = it.named(&exact).into_iter().find(|element| element.text.trim() != element.text);
        found.map(|element| element.text.clone())
    }),
    rule("NotBlank", "no text is empty", FEEDS, |it| {
        let texts = it.plain().into_iter().chain(it.named(&[
            "atom:name",
            "atom:uri",
            "atom:icon",
            "atom:content",
            "atom:summary",
            "ttl",
            "dc:creator",
        ]));
        texts.filter(|text| text.text.trim().is_empty()).map(|text| text.name.clone()).next()
    }),
    rule("AttrNotBlank", "no attribute is empty", XML, |it| {
        each(it, |element| {
            element.attributes.iter().find(|(_, value)| value.trim().is_empty()).map(|(name, _)| name.clone())
        })
    }),
    rule("MisplacedMetadata", "nothing of the feed itself stands behind its first entry", FEEDS, |it| {
        let own = &it.feed()?.children;
        let behind = own.iter().skip_while(|child| !is_entry(child)).find(|child| !is_entry(child));
        behind.map(|child| child.name.clone())
    }),
    rule("InvalidLink", "addresses are whole, and all their characters are those of addresses", ALL, |it| {
        let whole = matcher(
            r"^[a-z][a-z0-9+.-]*://(\[[0-9a-f:.]+\]|[A-Za-z0-9.-]+)(:[0-9]+)?(%[0-9A-Fa-f]{2}|[0-9A-Za-z;/?:@&=+$._!~*'(),#-])*$",
        );
        it.addresses()
            .into_iter()
            .find(|(_, address)| !whole.is_match(address))
            .map(|(at, address)| format!("{at} {address}"))
    }),
    rule("InvalidLanguage", "languages have codes of ISO 639", ALL, |it| {
        languages(it).into_iter().find(|language| !is_language(language)).map(str::to_owned)
    }),
    rule("MissingDCLanguage", "a feed says its language", FEEDS, |it| {
        let own = it.feed()?;
        let said = own.attribute("xml:lang").or_else(|| Some(own.child("language")?.text.as_str()));
        no(said.is_none_or(str::is_empty), "no language")
    }),
    // Of entries in any format.
    rule("InvalidTAG", "ids are of the scheme tag, as RFC 4151 wants them", FEEDS, |it| {
        let own =
            matcher(r"^tag:[a-z0-9.-]+,[0-9]{4}-[0-9]{2}-[0-9]{2}:(%[0-9A-F]{2}|[0-9a-zA-Z;/?:@&=+$._!~*'(),-])*$");
        it.ids().into_iter().find(|id| !own.is_match(id)).map(str::to_owned)
    }),
    rule("NonCanonicalURI", "an id has no other spelling", ATOM, |it| {
        let escaped = matcher("%(2D|2E|5F|7E|3[0-9]|4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A])|%[0-9]?[a-f]");
        it.ids().into_iter().find(|id| escaped.is_match(id)).map(str::to_owned)
    }),
    rule("DuplicateEntries", "no id is given twice", ALL, |it| twice(it.ids())),
    rule("DuplicateUpdated", "no two entries say the same time", ATOM, |it| {
        let entries = it.entries().into_iter();
        twice(entries.filter_map(|entry| Some(entry.child("atom:updated")?.text.as_str())).collect())
    }),
    rule(
        "ContainsHTML",
        "plain text that could be taken for markup says that it is none: `&#x3C;`, not `&lt;`",
        FEEDS,
        |it| {
            let markup = matcher(r"</\w|<[a-zA-Z]|&#?\w");
            let found = it.plain().into_iter().find(|text| markup.is_match(&text.text) && !text.is_hex);
            found.map(|text| text.text.clone())
        },
    ),
    rule("NotHtml", "HTML is whole: closed in order, every reference known", ALL, |it| {
        it.html().into_iter().find_map(html::broken)
    }),
    rule("SecurityRisk", "no elements but `p h4 b ins del a`", ALL, |it| {
        it.html().into_iter().find_map(html::stranger)
    }),
    rule("SecurityRiskAttr", "no attribute but an `a`'s `href`", ALL, |it| {
        it.html().into_iter().find_map(html::attribute)
    }),
    rule("ContainsRelRef", "links lead somewhere from anywhere", ALL, |it| {
        it.html().into_iter().find_map(html::relative)
    }),
    rule("ImplausibleDate", "no date before 1990 or in the future", FEEDS, |it| {
        let early = "1990-01-01T00:00:00Z".parse::<Timestamp>().ok()?;
        let late = it.now.checked_add(SignedDuration::from_mins(10)).ok()?;
        let dates = it.named(&["atom:updated", "atom:published", "pubDate", "lastBuildDate"]).into_iter();
        let told = |date: &&Element| moment(&date.text).is_some_and(|told| !(early..=late).contains(&told));
        dates.filter(told).map(|date| date.text.clone()).next()
    }),
    // Of Atom.
    rule("InvalidRFC3339Date", "dates are those of RFC 3339", ATOM, |it| {
        let form = matcher(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$");
        let dates = it.named(&["atom:updated", "atom:published"]).into_iter();
        dates
            .filter(|date| !form.is_match(&date.text) || moment(&date.text).is_none())
            .map(|date| date.text.clone())
            .next()
    }),
    rule("MissingSelf", "a feed says where it is", FEEDS, |it| no(own_link(it).is_none(), "no self")),
    rule("SelfDoesntMatchLocation", "and it is there", FEEDS, |it| {
        let own = own_link(it)?.attribute("href")?;
        no(own != it.address, own)
    }),
    rule("SelfNotAtom", "and is what it says", FEEDS, |it| {
        let own = own_link(it)?.attribute("type").unwrap_or_default();
        no(own != it.kind.media_type(), own)
    }),
    rule("UnregisteredAtomLinkRel", "links are of known kinds", FEEDS, |it| {
        let known = ["self", "alternate", "hub", "via", "related", "replies"];
        links(it)
            .into_iter()
            .filter_map(|link| link.attribute("rel"))
            .find(|rel| !known.contains(rel))
            .map(str::to_owned)
    }),
    rule("MissingHref", "links lead somewhere", FEEDS, |it| {
        no(links(it).iter().any(|link| link.attribute("href").is_none()), "no href")
    }),
    rule("InvalidMIMEType", "types are media types", FEEDS, |it| {
        let form = matcher("^[a-z]+/[a-z+-]+$");
        links(it)
            .into_iter()
            .filter_map(|link| link.attribute("type"))
            .find(|own| !form.is_match(own))
            .map(str::to_owned)
    }),
    rule("AtomLinkNotEmpty", "links are empty elements", FEEDS, |it| {
        no(links(it).iter().any(|link| !link.text.is_empty()), "text")
    }),
    rule("DuplicateAtomLink", "no two links of a feed or entry are of one kind and type", ATOM, |it| {
        let kind =
            |link: &Element| [link.attribute("rel"), link.attribute("type")].map(Option::unwrap_or_default).join(" ");
        let parents = it.named(&["atom:feed", "atom:entry"]).into_iter();
        let mut kinds = parents.map(|parent| parent.all("atom:link").map(kind).collect::<Vec<_>>());
        kinds.find_map(|kinds| twice(kinds.iter().map(String::as_str).collect()))
    }),
    rule("MissingContentOrAlternate", "every entry has a page", ATOM, |it| {
        let has = |entry: &&Element| entry.all("atom:link").any(|link| link.attribute("rel") == Some("alternate"));
        no(!it.entries().iter().all(has), "no alternate")
    }),
    rule("InvalidTextType", "texts are text or html", ATOM, |it| {
        let texts = it.named(&["atom:title", "atom:subtitle", "atom:summary", "atom:content"]).into_iter();
        texts.filter_map(|text| text.attribute("type")).find(|own| !["text", "html"].contains(own)).map(str::to_owned)
    }),
    rule("AvoidNamespacePrefix", "Atom's own elements have no prefix", ATOM, |it| {
        no(it.text.contains("<atom:"), "atom:")
    }),
    // Of RSS 2.0.
    rule("InvalidRSSVersion", "the version is 2.0", RSS, |it| {
        no(it.xml.as_ref().is_ok_and(|rss| rss.attribute("version") != Some("2.0")), "version")
    }),
    rule("InvalidRFC2822Date", "dates are RFC 822's in GMT, the day of the week the right one", RSS, |it| {
        let form = "%a, %d %b %Y %H:%M:%S GMT";
        let again = |text: &str| Some(moment(text)?.strftime(form).to_string());
        let dates = it.named(&["pubDate", "lastBuildDate"]).into_iter();
        dates.filter(|date| again(&date.text).as_ref() != Some(&date.text)).map(|date| date.text.clone()).next()
    }),
    rule("InvalidPermalink", "an id that is no address says so", RSS, |it| {
        no(it.named(&["guid"]).iter().any(|guid| guid.attribute("isPermaLink") != Some("false")), "a permanent link")
    }),
    rule("DuplicateSemantics", "nobody is named by two elements", RSS, |it| {
        no(it.entries().iter().any(|item| item.child("author").and(item.child("dc:creator")).is_some()), "two authors")
    }),
    rule("InvalidPositiveInteger", "ttl is a number of minutes", RSS, |it| {
        no(it.named(&["ttl"]).iter().any(|ttl| ttl.text.parse::<u32>().unwrap_or(0) == 0), "ttl")
    }),
    rule("NonstdPrefix", "namespaces have the prefixes that everybody knows", FEEDS, |it| {
        let declared = matcher(r#"xmlns:(\w+)="([^"]+)""#);
        let known = |prefix: &str, name: &str| match name {
            "http://www.w3.org/2005/Atom" => prefix == "atom",
            "http://purl.org/dc/elements/1.1/" => prefix == "dc",
            _ => prefix == "thr",
        };
        let mut declared = declared.captures_iter(&it.text);
        declared.find(|one| !known(&one[1], &one[2])).map(|one| one[0].to_owned())
    }),
    // Of OPML 2.0.
    rule("InvalidOPMLVersion", "the version is 2.0", OPML, |it| {
        no(it.xml.as_ref().is_ok_and(|opml| opml.attribute("version") != Some("2.0")), "version")
    }),
    rule("InvalidOutlineType", "feeds are of the type rss", OPML, |it| {
        no(it.named(&["outline"]).iter().any(|outline| outline.attribute("type") != Some("rss")), "type")
    }),
    rule("MissingXmlURL", "and say where they are", OPML, |it| {
        no(it.named(&["outline"]).iter().any(|outline| outline.attribute("xmlUrl").is_none()), "xmlUrl")
    }),
    rule("MissingTitleAttr", "and what they are", OPML, |it| {
        let named = |outline: &&Element| outline.attribute("title").and(outline.attribute("text")).is_some();
        no(!it.named(&["outline"]).iter().all(named), "title")
    }),
];

const fn rule(name: &'static str, asks: &'static str, of: &'static [Kind], check: Check) -> Rule {
    Rule { name, asks, of, check }
}

fn no(is_wrong: bool, what: &str) -> Option<String> {
    is_wrong.then(|| what.to_owned())
}

fn each(it: &Judged, wrong: impl Fn(&Element) -> Option<String>) -> Option<String> {
    let all = it.xml.iter().flat_map(Element::each);
    all.filter_map(|element| Some((&element.name, wrong(element)?)))
        .map(|(name, wrong)| format!("{name}: {wrong}"))
        .next()
}

fn is_entry(element: &Element) -> bool {
    ["atom:entry", "item"].contains(&element.name.as_str())
}

fn links(it: &Judged) -> Vec<&Element> {
    it.named(&["atom:link"])
}

fn own_link(it: &Judged) -> Option<&Element> {
    it.feed()?.all("atom:link").find(|link| link.attribute("rel") == Some("self"))
}

fn languages(it: &Judged) -> Vec<&str> {
    let all = it.xml.iter().flat_map(Element::each);
    let xml = all.filter_map(|element| element.attribute("xml:lang"));
    let told = it.named(&["language"]).into_iter().map(|language| language.text.as_str());
    let items = it.json["items"].as_array().into_iter().flatten();
    let json = items.chain([&it.json]).filter_map(|of| of["language"].as_str());
    xml.chain(told).chain(json).collect()
}

/// A language that some article of the test's is in, or one of ours; with what a dialect's tag may have behind it.
fn is_language(tag: &str) -> bool {
    let primary = tag.split('-').next().unwrap_or_default();
    let known = ["ar", "de", "en", "es", "fr", "he", "ja", "pl", "uk", "zh", "fil"];
    known.contains(&primary.to_ascii_lowercase().as_str())
        && tag
            .split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn moment(text: &str) -> Option<Timestamp> {
    let rfc822 = || strtime::parse("%a, %d %b %Y %H:%M:%S GMT", text).ok()?.to_datetime().ok()?.in_tz("UTC").ok();
    text.parse().ok().or_else(|| Some(rfc822()?.timestamp()))
}

fn twice(mut names: Vec<&str>) -> Option<String> {
    names.sort_unstable();
    names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0].to_owned())
}

fn matcher(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}
