//! Encoding of a fact: an array of its phrase and its values. A value is a text, a number, or an array that begins
//! with the number of its kind.

use minicbor::data::Type;
use minicbor::decode::{self, Decoder};
use minicbor::encode::{self, Encoder, Write};
use minicbor::{Decode, Encode};

use crate::model::{Fact, Value};

/// Numbers of the kinds of values that are arrays.
const QUOTED: u8 = 0;
const ENGLISH: u8 = 1;
const FACTS: u8 = 2;

/// Deepest nesting of facts that is decoded. redraft itself nests four levels at most; a forged record must not
/// overflow the stack.
const MAX_DEPTH: u8 = 8;

/// A stored [`Fact`].
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kept(pub(super) Fact);

impl Kept {
    /// Wraps a fact for storage beside its English text; `None` if the text alone restores it.
    pub(super) fn of(fact: &Fact) -> Option<Self> {
        (Self::or_words(None, fact.to_string()) != *fact).then(|| Self(fact.clone()))
    }

    /// The stored fact, or a fact of the English text for records written before facts were stored.
    pub(super) fn or_words(kept: Option<Self>, words: String) -> Fact {
        let in_words = || if words.is_empty() { Fact::default() } else { Fact::english(words) };
        kept.map_or_else(in_words, |kept| kept.0)
    }
}

impl<C> Encode<C> for Kept {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        encode_fact(&self.0, e)
    }
}

impl<'b, C> Decode<'b, C> for Kept {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        decode_fact(d, MAX_DEPTH).map(Self)
    }
}

fn encode_fact<W: Write>(fact: &Fact, e: &mut Encoder<W>) -> Result<(), encode::Error<W::Error>> {
    e.array(fact.values().len() as u64 + 1)?.str(fact.phrase())?;
    for value in fact.values() {
        match value {
            Value::Words(words) => e.str(words)?.ok()?,
            Value::Number(number) => e.u64(*number)?.ok()?,
            Value::Quoted(words) => e.array(2)?.u8(QUOTED)?.str(words)?.ok()?,
            Value::English(words) => e.array(2)?.u8(ENGLISH)?.str(words)?.ok()?,
            Value::Facts(facts) => {
                e.array(facts.len() as u64 + 1)?.u8(FACTS)?;
                facts.iter().try_for_each(|fact| encode_fact(fact, e))?;
            }
        }
    }
    Ok(())
}

fn decode_fact(d: &mut Decoder<'_>, depth: u8) -> Result<Fact, decode::Error> {
    let depth = depth.checked_sub(1).ok_or_else(|| decode::Error::message("facts are nested too deeply"))?;
    let values = decode_length(d)?;
    let phrase = d.str()?.to_owned();
    let values = (0..values).map(|_| decode_value(d, depth)).collect::<Result<_, _>>()?;
    Ok(Fact::kept(phrase, values))
}

fn decode_value(d: &mut Decoder<'_>, depth: u8) -> Result<Value, decode::Error> {
    match d.datatype()? {
        Type::String => Ok(Value::Words(d.str()?.to_owned())),
        Type::Array => {
            let rest = decode_length(d)?;
            match (d.u8()?, rest) {
                (QUOTED, 1) => Ok(Value::Quoted(d.str()?.to_owned())),
                (ENGLISH, 1) => Ok(Value::English(d.str()?.to_owned())),
                (FACTS, rest) => (0..rest).map(|_| decode_fact(d, depth)).collect::<Result<_, _>>().map(Value::Facts),
                (kind, _) => {
                    Err(decode::Error::message(format!("value kind {kind} is unknown to this version of redraft")))
                }
            }
        }
        _ => Ok(Value::Number(d.u64()?)),
    }
}

/// Number of elements after the first of an array.
fn decode_length(d: &mut Decoder<'_>) -> Result<u64, decode::Error> {
    let length = d.array()?.ok_or_else(|| decode::Error::message("an array of unknown length"))?;
    length.checked_sub(1).ok_or_else(|| decode::Error::message("an empty array"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: u8) -> Fact {
        (1..depth)
            .fold(Fact::new("there again"), |fact, _| Fact::new("{fact} and {number} more").with(fact).with(2_u64))
    }

    #[test]
    fn a_fact_comes_back_as_it_was_and_none_is_too_deep() {
        let change = Fact::new("{old} → {new}").quoting("a").with("b");
        let facts =
            Value::Facts(vec![change.clone(), Fact::english("c"), Fact::new("{facts}").with(Value::Facts(Vec::new()))]);
        for fact in [change, Fact::new("x").with(facts).with(u64::MAX), nested(MAX_DEPTH)] {
            let bytes = minicbor::to_vec(Kept(fact.clone())).unwrap();
            assert_eq!(minicbor::decode::<Kept>(&bytes).unwrap(), Kept(fact));
        }
        let deep = minicbor::to_vec(Kept(nested(MAX_DEPTH + 1))).unwrap();
        assert!(minicbor::decode::<Kept>(&deep).is_err());
        let empty = [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x60];
        assert!(minicbor::decode::<Kept>(&empty).is_err(), "a forged length must not allocate memory");
    }
}
