//! Exports and backups of a store that a running redraft has open, and the messages of commands that need the store
//! to themselves.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Stdio;

use rustix::process::Signal;

use crate::child::Process;
use crate::site::{Article, NewsSite};
use crate::takes_orders::{command, order, watching};

/// More than all pipes and sockets between two processes hold, in compressed bytes.
const LARGE_BYTES: usize = 4 << 20;

/// A redraft with a large export: its article's page contains noise that cannot be compressed.
async fn watching_much() -> (NewsSite, Process) {
    let site = NewsSite::open().await;
    let mut seed = 1_u64;
    let mut noise = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'a' + (seed >> 33) as u8 % 26)
    };
    let noise: String = (0..LARGE_BYTES).map(|_| noise()).collect();
    let page = Article::new("Bridge to close", &["The bridge over the Tarn closes on Monday, they said."]).html();
    let page = page.replace("</footer>", &format!("<!-- {noise} --></footer>"));
    site.put("/bridge", 200, &[("content-type", "text/html")], &page);
    site.feed("/rss", &["/bridge"]);
    let source = format!("[[source]]\nurl = \"{}\"\nslug = \"echo\"\n", site.url("/rss"));
    let process = Process::start(&source, &[], &[]);
    process.shows("/sources/echo", "Bridge to close");
    (site, process)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_of_a_running_redraft_is_the_bytes_of_one_that_is_stopped() {
    let (_site, process) = watching().await;
    assert_eq!(order(&process, &["hide", "1", "--reason", "At the wish of the mayor."]).0, Some(0));
    let (code, words) = order(&process, &["export", "running.zst"]);
    assert_eq!((code, &*words), (Some(0), "running.zst: 1 article, 1 version, 0 edits\n"));
    let piped = command(process.folder.path(), &["export"]).output().unwrap();
    assert_eq!(piped.status.code(), Some(0));
    assert_eq!(String::from_utf8(piped.stderr).unwrap(), "exported 1 article, 1 version, 0 edits\n");
    let folder = process.folder.path().to_owned();
    let running = fs::read(folder.join("running.zst")).unwrap();
    assert_eq!(piped.stdout, running);
    assert_eq!(order(&process, &["export", "running.zst"]).0, Some(1), "a file that is there stays");
    process.signal(Signal::TERM);
    let kept = tempfile::tempdir().unwrap();
    for name in ["config", "data"] {
        copy(&folder.join(name), &kept.path().join(name));
    }
    assert_eq!(process.ends().code, Some(0));
    let stopped = command(kept.path(), &["export"]).output().unwrap();
    assert_eq!((stopped.status.code(), stopped.stdout), (Some(0), running));
}

/// Copies a directory once its lock shows that nobody writes to it.
fn copy(from: &std::path::Path, to: &std::path::Path) {
    if let Ok(lock) = fs::File::open(from.join("lock")) {
        rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).unwrap();
    }
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else if kind.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_nobody_takes_holds_up_nothing_and_ends_with_redraft() {
    let (_site, process) = watching_much().await;
    // The command fills the pipe and then waits.
    let mut stalled =
        command(process.folder.path(), &["export"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = stalled.stdout.take().unwrap();
    let mut start = [0; 4];
    out.read_exact(&mut start).unwrap();
    assert_eq!(start, [0x28, 0xb5, 0x2f, 0xfd], "it has begun");
    assert_eq!(order(&process, &["hidden"]), (Some(0), "nothing is hidden\n".to_owned()));
    assert!(process.get("/edits.atom").starts_with("HTTP/1.1 200"));
    let (code, words) = order(&process, &["export", "second.zst"]);
    assert!(code == Some(75) && words.contains("another export is in progress: try again when it is done"), "{words}");
    assert!(!process.folder.path().join("second.zst").exists(), "nothing is left of an export that is not whole");
    process.signal(Signal::TERM);
    assert_eq!(process.ends().code, Some(0));
    let mut rest = Vec::new();
    out.read_to_end(&mut rest).unwrap();
    let mut words = String::new();
    stalled.stderr.take().unwrap().read_to_string(&mut words).unwrap();
    assert_eq!(stalled.wait().unwrap().code(), Some(75), "{words}");
    assert!(words.contains("its answer is incomplete") && words.contains("data/backups"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_export_is_whole_and_becomes_a_store_elsewhere() {
    let (_site, process) = watching_much().await;
    assert_eq!(order(&process, &["export", "all.zst"]).0, Some(0));
    assert!(fs::metadata(process.folder.path().join("all.zst")).unwrap().len() > LARGE_BYTES as u64 / 2);
    let (code, words) = order(&process, &["import", "all.zst", "--data", "other"]);
    assert!(code == Some(0) && words.contains("1 article, 1 version"), "{words}");
    let (code, words) = order(&process, &["verify", "--data", "other"]);
    assert!(code == Some(0) && words.contains("no damage"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_redraft_writes_a_backup_by_order() {
    let (_site, process) = watching().await;
    let (code, words) = order(&process, &["backup"]);
    let path = process.folder.path().join(words.trim_end());
    assert!(code == Some(0) && path.is_file(), "{words}");
    let (code, words) = order(&process, &["import", path.to_str().unwrap(), "--data", "other"]);
    assert_eq!(code, Some(0), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_that_need_the_store_to_themselves_say_what_to_do() {
    let (_site, process) = watching().await;
    assert_eq!(order(&process, &["export", "all.zst"]).0, Some(0));
    for (words, advice) in [
        (&["verify"][..], "or verify its newest backup: `redraft import BACKUP --data DIRECTORY`"),
        (&["compact"], "stop redraft first"),
        (&["restore", "all.zst"], "the old store is then moved aside"),
        (&["import", "all.zst"], "name a directory that does not exist yet with --data"),
    ] {
        let (code, told) = order(&process, words);
        let needs = format!("`redraft {}` needs the store to itself: stop redraft first", words[0]);
        assert!(code == Some(75) && told.contains(&needs) && told.contains(advice), "{words:?}: {told}");
        assert!(told.contains("redraft runs on ") && told.contains("(process "), "{told}");
    }
    assert!(process.get("/health").starts_with("HTTP/1.1 200"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_give_orders_is_told_who_may_and_where_backups_are() {
    const NOBODY: u32 = 65_534;
    // Only root can act as another user.
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let (_site, process) = watching().await;
    fs::set_permissions(process.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let backup = order(&process, &["backup"]).1;
    let by_nobody = |words: &[&str]| {
        let out = command(process.folder.path(), words).uid(NOBODY).gid(NOBODY).output().unwrap();
        (out.status.code(), String::from_utf8([out.stdout, out.stderr].concat()).unwrap())
    };
    // First the system refuses, then redraft itself.
    for mode in [0o755, 0o777] {
        fs::set_permissions(process.folder.path().join("data/control"), fs::Permissions::from_mode(mode)).unwrap();
        let (code, words) = by_nobody(&["hide", "1", "--reason", "x"]);
        assert!(code == Some(75) && words.contains("and root: run this command as one of them"), "{mode:o}: {words}");
    }
    let (code, words) = by_nobody(&["export"]);
    assert!(code == Some(75) && words.contains("and root: run this command as one of them"), "{words}");
    fs::set_permissions(process.folder.path().join("data/control"), fs::Permissions::from_mode(0o755)).unwrap();
    let (code, words) = by_nobody(&["export"]);
    assert!(code == Some(75) && words.contains(&format!("which is an export, is {}", backup.trim_end())), "{words}");
    assert!(process.get("/articles/1").starts_with("HTTP/1.1 200"));
}
