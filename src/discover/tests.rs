//! Tests with feeds as publishers write them, through the public interface.

use jiff::SignedDuration;

use super::*;

fn base() -> Url {
    Url::parse("https://example.org/news/feed.xml").unwrap()
}

fn feed(text: &str) -> SourceFeed {
    read(text.as_bytes(), None, &base()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn refusal(bytes: &[u8]) -> NotAFeed {
    read(bytes, None, &base()).unwrap_err()
}

/// The entries as lines of id, link and title.
fn entries(text: &str) -> Vec<String> {
    let part = |part: Option<&str>| part.unwrap_or("-").to_owned();
    let line = |entry: &Entry| {
        format!("{} {} {}", entry.id, part(entry.link.as_ref().map(Url::as_str)), part(entry.title.as_deref()))
    };
    feed(text).entries.iter().map(line).collect()
}

#[track_caller]
fn has(text: &str, expected: &[&str]) {
    assert_eq!(entries(text), expected, "{text}");
}

/// An RSS feed around `inside`.
fn rss(inside: &str) -> String {
    format!("<rss version='2.0'><channel><title>A feed</title>{inside}</channel></rss>")
}

#[test]
fn rss_of_every_version_is_read() {
    let item = "<item><title>One</title><link>https://example.org/1</link><guid>g1</guid></item>";
    let expected = ["g1 https://example.org/1 One"];
    for (open, close) in [
        ("<rss version='2.0'><channel>", "</channel></rss>"),
        ("<rss version='0.91'><channel>", "</channel></rss>"),
        ("<rss version='3.7'><channel>", "</channel></rss>"),
        ("<rss><channel>", "</channel></rss>"),
        ("<RSS><Channel>", "</Channel></RSS>"),
        ("<rss xmlns='http://backend.userland.com/rss2'><channel>", "</channel></rss>"),
        ("<rss xmlns='http://publisher.example/own'><channel>", "</channel></rss>"),
        ("<rss>", "</rss>"),
        ("<channel>", "</channel>"),
        ("<rdf:RDF xmlns='http://purl.org/rss/1.0/'><channel/>", "</rdf:RDF>"),
        (
            "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'>",
            "",
        ),
        ("<Channel xmlns='http://purl.org/net/rss1.1#'><items>", "</items></Channel>"),
    ] {
        has(&format!("{open}{item}{close}"), &expected);
    }
}

#[test]
fn atom_of_both_versions_is_read() {
    let entry = "<title>One</title><link rel='self' href='/self'/><link rel='alternate' type='text/html' href='/1'/>
        <id>urn:1</id><author><name>N</name></author><source><title>Other</title><id>urn:2</id></source>";
    for namespace in ["http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"] {
        let text = format!("<feed xmlns='{namespace}'><title>A feed</title><entry>{entry}</entry></feed>");
        has(&text, &["urn:1 https://example.org/1 One"]);
        assert_eq!(feed(&text).title.as_deref(), Some("A feed"));
        let prefixed = format!("<a:feed xmlns:a='{namespace}'><a:entry><a:id>urn:1</a:id></a:entry></a:feed>");
        has(&prefixed, &["urn:1 - -"]);
    }
    has(&format!("<entry xmlns='http://www.w3.org/2005/Atom'>{entry}</entry>"), &["urn:1 https://example.org/1 One"]);
}

#[test]
fn a_link_is_found_wherever_the_dialect_keeps_it() {
    has(&rss("<item><guid>https://example.org/1</guid></item>"), &["https://example.org/1 https://example.org/1 -"]);
    has(&rss("<item><guid isPermaLink='false'>https://example.org/1</guid></item>"), &["https://example.org/1 - -"]);
    has(&rss("<item><guid>7</guid><atom:link rel='alternate' href='/1'/></item>"), &["7 https://example.org/1 -"]);
    has(
        &rss("<item><guid>7</guid><feedburner:origLink>/1</feedburner:origLink></item>"),
        &["7 https://example.org/1 -"],
    );
    has("<rdf:RDF><item rdf:about='/1'><title>One</title></item></rdf:RDF>", &["/1 https://example.org/1 One"]);
    has(
        "<channel><item href='/1'><title>One</title></item></channel>",
        &["https://example.org/1 https://example.org/1 One"],
    );
    has(&rss("<item><link>javascript:alert(1)</link><guid>/1</guid></item>"), &["/1 - -"]);
    has(&rss("<item><link> \n/1?a=1&b=2 </link><guid>7</guid></item>"), &["7 https://example.org/1?a=1&b=2 -"]);
}

#[test]
fn an_id_is_not_made_of_the_headline_if_there_is_a_link() {
    let one = feed(&rss("<item><title>Before</title><link>/1</link></item>"));
    let other = feed(&rss("<item><title>After</title><link>/1</link></item>"));
    assert_eq!(one.entries[0].id, other.entries[0].id);
    has(&rss("<item><title>Alone</title></item><item></item>"), &["Alone - Alone", "entry 2 - -"]);
}

#[test]
fn broken_xml_is_mended() {
    for text in [
        "<item><title>Q & A</title><link>/1</link><guid>g</guid></item>",
        "<item><title>Q &amp; A</title><link>/1</link><guid>g</guid><description><p>text<br></description></item>",
        "<item><title>Q <b>& A</title><link>/1</link><guid>g</guid>",
        "<item><title>Q & A</title><link>/1</link><guid>g</guid><x:y z=1 z=2></item>",
        "<item><title>Q & A</title><link>/1</link><guid>g\u{1}\u{b}</guid></item></b>",
        "<item><title><![CDATA[Q & A]]></title><link><![CDATA[/1]]></link><guid>g</guid>",
        "<item><title type=weird/x>Q & A</title><link>/1</link><guid>g</guid><content type='a b'/></item>",
        "<managingEditor>\u{7de8}\u{96c6}\u{ff08}info@example.com\u{ff09}</managingEditor>
         <item><title>Q & A</title><link>/1</link><guid>g</guid></item>",
    ] {
        has(&rss(text), &["g https://example.org/1 Q & A"]);
    }
    has(&rss("<item><guid>1</guid><item><guid>2</guid><item/></item>"), &["1 - -", "2 - -"]);
}

#[test]
fn text_before_the_feed_is_skipped() {
    let rss = rss("<item><guid>1</guid></item>");
    for before in [
        "\u{feff}\n\n<?xml version='1.0' encoding='utf-16'?>",
        "<!-- <rss> --><!DOCTYPE rss SYSTEM 'http://example.org/rss.dtd'>",
        "<br /><b>Warning</b>: something in line 7<br />",
        "<?xml version='1.0'?><?xml version='1.0'?>",
        "junk ",
    ] {
        has(&format!("{before}{rss}"), &["1 - -"]);
    }
}

#[test]
fn titles_are_plain_text() {
    let titled =
        |title: &str| feed(&rss(&format!("<item>{title}</item>"))).entries[0].title.clone().unwrap_or_default();
    assert_eq!(titled("<title>A &lt;b&gt;bold&lt;/b&gt; claim &amp;amp; more</title>"), "A bold claim & more");
    assert_eq!(titled("<title><![CDATA[Caf&eacute; <i>Noir</i>]]></title>"), "Café Noir");
    assert_eq!(titled("<media:title>Not this</media:title><dc:title>Nor this</dc:title><title>This</title>"), "This");
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><entry>TITLE</entry></feed>";
    let titled = |title: &str| feed(&atom.replace("TITLE", title)).entries[0].title.clone().unwrap_or_default();
    assert_eq!(titled("<title>Use &lt;b> sparingly</title>"), "Use <b> sparingly");
    assert_eq!(titled("<title type='html'>Use &lt;b>less&lt;/b></title>"), "Use less");
    assert_eq!(titled("<title type='xhtml'><div>1 &lt; <i>2</i></div></title>"), "1 < 2");
}

#[test]
fn dates_and_intervals_are_read() {
    let text = rss("<ttl>30</ttl><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>12</sy:updateFrequency>
        <item><guid>1</guid><pubDate>Sun, 01 Mar 2026 12:00:00 EST</pubDate><dc:date>2001-01-01</dc:date></item>
        <item><guid>2</guid><dc:date>2026-03-01T12:00+01:00</dc:date><atom:updated>2026-03-02</atom:updated></item>");
    let feed = feed(&text);
    assert_eq!(feed.interval, Some(SignedDuration::from_hours(2)));
    let dates = |entry: &Entry| {
        [entry.published, entry.updated].map(|date| date.map_or(String::new(), |date| date.to_string()))
    };
    assert_eq!(dates(&feed.entries[0]), ["2026-03-01T17:00:00Z", ""]);
    assert_eq!(dates(&feed.entries[1]), ["2026-03-01T11:00:00Z", "2026-03-02T00:00:00Z"]);
}

#[test]
fn json_feeds_are_read_field_by_field() {
    let text = r#"{"version": "https://jsonfeed.org/version/1.1", "title": 7, "items": [
        {"id": 1, "url": "/1", "title": "One", "date_published": "2026-03-01T12:00:00Z", "tags": "not a list"},
        {"id": "2", "url": null, "external_url": "https://example.org/2", "title": {"no": "text"}},
        "no object", {"id": "https://example.org/3"}, {}]}"#;
    has(
        text,
        &[
            "1 https://example.org/1 One",
            "2 https://example.org/2 -",
            "https://example.org/3 https://example.org/3 -",
            "entry 4 - -",
        ],
    );
    assert_eq!(feed(text).title.as_deref(), Some("7"));
    has(r#"{"version": "https://jsonfeed.org/version/1"}"#, &[]);
}

#[test]
fn other_documents_are_described() {
    assert_eq!(refusal(b" \n"), NotAFeed::Empty);
    assert_eq!(refusal(b"%PDF-1.7").to_string(), "not a feed: a PDF document");
    assert_eq!(refusal(b"<opml><body/></opml>").to_string(), "not a feed: an OPML list of feeds");
    assert_eq!(refusal(b"<svg/>").to_string(), "not a feed: XML of another kind");
    assert_eq!(refusal(b"{\"error\": 1}").to_string(), "not a feed: JSON that is no JSON Feed");
    assert!(refusal(b"{\"items\": [").to_string().contains("bad JSON"));
    let page = b"<!DOCTYPE html><html><head><link rel=alternate type='application/rss+xml' href='rss'></head><rdf:RDF/></html>";
    assert_eq!(refusal(page).to_string(), "an HTML page, not a feed; its head points to https://example.org/news/rss");
}

#[test]
fn size_and_number_have_limits() {
    assert_eq!(refusal(&vec![b' '; MAX_FEED_BYTES + 1]), NotAFeed::TooLarge(MAX_FEED_BYTES));
    assert!(matches!(refusal(rss(&"<item/>".repeat(200_000)).as_bytes()), NotAFeed::TooManyEntries(_)));
    let dated = |number: usize| {
        format!(
            "<item><guid>{number}</guid><dc:date>2026-03-01T{:02}:{:02}:00Z</dc:date></item>",
            number / 60,
            number % 60
        )
    };
    let feed = feed(&rss(&(0..MAX_ENTRIES + 200).map(dated).collect::<String>()));
    assert_eq!((feed.entries.len(), feed.entries[0].id.as_str()), (MAX_ENTRIES, "200"));
}

#[test]
fn no_bytes_make_it_panic() {
    let whole =
        rss("<item><title>\u{e9}<![CDATA[x]]>&#x41;&eacute;</title><link href='/1' a=b c/></item><!-- x --><?y z?>");
    for end in 0..whole.len() {
        let _ = read(&whole.as_bytes()[..end], None, &base());
        let _ = read(&whole.as_bytes()[end..], None, &base());
    }
}

#[test]
fn nasty_repetitions_cost_no_more_than_their_length() {
    for piece in [
        "<!--",
        "<!",
        "<?",
        "<a ",
        "<a b=\"",
        "<a b='",
        "</",
        "&",
        "&#",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE[",
        "<item><a>",
        "</a>",
    ] {
        let inside = piece.repeat(400_000 / piece.len());
        let _ = read(rss(&inside).as_bytes(), None, &base());
        let _ = read(rss(&format!("<item><title>{inside}")).as_bytes(), None, &base());
    }
}

#[test]
fn a_feed_names_itself_its_hub_and_the_page_before() {
    let links = "<atom:link rel='self' href='/feed'/><atom:link rel=hub href='https://hub.example/?a=1&amp;b=2'/>\
                 <a10:link rel='next' href='?page=2'/><link>https://example.org/</link>";
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='self' href='/feed'/><link rel='HUB' href='https://hub.example/?a=1&amp;b=2'/>\
                <link rel='prev-archive' href='?page=2'/><entry><link rel=hub href=/no></entry></feed>";
    let json = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"feed_url\":\"/feed\",\"next_url\":\"?page=2\",\"items\":[],\
                \"hubs\":[{\"type\":\"rssCloud\",\"url\":\"/no\"},{\"type\":\"WebSub\",\"url\":\"https://hub.example/?a=1&b=2\"}]}";
    for text in [&rss(links), atom, json] {
        let links = feed(text).links;
        let text = |url: Option<Url>| url.map(String::from).unwrap_or_default();
        assert_eq!(text(links.own), "https://example.org/feed");
        assert_eq!(text(links.hub), "https://hub.example/?a=1&b=2");
        assert_eq!(text(links.next), "https://example.org/news/feed.xml?page=2");
    }
}

#[test]
fn a_sitemap_is_read_as_a_feed() {
    let sitemap = "<urlset><url><loc>https://example.org/a</loc></url></urlset>";
    has(sitemap, &["https://example.org/a https://example.org/a -"]);
    assert!(matches!(refusal(b"<opml version='2.0'><body/></opml>"), NotAFeed::Other(_)));
}
