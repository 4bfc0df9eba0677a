//! Tests of `[[webhook]]` as an operator sees it.

use crate::config::{Config, Invocation, Webhook};
use crate::model::Class;
use crate::render::Payload;

const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Loads a settings file with this text, in an environment with one variable.
fn load(text: &str) -> Result<Config, String> {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("redraft.toml"), text).unwrap();
    let environment = vec![("CHAT_URL".to_owned(), "https://chat.example/s3cret/path\n".to_owned())];
    let invocation = Invocation { config: Some(directory.path().to_owned()), environment, ..Invocation::default() };
    Config::load(&invocation).map_err(|problems| problems.to_string())
}

/// Loads a webhook with these lines and a name.
fn webhook(lines: &str) -> Webhook {
    load(&format!("[[webhook]]\nname = \"desk\"\n{lines}\n")).unwrap().webhooks.remove(0)
}

#[test]
fn a_webhook_is_read_with_its_secrets_from_files_and_the_environment() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{KEY}\n")).unwrap();
    let lines = format!(
        "url_env = \"CHAT_URL\"\nsecret_file = \"{}\"\ntoken = \"t0ken\"\nclass = [\"headline\", \"figure\"]\nmin_score = 0.6\n\
         q = \"the mayor\"\nlang = \"en\"\nsilent = true",
        file.path().display()
    );
    let webhook = webhook(&lines);
    assert_eq!(webhook.url.reveal().as_str(), "https://chat.example/s3cret/path");
    assert_eq!(webhook.key.as_ref().unwrap().reveal().len(), 24);
    assert_eq!((webhook.payload.clone(), webhook.allow_private), (Payload::Entry, false));
    let narrowing = &webhook.narrowing;
    assert_eq!(narrowing.classes, [Class::Headline, Class::Figure]);
    assert_eq!((narrowing.words.as_str(), narrowing.language.as_str(), narrowing.silent), ("the mayor", "en", true));
    let debug = format!("{webhook:?}");
    assert!(!debug.contains("s3cret") && !debug.contains("t0ken"), "{debug}");
}

#[test]
fn ntfy_is_posted_to_its_root_with_the_topic_that_its_address_ends_in() {
    for (url, root) in
        [("https://ntfy.sh/edits", "https://ntfy.sh/"), ("https://a.example/ntfy/edits", "https://a.example/ntfy/")]
    {
        let webhook = webhook(&format!("url = \"{url}\"\nformat = \"ntfy\""));
        assert_eq!((webhook.url.reveal().as_str(), webhook.topic.as_str()), (root, "edits"));
    }
}

#[test]
fn what_is_shown_has_no_secret() {
    let config = load(&format!(
        "[[webhook]]\nname = \"desk\"\nurl = \"https://chat.example/s3cret\"\nsecret = \"{KEY}\"\nformat = \"slack\"\n"
    ));
    let shown = config.unwrap().show();
    assert!(
        shown.contains("[[webhook]]") && shown.contains("format = \"slack\"\n# url is set, and not shown\n"),
        "{shown}"
    );
    assert!(!shown.contains("s3cret") && !shown.contains("MfKQ"), "{shown}");
}

#[test]
fn mistakes_are_told_without_the_secret() {
    let webhook = |lines: &str| format!("[[webhook]]\n{lines}\n");
    let good = "name = \"desk\"\nurl = \"https://chat.example/s3cret\"\n";
    for (text, why) in [
        (webhook("url = \"https://chat.example/\""), "webhook: has no name"),
        (webhook("name = \"desk\""), "webhook: has no url"),
        (webhook("name = \"The Desk\"\nurl = \"https://chat.example/\""), "such as name = \"the-desk\""),
        (webhook("name = \"desk\"\nurl = \"chat.example/s3cret\""), "url: is not a full address"),
        (webhook("name = \"desk\"\nurl_env = \"CHAT\""), "url_env: there is no variable CHAT"),
        (webhook("name = \"desk\"\nurl_file = \"/nowhere\""), "url_file \"/nowhere\" cannot be read"),
        (webhook(&format!("{good}url_env = \"CHAT_URL\"")), "webhook: url is given twice"),
        (webhook(&format!("{good}secret = \"s3cret\"")), "expected 24 to 64 bytes in base64"),
        (webhook(&format!("{good}format = \"slak\"")), "expected one of entry, slack, discord, mastodon, ntfy"),
        (webhook(&format!("{good}format = \"slack\"\ntemplate = '{{}}'")), "has a format and a template"),
        (webhook(&format!("{good}template = '{{{{titel}}}}'")), "template is not JSON"),
        (webhook(&format!("{good}template = '[\"{{{{titel}}}}\"]'")), "template has {{titel}}, and there are entry"),
        (webhook(&format!("{good}class = \"headlines\"")), "class: expected one of these"),
        (webhook(&format!("{good}min_score = 2")), "min_score: 2 is out of bounds"),
        (webhook(&format!("{good}source = \"echo\"")), "source: no source has the slug \"echo\""),
        (webhook(&format!("{good}clas = \"figure\"")), "did you mean class?"),
        (webhook(&format!("{good}\n[[webhook]]\n{good}")), "the name \"desk\" is taken"),
        (
            webhook("name = \"desk\"\nurl = \"http://192.168.1.7/s3cret\""),
            "set allow_private = true in this [[webhook]]",
        ),
        (webhook("name = \"desk\"\nurl = \"https://ntfy.sh/\"\nformat = \"ntfy\""), "ntfy needs a topic"),
        ("[webhook]\nname = \"desk\"\n".to_owned(), "write [[webhook]] with two brackets"),
    ] {
        let problems = load(&text).unwrap_err();
        assert!(problems.contains(why), "{text}\n{problems}");
        assert!(!problems.contains("s3cret"), "{problems}");
    }
    assert!(load(&webhook("name = \"desk\"\nurl = \"http://192.168.1.7/x\"\nallow_private = true")).is_ok());
}

#[test]
fn a_mistake_is_told_at_its_own_line_and_column_and_the_line_is_not_shown() {
    for (line, at) in [
        ("url = \"chat.example/s3cret\"", "redraft.toml:3:7"),
        ("url = \"http://192.168.1.7/s3cret\"", "redraft.toml:3:7"),
        ("url_env = \"CHAT\"", "redraft.toml:3:11"),
        ("url = \"https://chat.example/\"\nsecret = \"s3cret\"", "redraft.toml:4:10"),
        ("url = \"https://ntfy.sh/\"\nformat = \"ntfy\"", "redraft.toml:3:7"),
    ] {
        let problems = load(&format!("[[webhook]]\nname = \"desk\"\n{line}\n")).unwrap_err();
        assert!(problems.contains(at) && !problems.contains("s3cret"), "{line}\n{problems}");
    }
}
