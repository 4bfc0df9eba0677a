//! CBOR as JSON and back, without loss for what our records are made of. A map's keys are our field numbers, as texts;
//! bytes are `{"bytes": "hex"}`, which no map of ours can be taken for.

use minicbor::data::Type;
use minicbor::encode::Write;
use minicbor::{Decoder, Encoder};
use serde_json::{Map, Number, Value};

/// The key that marks bytes.
const BYTES: &str = "bytes";
/// How deep a record nests at most; ours nest five levels.
const MAX_DEPTH: u8 = 32;

/// The JSON of a record's CBOR; none where that is not one value of the kinds that our records are made of, or would not come
/// back byte for byte.
pub(super) fn from_cbor(cbor: &[u8]) -> Option<Value> {
    let mut decoder = Decoder::new(cbor);
    let value = value(&mut decoder, MAX_DEPTH)?;
    (decoder.position() == cbor.len() && to_cbor(&value)? == cbor).then_some(value)
}

/// The CBOR of what [`from_cbor`] gave; none where it could not have.
pub(super) fn to_cbor(value: &Value) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    put(&mut Encoder::new(&mut bytes), value, MAX_DEPTH)?;
    Some(bytes)
}

fn value(decoder: &mut Decoder<'_>, depth: u8) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    Some(match decoder.datatype().ok()? {
        Type::Bool => Value::Bool(decoder.bool().ok()?),
        Type::Null => {
            decoder.null().ok()?;
            Value::Null
        }
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => Value::from(decoder.u64().ok()?),
        Type::I8 | Type::I16 | Type::I32 | Type::I64 => Value::from(decoder.i64().ok()?),
        Type::F64 => Value::Number(Number::from_f64(decoder.f64().ok()?)?),
        Type::String => Value::from(decoder.str().ok()?),
        Type::Bytes => Value::Object(Map::from_iter([(BYTES.to_owned(), Value::from(hex(decoder.bytes().ok()?)))])),
        Type::Array => {
            let count = decoder.array().ok()??;
            Value::Array((0..count).map(|_| self::value(decoder, depth)).collect::<Option<_>>()?)
        }
        Type::Map => {
            let count = decoder.map().ok()??;
            let field = |_| Some((decoder.u32().ok()?.to_string(), self::value(decoder, depth)?));
            Value::Object((0..count).map(field).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

fn put<W: Write>(encoder: &mut Encoder<W>, value: &Value, depth: u8) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::Null => encoder.null().ok()?,
        Value::Bool(bool) => encoder.bool(*bool).ok()?,
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => encoder.u64(number).ok()?,
            (None, Some(number)) => encoder.i64(number).ok()?,
            (None, None) => encoder.f64(number.as_f64()?).ok()?,
        },
        Value::String(text) => encoder.str(text).ok()?,
        Value::Array(values) => {
            encoder.array(values.len() as u64).ok()?;
            values.iter().try_for_each(|value| put(encoder, value, depth))?;
            encoder
        }
        Value::Object(map) => match map.get(BYTES) {
            Some(text) => encoder.bytes(&from_hex(text.as_str()?)?).ok()?,
            None => return put_map(encoder, map, depth),
        },
    };
    Some(())
}

/// A map's fields, in the order of their numbers: so records are written.
fn put_map<'a, W: Write>(encoder: &mut Encoder<W>, map: &'a Map<String, Value>, depth: u8) -> Option<()> {
    let numbered = |(key, value): (&'a String, &'a Value)| Some((key.parse::<u32>().ok()?, value));
    let mut fields: Vec<(u32, &Value)> = map.iter().map(numbered).collect::<Option<_>>()?;
    fields.sort_by_key(|(number, _)| *number);
    encoder.map(fields.len() as u64).ok()?;
    for (number, value) in fields {
        encoder.u32(number).ok()?;
        put(encoder, value, depth)?;
    }
    Some(())
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes that hexadecimal digits tell.
pub(super) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| char::from(digit).to_digit(16).map(|digit| digit as u8);
    let pair = |pair: &[u8]| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?);
    text.as_bytes().chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::format::strategies;
    use crate::store::format::{EditRecord, LookRecord, Record, VersionText};

    proptest! {
        #[test]
        fn records_come_back_byte_for_byte(article in strategies::article(), version in strategies::version(), edit in strategies::edit()) {
            for record in [
                LookRecord::from(&article).pack(), VersionText::from(&version).pack(), EditRecord::from(&edit).pack(),
            ] {
                let json = serde_json::to_string(&from_cbor(&record[1..]).unwrap()).unwrap();
                let back: Value = serde_json::from_str(&json).unwrap();
                prop_assert_eq!(to_cbor(&back).unwrap(), &record[1..]);
            }
        }

        #[test]
        fn bytes_come_back(bytes: Vec<u8>) {
            prop_assert_eq!(from_hex(&hex(&bytes)).unwrap(), bytes);
        }
    }

    #[test]
    fn what_would_not_come_back_is_refused() {
        // A number in more bytes than it needs, an unfinished text, two values.
        for cbor in [&[0x18, 0x01][..], &[0x62, 0x61], &[0x01, 0x02]] {
            assert!(from_cbor(cbor).is_none(), "{cbor:?}");
        }
        assert!(from_hex("abc").is_none());
    }
}
