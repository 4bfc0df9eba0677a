//! `redraft demo`: prints what the demo's site and redraft do.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use redraft::demo::{self, Event, Sight};
use redraft::model::{CheckNote, Disclosure, Edit, Outcome};
use redraft::telemetry::{self, Log, LogFormat, LogLevel};
use tokio::sync::Notify;
use url::Url;

use super::arguments::{Demo, Settings};
use super::failure::Failure;
use super::paint::{self, Ink, Paint};
use super::{control, run};

/// Width of texts in columns.
const WIDTH: usize = 96;
/// Indentation of texts, behind the time and the actor.
const INDENT: &str = "                ";

/// Environment variable with the address to listen on, as for the daemon.
const LISTEN_VARIABLE: &str = "REDRAFT_SERVE_LISTEN";

/// Runs the demo until it is stopped or its output is closed.
pub(super) fn run_demo(settings: &Settings, arguments: &Demo) -> Result<ExitCode, Failure> {
    if let Some(flag) = arguments.refused(settings) {
        return Err(Failure::Usage(format!(
            "the demo does not take {flag}: it has its own news site, configuration and store; only --listen and --speed can be \
                         set"
        )));
    }
    let at = listen_address(settings.listen.as_deref(), std::env::var(LISTEN_VARIABLE).ok().as_deref())?;
    // Errors only: the terminal shows everything else.
    telemetry::init(&Log { format: LogFormat::Text, level: LogLevel::Error });
    let speed = arguments.speed;
    run::with_runtime(async move {
        let mut orders = run::receive_orders()?;
        let unread = Arc::new(Notify::new());
        let mut teller = Teller { paint: Paint::stdout(), begun: Instant::now(), unread: Arc::clone(&unread) };
        let stop = async move {
            tokio::select! {
                () = run::wait_for_stop(&mut orders) => {}
                () = unread.notified() => {}
            }
        };
        demo::run(speed, at, stop, |event| teller.tell(event), control::listen_for_orders).await?;
        paint::print_line("\nStopped; the demo's store was deleted.");
        Ok(ExitCode::SUCCESS)
    })
}

/// The address to listen on from the flag or the environment; `None` if neither is set. An empty variable counts as
/// unset.
fn listen_address(flag: Option<&str>, variable: Option<&str>) -> Result<Option<SocketAddr>, Failure> {
    let variable = variable.filter(|text| !text.is_empty()).map(|text| (LISTEN_VARIABLE, text));
    let Some((name, text)) = flag.map(|text| ("--listen", text)).or(variable) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        Failure::Usage(format!("{name}: {text:?}: expected an IP address and a port, such as 127.0.0.1:8080"))
    })
}

/// Prints the demo's events to the terminal.
struct Teller {
    paint: Paint,
    begun: Instant,
    /// Notified once the output is closed.
    unread: Arc<Notify>,
}

impl Teller {
    /// Prints a text. If the output is closed, ends the demo.
    fn print(&self, text: &str) {
        if !paint::print_text(text) {
            self.unread.notify_one();
        }
    }

    fn say(&self, line: &str) {
        self.print(&format!("{line}\n"));
    }

    fn tell(&mut self, event: Event) {
        match event {
            Event::Opened { site, redraft, feeds } => self.opened(&site, &redraft, &feeds),
            Event::Known(articles) => {
                self.begun = Instant::now();
                self.line("redraft", Ink::Blue, &format!("has read {articles} articles and now watches for edits."));
            }
            Event::Did { headline, words } => {
                self.say("");
                self.line("Herald", Ink::Yellow, words);
                self.more(Ink::Dim, &format!("“{headline}”"));
            }
            Event::Saw(Sight::Published(edit), url) => self.published(&edit, &url),
            Event::Saw(Sight::Passed { headline, note, .. }, url) => {
                self.passed(&headline, &note, &url);
            }
            Event::Saw(Sight::Quiet { headline, looks }, _) => {
                let looks = paint::count_noun(looks as usize, "time");
                self.line("redraft", Ink::Blue, &format!("has checked it {looks} since: nothing to publish"));
                self.more(Ink::Dim, &format!("“{headline}”"));
            }
            Event::Over => {
                self.say("");
                self.line("Herald", Ink::Yellow, "is done. redraft keeps watching and serving.");
                self.more(Ink::Bold, "Open or subscribe to the addresses above; press Ctrl-C to end.");
            }
        }
    }

