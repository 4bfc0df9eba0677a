//! Our versions as Mementos: the rules of RFC 7089, each with its section.

use super::Running;
use super::newsroom::{BRIDGE, at};
use crate::model::VersionNumber;
use crate::store::Hidden;

const ORIGINAL: &str = "https://gazette.example/2026/bridge?x=1&y=2";
const MEMENTO: &str = "http://edits.example/articles/1/versions/";

/// Where the gate leads at this time of 1 August 2026.
async fn led_to(server: &Running, path: &str, time: &str) -> String {
    let date = format!("Sat, 01 Aug 2026 {time} GMT");
    let heard = server.ask("GET", path, &[("Accept-Datetime", &date)]).await;
    assert_eq!(heard.status, 302, "{path} {time}");
    heard.header("location").unwrap().to_owned()
}

#[tokio::test]
async fn the_gate_leads_to_the_version_that_stood_then_and_varies_by_time() {
    let server = Running::start().await;
    let by_address = format!("/timegate/{ORIGINAL}");
    for path in ["/articles/1/timegate", &by_address] {
        for (time, version) in
            [("08:00:00", 1), ("09:00:00", 1), ("09:34:59", 1), ("09:35:00", 2), ("13:19:59", 3), ("23:00:00", 4)]
        {
            assert_eq!(led_to(&server, path, time).await, format!("{MEMENTO}{version}"), "{path} {time}");
        }
        // Without a time: the newest (4.5.3). Section 2.1.2: Vary. 4.1.1: no Memento-Datetime on a gate's answer.
        let heard = server.get(path).await;
        assert_eq!((heard.status, heard.header("location")), (302, Some(&*format!("{MEMENTO}4"))));
        assert_eq!(heard.header("vary"), Some("accept-datetime"));
        assert_eq!(heard.header("memento-datetime"), None);
        let link = heard.header("link").unwrap();
        assert!(link.starts_with(&format!("<{ORIGINAL}>; rel=\"original\", ")), "{link}");
        assert!(
            link.contains(
                "<http://edits.example/articles/1/timemap>; rel=\"timemap\"; type=\"application/link-format\""
            )
        );
        // 4.5.3: a time that cannot be read is refused.
        assert_eq!(server.ask("GET", path, &[("Accept-Datetime", "yesterday")]).await.status, 400);
    }
}

#[tokio::test]
async fn a_version_says_when_it_was_so_and_where_its_neighbours_are() {
    let server = Running::start().await;
    let time = |time: &str| format!("Sat, 01 Aug 2026 {time} GMT");
    let heard = server.get("/articles/1/versions/2").await;
    assert_eq!((heard.status, heard.header("memento-datetime")), (200, Some(&*time("09:35:00"))));
    let link = heard.header("link").unwrap();
    for part in [
        format!("<{ORIGINAL}>; rel=\"original\""),
        "<http://edits.example/articles/1/timegate>; rel=\"timegate\"".to_owned(),
        format!("<{MEMENTO}1>; rel=\"first prev memento\"; datetime=\"{}\"", time("09:00:00")),
        format!("<{MEMENTO}3>; rel=\"next memento\"; datetime=\"{}\"", time("11:05:00")),
        format!("<{MEMENTO}4>; rel=\"last memento\"; datetime=\"{}\"", time("13:20:00")),
    ] {
        assert!(link.contains(&part), "{part}\n{link}");
    }
    let last = server.get("/articles/1/versions/4").await;
    assert!(last.header("link").unwrap().contains(&format!("<{MEMENTO}4>; rel=\"last memento\"")));
    let etag = heard.header("etag").unwrap();
    let again = server.ask("GET", "/articles/1/versions/2", &[("If-None-Match", etag)]).await;
    assert_eq!((again.status, again.header("memento-datetime")), (304, Some(&*time("09:35:00"))));
}

#[tokio::test]
async fn the_map_lists_what_is_shown_and_nothing_else() {
    let server = Running::start().await;
    let map = server.get("/articles/1/timemap").await;
    assert_eq!((map.status, map.header("content-type")), (200, Some("application/link-format")));
    let lines: Vec<&str> = map.text().trim_end().split(",\n").collect();
    assert_eq!(lines.len(), 7, "{}", map.text());
    assert!(lines[0].ends_with("rel=\"original\"") && lines[2].ends_with("rel=\"timegate\""));
    assert!(
        lines[1]
            .contains("rel=\"self\"; type=\"application/link-format\"; from=\"Sat, 01 Aug 2026 09:00:00 GMT\"; until=")
    );
    assert_eq!(lines[4], format!("<{MEMENTO}2>; rel=\"memento\"; datetime=\"Sat, 01 Aug 2026 09:35:00 GMT\""));
    let by_address = server.get(&format!("/timemap/link/{ORIGINAL}")).await;
    assert_eq!(by_address.text(), map.text());
    // What a proxy that tidies paths makes of it.
    let tidied = ORIGINAL.replace("//", "/");
    assert_eq!(server.get(&format!("/timemap/link/{tidied}")).await.text(), map.text());

    let reason = "A court said so.".to_owned();
    let hidden =
        Hidden { article: BRIDGE, version: Some(VersionNumber(2)), since: at("14:40:00"), reason: reason.clone() };
    server.house.store.hide(hidden.clone()).unwrap();
    let map = server.get("/articles/1/timemap").await;
    assert!(!map.text().contains("versions/2>"), "{}", map.text());
    assert_eq!(led_to(&server, "/articles/1/timegate", "10:00:00").await, format!("{MEMENTO}1"));
    let first = server.get("/articles/1/versions/1").await;
    assert!(first.header("link").unwrap().contains(&format!("<{MEMENTO}3>; rel=\"next memento\"")));
    server.house.store.hide(Hidden { version: None, ..hidden }).unwrap();
    for path in ["/articles/1/timemap", "/articles/1/timegate", &format!("/timegate/{ORIGINAL}")] {
        assert_eq!(server.get(path).await.status, 410, "{path}");
    }
}

#[tokio::test]
async fn addresses_that_nobody_watches_have_no_time() {
    let server = Running::start().await;
    for (path, status) in [
        ("/timegate/https://gazette.example/elsewhere", 404),
        ("/timemap/link/https://gazette.example/elsewhere", 404),
        ("/timegate/bridge", 400),
        ("/articles/99/timegate", 404),
        ("/articles/99/timemap", 404),
    ] {
        assert_eq!(server.get(path).await.status, status, "{path}");
    }
}
