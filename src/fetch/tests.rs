//! Tests of fetching over real connections, against a TCP server on loopback that sends the bytes a test gives it.

use std::sync::Mutex;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::robots::Robots;

/// A server that answers each request by its path and records the requests.
struct Origin {
    url: Url,
    requests: Arc<Mutex<Vec<String>>>,
}

/// The bytes to send for the path of a request before closing; `None` keeps the connection silent.
type Script = fn(&str) -> Option<Vec<u8>>;

impl Origin {
    async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = requests.clone();
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                let log = log.clone();
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") && connection.read_buf(&mut head).await.is_ok_and(|n| n > 0) {}
                    let head = String::from_utf8(head).unwrap();
                    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                    log.lock().unwrap().push(head);
                    match script(&path) {
                        Some(bytes) => drop(connection.write_all(&bytes).await),
                        None => std::future::pending().await,
                    }
                });
            }
        });
        Self { url, requests }
    }

    fn at(&self, path: &str) -> Url {
        self.url.join(path).unwrap()
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn settings() -> Settings {
    Settings { allow_private: vec!["127.0.0.0/8".parse().unwrap()], ..Settings::default() }
}

fn web() -> Web {
    Web::new(&settings()).unwrap()
}

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

async fn get(web: &Web, url: &Url) -> Answer {
    web.get(url, &Validators::default(), Want::Feed, now()).await
}

fn trouble(answer: &Answer) -> &Trouble {
    match &answer.reply {
        Reply::Trouble(trouble) => trouble,
        other => panic!("no trouble but {other:?}"),
    }
}

fn body(answer: &Answer) -> &[u8] {
    match &answer.reply {
        Reply::Body { bytes, .. } => bytes,
        other => panic!("no body but {other:?}"),
    }
}

/// A response with a status line, headers, and a body with its length.
fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn zstd(body: &[u8]) -> Vec<u8> {
    zstd::encode_all(body, 3).unwrap()
}

#[tokio::test]
async fn a_body_is_complete_and_comes_with_its_headers() {
    let origin = Origin::start(|_| {
        Some(answer("200 OK", "etag: \"1\"\r\ncache-control: max-age=60\r\ncontent-type: text/xml\r\n", b"<rss/>"))
    })
    .await;
    let answer = get(&web(), &origin.url).await;
    assert_eq!(body(&answer), b"<rss/>");
    assert!(matches!(&answer.reply, Reply::Body { content_type: Some(kind), .. } if kind == "text/xml"));
    assert_eq!(answer.validators.etag.as_deref(), Some("\"1\""));
    assert_eq!(answer.fresh_for, Some(SignedDuration::from_mins(1)));
}

#[tokio::test]
async fn requests_name_redraft_and_its_contact_and_carry_nothing_else() {
    let origin = Origin::start(|_| Some(answer("200 OK", "set-cookie: a=b\r\n", b""))).await;
    let contact = Some("https://example.org/about-redraft".to_owned());
    let web = Web::new(&Settings { contact, ..settings() }).unwrap();
    get(&web, &origin.url).await;
    get(&web, &origin.url).await;
    let request = origin.requests().pop().unwrap().to_lowercase();
    let agent = concat!("user-agent: redraft/", env!("CARGO_PKG_VERSION"), " (+https://example.org/about-redraft)\r\n");
    assert!(request.contains(agent) && request.contains("\r\naccept: application/atom+xml"), "{request}");
    assert!(["gzip", "br", "zstd"].iter().all(|coding| request.contains(coding)), "{request}");
    for header in ["cookie:", "referer:", "range:", "a-im:", "if-none-match:", "if-modified-since:"] {
        assert!(!request.contains(header), "{request}");
    }
}

#[tokio::test]
async fn validators_go_out_byte_for_byte_and_a_304_keeps_them() {
    let origin = Origin::start(|_| Some(b"HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n".to_vec())).await;
    let sent = Validators {
        etag: Some("W/\"odd ü\"x".to_owned()),
        last_modified: Some("Sometime, maybe".to_owned()),
        of: None,
    };
    let answer = web().get(&origin.url, &sent, Want::Feed, now()).await;
    assert!(matches!(answer.reply, Reply::NotModified));
    assert_eq!(answer.validators, Validators { of: Some(origin.url.clone()), ..sent });
    let request = origin.requests().pop().unwrap();
    assert!(request.contains("if-none-match: W/\"odd ü\"x\r\n"), "{request}");
    assert!(request.contains("if-modified-since: Sometime, maybe\r\n"), "{request}");
}

#[tokio::test]
async fn an_unrequested_304_is_trouble() {
    let origin = Origin::start(|_| Some(b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec())).await;
    assert_eq!(trouble(&get(&web(), &origin.url).await), &Trouble::UnexpectedStatus(304));
}

#[tokio::test]
async fn trouble_keeps_the_validators_that_were_sent() {
    let origin = Origin::start(|_| Some(answer("500 Oops", "etag: \"error page\"\r\n", b"no"))).await;
    let sent = Validators { etag: Some("\"1\"".to_owned()), last_modified: None, of: None };
    assert_eq!(web().get(&origin.url, &sent, Want::Feed, now()).await.validators, sent);
}

#[tokio::test]
async fn only_200_is_content() {
    let origin = Origin::start(|path| {
        let status = &path[1..];
        Some(answer(&format!("{status} X"), "", if status == "204" { b"" } else { b"<rss/>" }))
    })
    .await;
    let web = web();
    for (status, expected) in [
        (201, Trouble::UnexpectedStatus(201)),
        (204, Trouble::UnexpectedStatus(204)),
        (206, Trouble::UnexpectedStatus(206)),
        (300, Trouble::UnexpectedStatus(300)),
        (301, Trouble::UnexpectedStatus(301)),
        (400, Trouble::UnexpectedStatus(400)),
        (403, Trouble::Refused(403)),
        (404, Trouble::Gone(404)),
        (410, Trouble::Gone(410)),
        (429, Trouble::Busy(429)),
        (451, Trouble::Refused(451)),
        (502, Trouble::ServerError(502)),
        (503, Trouble::Busy(503)),
        (600, Trouble::UnexpectedStatus(600)),
        (999, Trouble::UnexpectedStatus(999)),
    ] {
        assert_eq!(trouble(&get(&web, &origin.at(&status.to_string())).await), &expected);
    }
}

#[tokio::test]
async fn retry_after_is_handed_on_in_both_forms() {
    let origin = Origin::start(|path| {
        let when = if path == "/date" { "Sun, 01 Mar 2026 12:10:00 GMT" } else { "600" };
        Some(answer("429 Slow down", &format!("retry-after: {when}\r\n"), b""))
    })
    .await;
    for path in ["seconds", "date"] {
        let answer = get(&web(), &origin.at(path)).await;
        assert_eq!((trouble(&answer), answer.retry_after), (&Trouble::Busy(429), Some(SignedDuration::from_mins(10))));
    }
}

#[tokio::test]
async fn redirects_lead_to_the_address_that_answers() {
    let origin = Origin::start(|path| {
        Some(match path {
            "/a" => answer("301 Moved", "location: /b?x=1#top\r\n", b""),
            "/b?x=1" => answer("307 Moved", "location: c\r\n", b""),
            _ => answer("200 OK", "", b"here"),
        })
    })
    .await;
    let answer = get(&web(), &origin.at("a")).await;
    assert_eq!((body(&answer), &answer.url), (&b"here"[..], &origin.at("c")));
}

#[tokio::test]
async fn endless_redirects_are_trouble() {
    let origin = Origin::start(|path| {
        let next = match path {
            "/ping" => "/pong".to_owned(),
            "/pong" => "/ping".to_owned(),
            longer => format!("{longer}a"),
        };
        Some(answer("302 Found", &format!("location: {next}\r\n"), b""))
    })
    .await;
    let circle = get(&web(), &origin.at("ping")).await;
    assert!(matches!(trouble(&circle), Trouble::BadRedirect(why) if why.to_string().contains("circle")));
    assert!(
        matches!(trouble(&get(&web(), &origin.at("x")).await), Trouble::BadRedirect(why) if why.to_string().contains("more than 5"))
    );
    assert_eq!(origin.requests().len(), 2 + 6);
}

/// Redirect targets outside the public web.
const PRIVATE: &[&str] = &[
    "http://10.0.0.1/",
    "http://0x0a.1/",
    "http://012.0.0.1/",
    "http://167772161/",
    "//169.254.169.254/latest/meta-data",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::a00:1]/",
    "http://192.168.0.1./",
    "http://user:secret@example.org/",
    "ftp://example.org/",
    "file:///etc/passwd",
    "javascript:alert(1)",
];

