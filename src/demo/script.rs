//! The script of the demo's newsroom: which edits it makes, and when. It does not say how redraft should react.

use std::time::Duration;

use jiff::Timestamp;

use super::article::Piece;

/// One action of the newsroom.
pub(super) struct Step {
    /// Time after the start.
    pub(super) after: Duration,
    /// Slug of the article.
    pub(super) slug: &'static str,
    /// Description, as a sentence without its subject: `changes …`.
    pub(super) words: &'static str,
    /// Performs the action. Returns whether it was possible.
    pub(super) act: fn(&mut Newsroom<'_>) -> bool,
}

/// The data that an action can change.
pub(super) struct Newsroom<'a> {
    /// The article.
    pub(super) piece: &'a mut Piece,
    /// Number of times the advertisements, counters and teasers of the whole site were changed.
    pub(super) rounds: &'a mut u32,
    /// The time of day.
    pub(super) now: Timestamp,
}

/// The whole script, in order.
pub(super) const SCRIPT: [Step; 8] = [
    Step {
        after: Duration::from_secs(4),
        slug: "school",
        words: "corrects a year and says so in a note",
        act: |room| {
            room.piece.note = Some(
                "Correction: an earlier version of this article said that the hall was built in 1971. It was built in 1973."
                    .to_owned(),
            );
            room.piece.modified = room.now;
            room.piece.replace("built in 1971", "built in 1973")
        },
    },
    Step {
        after: Duration::from_secs(14),
        slug: "library",
        words: "softens the headline (“slashes” becomes “trims”) without a note",
        act: |room| room.piece.replace("Council slashes library hours", "Council trims library hours"),
    },
    Step {
        after: Duration::from_secs(24),
        slug: "ferry",
        words: "changes a figure (£120,000 becomes £210,000) without a note",
        act: |room| room.piece.replace("£120,000", "£210,000"),
    },
    Step {
        after: Duration::from_secs(34),
        slug: "market",
        words: "has new advertisements, teasers, comments and “minutes ago” on all pages; no article changes",
        act: |room| {
            *room.rounds += 1;
            room.piece.comments += 7;
            true
        },
    },
    Step {
        after: Duration::from_secs(46),
        slug: "quarry",
        words: "removes the quarry manager's words about the lorries",
        act: |room| {
            room.piece.replace(" “We have heard what people say about the lorries, and frankly they are right,” he said. “My own children walk along that road.”", "")
        },
    },
    Step {
        after: Duration::from_secs(58),
        slug: "seawall",
        words: "shows a consent wall in place of the article, once",
        act: |room| {
            room.piece.walls = 1;
            true
        },
    },
    Step {
        after: Duration::from_secs(70),
        slug: "bridge",
        words: "moves the paragraph about the inspection to second place",
        act: |room| room.piece.move_to("An inspection in March", 1),
    },
    Step {
        after: Duration::from_secs(80),
        slug: "museum",
        words: "takes the article down (410 Gone)",
        act: |room| {
            room.piece.gone = true;
            true
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_finds_what_it_changes_and_comes_after_the_one_before() {
        let mut pieces = Piece::all(Timestamp::UNIX_EPOCH);
        let mut before = Duration::ZERO;
        for step in &SCRIPT {
            let piece = pieces.iter_mut().find(|piece| piece.slug == step.slug).unwrap();
            let mut room = Newsroom { piece, rounds: &mut 0, now: Timestamp::UNIX_EPOCH };
            assert!((step.act)(&mut room), "{}: {}", step.slug, step.words);
            assert!(step.after > before);
            before = step.after;
        }
    }
}
