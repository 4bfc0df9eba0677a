//! How far an addressee of ours was told of edits: a webhook, our hub, the Internet Archive.

use jiff::Timestamp;

use super::Digest;

/// What an addressee was sent, and what became of it. Kept in the store, so that a restart forgets nothing and repeats nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// The hash of the address that all this is about (the address itself may be a secret).
    pub address: Digest,
    /// The sequence number of the last edit that it was told of, or that it is not to be told of.
    pub told: u64,
    /// How often it took what it was sent.
    pub taken: u64,
    /// When it last did.
    pub last: Option<Timestamp>,
    /// How often in a row it did not take what is to be sent next.
    pub failures: u32,
    /// Not before then is it tried again.
    pub due: Option<Timestamp>,
    /// What went wrong last, in words; none where it went well.
    pub trouble: Option<String>,
    /// How many edits it was not told of because it did not take them for too long.
    pub given_up: u64,
    /// Since when it wants nothing more: it said that it is gone for good.
    pub ended: Option<Timestamp>,
}

impl Dispatch {
    /// That of an addressee at this address, who is told of what comes after the edit `told`.
    #[must_use]
    pub fn new(address: Digest, told: u64) -> Self {
        Self { address, told, taken: 0, last: None, failures: 0, due: None, trouble: None, given_up: 0, ended: None }
    }

    /// As it is when redraft starts or reads its configuration again, with the addressee at this address: who had ended is tried
    /// once again, and trouble at another address is forgotten.
    #[must_use]
    pub fn begun_at(self, address: Digest) -> Self {
        if self.address == address && self.ended.is_none() {
            return self;
        }
        Self { address, failures: 0, due: None, trouble: None, ended: None, ..self }
    }
}
