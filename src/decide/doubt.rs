//! Pages that pass for the article's by their address alone: cut off, behind a wall that no word gave away, another text.

use std::collections::HashSet;

use super::absence::notice_trouble;
use crate::extract::{Hints, ends_sentence, extract, withdrawal, words_in};
use crate::model::{Block, Comparison, Content, Fact, Op, Page, Trouble, Version, VersionNumber};

/// A text of which less than this share of words is left is another text: what a portal or a mixed-up cache shows.
const LEFT_OF_IT: f64 = 0.1;
/// A text that keeps less than this share of its words is looked at again first: walls and stubs shrink texts by 60 to 70 %
/// and more, publishers hardly ever.
const SHRUNK_TO: f64 = 0.35;
/// A text that only lost its end, and this share of its words with it, is looked at again first.
const CUT_TO: f64 = 0.7;
/// The same where the page offers the rest to subscribers.
const OFFERED_FROM: f64 = 0.9;
/// Texts with fewer words may become another text as they like.
const OTHER_MIN_WORDS: usize = 30;
/// Texts with fewer words may shrink as they like.
const SHRUNK_MIN_WORDS: usize = 80;
/// Words that an error page or a wall has at most.
const STRANGER_WORDS: usize = 250;
/// The same where the article's own page says no more of itself than a wall does.
const PLAIN_STRANGER_WORDS: usize = 120;
/// Blocks, and words in them, that may stand after the beginning of a text that was cut: the offer of the rest.
const OFFER_BLOCKS: usize = 4;
const OFFER_WORDS: usize = 60;

/// The version told of last and what a look brought.
pub(super) struct Sides<'a> {
    pub(super) announced: &'a Version,
    /// The page behind it.
    pub(super) behind: Option<&'a Page>,
    pub(super) content: &'a Content,
    pub(super) page: &'a Page,
    /// What gives the page away as one that offers the rest to subscribers.
    pub(super) offer: Option<&'a Fact>,
    pub(super) hints: &'a Hints,
    pub(super) comparison: &'a Comparison,
}

impl Sides<'_> {
    /// Whether the page behind the version offered the rest, too: then an offer says nothing of a text that lost its end.
    fn offered_before(&self) -> bool {
        self.behind.is_some_and(|page| extract(page, self.hints, None).offer.is_some())
    }
}

/// What is doubtful about a text.
#[derive(Debug, PartialEq)]
pub(super) enum Doubt {
    /// It must be seen more than once to be believed.
    Until(Fact),
    /// It is not the article's.
    Never(Trouble),
    /// It is the article's, but the version before was not.
    Baseline,
}

/// What is doubtful about what a look brought, if anything.
pub(super) fn doubt(sides: &Sides<'_>) -> Option<Doubt> {
    let (old, new) = (&sides.announced.content, sides.content);
    if let Some(cut) = Cut::of(old, new) {
        if let Some(trouble) = cut_off(&cut, sides) {
            return Some(Doubt::Never(trouble));
        }
        if cut.keeps() < CUT_TO && cut.blocks > 1 {
            return Some(Doubt::Until(
                Fact::new("the text ends after {left} of {before} words").with(cut.left).with(cut.before),
            ));
        }
    }
    let is_first = sides.announced.number == VersionNumber::FIRST;
    if is_first && sides.offer.is_none() && Cut::of(new, old).is_some() && sides.offered_before() {
        return Some(Doubt::Baseline);
    }
    let is_other = is_other(old, sides.comparison);
    if is_other
        && words(new) < STRANGER_WORDS
        && let Some(notice) = withdrawal(sides.page, sides.hints)
    {
        return Some(Doubt::Never(notice_trouble(notice)));
    }
    if is_other && is_stranger(new, old) {
        let evidence = Fact::new("words: {number}, none of them the article’s, and no date").with(words(new));
        return Some(Doubt::Never(Trouble::NotAnArticle { kind: Trouble::ANOTHER_PAGE, evidence }));
    }
    if is_other && is_first && is_stranger(old, new) {
        return Some(Doubt::Baseline);
    }
    suspicious(old, new, is_other).map(Doubt::Until)
}

fn suspicious(old: &Content, new: &Content, is_other: bool) -> Option<Fact> {
    if new.headline.trim().is_empty() && !old.headline.trim().is_empty() {
        return Some(Fact::new("the headline is gone"));
    }
    let (before, after) = (words(old), words(new));
    if before >= SHRUNK_MIN_WORDS && (after as f64) < before as f64 * SHRUNK_TO {
        return Some(Fact::new("the text shrank from {before} to {after} words").with(before).with(after));
    }
    (is_other && before >= OTHER_MIN_WORDS)
        .then(|| Fact::new("another text: of {before} words hardly any is left").with(before))
}

