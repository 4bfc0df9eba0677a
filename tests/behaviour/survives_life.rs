//! Events in the life of a process: signals, a second process, a log that nobody reads, few open files, a supervisor,
//! a changed configuration.

use std::io::Read;
use std::os::unix::net::UnixDatagram;
use std::process::Stdio;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::Signal;

use crate::child::{PATIENCE, Process, folder, redraft};
use crate::site::{Article, NewsSite};

fn source(url: &str) -> String {
    format!("[[source]]\nurl = \"{url}\"\nname = \"Echo\"\nslug = \"echo\"\n")
}

#[test]
fn told_to_stop_it_ends_well_though_clients_and_sites_dawdle() {
    for signal in [Signal::TERM, Signal::INT] {
        let mute = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let process = Process::start(&source(&format!("http://{}/rss", mute.local_addr().unwrap())), &[], &[]);
        let (_asked, _) = mute.accept().unwrap();
        let mut slow = std::net::TcpStream::connect(process.address).unwrap();
        std::io::Write::write_all(&mut slow, b"GET / HTTP/1.1\r\n").unwrap();
        process.signal(signal);
        let end = process.ends();
        assert_eq!(end.code, Some(0), "{:#?}", end.log);
        assert!(end.log.iter().any(|line| line.contains("stopped")), "{:#?}", end.log);
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let process = Process::start("", &[], &[]);
    let mut slow = std::net::TcpStream::connect(process.address).unwrap();
    std::io::Write::write_all(&mut slow, b"GET / HTTP/1.1\r\n").unwrap();
    process.get("/health");
    process.signal(Signal::TERM);
    process.hears("stopping");
    process.signal(Signal::TERM);
    assert_eq!(process.ends().code, Some(128 + 15));
}

#[tokio::test(flavor = "multi_thread")]
async fn sources_come_and_go_without_a_restart_and_mistakes_change_nothing() {
    let site = NewsSite::open().await;
    site.publish(
        "/bridge",
        &Article::new("Bridge to close", &["The bridge over the Tarn closes on Monday, they said."]),
    );
    site.feed("/rss", &["/bridge"]);
    let process = Process::start("", &[], &[]);
    assert!(process.get("/").contains("Nothing is watched yet"));
    process.watch(&source(&site.url("/rss")));
    process.signal(Signal::HUP);
    process.hears("sources watched: 1");
    process.shows("/sources/echo", "Bridge to close");
    process.watch("[[source]]\nurl = \"https://news.example/rss\"\nurll = 5\n");
    process.signal(Signal::HUP);
    let refused = process.hears("the old one stays").pop().unwrap();
    assert!(refused.contains("config/sources.toml:3:1: "), "{refused}");
    assert!(process.get("/metrics").contains("redraft_config_refused 1"));
    assert!(process.get("/sources/echo").starts_with("HTTP/1.1 200"));
    process.watch("");
    process.signal(Signal::HUP);
    process.hears("sources watched: 0");
    assert!(process.get("/sources/echo").starts_with("HTTP/1.1 410"));
    let metrics = process.get("/metrics");
    for line in ["redraft_config_refused 0", "redraft_config_reloads_total{outcome=\"taken\"} 2", "redraft_sources 0"] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
    process.signal(Signal::TERM);
    assert_eq!(process.ends().code, Some(0));
}

#[test]
fn what_only_a_start_can_change_is_said_to_need_one() {
    let process = Process::start("", &[], &[]);
    let settings = "[publish]\nbase_url = \"https://other.example/\"\nentries = 7\n";
    std::fs::write(process.folder.path().join("config/redraft.toml"), settings).unwrap();
    process.signal(Signal::HUP);
    process.hears("publish.base_url has changed: restart redraft for it");
    assert!(!process.get("/edits.atom").contains("other.example"));
}

#[test]
fn a_second_daemon_is_told_that_it_is_one() {
    let process = Process::start("", &[], &[]);
    let end = redraft(process.folder.path()).output().unwrap();
    let words = String::from_utf8_lossy(&end.stderr).into_owned();
    assert_eq!(end.status.code(), Some(75), "{words}");
    assert!(words.contains("is already running on"), "{words}");
    assert!(process.get("/health").ends_with("ok\n"));
}

#[test]
fn a_mistake_in_the_configuration_is_64_and_too_few_files_are_78() {
    let folder = folder("[[source]]\nurl = 5\n");
    let end = redraft(folder.path()).output().unwrap();
    assert_eq!(end.status.code(), Some(64));
    assert!(String::from_utf8_lossy(&end.stderr).contains("sources.toml:2:7"), "{end:?}");
    std::fs::write(folder.path().join("config/sources.toml"), "").unwrap();
    let end = limited(200, folder.path()).output().unwrap();
    assert_eq!(end.status.code(), Some(78));
    assert!(String::from_utf8_lossy(&end.stderr).contains("only 200 open files are allowed"), "{end:?}");
}

/// A redraft that may open only this many files.
fn limited(files: u32, folder: &std::path::Path) -> std::process::Command {
    let whole = redraft(folder);
    let mut command = std::process::Command::new("/bin/sh");
    command.args(["-c", &format!("ulimit -n {files}; exec \"$0\" \"$@\"")]).arg(whole.get_program());
    command.args(whole.get_args()).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

#[test]
fn with_few_open_files_fewer_are_served_and_all_else_goes_on() {
    let folder = folder("");
    let process = Process::run(limited(350, folder.path()), folder);
    assert!(process.began[0].contains("the limit of open files allows only 30 connections"), "{:?}", process.began);
    let crowd: Vec<_> = (0..200).map(|_| std::net::TcpStream::connect(process.address).unwrap()).collect();
    assert!(process.get("/health").ends_with("ok\n"));
    drop(crowd);
    process.signal(Signal::TERM);
    assert_eq!(process.ends().code, Some(0));
}

#[test]
fn a_log_that_nobody_reads_blocks_nothing() {
    let (read, write) = rustix::pipe::pipe().unwrap();
    let flags = fcntl_getfl(&write).unwrap();
    fcntl_setfl(&write, flags | OFlags::NONBLOCK).unwrap();
    while rustix::io::write(&write, &[b'x'; 1024]).is_ok() {}
    while rustix::io::write(&write, b"x").is_ok() {}
    fcntl_setfl(&write, flags).unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let folder = folder("");
    let mut command = redraft(folder.path());
    command.args(["--set", &format!("serve.listen=127.0.0.1:{port}")]).stderr(Stdio::from(write));
    let mut child = command.spawn().unwrap();
    drop(command);
    let deadline = std::time::Instant::now() + PATIENCE;
    let mut stream = loop {
        match std::net::TcpStream::connect(("127.0.0.1", port)) {
            Ok(stream) => break stream,
            Err(error) => assert!(std::time::Instant::now() < deadline, "{error}"),
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    std::io::Write::write_all(&mut stream, b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut heard = String::new();
    stream.read_to_string(&mut heard).unwrap();
    assert!(heard.ends_with("ok\n"), "{heard}");
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    drop(read);
}

#[test]
fn a_supervisor_hears_of_start_life_reload_and_stop() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let supervisor = UnixDatagram::bind(&path).unwrap();
    supervisor.set_read_timeout(Some(PATIENCE)).unwrap();
    let hear = |wanted: &str| loop {
        let mut bytes = [0; 4096];
        let length = supervisor.recv(&mut bytes).unwrap_or_else(|error| panic!("no {wanted}: {error}"));
        let told = String::from_utf8_lossy(&bytes[..length]).into_owned();
        if told.contains(wanted) {
            return told;
        }
    };
    let process = Process::start("", &[], &[("NOTIFY_SOCKET", path.to_str().unwrap()), ("WATCHDOG_USEC", "100000")]);
    hear("READY=1");
    hear("WATCHDOG=1");
    process.signal(Signal::HUP);
    assert!(hear("RELOADING=1").contains("MONOTONIC_USEC="));
    hear("READY=1");
    process.signal(Signal::TERM);
    hear("STOPPING=1");
    assert_eq!(process.ends().code, Some(0));
}

#[test]
fn a_panic_is_counted_and_one_line() {
    use redraft::telemetry::{Exposition, Log, LogFormat, LogLevel, Metrics, init};
    init(&Log { format: LogFormat::Text, level: LogLevel::Error });
    let count = || {
        let text = Metrics::new().text(Exposition::Plain);
        let line = text.lines().find(|line| line.starts_with("redraft_panics_total ")).unwrap().to_owned();
        line.split(' ').nth(1).unwrap().parse::<u64>().unwrap()
    };
    let before = count();
    assert!(std::thread::spawn(|| panic!("two\nlines")).join().is_err());
    assert!(count() > before);
    // Other tests count their panics as usual.
    drop(std::panic::take_hook());
}
