//! Whose article it is: the name that its entries give for ever, whatever the source is called later.

use crate::discover::same_site;
use crate::model::{Article, Decision, Source, SourceKind};
use crate::render::plain;
use crate::store::StoreError;
use crate::watcher::Watcher;

/// Longest name that is kept, in characters: a name, no sentence.
const MAX_CHARS: usize = 100;

/// Writes the name of the publication into each edit.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn name(watcher: &Watcher, decision: &mut Decision) -> Result<(), StoreError> {
    if decision.edits.is_empty() {
        return Ok(());
    }
    let name = publication(watcher, &decision.article)?;
    for edit in &mut decision.edits {
        edit.publication.clone_from(&name);
    }
    Ok(())
}

/// The title of a feed of the article's own site; else what the page calls its site, since the feed is another's that only links
/// to it; else the title of that feed. `None` if they have no name.
fn publication(watcher: &Watcher, article: &Article) -> Result<Option<String>, StoreError> {
    let (mut own, mut elsewhere): (Option<String>, Option<String>) = (None, None);
    let sources = article.sources.iter().filter_map(|slug| watcher.source(slug));
    for source in sources.filter(|source| source.kind == SourceKind::Feed) {
        let Some(title) = title(watcher, source)? else { continue };
        if !same_site(&source.url, &article.url) {
            elsewhere.get_or_insert(title);
        } else if own.as_ref().is_none_or(|own| is_part(own, &title)) {
            own = Some(title);
        }
    }
    Ok(own.or_else(|| article.site.as_deref().and_then(short)).or(elsewhere))
}

/// Whether a feed's title is that of a part of what another's names: `Herald: council` of `Herald`.
fn is_part(title: &str, of: &str) -> bool {
    title.strip_prefix(of).is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric()))
}

/// What the operator calls a feed, else its own title.
fn title(watcher: &Watcher, source: &Source) -> Result<Option<String>, StoreError> {
    if let Some(name) = source.given_name().and_then(short) {
        return Ok(Some(name));
    }
    let state = watcher.store.poll_state(&source.slug)?;
    Ok(state.and_then(|state| state.title).as_deref().and_then(short))
}

/// A name on one line, cut where it is too long; `None` where nothing of it can be shown.
fn short(name: &str) -> Option<String> {
    let name: String = plain(name).chars().take(MAX_CHARS).collect();
    Some(name.trim_end().to_owned()).filter(|name| !name.is_empty())
}
