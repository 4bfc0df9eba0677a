//! A body, whole and within the limit, or trouble. Never a part of one.

use reqwest::Response;
use reqwest::header::{self, HeaderMap};

use super::{failure, head};
use crate::model::Trouble;

/// Reads the body of `response`, decompressed, up to `limit` bytes.
///
/// # Errors
/// The trouble that kept it from being whole.
pub(super) async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, Trouble> {
    check_coding(response.headers())?;
    if response.content_length().is_some_and(|announced| announced > limit as u64) {
        return Err(Trouble::TooLarge(limit));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure::within_body(&error))? {
        if bytes.len() + chunk.len() > limit {
            return Err(Trouble::TooLarge(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The client takes off one known coding and its header with it. What is still there was not decoded: two layers, or a
/// coding that nobody asked for.
fn check_coding(headers: &HeaderMap) -> Result<(), Trouble> {
    match head::text(headers, header::CONTENT_ENCODING).map(str::trim) {
        None if !headers.contains_key(header::CONTENT_ENCODING) => Ok(()),
        Some(coding) if coding.is_empty() || coding.eq_ignore_ascii_case("identity") => Ok(()),
        coding => Err(Trouble::Broken(format!("it is coded as {:?}, which we did not ask for", coding.unwrap_or("?")))),
    }
}
