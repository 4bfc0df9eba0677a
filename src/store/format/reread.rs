//! Decodes a row by the name of its kind, for fuzzers and for people who examine a damaged store.

use super::{
    AddressRecord, ArticleRecord, BadRecord, CountersRecord, EditHead, EditRecord, ForgottenRecord, FormatRecord,
    FurnitureRecord, HiddenRecord, LinkRecord, LookRecord, NotesRecord, OriginRecord, PageRecord, PollRecord, Record,
    RestRecord, RobotsRecord, StampRecord, SubscriptionRecord, VersionRecord, VersionText,
};

type Reread = fn(&[u8]) -> Result<Vec<u8>, BadRecord>;

/// All kinds with their decoders.
const KINDS: [(&str, Reread); 21] = [
    of::<AddressRecord>(),
    of::<ArticleRecord>(),
    of::<CountersRecord>(),
    of::<EditHead>(),
    of::<EditRecord>(),
    of::<ForgottenRecord>(),
    of::<FormatRecord>(),
    of::<FurnitureRecord>(),
    of::<HiddenRecord>(),
    of::<LinkRecord>(),
    of::<LookRecord>(),
    of::<NotesRecord>(),
    of::<OriginRecord>(),
    of::<PageRecord>(),
    of::<PollRecord>(),
    of::<RestRecord>(),
    of::<RobotsRecord>(),
    of::<StampRecord>(),
    of::<SubscriptionRecord>(),
    of::<VersionRecord>(),
    of::<VersionText>(),
];

const fn of<R: Record>() -> (&'static str, Reread) {
    (R::KIND, |bytes| R::unpack(bytes).map(|record| record.pack()))
}

/// Decodes a row of this kind, named as in `docs/store-format.md`, and encodes it again as this version would write
/// it. Fields of later versions are left out.
///
/// # Errors
/// A message, if the kind does not exist or the row cannot be read.
pub fn reread(kind: &str, row: &[u8]) -> Result<Vec<u8>, String> {
    let (_, reread) =
        KINDS.iter().find(|(name, _)| *name == kind).ok_or_else(|| format!("unknown kind of row {kind:?}"))?;
    reread(row).map_err(|error| error.to_string())
}
