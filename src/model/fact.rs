//! What happened, as a value: a phrase and what stands in its places. It is put into words where it is shown, in whatever language.

use std::borrow::Cow;
use std::fmt;

/// Between the forms of a phrase, one before any other number.
const FORMS: &str = " | ";
/// Before the number of a system's error.
const OS_ERROR: &str = " (os error ";

/// A phrase in English, which names it, and the values for its places: `figure {change}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fact {
    phrase: Cow<'static, str>,
    values: Vec<Value>,
}

/// What stands in a place of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Words of others, or an address: as they are.
    Words(String),
    /// Words of others, between quotation marks.
    Quoted(String),
    /// Words in English that are not ours to translate: what a library or a server said.
    English(String),
    /// A number; the first of a phrase with forms chooses the form.
    Number(u64),
    /// Other facts, one after another.
    Facts(Vec<Fact>),
}

impl Fact {
    /// A phrase; its places have no values yet.
    #[must_use]
    pub fn new(phrase: &'static str) -> Self {
        Self { phrase: Cow::Borrowed(phrase), values: Vec::new() }
    }

    /// A phrase as it was kept, with its values.
    #[must_use]
    pub fn kept(phrase: String, values: Vec<Value>) -> Self {
        Self { phrase: Cow::Owned(phrase), values }
    }

    /// Words in English that stand for themselves: of a library, or kept by a redraft that knew no facts.
    #[must_use]
    pub fn english(words: impl Into<String>) -> Self {
        Self::new("{words}").with(Value::English(words.into()))
    }

    /// Facts one after another.
    #[must_use]
    pub fn all(facts: Vec<Self>) -> Self {
        Self::new("{facts}").with(Value::Facts(facts))
    }

    /// With the value for its next place.
    #[must_use]
    pub fn with(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// With words between quotation marks for its next place.
    #[must_use]
    pub fn quoting(self, words: impl Into<String>) -> Self {
        self.with(Value::Quoted(words.into()))
    }

    /// The phrase.
    #[must_use]
    pub fn phrase(&self) -> &str {
        &self.phrase
    }

    /// The values in the order of their places in the English phrase.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The words of others in it, in order.
    #[must_use]
    pub fn words(&self) -> Vec<&str> {
        self.values.iter().flat_map(Value::words).collect()
    }

    /// The number that chooses the form of the phrase, if there is one.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        self.values.iter().find_map(|value| if let Value::Number(number) = value { Some(*number) } else { None })
    }

    /// The value of a place, by the name that it has in the English phrase.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        let form = self.phrase.rsplit(FORMS).next().unwrap_or_default();
        let mut names: Vec<&str> = Vec::new();
        for place in form.split('{').skip(1).filter_map(|part| part.split('}').next()) {
            if !names.contains(&place) {
                names.push(place);
            }
        }
        self.values.get(names.iter().position(|known| *known == name)?)
    }
}

impl Value {
    fn words(&self) -> Vec<&str> {
        match self {
            Self::Words(words) | Self::Quoted(words) | Self::English(words) => vec![words],
            Self::Number(_) => Vec::new(),
            Self::Facts(facts) => facts.iter().flat_map(Fact::words).collect(),
        }
    }
}

impl From<String> for Value {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl From<&str> for Value {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<Fact> for Value {
    fn from(fact: Fact) -> Self {
        Self::Facts(vec![fact])
    }
}

/// Words without the numbers that the standard library puts behind a system's error: `Connection refused (os error 111)`. Earlier
/// releases kept such words.
#[must_use]
pub fn without_error_numbers(words: &str) -> Cow<'_, str> {
    let (mut told, mut rest) = (String::new(), words);
    while let Some((before, number)) = rest.split_once(OS_ERROR) {
        let after = number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-').strip_prefix(')');
        let is_number = !number.starts_with(')');
        told.push_str(before);
        rest = if let Some(after) = after.filter(|_| is_number) {
            after
        } else {
            told.push_str(OS_ERROR);
            number
        };
    }
    if rest.len() == words.len() { Cow::Borrowed(words) } else { Cow::Owned(told + rest) }
}

/// In English, for logs, programs and the command line.
impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut forms = self.phrase.split(FORMS);
        let one = forms.next().unwrap_or_default();
        let mut rest = forms.next().filter(|_| self.number() != Some(1)).unwrap_or(one);
        while let Some((before, place)) = rest.split_once('{') {
            let (name, after) = place.split_once('}').unwrap_or((place, ""));
            f.write_str(before)?;
            self.value(name).map_or(Ok(()), |value| write!(f, "{value}"))?;
            rest = after;
        }
        f.write_str(rest)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words) => f.write_str(words),
            Self::English(words) => f.write_str(&without_error_numbers(words)),
            Self::Quoted(words) => write!(f, "“{words}”"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Facts(facts) => {
                for (at, fact) in facts.iter().enumerate() {
                    write!(f, "{}{fact}", if at == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_told_in_english_with_its_values() {
        let change = Fact::new("{old} → {new}").quoting("a {b}").with("c");
        assert_eq!(change.to_string(), "“a {b}” → c");
        let both = Fact::all(vec![Fact::new("date {change}").with(change), Fact::english("odd {x}")]);
        assert_eq!(both.to_string(), "date “a {b}” → c, odd {x}");
        assert_eq!(both.words(), ["a {b}", "c", "odd {x}"]);
        let looks = |number: u32| Fact::new("at 1 look: {why} | at {number} looks: {why}").with(number).with("gone");
        assert_eq!([looks(1), looks(3)].map(|fact| fact.to_string()), ["at 1 look: gone", "at 3 looks: gone"]);
        assert_eq!(Fact::kept("{a}{b}".to_owned(), Vec::new()).to_string(), "");
    }

    #[test]
    fn the_numbers_of_a_systems_errors_are_left_out() {
        for (words, told) in [
            ("Connection refused (os error 111)", "Connection refused"),
            ("a (os error 2), then b (os error -5)", "a, then b"),
            ("(os error 1)", "(os error 1)"),
            ("x (os error )", "x (os error )"),
            ("x (os error 1", "x (os error 1"),
            ("x (os error 1é)", "x (os error 1é)"),
            ("", ""),
        ] {
            assert_eq!(Fact::english(words).to_string(), told);
        }
    }
}
