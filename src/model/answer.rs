//! What the web said to one request. A site's trouble is data, never an `Err`.

use super::{Fact, Value};
use std::fmt;

use jiff::SignedDuration;
use url::Url;

/// What makes a request conditional: sent back byte for byte as they were received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`, for `If-None-Match`.
    pub etag: Option<String>,
    /// `Last-Modified`, for `If-Modified-Since`.
    pub last_modified: Option<String>,
    /// The address that answered with them, after redirects: only it is sent them. None, of those kept by earlier releases:
    /// whoever is asked.
    pub of: Option<Url>,
}

impl Validators {
    /// Whether a request to this address can be made conditional by them.
    #[must_use]
    pub fn fit(&self, url: &Url) -> bool {
        let any = self.etag.is_some() || self.last_modified.is_some();
        any && self.of.as_ref().is_none_or(|of| of == url)
    }
}

/// The answer to one request, all redirects followed.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What came.
    pub reply: Reply,
    /// The address that answered, after redirects.
    pub url: Url,
    /// Where lasting redirects (301, 308) led, up to the first other one; none where the address asked did not answer so.
    pub moved: Option<Url>,
    /// The validators of this answer; those sent, where it was a 304 without its own.
    pub validators: Validators,
    /// How long the answer says that it stays fresh (`Cache-Control: max-age`, `Expires`).
    pub fresh_for: Option<SignedDuration>,
    /// How long the host asks to be left alone (`Retry-After`).
    pub retry_after: Option<SignedDuration>,
    /// The hub that tells when there is something new (`Link: rel=hub`).
    pub hub: Option<Url>,
    /// What the hub calls this address (`Link: rel=self`).
    pub own: Option<Url>,
    /// The page that the server shows along with [`Trouble::Gone`], where it shows one to somebody who asked for a page.
    pub error_page: Option<ErrorPage>,
    /// From the request to the last byte.
    pub took: SignedDuration,
}

/// The page that a server shows in place of one that is not there.
#[derive(Clone, Debug)]
pub struct ErrorPage {
    /// The beginning of it, decompressed.
    pub bytes: Vec<u8>,
    /// `Content-Type`, verbatim.
    pub content_type: Option<String>,
}

/// The three things that a request can come to.
#[derive(Clone, Debug)]
pub enum Reply {
    /// 200 with a whole body: its raw bytes and what they were declared as. `discover` and [`Answer::url`] make a feed of
    /// it, `fetch::decode` a [`super::Page`].
    Body {
        /// Decompressed bytes, within the cap.
        bytes: Vec<u8>,
        /// `Content-Type`, verbatim.
        content_type: Option<String>,
    },
    /// 304 to a conditional request.
    NotModified,
    /// Anything else.
    Trouble(Trouble),
}

/// What the web did wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// 404 or 410: the page is not there.
    Gone(u16),
    /// 401, 403, 451 and other refusals.
    Refused(u16),
    /// 429 or 503: come back later.
    Busy(u16),
    /// Any other 5xx.
    ServerError(u16),
    /// A status that promises no content (1xx, 204, 206, 3xx without a target, 4xx of other kinds).
    UnexpectedStatus(u16),
    /// An address that we must not ask: private, not http(s), with credentials. What and why.
    Forbidden(Fact),
    /// Too many redirects, a loop, a bad target.
    BadRedirect(Fact),
    /// A named phase took too long.
    Timeout(&'static str),
    /// DNS, connection, TLS, protocol: what failed.
    Unreachable(Fact),
    /// Body larger than the limit, in bytes.
    TooLarge(usize),
    /// Body cut short or undecodable: how.
    Broken(Fact),
    /// Not what we came for: its content type.
    NotHtml(String),
    /// A page that is no article: consent wall, paywall, challenge, login, soft 404, shell. What and how we know.
    NotAnArticle {
        /// Kind of page, e.g. `consent wall`.
        kind: &'static str,
        /// The words or the fact that gave it away.
        evidence: Fact,
    },
}

