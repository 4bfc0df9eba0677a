//! Importing a list of feeds into `sources.toml`. New entries are appended, so comments and order stay.

use std::collections::HashSet;

use url::Url;

use super::document::Value;
use super::problem::{File, Problems};
use super::show::write_value;
use super::sources::made_slug;
use super::{Config, document};
use crate::discover::{Outline, canonical, twin};
use crate::model::{Source, SourceSlug};

/// Result for one feed of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was added as a source with this slug.
    Added(SourceSlug),
    /// It is already a source with this slug: in the configuration, or through an earlier line of the list.
    Present(SourceSlug),
    /// It cannot be a source, for this reason.
    Refused(String),
}

/// Result for a whole list.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The new content of the file.
    pub text: String,
    /// Each feed with its result, in the order of the list.
    pub fates: Vec<(Outline, Fate)>,
}

/// Adds the feeds of a list to `text`, the current `sources.toml` of `config`. Addresses that differ only in tracking
/// parameters, fragment, or http and https count as one. A slug is written only if the one derived from the name is
/// taken.
///
/// # Errors
/// If the file with the additions would not be valid TOML, because it writes `source` in another form.
pub fn import(config: &Config, text: &str, outlines: Vec<Outline>) -> Result<Imported, Problems> {
    let mut known = Known::of(config);
    let mut text = text.to_owned();
    let mut fates = Vec::with_capacity(outlines.len());
    for outline in outlines {
        let fate = known.take(config, &outline, &mut text);
        fates.push((outline, fate));
    }
    let mut problems = Problems::default();
    let file = File { name: "sources.toml with the additions".to_owned(), text: text.clone(), built_in: false };
    document::parse_text(file, &mut problems);
    if problems.0.is_empty() { Ok(Imported { text, fates }) } else { Err(problems) }
}

/// The addresses and slugs that are taken.
struct Known {
    addresses: Vec<(Url, SourceSlug)>,
    slugs: HashSet<SourceSlug>,
}

impl Known {
    fn of(config: &Config) -> Self {
        let addresses = config.sources.iter().map(|source| (canonical(&source.url), source.slug.clone())).collect();
        Self { addresses, slugs: config.sources.iter().map(|source| source.slug.clone()).collect() }
    }

    /// Adds one feed if it is new and allowed.
    fn take(&mut self, config: &Config, outline: &Outline, text: &mut String) -> Fate {
        let url = match &outline.url {
            Ok(url) => url,
            Err(wrong) => return Fate::Refused(format!("{wrong:?} is not a web address")),
        };
        if let Some(why) = config.refuses(url) {
            return Fate::Refused(why);
        }
        let address = canonical(url);
        let same = |other: &Url| *other == address || twin(other).as_ref() == Some(&address);
        if let Some((_, slug)) = self.addresses.iter().find(|(other, _)| same(other)) {
            return Fate::Present(slug.clone());
        }
        let made = made_slug(outline.name.as_deref(), url);
        let slug = self.free(&made, url);
        append(text, outline, url, (slug != made).then_some(&slug));
        self.addresses.push((address, slug.clone()));
        self.slugs.insert(slug.clone());
        Fate::Added(slug)
    }

    /// Returns `made`; if that is taken, a slug of the address, or one with a number.
    fn free(&self, made: &SourceSlug, url: &Url) -> SourceSlug {
        let numbered = (2_u32..).map(|number| {
            let number = format!("-{number}");
            let start: String = made.as_str().chars().take(SourceSlug::MAX_BYTES - number.len()).collect();
            SourceSlug::of(&format!("{start}{number}"))
        });
        let tries = [made.clone(), made_slug(None, url)].into_iter().chain(numbered);
        tries.into_iter().find(|slug| !self.slugs.contains(slug)).unwrap_or_else(|| made.clone())
    }
}

/// Appends a feed to the text of a configuration file.
fn append(text: &mut String, outline: &Outline, url: &Url, slug: Option<&SourceSlug>) {
    let said = |text: &str| write_value(&Value::Text(text.to_owned()));
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    if !text.is_empty() {
        text.push('\n');
    }
    let mut line = |key: &str, value: &str| text.extend([key, " = ", &said(value), "\n"]);
    line("[[source]]\nurl", url.as_str());
    if let Some(name) = outline.name.as_deref().filter(|name| *name != Source::plain_address(url)) {
        line("name", name);
    }
    if let Some(slug) = slug {
        line("slug", slug.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Invocation;
    use crate::discover::opml;

    const LIST: &str = "<opml version='2.0'><body>
        <outline text='Echo' xmlUrl='https://echo.example/rss?utm_source=reader'/>
        <outline text='Echo' xmlUrl='https://other.example/rss'/>
        <outline text='a \"quoted\" \\ name' xmlUrl='http://third.example/feed'/>
        <outline text='Third' xmlUrl='https://third.example/feed#top'/>
        <outline text='Mine' xmlUrl='http://127.0.0.1/feed'/>
        <outline text='News' xmlUrl='nowhere'/></body></opml>";

    /// Writes a configuration directory with these sources and loads it.
    fn with(sources: &str) -> (tempfile::TempDir, Config) {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("sources.toml"), sources).unwrap();
        let invocation = Invocation { config: Some(directory.path().to_owned()), ..Invocation::default() };
        let config = Config::load(&invocation).unwrap();
        (directory, config)
    }

    #[test]
    fn a_list_is_added_at_the_end_and_what_is_there_stays_as_it_is() {
        let before = "# mine\n[[page]] # first\nurl = 'https://page.example/'\n\n[[source]]\nurl = \"https://echo.example/rss\"\nname = \"Echo\" # the paper";
        let (directory, config) = with(before);
        let imported = import(&config, before, opml(LIST.as_bytes()).unwrap()).unwrap();
        assert!(imported.text.starts_with(before), "{}", imported.text);
        let fates: Vec<String> = imported.fates.iter().map(|(_, fate)| format!("{fate:?}")).collect();
        assert!(fates[0].starts_with("Present") && fates[0].contains("echo"), "{fates:#?}");
        assert!(fates[1].starts_with("Added") && fates[1].contains("other-example-rss"), "{fates:#?}");
        assert!(fates[2].starts_with("Added") && fates[2].contains("a-quoted-name"), "{fates:#?}");
        assert!(fates[3].starts_with("Present") && fates[3].contains("a-quoted-name"), "{fates:#?}");
        assert!(fates[4].contains("private address") && fates[5].contains("nowhere"), "{fates:#?}");

        std::fs::write(directory.path().join("sources.toml"), &imported.text).unwrap();
        let config = config.reload().unwrap();
        let slugs: Vec<&str> = config.sources.iter().map(|source| source.slug.as_str()).collect();
        assert_eq!(slugs, ["echo", "other-example-rss", "a-quoted-name", "page-example"]);
        assert_eq!(config.sources[2].name, "a \"quoted\" \\ name");

        let again = import(&config, &imported.text, opml(LIST.as_bytes()).unwrap()).unwrap();
        assert_eq!(again.text, imported.text, "a second time adds nothing");
    }

    #[test]
    fn sources_written_as_one_list_are_left_alone() {
        let before = "source = [{ url = \"https://echo.example/rss\" }]\n";
        let (_directory, config) = with(before);
        let problems = import(&config, before, opml(LIST.as_bytes()).unwrap()).unwrap_err();
        assert!(problems.to_string().contains("sources.toml with the additions"), "{problems}");
    }
}
