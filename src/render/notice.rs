//! An edit as webhooks tell it: as our own JSON, as chat and push services want it, or by a template of the operator's.

use serde_json::{Value, json};

use super::address;
use super::direction::isolated;
use super::entry::{disclosure, headline, publication};
use super::excerpt::Side;
use super::feed::entry_page;
use super::glance::by_weight;
use super::json_feed::entry_json;
use super::labels::{label_in, words};
use super::template::{Template, cut};
use super::text::{plain, shortened};
use super::words::{Lines, Told, lines as changes, stretches, told, without_tags};
use crate::model::{Edit, Site};

/// Longest line of text in a notice, in characters: a long sentence.
const MAX_LINE_CHARS: usize = 300;
/// Most changes in a notice; the link leads to all.
const MAX_CHANGES: usize = 5;
/// Longest text for Slack, in characters: it advises 4,000 at most.
const SLACK_CHARS: usize = 3_500;
/// Longest title of a Discord embed, in characters (<https://discord.com/developers/docs/resources/message#embed-limits>).
const DISCORD_TITLE_CHARS: usize = 256;
/// Longest text of a Discord embed, in characters.
const DISCORD_TEXT_CHARS: usize = 4_096;
/// Longest text of ours in one, with room for what escapes take and for the link.
const DISCORD_CHARS: usize = 1_600;
/// Longest status that every Mastodon server takes, in characters.
const MASTODON_CHARS: usize = 500;
/// What an address counts in a status, however long it is.
const MASTODON_URL_CHARS: usize = 23;
/// Longest message of ntfy, in characters: it takes 4,096 bytes, and a character may have four.
const NTFY_CHARS: usize = 1_000;

/// Longest headline in a status, in characters: what changed must fit behind it.
const SHORT_HEADLINE_CHARS: usize = 90;
/// Longest title in one, in characters.
const SHORT_TITLE_CHARS: usize = 220;
/// What the labels before both sides of a change take of a status, in characters, with the ends of their lines.
const LABELS_CHARS: usize = 30;
/// Words that are shown before the first marked one where a line is cut there.
const WORDS_BEFORE_MARK: usize = 5;

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
                "title": cut(&format!("{}: {}", publication(edit), plain(&edit.entry.title)), DISCORD_TITLE_CHARS),
                "message": cut(&lines(edit, site).join("\n"), NTFY_CHARS),
                "click": page,
                "actions": [{ "action": "view", "label": headline(edit), "url": address::uri(&edit.url) }],
            }),
            Self::Free(template) => template.fill(&fields(edit, site, &page)),
        }
    }
}

/// The sentence and the first changes, a line each.
fn lines(edit: &Edit, site: &Site) -> Vec<String> {
    let mut all = vec![plain(&edit.entry.summary)];
    for change in changes(&edit.entry.html).take(MAX_CHANGES) {
        all.push(without_tags(change.heading));
        all.extend(sides(&change, MAX_LINE_CHARS, site));
    }
    all
}

/// What a change was and is, each with its label and at most so many characters of text.
fn sides(change: &Lines<'_>, most_chars: usize, site: &Site) -> impl Iterator<Item = String> {
    let is_alone = change.was.is_none() || change.now.is_none();
    let line = move |(side, html)| {
        let label = label_in(site.locale, side, is_alone);
        format!("{label} {}", isolated(&around_mark(html, most_chars)))
    };
    let both = [(Side::Was, change.was), (Side::Now, change.now)];
    both.into_iter().filter_map(move |(side, html)| Some(line((side, html?))))
}

/// A line of HTML as text, with what is marked in it: where it is longer than `most_chars` and the first mark would not show, it
/// begins a few words before that.
fn around_mark(html: &str, most_chars: usize) -> String {
    let all = stretches(html);
    let text: String = all.iter().map(|stretch| stretch.text.as_str()).collect();
    let before: String =
        all.iter().take_while(|stretch| !stretch.marked).map(|stretch| stretch.text.as_str()).collect();
    if text.chars().count() <= most_chars || before.chars().count() < most_chars / 2 {
        return cut(&text, most_chars);
    }
    let begin = before.rmatch_indices(' ').nth(WORDS_BEFORE_MARK).map_or(before.len(), |(at, _)| at);
    cut(&format!("…{}", &text[begin..]), most_chars)
}

/// Slack's own markup, where `&`, `<` and `>` are all that must be escaped: no `<!channel>` gets through.
fn slack(edit: &Edit, site: &Site, page: &str) -> Value {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let link = |address: &str, words: &str| format!("<{address}|{}>", escaped(words).replace('|', "¦"));
    let publication = escaped(&publication(edit));
    let title = link(page, &plain(&edit.entry.title));
    let text = escaped(&cut(&lines(edit, site).join("\n"), SLACK_CHARS));
    let article = link(&article(edit), &headline(edit));
    json!({ "text": format!("{publication}\n*{title}*\n{text}\n{article}"), "unfurl_links": false })
}

