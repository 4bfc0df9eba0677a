//! What a page of edits is narrowed to: by the form on it, or by hand.

use url::form_urlencoded::Serializer;

use super::phrases::{Phrases, Said, Speak};
use crate::model::{Class, EditKind, Narrowing, Scope, SourceSlug};
use crate::serve::House;
use crate::serve::asked::Asked;
use crate::serve::problem::Problem;
use crate::store::EditQuery;

/// Scores that the form offers to begin from; the address takes any.
const SCORES: [&str; 4] = ["0.4", "0.6", "0.8", "0.9"];
/// Parameters of pages beside those of a narrowing.
const SOURCE: &str = "source";
const BEFORE: &str = "before";

/// What a page of edits is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::serve) struct Filter {
    /// Of one source; of all where none.
    pub(super) source: Option<SourceSlug>,
    /// Which of their edits.
    pub(in crate::serve) narrowing: Narrowing,
    /// Older than this one.
    pub(super) before: Option<u64>,
}

impl Filter {
    /// The names of all its parameters, in the order in which we write them.
    pub(in crate::serve) const NAMES: [&'static str; 9] =
        [SOURCE, "class", "min_score", "q", "lang", "silent", "from", "to", BEFORE];

    /// What the query asks for. Fields that a form leaves empty, and names that are not ours, say nothing.
    pub(in crate::serve) fn of(house: &House, asked: &Asked) -> Result<Self, Problem> {
        let given: Vec<(&str, &str)> = asked.pairs().filter(|(_, value)| !value.trim().is_empty()).collect();
        let value = |name: &str| given.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let source = value(SOURCE).map(|slug| known(house, slug));
        let before = value(BEFORE).map(|text| text.parse().map_err(|_| Problem::no_number("before")));
        let narrowing = given.iter().copied().filter(|(name, _)| Narrowing::NAMES.contains(name));
        Ok(Self { source: source.transpose()?, narrowing: Narrowing::of(narrowing)?, before: before.transpose()? })
    }

    /// Whether it takes everything.
    pub(super) fn is_none(&self) -> bool {
        self.source.is_none() && self.narrowing.is_none()
    }

    /// What it asks of the store: at most `limit` edits.
    pub(in crate::serve) fn query(&self, limit: usize) -> EditQuery {
        EditQuery { scope: self.scope(), before: self.before, limit, narrowing: self.narrowing.clone() }
    }

    /// What its feed is narrowed to: a feed has no last day.
    pub(super) fn lasting(&self) -> Narrowing {
        Narrowing { to: None, ..self.narrowing.clone() }
    }

    /// Of what it takes edits.
    pub(in crate::serve) fn scope(&self) -> Scope {
        self.source.clone().map_or(Scope::Everything, Scope::Source)
    }

    /// The same, from another place in the list on.
    pub(in crate::serve) fn before(&self, before: Option<u64>) -> Self {
        Self { before, ..self.clone() }
    }

    /// Its query, with the `?`; nothing for everything. Each filter has one spelling.
    pub(in crate::serve) fn spelled(&self) -> String {
        let pairs = self.pairs();
        if pairs.is_empty() {
            return String::new();
        }
        format!("?{}", Serializer::new(String::new()).extend_pairs(pairs).finish())
    }

    /// Whether the query says just this, in this order.
    pub(in crate::serve) fn is_as_asked(&self, asked: &Asked) -> bool {
        let own = self.pairs();
        asked.pairs().eq(own.iter().map(|(name, value)| (*name, value.as_str())))
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let source = self.source.iter().map(|slug| (SOURCE, slug.to_string()));
        let before = self.before.iter().map(|before| (BEFORE, before.to_string()));
        source.chain(self.narrowing.pairs()).chain(before).collect()
    }
}

/// The slug of a source that is watched, or was.
fn known(house: &House, text: &str) -> Result<SourceSlug, Problem> {
    let no_source = || Problem::BadRequest(Said::new("No source of this name is watched."));
    let slug: SourceSlug = text.parse().map_err(|_| no_source())?;
    let is_known = house.source(&slug).is_some() || house.former(&slug)?.is_some();
    if is_known { Ok(slug) } else { Err(no_source()) }
}

/// A choice of the form.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) words: Said,
    pub(super) chosen: bool,
}

