//! Reading the argument of `inspect`: a file, an address or standard input.

use std::fs::File;
use std::io::{self, Read};

use anyhow::{Context, bail};
use redraft::clock::Clock;
use redraft::config::Config;
use redraft::fetch::{Want, Web, decode};
use redraft::model::{Page, Reply, Trouble, Validators};
use url::Url;

/// Largest file in bytes.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// Content that was read.
pub(super) struct Found {
    /// All bytes.
    pub(super) bytes: Vec<u8>,
    /// The content type, if a server sent one.
    pub(super) content_type: Option<String>,
    /// Its address, if it has one.
    pub(super) url: Option<Url>,
}

/// Reads an argument: an address if it begins with a scheme, `-` for standard input, otherwise a file. Errors do not
/// repeat the argument.
pub(super) fn read_argument(argument: &str, want: Want, config: &Config) -> anyhow::Result<Found> {
    if argument.starts_with("http://") || argument.starts_with("https://") {
        return fetch_address(&Url::parse(argument).context("not an address")?, want, config);
    }
    let bytes = if argument == "-" { read_limited(io::stdin().lock()) } else { read_file(argument) };
    Ok(Found { bytes: bytes.context("cannot read")?, content_type: None, url: None })
}

/// Reads a file.
pub(super) fn read_file(path: &str) -> io::Result<Vec<u8>> {
    read_limited(File::open(path)?)
}

/// Decodes bytes as the page of this address, within the daemon's size limit.
///
/// # Errors
/// The trouble that the daemon would report.
pub(super) fn decode_page(
    bytes: &[u8],
    content_type: Option<&str>,
    url: &Url,
    config: &Config,
) -> Result<Page, Trouble> {
    within_limit(bytes.len(), config)?;
    decode(bytes, content_type, url)
}

/// Refuses a page that is too large for the daemon.
pub(super) fn within_limit(bytes: usize, config: &Config) -> Result<(), Trouble> {
    let limit = config.fetch.web.max_page_bytes;
    if bytes > limit { Err(Trouble::TooLarge(limit)) } else { Ok(()) }
}

fn read_limited(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(io::Error::other(format!("more than {MAX_FILE_BYTES} bytes")));
    }
    Ok(bytes)
}

/// Fetches an address the way the daemon does.
fn fetch_address(url: &Url, want: Want, config: &Config) -> anyhow::Result<Found> {
    let web = Web::new(&config.fetch.web).context("cannot set up the HTTP client")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let answer = runtime.block_on(web.get(url, &Validators::default(), want, Clock::System.now()));
    match answer.reply {
        Reply::Body { bytes, content_type } => Ok(Found { bytes, content_type, url: Some(answer.url) }),
        Reply::NotModified => bail!("answered 304 Not Modified to a first request"),
        Reply::Trouble(trouble) => bail!("{trouble}"),
    }
}
