//! What an operation's answer may be, and what a failure means for the caller.

use std::time::Duration;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::exchange::{Failure, Prepared, Received};
use super::once::Key;
use super::{Operation, Request};
use crate::call::Call;
use crate::call::journal::Running;
use crate::error::{Error, Kind};
use crate::log::line::Drift;
use crate::server::LONGEST;

/// What was read of a body, and what of it came otherwise than declared.
pub(crate) type Read<T> = Result<(T, Vec<Drift>), String>;

impl Request<'_> {
    /// Sends it, for an operation without a type: any 2xx will do.
    pub async fn fetch_nothing(self, call: &Call) -> Result<(), Error> {
        let (running, received) = self.answer(call, false).await?;
        match received {
            Received::Absent => running.end("absent", None),
            _ => running.end("ok", None),
        }
        Ok(())
    }

    /// Sends it, for its effect and without its success: `let _ = Audit.log(…)?`.
    pub async fn fetch_nothing_or_null(self, call: &Call) -> Result<(), Error> {
        swallow(call, self.fetch_nothing(call).await).map(drop)
    }

    /// Sends it and decodes its answer into a Rust type.
    pub async fn json<T: DeserializeOwned>(self, call: &Call) -> Result<T, Error> {
        self.fetch_with(call, decode).await
    }

    /// Sends it and decodes its answer, where there is one.
    pub async fn json_if_any<T: DeserializeOwned>(self, call: &Call) -> Result<Option<T>, Error> {
        self.fetch_if_any_with(call, decode).await
    }

    pub(crate) async fn fetch_with<T>(self, call: &Call, read: impl FnOnce(&Bytes) -> Read<T>) -> Result<T, Error> {
        let operation = self.operation;
        let (running, received) = self.answer(call, true).await?;
        match received {
            Received::Whole(body) => finish(running, operation, &body, read),
            _ => Err(broken(running, operation, "nothing, where its type has no null".to_owned())),
        }
    }

    pub(crate) async fn fetch_if_any_with<T>(
        self,
        call: &Call,
        read: impl FnOnce(&Bytes) -> Read<T>,
    ) -> Result<Option<T>, Error> {
        let operation = self.operation;
        let (running, received) = self.answer(call, true).await?;
        match received {
            Received::Whole(body) if !is_null(&body) => finish(running, operation, &body, read).map(Some),
            Received::Whole(_) => {
                running.end("ok", None);
                Ok(None)
            }
            _ => {
                running.end("absent", None);
                Ok(None)
            }
        }
    }

    pub(crate) async fn fetch_or_null_with<T>(
        self,
        call: &Call,
        read: impl FnOnce(&Bytes) -> Read<T>,
    ) -> Result<Option<T>, Error> {
        let operation = self.operation;
        let outcome = if operation.nullable || !operation.absent.is_empty() {
            self.fetch_if_any_with(call, read).await
        } else {
            self.fetch_with(call, read).await.map(Some)
        };
        swallow(call, outcome).map(Option::flatten)
    }

    /// Makes the call and looks at its status. Failures and relays are in the log when this is done; of the rest the
    /// caller says how it ended.
    async fn answer(mut self, call: &Call, wants_body: bool) -> Result<(Running, Received), Error> {
        let operation = self.operation;
        if let Some(fault) = self.fault.take() {
            call.journal().start(operation.name).end(fault.kind().as_str(), fault.reason());
            return Err(fault);
        }
        let (running, outcome) = if self.once {
            self.exchange_once(call, wants_body).await
        } else if operation.safe {
            let mut running = call.journal().start(operation.name);
            let outcome = self.prepare(call, wants_body).exchange(&mut running).await;
            (running, outcome)
        } else {
            let running = call.journal().start(operation.name);
            self.prepare(call, wants_body).exchange_detached(running, operation).await?
        };
        match outcome {
            Ok(Received::Relay(status)) => {
                running.end("relayed", None);
                Err(Error::relay(operation.name, status))
            }
            Ok(received) => Ok((running, received)),
            Err(Failure { kind, reason }) => {
                running.end(kind.as_str(), Some(&reason));
                Err(Error::upstream(kind, operation.name, reason))
            }
        }
    }

    fn prepare(mut self, call: &Call, wants_body: bool) -> Prepared {
        Prepared {
            upstream: self.upstream.clone(),
            operation: self.operation,
            headers: self.headers(call),
            path: self.path,
            body: self.body,
            deadline: deadline(call, self.operation, self.timeout),
            response_limit: self.response_limit,
            wants_body,
        }
    }

    /// Makes the call unless another step did. The log has it once, and once more for each step that can't read it.
    async fn exchange_once(self, call: &Call, wants_body: bool) -> (Running, Result<Received, Failure>) {
        let operation = self.operation.name;
        let key = Key {
            operation,
            headers: self.headers.clone(),
            cookies: self.cookies.clone(),
            body: self.body.clone(),
            wants_body,
        };
        let target = self.path.clone();
        let mut first = None;
        let make = async {
            let running = first.insert(call.journal().start(operation));
            self.prepare(call, wants_body).exchange(running).await
        };
        let outcome = call.once().outcome(&target, key, make).await;
        (first.unwrap_or_else(|| call.journal().follow(operation)), outcome)
    }
}

