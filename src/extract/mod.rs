//! A page to what it says: headline, standfirst, byline, dates and the article's blocks of text, and nothing else. Total on
//! any input, pure, and still: what is no part of the article cannot change what is found of it.
//!
//! In order: `parse` (limits, tree) → `walk` (blocks of text with the elements around them) → `furniture` (what no
//! article contains, by the block or its box alone) → `choose` (which of the rest is the article) → `wall` (pages that are
//! no article). Head and JSON-LD are heard as `witness`es.

mod attributes;
mod byline;
mod choose;
mod correction;
mod dates;
mod features;
mod furniture;
mod headline;
mod hints;
mod kept;
mod lexicon;
mod marks;
mod nesting;
mod note;
mod parse;
mod second;
mod seen;
mod tags;
mod text;
mod trees;
mod walk;
mod wall;
mod withdrawn;
mod witness;

pub use hints::{BadSelector, Hints};
pub use text::{ends_sentence, words as words_in};
pub use withdrawn::withdrawal;

use crate::model::{Block, BlockKind, Content, Extraction, Fact, Page, Trouble};
use furniture::Reason;
use hints::Fates;
use kept::Kept;
use walk::{Noscript, Walked};
use witness::Witnesses;

/// The extractor's number: raised whenever what [`extract`] returns changes, so that kept pages are read again.
pub const NUMBER: u32 = 4;
/// Blocks of a content; a page with more is trouble.
pub const MAX_BLOCKS: usize = 5_000;
/// Bytes of all blocks' text together; a page with more is trouble.
pub const MAX_TEXT_BYTES: usize = 1024 * 1024;
/// Words of a text in JSON-LD that is taken for the article's.
const MIN_TOLD_WORDS: usize = 20;
/// The strategy's name where the text is JSON-LD's.
const TOLD: &str = "JSON-LD articleBody";
/// The strategy's name where the text stands only in `<noscript>`.
const WITHOUT_SCRIPTS: &str = "blocks, with what is shown without scripts";
/// Characters of a byline.
const MAX_BYLINE_CHARS: usize = 300;

/// What `page` says. `hints` are what is known of its site, `kept` the article's kept page with what it was taken to say.
#[must_use]
pub fn extract(page: &Page, hints: &Hints, kept: Option<(&Page, &Content)>) -> Extraction {
    let found = read(page, hints, kept, Noscript::Unseen);
    let empty = |found: &Extraction| words(&found.content.blocks) < wall::MIN_WORDS;
    if !empty(&found) || !page.html.contains("<noscript") {
        return found;
    }
    let shown = read(page, hints, kept, Noscript::Shown);
    if empty(&shown) { found } else { Extraction { strategy: WITHOUT_SCRIPTS.to_owned(), ..shown } }
}

/// What `page` says, with or without what it shows to those who run no scripts.
fn read(page: &Page, hints: &Hints, kept: Option<(&Page, &Content)>, noscript: Noscript) -> Extraction {
    let look = Look::at(page, hints, noscript);
    let kept = kept
        .map(|(page, content)| Kept::of(&walk::walk(&parse::parse(&page.html), &Fates::default(), noscript), content));
    let kept = kept.unwrap_or_default();
    let decided = look.decided(&kept);
    let mut chosen = vec![false; look.walked.runs.len()];
    for block in &decided {
        chosen[block.index] = block.chosen;
    }
    let standfirst = decided
        .iter()
        .find(|block| block.standfirst && !block.chosen)
        .map(|block| look.walked.runs[block.index].text.clone());
    let blocks = blocks(&look.walked, &chosen, &look.headline);
    let Look { walked, witnesses, reasons, headline, hinted } = look;
    let mut content = Content {
        standfirst: standfirst.or_else(|| described(&witnesses, &walked, &chosen)),
        byline: byline(&witnesses, &walked, &reasons, &headline, &kept),
        published: witnesses.published,
        modified: witnesses.modified,
        language: witnesses.language.clone(),
        section: witnesses.section.clone(),
        live: witnesses.is_live(),
        headline,
        blocks,
    };
    let mut strategy = if hinted { "the site's hints" } else { "blocks" };
    if let Some(blocks) = told(&content, &witnesses) {
        content.blocks = blocks;
        strategy = TOLD;
    }
    let trouble = wall::trouble(&walked, &witnesses, &content, &page.url).or_else(|| too_long(&content));
    let offer = wall::offer(&walked, &witnesses);
    if words(&content.blocks) >= wall::MIN_WORDS {
        correction::show(&mut content, &witnesses.corrections);
    }
    let (site, strategy) = (witnesses.site_name(), strategy.to_owned());
    Extraction {
        content,
        trouble,
        offer,
        site,
        canonical: witnesses.canonical,
        corrections_policy: witnesses.corrections_policy,
        strategy,
    }
}

