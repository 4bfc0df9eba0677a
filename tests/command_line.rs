//! The program as people start it: its output and exit codes.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

/// Runs redraft in an empty directory with these lines on standard input, and with none of our environment variables.
fn redraft(arguments: &[&str], input: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_redraft"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("REDRAFT_")) {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(folder.path());
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("redraft starts");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn once_fails_if_every_poll_failed_and_says_what_was_done() {
    // A port without a listener.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let feed = format!("http://{free}/rss");
    let (code, out, err) = told(&redraft(&["once", "--set", "fetch.allow_private=[\"127.0.0.0/8\"]", &feed], ""));
    assert_eq!(code, Some(1), "{out}{err}");
    assert_eq!(out, "1 poll (1 failed) and 0 checks done; 0 versions kept, 0 edits published\n");
    assert!(err.contains("every poll failed"), "{err}");
}

#[test]
fn a_demo_refuses_settings_that_it_does_not_take() {
    let (code, _, err) = told(&redraft(&["demo", "--data", "x"], ""));
    assert_eq!(code, Some(64));
    assert!(err.contains("the demo does not take --data"), "{err}");
}

#[test]
fn a_configuration_without_sources_is_right_but_noted() {
    let (code, out, _) = told(&redraft(&["config", "check"], ""));
    assert_eq!(code, Some(0));
    assert!(out.contains("note: nothing is watched yet"), "{out}");
}

#[test]
fn each_line_that_is_not_blank_is_answered_by_its_number() {
    let (code, out, _) = told(&redraft(&["inspect", "page", "--jsonl"], "\n3\n\n{\"id\":1,\"html\":\"\"}\n"));
    let answers: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [wrong, empty] = answers.as_slice() else { panic!("{out}") };
    assert_eq!((code, &wrong["line"], &wrong["ok"]), (Some(0), &2.into(), &false.into()));
    assert!(empty["trouble"].is_string() && empty["id"] == 1 && empty.get("ok").is_none(), "{empty}");
}

#[test]
fn an_edit_needs_two_versions_and_its_usage_says_so() {
    let (code, _, err) = told(&redraft(&["inspect", "edit", "a"], ""));
    assert_eq!(code, Some(64));
    assert!(err.contains("redraft inspect edit [OPTIONS] <OLD> <NEW>"), "{err}");
}

#[test]
fn a_data_directory_that_is_a_file_is_refused_in_words() {
    let file = env!("CARGO_BIN_EXE_redraft");
    let (code, _, err) = told(&redraft(&["once", "--data", file, "https://news.example/rss"], ""));
    assert_eq!(code, Some(78), "{err}");
    assert!(err.contains("is a file, not a directory: name a directory"), "{err}");
}

#[test]
fn a_readers_list_of_feeds_becomes_sources() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("feeds.opml");
    let sources = folder.path().join("config/sources.toml");
    std::fs::write(&list, "<opml><body><outline text='Echo' xmlUrl='https://echo.example/rss'/></body></opml>")
        .unwrap();
    std::fs::create_dir(folder.path().join("config")).unwrap();
    let (config, list) = (folder.path().join("config").display().to_string(), list.display().to_string());
    let (code, out, err) = told(&redraft(&["import", &list, "--dry-run", "--config", &config], ""));
    assert_eq!(code, Some(0), "{err}");
    assert!(out.starts_with("line 1: added Echo as echo: https://echo.example/rss\n"), "{out}");
    assert!(out.contains("nothing was written") && !sources.exists(), "{out}");
    assert_eq!(told(&redraft(&["import", &list, "--config", &config], "")).0, Some(0));
    let text = std::fs::read_to_string(&sources).unwrap();
    assert_eq!(text, "[[source]]\nurl = \"https://echo.example/rss\"\nname = \"Echo\"\n");
    let (_, out, _) =
        told(&redraft(&["import", "-", "--config", &config], "<opml><outline xmlUrl='https://echo.example/rss'/>"));
    assert!(out.contains("already watched as echo") && out.contains("is unchanged"), "{out}");
    let (code, _, err) = told(&redraft(&["import", "-", "--config", &config], "<rss/>"));
    assert_eq!(code, Some(64));
    assert!(err.contains("a feed itself"), "{err}");
}

#[test]
fn sources_are_told_from_the_store_and_listed_for_readers() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let toml = format!(
        "[store]\npath = \"{}\"\n[fetch]\nallow_private = [\"127.0.0.0/8\"]\n[[source]]\nurl = \"http://{free}/rss?a=1&b=2\"\nname = \"Echo\"\n",
        path("data")
    );
    std::fs::write(path("redraft.toml"), toml).unwrap();
    let run = |words: &[&str]| told(&redraft(&[words, &["--config", &path("redraft.toml")]].concat(), ""));
    let (code, out, err) = run(&["sources"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("echo") && out.contains("it was not polled yet"), "{out}");
    run(&["once"]);
    let (_, out, _) = run(&["sources"]);
    assert!(out.contains("the last poll failed: unreachable"), "{out}");
    let (_, out, _) = run(&["sources", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&told["sources"][0]["slug"], &told["sources"][0]["last_good"]),
        (&"echo".into(), &serde_json::Value::Null)
    );
    let (_, out, _) = run(&["sources", "--opml"]);
    assert!(out.contains(&format!("xmlUrl=\"http://{free}/rss?a=1&amp;b=2\"")), "{out}");
}
