//! The times that a page states: part of an article's row of looks.

use minicbor::{Decode, Encode};

use super::Time;
use crate::model::{Stated, StatedTimes};

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(super) struct StatedTimesRecord {
    #[n(0)]
    text: u64,
    #[n(1)]
    data: Option<StatedRecord>,
    #[n(2)]
    shown: Option<StatedRecord>,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
struct StatedRecord {
    #[n(0)]
    value: i64,
    #[n(1)]
    since: Time,
    #[n(2)]
    idle_moves: u32,
}

impl From<&StatedTimes> for StatedTimesRecord {
    fn from(times: &StatedTimes) -> Self {
        let record =
            |time: Stated| StatedRecord { value: time.value, since: Time(time.since), idle_moves: time.idle_moves };
        Self { text: times.text, data: times.data.map(record), shown: times.shown.map(record) }
    }
}

impl From<StatedTimesRecord> for StatedTimes {
    fn from(record: StatedTimesRecord) -> Self {
        let time =
            |record: StatedRecord| Stated { value: record.value, since: record.since.0, idle_moves: record.idle_moves };
        Self { text: record.text, data: record.data.map(time), shown: record.shown.map(time) }
    }
}
