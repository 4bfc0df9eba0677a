use super::{content, edit, segments};
use crate::compare::compare;
use crate::model::{
    Block, BlockKind, Comparison, Content, Disclosure, Edit, EditKind, FieldChange, Locale, Passage, Relation,
    VersionNumber,
};
use crate::render::{MAX_ENTRY_BYTES, atom, entry, entry_json, everything, json_feed, keywords};

fn passage(relation: Relation, old: &[usize], new: &[usize], notation: &str) -> Passage {
    let moved = matches!(relation, Relation::Moved | Relation::MovedEdited);
    let (old, new) = (old.to_vec(), new.to_vec());
    Passage { relation, old, new, moved, extract_of: None, segments: segments(notation) }
}

fn headline() -> FieldChange {
    FieldChange {
        old: "Council approves budget".to_owned(),
        new: "Mayor approves budget".to_owned(),
        segments: segments("-Council|+Mayor|= approves budget"),
        only_restyled: false,
    }
}

pub(super) fn council() -> (Comparison, Content, Content) {
    let old = content(
        "Council approves budget",
        &[
            "One.",
            "Two.",
            "Jones said the council would spend 5 days on roads.",
            "The vote was unanimous.",
            "Five.",
            "Moved here.",
        ],
    );
    let new = content(
        "Mayor approves budget",
        &[
            "One.",
            "Moved here.",
            "Two.",
            "Jones said the mayor would spend 7 days on roads.",
            "A spokesperson declined to comment.",
            "Five.",
        ],
    );
    let comparison = Comparison {
        headline: Some(headline()),
        passages: vec![
            passage(Relation::Same, &[0], &[0], "=One."),
            passage(Relation::Moved, &[5], &[1], "*Moved here."),
            passage(Relation::Same, &[1], &[2], "=Two."),
            passage(
                Relation::Edited,
                &[2],
                &[3],
                "=Jones said the |-council|+mayor|= would spend |-5|+7|= days on roads.",
            ),
            passage(Relation::Added, &[], &[4], "+A spokesperson declined to comment."),
            passage(Relation::Removed, &[3], &[], "-The vote was unanimous."),
            passage(Relation::Same, &[4], &[5], "=Five."),
        ],
        ..Comparison::default()
    };
    (comparison, old, new)
}

#[test]
fn an_edit_is_told_stacked_with_was_above_now() {
    let (comparison, old, new) = council();
    let text = entry(Locale::English, &edit(), Some(&comparison), Some(&old), Some(&new));
    assert_eq!(
        text.title,
        "Mayor approves budget: headline, 1 paragraph changed, 1 added, 1 removed, 1 moved (silent)"
    );
    assert_eq!(
        text.summary,
        "Version 3, seen 35 minutes later (11:40 UTC, 1 August 2026): headline and 1 paragraph changed, 1 added, \
         1 removed, 1 moved. Silent: the article does not say that it was changed."
    );
    let expected = "\
<p>Version 3, seen 35 minutes later (11:40 UTC, 1 August 2026): headline and 1 paragraph changed, 1 added, 1 removed, 1 moved. Silent: the article does not say that it was changed.</p>
<h4>Headline changed</h4>
<p><b>Was:</b> <del><b>Council</b></del> approves budget</p>
<p><b>Now:</b> <ins><b>Mayor</b></ins> approves budget</p>
<h4>Paragraph 6 moved up, to 2</h4>
<p>Moved here.</p>
<h4>Paragraph 4 changed</h4>
<p><b>Was:</b> Jones said the <del><b>council</b></del> would spend <del><b>5 days</b></del> on roads.</p>
<p><b>Now:</b> Jones said the <ins><b>mayor</b></ins> would spend <ins><b>7 days</b></ins> on roads.</p>
<h4>Paragraph 5 added</h4>
<p><b>Added:</b> <ins>A spokesperson declined to comment.</ins></p>
<h4>Paragraph 4 removed</h4>
<p><b>Removed:</b> <del>The vote was unanimous.</del></p>
";
    assert_eq!(text.html, expected);
}

#[test]
fn a_rewrite_shows_five_changes_and_counts_the_rest() {
    let passages: Vec<Passage> =
        (0..17).map(|n| passage(Relation::Edited, &[n], &[n], &format!("=Paragraph {n} is |-old|+new|=."))).collect();
    let text = entry(Locale::English, &edit(), Some(&Comparison { passages, ..Comparison::default() }), None, None);
    assert_eq!(text.html.matches("<h4>").count(), 5);
    assert!(text.html.ends_with("<p>… and 12 more paragraphs.</p>\n"), "{}", text.html);
}

