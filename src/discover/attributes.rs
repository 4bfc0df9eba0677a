//! Reads the attributes of a tag leniently: values may lack quotes or be missing, and names may be repeated.

/// The text of a tag after its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attributes<'a>(&'a str);

impl<'a> Attributes<'a> {
    /// The attributes at the beginning of `text`, which may continue after them.
    pub(super) fn read(text: &'a str) -> Self {
        let mut attributes = Iter(text);
        while attributes.next().is_some() {}
        Self(&text[..text.len() - attributes.0.len()])
    }

    /// Their length in bytes.
    pub(super) fn length(self) -> usize {
        self.0.len()
    }

    /// All attributes as (name, value). Character references in values are not decoded.
    pub(super) fn iter(self) -> Iter<'a> {
        Iter(self.0)
    }

    /// The value of the first attribute called `name`, ignoring case.
    pub(super) fn get(self, name: &str) -> Option<&'a str> {
        self.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Iterates over attributes.
pub(super) struct Iter<'a>(&'a str);

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a str);
    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        // Skip stray quotes, equals signs and slashes, but not the slash that ends a tag.
        let mut start = self.0;
        loop {
            start = start.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '='));
            match start.strip_prefix('/') {
                Some(rest) if !rest.starts_with(['/', '>']) => start = rest,
                _ => break,
            }
        }
        let (name, rest) = start.split_at(name_length(start));
        if name.is_empty() {
            self.0 = start;
            return None;
        }
        let Some(value) = rest.trim_start().strip_prefix('=') else {
            self.0 = rest;
            return Some((name, ""));
        };
        let (value, rest) = value_of(value.trim_start());
        self.0 = rest;
        Some((name, value))
    }
}

/// Length of the name at the beginning of `text`, in bytes.
pub(super) fn name_length(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '>' | '<' | '=' | '"' | '\'');
    text.find(ends).unwrap_or(text.len())
}

/// The value at the beginning of `text`, and the rest.
fn value_of(text: &str) -> (&str, &str) {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let quoted = quote.and_then(|quote| text[1..].split_once(quote));
    // If the closing quote is missing, the quote found next belongs to a later value, and a tag end or a name follows
    // it directly.
    let ends_well = |rest: &str| rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || "/>?".contains(c));
    if let Some((value, rest)) = quoted.filter(|(value, rest)| ends_well(rest) || !value.contains('>')) {
        return (value, rest);
    }
    let bare = if quote.is_some() { &text[1..] } else { text };
    let end = bare.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(bare.len());
    let end = if bare[..end].ends_with('/') && bare[end..].starts_with('>') { end - 1 } else { end };
    bare.split_at(end)
}
