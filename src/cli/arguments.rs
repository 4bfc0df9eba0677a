//! The command line arguments. Their doc comments are the help texts.

// These doc comments are printed as help, where back ticks would only disturb and brackets are JSON.
#![allow(clippy::doc_markdown, clippy::doc_link_with_quotes)]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use redraft::demo::SPEEDS;

/// Printed above the list of commands.
const ABOUT: &str = "Watches feeds, keeps every version of the articles they link to, and publishes the edits that matter as \
                     feeds.";
/// Printed below the list of commands.
const AFTER: &str = "\
Without a command, redraft runs: the same as `redraft run`.

Try it:        redraft demo
               A small news site on this machine edits its articles, and redraft watches it.
Quick start:   redraft run https://news.example/rss.xml
               Then subscribe to http://127.0.0.1:8080/edits.atom in your feed reader.
Long term:     write config/sources.toml, then run redraft
               `redraft config manual` explains every setting; `redraft config check` finds mistakes.

Exit codes: 0 success; 1 failure; 64 wrong usage or a mistake in the configuration; 75 another redraft
runs on the same data (the message says what to do); 78 the data directory cannot be used, or the
limit of open files is too low.";

#[derive(Debug, Parser)]
#[command(name = "redraft", version, about = ABOUT, after_help = AFTER, max_term_width = 110)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) settings: Settings,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Settings that every command accepts.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Settings")]
pub(super) struct Settings {
    /// Configuration: a directory with redraft.toml, sources.toml and sites/, or a settings file in one
    ///
    /// Without this option, ./config is used if it contains redraft.toml or sources.toml. Otherwise, or if feed
    /// addresses are given, the built-in defaults apply.
    #[arg(long, global = true, value_name = "PATH", env = "REDRAFT_CONFIG", hide_env_values = true)]
    pub(super) config: Option<PathBuf>,
    /// Address and port to listen on [serve.listen, 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub(super) listen: Option<String>,
    /// Directory for all data [store.path, ./data]
    #[arg(long, global = true, value_name = "DIRECTORY")]
    pub(super) data: Option<String>,
    /// Public address of this redraft, used for links in feeds [publish.base_url]
    #[arg(long, global = true, value_name = "URL")]
    pub(super) base_url: Option<String>,
    /// Any other setting, such as --set schedule.feed_interval=30m; can be repeated
    #[arg(long = "set", global = true, value_name = "SECTION.KEY=VALUE")]
    pub(super) set: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Watch the sources and serve feeds and pages until stopped
    ///
    /// Polls the sources, checks their articles, stores what changed and serves the feeds and pages. Stops within five
    /// seconds after Ctrl-C or SIGTERM; a second signal stops at once. SIGHUP reloads the configuration.
    Run(Feeds),
    /// Do everything that is due, then exit; for cron
    ///
    /// Prints how many polls and checks were done, how many polls failed and how many edits were published. The exit
    /// code is 1 if every poll failed, and 130 after Ctrl-C; everything done before is kept.
    Once(Once),
    /// Show how redraft reads a page, compares two versions, or reads a feed
    #[command(subcommand)]
    Inspect(Inspect),
    /// Show the state of each source: last and next poll, articles, edits, problems
    ///
    /// Reads the store, or asks the running redraft at the address on which the configuration says it listens. A source
    /// is marked as quiet if it brought nothing new for more than twice its longest silence before, and at least four
    /// days.
    Sources(Sources),
    /// Add the feeds of an OPML file to sources.toml, or create a store from an export
    ///
    /// For an OPML file, prints for each feed whether it was added, is already watched, or cannot be added. Entries
    /// are appended to sources.toml; comments and order stay. A running redraft reads the file on SIGHUP, or at its
    /// next start.
    ///
    /// For an export (see `redraft export`), creates a store with the same ids and feeds in a data directory that has
    /// none. redraft must not be running on that directory.
    Import(Import),
    /// Write the whole store to a file or to standard output, as lines of JSON compressed with zstd
    ///
    /// The export is readable without a database: `zstd -dc FILE`. `redraft import FILE` creates a store from it
    /// elsewhere. Works while redraft runs on the same data: the running process sends the export and keeps working,
    /// if its own user or root asks. redraft also writes such exports as backups by itself (store.backup_every), into
    /// backups/ in the data directory.
    Export(Export),
    /// Write a backup into the data directory now, as a running redraft does by itself (store.backup_every)
    ///
    /// A backup is an export in backups/ in the data directory; the newest ones are kept (store.backups). Works while
    /// redraft runs on the same data: the running process writes it, if its own user or root asks.
    Backup,
    /// Restore the newest backup, or an export; the current store is moved aside, not deleted
    ///
    /// redraft must not be running on the same data.
    Restore(Restore),
    /// Read the whole store and report damage; exit code 1 if there is any
    ///
    /// redraft must not be running on the same data, or its changes would look like damage. Alternatively, import a
    /// backup into another directory and verify that.
    Verify,
    /// Rebuild the store from its content, to return unused space to the disk
    ///
    /// Needs up to twice the store's size while it runs. redraft must not be running on the same data.
    Compact,
    /// Check or print the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Ask a running redraft whether it is healthy; exit code 0 or 1
    Health(Health),
    /// Show what was decided about an article, and why
    ///
    /// Shows for each version whether it was published and for which reasons, the results of the recent checks, and
    /// the time of the next one. Reads the store, or asks the running redraft at the address on which the
    /// configuration says it listens.
    Why(Why),
    /// Hide an article, or one version of it
    ///
    /// It stays in the store. If an article is hidden, its pages and its own feed answer 410 with the reason, and all
    /// other feeds and lists leave it out. If a version is hidden, the same happens to its page, to comparisons with
    /// it, and to the feed entries about it. Works while redraft runs: the running process hides it at once, if its
    /// own user or root asks.
    Hide(Hide),
    /// Show again what was hidden; works while redraft runs, like `redraft hide`
    Unhide(Unhide),
    /// List what is hidden, since when and why; works while redraft runs, like `redraft hide`
    Hidden,
    /// Show the recipients of edits (webhooks, hub, Internet Archive) and their state, or test a webhook
    ///
    /// Shows for each recipient the number of waiting edits, the last delivery, and any problem. Reads the store, or
    /// asks the running redraft at the address on which the configuration says it listens. `redraft webhooks test
    /// NAME` sends a made-up edit to the webhook of that name and prints the result.
    Webhooks(Webhooks),
    /// Show the state of each host: articles, last answer, changes being confirmed, problems, repeated blocks
    ///
    /// A change is published once three checks in a row show it. `redraft hosts accept HOST` is for a site that
    /// changed as a whole: its articles are checked at once, and what these checks show is accepted without
    /// confirmation. Both work while redraft runs: the running process carries them out, if its own user or root
    /// asks.
    Hosts(Hosts),
    /// Watch a built-in news site on this machine edit its articles
    ///
    /// Starts a small news site on loopback that edits its articles for a minute and a half, and a real redraft that
    /// watches it, with a temporary store. Needs no network and no configuration. Listens on --listen or
    /// REDRAFT_SERVE_LISTEN, else on the first free port from 8080 on. Ctrl-C ends it.
    Demo(Demo),
}

