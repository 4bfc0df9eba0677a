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
    assert_eq!(verdict.reasons[0].text, "figure 12 → 21");
    let verdict = judge(&["The mate allegedly slept on watch."], &["The mate slept on watch."]);
    assert_eq!(verdict.reasons[0].text, "“allegedly” removed");
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
