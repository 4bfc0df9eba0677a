//! The lines of an export.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json;
use crate::store::error::Fault;
use crate::store::format::{Record, TextRef};
use crate::store::state::Tree;

/// The number of the layout of exports. A higher one is refused, never guessed at.
pub(super) const ARCHIVE: u32 = 1;

/// First byte of a record; see `store::format`.
const CBOR: u8 = 1;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    /// The number of the export's layout.
    pub(super) redraft_export: u32,
    /// The number of the layout of rows; see `store::format::FORMAT`.
    pub(super) format: u32,
    /// Who wrote it.
    pub(super) program: String,
    /// When.
    pub(super) at: String,
}

/// A row, and the text that it refers to.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Line {
    /// The name of its tree.
    pub(super) tree: String,
    /// Its key, in hexadecimal digits.
    pub(super) key: String,
    /// Its record, but for the place of its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) row: Option<Value>,
    /// Its bytes in hexadecimal digits, where it is no record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) raw: Option<String>,
    /// The text: a record, or a page's HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<Value>,
    /// The text's BLAKE3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) hash: Option<String>,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Trailer {
    /// How many rows each tree has.
    pub(super) rows: BTreeMap<String, u64>,
    /// How many texts there are.
    pub(super) texts: u64,
    /// The BLAKE3 of all bytes before this line.
    pub(super) hash: String,
}

/// The number of the field of a tree's rows that says where their text lies; none where they have none.
pub(super) fn text_field(tree: Tree) -> Option<&'static str> {
    match tree {
        Tree::Versions => Some("4"),
        Tree::Pages => Some("2"),
        Tree::Edits => Some("7"),
        _ => None,
    }
}

impl Line {
    /// A row without a text.
    pub(super) fn of(tree: Tree, key: &[u8], bytes: &[u8]) -> Self {
        let row = bytes.split_first().filter(|(first, _)| **first == CBOR).and_then(|(_, cbor)| json::from_cbor(cbor));
        let raw = row.is_none().then(|| json::hex(bytes));
        Self { tree: tree.name().to_owned(), key: json::hex(key), row, raw, text: None, hash: None }
    }

    /// The same row with its text, which it no longer says the place of.
    pub(super) fn with_text(mut self, tree: Tree, text: &[u8]) -> Self {
        if let (Some(Value::Object(fields)), Some(field)) = (&mut self.row, text_field(tree)) {
            fields.remove(field);
        }
        self.hash = Some(blake3::hash(text).to_hex().to_string());
        let record =
            text.split_first().filter(|(first, _)| **first == CBOR).and_then(|(_, cbor)| json::from_cbor(cbor));
        self.text = Some(record.filter(Value::is_object).unwrap_or_else(|| Value::from(String::from_utf8_lossy(text))));
        self
    }

    /// The text's bytes, if it has one.
    ///
    /// # Errors
    /// When they are not those that were exported.
    pub(super) fn text_bytes(&self) -> Result<Option<Vec<u8>>, Fault> {
        let Some(text) = &self.text else { return Ok(None) };
        let bytes = match text {
            Value::String(text) => text.clone().into_bytes(),
            record => {
                let cbor = json::to_cbor(record).ok_or_else(|| self.bad("its text is no record"))?;
                [&[CBOR][..], &cbor].concat()
            }
        };
        let hash = blake3::hash(&bytes).to_hex();
        if self.hash.as_deref() == Some(hash.as_str()) {
            Ok(Some(bytes))
        } else {
            Err(self.bad("its text differs from its hash"))
        }
    }

    /// The row's key and bytes; `place` is where its text lies now.
    ///
    /// # Errors
    /// When they are not what an export says.
    pub(super) fn row_bytes(&self, tree: Tree, place: Option<TextRef>) -> Result<(Vec<u8>, Vec<u8>), Fault> {
        let key = json::from_hex(&self.key).ok_or_else(|| self.bad("its key is no hexadecimal number"))?;
        let bytes = match (&self.row, &self.raw) {
            (Some(row), None) => {
                let mut row = row.clone();
                if let (Value::Object(fields), Some(field), Some(place)) = (&mut row, text_field(tree), place) {
                    fields.insert(field.to_owned(), place_of(place).ok_or_else(|| self.bad("its text has no place"))?);
                }
                let cbor = json::to_cbor(&row).ok_or_else(|| self.bad("it is no record"))?;
                [&[CBOR][..], &cbor].concat()
            }
            (None, Some(raw)) => json::from_hex(raw).ok_or_else(|| self.bad("it is no hexadecimal number"))?,
            _ => return Err(self.bad("it has no row")),
        };
        Ok((key, bytes))
    }

    /// The record of a row.
    pub(super) fn record<R: Record>(&self, bytes: &[u8]) -> Result<R, Fault> {
        R::unpack(bytes).map_err(|error| self.bad(&error.to_string()))
    }

    pub(super) fn bad(&self, why: &str) -> Fault {
        Fault::Damaged(format!("row {} of {}: {why}", self.key, self.tree))
    }
}

fn place_of(place: TextRef) -> Option<Value> {
    json::from_cbor(&minicbor::to_vec(place).ok()?)
}
