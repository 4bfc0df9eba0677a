//! Answers that are right, and for each rule a line that breaks it.

use jiff::Timestamp;

use super::judged::{Judged, Kind};

const ATOM: &str = r#"HTTP/1.1 200 OK
content-type: application/atom+xml; charset=utf-8
content-encoding: gzip

<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" xml:lang="en"><title>All</title><id>tag:a.example,2026-08-01:edits</id><updated>2026-08-01T10:00:00Z</updated><author><name>redraft</name><uri>http://a.example/</uri></author><icon>http://a.example/icon.svg</icon><link rel="self" type="application/atom+xml" href="http://a.example/edits"/><link rel="alternate" type="text/html" href="http://a.example/"/><subtitle>What changed.</subtitle>
<entry><title>Q&#x26;A: 5 &#x3C; 6</title><id>tag:a.example,2026-08-01:article/1/edit/2</id><updated>2026-08-01T10:00:00.250Z</updated><published>2026-08-01T10:00:00.250Z</published><category term="headline" label="Headline"/><link rel="alternate" type="text/html" href="http://a.example/1"/><summary type="html">One.</summary><content type="html">&lt;p>One &amp;amp; &lt;b>two&lt;/b> &lt;a href="http://a.example/1">Compare&lt;/a>&lt;/p></content><thr:in-reply-to ref="tag:a.example,2026-08-01:article/1/edit/1"/></entry>
<entry><title>T</title><id>tag:a.example,2026-08-01:article/1/edit/1</id><updated>2026-08-01T09:00:00Z</updated><link rel="alternate" type="text/html" href="http://a.example/1"/><summary type="html">One.</summary><content type="html">&lt;p>One&lt;/p></content></entry></feed>"#;

const RSS: &str = r#"HTTP/1.1 200 OK
content-type: application/rss+xml; charset=utf-8
content-encoding: gzip

<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>All</title><link>http://a.example/</link><description>What changed.</description><language>en</language><lastBuildDate>Sat, 01 Aug 2026 10:00:00 GMT</lastBuildDate><ttl>15</ttl><atom:link rel="self" type="application/rss+xml" href="http://a.example/edits"/><item><title>T</title><link>http://a.example/1</link><description>&lt;p>One&lt;/p></description><category>headline</category><guid isPermaLink="false">tag:a.example,2026-08-01:article/1/edit/1</guid><pubDate>Sat, 01 Aug 2026 10:00:00 GMT</pubDate><dc:creator>redraft</dc:creator></item></channel></rss>"#;

const OPML: &str = r#"HTTP/1.1 200 OK
content-type: text/x-opml; charset=utf-8
content-encoding: gzip

<?xml version="1.0" encoding="utf-8"?><opml version="2.0"><head><title>All</title></head><body><outline type="rss" text="A" title="A" xmlUrl="http://a.example/edits.atom" htmlUrl="http://a.example/"/></body></opml>"#;

const JSON: &str = r#"HTTP/1.1 200 OK
content-type: application/feed+json; charset=utf-8
content-encoding: gzip

{"version":"https://jsonfeed.org/version/1.1","title":"All","feed_url":"http://a.example/edits","language":"en","authors":[{"name":"redraft"}],"hubs":[{"type":"WebSub","url":"https://hub.example/"}],"items":[{"id":"tag:a.example,2026-08-01:article/1/edit/1","url":"http://a.example/1","title":"T","content_html":"<p>One</p>","content_text":"One","date_published":"2026-08-01T10:00:00.000Z","tags":["headline"],"_redraft":{}}]}"#;

