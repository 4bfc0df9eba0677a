//! What the choice of blocks looks at. Every number is of the block's own text and elements, of its box as it is without
//! furniture, or of its place among blocks that are no furniture: an ad more or less changes none of them.

use super::furniture::{Reason, is_prose};
use super::marks::{self, Marks};
use super::walk::{Run, Walked};
use super::witness::Witnesses;
use super::{headline, lexicon, text};
use crate::model::BlockKind;

/// Bytes of JSON-LD's text below which it is a summary and no witness.
const MIN_BODY_BYTES: usize = 300;
/// Bytes of a block's text that are looked for in JSON-LD.
const WITNESSED_BYTES: usize = 60;
/// Words of a heading under the headline that is a standfirst.
const MIN_STANDFIRST_WORDS: usize = 8;
/// Boxes around a block that are looked at.
const LEVELS: usize = 3;

/// The page as far as features need it, furniture left out.
pub(super) struct Scene<'a> {
    pub(super) walked: &'a Walked,
    /// The runs that are no furniture.
    pub(super) left: Vec<usize>,
    prose: Vec<bool>,
    witnessed: Vec<bool>,
    has_body: bool,
    boxes: Vec<Inside>,
    /// The run that shows the headline.
    pub(super) headline: Option<usize>,
    /// For every run, whether the nearest heading before it titles furniture, and how many first-level headings stand between the headline and it.
    under: Vec<(bool, u8)>,
    headline_text: String,
    authors: Vec<String>,
    /// Claims that the page checks.
    pub(super) claims: Vec<String>,
}

/// What is left inside a frame.
#[derive(Clone, Copy, Default)]
struct Inside {
    branches: u32,
    blocks: u32,
    prose: u32,
    prose_words: usize,
    words: usize,
    witnessed_words: usize,
}

impl<'a> Scene<'a> {
    pub(super) fn new(walked: &'a Walked, furniture: &[Reason], witnesses: &Witnesses, headline: &str) -> Self {
        let left: Vec<usize> = (0..walked.runs.len()).filter(|index| furniture[*index].is_none()).collect();
        let headline_text = text::plain(headline);
        let has_body = witnesses.body.len() >= MIN_BODY_BYTES;
        let witnessed = |run: &Run| {
            has_body && run.words >= 3 && witnesses.body.contains(super::parse::prefix(&run.plain, WITNESSED_BYTES))
        };
        let mut scene = Self {
            walked,
            prose: walked.runs.iter().map(is_prose).collect(),
            witnessed: walked.runs.iter().map(witnessed).collect(),
            has_body,
            boxes: vec![Inside::default(); walked.frames.len()],
            headline: None,
            under: Vec::new(),
            headline_text,
            claims: witnesses.claims.clone(),
            authors: witnesses.authors.iter().map(|name| text::plain(name)).collect(),
            left,
        };
        scene.headline = title_run(walked, &scene.headline_text);
        scene.under = under(walked, furniture, scene.headline);
        scene.sum();
        scene
    }

    /// Adds up what is left inside every frame.
    fn sum(&mut self) {
        for &index in &self.left {
            let run = &self.walked.runs[index];
            let inside = &mut self.boxes[run.frame];
            inside.branches += 1;
            inside.blocks += 1;
            inside.words += run.words;
            inside.prose += u32::from(self.prose[index]);
            inside.prose_words += if self.prose[index] { run.words } else { 0 };
            inside.witnessed_words += if self.witnessed[index] { run.words } else { 0 };
        }
        for index in (1..self.boxes.len()).rev() {
            let own = self.boxes[index];
            let parent = &mut self.boxes[self.walked.frames[index].parent];
            parent.branches += u32::from(own.blocks > 0);
            parent.blocks += own.blocks;
            parent.words += own.words;
            parent.prose += own.prose;
            parent.prose_words += own.prose_words;
            parent.witnessed_words += own.witnessed_words;
        }
    }

    /// The boxes around a block that hold more than it, innermost first.
    pub(super) fn around(&self, run: &Run) -> impl Iterator<Item = usize> {
        self.walked.upward(run.frame).filter(|frame| self.boxes[*frame].branches >= 2)
    }

    /// Whether the block at `place` of [`Self::left`] stands under the headline as a standfirst does: a heading, or marked as one.
    pub(super) fn is_standfirst(&self, place: usize) -> bool {
        let Some(title) = self.headline else { return false };
        let index = self.left[place];
        let from_title = place.saturating_sub(self.left.partition_point(|at| *at <= title));
        let run = &self.walked.runs[index];
        let own = self.walked.around(run).next().map(|frame| frame.marks).unwrap_or_default().and(run.inline);
        let marked = from_title <= 3
            && own.has(marks::LEAD)
            && !self.left[..place].iter().any(|at| *at > title && self.prose[*at]);
        let heading = from_title <= 1 && run.kind == BlockKind::Heading && run.words >= MIN_STANDFIRST_WORDS;
        index > title && (marked || heading) && run.plain != self.headline_text
    }