#[test]
fn a_correction_note_is_shown_before_anything_else_is_cut() {
    let mut passages: Vec<Passage> =
        (0..9).map(|n| passage(Relation::Edited, &[n], &[n], "=It is |-old|+new|=.")).collect();
    passages.push(passage(Relation::Added, &[], &[9], "+Correction: it was never green."));
    let mut new = content("H", &["It is new."; 9]);
    new.blocks.push(Block { kind: BlockKind::Paragraph, text: "Correction: it was never green.".to_owned() });
    let text =
        entry(Locale::English, &edit(), Some(&Comparison { passages, ..Comparison::default() }), None, Some(&new));
    assert!(text.html.contains("<h4>Note 1 added</h4>\n<p><b>Added:</b> <ins>Correction: it was"), "{}", text.html);
    assert!(text.title.contains("9 paragraphs changed, note added"), "{}", text.title);
}

#[test]
fn counters_and_stamps_are_not_told() {
    let old = content("H", &["It is old.", "12 comments"]);
    let new = content("H", &["It is new.", "15 comments"]);
    let passages = vec![
        passage(Relation::Edited, &[0], &[0], "=It is |-old|+new|=."),
        passage(Relation::Edited, &[1], &[1], "-12|+15|= comments"),
    ];
    let text = entry(
        Locale::English,
        &edit(),
        Some(&Comparison { passages, ..Comparison::default() }),
        Some(&old),
        Some(&new),
    );
    assert!(text.title.ends_with(": 1 paragraph changed (silent)"), "{}", text.title);
    assert!(!text.html.contains("comments"));
}

#[test]
fn words_are_shown_before_commas_where_not_all_fits() {
    let mut passages: Vec<Passage> = (0..6).map(|n| passage(Relation::Edited, &[n], &[n], "=A|-,|= comma.")).collect();
    passages.push(passage(Relation::Edited, &[6], &[6], "=It is |-old|+new|=."));
    let text = entry(Locale::English, &edit(), Some(&Comparison { passages, ..Comparison::default() }), None, None);
    assert!(text.html.contains("<ins><b>new</b></ins>"), "{}", text.html);
}

#[test]
fn paragraphs_that_were_only_cut_differently_are_not_told() {
    let passages = vec![passage(Relation::Split, &[0], &[0, 1], "=One.|- |+\n|=Two.")];
    let text = entry(
        Locale::English,
        &edit(),
        Some(&Comparison { headline: Some(headline()), passages, ..Comparison::default() }),
        None,
        None,
    );
    assert_eq!(text.title, "Mayor approves budget: headline changed (silent)");
    assert_eq!(text.html.matches("<h4>").count(), 1);
}

#[test]
fn fields_that_come_and_go_are_added_and_removed() {
    let standfirst = FieldChange {
        old: String::new(),
        new: "Now with more.".to_owned(),
        segments: segments("+Now with more."),
        only_restyled: false,
    };
    let byline =
        FieldChange { old: "By A".to_owned(), new: String::new(), segments: segments("-By A"), only_restyled: false };
    let comparison = Comparison { standfirst: Some(standfirst), byline: Some(byline), ..Comparison::default() };
    let text = entry(Locale::English, &edit(), Some(&comparison), None, None);
    assert_eq!(text.title, "Mayor approves budget: standfirst added, byline removed (silent)");
    assert!(
        text.html.contains("<h4>Standfirst added</h4>\n<p><b>Added:</b> <ins>Now with more.</ins></p>"),
        "{}",
        text.html
    );
}

#[test]
fn an_entry_is_never_longer_than_its_limit() {
    let worst = "&'\"<>".repeat(1000);
    let words = "< & > ".repeat(1000);
    for text in [worst.as_str(), words.as_str()] {
        let notation = format!("={text}|-{text}|+{text} new|={text}");
        let passages = (0..30).map(|n| passage(Relation::Edited, &[n], &[n], &notation)).collect();
        let entry =
            entry(Locale::English, &edit(), Some(&Comparison { passages, ..Comparison::default() }), None, None);
        assert!(entry.html.len() <= MAX_ENTRY_BYTES, "{}", entry.html.len());
        assert!(entry.html.matches("<h4>").count() >= 1);
    }
}

#[test]
fn only_the_elements_that_every_reader_shows_are_used() {
    let (comparison, old, new) = council();
    let html = entry(Locale::English, &edit(), Some(&comparison), Some(&old), Some(&new)).html;
    for tag in html.split('<').skip(1) {
        let name = tag.split('>').next().unwrap().trim_start_matches('/');
        assert!(["p", "h4", "b", "ins", "del"].contains(&name), "<{name}>");
    }
}

fn other(kind: EditKind) -> Edit {
    Edit { kind, to: None, from: Some(VersionNumber(3)), since: super::at("2026-07-30T11:00:00Z"), ..edit() }
}

