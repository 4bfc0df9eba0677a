//! One HTTP body of an article.

use url::Url;

/// A page as it was answered, decoded to text.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Where it came from, after redirects.
    pub url: Url,
    /// Its HTML.
    pub html: String,
}
