//! A request as answers need it: parts of its path, its query, its headers, all checked before use.

use std::convert::Infallible;
use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use http::HeaderMap;
use http::request::Parts;
use url::form_urlencoded;

use super::House;
use super::pages::phrases::Said;
use super::problem::Problem;
use crate::model::{
    Article, ArticleId, BadNarrowing, Edit, EditNumber, Narrowing, Source, SourceSlug, Version, VersionNumber,
};

/// What the address of an answer for programs ends in; no slug has a dot.
const JSON: &str = ".json";
/// What the address of a picture ends in.
const PICTURE: &str = ".png";

/// Most parameters of a query.
const MAX_PARAMETERS: usize = 16;
/// Longest query, in bytes: an address of 4 KiB, escaped where it must be, fits.
const MAX_QUERY_BYTES: usize = 8 * 1024;

/// A request.
pub(super) struct Asked {
    /// Its headers.
    pub(super) headers: HeaderMap,
    /// The path as it was asked for.
    raw_path: String,
    /// Whether the last part of its path, which is not among the parts, was `.json`.
    pub(super) is_for_programs: bool,
    path: Vec<(String, String)>,
    raw_query: String,
    query: Vec<(String, String)>,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let named = RawPathParams::from_request_parts(parts, state).await;
        let mut path = named.map_or_else(|_| Vec::new(), |named| owned(named.iter()));
        let whole = parts.uri.path();
        let is_for_programs = path.last_mut().is_some_and(|(_, last)| {
            let is_last = whole.ends_with(last.as_str());
            let name = last.strip_suffix(JSON).filter(|_| is_last).map(str::to_owned);
            name.map(|name| *last = name).is_some()
        });
        let raw_query = parts.uri.query().unwrap_or_default().to_owned();
        let query = form_urlencoded::parse(raw_query.as_bytes());
        let query =
            query.take(MAX_PARAMETERS + 1).map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let raw_path = whole.to_owned();
        Ok(Self { headers: parts.headers.clone(), raw_path, is_for_programs, path, raw_query, query })
    }
}

/// Refuses what was taken down, and says why.
pub(super) fn shown(house: &House, id: ArticleId, version: Option<VersionNumber>) -> Result<(), Problem> {
    house.store.why_hidden(id, version).map_or(Ok(()), |reason| Err(Problem::Gone(reason)))
}

/// Whether a person's browser asks for a page to show: no feed reader says so.
pub(super) fn is_person(headers: &HeaderMap) -> bool {
    let says = |name: &str, value: &str| headers.get(name).is_some_and(|header| header == value);
    says("sec-fetch-dest", "document") && says("sec-fetch-mode", "navigate")
}

fn owned<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

impl Asked {
    /// Refuses a query that nobody writes.
    pub(super) fn check(&self) -> Result<(), Problem> {
        if self.raw_query.len() > MAX_QUERY_BYTES {
            return Err(Problem::BadRequest(
                Said::new("The query is longer than {most} bytes.").with("most", MAX_QUERY_BYTES),
            ));
        }
        if self.query.len() > MAX_PARAMETERS {
            return Err(Problem::BadRequest(
                Said::new("The query has more than {most} parameters.").with("most", MAX_PARAMETERS),
            ));
        }
        Ok(())
    }

    /// The article that the path names, if we know it.
    pub(super) fn article(&self, house: &House) -> Result<Article, Problem> {
        let id: ArticleId = self.number("article")?;
        shown(house, id, None)?;
        if let Some(article) = house.store.article(id)? {
            return Ok(article);
        }
        Err(if house.store.was_there(id)? {
            let said = Said::new("Article {id} is no longer kept here: it had not been watched for long.");
            Problem::Dropped(said.with("id", id))
        } else {
            Problem::NotFound(Said::new("There is no article {id}.").with("id", id))
        })
    }

