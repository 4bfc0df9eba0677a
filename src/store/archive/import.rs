//! Imports an export: builds the store in a working directory, and moves it into place once everything was read and
//! checked.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::export::Exported;
use super::line::{ARCHIVE, Header, Line, Trailer};
use crate::model::{ArticleId, Edit, SourceSlug};
use crate::store::codec::{Base, Effort, Packed};
use crate::store::error::{Fault, catch_panics};
use crate::store::format::{AddressRecord, CountersRecord, EditRecord, FORMAT, Record, TextRef};
use crate::store::open::{Parts, load_databases, take_lock};
use crate::store::state::{Row, Tree};
use crate::store::{OpenError, Options, keys, spill, witness};

/// Working directory of an import, inside the store's own directory, so that the last step is a rename.
const UNDER_WAY: &str = "importing";
/// Longest line in bytes: the longest text with every byte escaped.
const MAX_LINE_BYTES: u64 = 6 * 64 * 1024 * 1024 + 65_536;
/// Rows per transaction: few enough to be quick, enough to be cheap.
const MAX_ROWS: usize = 512;
/// First bytes of every zstd file.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Reasons why an export was not imported. The directory is unchanged in that case.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The directory cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The directory contains a store already.
    #[error(
        "{dir:?} already contains a store: choose a directory that is empty or does not exist (--data), or run `redraft restore`, which moves the old store aside"
    )]
    NotEmpty {
        /// The directory.
        dir: PathBuf,
    },
    /// A newer redraft wrote the export.
    #[error(
        "the export was written by a newer redraft (export {export}, format {format}; this version supports export {ARCHIVE}, format {FORMAT}): import it with the newer version"
    )]
    Newer {
        /// Layout number of the export.
        export: u32,
        /// Layout number of its rows.
        format: u32,
    },
    /// The file is not an export, or is incomplete.
    #[error("the export cannot be imported: {0}; nothing was changed, try another backup")]
    Damaged(String),
    /// The system failed.
    #[error("the export cannot be imported into {dir:?}: {why}; check the disk (free space, its health)")]
    Io {
        /// The directory.
        dir: PathBuf,
        /// The system's message.
        why: String,
    },
}

/// Whether a file that begins with these bytes may be an export.
#[must_use]
pub fn is_archive(head: &[u8]) -> bool {
    head.starts_with(&ZSTD)
}

/// Builds a store in `dir` from an export, with identical ids and feeds. An existing store is moved to
/// `state.before-<aside>` and `texts.before-<aside>` first if `aside` is given; otherwise the import is refused.
///
/// # Errors
/// See [`ImportError`]. The directory is unchanged in that case.
pub fn import(
    dir: &Path,
    export: impl Read,
    options: &Options,
    now: Timestamp,
    aside: Option<&str>,
) -> Result<Exported, ImportError> {
    let _lock = take_lock(dir)?;
    if aside.is_none() && Parts::ALL.iter().any(|part| dir.join(part).exists()) {
        return Err(ImportError::NotEmpty { dir: dir.to_owned() });
    }
    let work = dir.join(UNDER_WAY);
    let given = witness::read(dir);
    let made = remove_work_dir(&work).and_then(|()| build_store(&work, export, options, now, given.as_ref()));
    let put = made.and_then(|exported| {
        move_into_place(dir, &work, aside).map(|()| exported).map_err(|error| import_error(dir, error.into()))
    });
    if put.is_err() {
        let _ = remove_work_dir(&work);
    }
    put.map_err(|error| match error {
        ImportError::Io { why, .. } => ImportError::Io { dir: dir.to_owned(), why },
        other => other,
    })
}

fn remove_work_dir(work: &Path) -> Result<(), ImportError> {
    match fs::remove_dir_all(work) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(import_error(work, error.into())),
        _ => Ok(()),
    }
}

fn import_error(dir: &Path, fault: Fault) -> ImportError {
    match fault {
        Fault::Damaged(why) | Fault::Refused(why) => ImportError::Damaged(why),
        Fault::Failed(why) | Fault::Broken(why) | Fault::Stopped(why) => ImportError::Io { dir: dir.to_owned(), why },
    }
}

