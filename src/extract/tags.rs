//! What the names of elements say.

/// Elements that begin and end a block of text.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "caption"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

/// Elements whose text nobody reads on the page.
pub(super) fn is_unseen(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "math"
            | "iframe"
            | "textarea"
            | "select"
            | "head"
            | "title"
            | "object"
            | "canvas"
            | "noframes"
            | "noembed"
            | "datalist"
            | "audio"
            | "video"
            | "map"
    )
}

/// Elements that hold lines of text, as a rule no boxes.
pub(super) fn is_line(name: &str) -> bool {
    matches!(name, "p" | "li" | "dd" | "dt" | "figcaption" | "caption" | "td" | "th") || heading_level(name).is_some()
}

/// The level of a heading, 1 to 6.
pub(super) fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}
