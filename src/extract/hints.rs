//! What we know of single sites: selectors of what to keep, what to drop, and of the headline.

use std::collections::HashMap;

use dom_query::{Document, Matcher};

use super::walk::Node;

/// CSS selectors for the pages of one site, from `config/sites/HOST.toml`. Empty: nothing special is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// Where something matches, only text inside it is the article's.
    pub keep: Vec<String>,
    /// Never the article's.
    pub drop: Vec<String>,
    /// The headline.
    pub headline: Option<String>,
}

/// A selector of a site's hints that cannot be read; which, and nothing else is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a CSS selector")]
pub struct BadSelector(pub String);

impl Hints {
    /// Whether every selector can be read.
    ///
    /// # Errors
    /// [`BadSelector`] with the first that cannot.
    pub fn check(&self) -> Result<(), BadSelector> {
        let mut all = self.keep.iter().chain(&self.drop).chain(&self.headline);
        all.try_for_each(|selector| Matcher::new(selector).map(drop).map_err(|_| BadSelector(selector.clone())))
    }
}

/// What hints say of one element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing.
    #[default]
    Open,
    /// It holds the article.
    Keep,
    /// It is furniture.
    Drop,
}

/// What hints say of the elements of one page.
#[derive(Debug, Default)]
pub(super) struct Fates {
    by_node: HashMap<Node, Fate>,
    /// The headline as the site's own selector found it.
    pub(super) headline: Option<String>,
}

impl Fates {
    /// Applies hints to a page; selectors that cannot be read are passed over ([`Hints::check`] tells of them).
    pub(super) fn on(document: &Document, hints: &Hints) -> Self {
        let mut fates = Self::default();
        fates.mark(document, &hints.keep, Fate::Keep);
        fates.mark(document, &hints.drop, Fate::Drop);
        fates.headline = hints.headline.as_deref().and_then(|selector| first_text(document, selector));
        fates
    }

    /// Whether a `keep` selector found something.
    pub(super) fn keeps(&self) -> bool {
        self.by_node.values().any(|fate| *fate == Fate::Keep)
    }

    pub(super) fn of(&self, node: Node) -> Fate {
        self.by_node.get(&node).copied().unwrap_or_default()
    }

    fn mark(&mut self, document: &Document, selectors: &[String], fate: Fate) {
        for matcher in selectors.iter().filter_map(|selector| Matcher::new(selector).ok()) {
            for node in document.select_matcher(&matcher).nodes() {
                self.by_node.insert(node.id, fate);
            }
        }
    }
}

fn first_text(document: &Document, selector: &str) -> Option<String> {
    let matcher = Matcher::new(selector).ok()?;
    let text = super::text::tidy(&document.select_single_matcher(&matcher).text());
    (!text.is_empty()).then_some(text)
}
