//! What every format of a feed has in common: its words, its size, its entries' links.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::model::{Article, Disclosure, Edit, EditKind, Feed, Narrowing, Retirement, Scope, Site, Source, Watch};

use super::address;
use super::direction::isolated;
use super::entry;
use super::labels::{fill, words};
use super::language::language;
use super::text::{plain, shortened};

/// Longest feed: within the limits of every reader that was measured, and quick to fetch on a phone.
pub const MAX_FEED_BYTES: usize = 128 * 1024;

/// What an entry needs besides its words: tags, addresses, ids, dates.
const ENVELOPE_BYTES: usize = 2 * 1024;
/// What a reason needs in JSON besides its words.
const REASON_BYTES: usize = 80;
/// What a category needs in XML: its scheme, which has our authority, its term and its label.
const CATEGORY_BYTES: usize = 200;
/// What a publication's name and address need where an entry names its author.
const AUTHOR_BYTES: usize = 512;
/// What a feed needs besides its entries.
const FRAME_BYTES: usize = 4 * 1024;
/// Longest headline in a feed's title, in characters.
const MAX_TITLE_CHARS: usize = 200;

/// The feed of all edits; `edits` newest first.
#[must_use]
pub fn everything(site: &Site, edits: Vec<Edit>) -> Feed {
    let words = words(site.locale);
    Feed {
        scope: Scope::Everything,
        narrowing: Narrowing::default(),
        title: words.feed_everything.to_owned(),
        subtitle: words.feed_everything_about.to_owned(),
        updated: newest(&edits).unwrap_or_else(|| opened(site)),
        language: Some(site.locale.tag().to_owned()),
        about: None,
        edits,
    }
}

/// The feed of one source's articles; `edits` newest first.
#[must_use]
pub fn of_source(site: &Site, source: &Source, edits: Vec<Edit>) -> Feed {
    let (words, name) = (words(site.locale), isolated(&plain(&source.name)));
    Feed {
        scope: Scope::Source(source.slug.clone()),
        narrowing: Narrowing::default(),
        title: fill(words.feed_source, &[("name", &name)]),
        subtitle: fill(words.feed_source_about, &[("name", &name)]),
        updated: newest(&edits).unwrap_or_else(|| opened(site)),
        language: Some(site.locale.tag().to_owned()),
        about: Some(source.url.clone()),
        edits,
    }
}

/// The feed of one article, which says whether the article is still watched; `edits` newest first.
#[must_use]
pub fn of_article(site: &Site, article: &Article, edits: Vec<Edit>) -> Feed {
    let words = words(site.locale);
    let headline = shortened(&article.headline, MAX_TITLE_CHARS);
    let headline = if headline.is_empty() { article.url.to_string() } else { headline };
    let subtitle = match article.watch {
        Watch::Due(_) => words.feed_article_watched,
        Watch::Retired { reason: Retirement::Quiet, .. } => words.feed_article_quiet,
        Watch::Retired { reason: Retirement::Removed, .. } => words.feed_article_removed,
        Watch::Retired { reason: Retirement::NeverAnArticle, .. } => words.feed_article_never,
    };
    Feed {
        scope: Scope::Article(article.id),
        narrowing: Narrowing::default(),
        title: fill(words.feed_article, &[("headline", &isolated(&headline))]),
        subtitle: subtitle.to_owned(),
        updated: newest(&edits).unwrap_or(article.first_seen),
        language: article.language.as_deref().and_then(language).or_else(|| Some(site.locale.tag().to_owned())),
        about: Some(article.url.clone()),
        edits,
    }
}

/// The feed of an article that nobody looks at: its source was taken out of the configuration.
#[must_use]
pub fn left(site: &Site, feed: Feed) -> Feed {
    Feed { subtitle: words(site.locale).feed_article_left.to_owned(), ..feed }
}

/// The whole title of a feed, with that of the instance: `Harbour Gazette: edits – redraft`.
#[must_use]
pub fn full_title(title: &str, site: &Site) -> String {
    plain(&format!("{title} – {}", isolated(&plain(&site.title))))
}

/// `feed` as the feed of what `narrowing` takes; its title says so. Its edits are those already.
#[must_use]
pub fn narrowed(feed: Feed, narrowing: Narrowing) -> Feed {
    if narrowing.is_none() {
        return feed;
    }
    let pairs: Vec<String> = narrowing.pairs().into_iter().map(|(name, value)| format!("{name} {value}")).collect();
    let title = plain(&format!("{} ({})", feed.title, pairs.join(", ")));
    Feed { narrowing, title, ..feed }
}

/// When the last of these edits was seen: not always the first of them, where a clock was set back.
fn newest(edits: &[Edit]) -> Option<Timestamp> {
    edits.iter().map(updated).max()
}

/// When an edit was seen, as an entry says it: no two of a feed at the same time, or readers that sort by it swap them at every
/// fetch. The store keeps milliseconds, and several looks may end within one; the microseconds are those of its number.
pub(super) fn updated(edit: &Edit) -> Timestamp {
    let microseconds = (edit.article.0.wrapping_mul(17) + u64::from(edit.number.0)) % 1_000;
    let within = SignedDuration::from_micros(i64::try_from(microseconds).unwrap_or_default());
    edit.seen.checked_add(within).unwrap_or(edit.seen)
}

