//! The poster of an edit: a picture that shows at a glance what changed, for whoever shares the comparison. It is the same for all,
//! in the language that feeds are in.

use super::phrases::{Phrases, Said, Speak};
use super::words::{disclosure, headline, sources, web};
use crate::model::{Edit, EditKind, Site};
use crate::render::{Glance, Stretch, glance, plain};
use crate::serve::House;
use crate::serve::answer::Answer;
use crate::serve::asked::Asked;
use crate::serve::drawing::{
    Letters, Mark, Place, Room, Sheet, Weight, Wrapped, end, first_mark, height, png, wrapped,
};
use crate::serve::problem::Problem;

/// Its size in pixels: the one that messengers and social networks show uncut
/// (<https://developers.facebook.com/docs/sharing/webmasters/images>).
pub(super) const SIZE: [u32; 2] = [1200, 630];
/// How long it keeps, in seconds: a day. It never changes, but it may be taken down.
const MAX_AGE_S: u32 = 24 * 3600;

/// What is free on all sides, and where the words between head and foot begin and end.
const MARGIN: f32 = 60.0;
const WIDTH: f32 = 1200.0 - 2.0 * MARGIN;
const TOP: f32 = 112.0;
const BOTTOM: f32 = 532.0;
/// The top of the words of head and foot, and their letters' size.
const HEAD: f32 = 38.0;
const FOOT: f32 = 556.0;
const SMALL: f32 = 28.0;
/// As much of the head's width as the instance's title may take; the publication's name has the rest.
const MOST_FOR_SITE: f32 = 0.4;
/// The headline above a change, and where it stands alone.
const HEADLINE: f32 = 44.0;
const HEADLINE_ALONE: f32 = 56.0;
/// Sizes of the letters of a change, the first that has room for all of it.
const SIZES: [f32; 5] = [52.0, 46.0, 40.0, 35.0, 31.0];
/// Words before the first mark where a line is cut there.
const WORDS_BEFORE_MARK: usize = 5;
/// Inside the box of a line that was or is, between two boxes, and beside the label.
const PADDING: f32 = 16.0;
const GAP: f32 = 18.0;
const BAR: f32 = 10.0;

/// As in the stylesheet.
const PAPER: &str = "#fbfaf7";
const CARD: &str = "#ffffff";
const INK: &str = "#1d1b18";
const MUTED: &str = "#5f5a52";
const RULE: &str = "#e0dbd0";

/// `/articles/ID/edits/N.png`
pub(in crate::serve) fn picture(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let edit = asked.edit(house)?;
    let png = house.posters.of((edit.article, edit.number), || {
        svg(house, &edit).and_then(|svg| png(&svg)).map_err(|error| {
            tracing::error!(article.id = %edit.article, edit.number = %edit.number, %error, "a poster could not be drawn");
            Problem::Busy
        })
    })?;
    Ok(Answer::new("image/png", png.into(), String::new()).kept_for(MAX_AGE_S))
}

/// What the poster of `edit` shows, for those who do not see it.
pub(super) fn in_words(edit: &Edit, phrases: Phrases) -> String {
    let Some(glance) = glance(edit) else { return plain(&edit.entry.title) };
    let lines = labelled(&glance, phrases).map(|(label, line, _)| {
        let words: String = line.iter().map(|stretch| stretch.text.as_str()).collect();
        (!words.is_empty()).then(|| format!("{label}: {words}"))
    });
    let told = if glance.is_headline { String::new() } else { edit.headline.clone() };
    let parts: Vec<String> =
        Some(told).filter(|told| !told.is_empty()).into_iter().chain(lines.into_iter().flatten()).collect();
    plain(&parts.join(" – "))
}

