//! The line of a request in the log, written once and whatever becomes of it.

use axum::http::Request;
use std::sync::Arc;
use std::time::SystemTime;
use tokio::time::Instant;

use crate::call::Opening;
use crate::call::journal::Journal;
use crate::error::Error;
use crate::log::line;

/// The line of a request. Dropped before its end, the client has left, and the line says so.
pub(super) struct Report {
    endpoint: Option<&'static str>,
    method: String,
    path: String,
    trace_id: String,
    journal: Arc<Journal>,
    time: SystemTime,
    started: Instant,
    over: bool,
}

impl Report {
    pub(super) fn new<B>(endpoint: Option<&'static str>, request: &Request<B>, opening: &Opening) -> Self {
        Self {
            endpoint,
            method: request.method().as_str().to_owned(),
            path: line::bounded(request.uri().path()).into_owned(),
            trace_id: opening.trace.id().to_owned(),
            journal: Arc::clone(&opening.journal),
            time: SystemTime::now(),
            started: Instant::now(),
            over: false,
        }
    }

    /// Writes the line of an answered request.
    pub(super) fn end(mut self, status: u16, error: Option<&Error>) {
        self.over = true;
        let completed = error.is_none() && self.journal.is_completed();
        let outcome = error.map(|error| error.kind().as_str());
        self.write(Some(status), completed, outcome, error.and_then(Error::reason));
    }

    fn write(&self, status: Option<u16>, completed: bool, outcome: Option<&str>, reason: Option<&str>) {
        let calls = self.journal.close();
        self.journal.log().write(&line::Answered {
            time: line::timestamp(self.time),
            endpoint: self.endpoint,
            method: &self.method,
            path: self.path.as_str().into(),
            status,
            ms: line::milliseconds(self.started.elapsed()),
            request_id: self.journal.request_id(),
            trace_id: &self.trace_id,
            completed,
            outcome,
            reason: reason.map(line::bounded),
            calls: &calls,
        });
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        if !self.over {
            self.write(None, false, Some("client_lost"), None);
        }
    }
}
