//! The headline: the page's own, as a reader sees it; head and JSON-LD only say which heading that is.

use std::collections::HashSet;

use super::walk::{Run, Walked};
use super::witness::Witnesses;
use super::{marks, text};

/// Characters of a headline; the rest is cut.
const MAX_HEADLINE_CHARS: usize = 1_000;
/// How alike a heading and a witness must be to be the same headline: Dice over words.
const ALIKE: f64 = 0.5;
/// Words of a lone `<h1>` that no witness knows.
const MIN_LONE_WORDS: usize = 3;
/// What separates a headline from the site's name in `<title>`.
const SEPARATORS: [&str; 6] = [" | ", " - ", " – ", " — ", " · ", " :: "];

/// The headline of a page; empty where it has none.
pub(super) fn headline(walked: &Walked, witnesses: &Witnesses, hinted: Option<&str>) -> String {
    let found = hinted.map(str::to_owned).or_else(|| heading(walked, witnesses)).or_else(|| spoken(witnesses));
    let found = found.or_else(|| walked.runs.iter().find(|run| run.level == Some(1)).map(|run| whole(walked, run)));
    found.unwrap_or_default().chars().take(MAX_HEADLINE_CHARS).collect()
}

/// The heading on the page that witnesses know best; a lone `<h1>` that they do not know; a marked title.
fn heading(walked: &Walked, witnesses: &Witnesses) -> Option<String> {
    let witnessed: Vec<String> = witnesses.headlines().map(text::plain).collect();
    let alike = |run: &Run| witnessed.iter().map(|headline| likeness(&run.plain, headline)).fold(0.0, f64::max);
    let headings = || walked.runs.iter().filter(|run| run.level.is_some() || run.inline.has(marks::TITLE));
    let best = |level: fn(&Run) -> bool| {
        let fitting =
            headings().filter(|run| level(run)).map(|run| (alike(run), run)).filter(|(alike, _)| *alike >= ALIKE);
        fitting.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, run)| run)
    };
    let is_site = |run: &Run| witnesses.site.as_deref().is_some_and(|site| text::plain(site) == run.plain);
    let lone = || {
        let lone = |run: &&Run| run.level == Some(1) && run.words >= MIN_LONE_WORDS && !is_site(run) && run.links == 0;
        headings().filter(lone).find(|run| !run.is_note).or_else(|| headings().find(lone))
    };
    let run = best(|run| run.level == Some(1)).or_else(lone).or_else(|| best(|_| true))?;
    Some(whole(walked, run))
}

/// All text of the heading that `run` is part of.
fn whole(walked: &Walked, run: &Run) -> String {
    let same: Vec<&str> =
        walked.runs.iter().filter(|other| other.frame == run.frame).map(|other| other.text.as_str()).collect();
    if run.level.is_some() { same.join(" ") } else { run.text.clone() }
}

/// The headline that head and JSON-LD give, without the site's name. A title that begins with what separates the two has
/// no headline at all: the page lost it.
fn spoken(witnesses: &Witnesses) -> Option<String> {
    let mut told =
        witnesses.headlines().filter(|headline| !headline.trim_start().starts_with(['|', '-', '–', '—', '·']));
    told.next().map(|headline| without_site(headline, witnesses.site.as_deref()).to_owned())
}

/// `title` without what follows its last separator, where that is the site's name or short.
fn without_site<'a>(title: &'a str, site: Option<&str>) -> &'a str {
    let cut = SEPARATORS.iter().filter_map(|separator| title.rfind(separator).map(|at| (at, separator.len()))).max();
    match cut {
        Some((at, length)) => {
            let (head, tail) = (&title[..at], &title[at + length..]);
            let is_site = site.is_some_and(|site| text::plain(site) == text::plain(tail)) || text::words(tail) <= 4;
            if is_site && text::words(head) >= 2 { head } else { title }
        }
        None => title,
    }
}

/// How alike two plain texts are: Dice over their words; a heading that the other only adds a site's name to is the same.
pub(super) fn likeness(one: &str, other: &str) -> f64 {
    if one.len() >= 12 && other.starts_with(one) {
        return 1.0;
    }
    let words = |text: &str| -> HashSet<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let (a, b) = (words(one), words(other));
    let shared = a.intersection(&b).count();
    if a.is_empty() || b.is_empty() { 0.0 } else { 2.0 * shared as f64 / (a.len() + b.len()) as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sites_name_is_no_headline() {
        assert_eq!(without_site("Bridge opens early | The Daily Example", None), "Bridge opens early");
        assert_eq!(without_site("Bridge - opens early", None), "Bridge - opens early");
        assert_eq!(
            without_site("Wide bridge opens – in the end – The Paper", Some("The Paper")),
            "Wide bridge opens – in the end"
        );
    }
}
