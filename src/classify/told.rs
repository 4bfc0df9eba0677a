//! Reasons in words.

use std::collections::HashSet;

use crate::model::{Fact, Reason, Value};

/// `old → new`, or which of them came or went.
pub(super) fn change(old: &str, new: &str) -> Fact {
    match (old.is_empty(), new.is_empty()) {
        (false, false) => Fact::new("{old} → {new}").with(quoted(old)).with(quoted(new)),
        (true, _) => Fact::new("{new} added").with(quoted(new)),
        (_, true) => Fact::new("{old} removed").with(quoted(old)),
    }
}

/// The most characters of the text that a reason quotes.
const MAX_QUOTED_CHARS: usize = 60;

/// A text between quotation marks, cut to what fits in a reason. Marks of its own around all of it make room for ours, any other
/// stays as it is.
pub(super) fn quoted(text: &str) -> Value {
    let bare = match text.trim_matches(is_double_quote) {
        "" => return Value::Words(text.to_owned()),
        inside if text.starts_with(is_double_quote) && text.ends_with(is_double_quote) => inside,
        _ => text,
    };
    let bare = if bare.contains(is_double_quote) { text } else { bare };
    if bare.chars().count() <= MAX_QUOTED_CHARS {
        return Value::Quoted(bare.to_owned());
    }
    let cut: String = bare.chars().take(MAX_QUOTED_CHARS - 1).collect();
    Value::Quoted(format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head)))
}

fn is_double_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂')
}

/// Without what a stronger reason of the same hunk tells too.
pub(super) fn told_once(mut found: Vec<Reason>) -> Vec<Reason> {
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut told: HashSet<String> = HashSet::new();
    let mut kept = Vec::new();
    for reason in found {
        let words = reason.fact.words();
        let words = words.iter().flat_map(|words| words.split([' ', '“', '”', ':', '…', ',', '.']));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        if kept.is_empty() || words.iter().any(|&word| !told.contains(word)) {
            told.extend(words.into_iter().map(str::to_owned));
            kept.push(reason);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_keeps_the_marks_inside_it() {
        for (text, expected) in [
            ("no jobs", "“no jobs”"),
            ("“no jobs”", "“no jobs”"),
            ("He said \"no\".", "“He said \"no\".”"),
            ("„Nein“ und »ja«", "“„Nein“ und »ja«”"),
            ("\"", "\""),
        ] {
            assert_eq!(quoted(text).to_string(), expected);
        }
    }
}