/// Whether next to nothing of a text stayed.
fn is_other(old: &Content, comparison: &Comparison) -> bool {
    let segments = comparison.passages.iter().flat_map(|passage| &passage.segments);
    let stayed = segments.filter(|segment| matches!(segment.op, Op::Same | Op::Moved | Op::MovedAlong));
    let left: usize = stayed.map(|segment| words_in(&segment.text)).sum();
    (left as f64) < words(old) as f64 * LEFT_OF_IT
}

/// Whether a text is a wall's or an error page's rather than that of an article whose other text is `article`: short, under
/// another headline, and without a date.
fn is_stranger(text: &Content, article: &Content) -> bool {
    let most = if article.published.is_some() { STRANGER_WORDS } else { PLAIN_STRANGER_WORDS };
    let words_of = |headline: &str| -> HashSet<String> {
        headline.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 3).map(str::to_lowercase).collect()
    };
    text.published.is_none() && words(text) < most && words_of(&text.headline).is_disjoint(&words_of(&article.headline))
}

/// Why a text that only lost its end was cut by a machine, if so.
fn cut_off(cut: &Cut, sides: &Sides<'_>) -> Option<Trouble> {
    let told = |kind, evidence: Fact| Some(Trouble::NotAnArticle { kind, evidence });
    let amount = |phrase| Fact::new(phrase).with(cut.left).with(cut.before);
    let has_end = |page: &Page| page.html.to_ascii_lowercase().contains("</html");
    if sides.behind.is_some_and(has_end) && !has_end(sides.page) {
        return told(Trouble::CUT_OFF, amount("{left} of {before} words, and the page has no end"));
    }
    if cut.in_sentence {
        return told(Trouble::CUT_OFF, amount("{left} of {before} words, and the last sentence has no end"));
    }
    let offer = sides.offer.filter(|_| cut.keeps() < OFFERED_FROM && !sides.offered_before())?;
    told(Trouble::BEGINNING, amount("{left} of {before} words, and it says {offer}").with(offer.clone()))
}

/// A text that is the beginning of another, with at most a few words behind it.
struct Cut {
    /// Words of the whole.
    before: usize,
    /// Words of the beginning.
    left: usize,
    /// Blocks that are gone, or in part.
    blocks: usize,
    /// Whether it ends within a sentence that went on.
    in_sentence: bool,
}

impl Cut {
    fn of(whole: &Content, part: &Content) -> Option<Self> {
        let (old, new) = (&whole.blocks, &part.blocks);
        let same = old.iter().zip(new).take_while(|(old, new)| old.text == new.text).count();
        let gone = old.get(same..).filter(|gone| !gone.is_empty())?;
        let torn = new.get(same).filter(|block| is_beginning(&block.text, &gone[0].text));
        let behind = new.get(same + usize::from(torn.is_some())..).unwrap_or_default();
        let known: HashSet<&str> = gone.iter().map(|block| block.text.as_str()).collect();
        let is_offer = behind.len() <= OFFER_BLOCKS
            && block_words(behind) <= OFFER_WORDS
            && !behind.iter().any(|block| known.contains(block.text.as_str()));
        let left = block_words(&old[..same]) + torn.map_or(0, |block| words_in(&block.text));
        let in_sentence = torn.is_some_and(|block| !ends_where_a_sentence_does(&block.text, &gone[0].text));
        (is_offer && left > 0).then(|| Self { before: words(whole), left, blocks: gone.len(), in_sentence })
    }

    /// The share of the words that is left.
    fn keeps(&self) -> f64 {
        self.left as f64 / self.before.max(1) as f64
    }
}

/// Whether `part` is a beginning of `whole`, dots of omission aside.
fn is_beginning(part: &str, whole: &str) -> bool {
    let (part, all) = (without_dots(part), without_dots(whole));
    !part.is_empty() && part.len() < all.len() && whole.starts_with(part)
}

/// Whether a beginning of `whole` ends with a sentence of it.
fn ends_where_a_sentence_does(part: &str, whole: &str) -> bool {
    let is_left_open = part.ends_with('…') || part.ends_with("...");
    if !is_left_open {
        return ends_sentence(part);
    }
    let next = whole.get(without_dots(part).len()..).and_then(|rest| rest.chars().next());
    next.is_some_and(|c| ends_sentence(&c.to_string()))
}

fn without_dots(text: &str) -> &str {
    text.trim_end_matches(['.', '…', ' '])
}

fn words(content: &Content) -> usize {
    block_words(&content.blocks)
}

