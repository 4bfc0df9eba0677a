//! A server that breaks the rules: what it answers is bytes, or nothing, or no end of either.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What it does to a request.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    /// Writes these bytes and closes.
    Says(Vec<u8>),
    /// Writes these bytes and goes silent.
    Stalls(Vec<u8>),
    /// Writes these bytes, then those again and again for as long as they are taken.
    Repeats(Vec<u8>, Vec<u8>),
    /// Writes these bytes one at a time, so far apart.
    Drips(Vec<u8>, std::time::Duration),
}

/// The server; it is gone when dropped with its runtime.
#[derive(Clone)]
pub(crate) struct Misbehaving {
    pub(crate) address: SocketAddr,
    deeds: Arc<Mutex<HashMap<String, Deed>>>,
    asked: Arc<AtomicUsize>,
}

impl Misbehaving {
    /// Opens on a free port of loopback, at this address.
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

    /// From now on does this to requests for a path; others are told that there is nothing.
    pub(crate) fn does(&self, path: &str, deed: Deed) {
        self.deeds.lock().unwrap().insert(path.to_owned(), deed);
    }

    /// How many connections it was sent.
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

/// An answer with a status line, further headers and a body of announced length.
pub(crate) fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// An HTML page with 200.
pub(crate) fn html(body: &[u8]) -> Vec<u8> {
    answer("200 OK", "content-type: text/html\r\n", body)
}