/// Everything that was seen of a page.
struct Look {
    walked: Walked,
    witnesses: Witnesses,
    reasons: Vec<Reason>,
    headline: String,
    /// Whether the site's hints say where the article is.
    hinted: bool,
}

impl Look {
    fn at(page: &Page, hints: &Hints, noscript: Noscript) -> Self {
        let document = parse::parse(&page.html);
        let witnesses = Witnesses::of(&document, &page.url);
        let fates = Fates::on(&document, hints);
        let walked = walk::walk(&document, &fates, noscript);
        let reasons = furniture::furniture(&walked);
        let headline = headline::headline(&walked, &witnesses, fates.headline.as_deref());
        Self { walked, witnesses, reasons, headline, hinted: fates.keeps() }
    }

    /// What is decided of every block that is no furniture, in reading order.
    fn decided(&self, kept: &Kept) -> Vec<Decided> {
        let scene = features::Scene::new(&self.walked, &self.reasons, &self.witnesses, &self.headline);
        let estimates = choose::estimate(&scene);
        let chosen = choose::decide(&scene, &estimates, kept);
        let both = estimates.into_iter().zip(chosen).enumerate();
        let decided = |(place, (estimate, chosen))| Decided {
            index: scene.left[place],
            standfirst: scene.is_standfirst(place),
            estimate,
            chosen: chosen && !byline::is_line(&self.walked.runs[scene.left[place]]),
        };
        both.map(decided).collect()
    }
}

/// What is decided of one block.
struct Decided {
    /// Which of [`Walked::runs`].
    index: usize,
    estimate: choose::Estimate,
    /// Whether it is the article's.
    chosen: bool,
    /// Whether it stands where a standfirst does.
    standfirst: bool,
}

/// A text that reached a limit is not taken for the article: what changes behind the limit would never be seen.
fn too_long(content: &Content) -> Option<Trouble> {
    let bytes: usize = content.blocks.iter().map(|block| block.text.len()).sum();
    let cut = content.blocks.len() >= MAX_BLOCKS || bytes >= MAX_TEXT_BYTES;
    let evidence = || Fact::new("{number} blocks, {bytes} bytes of text").with(content.blocks.len()).with(bytes);
    cut.then(|| Trouble::NotAnArticle { kind: "too long", evidence: evidence() })
}

/// The chosen blocks, the headline's own copy left out.
fn blocks(walked: &Walked, chosen: &[bool], headline: &str) -> Vec<Block> {
    let headline = text::plain(headline);
    let mut room = MAX_TEXT_BYTES;
    let runs = walked
        .runs
        .iter()
        .zip(chosen)
        .filter(|(run, chosen)| **chosen && run.plain != headline && (run.level != Some(1) || run.is_note));
    let mut blocks = Vec::new();
    for (run, _) in runs.take(MAX_BLOCKS) {
        let text = parse::prefix(&run.text, room);
        room -= text.len();
        if !text.is_empty() {
            blocks.push(Block { kind: kind(run), text: text.to_owned() });
        }
    }
    blocks
}

