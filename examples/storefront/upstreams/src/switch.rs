//! The switch: how an operation behaves can be changed while it runs.
//!
//! ```text
//! curl -X POST 'localhost:9002/__switch/cart?fail=503'    answers 503
//! curl -X POST 'localhost:9002/__switch/cart?delay=5s'    takes five seconds
//! curl -X POST 'localhost:9002/__switch/cart?off'         closes the connection without an answer
//! curl -X POST 'localhost:9002/__switch/cart?on'          works again
//! curl -X POST 'localhost:9002/__switch?off'              the same for every operation of the service
//! curl 'localhost:9002/__switch'                          tells how each behaves
//! ```

use std::fmt;
use std::sync::PoisonError;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};

use crate::service::{Operation, Service};

/// How an operation behaves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Switch {
    /// Answers this status, with a body that must never reach a client.
    pub(crate) fail: Option<StatusCode>,
    /// Takes this long instead of its usual time.
    pub(crate) delay: Option<Duration>,
    /// Closes the connection without an answer.
    pub(crate) off: bool,
}

impl Switch {
    /// Reads `fail=503&delay=5s`, `off` or `on`.
    fn read(query: &str) -> Result<Self, String> {
        let mut switch = Self::default();
        for word in query.split('&').filter(|word| !word.is_empty()) {
            match word.split_once('=').unwrap_or((word, "")) {
                ("on", "") => switch = Self::default(),
                ("off", "") => switch.off = true,
                ("fail", status) => switch.fail = Some(status.parse().map_err(|_| format!("no status: {status}"))?),
                ("delay", time) => switch.delay = Some(duration(time).ok_or_else(|| format!("no time: {time}"))?),
                _ => return Err(format!("unknown: {word} (fail=503, delay=5s, off, on)")),
            }
        }
        Ok(switch)
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.off, self.fail) {
            (true, _) => write!(f, "closes the connection")?,
            (false, Some(status)) => write!(f, "fails with {}", status.as_u16())?,
            (false, None) => write!(f, "works")?,
        }
        self.delay.map_or(Ok(()), |delay| write!(f, ", after {delay:?}"))
    }
}

/// Answers a request to the switch of one operation, or of all where `target` is empty.
pub(crate) fn answer(service: &Service, method: &Method, target: &str, query: &str) -> Response {
    let chosen: Vec<&Operation> =
        service.operations.iter().filter(|operation| target.is_empty() || operation.name == target).collect();
    if chosen.is_empty() {
        let names: Vec<_> = service.operations.iter().map(|operation| operation.name).collect();
        return (StatusCode::NOT_FOUND, format!("{} has {}\n", service.name, names.join(", "))).into_response();
    }
    if *method == Method::POST {
        match Switch::read(query) {
            Ok(switch) => chosen.iter().for_each(|operation| set(operation, switch)),
            Err(why) => return (StatusCode::BAD_REQUEST, format!("{why}\n")).into_response(),
        }
    }
    let lines: Vec<_> = chosen.iter().map(|operation| format!("{} {}", operation.name, get(operation))).collect();
    (lines.join("\n") + "\n").into_response()
}

fn set(operation: &Operation, switch: Switch) {
    *operation.switch.lock().unwrap_or_else(PoisonError::into_inner) = switch;
}

fn get(operation: &Operation) -> Switch {
    *operation.switch.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `5s`, `250ms`
fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.find(|c: char| !c.is_ascii_digit())?)?;
    let number = number.parse().ok()?;
    match unit {
        "s" => Some(Duration::from_secs(number)),
        "ms" => Some(Duration::from_millis(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_word() {
        let switch = Switch::read("fail=503&delay=250ms").unwrap();
        assert_eq!(switch.fail, Some(StatusCode::SERVICE_UNAVAILABLE));
        assert_eq!(switch.delay, Some(Duration::from_millis(250)));
        assert!(Switch::read("off").unwrap().off);
        assert_eq!(Switch::read("off&on").unwrap(), Switch::default());
        assert!(Switch::read("delay=5m").is_err());
        assert!(Switch::read("fail=7777").is_err());
    }
}
