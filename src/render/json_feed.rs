//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>).

use serde_json::{Map, Value, json};

use super::address::{self, Format};
use super::entry::publication;
use super::feed::{categories, entry_html, entry_page, fitting, full_title};
use super::language::language;
use super::text::{clean, plain};
use super::words::{Told, told, without_tags};
use crate::model::{Disclosure, Edit, EditNumber, Feed, Reason, Site, shown_score};

/// `feed` as JSON Feed in UTF-8, with the entries and ids of the Atom one. The same feed gives the same bytes.
#[must_use]
pub fn json_feed(feed: &Feed, site: &Site) -> Vec<u8> {
    let own = address::on(site, &address::narrowed(&feed.scope, Format::Json, &feed.narrowing));
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| drop(out.insert(name.to_owned(), value));
    put("version", json!("https://jsonfeed.org/version/1.1"));
    put("title", json!(full_title(&feed.title, site)));
    put("description", json!(plain(&feed.subtitle)));
    put("home_page_url", json!(address::on(site, &address::page(&feed.scope))));
    put("feed_url", json!(own));
    put("icon", json!(address::on(site, address::ICON)));
    put("authors", json!([{ "name": plain(&site.title), "url": site.base_url }]));
    if let Some(hub) = feed.hub(site) {
        put("hubs", json!([{ "type": "WebSub", "url": hub }]));
    }
    if let Some(language) = feed.language.as_deref().and_then(language) {
        put("language", json!(language));
    }
    put("items", fitting(&feed.edits, site).iter().map(|edit| entry_json(edit, site)).collect());
    // A map of strings and numbers is always written.
    serde_json::to_vec(&out).unwrap_or_default()
}

/// `edit` as an item of JSON Feed: what programs are told of it, in feeds and webhooks. `_redraft` has what JSON Feed has no
/// word for; its names are `kind`, `publication`, `headline`, `classes`, `score`, `disclosure`, `notice`, `live`, `reasons`, `changes`,
/// `from_version`, `to_version`, `article`, `sources`, `previous`.
#[must_use]
pub fn entry_json(edit: &Edit, site: &Site) -> Value {
    let html = clean(&entry_html(edit, site));
    let mut out = json!({
        "id": address::edit_id(site, edit.article, edit.number),
        "url": entry_page(edit, site),
        "external_url": address::uri(&edit.url),
        "title": plain(&edit.entry.title),
        "authors": [{ "name": publication(edit), "url": address::publisher(&edit.url) }],
        "summary": plain(&edit.entry.summary),
        "content_text": without_tags(&html),
        "content_html": html,
        "date_published": date(edit),
        "tags": categories(edit, site).into_iter().map(|filed| filed.term).collect::<Vec<_>>(),
        "_redraft": own(edit, site),
    });
    if let Some(language) = edit.language.as_deref().and_then(language) {
        out["language"] = json!(language);
    }
    out
}

fn own(edit: &Edit, site: &Site) -> Value {
    let before = edit.number.0.checked_sub(1).filter(|number| *number > 0);
    json!({
        "kind": edit.kind.name(),
        "article": edit.article.0,
        "publication": publication(edit),
        "headline": plain(&edit.headline),
        "classes": edit.classes().into_iter().map(crate::model::Class::name).collect::<Vec<_>>(),
        "score": shown_score(edit.score),
        "disclosure": edit.disclosure.map(|disclosure| match disclosure {
            Disclosure::Disclosed => "disclosed",
            Disclosure::Silent => "silent",
        }),
        "notice": edit.notice.as_deref().map(plain),
        "live": edit.live,
        "reasons": edit.reasons.iter().map(reason).collect::<Vec<_>>(),
        "changes": told(&edit.entry.html).iter().map(change).collect::<Vec<_>>(),
        "from_version": edit.from.map(|number| number.0),
        "to_version": edit.to.map(|number| number.0),
        "sources": edit.sources.iter().map(crate::model::SourceSlug::as_str).collect::<Vec<_>>(),
        "previous": before.map(|number| address::edit_id(site, edit.article, EditNumber(number))),
    })
}

/// What a change's line was and is; the one that there is not is left out.
fn change(told: &Told) -> Value {
    let mut change = json!({ "what": told.heading });
    for (name, line) in [("was", &told.was), ("now", &told.now)] {
        if let Some(line) = line {
            change[name] = json!(line);
        }
    }
    change
}

fn reason(reason: &Reason) -> Value {
    json!({ "class": reason.class.name(), "score": shown_score(reason.score), "text": plain(&reason.fact.to_string()) })
}

/// RFC 3339, to the millisecond, as in Atom.
fn date(edit: &Edit) -> String {
    edit.seen.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}