impl Prepared {
    /// Makes an unsafe call in a task of its own: once sent it runs to its own end, whatever becomes of the request.
    async fn exchange_detached(
        self,
        mut running: Running,
        operation: &'static Operation,
    ) -> Result<(Running, Result<Received, Failure>), Error> {
        running.detached();
        let task = tokio::spawn(async move {
            let outcome = self.exchange(&mut running).await;
            match &outcome {
                Ok(_) => running.note_outcome("ok", None),
                Err(failure) => running.note_outcome(failure.kind.as_str(), Some(&failure.reason)),
            }
            (running, outcome)
        });
        task.await.map_err(|_| Error::upstream(Kind::Unreachable, operation.name, "the call was stopped"))
    }
}

/// The earlier of the operation's own time and the endpoint's.
fn deadline(call: &Call, operation: &Operation, timeout: Option<Duration>) -> Instant {
    match timeout.map(|timeout| Instant::now() + timeout.min(LONGEST)) {
        // An unsafe call is not cut short by its endpoint's deadline: half of it might have happened.
        Some(own) if !operation.safe => own,
        Some(own) => own.min(call.deadline()),
        None => call.deadline(),
    }
}

fn finish<T>(
    mut running: Running,
    operation: &Operation,
    body: &Bytes,
    read: impl FnOnce(&Bytes) -> Read<T>,
) -> Result<T, Error> {
    if body.is_empty() {
        return Err(broken(running, operation, "an empty body, where its type has no null".to_owned()));
    }
    match read(body) {
        Ok((value, drifted)) => {
            running.drifted(drifted);
            running.end("ok", None);
            Ok(value)
        }
        Err(reason) => Err(broken(running, operation, reason)),
    }
}

fn broken(mut running: Running, operation: &Operation, reason: String) -> Error {
    // A step that took another's answer and can't use it is told apart from that one.
    running.enter();
    running.end(Kind::Contract.as_str(), Some(&reason));
    Error::upstream(Kind::Contract, operation.name, reason)
}

/// `call?`: a failure is null and the answer is not complete. What is for the client passes.
fn swallow<T>(call: &Call, outcome: Result<T, Error>) -> Result<Option<T>, Error> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.passes_optional() => Err(error),
        Err(_) => {
            call.journal().swallow_failure();
            Ok(None)
        }
    }
}

/// No body, or JSON's null alone.
fn is_null(body: &Bytes) -> bool {
    matches!(body.trim_ascii(), b"" | b"null")
}

fn decode<T: DeserializeOwned>(body: &Bytes) -> Read<T> {
    serde_json::from_slice(body).map(|value| (value, Vec::new())).map_err(|error| error.to_string())
}
