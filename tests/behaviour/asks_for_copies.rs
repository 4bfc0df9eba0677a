//! The Internet Archive: redraft asks it to save the page of each new version, slowly, retries failures, and is never
//! blocked by it.

use jiff::SignedDuration;

use crate::program::Redraft;
use crate::publishes_edits::budget;
use crate::site::{Article, NewsSite};

const HALF_AN_HOUR: SignedDuration = SignedDuration::from_mins(31);

/// A watched story, and an archive at `/save` of the site with these further lines of `[archive]`.
async fn archived(lines: &str) -> (NewsSite, Redraft, Article) {
    let site = NewsSite::open().await;
    let story = budget();
    site.publish("/budget", &story);
    site.feed("/feed.xml", &["/budget"]);
    site.put(&saving(&site), 302, &[("location", "/web/20260801090000/budget")], "");
    let archive = format!("[archive]\naddress = \"{}\"\nspacing = \"0s\"\n{lines}\n", site.url("/save/"));
    let redraft =
        Redraft::with(&format!("{archive}[[source]]\nurl = \"{}\"\nname = \"Echo\"\n", site.url("/feed.xml"))).await;
    redraft.look().await;
    (site, redraft, story)
}

/// The path that is requested from the archive to save the story.
fn saving(site: &NewsSite) -> String {
    format!("/save/{}", site.url("/budget"))
}

fn copies(site: &NewsSite) -> usize {
    site.requests(&saving(site)).len()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_new_version_is_copied_once_over_restarts() {
    let (site, mut redraft, mut story) = archived("save = true").await;
    assert_eq!(copies(&site), 1, "the first version too");
    redraft.restart().await;
    redraft.days(1).await;
    assert_eq!(copies(&site), 1, "nothing changed");
    site.publish("/budget", story.edit("12 million", "21 million"));
    redraft.days(1).await;
    assert_eq!(copies(&site), 2);
    assert!(site.requests("/web/20260801090000/budget").is_empty(), "the copy itself is nobody's to fetch");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_is_busy_is_asked_later_and_once_for_all_that_came_meanwhile() {
    let (site, mut redraft, mut story) = archived("save = true").await;
    site.put(&saving(&site), 429, &[("retry-after", "7200")], "");
    site.publish("/budget", story.edit("12 million", "21 million"));
    redraft.after(HALF_AN_HOUR).await;
    site.publish("/budget", story.edit("October", "November"));
    redraft.after(HALF_AN_HOUR).await;
    assert_eq!((copies(&site), redraft.feed("/edits.atom").await.len()), (2, 2), "publishing does not wait");
    let waiting = redraft.get("/outbox.json", &[]).await.text().await.unwrap();
    assert!(waiting.contains("\"to\": \"archive\"") && waiting.contains("\"waiting\": 1"), "{waiting}");
    site.put(&saving(&site), 200, &[], "");
    redraft.restart().await;
    redraft.after(SignedDuration::from_mins(80)).await;
    assert_eq!(copies(&site), 2, "it asked for two hours");
    redraft.after(SignedDuration::from_mins(30)).await;
    assert_eq!(copies(&site), 3, "one copy for both");
    redraft.days(1).await;
    assert_eq!(copies(&site), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_key_it_is_asked_by_its_interface_for_programs() {
    let key = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(key.path(), "ACCESS:s3cret\n").unwrap();
    let (site, redraft, mut story) = archived(&format!("save = true\nkey_file = \"{}\"", key.path().display())).await;
    site.put("/save/", 200, &[], "{}");
    redraft.after(HALF_AN_HOUR).await;
    site.publish("/budget", story.edit("12 million", "21 million"));
    redraft.days(1).await;
    let asked = site.requests("/save/").pop().unwrap();
    let header = |name: &str| asked.headers[name].to_str().unwrap();
    assert_eq!((header("authorization"), header("accept")), ("LOW ACCESS:s3cret", "application/json"));
    let form: Vec<(String, String)> = url::form_urlencoded::parse(asked.body.as_bytes()).into_owned().collect();
    assert_eq!(form, [("url".to_owned(), site.url("/budget"))]);
    assert_eq!(copies(&site), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_setting_nobody_is_asked_and_nothing_is_remembered() {
    let (site, mut redraft, _) = archived("").await;
    assert_eq!(copies(&site), 0);
    redraft.reconfigure("[archive]\n", "[archive]\nsave = true\n").await;
    redraft.days(1).await;
    assert_eq!(copies(&site), 0, "versions of before are not asked for");
    redraft.reconfigure("save = true\n", "").await;
    assert!(redraft.store().addressees().unwrap().is_empty());
}
