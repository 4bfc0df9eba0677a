//! The words of the command line. Their help is the manual.

// Doc comments here are printed as help, where back ticks would be noise.
#![allow(clippy::doc_markdown)]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use redraft::demo::SPEEDS;

/// What stands above the commands.
const ABOUT: &str = "Watches feeds, keeps every version of the articles they link to, and publishes the edits that matter as \
                     feeds.";
/// What stands below them.
const AFTER: &str = "\
Without a command: run.

Try it:      redraft demo
             A small news site on this machine edits its articles, and redraft watches.
Start:       redraft run https://news.example/rss.xml
             Then subscribe to http://127.0.0.1:8080/edits.atom in your feed reader.
In earnest:  write config/sources.toml, then say redraft
             `redraft config manual` explains every setting; `config check` finds mistakes.

Exit codes: 0 all is well; 1 it failed; 64 wrong use, or a mistake in the configuration;
75 another redraft runs on the same data, and what to do is said; 78 the data directory cannot be
used, or too few open files are allowed.";

#[derive(Debug, Parser)]
#[command(name = "redraft", version, about = ABOUT, after_help = AFTER, max_term_width = 110)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) settings: Settings,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Settings that every command takes.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Settings")]
pub(super) struct Settings {
    /// Configuration: a directory with redraft.toml, sources.toml and sites/, or a settings file in one
    ///
    /// Without it, ./config is taken, if it holds redraft.toml or sources.toml; the built-in defaults otherwise, and where
    /// addresses are given.
    #[arg(long, global = true, value_name = "PATH", env = "REDRAFT_CONFIG", hide_env_values = true)]
    pub(super) config: Option<PathBuf>,
    /// Listen here [serve.listen, 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub(super) listen: Option<String>,
    /// Keep everything in this directory [store.path, ./data]
    #[arg(long, global = true, value_name = "DIRECTORY")]
    pub(super) data: Option<String>,
    /// Where readers reach this redraft, as links in feeds say it [publish.base_url]
    #[arg(long, global = true, value_name = "URL")]
    pub(super) base_url: Option<String>,
    /// Any other setting, such as --set schedule.feed_interval=30m; can be repeated
    #[arg(long = "set", global = true, value_name = "SECTION.KEY=VALUE")]
    pub(super) set: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Watch and serve until stopped
    ///
    /// Polls the sources, looks at their articles, keeps what changed and serves the feeds and pages. Stops on Ctrl-C or
    /// SIGTERM, within five seconds; a second signal stops at once. SIGHUP reads the configuration again.
    Run(Feeds),
    /// Do all that is due, then exit: for cron
    ///
    /// Says how many polls and looks were done, how many polls failed and how many edits were published. Exit code 1 if every
    /// poll failed, 130 after Ctrl-C; what was done until then is kept.
    Once(Once),
    /// Show what redraft makes of a page, of two versions of one, or of a feed
    #[command(subcommand)]
    Inspect(Inspect),
    /// Show how each source is: last look, next look and why then, articles, edits, trouble
    ///
    /// Reads the store, or asks the redraft that is running on it, where the configuration says that it listens. A source that
    /// brought nothing for more than twice its longest silence before, and for four days, is marked as quiet.
    Sources(Sources),
    /// Add the feeds of a reader's OPML file to sources.toml; or make a store from an export
    ///
    /// Says of each feed of a list whether it was added, is watched already, or cannot be. Only the end of sources.toml grows:
    /// comments and order stay. A running redraft reads it when it gets SIGHUP, or at its next start.
    ///
    /// Of an export (see `redraft export`) it makes a store in a data directory that has none: the same ids, feeds and bytes. No
    /// redraft may run on that directory.
    Import(Import),
    /// Write all that is kept to a file, or to standard output: lines of JSON, packed with zstd
    ///
    /// Needs no database to be read: `zstd -dc FILE`. `redraft import FILE` makes a store of it elsewhere. Works while redraft runs
    /// on the same data: the running one sends it, if its own user or root asks, and goes on meanwhile. It also writes backups
    /// of the same kind by itself (store.backup_every), into backups/ in the data directory.
    Export(Export),
    /// Write a backup beside the data now, as a running redraft does by itself (store.backup_every)
    ///
    /// It is an export in backups/ in the data directory, of which the newest are kept (store.backups). Works while redraft runs on
    /// the same data: the running one writes it, if its own user or root asks.
    Backup,
    /// Put back the newest backup, or an export; what is there is moved aside, not deleted
    ///
    /// Not while redraft runs on the same data.
    Restore(Restore),
    /// Read everything that is kept and say what is damaged; exit code 1 if something is
    ///
    /// Not while redraft runs on the same data: its changes would be taken for damage. A backup can be imported elsewhere and
    /// verified there.
    Verify,
    /// Make the store anew from what it holds, and give unused space back to the disk
    ///
    /// Needs up to twice the store's size meanwhile. Not while redraft runs on the same data.
    Compact,
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Ask a running redraft whether it is well; exit code 0 or 1
    Health(Health),
    /// Say what was decided about an article, and why
    ///
    /// Tells of each version whether it was published and for which reasons, what the last looks came to, and when the next
    /// one is. Reads the store, or asks the redraft that is running on it, where the configuration says that it listens.
    Why(Why),
    /// Take an article, or one version of it, down
    ///
    /// It stays in the store. The pages and the feed of an article answer 410 with the reason, all other feeds and lists leave it
    /// out; of a version, its page and the comparisons with it do, and feeds leave out the entries that tell of it. Works while redraft
    /// runs: the running one carries it out at once, if its own user or root asks.
    Hide(Hide),
    /// Show again what was taken down; works while redraft runs, as `redraft hide` does
    Unhide(Unhide),
    /// List what was taken down, since when and why; works while redraft runs, as `redraft hide` does
    Hidden,
    /// Show whom redraft tells of edits, and how each is; or try one out
    ///
    /// `redraft webhooks` shows for each what waits, when it last took something, and what is wrong; it reads the store, or asks
    /// the redraft that is running on it, where the configuration says that it listens. `redraft webhooks test NAME` sends an edit
    /// that never happened to the webhook of that name, and says what came of it.
    Webhooks(Webhooks),
    /// Show how each host is: articles, last answer, what is being confirmed or wrong and since when, what was learned of its pages
    ///
    /// A change is published once three checks in a row show it. `redraft hosts accept HOST` is for a site that did change as a
    /// whole: what its articles show at their next look, which is made at once, counts without being confirmed. Both work while
    /// redraft runs: the running one carries them out, if its own user or root asks.
    Hosts(Hosts),
    /// Watch a built-in news site on this machine edit its articles
    ///
    /// Starts a small news site on loopback that edits its articles for a minute and a half, and the real daemon on it, with
    /// a store that vanishes at the end. Needs no network and takes no configuration; serves at --listen or
    /// REDRAFT_SERVE_LISTEN, else at the first free port from 8080 on. Ctrl-C ends it.
    Demo(Demo),
}

