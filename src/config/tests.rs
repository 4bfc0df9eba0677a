//! Tests of the configuration as an operator sees it: precedence, places of mistakes, and output.

use std::path::Path;

use jiff::SignedDuration;

use super::*;
use crate::model::{Class, Host, SourceKind};

/// Writes a configuration directory with these files.
fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    directory
}

fn at(path: &Path) -> Invocation {
    Invocation { config: Some(path.to_owned()), ..Invocation::default() }
}

/// The problems of a settings file, without its path.
fn complaint(text: &str) -> String {
    let directory = directory(&[("redraft.toml", text)]);
    let problems = Config::load(&at(directory.path())).unwrap_err();
    problems.to_string().replace(&format!("{}/", directory.path().display()), "")
}

#[test]
fn the_defaults_are_those_of_the_manual() {
    let config = Config::built_in().unwrap();
    assert_eq!(config.store.path, Path::new("data"));
    assert_eq!(config.fetch.web.max_page_bytes, 5 << 20);
    assert_eq!(config.fetch.web.total_timeout, std::time::Duration::from_secs(30));
    assert_eq!(config.fetch.web.contact, None);
    assert_eq!(config.schedule.feed_interval, SignedDuration::from_mins(15));
    assert_eq!(config.schedule.pace, crate::cadence::Pace::default());
    assert!((config.judge.min_score - 0.40).abs() < 1e-9);
    assert_eq!(config.publish.base_url.as_str(), "http://127.0.0.1:8080/");
    assert_eq!(config.publish.authority, "redraft.localhost");
    assert_eq!(config.publish.title, crate::model::Site::TITLE);
    assert!(config.sources.is_empty() && config.notes.is_empty());
}

#[test]
fn a_file_beats_the_manual_the_environment_a_file_and_a_flag_the_environment() {
    let directory = directory(&[("redraft.toml", "[serve]\nlisten = \"127.0.0.1:1\"\n[publish]\nentries = 20\n")]);
    let mut invocation = at(directory.path());
    let listen = |invocation: &Invocation| Config::load(invocation).unwrap().serve.listen.port();
    assert_eq!(listen(&invocation), 1);
    invocation.environment = vec![("REDRAFT_SERVE_LISTEN".into(), "127.0.0.1:2".into())];
    assert_eq!(listen(&invocation), 2);
    invocation.flags = vec![("serve.listen".into(), "127.0.0.1:3".into(), "--listen=127.0.0.1:3".into())];
    assert_eq!(listen(&invocation), 3);
    let config = Config::load(&invocation).unwrap();
    assert_eq!(config.publish.entries, 20);
    let shown = config.show();
    let line = |key: &str| shown.lines().find(|line| line.starts_with(key)).unwrap().to_owned();
    assert!(line("listen").ends_with("# from --listen"), "{shown}");
    assert!(line("entries").ends_with("redraft.toml:4"), "{shown}");
    assert!(line("factor").ends_with("# from default"), "{shown}");
}

