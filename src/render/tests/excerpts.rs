use super::segments;
use crate::model::{FieldChange, Op, Passage, Relation, Segment};
use crate::render::excerpt::{Side, line, marked_field, whole};
use crate::render::pieces::{Piece, of_field, of_passage};
use crate::render::tokens::tokens;

const LONG: usize = 2000;

fn pieces(notation: &str) -> Vec<Piece> {
    let (old, new) = (String::new(), String::new());
    of_field(&FieldChange { old, new, segments: segments(notation), only_restyled: false })
}

fn passage(relation: Relation, notation: &str) -> Vec<Piece> {
    let segments = segments(notation);
    let moved = relation == Relation::MovedEdited;
    of_passage(&Passage { relation, old: vec![0], new: vec![0], moved, extract_of: None, segments })
}

fn both(notation: &str) -> (String, String) {
    let pieces = pieces(notation);
    (line(&pieces, Side::Was, LONG), line(&pieces, Side::Now, LONG))
}

#[test]
fn tokens_keep_numbers_amounts_times_and_addresses_whole() {
    let text = "At 11:40 it cost £5.50 (−3%), see https://a.example/x?y=1. COVID-19, don't 市长9人";
    let words: Vec<&str> = tokens(text).into_iter().filter(|token| !token.trim().is_empty()).collect();
    let expected = [
        "At",
        "11:40",
        "it",
        "cost",
        "£5.50",
        "(",
        "−3%",
        ")",
        ",",
        "see",
        "https://a.example/x?y=1",
        ".",
        "COVID-19",
        ",",
        "don't",
        "市",
        "长",
        "9",
        "人",
    ];
    assert_eq!(words, expected);
    assert_eq!(tokens(text).concat(), text);
}

#[test]
fn marks_cover_whole_words() {
    let (was, now) = both("=The |-coun|+may|-cil|+or|= spent.");
    assert_eq!(was, "The <del><b>council</b></del> spent.");
    assert_eq!(now, "The <ins><b>mayor</b></ins> spent.");
}

#[test]
fn a_mark_of_one_character_takes_its_neighbour_along() {
    let (was, now) = both("=They spent |-5|+7|= days.");
    assert_eq!(was, "They spent <del><b>5 days</b></del>.");
    assert_eq!(now, "They spent <ins><b>7 days</b></ins>.");
    let (was, now) = both("=It is over|-.|+!");
    assert_eq!(was, "It is <del><b>over.</b></del>");
    assert_eq!(now, "It is <ins><b>over!</b></ins>");
}

#[test]
fn part_of_a_time_marks_the_time() {
    let (was, now) = both("=It began at 11:|-4|+5|=0 sharp.");
    assert_eq!(was, "It began at <del><b>11:40</b></del> sharp.");
    assert_eq!(now, "It began at <ins><b>11:50</b></ins> sharp.");
}

#[test]
fn marks_that_only_a_blank_parts_are_one() {
    let (was, _) = both("=A |-quick|= |-brown|= fox.");
    assert_eq!(was, "A <del><b>quick brown</b></del> fox.");
}

#[test]
fn a_line_shows_the_changed_sentence_and_one_around_it() {
    let (was, now) = both("=One is here. Two is here. Three is |-old|+new|=. Four is here. Five is here.");
    assert_eq!(was, "… Two is here. Three is <del><b>old</b></del>. Four is here. …");
    assert_eq!(now, "… Two is here. Three is <ins><b>new</b></ins>. Four is here. …");
}

#[test]
fn what_was_put_in_shows_its_place_in_the_old_text_unmarked() {
    let (was, now) = both("=One is here. Two is here. Three is here. |+Four is new. |=Five is here. Six is here.");
    assert_eq!(was, "… Three is here. Five is here. Six is here.");
    assert_eq!(now, "… Three is here. <ins><b>Four is new.</b></ins> Five is here. …");
}

#[test]
fn a_long_sentence_is_cut_around_its_first_mark() {
    let filler = "word ".repeat(400);
    let line = line(&pieces(&format!("={filler}|-old|+new|= {filler}")), Side::Now, 200);
    assert!(line.starts_with("… word") && line.ends_with("word …"), "{line}");
    assert!(line.contains("<ins><b>new</b></ins>") && line.len() < 300, "{line}");
}

#[test]
fn words_of_a_moved_block_are_on_both_sides() {
    let pieces = passage(Relation::MovedEdited, "*Jones |-said|+admitted|*, twice.");
    assert_eq!(line(&pieces, Side::Was, LONG), "Jones <del><b>said</b></del>, twice.");
    assert_eq!(line(&pieces, Side::Now, LONG), "Jones <ins><b>admitted</b></ins>, twice.");
}

#[test]
fn a_sentence_that_moved_away_is_still_where_it_was_unmarked() {
    let pieces = passage(Relation::Edited, "<It left. |+It is new. |=It stays. |<It left too.");
    assert_eq!(line(&pieces, Side::Was, LONG), "It left. It stays. It left too.");
    assert_eq!(line(&pieces, Side::Now, LONG), "<ins><b>It is new.</b></ins> It stays.");
    let arrived = passage(Relation::Edited, "=It stays. |>It came.");
    assert!(!arrived.iter().any(Piece::is_visible_change));
}

#[test]
fn each_line_is_written_as_its_own_version_writes_it() {
    let words = |old: &str, new: &str| Segment { op: Op::Same, text: new.to_owned(), old: Some(old.to_owned()) };
    let changed = [Segment::plain(Op::Removed, "12"), Segment::plain(Op::Added, "21")];
    let segments = [vec![words("The Mayor’s", "the Mayor's"), Segment::plain(Op::Same, " staff: ")], changed.to_vec()];
    let (old, new) = (String::new(), String::new());
    let change = FieldChange { old, new, segments: segments.concat(), only_restyled: false };
    let pieces = of_field(&change);
    assert_eq!(line(&pieces, Side::Was, LONG), "The Mayor’s staff: <del><b>12</b></del>");
    assert_eq!(line(&pieces, Side::Now, LONG), "the Mayor&#39;s staff: <ins><b>21</b></ins>");
    let quiet = "<span class=\"restyled\">The Mayor’s</span> staff: <del><b>12</b></del>";
    assert_eq!(marked_field(&change, Side::Was), quiet);
}

#[test]
fn confetti_becomes_one_mark() {
    let many = (0..60).map(|n| format!("-old{n}|+new{n}|= same ")).collect::<Vec<_>>().join("|");
    let line = line(&pieces(&many), Side::Was, 4000);
    assert_eq!(line.matches("<del>").count(), 1, "{line}");
}

#[test]
fn markup_in_the_text_stays_text() {
    let (was, now) = both("=<b>A</b> & |-\"x\" y|+<script>z</script>");
    assert_eq!(was, "&lt;b&gt;A&lt;/b&gt; &amp; <del><b>&quot;x&quot; y</b></del>");
    assert_eq!(now, "&lt;b&gt;A&lt;/b&gt; &amp; <ins><b>&lt;script&gt;z&lt;/script&gt;</b></ins>");
}

#[test]
fn a_whole_paragraph_is_cut_between_words() {
    assert_eq!(whole(&pieces("+one two three four"), Side::Now, Some("ins"), 9), "<ins>one two …</ins>");
    assert_eq!(whole(&pieces("-x"), Side::Was, Some("del"), 9), "x");
}
