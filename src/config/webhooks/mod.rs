//! `[[webhook]]`: recipients that edits are pushed to.

#[cfg(test)]
mod tests;
mod values;

use url::Url;

use super::document::{Placed, Table, Value};
use super::problem::{Place, Problems};
use super::secret::Secret;
use super::sections::Fetch;
use super::settings::suggest_name;
use super::sources::find_refusal;
use super::take::{Taker, web_address};
use crate::model::{Narrowing, Source, SourceSlug};
use crate::render::{Payload, Template};
use values::{decode_key, read_allow_private, read_file, read_name, read_narrowing, refuse, shown_keys, take_topic};

/// Name of the table in a file.
pub(super) const TABLE: &str = "webhook";
/// All keys except those of [`Narrowing`].
const KEYS: [&str; 15] = [
    "name",
    "url",
    "url_file",
    "url_env",
    "format",
    "template",
    "template_file",
    "secret",
    "secret_file",
    "secret_env",
    "token",
    "token_file",
    "token_env",
    "source",
    "allow_private",
];
/// Most webhooks; each waits for its receiver separately.
const MAX_WEBHOOKS: usize = 32;
const SECRET_HELP: &str =
    "expected 24 to 64 bytes in base64, such as `openssl rand -base64 32` prints, with or without whsec_ before it";

/// A recipient of edits.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Unique name, a slug. The store keeps the delivery state under it.
    pub name: String,
    /// Its address, which is often a secret itself.
    pub url: Secret<Url>,
    /// Format of the messages.
    pub payload: Payload,
    /// Topic of ntfy messages; empty for other formats.
    pub topic: String,
    /// Key that signs the messages.
    pub key: Option<Secret<Vec<u8>>>,
    /// Token that is sent as `Authorization: Bearer`.
    pub token: Option<Secret<String>>,
    /// Only edits of these sources; all if empty.
    pub sources: Vec<SourceSlug>,
    /// Only edits that this filter accepts.
    pub narrowing: Narrowing,
    /// Whether its address may be private.
    pub allow_private: bool,
}

/// Collects webhooks.
pub(super) struct Gathering<'a> {
    pub(super) fetch: Option<&'a Fetch>,
    pub(super) sources: &'a [Source],
    pub(super) environment: &'a [(String, String)],
    /// The webhooks collected so far, each with its output in `config show`.
    pub(super) found: Vec<(Webhook, Shown)>,
}

/// A webhook as written in the file.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) place: Place,
    /// Its keys, without the secret ones.
    pub(super) keys: Vec<(String, Value)>,
    /// Names of the secret keys.
    pub(super) kept_back: Vec<String>,
}

