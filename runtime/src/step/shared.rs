//! A step that several others wait for, and that runs once.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use crate::error::Error;

/// Makes a step that several others can wait for. It starts when the first of them does.
pub fn shared<T, F: Future<Output = Result<T, Error>>>(step: F) -> Shared<T, F> {
    Shared {
        outcome: OnceLock::new(),
        step: Mutex::new(Some(Box::pin(step))),
        waiting: Arc::new(Waiting(Mutex::new(Vec::new()))),
    }
}

/// A step that several others wait for. See [`shared`].
pub struct Shared<T, F> {
    outcome: OnceLock<Result<T, Error>>,
    /// Gone when it is over. Whoever waits and is polled drives it.
    step: Mutex<Option<Pin<Box<F>>>>,
    waiting: Arc<Waiting>,
}

impl<T, F: Future<Output = Result<T, Error>>> Shared<T, F> {
    /// Waits for the step. A failure fails everyone who waits.
    pub async fn get(&self) -> Result<&T, Error> {
        std::future::poll_fn(|context| self.poll(context)).await
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<Result<&T, Error>> {
        if let Some(outcome) = self.outcome.get() {
            return Poll::Ready(outcome.as_ref().map_err(Clone::clone));
        }
        // Registered before the step is polled: a wake that comes meanwhile reaches this waiter too.
        self.waiting.register(context.waker());
        let mut step = lock(&self.step);
        // The step wakes everyone who waits, not only the one that happened to poll it last: that one may be dropped.
        let everyone = Waker::from(Arc::clone(&self.waiting));
        let outcome = match step.as_mut().map(|step| step.as_mut().poll(&mut Context::from_waker(&everyone))) {
            Some(Poll::Ready(outcome)) => outcome,
            Some(Poll::Pending) => return Poll::Pending,
            // Over already, by a poll on another thread since the look above; or it panicked, and the request with it.
            None => {
                return self
                    .outcome
                    .get()
                    .map_or(Poll::Pending, |outcome| Poll::Ready(outcome.as_ref().map_err(Clone::clone)));
            }
        };
        *step = None;
        drop(step);
        let outcome = self.outcome.get_or_init(|| outcome);
        self.waiting.wake_all();
        Poll::Ready(outcome.as_ref().map_err(Clone::clone))
    }
}

impl<T, F> fmt::Debug for Shared<T, F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Shared").field("over", &self.outcome.get().is_some()).finish_non_exhaustive()
    }
}

/// Everyone who waits for one step.
struct Waiting(Mutex<Vec<Waker>>);

impl Waiting {
    fn register(&self, waker: &Waker) {
        let mut wakers = lock(&self.0);
        if !wakers.iter().any(|known| known.will_wake(waker)) {
            wakers.push(waker.clone());
        }
    }

    fn wake_all(&self) {
        let wakers = std::mem::take(&mut *lock(&self.0));
        for waker in wakers {
            waker.wake();
        }
    }
}

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        self.wake_all();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wake_all();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use futures_util::stream::{FuturesUnordered, StreamExt};
    use tokio::sync::oneshot;
    use tokio::time::{sleep, timeout};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_runs_once_for_all_who_wait() {
        let runs = AtomicUsize::new(0);
        let step = shared(async {
            runs.fetch_add(1, Ordering::Relaxed);
            sleep(Duration::from_millis(10)).await;
            Ok(7)
        });
        let dependent = shared(async { Ok(step.get().await? + 1) });
        let (a, b, c) = tokio::try_join!(step.get(), dependent.get(), dependent.get()).expect("no failure");
        assert_eq!((*a, *b, *c), (7, 8, 8));
        assert_eq!(runs.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn each_waiter_has_a_waker_of_its_own() {
        let (send, receive) = oneshot::channel();
        let step = shared(async { receive.await.map_err(|_| Error::deadline()) });
        let mut waiters: FuturesUnordered<_> = (0..5).map(|_| step.get()).collect();
        let all = async {
            let mut sum = 0;
            while let Some(value) = waiters.next().await {
                sum += value.expect("no failure");
            }
            sum
        };
        let later = async {
            sleep(Duration::from_millis(5)).await;
            send.send(2).expect("someone waits");
        };
        let (sum, ()) =
            timeout(Duration::from_secs(1), async { tokio::join!(all, later) }).await.expect("all are woken");
        assert_eq!(sum, 10);
    }

    #[tokio::test]
    async fn a_dropped_waiter_leaves_the_step_to_the_others() {
        let (send, receive) = oneshot::channel();
        let step = Arc::new(shared(async { receive.await.map_err(|_| Error::deadline()) }));
        let other = Arc::clone(&step);
        let other = tokio::spawn(async move { other.get().await.copied() });
        tokio::task::yield_now().await;
        // This waiter polls last and is then gone.
        assert!(timeout(Duration::from_millis(5), step.get()).await.is_err());
        send.send(3).expect("someone waits");
        let value = timeout(Duration::from_secs(1), other).await.expect("the other is woken").expect("no panic");
        assert_eq!(value.expect("no failure"), 3);
    }

    #[tokio::test]
    async fn a_failure_fails_everyone() {
        let step = shared(async { Err::<(), _>(Error::reject(404, "no such order")) });
        assert_eq!(step.get().await.expect_err("a failure").status(), 404);
        assert_eq!(step.get().await.expect_err("the same failure").status(), 404);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn many_tasks_may_wait() {
        for _ in 0..200 {
            let (send, receive) = oneshot::channel();
            let step = Arc::new(shared(async { receive.await.map_err(|_| Error::deadline()) }));
            let tasks: Vec<_> = (0..4)
                .map(|_| Arc::clone(&step))
                .map(|step| tokio::spawn(async move { step.get().await.copied() }))
                .collect();
            send.send(1).expect("someone waits");
            for task in tasks {
                let value = timeout(Duration::from_secs(5), task).await.expect("woken").expect("no panic");
                assert_eq!(value.expect("no failure"), 1);
            }
        }
    }
}
