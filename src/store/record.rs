//! Recording what a look came to.

use jiff::Timestamp;
use url::Url;

use super::codec::{Base, Effort, Packed};
use super::committer::Wear;
use super::draft::Draft;
use super::error::Fault;
use super::format::{
    AddressRecord, ArticleRecord, CopyRecord, CountersRecord, EditHead, EditRecord, Hash, Link, LookRecord,
    NotesRecord, PageRecord, Record, RestRecord, TextRef, Time, VersionRecord, VersionText,
};
use super::pages::KeptPages;
use super::state::Tree;
use super::tally::Change;
use super::{Shared, Store, StoreError, keys, keywords};
use crate::discover::twin;
use crate::model::{Article, ArticleId, Decision, Digest, Edit, Host, Outcome, Version, VersionNumber};

impl Store {
    /// Records everything that a look changed, all or nothing. Returns when it is on disk; where the look changed nothing
    /// ([`Decision::is_change`]), as soon as it can be read (it is on disk within five seconds).
    ///
    /// The article's sources are not written: they belong to [`Store::record_poll`], which may add one meanwhile. A new
    /// address of the article is remembered beside the old ones, unless it leads to another article already.
    ///
    /// # Errors
    /// [`StoreError::Refused`], with nothing written, when the article is unknown, or a version or an edit with that number
    /// exists: what was published is never overwritten; or when the version before a new one is not there, since the store was opened
    /// again after a disk error without it. Else when the disk fails.
    pub fn record(&self, decision: Decision) -> Result<(), StoreError> {
        self.record_wanting(decision, None)
    }

    /// As [`Store::record`]; with a time, a copy of the article at the Internet Archive is wanted since then, all or nothing with the rest.
    ///
    /// # Errors
    /// Those of [`Store::record`].
    pub fn record_wanting(&self, decision: Decision, copy: Option<Timestamp>) -> Result<(), StoreError> {
        let recording = self.read(|shared| Recording::prepare(shared, decision))?;
        let (hint, texts, recording) = recording;
        let recording = Recording { copy, ..recording };
        self.write(hint, texts, move |draft, places| {
            let mut change = Change::default();
            recording.put(draft, places, &mut change)?;
            Ok((hint, change, ()))
        })
    }
}

/// A decision whose texts are packed and on their way.
struct Recording {
    article: Article,
    /// New and replaced versions.
    versions: Vec<(Version, bool)>,
    page: Option<(Url, Digest)>,
    /// The pages that are kept so far; none where the look changed nothing.
    pages: Option<KeptPages>,
    edits: Vec<Edit>,
    host_rests_until: Option<Timestamp>,
    /// Whether the host served the page, or said that it is as it was.
    was_reached: bool,
    /// Since when a copy is wanted.
    copy: Option<Timestamp>,
}

impl Recording {
    /// Packs the texts of a decision: its versions, its page, its edits, in this order.
    fn prepare(shared: &Shared, decision: Decision) -> Result<(Wear, Vec<Packed>, Self), Fault> {
        let id = decision.article.id;
        let newest = shared.state.get::<ArticleRecord>(Tree::Articles, &keys::article(id))?.and_then(|row| row.latest);
        let page = decision.page.as_ref().map(|page| (page, Digest::of(page.html.as_bytes())));
        let page = page.filter(|(page, digest)| !shared.has_page(&decision.article, page, *digest));
        let hint = if decision.is_change() || page.is_some() { Wear::Durable } else { Wear::Lazy };
        let mut pages = if hint == Wear::Durable { Some(shared.kept_pages(id)?) } else { None };
        let mut texts = Vec::new();
        let mut versions = Vec::new();
        if let Some(version) = &decision.version {
            texts.push(shared.pack(id, newest.map(VersionNumber), version)?);
            versions.push((version.clone(), true));
        }
        for version in &decision.rebased {
            texts.push(shared.pack(id, Some(version.number), version)?);
            versions.push((version.clone(), false));
        }
        if let (Some((page, _)), Some(pages)) = (page, &mut pages) {
            texts.push(shared.pack_page(pages, page)?);
        }
        for edit in &decision.edits {
            texts.push(Packed::alone(&EditRecord::from(edit).pack(), Effort::Kept)?);
        }
        let page = page.map(|(page, digest)| (page.url.clone(), digest));
        let was_reached = !matches!(decision.outcome, Outcome::Trouble | Outcome::Suspect);
        let Decision { article, edits, host_rests_until, .. } = decision;
        Ok((hint, texts, Self { article, versions, page, pages, edits, host_rests_until, was_reached, copy: None }))
    }

    /// Puts all rows.
    fn put(self, draft: &mut Draft<'_>, places: &[TextRef], change: &mut Change) -> Result<(), Fault> {
        let id = self.article.id;
        let mut places = places.iter().copied();
        let mut place = move || places.next().ok_or_else(|| Fault::Refused("a text has no place".to_owned()));
        let Some(old) = draft.get::<LookRecord>(Tree::Looks, &keys::article(id))? else {
            return Err(Fault::Refused(format!("article {id} is not in the store")));
        };
        change.watched -= i64::from(old.due().is_some());
        let article = Article { url: self.address(draft)?, ..self.article.clone() };
        put_article(draft, &article, change);
        put_address(draft, id, &article.url)?;
        for (version, is_new) in &self.versions {
            put_version(draft, id, version, *is_new, place()?)?;
            change.versions += i64::from(*is_new);
        }
        if let Some(pages) = self.pages {
            let page = self.page.map(|page| place().map(|place| (page, place))).transpose()?;
            let page = page.map(|((url, digest), text)| PageRecord { url: Link(url), digest: Hash(digest), text });
            pages.put(draft, &self.article, page)?;
        }
        if let Some(since) = self.copy {
            draft.put(Tree::Copies, keys::article(id), &CopyRecord { since: Time(since) });
        }
        for edit in &self.edits {
            put_edit(draft, edit, place()?)?;
            change.edits += 1;
        }
        let host = Host::of(&self.article.url);
        match self.host_rests_until {
            Some(until) => put_rest(draft, &host, until),
            None if self.was_reached => end_rest(draft, &host),
            None => Ok(()),
        }
    }
}

