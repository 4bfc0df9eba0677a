//! What a picture is made of, patch by patch and line by line: an SVG of rectangles and paths.

use askama::Template;

use super::letters::Letters;
use super::lines::{Line, Room, Span};

/// Height of a line, in sizes of its letters.
const LINE_HEIGHT: f32 = 1.36;
/// From the top of a line to the base line of its letters, likewise.
const ASCENT: f32 = 1.02;
/// What a mark covers above and below the base line, beside its words, and the thickness of its stroke, likewise.
const MARK_ABOVE: f32 = 0.95;
const MARK_BELOW: f32 = 0.28;
const MARK_BESIDE: f32 = 0.09;
const STROKE: f32 = 0.07;
/// Where the stroke goes through words, above the base line, and where under them.
const THROUGH: f32 = 0.33;
const UNDER: f32 = 0.12;

/// How marked words are shown, never by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::serve) enum Mark {
    /// Struck through, in red.
    Gone,
    /// Underlined, in green.
    Come,
}

impl Mark {
    /// The colour of its words and its stroke.
    pub(in crate::serve) fn ink(self) -> &'static str {
        match self {
            Self::Gone => "#8c1d13",
            Self::Come => "#14552c",
        }
    }

    fn tint(self) -> &'static str {
        match self {
            Self::Gone => "#fbe4e0",
            Self::Come => "#dcf0df",
        }
    }

    fn stroke_above_base(self) -> f32 {
        match self {
            Self::Gone => THROUGH,
            Self::Come => -UNDER,
        }
    }
}

/// Where lines begin, and what their words look like.
#[derive(Clone, Copy, Debug)]
pub(in crate::serve) struct Place {
    pub(in crate::serve) x: f32,
    /// The top of the first line.
    pub(in crate::serve) y: f32,
    /// The colour of words that are not marked.
    pub(in crate::serve) ink: &'static str,
    /// How marked words are shown.
    pub(in crate::serve) mark: Mark,
}

/// A picture as it grows.
#[derive(Template)]
#[template(path = "poster.svg", escape = "html")]
pub(in crate::serve) struct Sheet<'a> {
    letters: &'a Letters,
    width: f32,
    height: f32,
    under: Vec<Patch>,
    texts: Vec<Text>,
    over: Vec<Patch>,
}

struct Patch {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
    radius: f32,
    fill: &'static str,
}

struct Text {
    x: f32,
    y: f32,
    scale: f32,
    fill: &'static str,
    outlines: String,
}

impl<'a> Sheet<'a> {
    /// A sheet of this size in pixels, in one colour.
    pub(in crate::serve) fn new(letters: &'a Letters, [width, height]: [f32; 2], fill: &'static str) -> Self {
        let paper = Patch { x: 0.0, y: 0.0, width, height, radius: 0.0, fill };
        Self { letters, width, height, under: vec![paper], texts: Vec::new(), over: Vec::new() }
    }

    /// The picture as an SVG. The words of an error are for the log.
    pub(in crate::serve) fn svg(&self) -> Result<String, String> {
        self.render().map_err(|error| error.to_string())
    }

    /// A rectangle behind all words.
    pub(in crate::serve) fn patch(
        &mut self,
        [x, y]: [f32; 2],
        [width, height]: [f32; 2],
        radius: f32,
        fill: &'static str,
    ) {
        self.under.push(Patch { x, y, width, height, radius, fill });
    }

    /// Lines below each other, as they were made for `room`.
    pub(in crate::serve) fn lines(&mut self, lines: &[Line], room: &Room, place: Place) {
        for (at, line) in lines.iter().enumerate() {
            let base = place.y + ASCENT * room.size + at as f32 * height(1, room.size);
            for span in line {
                self.span(span, base, room, place);
            }
        }
    }

    fn span(&mut self, span: &Span, base: f32, room: &Room, place: Place) {
        let (x, size, mark) = (place.x + span.x, room.size, place.mark);
        if span.marked {
            let patch = |above: f32, height: f32, radius: f32, fill| Patch {
                x: x - MARK_BESIDE * size,
                y: base - above * size,
                width: span.width + 2.0 * MARK_BESIDE * size,
                height: height * size,
                radius: radius * size,
                fill,
            };
            self.under.push(patch(MARK_ABOVE, MARK_ABOVE + MARK_BELOW, MARK_BESIDE, mark.tint()));
            self.over.push(patch(mark.stroke_above_base(), STROKE, 0.0, mark.ink()));
        }
        let (outlines, units) = self.letters.outlines(&span.text, room.weight(span.marked));
        self.texts.push(Text {
            x,
            y: base,
            scale: size / units,
            fill: if span.marked { mark.ink() } else { place.ink },
            outlines,
        });
    }
}

/// The height of so many lines of letters of this size.
pub(in crate::serve) fn height(lines: usize, size: f32) -> f32 {
    lines as f32 * LINE_HEIGHT * size
}
