//! Changes that a store survives: another machine, another release, another disk.

use jiff::SignedDuration;
use redraft::model::{ArticleId, Block, BlockKind, Decision, Digest, Outcome};
use redraft::store::{Options, Store};

use crate::program::{Redraft, morning};
use crate::publishes_edits::budget;
use crate::site::NewsSite;

const HALF_AN_HOUR: SignedDuration = SignedDuration::from_mins(31);

fn options() -> Options {
    Options { cache_mib: 8, authority: "another.example".to_owned() }
}

/// A story with a published edit.
async fn an_edited_story() -> (NewsSite, Redraft, crate::site::Article) {
    let site = NewsSite::open().await;
    let mut story = budget();
    site.publish("/budget", &story);
    site.feed("/feed.xml", &["/budget"]);
    let redraft = Redraft::watching(&site, &["/feed.xml"]).await;
    redraft.look().await;
    site.publish("/budget", story.edit("12 million", "21 million"));
    redraft.after(HALF_AN_HOUR).await;
    (site, redraft, story)
}

/// Status, validators and body of a response, as a reader receives it.
async fn answer(redraft: &Redraft, path: &str) -> (String, Option<String>, Option<String>, Vec<u8>) {
    let response = redraft.get(path, &[]).await;
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (status, etag, modified) = (response.status().to_string(), header("etag"), header("last-modified"));
    (status, etag, modified, response.bytes().await.unwrap().to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_store_serves_the_same_feeds_byte_for_byte() {
    let (_site, mut redraft, _) = an_edited_story().await;
    let paths = ["/edits.atom", "/edits.rss", "/sources/feed-0/edits.atom", "/articles/1/edits.atom", "/articles/1"];
    let mut before = Vec::new();
    for path in paths {
        before.push(answer(&redraft, path).await);
    }
    redraft.move_store().await;
    for (path, before) in paths.iter().zip(before) {
        assert_eq!(answer(&redraft, path).await, before, "{path}");
    }
}

/// Changes the stored versions as if another release had extracted them: another extractor number, and other texts.
fn read_by_an_older_extractor(store: &Store) {
    let article = store.article(ArticleId(1)).unwrap().unwrap();
    let mut versions = store.versions(ArticleId(1)).unwrap();
    for version in &mut versions {
        version.extractor = version.extractor.wrapping_sub(1);
        let text = "Read more: ten harbours that you must see, and what they cost.".to_owned();
        version.content.blocks.push(Block { kind: BlockKind::Paragraph, text });
        version.identity = Digest::of(b"as it was read then");
    }
    let decision = Decision { rebased: versions, ..Decision::quiet(Outcome::Unchanged, article) };
    store.record(decision).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_of_the_extractor_makes_no_edit_and_hides_none() {
    let (site, mut redraft, mut story) = an_edited_story().await;
    read_by_an_older_extractor(redraft.store());
    redraft.restart().await;
    let told = redraft.feed("/edits.atom").await;
    assert_eq!(told.len(), 1);
    // The page differs for the server but not for a reader, so it is fetched and read by the current extractor.
    site.publish("/budget", &story);
    redraft.days(2).await;
    assert_eq!(redraft.feed("/edits.atom").await, told, "reading otherwise is no edit");
    site.publish("/budget", story.edit("five hours", "nine hours"));
    redraft.days(2).await;
    let entries = redraft.feed("/edits.atom").await;
    assert_eq!(entries.len(), 2, "what is edited afterwards is told");
    assert!(!entries[0].html.contains("ten harbours"), "{}", entries[0].html);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_became_shorter_without_a_word_is_not_taken_for_whole() {
    let (_site, mut redraft, _) = an_edited_story().await;
    let data = redraft.stop().await;
    std::fs::remove_dir_all(data.join("state")).unwrap();
    let error = Store::open(&data, &options(), morning()).unwrap_err().to_string();
    assert!(error.contains("1 articles and 1 edits") && error.contains("only 0 and 0"), "{error}");
}
