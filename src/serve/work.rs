//! Answers are made on blocking threads, a few at once, and only for so long: the store blocks, comparing computes, and a
//! rotten disk must not stop the rest.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::House;
use super::answer::Answer;
use super::problem::Problem;
use super::visit::Visits;

/// Answers in the making at once: a few more than cores, since most wait for the disk.
const MAX_AT_ONCE: usize = 16;
/// Longest time for one, waiting for its turn included.
const WORK_TIMEOUT: Duration = Duration::from_secs(10);

/// Memory of all bodies on their way to clients, in KiB. An ordinary one has 10 to 60; the largest comparison fits ten times.
const MAX_SENT_KIB: u32 = 64 * 1024;
/// How soon another client is asked to leave while there is no memory.
const NO_MEMORY_PAUSE: Duration = Duration::from_millis(50);

/// What routes share.
#[derive(Clone)]
pub(super) struct Workshop {
    houses: watch::Receiver<Arc<House>>,
    turns: Arc<Semaphore>,
    memory: Arc<Semaphore>,
    visits: Arc<Visits>,
}

impl Workshop {
    pub(super) fn new(houses: watch::Receiver<Arc<House>>, visits: Arc<Visits>) -> Self {
        let turns = Arc::new(Semaphore::new(MAX_AT_ONCE));
        Self { houses, turns, memory: Arc::new(Semaphore::new(MAX_SENT_KIB as usize)), visits }
    }

    /// What answers are made of at present.
    pub(super) fn house(&self) -> Arc<House> {
        Arc::clone(&self.houses.borrow())
    }

    /// What `make` answers. The turn is given back by the thread, not by the timeout: a thread that hangs keeps its turn.
    pub(super) async fn answer(
        &self,
        make: impl FnOnce(&House) -> Result<Answer, Problem> + Send + 'static,
    ) -> Result<Answer, Problem> {
        let house = self.house();
        let turns = Arc::clone(&self.turns);
        let work = async move {
            let turn = turns.acquire_owned().await.map_err(|_| Problem::Busy)?;
            let made = spawn_blocking(move || {
                let _turn = turn;
                make(&house)
            });
            made.await.unwrap_or_else(|panic| {
                tracing::error!(error = %panic, "an answer could not be made");
                Err(Problem::Busy)
            })
        };
        let sent = async { Ok(self.held(work.await?).await) };
        timeout(WORK_TIMEOUT, sent).await.unwrap_or(Err(Problem::Busy))
    }

    /// `answer` once there is memory for its body, which it holds until the client has taken it. Where there is none, those
    /// that sit on theirs must leave.
    async fn held(&self, answer: Answer) -> Answer {
        let kib = u32::try_from(answer.bytes() / 1024).unwrap_or(u32::MAX).min(MAX_SENT_KIB);
        loop {
            let memory = Arc::clone(&self.memory).acquire_many_owned(kib);
            match timeout(NO_MEMORY_PAUSE, memory).await {
                Ok(memory) => return answer.holding(memory.ok()),
                Err(_) => self.visits.dismiss_one_sitting(),
            }
        }
    }
}