    /// The source that the path names, if it is watched; else whether it was.
    pub(super) fn source<'a>(&self, house: &'a House) -> Result<&'a Source, Problem> {
        let slug: SourceSlug = self.part("slug").parse().map_err(|_| Problem::no_source())?;
        if let Some(source) = house.source(&slug) {
            return Ok(source);
        }
        let former = house.former(&slug)?;
        Err(former.map_or_else(Problem::no_source, |name| Problem::Unwatched { name, slug }))
    }

    /// A part of the path, as it is.
    pub(super) fn word(&self, name: &str) -> &str {
        self.part(name)
    }

    /// The article's version that the path names under `name`, if it is kept and shown.
    pub(super) fn version(&self, house: &House, article: &Article, name: &str) -> Result<Version, Problem> {
        let number: VersionNumber = self.number(name)?;
        shown(house, article.id, Some(number))?;
        if house.store.dropped(article.id)?.iter().any(|(dropped, _)| *dropped == number) {
            let said =
                Said::new("The text of version {number} is no longer kept here: of this article only newer ones are.");
            return Err(Problem::Dropped(said.with("number", number)));
        }
        let unknown = || Problem::NotFound(Said::new("This article has no version {number}.").with("number", number));
        house.store.version(article.id, number)?.ok_or_else(unknown)
    }

    /// The edit that the path names as a picture, if it is kept and shown.
    pub(super) fn edit(&self, house: &House) -> Result<Edit, Problem> {
        let article = self.article(house)?;
        let name = self.part("picture").strip_suffix(PICTURE).ok_or_else(Problem::nothing_here)?;
        let number: EditNumber = number(name)?;
        if let Some(edit) = house.store.edit(article.id, number)? {
            return Ok(edit);
        }
        let is_there = house.store.sequence(article.id, number)?.is_some();
        let hidden = house.store.hidden()?.into_iter().find(|hidden| is_there && hidden.article == article.id);
        Err(hidden.map_or_else(
            || Problem::NotFound(Said::new("This article has no edit {number}.").with("number", number)),
            |hidden| Problem::Gone(hidden.reason),
        ))
    }

    /// Whether the path has a part of this name.
    pub(super) fn names(&self, name: &str) -> bool {
        self.path.iter().any(|(known, _)| known == name)
    }

    /// All parameters of the query, in its order.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.query.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Refuses a query with parameters other than these, or with one of them twice: a program that mistypes one must not take what it gets
    /// for what it asked for. `class` may be given several times.
    pub(super) fn check_names(&self, names: &[&'static str]) -> Result<(), Problem> {
        let mut met = Vec::new();
        for (name, _) in self.pairs() {
            let known = names.iter().find(|known| **known == name);
            let known = *known.ok_or_else(|| Problem::no_parameter(name, names))?;
            if known != "class" && met.contains(&known) {
                return Err(BadNarrowing::Twice(known).into());
            }
            met.push(known);
        }
        Ok(())
    }

    /// The value of a parameter of the query, the first where there are several.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The paragraph, of `all`, that a long page begins with, from 0.
    pub(super) fn row(&self, all: usize) -> Result<usize, Problem> {
        let parse = |text: &str| text.parse().map_err(|_| Problem::no_number("row"));
        let row = self.parameter("row").map_or(Ok(0), parse)?;
        let is_there = row < all || row == 0;
        let unknown = || {
            Problem::NotFound(Said::count(
                "There is 1 paragraph here, and none behind it. | There are {number} paragraphs here, and none behind the last.",
                all as u64,
            ))
        };
        is_there.then_some(row).ok_or_else(unknown)
    }

    /// A parameter that is an address: also one that was put into the query as it is, with all that follows.
    pub(super) fn address(&self, name: &str) -> Option<&str> {
        self.raw_address(name).or_else(|| self.parameter(name))
    }

    /// The address that was put into the query as it is: then the query is nothing but that parameter.
    pub(super) fn raw_address(&self, name: &str) -> Option<&str> {
        let raw = self.raw_query.strip_prefix(name).and_then(|rest| rest.strip_prefix('='));
        raw.filter(|raw| raw.starts_with("http://") || raw.starts_with("https://"))
    }

    /// The address that stands at the end of ours as it is, its query included. A proxy that tidies paths may have taken one of the
    /// two slashes behind its scheme.
    pub(super) fn original(&self) -> Option<String> {
        let (before, rest) = self.raw_path.split_once(":/")?;
        let scheme = before.rsplit('/').next()?;
        let rest = rest.trim_start_matches('/');
        let query = if self.raw_query.is_empty() { String::new() } else { format!("?{}", self.raw_query) };
        Some(format!("{scheme}://{rest}{query}"))
    }

    /// Which edits the query asks for; it may hold nothing else.
    pub(super) fn narrowing(&self) -> Result<Narrowing, Problem> {
        Ok(Narrowing::of(self.pairs())?)
    }

    /// Whether the query says just this, however it is escaped.
    pub(super) fn says_as(&self, narrowing: &Narrowing) -> bool {
        let pairs = narrowing.pairs();
        self.pairs().eq(pairs.iter().map(|(name, value)| (*name, value.as_str())))
    }

    fn part(&self, name: &str) -> &str {
        self.path.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn number<T: FromStr + ToString>(&self, name: &str) -> Result<T, Problem> {
        number(self.part(name))
    }
}

/// A number written as we write it: no sign, no leading zeros, so that everything has one address.
fn number<T: FromStr + ToString>(text: &str) -> Result<T, Problem> {
    text.parse().ok().filter(|number: &T| number.to_string() == text).ok_or_else(Problem::nothing_here)
}