fn block_words(blocks: &[Block]) -> usize {
    blocks.iter().map(|block| words_in(&block.text)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{compare, identity};
    use crate::extract::NUMBER;

    const STORY: [&str; 5] = [
        "The town council approved a budget of 12 million crowns for the harbour on Saturday after a debate of five hours.",
        "Mayor Jane Miller said the money would be spent on the north quay, which has been closed since the storm in March.",
        "The opposition had asked for a smaller sum. It wanted a report on the state of the breakwater before any work begins.",
        "Work on the quay is to start in October and should be finished by the end of next year, the council said.",
        "Fishermen who use the quay have been promised berths in the south basin for as long as the work goes on.",
    ];

    fn page(headline: &str, date: &str, text: &[&str], end: &str) -> Page {
        let text: String = text.iter().map(|text| format!("<p>{text}</p>")).collect();
        let html = format!(
            "<html lang=en><head><title>{headline}</title>{date}</head><body><main><article><h1>{headline}</h1>{text}</article></main></body>{end}"
        );
        Page { url: "https://news.example/budget".parse().unwrap(), html }
    }

    fn article(text: &[&str], end: &str) -> Page {
        let date = "<meta property='article:published_time' content='2026-08-01T09:00:00Z'>";
        page("Council approves budget", date, text, end)
    }

    /// What kind of doubt a page is met with where another was told of.
    fn doubt_of(old: &Page, new: &Page) -> &'static str {
        let hints = Hints::default();
        let (content, extraction) = (extract(old, &hints, None).content, extract(new, &hints, None));
        let seen = jiff::Timestamp::UNIX_EPOCH;
        let identity = identity(&content);
        let number = VersionNumber::FIRST;
        let announced = Version { number, seen, content, identity, extractor: NUMBER, same_as: None, verdict: None };
        let comparison = compare(&announced.content, &extraction.content);
        let found = doubt(&Sides {
            announced: &announced,
            behind: Some(old),
            content: &extraction.content,
            page: new,
            offer: extraction.offer.as_ref(),
            hints: &hints,
            comparison: &comparison,
        });
        match found {
            None => "none",
            Some(Doubt::Until(_)) => "until",
            Some(Doubt::Baseline) => "baseline",
            Some(Doubt::Never(Trouble::NotAnArticle { kind, .. })) => kind,
            Some(Doubt::Never(_)) => "trouble",
        }
    }

    #[test]
    fn a_text_cut_by_a_machine_is_never_believed() {
        let whole = article(&STORY, "</html>");
        let torn = [STORY[0], STORY[1], "The opposition had asked for a smaller"];
        assert_eq!(doubt_of(&whole, &article(&torn, "</html>")), Trouble::CUT_OFF, "within a sentence");
        assert_eq!(doubt_of(&whole, &article(&STORY[..4], "")), Trouble::CUT_OFF, "a page without its end");
        assert_eq!(doubt_of(&article(&STORY, ""), &article(&STORY[..4], "")), "none", "it never had one");
    }

    #[test]
    fn an_editors_cut_is_believed_at_once_or_where_it_stands() {
        let whole = article(&STORY, "</html>");
        let shorter = [STORY[0], STORY[1], "The opposition had asked for a smaller sum.", STORY[3], STORY[4]];
        assert_eq!(doubt_of(&whole, &article(&shorter, "</html>")), "none");
        assert_eq!(doubt_of(&whole, &article(&STORY[..4], "</html>")), "none", "the last paragraph");
        assert_eq!(doubt_of(&whole, &article(&[STORY[0], STORY[3], STORY[4]], "</html>")), "none", "from the middle");
        assert_eq!(doubt_of(&whole, &article(&STORY[..3], "</html>")), "until");
    }

    #[test]
    fn a_beginning_that_offers_the_rest_is_no_version_unless_the_whole_did_so_too() {
        let offer = "Aby czytać dalej, kup prenumeratę.";
        let (whole, stub) = (article(&STORY, "</html>"), [STORY[0], STORY[1], offer]);
        assert_eq!(doubt_of(&whole, &article(&stub, "</html>")), Trouble::BEGINNING);
        let offering = article(&[&STORY[..], &[offer]].concat(), "</html>");
        assert_ne!(doubt_of(&offering, &article(&stub, "</html>")), Trouble::BEGINNING);
        assert_eq!(doubt_of(&article(&stub, "</html>"), &whole), "baseline", "the first look saw the wall");
        assert_eq!(doubt_of(&article(&STORY[..2], "</html>"), &whole), "none", "a story that grew");
    }

    #[test]
    fn a_short_page_that_has_nothing_of_the_article_is_never_believed() {
        let whole = article(&STORY, "</html>");
        let wall = [
            "Avec votre accord, nos amis et nous gardons des traces de votre visite sur ce site pour mesurer son audience.",
        ];
        let wall = page("Le Quotidien", "", &wall, "</html>");
        assert_eq!(doubt_of(&whole, &wall), Trouble::ANOTHER_PAGE);
        assert_eq!(doubt_of(&wall, &whole), "baseline");
        let rewritten: Vec<String> =
            STORY.iter().map(|text| text.split(' ').rev().collect::<Vec<_>>().join(" ")).collect();
        let rewritten = article(&rewritten.iter().map(String::as_str).collect::<Vec<_>>(), "</html>");
        assert_ne!(doubt_of(&whole, &rewritten), Trouble::ANOTHER_PAGE, "under its own headline");
    }
}
