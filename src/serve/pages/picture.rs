//! A small picture of how much an article changed, and when: a bar for each version, as high as its score.

use jiff::Timestamp;

use super::phrases::{Elapsed, Said};
use super::words::{Moment, moment};
use crate::model::{Edit, EditKind, Version};

/// Size of the picture, in its own units; it is scaled to the page's width.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 88.0;
/// Width of a bar, and the least distance of the middles of two.
const BAR: f64 = 6.0;
const GAP: f64 = 9.0;
/// Height of the bar of a version that is hardly anything, and room above the highest.
const LEAST: f64 = 4.0;
const ROOM: f64 = 6.0;
/// Bars that are worth a picture: of two the words beside it say as much.
const MIN_BARS: usize = 3;
/// Bars of one picture: more would not be told apart. The newest are shown.
const MAX_BARS: usize = 64;

/// The picture.
pub(super) struct Picture {
    pub(super) bars: Vec<Bar>,
    pub(super) first: Moment,
    pub(super) last: Moment,
    /// What it shows, in words.
    pub(super) words: Said,
}

/// One version, or the article's going or coming back.
pub(super) struct Bar {
    /// `edit`, `kept`, `first`, `gone`, `back`; for the stylesheet.
    pub(super) kind: &'static str,
    /// Its left edge.
    pub(super) x: String,
    /// Its upper edge.
    pub(super) y: String,
    pub(super) height: String,
    /// What it stands for.
    pub(super) words: Said,
}

/// A moment of the article, before it has a place.
struct Mark {
    at: Timestamp,
    kind: &'static str,
    weight: f64,
    words: Said,
}

/// The picture of these versions and edits, oldest first; none where there are fewer than [`MIN_BARS`].
pub(super) fn picture(versions: &[Version], edits: &[Edit]) -> Option<Picture> {
    let mut marks: Vec<Mark> = versions.iter().map(|version| of_version(version, edits)).collect();
    marks.extend(edits.iter().filter_map(of_presence));
    marks.sort_by_key(|mark| mark.at);
    let surplus = marks.len().saturating_sub(MAX_BARS);
    marks.drain(..surplus);
    let (first, last) = (marks.first()?.at, marks.last()?.at);
    if marks.len() < MIN_BARS {
        return None;
    }
    let times: Vec<Timestamp> = marks.iter().map(|mark| mark.at).collect();
    Some(Picture {
        first: moment(first),
        last: moment(last),
        words: told(&marks, first, last),
        bars: places(&times).into_iter().zip(marks).map(|(middle, mark)| bar(middle, mark)).collect(),
    })
}

fn of_version(version: &Version, edits: &[Edit]) -> Mark {
    let edit = edits.iter().find(|edit| edit.from != edit.to && edit.to == Some(version.number));
    let weight = edit.map(|edit| edit.score).or(version.verdict.as_ref().map(|verdict| verdict.score));
    let kind = match (edit, weight) {
        (Some(_), _) => "edit",
        (None, Some(_)) => "kept",
        (None, None) => "first",
    };
    let words = match weight {
        Some(weight) => {
            Said::new("version {number}, score {score}").with("number", version.number).with_score("score", weight)
        }
        None => Said::new("version {number}, the first seen").with("number", version.number),
    };
    Mark { at: version.seen, kind, weight: weight.unwrap_or(0.0), words }
}

/// Going and coming back are as heavy as can be.
fn of_presence(edit: &Edit) -> Option<Mark> {
    let (kind, words) = match edit.kind {
        EditKind::Removed => ("gone", Said::new("the article was gone")),
        EditKind::Restored => ("back", Said::new("the article was back")),
        EditKind::Changed | EditKind::Returned | EditKind::Retired => return None,
    };
    Some(Mark { at: edit.seen, kind, weight: 1.0, words })
}

fn told(marks: &[Mark], first: Timestamp, last: Timestamp) -> Said {
    let count = |kind: &str| marks.iter().filter(|mark| mark.kind == kind).count();
    let versions = marks.iter().filter(|mark| !matches!(mark.kind, "gone" | "back")).count();
    let heaviest = marks.iter().map(|mark| mark.weight).fold(0.0, f64::max);
    Said::new("{versions} versions within {elapsed}, told as edits: {edits}. The greatest score: {heaviest}.")
        .with("versions", versions)
        .with_elapsed(Elapsed(first, last))
        .with("edits", count("edit"))
        .with_score("heaviest", heaviest)
}

/// Middles of the bars: by time, but far enough apart to be told from each other.
fn places(times: &[Timestamp]) -> Vec<f64> {
    let (Some(first), Some(last)) = (times.first(), times.last()) else { return Vec::new() };
    let whole = (last.duration_since(*first).as_secs_f64()).max(1.0);
    let room = WIDTH - BAR;
    let by_time = times.iter().map(|at| BAR / 2.0 + room * at.duration_since(*first).as_secs_f64() / whole);
    let mut places: Vec<f64> = by_time.collect();
    let gap = GAP.min(room / times.len() as f64);
    for at in 1..places.len() {
        places[at] = places[at].max(places[at - 1] + gap);
    }
    let mut right = WIDTH - BAR / 2.0;
    for place in places.iter_mut().rev() {
        *place = place.min(right);
        right = *place - gap;
    }
    places
}

fn bar(middle: f64, mark: Mark) -> Bar {
    let height = LEAST + (HEIGHT - ROOM - LEAST) * mark.weight.clamp(0.0, 1.0);
    let number = |number: f64| format!("{number:.1}");
    Bar {
        kind: mark.kind,
        x: number(middle - BAR / 2.0),
        y: number(HEIGHT - height),
        height: number(height),
        words: mark.words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_176_000 + seconds).unwrap()
    }

    #[test]
    fn bars_stand_by_their_time_inside_the_picture_and_apart() {
        let burst: Vec<Timestamp> = (0..60).map(|second| at(86_400 + second)).collect();
        for times in [vec![at(0), at(0)], vec![at(0), at(50), at(100)], [vec![at(0)], burst].concat()] {
            let places = places(&times);
            assert!(places.iter().all(|place| (0.0..=WIDTH).contains(place)), "{places:?}");
            assert!(places.windows(2).all(|two| two[1] - two[0] > 5.0), "{places:?}");
        }
        let places = places(&[at(0), at(50), at(100)]);
        assert!((places[1] - WIDTH / 2.0).abs() < 1.0, "{places:?}");
    }
}
