use super::*;
use crate::compare::compare;

const FRAME: &str = "The ferry to the northern island was stopped for a day after an accident in the harbour.";

fn judge_with(old: &[&str], new: &[&str], judging: &Judging) -> Verdict {
    let content = |blocks: &[&str]| Content::of_paragraphs("Ferry stopped", [FRAME].iter().chain(blocks).copied());
    let (old, new) = (content(old), content(new));
    classify(&old, &new, &compare(&old, &new), judging)
}

fn judge(old: &[&str], new: &[&str]) -> Verdict {
    judge_with(old, new, &Judging::default())
}

#[test]
fn reasons_name_the_facts() {
    let verdict = judge(&["At least 12 people were hurt."], &["At least 21 people were hurt."]);
    assert_eq!(verdict.reasons[0].fact.to_string(), "figure 12 → 21");
    let verdict = judge(&["The mate allegedly slept on watch."], &["The mate slept on watch."]);
    assert_eq!(verdict.reasons[0].fact.to_string(), "“allegedly” removed");
}

#[test]
fn an_edit_is_disclosed_by_a_note_or_by_a_stamp_that_names_a_time() {
    let (old, new) = ("At least 12 people were hurt.", "At least 21 people were hurt.");
    assert_eq!(judge(&[old], &[new]).disclosure, Disclosure::Silent);
    assert_eq!(judge(&[old], &[new, "Correction: we gave a wrong number."]).disclosure, Disclosure::Disclosed);
    assert_eq!(judge(&[old, "Updated at 10:02"], &[new, "Updated at 14:30"]).disclosure, Disclosure::Disclosed);
    assert_eq!(judge(&[old, "Updated 2 hours ago"], &[new, "Updated 3 hours ago"]).disclosure, Disclosure::Silent);
}

#[test]
fn an_operator_overrules_classes_and_thresholds() {
    let (old, new) = (["At least 12 people were hurt."], ["At least 21 people were hurt."]);
    let never = Judging { never: vec![Class::Figure], ..Judging::default() };
    let verdict = judge_with(&old, &new, &never);
    assert!(!verdict.substantive && !noise_only(&verdict));
    let strict = Judging { min_score: 0.9, ..Judging::default() };
    assert!(!judge_with(&old, &new, &strict).substantive);
    let always = Judging { min_score: 0.9, always: vec![Class::Figure], ..Judging::default() };
    assert!(judge_with(&old, &new, &always).substantive);
}

#[test]
fn furniture_of_a_source_is_boilerplate() {
    let block =
        "Our reporters have followed the 3 islands for 20 years and answer your questions every Friday evening.";
    assert!(judge(&[], &[block]).substantive);
    let key = furniture_key(&block.replace("20", "21"));
    let judging = Judging { furniture: [key].into(), ..Judging::default() };
    assert!(noise_only(&judge_with(&[], &[block], &judging)));
}

#[test]
fn a_hundred_commas_are_no_edit() {
    let old: Vec<String> = (0..100).map(|n| format!("Paragraph w{n} has one comma, more or less.")).collect();
    let new: Vec<String> = old.iter().map(|text| text.replace(',', "")).collect();
    let verdict =
        judge(&old.iter().map(String::as_str).collect::<Vec<_>>(), &new.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(verdict.score <= 0.2, "{}", verdict.score);
}

fn texts(old: &[&str], new: &[&str]) -> Vec<String> {
    let (old, new) = (Content::of_paragraphs("x", old.to_vec()), Content::of_paragraphs("x", new.to_vec()));
    let verdict = classify(&old, &new, &compare(&old, &new), &Judging::default());
    verdict.reasons.into_iter().map(|reason| reason.fact.to_string()).collect()
}

#[test]
fn a_fact_is_told_once() {
    let old = "The ferry had 12 passengers on board when it left the harbour.";
    assert_eq!(texts(&[old], &[&old.replace("12", "21")]), ["figure 12 → 21"]);
    let old = "“We saw the lights go out,” she said.";
    assert_eq!(texts(&[old], &[&old.replace("lights", "lamps")]), ["quote changed: “lights” → “lamps”"]);
}

#[test]
fn quotation_marks_stay_as_they_are() {
    let added = "“We have never seen “such” waves in this part of the bay,” the captain said.";
    let told = texts(&["The ferry left the harbour."], &["The ferry left the harbour.", added]);
    assert_eq!(told, ["added: ““We have never seen “such” waves in this part of the bay,”…”"]);
}

#[test]
fn sentences_that_moved_together_are_one_move() {
    let first = "The coast guard sent two boats to the place of the accident. They arrived within twenty minutes.";
    let rest = [
        "Ferries to the island were stopped for the day and for the night.",
        "The harbour office opened an inquiry on the same evening.",
        "It has been asked to report to the council before the summer.",
    ];
    let told = texts(&[first, rest[0], rest[1], rest[2]], &[rest[0], rest[1], rest[2], first]);
    assert_eq!(told, ["moved: “The coast guard sent two boats to the place of the accident.” and 1 more"]);
}
