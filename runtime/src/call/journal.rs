//! What became of the calls that one request made, for its line in the log.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::log::line::{self, Drift};
use crate::log::{Log, line::LateCall};

/// Calls that one line tells of. An endpoint's own bound is far below.
const MOST: usize = 1_024;

/// The calls of one request, in the order in which they started.
#[derive(Debug)]
pub(crate) struct Journal {
    log: Log,
    request_id: String,
    /// Whether a failure was swallowed.
    failed: AtomicBool,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    calls: Vec<line::Call>,
    /// The request's line is out: what ends now needs one of its own.
    closed: bool,
}

impl Journal {
    pub(crate) fn new(log: Log, request_id: String) -> Arc<Self> {
        Arc::new(Self { log, request_id, failed: AtomicBool::new(false), entries: Mutex::default() })
    }

    pub(crate) fn request_id(&self) -> &str {
        &self.request_id
    }

    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    /// Notes that the answer lacks something because a call failed.
    pub(crate) fn swallow_failure(&self) {
        self.failed.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_completed(&self) -> bool {
        !self.failed.load(Ordering::Relaxed)
    }

    /// Notes that a call starts. Dropped before its end, it counts as cancelled.
    pub(crate) fn start(self: &Arc<Self>, operation: &'static str) -> Running {
        let mut running = self.follow(operation);
        running.enter();
        running
    }

    /// Takes what came of a call that another step made, and that is in the log by that step.
    pub(crate) fn follow(self: &Arc<Self>, operation: &'static str) -> Running {
        let call =
            line::Call { operation, outcome: "cancelled", status: None, ms: 0.0, reason: None, drifted: Vec::new() };
        Running { journal: Arc::clone(self), place: None, started: Instant::now(), call }
    }

    /// Takes the calls for the request's line. Those that still run get a line of their own when they end.
    pub(crate) fn close(&self) -> Vec<line::Call> {
        let mut entries = self.entries();
        entries.closed = true;
        std::mem::take(&mut entries.calls)
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that has started.
pub(crate) struct Running {
    journal: Arc<Journal>,
    /// None for one that is not in the log.
    place: Option<usize>,
    started: Instant,
    call: line::Call,
}

impl Running {
    /// The upstream's status, as soon as it is known.
    pub(crate) fn status(&mut self, status: u16) {
        self.call.status = Some(status);
    }

    /// The call went on without its request, in a task of its own.
    pub(crate) fn detached(&mut self) {
        self.call.outcome = "running";
        self.note();
    }

    pub(crate) fn drifted(&mut self, drifted: Vec<Drift>) {
        self.call.drifted = drifted;
    }

    /// The call is over.
    pub(crate) fn end(mut self, outcome: &'static str, reason: Option<&str>) {
        self.note_outcome(outcome, reason);
    }

    /// How the call ended, as far as is known.
    pub(crate) fn note_outcome(&mut self, outcome: &'static str, reason: Option<&str>) {
        self.call.outcome = outcome;
        self.call.reason = reason.map(|reason| line::bounded(reason).into_owned());
    }

    /// Puts it in the log, where it isn't yet.
    pub(crate) fn enter(&mut self) {
        if self.place.is_none() {
            let mut entries = self.journal.entries();
            self.place = Some(entries.calls.len());
            if entries.calls.len() < MOST {
                entries.calls.push(self.call.clone());
            }
        }
    }

    fn note(&mut self) {
        self.call.ms = line::milliseconds(self.started.elapsed());
        let mut entries = self.journal.entries();
        if let Some(entry) = self.place.and_then(|place| entries.calls.get_mut(place)) {
            entry.clone_from(&self.call);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.note();
        let late = self.place.is_some() && self.journal.entries().closed;
        if late && self.call.outcome != "cancelled" {
            let request_id = &self.journal.request_id;
            let call = &self.call;
            self.journal.log.write(&LateCall { time: line::now(), event: "call_ended", request_id, call });
        }
    }
}
