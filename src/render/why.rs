//! Why an article's edits were published or not, in plain text: what `redraft why` prints.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};

use super::elapsed::{elapsed, in_words};
use super::text::plain;
use crate::model::{Article, Disclosure, Edit, Outcome, Presence, Reason, Version, Watch};

/// Everything that was decided about an article, oldest first: its versions with their reasons, then what the last looks
/// came to and when the next one is. The texts of so many versions are `dropped`.
#[must_use]
pub fn why(article: &Article, versions: &[Version], dropped: usize, edits: &[Edit]) -> String {
    let mut text =
        format!("{}\n{}\nfirst seen at {}\n", plain(&article.headline), article.url, in_words(article.first_seen));
    if dropped > 0 {
        let _ = writeln!(text, "the texts of {dropped} older versions are no longer kept");
    }
    let mut before = None;
    for version in versions {
        let edit = edits.iter().find(|edit| edit.to == Some(version.number));
        tell_version(&mut text, version, before, edit);
        before = Some(version);
    }
    let is_told = |edit: &Edit| versions.iter().any(|version| edit.to == Some(version.number));
    for edit in edits.iter().filter(|edit| !is_told(edit)) {
        let _ = writeln!(text, "\n{}: {}", in_words(edit.seen), plain(&edit.entry.summary));
    }
    tell_looks(&mut text, article);
    text
}

fn tell_version(text: &mut String, version: &Version, before: Option<&Version>, edit: Option<&Edit>) {
    let _ = write!(text, "\nversion {}, {}", version.number, in_words(version.seen));
    if let Some(before) = before {
        let _ = write!(text, ", {} later", elapsed(before.seen, version.seen));
    }
    if let Some(earlier) = version.same_as {
        let _ = write!(text, ", the same as version {earlier}");
    }
    let Some(verdict) = &version.verdict else { return text.push_str("\n  nothing to compare with\n") };
    let told = match edit {
        Some(edit) => format!("published as edit {}, compared with version {}", edit.number, known(edit.from)),
        None => "kept, not published".to_owned(),
    };
    let disclosure = match verdict.disclosure {
        Disclosure::Disclosed => "readers were told",
        Disclosure::Silent => "silent",
    };
    let _ = writeln!(text, "\n  {told}; score {:.2}, {disclosure}", verdict.score);
    verdict.reasons.iter().for_each(|reason| tell_reason(text, reason));
}

fn known(number: Option<crate::model::VersionNumber>) -> String {
    number.map_or_else(|| "?".to_owned(), |number| number.to_string())
}

fn tell_reason(text: &mut String, reason: &Reason) {
    let _ = writeln!(text, "    {:.2}  {:<11}  {}", reason.score, reason.class.name(), plain(&reason.fact.to_string()));
}

fn tell_looks(text: &mut String, article: &Article) {
    if !article.notes.is_empty() {
        text.push_str("\nwhat the last looks came to\n");
    }
    for note in &article.notes {
        let outcome = match note.outcome {
            Outcome::Kept => "kept, not published",
            Outcome::Suspect => note.awaits(),
            outcome => outcome.name(),
        };
        let _ = writeln!(text, "  {}  {outcome}: {}", in_words(note.at), plain(&note.why.to_string()));
    }
    let pulse = &article.pulse;
    let _ = write!(text, "\nlooks: {}, changes: {}", pulse.looks, pulse.changes);
    if let Some(looked) = pulse.looked {
        let _ = write!(text, ", last at {}", in_words(looked));
    }
    match article.presence {
        Presence::Present => {}
        Presence::Missing { since, looks } => {
            let _ = write!(text, "\nnot found since {}, {looks} looks in a row", in_words(since));
        }
        Presence::Removed { since } => {
            let _ = write!(text, "\ngone since {}", in_words(since));
        }
    }
    let interval = SignedDuration::from_secs(i64::from(pulse.interval_s));
    let _ = match article.watch {
        Watch::Due(due) => writeln!(
            text,
            "\nnext look at about {}: {} between looks after the last, growing until something changes",
            in_words(due),
            elapsed(Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH + interval)
        ),
        Watch::Retired { since, .. } => writeln!(text, "\nno longer looked at since {}", in_words(since)),
    };
}
