//! Parses two contents from one text: they are separated by a line `====`; each is a headline, then blocks separated
//! by blank lines. The first character of a block gives its kind: `#` heading, `-` list item, `>` quotation, `|`
//! table row, `!` note, `%` standfirst, `@` byline.

use redraft::model::{Block, BlockKind, Content};

pub(super) fn two_contents(bytes: &[u8]) -> (Content, Content) {
    let text = String::from_utf8_lossy(bytes);
    let (old, new) = text.split_once("\n====\n").unwrap_or((&text, ""));
    (content(old), content(new))
}

fn content(text: &str) -> Content {
    let mut parts = text.split("\n\n");
    let mut content = Content { headline: on_one_line(parts.next().unwrap_or_default()), ..Content::default() };
    for part in parts.map(on_one_line).filter(|part| !part.is_empty()) {
        let kind = match part.as_bytes()[0] {
            b'%' => {
                content.standfirst = Some(part[1..].to_owned());
                continue;
            }
            b'@' => {
                content.byline = Some(part[1..].to_owned());
                continue;
            }
            b'#' => BlockKind::Heading,
            b'-' => BlockKind::ListItem,
            b'>' => BlockKind::Quote,
            b'|' => BlockKind::TableRow,
            b'!' => BlockKind::Note,
            _ => BlockKind::Paragraph,
        };
        content.blocks.push(Block { kind, text: part });
    }
    content
}

/// Reduces white space to single blanks, as extraction does.
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