/// A kind of change to choose.
pub(super) struct Kind {
    /// Its name in queries.
    pub(super) value: &'static str,
    pub(super) label: Label,
    pub(super) chosen: bool,
}

/// What a kind of change is called.
pub(super) enum Label {
    Class(Class),
    /// Of the article as a whole.
    Kind(EditKind),
}

impl Speak for Label {
    fn speak(&self, phrases: Phrases) -> String {
        match self {
            Self::Class(class) => class.speak(phrases),
            Self::Kind(kind) => kind.speak(phrases),
        }
    }
}

/// The form that narrows a page of edits.
pub(super) struct Form {
    /// Where it leads, below the root.
    pub(super) action: &'static str,
    /// Whether it is shown at once.
    pub(super) open: bool,
    pub(super) words: String,
    pub(super) kinds: Vec<Kind>,
    pub(super) sources: Vec<Choice>,
    pub(super) scores: Vec<Choice>,
    pub(super) silent: bool,
    pub(super) from: String,
    pub(super) to: String,
    /// The language that it was narrowed to by hand, which the form keeps.
    pub(super) language: String,
    /// Whether there is something to narrow.
    pub(super) is_set: bool,
}

/// The form as `filter` fills it in.
pub(super) fn form(house: &House, filter: &Filter, action: &'static str, open: bool) -> Form {
    let narrowing = &filter.narrowing;
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let source = |slug: &SourceSlug, name: &str| Choice {
        value: slug.to_string(),
        words: Said::words(name),
        chosen: filter.source.as_ref() == Some(slug),
    };
    let watched = house.sources.iter().map(|known| source(&known.slug, &known.name));
    let former = filter.source.as_ref().filter(|slug| house.source(slug).is_none());
    let former = former.map(|slug| source(slug, &house.former(slug).ok().flatten().unwrap_or_default()));
    Form {
        action,
        open: open || !filter.is_none(),
        words: narrowing.words.clone(),
        kinds: kinds(narrowing),
        sources: watched.chain(former).collect(),
        scores: scores(narrowing.min_score),
        silent: narrowing.silent,
        from: day(narrowing.from),
        to: day(narrowing.to),
        language: narrowing.language.clone(),
        is_set: !filter.is_none(),
    }
}

/// All kinds of change that the form offers. What is boilerplate is never published by itself.
fn kinds(narrowing: &Narrowing) -> Vec<Kind> {
    let classes = Class::ALL.into_iter().filter(|class| *class != Class::Boilerplate).map(|class| Kind {
        value: class.name(),
        label: Label::Class(class),
        chosen: narrowing.classes.contains(&class),
    });
    let of_articles = EditKind::SOUGHT.into_iter().filter_map(|kind| {
        let chosen = narrowing.kinds.contains(&kind);
        Some(Kind { value: kind.category()?, label: Label::Kind(kind), chosen })
    });
    classes.chain(of_articles).collect()
}

/// The scores that the form offers, and the one that is asked for.
fn scores(asked: f64) -> Vec<Choice> {
    let asked = if asked > 0.0 { asked.to_string() } else { String::new() };
    let mut offered: Vec<&str> = SCORES.to_vec();
    if !asked.is_empty() && !offered.contains(&asked.as_str()) {
        offered.push(&asked);
        offered.sort_unstable();
    }
    let choice = |score: &str| Choice {
        value: score.to_owned(),
        words: Said::new("from {score}").with_score("score", score.parse().unwrap_or_default()),
        chosen: score == asked,
    };
    offered.into_iter().map(choice).collect()
}
