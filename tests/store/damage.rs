//! A store with damaged files: it either works as before, or is refused with a message that names a remedy, and the
//! remedy works. It never dies without a message, never hangs, and never loses data silently.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use redraft::model::ArticleId;

use crate::{arrive, at, look, open};

/// Environment variable with the number of cases; the default is [`CASES`].
const CASES_VARIABLE: &str = "REDRAFT_DAMAGE_CASES";
const CASES: u64 = 40;
/// Time limit for a command; a longer one hangs. Normally it takes a second.
const HANGS_AFTER: Duration = Duration::from_mins(2);

/// Pseudo-random numbers that depend only on the seed (`splitmix64`, Steele, Lea and Flood 2014).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }
}

/// A store with a backup.
fn whole(dir: &Path) {
    let store = open(dir);
    for turn in 0..60 {
        let id = arrive(&store, &format!("{}", turn % 12));
        store.record(look(store.article(id).unwrap().unwrap())).unwrap();
    }
    store.back_up(2, at(100)).unwrap();
    store.close().unwrap();
    // Opened once more, so that there is a snapshot of everything.
    let store = open(dir);
    assert_eq!(store.versions(ArticleId(1)).unwrap().len(), 5);
    store.close().unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, &target).map(drop).unwrap() }
    }
}

/// The snapshot of a database, if there is one.
fn snapshot(database: &Path) -> Option<PathBuf> {
    let mut files = fs::read_dir(database).unwrap().map(|entry| entry.unwrap().path());
    files.find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("snap.")))
}

/// Flips bits at random places.
fn flip(path: &Path, bits: u64, dice: &mut Dice) {
    let file = File::options().read(true).write(true).open(path).unwrap();
    let length = file.metadata().unwrap().len();
    for _ in 0..bits {
        let (place, mut byte) = (dice.below(length), [0]);
        if file.read_at(&mut byte, place).unwrap() == 1 {
            file.write_at(&[byte[0] ^ (1 << dice.below(8))], place).unwrap();
        }
    }
}

/// Overwrites a sector at a random place.
fn scribble(path: &Path, with: u8, dice: &mut Dice) {
    let file = File::options().write(true).open(path).unwrap();
    let length = file.metadata().unwrap().len();
    file.write_at(&[with; 4_096], dice.below(length.saturating_sub(4_096))).unwrap();
}

fn cut(path: &Path, dice: &mut Dice) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_len(dice.below(file.metadata().unwrap().len())).unwrap();
}

fn empty(path: &Path) {
    File::create(path).unwrap();
}

/// Damages the store in `dir`; returns a description.
fn damage(dir: &Path, case: u64) -> String {
    let mut dice = Dice(case);
    let name = ["state", "texts"][usize::try_from(dice.below(2)).unwrap()];
    let database = dir.join(name);
    let (db, conf) = (database.join("db"), database.join("conf"));
    let snap = snapshot(&database);
    let on_snap = |what: &dyn Fn(&Path)| snap.iter().for_each(|path| what(path));
    let kind = case % 20;
    match kind {
        0 => flip(&db, 1, &mut dice),
        1 => flip(&db, 64, &mut dice),
        2 => flip(&conf, 1, &mut dice),
        3 => snap.iter().for_each(|path| flip(path, 3, &mut dice)),
        4 => cut(&db, &mut dice),
        5 => snap.iter().for_each(|path| cut(path, &mut dice)),
        6 => empty(&db),
        7 => empty(&conf),
        8 => on_snap(&empty),
        9 => fs::remove_file(&db).unwrap(),
        10 => fs::remove_file(&conf).unwrap(),
        11 => on_snap(&|path| fs::remove_file(path).unwrap()),
        12 => {
            let part = dice.below(500);
            fs::write(database.join("snap.00000000000000AB.generating"), vec![7; usize::try_from(part).unwrap()])
                .unwrap();
        }
        13 => fs::remove_file(dir.join("witness")).unwrap(),
        14 => {
            fs::remove_file(dir.join("witness")).unwrap();
            cut(&db, &mut dice);
        }
        15 => fs::remove_dir_all(&database).unwrap(),
        16 => {
            fs::remove_file(dir.join("witness")).unwrap();
            fs::remove_dir_all(&database).unwrap();
        }
        17 => {
            fs::remove_file(dir.join("witness")).unwrap();
            empty(&db);
        }
        18 => scribble(&db, 0, &mut dice),
        _ => scribble(&db, 0x5a, &mut dice),
    }
    format!("case {case}: damage of kind {kind} to {name}")
}

/// Runs redraft on the store in `dir`; an error if it hangs.
fn redraft(dir: &Path, arguments: &[&str]) -> Result<Output, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redraft"));
    command.args(arguments).arg("--data").arg(dir).current_dir(dir).env_clear();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > HANGS_AFTER {
            child.kill().unwrap();
            return Err(format!("{arguments:?} hangs"));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(child.wait_with_output().unwrap())
}

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The content of an export, without its date and the hash over that.
fn said(dir: &Path) -> Result<Vec<String>, String> {
    let done = redraft(dir, &["export", "export"])?;
    if !done.status.success() {
        return Err(format!("cannot be exported: {}", words(&done)));
    }
    let packed = fs::read(dir.join("export")).unwrap();
    let text = String::from_utf8(zstd::stream::decode_all(packed.as_slice()).unwrap()).unwrap();
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    Ok(lines[1..lines.len() - 1].to_vec())
}

/// Whether a damaged store was refused; an error if it neither works nor is refused properly.
fn refused(dir: &Path, whole: &[String]) -> Result<bool, String> {
    let verified = redraft(dir, &["verify"])?;
    let words_of_it = words(&verified);
    if !verified.status.success() {
        if !matches!(verified.status.code(), Some(1 | 78)) || words_of_it.contains("panicked at") {
            return Err(format!("{:?}: {words_of_it}", verified.status));
        }
        if !words_of_it.contains("redraft restore") {
            return Err(format!("no way back: {words_of_it}"));
        }
        let restored = redraft(dir, &["restore"])?;
        if !restored.status.success() {
            return Err(format!("not restored: {}", words(&restored)));
        }
    }
    if said(dir)? != whole {
        return Err(format!("is another store now, after: {words_of_it}"));
    }
    Ok(!verified.status.success())
}

#[test]
fn a_damaged_store_is_as_it_was_or_is_refused_with_a_way_back_that_works() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("base");
    whole(&base);
    let whole = said(&base).unwrap();
    fs::remove_file(base.join("export")).unwrap();
    let cases = std::env::var(CASES_VARIABLE).ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let (mut count, mut wrong) = (0, Vec::new());
    for case in 0..cases {
        let dir = folder.path().join(format!("{case}"));
        copy(&base, &dir);
        let what = damage(&dir, case);
        match refused(&dir, &whole) {
            Ok(was_refused) => count += u64::from(was_refused),
            Err(why) => wrong.push(format!("{what}: {why}")),
        }
        fs::remove_dir_all(&dir).unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count * 5 > cases, "only {count} of {cases} damaged stores were noticed");
}
