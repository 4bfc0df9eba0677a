//! HTTP client: requests one URL and returns one answer. Redirects are followed by hand so that every hop is checked,
//! bodies are read within limits, and every failure is returned as a value ([`Trouble`]). When to request is decided
//! elsewhere (`poll`, `check`, `schedule`). The client keeps no cookies, sends no referrer, and takes no proxy from the
//! environment.

mod body;
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
use ipnet::IpNet;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Client, Response, StatusCode, redirect};
use url::Url;

pub use body::unpack;
pub use guard::{check as check_address, may_connect, parse_network};
pub use head::retry_after;
pub use page::decode;
pub use parcel::{Parcel, Unsent};
pub use settings::Settings;

use crate::model::{Answer, ErrorPage, Reply, Trouble, Validators};
use crate::robots;
use head::Head;
use trail::{Trail, redirect_target};

/// Keep-alive time of an idle connection: two spacings of a host. With more, the open files of all hosts checked within
/// a minute add up.
const IDLE: Duration = Duration::from_secs(5);

/// Size limit of the header block of an HTTP/2 response, in bytes.
const MAX_HEAD_BYTES: u32 = 64 << 10;

/// Size limit of the body of a refusal, in bytes: the first lines say what is wrong.
const MAX_REFUSAL_BYTES: usize = 2 << 10;

/// Limit of an error page, in bytes, decompressed. Its message comes before its links and offers.
const MAX_ERROR_PAGE_BYTES: usize = 512 << 10;

/// Time limit for reading an error page.
const ERROR_PAGE_TIMEOUT: Duration = Duration::from_secs(5);

/// Limit of header lines in an HTTP/1 response.
const MAX_HEADERS: usize = 128;

/// Kind of document that is requested. It sets the `Accept` header and the size limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// The feed of a source.
    Feed,
    /// The page of an article. A body declared as anything but HTML is not read.
    Page,
    /// The `robots.txt` of a site, with any content type.
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

/// Asked before each redirect is followed, with its target: returns the trouble if the target must not be requested.
pub type Leave<'a> = &'a (dyn Fn(&Url) -> BoxFuture<'a, Result<(), Trouble>> + Send + Sync);

/// A [`Web`] cannot be built from [`Settings`].
#[derive(Debug, thiserror::Error)]
pub enum BadSettings {
    /// The file of certificate authorities cannot be read, or holds no certificate.
    #[error("fetch.ca_file {0:?} cannot be used: {1}")]
    CaFile(PathBuf, String),
    /// The proxy's address is not usable.
    #[error("fetch.proxy {0} cannot be used: {1}")]
    Proxy(Url, String),
    /// Anything else: the contact does not fit into `User-Agent`, or TLS cannot be set up.
    #[error("TLS or fetch.contact cannot be used: {0}")]
    Client(String),
}

/// The HTTP client. Cheap to clone; all clones share their connections.
#[derive(Clone, Debug)]
pub struct Web {
    client: Client,
    allowed: Arc<[IpNet]>,
    max_page_bytes: usize,
    max_feed_bytes: usize,
    max_redirects: usize,
    total_timeout: Duration,
}

impl Web {
    /// Builds a client with these `settings`.
    ///
    /// # Errors
    /// If the certificate file, the proxy or the contact cannot be used.
    pub fn new(settings: &Settings) -> Result<Self, BadSettings> {
        let allowed: Arc<[IpNet]> = settings.allow_private.clone().into();
        Ok(Self {
            client: build_client(settings, &allowed)?,
            allowed,
            max_page_bytes: settings.max_page_bytes,
            max_feed_bytes: settings.max_feed_bytes,
            max_redirects: settings.max_redirects,
            total_timeout: settings.total_timeout,
        })
    }

    /// Builds a client that may also connect to addresses that are not public; otherwise like [`Web::new`]. Only for
    /// addresses that the operator configured, never for those that a stranger wrote.
    ///
    /// # Errors
    /// As [`Web::new`].
    pub fn anywhere(settings: &Settings) -> Result<Self, BadSettings> {
        Self::new(&Settings { allow_private: guard::EVERYWHERE.to_vec(), ..settings.clone() })
    }

    /// Requests `url`, conditionally if there are `validators`. Dates in the response's headers are relative to `now`.
    ///
    /// Never fails: trouble is part of the answer. After trouble the answer carries the validators that were sent, so
    /// that a caller who stores them loses nothing.
    pub async fn get(&self, url: &Url, validators: &Validators, want: Want, now: Timestamp) -> Answer {
        self.get_by(url, validators, want, now, &|_| Box::pin(std::future::ready(Ok(())))).await
    }

    /// Like [`Web::get`], but follows a redirect only if `leave` permits its target.
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
        let trouble = |trouble| (Reply::Trouble(trouble), asked.with_sent_validators(Head::default()), None);
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

    /// Sends `parcel` at `now`. The body of a successful response is not read.
    ///
    /// # Errors
    /// [`Unsent`] for any response but 2xx, and if there is none within the parcel's timeout. Redirects are not
    /// followed.
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
        let mut response = response.map_err(|error| Unsent::from(failure::trouble_before_body(&error)))?;
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
        let retry_after = head::header_text(response.headers(), header::RETRY_AFTER);
        let retry_after = retry_after.and_then(|value| head::retry_after(value, now));
        Err(Unsent { trouble: trouble_for_status(status), retry_after, words: parcel::to_line(&body) })
    }

    /// Follows redirects. Afterwards `trail` is at the address that answered.
    async fn follow(&self, trail: &mut Trail, asked: &Asked<'_>) -> Result<Finished, Trouble> {
        guard::check(&trail.hop, &self.allowed)?;
        loop {
            let request = self.client.get(trail.hop.clone()).headers(asked.headers(&trail.hop));
            let response = request.send().await.map_err(|error| failure::trouble_before_body(&error))?;
            let Some(next) = redirect_target(&response, &trail.hop)? else {
                return Ok(self.to_reply(response, &trail.hop, asked).await);
            };
            trail.follow_redirect(next, response.status(), self.max_redirects)?;
            guard::check(&trail.hop, &self.allowed)?;
            (asked.leave)(&trail.hop).await?;
        }
    }

    /// Turns the response at the end of the redirects into a reply.
    async fn to_reply(&self, response: Response, hop: &Url, asked: &Asked<'_>) -> Finished {
        let mut head = Head::read(response.headers(), asked.now);
        head.validators.of = Some(hop.clone());
        match response.status() {
            StatusCode::OK => match self.read_content(response, asked.want).await {
                Ok(reply) => (reply, head, None),
                Err(trouble) => (Reply::Trouble(trouble), asked.with_sent_validators(head), None),
            },
            // A 304 may leave out the validators; then those that were sent are still valid.
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
                let trouble = trouble_for_status(status);
                let shows_page = asked.want == Want::Page && matches!(trouble, Trouble::Gone(_));
                (Reply::Trouble(trouble), asked.with_sent_validators(head), Some(response).filter(|_| shows_page))
            }
        }
    }

    async fn read_content(&self, response: Response, want: Want) -> Result<Reply, Trouble> {
        let content_type = head::header_text(response.headers(), header::CONTENT_TYPE).map(str::to_owned);
        if want == Want::Page {
            page::check_type(content_type.as_deref())?;
        }
        let bytes = match want {
            Want::Page => body::read_whole(response, self.max_page_bytes).await?,
            Want::Feed => body::unpack(body::read_whole(response, self.max_feed_bytes).await?, self.max_feed_bytes)?,
            Want::Robots => body::read_start(response, robots::MAX_BYTES).await?,
        };
        Ok(Reply::Body { bytes, content_type })
    }
}