#[test]
fn what_is_no_change_of_text_has_words_of_its_own() {
    let cases = [
        (
            EditKind::Removed,
            "Removed: Mayor approves budget",
            "Removed: the article is not at its address any more, found at 11:40 UTC, 1 August 2026; last seen there 2 days before. The last version we kept is version 3. Silent: nothing at its address says that it was removed.",
        ),
        (
            EditKind::Restored,
            "Restored: Mayor approves budget",
            "Restored: the article is at its address again, found at 11:40 UTC, 1 August 2026; first missed 2 days before. The last version we kept is version 3. Silent: the article does not say that it was gone.",
        ),
        (
            EditKind::Retired,
            "No longer watched: Mayor approves budget",
            "No longer watched since 11:40 UTC, 1 August 2026: no new version of it was seen for 2 days. This feed ends here.",
        ),
    ];
    for (kind, title, summary) in cases {
        let text = entry(Locale::English, &other(kind), None, None, None);
        assert_eq!(text.title, title);
        assert_eq!(text.summary, summary);
        assert_eq!(text.html, format!("<p>{summary}</p>\n"));
    }
}

#[test]
fn a_removal_quotes_what_the_page_says_now_and_leads_to_the_last_text() {
    let notice = "This article has been <withdrawn> on legal advice.".to_owned();
    let edit = Edit {
        notice: Some(notice.clone()),
        disclosure: Some(Disclosure::Disclosed),
        reasons: Vec::new(),
        ..other(EditKind::Removed)
    };
    let told = entry(Locale::English, &edit, None, None, None);
    assert!(told.summary.ends_with(&format!(" Disclosed: the page says now: “{notice}”")), "{}", told.summary);
    assert!(
        told.html.contains("the page says now: “This article has been &lt;withdrawn&gt; on legal"),
        "{}",
        told.html
    );
    let json = entry_json(&Edit { entry: told, ..edit.clone() }, &super::site());
    let last =
        "<p><a href=\"https://edits.example/below/articles/7/versions/3\">The last text we kept (version 3)</a> · ";
    assert!(json["content_html"].as_str().unwrap().contains(last), "{json}");
    assert_eq!(json["tags"], serde_json::json!(["disclosed", "removed-article"]));
    assert_eq!((&json["_redraft"]["notice"], &json["_redraft"]["from_version"]), (&notice.into(), &3.into()));
    for words in ["legal advice", "withdrawn"] {
        let narrowing = crate::model::Narrowing { words: words.to_owned(), ..Default::default() };
        assert!(crate::render::takes(&narrowing, &edit), "{words}");
    }
    let turned = Edit { notice: Some("تم حذف هذا المقال.".to_owned()), ..edit.clone() };
    let told = entry(Locale::English, &turned, None, None, None);
    assert!(told.summary.ends_with("now: “\u{2067}تم حذف هذا المقال.\u{2069}”"), "{}", told.summary);
    let long = Edit { notice: Some("It was withdrawn. ".repeat(100)), ..edit };
    let told = entry(Locale::English, &long, None, None, None);
    assert!(told.summary.len() < 700 && told.summary.ends_with(" …”"), "{}", told.summary);
}

#[test]
fn what_nobody_judged_is_not_called_silent() {
    for kind in [EditKind::Removed, EditKind::Restored] {
        let edit = Edit { disclosure: None, reasons: Vec::new(), ..other(kind) };
        let told = entry(Locale::English, &edit, None, None, None);
        assert!(told.summary.ends_with("The last version we kept is version 3."), "{}", told.summary);
        let json = entry_json(&Edit { entry: told, ..edit }, &super::site());
        assert_eq!(json["_redraft"]["disclosure"], serde_json::Value::Null);
    }
}

#[test]
fn a_return_says_to_which_version() {
    let edit = Edit {
        kind: EditKind::Returned,
        returned_to: Some(VersionNumber(1)),
        disclosure: Some(Disclosure::Disclosed),
        ..edit()
    };
    let text = entry(
        Locale::English,
        &edit,
        Some(&Comparison { headline: Some(headline()), ..Comparison::default() }),
        None,
        None,
    );
    assert_eq!(text.title, "Mayor approves budget: back to version 1 (disclosed)");
    assert!(text.summary.contains("went back to version 1: headline changed. Disclosed:"), "{}", text.summary);
}

