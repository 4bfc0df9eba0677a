//! Verification: reads every text with its checksum, and checks every row against the rows that it refers to.

use super::error::Fault;
use super::format::{
    AddressRecord, ArticleRecord, CountersRecord, EditHead, EditRecord, LookRecord, NotesRecord, PageRecord, Record,
    TextRef, VersionRecord, VersionText,
};
use super::state::Tree;
use super::{Shared, Store, StoreError, keys, keywords};
use crate::model::{ArticleId, Digest, Edit, VersionNumber};

/// Most problems that are reported as text; the rest are only counted.
const MAX_TOLD: usize = 100;

/// Result of a verification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Articles that were read.
    pub articles: u64,
    /// Texts that were unpacked: of versions, pages and edits.
    pub texts: u64,
    /// The first hundred problems, as text.
    pub problems: Vec<String>,
    /// Number of problems.
    pub wrong: u64,
}

impl Store {
    /// Reads every row and every text, and checks that they agree. It reads articles one by one without a snapshot,
    /// so nothing may write to the store meanwhile.
    ///
    /// # Errors
    /// If the engine fails. Damage to rows and texts is reported in the result instead.
    pub fn verify(&self) -> Result<Verified, StoreError> {
        self.read(|shared| {
            let mut check = Check { shared, found: Verified::default(), indexed: Vec::new() };
            check.run()?;
            Ok(check.found)
        })
    }
}

struct Check<'a> {
    shared: &'a Shared,
    found: Verified,
    /// Edits of the current segment of the index, by number, with their keywords.
    indexed: Vec<(u64, Vec<u32>)>,
}

