//! The web: one address asked, one answer back. Follows redirects by hand so that every hop is guarded, reads bodies within
//! limits, and says all trouble as a value. Holds no opinions about when to ask: that is for `poll`, `check` and
//! `schedule`. Keeps no cookies, sends no referrer, and takes no proxy from the environment.

mod body;
mod cidr;
mod failure;
mod guard;
mod head;
mod lookup;
mod page;
mod parcel;
mod settings;
#[cfg(test)]
mod tests;
mod tls;
mod trail;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Client, Response, StatusCode, redirect};
use url::Url;

pub use body::unpack;
pub use cidr::{BadCidr, Cidr};
pub use guard::{check as check_address, may_connect};
pub use head::retry_after;
pub use page::decode;
pub use parcel::{Parcel, Unsent};
pub use settings::Settings;

use crate::model::{Answer, ErrorPage, Reply, Trouble, Validators};
use crate::robots;
use head::Head;
use trail::{Trail, redirected};

/// How long an idle connection is kept for the next request to its host: two spacings. Longer, and the open files of a minute's
/// hosts add up.
const IDLE: Duration = Duration::from_secs(5);

/// Largest header block of an HTTP/2 answer, in bytes.
const MAX_HEAD_BYTES: u32 = 64 << 10;

/// As much of a refusal as is read, in bytes: what is wrong is said first.
const MAX_REFUSAL_BYTES: usize = 2 << 10;

/// Most bytes of an error page that are read, decompressed: its message comes before the links that it offers.
const MAX_ERROR_PAGE_BYTES: usize = 512 << 10;

/// Longest time for reading one.
const ERROR_PAGE_TIMEOUT: Duration = Duration::from_secs(5);

/// Most headers of an HTTP/1 answer.
const MAX_HEADERS: usize = 128;

/// What an address is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// A source's feed.
    Feed,
    /// An article's page. A body declared as anything else is not read.
    Page,
    /// A site's `robots.txt`, whatever it is declared as.
    Robots,
}

impl Want {
    fn accept(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Feed => {
                "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, \
                 application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1"
            }
            Self::Robots => "text/plain, */*;q=0.1",
            Self::Page => "text/html, application/xhtml+xml, */*;q=0.1",
        })
    }
}

