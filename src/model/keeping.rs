//! How much of an article is kept, and for how long.

use jiff::{SignedDuration, Timestamp};

use super::{Article, VersionNumber, Watch};

/// What the operator wants kept of the articles of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// The texts of so many versions, the newest; of all where none.
    pub versions: Option<usize>,
    /// Whether the page behind the newest version is kept, for a better extractor to read it again.
    pub pages: bool,
    /// An article that is no longer watched is forgotten after so long; never where none.
    pub forget_after: Option<SignedDuration>,
}

impl Default for Keeping {
    /// Everything, for ever.
    fn default() -> Self {
        Self { versions: None, pages: true, forget_after: None }
    }
}

impl Keeping {
    /// What satisfies both: an article of two sources is kept as the more careful one wants it.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            versions: self.versions.zip(other.versions).map(|(one, other)| one.max(other)),
            pages: self.pages || other.pages,
            forget_after: self.forget_after.zip(other.forget_after).map(|(one, other)| one.max(other)),
        }
    }

    /// Which of `kept`, the versions that have their texts, oldest first, may lose them. Never one of `needed`.
    #[must_use]
    pub fn spare(&self, kept: &[VersionNumber], needed: &[VersionNumber]) -> Vec<VersionNumber> {
        let many = self.versions.map_or(0, |most| kept.len().saturating_sub(most));
        kept.iter().take(many).filter(|number| !needed.contains(number)).copied().collect()
    }

    /// Whether an article may be forgotten at `now`, as far as it is no longer watched for long enough.
    #[must_use]
    pub fn is_over(&self, article: &Article, now: Timestamp) -> bool {
        let Watch::Retired { since, .. } = article.watch else { return false };
        self.forget_after.is_some_and(|after| now.duration_since(since) >= after)
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::model::{ArticleId, Retirement};

    fn numbers(numbers: &[u32]) -> Vec<VersionNumber> {
        numbers.iter().copied().map(VersionNumber).collect()
    }

    #[test]
    fn the_oldest_are_spared_but_for_those_that_are_needed() {
        let kept = numbers(&[2, 3, 5, 6, 7]);
        for (versions, needed, spared) in [
            (None, &[][..], &[][..]),
            (Some(9), &[], &[]),
            (Some(5), &[], &[]),
            (Some(2), &[], &[2, 3, 5]),
            (Some(2), &[3, 7], &[2, 5]),
            (Some(0), &[6, 7], &[2, 3, 5]),
        ] {
            let keeping = Keeping { versions, ..Keeping::default() };
            assert_eq!(keeping.spare(&kept, &numbers(needed)), numbers(spared), "{versions:?} {needed:?}");
        }
    }

    #[test]
    fn of_two_sources_the_more_careful_one_wins() {
        let day = SignedDuration::from_hours(24);
        let few = Keeping { versions: Some(2), pages: false, forget_after: Some(day) };
        let more = Keeping { versions: Some(9), pages: false, forget_after: Some(day * 2) };
        assert_eq!(few.and(more), more);
        assert_eq!(more.and(few), more);
        assert_eq!(few.and(Keeping::default()), Keeping::default());
    }

    #[test]
    fn only_what_is_long_retired_is_over() {
        let url = Url::parse("https://news.example/a").unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        let watched = Article::unseen(ArticleId(1), url, String::new(), at(0));
        let retired =
            Article { watch: Watch::Retired { since: at(100), reason: Retirement::Quiet }, ..watched.clone() };
        let keeping = Keeping { forget_after: Some(SignedDuration::from_secs(50)), ..Keeping::default() };
        assert!(!keeping.is_over(&watched, at(1_000)));
        assert!(!keeping.is_over(&retired, at(149)) && keeping.is_over(&retired, at(150)));
        assert!(!Keeping::default().is_over(&retired, at(1_000_000)));
        assert!(!keeping.is_over(&retired, at(50)), "the clock was set back");
    }
}
