//! A page's tree as blocks of text, each with the elements around it: what every later step looks at.

use std::collections::HashMap;

use dom_query::{Document, LocalName, NodeData, NodeId, NodeRef};

use super::hints::{Fate, Fates};
use super::lexicon::{self, Phrase};
use super::marks::Marks;
use super::seen::{Landmark, Seen};
use super::{tags, text};
use crate::model::BlockKind;

/// Blocks of a page that are looked at, furniture included.
pub(super) const MAX_RAW_BLOCKS: usize = 20_000;
/// Bytes of one block's text; longer ones are cut.
const MAX_BLOCK_BYTES: usize = 256 * 1024;
/// Bytes of an inline element that may be a time stamp.
const MAX_STAMP_BYTES: usize = 60;
/// The walk goes no deeper: above the parser's cap and what the tree builder adds.
const MAX_WALK_DEPTH: usize = 700;

/// A block-level element with what it holds.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// The frame around it; the root is its own.
    pub(super) parent: usize,
    /// The element's name.
    pub(super) tag: LocalName,
    /// What class, id, role and the like say.
    pub(super) marks: Marks,
    /// Whether the element is a landmark that holds no article.
    pub(super) landmark: Landmark,
    /// Whether its text is a correction, as microdata says.
    pub(super) is_correction: bool,
    /// What a site's hints say.
    pub(super) fate: Fate,
    /// The blocks inside: from here …
    pub(super) first: usize,
    /// … up to here, exclusive.
    pub(super) end: usize,
    /// Words inside.
    pub(super) words: usize,
    /// Words inside links.
    pub(super) link_words: usize,
    /// Links inside.
    pub(super) links: usize,
    /// Fields to type into.
    pub(super) inputs: usize,
    /// Buttons.
    pub(super) buttons: usize,
}

/// A run of text between two block boundaries.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// The innermost block-level element.
    pub(super) frame: usize,
    /// What it is by its elements.
    pub(super) kind: BlockKind,
    /// Its text, tidy.
    pub(super) text: String,
    /// The same as rules read it.
    pub(super) plain: String,
    /// Words.
    pub(super) words: usize,
    /// Words inside links.
    pub(super) link_words: usize,
    /// Links.
    pub(super) links: usize,
    /// Words in `strong`, `b`, `em`, `i`.
    #[allow(dead_code, reason = "heard by the next step of choosing")]
    pub(super) strong_words: usize,
    /// Marks of the inline elements that hold all of it.
    pub(super) inline: Marks,
    /// Level, where it is a heading.
    pub(super) level: Option<u8>,
    /// Whether it is a note on the article: [`super::note`].
    pub(super) is_note: bool,
}

/// A page as blocks.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) frames: Vec<Frame>,
    pub(super) runs: Vec<Run>,
}

impl Walked {
    /// The frames around a block, innermost first, without the root.
    pub(super) fn around(&self, run: &Run) -> impl Iterator<Item = &Frame> {
        self.upward(run.frame).map(|index| &self.frames[index])
    }

    /// The indexes of the frames from `frame` up, without the root.
    pub(super) fn upward(&self, frame: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(frame), |at| Some(self.frames[*at].parent)).take_while(|at| *at != 0)
    }
}

/// What becomes of `<noscript>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noscript {
    /// Passed over: mostly copies of what the page shows anyway.
    Unseen,
    /// Read like any other box: for pages that show nothing else.
    Shown,
}

/// The blocks of a parsed page.
pub(super) fn walk(document: &Document, fates: &Fates, noscript: Noscript) -> Walked {
    let mut walker = Walker {
        marks: HashMap::new(),
        walked: Walked::default(),
        fates,
        noscript,
        run: Open::default(),
        inline: Vec::new(),
        link: 0,
        strong: 0,
    };
    let root = document.body().unwrap_or_else(|| document.root());
    let frame = walker.enter(0, Seen::named("#root"), Fate::default());
    walker.children(&root, frame, 0);
    walker.flush(frame);
    walker.leave(frame);
    let mut walked = walker.walked;
    sum(&mut walked);
    super::note::mark(&mut walked);
    walked
}

/// Adds what blocks hold to all frames around them.
fn sum(walked: &mut Walked) {
    for run in &walked.runs {
        let frame = &mut walked.frames[run.frame];
        frame.words += run.words;
        frame.link_words += run.link_words;
        frame.links += run.links;
    }
    for index in (1..walked.frames.len()).rev() {
        let (before, from) = walked.frames.split_at_mut(index);
        let (frame, parent) = (&from[0], &mut before[from[0].parent]);
        parent.words += frame.words;
        parent.link_words += frame.link_words;
        parent.links += frame.links;
        parent.inputs += frame.inputs;
        parent.buttons += frame.buttons;
    }
}