/// The reply to a request, its head, and the response whose body is an error page that is still to be read.
type Finished = (Reply, Head, Option<Response>);

/// The error page of a response; `None` if it is not HTML or cannot be read.
async fn error_page(response: Response) -> Option<ErrorPage> {
    let content_type = head::header_text(response.headers(), header::CONTENT_TYPE).map(str::to_owned);
    page::check_type(content_type.as_deref()).ok()?;
    let mut bytes = body::read_start(response, MAX_ERROR_PAGE_BYTES).await.ok()?;
    bytes.truncate(MAX_ERROR_PAGE_BYTES);
    Some(ErrorPage { bytes, content_type })
}

/// One request; it stays unchanged from hop to hop.
struct Asked<'a> {
    validators: &'a Validators,
    want: Want,
    now: Timestamp,
    leave: Leave<'a>,
}

impl Asked<'_> {
    /// Headers of the request to `hop`. It is conditional only if the validators came from `hop`.
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

    /// `head` with its validators replaced by those that were sent.
    fn with_sent_validators(&self, mut head: Head) -> Head {
        head.validators.clone_from(self.validators);
        head
    }
}

fn build_client(settings: &Settings, allowed: &Arc<[IpNet]>) -> Result<Client, BadSettings> {
    let proxy_host = settings.proxy.as_ref().and_then(Url::host_str).map(str::to_owned);
    let lookup = lookup::Lookup::new(allowed.clone(), settings.lookup_timeout, proxy_host);
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls::build_config(settings.ca_file.as_deref())?)
        // `follow` handles redirects, and the callers decide about retries: they know the pauses that a host asks for.
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        // Use only a proxy from the configuration, never one from the environment.
        .no_proxy()
        .dns_resolver(lookup)
        .user_agent(user_agent(settings.contact.as_deref()))
        // reqwest counts the name look-up as part of connecting.
        .connect_timeout(settings.lookup_timeout + settings.connect_timeout)
        .read_timeout(settings.read_timeout)
        .pool_idle_timeout(IDLE)
        // A host gets one request at a time, so one connection is enough.
        .pool_max_idle_per_host(1)
        .http1_max_headers(MAX_HEADERS)
        // Accept malformed headers, as browsers do, because some sites send them.
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

/// Maps the status of a response without usable content to a trouble.
fn trouble_for_status(status: StatusCode) -> Trouble {
    let status = status.as_u16();
    match status {
        404 | 410 => Trouble::Gone(status),
        401..=403 | 407 | 451 => Trouble::Refused(status),
        429 | 503 => Trouble::Busy(status),
        500..=599 => Trouble::ServerError(status),
        _ => Trouble::UnexpectedStatus(status),
    }
}
