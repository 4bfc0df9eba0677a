//! Tokens and secrets of subscriptions, and signatures made with the secrets.

use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

/// Bytes of a token: too many to guess.
const TOKEN_BYTES: usize = 16;
/// Bytes of a secret: the length of a SHA-256 hash.
const SECRET_BYTES: usize = 32;

/// Signature methods that hubs use. Older hubs sign with SHA-1. As HMAC it is still secure, and a notification only
/// triggers a poll.
const METHODS: [(&str, &hmac::Algorithm); 4] = [
    ("sha256", &hmac::HMAC_SHA256),
    ("sha384", &hmac::HMAC_SHA384),
    ("sha512", &hmac::HMAC_SHA512),
    ("sha1", &hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
];

/// A new token and a new secret, in hexadecimal. `None` if the system provides no random bytes.
pub(super) fn new_token_and_secret() -> Option<(String, String)> {
    Some((random_hex(TOKEN_BYTES)?, random_hex(SECRET_BYTES)?))
}

fn random_hex(count: usize) -> Option<String> {
    let mut bytes = vec![0; count];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether two tokens are equal, compared in constant time.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, one.as_bytes());
    let mine = hmac::sign(&key, one.as_bytes());
    hmac::verify(&key, other.as_bytes(), mine.as_ref()).is_ok()
}

/// Verifies the signature of a body that arrives in pieces.
pub struct Signed {
    key: hmac::Key,
    context: hmac::Context,
    claimed: Vec<u8>,
}

impl Signed {
    /// Starts with the signature in `header` (`X-Hub-Signature: METHOD=HEX`). `None` if the header has another form.
    #[must_use]
    pub fn claimed(secret: &str, header: &str) -> Option<Self> {
        let (method, hex) = header.trim().split_once('=')?;
        let (_, algorithm) = METHODS.into_iter().find(|(name, _)| method.eq_ignore_ascii_case(name))?;
        let claimed = decode_hex(hex)?;
        let key = hmac::Key::new(*algorithm, secret.as_bytes());
        Some(Self { context: hmac::Context::with_key(&key), key, claimed })
    }

    /// Adds the next piece of the body.
    pub fn take(&mut self, piece: &[u8]) {
        self.context.update(piece);
    }

    /// Whether the signature matches the body, compared in constant time.
    #[must_use]
    pub fn is_right(self) -> bool {
        let tag = self.context.sign();
        // `ring` compares in constant time only inside `verify`, so both signatures are signed once more and compared
        // there.
        let mine = hmac::sign(&self.key, tag.as_ref());
        hmac::verify(&self.key, &self.claimed, mine.as_ref()).is_ok()
    }
}

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|digit| digit.to_digit(16).map(|value| value as u8)).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_right(secret: &str, header: &str, body: &[u8]) -> bool {
        Signed::claimed(secret, header).is_some_and(|mut signed| {
            body.chunks(7).for_each(|piece| signed.take(piece));
            signed.is_right()
        })
    }

    #[test]
    fn signatures_of_the_standards_examples_are_right_and_others_wrong() {
        // RFC 4231, test case 2, and the corresponding one of RFC 2202.
        let (secret, body) = ("Jefe", b"what do ya want for nothing?");
        let sha256 = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert!(is_right(secret, sha256, body));
        assert!(is_right(secret, &sha256.to_uppercase(), body));
        assert!(is_right(secret, "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", body));
        assert!(!is_right("jefe", sha256, body) && !is_right(secret, sha256, b"what"));
        for wrong in ["", "sha256=", "sha256=5b", "md5=750c783e6ab0b503eaa86e310a5db738", "sha256=xyz", "5bdcc1"] {
            assert!(!is_right(secret, wrong, body), "{wrong}");
        }
    }

    #[test]
    fn tokens_are_long_and_never_the_same() {
        let (token, secret) = new_token_and_secret().unwrap();
        assert_eq!((token.len(), secret.len()), (32, 64));
        assert!(same(&token, &token) && !same(&token, &new_token_and_secret().unwrap().0) && !same(&token, ""));
    }
}
