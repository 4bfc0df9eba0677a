//! The words of entries that are HTML already: what changed, and the whole as plain text. Our own HTML only, which [`super::entry()`]
//! wrote: a handful of elements without attributes, all text escaped by [`super::escape`].

use super::direction::without_isolate;
use crate::model::Edit;

/// What ends a line of plain text.
const BLOCKS: [&str; 2] = ["/p", "/h4"];

/// What changed by `edit`: the words that went or came, a line for each run, and the reasons.
#[must_use]
pub fn changed(edit: &Edit) -> String {
    let mut text = marked_words(&edit.entry.html);
    text.push_str(&edit.entry.unshown);
    for reason in &edit.reasons {
        text.extend([reason.fact.to_string().as_str(), "\n"]);
    }
    text
}

/// The words that HTML of ours marks as gone or come, a line for each run.
pub(super) fn marked_words(html: &str) -> String {
    let (mut text, mut marked) = (String::new(), 0_usize);
    for (tag, between) in pieces(html) {
        match tag {
            "ins" | "del" => marked += 1,
            "/ins" | "/del" => marked = marked.saturating_sub(1),
            _ => {}
        }
        if marked == 0 && !text.ends_with('\n') {
            text.push('\n');
        } else if marked > 0 {
            push_text(&mut text, between);
        }
    }
    text
}

/// One change of an entry, as plain text: where, what it was, what it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// `Paragraph 3 changed`.
    pub(super) heading: String,
    /// The line that was; none of what was added or only moved.
    pub(super) was: Option<String>,
    /// The line that is; none of what was removed or only moved.
    pub(super) now: Option<String>,
}

/// The changes that an entry of ours tells, from its HTML.
pub(super) fn told(html: &str) -> Vec<Told> {
    let told = |change: Lines| Told {
        heading: without_tags(change.heading),
        was: change.was.map(without_tags),
        now: change.now.map(without_tags),
    };
    lines(html).map(told).collect()
}

/// One change of an entry, as HTML without its labels.
pub(super) struct Lines<'a> {
    /// Where it is: `Paragraph 3 changed`.
    pub(super) heading: &'a str,
    /// The line that was; none of what was added or only moved.
    pub(super) was: Option<&'a str>,
    /// The line that is; none of what was removed or only moved.
    pub(super) now: Option<&'a str>,
}

/// The changes in an entry's HTML: under each heading, two paragraphs with a label are Was and Now; a single one is what was
/// added or removed, by its mark. Whatever the labels say, in whatever language.
pub(super) fn lines(html: &str) -> impl Iterator<Item = Lines<'_>> {
    html.split("<h4>").skip(1).map(|change| {
        let (heading, body) = change.split_once("</h4>").unwrap_or((change, ""));
        let labelled = body.split("<p><b>").skip(1).filter_map(|line| line.split_once("</b> "));
        let lines = labelled.filter_map(|(_, line)| line.split("</p>").next());
        let lines: Vec<&str> = lines.map(without_isolate).collect();
        let (was, now) = match lines[..] {
            [was, now] => (Some(was), Some(now)),
            [line] if line.contains("<del>") => (Some(line), None),
            [line] => (None, Some(line)),
            _ => (None, None),
        };
        Lines { heading, was, now }
    })
}

/// Words that are all marked as gone or come, or all not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The words, with the blanks around them.
    pub text: String,
    /// Whether they are only on this side of a change.
    pub marked: bool,
}

/// A line of HTML of ours as stretches.
pub(super) fn stretches(html: &str) -> Vec<Stretch> {
    let (mut stretches, mut marks): (Vec<Stretch>, _) = (Vec::new(), 0_usize);
    for (tag, between) in pieces(html) {
        match tag {
            "ins" | "del" => marks += 1,
            "/ins" | "/del" => marks = marks.saturating_sub(1),
            _ => {}
        }
        let marked = marks > 0;
        match stretches.last_mut() {
            Some(last) if last.marked == marked => push_text(&mut last.text, between),
            _ if between.is_empty() => {}
            _ => {
                let mut text = String::new();
                push_text(&mut text, between);
                stretches.push(Stretch { text, marked });
            }
        }
    }
    stretches
}

/// HTML of ours as plain text: a line for each paragraph and heading.
#[must_use]
pub fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for (tag, between) in pieces(html) {
        if BLOCKS.contains(&tag) && !text.ends_with('\n') {
            text.push('\n');
        }
        push_text(&mut text, between.trim_start_matches('\n'));
    }
    text.truncate(text.trim_end().len());
    text
}

/// Each tag by what stands between `<` and `>` with the text behind it; the text before the first has no tag.
fn pieces(html: &str) -> impl Iterator<Item = (&str, &str)> {
    html.split('<').enumerate().map(|(at, piece)| match piece.split_once('>') {
        Some((tag, text)) if at > 0 => (tag, text),
        _ => ("", piece),
    })
}

/// Appends escaped text as it reads.
fn push_text(text: &mut String, escaped: &str) {
    let mut rest = escaped;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = [("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\''), ("&amp;", '&')];
        let (name, letter) = known.into_iter().find(|(name, _)| rest.starts_with(name)).unwrap_or(("&", '&'));
        text.push(letter);
        rest = &rest[name.len()..];
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = "<p>Version 2.</p>\n<h4>Headline changed</h4>\n<p><b>Was:</b> <del><b>Council &amp; Co</b></del> \
                        approves</p>\n<p><b>Now:</b> <ins><b>Mayor</b></ins> approves &lt;b&gt; &amp;amp;</p>\n";

    #[test]
    fn plain_text_has_a_line_for_each_paragraph_and_no_tag() {
        let lines = "Version 2.\nHeadline changed\nWas: Council & Co approves\nNow: Mayor approves <b> &amp;";
        assert_eq!(without_tags(HTML), lines);
        assert_eq!(without_tags(""), "");
    }

    #[test]
    fn what_was_and_is_is_read_from_an_entry() {
        let html = format!(
            "{HTML}<h4>Paragraph 2 added</h4>\n<p><b>Added:</b> <ins>New &lt;i&gt;.</ins></p>\n\
                            <h4>Paragraph 3 removed</h4>\n<p><b>Removed:</b> <del>Old.</del></p>\n\
                            <h4>Paragraph 9 moved up, to 4</h4>\n<p>Elsewhere.</p>\n<p>And 2 more paragraphs.</p>\n"
        );
        let line = |text: &str| Some(text.to_owned());
        let change = |heading: &str, was, now| Told { heading: heading.to_owned(), was, now };
        assert_eq!(
            told(&html),
            [
                change("Headline changed", line("Council & Co approves"), line("Mayor approves <b> &amp;")),
                change("Paragraph 2 added", None, line("New <i>.")),
                change("Paragraph 3 removed", line("Old."), None),
                change("Paragraph 9 moved up, to 4", None, None),
            ]
        );
        assert_eq!(told("<p>Removed.</p>"), []);
    }
}
