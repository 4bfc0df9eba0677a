//! Writes an export, also while the store is written to. The rows of an article are read again until they did not
//! change in between, so each article is exported as it was at one moment.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::line::{ARCHIVE, Header, Line, Trailer};
use crate::model::ArticleId;
use crate::store::error::Fault;
use crate::store::format::{EditHead, FORMAT, LookRecord, PageRecord, PollRecord, Record, VersionRecord};
use crate::store::state::Tree;
use crate::store::sweep::hash_article;
use crate::store::{Shared, Store, StoreError, keys};

/// zstd's compression level. Exports are mostly text; level 3 is fast enough to keep a small machine's disk busy.
const EFFORT: i32 = 3;
/// Most attempts to read an article that changes meanwhile. Checks of an article are seconds apart; reading it takes
/// milliseconds.
const MAX_TRIES: u32 = 20;

/// Trees whose keys begin with an article's number.
const OF_ARTICLES: [Tree; 6] = [Tree::Articles, Tree::Looks, Tree::Notes, Tree::Sources, Tree::Versions, Tree::Pages];
/// Trees that an article's rows refer to.
const LED_TO: [Tree; 2] = [Tree::Addresses, Tree::Edits];
/// Trees that are not exported: an import, or the first start after it, rebuilds them from others.
const DERIVED: [Tree; 7] = [
    Tree::AddressesOfArticle,
    Tree::ArticlesOfSource,
    Tree::EditsOfArticle,
    Tree::EditsOfSource,
    Tree::Keywords,
    Tree::FreshKeywords,
    Tree::Overflow,
];

/// Number of records exported or imported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Articles.
    pub articles: u64,
    /// Versions.
    pub versions: u64,
    /// Edits.
    pub edits: u64,
}

impl Exported {
    /// Reads the counts from a trailer.
    pub(super) fn of(rows: &BTreeMap<String, u64>) -> Self {
        let count = |tree: Tree| rows.get(tree.name()).copied().unwrap_or_default();
        Self { articles: count(Tree::Articles), versions: count(Tree::Versions), edits: count(Tree::Edits) }
    }
}

impl Store {
    /// Writes the whole store to `out`, compressed with zstd and dated `at`. Other work continues meanwhile.
    ///
    /// # Errors
    /// If a row or a text cannot be read, or `out` cannot be written.
    pub fn export(&self, out: impl Write, at: Timestamp) -> Result<Exported, StoreError> {
        self.flush()?;
        self.read(|shared| write_export(shared, out, at))
    }

    /// Returns when an article was last checked or a source last polled; the day of the first start if neither ever
    /// happened. With this date, exports are identical as long as nothing happens. Reads a row of every article and
    /// source.
    ///
    /// # Errors
    /// If a row cannot be read.
    pub fn last_active(&self) -> Result<Timestamp, StoreError> {
        let (_, since) = self.origin();
        let begun = since.to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |day| day.timestamp());
        let last = self.read(|shared| {
            Ok(latest_time(shared, Tree::Looks, LookRecord::looked)?.max(latest_time(
                shared,
                Tree::Polls,
                PollRecord::polled,
            )?))
        })?;
        Ok(last.unwrap_or(begun))
    }
}

/// The latest time in the records of a tree.
fn latest_time<R: Record>(
    shared: &Shared,
    tree: Tree,
    time: impl Fn(&R) -> Option<Timestamp>,
) -> Result<Option<Timestamp>, Fault> {
    let mut last = None;
    for row in shared.state.scan(tree, &[]) {
        let record: Option<R> = shared.state.record(tree, &row?)?;
        last = last.max(record.as_ref().and_then(&time));
    }
    Ok(last)
}

