//! What the page's head and its JSON-LD say of the article: witnesses, never the text itself.

use dom_query::{Document, NodeRef};
use jiff::Timestamp;
use serde_json::{Map, Value};
use url::Url;

use super::text::tidy;
use super::{correction, dates};

/// Bytes of one JSON-LD script that are read.
const MAX_SCRIPT_BYTES: usize = 1024 * 1024;
/// Objects of a page's JSON-LD that are looked at.
const MAX_OBJECTS: usize = 2_000;
/// Characters of a section's name; what is longer is none.
const MAX_SECTION_CHARS: usize = 80;
/// What elements are called that keep those out who do not pay or log in.
const WALLS: &str = "[class*='paywall'],[id*='paywall'],[class*='regwall'],[id*='regwall']";
/// Characters of a site's name; what is longer is none.
const MAX_SITE_CHARS: usize = 100;
/// Names in a byline.
const MAX_AUTHORS: usize = 12;

/// Everything that head and JSON-LD say. Texts are tidy and not empty.
#[derive(Debug, Default)]
pub(super) struct Witnesses {
    pub(super) title: Option<String>,
    pub(super) og_title: Option<String>,
    pub(super) ld_headline: Option<String>,
    pub(super) site: Option<String>,
    /// The publisher that JSON-LD names.
    publisher: Option<String>,
    pub(super) description: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) published: Option<Timestamp>,
    pub(super) modified: Option<Timestamp>,
    pub(super) language: Option<String>,
    pub(super) section: Option<String>,
    pub(super) canonical: Option<Url>,
    /// The text in JSON-LD, as rules read it.
    pub(super) body: String,
    /// The same as it stands there, with line breaks and tags.
    raw_body: String,
    /// The types that JSON-LD and `og:type` give.
    pub(super) types: Vec<String>,
    /// Claims that the page checks, as [`claim`] reads them.
    pub(super) claims: Vec<String>,
    /// Whether JSON-LD says that the text is not free.
    pub(super) paid: bool,
    /// Corrections that JSON-LD states, as plain text.
    pub(super) corrections: Vec<String>,
    /// The address of the publisher's policy on corrections.
    pub(super) corrections_policy: Option<Url>,
    /// The same as it stands in JSON-LD.
    raw_policy: Option<String>,
    /// Whether an element is called a paywall.
    pub(super) is_walled: bool,
}

impl Witnesses {
    /// Hears the head of `document`, which came from `url`.
    pub(super) fn of(document: &Document, url: &Url) -> Self {
        let mut heard = Self::default();
        for script in document.select("script").nodes() {
            if script.attr("type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json")) {
                heard.script(&script.text());
            }
        }
        for meta in document.select("meta").nodes() {
            heard.meta(meta);
        }
        heard.is_walled = document.select(WALLS).exists();
        heard.language = language(document).or(heard.language.take());
        heard.title = document.select("title").nodes().first().and_then(|title| some(&title.text()));
        let base = document.base_uri().and_then(|base| url.join(&base).ok()).unwrap_or_else(|| url.clone());
        let links = document.select("link");
        let canonical =
            links.nodes().iter().find(|link| link.attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")));
        let canonical = canonical.and_then(|link| link.attr("href")).and_then(|href| base.join(href.trim()).ok());
        let is_web = |url: &Url| matches!(url.scheme(), "http" | "https");
        heard.canonical = canonical.or(heard.canonical.take()).filter(is_web);
        heard.corrections_policy = heard.raw_policy.take().and_then(|policy| base.join(&policy).ok()).filter(is_web);
        heard
    }

    /// The headline as head and JSON-LD have it, the page's own words first.
    pub(super) fn headlines(&self) -> impl Iterator<Item = &str> {
        [&self.ld_headline, &self.og_title, &self.title].into_iter().filter_map(|text| text.as_deref())
    }

    /// What the site is called, in its own words before those for machines.
    pub(super) fn site_name(&self) -> Option<String> {
        let mut names = [&self.site, &self.publisher].into_iter().flatten();
        names.find(|name| name.chars().count() <= MAX_SITE_CHARS).cloned()
    }