/// The run of text being gathered.
#[derive(Default)]
struct Open {
    text: String,
    link_words: usize,
    links: usize,
    strong_words: usize,
    inline: Option<Marks>,
    breaks: usize,
}

struct Walker<'a> {
    /// What the class names and ids seen so far say: most stand on a page many times.
    marks: HashMap<String, Marks>,
    walked: Walked,
    fates: &'a Fates,
    noscript: Noscript,
    run: Open,
    inline: Vec<Marks>,
    link: usize,
    strong: usize,
}

impl Walker<'_> {
    fn enter(&mut self, parent: usize, seen: Seen, fate: Fate) -> usize {
        let first = self.walked.runs.len();
        let frame = Frame {
            parent,
            tag: seen.tag,
            marks: seen.marks,
            landmark: seen.landmark,
            is_correction: seen.is_correction,
            fate,
            first,
            end: first,
            words: 0,
            link_words: 0,
            links: 0,
            inputs: 0,
            buttons: 0,
        };
        self.walked.frames.push(frame);
        self.walked.frames.len() - 1
    }

    fn leave(&mut self, frame: usize) {
        self.walked.frames[frame].end = self.walked.runs.len();
    }

    fn children(&mut self, node: &NodeRef<'_>, frame: usize, depth: usize) {
        if depth > MAX_WALK_DEPTH {
            return;
        }
        for child in node.children_it(false) {
            self.node(&child, frame, depth + 1);
        }
    }

    fn node(&mut self, node: &NodeRef<'_>, frame: usize, depth: usize) {
        let contents = node.query_or(None, |inner| match &inner.data {
            NodeData::Text { contents } => Some(contents.clone()),
            _ => None,
        });
        if let Some(contents) = contents {
            return self.text(&contents);
        }
        let Some(seen) = Seen::of(node, &mut self.marks) else { return };
        let name: &str = &seen.tag;
        match name {
            "noscript" if self.noscript == Noscript::Shown => self.block(node, seen, frame, depth),
            "template" => self.template(node, frame, depth),
            _ if tags::is_unseen(name) || seen.hidden => {}
            "br" => self.line_break(frame),
            "input" => self.walked.frames[frame].inputs += usize::from(seen.typed),
            "button" => self.walked.frames[frame].buttons += 1,
            "tr" if is_row_of_text(node) => self.row(node, seen, frame, depth),
            _ if tags::is_block(name) || self.is_own_box(name, frame) => self.block(node, seen, frame, depth),
            _ => self.inline(node, &seen, frame, depth),
        }
    }

    /// Whether an element of a site's own making is a box: anywhere but inside a line of text.
    fn is_own_box(&self, name: &str, frame: usize) -> bool {
        name.contains('-') && !tags::is_line(&self.walked.frames[frame].tag)
    }

    fn block(&mut self, node: &NodeRef<'_>, seen: Seen, frame: usize, depth: usize) {
        self.flush(frame);
        let own = self.enter(frame, seen, self.fates.of(node.id));
        self.children(node, own, depth);
        self.flush(own);
        self.leave(own);
    }

    /// A template is text only where it is the shadow tree of the element around it (declarative shadow DOM, HTML 4.12.3).
    fn template(&mut self, node: &NodeRef<'_>, frame: usize, depth: usize) {
        let is_tree = node.has_attr("shadowrootmode");
        let contents = node.element_ref().filter(|_| is_tree).and_then(|element| element.template_contents);
        if let Some(contents) = contents {
            self.children(&NodeRef::new(contents, node.tree), frame, depth);
        }
    }

    fn inline(&mut self, node: &NodeRef<'_>, seen: &Seen, frame: usize, depth: usize) {
        let outer = self.inline.last().copied().unwrap_or_default();
        let (link, strong) = (&*seen.tag == "a", matches!(&*seen.tag, "strong" | "b" | "em" | "i"));
        let dropped = matches!(self.fates.of(node.id), Fate::Drop);
        if dropped {
            return;
        }
        let stamp = self.is_stamp(node, seen, frame);
        if stamp {
            self.flush(frame);
        }
        self.inline.push(outer.and(seen.marks));
        self.link += usize::from(link);
        self.strong += usize::from(strong);
        self.run.links += usize::from(link);
        self.children(node, frame, depth);
        self.link -= usize::from(link);
        self.strong -= usize::from(strong);
        self.inline.pop();
        if stamp {
            self.flush(frame);
        }
    }

    /// Whether an inline element beside the blocks of a box is a time stamp of its own, which only its style sets apart.
    fn is_stamp(&self, node: &NodeRef<'_>, seen: &Seen, frame: usize) -> bool {
        if !matches!(&*seen.tag, "span" | "time" | "small") || tags::is_line(&self.walked.frames[frame].tag) {
            return false;
        }
        let text = node.text();
        text.len() <= MAX_STAMP_BYTES && {
            let plain = text::plain(&text);
            lexicon::phrase(&plain, text::words(&plain)) == Some(Phrase::Stamp)
        }
    }

    /// A row of a table, its cells joined.
    fn row(&mut self, node: &NodeRef<'_>, seen: Seen, frame: usize, depth: usize) {
        self.flush(frame);
        let own = self.enter(frame, seen, self.fates.of(node.id));
        for cell in node.children_it(false) {
            if !self.run.text.trim_end().is_empty() && cell.is_element() {
                self.run.text.push_str(" | ");
            }
            self.children(&cell, own, depth + 1);
        }
        self.flush(own);
        self.leave(own);
    }

    fn text(&mut self, contents: &str) {
        if contents.trim().is_empty() {
            self.run.text.push(' ');
            return;
        }
        self.run.breaks = 0;
        if self.link > 0 || self.strong > 0 {
            let words = text::words(contents);
            self.run.link_words += if self.link > 0 { words } else { 0 };
            self.run.strong_words += if self.strong > 0 { words } else { 0 };
        }
        let inline = self.inline.last().copied().unwrap_or_default();
        self.run.inline = Some(self.run.inline.map_or(inline, |marks| marks.both(inline)));
        let room = MAX_BLOCK_BYTES.saturating_sub(self.run.text.len());
        self.run.text.push_str(super::parse::prefix(contents, room));
    }

    /// Two line breaks in a row end a paragraph.
    fn line_break(&mut self, frame: usize) {
        self.run.breaks += 1;
        self.run.text.push(' ');
        if self.run.breaks >= 2 {
            self.flush(frame);
        }
    }

    fn flush(&mut self, frame: usize) {
        let run = std::mem::take(&mut self.run);
        let text = text::tidy(&run.text);
        let plain = text::plain(&text);
        if !plain.chars().any(char::is_alphanumeric) || self.walked.runs.len() >= MAX_RAW_BLOCKS {
            return;
        }
        let (kind, level) = self.kind(frame);
        let words = text::words(&plain);
        self.walked.runs.push(Run {
            frame,
            kind,
            words,
            link_words: if self.link > 0 && run.link_words == 0 { words } else { run.link_words.min(words) },
            links: run.links.max(usize::from(self.link > 0)),
            strong_words: run.strong_words,
            inline: run.inline.unwrap_or_default(),
            level,
            is_note: false,
            text,
            plain,
        });
    }

    /// What the elements around a run make of it; the nearest that says something wins.
    fn kind(&self, frame: usize) -> (BlockKind, Option<u8>) {
        for (steps, at) in self.walked.upward(frame).enumerate() {
            let name: &str = &self.walked.frames[at].tag;
            if let (Some(level), true) = (tags::heading_level(name), steps < 2) {
                return (BlockKind::Heading, Some(level));
            }
            match name {
                "li" | "dd" | "dt" if steps < 4 => return (BlockKind::ListItem, None),
                "blockquote" => return (BlockKind::Quote, None),
                "figcaption" | "caption" => return (BlockKind::Caption, None),
                "tr" if steps == 0 => return (BlockKind::TableRow, None),
                "td" | "th" | "article" | "main" => break,
                _ => {}
            }
        }
        (BlockKind::Paragraph, None)
    }
}

/// Whether a table's row holds plain cells, at least two, and no blocks inside them but paragraphs.
fn is_row_of_text(row: &NodeRef<'_>) -> bool {
    let mut cells = 0;
    for cell in row.children_it(false).filter(NodeRef::is_element) {
        cells += 1;
        let plain = cell.children_it(false).all(|inner| {
            inner
                .element_ref()
                .is_none_or(|element| &*element.name.local == "p" || !tags::is_block(&element.name.local))
        });
        if !plain {
            return false;
        }
    }
    cells >= 2
}

/// The identity of a node, for hints.
pub(super) type Node = NodeId;
