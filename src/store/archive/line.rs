//! The lines of an export.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json;
use crate::store::error::Fault;
use crate::store::format::{Record, TextRef};
use crate::store::state::Tree;

/// Layout number of exports. An export with a higher number is refused.
pub(super) const ARCHIVE: u32 = 1;

/// First byte of a record; see `store::format`.
const CBOR: u8 = 1;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    /// Layout number of the export.
    pub(super) redraft_export: u32,
    /// Layout number of the rows; see `store::format::FORMAT`.
    pub(super) format: u32,
    /// Version of the redraft that wrote it.
    pub(super) program: String,
    /// Date of the export.
    pub(super) at: String,
}

/// A row, and the text that it refers to.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Line {
    /// Name of its tree.
    pub(super) tree: String,
    /// Its key in hexadecimal.
    pub(super) key: String,
    /// Its record, without the place of its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) row: Option<Value>,
    /// Its bytes in hexadecimal, if it is not a record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) raw: Option<String>,
    /// Its text: a record, or a page's HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<Value>,
    /// BLAKE3 hash of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) hash: Option<String>,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Trailer {
    /// Number of rows per tree.
    pub(super) rows: BTreeMap<String, u64>,
    /// Number of texts.
    pub(super) texts: u64,
    /// BLAKE3 hash of all bytes before this line.
    pub(super) hash: String,
}

/// Number of the record field that holds the place of a row's text; `None` for trees without texts.
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

    /// Adds the row's text and removes the text's place, which the import assigns anew.
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

    /// The text's bytes, if the row has a text.
    ///
    /// # Errors
    /// If the bytes do not match their hash.
    pub(super) fn text_bytes(&self) -> Result<Option<Vec<u8>>, Fault> {
        let Some(text) = &self.text else { return Ok(None) };
        let bytes = match text {
            Value::String(text) => text.clone().into_bytes(),
            record => {
                let cbor = json::to_cbor(record).ok_or_else(|| self.bad("its text is not a record"))?;
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

    /// The row's key and bytes. `place` is the new place of its text.
    ///
    /// # Errors
    /// If the line is not one that an export can contain.
    pub(super) fn row_bytes(&self, tree: Tree, place: Option<TextRef>) -> Result<(Vec<u8>, Vec<u8>), Fault> {
        let key = json::from_hex(&self.key).ok_or_else(|| self.bad("its key is not hexadecimal"))?;
        let bytes = match (&self.row, &self.raw) {
            (Some(row), None) => {
                let mut row = row.clone();
                if let (Value::Object(fields), Some(field), Some(place)) = (&mut row, text_field(tree), place) {
                    fields.insert(field.to_owned(), place_of(place).ok_or_else(|| self.bad("its text has no place"))?);
                }
                let cbor = json::to_cbor(&row).ok_or_else(|| self.bad("it is not a record"))?;
                [&[CBOR][..], &cbor].concat()
            }
            (None, Some(raw)) => json::from_hex(raw).ok_or_else(|| self.bad("its bytes are not hexadecimal"))?,
            _ => return Err(self.bad("it has no row")),
        };
        Ok((key, bytes))
    }

    /// Decodes a record of this line.
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
