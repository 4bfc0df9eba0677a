//! A server that breaks the rules of HTTP: it answers with raw bytes, with nothing, or endlessly.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Reaction to a request.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    /// Writes these bytes and closes.
    Says(Vec<u8>),
    /// Writes these bytes and goes silent.
    Stalls(Vec<u8>),
    /// Writes the first bytes, then the second ones again and again as long as they are read.
    Repeats(Vec<u8>, Vec<u8>),
    /// Writes these bytes one at a time, with this pause between them.
    Drips(Vec<u8>, std::time::Duration),
}

/// The server. It ends when dropped with its runtime.
#[derive(Clone)]
pub(crate) struct Misbehaving {
    pub(crate) address: SocketAddr,
    deeds: Arc<Mutex<HashMap<String, Deed>>>,
    asked: Arc<AtomicUsize>,
}

impl Misbehaving {
    /// Opens on a free port of this loopback address.
    pub(crate) async fn open(ip: &str) -> Self {
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let this = Self { address, deeds: Arc::default(), asked: Arc::default() };
        let server = this.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                server.asked.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(server.clone().answer(connection));
            }
        });
        this
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sets the reaction to requests for a path. Other paths are answered 404.
    pub(crate) fn does(&self, path: &str, deed: Deed) {
        self.deeds.lock().unwrap().insert(path.to_owned(), deed);
    }

    /// Number of connections received.
    pub(crate) fn connections(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    async fn answer(self, mut connection: TcpStream) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") && connection.read_buf(&mut head).await.is_ok_and(|count| count > 0) {}
        let head = String::from_utf8_lossy(&head).into_owned();
        let path = head.split(' ').nth(1).unwrap_or_default();
        let deed = self.deeds.lock().unwrap().get(path).cloned();
        let _ = match deed.unwrap_or_else(|| Deed::Says(answer("404 Not Found", "", b""))) {
            Deed::Says(bytes) => connection.write_all(&bytes).await,
            Deed::Stalls(bytes) => {
                let _ = connection.write_all(&bytes).await;
                std::future::pending().await
            }
            Deed::Repeats(bytes, again) => {
                let mut going = connection.write_all(&bytes).await;
                while going.is_ok() {
                    going = connection.write_all(&again).await;
                }
                going
            }
            Deed::Drips(bytes, apart) => {
                for byte in bytes {
                    if connection.write_all(&[byte]).await.is_err() {
                        break;
                    }
                    tokio::time::sleep(apart).await;
                }
                Ok(())
            }
        };
    }
}

/// A response with a status line, further headers, and a body with its length.
pub(crate) fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// An HTML page with status 200.
pub(crate) fn html(body: &[u8]) -> Vec<u8> {
    answer("200 OK", "content-type: text/html\r\n", body)
}
