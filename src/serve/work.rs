//! Answers are made on blocking threads, a few at once, and only for so long: the store blocks, comparing computes, and a
//! rotten disk must not stop the rest.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot, watch};
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

/// Memory of all bodies on their way to clients, in KiB. An ordinary one has 10 to 60; the largest comparison fits ten times.
const MAX_SENT_KIB: u32 = 64 * 1024;
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
    quick: Arc<Semaphore>,
    slow: Arc<Semaphore>,
    memory: Arc<Semaphore>,
    visits: Arc<Visits>,
}

impl Workshop {
    pub(super) fn new(houses: watch::Receiver<Arc<House>>, visits: Arc<Visits>) -> Self {
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        let memory = semaphore(MAX_SENT_KIB as usize);
        Self { houses, quick: semaphore(MAX_QUICK), slow: semaphore(MAX_SLOW), memory, visits }
    }

    /// What answers are made of at present.
    pub(super) fn house(&self) -> Arc<House> {
        Arc::clone(&self.houses.borrow())
    }

    /// What `make` answers. The turn is given back by the thread, not by the timeout: a thread that hangs keeps its turn.
    pub(super) async fn answer(
        &self,
        effort: Effort,
        make: impl FnOnce(&House) -> Result<Answer, Problem> + Send + 'static,
    ) -> Result<Answer, Problem> {
        let house = self.house();
        let turns = Arc::clone(if effort == Effort::Quick { &self.quick } else { &self.slow });
        let work = async move {
            let turn = turns.acquire_owned().await.map_err(|_| Problem::Busy)?;
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
}
