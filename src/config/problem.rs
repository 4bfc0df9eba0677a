//! What is wrong with a configuration, where, and what was expected.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A configuration file's name and text, kept for messages.
#[derive(Debug)]
pub struct File {
    /// Its path as the operator would write it.
    pub name: String,
    /// All of it.
    pub text: String,
    /// Whether it is the compiled-in `default.toml`.
    pub built_in: bool,
}

/// Where a value comes from.
#[derive(Clone, Debug)]
pub enum Place {
    /// A span of bytes in a file.
    Text {
        /// The file.
        file: Arc<File>,
        /// From the first byte to after the last.
        span: Range<usize>,
        /// Whether its line is not to be shown: it may hold a secret.
        is_secret: bool,
    },
    /// An environment variable: its name and value.
    Environment(String, String),
    /// A flag or an argument of the command line, as given.
    Flag(String),
    /// A file or directory as a whole.
    Whole(String),
}

impl Place {
    /// Line and column of its first character, from 1; none where it is not in a file.
    #[must_use]
    pub fn line_and_column(&self) -> Option<(usize, usize)> {
        let Self::Text { file, span, .. } = self else { return None };
        let before = file.text.get(..span.start).unwrap_or(&file.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Some((before.matches('\n').count() + 1, before[line_start..].chars().count() + 1))
    }

    /// Where it is, in a few words: `redraft.toml:3`, `REDRAFT_SERVE_LISTEN`, `--listen`, `default`.
    #[must_use]
    pub fn origin(&self) -> String {
        match self {
            Self::Text { file, .. } if file.built_in => "default".to_owned(),
            Self::Text { file, .. } => format!("{}:{}", file.name, self.line_and_column().map_or(0, |at| at.0)),
            Self::Environment(name, _) | Self::Whole(name) => name.clone(),
            Self::Flag(flag) => flag.split(['=', ' ']).next().unwrap_or(flag).to_owned(),
        }
    }

    /// The same place, its line not shown.
    #[must_use]
    pub fn unshown(mut self) -> Self {
        if let Self::Text { is_secret, .. } = &mut self {
            *is_secret = true;
        }
        self
    }

    /// The line it is on and a line that points at it.
    fn excerpt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Text { file, span, is_secret: false }, Some((line, column))) = (self, self.line_and_column()) else {
            return Ok(());
        };
        let text = file.text.split('\n').nth(line - 1).unwrap_or("").trim_end();
        let number = line.to_string();
        let gutter = " ".repeat(number.len());
        let marked = file.text.get(span.clone()).unwrap_or("").lines().next().unwrap_or("").chars().count();
        writeln!(f, "{gutter} |")?;
        writeln!(f, "{number} | {}", text.replace('\t', " "))?;
        writeln!(f, "{gutter} | {}{}", " ".repeat(column - 1), "^".repeat(marked.max(1)))
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What: a lowercase fragment that names the key.
    pub what: String,
    /// What was expected, or what to do.
    pub help: Option<String>,
}

impl Problem {
    fn line(&self) -> String {
        let column = self.place.line_and_column().map_or(String::new(), |(_, column)| format!(":{column}"));
        let help = self.help.as_ref().map_or(String::new(), |help| format!(" ({help})"));
        format!("{}{column}: {}{help}", self.place.origin(), self.what)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.what)?;
        match &self.place {
            Place::Text { file, .. } => {
                let (line, column) = self.place.line_and_column().unwrap_or((1, 1));
                writeln!(f, " --> {}:{line}:{column}", file.name)?;
            }
            Place::Environment(name, value) => writeln!(f, " --> environment: {name}={value}")?,
            Place::Flag(flag) => writeln!(f, " --> command line: {flag}")?,
            Place::Whole(name) => writeln!(f, " --> {name}")?,
        }
        self.place.excerpt(f)?;
        self.help.as_ref().map_or(Ok(()), |help| writeln!(f, " = {help}"))
    }
}

/// Everything that is wrong with a configuration, files first.
#[derive(Clone, Debug, Default)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Each problem on a line of its own, with its place: `sources.toml:3:7: url is missing (expected …)`. For logs.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.0.iter().map(Problem::line).collect()
    }

    /// Takes note of a problem.
    pub(super) fn add(&mut self, place: &Place, what: impl Into<String>, help: Option<String>) {
        self.0.push(Problem { place: place.clone(), what: what.into(), help });
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.0 {
            writeln!(f, "error: {problem}")?;
        }
        match self.0.len() {
            1 => write!(f, "1 problem in the configuration"),
            n => write!(f, "{n} problems in the configuration"),
        }
    }
}

impl std::error::Error for Problems {}
