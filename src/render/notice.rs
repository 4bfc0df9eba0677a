//! An edit as webhooks tell it: as our own JSON, as chat and push services want it, or by a template of the operator's.

use serde_json::{Value, json};

use super::direction::isolated;
use super::feed::entry_page;
use super::json_feed::entry_json;
use super::labels::words;
use super::template::{Template, cut};
use super::text::plain;
use super::words::{Told, told};
use crate::model::{Edit, Site};

/// Longest line of text in a notice, in characters: a long sentence.
const MAX_LINE_CHARS: usize = 300;
/// Most changes in a notice; the link leads to all.
const MAX_CHANGES: usize = 5;
/// Longest text for Slack, in characters: it advises 4,000 at most.
const SLACK_CHARS: usize = 3_500;
/// Longest title of a Discord embed, in characters (<https://discord.com/developers/docs/resources/message#embed-limits>).
const DISCORD_TITLE_CHARS: usize = 256;
/// Longest text of a Discord embed: of 4,096 characters, with room for what escapes take.
const DISCORD_CHARS: usize = 2_000;
/// Longest status that every Mastodon server takes, in characters.
const MASTODON_CHARS: usize = 500;
/// What an address counts in a status, however long it is.
const MASTODON_URL_CHARS: usize = 23;
/// Longest message of ntfy, in characters: it takes 4,096 bytes, and a character may have four.
const NTFY_CHARS: usize = 1_000;

/// What a webhook is sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// The entry as in our JSON Feed.
    Entry,
    /// For a Slack incoming webhook, and what understands the same (Mattermost, Rocket.Chat, Zulip).
    Slack,
    /// For a Discord webhook.
    Discord,
    /// For a Mastodon server's `/api/v1/statuses`.
    Mastodon,
    /// For ntfy, posted to its root; the topic is `topic`.
    Ntfy,
    /// What the operator wrote.
    Free(Template),
}

impl Payload {
    /// The names of those that need no template.
    pub const NAMED: [(&'static str, Self); 5] = [
        ("entry", Self::Entry),
        ("slack", Self::Slack),
        ("discord", Self::Discord),
        ("mastodon", Self::Mastodon),
        ("ntfy", Self::Ntfy),
    ];

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        Self::NAMED.iter().find(|(_, payload)| payload == self).map_or("template", |(name, _)| *name)
    }

    /// `edit` as this payload tells it; `topic` is what ntfy files it under.
    #[must_use]
    pub fn of(&self, edit: &Edit, site: &Site, topic: &str) -> Value {
        let page = entry_page(edit, site);
        match self {
            Self::Entry => entry_json(edit, site),
            Self::Slack => slack(edit, site, &page),
            Self::Discord => discord(edit, site, &page),
            Self::Mastodon => mastodon(edit, site, &page),
            Self::Ntfy => json!({
                "topic": topic,
                "title": cut(&plain(&edit.entry.title), DISCORD_TITLE_CHARS),
                "message": cut(&lines(edit, site).join("\n"), NTFY_CHARS),
                "click": page,
            }),
            Self::Free(template) => template.fill(&fields(edit, site, &page)),
        }
    }
}

/// The sentence and the first changes, a line each.
fn lines(edit: &Edit, site: &Site) -> Vec<String> {
    let words = words(site.locale);
    let side = |label: &str, line: &str| format!("{label} {}", isolated(&cut(line, MAX_LINE_CHARS)));
    let mut lines = vec![plain(&edit.entry.summary)];
    for change in told(&edit.entry.html).into_iter().take(MAX_CHANGES) {
        let Told { heading, was, now } = change;
        lines.push(heading);
        lines.extend(was.map(|was| side(words.was, &was)));
        lines.extend(now.map(|now| side(words.now, &now)));
    }
    lines
}

/// Slack's own markup, where `&`, `<` and `>` are all that must be escaped: no `<!channel>` gets through.
fn slack(edit: &Edit, site: &Site, page: &str) -> Value {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let title = escaped(&plain(&edit.entry.title)).replace('|', "¦");
    let text = cut(&lines(edit, site).join("\n"), SLACK_CHARS);
    json!({ "text": format!("*<{page}|{title}>*\n{}", escaped(&text)), "unfurl_links": false })
}

/// An embed that mentions nobody.
fn discord(edit: &Edit, site: &Site, page: &str) -> Value {
    json!({
        "embeds": [{
            "title": cut(&plain(&edit.entry.title), DISCORD_TITLE_CHARS),
            "url": page,
            "description": without_markdown(&cut(&lines(edit, site).join("\n"), DISCORD_CHARS)),
            "timestamp": edit.seen.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        }],
        "allowed_mentions": { "parse": [] },
    })
}

/// `text` as Markdown shows it as it is.
fn without_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '*' | '_' | '~' | '`' | '|' | '>' | '#' | '[' | ']') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// A status that mentions nobody: no `@` stands before a letter.
fn mastodon(edit: &Edit, site: &Site, page: &str) -> Value {
    let room = MASTODON_CHARS - MASTODON_URL_CHARS - 2;
    let text = format!("{}\n\n{}", plain(&edit.entry.title), lines(edit, site).split_off(1).join("\n"));
    let text = text.replace('@', "@\u{200B}");
    let mut status = json!({ "status": format!("{}\n\n{page}", cut(text.trim_end(), room)) });
    if let Some(language) = edit.language.as_deref().and_then(|tag| tag.split('-').next()) {
        status["language"] = json!(plain(language));
    }
    status
}