    /// The paragraphs of the text in JSON-LD, tidy: those of its markup, or its lines.
    pub(super) fn paragraphs(&self) -> Vec<String> {
        let paragraphs = |line: &str| -> Vec<String> {
            if !line.contains(['&', '<']) {
                return vec![tidy(line)];
            }
            let walked = super::walk::walk(
                &super::parse::parse(line),
                &super::hints::Fates::default(),
                super::walk::Noscript::Unseen,
            );
            walked.runs.into_iter().map(|run| run.text).collect()
        };
        let markup = ["<p", "<div", "<br", "<h"].iter().any(|tag| self.raw_body.contains(tag));
        let found: Vec<String> =
            if markup { paragraphs(&self.raw_body) } else { self.raw_body.lines().flat_map(paragraphs).collect() };
        found.into_iter().filter(|text| !text.is_empty()).collect()
    }

    fn meta(&mut self, meta: &NodeRef<'_>) {
        let name = meta.attr("property").or_else(|| meta.attr("name")).or_else(|| meta.attr("itemprop"));
        let (Some(name), Some(content)) = (name, meta.attr("content")) else { return };
        let Some(content) = some(&content) else { return };
        match &*name.to_ascii_lowercase() {
            "og:title" | "twitter:title" => put(&mut self.og_title, content),
            "og:description" | "description" | "twitter:description" => put(&mut self.description, content),
            "og:site_name" | "application-name" => put(&mut self.site, content),
            "og:type" => self.types.push(content),
            "og:url" => self.canonical = self.canonical.take().or_else(|| Url::parse(&content).ok()),
            "author" | "article:author" | "byl" | "parsely-author" | "dc.creator" | "sailthru.author"
                if !content.contains("://") =>
            {
                self.author(&content);
            }
            "article:published_time"
            | "datepublished"
            | "date"
            | "pubdate"
            | "publishdate"
            | "parsely-pub-date"
            | "dc.date.issued"
            | "sailthru.date"
            | "og:published_time" => put_date(&mut self.published, &content),
            "article:modified_time" | "datemodified" | "lastmod" | "og:updated_time" | "last-modified" => {
                put_date(&mut self.modified, &content);
            }
            "article:section" | "articlesection" | "parsely-section" => self.section(&content),
            "og:locale" | "content-language" => put(&mut self.language, content.replace('_', "-")),
            _ => {}
        }
    }

    /// The first section that is told and short enough to be one.
    fn section(&mut self, name: &str) {
        let name = tidy(name);
        if !name.is_empty() && name.chars().count() <= MAX_SECTION_CHARS {
            put(&mut self.section, name);
        }
    }

    /// Whether the page calls itself a live blog.
    pub(super) fn is_live(&self) -> bool {
        self.types.iter().any(|kind| kind == "LiveBlogPosting")
    }

    fn author(&mut self, name: &str) {
        let name = tidy(name);
        if !name.is_empty() && self.authors.len() < MAX_AUTHORS && !self.authors.contains(&name) {
            self.authors.push(name);
        }
    }

    fn script(&mut self, script: &str) {
        let script = super::parse::prefix(script.trim(), MAX_SCRIPT_BYTES);
        let script = script
            .trim_start_matches("<!--")
            .trim_start_matches("//<![CDATA[")
            .trim_end_matches("-->")
            .trim_end_matches("//]]>");
        let value = serde_json::from_str::<Value>(script)
            .or_else(|_| serde_json::from_str(&script.replace(|c: char| c.is_control(), " ")));
        if let Ok(value) = value {
            self.value(&value, &mut MAX_OBJECTS.clone());
        }
    }

    fn value(&mut self, value: &Value, left: &mut usize) {
        match value {
            Value::Array(list) => list.iter().for_each(|value| self.value(value, left)),
            Value::Object(object) if *left > 0 => {
                *left -= 1;
                if let Some(said) = object.get("claimReviewed").and_then(Value::as_str).and_then(some) {
                    self.claims.push(claim(&unescape(&said)));
                }
                correction::of_object(object, &mut self.corrections);
                self.policy(object);
                if is_article(object) {
                    self.article(object);
                } else {
                    ["@graph", "mainEntity", "mainEntityOfPage"]
                        .iter()
                        .filter_map(|key| object.get(*key))
                        .for_each(|value| self.value(value, left));
                }
            }
            _ => {}
        }
    }

