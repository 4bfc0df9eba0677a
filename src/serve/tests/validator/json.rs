//! The rules of JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>).

use jiff::Timestamp;
use serde_json::Value;

use super::judged::{Judged, Kind};
use super::rules::Rule;

const JSON: &[Kind] = &[Kind::Json];

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "json version",
        asks: "the address of version 1.1",
        of: JSON,
        check: |it| wrong(it.json["version"] != "https://jsonfeed.org/version/1.1", "version"),
    },
    Rule {
        name: "json title",
        asks: "a title, which is text",
        of: JSON,
        check: |it| wrong(!is_text(&it.json["title"]), "title"),
    },
    Rule {
        name: "json feed_url",
        asks: "the address at which it is",
        of: JSON,
        check: |it| wrong(it.json["feed_url"] != it.address.as_str(), "feed_url"),
    },
    Rule {
        name: "json items",
        asks: "a list of items",
        of: JSON,
        check: |it| wrong(!it.json["items"].is_array(), "items"),
    },
    Rule {
        name: "json authors",
        asks: "authors with a name",
        of: JSON,
        check: |it| {
            wrong(
                it.json["authors"].as_array().is_none_or(|all| all.iter().any(|one| !is_text(&one["name"]))),
                "authors",
            )
        },
    },
    Rule {
        name: "json hubs",
        asks: "hubs with type and address",
        of: JSON,
        check: |it| wrong(list(&it.json["hubs"]).any(|hub| !is_text(&hub["type"]) || !is_text(&hub["url"])), "hubs"),
    },
    Rule {
        name: "json item id",
        asks: "an id, which is text",
        of: JSON,
        check: |it| each(it, |item| !is_text(&item["id"])),
    },
    Rule {
        name: "json item content",
        asks: "its content as HTML and as text",
        of: JSON,
        check: |it| each(it, |item| !is_text(&item["content_html"]) || !is_text(&item["content_text"])),
    },
    Rule {
        name: "json item title",
        asks: "a title, which is one line of text",
        of: JSON,
        check: |it| {
            each(it, |item| item["title"].as_str().is_none_or(|title| title.trim().is_empty() || title.contains('\n')))
        },
    },
    Rule {
        name: "json item date",
        asks: "dates of RFC 3339",
        of: JSON,
        check: |it| {
            each(it, |item| item["date_published"].as_str().is_none_or(|date| date.parse::<Timestamp>().is_err()))
        },
    },
    Rule {
        name: "json item tags",
        asks: "tags, which are texts",
        of: JSON,
        check: |it| each(it, |item| !item["tags"].is_array() || list(&item["tags"]).any(|tag| !is_text(tag))),
    },
    Rule {
        name: "json extensions",
        asks: "names of the format, or names with an underscore before them",
        of: JSON,
        check: strange,
    },
];

const OF_FEED: [&str; 14] = [
    "version",
    "title",
    "home_page_url",
    "feed_url",
    "description",
    "user_comment",
    "next_url",
    "icon",
    "favicon",
    "authors",
    "language",
    "expired",
    "hubs",
    "items",
];
const OF_ITEM: [&str; 15] = [
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "image",
    "banner_image",
    "date_published",
    "date_modified",
    "authors",
    "tags",
    "language",
    "attachments",
];

fn strange(it: &Judged) -> Option<String> {
    let feed = unknown(&it.json, &OF_FEED);
    feed.or_else(|| list(&it.json["items"]).find_map(|item| unknown(item, &OF_ITEM)))
}

fn unknown(of: &Value, names: &[&str]) -> Option<String> {
    of.as_object()?.keys().find(|name| !name.starts_with('_') && !names.contains(&name.as_str())).cloned()
}

fn each(it: &Judged, is_wrong: impl Fn(&Value) -> bool) -> Option<String> {
    list(&it.json["items"]).find(|item| is_wrong(item)).map(|item| item["id"].to_string())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

fn wrong(is_wrong: bool, what: &str) -> Option<String> {
    is_wrong.then(|| what.to_owned())
}