/// An embed that mentions nobody.
fn discord(edit: &Edit, site: &Site, page: &str) -> Value {
    let text = without_markdown(&cut(&lines(edit, site).join("\n"), DISCORD_CHARS));
    let link = format!("\n[{}]({})", without_markdown(&headline(edit)), article(edit));
    let fits = text.chars().count() + link.chars().count() <= DISCORD_TEXT_CHARS;
    json!({
        "embeds": [{
            "author": { "name": publication(edit), "url": address::publisher(&edit.url) },
            "title": cut(&plain(&edit.entry.title), DISCORD_TITLE_CHARS),
            "url": page,
            "description": if fits { text + &link } else { text },
            "footer": { "text": plain(&site.title) },
            "timestamp": edit.seen.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        }],
        "allowed_mentions": { "parse": [] },
    })
}

/// The publisher's article, in a form that ends no link in Markdown or in Slack's markup.
fn article(edit: &Edit) -> String {
    address::uri(&edit.url).replace('(', "%28").replace(')', "%29")
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

/// A status that mentions nobody: no `@` stands before a letter. It names the publication, the article and whether readers were told,
/// then gives both sides of the change that tells most, and of the others as many as fit.
fn mastodon(edit: &Edit, site: &Site, page: &str) -> Value {
    let mut text = format!("{}: {}\n", publication(edit), short_title(edit));
    let mut room = MASTODON_CHARS - MASTODON_URL_CHARS - 2;
    room = room.saturating_sub(text.chars().count());
    let changes = by_weight(edit);
    if changes.is_empty() {
        // What the page says of a removal comes last in the summary, which may be longer than a status.
        let told = disclosure(words(edit.entry.locale.unwrap_or(site.locale)), edit);
        let told = if edit.notice.is_some() { &told } else { &edit.entry.summary };
        text.extend(["\n", &cut(&plain(told), room.saturating_sub(1))]);
    }
    for (at, change) in changes.iter().enumerate() {
        let of_each = if at == 0 { room.saturating_sub(LABELS_CHARS) / 2 } else { MAX_LINE_CHARS };
        let lines: String = sides(change, of_each, site).map(|line| format!("\n{line}")).collect();
        let chars = lines.chars().count();
        if chars > room {
            break;
        }
        text.push_str(&lines);
        room -= chars;
    }
    let text = text.replace('@', "@\u{200B}");
    let room = MASTODON_CHARS - MASTODON_URL_CHARS - 2;
    let mut status = json!({ "status": format!("{}\n\n{page}", cut(text.trim_end(), room)) });
    if let Some(language) = edit.language.as_deref().and_then(|tag| tag.split('-').next()) {
        status["language"] = json!(plain(language));
    }
    status
}

/// The title with a shorter headline, so that what follows the headline is not cut off.
fn short_title(edit: &Edit) -> String {
    let title = plain(&edit.entry.title);
    let short = shortened(&edit.headline, SHORT_HEADLINE_CHARS);
    let title = if short.is_empty() { title } else { title.replacen(&headline(edit), &short, 1) };
    cut(&title, SHORT_TITLE_CHARS)
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
        "publication": of_own("publication"),
        "site": plain(&site.title),
        "notice": edit.notice.as_deref().map(plain).unwrap_or_default(),
        "entry": entry,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{edit, site};
    use super::*;
    use crate::model::{Disclosure, EditKind};

    const HTML: &str = "<p>Version 2.</p>\n<h4>Headline changed</h4>\n<p><b>Was:</b> <del><b>A *b* &lt;c&gt;</b></del></p>\n\
                        <p><b>Now:</b> <ins><b>@everyone</b></ins> d</p>\n";

    fn nasty() -> Edit {
        let mut edit = edit();
        edit.entry.title = "<!channel> *x* | @mayor & co: headline changed".to_owned();
        edit.entry.html = HTML.to_owned();
        edit
    }

    fn of(payload: &Payload, edit: &Edit) -> Value {
        payload.of(edit, &site(), "edits")
    }

    #[test]
    fn no_service_is_told_to_call_anybody() {
        let slack = of(&Payload::Slack, &nasty())["text"].as_str().unwrap().to_owned();
        assert!(slack.contains("|&lt;!channel&gt; *x* ¦ @mayor &amp; co: headline changed>*\n"), "{slack}");
        assert!(slack.contains("\nWas: A *b* &lt;c&gt;\nNow: @everyone d"), "{slack}");
        let discord = of(&Payload::Discord, &nasty());
        assert_eq!(discord["allowed_mentions"]["parse"], json!([]));
        let text = discord["embeds"][0]["description"].as_str().unwrap();
        assert!(text.contains("Was: A \\*b\\* <c\\>\nNow: @everyone d"), "{text}");
        let status = of(&Payload::Mastodon, &nasty())["status"].as_str().unwrap().to_owned();
        assert!(status.contains("@\u{200B}mayor") && status.contains("Now: @\u{200B}everyone"), "{status}");
        assert_eq!(of(&Payload::Ntfy, &nasty())["topic"], "edits");
    }

    #[test]
    fn every_service_is_told_which_paper_and_which_article() {
        let edit = Edit { url: "https://news.example/a_(b)?c|d".parse().unwrap(), ..nasty() };
        for (payload, publication, link) in [
            (
                Payload::Slack,
                "The Gazette &amp; Herald\n*<",
                "<https://news.example/a_%28b%29?c%7Cd|Mayor approves budget>",
            ),
            (
                Payload::Discord,
                "\"The Gazette & Herald\"",
                "[Mayor approves budget](https://news.example/a_%28b%29?c%7Cd)",
            ),
            (Payload::Mastodon, "The Gazette & Herald: ", "/articles/7/compare/2/3"),
            (Payload::Ntfy, "The Gazette & Herald: ", "https://news.example/a_(b)?c%7Cd"),
            (
                Payload::Entry,
                "\"name\":\"The Gazette & Herald\"",
                ">Mayor approves budget</a> (The Gazette &amp; Herald)</p>",
            ),
        ] {
            let text = of(&payload, &edit).to_string().replace("\\n", "\n");
            assert!(text.contains(publication) && text.contains(link), "{}: {text}", payload.name());
        }
    }

    #[test]
    fn services_get_no_more_than_they_take() {
        let mut long = nasty();
        let line = "word ".repeat(2_000);
        long.entry.title = line.clone();
        long.url = format!("https://news.example/{}", "(".repeat(1_500)).parse().unwrap();
        long.entry.html = format!("<h4>H</h4>\n<p><b>Was:</b> {line}</p>\n<p><b>Now:</b> {line}</p>\n").repeat(40);
        let chars = |value: &Value| value.as_str().unwrap().chars().count();
        let status = of(&Payload::Mastodon, &long)["status"].as_str().unwrap().to_owned();
        let (text, url) = status.rsplit_once("\n\n").unwrap();
        assert!(url.starts_with("http") && text.chars().count() + 2 + MASTODON_URL_CHARS <= MASTODON_CHARS);
        let discord = of(&Payload::Discord, &long);
        assert!(chars(&discord["embeds"][0]["title"]) <= DISCORD_TITLE_CHARS);
        assert!(chars(&discord["embeds"][0]["description"]) <= DISCORD_TEXT_CHARS);
        assert!(of(&Payload::Ntfy, &long)["message"].as_str().unwrap().len() <= 4_096);
    }

    #[test]
    fn a_status_shows_what_was_and_is_of_the_weightiest_change_however_long_its_lines() {
        let filler = "It stood where it had always stood, at the end of the long road to the sea. ".repeat(6);
        let mut edit = edit();
        edit.headline = "The council ".repeat(30);
        edit.entry.title = format!("{}: 2 paragraphs changed (silent)", headline(&edit));
        let side = |label: &str, mark: &str, words: &str| {
            format!("<p><b>{label}:</b> {filler}It cost <{mark}><b>{words}</b></{mark}> to build. {filler}</p>\n")
        };
        edit.entry.html = format!(
            "<h4>Paragraph 1 changed</h4>\n{}{}<h4>Paragraph 2 changed</h4>\n{}{}",
            side("Was", "del", "much"),
            side("Now", "ins", "little"),
            side("Was", "del", "5 million"),
            side("Now", "ins", "7 million"),
        );
        let status = of(&Payload::Mastodon, &edit)["status"].as_str().unwrap().to_owned();
        let lines: Vec<&str> = status.lines().collect();
        assert!(lines[0].starts_with("The Gazette & Herald: The council") && lines[0].ends_with("changed (silent)"));
        // The weightiest reason is of the second paragraph: figure 5 → 7.
        assert!(lines[2].starts_with("Was: …") && lines[2].contains("5 million"), "{status}");
        assert!(lines[3].starts_with("Now: …") && lines[3].contains("7 million"), "{status}");
    }

    #[test]
    fn a_status_of_what_has_no_text_says_what_happened() {
        let mut edit = nasty();
        (edit.entry.title, edit.entry.summary) = ("Removed: x".to_owned(), "Removed: it is gone.".to_owned());
        edit.entry.html = "<p>Removed: it is gone.</p>\n".to_owned();
        let status = of(&Payload::Mastodon, &edit)["status"].as_str().unwrap().to_owned();
        assert!(status.starts_with("The Gazette & Herald: Removed: x\n\nRemoved: it is gone.\n\nhttp"), "{status}");
        let notice = "This article has been withdrawn on the advice of our lawyers, who looked at it again. ".repeat(3);
        (edit.kind, edit.disclosure, edit.notice) = (EditKind::Removed, Some(Disclosure::Disclosed), Some(notice));
        edit.entry.summary = "Removed: it is gone. ".repeat(20);
        let status = of(&Payload::Mastodon, &edit)["status"].as_str().unwrap().to_owned();
        assert!(status.contains("\n\nDisclosed: the page says now: “This article has been withdrawn on"), "{status}");
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
