//! Colours and plain words for terminals.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

/// What a text is painted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// What matters most.
    Bold,
    /// What matters least.
    Dim,
    /// Removed.
    Red,
    /// Added, well.
    Green,
    /// Moved, odd.
    Yellow,
    /// Addresses.
    Blue,
}

/// Paints, if what it is printed on takes colours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    on: bool,
}

impl Paint {
    /// For standard output: colours on a terminal, unless `NO_COLOR` is set.
    pub(super) fn stdout() -> Self {
        let unwanted = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { on: io::stdout().is_terminal() && !unwanted && env::var_os("TERM").is_none_or(|term| term != "dumb") }
    }

    /// Without colours.
    #[cfg(test)]
    pub(super) fn plain() -> Self {
        Self { on: false }
    }

    /// Whether colours are on.
    pub(super) fn is_on(self) -> bool {
        self.on
    }

    /// A text in an ink. Its own control characters are taken out: it may be a stranger's.
    pub(super) fn in_ink(self, ink: Ink, text: &str) -> String {
        let text = plain(text);
        if !self.on {
            return text;
        }
        let code = match ink {
            Ink::Bold => "1",
            Ink::Dim => "2",
            Ink::Red => "31",
            Ink::Green => "32",
            Ink::Yellow => "33",
            Ink::Blue => "34",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// A text without control characters but line feeds.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}

/// Writes to standard output; gives whether anybody still reads it. A closed pipe (`| head`) is no failure.
pub(super) fn print(text: &str) -> bool {
    written(io::stdout().lock(), text)
}

/// Writes a line to standard output; nobody reading it is no failure.
pub(super) fn say(line: &str) {
    let _ = print(&format!("{line}\n"));
}

/// Longest wait for someone to take a line.
const TELL_WITHIN: Duration = Duration::from_secs(1);

/// Writes a line to standard error; nobody reading it is no failure, and whoever does not read is not waited for.
pub(super) fn tell(line: &str) {
    let line = format!("{line}\n");
    let (tell, told) = sync_channel(1);
    let write = move || {
        written(io::stderr().lock(), &line);
        let _ = tell.send(());
    };
    if thread::Builder::new().spawn(write).is_ok() {
        let _ = told.recv_timeout(TELL_WITHIN);
    }
}

fn written(mut to: impl Write, text: &str) -> bool {
    to.write_all(text.as_bytes()).and_then(|()| to.flush()).is_ok()
}

/// `1 site`, `2 sites`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// How wide a column is in which these names stand whole, since people copy them, below `head`; in characters.
pub(super) fn width<'a>(names: impl Iterator<Item = &'a str>, head: &'a str) -> usize {
    names.chain([head]).map(|name| name.chars().count()).max().unwrap_or_default()
}

/// Text in lines of at most `width` characters, broken at blanks, each after an indentation.
pub(super) fn wrapped(text: &str, indent: &str, width: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            out.push('\n');
            column = 0;
        }
        out.push_str(if column == 0 { indent } else { " " });
        column += if column == 0 { indent.len() + length } else { 1 + length };
        out.push_str(word);
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_whose_reader_has_gone_is_told_not_panicked_over() {
        let (reader, writer) = io::pipe().unwrap();
        assert!(written(&writer, "heard"));
        drop(reader);
        assert!(!written(&writer, "not heard"));
    }
}