/// Whether a redirect may be followed to an address, as far as its site is concerned; else the trouble.
pub type Leave<'a> = &'a (dyn Fn(&Url) -> BoxFuture<'a, Result<(), Trouble>> + Send + Sync);

/// Why no [`Web`] can be made of [`Settings`].
#[derive(Debug, thiserror::Error)]
pub enum BadSettings {
    /// The file of certificate authorities.
    #[error("fetch.ca_file {0:?} cannot be used: {1}")]
    CaFile(PathBuf, String),
    /// The proxy.
    #[error("fetch.proxy {0} cannot be used: {1}")]
    Proxy(Url, String),
    /// Anything else; the contact in `User-Agent`, or TLS itself.
    #[error("no HTTP client: {0}")]
    Client(String),
}

/// Asks the web. Cheap to clone; all clones share their connections.
#[derive(Clone, Debug)]
pub struct Web {
    client: Client,
    allowed: Arc<[Cidr]>,
    max_page_bytes: usize,
    max_feed_bytes: usize,
    max_redirects: usize,
    total_timeout: Duration,
}

impl Web {
    /// A web to ask, within `settings`.
    ///
    /// # Errors
    /// When the certificate file, the proxy or the contact cannot be used.
    pub fn new(settings: &Settings) -> Result<Self, BadSettings> {
        let allowed: Arc<[Cidr]> = settings.allow_private.clone().into();
        Ok(Self {
            client: client(settings, &allowed)?,
            allowed,
            max_page_bytes: settings.max_page_bytes,
            max_feed_bytes: settings.max_feed_bytes,
            max_redirects: settings.max_redirects,
            total_timeout: settings.total_timeout,
        })
    }

    /// One that may also ask addresses that are not public, within `settings` otherwise: for addresses that the operator wrote, never
    /// for those of strangers.
    ///
    /// # Errors
    /// As [`Web::new`].
    pub fn anywhere(settings: &Settings) -> Result<Self, BadSettings> {
        Self::new(&Settings { allow_private: Cidr::ALL.to_vec(), ..settings.clone() })
    }

    /// Asks `url` for `want`, conditionally where there are `validators`. `now` is what dates in headers count from.
    ///
    /// Never fails: trouble is an answer. The validators of trouble are those sent, so that keeping them forgets nothing.
    pub async fn get(&self, url: &Url, validators: &Validators, want: Want, now: Timestamp) -> Answer {
        self.get_by(url, validators, want, now, &|_| Box::pin(std::future::ready(Ok(())))).await
    }

    /// The same, and a redirect is followed only where `leave` gives it for the address that it leads to.
    pub async fn get_by<'a>(
        &self,
        url: &Url,
        validators: &'a Validators,
        want: Want,
        now: Timestamp,
        leave: Leave<'a>,
    ) -> Answer {
        let started = Instant::now();
        let mut trail = Trail::from(url);
        let asked = Asked { validators, want, now, leave };
        let came = tokio::time::timeout(self.total_timeout, self.follow(&mut trail, &asked)).await;
        let trouble = |trouble| (Reply::Trouble(trouble), asked.keeping(Head::default()), None);
        let (reply, head, shown) = match came {
            Ok(Ok(finished)) => finished,
            Ok(Err(why)) => trouble(why),
            Err(_) => trouble(Trouble::Timeout("the whole fetch")),
        };
        // In a time of its own: that the page is not there is known already.
        let error_page = match shown {
            Some(shown) => tokio::time::timeout(ERROR_PAGE_TIMEOUT, error_page(shown)).await.ok().flatten(),
            None => None,
        };
        let address = |link: &Option<String>| {
            trail.hop.join(link.as_ref()?).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
        };
        let (hub, own) = (address(&head.hub), address(&head.own));
        Answer {
            reply,
            url: trail.hop,
            moved: trail.moved,
            validators: head.validators,
            fresh_for: head.fresh_for,
            retry_after: head.retry_after,
            hub,
            own,
            error_page,
            took: SignedDuration::try_from(started.elapsed()).unwrap_or(SignedDuration::MAX),
        }
    }

    /// Sends `parcel` at `now`; what is answered to one that is accepted is not read.
    ///
    /// # Errors
    /// What kept it from being accepted: anything but a 2xx, in time. Redirects are not followed.
    pub async fn send(&self, parcel: &Parcel<'_>, now: Timestamp) -> Result<(), Unsent> {
        guard::check(parcel.url, &self.allowed)?;
        let sent = tokio::time::timeout(parcel.timeout, self.deliver(parcel, now)).await;
        sent.unwrap_or_else(|_| Err(Trouble::Timeout("waiting for it to be taken").into()))
    }

    async fn deliver(&self, parcel: &Parcel<'_>, now: Timestamp) -> Result<(), Unsent> {
        let request = match &parcel.body {
            Some(body) => self.client.post(parcel.url.clone()).body(body.clone()),
            None => self.client.get(parcel.url.clone()),
        };
        let response = request.headers(parcel.header_map()).send().await;
        let mut response = response.map_err(|error| Unsent::from(failure::before_body(&error)))?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let mut body = Vec::new();
        while body.len() < MAX_REFUSAL_BYTES
            && let Ok(Some(chunk)) = response.chunk().await
        {
            body.extend_from_slice(&chunk);
        }
        body.truncate(MAX_REFUSAL_BYTES);
        let retry_after = head::text(response.headers(), header::RETRY_AFTER);
        let retry_after = retry_after.and_then(|value| head::retry_after(value, now));
        Err(Unsent { trouble: refusal(status), retry_after, words: parcel::words(&body) })
    }

    /// Follows redirects along `trail`, which is left at the address that answered.
    async fn follow(&self, trail: &mut Trail, asked: &Asked<'_>) -> Result<Finished, Trouble> {
        guard::check(&trail.hop, &self.allowed)?;
        loop {
            let request = self.client.get(trail.hop.clone()).headers(asked.headers(&trail.hop));
            let response = request.send().await.map_err(|error| failure::before_body(&error))?;
            let Some(next) = redirected(&response, &trail.hop)? else {
                return Ok(self.finish(response, &trail.hop, asked).await);
            };
            trail.go_on(next, response.status(), self.max_redirects)?;
            guard::check(&trail.hop, &self.allowed)?;
            (asked.leave)(&trail.hop).await?;
        }
    }

    /// Makes a reply of the answer at the end of the redirects.
    async fn finish(&self, response: Response, hop: &Url, asked: &Asked<'_>) -> Finished {
        let mut head = Head::of(response.headers(), asked.now);
        head.validators.of = Some(hop.clone());
        match response.status() {
            StatusCode::OK => match self.content(response, asked.want).await {
                Ok(reply) => (reply, head, None),
                Err(trouble) => (Reply::Trouble(trouble), asked.keeping(head), None),
            },
            StatusCode::NOT_MODIFIED if asked.validators.fit(hop) => {
                let renewed = Validators {
                    etag: head.validators.etag.clone().or_else(|| asked.validators.etag.clone()),
                    last_modified: head
                        .validators
                        .last_modified
                        .clone()
                        .or_else(|| asked.validators.last_modified.clone()),
                    of: head.validators.of.clone(),
                };
                (Reply::NotModified, Head { validators: renewed, ..head }, None)
            }
            status => {
                let trouble = refusal(status);
                let shows_page = asked.want == Want::Page && matches!(trouble, Trouble::Gone(_));
                (Reply::Trouble(trouble), asked.keeping(head), Some(response).filter(|_| shows_page))
            }
        }
    }

    async fn content(&self, response: Response, want: Want) -> Result<Reply, Trouble> {
        let content_type = head::text(response.headers(), header::CONTENT_TYPE).map(str::to_owned);
        if want == Want::Page {
            page::check_type(content_type.as_deref())?;
        }
        let bytes = match want {
            Want::Page => body::read(response, self.max_page_bytes).await?,
            Want::Feed => body::unpack(body::read(response, self.max_feed_bytes).await?, self.max_feed_bytes)?,
            Want::Robots => body::start(response, robots::MAX_BYTES).await?,
        };
        Ok(Reply::Body { bytes, content_type })
    }
}

