//! Labelled edits of our own: those of `docs/what-counts.md`, so that the manual stays true, and those of
//! `tests/corpus/`. A case is a `diff` block, followed by the expected result.

#![expect(clippy::unwrap_used, reason = "a case that cannot be read fails the test")]

use redraft::classify::{classify, noise_only};
use redraft::compare::compare;
use redraft::model::{Class, Content, Disclosure, Judging, Op, Relation, Verdict};

/// The text around the cases.
const BEFORE: [&str; 2] = [
    "The ferry to the northern island was stopped for a day after an accident in the harbour.",
    "Nobody on board was in danger at any time, according to the coast guard, which sent two boats.",
];
const AFTER: [&str; 2] = [
    "The line has been run by the same family for three generations and employs more than a hundred people.",
    "It is the only way to reach the island when the weather is bad and planes cannot land.",
];
const HEADLINE: &str = "Ferry company under pressure after accident";

/// One labelled edit.
#[derive(Debug)]
struct Case<'a> {
    language: &'a str,
    old: Vec<&'a str>,
    new: Vec<&'a str>,
    /// The label: `published: figure`, `not published: style`, `nothing`.
    verdict: &'a str,
}

fn cases(file: &str) -> Vec<Case<'_>> {
    let mut parts = file.split("```diff").skip(1);
    let case = |part| {
        let (diff, rest): (&str, &str) = str::split_once(part, "```").unwrap();
        let (language, lines) = diff.split_once('\n').unwrap();
        let side = |sign| lines.lines().filter_map(|line| line.strip_prefix(sign)).collect();
        Case {
            language: language.trim(),
            old: side("- "),
            new: side("+ "),
            verdict: rest.trim().lines().next().unwrap(),
        }
    };
    parts.by_ref().map(case).collect()
}

fn content(language: &str, lines: &[&str]) -> Content {
    let field = |sign| lines.iter().find_map(|line| line.strip_prefix(sign));
    let headline = field("# ").unwrap_or(HEADLINE);
    let text = lines.iter().filter(|line| !["# ", "> ", "@ "].iter().any(|sign| line.starts_with(sign))).copied();
    let framed = language.is_empty() || language == "en";
    let (before, after) = if framed { (&BEFORE[..], &AFTER[..]) } else { (&[][..], &[][..]) };
    let blocks = before.iter().copied().chain(text).chain(after.iter().copied());
    let language = if framed { "en" } else { language };
    Content {
        language: Some(language.to_owned()),
        standfirst: field("> ").map(str::to_owned),
        byline: field("@ ").map(str::to_owned),
        ..Content::of_paragraphs(headline, blocks)
    }
}

fn check(case: &Case) -> Result<(), String> {
    let (old, new) = (content(case.language, &case.old), content(case.language, &case.new));
    let verdict = classify(&old, &new, &compare(&old, &new), &Judging::default());
    let strongest = verdict.reasons.first().map_or("nothing", |reason| reason.class.name());
    let found = match (strongest, verdict.substantive) {
        // The texts differ only in folded letters and digits, which no reason could describe.
        ("typography", _) if case.verdict == "nothing" => "nothing".to_owned(),
        ("nothing", _) => "nothing".to_owned(),
        (class, true) => format!("published: {class}"),
        (class, false) => format!("not published: {class}"),
    };
    let noise = strongest == Class::Boilerplate.name();
    if found != case.verdict || noise != noise_only(&verdict) {
        return Err(format!("{case:#?}\nis {found}\n{:#?}", verdict.reasons));
    }
    Ok(())
}

