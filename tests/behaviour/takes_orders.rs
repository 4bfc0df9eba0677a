//! Commands that are given while redraft runs: the running process carries them out.

use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use rustix::process::Signal;

use crate::child::Process;
use crate::site::{Article, NewsSite};

/// Runs a command with its settings; returns its exit code and its whole output.
pub(crate) fn order(process: &Process, words: &[&str]) -> (Option<i32>, String) {
    let end = command(process.folder.path(), words).output().unwrap();
    (end.status.code(), String::from_utf8([end.stdout, end.stderr].concat()).unwrap())
}

/// A command with its settings, in a directory that has a configuration.
pub(crate) fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redraft"));
    command.current_dir(folder).env_remove("REDRAFT_CONFIG").args(words);
    command.args(["--config", "config", "--set", "fetch.allow_private=[\"127.0.0.0/8\"]"]);
    command
}

pub(crate) async fn watching() -> (NewsSite, Process) {
    let site = NewsSite::open().await;
    site.publish(
        "/bridge",
        &Article::new("Bridge to close", &["The bridge over the Tarn closes on Monday, they said."]),
    );
    site.feed("/rss", &["/bridge"]);
    let source = format!("[[source]]\nurl = \"{}\"\nname = \"Echo\"\nslug = \"echo\"\n", site.url("/rss"));
    let process = Process::start(&source, &[], &[]);
    process.shows("/sources/echo", "Bridge to close");
    (site, process)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_down_is_gone_at_once_and_comes_back() {
    let (site, process) = watching().await;
    assert!(process.get("/articles/1/edits.atom").starts_with("HTTP/1.1 200"));
    let (code, words) = order(&process, &["hide", &site.url("/bridge"), "--reason", "At the wish of \"the\" mayor."]);
    assert!(code == Some(0) && words.contains("article 1 is hidden"), "{words}");
    let gone = process.get("/articles/1/edits.atom");
    assert!(gone.starts_with("HTTP/1.1 410") && gone.contains("At the wish of"), "{gone}");
    let (code, words) = order(&process, &["hidden"]);
    assert!(code == Some(0) && words.contains("the\" mayor.") && words.contains("/bridge"), "{words}");
    assert_eq!(order(&process, &["unhide", "1"]).0, Some(0));
    assert!(process.get("/articles/1/edits.atom").starts_with("HTTP/1.1 200"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_said_as_without_a_running_one() {
    let (_site, process) = watching().await;
    let listen = process.address.to_string();
    for (words, code, said) in [
        (&["unhide", "1"][..], 1, "article 1 is not hidden"),
        (&["hide", "9", "--reason", "x"], 1, "there is no article 9"),
        (&["hide", "1", "--reason", " "], 64, "--reason: expected 1 to 500 characters"),
        (&["hide", "1", "--reason", &"x".repeat(501)], 64, "--reason: expected 1 to 500 characters"),
        (&["hide", "1", "--reason", &"x".repeat(40_000)], 64, "the arguments are longer than 32 KiB"),
        (&["hosts", "accept", "elsewhere.example"], 1, "no article at elsewhere.example is watched"),
        (&["why", "https://a.example/b", "--listen", &listen], 1, "no article at https://a.example/b is watched"),
    ] {
        let (exit, told) = order(&process, words);
        assert!(exit == Some(code) && told.contains(said), "{words:?}: {exit:?} {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_is_accepted_and_looked_at_without_a_restart() {
    let (site, process) = watching().await;
    let before = site.requests("/bridge").len();
    let host = site.address.to_string();
    let (code, words) = order(&process, &["hosts"]);
    assert!(code == Some(0) && words.starts_with(&format!("{host}  1 article")), "{words}");
    let (code, words) = order(&process, &["hosts", "accept", &host]);
    assert!(code == Some(0) && words.contains("it happens at once"), "{words}");
    process.shows(&format!("/why?url={}", site.url("/bridge")), "looks: 2");
    assert_eq!(site.requests("/bridge").len(), before + 1);
}

#[test]
fn the_socket_goes_with_a_stop_and_one_that_a_crash_left_is_in_nobodys_way() {
    let folder = tempfile::tempdir().unwrap();
    let (data, socket) = (folder.path().join("data"), folder.path().join("data/control"));
    let kept_there = format!("store.path={}", data.display());
    let first = Process::start("", &[&kept_there], &[]);
    assert!(socket.exists());
    first.signal(Signal::TERM);
    assert_eq!(first.ends().code, Some(0));
    assert!(!socket.exists());
    drop(UnixListener::bind(&socket).unwrap());
    let second = Process::start("", &[&kept_there], &[]);
    let (code, words) = order(&second, &["hidden", "--data", data.to_str().unwrap()]);
    assert_eq!((code, &*words), (Some(0), "nothing is hidden\n"));
}
