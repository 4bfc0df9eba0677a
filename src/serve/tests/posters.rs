//! The posters of edits, drawn for real and read back.

use resvg::tiny_skia::Pixmap;

use super::Running;
use super::newsroom::{BRIDGE, NASTY, at, edit_again, reword};
use crate::model::VersionNumber;
use crate::store::Hidden;

/// The colours of struck and of underlined words, as they are drawn.
const GONE: [u8; 3] = [0x8c, 0x1d, 0x13];
const COME: [u8; 3] = [0x14, 0x55, 0x2c];

/// The picture at `path`, read back.
async fn drawn(server: &Running, path: &str) -> Pixmap {
    let heard = server.get(path).await;
    assert_eq!((heard.status, heard.header("content-type")), (200, Some("image/png")), "{path}: {}", heard.head);
    assert!(heard.body.len() < 150 * 1024, "{} bytes at {path}", heard.body.len());
    let picture = Pixmap::decode_png(&heard.body).unwrap();
    assert_eq!((picture.width(), picture.height()), (1200, 630), "{path}");
    picture
}

/// The share of pixels with this colour in the part of the picture where the change stands, below the head.
fn share(picture: &Pixmap, colour: [u8; 3]) -> f64 {
    let part = &picture.pixels()[1200 * 100..];
    let same = part.iter().filter(|pixel| [pixel.red(), pixel.green(), pixel.blue()] == colour).count();
    same as f64 / part.len() as f64
}