#[test]
fn what_is_shown_reads_back_as_the_same() {
    let first = directory(&[(
        "redraft.toml",
        "[fetch]\nallow_private = [\"127.0.0.0/8\"]\nhost_spacing = \"10ms\"\n[judge]\nboilerplate = [\"^\\\\d+ \\\"x\\\"\"]\n\
         [[source]]\nurl = \"https://a.example/rss\"\nexclude = \"/live/\"\n",
    )]);
    let shown = Config::load(&at(first.path())).unwrap().show();
    let second = directory(&[("redraft.toml", &shown)]);
    let again = Config::load(&at(second.path())).unwrap();
    assert_eq!(again.fetch.host_spacing, SignedDuration::from_millis(10));
    assert_eq!(again.judge.boilerplate[0].as_str(), "^\\d+ \"x\"");
    assert_eq!(again.sources[0].slug.as_str(), "a-example-rss");
    let bare = |text: &str| {
        text.lines().map(|line| line.split(" # ").next().unwrap().trim_end().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(bare(&again.show()), bare(&shown));
}

#[test]
fn lists_and_empty_variables_of_the_environment_are_read() {
    let environment = [
        ("REDRAFT_FETCH_ALLOW_PRIVATE", "127.0.0.0/8, ::1/128"),
        ("REDRAFT_SERVE_LISTEN", ""),
        ("REDRAFT_CONFIG", "elsewhere"),
        ("REDRAFT_PORT", "tcp://10.0.0.1:80"),
        ("PATH", "/bin"),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let config = Config::load(&Invocation { environment, ..Invocation::default() }).unwrap();
    assert_eq!(config.fetch.web.allow_private.len(), 2);
    assert_eq!(config.serve.listen.port(), 8080);
    assert_eq!(config.notes, ["the environment variable REDRAFT_PORT is not a setting of redraft"]);
}

#[test]
fn a_list_outside_a_file_may_be_an_array_so_that_its_parts_can_have_commas() {
    let boilerplate = |text: &str| {
        let environment = vec![("REDRAFT_JUDGE_BOILERPLATE".to_owned(), text.to_owned())];
        let config = Config::load(&Invocation { environment, ..Invocation::default() });
        config.map(|config| config.judge.boilerplate.iter().map(|regex| regex.as_str().to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(boilerplate(r#"["^x{1,3}$", '^y\.$']"#).unwrap(), ["^x{1,3}$", "^y\\.$"]);
    assert_eq!(boilerplate("[0-9]+ comments, [a-z]+").unwrap(), ["[0-9]+ comments", "[a-z]+"]);
    assert!(boilerplate("[]").unwrap().is_empty());
    let told = boilerplate(r#"["^x$""#).unwrap_err().to_string();
    assert!(told.contains("is not a list") && told.contains("a TOML array such as"), "{told}");
    let flag = r#"["127.0.0.0/8"]"#.to_owned();
    let flags = vec![("fetch.allow_private".to_owned(), flag, "--set …".to_owned())];
    let config = Config::load(&Invocation { flags, ..Invocation::default() }).unwrap();
    assert_eq!(config.fetch.web.allow_private.len(), 1);
}

#[test]
fn hints_that_are_not_named_after_a_host_get_a_note() {
    let directory = directory(&[
        ("sites/BAD_host.toml", "drop = \"p\"\n"),
        ("sites/localhost:18501.toml", "drop = \"p\"\n"),
        ("sites/my_blog.news.example.toml", "drop = \"p\"\n"),
        ("sites/bücher.example.toml", "drop = \"p\"\n"),
        ("sites/127.0.0.1.toml", "drop = \"p\"\n"),
    ]);
    let config = Config::load(&at(directory.path())).unwrap();
    assert_eq!(config.notes.len(), 2, "{:?}", config.notes);
    assert!(config.notes[0].contains("BAD_host.toml is not named after a host"), "{:?}", config.notes);
    assert!(config.notes[1].contains("localhost:18501.toml is not named after a host"), "{:?}", config.notes);
    assert_eq!(config.sites.len(), 3);
    assert!(!config.hints(&"https://bücher.example/1".parse().unwrap()).drop.is_empty());
}

#[test]
fn a_source_whose_name_leaves_no_slug_has_one_of_its_address() {
    let directory = directory(&[(
        "sources.toml",
        "[[source]]\nurl = \"https://a.example/rss\"\nname = \"新闻\"\n\
         [[source]]\nurl = \"https://b.example/rss\"\nname = \"Süddeutsche Straße\"\n",
    )]);
    let config = Config::load(&at(directory.path())).unwrap();
    let slugs: Vec<&str> = config.sources.iter().map(|source| source.slug.as_str()).collect();
    assert_eq!(slugs, ["a-example-rss", "suddeutsche-strasse"]);
}

#[test]
fn a_mistake_is_shown_with_its_line_a_caret_and_what_was_expected() {
    assert_eq!(
        complaint("[fetch]\nhost_spacing = \"2 apples\"\n"),
        "error: fetch.host_spacing: \"2 apples\" has an unknown unit \"apples\"\n\
         \x20--> redraft.toml:2:16\n\
         \x20 |\n\
         2 | host_spacing = \"2 apples\"\n\
         \x20 |                ^^^^^^^^^^\n\
         \x20= expected a number and a unit: 500ms, 2s, 15m, 6h, 40d, 2w\n\
         \n1 problem in the configuration"
    );
}

#[test]
fn every_mistake_is_reported_and_says_what_was_expected() {
    for (text, expected) in [
        ("[serve]\nlisten = 8080", "serve.listen: expected a text in quotation marks, found an integer"),
        ("[serve]\nlisten = \":8080\"", "expected an IP address and a port, such as 127.0.0.1:8080"),
        ("[serve]\nlisen = \"x\"", "did you mean listen?"),
        ("[serv]\nlisten = \"x\"", "did you mean serve?"),
        ("[serve]\nentries = 3", "entries belongs in [publish]"),
        ("serve = 3", "serve: expected a section, found an integer"),
        ("[schedule]\nfeed_interval = \"1m\"", "schedule.feed_interval: \"1m\" is too short: the minimum is 5m"),
        ("[schedule]\nfactor = 0.5", "schedule.factor: 0.5 is out of bounds: 1 to 10"),
        ("[schedule]\nfirst_look = 30", "expected a duration in quotation marks, such as \"15m\", found an integer"),
        ("[judge]\nalways = [\"sarcasm\"]", "\"sarcasm\" is not a class of edits; there are correction, headline"),
        ("[judge]\nboilerplate = [\"(\"]", "judge.boilerplate: \"(\" is not a regular expression: unclosed group"),
        ("[fetch]\nallow_private = [\"localhost\"]", "\"localhost\" is not a network: write an address"),
        ("[fetch]\nmax_page_bytes = \"5 MB\"", "has an unknown unit \"MB\""),
        ("[fetch]\ncontact = \"me @example.org\"", "expected https://… or a mail address"),
        ("[fetch]\nallow_private = [\"127.0.0.1/8\"]", "write 127.0.0.0/8"),
        ("[log]\nformat = \"xml\"", "expected one of \"text\", \"json\""),
        ("[publish]\nbase_url = \"news.example\"", "is not a full address: it does not begin with https://"),
        ("[publish]\nauthority = \"a b\"", "\"a b\" is not a domain name"),
        ("[publish]\ntitle = \" \"", "publish.title: \"\" is not a title"),
        ("[publish\nentries = 3", "redraft.toml:1:9"),
        ("[[source]]\nname = \"x\"", "source: has no url"),
        ("[source]\nurl = \"x\"", "write [[source]] with two brackets: there can be many"),
        ("[[source]]\nurl = \"ftp://a.example/\"", "only http and https can be fetched"),
        ("[[source]]\nurl = \"https://u:p@a.example/\"", "has a user name or password in it"),
        ("[[source]]\nurl = \"http://127.0.0.1/rss\"", "allow_private = [\"127.0.0.0/8\"]"),
        ("[[source]]\nurl = \"https://a.example/\"\nslug = \"A B\"", "such as slug = \"a-b\""),
        (
            "[[source]]\nurl = \"https://a.example/\"\ninterval = \"10s\"",
            "interval: \"10s\" is too short: the minimum is 5m",
        ),
        ("[[page]]\nurl = \"https://a.example/\"\ninclude = [\"x\"]", "unknown key \"include\" in [[page]]"),
        (
            "[[source]]\nurl = \"https://a.example/\"\n[[page]]\nurl = \"https://a.example/\"",
            "is watched twice: first at redraft.toml:2",
        ),
        (
            "[[source]]\nurl = \"https://a.example/\"\nname = \"News\"\n[[source]]\nurl = \"https://b.example/\"\nname = \"News\"",
            "the slug \"news\" is taken: first at redraft.toml:3",
        ),
    ] {
        let told = complaint(text);
        assert!(told.contains(expected), "{text}\n\n{told}");
    }
    assert!(complaint("[serve]\nlisten = 1\n[log]\nlevel = 1\n[what]\n").ends_with("3 problems in the configuration"));
}

#[test]
fn mistakes_outside_files_are_named_too() {
    let environment = vec![("REDRAFT_SERVE_LISEN".to_owned(), "x".to_owned())];
    let flags = vec![("publish.entries".to_owned(), "many".to_owned(), "--set publish.entries=many".to_owned())];
    let told = Config::load(&Invocation { flags, environment, ..Invocation::default() }).unwrap_err().to_string();
    assert!(told.contains(" --> environment: REDRAFT_SERVE_LISEN=x\n = did you mean REDRAFT_SERVE_LISTEN?"), "{told}");
    assert!(
        told.contains("publish.entries: \"many\" is not an integer\n --> command line: --set publish.entries=many"),
        "{told}"
    );
    let told = Config::load(&at(Path::new("no/such/place"))).unwrap_err().to_string();
    assert!(told.contains("no such file or directory"), "{told}");
}

#[test]
fn sources_pages_and_hints_are_read_from_beside_the_settings() {
    let directory = directory(&[
        ("my.toml", "[judge]\nnever = [\"byline\"]\n"),
        (
            "sources.toml",
            "[[source]]\nurl = \"https://www.a.example/feeds/rss.xml?x=1\"\ninterval = \"1h\"\nexclude = [\"/live/\"]\n\
             min_score = 0.7\nalways = [\"correction\"]\n[[page]]\nurl = \"https://b.example/statement\"\nname = \"A Statement\"\n",
        ),
        ("sites/News.Example.toml", "keep = [\"article .body\"]\ndrop = \".related\"\nheadline = \"h1.top\"\n"),
        ("sites/readme.txt", "not hints"),
    ]);
    let config = Config::load(&at(&directory.path().join("my.toml"))).unwrap();
    let [feed, page] = config.sources.as_slice() else { panic!("two sources") };
    assert_eq!(
        (feed.slug.as_str(), feed.name.as_str()),
        ("a-example-feeds-rss-xml-x-1", "a.example/feeds/rss.xml?x=1")
    );
    assert_eq!(feed.interval, Some(SignedDuration::from_hours(1)));
    assert!(!feed.wants(&"https://a.example/live/1".parse().unwrap(), "x"));
    assert!((feed.judging.min_score - 0.7).abs() < 1e-9);
    assert_eq!(
        (feed.judging.always.as_slice(), feed.judging.never.as_slice()),
        (&[Class::Correction][..], &[Class::Byline][..])
    );
    assert_eq!((page.kind, page.slug.as_str()), (SourceKind::Page, "a-statement"));
    let hints = &config.sites["news.example"];
    assert_eq!(
        (hints.keep.len(), hints.drop.as_slice(), hints.headline.as_deref()),
        (1, &[".related".to_owned()][..], Some("h1.top"))
    );
    assert_eq!(config.files.len(), 3);
    assert!(config.reload().is_ok());
    std::fs::write(directory.path().join("sites/bad.example.toml"), "drop = [\"p\", \"a[[\"]\nkeeep = \"p\"\n")
        .unwrap();
    let told = config.reload().unwrap_err().to_string();
    assert!(told.contains("drop: \"a[[\" is not a CSS selector") && told.contains("bad.example.toml:1:14"), "{told}");
    assert!(told.contains("did you mean keep?"), "{told}");
}

#[test]
fn the_floors_hold_except_inside_allowed_private_networks() {
    let feeds = vec!["http://127.0.0.1:9/feed.xml".to_owned(), "https://news.example/rss".to_owned()];
    let environment = [
        ("REDRAFT_FETCH_ALLOW_PRIVATE", "127.0.0.0/8"),
        ("REDRAFT_FETCH_HOST_SPACING", "10ms"),
        ("REDRAFT_SCHEDULE_FEED_INTERVAL", "100ms"),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let config = Config::load(&Invocation { feeds, environment, ..Invocation::default() }).unwrap();
    let [near, far] = config.sources.as_slice() else { panic!("two sources") };
    assert_eq!(config.poll_interval(near), SignedDuration::from_millis(100));
    assert_eq!(config.poll_interval(far), FEED_INTERVAL_FLOOR);
    assert_eq!(config.fetch.spacing(&Host::of(&near.url)), SignedDuration::from_millis(10));
    assert_eq!(config.fetch.spacing(&Host::of(&far.url)), HOST_SPACING_FLOOR);
}

#[test]
fn long_addresses_get_slugs_of_their_own() {
    let long = "x".repeat(90);
    let feeds = vec![format!("https://a.example/{long}/1"), format!("https://a.example/{long}/2")];
    let config = Config::load(&Invocation { feeds, ..Invocation::default() }).unwrap();
    assert_ne!(config.sources[0].slug, config.sources[1].slug);
}

#[test]
fn the_example_of_sources_is_right_when_uncommented() {
    let example = include_str!("../../config/sources.toml");
    let start = example.find("# [[source]]").unwrap();
    let text = example[start..].replace("\n# ", "\n").replace("\n#\n", "\n\n");
    let directory = directory(&[("sources.toml", text.trim_start_matches("# "))]);
    let config = Config::load(&at(directory.path())).unwrap();
    assert_eq!(config.sources.len(), 2);
}

#[test]
fn hubs_need_an_address_at_which_they_reach_us() {
    let refused = complaint("[websub]\nenabled = true\n");
    assert!(
        refused.contains("websub.enabled: needs publish.base_url") && refused.contains("redraft.toml:2"),
        "{refused}"
    );
    let right =
        directory(&[("redraft.toml", "[publish]\nbase_url = \"https://a.example/\"\n[websub]\nenabled = true\n")]);
    assert!(Config::load(&at(right.path())).unwrap().websub.enabled);
    assert!(!Config::built_in().unwrap().websub.enabled);
}