/// Builds a separate store in `work`, on disk when this returns. Numbers up to the counters `given` by the previous
/// store are not used again.
fn build_store(
    work: &Path,
    export: impl Read,
    options: &Options,
    now: Timestamp,
    given: Option<&CountersRecord>,
) -> Result<Exported, ImportError> {
    let parts = load_databases(work, options, now)?;
    let mut lines = Lines::new(export).map_err(|fault| import_error(work, fault))?;
    lines.header()?;
    let mut importer = Importer { parts: &parts, rows: Vec::new(), base: None, counts: BTreeMap::new(), texts: 0 };
    let done = catch_panics(|| {
        let exported = importer.take(&mut lines)?;
        given.map_or(Ok(()), |given| raise_counters(&parts, given)).map(|()| exported)
    });
    let exported = done.map_err(|fault| import_error(work, fault))?;
    parts.close().map_err(|fault| import_error(work, fault))?;
    Ok(exported)
}

/// Raises the counters to those of the previous store, so that its numbers are not used again.
fn raise_counters(parts: &Parts, given: &CountersRecord) -> Result<(), Fault> {
    let own: CountersRecord = parts.state.get(Tree::Meta, keys::COUNTERS)?.unwrap_or_default();
    let counters = CountersRecord {
        next_article: own.next_article.max(given.next_article),
        next_edit: own.next_edit.max(given.next_edit),
    };
    parts.state.apply(&[(Tree::Meta, keys::COUNTERS.to_vec(), Some(counters.pack()))])
}

/// Moves the old store aside and the new one into place. The state goes last, because a directory without it does not
/// count as a store.
fn move_into_place(dir: &Path, work: &Path, aside: Option<&str>) -> std::io::Result<()> {
    witness::remove(dir)?;
    for part in Parts::ALL {
        if let Some(aside) = aside.filter(|_| dir.join(part).exists()) {
            fs::rename(dir.join(part), dir.join(format!("{part}.before-{aside}")))?;
        }
    }
    for part in Parts::ALL.iter().rev() {
        fs::rename(work.join(part), dir.join(part))?;
    }
    fs::remove_dir_all(work)?;
    fs::File::open(dir)?.sync_all()
}

/// Reads lines and hashes them.
struct Lines<R: Read> {
    inner: BufReader<zstd::stream::read::Decoder<'static, BufReader<R>>>,
    hash: blake3::Hasher,
}

impl<R: Read> Lines<R> {
    fn new(export: R) -> Result<Self, Fault> {
        Ok(Self { inner: BufReader::new(zstd::stream::read::Decoder::new(export)?), hash: blake3::Hasher::new() })
    }

    /// The next line; `None` at the end.
    fn next(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        let mut line = Vec::new();
        let read = self.inner.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line);
        read.map_err(|error| Fault::Damaged(format!("it cannot be unpacked: {error}")))?;
        match line.last() {
            None => Ok(None),
            Some(b'\n') => Ok(Some(line)),
            Some(_) => Err(Fault::Damaged("it ends in the middle of a line".to_owned())),
        }
    }

    /// Reads the first line and checks that we support the export's format.
    fn header(&mut self) -> Result<(), ImportError> {
        let line = self.next().map_err(|fault| ImportError::Damaged(fault.message().to_owned()))?.unwrap_or_default();
        self.hash.update(&line);
        let header: Header = serde_json::from_slice(&line)
            .map_err(|_| ImportError::Damaged("it does not begin like an export of redraft".to_owned()))?;
        if header.redraft_export > ARCHIVE || header.format > FORMAT {
            return Err(ImportError::Newer { export: header.redraft_export, format: header.format });
        }
        Ok(())
    }
}

/// The version or page read last, which the article's next one may be built on.
struct Last {
    tree: Tree,
    article: u64,
    base: Base,
}

struct Importer<'a> {
    parts: &'a Parts,
    rows: Vec<Row>,
    base: Option<Last>,
    counts: BTreeMap<String, u64>,
    texts: u64,
}