#[tokio::test]
async fn a_comparison_names_the_poster_of_its_edit_which_is_there() {
    let server = Running::start_at("http://edits.example/below/").await;
    let page = server.get("/below/articles/1/compare/1/2").await;
    let page = page.text();
    for line in [
        "<meta property=\"og:image\" content=\"http://edits.example/below/articles/1/edits/1.png\">",
        "<meta property=\"og:image:type\" content=\"image/png\">",
        "<meta property=\"og:image:width\" content=\"1200\">",
        "<meta property=\"og:image:height\" content=\"630\">",
        "<meta property=\"og:url\" content=\"http://edits.example/below/articles/1/compare/1/2\">",
        "<meta property=\"og:site_name\" content=\"redraft\">",
        "<meta property=\"og:title\" content=\"Swing bridge to close for ten weeks: headline, 2 paragraphs changed, 1 added, 1 \
         removed, 1 moved (silent)\">",
        "<meta property=\"og:description\" content=\"Version 2, seen 35 minutes later",
        "<meta name=\"twitter:card\" content=\"summary_large_image\">",
    ] {
        assert!(page.contains(line), "{line} in {page}");
    }
    let words = page.split("og:image:alt\" content=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(words.contains("Was: ") && words.contains("Now: "), "{words}");
    drawn(&server, "/below/articles/1/edits/1.png").await;
    drawn(&server, "/articles/1/edits/1.png").await;
    let none = server.get("/articles/1/compare/3/1").await;
    assert!(!none.text().contains("og:image"), "two versions that no edit compares");
    assert!(server.get("/articles/1").await.text().contains("/articles/1/edits/3.png"), "the latest edit");
}

#[tokio::test]
async fn a_poster_shows_what_went_and_came_and_each_edit_has_its_own() {
    let server = Running::start().await;
    let changed = drawn(&server, "/articles/1/edits/1.png").await;
    assert!(share(&changed, GONE) > 0.001 && share(&changed, COME) > 0.001);
    let added = drawn(&server, "/articles/1/edits/2.png").await;
    assert!(share(&added, GONE) == 0.0 && share(&added, COME) > 0.001, "a note came and nothing went");
    let removed = drawn(&server, "/articles/1/edits/3.png").await;
    assert!(share(&removed, GONE) > 0.001 && share(&removed, COME) == 0.0);
    let again = server.get("/articles/1/edits/1.png").await;
    assert_eq!(Pixmap::decode_png(&again.body).unwrap().data(), changed.data(), "the same edit looks the same");
}

#[tokio::test]
async fn nasty_and_long_words_break_no_poster() {
    let server = Running::start().await;
    drawn(&server, "/articles/2/edits/1.png").await;
    let controls =
        "\u{0}\u{b}\u{202e}<b>&amp;\"'>]]></svg>\u{feff}\u{200d}👩\u{200d}🚀🎉 a\u{301}\u{301}\u{301}\u{301}\u{301}";
    let long = "very long words of no end ".repeat(40);
    let wide = "W".repeat(3000);
    for (number, [was, now]) in [
        [format!("{controls} was 5"), format!("{controls} is 6")],
        [format!("{long} 5"), format!("{long} 6")],
        [wide.clone(), format!("{wide}M")],
        ["5".to_owned(), "6".to_owned()],
    ]
    .into_iter()
    .enumerate()
    {
        reword(&server.house, NASTY, [(&was, "The same text."), (&now, "The same text.")], "en", 2 * number as u32 + 3);
        let last = server.house.store.article(NASTY).unwrap().unwrap().last_edit.unwrap();
        let picture = drawn(&server, &format!("/articles/2/edits/{last}.png")).await;
        let margins = picture.pixels().chunks(1200).flat_map(|row| row[..50].iter().chain(&row[1150..]));
        let paper = |pixel: &resvg::tiny_skia::PremultipliedColorU8| pixel.red() == 0xfb && pixel.blue() == 0xf7;
        assert!(margins.into_iter().all(paper), "nothing reaches into the margins: edit {last}");
    }
}

#[tokio::test]
async fn words_that_the_fonts_lack_are_told_in_figures() {
    let server = Running::start().await;
    let arabic = [("كلفة الجسر 120 مليون", "قال إن العدد 5."), ("كلفة الجسر 210 ملايين", "قال إن العدد 5.")];
    reword(&server.house, NASTY, arabic, "ar", 3);
    let last = server.house.store.article(NASTY).unwrap().unwrap().last_edit.unwrap();
    let picture = drawn(&server, &format!("/articles/2/edits/{last}.png")).await;
    assert!(share(&picture, GONE) == 0.0 && share(&picture, COME) == 0.0, "no box stands for a letter");
    assert!(share(&picture, [0x1d, 0x1b, 0x18]) > 0.01, "it is told in our words");
}

#[tokio::test]
async fn a_poster_is_kept_by_those_who_have_it() {
    let server = Running::start().await;
    let path = "/articles/1/edits/1.png";
    let heard = server.get(path).await;
    assert_eq!(heard.header("cache-control"), Some("public, max-age=86400"));
    let etag = heard.header("etag").unwrap().to_owned();
    let fresh = server.ask("GET", path, &[("If-None-Match", &etag), ("Accept-Encoding", "gzip, br")]).await;
    assert_eq!((fresh.status, fresh.body.len()), (304, 0));
    assert_eq!(fresh.header("etag"), Some(etag.as_str()));
    let head = server.ask("HEAD", path, &[]).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), Some(heard.body.len().to_string().as_str()));
    edit_again(&server.house, "14:50:00");
    assert_eq!(server.get(path).await.header("etag"), Some(etag.as_str()), "another edit alters nothing of it");
    for nothing in
        ["/articles/1/edits/9.png", "/articles/1/edits/01.png", "/articles/1/edits/1", "/articles/9/edits/1.png"]
    {
        assert_eq!(server.get(nothing).await.status, 404, "{nothing}");
    }
}

#[tokio::test]
async fn what_was_taken_down_has_no_poster() {
    let server = Running::start().await;
    let [first, second] = ["/articles/1/edits/1.png", "/articles/1/edits/2.png"];
    drawn(&server, first).await;
    let reason = || "A court said so.".to_owned();
    let hide = |version| {
        server.house.store.hide(Hidden { article: BRIDGE, version, since: at("14:40:00"), reason: reason() }).unwrap();
    };
    hide(Some(VersionNumber(1)));
    let gone = server.get(first).await;
    assert_eq!((gone.status, gone.header("cache-control")), (410, Some("no-store")), "drawn before, and gone");
    assert!(gone.text().contains("A court said so."));
    drawn(&server, second).await;
    hide(None);
    assert_eq!(server.get(second).await.status, 410);
}