/// The rule, an answer that is right, what to replace in it by what.
pub(super) const BROKEN: &[(&str, Kind, &str, &str)] = &[
    ("HttpError", Kind::Atom, "200 OK", "500 Internal Server Error"),
    ("UnexpectedContentType", Kind::Rss, "application/rss+xml; charset", "text/html; charset"),
    ("EncodingMismatch", Kind::Atom, "encoding=\"utf-8\"", "encoding=\"latin1\""),
    ("EncodingMismatch", Kind::Opml, "; charset=utf-8", ""),
    ("Uncompressed", Kind::Json, "content-encoding: gzip\n", ""),
    ("HttpProtocolError", Kind::Rss, "content-encoding: gzip", "content-encoding: gzip\nCache Control: none"),
    ("SAXError", Kind::Atom, "</feed>", ""),
    ("SAXError", Kind::Atom, "One.", "One&nbsp;"),
    ("SAXError", Kind::Atom, "xmlns:thr=\"http://purl.org/syndication/thread/1.0\"", ""),
    ("SAXError", Kind::Rss, "<rss ", "<?xml-stylesheet href=\"/x\"?><rss "),
    ("SAXError", Kind::Rss, "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"", "xmlns:dc=\"urn:x\""),
    ("BadCharacters", Kind::Atom, "One.", "One\u{92}s"),
    ("BadCharacters", Kind::Json, "One", "One\u{fffd}"),
    ("UndefinedElement", Kind::Rss, "<ttl>15</ttl>", "<ttl>15</ttl><summary>x</summary>"),
    ("UnexpectedAttribute", Kind::Atom, "<id>", "<id scheme=\"tag\">"),
    ("MissingElement", Kind::Rss, "<description>What changed.</description>", ""),
    ("MissingElement", Kind::Atom, "<author><name>redraft</name><uri>http://a.example/</uri></author>", ""),
    ("DuplicateElement", Kind::Rss, "<ttl>15</ttl>", "<ttl>15</ttl><ttl>15</ttl>"),
    ("UnexpectedText", Kind::Opml, "<body>", "<body>x"),
    ("UnexpectedWhitespace", Kind::Atom, "<id>tag", "<id> tag"),
    ("NotBlank", Kind::Rss, "<title>T</title>", "<title></title>"),
    ("AttrNotBlank", Kind::Opml, "text=\"A\"", "text=\"\""),
    ("MisplacedMetadata", Kind::Atom, "</entry></feed>", "</entry><rights>x</rights></feed>"),
    ("InvalidLink", Kind::Atom, "href=\"http://a.example/1\"", "href=\"/1\""),
    ("InvalidLink", Kind::Rss, "<link>http://a.example/1<", "<link>http://a.example/1?a[]=|<"),
    ("InvalidLink", Kind::Opml, "xmlUrl=\"http://a.example/edits.atom\"", "xmlUrl=\"http://a.example/%zz\""),
    ("InvalidLink", Kind::Json, "\"url\":\"http://a.example/1\"", "\"url\":\"http://a.example/ä\""),
    ("InvalidLanguage", Kind::Atom, "xml:lang=\"en\"", "xml:lang=\"english\""),
    ("InvalidLanguage", Kind::Rss, "<language>en<", "<language>en_US<"),
    ("MissingDCLanguage", Kind::Rss, "<language>en</language>", ""),
    ("MissingDCLanguage", Kind::Atom, " xml:lang=\"en\"", ""),
    ("InvalidTAG", Kind::Rss, "tag:a.example,2026-08-01:", "tag:a.example:"),
    ("NonCanonicalURI", Kind::Atom, "2026-08-01:edits<", "2026-08-01:edits?q=%7E<"),
    ("DuplicateEntries", Kind::Atom, "edit/2<", "edit/1<"),
    ("DuplicateUpdated", Kind::Atom, "2026-08-01T09:00:00Z", "2026-08-01T10:00:00.250Z"),
    ("ContainsHTML", Kind::Rss, "<title>T</title>", "<title>&lt;b>T&lt;/b></title>"),
    ("ContainsHTML", Kind::Atom, "<title>T</title>", "<title>&amp;nbsp;</title>"),
    ("NotHtml", Kind::Atom, "&lt;/b>", ""),
    ("NotHtml", Kind::Json, "<p>One</p>", "<p>One &nbsp;</p>"),
    ("NotHtml", Kind::Json, "<p>One</p>", "<p>One<p>Two</p></p>"),
    ("SecurityRisk", Kind::Rss, "&lt;p>One&lt;/p>", "&lt;p>&lt;script>&lt;/script>&lt;/p>"),
    ("SecurityRiskAttr", Kind::Rss, "&lt;p>One", "&lt;p onclick=x>One"),
    ("ContainsRelRef", Kind::Atom, "&lt;a href=\"http://a.example/1\"", "&lt;a href=\"/1\""),
    ("ImplausibleDate", Kind::Rss, "<pubDate>Sat, 01 Aug 2026 10:00:00 GMT", "<pubDate>Sun, 01 Aug 2027 10:00:00 GMT"),
    ("InvalidRFC3339Date", Kind::Atom, "2026-08-01T09:00:00Z", "2026-08-01 09:00"),
    ("MissingSelf", Kind::Rss, "rel=\"self\"", "rel=\"related\""),
    ("SelfDoesntMatchLocation", Kind::Atom, "http://a.example/edits\"", "http://b.example/edits\""),
    ("SelfNotAtom", Kind::Atom, "type=\"application/atom+xml\"", "type=\"text/xml\""),
    ("UnregisteredAtomLinkRel", Kind::Atom, "rel=\"alternate\"", "rel=\"cousin\""),
    ("MissingHref", Kind::Rss, " href=\"http://a.example/edits\"", ""),
    ("InvalidMIMEType", Kind::Atom, "type=\"text/html\"", "type=\"HTML page\""),
    (
        "AtomLinkNotEmpty",
        Kind::Rss,
        "href=\"http://a.example/edits\"/>",
        "href=\"http://a.example/edits\">here</atom:link>",
    ),
    (
        "DuplicateAtomLink",
        Kind::Atom,
        "<link rel=\"alternate\"",
        "<link rel=\"alternate\" type=\"text/html\" href=\"http://a.example/2\"/><link rel=\"alternate\"",
    ),
    (
        "MissingContentOrAlternate",
        Kind::Atom,
        "<link rel=\"alternate\" type=\"text/html\" href=\"http://a.example/1\"/>",
        "",
    ),
    ("InvalidTextType", Kind::Atom, "<title>T", "<title type=\"text/plain\">T"),
    (
        "AvoidNamespacePrefix",
        Kind::Atom,
        "<subtitle>",
        "<atom:icon xmlns:atom=\"http://www.w3.org/2005/Atom\">x</atom:icon><subtitle>",
    ),
    ("InvalidRSSVersion", Kind::Rss, "version=\"2.0\"", "version=\"0.91\""),
    ("InvalidRFC2822Date", Kind::Rss, "Sat, 01 Aug", "Sun, 01 Aug"),
    ("InvalidRFC2822Date", Kind::Rss, "<pubDate>Sat, 01 Aug 2026 10:00:00 GMT", "<pubDate>2026-08-01T10:00:00Z"),
    ("InvalidPermalink", Kind::Rss, " isPermaLink=\"false\"", ""),
    ("DuplicateSemantics", Kind::Rss, "<dc:creator>", "<author>a@b.example (A)</author><dc:creator>"),
    ("InvalidPositiveInteger", Kind::Rss, "<ttl>15<", "<ttl>often<"),
    ("NonstdPrefix", Kind::Rss, "xmlns:atom=", "xmlns:a="),
    ("InvalidOPMLVersion", Kind::Opml, "opml version=\"2.0\"", "opml version=\"3.0\""),
    ("InvalidOutlineType", Kind::Opml, "type=\"rss\"", "type=\"atom\""),
    ("MissingXmlURL", Kind::Opml, "xmlUrl=\"http://a.example/edits.atom\"", ""),
    ("MissingTitleAttr", Kind::Opml, " title=\"A\"", ""),
    ("json version", Kind::Json, "version/1.1", "version/1"),
    ("json title", Kind::Json, "\"title\":\"All\",", ""),
    ("json feed_url", Kind::Json, "http://a.example/edits", "http://a.example/other"),
    ("json items", Kind::Json, "\"items\":", "\"_items\":"),
    ("json authors", Kind::Json, "{\"name\":\"redraft\"}", "\"redraft\""),
    ("json hubs", Kind::Json, "\"type\":\"WebSub\",", ""),
    ("json item id", Kind::Json, "\"id\":\"tag:a.example,2026-08-01:article/1/edit/1\"", "\"id\":1"),
    ("json item content", Kind::Json, "\"content_text\":\"One\",", ""),
    ("json item title", Kind::Json, "\"title\":\"T\"", "\"title\":\" \""),
    ("json item date", Kind::Json, "2026-08-01T10:00:00.000Z", "yesterday"),
    ("json item tags", Kind::Json, "[\"headline\"]", "[1]"),
    ("json extensions", Kind::Json, "\"_redraft\"", "\"redraft\""),
];

/// The answer that is right, its head included.
pub(super) fn answer(kind: Kind) -> &'static str {
    match kind {
        Kind::Atom => ATOM,
        Kind::Rss => RSS,
        Kind::Opml => OPML,
        Kind::Json => JSON,
    }
}

pub(super) fn now() -> Timestamp {
    "2026-08-01T15:00:00Z".parse().unwrap()
}

/// An answer as it would come over the wire to who asked `http://a.example/edits`.
pub(super) fn judged(kind: Kind, answer: &str) -> Judged {
    let (head, text) = answer.split_once("\n\n").unwrap();
    Judged::of(kind, "http://a.example/edits", now(), head, text)
}

pub(super) fn right(kind: Kind) -> Judged {
    judged(kind, answer(kind))
}