fn kind(run: &walk::Run) -> BlockKind {
    if run.is_note { BlockKind::Note } else { run.kind }
}

/// The description, where the page shows it outside of the blocks.
fn described(witnesses: &Witnesses, walked: &Walked, chosen: &[bool]) -> Option<String> {
    let description = text::plain(witnesses.description.as_deref()?);
    let shown = walked.runs.iter().zip(chosen).find(|(run, _)| run.plain == description && run.words >= 4);
    shown.filter(|(_, chosen)| !**chosen).map(|(run, _)| run.text.clone())
}

/// Who wrote it: as head and JSON-LD say, else as the page shows.
fn byline(witnesses: &Witnesses, walked: &Walked, reasons: &[Reason], headline: &str, kept: &Kept) -> Option<String> {
    let told = witnesses.authors.join(", ");
    let names = if told.is_empty() { byline::shown(walked, reasons, headline)? } else { told };
    Some(byline::still(names.chars().take(MAX_BYLINE_CHARS).collect(), kept))
}

/// The text that JSON-LD tells, where the page itself shows none: the last resort, since it lacks structure.
fn told(content: &Content, witnesses: &Witnesses) -> Option<Vec<Block>> {
    if words(&content.blocks) >= wall::MIN_WORDS {
        return None;
    }
    let mut room = MAX_TEXT_BYTES;
    let mut blocks = Vec::new();
    for text in witnesses.paragraphs().into_iter().take(MAX_BLOCKS) {
        let text = parse::prefix(&text, room).to_owned();
        room -= text.len();
        if !text.is_empty() {
            blocks.push(Block { kind: BlockKind::Paragraph, text });
        }
    }
    (words(&blocks) >= MIN_TOLD_WORDS).then_some(blocks)
}

/// Words of all blocks together.
fn words(blocks: &[Block]) -> usize {
    blocks.iter().map(|block| text::words(&block.text)).sum()
}

/// What was decided of one block, for people who ask why.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// Its text.
    pub text: String,
    /// The elements around it, innermost first.
    pub path: String,
    /// Whether it was taken for the article's.
    pub chosen: bool,
    /// Why, in words.
    pub why: String,
    /// How likely it seemed to be the article's, 0 to 1; none where the block is furniture by itself.
    pub estimate: Option<f64>,
    /// What the choice looked at, by name; empty where the block is furniture by itself.
    pub features: Vec<(String, f32)>,
}

impl Explained {
    /// The features that moved the estimate most: name, value, and by how much the logarithmic odds; the strongest first. Empty
    /// where the block is furniture by itself.
    #[must_use]
    pub fn strongest(&self) -> Vec<(String, f32, f64)> {
        if self.features.is_empty() {
            return Vec::new();
        }
        choose::strongest(&self.features.iter().map(|(_, value)| *value).collect::<Vec<f32>>())
    }
}

/// Every block of `page` with what was decided of it, in reading order.
#[must_use]
pub fn explain(page: &Page, hints: &Hints) -> Vec<Explained> {
    let look = Look::at(page, hints, Noscript::Unseen);
    let names = choose::names();
    let tell = |(run, reason): (&walk::Run, &Reason)| Explained {
        text: run.text.clone(),
        path: look.walked.around(run).map(|frame| frame.tag.to_string()).collect::<Vec<_>>().join(" < "),
        chosen: false,
        why: reason.unwrap_or_default().to_owned(),
        estimate: None,
        features: Vec::new(),
    };
    let mut told: Vec<Explained> = look.walked.runs.iter().zip(&look.reasons).map(tell).collect();
    for Decided { index, estimate, chosen, .. } in look.decided(&Kept::default()) {
        let block = &mut told[index];
        block.chosen = chosen;
        block.why = format!("{:.0} % the article's", estimate.article * 100.0);
        block.estimate = Some(estimate.article);
        block.features = names.iter().cloned().zip(estimate.features).collect();
    }
    told
}
