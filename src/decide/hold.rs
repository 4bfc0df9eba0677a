//! What is not published at once: three checks in a row must show a change, and what may be the host's doing waits for its others.

use jiff::Timestamp;

use super::scene::Scene;
use crate::cadence::Look;
use crate::model::{Comparison, Digest, Fact};

/// Looks in a row that must show the same odd-looking text before it counts as the article's.
const SUSPECT_LOOKS: u32 = 4;
/// An odd-looking text must also have stood for so many times the wait for the first further look (two hours, with the default
/// of five minutes): a wall or a broken deploy often lasts longer than a few minutes.
const SUSPECT_WAITS: i32 = 24;
/// Looks in a row that must show a change before it is told: what is made anew for each request (a random teaser, a counter, a
/// question against robots) is another at the second, and of two headlines that are tried on readers by turns the other comes
/// at one of two further looks in three of four cases.
const CONFIRMING_LOOKS: u32 = 3;
/// Looks in a row at which an edit that brought or took whole blocks is held while it may be the host's doing.
const MOST_HOLDS: u32 = 3;
/// Marks of a change that are remembered: it is known again by one.
const MAX_MARKS: usize = 64;

/// Whether an odd-looking text stood long enough to count as the article's; if not, it is looked at again.
pub(super) fn stood(scene: &mut Scene<'_>, why: Fact, identity: Digest, comparison: &Comparison) -> bool {
    let (looks, since) = scene.suspect(why, identity, marks(comparison));
    let stood = scene.now.duration_since(since) >= scene.rules.pace.suspect_first * SUSPECT_WAITS;
    if looks >= SUSPECT_LOOKS && stood {
        return true;
    }
    scene.decision.asks_others = looks == 1;
    scene.look_again(Look::Suspect(looks));
    false
}

/// Whether an edit is held: until it was seen again and, where it brought or took whole blocks, until other articles of the host
/// were looked at, too, since it may be a redesign of them all.
pub(super) fn waits(scene: &mut Scene<'_>, identity: Digest, comparison: &Comparison) -> bool {
    let may_be_the_hosts = !scene.decision.blocks.is_empty() && scene.rules.recent.is_crowd();
    let why = if may_be_the_hosts {
        Fact::new("whole blocks came or went: published once other articles of the host were looked at")
    } else {
        Fact::new("published once {looks} checks in a row show it").with(CONFIRMING_LOOKS)
    };
    let was_suspect = scene.article().suspicion.is_some();
    let (looks, since) = scene.suspect(why, identity, marks(comparison));
    let seen_enough = looks >= CONFIRMING_LOOKS;
    if seen_enough && (!may_be_the_hosts || is_its_own(scene, looks, since)) {
        return false;
    }
    // What is another at every look is looked at no sooner than ever.
    let restless = was_suspect && looks == 1;
    scene.decision.held = !restless;
    scene.decision.asks_others = may_be_the_hosts && !restless;
    scene.look_again(if restless { Look::Unchanged } else { Look::Held });
    true
}

fn is_its_own(scene: &Scene<'_>, looks: u32, since: Timestamp) -> bool {
    let (recent, article) = (scene.rules.recent, scene.article().id);
    let alone = recent.sharing(article, &scene.decision.blocks) == 1 && recent.can_tell(article, since);
    alone || looks > MOST_HOLDS
}

/// What a change is known by at the next look: what is new, sentence by sentence; what is gone, where nothing came in its place.
fn marks(comparison: &Comparison) -> Vec<u64> {
    let mark = |text: &str| Digest::of(text.as_bytes()).short();
    let fields = [&comparison.headline, &comparison.standfirst].into_iter().flatten();
    let fields = fields.filter(|change| !change.only_restyled).map(|change| mark(&change.new));
    let sentences = comparison.sentences.iter().filter(|pair| !pair.moved);
    let texts = sentences.filter_map(|pair| pair.new.as_deref().or(pair.old.as_deref())).map(mark);
    fields.chain(texts).take(MAX_MARKS).collect()
}