/// What templates speak of.
fn fields(edit: &Edit, site: &Site, page: &str) -> Value {
    let mut entry = entry_json(edit, site);
    let changes = told(&edit.entry.html);
    let side = |of: fn(&Told) -> Option<&String>| {
        changes.iter().filter_map(of).map(String::as_str).collect::<Vec<_>>().join("\n")
    };
    let (was, now) = (side(|told| told.was.as_ref()), side(|told| told.now.as_ref()));
    let mut own = entry["_redraft"].clone();
    let mut of_entry = |name: &str| entry.get_mut(name).map(|value| value.clone()).unwrap_or_default();
    let mut of_own = |name: &str| own.get_mut(name).map(Value::take).unwrap_or_default();
    json!({
        "id": of_entry("id"),
        "title": of_entry("title"),
        "summary": of_entry("summary"),
        "text": of_entry("content_text"),
        "html": of_entry("content_html"),
        "article_url": of_entry("external_url"),
        "date": of_entry("date_published"),
        "language": of_entry("language"),
        "url": page,
        "was": was,
        "now": now,
        "headline": of_own("headline"),
        "kind": of_own("kind"),
        "classes": of_own("classes"),
        "score": of_own("score"),
        "disclosure": of_own("disclosure"),
        "sources": of_own("sources"),
        "entry": entry,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{edit, site};
    use super::*;

    const HTML: &str = "<p>Version 2.</p>\n<h4>Headline changed</h4>\n<p><b>Was:</b> <del><b>A *b* &lt;c&gt;</b></del></p>\n\
                        <p><b>Now:</b> <ins><b>@everyone</b></ins> d</p>\n";

    fn nasty() -> Edit {
        let mut edit = edit();
        edit.entry.title = "<!channel> *x* | @mayor & co: headline changed".to_owned();
        edit.entry.html = HTML.to_owned();
        edit
    }

    #[test]
    fn no_service_is_told_to_call_anybody() {
        let of = |payload: Payload| payload.of(&nasty(), &site(), "edits");
        let slack = of(Payload::Slack)["text"].as_str().unwrap().to_owned();
        assert!(slack.contains("|&lt;!channel&gt; *x* ¦ @mayor &amp; co: headline changed>*\n"), "{slack}");
        assert!(slack.contains("\nWas: A *b* &lt;c&gt;\nNow: @everyone d"), "{slack}");
        let discord = of(Payload::Discord);
        assert_eq!(discord["allowed_mentions"]["parse"], json!([]));
        let text = discord["embeds"][0]["description"].as_str().unwrap();
        assert!(text.contains("Was: A \\*b\\* <c\\>\nNow: @everyone d"), "{text}");
        let status = of(Payload::Mastodon)["status"].as_str().unwrap().to_owned();
        assert!(status.contains("@\u{200B}mayor") && status.contains("Now: @\u{200B}everyone"), "{status}");
        assert_eq!(of(Payload::Ntfy)["topic"], "edits");
    }

    #[test]
    fn services_get_no_more_than_they_take() {
        let mut long = nasty();
        let line = "word ".repeat(2_000);
        long.entry.title = line.clone();
        long.entry.html = format!("<h4>H</h4>\n<p><b>Was:</b> {line}</p>\n<p><b>Now:</b> {line}</p>\n").repeat(40);
        let chars = |value: &Value| value.as_str().unwrap().chars().count();
        let of = |payload: Payload| payload.of(&long, &site(), "edits");
        let status = of(Payload::Mastodon)["status"].as_str().unwrap().to_owned();
        let (text, url) = status.rsplit_once("\n\n").unwrap();
        assert!(url.starts_with("http") && text.chars().count() + 2 + MASTODON_URL_CHARS <= MASTODON_CHARS);
        let discord = of(Payload::Discord);
        assert!(chars(&discord["embeds"][0]["title"]) <= DISCORD_TITLE_CHARS);
        assert!(chars(&discord["embeds"][0]["description"]) <= 4_096);
        assert!(of(Payload::Ntfy)["message"].as_str().unwrap().len() <= 4_096);
    }

    #[test]
    fn a_template_has_every_field_that_it_may_speak_of() {
        let template =
            Template::parse(&json!(Template::NAMES.map(|name| format!("{{{{{name}}}}}"))).to_string()).unwrap();
        let filled = Payload::Free(template).of(&nasty(), &site(), "");
        for (name, value) in Template::NAMES.iter().zip(filled.as_array().unwrap()) {
            assert!(*name == "language" || !value.is_null(), "{name}");
        }
        assert_eq!(filled[9], "A *b* <c>");
        assert_eq!(
            filled[0]["_redraft"]["changes"][0],
            json!({ "what": "Headline changed", "was": "A *b* <c>", "now": "@everyone d" })
        );
    }
}