impl Importer<'_> {
    /// Reads all lines up to the trailer, and checks the counts and the hash in it.
    fn take<R: Read>(&mut self, lines: &mut Lines<R>) -> Result<Exported, Fault> {
        loop {
            let cut = || Fault::Damaged("its end is missing".to_owned());
            let bytes = lines.next()?.ok_or_else(cut)?;
            if bytes.starts_with(b"{\"tree\"") {
                lines.hash.update(&bytes);
                let line = serde_json::from_slice(&bytes)
                    .map_err(|error| Fault::Damaged(format!("a line cannot be read: {error}")))?;
                self.line(&line)?;
                continue;
            }
            let trailer: Trailer = serde_json::from_slice(&bytes)
                .map_err(|error| Fault::Damaged(format!("a line is neither a row nor the end: {error}")))?;
            self.check(&trailer, lines.hash.finalize().to_hex().as_str())?;
            if lines.next()?.is_some() {
                return Err(Fault::Damaged("there is data after its end".to_owned()));
            }
            self.write()?;
            return Ok(Exported::of(&self.counts));
        }
    }

    fn check(&self, trailer: &Trailer, hash: &str) -> Result<(), Fault> {
        if trailer.rows != self.counts || trailer.texts != self.texts {
            return Err(Fault::Damaged("its rows are not as many as its last line says".to_owned()));
        }
        if trailer.hash != hash {
            return Err(Fault::Damaged("it differs from the hash in its last line".to_owned()));
        }
        Ok(())
    }

    fn line(&mut self, line: &Line) -> Result<(), Fault> {
        let tree = Tree::named(&line.tree).ok_or_else(|| {
            Fault::Damaged(format!("it has a tree {:?}, which this version of redraft does not support", line.tree))
        })?;
        *self.counts.entry(line.tree.clone()).or_default() += 1;
        let text = line.text_bytes()?;
        let place = text.as_deref().map(|text| self.text(tree, line, text)).transpose()?;
        let (key, bytes) = line.row_bytes(tree, place)?;
        self.derive(tree, line, &key, &bytes, text.as_deref())?;
        self.rows.extend(spill::replace(tree, key, None, Some(bytes)));
        if self.rows.len() >= MAX_ROWS { self.write() } else { Ok(()) }
    }

    /// Writes a text. Versions and pages are packed as differences to the one before.
    fn text(&mut self, tree: Tree, line: &Line, text: &[u8]) -> Result<TextRef, Fault> {
        self.texts += 1;
        let (key, _) = line.row_bytes(tree, None)?;
        let article = keys::first_u64(&key).unwrap_or_default();
        let base = self.base.take_if(|last| (last.tree, last.article) == (tree, article));
        let packed = match tree {
            Tree::Pages => Packed::built_on(base.as_ref().map(|last| &last.base), text, Effort::Passing)?,
            _ => Packed::built_on(base.as_ref().map(|last| &last.base), text, Effort::Kept)?,
        };
        let places = self.parts.texts.append(std::slice::from_ref(&packed))?;
        let place = *places.first().ok_or_else(|| line.bad("its text has no place"))?;
        if matches!(tree, Tree::Versions | Tree::Pages) {
            let base = Base { place, text: text.to_vec(), depth: packed.depth() };
            self.base = Some(Last { tree, article, base });
        }
        Ok(place)
    }

    /// Builds the derived rows: an article's addresses and edits, a source's articles and edits.
    fn derive(&mut self, tree: Tree, line: &Line, key: &[u8], bytes: &[u8], text: Option<&[u8]>) -> Result<(), Fault> {
        match tree {
            Tree::Addresses => {
                let address: AddressRecord = line.record(bytes)?;
                let key = keys::address_of_article(ArticleId(address.article), &address.url.0);
                self.rows.push((Tree::AddressesOfArticle, key, Some(Vec::new())));
            }
            Tree::Sources => {
                let slug = String::from_utf8_lossy(key.get(size_of::<u64>()..).unwrap_or_default()).into_owned();
                let slug: SourceSlug = slug.parse().map_err(|_| line.bad("its source has no name"))?;
                let key = keys::of_source(&slug, keys::first_u64(key).unwrap_or_default());
                self.rows.push((Tree::ArticlesOfSource, key, Some(Vec::new())));
            }
            Tree::Edits => {
                let text = text.ok_or_else(|| line.bad("it has no text"))?;
                let edit: Edit = line.record::<EditRecord>(text)?.into();
                let sequence = keys::first_u64(key).unwrap_or_default();
                let own = keys::edit_of_article(edit.article, edit.number);
                self.rows.push((Tree::EditsOfArticle, own, Some(keys::sequence(sequence))));
                for source in &edit.sources {
                    self.rows.push((Tree::EditsOfSource, keys::of_source(source, sequence), Some(Vec::new())));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), Fault> {
        self.parts.state.apply(&std::mem::take(&mut self.rows))
    }
}
