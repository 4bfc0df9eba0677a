//! HTML of entries: what feed readers show alike.

/// Elements that every feed reader shows.
const ELEMENTS: [&str; 6] = ["p", "h4", "b", "ins", "del", "a"];
/// References that may stand in text.
const REFERENCES: [&str; 5] = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"];

/// What stands between `<` and `>`, and the text behind it.
fn pieces(html: &str) -> impl Iterator<Item = (&str, &str)> {
    html.split('<').skip(1).map(|piece| piece.split_once('>').unwrap_or((piece, "<")))
}

fn name(tag: &str) -> &str {
    tag.trim_start_matches('/').split(' ').next().unwrap_or_default()
}

/// What is not closed where it should be, or no reference though it begins like one.
pub(super) fn broken(html: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let texts = std::iter::once(html.split('<').next().unwrap_or_default()).chain(pieces(html).map(|(_, text)| text));
    for text in texts {
        let known = |at: usize| REFERENCES.iter().any(|known| text[at..].starts_with(known));
        if let Some((at, _)) = text.match_indices('&').find(|(at, _)| !known(*at)) {
            return Some(text[at..].chars().take(20).collect());
        }
        if text.contains('<') || text.contains('>') {
            return Some(text.to_owned());
        }
    }
    for (tag, _) in pieces(html) {
        let inside = open.last().copied();
        if tag.starts_with('/') {
            if open.pop() != Some(name(tag)) {
                return Some(format!("<{tag}>"));
            }
        } else {
            let is_block = ["p", "h4"].contains(&name(tag));
            if is_block == inside.is_some() || inside == Some(name(tag)) {
                return Some(format!("<{tag}> in {inside:?}"));
            }
            open.push(name(tag));
        }
    }
    open.pop().map(|name| format!("<{name}> is open"))
}

/// An element that is not one of ours.
pub(super) fn stranger(html: &str) -> Option<String> {
    pieces(html).map(|(tag, _)| name(tag)).find(|name| !ELEMENTS.contains(name)).map(str::to_owned)
}

/// An attribute that is no address of a link.
pub(super) fn attribute(html: &str) -> Option<String> {
    let given = pieces(html).filter_map(|(tag, _)| Some((name(tag), tag.split_once(' ')?.1)));
    let fits = |(name, rest): &(&str, &str)| {
        let value = rest.strip_prefix("href=\"").and_then(|rest| rest.strip_suffix('"'));
        *name == "a" && value.is_some_and(|value| !value.contains(['"', '\r', '\n', '\t']))
    };
    given.filter(|given| !fits(given)).map(|(_, rest)| rest.to_owned()).next()
}

/// A link that leads nowhere from elsewhere.
pub(super) fn relative(html: &str) -> Option<String> {
    let links = html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
    let whole =
        |link: &str| ["http://", "https://"].iter().any(|scheme| link.starts_with(scheme)) && !link.contains(' ');
    links.filter(|link| !whole(link)).map(str::to_owned).next()
}
