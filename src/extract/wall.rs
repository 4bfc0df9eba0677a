//! Pages that are no article: consent wall, paywall stub, bot challenge, login, soft 404, empty shell, home page.

use std::sync::LazyLock;

use url::Url;

use super::text;
use super::walk::{Run, Walked};
use super::witness::Witnesses;
use crate::model::{Block, Content, Fact, Trouble};

/// Words of text that are an article beyond doubt: no phrase makes a wall of it.
const ARTICLE_WORDS: usize = 250;
/// Words of text with which a wall's title is still believed.
const TITLED_WALL_WORDS: usize = 120;
/// Words of text with which a wall's words count only in the text itself: banners stand beside articles.
const SHORT_WORDS: usize = 60;
/// Blocks that open a text.
const OPENING_BLOCKS: usize = 4;
/// Words that a page must have to be more than an empty shell.
pub(super) const MIN_WORDS: usize = 8;
/// Words of a page's first lines that are searched.
const SEARCHED_WORDS: usize = 400;
/// Words of text that a front page may have between its links.
const FRONT_WORDS: usize = 120;
/// Links that make a front page.
const FRONT_LINKS: usize = 40;

struct Sign {
    kind: &'static str,
    in_title: bool,
    phrase: &'static str,
}

static SIGNS: LazyLock<Vec<Sign>> = LazyLock::new(|| {
    let lines = include_str!("words/walls.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(sign).collect()
});

fn sign(line: &'static str) -> Option<Sign> {
    let (place, phrase) = line.split_once(": ")?;
    let (kind, place) = place.split_once(' ')?;
    let kind = match kind {
        "challenge" => "bot challenge",
        "consent" => "consent wall",
        "login" => "login page",
        "missing" => "missing page",
        "paused" => "page of a site that does not work",
        "paywall" => "paywall",
        _ => return None,
    };
    Some(Sign { kind, in_title: place == "title", phrase })
}

/// What is wrong with a page whose article was taken to be `content`, if anything.
pub(super) fn trouble(walked: &Walked, witnesses: &Witnesses, content: &Content, url: &Url) -> Option<Trouble> {
    let words: usize = content.blocks.iter().map(|block: &Block| text::words(&block.text)).sum();
    if words >= ARTICLE_WORDS {
        return None;
    }
    let found = told(walked, witnesses, content, words)
        .or_else(|| shell(walked, words))
        .or_else(|| front(walked, witnesses, words, url));
    found.map(|(kind, evidence)| Trouble::NotAnArticle { kind, evidence })
}

/// A phrase of the lexicon in title or first lines.
fn told(walked: &Walked, witnesses: &Witnesses, content: &Content, words: usize) -> Option<(&'static str, Fact)> {
    let titles: Vec<String> =
        [&witnesses.title, &witnesses.og_title].into_iter().flatten().map(|title| text::plain(title)).collect();
    let first = walked.runs.iter().find(|run| run.level == Some(1)).map(|run| run.plain.as_str());
    let titles: Vec<&str> = titles.iter().map(String::as_str).chain(first).collect();
    let lines = lines(walked, content, words);
    let shown = |sign: &&Sign| {
        if sign.in_title {
            words < TITLED_WALL_WORDS && titles.iter().any(|title| begins(title, sign.phrase))
        } else {
            lines.iter().any(|line| line.contains(sign.phrase))
        }
    };
    SIGNS.iter().find(shown).map(|sign| (sign.kind, Fact::new("{words}").quoting(sign.phrase)))
}

/// What says that the article goes on for those who pay or log in, wherever on the page: whether it was cut there, only the
/// whole article can tell.
pub(super) fn offer(walked: &Walked, witnesses: &Witnesses) -> Option<Fact> {
    if witnesses.paid || witnesses.is_walled {
        return Some(Fact::new("that it is not free"));
    }
    let signs = || SIGNS.iter().filter(|sign| !sign.in_title && ["paywall", "login page"].contains(&sign.kind));
    let said = |run: &Run| signs().find(|sign| run.plain.contains(sign.phrase));
    walked.runs.iter().find_map(said).map(|sign| Fact::new("{words}").quoting(sign.phrase))
}

/// Where a wall's words are looked for: in the opening of the text where there is some, else in the page's first lines.
fn lines(walked: &Walked, content: &Content, words: usize) -> Vec<String> {
    if words >= SHORT_WORDS {
        return content.blocks.iter().take(OPENING_BLOCKS).map(|block| text::plain(&block.text)).collect();
    }
    let mut left = SEARCHED_WORDS;
    let near = walked.runs.iter().take_while(|run| {
        left = left.saturating_sub(run.words);
        left > 0
    });
    near.map(|run| run.plain.clone()).collect()
}

/// Whether a title is this phrase, or begins with it and goes on with a site's name.
fn begins(title: &str, phrase: &str) -> bool {
    title.strip_prefix(phrase).is_some_and(|rest| {
        let rest = rest.trim_start_matches([' ', '.', '!', '?', ',']);
        rest.is_empty() || rest.starts_with(['|', '-', ':', '·', '('])
    })
}

fn shell(walked: &Walked, words: usize) -> Option<(&'static str, Fact)> {
    let all: usize = walked.runs.iter().map(|run| run.words).sum();
    (words < MIN_WORDS)
        .then(|| ("empty page", Fact::new("{number} words of text among {all} on the page").with(words).with(all)))
}

/// A front page: short texts between many links, at an address without a path or with no article in head and JSON-LD.
fn front(walked: &Walked, witnesses: &Witnesses, words: usize, url: &Url) -> Option<(&'static str, Fact)> {
    let links: usize = walked.runs.iter().map(|run| run.links).sum();
    let at_root = url.path().trim_matches('/').is_empty();
    let says_site =
        witnesses.types.iter().any(|kind| kind.eq_ignore_ascii_case("website")) && witnesses.ld_headline.is_none();
    let front = links >= FRONT_LINKS && words < FRONT_WORDS && at_root && (says_site || witnesses.published.is_none());
    front.then(|| {
        (
            "home page",
            Fact::new("{number} links and {words} words of text at {path}").with(links).with(words).with(url.path()),
        )
    })
}