    fn opened(&self, site: &Url, redraft: &Url, feeds: &[(String, Url)]) {
        let title = "redraft demo: a news site on this machine edits its articles, redraft watches";
        self.say(&format!("\n{}\n", self.paint.in_ink(Ink::Bold, title)));
        self.say(&format!("  the news site  {}", self.paint.in_ink(Ink::Blue, site.as_str())));
        self.say(&format!("  redraft        {}\n", self.paint.in_ink(Ink::Blue, redraft.as_str())));
        let width = feeds.iter().map(|(_, url)| url.as_str().len()).max().unwrap_or(0);
        for (n, (name, url)) in feeds.iter().enumerate() {
            let label = if n == 0 { "subscribe to" } else { "" };
            let url = self.paint.in_ink(Ink::Blue, &format!("{:<width$}", url.as_str()));
            self.say(&format!("  {label:<14} {url}  {}", self.paint.in_ink(Ink::Dim, name)));
        }
        self.say("");
    }

    /// Prints the time, the actor and a text. Further lines of the text are indented.
    fn line(&self, who: &str, ink: Ink, text: &str) {
        let seconds = self.begun.elapsed().as_secs();
        let time = format!("{:>3}:{:02}", seconds / 60, seconds % 60);
        let text = paint::wrap_text(&paint::strip_controls(text), INDENT, WIDTH);
        let who = format!("{who:<8}");
        self.print(&format!(
            "{}  {}{}",
            self.paint.in_ink(Ink::Dim, &time),
            self.paint.in_ink(ink, &who),
            text.trim_start()
        ));
    }

    fn more(&self, ink: Ink, text: &str) {
        for line in paint::wrap_text(&paint::strip_controls(text), INDENT, WIDTH).lines() {
            self.say(&format!("{INDENT}{}", self.paint.in_ink(ink, line.trim_start())));
        }
    }

    fn published(&self, edit: &Edit, url: &Url) {
        self.line("redraft", Ink::Green, "publishes");
        self.more(Ink::Bold, &edit.entry.title);
        let classes: Vec<&str> = edit.classes().into_iter().map(redraft::model::Class::name).collect();
        if !classes.is_empty() {
            let told = match edit.disclosure {
                Some(Disclosure::Disclosed) => " · disclosed to readers",
                Some(Disclosure::Silent) => " · not disclosed to readers",
                None => "",
            };
            self.more(Ink::Dim, &format!("score {:.2} · {}{told}", edit.score, classes.join(", ")));
        }
        self.more(Ink::Blue, url.as_str());
    }

    fn passed(&self, headline: &str, note: &CheckNote, url: &Url) {
        let what = match note.outcome {
            Outcome::Kept => "stores a version, too slight to publish",
            Outcome::Ignored => "stores nothing, only noise",
            Outcome::Suspect => note.awaits(),
            _ => "could not check",
        };
        self.line("redraft", Ink::Blue, &format!("{what}: {}", note.why));
        self.more(Ink::Dim, &format!("“{headline}”"));
        if note.outcome == Outcome::Kept {
            self.more(Ink::Blue, url.as_str());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demo_listens_where_the_flag_says_else_where_the_environment_does() {
        let port = |flag, variable| listen_address(flag, variable).map(|at| at.map(|at| at.port()));
        assert!(matches!(port(Some("127.0.0.1:1"), Some("127.0.0.1:2")), Ok(Some(1))));
        assert!(matches!(port(None, Some("127.0.0.1:2")), Ok(Some(2))));
        assert!(matches!(port(None, Some("")), Ok(None)));
        assert!(matches!(port(None, Some(":8080")), Err(Failure::Usage(words)) if words.starts_with(LISTEN_VARIABLE)));
    }
}
