//! A made-up edit, for testing a webhook.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::webhook;
use crate::config::Config;
use crate::fetch::{Unsent, Web};
use crate::model::{ArticleId, Class, Disclosure, Edit, EditKind, EditNumber, EntryText, Fact, Reason, Site};

/// Sends a made-up edit to the webhook called `name`, with an HTTP client of its own. Nothing of it is stored. `None`
/// if no webhook has that name.
///
/// # Errors
/// The reason why it was not accepted, as text.
pub async fn try_out(config: &Config, name: &str, now: Timestamp) -> Option<Result<(), String>> {
    let webhook = config.webhooks.iter().find(|webhook| webhook.name == name)?;
    let settings = &config.fetch.web;
    let web = match if webhook.allow_private { Web::anywhere(settings) } else { Web::new(settings) } {
        Ok(web) => web,
        Err(error) => return Some(Err(error.to_string())),
    };
    let (authority, since) = (config.publish.authority.clone(), now.strftime("%Y-%m-%d").to_string());
    let since = since.parse().unwrap_or_default();
    let locale = config.publish.locale;
    let (title, base_url) = (config.publish.title.clone(), config.publish.base_url.clone());
    let site = Site { title, base_url, authority, since, locale, hub: None };
    let sent = webhook::send(&web, webhook, &sample(&site.base_url, now), &site, now).await;
    Some(sent.map_err(|unsent: Unsent| unsent.in_words()))
}

/// A made-up edit with one changed figure. Its number differs every second, so that no receiver discards it as a
/// duplicate.
fn sample(page: &Url, now: Timestamp) -> Edit {
    Edit {
        article: ArticleId(0),
        number: EditNumber(u32::try_from(now.as_second()).unwrap_or_default()),
        kind: EditKind::Changed,
        from: None,
        to: None,
        seen: now,
        since: now - SignedDuration::from_mins(35),
        headline: "Test of a webhook".to_owned(),
        url: page.clone(),
        sources: Vec::new(),
        publication: Some("The Daily Test".to_owned()),
        language: Some("en".to_owned()),
        reasons: vec![Reason { class: Class::Figure, score: 0.75, fact: Fact::english("figure 12 → 21") }],
        score: 0.75,
        disclosure: Some(Disclosure::Silent),
        notice: None,
        returned_to: None,
        live: false,
        entry: EntryText {
            title: "Test of a webhook: 1 paragraph changed".to_owned(),
            summary: "This edit never happened: redraft was asked to try this webhook.".to_owned(),
            html: "<p>This edit never happened: redraft was asked to try this webhook.</p>\n<h4>Paragraph 3 changed</h4>\n\
                   <p><b>Was:</b> The bridge cost <del><b>£12 million</b></del>.</p>\n\
                   <p><b>Now:</b> The bridge cost <ins><b>£21 million</b></ins>.</p>\n"
                .to_owned(),
            ..EntryText::default()
        },
    }
}
