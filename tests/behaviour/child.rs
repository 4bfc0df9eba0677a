//! redraft as a separate process, the way people and supervisors start it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// Time limit for things that normally happen at once; only a failure takes that long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A running redraft with its own configuration directory and store. It is killed when dropped.
pub(crate) struct Process {
    child: Child,
    log: Receiver<String>,
    /// Its output until it began to serve.
    pub(crate) began: Vec<String>,
    pub(crate) address: SocketAddr,
    pub(crate) folder: TempDir,
}

/// The end of a process: its exit code and its output.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) code: Option<i32>,
    pub(crate) log: Vec<String>,
}

/// `redraft run` in this directory, on loopback, with none of our environment variables.
pub(crate) fn redraft(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redraft"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("REDRAFT_")) {
        command.env_remove(name);
    }
    command.env_remove("NOTIFY_SOCKET").env_remove("WATCHDOG_USEC");
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command.args(["run", "--config", "config", "--listen", "127.0.0.1:0"]);
    command.args(["--set", "fetch.allow_private=[\"127.0.0.0/8\"]", "--set", "fetch.host_spacing=0s"]);
    command
}

/// A directory with this `config/sources.toml`.
pub(crate) fn folder(sources: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("config")).unwrap();
    std::fs::write(folder.path().join("config/sources.toml"), sources).unwrap();
    folder
}

impl Process {
    /// Starts redraft with these sources, settings (`section.key=value`) and environment, and waits until it serves.
    pub(crate) fn start(sources: &str, settings: &[&str], environment: &[(&str, &str)]) -> Self {
        let folder = folder(sources);
        let mut command = redraft(folder.path());
        for setting in settings {
            command.args(["--set", setting]);
        }
        command.envs(environment.iter().copied());
        Self::run(command, folder)
    }

    /// Runs a command that starts redraft, directly or later, and waits until it serves.
    pub(crate) fn run(mut command: Command, folder: TempDir) -> Self {
        let mut child = command.spawn().unwrap();
        let (tell, log) = channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        thread::spawn(move || lines.map_while(Result::ok).for_each(|line| drop(tell.send(line))));
        let mut process = Self { child, log, began: Vec::new(), address: ([127, 0, 0, 1], 0).into(), folder };
        process.began = process.hears("serves http://");
        let line = process.began.last().unwrap();
        let address = line.split("serves http://").nth(1).unwrap();
        process.address = address.split('/').next().unwrap().parse().unwrap();
        process
    }

    /// Waits for a log line that contains these words; returns all lines up to it.
    pub(crate) fn hears(&self, words: &str) -> Vec<String> {
        let deadline = Instant::now() + PATIENCE;
        let mut before = Vec::new();
        while let Ok(line) = self.log.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            let found = line.contains(words);
            before.push(line);
            if found {
                return before;
            }
        }
        panic!("no line says {words:?}: {before:#?}");
    }

    /// Replaces `config/sources.toml`.
    pub(crate) fn watch(&self, sources: &str) {
        std::fs::write(self.folder.path().join("config/sources.toml"), sources).unwrap();
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for its end.
    pub(crate) fn ends(mut self) -> End {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return End { code: status.code(), log: self.log.iter().collect() };
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("it does not end: {:#?}", self.log.try_iter().collect::<Vec<_>>());
    }

    /// The response to a GET, head and body.
    pub(crate) fn get(&self, path: &str) -> String {
        get(self.address, path)
    }

    /// Waits until a GET is answered like this.
    pub(crate) fn shows(&self, path: &str, words: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.get(path).contains(words) {
            assert!(Instant::now() < deadline, "{path} never says {words:?}: {}", self.get(path));
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Sends raw bytes; returns everything received until the server closes.
fn say(address: SocketAddr, bytes: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(bytes.as_bytes()).unwrap();
    let mut heard = Vec::new();
    let _ = stream.read_to_end(&mut heard);
    String::from_utf8_lossy(&heard).into_owned()
}

/// The response to a GET, head and body.
pub(crate) fn get(address: SocketAddr, path: &str) -> String {
    say(address, &format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
}

impl Drop for Process {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
