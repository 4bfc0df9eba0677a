use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Running;
use crate::serve::House;

#[tokio::test]
async fn only_get_and_head_are_answered() {
    let server = Running::start().await;
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        let heard = server.ask(method, "/edits.atom", &[]).await;
        assert_eq!(heard.status, 405, "{method}");
        assert_eq!(heard.header("allow"), Some("GET, HEAD"), "{method}");
    }
}

#[tokio::test]
async fn bodies_are_refused() {
    let server = Running::start().await;
    let heard = server.say("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello").await;
    assert_eq!(heard.status, 413);
    let heard = server.ask("GET", "/", &[("Content-Length", "0")]).await;
    assert_eq!(heard.status, 200);
}

#[tokio::test]
async fn large_heads_and_broken_requests_are_refused() {
    let server = Running::start().await;
    let long = "x".repeat(20 * 1024);
    assert_eq!(server.ask("GET", "/", &[("X", &long)]).await.status, 431);
    let many: Vec<(&str, &str)> = vec![("X", "y"); 100];
    assert_eq!(server.ask("GET", "/", &many).await.status, 431);
    assert_eq!(server.say("BREW\r\n\r\n").await.status, 400);
}

#[tokio::test]
async fn requests_follow_each_other_on_one_connection() {
    let server = Running::start().await;
    let heard = server
        .say("GET /health HTTP/1.1\r\nHost: x\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await;
    assert_eq!(format!("{}{}", heard.head, heard.text()).matches("HTTP/1.1 200 OK").count(), 2);
}

#[tokio::test]
async fn stopping_ends_idle_connections_and_lets_no_new_ones_in() {
    let mut server = Running::start().await;
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    idle.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut some = [0; 64];
    assert!(idle.read(&mut some).await.unwrap() > 0);
    server.stop.take().unwrap().send(()).unwrap();
    let ended = timeout(Duration::from_secs(5), &mut server.served).await;
    ended.expect("stops within five seconds").unwrap().unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}

/// Longest that a test waits for what should happen in a moment; only a failure takes so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// Everything that comes until the server closes, however it closes.
async fn until_closed(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut heard)).await.expect("the server closes the connection");
    String::from_utf8_lossy(&heard).into_owned()
}