    /// The policy on corrections that an object names, or its publisher does.
    fn policy(&mut self, object: &Map<String, Value>) {
        let named =
            |object: &Map<String, Value>| object.get("correctionsPolicy").and_then(Value::as_str).and_then(some);
        let publisher = || object.get("publisher").and_then(Value::as_object).and_then(named);
        self.raw_policy = self.raw_policy.take().or_else(|| named(object)).or_else(publisher);
    }

    fn article(&mut self, object: &Map<String, Value>) {
        let text = |key: &str| object.get(key).and_then(Value::as_str).and_then(some);
        if self.ld_headline.is_some() && self.body.len() > text("articleBody").map_or(0, |body| body.len()) {
            return;
        }
        types(object).for_each(|kind| self.types.push(kind.to_owned()));
        correction::of_article(object, &mut self.corrections);
        self.ld_headline =
            self.ld_headline.take().or_else(|| text("headline")).or_else(|| text("name")).map(|text| unescape(&text));
        self.description = self.description.take().or_else(|| text("description"));
        let publisher = object.get("publisher").and_then(|publisher| publisher.get("name")).and_then(Value::as_str);
        self.publisher = self.publisher.take().or_else(|| publisher.and_then(some).map(|name| unescape(&name)));
        self.language = self.language.take().or_else(|| text("inLanguage"));
        let section = object.get("articleSection").map(|told| told.get(0).unwrap_or(told)).and_then(Value::as_str);
        if let Some(section) = section {
            self.section(&unescape(section));
        }
        if let Some(date) = text("datePublished").and_then(|date| dates::read(&date)) {
            self.published = Some(date);
        }
        if let Some(date) = text("dateModified").and_then(|date| dates::read(&date)) {
            self.modified = Some(date);
        }
        self.paid |= matches!(object.get("isAccessibleForFree"), Some(Value::Bool(false)))
            || text("isAccessibleForFree").is_some_and(|free| free.eq_ignore_ascii_case("false"));
        if let Some(body) = text("articleBody") {
            self.body = super::text::plain(&unescape(&body));
            self.raw_body = object.get("articleBody").and_then(Value::as_str).map(str::to_owned).unwrap_or_default();
        }
        let names = object.get("author").into_iter().flat_map(|author| match author {
            Value::Array(list) => list.iter().collect(),
            one => vec![one],
        });
        let names = names.filter_map(|author| author.as_str().or_else(|| author.get("name").and_then(Value::as_str)));
        let names: Vec<String> = names.filter(|name| !name.contains("://")).map(unescape).collect();
        for name in &names {
            self.author(name);
        }
    }
}

/// A checked claim as rules read it: without the quotation marks and the stop at its ends.
pub(super) fn claim(text: &str) -> String {
    super::text::plain(text).trim_matches(['"', '\'', '.', ' ']).to_owned()
}

/// Whether a JSON-LD object tells of an article.
fn is_article(object: &Map<String, Value>) -> bool {
    types(object).any(|kind| {
        kind.ends_with("Article")
            || matches!(
                kind,
                "BlogPosting" | "LiveBlogPosting" | "Report" | "Review" | "SocialMediaPosting" | "AnalysisNewsArticle"
            )
    })
}

pub(super) fn types(object: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let kinds = match object.get("@type") {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(kind)) => vec![kind.as_str()],
        _ => Vec::new(),
    };
    kinds.into_iter()
}

/// The tags and entities that some sites leave in JSON-LD texts.
pub(super) fn unescape(text: &str) -> String {
    if !text.contains(['&', '<']) {
        return text.to_owned();
    }
    tidy(&super::parse::parse(text).text())
}

fn some(text: &str) -> Option<String> {
    let text = tidy(text);
    (!text.is_empty()).then_some(text)
}

fn put(slot: &mut Option<String>, text: String) {
    slot.get_or_insert(text);
}

fn put_date(slot: &mut Option<Timestamp>, text: &str) {
    *slot = slot.or_else(|| dates::read(text));
}

/// The language that `<html lang>` declares.
fn language(document: &Document) -> Option<String> {
    let root = document.html_root();
    let tag = root.attr("lang").or_else(|| root.attr("xml:lang"))?;
    let tag = tag.trim().replace('_', "-");
    let fits = (2..=35).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    fits.then_some(tag)
}
