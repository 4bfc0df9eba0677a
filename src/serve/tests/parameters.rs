//! Addresses for programs refuse what they would ignore.

use super::Running;

/// All addresses that answer with JSON, each without its query: the routes that say so, and those with a twin for programs.
fn addresses() -> Vec<String> {
    let routes = include_str!("../routes.rs");
    let twins = ["source", "article", "version", "comparison"].map(|name| format!("({name}))"));
    let mut found = Vec::new();
    for line in routes.lines().filter_map(|line| line.trim().strip_prefix(".route(\"")) {
        let (path, handler) = line.split_once('"').unwrap();
        let path = path.replace("{slug}", "harbour").replace("{article}", "1").replace("{version}", "2");
        let path = path.replace("{from}", "1").replace("{to}", "2");
        if twins.iter().any(|twin| handler.contains(twin)) {
            found.push(format!("{path}.json"));
        } else if path.strip_suffix(".json").is_some() {
            found.push(path);
        }
    }
    found
}

#[tokio::test]
async fn every_json_address_refuses_parameters_that_it_does_not_know() {
    let server = Running::start().await;
    let addresses = addresses();
    assert_eq!(addresses.len(), 11, "{addresses:?}");
    for address in &addresses {
        let (query, allowed) = match address.as_str() {
            "/search.json" => ("class=figure", "there are source, class, min_score, q, lang, silent, from, to, before"),
            "/lookup.json" => ("url=https%3A%2F%2Fgazette.example%2F2026%2Fbridge%3Fx%3D1%26y%3D2", "there are url"),
            feed if feed.ends_with("/edits.json") => {
                ("class=figure", "there are class, min_score, q, lang, silent, from, to")
            }
            _ => ("", "this address takes none"),
        };
        let heard = server.get(&format!("{address}?{query}")).await;
        assert_eq!(heard.status, 200, "{address}?{query}: {}", heard.text());
        assert!(heard.header("content-type").unwrap().contains("json"), "{address}");
        for (name, told) in
            [("sort", "no parameter “sort” here"), ("utm_source", "“utm_source”"), ("Cl%3Css", ""), ("", "")]
        {
            let heard = server.get(&format!("{address}?{query}&{name}=1")).await;
            assert_eq!(heard.status, 400, "{address} with {name}");
            let allowed = if told.is_empty() {
                allowed.replace("this address takes none", "takes no parameters")
            } else {
                allowed.to_owned()
            };
            assert!(heard.text().contains(told) && heard.text().contains(&allowed), "{address}: {}", heard.text());
        }
        if !query.is_empty() && !query.starts_with("class") {
            assert_eq!(server.get(&format!("{address}?{query}&{query}")).await.status, 400, "{address}: twice");
        }
    }
}

#[tokio::test]
async fn an_address_that_is_put_into_a_query_as_it_is_may_have_parameters_of_its_own() {
    let server = Running::start().await;
    let heard = server.get("/lookup.json?url=https://gazette.example/2026/bridge?x=1&y=2").await;
    assert_eq!(heard.status, 200, "{}", heard.text());
    let heard = server.get("/search.json?before=1&before=2").await;
    assert!(heard.status == 400 && heard.text().contains("before may be given once only"), "{}", heard.text());
    assert_eq!(server.get("/search.json?class=figure&class=headline&q=&lang=").await.status, 200, "as a form sends it");
}