/// The midnight that our ids are dated from: when a feed without edits was updated last.
fn opened(site: &Site) -> Timestamp {
    site.since.to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |midnight| midnight.timestamp())
}

/// The newest edits that fit a feed of [`MAX_FEED_BYTES`] in any format; at least one, where there is one.
pub(super) fn fitting<'a>(edits: &'a [Edit], site: &Site) -> &'a [Edit] {
    let mut bytes = FRAME_BYTES;
    let fits = |edit: &&Edit| {
        bytes += ENVELOPE_BYTES + edit_bytes(edit, site);
        bytes <= MAX_FEED_BYTES
    };
    let number = edits.iter().take_while(fits).count().max(1).min(edits.len());
    &edits[..number]
}

/// The words of an edit in the format in which they are longest.
fn edit_bytes(edit: &Edit, site: &Site) -> usize {
    let html = entry_html(edit, site);
    let reasons: usize = edit.reasons.iter().map(|reason| reason.fact.to_string().len() + REASON_BYTES).sum();
    // JSON Feed has the text with tags, without, and cut into what was and what is.
    let (title, summary) = (&edit.entry.title, &edit.entry.summary);
    let json = title.len() + summary.len() + html.len() + 2 * text_bytes(&html) + reasons + edit.headline.len();
    let xml = xml_bytes([title, summary, &html]) + CATEGORY_BYTES * edit.classes().len();
    AUTHOR_BYTES + xml.max(json)
}

/// What of HTML stands outside its tags.
fn text_bytes(html: &str) -> usize {
    html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text).len()).sum()
}

/// As XML text, where `<` takes four bytes and `&` or a quotation mark up to six.
fn xml_bytes(texts: [&String; 3]) -> usize {
    let escaped = |byte: u8| match byte {
        b'<' | b'>' => 4,
        b'&' | b'"' | b'\'' => 6,
        _ => 1,
    };
    texts.iter().flat_map(|text| text.bytes()).map(escaped).sum()
}

/// The page that an entry leads to: the comparison of its two versions; the article's page where no text is concerned.
pub(super) fn entry_page(edit: &Edit, site: &Site) -> String {
    let path = comparison_path(edit).unwrap_or_else(|| address::article(edit.article));
    address::on(site, &path).into()
}

fn comparison_path(edit: &Edit) -> Option<String> {
    let (from, to) = (edit.from?, edit.to?);
    (from != to).then(|| address::comparison(edit.article, from, to))
}

/// The HTML of an entry with its links.
pub(super) fn entry_html(edit: &Edit, site: &Site) -> String {
    let words = words(site.locale);
    let comparison = || comparison_path(edit).map(|path| (path, words.compare.to_owned()));
    let last = || {
        let last = edit.from.filter(|_| matches!(edit.kind, EditKind::Removed | EditKind::Restored))?;
        Some((address::version(edit.article, last), fill(words.last_text, &[("version", &last.to_string())])))
    };
    let page = comparison().or_else(last).map(|(path, words)| (address::on(site, &path), words));
    let page = page.as_ref().map(|(address, words)| (address.as_str(), words.as_str()));
    format!("{}{}", edit.entry.html, entry::links(edit, page))
}

/// Something that an entry is filed under.
pub(super) struct Category {
    /// The set of terms that this one is of.
    pub(super) scheme: Scheme,
    /// A name for programs, which never changes; no two schemes have the same.
    pub(super) term: &'static str,
    /// A name for people, in the language of our feeds.
    pub(super) label: &'static str,
}

/// A set of categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// What kinds of change there are.
    Class,
    /// What happened to the article as a whole.
    Kind,
    /// Whether the publisher told readers.
    Disclosure,
}

impl Scheme {
    /// Its id: `tag:AUTHORITY,DATE:class`.
    pub(super) fn id(self, site: &Site) -> String {
        address::scheme_id(
            site,
            match self {
                Self::Class => "class",
                Self::Kind => "kind",
                Self::Disclosure => "disclosure",
            },
        )
    }
}

/// What an entry is filed under: its classes, what happened to the article as a whole, whether readers were told.
pub(super) fn categories(edit: &Edit, site: &Site) -> Vec<Category> {
    let words = words(site.locale);
    let of = |scheme| move |(term, label)| Category { scheme, term, label };
    let classes = edit.classes().into_iter().map(|class| (class.name(), (words.class)(class)));
    let kind = edit.kind.category().map(|term| (term, (words.kind)(edit.kind)));
    let live = edit.live.then_some(("live", words.category_live));
    let disclosure = edit.disclosure.map(|disclosure| match disclosure {
        Disclosure::Disclosed => ("disclosed", words.category_disclosed),
        Disclosure::Silent => ("silent", words.category_silent),
    });
    let kinds = kind.into_iter().chain(live).map(of(Scheme::Kind));
    classes.map(of(Scheme::Class)).chain(disclosure.map(of(Scheme::Disclosure))).chain(kinds).collect()
}