fn check_all(file: &str) {
    let wrong: Vec<String> = cases(file).iter().filter_map(|case| check(case).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_manual_is_true() {
    let manual = include_str!("../docs/what-counts.md");
    check_all(manual);
    for class in Class::ALL {
        assert!(manual.contains(&format!("published: {class}")), "{class} has no example");
    }
}

#[test]
fn the_corpus_is_judged_as_people_do() {
    check_all(include_str!("corpus/cases.md"));
}

/// What becomes of an article in which `words` come to stand at a place.
fn judge_with(language: &str, place: &str, words: &str) -> Verdict {
    let paragraphs: Vec<String> = BEFORE.into_iter().chain(AFTER).map(str::to_owned).collect();
    let (mut headline, mut new, last) = (HEADLINE.to_owned(), paragraphs.clone(), paragraphs.len() - 1);
    match place {
        "first" => new.insert(0, words.to_owned()),
        "middle" => new.insert(2, words.to_owned()),
        "last" => new.push(words.to_owned()),
        "before" => new[0].insert_str(0, words),
        "inside" => new[last] = format!("{} {words}", new[last]),
        "headline" => headline = words.replace("{T}", HEADLINE),
        _ => panic!("{place} is no place"),
    }
    let content = |headline: &str, paragraphs: Vec<String>| Content {
        language: Some(language.to_owned()),
        ..Content::of_paragraphs(headline, paragraphs)
    };
    let (old, new) = (content(HEADLINE, paragraphs), content(&headline, new));
    classify(&old, &new, &compare(&old, &new), &Judging::default())
}

/// The wordings of a file of which `wrong` says so.
fn wordings(file: &str, wrong: impl Fn(&Verdict) -> bool) -> Vec<&str> {
    let lines = file.lines().filter(|line| !line.starts_with('#'));
    let is_wrong = |line: &&str| {
        let parts: Vec<&str> = line.split('\t').collect();
        let [language, place, words] = parts[..] else { panic!("{line:?} has not three parts") };
        wrong(&judge_with(language, place, words))
    };
    lines.filter(is_wrong).collect()
}

#[test]
fn notes_are_known_in_every_language_and_place() {
    let is_note = |verdict: &Verdict| {
        let is_told = verdict.substantive && verdict.disclosure == Disclosure::Disclosed;
        is_told && verdict.reasons.iter().any(|reason| reason.class == Class::Correction)
    };
    let missed = wordings(include_str!("corpus/corrections.tsv"), |verdict| !is_note(verdict));
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn sentences_with_words_of_notes_are_no_notes() {
    let is_note = |verdict: &Verdict| verdict.reasons.iter().any(|reason| reason.class == Class::Correction);
    let taken = wordings(include_str!("corpus/no-corrections.tsv"), is_note);
    assert!(taken.is_empty(), "{taken:#?}");
}

#[test]
fn a_rewritten_article_shows_what_was_merged_moved_added_and_removed() {
    let old = [
        "Teachers began a two-day walkout in three counties on Wednesday over planned cuts to their pensions.",
        "Emergency childcare has been agreed with the unions so that parents in hospitals can go to work.",
        "But it was not used by a single family on Monday, when more than half of all schools stayed shut.",
        "A number of head teachers told reporters that lessons went ahead quietly, with retired colleagues lending a hand.",
        "Ruth Alder, who leads the rural schools, said that her pupils had hardly noticed the walkout.",
        "Northfield College said everything ran “calmly”, while Marsh Lane and Oakham schools said they had not seen any trouble at the gates.",
        "Parents said the children were happy. Tom Birch, 41, from Oakham, said his daughter had spent the day painting in the library. She had loved it, he said, and asked to go again. Her mother took the day off. Neighbours brought soup and bread at noon.",
    ];
    let merged = format!("{} But it has not been used by a single family yet.", old[1]);
    let edited = old[6].replace("Parents said the children were happy.", "Families have coped well so far, they say.");
    let added = "On Monday more than half of the staff expected in class did not turn up, the ministry said.";
    let new = [old[0], merged.as_str(), edited.as_str(), added, old[4], old[5]];
    let comparison = compare(&Content::of_paragraphs("x", old), &Content::of_paragraphs("x", new));
    let found: Vec<_> = comparison.passages.iter().map(|p| (p.relation, p.old.clone(), p.new.clone())).collect();
    assert!(found.contains(&(Relation::Same, vec![0], vec![0])), "{found:?}");
    assert!(found.contains(&(Relation::Merged, vec![1, 2], vec![1])), "{found:?}");
    assert!(found.contains(&(Relation::Removed, vec![3], vec![])), "{found:?}");
    assert!(found.contains(&(Relation::Edited, vec![6], vec![2])), "{found:?}");
    assert!(found.contains(&(Relation::Added, vec![], vec![3])), "{found:?}");
    assert!(found.contains(&(Relation::Moved, vec![4], vec![4])), "{found:?}");
    assert!(found.contains(&(Relation::Moved, vec![5], vec![5])), "{found:?}");
}

/// A person's findings in a real pair of versions, for checkouts that have the pair beside them.
#[derive(serde::Deserialize)]
struct Gold {
    same: Vec<(usize, usize)>,
    edited: Vec<(usize, usize)>,
    merged: Vec<Joined>,
    moved: Vec<(usize, usize)>,
    moved_edited: Vec<(usize, usize)>,
    deleted: Vec<usize>,
    added: Vec<usize>,
}

#[derive(serde::Deserialize)]
struct Joined {
    from: Vec<usize>,
    to: Vec<usize>,
}

#[derive(serde::Deserialize)]
struct Told {
    title: String,
    paras: Vec<String>,
}

/// Reads a file of the pair; `None` if it does not exist.
fn beside_the_checkout<T: serde::de::DeserializeOwned>(name: &str) -> Option<T> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/bbc").join(name);
    let text = std::fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

/// The text belongs to a third party and is not part of this repository. Without it, this test checks nothing.
#[test]
fn a_real_pair_is_aligned_as_a_person_aligned_it_and_few_words_are_shown_as_changed() {
    let (Some(old), Some(new)) = (beside_the_checkout::<Told>("v3.json"), beside_the_checkout::<Told>("v4.json"))
    else {
        return eprintln!("not tested: the pair is not there");
    };
    let gold: Gold = beside_the_checkout("gold_alignment.json").unwrap();
    let told = |told: &Told| Content::of_paragraphs(&told.title, told.paras.iter().map(String::as_str));
    let comparison = compare(&told(&old), &told(&new));
    let holding = |old: usize, new: usize| {
        comparison.passages.iter().find(|p| p.old.contains(&old) && p.new.contains(&new)).map(|p| p.relation)
    };
    for (old, new) in gold.same {
        assert_eq!(holding(old, new), Some(Relation::Same), "{old} → {new}");
    }
    for (old, new) in gold.edited {
        assert!(
            matches!(holding(old, new), Some(Relation::Edited | Relation::Merged | Relation::Split)),
            "{old} → {new}"
        );
    }
    for joined in gold.merged {
        let found = comparison.passages.iter().find(|p| p.old == joined.from && p.new == joined.to);
        assert!(found.is_some(), "{:?} → {:?}: {:#?}", joined.from, joined.to, comparison.passages);
    }
    for (old, new) in gold.moved.into_iter().chain(gold.moved_edited) {
        let found = holding(old, new);
        assert!(
            matches!(found, Some(Relation::Moved | Relation::MovedEdited | Relation::Merged)),
            "{old} → {new}: {found:?}"
        );
    }
    let stands_alone = |relation, old: &[usize], new: &[usize]| {
        comparison.passages.iter().any(|p| p.relation == relation && p.old == old && p.new == new)
    };
    for old in gold.deleted {
        assert!(stands_alone(Relation::Removed, &[old], &[]), "removed {old}");
    }
    for new in gold.added {
        assert!(stands_alone(Relation::Added, &[], &[new]), "added {new}");
    }
    let changed: usize = comparison
        .passages
        .iter()
        .flat_map(|passage| &passage.segments)
        .filter(|segment| matches!(segment.op, Op::Added | Op::Removed))
        .map(|segment| segment.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count())
        .sum();
    assert!(changed <= 200, "{changed} words");
}
