//! Articles whose headlines, addresses and languages are the worst that a publisher ever wrote.

use crate::model::{ArticleId, Content, EditNumber, Retirement};
use crate::serve::House;
use crate::serve::tests::newsroom::{publish, remove, retire, text};

/// Headlines: empty, of ten thousand characters, from right to left, of controls, of what looks like markup, and worse.
pub(super) fn headlines() -> Vec<String> {
    let controls: String = (0..=0x9f).filter_map(char::from_u32).filter(|c| c.is_control()).collect();
    vec![
        String::new(),
        " \u{a0}\u{3000}\t\n ".to_owned(),
        "長い見出し".repeat(2_000),
        "word ".repeat(2_000),
        "W".repeat(10_000),
        "ראש העיר: 120 איש הגיעו".to_owned(),
        "قالت WHO إن العدد 120".to_owned(),
        format!("A{controls}B"),
        "\u{fffe}A\u{ffff}\u{fdd0}\u{1ffff}B\u{10fffe}".to_owned(),
        "A\u{fffd}B \u{feff}C".to_owned(),
        "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 👍🏽 family".to_owned(),
        "<b>bold</b> & <script>alert(1)</script>".to_owned(),
        "&amp;amp; &lt; &#60; &#x3c; &nbsp; AT&T Q&A 5&6 & &".to_owned(),
        "]]> <![CDATA[ x ]]> <!-- -- --> <?xml?>".to_owned(),
        "\u{202e}turned\u{202d} \u{2067}open \u{2069}\u{2069}".to_owned(),
        format!("Z{}", "\u{301}".repeat(500)),
        "\"quoted\" 'and' `ticked`".to_owned(),
        "line\r\nfeeds\rand\u{2028}separators\u{85}".to_owned(),
    ]
}

const ADDRESSES: [&str; 6] = [
    "/2026/a?x={1}|[2]^`\\\"&y=<3>'#{f}|",
    "/ä/ö ü?q=ß&r=日本",
    "/%zz/100%?50%",
    "/a;b=c,d/(e)!*$@:~_-.+?a[]=1&amp;b=2",
    "/{curly}/^caret/|pipe/`tick`",
    "/../..//x//?",
];

const LANGUAGES: [&str; 9] = ["en-GB", "he", "xx-klingon", "english", "en_US", "ja", "jp", "<b>", "fil"];

/// An article a headline, edited twice in one second and once more; the first is removed and returns, the second retires.
pub(super) fn fill(house: &House) -> Vec<ArticleId> {
    let articles: Vec<ArticleId> =
        headlines().iter().enumerate().map(|(at, headline)| article(house, at, headline)).collect();
    remove(&house.store, articles[0], "14:01:00");
    retire(house, articles[1], Retirement::Quiet, "14:02:00");
    assert!(articles.iter().all(|id| house.store.article(*id).unwrap().unwrap().last_edit > Some(EditNumber(2))));
    articles
}

fn article(house: &House, at: usize, headline: &str) -> ArticleId {
    let path = format!("{}{at}", ADDRESSES[at % ADDRESSES.len()]);
    let language = LANGUAGES[at % LANGUAGES.len()];
    let content = |count: usize| Content {
        language: Some(language.to_owned()),
        byline: None,
        ..text(
            &if count == 2 { format!("{headline} 2") } else { headline.to_owned() },
            headline,
            &[
                &format!(
                    "{headline} The council said that {count}00 people came to the fair on Friday, of whom {count} fell ill."
                ),
                headline,
            ],
        )
    };
    // All articles are edited in the same two milliseconds, as a busy hour has it.
    publish(
        house,
        &path,
        &[(content(1), "09:00:00"), (content(2), "10:10:00.25"), (content(3), "10:10:00.75"), (content(4), "12:00:00")],
    )
}
