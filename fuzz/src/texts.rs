//! Two contents from one text: parted by a line `====`; a headline, then blocks with blank lines between. A block's first
//! character says what it is: `#` a heading, `-` of a list, `>` a quotation, `|` of a table, `!` a note, `%` a standfirst,
//! `@` a byline.

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

/// White space is single blanks, as extraction leaves it.
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