#[tokio::test]
async fn redirects_to_private_addresses_are_refused_in_every_spelling() {
    let origin = Origin::start(|path| {
        let target = PRIVATE[path[1..].parse::<usize>().unwrap()];
        Some(answer("302 Found", &format!("location: {target}\r\n"), b""))
    })
    .await;
    let web = web();
    for (number, target) in PRIVATE.iter().enumerate() {
        let answer = get(&web, &origin.at(&number.to_string())).await;
        assert!(matches!(trouble(&answer), Trouble::Forbidden(_)), "{target}: {answer:?}");
    }
}

#[tokio::test]
async fn a_name_that_leads_to_a_private_address_is_refused() {
    let origin = Origin::start(|_| Some(answer("200 OK", "", b"secret"))).await;
    let named = Url::parse(&format!("http://localhost:{}/", origin.url.port().unwrap())).unwrap();
    let stranger = Web::new(&Settings::default()).unwrap();
    assert!(
        matches!(trouble(&get(&stranger, &named).await), Trouble::Forbidden(why) if why.to_string().contains("localhost"))
    );
    assert!(matches!(trouble(&get(&stranger, &origin.url).await), Trouble::Forbidden(_)));
    assert_eq!(origin.requests().len(), 0);
}

#[tokio::test]
async fn bodies_beyond_the_limit_are_refused_announced_or_not() {
    let origin = Origin::start(|path| {
        let endless = [&b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"[..], &vec![b'x'; 2_000]].concat();
        Some(match path {
            "/announced" => b"HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n".to_vec(),
            "/endless" => endless,
            "/bomb" => answer("200 OK", "content-encoding: zstd\r\n", &zstd(&vec![0; 50_000_000])),
            _ => answer("200 OK", "", &[b'x'; 1_000]),
        })
    })
    .await;
    let web = Web::new(&Settings { max_feed_bytes: 1_000, ..settings() }).unwrap();
    for path in ["announced", "endless", "bomb"] {
        assert_eq!(trouble(&get(&web, &origin.at(path)).await), &Trouble::TooLarge(1_000), "{path}");
    }
    assert_eq!(body(&get(&web, &origin.at("exact")).await).len(), 1_000);
}

#[tokio::test]
async fn an_endless_robots_txt_is_read_up_to_its_limit() {
    let origin = Origin::start(|_| {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\nUser-agent: *\nDisallow: /a\n";
        Some([&head[..], &vec![b'#'; 700_000]].concat())
    })
    .await;
    let url = origin.at("robots.txt");
    let answer = Web::new(&settings()).unwrap().get(&url, &Validators::default(), Want::Robots, now()).await;
    let robots = Robots::told(&answer.reply).unwrap();
    assert_eq!(robots.rules().len(), 1, "{:?}", robots.rules());
}

#[tokio::test]
async fn a_gzip_bomb_stops_at_the_limit() {
    /// `printf '%0300d' 0 | gzip -9`: 300 zeros.
    const ZEROS: &[u8] = &[
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0x33, 0x30, 0x18, 0x05, 0xc4, 0x02, 0, 0xed, 0x30, 0x18, 0x9e, 0x2c, 1, 0,
        0,
    ];
    let origin = Origin::start(|_| Some(answer("200 OK", "content-encoding: gzip\r\n", ZEROS))).await;
    let small = Web::new(&Settings { max_feed_bytes: 299, ..settings() }).unwrap();
    assert_eq!(trouble(&get(&small, &origin.url).await), &Trouble::TooLarge(299));
    assert_eq!(body(&get(&web(), &origin.url).await), [b'0'; 300]);
}

#[tokio::test]
async fn a_body_cut_short_is_broken_never_shorter() {
    let origin = Origin::start(|path| {
        let packed = zstd(&b"a long enough text to be cut ".repeat(50));
        Some(match path {
            "/length" => b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_vec(),
            "/chunks" => b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n".to_vec(),
            "/bad-chunk" => b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n".to_vec(),
            "/packed" => answer("200 OK", "content-encoding: zstd\r\n", &packed[..packed.len() - 5]),
            "/gzip" => answer("200 OK", "content-encoding: gzip\r\n", b"this is not gzip"),
            "/brotli" => answer("200 OK", "content-encoding: br\r\n", &[0x1b, 0x2b, 0x01, 0xf8]),
            other => unreachable!("{other}"),
        })
    })
    .await;
    let web = web();
    for path in ["length", "chunks", "bad-chunk", "packed", "gzip", "brotli"] {
        let answer = get(&web, &origin.at(path)).await;
        assert!(matches!(trouble(&answer), Trouble::Broken(_)), "{path}: {answer:?}");
    }
}

#[tokio::test]
async fn a_body_with_an_unknown_coding_is_broken() {
    let origin = Origin::start(|path| {
        let coding = path[1..].replace('+', ", ");
        Some(answer("200 OK", &format!("content-encoding: {coding}\r\n"), b"plain"))
    })
    .await;
    for coding in ["gzip+gzip", "x-foo", "compress"] {
        let answer = get(&web(), &origin.at(coding)).await;
        assert!(matches!(trouble(&answer), Trouble::Broken(_)), "{coding}: {answer:?}");
    }
    assert_eq!(body(&get(&web(), &origin.at("identity")).await), b"plain");
}

#[tokio::test]
async fn each_phase_has_its_own_timeout() {
    let origin =
        Origin::start(|path| (path == "/drip").then(|| b"HTTP/1.1 302 X\r\nlocation: /silent\r\n\r\n".to_vec())).await;
    let patience = Duration::from_millis(150);
    let impatient = Web::new(&Settings { read_timeout: patience, ..settings() }).unwrap();
    assert_eq!(trouble(&get(&impatient, &origin.at("silent")).await), &Trouble::Timeout("waiting for the first byte"));
    let hurried = Web::new(&Settings { total_timeout: patience, ..settings() }).unwrap();
    let answer = get(&hurried, &origin.at("drip")).await;
    assert_eq!((trouble(&answer), &answer.url), (&Trouble::Timeout("the whole fetch"), &origin.at("silent")));
}

#[tokio::test]
async fn a_closed_port_and_an_unknown_name_are_unreachable() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let url = Url::parse(&format!("http://{closed}/")).unwrap();
    assert_eq!(trouble(&get(&web(), &url).await).to_string(), "unreachable: connection refused");
    let answer = get(&web(), &Url::parse("http://no-such-name.invalid/").unwrap()).await;
    // Without a name server the look-up runs into its time limit.
    assert!(
        matches!(trouble(&answer), Trouble::Unreachable(_) | Trouble::Timeout("looking up the host")),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_proxy_is_asked_for_everything_but_private_addresses() {
    let proxy = Origin::start(|_| Some(answer("200 OK", "", b"through the proxy"))).await;
    let web = Web::new(&Settings { proxy: Some(proxy.url.clone()), ..Settings::default() }).unwrap();
    let url = Url::parse("http://no-such-name.invalid/feed").unwrap();
    assert_eq!(body(&get(&web, &url).await), b"through the proxy");
    assert!(proxy.requests()[0].starts_with("GET http://no-such-name.invalid/feed HTTP/1.1\r\n"));
    let literal = get(&web, &Url::parse("http://169.254.169.254/").unwrap()).await;
    assert!(matches!(trouble(&literal), Trouble::Forbidden(_)));
}

#[tokio::test]
async fn only_html_is_read_as_a_page() {
    let origin =
        Origin::start(|_| Some(b"HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\ncontent-length: 900\r\n\r\n".to_vec()))
            .await;
    let answer = web().get(&origin.url, &Validators::default(), Want::Page, now()).await;
    assert_eq!(trouble(&answer), &Trouble::NotHtml("video/mp4".to_owned()));
}

#[tokio::test]
async fn sloppy_headers_do_not_hide_a_page() {
    let origin = Origin::start(|_| {
        Some(b"HTTP/1.1 200 OK\r\nbad header\x01: x\r\nServer : odd\r\ncontent-length: 2\r\n\r\nok".to_vec())
    })
    .await;
    assert_eq!(body(&get(&web(), &origin.url).await), b"ok");
}

#[test]
fn a_certificate_file_without_certificates_is_refused() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let settings = Settings { ca_file: Some(file.path().to_owned()), ..Settings::default() };
    assert!(Web::new(&settings).unwrap_err().to_string().contains("holds no certificate"));
    let settings = Settings { ca_file: Some("/no/such/file".into()), ..Settings::default() };
    assert!(Web::new(&settings).unwrap_err().to_string().contains("/no/such/file"));
}

#[tokio::test]
async fn what_a_server_shows_in_the_place_of_a_page_is_read_where_a_page_was_asked_for() {
    const HTML: &[u8] = b"<h1>Withdrawn</h1>";
    let origin = Origin::start(|path| {
        let kind = "content-type: text/html\r\n";
        Some(match path {
            "/plain" => answer("404 Not Found", "", HTML),
            "/picture" => answer("410 Gone", "content-type: image/png\r\n", HTML),
            "/fault" => answer("500 Oops", kind, HTML),
            "/packed" => answer("410 Gone", &format!("{kind}content-encoding: zstd\r\n"), &zstd(HTML)),
            "/long" => answer("410 Gone", kind, &vec![b'x'; 3 << 20]),
            _ => answer("410 Gone", kind, HTML),
        })
    })
    .await;
    let shown = async |path: &str, want: Want| {
        let answer = web().get(&origin.at(path), &Validators::default(), want, now()).await;
        assert!(matches!(answer.reply, Reply::Trouble(_)), "{path}");
        answer.error_page.map(|page| page.bytes)
    };
    for path in ["page", "plain", "packed"] {
        assert_eq!(shown(path, Want::Page).await.as_deref(), Some(HTML), "{path}");
    }
    assert_eq!(shown("page", Want::Feed).await, None, "nobody asked for a page");
    assert_eq!(shown("picture", Want::Page).await, None);
    assert_eq!(shown("fault", Want::Page).await, None, "the page may be there");
    let long = shown("long", Want::Page).await.unwrap();
    assert!((1_000..1 << 20).contains(&long.len()), "{}", long.len());
}

#[tokio::test]
async fn a_page_that_is_gone_is_gone_though_what_is_shown_in_its_place_never_ends() {
    let origin = Origin::start(|_| {
        Some(b"HTTP/1.1 410 Gone\r\ncontent-type: text/html\r\ncontent-length: 99\r\n\r\n<h1>".to_vec())
    })
    .await;
    let answer = web().get(&origin.url, &Validators::default(), Want::Page, now()).await;
    assert_eq!(trouble(&answer), &Trouble::Gone(410));
    assert!(answer.error_page.is_none());
}
