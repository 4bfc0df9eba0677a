//! The whole HTTP side over a real loopback connection, on a real store with a small newsroom in it.

mod feeds;
mod former;
mod hidden;
mod hot;
mod laws;
mod limits;
mod memento;
mod newsroom;
mod pages;
mod parameters;
mod plain;
mod posters;
mod removals;
mod scores;
mod search;
mod sources;
mod title;
mod verbatim;
mod words;
mod validator;

use std::net::SocketAddr;
use std::sync::Arc;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};

use super::{House, serve};
use crate::config::{Config, Serve};
use newsroom::house;

/// A server that runs until it is dropped.
struct Running {
    house: Arc<House>,
    houses: watch::Sender<Arc<House>>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
    _dir: TempDir,
}

/// One answer, as it came over the wire.
struct Heard {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Heard {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// A house that is in order, and its store's directory.
pub(in crate::serve) fn a_house() -> (TempDir, Arc<House>) {
    let dir = tempfile::tempdir().unwrap();
    let house = house(dir.path(), "http://edits.example/");
    (dir, Arc::new(house))
}

impl Running {
    async fn start() -> Self {
        Self::start_at("http://edits.example/").await
    }

    async fn start_at(base: &str) -> Self {
        Self::start_changed(base, |_| ()).await
    }

    /// Changes the house before anyone is let in.
    async fn start_changed(base: &str, change: impl FnOnce(&mut House)) -> Self {
        Self::start_within(base, change, Config::built_in().unwrap().serve).await
    }

    /// Lets others in than usual.
    async fn start_limited(limit: impl FnOnce(&mut Serve)) -> Self {
        let mut limits = Config::built_in().unwrap().serve;
        limit(&mut limits);
        Self::start_within("http://edits.example/", |_| (), limits).await
    }

    async fn start_within(base: &str, change: impl FnOnce(&mut House), limits: Serve) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut house = house(dir.path(), base);
        change(&mut house);
        let house = Arc::new(house);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let (houses, latest) = watch::channel(Arc::clone(&house));
        let served = tokio::spawn(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            serve(listener, latest, &limits, stopped).await
        });
        Self { house, houses, address, stop: Some(stop), served, _dir: dir }
    }

    /// Sends bytes as they are and hears everything until the server closes.
    async fn say(&self, request: &str) -> Heard {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut heard = Vec::new();
        let _ = stream.read_to_end(&mut heard).await;
        let end = heard.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(heard.len());
        let head = String::from_utf8_lossy(&heard[..end]).replace("\r\n", "\n");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Heard { status, head, body: heard.get(end + 4..).unwrap_or_default().to_vec() }
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Heard {
        let headers: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n{}\r\n", headers.concat());
        self.say(&request).await
    }

    async fn get(&self, path: &str) -> Heard {
        self.ask("GET", path, &[]).await
    }
}
