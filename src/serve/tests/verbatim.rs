//! Every old and every new line, on every surface, is its version's text to the letter, white space aside.

use std::collections::HashMap;

use super::Running;
use super::newsroom::{publish, text};
use crate::model::{ArticleId, Content, Edit, Scope, VersionNumber};
use crate::render::{Payload, glance};
use crate::serve::feeds::newest;

/// Pairs of versions, headline first, whose words are partly written differently: signs, capitals, digits, in several scripts.
const PAIRS: [(&[&str], &[&str]); 11] = [
    (
        &[
            "Swim Results",
            "The Mayor's office said - it's final - that 12 people had died.",
            "Nobody else was hurt, it said.",
        ],
        &[
            "Swim results",
            "the mayor’s office said – it’s final – that 21 people had died.",
            "Nobody else was hurt, it said.",
        ],
    ),
    (
        &[
            "“Ten” drown",
            "He said “no” to the plan, and then the council voted.",
            "It was Over on Friday, the clerk said in the hall.",
        ],
        &[
            "\"Ten\" drown",
            "It was over on friday, the clerk said in the hall.",
            "He said \"yes\" to the plan, and then the council voted.",
        ],
    ),
    (
        &["Council votes", "One sentence stays here. It moved, she said, to the end. Another ends the first part."],
        &[
            "Council votes",
            "One sentence stays here. Another ends the first part.",
            "It Moved, she said, to the end. It will cost the town £5m in all, said its treasurer.",
        ],
    ),
    (
        &[
            "A sentence moves house",
            "The council met on Monday and spoke for nine hours. The \"mayor\" did not answer - not one question - that night.",
            "Several hundred residents signed a petition for the hall.",
            "A new hall is planned beside the school for the autumn.",
        ],
        &[
            "A sentence moves house",
            "The council met on Monday and spoke for ninety hours.",
            "Several hundred residents signed a petition for the hall.",
            "A new hall is planned beside the school for the autumn. The “mayor” did not answer – not one question – that night.",
        ],
    ),
    (
        &[
            "Merged across",
            "The hall is closed until the summer of next year.",
            "Rain fell on all of the town.",
            "Buses will run for 12 weeks.",
        ],
        &["Merged across", "The hall is closed until the summer of next year. Buses will run for 15 weeks."],
    ),
    (
        &[
            "Its own paragraph",
            "The first sentence of the piece stays. The chair of the club said that the decision was a shock to everyone. It ends here.",
            "The petition was signed by 300 people in the town.",
        ],
        &[
            "Its own paragraph",
            "The first sentence of the piece stays. It ends here.",
            "The petition was signed by 400 people in the town.",
            "The chair of the club said that the decision was a shock to everyone.",
        ],
    ),
    (
        &["Η ΠΌΛΗ ΨΗΦΊΖΕΙ", "Οι «Πολίτες» ΨΗΦΙΣΑΝ χθες για 12 νέες γέφυρες στην πόλη."],
        &["Η πόλη ψηφίζει", "Οι “πολίτες” ψήφισαν χθες για 15 νέες γέφυρες στην πόλη."],
    ),
    (
        &["Мэр не согласен", "Мэр заявил — «мы согласны», — что 120 человек получат жильё до конца года."],
        &["Мэр не согласен", "мэр заявил - \"мы согласны\", - что 210 человек получат жилье до конца года."],
    ),
    (
        &["橋の工事", "市長は「橋は１２日に閉鎖する」と述べた。費用は三百万円。"],
        &["橋の工事", "市長は『橋は15日に閉鎖する』と述べた。費用は三百万円。"],
    ),
    (
        &["السعر يرتفع", "قال الوزير إنّ السعر ارتفع إلى ١٢ دينارًا في الأسبوع الماضي."],
        &["السعر يرتفع", "قال الوزير ان السعر ارتفع الى 15 دينارا في الأسبوع الماضي."],
    ),
    (
        &["पुल बंद", "मेयर ने कहा कि पुल १२ दिन के लिए बंद रहेगा – यह ‘ज़रूरी’ है।"],
        &["पुल बंद", "मेयर ने कहा कि पुल 15 दिन के लिए बंद रहेगा - यह 'ज़रूरी' है।"],
    ),
];

/// The text of an article's two versions, without white space.
type Texts = HashMap<ArticleId, [String; 2]>;

fn content(texts: &[&str]) -> Content {
    text(texts[0], "", &texts[1..])
}

/// Text without white space, ellipses and the signs that keep its direction.
fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '…' | '\u{2066}'..='\u{2069}')).collect()
}

fn all_letters(content: &Content) -> String {
    let blocks = content.blocks.iter().map(|block| block.text.as_str());
    let fields = [content.headline.as_str(), content.byline.as_deref().unwrap_or_default()];
    letters(&fields.into_iter().chain(blocks).collect::<String>())
}

