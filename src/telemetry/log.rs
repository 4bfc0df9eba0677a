//! Writing log lines: each event becomes one line, repeated warnings are left out for an hour, and a thread of its
//! own writes. Logging never blocks: if standard error is stuck, lines are dropped and counted.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use prometheus_client::metrics::counter::Counter;
use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// Lines waiting to be written: about what a busy minute logs.
const MAX_WAITING: usize = 1_024;
/// Longest line in bytes; longer ones are cut. An address of 4 KiB fits.
const MAX_LINE_BYTES: usize = 8 * 1024;
/// A repeated warning or error is logged only once in this time.
const REPEATED_AFTER: Duration = Duration::from_hours(1);
/// Warnings and errors that are remembered. Beyond that all are forgotten, and may be logged again.
const MAX_COMPLAINTS: usize = 4_096;

/// Lines dropped because they could not be written in time.
pub(super) static DROPPED: LazyLock<Counter> = LazyLock::new(Counter::default);
/// Lines left out as repeated within the hour.
pub(super) static REPEATED: LazyLock<Counter> = LazyLock::new(Counter::default);

/// Channel to the writing thread, once it was started.
static WRITER: OnceLock<SyncSender<Message>> = OnceLock::new();

enum Message {
    Line(Vec<u8>),
    /// A request to confirm that everything before was written.
    Written(SyncSender<()>),
}

/// Starts the thread that writes to standard error. A second call has no effect.
pub(super) fn start() {
    let (send, receive) = sync_channel(MAX_WAITING);
    if WRITER.set(send).is_ok() {
        // If the thread cannot be started, nothing is logged; everything else works.
        let _ = thread::Builder::new().name("log".to_owned()).spawn(move || write(&receive, io::stderr()));
    }
}

/// Waits until all lines are written, at most for `within`.
pub(super) fn finish(within: Duration) {
    let Some(writer) = WRITER.get() else { return };
    let (tell, told) = sync_channel(1);
    // If the queue is full, nobody reads the log, and waiting is useless.
    if writer.try_send(Message::Written(tell)).is_ok() {
        let _ = told.recv_timeout(within);
    }
}

fn write(messages: &Receiver<Message>, to: impl Write) {
    write_after(DROPPED.get(), messages, to);
}

/// Writes lines. In between, reports how many were dropped since `told`, the last reported count.
fn write_after(mut told: u64, messages: &Receiver<Message>, mut to: impl Write) {
    for message in messages {
        match message {
            // The reader of the log may be gone, which is not a reason to stop watching.
            Message::Line(line) => drop(to.write_all(&line)),
            Message::Written(tell) => drop(tell.send(())),
        }
        let dropped = DROPPED.get();
        if dropped > told {
            let _ = writeln!(to, "{} log lines were dropped: they could not be written in time", dropped - told);
            told = dropped;
        }
    }
}

/// Queues a line for the writing thread. Drops and counts it if the queue is full.
fn hand_over(writer: Option<&SyncSender<Message>>, line: Vec<u8>) {
    if writer.is_none_or(|writer| writer.try_send(Message::Line(line)).is_err()) {
        DROPPED.inc();
    }
}

/// Creates writers for one line each.
pub(super) struct Lines {
    ansi: bool,
    complaints: Mutex<Complaints>,
}

impl Lines {
    pub(super) fn new(ansi: bool) -> Self {
        Self { ansi, complaints: Mutex::default() }
    }

    fn line(&self, event: &[u8], complains: bool) {
        let line = one_line(event, self.ansi);
        let complaints = || self.complaints.lock().unwrap_or_else(PoisonError::into_inner);
        if complains && !complaints().is_new(&line, Instant::now()) {
            REPEATED.inc();
            return;
        }
        hand_over(WRITER.get(), line);
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = OneLine<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        OneLine { lines: self, complains: false }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Self::Writer {
        OneLine { lines: self, complains: matches!(*meta.level(), Level::WARN | Level::ERROR) }
    }
}

/// Receives one event.
pub(super) struct OneLine<'a> {
    lines: &'a Lines,
    complains: bool,
}

impl Write for OneLine<'_> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        self.lines.line(event, self.complains);
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Recently logged warnings and errors.
#[derive(Debug, Default)]
struct Complaints {
    told: HashMap<u64, Instant>,
}

impl Complaints {
    /// Whether `line`, apart from its time, was not logged within the last hour. Remembers that it is logged now.
    fn is_new(&mut self, line: &[u8], now: Instant) -> bool {
        // Both formats begin with the time, which ends in the line's first Z.
        let from = line.iter().position(|byte| *byte == b'Z').map_or(0, |at| at + 1);
        let mut hasher = DefaultHasher::new();
        line[from..].hash(&mut hasher);
        if self.told.len() >= MAX_COMPLAINTS {
            self.told.clear();
        }
        match self.told.entry(hasher.finish()) {
            Entry::Occupied(told) if now.saturating_duration_since(*told.get()) < REPEATED_AFTER => false,
            entry => {
                entry.insert_entry(now);
                true
            }
        }
    }
}

