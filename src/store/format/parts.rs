//! Small types that records are built from.

use jiff::{SignedDuration, Timestamp};
use minicbor::data::Type;
use minicbor::decode::{self, Decoder};
use minicbor::encode::{self, Encoder, Write};
use minicbor::{Decode, Encode};
use url::Url;

use crate::model::{Digest, Validators};

/// A point in time: Unix seconds as an integer, or `[seconds, nanoseconds]` if there is a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Time(pub(in crate::store) Timestamp);

impl<C> Encode<C> for Time {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        let (second, nanosecond) = (self.0.as_second(), self.0.subsec_nanosecond());
        if nanosecond == 0 {
            e.i64(second)?;
        } else {
            e.array(2)?.i64(second)?.i32(nanosecond)?;
        }
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Time {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let (second, nanosecond) = if matches!(d.datatype()?, Type::Array | Type::ArrayIndef) {
            d.array()?;
            (d.i64()?, d.i32()?)
        } else {
            (d.i64()?, 0)
        };
        Timestamp::new(second, nanosecond).map(Self).map_err(decode::Error::custom)
    }
}

/// A duration in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Seconds(pub(in crate::store) SignedDuration);

impl<C> Encode<C> for Seconds {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.i64(self.0.as_secs())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Seconds {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        Ok(Self(SignedDuration::from_secs(d.i64()?)))
    }
}

/// A BLAKE3 hash: a byte string of length 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Hash(pub(in crate::store) Digest);

impl<C> Encode<C> for Hash {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.bytes(&self.0.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Hash {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let bytes: [u8; 32] = d.bytes()?.try_into().map_err(|_| decode::Error::message("a hash is 32 bytes"))?;
        Ok(Self(Digest(bytes)))
    }
}

/// An address, stored as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct Link(pub(in crate::store) Url);

impl<C> Encode<C> for Link {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.str(self.0.as_str())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Link {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        Url::parse(d.str()?).map(Self).map_err(decode::Error::custom)
    }
}

/// Builds validators from the three fields that records hold.
pub(super) fn validators(etag: Option<String>, last_modified: Option<String>, of: Option<Link>) -> Validators {
    Validators { etag, last_modified, of: of.map(|link| link.0) }
}

/// Place of a text: chunks `first`, `first + 1`, … of the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct TextRef {
    /// Number of its first chunk.
    #[n(0)]
    pub(in crate::store) first: u64,
    /// Number of its chunks; 0 if the text was dropped.
    #[n(1)]
    pub(in crate::store) chunks: u32,
}
