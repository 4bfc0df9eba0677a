//! Tests that the demo shows what the rules of judging find: the script is played with a held clock, and redraft's
//! edits are read from its store.

use super::*;
use crate::model::{Class, EditKind};
use crate::schedule::Scope as Look;

/// Runs four rounds of checks, two seconds apart. Returns what the witness saw.
async fn run_checks(daemon: &Daemon, clock: &Clock, witness: &mut Witness) -> Vec<Sight> {
    for _ in 0..4 {
        clock.set(clock.now() + SignedDuration::from_secs(2));
        daemon.once(Look::Due, clock.now(), |_| {}).await.unwrap();
    }
    tokio::task::block_in_place(|| witness.look().unwrap())
}

/// One word for each sight.
fn names_of(sights: &[Sight]) -> Vec<String> {
    let name = |sight: &Sight| match sight {
        Sight::Published(edit) if edit.kind == EditKind::Changed => {
            edit.classes().first().map_or("changed", |class| class.name()).to_owned()
        }
        Sight::Published(edit) => edit.kind.name().to_owned(),
        Sight::Passed { note, .. } => note.outcome.name().to_owned(),
        Sight::Quiet { .. } => "quiet".to_owned(),
    };
    sights.iter().map(name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_of_the_script_is_seen_for_what_it_is() {
    let clock = Clock::held("2026-08-01T09:00:00Z".parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let site = NewsSite::open(clock.clone()).await.unwrap();
    let config = demo_config(1.0, &directory.path().join("data"), "127.0.0.1:8080".parse().unwrap(), &site).unwrap();
    let opening = clock.clone();
    let daemon = tokio::task::spawn_blocking(|| Daemon::open(config, opening)).await.unwrap().unwrap();
    let mut witness = Witness::new(daemon.store().clone(), Duration::ZERO);
    assert_eq!(names_of(&run_checks(&daemon, &clock, &mut witness).await), Vec::<String>::new());
    assert_eq!(witness.known(), site.len());
    let mut came = Vec::new();
    for step in &SCRIPT {
        assert!(site.act(step).is_some());
        came.push((step.slug, names_of(&run_checks(&daemon, &clock, &mut witness).await).join(" ")));
    }
    let wanted = [
        ("school", Class::Correction.name()),
        ("library", Class::Headline.name()),
        ("ferry", Class::Figure.name()),
        ("market", ""),
        ("quarry", Class::Removed.name()),
        ("seawall", "suspect"),
        ("bridge", "kept"),
        ("museum", "removed"),
    ];
    assert_eq!(came, wanted.map(|(slug, sights)| (slug, sights.to_owned())));
}
