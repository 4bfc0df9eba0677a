//! OPML: lists of feeds for feed readers.

use super::text::{escape, plain};

/// A feed in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscription {
    /// Its name for people.
    pub name: String,
    /// Where it is.
    pub feed: String,
    /// The page that it is about; none where empty.
    pub page: String,
}

/// A list of feeds as OPML 2.0 (<http://opml.org/spec2.opml>), in this order. `title` is the list's name. Says nothing of
/// when it was written, so that the same feeds are the same bytes.
#[must_use]
pub fn opml(title: &str, feeds: &[Subscription]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<opml version=\"2.0\">\n  <head><title>");
    out.push_str(&escape(&plain(title)));
    out.push_str("</title></head>\n  <body>\n");
    for feed in feeds {
        out.push_str("    <outline type=\"rss\"");
        for (name, value) in
            [("text", &feed.name), ("title", &feed.name), ("xmlUrl", &feed.feed), ("htmlUrl", &feed.page)]
        {
            if !value.is_empty() {
                out.extend([" ", name, "=\""]);
                out.push_str(&escape(&plain(value)));
                out.push('"');
            }
        }
        out.push_str("/>\n");
    }
    out.push_str("  </body>\n</opml>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_back_by_the_reader_of_lists() {
        let feed = |name: &str, feed: &str| Subscription { name: name.into(), feed: feed.into(), page: String::new() };
        let feeds = [feed("“A” & <B>\n", "https://a.example/?x=1&y=2"), feed("新闻", "https://b.example/feed")];
        let read = crate::discover::opml(opml("Mine", &feeds).as_bytes()).unwrap();
        let names: Vec<_> = read.iter().map(|outline| outline.name.clone().unwrap()).collect();
        assert_eq!(names, ["“A” & <B>", "新闻"]);
        let urls: Vec<_> = read.into_iter().map(|outline| outline.url.unwrap().to_string()).collect();
        assert_eq!(urls, ["https://a.example/?x=1&y=2", "https://b.example/feed"]);
    }
}
