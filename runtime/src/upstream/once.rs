//! The calls of one client request that are made once, however many of its steps make them.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::HeaderMap;
use bytes::Bytes;
use tokio::sync::OnceCell;

use super::exchange::{Failure, Received};

/// What came of one call, for everyone who makes it.
type Outcome = Result<Received, Failure>;

/// A call that was made, is being made, or is about to be.
type Made = Arc<OnceCell<Outcome>>;

/// The calls that were made so far, by their targets.
#[derive(Default)]
pub(crate) struct Once(Mutex<HashMap<String, Vec<(Key, Made)>>>);

/// What makes two calls to one target the same.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) operation: &'static str,
    pub(super) headers: HeaderMap,
    pub(super) cookies: String,
    pub(super) body: Bytes,
    pub(super) wants_body: bool,
}

impl Once {
    /// Makes the call, or takes what came of it when another step made it, or waits while one does. A step that is dropped
    /// in the middle leaves the call to the next one that waits.
    pub(super) async fn outcome(&self, target: &str, key: Key, make: impl Future<Output = Outcome>) -> Outcome {
        let cell = self.cell(target, key);
        cell.get_or_init(|| make).await.clone()
    }

    fn cell(&self, target: &str, key: Key) -> Made {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same_target = calls.entry(target.to_owned()).or_default();
        if let Some((_, cell)) = same_target.iter().find(|(known, _)| *known == key) {
            return Arc::clone(cell);
        }
        let cell = Arc::new(OnceCell::new());
        same_target.push((key, Arc::clone(&cell)));
        cell
    }
}

impl fmt::Debug for Once {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Once")
    }
}
