//! Recording the result of a check.

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
    /// Records everything that a check changed, all or nothing. Durable when this returns. A check that changed
    /// nothing ([`Decision::is_change`]) is readable when this returns and on disk within five seconds.
    ///
    /// The article's sources are not written: they belong to [`Store::record_poll`], which may add one meanwhile. A
    /// new address of the article is added to the old ones, unless it belongs to another article already.
    ///
    /// # Errors
    /// [`StoreError::Refused`], with nothing written, if the article is unknown; if a version or an edit with that
    /// number exists, because published data is never overwritten; or if the version before a new one is missing,
    /// which happens after the store was reopened without it. Otherwise if the disk fails.
    pub fn record(&self, decision: Decision) -> Result<(), StoreError> {
        self.record_wanting(decision, None)
    }

    /// Same as [`Store::record`]. With `copy`, the article is also queued for the Internet Archive from that time, in
    /// the same transaction.
    ///
    /// # Errors
    /// See [`Store::record`].
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

/// A decision with its texts packed, ready to be written.
struct Recording {
    article: Article,
    /// New and replaced versions; true for a new one.
    versions: Vec<(Version, bool)>,
    page: Option<(Url, Digest)>,
    /// The pages stored so far; `None` if the check changed nothing.
    pages: Option<KeptPages>,
    edits: Vec<Edit>,
    host_rests_until: Option<Timestamp>,
    /// Whether the host served the page, or answered that it is unchanged.
    was_reached: bool,
    /// The time since which a copy is wanted, if one is.
    copy: Option<Timestamp>,
}

impl Recording {
    /// Packs the texts of a decision in this order: versions, page, edits.
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
    /// The address to fetch the article from. Once a version is stored, only polls may move the article, and one may
    /// have done so during this check. The exception is a move from http to https, which a check may make.
    fn address(&self, draft: &Draft<'_>) -> Result<Url, Fault> {
        let stored: Option<ArticleRecord> = draft.get(Tree::Articles, &keys::article(self.article.id))?;
        let stored = stored.filter(|stored| stored.latest.is_some()).map(|stored| stored.url.0);
        let own = || self.article.url.clone();
        Ok(stored.filter(|stored| twin(stored).as_ref() != Some(&self.article.url)).unwrap_or_else(own))
    }
}

impl Shared {
    /// Packs the text of a version as a difference to version `base`, if there is one.
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

/// Puts an article's own rows. Of the counts, only `watched` is updated.
pub(super) fn put_article(draft: &mut Draft<'_>, article: &Article, change: &mut Change) {
    let look = LookRecord::from(article);
    change.watched += i64::from(look.due().is_some());
    draft.put(Tree::Articles, keys::article(article.id), &ArticleRecord::from(article));
    draft.put(Tree::Looks, keys::article(article.id), &look);
    draft.put(Tree::Notes, keys::article(article.id), &NotesRecord::from(article));
}

/// Adds an address to an article, unless it belongs to an article already.
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
    // A disk error may take back a version that was readable but not durable yet. A decision based on it must be made
    // again.
    let before = version.number.0.checked_sub(1).filter(|before| is_new && *before >= VersionNumber::FIRST.0);
    if let Some(before) = before.map(VersionNumber)
        && !draft.has(Tree::Versions, &keys::version(id, before))?
    {
        return Err(Fault::Refused(format!("version {} of article {id} follows a missing version", version.number)));
    }
    // The old text of a replaced version stays, because later versions may be built on it.
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
    keywords::put_keywords(draft, edit, sequence)
}

/// Stores until when a host wants to be left alone, and counts how often in a row it asked.
pub(super) fn put_rest(draft: &mut Draft<'_>, host: &Host, until: Timestamp) -> Result<(), Fault> {
    let before = draft.get::<RestRecord>(Tree::Rests, &keys::host(host))?;
    let times = before.map_or(1, |rest| rest.times.unwrap_or(1).saturating_add(1));
    draft.put(Tree::Rests, keys::host(host), &RestRecord { until: Time(until), times: Some(times) });
    Ok(())
}

/// Removes a host's rest, because the host answers again.
pub(super) fn end_rest(draft: &mut Draft<'_>, host: &Host) -> Result<(), Fault> {
    if draft.has(Tree::Rests, &keys::host(host))? {
        draft.remove(Tree::Rests, keys::host(host));
    }
    Ok(())
}