fn write_export(shared: &Shared, out: impl Write, at: Timestamp) -> Result<Exported, Fault> {
    let mut writer = Writer::new(out)?;
    let program = env!("CARGO_PKG_VERSION").to_owned();
    writer.put(&Header { redraft_export: ARCHIVE, format: FORMAT, program, at: at.to_string() })?;
    for row in shared.state.scan(Tree::Articles, &[]) {
        let id = ArticleId(keys::first_u64(&row?.0).unwrap_or_default());
        // A broken store can only be reopened once its last reader is gone, so stop early.
        shared.check()?;
        for (tree, line) in article_lines(shared, id)? {
            writer.row(tree, &line)?;
        }
    }
    // The counters are read last, so that they are above every number written before.
    let others = Tree::every().filter(|tree| *tree != Tree::Meta).chain([Tree::Meta]);
    for tree in others.filter(|tree| !OF_ARTICLES.contains(tree) && !LED_TO.contains(tree) && !DERIVED.contains(tree)) {
        for row in shared.state.scan(tree, &[]) {
            let (key, _) = row?;
            if let Some(bytes) = shared.state.bytes(tree, &key)? {
                writer.row(tree, &Line::of(tree, &key, &bytes))?;
            }
        }
    }
    writer.finish()
}

/// Reads the rows of an article as of one moment; empty if the article was merged into another.
fn article_lines(shared: &Shared, id: ArticleId) -> Result<Vec<(Tree, Line)>, Fault> {
    let hash = || hash_article(&shared.state, id);
    for _ in 0..MAX_TRIES {
        let before = hash()?;
        let lines = read_lines(shared, id);
        if hash()? == before {
            return lines;
        }
    }
    Err(Fault::Failed(format!("article {id} changes faster than it can be read")))
}

fn read_lines(shared: &Shared, id: ArticleId) -> Result<Vec<(Tree, Line)>, Fault> {
    let mut lines = Vec::new();
    let prefix = keys::article(id);
    for tree in OF_ARTICLES {
        for row in shared.state.scan(tree, &prefix) {
            lines.extend(read_line(shared, tree, &row?.0)?);
        }
    }
    for row in shared.state.scan(Tree::AddressesOfArticle, &prefix) {
        lines.extend(read_line(shared, Tree::Addresses, row?.0.get(prefix.len()..).unwrap_or_default())?);
    }
    for row in shared.state.scan(Tree::EditsOfArticle, &prefix) {
        lines.extend(read_line(shared, Tree::Edits, &row?.1)?);
    }
    Ok(lines)
}

/// An exported row, including its text.
fn read_line(shared: &Shared, tree: Tree, key: &[u8]) -> Result<Option<(Tree, Line)>, Fault> {
    let Some(bytes) = shared.state.bytes(tree, key)? else { return Ok(None) };
    let place = match tree {
        Tree::Versions => Some(VersionRecord::unpack(&bytes)?).filter(|row| !row.is_dropped()).map(|row| row.text),
        Tree::Pages => Some(PageRecord::unpack(&bytes)?.text),
        Tree::Edits => Some(EditHead::unpack(&bytes)?.text),
        _ => None,
    };
    let line = Line::of(tree, key, &bytes);
    Ok(Some((
        tree,
        match place {
            Some(place) => line.with_text(tree, &shared.texts.read(place)?),
            None => line,
        },
    )))
}

/// Writes lines, counts them and hashes them.
struct Writer<'a, W: Write> {
    out: zstd::stream::write::Encoder<'a, W>,
    hash: blake3::Hasher,
    rows: BTreeMap<String, u64>,
    texts: u64,
}

impl<W: Write> Writer<'_, W> {
    fn new(out: W) -> io::Result<Self> {
        let mut out = zstd::stream::write::Encoder::new(out, EFFORT)?;
        out.include_checksum(true)?;
        Ok(Self { out, hash: blake3::Hasher::new(), rows: BTreeMap::new(), texts: 0 })
    }

    fn row(&mut self, tree: Tree, line: &Line) -> Result<(), Fault> {
        *self.rows.entry(tree.name().to_owned()).or_default() += 1;
        self.texts += u64::from(line.text.is_some());
        self.put(line)
    }

    fn put(&mut self, line: &impl serde::Serialize) -> Result<(), Fault> {
        let mut bytes = serde_json::to_vec(line).map_err(|error| Fault::Failed(error.to_string()))?;
        bytes.push(b'\n');
        self.hash.update(&bytes);
        Ok(self.out.write_all(&bytes)?)
    }

    fn finish(mut self) -> Result<Exported, Fault> {
        let exported = Exported::of(&self.rows);
        let hash = self.hash.finalize().to_hex().to_string();
        let (rows, texts) = (std::mem::take(&mut self.rows), self.texts);
        self.put(&Trailer { rows, texts, hash })?;
        self.out.finish()?.flush()?;
        Ok(exported)
    }
}
