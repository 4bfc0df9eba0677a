//! TOML text as values that know their place in the file.

use std::path::Path;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{File, Place, Problems};

/// Largest configuration file in bytes. A thousand sources take a tenth of this.
const MAX_FILE_BYTES: u64 = 4 << 20;

/// A value with its place in the configuration.
#[derive(Clone, Debug)]
pub(super) struct Placed<T> {
    /// The value.
    pub(super) value: T,
    /// Its place.
    pub(super) place: Place,
}

/// A TOML value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Float(f64),
    Bool(bool),
    List(Vec<Placed<Value>>),
    Table(Table),
    /// The type of a value that no setting accepts: a date, or an integer beyond 64 bits.
    Other(&'static str),
}

/// Keys and values in the order of the text.
#[derive(Clone, Debug, Default)]
pub(super) struct Table(pub(super) Vec<(Placed<String>, Placed<Value>)>);

impl Table {
    /// Returns the value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Placed<Value>> {
        self.0.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }
}

impl Value {
    /// Name of the type, for messages: `a text`.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a float",
            Self::Bool(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(kind) => kind,
        }
    }
}

/// Reads a file; `None` if it does not exist.
pub(super) fn read_file(path: &Path, problems: &mut Problems) -> Option<Table> {
    let name = path.display().to_string();
    match text_of(path) {
        Ok(text) => Some(parse_text(File { name, text, built_in: false }, problems)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            problems.add(&Place::Whole(name), format!("cannot read: {error}"), None);
            None
        }
    }
}

/// Reads a file's text, up to the size limit.
fn text_of(path: &Path) -> std::io::Result<String> {
    let bytes = std::fs::metadata(path)?.len();
    if bytes > MAX_FILE_BYTES {
        return Err(std::io::Error::other(format!("{bytes} bytes are more than the limit of {MAX_FILE_BYTES}")));
    }
    std::fs::read_to_string(path)
}

/// Parses a file's text. Returns what could be parsed and adds a problem for the rest.
pub(super) fn parse_text(file: File, problems: &mut Problems) -> Table {
    let file = Arc::new(file);
    let (root, errors) = DeTable::parse_recoverable(&file.text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        problems.add(&Place::Text { file: Arc::clone(&file), span, is_secret: false }, error.message(), None);
    }
    convert_table(root.into_inner(), &file)
}

/// Converts a table, keeping the order of the text.
fn convert_table(table: DeTable<'_>, file: &Arc<File>) -> Table {
    let mut entries: Vec<_> = table
        .into_iter()
        .map(|(key, value)| {
            let place = Place::Text { file: Arc::clone(file), span: key.span(), is_secret: false };
            (key.span().start, Placed { value: key.into_inner().into_owned(), place }, convert_value(value, file))
        })
        .collect();
    entries.sort_by_key(|(start, ..)| *start);
    Table(entries.into_iter().map(|(_, key, value)| (key, value)).collect())
}

/// Converts a value.
fn convert_value(spanned: Spanned<DeValue<'_>>, file: &Arc<File>) -> Placed<Value> {
    let place = Place::Text { file: Arc::clone(file), span: spanned.span(), is_secret: false };
    let value = match spanned.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("an integer beyond 64 bits"), Value::Integer),
        DeValue::Float(number) => number.as_str().parse().map_or(Value::Other("a float"), Value::Float),
        DeValue::Boolean(truth) => Value::Bool(truth),
        DeValue::Datetime(_) => Value::Other("a date"),
        DeValue::Array(list) => Value::List(list.into_iter().map(|value| convert_value(value, file)).collect()),
        DeValue::Table(inner) => Value::Table(convert_table(inner, file)),
    };
    Placed { value, place }
}
