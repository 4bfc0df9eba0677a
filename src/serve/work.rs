//! Answers are made on blocking threads, a few at once, and only for so long: the store blocks, comparing computes, and a
//! rotten disk must not stop the rest.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::House;
use super::answer::Answer;
use super::problem::Problem;
use super::visit::Visits;

/// Quick answers in the making at once: a few more than cores, since most wait for the disk.
const MAX_QUICK: usize = 8;
/// Slow answers in the making at once: one about a text of a megabyte takes a core for a second and 20 MB.
const MAX_SLOW: usize = 2;
/// Longest time for one, waiting for its turn included.
const WORK_TIMEOUT: Duration = Duration::from_secs(10);

/// Requests that wait for their turn; more are refused at once, so that none holds its connection for an answer that will not
/// come in time.
const MAX_WAITING: usize = 32;
/// Memory of all bodies on their way to clients, in KiB. An ordinary one has 10 to 60, so every connection may have one.
const MAX_SENT_KIB: u32 = 32 * 1024;
/// How soon another client is asked to leave while there is no memory.
const NO_MEMORY_PAUSE: Duration = Duration::from_millis(50);

/// How much work an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// A few rows of the store.
    Quick,
    /// Whole texts, or comparing them. These never keep the others waiting.
    Slow,
}

/// What routes share.
#[derive(Clone)]
pub(super) struct Workshop {
    houses: watch::Receiver<Arc<House>>,
    quick: Lane,
    slow: Lane,
    memory: Arc<Semaphore>,
    visits: Arc<Visits>,
}

/// Turns for answers of one effort.
#[derive(Clone)]
struct Lane {
    turns: Arc<Semaphore>,
    /// Those that have a turn and those that wait for one.
    room: Arc<Semaphore>,
}

/// A turn, and its place in the lane.
type Turn = (OwnedSemaphorePermit, OwnedSemaphorePermit);

impl Lane {
    fn new(turns: usize) -> Self {
        Self { turns: Arc::new(Semaphore::new(turns)), room: Arc::new(Semaphore::new(turns + MAX_WAITING)) }
    }

    /// The next turn; none where too many wait for one already.
    async fn turn(&self) -> Option<Turn> {
        let place = Arc::clone(&self.room).try_acquire_owned().ok()?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok()?;
        Some((turn, place))
    }
}

impl Workshop {
    pub(super) fn new(houses: watch::Receiver<Arc<House>>, visits: Arc<Visits>) -> Self {
        let memory = Arc::new(Semaphore::new(MAX_SENT_KIB as usize));
        Self { houses, quick: Lane::new(MAX_QUICK), slow: Lane::new(MAX_SLOW), memory, visits }
    }

    /// What answers are made of at present.
    pub(super) fn house(&self) -> Arc<House> {
        Arc::clone(&self.houses.borrow())
    }

    /// What `make` answers, with memory for its body.
    pub(super) async fn answer(
        &self,
        effort: Effort,
        make: impl FnOnce(&House) -> Result<Answer, Problem> + Send + 'static,
    ) -> Result<Answer, Problem> {
        let sent = async { Ok(self.held(self.ask(effort, make).await?).await) };
        timeout(WORK_TIMEOUT, sent).await.unwrap_or(Err(Problem::Busy))
    }

    /// What `make` says. The turn is given back by the thread, not by the timeout: a thread that hangs keeps its turn.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        effort: Effort,
        make: impl FnOnce(&House) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let house = self.house();
        let lane = if effort == Effort::Quick { &self.quick } else { &self.slow };
        let work = async move {
            let turn = lane.turn().await.ok_or(Problem::Busy)?;
            let make = move || {
                let _turn = turn;
                make(&house)
            };
            let made = match effort {
                Effort::Quick => spawn_blocking(make).await.ok(),
                Effort::Slow => on_its_own(make).await,
            };
            made.unwrap_or_else(|| {
                tracing::error!("an answer could not be made");
                Err(Problem::Busy)
            })
        };
        timeout(WORK_TIMEOUT, work).await.unwrap_or(Err(Problem::Busy))
    }

    /// `answer` once there is memory for its body, which it holds until the client has taken it. Where there is none, those
    /// that sit on theirs must leave.
    async fn held(&self, answer: Answer) -> Answer {
        let kib = u32::try_from(answer.body().len() / 1024).unwrap_or(u32::MAX).min(MAX_SENT_KIB);
        loop {
            let memory = Arc::clone(&self.memory).acquire_many_owned(kib);
            match timeout(NO_MEMORY_PAUSE, memory).await {
                Ok(memory) => return answer.holding(memory.ok()),
                Err(_) => self.visits.dismiss_one_sitting(),
            }
        }
    }
}

/// What `make` gives on a thread of its own, if it does not panic. Threads that live on would each keep, in the allocator's
/// arena for them, what the largest comparison took.
async fn on_its_own<T: Send + 'static>(make: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (tell, told) = oneshot::channel();
    let thread = thread::Builder::new().name("answer".to_owned());
    // Whoever asked may be gone.
    thread.spawn(move || drop(tell.send(make()))).ok()?;
    told.await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::tests::a_house;

    #[tokio::test]
    async fn a_panic_ends_one_answer_and_gives_its_turn_back() {
        let (_folder, house) = a_house();
        let (_houses, latest) = watch::channel(house);
        let shop = Workshop::new(latest, Arc::default());
        for effort in [Effort::Quick, Effort::Slow] {
            for _ in 0..2 * MAX_QUICK {
                let made = shop.answer(effort, |_| panic!("a fault")).await;
                assert!(matches!(made, Err(Problem::Busy)));
            }
            let made = shop.answer(effort, |_| Ok(Answer::page("<p>".to_owned()))).await;
            assert!(made.is_ok());
        }
    }

    #[tokio::test]
    async fn slow_answers_keep_no_quick_one_waiting() {
        let (_folder, house) = a_house();
        let (_houses, latest) = watch::channel(house);
        let shop = Workshop::new(latest, Arc::default());
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let ended = Arc::new(std::sync::Mutex::new(ended));
        let slow: Vec<_> = (0..2 * MAX_SLOW)
            .map(|_| {
                let (shop, ended) = (shop.clone(), Arc::clone(&ended));
                tokio::spawn(async move {
                    let wait = move |_: &House| {
                        let _ = ended.lock().unwrap().recv();
                        Ok(Answer::page(String::new()))
                    };
                    shop.answer(Effort::Slow, wait).await.is_ok()
                })
            })
            .collect();
        assert!(shop.answer(Effort::Quick, |_| Ok(Answer::page(String::new()))).await.is_ok());
        drop(end);
        for answer in slow {
            assert!(answer.await.unwrap());
        }
    }

    #[tokio::test]
    async fn who_would_wait_too_long_is_refused_at_once() {
        let lane = Lane::new(1);
        let turn = lane.turn().await.unwrap();
        let waiting: Vec<_> = (0..MAX_WAITING)
            .map(|_| {
                let lane = lane.clone();
                tokio::spawn(async move { lane.turn().await.is_some() })
            })
            .collect();
        // On a runtime of one thread all of them wait once we have.
        tokio::task::yield_now().await;
        assert!(lane.turn().await.is_none());
        drop(turn);
        for waited in waiting {
            assert!(waited.await.unwrap());
        }
    }
}
