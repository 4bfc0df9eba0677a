//! Numbers of enum variants on disk. A number is never reused; a new variant gets the next free one.

use minicbor::decode;

use crate::model::{BlockKind, Class, Disclosure, EditKind, How, Outcome, Retirement, What};

/// An enum without fields that is stored as a number.
pub(super) trait Code: Sized + Copy {
    /// Its number.
    fn code(self) -> u8;
    /// The variant with this number; `None` if this version does not know it.
    fn of(code: u8) -> Option<Self>;
}

/// The variant with this number, or a decoding error.
pub(super) fn known<T: Code>(code: u8) -> Result<T, decode::Error> {
    T::of(code).ok_or_else(|| decode::Error::message(format!("code {code} is unknown to this version of redraft")))
}

macro_rules! codes {
    ($type:ident { $($variant:ident = $code:literal),+ $(,)? }) => {
        impl Code for $type {
            fn code(self) -> u8 {
                match self { $(Self::$variant => $code),+ }
            }
            fn of(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

codes!(BlockKind { Paragraph = 0, Heading = 1, ListItem = 2, Quote = 3, TableRow = 4, Caption = 5, Note = 6 });
codes!(How { Changed = 0, Split = 1, Merged = 2, Added = 3, Removed = 4, Moved = 5, MovedAndChanged = 6 });
codes!(Disclosure { Disclosed = 0, Silent = 1 });
codes!(EditKind { Changed = 0, Returned = 1, Removed = 2, Restored = 3, Retired = 4 });
codes!(Retirement { Quiet = 0, Removed = 1, NeverAnArticle = 2 });
codes!(Outcome {
    First = 0,
    NotModified = 1,
    Unchanged = 2,
    Ignored = 3,
    Kept = 4,
    Edited = 5,
    Suspect = 6,
    Trouble = 7,
    Removed = 8,
    Restored = 9,
});
codes!(Class {
    Correction = 0,
    Headline = 1,
    Standfirst = 2,
    Figure = 3,
    Date = 4,
    Negation = 5,
    Quote = 6,
    Name = 7,
    Hedge = 8,
    Wording = 9,
    Added = 10,
    Removed = 11,
    Content = 12,
    Byline = 13,
    Moved = 14,
    Style = 15,
    Spelling = 16,
    Typography = 17,
    Boilerplate = 18,
});

/// Offset of block kinds: the code of a block is this plus the code of its kind.
const BLOCK: u8 = 16;

impl Code for What {
    fn code(self) -> u8 {
        match self {
            Self::Headline => 0,
            Self::Standfirst => 1,
            Self::Byline => 2,
            Self::Block(kind) => BLOCK + kind.code(),
        }
    }
    fn of(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Headline),
            1 => Some(Self::Standfirst),
            2 => Some(Self::Byline),
            _ => BlockKind::of(code.checked_sub(BLOCK)?).map(Self::Block),
        }
    }
}

macro_rules! coded {
    ($($type:ident),+) => { $(
        impl<C> minicbor::Encode<C> for Coded<$type> {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.u8(self.0.code())?.ok()
            }
        }
        impl<'b, C> minicbor::Decode<'b, C> for Coded<$type> {
            fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
                known(d.u8()?).map(Self)
            }
        }
    )+ };
}

/// Wrapper that encodes an enum inside a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Coded<T>(pub(super) T);

coded!(BlockKind, Class, Disclosure, EditKind, How, Outcome, Retirement, What);
