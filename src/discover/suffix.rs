//! Below which names sites are registered: `example.co.uk` belongs to somebody, `co.uk` to all.
//!
//! The rules are those of <https://github.com/publicsuffix/list/wiki/Format>, the list Mozilla's (`tools/public-suffixes.py`).

use std::sync::LazyLock;

/// Sorted by bytes.
static RULES: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("suffixes.txt").lines().collect());

/// The part of a host's `name` that somebody registered: one label below a public suffix. None of a public suffix itself.
/// Names are as they stand in addresses, in lower case.
pub(super) fn registered(name: &str) -> Option<&str> {
    let mut below = None;
    for part in parts(name) {
        if has(&format!("!{part}")) {
            return Some(part);
        }
        let parent = part.split_once('.').map(|(_, parent)| parent);
        // A name of one label is a public suffix though no rule says so.
        let is_public = parent.is_none_or(|parent| has(part) || has(&format!("*.{parent}")));
        if is_public {
            return below;
        }
        below = Some(part);
    }
    None
}

/// `a.b.c`, `b.c`, `c`.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |part| part.split_once('.').map(|(_, rest)| rest))
}

fn has(rule: &str) -> bool {
    RULES.binary_search(&rule).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_label_below_a_public_suffix_is_registered() {
        for (name, site) in [
            ("www.example.co.uk", Some("example.co.uk")),
            ("example.com", Some("example.com")),
            ("news.example.github.io", Some("example.github.io")),
            ("a.b.unheard-of", Some("b.unheard-of")),
            ("a.www.ck", Some("www.ck")),
            ("a.b.other.ck", Some("b.other.ck")),
            ("co.uk", None),
            ("localhost", None),
            ("", None),
        ] {
            assert_eq!(registered(name), site, "{name}");
        }
    }

    #[test]
    fn every_rule_is_read_as_the_psl_crate_reads_its_own() {
        assert!(RULES.is_sorted() && RULES.len() > 10_000);
        for rule in RULES.iter() {
            let name = rule.trim_start_matches(['!', '*', '.']);
            // psl forgets `*.futurecms.at` of a label that has a rule of its own, such as `*.ex.futurecms.at`.
            let is_hidden =
                name.split_once('.').is_some_and(|(_, parent)| rule.starts_with('*') && has(&format!("*.{parent}")));
            let names =
                [name.to_owned(), format!("one.{name}"), format!("two.one.{name}"), format!("x.two.one.{name}")];
            for name in &names[usize::from(is_hidden)..] {
                let why = format!("{name}: if psl was updated, run tools/public-suffixes.py");
                assert_eq!(registered(name), psl::domain_str(name), "{why}");
            }
        }
    }
}