/// What came of one request: the reply, what its head says, and the answer whose body is an error page that is still to be read.
type Finished = (Reply, Head, Option<Response>);

/// The body of an answer such as 404, if it is HTML and can be read.
async fn error_page(response: Response) -> Option<ErrorPage> {
    let content_type = head::text(response.headers(), header::CONTENT_TYPE).map(str::to_owned);
    page::check_type(content_type.as_deref()).ok()?;
    let mut bytes = body::start(response, MAX_ERROR_PAGE_BYTES).await.ok()?;
    bytes.truncate(MAX_ERROR_PAGE_BYTES);
    Some(ErrorPage { bytes, content_type })
}

/// One question, the same at every hop.
struct Asked<'a> {
    validators: &'a Validators,
    want: Want,
    now: Timestamp,
    leave: Leave<'a>,
}

impl Asked<'_> {
    /// The headers of a request to `hop`: conditional only where the validators are its own.
    fn headers(&self, hop: &Url) -> HeaderMap {
        let mut headers = HeaderMap::from_iter([(header::ACCEPT, self.want.accept())]);
        if !self.validators.fit(hop) {
            return headers;
        }
        for (name, value) in [
            (header::IF_NONE_MATCH, &self.validators.etag),
            (header::IF_MODIFIED_SINCE, &self.validators.last_modified),
        ] {
            if let Some(value) = value.as_deref().and_then(|text| HeaderValue::from_bytes(text.as_bytes()).ok()) {
                headers.insert(name, value);
            }
        }
        headers
    }

    /// `head` with the validators that were sent.
    fn keeping(&self, mut head: Head) -> Head {
        head.validators.clone_from(self.validators);
        head
    }
}

fn client(settings: &Settings, allowed: &Arc<[Cidr]>) -> Result<Client, BadSettings> {
    let proxy_host = settings.proxy.as_ref().and_then(Url::host_str).map(str::to_owned);
    let lookup = lookup::Lookup::new(allowed.clone(), settings.lookup_timeout, proxy_host);
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls::config(settings.ca_file.as_deref())?)
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .dns_resolver(lookup)
        .user_agent(user_agent(settings.contact.as_deref()))
        // The client counts the look-up as part of connecting.
        .connect_timeout(settings.lookup_timeout + settings.connect_timeout)
        .read_timeout(settings.read_timeout)
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(1)
        .http1_max_headers(MAX_HEADERS)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http2_max_header_list_size(MAX_HEAD_BYTES);
    if let Some(url) = &settings.proxy {
        let proxy =
            reqwest::Proxy::all(url.clone()).map_err(|error| BadSettings::Proxy(url.clone(), error.to_string()))?;
        builder = builder.proxy(proxy);
    }
    builder.build().map_err(|error| BadSettings::Client(error.to_string()))
}

fn user_agent(contact: Option<&str>) -> String {
    let name = concat!("redraft/", env!("CARGO_PKG_VERSION"));
    contact.map_or_else(|| name.to_owned(), |contact| format!("{name} (+{contact})"))
}

/// What a status without content means.
fn refusal(status: StatusCode) -> Trouble {
    let status = status.as_u16();
    match status {
        404 | 410 => Trouble::Gone(status),
        401..=403 | 407 | 451 => Trouble::Refused(status),
        429 | 503 => Trouble::Busy(status),
        500..=599 => Trouble::ServerError(status),
        _ => Trouble::UnexpectedStatus(status),
    }
}
