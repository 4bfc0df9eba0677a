//! Text of strangers made safe to print: what XML 1.0 can carry, what cannot garble its surroundings, escaped once.

use unicode_normalization::char::is_combining_mark;

use super::direction::{is_balanced, is_isolate};

/// More marks than this on one letter are dropped: they would paint over the lines around it.
const MAX_COMBINING_MARKS: usize = 4;

/// `text` with nothing that XML 1.0 forbids or discourages (no controls but tab and line feed, no noncharacters), no bidi
/// embedding or override and no open isolate that could turn what follows, and at most four combining marks a letter. Where
/// the publisher's encoding was broken (U+FFFD) stands a question mark: in a feed that sign says that the feed is broken.
#[must_use]
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let (mut marks, keeps_isolates) = (0, is_balanced(text));
    let is_kept = |letter: &char| is_printable(*letter) && (keeps_isolates || !is_isolate(*letter));
    for letter in text.chars().filter(is_kept).map(|letter| if letter == '\u{FFFD}' { '?' } else { letter }) {
        marks = if is_combining_mark(letter) { marks + 1 } else { 0 };
        if marks <= MAX_COMBINING_MARKS {
            cleaned.push(letter);
        }
    }
    cleaned
}

/// [`clean`] on one line: runs of white space are single blanks, none at the ends. For titles and sentences.
#[must_use]
pub fn plain(text: &str) -> String {
    let cleaned = clean(text);
    let mut line = String::with_capacity(cleaned.len());
    for word in cleaned.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// [`plain`], and where that is longer than `max_chars`, cut at a blank with ` …`.
pub(super) fn shortened(text: &str, max_chars: usize) -> String {
    let line = plain(text);
    match line.char_indices().nth(max_chars) {
        None => line,
        Some((end, _)) => {
            let head = &line[..end];
            let cut = head.rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
            format!("{} …", head[..cut].trim_end())
        }
    }
}

/// Appends `text`, [`clean`] and escaped for HTML text and quoted attributes, to `html`.
pub(super) fn push_escaped(html: &mut String, text: &str) {
    for letter in clean(text).chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
}

/// `text`, cleaned and escaped for HTML text and quoted attributes.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    push_escaped(&mut html, text);
    html
}

/// `xml` in which `&` and `<` in titles and in what a feed says of itself are written by their hexadecimal numbers. That is the
/// same XML; but readers that guess whether a title is text or HTML take this for text, says the RSS Advisory Board
/// (<https://www.rssboard.org/rss-profile#data-types-characterdata>), and so does the W3C's validator.
pub(super) fn with_plain_titles(xml: Vec<u8>) -> Vec<u8> {
    let Ok(xml) = String::from_utf8(xml) else { return Vec::new() };
    let mut plain = String::with_capacity(xml.len() + 64);
    let mut rest = xml.as_str();
    while let Some((before, text, behind)) = title(rest) {
        plain.push_str(before);
        plain.push_str(&text.replace("&amp;", "&#x26;").replace("&lt;", "&#x3C;"));
        rest = behind;
    }
    plain.push_str(rest);
    plain.into_bytes()
}

/// The first title or subtitle in `xml`: what stands before its text, the text, and what follows. A channel's description is
/// its subtitle; those of its items are HTML.
fn title(xml: &str) -> Option<(&str, &str, &str)> {
    let item = xml.find("<item>").unwrap_or(xml.len());
    let names = ["<title", "<subtitle", "<description"];
    let begins = |name: &&str| xml.find(*name).filter(|at| *name != "<description" || *at < item);
    let start = names.iter().filter_map(begins).min()?;
    let open = start + xml[start..].find('>')? + 1;
    let close = open + xml[open..].find("</")?;
    Some((&xml[..open], &xml[open..close], &xml[close..]))
}

fn is_printable(letter: char) -> bool {
    let code = u32::from(letter);
    let is_control = letter.is_control() && !matches!(letter, '\t' | '\n');
    let is_noncharacter = code & 0xFFFE == 0xFFFE || (0xFDD0..=0xFDEF).contains(&code);
    let turns_text = matches!(letter, '\u{202A}'..='\u{202E}');
    !(is_control || is_noncharacter || turns_text)
}
