//! Record of a site's `robots.txt`.

use minicbor::{Decode, Encode};

use super::{Record, Time};
use crate::model::RobotsState;

/// A [`RobotsState`].
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct RobotsRecord {
    #[n(0)]
    asked: Time,
    #[n(1)]
    lost: Option<Time>,
    #[n(2)]
    text: Option<String>,
}

impl Record for RobotsRecord {
    const KIND: &'static str = "robots";
}

impl From<&RobotsState> for RobotsRecord {
    fn from(state: &RobotsState) -> Self {
        Self { asked: Time(state.asked), lost: state.lost.map(Time), text: state.text.clone() }
    }
}

impl From<RobotsRecord> for RobotsState {
    fn from(record: RobotsRecord) -> Self {
        Self { text: record.text, asked: record.asked.0, lost: record.lost.map(|time| time.0) }
    }
}