impl Trouble {
    /// The phrase of [`Trouble::Gone`].
    pub(super) const NOT_THERE: &'static str = "not there (HTTP {status})";
    /// The phrase of [`Trouble::NotAnArticle`].
    pub(super) const OTHER_PAGE: &'static str = "{kind}: {evidence}";

    /// [`Trouble::NotAnArticle`] that says "not found" with status 200.
    pub const SOFT_404: &'static str = "soft 404";
    /// [`Trouble::NotAnArticle`] where the site's front page answers in the article's place.
    pub const SENT_HOME: &'static str = "redirect to the home page";

    /// [`Trouble::NotAnArticle`] where one page answers for several articles: a portal, a wall, a mixed-up cache.
    pub const COMMON_PAGE: &'static str = "one page for many articles";
    /// [`Trouble::NotAnArticle`] of a page that ends before its text does.
    pub const CUT_OFF: &'static str = "page cut off";
    /// [`Trouble::NotAnArticle`] of a page that shows the beginning to those who pay nothing.
    pub const BEGINNING: &'static str = "only the beginning";
    /// [`Trouble::NotAnArticle`] of a page that says in the article's place that the article was withdrawn; the evidence quotes it.
    pub const WITHDRAWN: &'static str = "a notice in place of the article";
    /// [`Trouble::NotAnArticle`] of a short page that has nothing of the article.
    pub const ANOTHER_PAGE: &'static str = "another page in its place";

    /// Whether the article is said not to be there, in one way or another.
    #[must_use]
    pub fn says_gone(&self) -> bool {
        match self {
            Self::Gone(_) => true,
            Self::NotAnArticle { kind, .. } => [Self::SOFT_404, Self::SENT_HOME, Self::WITHDRAWN].contains(kind),
            _ => false,
        }
    }

    /// A short name that never changes, for metrics and logs.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Gone(_) => "gone",
            Self::Refused(_) => "refused",
            Self::Busy(_) => "busy",
            Self::ServerError(_) => "server_error",
            Self::UnexpectedStatus(_) => "unexpected_status",
            Self::Forbidden(_) => "forbidden_address",
            Self::BadRedirect(_) => "bad_redirect",
            Self::Timeout(_) => "timeout",
            Self::Unreachable(_) => "unreachable",
            Self::TooLarge(_) => "too_large",
            Self::Broken(_) => "broken",
            Self::NotHtml(_) => "not_html",
            Self::NotAnArticle { .. } => "not_an_article",
        }
    }
}

impl Trouble {
    /// What it is, to be put into words.
    #[must_use]
    pub fn fact(&self) -> Fact {
        match self {
            Self::Gone(status) => Fact::new(Self::NOT_THERE).with(u32::from(*status)),
            Self::Refused(status) => Fact::new("refused (HTTP {status})").with(u32::from(*status)),
            Self::Busy(status) => {
                Fact::new("busy, asked us to come back later (HTTP {status})").with(u32::from(*status))
            }
            Self::ServerError(status) => Fact::new("failed on its side (HTTP {status})").with(u32::from(*status)),
            Self::UnexpectedStatus(status) => {
                Fact::new("answered HTTP {status}, which carries no page").with(u32::from(*status))
            }
            Self::Forbidden(why) => Fact::new("not asked: {why}").with(why.clone()),
            Self::BadRedirect(why) => Fact::new("bad redirect: {why}").with(why.clone()),
            Self::Timeout(phase) => Fact::new("too slow: {phase}").with(Fact::new(phase)),
            Self::Unreachable(why) => Fact::new("unreachable: {why}").with(why.clone()),
            Self::TooLarge(limit) => Fact::new("larger than the limit of {limit} bytes").with(*limit),
            Self::Broken(why) => Fact::new("broken answer: {why}").with(why.clone()),
            Self::NotHtml(kind) => Fact::new("not a page: {kind}").with(Value::English(kind.clone())),
            Self::NotAnArticle { kind, evidence } => {
                Fact::new(Self::OTHER_PAGE).with(Fact::new(kind)).with(evidence.clone())
            }
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.fact())
    }
}