/// Escapes the control characters of an event, except the line feed at its end and, with `ansi`, the escapes of our
/// own colours (the formatter has already escaped those in texts). Cuts the line if it is too long.
fn one_line(event: &[u8], ansi: bool) -> Vec<u8> {
    let text = event.strip_suffix(b"\n").unwrap_or(event);
    let mut line = Vec::with_capacity(event.len());
    for letter in String::from_utf8_lossy(text).chars() {
        match letter {
            '\n' => line.extend(b"\\n"),
            '\r' => line.extend(b"\\r"),
            '\t' => line.extend(b"\\t"),
            '\x1b' if ansi => line.push(0x1b),
            control if control.is_control() => line.extend(format!("\\x{:02x}", u32::from(control)).bytes()),
            turns if turns_text(turns) => line.extend(format!("\\u{{{:x}}}", u32::from(turns)).bytes()),
            other => line.extend(other.encode_utf8(&mut [0; 4]).bytes()),
        }
        if line.len() > MAX_LINE_BYTES {
            line.extend("…".bytes());
            break;
        }
    }
    line.push(b'\n');
    line
}

/// Whether a character changes the direction of text, or starts a new line in some viewers.
fn turns_text(letter: char) -> bool {
    matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_line_whatever_strangers_wrote_into_it() {
        let plain = |event: &str| String::from_utf8(one_line(event.as_bytes(), false)).unwrap();
        assert_eq!(
            plain("a\nERROR b\r\t\x1b[2J\x7f\u{85}\u{9b}31m\n"),
            "a\\nERROR b\\r\\t\\x1b[2J\\x7f\\x85\\x9b31m\n"
        );
        assert_eq!(plain("\u{202e}desrever\u{2028}x é\n"), "\\u{202e}desrever\\u{2028}x é\n");
        assert_eq!(one_line(b"\x1b[2mtime\x1b[0m a\nb\n", true), b"\x1b[2mtime\x1b[0m a\\nb\n");
        assert_eq!(one_line(b"\xff\n", false), "\u{fffd}\n".as_bytes());
        let long = one_line(&vec![b'a'; 1 << 20], false);
        assert!(long.len() < MAX_LINE_BYTES + 8 && long.ends_with("…\n".as_bytes()));
    }

    #[test]
    fn the_same_complaint_is_told_once_an_hour() {
        let mut complaints = Complaints::default();
        let start = Instant::now();
        let minute = |minutes: u64| start + Duration::from_mins(minutes);
        let line = |time: &str, words: &str| format!("2026-08-01T{time}Z  WARN {words}\n").into_bytes();
        assert!(complaints.is_new(&line("09:00:00", "slug=a cannot read the source: gone"), minute(0)));
        assert!(!complaints.is_new(&line("09:15:00", "slug=a cannot read the source: gone"), minute(15)));
        assert!(complaints.is_new(&line("09:15:00", "slug=b cannot read the source: gone"), minute(15)));
        assert!(complaints.is_new(&line("09:20:00", "slug=a cannot read the source: timeout"), minute(20)));
        assert!(!complaints.is_new(&line("09:59:00", "slug=a cannot read the source: gone"), minute(59)));
        assert!(complaints.is_new(&line("10:00:00", "slug=a cannot read the source: gone"), minute(60)));
        for number in 0..2 * MAX_COMPLAINTS {
            complaints.is_new(&line("11:00:00", &number.to_string()), minute(120));
        }
        assert!(complaints.told.len() <= MAX_COMPLAINTS);
    }

    #[test]
    fn lines_that_nobody_takes_are_dropped_counted_and_told_of() {
        let before = DROPPED.get();
        let (send, receive) = sync_channel(2);
        (0..5).for_each(|number| hand_over(Some(&send), format!("line {number}\n").into_bytes()));
        assert_eq!(DROPPED.get() - before, 3);
        drop(send);
        let mut written = Vec::new();
        // Starts from the count before the lines were dropped.
        write_after(before, &receive, &mut written);
        let written = String::from_utf8(written).unwrap();
        assert_eq!(written, "line 0\n3 log lines were dropped: they could not be written in time\nline 1\n");
    }

    #[test]
    fn a_log_that_nobody_reads_any_more_stops_nothing() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
        }
        let (send, receive) = sync_channel(2);
        let (tell, told) = sync_channel(1);
        send.send(Message::Line(b"an event\n".to_vec())).unwrap();
        send.send(Message::Written(tell)).unwrap();
        drop(send);
        write(&receive, Gone);
        told.recv().unwrap();
    }
}
