//! Terminal output: colours, wrapping, and text without control characters.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

/// Colour or style of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// The most important text.
    Bold,
    /// The least important text.
    Dim,
    /// Removed text, and errors.
    Red,
    /// Added text, and success.
    Green,
    /// Moved text, and warnings.
    Yellow,
    /// Addresses.
    Blue,
}

/// Colours texts if the output supports it.
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

    /// Colours a text and removes its control characters, because the text may come from a stranger.
    pub(super) fn in_ink(self, ink: Ink, text: &str) -> String {
        let text = strip_controls(text);
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

/// A text without control characters, except line feeds.
pub(super) fn strip_controls(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}

/// Writes to standard output. Returns false if the reader is gone, which is not a failure (`| head`).
pub(super) fn print_text(text: &str) -> bool {
    write_text(io::stdout().lock(), text)
}

/// Writes a line to standard output, even if its reader is gone.
pub(super) fn print_line(line: &str) {
    let _ = print_text(&format!("{line}\n"));
}

/// Longest wait for a line to be written to standard error.
const TELL_WITHIN: Duration = Duration::from_secs(1);

/// Writes a line to standard error. A reader that is gone is not a failure, and a reader that does not read is not
/// waited for.
pub(super) fn print_error(line: &str) {
    let line = format!("{line}\n");
    let (tell, told) = sync_channel(1);
    let write = move || {
        write_text(io::stderr().lock(), &line);
        let _ = tell.send(());
    };
    if thread::Builder::new().spawn(write).is_ok() {
        let _ = told.recv_timeout(TELL_WITHIN);
    }
}

fn write_text(mut to: impl Write, text: &str) -> bool {
    to.write_all(text.as_bytes()).and_then(|()| to.flush()).is_ok()
}

/// Formats a count with its noun: `1 site`, `2 sites`.
pub(super) fn count_noun(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Width in characters of a column that shows these names in full, since people copy them, below the heading `head`.
pub(super) fn column_width<'a>(names: impl Iterator<Item = &'a str>, head: &'a str) -> usize {
    names.chain([head]).map(|name| name.chars().count()).max().unwrap_or_default()
}

/// Wraps a text at blanks into indented lines of at most `width` characters.
pub(super) fn wrap_text(text: &str, indent: &str, width: usize) -> String {
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
        assert!(write_text(&writer, "read"));
        drop(reader);
        assert!(!write_text(&writer, "not read"));
    }
}