impl Recording {
    /// Where the article is asked from now on. Once a version is kept, only polls move it, which may have done so while this
    /// look was under way; and looks from http to https.
    fn address(&self, draft: &Draft<'_>) -> Result<Url, Fault> {
        let stored: Option<ArticleRecord> = draft.get(Tree::Articles, &keys::article(self.article.id))?;
        let stored = stored.filter(|stored| stored.latest.is_some()).map(|stored| stored.url.0);
        let own = || self.article.url.clone();
        Ok(stored.filter(|stored| twin(stored).as_ref() != Some(&self.article.url)).unwrap_or_else(own))
    }
}

impl Shared {
    /// The text of a version, built on that of an earlier one where there is one.
    fn pack(&self, id: ArticleId, base: Option<VersionNumber>, version: &Version) -> Result<Packed, Fault> {
        let row = base.map(|number| self.state.get::<VersionRecord>(Tree::Versions, &keys::version(id, number)));
        let base = match row.transpose()?.flatten() {
            Some(row) => {
                let (text, depth) = self.texts.read_with_depth(row.text)?;
                Some(Base { place: row.text, text, depth })
            }
            None => None,
        };
        Packed::built_on(base.as_ref(), &VersionText::from(version).pack(), Effort::Kept)
    }
}

/// Puts an article's own rows, new or not; of the counts, only whether it is watched.
pub(super) fn put_article(draft: &mut Draft<'_>, article: &Article, change: &mut Change) {
    let look = LookRecord::from(article);
    change.watched += i64::from(look.due().is_some());
    draft.put(Tree::Articles, keys::article(article.id), &ArticleRecord::from(article));
    draft.put(Tree::Looks, keys::article(article.id), &look);
    draft.put(Tree::Notes, keys::article(article.id), &NotesRecord::from(article));
}

/// Lets an address lead to an article, unless it leads to one already.
pub(super) fn put_address(draft: &mut Draft<'_>, id: ArticleId, url: &Url) -> Result<(), Fault> {
    if !draft.has(Tree::Addresses, &keys::address(url))? {
        draft.put(Tree::Addresses, keys::address(url), &AddressRecord { article: id.0, url: Link(url.clone()) });
        draft.mark(Tree::AddressesOfArticle, keys::address_of_article(id, url), &[]);
    }
    Ok(())
}

fn put_version(
    draft: &mut Draft<'_>,
    id: ArticleId,
    version: &Version,
    is_new: bool,
    text: TextRef,
) -> Result<(), Fault> {
    let key = keys::version(id, version.number);
    if draft.has(Tree::Versions, &key)? == is_new {
        let problem = if is_new { "exists already" } else { "is not there to be replaced" };
        return Err(Fault::Refused(format!("version {} of article {id} {problem}", version.number)));
    }
    // A disk error takes back what could be read and was not durable yet: what was decided on it is decided anew.
    let before = version.number.0.checked_sub(1).filter(|before| is_new && *before >= VersionNumber::FIRST.0);
    if let Some(before) = before.map(VersionNumber)
        && !draft.has(Tree::Versions, &keys::version(id, before))?
    {
        return Err(Fault::Refused(format!("version {} of article {id} follows one that is not kept", version.number)));
    }
    // The text that a replaced version had stays: later versions may be built on it.
    draft.put(Tree::Versions, key, &VersionRecord::new(version, text));
    Ok(())
}

fn put_edit(draft: &mut Draft<'_>, edit: &Edit, text: TextRef) -> Result<(), Fault> {
    let key = keys::edit_of_article(edit.article, edit.number);
    if draft.has(Tree::EditsOfArticle, &key)? {
        return Err(Fault::Refused(format!("edit {} of article {} exists already", edit.number, edit.article)));
    }
    let mut counters: CountersRecord = draft.get(Tree::Meta, keys::COUNTERS)?.unwrap_or_default();
    let sequence = counters.next_edit;
    counters.next_edit += 1;
    draft.put(Tree::Meta, keys::COUNTERS.to_vec(), &counters);
    draft.put(Tree::Edits, keys::sequence(sequence), &EditHead::new(edit, text));
    draft.mark(Tree::EditsOfArticle, key, &keys::sequence(sequence));
    for source in &edit.sources {
        draft.mark(Tree::EditsOfSource, keys::of_source(source, sequence), &[]);
    }
    keywords::put(draft, edit, sequence)
}

/// Remembers until when a host wants to be left alone, and how often in a row it said so.
pub(super) fn put_rest(draft: &mut Draft<'_>, host: &Host, until: Timestamp) -> Result<(), Fault> {
    let before = draft.get::<RestRecord>(Tree::Rests, &keys::host(host))?;
    let times = before.map_or(1, |rest| rest.times.unwrap_or(1).saturating_add(1));
    draft.put(Tree::Rests, keys::host(host), &RestRecord { until: Time(until), times: Some(times) });
    Ok(())
}

/// Forgets that a host was busy: it is not any more.
pub(super) fn end_rest(draft: &mut Draft<'_>, host: &Host) -> Result<(), Fault> {
    if draft.has(Tree::Rests, &keys::host(host))? {
        draft.remove(Tree::Rests, keys::host(host));
    }
    Ok(())
}