/// The lines of a change, each with what stands before it and how its words are marked.
fn labelled(glance: &Glance, phrases: Phrases) -> [(String, &[Stretch], Mark); 2] {
    let [was, now] = match (glance.was.is_empty(), glance.now.is_empty()) {
        (true, _) => ["", "Added"],
        (_, true) => ["Removed", ""],
        _ => ["Was", "Now"],
    };
    [(was.speak(phrases), &glance.was, Mark::Gone), (now.speak(phrases), &glance.now, Mark::Come)]
}

/// The poster as an SVG. The words of an error are for the log.
fn svg(house: &House, edit: &Edit) -> Result<String, String> {
    let letters = Letters::built_in();
    let sheet = Sheet::new(letters, SIZE.map(|side| side as f32), PAPER);
    let mut poster = Poster { letters, sheet, phrases: Phrases(house.site.locale) };
    poster.head(house, edit);
    poster.foot(edit);
    match glance(edit).and_then(|glance| drawable(letters, glance)) {
        Some(glance) => poster.change(edit, &glance),
        None => poster.summary(edit),
    }
    poster.sheet.svg()
}

/// `glance` as it can be drawn; none where letters are missing.
fn drawable(letters: &Letters, glance: Glance) -> Option<Glance> {
    let line = |line: Vec<Stretch>| {
        let stretch = |stretch: Stretch| Some(Stretch { text: letters.drawable(&stretch.text)?, ..stretch });
        line.into_iter().map(stretch).collect::<Option<Vec<Stretch>>>()
    };
    let glance = Glance { was: line(glance.was)?, now: line(glance.now)?, ..glance };
    let is_marked = |stretch: &Stretch| stretch.marked && !stretch.text.trim().is_empty();
    glance.was.iter().chain(&glance.now).any(is_marked).then_some(glance)
}

/// A poster as it grows.
struct Poster<'a> {
    letters: &'a Letters,
    sheet: Sheet<'a>,
    phrases: Phrases,
}

