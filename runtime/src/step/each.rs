//! One call per element, with a bound on how many run together.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll};

use futures_util::stream::{FuturesUnordered, Stream};

use crate::error::Error;

/// Runs a step for every element, at most so many at once, and keeps the order. Of failures that are known at the same
/// time the first in that order wins; a failure drops what still runs.
pub async fn each<'a, E, T, F>(
    elements: &'a [E],
    at_most: usize,
    step: impl Fn(usize, &'a E) -> F,
) -> Result<Vec<T>, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let mut values: Vec<Option<T>> = Vec::new();
    values.resize_with(elements.len(), || None);
    let mut waiting = elements.iter().enumerate();
    let mut running = pin!(FuturesUnordered::new());
    let start = |(index, element)| {
        let step = step(index, element);
        async move { (index, step.await) }
    };
    for next in waiting.by_ref().take(at_most.max(1)) {
        running.push(start(next));
    }
    while !running.is_empty() {
        let over = poll_fn(|context| poll_ready(running.as_mut(), context)).await;
        let mut failure: Option<(usize, Error)> = None;
        for (index, outcome) in over {
            match outcome {
                Ok(value) => {
                    if let Some(place) = values.get_mut(index) {
                        *place = Some(value);
                    }
                }
                Err(error) if failure.as_ref().is_none_or(|(first, _)| index < *first) => {
                    failure = Some((index, error));
                }
                Err(_) => {}
            }
            running.extend(waiting.next().map(start));
        }
        if let Some((_, error)) = failure {
            return Err(error);
        }
    }
    Ok(values.into_iter().flatten().collect())
}

/// All that is over by now; pending while nothing is.
fn poll_ready<S: Stream>(mut running: std::pin::Pin<&mut S>, context: &mut Context<'_>) -> Poll<Vec<S::Item>> {
    let mut over = Vec::new();
    while let Poll::Ready(Some(item)) = running.as_mut().poll_next(context) {
        over.push(item);
    }
    if over.is_empty() { Poll::Pending } else { Poll::Ready(over) }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use tokio::time::sleep;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_order_is_kept_and_the_bound_held() {
        let elements: Vec<u64> = (0..20).collect();
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let values = each(&elements, 4, async |index, element| {
            most.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            sleep(Duration::from_millis(20 - element)).await;
            now.fetch_sub(1, Ordering::Relaxed);
            Ok((index, *element))
        })
        .await
        .expect("no failure");
        assert_eq!(values, elements.iter().map(|&n| (usize::try_from(n).expect("small"), n)).collect::<Vec<_>>());
        assert_eq!(most.load(Ordering::Relaxed), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_failure_in_order_wins() {
        let elements = [3_u16, 1, 2];
        let outcome: Result<Vec<()>, _> = each(&elements, 3, async |index, _| {
            sleep(Duration::from_millis(1)).await;
            Err(Error::reject(400 + u16::try_from(index).expect("small"), ""))
        })
        .await;
        assert_eq!(outcome.expect_err("a failure").status(), 400);
    }

    #[tokio::test]
    async fn no_elements_need_no_time() {
        let none: [u8; 0] = [];
        assert!(each(&none, 0, async |_, _| Ok(())).await.expect("no failure").is_empty());
    }
}
