//! The nouns of redraft, one a file. No verbs, no I/O, no serialisation: how a noun lies on disk belongs to `store`, how it
//! looks in JSON to `serve`, in TOML to `config`.

mod answer;
mod article;
mod comparison;
mod content;
mod decision;
mod edit;
mod entry;
mod feed;
mod habit;
mod host;
mod id;
mod keeping;
mod locale;
mod narrowing;
mod page;
mod robots;
mod round;
mod source;
mod subscription;
mod terms;
mod verdict;
mod version;

pub use answer::{Answer, Reply, Trouble, Validators};
pub use article::{Article, CheckNote, Outcome, Presence, Pulse, Retirement, Suspicion, Watch};
pub use comparison::{Comparison, FieldChange, Op, Passage, Relation, Segment, SentencePair};
pub use content::{Block, BlockKind, Content, Extraction};
pub use decision::{Decision, History, Kept};
pub use edit::{Edit, EditKind, EntryText};
pub use entry::{Entry, FeedLinks, Part, SourceFeed};
pub use feed::{Feed, Scope, Site};
pub use habit::Habit;
pub use host::Host;
pub use id::{ArticleId, BadSlug, Digest, EditNumber, SourceSlug, VersionNumber};
pub use keeping::Keeping;
pub use locale::{Locale, UnknownLocale};
pub use narrowing::{BadNarrowing, Narrowing};
pub use page::Page;
pub use robots::RobotsState;
pub use round::{KnownPart, Round, Step};
pub use source::{Judging, PollState, Source, SourceKind};
pub use subscription::{Stage, Subscription};
pub use terms::{Moving, Skip, Terms};
pub use verdict::{Class, Disclosure, Reason, Verdict};
pub use version::Version;