/// Checks that a line is found in its version: between its ellipses, where it was cut.
fn check(texts: &Texts, article: ArticleId, is_new: usize, line: &str, surface: &str) {
    for part in line.split('…').map(letters) {
        assert!(
            texts[&article][is_new].contains(&part),
            "{surface} of {article:?}: {part:?} is not in {:?}",
            texts[&article][is_new]
        );
    }
}

/// `html` without tags and escapes.
fn unescaped(html: &str) -> String {
    let text: String = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect();
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&"), ("&amp;", "&")]
        .iter()
        .fold(text, |text, (escaped, sign)| text.replace(escaped, sign))
}

/// The labelled lines of an entry's HTML: whether it is of the new version, and its text.
fn entry_lines(html: &str) -> Vec<(usize, String)> {
    let labels = [("Was:", 0), ("Removed:", 0), ("Now:", 1), ("Added:", 1)];
    let lines = html.split("<p").skip(1).filter_map(|line| {
        let line = unescaped(&format!("<p{}", line.split("</p>").next()?));
        let line = line.trim();
        labels.iter().find_map(|(label, side)| Some((*side, line.strip_prefix(label)?.to_owned())))
    });
    lines.collect()
}

async fn start() -> (Running, Texts) {
    let server = Running::start().await;
    let mut texts = Texts::new();
    for (number, (old, new)) in PAIRS.iter().enumerate() {
        let versions = [(content(old), "11:00:00"), (content(new), "12:00:00")];
        let id = publish(&server.house, &format!("/verbatim/{number}"), &versions);
        texts.insert(id, [all_letters(&versions[0].0), all_letters(&versions[1].0)]);
    }
    (server, texts)
}

#[tokio::test]
async fn feeds_and_pages_of_an_article_quote_its_versions() {
    let (server, texts) = start().await;
    for &article in texts.keys() {
        let id = article.0;
        for path in [".atom", ".rss", ".json"].map(|format| format!("/articles/{id}/edits{format}")) {
            let heard = server.get(&path).await.text().to_owned();
            let heard = if path.ends_with("json") {
                let json: serde_json::Value = serde_json::from_str(&heard).unwrap();
                json["items"][0]["content_html"].as_str().unwrap().to_owned()
            } else {
                ["&lt;", "&gt;", "&amp;"]
                    .iter()
                    .zip(["<", ">", "&"])
                    .fold(heard, |text, (from, to)| text.replace(from, to))
            };
            let lines = entry_lines(&heard);
            assert!(lines.len() >= 2, "{path}: {heard}");
            for (side, line) in lines {
                check(&texts, article, side, &line, &path);
            }
        }
        let json = server.get(&format!("/articles/{id}/edits.json")).await.text().to_owned();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        for change in json["items"][0]["_redraft"]["changes"].as_array().unwrap() {
            for (side, name) in ["was", "now"].iter().enumerate() {
                check(&texts, article, side, change[name].as_str().unwrap_or_default(), "changes");
            }
        }
    }
}

/// The columns of a comparison page: the text of each, all rows together.
fn columns(page: &str) -> [String; 2] {
    let body = page.split("class=\"row heads\"").nth(1).unwrap();
    let mut columns = [String::new(), String::new()];
    for line in body.split("<p class=\"").skip(1) {
        let (class, rest) = line.split_once('"').unwrap();
        let line = rest.split_once('>').unwrap().1.split("</p>").next().unwrap();
        let line = line
            .rsplit_once("</span> ")
            .filter(|_| line.starts_with("<span class=\"side\""))
            .map_or(line, |_| line.split_once("</span> ").unwrap().1);
        match class {
            "was" => columns[0].push_str(&unescaped(line)),
            "now" => columns[1].push_str(&unescaped(line)),
            "both" => columns.iter_mut().for_each(|column| column.push_str(&unescaped(line))),
            _ => {}
        }
    }
    columns.map(|column| letters(&column))
}

#[tokio::test]
async fn each_column_of_a_comparison_is_its_version_in_its_own_order() {
    let (server, _) = start().await;
    let edits = server.house.store.edits(&newest(Scope::Everything, 100)).unwrap();
    let pairs = edits.iter().filter_map(|edit| Some((edit.article, edit.from?, edit.to?)));
    let mut compared = 0;
    for (article, from, to) in pairs {
        let page = server.get(&format!("/articles/{}/compare/{}/{}", article.0, from.0, to.0)).await.text().to_owned();
        let columns = columns(&page);
        for (column, number) in columns.iter().zip([from, to]) {
            let version = server.house.store.version(article, number).unwrap().unwrap();
            let blocks: String = version.content.blocks.iter().map(|block| block.text.as_str()).collect();
            let blocks = crate::render::plain(&blocks);
            assert!(column.ends_with(&letters(&blocks)), "{article:?} {number:?}: {column}\n{blocks}");
        }
        compared += 1;
    }
    assert!(compared >= PAIRS.len());
}

