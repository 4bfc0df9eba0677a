//! Reads the body of a response: complete and within its limit, or not at all. Only of a `robots.txt` is a part enough.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use reqwest::Response;
use reqwest::header::{self, HeaderMap};

use super::{failure, head};
use crate::model::{Fact, Trouble};

/// First bytes of every gzip file (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads and decompresses the whole body of `response`.
///
/// # Errors
/// [`Trouble::TooLarge`] if it has more than `limit` bytes; otherwise the trouble that cut it short.
pub(super) async fn read_whole(mut response: Response, limit: usize) -> Result<Vec<u8>, Trouble> {
    check_coding(response.headers())?;
    // Saves the transfer. The announced length may be missing or wrong, so the loop counts as well.
    if response.content_length().is_some_and(|announced| announced > limit as u64) {
        return Err(Trouble::TooLarge(limit));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure::trouble_within_body(&error))? {
        if bytes.len() + chunk.len() > limit {
            return Err(Trouble::TooLarge(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Reads and decompresses the body of `response` until there are more than `enough` bytes. For `robots.txt`, whose
/// beginning counts however long the file is (RFC 9309, 2.5).
///
/// # Errors
/// The trouble that cut the beginning short.
pub(super) async fn read_start(mut response: Response, enough: usize) -> Result<Vec<u8>, Trouble> {
    check_coding(response.headers())?;
    let mut bytes = Vec::new();
    while bytes.len() <= enough
        && let Some(chunk) = response.chunk().await.map_err(|error| failure::trouble_within_body(&error))?
    {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Unpacks a gzip file (such as `sitemap.xml.gz`, sent as it is on disk) of up to `limit` bytes. Other bytes are
/// returned unchanged.
///
/// # Errors
/// [`Trouble::TooLarge`] if there are more than `limit` bytes; [`Trouble::Broken`] if the gzip data is damaged.
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

/// Fails if the body is still compressed. The client undoes one coding that it knows and then removes the header; a
/// header that is left means two layers, or a coding that we did not ask for.
fn check_coding(headers: &HeaderMap) -> Result<(), Trouble> {
    match head::header_text(headers, header::CONTENT_ENCODING).map(str::trim) {
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
