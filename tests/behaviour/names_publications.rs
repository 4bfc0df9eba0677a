//! Whose article an entry is about: it says so, in words that stay.

use jiff::SignedDuration;

use crate::program::Redraft;
use crate::publishes_edits::budget;
use crate::site::{Article, NewsSite};

const HALF_AN_HOUR: SignedDuration = SignedDuration::from_mins(31);

/// Puts an article at `/budget` whose page calls its site so, in the head or in JSON-LD.
fn publish(site: &NewsSite, article: &Article, head: &str) {
    let html = article.html().replace("</head>", &format!("{head}</head>"));
    site.put("/budget", 200, &[("content-type", "text/html; charset=utf-8")], &html);
}

/// The last paragraph of the only entry and its author, after the story was edited once under these sources.
async fn told(site: &NewsSite, sources: &str, head: &str) -> (String, String) {
    let mut story = budget();
    publish(site, &story, head);
    site.feed("/feed.xml", &["/budget"]);
    site.feed("/town.xml", &["/budget"]);
    let redraft = Redraft::with(sources).await;
    redraft.look().await;
    publish(site, story.edit("12 million", "21 million"), head);
    redraft.after(HALF_AN_HOUR).await;
    let entries = redraft.feed("/edits.atom").await;
    assert_eq!(entries.len(), 1, "{entries:#?}");
    let (_, last) = entries[0].html.rsplit_once("<p>").unwrap();
    let atom = redraft.get("/edits.atom", &[]).await.text().await.unwrap();
    let (_, author) = atom.split_once("<entry>").unwrap().1.split_once("<author><name>").unwrap();
    (last.to_owned(), author.split('<').next().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_names_the_publication_and_the_article_whatever_led_to_it() {
    let og = r#"<meta property="og:site_name" content="The Echo Online">"#;
    let ld = r#"<script type="application/ld+json">{"@type":"NewsArticle","headline":"Council approves harbour budget",
                "publisher":{"@type":"Organization","name":"Echo &amp; Sons"}}</script>"#;
    let long = format!(r#"<meta property="og:site_name" content="{}">"#, "Echo ".repeat(40));
    for (name, table, head, publication) in [
        ("a feed that the operator named", "[[source]]\nurl = \"OWN/feed.xml\"\nname = \"Echo\"\n", og, "Echo"),
        ("a feed that has a title", "[[source]]\nurl = \"OWN/feed.xml\"\n", og, "Harbour Echo"),
        ("another site's feed", "[[source]]\nurl = \"OTHER/feed.xml\"\nname = \"Links\"\n", og, "The Echo Online"),
        ("another site's feed, JSON-LD", "[[source]]\nurl = \"OTHER/feed.xml\"\nname = \"Links\"\n", ld, "Echo & Sons"),
        ("another site's feed alone", "[[source]]\nurl = \"OTHER/feed.xml\"\nname = \"Links\"\n", "", "Links"),
        (
            "another site's feed and its own",
            "[[source]]\nurl = \"OTHER/feed.xml\"\nname = \"Links\"\n[[source]]\nurl = \"OWN/feed.xml\"\nname = \"Echo\"\n",
            og,
            "Echo",
        ),
        (
            "the feed of a part of a publication and that of the whole",
            "[[source]]\nurl = \"OWN/town.xml\"\nname = \"Echo: town\"\n[[source]]\nurl = \"OWN/feed.xml\"\nname = \"Echo\"\n",
            og,
            "Echo",
        ),
        ("a single page", "[[page]]\nurl = \"OWN/budget\"\nname = \"The budget\"\n", og, "The Echo Online"),
        ("a page without a name of its site", "[[page]]\nurl = \"OWN/budget\"\n", "", "127.0.0.1"),
        ("a name that is none", "[[page]]\nurl = \"OWN/budget\"\n", &long, "127.0.0.1"),
    ] {
        let site = NewsSite::open().await;
        let own = site.url("");
        let sources = table.replace("OWN", &own).replace("OTHER", &own.replace("127.0.0.1", "localhost"));
        let (last, author) = told(&site, &sources, head).await;
        let escaped = publication.replace('&', "&amp;");
        let expected = format!(" · <a href=\"{own}/budget\">Council approves harbour budget</a> ({escaped})</p>");
        assert!(last.ends_with(&expected), "{name}: {last}");
        assert_eq!(author, escaped, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_keeps_the_name_that_its_publication_had() {
    let site = NewsSite::open().await;
    let mut story = budget();
    site.publish("/budget", &story);
    site.feed("/feed.xml", &["/budget"]);
    let mut redraft = Redraft::with(&format!(
        "[[source]]\nurl = \"{}\"\nslug = \"echo\"\nname = \"Harbour Echo\"\n",
        site.url("/feed.xml")
    ))
    .await;
    redraft.look().await;
    site.publish("/budget", story.edit("12 million", "21 million"));
    redraft.after(HALF_AN_HOUR).await;
    let atom = async |redraft: &Redraft| redraft.get("/edits.atom", &[]).await.text().await.unwrap();
    let before = atom(&redraft).await;
    redraft.reconfigure("name = \"Harbour Echo\"", "name = \"The New Echo\"").await;
    assert_eq!(atom(&redraft).await, before);
    site.publish("/budget", story.edit("October", "November"));
    redraft.after(HALF_AN_HOUR).await;
    let after = redraft.feed("/edits.atom").await;
    assert!(after[0].html.ends_with("</a> (The New Echo)</p>"), "{}", after[0].html);
    assert!(after[1].html.ends_with("</a> (Harbour Echo)</p>"), "{}", after[1].html);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_leaves_the_configuration_is_gone_and_its_articles_stay_under_its_name() {
    let site = NewsSite::open().await;
    let mut story = budget();
    site.publish("/budget", &story);
    site.publish("/notice", &story);
    site.feed("/feed.xml", &["/budget"]);
    let page = format!("[[page]]\nurl = \"{}\"\nslug = \"notice\"\nname = \"The notice\"\n", site.url("/notice"));
    let feed = format!("[[source]]\nurl = \"{}\"\nslug = \"echo\"\nname = \"Echo\"\n", site.url("/feed.xml"));
    let mut redraft = Redraft::with(&format!("{page}{feed}")).await;
    redraft.look().await;
    site.publish("/budget", story.edit("12 million", "21 million"));
    redraft.after(HALF_AN_HOUR).await;
    // Renamed, and gone before anybody polled it again.
    redraft.reconfigure("name = \"Echo\"", "name = \"The Harbour Echo\"").await;
    redraft.reconfigure("name = \"The notice\"", "name = \"The last notice\"").await;
    let feed = feed.replace("name = \"Echo\"", "name = \"The Harbour Echo\"");
    redraft.reconfigure(&feed, "").await;
    redraft.reconfigure(&page.replace("The notice", "The last notice"), "").await;
    redraft.days(1).await;
    let text = async |path: &str, status: u16| {
        let heard = redraft.get(path, &[]).await;
        assert_eq!(heard.status(), status, "{path}");
        heard.text().await.unwrap()
    };
    for (slug, name) in [("echo", "The Harbour Echo"), ("notice", "The last notice")] {
        for end in ["/edits.atom", "/edits.rss", "/edits.json", ".json", ""] {
            let gone = text(&format!("/sources/{slug}{end}"), 410).await;
            assert!(gone.contains(&format!("{name} is no longer watched")), "{slug}{end}: {gone}");
        }
    }
    let id = redraft.article(&site.url("/budget")).unwrap().id;
    assert!(text(&format!("/articles/{id}"), 200).await.contains("The Harbour Echo"));
    let found: serde_json::Value = serde_json::from_str(&text("/search.json?source=echo", 200).await).unwrap();
    assert_eq!(found["edits"][0]["_redraft"]["publication"], "Echo", "as it was called then");
    assert_eq!(redraft.feed("/edits.atom").await.len(), 1);
}
