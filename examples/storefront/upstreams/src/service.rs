//! A service of fixed data: finds the operation of a request, waits as the operation does, and answers or fails.

use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::value::RawValue;

use crate::switch::{self, Switch};

/// A service and what can be asked of it.
pub(crate) struct Service {
    /// Its name, for people.
    pub(crate) name: &'static str,
    /// What can be asked.
    pub(crate) operations: Vec<Operation>,
}

/// One operation, all of them `GET`.
pub(crate) struct Operation {
    /// Its name, which the switch knows it by.
    pub(crate) name: &'static str,
    path: &'static str,
    latency: Duration,
    data: Data,
    /// How it behaves just now.
    pub(crate) switch: Mutex<Switch>,
}

/// What an operation answers.
pub(crate) enum Data {
    /// This JSON.
    Whole(&'static str),
    /// One element of this JSON array: the first has the id 1.
    ById(&'static str),
}

impl Service {
    /// A service without operations.
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, operations: Vec::new() }
    }

    /// Everything it answers, the switch included.
    pub(crate) fn router(self) -> Router {
        Router::new().fallback(answer).with_state(Arc::new(self))
    }
}

impl Operation {
    /// An operation that works.
    pub(crate) fn new(name: &'static str, path: &'static str, latency: Duration, data: Data) -> Self {
        Self { name, path, latency, data, switch: Mutex::default() }
    }

    /// Whether a path is one of this operation's.
    fn takes(&self, path: &str) -> bool {
        match self.data {
            Data::Whole(_) => path == self.path,
            Data::ById(_) => path.starts_with(self.path),
        }
    }

    /// The JSON behind one of its paths, where there is any.
    fn read(&self, path: &str) -> Option<String> {
        match self.data {
            Data::Whole(text) => Some(text.to_owned()),
            Data::ById(text) => element(text, path.strip_prefix(self.path)?),
        }
    }
}

/// Prints a line for the person who watches.
pub(crate) fn say(line: &str) {
    // A closed terminal is no reason to stop serving.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

async fn answer(State(service): State<Arc<Service>>, method: Method, uri: Uri) -> Response {
    let started = Instant::now();
    if let Some(target) = uri.path().strip_prefix("/__switch") {
        return switch::answer(&service, &method, target.trim_start_matches('/'), uri.query().unwrap_or(""));
    }
    if uri.path() == "/__ready" {
        return "ready\n".into_response();
    }
    let response = data(&service, &method, uri.path()).await;
    say(&format!("{method} {uri} {} {} ms", response.status().as_u16(), started.elapsed().as_millis()));
    response
}

async fn data(service: &Service, method: &Method, path: &str) -> Response {
    let Some(operation) = service.operations.iter().find(|operation| operation.takes(path)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if method != Method::GET {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let switch = *operation.switch.lock().unwrap_or_else(PoisonError::into_inner);
    tokio::time::sleep(switch.delay.unwrap_or(operation.latency)).await;
    if switch.off {
        say(&format!("{method} {path} dropped"));
        // Unwinding ends the task of this connection: the caller finds it closed without an answer.
        std::panic::resume_unwind(Box::new("switched off"));
    }
    match (switch.fail, operation.read(path)) {
        (Some(status), _) => (status, format!("{{\"stack\":\"at {}.rb:214\"}}", operation.name)).into_response(),
        (None, Some(json)) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        (None, None) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The element with this id, from 1, exactly as it is written.
fn element(list: &str, id: &str) -> Option<String> {
    let list: Vec<&RawValue> = serde_json::from_str(list).ok()?;
    let place = id.parse::<usize>().ok()?.checked_sub(1)?;
    list.get(place).map(|json| json.get().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_keeps_its_digits() {
        assert_eq!(element(r#"[{"price": 1.50}, 2]"#, "1").as_deref(), Some(r#"{"price": 1.50}"#));
        assert_eq!(element("[1]", "2"), None);
        assert_eq!(element("[1]", "0"), None);
    }
}