#[test]
fn a_title_is_one_line_of_printable_text() {
    let edit = Edit { headline: " A\u{0}\u{b}\n\tB <i>\u{202e}C\u{feff}\u{ffff} ".to_owned(), ..edit() };
    assert!(
        entry(Locale::English, &edit, None, None, None).title.starts_with("A B <i>C"),
        "{:?}",
        entry(Locale::English, &edit, None, None, None).title
    );
    let nameless = Edit { headline: String::new(), ..edit };
    assert!(
        entry(Locale::English, &nameless, None, None, None)
            .title
            .starts_with("https://news.example/budget?a=1&b=2: text changed")
    );
}

#[test]
fn what_runs_from_right_to_left_ends_at_its_own_end_in_any_reader() {
    let (was, now) = ("قالت WHO إن العدد 120.", "قالت WHO إن العدد 210.");
    let change = FieldChange {
        old: was.to_owned(),
        new: now.to_owned(),
        segments: segments("=قالت WHO إن العدد |-120|+210|=."),
        only_restyled: false,
    };
    let comparison = Comparison {
        headline: Some(change),
        passages: vec![
            passage(Relation::Added, &[], &[0], "+שלום עולם."),
            passage(Relation::Moved, &[0], &[1], "*نص."),
        ],
        ..Comparison::default()
    };
    let edit = Edit { headline: now.to_owned(), language: Some("ar".to_owned()), ..edit() };
    let told = entry(Locale::English, &edit, Some(&comparison), None, None);
    assert!(told.title.starts_with(&format!("\u{2067}{now}\u{2069}: headline changed")), "{:?}", told.title);
    for line in [
        "<p><b>Was:</b> \u{2067}قالت WHO إن العدد <del><b>120</b></del>.\u{2069}</p>",
        "<p><b>Now:</b> \u{2067}قالت WHO إن العدد <ins><b>210</b></ins>.\u{2069}</p>",
        "<p><b>Added:</b> \u{2067}<ins>שלום עולם.</ins>\u{2069}</p>",
        "<p>\u{2067}نص.\u{2069}</p>",
    ] {
        assert!(told.html.contains(line), "no {line} in {}", told.html);
    }
    assert!(!told.summary.contains('\u{2067}') && !told.unshown.contains('\u{2067}'), "{told:?}");
    let edit = Edit { entry: told, ..edit };
    assert!(keywords(&edit).iter().all(|keyword| !keyword.contains(['\u{2067}', '\u{2069}'])));
    let json = entry_json(&edit, &super::site());
    assert_eq!(json["_redraft"]["changes"][0]["was"], was);
    assert!(json["content_text"].as_str().unwrap().contains(&format!("Now: \u{2067}{now}\u{2069}")), "{json}");
    let json = String::from_utf8(json_feed(&everything(&super::site(), vec![edit.clone()]), &super::site())).unwrap();
    let atom = String::from_utf8(atom(&everything(&super::site(), vec![edit]), &super::site())).unwrap();
    assert!(atom.contains("<summary xml:lang=\"en\"") && atom.contains("<content xml:lang=\"ar\""), "{atom}");
    for feed in [json, atom] {
        assert!(feed.contains(&format!("\u{2067}{now}\u{2069}: headline changed")), "{feed}");
    }
}

#[test]
fn an_entry_shows_words_that_are_only_written_differently_if_nothing_else_changed() {
    let old = content("Swim Results", &["The Mayor's office said \"no\" – again.", "It stays open."]);
    let new = content("Swim results", &["The mayor’s office said “no” - again.", "It stays open."]);
    let html = entry(Locale::English, &edit(), Some(&compare(&old, &new)), Some(&old), Some(&new)).html;
    for line in [
        "<p><b>Was:</b> Swim <del><b>Results</b></del></p>",
        "<p><b>Now:</b> Swim <ins><b>results</b></ins></p>",
        "<p><b>Was:</b> The <del><b>Mayor&#39;s</b></del> office <del>",
        "<p><b>Now:</b> The <ins><b>mayor’s</b></ins> office <ins>",
    ] {
        assert!(html.contains(line), "no {line} in {html}");
    }
    let more = content("Swim results", &["The mayor’s office said “no” - again.", "It stays shut."]);
    let html = entry(Locale::English, &edit(), Some(&compare(&old, &more)), Some(&old), Some(&more)).html;
    assert!(!html.contains("Swim") && html.contains("It stays <del><b>open</b></del>"), "{html}");
}

#[test]
fn an_entry_shows_how_paragraphs_are_divided_if_nothing_else_changed() {
    let old = content("Hall closes", &["One stays here.", "Two stays here."]);
    let new = content("Hall closes", &["One stays here. Two stays here."]);
    let html = entry(Locale::English, &edit(), Some(&compare(&old, &new)), Some(&old), Some(&new)).html;
    for line in ["<b>Was:</b> One stays here. Two stays here.", "<b>Now:</b> One stays here. Two stays here."] {
        assert!(html.contains(line), "no {line} in {html}");
    }
}