impl Gathering<'_> {
    /// Adds the webhooks of a file.
    pub(super) fn add_file(&mut self, file: &Table, problems: &mut Problems) {
        let Some(value) = file.get(TABLE) else { return };
        let Value::List(list) = &value.value else {
            let help = "write [[webhook]] with two brackets: there can be many".to_owned();
            problems.add(&value.place, "webhook: expected a list", Some(help));
            return;
        };
        for entry in list {
            if let Value::Table(table) = &entry.value {
                self.add_table(table, &entry.place, problems);
            } else {
                problems.add(&entry.place, format!("webhook: expected a table, found {}", entry.value.kind()), None);
            }
        }
    }

    fn add_table(&mut self, table: &Table, place: &Place, problems: &mut Problems) {
        let names: Vec<String> = KEYS.into_iter().chain(Narrowing::NAMES).map(str::to_owned).collect();
        for (key, _) in table.0.iter().filter(|(key, _)| !names.contains(&key.value)) {
            let help = suggest_name(&key.value, &names);
            problems.add(&key.place, format!("unknown key {:?} in [[webhook]]", key.value), Some(help));
        }
        let Some(webhook) = self.webhook(table, place, problems) else { return };
        if let Some((_, first)) = self.found.iter().find(|(other, _)| other.name == webhook.name) {
            let what = format!("the name {:?} is taken: first at {}", webhook.name, first.place.origin());
            problems.add(place, what, Some("give one of the webhooks another name".to_owned()));
        } else if self.found.len() == MAX_WEBHOOKS {
            problems.add(place, format!("more than {MAX_WEBHOOKS} webhooks"), None);
        } else {
            self.found.push((webhook, shown_keys(table, place)));
        }
    }

    fn webhook(&self, table: &Table, place: &Place, problems: &mut Problems) -> Option<Webhook> {
        let payload = self.payload(table, place, problems);
        let name = read_name(table, place, problems);
        let url = self.url(table, place, problems);
        let key = self.secret("secret", table, place, problems);
        let key = key.map(|text| {
            decode_key(&text.value).or_else(|| refuse(&text.place, problems, "secret: is not a key", SECRET_HELP))
        });
        let token = self.secret("token", table, place, problems).map(|text| Secret::new(text.value));
        let narrowing = read_narrowing(table, problems);
        let sources = self.sources(table, problems);
        let allow_private = read_allow_private(table, problems);
        let (payload, Placed { value: mut url, place: at }) = (payload?, url?);
        if let Some((why, _)) = self.fetch.filter(|_| !allow_private).and_then(|fetch| find_refusal(fetch, &url)) {
            let why = why.replace(url.as_str(), "webhook: its url");
            problems.add(
                &at,
                why,
                Some("if this is intended, set allow_private = true in this [[webhook]]".to_owned()),
            );
        }
        let topic = if payload == Payload::Ntfy { take_topic(&mut url) } else { String::new() };
        if payload == Payload::Ntfy && topic.is_empty() {
            let help = "end its url with one: https://ntfy.sh/TOPIC".to_owned();
            problems.add(&at, "webhook: ntfy needs a topic", Some(help));
        }
        let (url, key) = (Secret::new(url), key.map_or(Some(None), |key| key.map(|key| Some(Secret::new(key)))));
        Some(Webhook { name: name?, url, payload, topic, key: key?, token, sources, narrowing, allow_private })
    }

    /// Reads a secret and its place. It may be written directly, in a file, or in an environment variable, but only
    /// in one of these ways.
    fn secret(&self, key: &str, table: &Table, place: &Place, problems: &mut Problems) -> Option<Placed<String>> {
        let ways = ["", "_file", "_env"].map(|ending| (ending, table.get(&format!("{key}{ending}"))));
        let given: Vec<_> = ways.into_iter().filter_map(|(ending, value)| Some((ending, value?))).collect();
        let [(ending, value)] = given[..] else {
            if given.len() > 1 {
                problems.add(
                    place,
                    format!("webhook: {key} is given twice"),
                    Some(format!("keep one of {key}, {key}_file, {key}_env")),
                );
            }
            return None;
        };
        let place = value.place.clone().unshown();
        let Value::Text(text) = &value.value else {
            return refuse(&place, problems, &format!("{key}{ending}: expected a text in quotation marks"), "");
        };
        let found = match ending {
            "_file" => read_file(text).map_err(|error| format!("{key}_file {text:?} cannot be read: {error}")),
            "_env" => self.variable(text).ok_or_else(|| format!("{key}_env: there is no variable {text}")),
            _ => Ok(text.clone()),
        };
        match found.map(|text| text.trim().to_owned()) {
            Ok(text) if text.is_empty() => refuse(&place, problems, &format!("{key}{ending}: is empty"), ""),
            Ok(value) => Some(Placed { value, place }),
            Err(why) => refuse(&place, problems, &why, ""),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.environment.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    fn url(&self, table: &Table, place: &Place, problems: &mut Problems) -> Option<Placed<Url>> {
        if !["url", "url_file", "url_env"].iter().any(|key| table.get(key).is_some()) {
            return refuse(place, problems, "webhook: has no url", "add url, url_file or url_env");
        }
        let Placed { value, place } = self.secret("url", table, place, problems)?;
        // The message names only the problem, because the address may be a secret.
        match web_address(&value) {
            Ok(value) => Some(Placed { value, place }),
            Err(why) => refuse(&place, problems, &format!("url: {why}"), ""),
        }
    }

    fn payload(&self, table: &Table, place: &Place, problems: &mut Problems) -> Option<Payload> {
        let names = Payload::NAMED.map(|(name, _)| name).join(", ");
        let written = self.secret("template", table, place, problems);
        let has_template = table.get("template").is_some() || table.get("template_file").is_some();
        match (table.get("format"), written) {
            (Some(format), _) if has_template => {
                refuse(&format.place, problems, "webhook: has a format and a template", "keep one of them")
            }
            (Some(format), _) => {
                let named = Payload::NAMED
                    .into_iter()
                    .find(|(name, _)| matches!(&format.value, Value::Text(text) if text == name));
                named.map(|(_, payload)| payload).or_else(|| {
                    refuse(
                        &format.place,
                        problems,
                        "format: is not known",
                        &format!("expected one of {names}, or a template"),
                    )
                })
            }
            (None, Some(text)) => match Template::parse(&text.value) {
                Ok(template) => Some(Payload::Free(template)),
                Err(why) => refuse(&text.place, problems, &format!("template {why}"), ""),
            },
            (None, None) if has_template => None,
            (None, None) => Some(Payload::Entry),
        }
    }

    /// Reads the sources that it is limited to. Each must be configured.
    fn sources(&self, table: &Table, problems: &mut Problems) -> Vec<SourceSlug> {
        let Some(value) = table.get("source") else { return Vec::new() };
        let known: Vec<String> = self.sources.iter().map(|source| source.slug.to_string()).collect();
        let mut slugs = Vec::new();
        for text in (Taker { problems }).texts("source", value) {
            if let Some(slug) = self.sources.iter().map(|source| &source.slug).find(|slug| slug.as_str() == text.value)
            {
                slugs.push(slug.clone());
            } else {
                let what = format!("source: no source has the slug {:?}", text.value);
                problems.add(&text.place, what, Some(suggest_name(&text.value, &known)));
            }
        }
        slugs
    }
}