/// A connection that has sent these bytes.
async fn sending(server: &Running, bytes: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn whoever_never_ends_a_head_is_dropped_while_others_are_answered() {
    let server = Running::start_limited(|limits| limits.head_timeout = Duration::from_millis(300)).await;
    let mut slow = Vec::new();
    for head in ["", "G", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", "GET / HTTP/1.1\r\nHost: x\r\n"].repeat(16) {
        slow.push(sending(&server, head).await);
    }
    assert_eq!(server.get("/").await.status, 200);
    for stream in &mut slow {
        assert_eq!(until_closed(stream).await, "");
    }
}

#[tokio::test]
async fn a_head_that_drips_is_measured_from_its_first_byte() {
    let server = Running::start_limited(|limits| {
        limits.head_timeout = Duration::from_millis(200);
        limits.idle_timeout = PATIENCE * 2;
    })
    .await;
    let mut stream = sending(&server, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let mut some = [0; 16];
    assert!(stream.read(&mut some).await.unwrap() > 0, "the first request is answered");
    let drip = async {
        while stream.write_all(b"G").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, drip).await.expect("the connection ends though bytes keep coming");
}

#[tokio::test]
async fn a_connection_without_a_next_request_is_closed() {
    let server = Running::start_limited(|limits| limits.idle_timeout = Duration::from_millis(100)).await;
    let mut stream = sending(&server, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(until_closed(&mut stream).await.ends_with("\r\n\r\nok\n"));
}

#[tokio::test]
async fn whoever_takes_nothing_of_the_answers_is_dropped() {
    let server = Running::start_limited(|limits| limits.write_timeout = Duration::from_millis(200)).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let asking = async { while stream.write_all(b"GET /style.css HTTP/1.1\r\nHost: x\r\n\r\n").await.is_ok() {} };
    timeout(PATIENCE, asking).await.expect("the connection ends");
    assert_eq!(server.get("/").await.status, 200);
}

#[tokio::test]
async fn a_full_house_lets_newcomers_in_and_those_that_only_sit_there_go() {
    let server = Running::start_limited(|limits| {
        limits.connections = 4;
        (limits.head_timeout, limits.idle_timeout) = (PATIENCE * 2, PATIENCE * 2);
    })
    .await;
    let mut first = sending(&server, "GET / HTTP/1.1\r\n").await;
    let mut others = Vec::new();
    for _ in 0..8 {
        others.push(sending(&server, "GET / HTTP/1.1\r\n").await);
    }
    for _ in 0..8 {
        assert_eq!(server.get("/health").await.status, 200);
    }
    assert_eq!(until_closed(&mut first).await, "", "who waited longest went first");
}

#[tokio::test]
async fn endless_bodies_are_not_read() {
    let server = Running::start().await;
    for length in ["Transfer-Encoding: chunked", "Content-Length: 99999999999"] {
        let mut stream = sending(&server, &format!("POST / HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n")).await;
        let endless = async { while stream.write_all(b"1000\r\n").await.is_ok() {} };
        timeout(PATIENCE, endless).await.expect("the connection is closed");
    }
    assert_eq!(server.get("/").await.status, 200);
}

#[tokio::test]
async fn queries_are_bounded() {
    let server = Running::start().await;
    let many = "a=b&".repeat(17);
    let long = "x".repeat(9 * 1024);
    for (path, status) in [
        (format!("/?{many}"), 400),
        (format!("/?{long}"), 400),
        ("/?before=-1".to_owned(), 400),
        ("/?before=99999999999999999999".to_owned(), 400),
        ("/?before=%00".to_owned(), 400),
        ("/sources/harbour?articles_before=x".to_owned(), 400),
        ("/lookup?url=javascript:alert(1)".to_owned(), 400),
        (format!("/lookup?url=https://gazette.example/{}", "x".repeat(5_000)), 400),
        ("/?before=5".to_owned(), 200),
    ] {
        assert_eq!(server.get(&path).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn nothing_of_a_request_is_in_its_answer() {
    const MARK: &str = "Zq7pWmark";
    let server = Running::start().await;
    let headers = ["Host", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Referer", "User-Agent", "Origin"];
    let headers = headers.iter().map(|name| format!("{name}: {MARK}.example\r\n")).collect::<String>();
    for path in [
        "/",
        "/MARK",
        "/MARK%3Cscript%3E",
        "/?before=MARK",
        "/?MARK=MARK",
        "/sources/MARK",
        "/sources/harbour?articles_before=MARK",
        "/articles/MARK",
        "/articles/1?MARK",
        "/articles/1/versions/MARK",
        "/articles/1/compare/1/MARK",
        "/lookup?url=https://MARK.example/",
        "/lookup?url=MARK",
        "/why?url=https://MARK.example/",
        "/edits.atom?class=MARK",
        "/edits.atom?MARK=1",
        "/sources/harbour/edits.rss?lang=MARK!",
        "/about?MARK",
        "/health?MARK",
        "/metrics?MARK",
        "//MARK.example/",
        "/..%2fMARK",
        "/%0d%0aMARK:%20x",
    ] {
        let path = path.replace("MARK", MARK);
        let heard = server.say(&format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{headers}\r\n")).await;
        assert!(heard.status > 0, "{path}");
        let told = format!("{}{}", heard.head, heard.text()).to_lowercase();
        assert!(!told.contains(&MARK.to_lowercase()), "{path}: {told}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_whole_policy() {
    let server = Running::start().await;
    for (method, path) in
        [("GET", "/"), ("GET", "/nothing"), ("POST", "/"), ("GET", "/edits.atom"), ("HEAD", "/health")]
    {
        let heard = server.ask(method, path, &[]).await;
        let policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'";
        assert_eq!(heard.header("content-security-policy"), Some(policy), "{method} {path}");
        assert_eq!(heard.header("x-content-type-options"), Some("nosniff"), "{method} {path}");
        assert_eq!(heard.header("referrer-policy"), Some("no-referrer"), "{method} {path}");
        assert_eq!(heard.header("set-cookie"), None);
    }
}

#[tokio::test]
async fn no_path_leads_to_a_file() {
    let server = Running::start().await;
    for path in [
        "/../../etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/style.css/../../Cargo.toml",
        "/sources/..%2f..%2fCargo.toml",
        "/articles/1%00.html",
        "/./style.css",
        "/STYLE.CSS",
        "/\\..\\windows",
        "/articles/01",
        "/articles/+1",
        "/articles/18446744073709551616",
    ] {
        let status = server.get(path).await.status;
        assert!(matches!(status, 400 | 404), "{path}: {status}");
    }
}

#[tokio::test]
async fn another_house_is_seen_at_once_even_by_who_was_here_before() {
    let server = Running::start().await;
    let mut stream = sending(&server, "GET /sources/harbour HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let mut some = [0; 16];
    stream.read_exact(&mut some).await.unwrap();
    assert!(some.starts_with(b"HTTP/1.1 200"));
    let house = &server.house;
    let (store, site) = (house.store.clone(), house.site.clone());
    let (metrics, clock, sources) = (house.metrics.clone(), house.clock.clone(), Vec::new());
    let config = std::sync::Arc::new(crate::config::Config::built_in().unwrap());
    server.houses.send_replace(std::sync::Arc::new(House {
        store,
        site,
        config,
        pushes: std::sync::Arc::default(),
        sources,
        metrics,
        entries: 25,
        clock,
        hot: crate::serve::Hot::default(),
        posters: crate::serve::Posters::default(),
    }));
    stream.write_all(b"GET /sources/harbour HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    assert!(until_closed(&mut stream).await.contains("HTTP/1.1 410"));
}
