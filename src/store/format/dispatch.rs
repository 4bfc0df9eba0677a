//! Record of the delivery state of an addressee.

use minicbor::{Decode, Encode};

use super::{Hash, Record, Time};
use crate::model::Dispatch;

/// A [`Dispatch`]; the row's key is its addressee.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct DispatchRecord {
    #[n(0)]
    address: Hash,
    #[n(1)]
    told: u64,
    #[n(2)]
    taken: u64,
    #[n(3)]
    last: Option<Time>,
    #[n(4)]
    failures: u32,
    #[n(5)]
    due: Option<Time>,
    #[n(6)]
    trouble: Option<String>,
    #[n(7)]
    given_up: u64,
    #[n(8)]
    ended: Option<Time>,
}

impl Record for DispatchRecord {
    const KIND: &'static str = "dispatch";
}

impl From<&Dispatch> for DispatchRecord {
    fn from(dispatch: &Dispatch) -> Self {
        Self {
            address: Hash(dispatch.address),
            told: dispatch.told,
            taken: dispatch.taken,
            last: dispatch.last.map(Time),
            failures: dispatch.failures,
            due: dispatch.due.map(Time),
            trouble: dispatch.trouble.clone(),
            given_up: dispatch.given_up,
            ended: dispatch.ended.map(Time),
        }
    }
}

impl From<DispatchRecord> for Dispatch {
    fn from(record: DispatchRecord) -> Self {
        Self {
            address: record.address.0,
            told: record.told,
            taken: record.taken,
            last: record.last.map(|time| time.0),
            failures: record.failures,
            due: record.due.map(|time| time.0),
            trouble: record.trouble,
            given_up: record.given_up,
            ended: record.ended.map(|time| time.0),
        }
    }
}
