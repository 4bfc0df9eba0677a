//! Properties of comparing and judging, on random texts built from pieces that caused trouble before.

use proptest::prelude::*;
use redraft::classify::{classify, noise_only};
use redraft::compare::normal::is_invisible;
use redraft::compare::{compare, identity, segments};
use redraft::model::{Block, BlockKind, Class, Comparison, Content, Judging, Op, Relation, Segment};

/// Words, marks and blocks that exercise every rule; most texts are built from them.
const PIECES: &[&str] = &[
    "the",
    "police",
    "said",
    "admitted",
    "12",
    "1,000",
    "two",
    "million",
    "Monday",
    "not",
    "allegedly",
    "“safe”",
    "London",
    "Mr.",
    "a.m.",
    "—",
    "…",
    "e\u{301}",
    "東京",
    "不",
    "ไม่",
    "\u{200B}",
    "كتاب",
    "שלום",
    "नहीं",
    "😀",
    "\u{AD}",
    "ß",
    "İ",
    "'",
    "\"",
    "(",
    ")",
    ".",
    "!",
    "?",
    "。",
    ",",
    "3.",
    "Mai",
    "10:22",
    "updated",
    "comments",
    "%",
    "rose",
    "fell",
];

/// Whole blocks of every role.
const BLOCKS: &[&str] = &[
    "Correction: an earlier version of this article gave the wrong year.",
    "Read more: what the harbour says",
    "Updated 3 hours ago",
    "712 comments",
    "14:05 The gates were opened to the public.",
    "The mayor said that 12 people had been hurt. Two of them were still in hospital on Monday.",
];

fn block() -> impl Strategy<Value = String> {
    let words = prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|words| words.join(" "));
    prop_oneof![6 => words, 3 => prop::sample::select(BLOCKS).prop_map(str::to_owned), 1 => "\\PC{0,60}"]
}

fn content() -> impl Strategy<Value = Content> {
    (prop::collection::vec(block(), 0..12), block())
        .prop_map(|(blocks, headline)| Content::of_paragraphs(headline, blocks))
}

/// A content, and the same after a heavy edit.
fn pair() -> impl Strategy<Value = (Content, Content)> {
    let edits =
        prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..6u8, block()), 0..6);
    (content(), edits).prop_map(|(old, edits)| {
        let mut new = old.clone();
        for (at, to, what, text) in edits {
            edit(&mut new.blocks, at, to, what, text);
        }
        (old, new)
    })
}

fn edit(blocks: &mut Vec<Block>, at: prop::sample::Index, to: prop::sample::Index, what: u8, text: String) {
    let paragraph = |text: String| Block { kind: BlockKind::Paragraph, text };
    if blocks.is_empty() {
        return blocks.push(paragraph(text));
    }
    let (at, to) = (at.index(blocks.len()), to.index(blocks.len()));
    match what {
        0 => drop(blocks.remove(at)),
        1 => blocks.insert(at, paragraph(text)),
        2 => {
            let moved = blocks.remove(at);
            blocks.insert(to.min(blocks.len()), moved);
        }
        3 => blocks[at].text.extend([" ", &text]),
        4 => {
            let cut = blocks[at].text.floor_char_boundary(20);
            let tail = blocks[at].text.split_off(cut);
            blocks.insert(at + 1, paragraph(tail));
        }
        _ => blocks[at].text = blocks[at].text.replace("12", "21").replace("said", "admitted"),
    }
}

/// A text, and the same with other quotation marks, dashes, capitals and digits, and with one block moved.
fn restyled() -> impl Strategy<Value = (Content, Content)> {
    (pair(), any::<bool>()).prop_map(|((old, mut new), upper)| {
        let pairs = [('“', '"'), ('”', '"'), ('\'', '’'), ('—', '-'), ('…', '⋯'), ('1', '１'), ('\u{AD}', '\u{200B}')];
        let other = |c: char| pairs.iter().find(|pair| pair.0 == c).map_or(c, |pair| pair.1);
        for text in new.blocks.iter_mut().map(|block| &mut block.text).chain([&mut new.headline]) {
            *text = text.chars().map(other).collect();
            if upper {
                *text = text.to_uppercase();
            }
        }
        (old, new)
    })
}

/// A text without its white space.
fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn visible(text: &str) -> String {
    text.chars().filter(|&c| !c.is_whitespace() && !is_invisible(c)).collect()
}