impl Command {
    /// The command for `redraft` without arguments: run.
    pub(super) fn without_arguments() -> Self {
        Self::Run(Feeds { feeds: Vec::new() })
    }
}

#[derive(Debug, Args)]
pub(super) struct Webhooks {
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(subcommand)]
    pub(super) command: Option<WebhookCommand>,
}

#[derive(Debug, Subcommand)]
pub(super) enum WebhookCommand {
    /// Send a made-up edit to one webhook
    Test {
        /// The webhook's name
        name: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Feeds {
    /// Feeds to watch, in addition to the configured ones; without --config, only these
    #[arg(value_name = "FEED_URL")]
    pub(super) feeds: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct Once {
    /// Check every source and every watched article, due or not
    #[arg(long)]
    pub(super) now: bool,
    /// Feeds to watch, in addition to the configured ones; without --config, only these
    #[arg(value_name = "FEED_URL")]
    pub(super) feeds: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Inspect {
    /// Print the headline, dates and text of a page, or why it is not an article
    ///
    /// JSON:
    /// {"id","headline","standfirst","byline","published","modified","language","blocks":[{"kind","text"}],"trouble"}
    /// for each {"id","url","html"} or {"id","url","path"}. "trouble" says why the page is not an article, or is
    /// null. A page that cannot be read, is empty or is larger than fetch.max_page_bytes has only "trouble". The exit
    /// code is 1 if a page cannot be read.
    ///
    /// An input line of another form is answered with {"id"?,"path"?,"ok":false,"error","line"}; a blank line is
    /// skipped.
    Page(Page),
    /// Print what changed between two versions, and whether the change is substantive
    ///
    /// A version is a file or an address: HTML, JSON {"title","paras":[…]}, or plain text with the headline as its
    /// first line.
    ///
    /// JSON:
    /// {"id","substantive","score","classes","reasons":[{"class","score","text"}],"segs":[["="|"-"|"+"|">",text]]}
    /// for each {"id","lang"?,"before":{"title","paras"},"after":{…}}. ">" is text that moved, at its new place;
    /// ["~",old,new] is text that counts as unchanged although it is written differently.
    ///
    /// For HTML versions, "trouble":{"before","after"} says why redraft would not compare them, or is null.
    ///
    /// An input line of another form is answered with {"id"?,"ok":false,"error","line"}; a blank line is skipped.
    #[command(
        override_usage = "redraft inspect edit [OPTIONS] <OLD> <NEW>\n       redraft inspect edit [OPTIONS] --jsonl"
    )]
    Edit(Edit),
    /// Print what a site's robots.txt allows redraft, and by which line
    ///
    /// The exit code is 1 if one of the given addresses must not be fetched.
    Robots(Robots),
    /// Print the entries of a feed
    ///
    /// JSON: {"path","ok","error"?,"title","entries":[{"id","link","title","published","updated"}]} for each
    /// {"path","url"?} or plain path. If the file is not a feed or cannot be read: "ok":false, "error", "title":null
    /// and "entries":[].
    ///
    /// An input line of another form is answered with {"path"?,"ok":false,"error","line"}; a blank line is skipped.
    Feed(Feed),
}

/// Output format of `inspect`.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Form {
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Read one JSON object per line from standard input and print one JSON object per line, in order; blank lines are
    /// skipped
    #[arg(long, conflicts_with = "json")]
    pub(super) jsonl: bool,
}

#[derive(Debug, Args)]
pub(super) struct Page {
    /// HTML files or addresses
    #[arg(value_name = "FILE|URL", required_unless_present = "jsonl", conflicts_with = "jsonl")]
    pub(super) pages: Vec<String>,
    /// Address of the page in a file; relative links and site hints depend on it
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
    /// Print for every block of the page whether it belongs to the article, and why
    #[arg(long)]
    pub(super) explain: bool,
    #[command(flatten)]
    pub(super) form: Form,
}

#[derive(Debug, Args)]
pub(super) struct Edit {
    /// The earlier version
    #[arg(value_name = "OLD", required_unless_present = "jsonl", conflicts_with = "jsonl", requires = "new")]
    pub(super) old: Option<String>,
    /// The later version
    #[arg(value_name = "NEW")]
    pub(super) new: Option<String>,
    /// Language of the texts (BCP 47), used if they do not state it
    #[arg(long, value_name = "TAG")]
    pub(super) lang: Option<String>,
    #[command(flatten)]
    pub(super) form: Form,
}

#[derive(Debug, Args)]
pub(super) struct Feed {
    /// Feed files or addresses
    #[arg(value_name = "FILE|URL", required_unless_present = "jsonl", conflicts_with = "jsonl")]
    pub(super) feeds: Vec<String>,
    /// Address of the feed in a file; relative links depend on it
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
    #[command(flatten)]
    pub(super) form: Form,
}

#[derive(Debug, Args)]
pub(super) struct Robots {
    /// The site, one of its articles, or a robots.txt file
    #[arg(value_name = "URL|FILE")]
    pub(super) site: String,
    /// Paths of the site, or addresses, to test
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Sources {
    /// Print JSON, like /sources.json
    #[arg(long)]
    pub(super) json: bool,
    /// Print the watched feeds as OPML, for feed readers and `redraft import`
    #[arg(long, conflicts_with = "json")]
    pub(super) opml: bool,
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// OPML files exported by feed readers (- for standard input), or one export of redraft
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<String>,
    /// Print what would happen to each feed of the OPML file, without writing anything
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Read the whole configuration and report all mistakes at once; exit code 64 if there are any
    Check,
    /// Print every setting and source in force as TOML, and where each comes from
    Show,
    /// Print the manual: every setting with its default and the reason for it
    Manual,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// File to create, which must not exist yet; standard output if omitted or -
    #[arg(value_name = "FILE")]
    pub(super) file: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// Export to restore; the newest backup if omitted
    #[arg(value_name = "FILE")]
    pub(super) file: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Why {
    /// The article's address at its publisher
    #[arg(value_name = "ARTICLE_URL")]
    pub(super) article: String,
}

#[derive(Debug, Args)]
pub(super) struct Hide {
    /// The article's number, number/version, or its address at its publisher
    #[arg(value_name = "ARTICLE_URL|ID[/VERSION]")]
    pub(super) what: String,
    /// The reason, shown to visitors of the hidden pages
    #[arg(long)]
    pub(super) reason: String,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Hosts {
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(subcommand)]
    pub(super) command: Option<HostsCommand>,
}

#[derive(Debug, Subcommand)]
pub(super) enum HostsCommand {
    /// Accept what the next check of the host's articles shows without confirmation, and check them at once
    Accept {
        /// The host, as `redraft hosts` lists it
        #[arg(value_name = "HOST")]
        host: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Unhide {
    /// The article's number, number/version, or its address at its publisher
    #[arg(value_name = "ARTICLE_URL|ID[/VERSION]")]
    pub(super) what: String,
}

#[derive(Debug, Args)]
pub(super) struct Health {
    /// Address to ask, instead of the configured one
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Speed factor from 0.25 to 4; at 1 the demo takes a minute and a half
    #[arg(long, default_value_t = 1.0, value_name = "FACTOR", value_parser = parse_speed)]
    pub(super) speed: f64,
    // Settings that the demo does not accept. They are listed here so that its help leaves them out.
    #[arg(long, hide = true)]
    config: Option<PathBuf>,
    #[arg(long, hide = true)]
    data: Option<String>,
    #[arg(long, hide = true)]
    base_url: Option<String>,
    #[arg(long = "set", hide = true)]
    set: Vec<String>,
}

impl Demo {
    /// The first flag, given here or before the command, that a demo does not accept.
    pub(super) fn refused(&self, settings: &Settings) -> Option<&'static str> {
        let in_environment = std::env::var_os("REDRAFT_CONFIG");
        let config = settings.config.as_ref().filter(|path| Some(path.as_os_str()) != in_environment.as_deref());
        [
            ("--config", self.config.is_some() || config.is_some()),
            ("--data", self.data.is_some() || settings.data.is_some()),
            ("--base-url", self.base_url.is_some() || settings.base_url.is_some()),
            ("--set", !self.set.is_empty() || !settings.set.is_empty()),
        ]
        .into_iter()
        .find_map(|(flag, given)| given.then_some(flag))
    }
}

/// Parses the demo's speed.
fn parse_speed(text: &str) -> Result<f64, String> {
    let speed: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if SPEEDS.contains(&speed) {
        return Ok(speed);
    }
    Err(format!("out of bounds: {} to {}", SPEEDS.start(), SPEEDS.end()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn redraft_alone_takes_settings_and_means_run() {
        let arguments = Arguments::try_parse_from(["redraft", "--data", "x"]).unwrap();
        assert!(arguments.command.is_none());
        assert_eq!(arguments.settings.data.as_deref(), Some("x"));
        let arguments =
            Arguments::try_parse_from(["redraft", "once", "--now", "--set", "a.b=c", "https://a.example/"]).unwrap();
        let Some(Command::Once(once)) = arguments.command else { panic!("once") };
        assert!(once.now && once.feeds.len() == 1 && arguments.settings.set.len() == 1);
    }

    #[test]
    fn a_demo_takes_a_speed_within_bounds_and_no_settings_but_where_to_listen() {
        let parse = |words: &[&str]| Arguments::try_parse_from([&["redraft"], words].concat());
        for wrong in ["nan", "0", "-1", "9", "inf", "x"] {
            assert!(parse(&["demo", &format!("--speed={wrong}")]).is_err(), "{wrong}");
        }
        for (words, refused) in [
            (&["demo", "--speed", "0.25", "--listen", "127.0.0.1:1"][..], None),
            (&["demo", "--data", "x"], Some("--data")),
            (&["--data", "x", "demo"], Some("--data")),
            (&["demo", "--config", "x"], Some("--config")),
            (&["demo", "--set", "a.b=c"], Some("--set")),
            (&["demo", "--base-url", "http://a.example/"], Some("--base-url")),
        ] {
            let arguments = parse(words).unwrap();
            let Some(Command::Demo(demo)) = &arguments.command else { panic!("demo") };
            assert_eq!(demo.refused(&arguments.settings), refused, "{words:?}");
        }
        let help = parse(&["demo", "--help"]).unwrap_err().to_string();
        assert!(help.contains("--listen") && help.contains("--speed"), "{help}");
        for flag in ["--config", "--data", "--base-url", "--set"] {
            assert!(!help.contains(flag), "{flag} in {help}");
        }
        assert!(parse(&["once", "--help"]).unwrap_err().to_string().contains("--data"));
    }

    #[test]
    fn an_edit_needs_two_versions_or_lines() {
        for (words, right) in [
            (&["redraft", "inspect", "edit", "a", "b"][..], true),
            (&["redraft", "inspect", "edit", "--jsonl"], true),
            (&["redraft", "inspect", "edit", "a"], false),
            (&["redraft", "inspect", "edit"], false),
            (&["redraft", "inspect", "edit", "--jsonl", "a", "b"], false),
            (&["redraft", "inspect", "page", "--json", "--jsonl"], false),
        ] {
            assert_eq!(Arguments::try_parse_from(words).is_ok(), right, "{words:?}");
        }
    }
}
