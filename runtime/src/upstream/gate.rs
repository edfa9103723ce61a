//! How many calls to one service run at once, and how long one may wait for its turn.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// Calls that run at once; as many more may wait.
pub(super) const IN_FLIGHT: usize = 1_024;

/// How long a call waits for its turn before it fails as busy. A queue that stands longer only makes everyone late.
pub(super) const LONGEST_WAIT: Duration = Duration::from_millis(100);

/// The bound on one service.
pub(super) struct Gate {
    turns: Semaphore,
    waiting: AtomicUsize,
    most_waiting: usize,
    longest_wait: Duration,
}

impl Gate {
    pub(super) fn new(in_flight: usize, longest_wait: Duration) -> Self {
        Self { turns: Semaphore::new(in_flight), waiting: AtomicUsize::new(0), most_waiting: in_flight, longest_wait }
    }

    /// Waits for a turn; None when there are too many before us or it took too long.
    pub(super) async fn enter(&self) -> Option<SemaphorePermit<'_>> {
        if let Ok(turn) = self.turns.try_acquire() {
            return Some(turn);
        }
        let place = Waiting::new(&self.waiting);
        if place.before > self.most_waiting {
            return None;
        }
        timeout(self.longest_wait, self.turns.acquire()).await.ok()?.ok()
    }
}

/// A place in the queue, given back also when the call is cancelled.
struct Waiting<'a> {
    count: &'a AtomicUsize,
    before: usize,
}

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        Self { count, before: count.fetch_add(1, Ordering::Relaxed) + 1 }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_full_gate_lets_nobody_wait_long() {
        let gate = Gate::new(1, LONGEST_WAIT);
        let first = gate.enter().await.expect("a free turn");
        let started = Instant::now();
        assert!(gate.enter().await.is_none());
        assert_eq!(started.elapsed(), LONGEST_WAIT);
        drop(first);
        assert!(gate.enter().await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_queue_is_not_waited_for() {
        let gate = Gate::new(1, LONGEST_WAIT);
        let _first = gate.enter().await.expect("a free turn");
        let started = Instant::now();
        let second = gate.enter();
        let third = gate.enter();
        let refused = async {
            let mut second = std::pin::pin!(second);
            let mut third = std::pin::pin!(third);
            // The second takes the only place; the third finds it taken.
            std::future::poll_fn(|context| {
                assert!(second.as_mut().poll(context).is_pending());
                third.as_mut().poll(context)
            })
            .await
        };
        assert!(refused.await.is_none());
        assert_eq!(started.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_wait_gives_its_place_back() {
        let gate = Gate::new(1, LONGEST_WAIT);
        let _first = gate.enter().await.expect("a free turn");
        assert!(timeout(Duration::from_millis(1), gate.enter()).await.is_err());
        assert_eq!(gate.waiting.load(Ordering::Relaxed), 0);
    }
}
