//! Tests: the examples of RFC 9309, malformed files, and a comparison with another parser.

use proptest::prelude::*;

use super::*;

fn url(path: &str) -> Url {
    Url::parse(&format!("https://news.example{path}")).unwrap()
}

fn allowed(text: &str, path: &str) -> bool {
    Robots::parse(text.as_bytes()).permission(&url(path)).allowed
}

#[test]
fn the_longest_rule_decides_and_allow_among_equals() {
    let text = "User-agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif";
    assert!(allowed(text, "/example/page/x"));
    assert!(!allowed(text, "/example/page/disallowed.gif"));
    assert!(allowed("user-agent: *\ndisallow: /a\nallow: /a", "/a"));
    assert!(allowed("user-agent: *\nallow: /a\ndisallow: /a", "/a"));
    let robots = Robots::parse(b"# ours\nUser-agent: *\nDisallow: /a # why\n\nDisallow: /a/b");
    let rule = robots.permission(&url("/a/b/c")).rule.unwrap();
    assert_eq!((rule.text().as_str(), rule.line), ("Disallow: /a/b", 5));
}

#[test]
fn groups_that_name_us_apply_together_and_alone() {
    let text = "User-agent: *\nDisallow: /\n\nUser-agent: Redraft/2.0\nUser-agent: other\nDisallow: /a\n\nuser-agent: REDRAFT\nDisallow: /b";
    assert!(allowed(text, "/c"));
    assert!(!allowed(text, "/a"));
    assert!(!allowed(text, "/b"));
    assert!(allowed("User-agent: redrafter\nDisallow: /", "/"));
}

#[test]
fn an_empty_group_of_ours_allows_all() {
    assert!(allowed("User-agent: redraft\nDisallow:\n\nUser-agent: *\nDisallow: /", "/x"));
}

#[test]
fn stars_and_a_final_dollar_are_wildcards() {
    let text = "User-agent: *\nDisallow: /*.gif$\nDisallow: /private*/notes\nDisallow: *print=1";
    assert!(!allowed(text, "/a/b.gif"));
    assert!(allowed(text, "/a/b.gif?x"));
    assert!(!allowed(text, "/private-7/notes/1"));
    assert!(allowed(text, "/private-7/note"));
    assert!(!allowed(text, "/story?print=1"));
    assert!(!allowed("user-agent: *\ndisallow: /a*a$", "/aba"));
    assert!(allowed("user-agent: *\ndisallow: /aa*aa$", "/aaa"));
    assert!(!allowed("user-agent: *\ndisallow: /$", "/"));
    assert!(allowed("user-agent: *\ndisallow: /$", "/x"));
}

#[test]
fn percent_encoding_makes_no_difference() {
    assert!(!allowed("user-agent: *\ndisallow: /foo/bar/ツ", "/foo/bar/%E3%83%84"));
    assert!(!allowed("user-agent: *\ndisallow: /foo/bar/%e3%83%84", "/foo/bar/ツ"));
    assert!(!allowed("user-agent: *\ndisallow: /%7Euser", "/~user/x"));
    assert!(allowed("user-agent: *\ndisallow: /a%2Fb", "/a/b"));
}

#[test]
fn malformed_files_are_read() {
    assert!(!allowed("\u{FEFF}User-Agent : *\r\nDISALLOW:/a\rAllow: /a/b", "/a/c"));
    assert!(allowed("<html><body>Not found</body></html>", "/a"));
    assert!(allowed("Disallow: /\nUser-agent: *\nDisallow: relative", "/relative"));
    assert!(!allowed("User-agent: *\nSitemap: https://news.example/s.xml\nDisallow: /a", "/a"));
    assert!(allowed("User-agent: *\nDisallow: /", "/robots.txt"));
    assert!(!Robots::nothing().permission(&url("/a")).allowed);
    assert!(Robots::parse(b"\xff\xfe\x00: \n:\nuser-agent").permission(&url("/")).allowed);
}

#[test]
fn a_site_without_the_file_allows_all_and_one_that_is_down_leaves_it_open() {
    let rules_after = |trouble| Robots::told(&Reply::Trouble(trouble));
    for trouble in [Trouble::Gone(404), Trouble::Refused(403), Trouble::UnexpectedStatus(418)] {
        assert_eq!(rules_after(trouble), Some(Robots::default()));
    }
    for trouble in
        [Trouble::ServerError(500), Trouble::Busy(429), Trouble::Timeout("connect"), Trouble::UnexpectedStatus(204)]
    {
        assert_eq!(rules_after(trouble), None);
    }
}

#[test]
fn a_delay_is_honoured_up_to_a_minute() {
    let delay = |text: &str| Robots::parse(format!("User-agent: *\nCrawl-delay: {text}").as_bytes()).delay();
    assert_eq!(delay("2.5"), Some(Duration::from_millis(2_500)));
    assert_eq!(delay("86400"), Some(MAX_DELAY));
    for bad in ["-1", "0", "NaN", "inf minutes", "", "1e999999999x"] {
        assert_eq!(delay(bad), None, "{bad}");
    }
    assert_eq!(delay("inf"), Some(MAX_DELAY));
}

#[test]
fn a_file_over_the_limit_is_cut_at_a_line() {
    let mut text = "User-agent: *\nDisallow: /first\n".to_owned();
    text.push_str(&"#".repeat(MAX_BYTES - text.len() - 12));
    text.push_str("\nDisallow: /a-very-long-rule");
    assert!(!allowed(&text, "/first"));
    assert!(allowed(&text, "/a-very"));
    assert!(allowed(&text, "/x"));
}

proptest! {
    #[test]
    fn anything_is_read_and_its_condensed_form_says_the_same(
        text in "((User-agent|Allow|Disallow|Crawl-delay|x)[:= ] ?[/*$%#a-c2Fé. ]{0,9}(\n|\r|\r\n)){0,12}",
        path in "/[a-c/%2F.]{0,9}",
    ) {
        let robots = Robots::parse(text.as_bytes());
        let again = Robots::parse(robots.condensed().as_bytes());
        let url = url(&path);
        prop_assert_eq!(robots.permission(&url).allowed, again.permission(&url).allowed);
        prop_assert_eq!(robots.delay(), again.delay());
    }

    #[test]
    fn another_parser_agrees(
        rules in proptest::collection::vec(("Allow|Disallow", "/[a-c*/]{0,6}\\$?"), 0..8),
        path in "/[a-c/]{0,8}",
    ) {
        let lines: String = rules.iter().map(|(key, path)| format!("{key}: {path}\n")).collect();
        let text = format!("User-agent: redraft\n{lines}");
        let oracle = texting_robots::Robot::new(TOKEN, text.as_bytes()).unwrap();
        let url = url(&path);
        prop_assert_eq!(allowed(&text, &path), oracle.allowed(url.as_str()), "{}{}", text, url);
    }
}
