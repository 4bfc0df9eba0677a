//! The program under test: the real daemon on a real store, with a held clock.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use redraft::clock::Clock;
use redraft::config::{Config, Invocation};
use redraft::daemon::Daemon;
use redraft::model::{Article, ArticleId};
use redraft::schedule::Scope;
use redraft::store::{self, Counts, Options, Store, Swept};
use tokio::net::TcpListener;

use crate::site::NewsSite;

/// The start of every story: 1 August 2026, 09:00 UTC.
pub(crate) fn morning() -> Timestamp {
    "2026-08-01T09:00:00Z".parse().unwrap()
}

pub(crate) struct Redraft {
    daemon: Option<Daemon>,
    clock: Clock,
    folder: tempfile::TempDir,
    toml: String,
    address: String,
    server: Option<Server>,
}

/// Our HTTP side, and the handle that stops it.
struct Server {
    stop: tokio::sync::oneshot::Sender<()>,
    task: tokio::task::JoinHandle<()>,
}

/// An entry of one of our feeds, as a reader sees it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) html: String,
    pub(crate) updated: Option<String>,
}

impl Redraft {
    /// Starts on an empty store at nine in the morning, watching these feeds of a site.
    pub(crate) async fn watching(site: &NewsSite, feeds: &[&str]) -> Self {
        let sources: String = feeds
            .iter()
            .enumerate()
            .map(|(index, feed)| format!("[[source]]\nurl = \"{}\"\nname = \"Feed {index}\"\n", site.url(feed)))
            .collect();
        Self::with(&sources).await
    }

    /// Starts with these tables of configuration, added to those that every test needs.
    pub(crate) async fn with(sources: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let toml = format!(
            "[store]\npath = \"{}\"\n[fetch]\nallow_private = [\"127.0.0.0/8\"]\nhost_spacing = \"0s\"\n\
             [schedule]\njitter = 0.0\n[publish]\nbase_url = \"http://redraft.example/\"\nauthority = \"redraft.example\"\n{sources}",
            folder.path().join("data").display()
        );
        let clock = Clock::held(morning());
        let (daemon, address, server) = start(&folder.path().join("redraft.toml"), &toml, &clock).await;
        Self { daemon: Some(daemon), clock, folder, toml, address, server: Some(server) }
    }

    /// Stops; returns the data directory.
    pub(crate) async fn stop(&mut self) -> PathBuf {
        let Server { stop, task } = self.server.take().unwrap();
        stop.send(()).unwrap();
        task.await.unwrap();
        self.daemon = None;
        self.folder.path().join("data")
    }

    /// Stops and starts again on the same store, as after a crash or an upgrade.
    pub(crate) async fn restart(&mut self) {
        self.stop().await;
        self.start().await;
    }

    /// Starts again on the data directory of a stopped program.
    pub(crate) async fn start_again(&mut self) {
        self.start().await;
    }

    /// Stops, exports the store, imports the export into another directory, and starts there.
    pub(crate) async fn move_store(&mut self) {
        let data = self.stop().await;
        let options = Options { cache_mib: 8, authority: "another.example".to_owned() };
        let mut export = Vec::new();
        let old = Store::open(&data, &options, self.clock.now()).unwrap();
        old.export(&mut export, self.clock.now()).unwrap();
        old.close().unwrap();
        std::fs::rename(&data, data.with_extension("old")).unwrap();
        store::import(&data, export.as_slice(), &options, self.clock.now(), None).unwrap();
        self.start().await;
    }

    async fn start(&mut self) {
        let path = self.folder.path().join("redraft.toml");
        let (daemon, address, server) = start(&path, &self.toml, &self.clock).await;
        (self.daemon, self.address, self.server) = (Some(daemon), address, Some(server));
    }

    /// Stops, edits the configuration and starts again.
    pub(crate) async fn reconfigure(&mut self, from: &str, to: &str) {
        assert!(self.toml.contains(from), "{}", self.toml);
        self.toml = self.toml.replace(from, to);
        self.restart().await;
    }

    /// Sends a body to our server.
    pub(crate) async fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> reqwest::Response {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut request = client.post(format!("{}{path}", self.address)).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    /// The store.
    pub(crate) fn store(&self) -> &Store {
        self.daemon().store()
    }

    fn daemon(&self) -> &Daemon {
        self.daemon.as_ref().unwrap()
    }

    /// Does everything that is due now; returns the number of polls and checks.
    pub(crate) async fn look(&self) -> u64 {
        self.daemon().once(Scope::Due, self.clock.now(), |_| {}).await.unwrap().done
    }

    /// Drops what retention does not keep.
    pub(crate) async fn sweep(&self) -> Swept {
        self.daemon().sweep().await.unwrap()
    }

    /// Lets time pass, then does everything that is due.
    pub(crate) async fn after(&self, time: SignedDuration) -> u64 {
        self.clock.set(self.clock.now() + time);
        self.look().await
    }

    /// Lets days pass, with checks every six hours.
    pub(crate) async fn days(&self, days: u32) {
        for _ in 0..days * 4 {
            self.after(SignedDuration::from_hours(6)).await;
        }
    }

    /// The article at an address of the site.
    pub(crate) fn article(&self, url: &str) -> Option<Article> {
        let store = self.daemon().store();
        let id = store.find(&url.parse().unwrap()).unwrap()?;
        store.article(id).unwrap()
    }

    /// Number of its stored versions.
    pub(crate) fn versions(&self, id: ArticleId) -> usize {
        self.daemon().store().versions(id).unwrap().len()
    }

    /// Counts of the store.
    pub(crate) fn counts(&self) -> Counts {
        self.daemon().store().counts().unwrap()
    }

    /// The response of our server.
    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut request = client.get(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    /// The entries of one of our feeds, read by an independent parser.
    pub(crate) async fn feed(&self, path: &str) -> Vec<Entry> {
        let response = self.get(path, &[]).await;
        assert_eq!(response.status(), 200, "{path}");
        let feed = feed_rs::parser::parse(response.bytes().await.unwrap().as_ref()).unwrap();
        let entry = |entry: feed_rs::model::Entry| Entry {
            id: entry.id,
            title: entry.title.map(|title| title.content).unwrap_or_default(),
            html: entry
                .content
                .and_then(|content| content.body)
                .or(entry.summary.map(|text| text.content))
                .unwrap_or_default(),
            updated: entry.updated.or(entry.published).map(|time| time.to_rfc3339()),
        };
        feed.entries.into_iter().map(entry).collect()
    }
}

async fn start(path: &PathBuf, toml: &str, clock: &Clock) -> (Daemon, String, Server) {
    std::fs::write(path, toml).unwrap();
    let invocation = Invocation { config: Some(path.clone()), ..Invocation::default() };
    let config = Config::load(&invocation).unwrap_or_else(|problems| panic!("{problems}"));
    let daemon = Daemon::open(config, clock.clone()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (houses, limits) = (daemon.houses(), Config::built_in().unwrap().serve);
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let task = tokio::spawn(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        redraft::serve::serve(listener, houses, &limits, stopped).await.unwrap();
    });
    (daemon, address, Server { stop, task })
}
