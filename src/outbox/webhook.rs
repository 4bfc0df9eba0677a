//! Sends one edit to a webhook, signed according to Standard Webhooks (<https://www.standardwebhooks.com>).
//!
//! Not with GitHub's `X-Hub-Signature-256`, because Standard Webhooks also signs the time and the id: a recorded
//! delivery cannot be replayed later, and the id that identifies duplicates cannot be changed. Libraries exist for a
//! dozen languages.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use ring::hmac;

use crate::config::{Secret, Webhook};
use crate::fetch::{Parcel, Unsent, Web};
use crate::model::{Digest, Edit, Site};
use crate::render::address;

/// Time limit of a receiver. Receivers should respond before they process an edit; most services give up after ten
/// seconds themselves.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Bytes of an id: enough that two never collide by chance.
const ID_BYTES: usize = 16;

/// Sends `edit` to `webhook`.
pub(super) async fn send(web: &Web, webhook: &Webhook, edit: &Edit, site: &Site, now: Timestamp) -> Result<(), Unsent> {
    let sent = web.send(&build_parcel(webhook, edit, site, now), now).await;
    sent.map_err(|unsent| Unsent { words: without_secrets(webhook, unsent.words), ..unsent })
}

fn build_parcel<'a>(webhook: &'a Webhook, edit: &Edit, site: &Site, now: Timestamp) -> Parcel<'a> {
    let body = webhook.payload.of(edit, site, &webhook.topic).to_string().into_bytes();
    let (id, at) = (delivery_id(edit, site), now.as_second().to_string());
    let mut headers = vec![
        ("content-type", "application/json".to_owned()),
        ("webhook-id", id.clone()),
        ("webhook-timestamp", at.clone()),
        // Some services, such as Mastodon, know this header instead of `webhook-id`.
        ("idempotency-key", id.clone()),
    ];
    if let Some(key) = &webhook.key {
        headers.push(("webhook-signature", sign(key, &id, &at, &body)));
    }
    if let Some(token) = &webhook.token {
        headers.push(("authorization", format!("Bearer {}", token.reveal())));
    }
    Parcel { url: webhook.url.reveal(), headers, body: Some(body), timeout: TIMEOUT }
}

/// The id of the delivery of an edit, derived from the edit's own id, so that it is equal in each attempt. Contains no
/// `.`, which separates the signed parts.
fn delivery_id(edit: &Edit, site: &Site) -> String {
    let digest = Digest::of(address::edit_id(site, edit.article, edit.number).as_bytes());
    let hex: String = digest.to_string().chars().take(2 * ID_BYTES).collect();
    format!("edit_{hex}")
}

fn sign(key: &Secret<Vec<u8>>, id: &str, at: &str, body: &[u8]) -> String {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key.reveal()));
    context.update(format!("{id}.{at}.").as_bytes());
    context.update(body);
    format!("v1,{}", BASE64_STANDARD.encode(context.sign()))
}

/// The receiver's message without our secrets, which it may have echoed.
fn without_secrets(webhook: &Webhook, words: String) -> String {
    let url = webhook.url.reveal();
    let parts =
        url.path().split('/').chain(url.query()).chain(webhook.token.as_ref().map(|token| token.reveal().as_str()));
    // Shorter parts of a path are ordinary words such as `api`.
    parts.filter(|part| part.len() >= 8).fold(words, |words, part| words.replace(part, "…"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_standards_example() {
        // Test vector of the libraries at https://github.com/standard-webhooks/standard-webhooks.
        let key = BASE64_STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let body = br#"{"test": 2432232314}"#;
        let signed = sign(&Secret::new(key), "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
