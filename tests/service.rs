//! The systemd unit that we ship: systemd accepts it, and the program accepts its arguments.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::process::{Command, Stdio};

const UNIT: &str = include_str!("../docs/redraft.service");
/// Path at which the unit expects the program.
const INSTALLED: &str = "/usr/local/bin/redraft";

/// The values of a setting, in order.
fn values(name: &str) -> impl Iterator<Item = &'static str> + '_ {
    UNIT.lines().filter_map(move |line| line.strip_prefix(name)?.strip_prefix('='))
}

#[test]
fn systemd_accepts_the_unit_without_a_word() {
    let is_there = |program: &str| Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok();
    // Without systemd, the unit cannot be checked.
    if !is_there("systemd-analyze") || !Path::new("/bin/kill").exists() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let unit = folder.path().join("redraft.service");
    std::fs::write(&unit, UNIT.replace(INSTALLED, env!("CARGO_BIN_EXE_redraft"))).unwrap();
    let verified = Command::new("systemd-analyze").arg("verify").arg(&unit).output().unwrap();
    let said = String::from_utf8([verified.stdout, verified.stderr].concat()).unwrap();
    assert_eq!((verified.status.success(), &*said), (true, ""));
}

#[test]
fn the_unit_starts_the_program_as_it_wants_to_be_started() {
    let commands: Vec<&str> = values("ExecStart").collect();
    let [command] = commands.as_slice() else { panic!("{commands:?}") };
    let mut words = command.split(' ');
    assert_eq!(words.next(), Some(INSTALLED));
    let told = Command::new(env!("CARGO_BIN_EXE_redraft")).args(words).args(["config", "--help"]).output().unwrap();
    assert!(told.status.success(), "{told:?}");
    // Debian 12 has systemd 252, which does not know later types.
    assert_eq!(values("Type").collect::<Vec<_>>(), ["notify"]);
    assert_eq!(values("ExecReload").collect::<Vec<_>>(), ["/bin/kill -HUP $MAINPID"]);
}

#[test]
fn the_unit_does_not_start_again_what_would_fail_again() {
    let prevented: Vec<i32> = values("RestartPreventExitStatus")
        .flat_map(|codes| codes.split(' '))
        .map(|code| code.parse().unwrap())
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let code = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_redraft"));
        command.args(arguments).current_dir(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().unwrap().code().unwrap()
    };
    let wrong_use = code(&["--set", "no.setting=1"]);
    let no_directory = code(&["run", "https://news.example/rss", "--data", file.to_str().unwrap()]);
    assert_eq!(prevented, [wrong_use, no_directory]);
}