#[tokio::test]
async fn webhooks_posters_and_comparisons_for_programs_quote_its_versions() {
    let (server, texts) = start().await;
    let edits = server.house.store.edits(&newest(Scope::Everything, 100)).unwrap();
    let own: Vec<&Edit> = edits.iter().filter(|edit| texts.contains_key(&edit.article)).collect();
    assert_eq!(own.len(), PAIRS.len());
    for edit in own {
        let glance = glance(edit).unwrap();
        for (side, stretches) in [glance.was, glance.now].iter().enumerate() {
            let line: String = stretches.iter().map(|stretch| stretch.text.as_str()).collect();
            check(&texts, edit.article, side, &line, "poster");
        }
        for payload in [Payload::Slack, Payload::Discord, Payload::Mastodon, Payload::Ntfy] {
            let sent = payload.of(edit, &server.house.site, "edits");
            let sent = [&sent["text"], &sent["status"], &sent["message"], &sent["embeds"][0]["description"]];
            let sent = sent.into_iter().find_map(|text| text.as_str()).unwrap().replace('\\', "");
            for line in sent.lines() {
                for (side, label) in ["Was: ", "Now: "].iter().enumerate() {
                    check(&texts, edit.article, side, line.strip_prefix(label).unwrap_or_default(), payload.name());
                }
            }
        }
        let path = format!("/articles/{}/compare/1/2.json", edit.article.0);
        let json: serde_json::Value = serde_json::from_str(server.get(&path).await.text()).unwrap();
        let blocks =
            |number| server.house.store.version(edit.article, VersionNumber(number)).unwrap().unwrap().content.blocks;
        for passage in json["blocks"].as_array().unwrap() {
            let mut sides = [String::new(), String::new()];
            for run in passage["segments"].as_array().unwrap() {
                let (op, text) = (run[0].as_str().unwrap(), run[1].as_str().unwrap());
                if matches!(op, "same" | "removed" | "moved_away" | "moved_along") {
                    sides[0].push_str(run[2].as_str().unwrap_or(text));
                }
                if matches!(op, "same" | "added" | "moved" | "moved_along") {
                    sides[1].push_str(text);
                }
            }
            for (side, (name, number)) in [("old", 1), ("new", 2)].into_iter().enumerate() {
                let indexes = passage[name].as_array().unwrap().iter().filter_map(serde_json::Value::as_u64);
                let wanted: String = indexes.map(|at| blocks(number)[at as usize].text.clone()).collect();
                assert_eq!(letters(&sides[side]), letters(&wanted), "{passage}");
            }
        }
    }
}

#[tokio::test]
async fn versions_that_differ_in_writing_alone_are_compared_quietly() {
    let server = Running::start().await;
    let old =
        content(&["Swim Results", "The Mayor's office - it's shut - said \"no\" to all of it.", "Two words stay."]);
    let new = content(&["Swim results", "The mayor’s office – it’s shut – said “no” to all of it.", "Two words stay."]);
    let id = publish(&server.house, "/quiet", &[(old.clone(), "11:00:00"), (new, "12:00:00")]).0;
    let page = server.get(&format!("/articles/{id}/compare/1/2")).await.text().to_owned();
    for part in [
        "The words are the same. Only capitals, quotation marks, dashes or other signs are written differently.",
        "Paragraph 1 written differently",
        "Headline written differently",
        "The <span class=\"restyled\">Mayor&#39;s</span> office",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    for part in ["Silent: the article", "Both versions say the same", "<del><b>"] {
        assert!(!page.contains(part), "{part} in {page}");
    }
    let same = publish(&server.house, "/same", &[(old.clone(), "11:00:00"), (old.clone(), "12:00:00")]).0;
    assert!(server.get(&format!("/articles/{same}/compare/1/2")).await.text().contains("Both versions say the same."));
    let mut divided = old.clone();
    let end = divided.blocks.pop().unwrap();
    divided.blocks[0].text.extend([" ", &end.text]);
    let divided = publish(&server.house, "/divided", &[(old, "11:00:00"), (divided, "12:00:00")]).0;
    let page = server.get(&format!("/articles/{divided}/compare/1/2")).await.text().to_owned();
    assert!(page.contains("The words are the same. They are divided into other paragraphs."), "{page}");
}

#[tokio::test]
async fn a_sentence_that_moved_to_another_paragraph_is_at_both_places() {
    let server = Running::start().await;
    let old = content(&[
        "Hall closes",
        "It met on Monday for nine hours. Nobody from the hall wanted to answer.",
        "Two stays.",
        "The third stays.",
    ]);
    let new = content(&[
        "Hall closes",
        "It met on Monday for nine hours.",
        "Two stays.",
        "The third stays. Nobody from the hall wanted to answer.",
    ]);
    let id = publish(&server.house, "/moves", &[(old, "11:00:00"), (new, "12:00:00")]).0;
    let page = server.get(&format!("/articles/{id}/compare/1/2")).await.text().to_owned();
    for part in [
        "Paragraph 1 partly moved",
        "Paragraph 3 partly moved",
        "nine hours. <span class=\"moved\">Nobody from the hall wanted to answer.</span>",
        "The third stays. <span class=\"moved\">Nobody from the hall wanted to answer.</span>",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    assert!(!page.contains("The words are the same"), "{page}");
}
