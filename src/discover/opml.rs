//! Reads OPML, the lists of feeds that feed readers export and import.

use url::Url;

use super::attributes::Attributes;
use super::found::web_address;
use super::lex::{Lexer, Token};
use super::plain;
use super::text::{self, Markup};

/// Size limit of a list, in bytes. A list of 10,000 feeds has about 3 MB.
pub const MAX_OPML_BYTES: usize = 8 << 20;

/// Limit of feeds taken from a list: the number that a configuration may have.
const MAX_OUTLINES: usize = 10_000;

/// Length limit of a name, in characters; longer ones are cut.
const MAX_NAME_CHARS: usize = 200;

/// A feed in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Line of the file on which it begins, from 1.
    pub line: usize,
    /// Name of the feed, if it has one.
    pub name: Option<String>,
    /// Address of the feed; if it is not an http or https address, the text found instead.
    pub url: Result<Url, String>,
    /// Names of the folders around it, outermost first.
    pub folders: Vec<String>,
}

/// A file cannot be read as a list of feeds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOpml {
    /// More than [`MAX_OPML_BYTES`].
    #[error("larger than the limit of {MAX_OPML_BYTES} bytes")]
    TooLarge,
    /// There is no `<opml>` in it; contains a guess what it is.
    #[error("not OPML: {0}; readers write OPML when they export their subscriptions")]
    Other(&'static str),
    /// A list without feeds.
    #[error("an OPML file in which no outline has an xmlUrl: there is no feed in it")]
    NoFeeds,
    /// More feeds than the limit.
    #[error("more than the limit of {0} feeds")]
    TooMany(usize),
}

/// Reads a list of feeds, nested outlines included, in file order. Accepts common mistakes: attribute names in any
/// case, bare `&`, unclosed tags.
///
/// # Errors
/// [`NotOpml`] if the file is not a list with feeds.
pub fn opml(bytes: &[u8]) -> Result<Vec<Outline>, NotOpml> {
    if bytes.len() > MAX_OPML_BYTES {
        return Err(NotOpml::TooLarge);
    }
    let text = text::decode(bytes, None, Markup::Xml);
    let mut reader = Reader { text: &text, counted: (0, 1), begun: false, open: Vec::new(), found: Vec::new() };
    for token in Lexer::new(&text) {
        match token {
            Token::Start { name, .. } if name.eq_ignore_ascii_case("opml") => reader.begun = true,
            Token::Start { name, attributes, closed } if is_outline(name) && reader.begun => {
                reader.open_outline(name, attributes, closed);
            }
            Token::End { name } if is_outline(name) => drop(reader.open.pop()),
            _ => {}
        }
        if reader.found.len() > MAX_OUTLINES {
            return Err(NotOpml::TooMany(MAX_OUTLINES));
        }
    }
    match (reader.begun, reader.found.is_empty()) {
        (false, _) => Err(NotOpml::Other(describe(&text))),
        (true, true) => Err(NotOpml::NoFeeds),
        (true, false) => Ok(reader.found),
    }
}

fn is_outline(name: &str) -> bool {
    name.eq_ignore_ascii_case("outline")
}

struct Reader<'a> {
    text: &'a str,
    /// Cache for counting lines: a position in the text, and its line.
    counted: (usize, usize),
    begun: bool,
    /// Names of the enclosing folders; `None` for an outline that is a feed.
    open: Vec<Option<String>>,
    found: Vec<Outline>,
}

impl<'a> Reader<'a> {
    fn open_outline(&mut self, tag: &'a str, attributes: Attributes<'a>, closed: bool) {
        let word = |name| attributes.get(name).map(|value| plain::unescape(value).into_owned());
        let name = word("title").or_else(|| word("text")).and_then(|name| plain::line(&name));
        let name = name.map(|name| name.chars().take(MAX_NAME_CHARS).collect::<String>());
        let address = word("xmlurl").map(|address| address.trim().to_owned()).filter(|address| !address.is_empty());
        if let Some(address) = &address {
            let line = self.line_of(tag);
            let folders = self.open.iter().flatten().cloned().collect();
            self.found.push(Outline { line, name: name.clone(), url: parse_address(address), folders });
        }
        if !closed {
            self.open.push(name.filter(|_| address.is_none()));
        }
    }

    /// The line on which a part of the text begins. Must be called for parts in text order.
    fn line_of(&mut self, part: &str) -> usize {
        let at = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len());
        let (from, line) = self.counted;
        let lines = self.text.get(from..at).unwrap_or_default().matches('\n').count();
        self.counted = (at, line + lines);
        line + lines
    }
}

/// Parses an address. `feed://` is how some readers write `http://`.
fn parse_address(address: &str) -> Result<Url, String> {
    let mended = match address.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("feed") && rest.starts_with("//") => format!("http:{rest}"),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("feed") => rest.to_owned(),
        _ => address.to_owned(),
    };
    let url = Url::parse(&mended).ok();
    url.and_then(|url| web_address(&mended, &url)).ok_or_else(|| address.chars().take(MAX_NAME_CHARS).collect())
}

fn describe(text: &str) -> &'static str {
    let start = text.trim_start();
    let has = |mark: &str| start.get(..start.floor_char_boundary(4_096)).unwrap_or_default().contains(mark);
    match () {
        () if start.is_empty() => "the file is empty",
        () if has("<rss") || has("<feed") || has("<rdf:RDF") => {
            "it is a feed itself; put its address into sources.toml"
        }
        () if has("<html") || has("<HTML") => "it is an HTML page",
        () if start.starts_with('{') || start.starts_with('[') => "it is JSON",
        () => "there is no <opml> in it",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_lines(text: &str) -> Vec<String> {
        let line = |outline: Outline| {
            let url = outline.url.map_or_else(|wrong| format!("!{wrong}"), String::from);
            format!("{} {} {} {}", outline.line, outline.folders.join("/"), outline.name.unwrap_or_default(), url)
        };
        opml(text.as_bytes()).unwrap().into_iter().map(line).collect()
    }

    #[test]
    fn lists_of_all_readers_are_read_in_their_order() {
        let text = "<?xml version='1.0'?>\n<opml version='1.0'><head><title>Mine</title></head><body>\n\
            <outline text='News &amp; more'>\n<outline text='A' title='Alpha' type='rss' xmlUrl='https://a.example/feed?x=1&y=2' htmlUrl='/'/>\n\
            <outline text='Deep'><outline text='B' XMLURL='feed://b.example/'></outline></outline></outline>\n\
            <outline xmlUrl='feed:https://c.example/x'/><outline text='no feed' url='https://d.example/'/>\n\
            <outline text='E' xmlUrl='ftp://e.example/'/><outline text='F' xmlUrl='not an address'/>";
        let expected = [
            "4 News & more Alpha https://a.example/feed?x=1&y=2",
            "5 News & more/Deep B http://b.example/",
            "6   https://c.example/x",
            "7  E !ftp://e.example/",
            "7  F !not an address",
        ];
        assert_eq!(read_lines(text), expected);
    }

    #[test]
    fn other_files_are_refused_with_a_reason() {
        for (bytes, words) in [
            (&b""[..], "empty"),
            (b"<rss version='2.0'/>", "a feed itself"),
            (b"<!doctype html><html><p>x", "HTML page"),
            (b"[1]", "JSON"),
            (b"\xff\xd8\xff", "no <opml>"),
            (b"<opml><body><outline text='x'/></body></opml>", "no feed in it"),
        ] {
            let error = opml(bytes).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
        assert_eq!(opml(&vec![b' '; MAX_OPML_BYTES + 1]), Err(NotOpml::TooLarge));
    }
}
