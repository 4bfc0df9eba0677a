use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Running;

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