    /// The features of the block at `place` of [`Self::left`], in the order of [`names`].
    pub(super) fn features(&self, place: usize, out: &mut Vec<f32>) {
        out.clear();
        let index = self.left[place];
        let run = &self.walked.runs[index];
        self.own(index, run, out);
        self.marked(run, out);
        self.boxed(run, out);
        self.placed(place, index, run, out);
        for offset in [-2isize, -1, 1, 2] {
            self.neighbour(place, offset, run, out);
        }
    }

    fn own(&self, index: usize, run: &Run, out: &mut Vec<f32>) {
        let chars = run.plain.chars().count().max(1);
        let count = |test: fn(char) -> bool| run.text.chars().filter(|c| test(*c)).count();
        let capitals = run.text.split(' ').filter(|word| word.starts_with(char::is_uppercase)).count();
        out.extend([
            run.words.min(200) as f32,
            chars.div_euclid(run.words.max(1)).min(12) as f32,
            thirds(run.link_words, run.words),
            thirds(run.strong_words, run.words),
            f32::from(u8::from(text::ends_sentence(&run.plain))),
            f32::from(u8::from(run.plain.ends_with(':'))),
            f32::from(u8::from(
                run.text.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || "\"“‘'„«".contains(c)),
            )),
            count(|c| c == ',').min(5) as f32,
            thirds(count(|c| c.is_ascii_digit()), chars),
            (capitals * 4 / run.words.max(1)).min(4) as f32,
            f32::from(u8::from(run.words <= 8 && has_year(&run.plain))),
            f32::from(u8::from(run.plain.contains('@') || run.plain.contains("http") || run.plain.contains("www."))),
            f32::from(u8::from(
                run.plain.contains('©') || run.plain.contains("copyright") || run.plain.contains("rights reserved"),
            )),
            run.plain.matches(['|', '/', '»', '·', '•']).count().min(3) as f32,
            f32::from(u8::from(run.plain.contains('?'))),
            f32::from(u8::from(lexicon::phrase(&run.plain, run.words).is_some())),
            f32::from(u8::from(self.witnessed[index])),
            f32::from(u8::from(self.has_body)),
            f32::from(u8::from(headline::likeness(&run.plain, &self.headline_text) >= 0.8)),
            f32::from(u8::from(self.by_author(run))),
            kind_code(run.kind),
            f32::from(run.level.unwrap_or_default()),
            f32::from(u8::from(self.prose[index])),
        ]);
    }

    fn by_author(&self, run: &Run) -> bool {
        let named = || self.authors.iter().any(|author| !author.is_empty() && run.plain.contains(author.as_str()));
        run.words <= 14
            && (run.plain.starts_with("by ")
                || run.plain.starts_with("von ")
                || run.plain.starts_with("par ")
                || named())
    }

    fn marked(&self, run: &Run, out: &mut Vec<f32>) {
        let mut around = self.walked.around(run);
        let own = around.next().map(|frame| frame.marks).unwrap_or_default().and(run.inline);
        let outer = self.walked.around(run).skip(1).fold(Marks::default(), |marks, frame| marks.and(frame.marks));
        for bit in 0..marks::COUNT {
            let mark = Marks(1 << bit);
            out.push(f32::from(u8::from(own.has(mark)) * 2 + u8::from(outer.has(mark))));
        }
        for tag in TAGS {
            let steps = self.walked.around(run).position(|frame| &*frame.tag == tag);
            out.push(f32::from(match steps {
                None => 0u8,
                Some(0) => 2,
                Some(_) => 1,
            }));
        }
    }

    fn boxed(&self, run: &Run, out: &mut Vec<f32>) {
        let mut around = self.around(run);
        for _ in 0..LEVELS {
            let frame = around.next();
            let inside = frame.map(|frame| self.boxes[frame]).unwrap_or_default();
            out.extend([
                bucket(inside.prose as usize),
                bucket(inside.blocks as usize),
                thirds(inside.prose_words, inside.words),
                thirds(inside.witnessed_words, inside.words),
            ]);
        }
    }

    fn placed(&self, place: usize, index: usize, run: &Run, out: &mut Vec<f32>) {
        let parent = self.around(run).next().unwrap_or_default();
        let inside = |other: &&usize| {
            self.prose[**other]
                && self.walked.upward(self.walked.runs[**other].frame).any(|frame| frame == parent || parent == 0)
        };
        let before = self.left[..place].iter().rev().take(60).filter(inside).take(4).count();
        let after = self.left[place + 1..].iter().take(60).filter(inside).take(4).count();
        let prose_before = self.left[..place].iter().rev().take(12).position(|other| self.prose[*other]).unwrap_or(12);
        let prose_after = self.left[place + 1..].iter().take(12).position(|other| self.prose[*other]).unwrap_or(12);
        let from_title = self.headline.map_or(-1.0, |title| if index < title { 0.0 } else { 1.0 });
        let near_title =
            self.headline.map_or(0, |title| place.saturating_sub(self.left.partition_point(|at| *at <= title)).min(20));
        let (under_furniture, heads) = self.under[index];
        out.extend([
            before as f32,
            after as f32,
            prose_before as f32,
            prose_after as f32,
            from_title,
            near_title as f32,
        ]);
        out.extend([f32::from(u8::from(under_furniture)), f32::from(heads)]);
    }

    fn neighbour(&self, place: usize, offset: isize, run: &Run, out: &mut Vec<f32>) {
        let other = place
            .checked_add_signed(offset)
            .and_then(|at| self.left.get(at))
            .map(|index| (*index, &self.walked.runs[*index]));
        let Some((index, other)) = other else {
            out.extend([-1.0; 6]);
            return;
        };
        let parent = self.around(run).next();
        let same = parent == self.around(other).next();
        out.extend([
            other.words.min(60) as f32,
            thirds(other.link_words, other.words),
            kind_code(other.kind),
            f32::from(u8::from(same)),
            f32::from(u8::from(text::ends_sentence(&other.plain))),
            f32::from(u8::from(self.witnessed[index])),
        ]);
    }
}