impl Check<'_> {
    fn run(&mut self) -> Result<(), Fault> {
        for row in self.shared.state.scan(Tree::Articles, &[]) {
            let id = ArticleId(keys::first_u64(&row?.0).unwrap_or_default());
            self.found.articles += 1;
            self.try_to(&format!("article {id}"), |check| check.article(id))?;
        }
        for tree in [Tree::Versions, Tree::Pages, Tree::Looks, Tree::Sources, Tree::EditsOfArticle] {
            self.leads_to_articles(tree, keys::first_u64)?;
        }
        self.leads_to_articles(Tree::ArticlesOfSource, keys::last_u64)?;
        for row in self.shared.state.scan(Tree::Addresses, &[]) {
            let row = row?;
            self.try_to("an address", |check| check.address(&row))?;
        }
        for row in self.shared.state.scan(Tree::Edits, &[]) {
            let row = row?;
            let sequence = keys::first_u64(&row.0).unwrap_or_default();
            self.try_to(&format!("edit with sequence number {sequence}"), |check| check.edit(sequence))?;
        }
        self.index()?;
        for row in self.shared.state.scan(Tree::EditsOfSource, &[]) {
            let key = row?.0;
            let sequence = keys::last_u64(&key).unwrap_or_default();
            self.must(self.has(Tree::Edits, &keys::sequence(sequence))?, || {
                format!("a source refers to the edit with sequence number {sequence}, which is missing")
            });
        }
        Ok(())
    }

    /// Runs `work` and notes the damage that it reports. Any other fault ends the verification.
    fn try_to(&mut self, what: &str, work: impl FnOnce(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        match work(self) {
            Err(Fault::Damaged(why)) => {
                self.note(format!("{what}: {why}"));
                Ok(())
            }
            other => other,
        }
    }

    fn note(&mut self, problem: String) {
        self.found.wrong += 1;
        if self.found.problems.len() < MAX_TOLD {
            self.found.problems.push(problem);
        }
    }

    fn must(&mut self, holds: bool, problem: impl FnOnce() -> String) {
        if !holds {
            self.note(problem());
        }
    }

    fn has(&self, tree: Tree, key: &[u8]) -> Result<bool, Fault> {
        Ok(self.shared.state.raw(tree, key)?.is_some())
    }

    fn text(&mut self, place: TextRef) -> Result<Vec<u8>, Fault> {
        self.found.texts += 1;
        self.shared.texts.read(place)
    }

    fn article(&mut self, id: ArticleId) -> Result<(), Fault> {
        let state = &self.shared.state;
        let article: ArticleRecord = state.must(Tree::Articles, &keys::article(id))?;
        let _: LookRecord = state.must(Tree::Looks, &keys::article(id))?;
        let _: Option<NotesRecord> = state.get(Tree::Notes, &keys::article(id))?;
        let next = state.get::<CountersRecord>(Tree::Meta, keys::COUNTERS)?.unwrap_or_default().next_article;
        self.must(id.0 < next, || format!("article {id} has a number that was not given out yet"));
        for number in [article.latest, article.announced].into_iter().flatten() {
            let row: Option<VersionRecord> = state.get(Tree::Versions, &keys::version(id, VersionNumber(number)))?;
            let known = row.is_some_and(|row| !row.is_dropped());
            self.must(known, || format!("version {number} of article {id} is missing"));
        }
        for row in state.scan(Tree::Versions, &keys::article(id)) {
            let row = row?;
            self.try_to(&format!("a version of article {id}"), |check| check.version(&row.0))?;
        }
        for row in state.scan(Tree::Pages, &keys::article(id)) {
            let row = row?;
            self.try_to(&format!("a page of article {id}"), |check| check.page(id, &row.0))?;
        }
        Ok(())
    }

    fn version(&mut self, key: &[u8]) -> Result<(), Fault> {
        let row: VersionRecord = self.shared.state.must(Tree::Versions, key)?;
        if row.is_dropped() {
            return Ok(());
        }
        VersionText::unpack(&self.text(row.text)?)?;
        Ok(())
    }

    fn page(&mut self, id: ArticleId, key: &[u8]) -> Result<(), Fault> {
        let row: PageRecord = self.shared.state.must(Tree::Pages, key)?;
        let html = self.text(row.text)?;
        self.must(Digest::of(&html) == row.digest.0, || format!("a page of article {id} differs from its hash"));
        let known = self.has(Tree::Versions, key)?;
        self.must(known, || format!("a page of article {id} belongs to no version"));
        Ok(())
    }

    fn edit(&mut self, sequence: u64) -> Result<(), Fault> {
        let head: EditHead = self.shared.state.must(Tree::Edits, &keys::sequence(sequence))?;
        let edit: Edit = EditRecord::unpack(&self.text(head.text)?)?.into();
        let (number, id) = (edit.number, edit.article);
        let own = self.shared.state.raw(Tree::EditsOfArticle, &keys::edit_of_article(id, number))?;
        self.must(own.is_some_and(|own| keys::last_u64(&own) == Some(sequence)), || {
            format!("edit {number} of article {id} is missing from the article's list")
        });
        for source in &edit.sources {
            let known = self.has(Tree::EditsOfSource, &keys::of_source(source, sequence))?;
            self.must(known, || format!("edit {number} of article {id} is missing from the list of source {source}"));
        }
        self.indexed(sequence, &edit)?;
        let next = self.shared.state.get::<CountersRecord>(Tree::Meta, keys::COUNTERS)?.unwrap_or_default().next_edit;
        self.must(sequence < next, || {
            format!("edit {number} of article {id} has a sequence number that was not given out yet")
        });
        Ok(())
    }

    /// Collects an edit for the check of its segment. If it begins a new segment, checks the previous one first.
    fn indexed(&mut self, sequence: u64, edit: &Edit) -> Result<(), Fault> {
        let segment = self.indexed.last().map(|(before, _)| keywords::segment_of(*before));
        if segment.is_some_and(|segment| segment != keywords::segment_of(sequence)) {
            self.index()?;
        }
        self.indexed.push((sequence, keywords::keyword_hashes(edit)));
        Ok(())
    }

    fn index(&mut self) -> Result<(), Fault> {
        let edits = std::mem::take(&mut self.indexed);
        let agrees = keywords::index_contains(self.shared, &edits)?;
        self.must(agrees, || {
            let (first, last) = (edits.first().map_or(0, |edit| edit.0), edits.last().map_or(0, |edit| edit.0));
            format!(
                                "searches may miss the edits with sequence numbers {first} to {last}: `redraft compact` rebuilds the index"
            )
        });
        Ok(())
    }

    fn address(&mut self, row: &(sled::IVec, sled::IVec)) -> Result<(), Fault> {
        let Some(address) = self.shared.state.record::<AddressRecord>(Tree::Addresses, row)? else { return Ok(()) };
        let id = ArticleId(address.article);
        let known = self.has(Tree::Articles, &keys::article(id))?;
        self.must(known, || format!("{} belongs to article {id}, which is missing", address.url.0));
        let back = self.has(Tree::AddressesOfArticle, &keys::address_of_article(id, &address.url.0))?;
        self.must(back, || format!("{} is missing from the addresses of article {id}", address.url.0));
        self.must(row.0 == keys::address(&address.url.0), || format!("{} is stored under another hash", address.url.0));
        Ok(())
    }

    fn leads_to_articles(&mut self, tree: Tree, id: impl Fn(&[u8]) -> Option<u64>) -> Result<(), Fault> {
        for row in self.shared.state.scan(tree, &[]) {
            let id = ArticleId(id(&row?.0).unwrap_or_default());
            let known = self.has(Tree::Articles, &keys::article(id))?;
            self.must(known, || format!("a row of {} refers to article {id}, which is missing", tree.name()));
        }
        Ok(())
    }
}
