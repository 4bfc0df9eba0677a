//! Parses the lines of a `robots.txt` and keeps the groups of rules that address us.

use std::time::Duration;

use super::pattern::Pattern;
use super::{MAX_BYTES, MAX_DELAY, MAX_RULES, Robots, Rule, TOKEN};

/// Crawlers that the current group addresses: `us` by name, `all` by `*`.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Addressed {
    us: bool,
    all: bool,
}

/// Parser state. Rules for us by name and rules for everyone are kept apart, because only the end of the file shows
/// which of the two apply.
#[derive(Default)]
struct Reader {
    addressed: Addressed,
    /// Whether the current group already has a rule; then the next `User-agent` line starts a new group.
    ruled: bool,
    named: bool,
    us: Robots,
    all: Robots,
}

pub(super) fn parse(bytes: &[u8]) -> Robots {
    let text = String::from_utf8_lossy(whole_lines(bytes));
    let mut reader = Reader::default();
    for (number, line) in split_lines(text.trim_start_matches('\u{FEFF}')).enumerate() {
        let line = line.split('#').next().unwrap_or_default();
        if let Some((key, value)) = line.split_once(':') {
            reader.read_line(&key.trim().to_ascii_lowercase(), value.trim(), number + 1);
        }
    }
    // A group that names us replaces the group for everyone, even if it has no rules (RFC 9309, 2.2.1).
    if reader.named { reader.us } else { reader.all }
}

/// The first [`MAX_BYTES`], cut at a line end, because half a rule would mean something else.
fn whole_lines(bytes: &[u8]) -> &[u8] {
    if bytes.len() <= MAX_BYTES {
        return bytes;
    }
    let cut = &bytes[..MAX_BYTES];
    let end = cut.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(MAX_BYTES);
    &cut[..end]
}

/// Splits at LF, CR or CRLF.
fn split_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}

impl Reader {
    fn read_line(&mut self, key: &str, value: &str, number: usize) {
        match key {
            "user-agent" => self.start_agent(value),
            "allow" | "disallow" => {
                self.ruled = true;
                if let Some(pattern) = Pattern::new(value) {
                    self.add_rule(&Rule { allows: key == "allow", line: number, pattern });
                }
            }
            "crawl-delay" => {
                self.ruled = true;
                if let Some(delay) = parse_delay(value) {
                    // Of several delays the longest counts.
                    self.addressed_rules().for_each(|robots| robots.delay = robots.delay.max(Some(delay)));
                }
            }
            _ => {}
        }
    }

    fn start_agent(&mut self, value: &str) {
        if self.ruled {
            self.addressed = Addressed::default();
            self.ruled = false;
        }
        let ends = |c: char| !c.is_ascii_alphabetic() && c != '_' && c != '-';
        let token = value.split(ends).next().unwrap_or_default();
        self.addressed.all |= value.starts_with('*');
        self.addressed.us |= token.eq_ignore_ascii_case(TOKEN);
        self.named |= self.addressed.us;
    }

    fn add_rule(&mut self, rule: &Rule) {
        for robots in self.addressed_rules().filter(|robots| robots.rules.len() < MAX_RULES) {
            robots.rules.push(rule.clone());
        }
    }

    /// The rule sets that the current group adds to.
    fn addressed_rules(&mut self) -> impl Iterator<Item = &mut Robots> {
        let Addressed { us, all } = self.addressed;
        [(us, &mut self.us), (all, &mut self.all)].into_iter().filter(|(is, _)| *is).map(|(_, robots)| robots)
    }
}

/// Parses a delay in seconds, possibly fractional. `None` if it is not a positive number.
fn parse_delay(value: &str) -> Option<Duration> {
    let seconds: f64 = value.parse().ok().filter(|seconds| *seconds > 0.0)?;
    Duration::try_from_secs_f64(seconds.min(MAX_DELAY.as_secs_f64())).ok()
}