/// Elements whose presence around a block is a feature.
const TAGS: [&str; 16] = [
    "p",
    "div",
    "article",
    "main",
    "section",
    "aside",
    "header",
    "footer",
    "figure",
    "table",
    "ul",
    "ol",
    "form",
    "blockquote",
    "span",
    "center",
];

/// The run that shows the headline.
fn title_run(walked: &Walked, headline: &str) -> Option<usize> {
    let heads = |run: &Run| {
        run.level.is_some()
            && headline.len() >= 8
            && (run.plain == headline || headline.starts_with(&run.plain) && run.words >= 3)
    };
    walked.runs.iter().position(|run| heads(run) && run.level == Some(1)).or_else(|| walked.runs.iter().position(heads))
}

/// What the headings above each run say; those inside boxes of furniture do not count.
fn under(walked: &Walked, furniture: &[Reason], title: Option<usize>) -> Vec<(bool, u8)> {
    let mut now = (false, 0u8);
    let see = |(index, run): (usize, &Run)| {
        let by_itself = furniture[index].is_none_or(|why| why == super::furniture::TITLE);
        if by_itself && run.level.is_some() {
            now.0 = lexicon::phrase(&run.plain, run.words) == Some(lexicon::Phrase::Head);
            now.1 += u8::from(
                run.level == Some(1) && run.words >= 3 && title.is_some_and(|title| index > title) && now.1 < 3,
            );
        }
        now
    };
    walked.runs.iter().enumerate().map(see).collect()
}

/// 0 below a third, 1 below two thirds, 2 above, 3 for all.
pub(super) fn thirds(part: usize, whole: usize) -> f32 {
    if part >= whole && whole > 0 { 3.0 } else { (part * 3).checked_div(whole).unwrap_or_default() as f32 }
}

/// 0, 1, 2, 3 (3–5), 4 (6–11), 5.
pub(super) fn bucket(count: usize) -> f32 {
    match count {
        0..=2 => count as f32,
        3..=5 => 3.0,
        6..=11 => 4.0,
        _ => 5.0,
    }
}

fn kind_code(kind: BlockKind) -> f32 {
    match kind {
        BlockKind::Paragraph => 0.0,
        BlockKind::ListItem => 1.0,
        BlockKind::Quote => 2.0,
        BlockKind::Heading => 3.0,
        BlockKind::TableRow => 4.0,
        BlockKind::Caption => 5.0,
        BlockKind::Note => 6.0,
    }
}

/// Whether a year of our time stands in `text`.
fn has_year(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit())
        .any(|number| number.len() == 4 && (number.starts_with("19") || number.starts_with("20")))
}

/// The features' names, in order.
pub(super) fn names() -> Vec<String> {
    let own = [
        "words",
        "letters",
        "linked",
        "strong",
        "sentence",
        "colon",
        "capital",
        "commas",
        "digits",
        "capitals",
        "year",
        "address",
        "copyright",
        "bars",
        "question",
        "phrase",
        "witnessed",
        "has_body",
        "like_headline",
        "author",
        "kind",
        "level",
        "prose",
    ];
    let mut names: Vec<String> = own.iter().map(|name| (*name).to_owned()).collect();
    names.extend(marks::NAMES.iter().map(|name| format!("mark_{name}")));
    names.extend(TAGS.iter().map(|tag| format!("in_{tag}")));
    for level in 1..=LEVELS {
        names.extend(["prose", "blocks", "density", "witnessed"].map(|name| format!("box{level}_{name}")));
    }
    names.extend(
        [
            "prose_before",
            "prose_after",
            "to_prose_before",
            "to_prose_after",
            "after_title",
            "from_title",
            "under_furniture",
            "heads_since",
        ]
        .map(str::to_owned),
    );
    for place in ["before2", "before1", "after1", "after2"] {
        names.extend(
            ["words", "linked", "kind", "same_box", "sentence", "witnessed"].map(|name| format!("{place}_{name}")),
        );
    }
    names
}