impl Poster<'_> {
    /// Whose article it is, and who watches it.
    fn head(&mut self, house: &House, edit: &Edit) {
        let wide = self.watcher(&house.site);
        let kept = edit.publication.as_deref().map(plain);
        let name = kept.or_else(|| sources(house, &edit.sources).into_iter().next().map(|source| source.words));
        let name = name.and_then(|name| self.letters.drawable(&name)).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| host(edit));
        let room = Room { width: WIDTH - wide - 2.0 * GAP, size: SMALL, lines: 1, weight: Weight::Bold };
        self.line(&plain_line(&name), &room, [MARGIN, HEAD], MUTED);
        self.sheet.patch([MARGIN, TOP - 20.0], [WIDTH, 2.0], 0.0, RULE);
    }

    /// The title of the instance at the right of the head, or our sign where it has none; gives its width.
    fn watcher(&mut self, site: &Site) -> f32 {
        let title = Some(plain(&site.title)).filter(|title| title != Site::TITLE);
        let title = title.and_then(|title| self.letters.drawable(&title)).filter(|title| !title.is_empty());
        let words = title.as_deref().unwrap_or(Site::TITLE);
        let wide = (self.letters.width(words, Weight::Bold) * SMALL).min(WIDTH * MOST_FOR_SITE);
        // One more pixel, lest a rounding cuts the last word.
        let room = Room { width: wide + 1.0, size: SMALL, lines: 1, weight: Weight::Bold };
        let mut x = MARGIN + WIDTH - wide;
        if let Some(title) = title {
            self.line(&plain_line(&title), &room, [x, HEAD], MUTED);
            return wide;
        }
        for (words, mark) in [("re", Mark::Gone), ("draft", Mark::Come)] {
            let line = [Stretch { text: words.to_owned(), marked: true }];
            let wrapped = wrapped(self.letters, &line, &room, 0);
            self.sheet.lines(&wrapped.lines, &room, Place { x, y: HEAD, ink: INK, mark });
            x += wrapped.lines.first().map_or(0.0, |line| end(line));
        }
        wide
    }

    /// When it was seen, and what kind of change it is.
    fn foot(&mut self, edit: &Edit) {
        let version = edit.to.filter(|_| edit.from != edit.to);
        let version =
            version.map(|version| Said::new("Version {version}").with("version", version).speak(self.phrases));
        let seen = [Some(edit.seen.speak(self.phrases)), version].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let class = edit.classes().first().map(|class| class.speak(self.phrases));
        let class = class.or_else(|| edit.kind.category().map(|_| edit.kind.speak(self.phrases)));
        let disclosure = edit.disclosure.map(|told| disclosure(told).speak(self.phrases));
        let kind = class.into_iter().chain(disclosure).collect::<Vec<_>>().join(" · ");
        let room = Room { width: WIDTH, size: SMALL, lines: 1, weight: Weight::Regular };
        self.sheet.patch([MARGIN, FOOT - 8.0], [WIDTH, 2.0], 0.0, RULE);
        self.line(&plain_line(&seen), &room, [MARGIN, FOOT], MUTED);
        let right = MARGIN + WIDTH - self.letters.width(&kind, Weight::Bold) * SMALL;
        self.line(&plain_line(&kind), &Room { weight: Weight::Bold, ..room }, [right, FOOT], MUTED);
    }

    /// The headline, and below it the lines that were and are.
    fn change(&mut self, edit: &Edit, glance: &Glance) {
        let phrases = self.phrases;
        let room = Room { width: WIDTH, size: HEADLINE, lines: 2, weight: Weight::Bold };
        let headline = if glance.is_headline { String::new() } else { self.headline(edit) };
        let headline = wrapped(self.letters, &plain_line(&headline), &room, 0);
        let lines: Vec<_> = labelled(glance, phrases).into_iter().filter(|(_, line, _)| !line.is_empty()).collect();
        let above = height(headline.lines.len(), HEADLINE) + if headline.lines.is_empty() { 0.0 } else { GAP };
        let gaps = GAP * (lines.len() as f32 - 1.0) + 2.0 * PADDING * lines.len() as f32;
        let free = BOTTOM - TOP - above - gaps;
        let labels = lines.iter().map(|(label, _, _)| self.letters.width(label, Weight::Bold) * SMALL);
        let indent = BAR + 2.0 * PADDING + labels.fold(0.0, f32::max);
        let texts: Vec<&[Stretch]> = lines.iter().map(|(_, line, _)| *line).collect();
        let (room, texts) = fitted(self.letters, &texts, WIDTH - indent - 2.0 * PADDING, free);
        let used = texts.iter().map(|text| height(text.lines.len(), room.size)).sum::<f32>();
        let mut y = TOP + (free - used).max(0.0) / 2.0;
        self.sheet.lines(&headline.lines, &Room { size: HEADLINE, weight: Weight::Bold, ..room }, at([MARGIN, y], INK));
        y += above;
        for ((label, _, mark), text) in lines.iter().zip(texts) {
            let tall = height(text.lines.len(), room.size) + 2.0 * PADDING;
            self.sheet.patch([MARGIN, y], [WIDTH, tall], 10.0, CARD);
            self.sheet.patch([MARGIN, y], [BAR, tall], 0.0, mark.ink());
            let small = Room { size: SMALL, weight: Weight::Bold, ..room };
            // The label stands on the base line of the first line.
            let label_y = y + PADDING + height(1, room.size) * 0.75 - height(1, SMALL) * 0.75;
            self.line(&plain_line(label), &small, [MARGIN + BAR + PADDING, label_y], mark.ink());
            let place = Place { x: MARGIN + indent + PADDING, y: y + PADDING, ink: INK, mark: *mark };
            self.sheet.lines(&text.lines, &room, place);
            y += tall + GAP;
        }
    }

    /// The headline, and below it the first sentence of the entry: of what has no words to show, or none that can be drawn.
    fn summary(&mut self, edit: &Edit) {
        let mark = if edit.kind == EditKind::Removed { Mark::Gone } else { Mark::Come };
        let is_marked = matches!(edit.kind, EditKind::Removed | EditKind::Restored);
        let headline = [Stretch { text: self.headline(edit), marked: is_marked }];
        let large = Room { width: WIDTH, size: HEADLINE_ALONE, lines: 3, weight: Weight::Bold };
        let headline = wrapped(self.letters, &headline, &large, 0);
        let room = Room { width: WIDTH, size: 36.0, lines: 4, weight: Weight::Regular };
        let summary = self.letters.drawable(&edit.entry.summary).unwrap_or_default();
        let summary = wrapped(self.letters, &plain_line(&summary), &room, 0);
        let above = height(headline.lines.len(), large.size) + GAP;
        let used = above + height(summary.lines.len(), room.size);
        let y = TOP + (BOTTOM - TOP - used).max(0.0) / 2.0;
        self.sheet.lines(&headline.lines, &large, Place { mark, ..at([MARGIN, y], INK) });
        self.sheet.lines(&summary.lines, &room, at([MARGIN, y + above], INK));
    }

    /// The headline; the host where it cannot be drawn.
    fn headline(&self, edit: &Edit) -> String {
        let drawn = self.letters.drawable(&headline(&edit.headline, &edit.url));
        drawn.filter(|headline| !headline.trim().is_empty()).unwrap_or_else(|| host(edit))
    }

    fn line(&mut self, line: &[Stretch], room: &Room, place: [f32; 2], ink: &'static str) {
        let wrapped = wrapped(self.letters, line, room, 0);
        self.sheet.lines(&wrapped.lines, room, at(place, ink));
    }
}

