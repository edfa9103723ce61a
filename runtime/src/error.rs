//! What can go wrong with one request: who failed, what the client may read of it, what only the log keeps.
//!
//! The two never mix: [`Error`] holds a sentence for the client, made of this crate's words, the file's words and names
//! of operations, and apart from it a reason for the log, which may hold what an upstream sent. One function,
//! [`Error::to_response`], turns an error into an answer (RFC 9457).

mod problem;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use axum::http::StatusCode;

use crate::input::Violation;

/// Who failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The client sent what it may not send, or asked for what it may not have.
    Client,
    /// This gateway could not make the answer.
    Gateway,
    /// A service that the gateway calls did not do its part.
    Upstream,
}

/// What failed, in the words of the log's `outcome`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The client's request breaks a rule: 4xx.
    Request,
    /// The gateway's file says no here (`reject`, `check`, `else 404`).
    Rejected,
    /// An upstream's status that its operation lists under `relay`.
    Relayed,
    /// No connection, or one that broke before the answer was whole.
    Unreachable,
    /// No answer in time.
    Late,
    /// The operation's queue is full, or the gateway's.
    Busy,
    /// A status that is neither 2xx nor named by the operation.
    Status,
    /// An answer that is not what the operation declares, or a request that it cannot take.
    Contract,
    /// An answer over its limit.
    TooLarge,
    /// A number that left its range, or a division by zero.
    Arithmetic,
    /// The answer could not be put into HTTP: a control character in one of its headers.
    Answer,
    /// A bug: the code of this request panicked.
    Panic,
}

impl Kind {
    /// The word for the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "bad_request",
            Self::Rejected => "rejected",
            Self::Relayed => "relayed",
            Self::Unreachable => "unreachable",
            Self::Late => "late",
            Self::Busy => "busy",
            Self::Status => "bad_status",
            Self::Contract => "contract",
            Self::TooLarge => "too_large",
            Self::Arithmetic => "arithmetic",
            Self::Answer => "bad_answer",
            Self::Panic => "panic",
        }
    }
}

/// Why a request gets no answer of its own. Cheap to clone: a call that several steps wait for fails for all of them.
#[derive(Debug, Clone)]
pub struct Error(Arc<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    kind: Kind,
    status: StatusCode,
    /// The sentence that the client reads.
    says: Cow<'static, str>,
    /// What the log keeps and no client sees.
    reason: Option<String>,
    operation: Option<&'static str>,
    violations: Vec<Violation>,
}

impl Error {
    /// The file says no: `reject 404 "no such order"`.
    pub fn reject(status: u16, says: impl Into<Cow<'static, str>>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::new(Kind::Rejected, status, says)
    }

    /// The client's request breaks a rule that is not about one value of it.
    pub fn bad_request(says: impl Into<Cow<'static, str>>) -> Self {
        Self::request(StatusCode::BAD_REQUEST, says)
    }

    /// The client's request breaks a rule of HTTP that has a status of its own.
    pub fn request(status: StatusCode, says: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Request, status, says)
    }

    /// All that is wrong with the values that the client sent: 400.
    pub fn violations(violations: Vec<Violation>) -> Self {
        let says = if violations.len() == 1 {
            "one value of the request is not as it has to be"
        } else {
            "several values of the request are not as they have to be"
        };
        Self::new(Kind::Request, StatusCode::BAD_REQUEST, says).with(|inner| inner.violations = violations)
    }

    /// A number that left its range, or a division by zero, at this place of the gateway's file: 500.
    pub fn arithmetic(place: impl Into<String>) -> Self {
        let place = place.into();
        Self::gateway(Kind::Arithmetic).with(|inner| inner.reason = Some(place))
    }

    /// An answer of ours that cannot be put into HTTP.
    pub(crate) fn answer(reason: String) -> Self {
        Self::gateway(Kind::Answer).with(|inner| inner.reason = Some(reason))
    }

    /// The code of this request panicked.
    pub(crate) fn panic(reason: String) -> Self {
        Self::gateway(Kind::Panic).with(|inner| inner.reason = Some(reason))
    }

    /// The endpoint's own time is over.
    pub(crate) fn deadline() -> Self {
        Self::new(Kind::Late, StatusCode::GATEWAY_TIMEOUT, "the answer was not ready in time")
    }

    /// The gateway has as many requests in hand as it may.
    pub(crate) fn overload() -> Self {
        Self::new(Kind::Busy, StatusCode::SERVICE_UNAVAILABLE, "the gateway is busy")
    }

    /// A call that failed. The reason goes to the log only.
    pub(crate) fn upstream(kind: Kind, operation: &'static str, reason: impl Into<String>) -> Self {
        let (status, says) = match kind {
            Kind::Late => (StatusCode::GATEWAY_TIMEOUT, format!("`{operation}` did not answer in time")),
            Kind::Busy => (StatusCode::SERVICE_UNAVAILABLE, format!("`{operation}` is busy")),
            Kind::Unreachable => (StatusCode::BAD_GATEWAY, format!("`{operation}` could not be reached")),
            _ => (StatusCode::BAD_GATEWAY, format!("`{operation}` gave no answer that can be used")),
        };
        let reason = reason.into();
        Self::new(kind, status, says).with(|inner| {
            inner.operation = Some(operation);
            inner.reason = Some(reason);
        })
    }

    /// A status that the operation lists under `relay`: the client gets it, with our own body.
    pub(crate) fn relay(operation: &'static str, status: StatusCode) -> Self {
        let says = format!("`{operation}` answered {}", status.as_u16());
        Self::new(Kind::Relayed, status, says).with(|inner| inner.operation = Some(operation))
    }

    fn gateway(kind: Kind) -> Self {
        Self::new(kind, StatusCode::INTERNAL_SERVER_ERROR, "the gateway could not make this answer")
    }

    fn new(kind: Kind, status: StatusCode, says: impl Into<Cow<'static, str>>) -> Self {
        let says = says.into();
        Self(Arc::new(Inner { kind, status, says, reason: None, operation: None, violations: Vec::new() }))
    }

    fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// What failed.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Who failed.
    pub fn side(&self) -> Side {
        match self.0.kind {
            Kind::Request | Kind::Rejected => Side::Client,
            Kind::Arithmetic | Kind::Answer | Kind::Panic => Side::Gateway,
            Kind::Busy | Kind::Late if self.0.operation.is_none() => Side::Gateway,
            _ => Side::Upstream,
        }
    }

    /// The status that the client gets.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The operation that failed, such as `Users.user`.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The sentence that the client reads.
    pub fn says(&self) -> &str {
        &self.0.says
    }

    /// What only the log may keep: it can hold pieces of an upstream's answer.
    pub fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// What is wrong with the client's values.
    pub fn list(&self) -> &[Violation] {
        &self.0.violations
    }

    /// Whether `call?` passes it on rather than turning it into null: a relay, and what is the client's own fault.
    pub(crate) fn passes_optional(&self) -> bool {
        matches!(self.0.kind, Kind::Relayed | Kind::Request | Kind::Rejected)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.says)?;
        if let Some(reason) = &self.0.reason {
            write!(formatter, ": {reason}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
