//! What the instance is called, wherever it says who speaks.

use super::Running;

async fn called(title: &str) -> Running {
    let title = title.to_owned();
    Running::start_changed("http://edits.example/", |house| house.site.title = title).await
}

#[tokio::test]
async fn every_feed_and_page_says_what_the_instance_is_called() {
    let server = called("Desk <7> & Co").await;
    for (path, part) in [
        ("/edits.atom", "<title>Edits of all sources – Desk &#x3C;7&gt; &#x26; Co</title>"),
        ("/edits.atom", "<author><name>Desk &lt;7&gt; &amp; Co</name>"),
        ("/edits.atom?class=figure", "<title>Edits of all sources (class figure) – Desk"),
        ("/edits.rss", "<title>Edits of all sources – Desk &#x3C;7&gt; &#x26; Co</title>"),
        ("/edits.json", r#""title":"Edits of all sources – Desk <7> & Co""#),
        ("/edits.json", r#""authors":[{"name":"Desk <7> & Co","url":"http://edits.example/"}]"#),
        ("/sources/harbour/edits.atom", "<title>Harbour Gazette: edits – Desk"),
        ("/articles/1/edits.rss", "<title>Edits: Swing bridge to close for ten weeks – Desk"),
        ("/feeds.opml", "<head><title>Desk &lt;7&gt; &amp; Co</title></head>"),
        ("/feeds.opml", "text=\"Harbour Gazette: edits – Desk &lt;7&gt; &amp; Co\""),
        ("/", "<title>Latest edits – Desk &#60;7&#62; &#38; Co</title>"),
        ("/", "title=\"Edits of all sources – Desk &#60;7&#62; &#38; Co (Atom)\""),
        ("/", "<a class=\"name\" href=\"/\"><bdi lang=\"\">Desk &#60;7&#62; &#38; Co</bdi></a>"),
        ("/nothing-here", "<title>Not found – Desk"),
        ("/articles/1", "property=\"og:site_name\" content=\"Desk &#60;7&#62; &#38; Co\""),
        ("/about", "<h1>About <bdi lang=\"\">Desk &#60;7&#62; &#38; Co</bdi></h1>"),
        ("/about", "This site is run with a program that is called redraft."),
    ] {
        let heard = server.get(path).await;
        assert!(heard.text().contains(part), "{path}: no {part} in {}", heard.text());
    }
}

#[tokio::test]
async fn an_instance_without_a_title_has_the_sign_of_the_program() {
    let server = Running::start().await;
    let page = server.get("/about").await;
    assert!(
        page.text().contains("<title>About – redraft</title>") && page.text().contains("<del>re</del><ins>draft</ins>")
    );
    assert!(page.text().contains("<h1>About</h1>") && !page.text().contains("is run with a program"));
}

#[tokio::test]
async fn another_title_changes_no_entry_and_no_id() {
    let (one, other) = (Running::start().await, called("مراقب").await);
    for path in ["/edits.atom", "/edits.rss", "/sources/harbour/edits.atom"] {
        let (one, other) = (one.get(path).await, other.get(path).await);
        let entries = |text: &str| {
            let begin = text.find("<entry>").or_else(|| text.find("<item>")).unwrap();
            text[begin..].to_owned()
        };
        assert_eq!(entries(one.text()), entries(other.text()), "{path}");
        assert_eq!(one.header("last-modified"), other.header("last-modified"), "{path}");
        assert!(other.text().contains(" – \u{2067}مراقب\u{2069}</title>"), "{path}");
    }
}

#[tokio::test]
async fn a_poster_bears_the_title_of_the_instance() {
    let own = Running::start().await.get("/articles/1/edits/1.png").await;
    let named = called("Desk 7").await.get("/articles/1/edits/1.png").await;
    let long = called(&"A very long name of an instance ".repeat(2)).await.get("/articles/1/edits/1.png").await;
    assert_eq!((own.status, named.status, long.status), (200, 200, 200));
    assert!(own.body != named.body && named.body != long.body);
}
