//! How the steps of one request stand to each other: waited for by several, behind a guard, once per element.
//!
//! Nothing here starts a task. A step is polled by whoever waits for it, so that dropping a request drops all its steps.

mod each;
mod shared;

use std::future::Future;

use crate::error::Error;

pub use each::each;
pub use shared::{Shared, shared};

/// Runs a step that stands below a guard but doesn't use it: at once, beside the guard. When the step fails, the guard
/// is asked first, since it stands above and so its failure is the answer.
pub async fn after<G, T>(
    guard: impl Future<Output = Result<G, Error>>,
    step: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match step.await {
        Ok(value) => Ok(value),
        Err(failure) => {
            guard.await?;
            Err(failure)
        }
    }
}

/// What is behind an `Option` that a guard or a condition above has shown to be there. None is a fault of the gateway.
pub fn known<T>(value: Option<T>) -> Result<T, Error> {
    value.ok_or_else(|| Error::answer("a value that was shown to be there is not there".to_owned()))
}

/// Waits for several steps; on the first failure the others are dropped. Of failures that are known at the same time the
/// first in the order written wins, so that the answer doesn't depend on chance.
#[doc(hidden)]
#[macro_export]
macro_rules! __try_join {
    ($($step:expr),+ $(,)?) => { $crate::codegen::tokio::try_join!(biased; $($step),+) };
}