impl Command {
    /// What `redraft` alone means.
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
    /// Send an edit that never happened to one webhook
    Test {
        /// The webhook's name
        name: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Feeds {
    /// Feeds to watch, beside those of the configuration; with addresses and no --config, nothing but these
    #[arg(value_name = "FEED_URL")]
    pub(super) feeds: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct Once {
    /// Look at every source and every article that is still watched, due or not
    #[arg(long)]
    pub(super) now: bool,
    /// Feeds to watch, beside those of the configuration; with addresses and no --config, nothing but these
    #[arg(value_name = "FEED_URL")]
    pub(super) feeds: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Inspect {
    /// The headline, dates and text of a page, or why it is no article
    ///
    /// JSON: {"id","headline","standfirst","byline","published","modified","language","blocks":[{"kind","text"}],"trouble"}
    /// for each {"id","url","html"} or {"id","url","path"}. "trouble" says why the page is no article, or null; a page that
    /// cannot be read, is empty or larger than fetch.max_page_bytes has trouble and nothing else. Exit code 1 if a page
    /// cannot be read.
    ///
    /// A line that is no such request is answered {"id"?,"path"?,"ok":false,"error","line"}; a blank line is not answered.
    Page(Page),
    /// What changed between two versions, and whether it counts
    ///
    /// A version is a file or an address: HTML, JSON {"title","paras":[…]}, or plain text whose first line is the headline.
    /// JSON: {"id","substantive","score","classes","reasons":[{"class","score","text"}],"segs":[["="|"-"|"+"|">",text]]} for
    /// each {"id","lang"?,"before":{"title","paras"},"after":{…}}; ">" is text that moved, at its new place, and ["~",old,new] are
    /// words that count as the same and are written differently.
    ///
    /// Of versions that are HTML, "trouble":{"before","after"} says why redraft would not compare them, or null.
    /// A line that is no such request is answered {"id"?,"ok":false,"error","line"}; a blank line is not answered.
    #[command(
        override_usage = "redraft inspect edit [OPTIONS] <OLD> <NEW>\n       redraft inspect edit [OPTIONS] --jsonl"
    )]
    Edit(Edit),
    /// What a site's robots.txt allows redraft, and by which line
    ///
    /// Exit code 1 if one of the addresses that are asked for must not be fetched.
    Robots(Robots),
    /// The entries of a feed
    ///
    /// JSON: {"path","ok","error"?,"title","entries":[{"id","link","title","published","updated"}]} for each {"path","url"?}
    /// or plain path. What is no feed or cannot be read has "ok":false, "error", "title":null and "entries":[].
    ///
    /// A line that is no such request is answered {"path"?,"ok":false,"error","line"}; a blank line is not answered.
    Feed(Feed),
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Form {
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Read one JSON object a line from standard input and print one JSON object a line, in the same order, none
    /// for blank lines
    #[arg(long, conflicts_with = "json")]
    pub(super) jsonl: bool,
}

#[derive(Debug, Args)]
pub(super) struct Page {
    /// HTML files or addresses
    #[arg(value_name = "FILE|URL", required_unless_present = "jsonl", conflicts_with = "jsonl")]
    pub(super) pages: Vec<String>,
    /// The address of a file's page: relative links and the site's hints depend on it
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
    /// Tell of every block of the page whether it is the article's, and why
    #[arg(long)]
    pub(super) explain: bool,
    #[command(flatten)]
    pub(super) form: Form,
}

#[derive(Debug, Args)]
pub(super) struct Edit {
    /// The version before
    #[arg(value_name = "OLD", required_unless_present = "jsonl", conflicts_with = "jsonl", requires = "new")]
    pub(super) old: Option<String>,
    /// The version after
    #[arg(value_name = "NEW")]
    pub(super) new: Option<String>,
    /// The language of the texts, BCP 47, where they do not say it
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
    /// The address of a file's feed: relative links depend on it
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
    #[command(flatten)]
    pub(super) form: Form,
}

#[derive(Debug, Args)]
pub(super) struct Robots {
    /// The site, an article of it, or a file that holds a robots.txt
    #[arg(value_name = "URL|FILE")]
    pub(super) site: String,
    /// What to ask for: paths of the site, or addresses
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Sources {
    /// Print JSON, as /sources.json gives it
    #[arg(long)]
    pub(super) json: bool,
    /// Print the watched feeds as OPML, for feed readers and `redraft import`
    #[arg(long, conflicts_with = "json")]
    pub(super) opml: bool,
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// OPML files, as feed readers export them, - for standard input; or one export of redraft
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<String>,
    /// Say what would become of the feeds of a list, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Read everything and report all mistakes at once; exit code 64 if there are any
    Check,
    /// Print every setting and source in force as TOML, and where each is from
    Show,
    /// Print the manual: every setting with its default and its reason
    Manual,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// The file to make, which must not be there yet; standard output without one, or with -
    #[arg(value_name = "FILE")]
    pub(super) file: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The export to put back; without one, the newest backup beside the data
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
    /// Why: whoever asks for what is hidden reads it
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
    /// Take what the articles of a host show at their next look without confirming it, and look at once
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
    /// The address to ask instead of the one that the configuration listens at
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// How many times faster than a minute and a half, 0.25 to 4
    #[arg(long, default_value_t = 1.0, value_name = "FACTOR", value_parser = speed)]
    pub(super) speed: f64,
    // The settings that it does not take: named here so that its help leaves them out.
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
    /// The first flag that was given, here or before the command, and that a demo does not take.
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

/// Reads the demo's speed.
fn speed(text: &str) -> Result<f64, String> {
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
