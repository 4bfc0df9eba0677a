//! Whether the times that a page states as those of its last update say anything. Some pages state the moment of each request:
//! such a time moves at every look, whether or not the text does, and must not make an edit look disclosed.

use jiff::{SignedDuration, Timestamp};

use crate::classify::{TrustedTimes, stated_times, text_digest};
use crate::model::{Article, Content, Digest, Stated, StatedTimes};

/// A time that moves with the clock keeps its distance to it, give or take what caches keep a page for.
const IN_STEP: SignedDuration = SignedDuration::from_mins(10);
/// A time that stood for so long is none of a request: caches of pages that are made for each request keep them for minutes.
const STOOD: SignedDuration = SignedDuration::from_mins(10);

/// Takes note of the times that a page states at a look.
pub(super) fn take(article: &mut Article, content: &Content, now: Timestamp) {
    let shown = stated_times(content);
    if content.modified.is_none() && shown.is_empty() && article.stated.is_none() {
        return;
    }
    let before = article.stated.unwrap_or_default();
    let text = text_digest(content);
    let look = Look { now, is_idle: article.stated.is_some() && before.text == text };
    let data = content.modified.map(Timestamp::as_second);
    let hash = || Digest::of(shown.join("\n").as_bytes()).short().cast_signed();
    article.stated = Some(StatedTimes {
        text,
        data: look.next(before.data, data, |old, new| in_step(old, new, now)),
        shown: look.next(before.shown, (!shown.is_empty()).then(hash), |_, _| true),
    });
}

/// Takes note that a look found the page as it was.
pub(super) fn take_same(article: &mut Article, now: Timestamp) {
    let Some(stated) = &mut article.stated else { return };
    let look = Look { now, is_idle: true };
    stated.data = stated.data.map(|time| look.same(time));
    stated.shown = stated.shown.map(|time| look.same(time));
}

/// Which of an article’s stated times count.
pub(super) fn trusted(article: &Article) -> TrustedTimes {
    let stated = article.stated.unwrap_or_default();
    TrustedTimes { data: stated.is_data_trusted(), shown: stated.is_shown_trusted() }
}

struct Look {
    now: Timestamp,
    /// Whether the text is what it was at the look before.
    is_idle: bool,
}

impl Look {
    /// A stated time after this look, which found it to be `value`; a page without one says nothing about it.
    fn next(
        &self,
        before: Option<Stated>,
        value: Option<i64>,
        in_step: impl Fn(Stated, i64) -> bool,
    ) -> Option<Stated> {
        let (Some(before), Some(value)) = (before, value) else {
            return before.or_else(|| value.map(|value| Stated { value, since: self.now, idle_moves: 0 }));
        };
        if before.value == value {
            return Some(self.same(before));
        }
        let idle_moves = match (in_step(before, value), self.is_idle) {
            (false, _) => 0,
            (true, true) => before.idle_moves.saturating_add(1),
            (true, false) => before.idle_moves,
        };
        Some(Stated { value, since: self.now, idle_moves })
    }

    /// A stated time that did not move.
    fn same(&self, time: Stated) -> Stated {
        let stood = self.now.duration_since(time.since) >= STOOD;
        Stated { idle_moves: if stood { 0 } else { time.idle_moves }, ..time }
    }
}

/// Whether a time moved by as much as the clock did.
fn in_step(before: Stated, value: i64, now: Timestamp) -> bool {
    let moved = value.saturating_sub(before.value);
    let passed = now.as_second() - before.since.as_second();
    moved.abs_diff(passed) <= IN_STEP.as_secs().unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ArticleId, Block, BlockKind};

    fn at(minutes: i64) -> Timestamp {
        "2026-08-01T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
    }

    /// What is believed after looks at these minutes, each with the stated minute and the text.
    fn told(looks: &[(i64, i64, &str)]) -> TrustedTimes {
        let mut article =
            Article::unseen(ArticleId(1), "https://news.example/a".parse().unwrap(), String::new(), at(0));
        for &(minute, modified, text) in looks {
            let content = Content { modified: Some(at(modified)), ..Content::of_paragraphs("x", [text]) };
            take(&mut article, &content, at(minute));
        }
        trusted(&article)
    }

    #[test]
    fn a_time_that_moves_at_every_look_says_nothing() {
        let (old, new) = ("Nine million.", "Ninety million.");
        for looks in [
            // The moment of each request.
            [(0, 0, old), (30, 30, old), (60, 60, old), (90, 90, new), (91, 91, new), (92, 92, new)],
            // Seen to move only while the change is confirmed.
            [(0, 0, old), (0, 0, old), (0, 0, old), (30, 30, new), (31, 31, new), (32, 32, new)],
            // In another zone, from a cache that keeps a page for some minutes.
            [(0, 120, old), (30, 147, old), (60, 180, old), (90, 208, new), (91, 208, new), (92, 208, new)],
        ] {
            assert!(!told(&looks).data, "{looks:?}");
        }
    }

    #[test]
    fn a_publishers_time_is_believed() {
        let (old, new) = ("Nine million.", "Ninety million.");
        for looks in [
            // Hours old, then minutes.
            [(0, -300, old), (30, -300, old), (60, -300, old), (90, 87, new), (91, 87, new), (92, 87, new)],
            // As fresh at the first look as at the edit.
            [(0, -1, old), (0, -1, old), (0, -1, old), (30, 29, new), (31, 29, new), (32, 29, new)],
            // Touched once, with nothing changed in the text.
            [(0, -1, old), (30, 29, old), (60, 29, old), (90, 88, new), (91, 88, new), (92, 88, new)],
            // A site that was mended.
            [(0, 0, old), (30, 30, old), (60, 60, old), (90, 85, old), (120, 85, old), (150, 149, new)],
        ] {
            assert!(told(&looks).data, "{looks:?}");
        }
    }

    #[test]
    fn stamps_that_readers_see_are_weighed_alike() {
        let mut article =
            Article::unseen(ArticleId(1), "https://news.example/a".parse().unwrap(), String::new(), at(0));
        let mut look = |minute: i64, stamp: &str, text: &str| {
            let block = |text: &str| Block { kind: BlockKind::Paragraph, text: text.to_owned() };
            let content = Content { blocks: vec![block(text), block(stamp)], ..Content::default() };
            take(&mut article, &content, at(minute));
            trusted(&article).shown
        };
        let text = "The council closes the hall in June.";
        assert!(look(0, "Updated 9:00", text) && look(30, "Updated 9:30", text));
        assert!(!look(60, "Updated 10:00", text), "it moves at every look");
        assert!(!look(90, "Updated 10:30", "The council closes the hall in July."));
        assert!(look(120, "Updated 10:30", text), "it stood");
    }

    #[test]
    fn a_page_that_is_the_same_bytes_lets_its_time_stand() {
        let mut article =
            Article::unseen(ArticleId(1), "https://news.example/a".parse().unwrap(), String::new(), at(0));
        let content = |modified| Content { modified: Some(at(modified)), ..Content::of_paragraphs("x", ["y"]) };
        for minute in [0, 30, 60] {
            take(&mut article, &content(minute), at(minute));
        }
        assert!(!trusted(&article).data);
        take_same(&mut article, at(90));
        assert!(trusted(&article).data);
    }
}
