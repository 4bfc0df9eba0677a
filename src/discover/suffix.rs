//! Finds the registered domain of a host: `example.co.uk` belongs to someone, `co.uk` to everyone.
//!
//! The list is Mozilla's public suffix list (fetched by `tools/public-suffixes.py`), with rules as in
//! <https://github.com/publicsuffix/list/wiki/Format>.

use std::sync::LazyLock;

/// The rules, sorted by bytes.
static RULES: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("suffixes.txt").lines().collect());

/// The registered domain in a host `name`: one label below a public suffix. `None` for a public suffix itself. Names
/// must be in lower case, as in a [`url::Url`].
pub(super) fn registered_domain(name: &str) -> Option<&str> {
    let mut below = None;
    for part in parents(name) {
        if has_rule(&format!("!{part}")) {
            return Some(part);
        }
        let parent = part.split_once('.').map(|(_, parent)| parent);
        // A single label is a public suffix even without a rule.
        let is_public = parent.is_none_or(|parent| has_rule(part) || has_rule(&format!("*.{parent}")));
        if is_public {
            return below;
        }
        below = Some(part);
    }
    None
}

/// `a.b.c`, `b.c`, `c`.
fn parents(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |part| part.split_once('.').map(|(_, rest)| rest))
}

fn has_rule(rule: &str) -> bool {
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
            assert_eq!(registered_domain(name), site, "{name}");
        }
    }

    #[test]
    fn every_rule_is_read_as_the_psl_crate_reads_its_own() {
        assert!(RULES.is_sorted() && RULES.len() > 10_000);
        for rule in RULES.iter() {
            let name = rule.trim_start_matches(['!', '*', '.']);
            // psl misses `*.futurecms.at` for a label that has a rule of its own, such as `*.ex.futurecms.at`.
            let is_hidden = name
                .split_once('.')
                .is_some_and(|(_, parent)| rule.starts_with('*') && has_rule(&format!("*.{parent}")));
            let names =
                [name.to_owned(), format!("one.{name}"), format!("two.one.{name}"), format!("x.two.one.{name}")];
            for name in &names[usize::from(is_hidden)..] {
                let why = format!("{name}: if psl was updated, run tools/public-suffixes.py");
                assert_eq!(registered_domain(name), psl::domain_str(name), "{why}");
            }
        }
    }
}
