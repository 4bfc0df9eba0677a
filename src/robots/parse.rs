//! The lines of a `robots.txt` to the rules of the groups that are for us.

use std::time::Duration;

use super::pattern::Pattern;
use super::{MAX_BYTES, MAX_DELAY, MAX_RULES, Robots, Rule, TOKEN};

/// Whom a group speaks to.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Addressed {
    us: bool,
    all: bool,
}

/// A reading of the file: the rules for us by name and those for everybody, since which of the two count is known only at
/// its end.
#[derive(Default)]
struct Reader {
    addressed: Addressed,
    /// Whether the group's first rule was read: the next `User-agent` begins another group.
    ruled: bool,
    named: bool,
    us: Robots,
    all: Robots,
}

pub(super) fn parse(bytes: &[u8]) -> Robots {
    let text = String::from_utf8_lossy(whole_lines(bytes));
    let mut reader = Reader::default();
    for (number, line) in lines(text.trim_start_matches('\u{FEFF}')).enumerate() {
        let line = line.split('#').next().unwrap_or_default();
        if let Some((key, value)) = line.split_once(':') {
            reader.line(&key.trim().to_ascii_lowercase(), value.trim(), number + 1);
        }
    }
    if reader.named { reader.us } else { reader.all }
}

/// The first [`MAX_BYTES`], up to the end of a line: half a rule would say something else.
fn whole_lines(bytes: &[u8]) -> &[u8] {
    if bytes.len() <= MAX_BYTES {
        return bytes;
    }
    let cut = &bytes[..MAX_BYTES];
    let end = cut.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(MAX_BYTES);
    &cut[..end]
}

/// Lines that end with LF, CR or both.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}

impl Reader {
    fn line(&mut self, key: &str, value: &str, number: usize) {
        match key {
            "user-agent" => self.agent(value),
            "allow" | "disallow" => {
                self.ruled = true;
                if let Some(pattern) = Pattern::new(value) {
                    self.rule(&Rule { allows: key == "allow", line: number, pattern });
                }
            }
            "crawl-delay" => {
                self.ruled = true;
                if let Some(delay) = delay(value) {
                    self.groups().for_each(|robots| robots.delay = robots.delay.max(Some(delay)));
                }
            }
            _ => {}
        }
    }

    fn agent(&mut self, value: &str) {
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

    fn rule(&mut self, rule: &Rule) {
        for robots in self.groups().filter(|robots| robots.rules.len() < MAX_RULES) {
            robots.rules.push(rule.clone());
        }
    }

    /// Those whom the present group speaks to.
    fn groups(&mut self) -> impl Iterator<Item = &mut Robots> {
        let Addressed { us, all } = self.addressed;
        [(us, &mut self.us), (all, &mut self.all)].into_iter().filter(|(is, _)| *is).map(|(_, robots)| robots)
    }
}

/// Seconds, whole or not; none where it is no number or not above zero.
fn delay(value: &str) -> Option<Duration> {
    let seconds: f64 = value.parse().ok().filter(|seconds| *seconds > 0.0)?;
    Duration::try_from_secs_f64(seconds.min(MAX_DELAY.as_secs_f64())).ok()
}
