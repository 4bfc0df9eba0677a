//! Answers are made on blocking threads, a few at once, and only for so long: the store blocks, comparing computes, and a
//! rotten disk must not stop the rest.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::House;
use super::answer::Answer;
use super::problem::Problem;

/// Answers in the making at once: a few more than cores, since most wait for the disk.
const MAX_AT_ONCE: usize = 16;
/// Longest time for one, waiting for its turn included.
const WORK_TIMEOUT: Duration = Duration::from_secs(10);

/// What routes share.
#[derive(Clone)]
pub(super) struct Workshop {
    house: Arc<House>,
    turns: Arc<Semaphore>,
}

impl Workshop {
    pub(super) fn new(house: Arc<House>) -> Self {
        Self { house, turns: Arc::new(Semaphore::new(MAX_AT_ONCE)) }
    }

    pub(super) fn house(&self) -> &House {
        &self.house
    }

    /// What `make` answers. The turn is given back by the thread, not by the timeout: a thread that hangs keeps its turn.
    pub(super) async fn answer(
        &self,
        make: impl FnOnce(&House) -> Result<Answer, Problem> + Send + 'static,
    ) -> Result<Answer, Problem> {
        let house = Arc::clone(&self.house);
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
        timeout(WORK_TIMEOUT, work).await.unwrap_or(Err(Problem::Busy))
    }
}
