use super::*;
use crate::model::BlockKind;

fn content(paragraphs: &[&str]) -> Content {
    let blocks = paragraphs.iter().map(|text| Block { kind: BlockKind::Paragraph, text: (*text).to_owned() }).collect();
    Content { headline: "Storm hits the coast".to_owned(), blocks, ..Content::default() }
}

fn relations(old: &[&str], new: &[&str]) -> Vec<(Relation, Vec<usize>, Vec<usize>)> {
    let comparison = compare(&content(old), &content(new));
    comparison.passages.into_iter().map(|passage| (passage.relation, passage.old, passage.new)).collect()
}

const A: &str = "The storm reached the southern coast on Monday. Trees fell across the main road to the harbour.";
const B: &str = "The mayor asked people to stay at home. Schools in three districts remained closed.";
const C: &str = "Power returned to most villages by the evening, the regional grid operator said.";
const D: &str = "Insurers expect claims worth several million from fishermen whose boats were damaged.";

#[test]
fn a_text_compared_with_itself_is_empty() {
    assert!(compare(&content(&[A, B, C]), &content(&[A, B, C])).is_empty());
}

#[test]
fn paragraphs_are_added_removed_and_moved() {
    assert_eq!(relations(&[A, B], &[A, C, B])[1], (Relation::Added, vec![], vec![1]));
    assert_eq!(relations(&[A, C, B], &[A, B])[1], (Relation::Removed, vec![1], vec![]));
    assert_eq!(relations(&[A, B, C, D], &[D, A, B, C])[0], (Relation::Moved, vec![3], vec![0]));
}

#[test]
fn paragraphs_are_split_and_merged() {
    let (first, second) = B.split_once(". ").unwrap();
    let first = format!("{first}.");
    assert_eq!(relations(&[A, B, C], &[A, &first, second, C])[1], (Relation::Split, vec![1], vec![1, 2]));
    assert_eq!(relations(&[A, &first, second, C], &[A, B, C])[1], (Relation::Merged, vec![1, 2], vec![1]));
}

#[test]
fn dropping_what_was_removed_gives_the_new_text() {
    let (old, new) = (content(&[A, B, C, D]), content(&[D, "Something else entirely was here.", B, A]));
    let row = segments(&compare(&old, &new), &new);
    let kept = row.iter().filter(|segment| segment.op != Op::Removed).map(|segment| segment.text.as_str());
    let lines = new.blocks.iter().map(|block| block.text.as_str());
    let expected: Vec<&str> = std::iter::once(new.headline.as_str()).chain(lines).collect();
    assert_eq!(kept.collect::<String>().trim_end().lines().collect::<Vec<_>>(), expected);
}

#[test]
fn identity_ignores_white_space_and_invisible_characters() {
    assert_eq!(identity(&content(&["one two", " "])), identity(&content(&["one\u{A0}\u{200B}two"])));
    assert_ne!(identity(&content(&["one two"])), identity(&content(&["one", "two"])));
}
