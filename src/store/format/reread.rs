//! Decodes a row by the name of its kind, for fuzzers and for people who examine a damaged store.

use super::{
    AddressRecord, ArticleRecord, BadRecord, CountersRecord, EditHead, EditRecord, ForgottenRecord, FormatRecord,
    FurnitureRecord, HiddenRecord, LinkRecord, LookRecord, NotesRecord, OriginRecord, PageRecord, PollRecord, Record,
    RestRecord, RobotsRecord, StampRecord, SubscriptionRecord, VersionRecord, VersionText,
};

type Reread = fn(&[u8]) -> Result<Vec<u8>, BadRecord>;

/// All kinds with their decoders.
const KINDS: [(&str, Reread); 21] = [
    kind_of::<AddressRecord>(),
    kind_of::<ArticleRecord>(),
    kind_of::<CountersRecord>(),
    kind_of::<EditHead>(),
    kind_of::<EditRecord>(),
    kind_of::<ForgottenRecord>(),
    kind_of::<FormatRecord>(),
    kind_of::<FurnitureRecord>(),
    kind_of::<HiddenRecord>(),
    kind_of::<LinkRecord>(),
    kind_of::<LookRecord>(),
    kind_of::<NotesRecord>(),
    kind_of::<OriginRecord>(),
    kind_of::<PageRecord>(),
    kind_of::<PollRecord>(),
    kind_of::<RestRecord>(),
    kind_of::<RobotsRecord>(),
    kind_of::<StampRecord>(),
    kind_of::<SubscriptionRecord>(),
    kind_of::<VersionRecord>(),
    kind_of::<VersionText>(),
];

const fn kind_of<R: Record>() -> (&'static str, Reread) {
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
