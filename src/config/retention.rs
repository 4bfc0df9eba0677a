//! `[retention]`, and the same keys of a source.

use jiff::SignedDuration;

use super::document::{Placed, Table, Value};
use super::problem::Problems;
use super::sections::TEN_YEARS;
use super::settings::Settings;
use super::take::{Section, Taker};
use crate::model::Keeping;

/// Most versions that can be configured: more than any article was seen to have.
const MAX_VERSIONS: i64 = 1_000_000;
/// Values of `keep_pages`.
const PAGES: [(&str, bool); 2] = [("latest", true), ("none", false)];

/// Reads `[retention]`.
pub(super) fn read_retention(settings: &Settings, problems: &mut Problems) -> Option<Keeping> {
    let (section, mut taker) = (Section { settings, name: "retention" }, Taker { problems });
    let versions = section.get("keep_versions", &mut taker, read_versions);
    let pages = section.get("keep_pages", &mut taker, read_pages);
    let forget_after = section.get("forget_after", &mut taker, read_forget_after);
    Some(Keeping { versions: to_limit(versions??), pages: pages??, forget_after: to_time_limit(forget_after??) })
}

/// The retention of a source: the common one, changed by the source's own keys.
pub(super) fn source_retention(all: &Keeping, table: &Table, taker: &mut Taker<'_>) -> Keeping {
    let mut keeping = *all;
    if let Some(value) = table.get("keep_versions") {
        keeping.versions = read_versions(taker, "keep_versions", value).map_or(keeping.versions, to_limit);
    }
    if let Some(value) = table.get("keep_pages") {
        keeping.pages = read_pages(taker, "keep_pages", value).unwrap_or(keeping.pages);
    }
    if let Some(value) = table.get("forget_after") {
        keeping.forget_after =
            read_forget_after(taker, "forget_after", value).map_or(keeping.forget_after, to_time_limit);
    }
    keeping
}

fn read_versions(taker: &mut Taker<'_>, name: &str, value: &Placed<Value>) -> Option<i64> {
    taker.integer(name, value, &(0..=MAX_VERSIONS))
}

/// A number of versions; `None` (all versions) for 0.
fn to_limit(versions: i64) -> Option<usize> {
    usize::try_from(versions).ok().filter(|versions| *versions > 0)
}

fn read_pages(taker: &mut Taker<'_>, name: &str, value: &Placed<Value>) -> Option<bool> {
    taker.choice(name, value, &PAGES)
}

fn read_forget_after(taker: &mut Taker<'_>, name: &str, value: &Placed<Value>) -> Option<SignedDuration> {
    taker.duration(name, value, &(SignedDuration::ZERO..=TEN_YEARS))
}

/// A time after which articles are forgotten; `None` (never) for 0.
fn to_time_limit(after: SignedDuration) -> Option<SignedDuration> {
    Some(after).filter(|after| !after.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Invocation};

    fn load(text: &str) -> Result<Config, Problems> {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("redraft.toml");
        std::fs::write(&file, text).unwrap();
        Config::load(&Invocation { config: Some(file), ..Invocation::default() })
    }

    #[test]
    fn everything_is_kept_unless_the_operator_says_less_for_all_or_for_a_source() {
        assert_eq!(Config::built_in().unwrap().keeping, Keeping::default());
        let config = load(
            "[retention]\nkeep_versions = 9\nforget_after = \"52w\"\n[[source]]\nurl = \"https://a.example/\"\n\
             keep_pages = \"none\"\nforget_after = \"0s\"\n[[page]]\nurl = \"https://b.example/\"\nkeep_versions = 0\n",
        )
        .unwrap();
        let year = SignedDuration::from_hours(52 * 7 * 24);
        let all = Keeping { versions: Some(9), pages: true, forget_after: Some(year) };
        assert_eq!(config.keeping, all);
        assert_eq!(config.sources[0].keeping, Keeping { pages: false, forget_after: None, ..all });
        assert_eq!(config.sources[1].keeping, Keeping { versions: None, ..all });
    }

    #[test]
    fn what_cannot_be_kept_is_told_with_its_place() {
        let told =
            load("[retention]\nkeep_versions = -1\n[[source]]\nurl = \"https://a.example/\"\nkeep_pages = \"some\"\n");
        let told = told.unwrap_err().to_string();
        assert!(told.contains("retention.keep_versions: -1 is out of bounds"), "{told}");
        assert!(told.contains("expected one of \"latest\", \"none\"") && told.contains("redraft.toml:5"), "{told}");
    }
}