/// The new text, rebuilt from a comparison.
fn new_text(comparison: &Comparison, new: &Content) -> String {
    let row = segments(comparison, new);
    row.iter().filter(|segment| segment.op != Op::Removed).map(|segment| segment.text.as_str()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_comparison_applied_to_the_old_text_gives_the_new((old, new) in pair()) {
        let comparison = compare(&old, &new);
        let blocks: String = new.blocks.iter().map(|block| block.text.as_str()).collect();
        prop_assert_eq!(visible(&new_text(&comparison, &new)), visible(&(new.headline.clone() + &blocks)));
    }

    #[test]
    fn both_sides_of_a_passage_are_their_versions_word_for_word((old, new) in prop_oneof![pair(), restyled()]) {
        let comparison = compare(&old, &new);
        let text = |blocks: &[Block], indexes: &[usize]| -> String {
            indexes.iter().map(|&at| blocks[at].text.as_str()).collect()
        };
        for passage in &comparison.passages {
            prop_assert_eq!(letters(&passage.old_text()), letters(&text(&old.blocks, &passage.old)), "{:?}", passage);
            prop_assert_eq!(letters(&passage.new_text()), letters(&text(&new.blocks, &passage.new)), "{:?}", passage);
        }
        if let Some(change) = &comparison.headline {
            let side = |keep: fn(Op) -> bool, text: fn(&Segment) -> &str| -> String {
                change.segments.iter().filter(|segment| keep(segment.op)).map(text).collect()
            };
            prop_assert_eq!(letters(&side(Op::is_in_old, Segment::old_text)), letters(&old.headline));
            prop_assert_eq!(letters(&side(Op::is_in_new, |segment| &segment.text)), letters(&new.headline));
        } else {
            prop_assert_eq!(letters(&old.headline), letters(&new.headline));
        }
    }

    #[test]
    fn every_old_block_has_one_place_in_the_old_order((old, new) in pair()) {
        let comparison = compare(&old, &new);
        let mut all: Vec<usize> = comparison.passages.iter().flat_map(|passage| passage.old.clone()).collect();
        let in_place = comparison.passages.iter().filter(|passage| !passage.moved);
        let in_place: Vec<usize> = in_place.filter_map(|passage| passage.old.first().copied()).collect();
        prop_assert!(in_place.is_sorted(), "{in_place:?} {:#?}", comparison.passages);
        all.sort_unstable();
        let blank = |text: &str| text.chars().all(|c| c.is_whitespace() || is_invisible(c));
        let expected: Vec<usize> = (0..old.blocks.len()).filter(|&at| !blank(&old.blocks[at].text) || all.contains(&at)).collect();
        prop_assert_eq!(all, expected, "every old block once");
    }

    #[test]
    fn what_was_there_is_kept_removed_or_moved(old in content(), new in content()) {
        let comparison = compare(&old, &new);
        let new_blocks: Vec<usize> = comparison.passages.iter().flat_map(|passage| passage.new.clone()).collect();
        let blank = |text: &str| text.chars().all(|c| c.is_whitespace() || is_invisible(c));
        let expected: Vec<usize> = (0..new.blocks.len()).filter(|&at| !blank(&new.blocks[at].text) || new_blocks.contains(&at)).collect();
        prop_assert_eq!(new_blocks, expected, "every new block once, in order");
    }

    #[test]
    fn a_text_compared_with_itself_is_empty(content in content()) {
        let comparison = compare(&content, &content);
        prop_assert!(comparison.is_empty());
        prop_assert!(comparison.sentences.is_empty());
        let verdict = classify(&content, &content, &comparison, &Judging::default());
        prop_assert!(verdict.reasons.is_empty() && noise_only(&verdict));
    }

    #[test]
    fn moved_text_is_never_also_added(old in content(), turn in any::<prop::sample::Index>()) {
        let mut new = old.clone();
        let middle = turn.index(new.blocks.len() + 1);
        new.blocks.rotate_left(middle);
        let comparison = compare(&old, &new);
        let words = comparison.passages.iter().flat_map(|passage| &passage.segments);
        let added: String = words.filter(|s| s.op == Op::Added).map(|s| s.text.as_str()).collect();
        prop_assert!(visible(&added).is_empty(), "added: {added:?}");
        prop_assert!(comparison.passages.iter().all(|passage| passage.relation != Relation::Added));
    }

    #[test]
    fn judging_is_total_and_bounded((old, new) in pair()) {
        let comparison = compare(&old, &new);
        let verdict = classify(&old, &new, &comparison, &Judging::default());
        prop_assert!((0.0..=1.0).contains(&verdict.score));
        prop_assert!(verdict.reasons.iter().all(|reason| (0.0..=1.0).contains(&reason.score) && !reason.fact.to_string().is_empty()));
        prop_assert!(verdict.reasons.is_sorted_by(|a, b| a.score >= b.score));
        prop_assert_eq!(verdict.substantive, verdict.score >= 0.40);
        prop_assert!(!verdict.reasons.is_empty() || identity(&old) == identity(&new));
    }

    #[test]
    fn where_noise_stands_never_changes_a_verdict(old in content(), a in 0..8usize, b in 0..8usize) {
        let noise = ["Read more: what the harbour says", "Updated 7 minutes ago", "Share"];
        let with_noise = |places: [usize; 2]| {
            let mut new = old.clone();
            for (at, text) in places.into_iter().zip(noise) {
                let block = Block { kind: BlockKind::Paragraph, text: text.to_owned() };
                new.blocks.insert(at.min(new.blocks.len()), block);
            }
            let comparison = compare(&old, &new);
            classify(&old, &new, &comparison, &Judging::default())
        };
        let (one, other) = (with_noise([a, b]), with_noise([b, a]));
        prop_assert_eq!(one.substantive, other.substantive);
        prop_assert!(!one.substantive, "{:?}", one.reasons);
        prop_assert!(one.reasons.iter().all(|reason| matches!(reason.class, Class::Boilerplate | Class::Moved)));
    }

    #[test]
    fn invisible_characters_are_no_change(old in content()) {
        let mut new = old.clone();
        for block in &mut new.blocks {
            block.text = format!(" {}\u{200B} ", block.text.replace(' ', "\u{A0}"));
        }
        prop_assert_eq!(identity(&old), identity(&new));
        prop_assert!(compare(&old, &new).is_empty());
    }
}