fn plain_line(text: &str) -> [Stretch; 1] {
    [Stretch { text: text.to_owned(), marked: false }]
}

fn at([x, y]: [f32; 2], ink: &'static str) -> Place {
    Place { x, y, ink, mark: Mark::Come }
}

/// The publisher's host, which is always drawable.
fn host(edit: &Edit) -> String {
    web(&edit.url).words
}

/// The texts of a change on lines, all in letters of one size: the largest in which they fit so much height whole, else the smallest,
/// cut. Where the cut would hide a mark, what stands before the first one is left out instead.
fn fitted(letters: &Letters, texts: &[&[Stretch]], width: f32, free: f32) -> (Room, Vec<Wrapped>) {
    let room = |size: f32| Room { width, size, lines: (free / height(1, size)) as usize, weight: Weight::Regular };
    let on_lines = |room: &Room, skipped: usize| -> Vec<Wrapped> {
        texts.iter().map(|text| wrapped(letters, text, room, skipped)).collect()
    };
    let whole = |skipped: usize| {
        SIZES.into_iter().map(room).map(|room| (room, on_lines(&room, skipped))).find(|(room, texts)| {
            texts.iter().all(|text| !text.is_cut)
                && texts.iter().map(|text| text.lines.len()).sum::<usize>() <= room.lines
        })
    };
    let smallest = room(SIZES[SIZES.len() - 1]);
    let smallest = Room { lines: (smallest.lines / texts.len().max(1)).max(1), ..smallest };
    let cut = |skipped: usize| (smallest, on_lines(&smallest, skipped));
    let marks: Vec<Option<usize>> = texts.iter().map(|text| first_mark(text)).collect();
    // What stands before the first mark is the same in both, so that both may begin at the same word.
    let begin = marks.iter().flatten().min().map_or(0, |mark| mark.saturating_sub(WORDS_BEFORE_MARK));
    whole(0).unwrap_or_else(|| {
        let from_start = cut(0);
        let shows =
            |(mark, text): (&Option<usize>, &Wrapped)| mark.is_none_or(|mark| mark + WORDS_BEFORE_MARK < text.words);
        if marks.iter().zip(&from_start.1).all(shows) { from_start } else { whole(begin).unwrap_or_else(|| cut(begin)) }
    })
}
