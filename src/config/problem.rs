//! Problems of a configuration: what is wrong, where, and what was expected.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A configuration file's name and text, kept for messages.
#[derive(Debug)]
pub struct File {
    /// Its path as the operator would write it.
    pub name: String,
    /// Its whole text.
    pub text: String,
    /// Whether it is the built-in `default.toml`.
    pub built_in: bool,
}

/// The place that a value comes from.
#[derive(Clone, Debug)]
pub enum Place {
    /// A range of bytes in a file.
    Text {
        /// The file.
        file: Arc<File>,
        /// The range of bytes.
        span: Range<usize>,
        /// Whether messages must not show its line, because it may contain a secret.
        is_secret: bool,
    },
    /// Name and value of an environment variable.
    Environment(String, String),
    /// A flag or an argument of the command line, as given.
    Flag(String),
    /// A whole file or directory, by its name.
    Whole(String),
}

impl Place {
    /// Line and column of the first character, counted from 1; `None` if the place is not in a file.
    #[must_use]
    pub fn line_and_column(&self) -> Option<(usize, usize)> {
        let Self::Text { file, span, .. } = self else { return None };
        let before = file.text.get(..span.start).unwrap_or(&file.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Some((before.matches('\n').count() + 1, before[line_start..].chars().count() + 1))
    }

    /// The place in a few words: `redraft.toml:3`, `REDRAFT_SERVE_LISTEN`, `--listen`, `default`.
    #[must_use]
    pub fn origin(&self) -> String {
        match self {
            Self::Text { file, .. } if file.built_in => "default".to_owned(),
            Self::Text { file, .. } => format!("{}:{}", file.name, self.line_and_column().map_or(0, |at| at.0)),
            Self::Environment(name, _) | Self::Whole(name) => name.clone(),
            Self::Flag(flag) => flag.split(['=', ' ']).next().unwrap_or(flag).to_owned(),
        }
    }

    /// The same place with its line hidden from messages.
    #[must_use]
    pub fn unshown(mut self) -> Self {
        if let Self::Text { is_secret, .. } = &mut self {
            *is_secret = true;
        }
        self
    }

    /// Writes the line of the place, and a second line that points at it.
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

/// One problem.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Place of the problem.
    pub place: Place,
    /// The problem: a lowercase fragment that names the key.
    pub what: String,
    /// The expected value, or advice.
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

/// All problems of a configuration, those in files first.
#[derive(Clone, Debug, Default)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Formats each problem as one line with its place, for logs: `sources.toml:3:7: url is missing (expected …)`.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.0.iter().map(Problem::line).collect()
    }

    /// Adds a problem.
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
