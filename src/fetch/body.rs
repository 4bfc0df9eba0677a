//! A body, whole and within the limit, or trouble. Never a part of one, but of a `robots.txt`.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use reqwest::Response;
use reqwest::header::{self, HeaderMap};

use super::{failure, head};
use crate::model::{Fact, Trouble};

/// What gzip files begin with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

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

/// Reads the body of `response`, decompressed, until there are more than `enough` bytes: of a `robots.txt` the start counts, however
/// long it is.
///
/// # Errors
/// The trouble that kept the start from being read.
pub(super) async fn start(mut response: Response, enough: usize) -> Result<Vec<u8>, Trouble> {
    check_coding(response.headers())?;
    let mut bytes = Vec::new();
    while bytes.len() <= enough
        && let Some(chunk) = response.chunk().await.map_err(|error| failure::within_body(&error))?
    {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// What lies in a gzip file (`sitemap.xml.gz`, served as it lies on disk); other bytes as they are. Up to `limit` bytes.
///
/// # Errors
/// [`Trouble::TooLarge`], or [`Trouble::Broken`] where it begins as gzip and does not go on so.
pub fn unpack(bytes: Vec<u8>, limit: usize) -> Result<Vec<u8>, Trouble> {
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    let most = limit as u64 + 1;
    let read = MultiGzDecoder::new(&bytes[..]).take(most).read_to_end(&mut unpacked);
    read.map_err(|_| Trouble::Broken(Fact::new("a gzip file that cannot be unpacked")))?;
    if unpacked.len() > limit { Err(Trouble::TooLarge(limit)) } else { Ok(unpacked) }
}

/// The client takes off one known coding and its header with it. What is still there was not decoded: two layers, or a
/// coding that nobody asked for.
fn check_coding(headers: &HeaderMap) -> Result<(), Trouble> {
    match head::text(headers, header::CONTENT_ENCODING).map(str::trim) {
        None if !headers.contains_key(header::CONTENT_ENCODING) => Ok(()),
        Some(coding) if coding.is_empty() || coding.eq_ignore_ascii_case("identity") => Ok(()),
        coding => {
            let why = Fact::new("it is coded as {coding}, which we did not ask for").quoting(coding.unwrap_or("?"));
            Err(Trouble::Broken(why))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn gzip_files_are_unpacked_within_the_limit() {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&[b'x'; 1_000]).unwrap();
        let packed = packer.finish().unwrap();
        assert_eq!(unpack(packed.clone(), 1_000).unwrap().len(), 1_000);
        assert_eq!(unpack(packed.clone(), 999), Err(Trouble::TooLarge(999)));
        assert!(matches!(unpack(packed[..packed.len() / 2].to_vec(), 1_000), Err(Trouble::Broken(_))));
        assert_eq!(unpack(b"<rss/>".to_vec(), 1).unwrap(), b"<rss/>");
    }
}
