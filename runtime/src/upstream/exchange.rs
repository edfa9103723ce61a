//! Sends a request and takes its answer whole, within its time and its bounds.

use std::error::Error as _;
use std::time::Duration;

use axum::http::{HeaderMap, Method, Response, StatusCode};
use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper_util::client::legacy;
use tokio::time::{Instant, timeout, timeout_at};

use super::connector::{HEADER_LIMIT, Used};
use super::{Address, Operation, Upstream};
use crate::call::journal::Running;
use crate::error::Kind;

/// An answer's body that nobody reads is taken up to here, so that its connection can be used again.
const DRAIN_BYTES: u64 = 64 * 1024;
/// And no longer than this.
const DRAIN_TIME: Duration = Duration::from_millis(20);

/// A request that is ready to go, and needs nothing of the call it is made for.
pub(super) struct Prepared {
    pub(super) upstream: Upstream,
    pub(super) operation: &'static Operation,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) deadline: Instant,
    pub(super) response_limit: usize,
    /// Whether anyone reads the body of its answer.
    pub(super) wants_body: bool,
}

/// What came back, as far as the status tells.
#[derive(Debug, Clone)]
pub(super) enum Received {
    /// 2xx, with its body.
    Whole(Bytes),
    /// A status that means null.
    Absent,
    /// A status that the client gets.
    Relay(StatusCode),
}

/// Why nothing usable came back. The reason is for the log.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    pub(super) reason: String,
}

impl Failure {
    fn new(kind: Kind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into() }
    }
}

impl Prepared {
    /// Waits for a turn, sends, and takes the answer, until the deadline.
    pub(super) async fn exchange(self, running: &mut Running) -> Result<Received, Failure> {
        match timeout_at(self.deadline, self.take_turn(running)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failure::new(Kind::Late, "no answer in time")),
        }
    }

    async fn take_turn(&self, running: &mut Running) -> Result<Received, Failure> {
        let Some(_turn) = self.upstream.0.gate.enter().await else {
            return Err(Failure::new(Kind::Busy, "too many calls are under way"));
        };
        let response = self.send().await?;
        Used::mark(response.extensions());
        running.status(response.status().as_u16());
        // hyper's own bound is one on its buffer, which is read into in large pieces.
        let head: usize = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
        if head > HEADER_LIMIT {
            return Err(Failure::new(Kind::TooLarge, format!("a head over {HEADER_LIMIT} bytes")));
        }
        self.receive(response).await
    }

    /// Sends to one address after the other, as long as nothing of the request has left.
    async fn send(&self) -> Result<Response<Incoming>, Failure> {
        let mut unreachable = Failure::new(Kind::Unreachable, "the service has no address");
        for address in self.upstream.in_turn() {
            match self.send_to(address).await {
                Ok(response) => return Ok(response),
                Err(error) if error.is_connect() => {
                    unreachable = Failure::new(Kind::Unreachable, format!("{address}: {}", chain(&error)));
                }
                Err(error) => return Err(failure(address, &error)),
            }
        }
        Err(unreachable)
    }

    /// Sends to one address. A safe request is sent again when a connection that had been idle turns out to be closed.
    async fn send_to(&self, address: &Address) -> Result<Response<Incoming>, SendError> {
        let first = self.send_once(address).await;
        match first {
            Err(SendError::Client(error)) if self.operation.safe && Used::was(&error) && is_closed(&error) => {
                self.send_once(address).await
            }
            first => first,
        }
    }

    async fn send_once(&self, address: &Address) -> Result<Response<Incoming>, SendError> {
        let target = address.join(&self.path).ok_or(SendError::Target)?;
        let mut request = axum::http::Request::new(Full::new(self.body.clone()));
        *request.method_mut() = self.operation.method.clone();
        *request.uri_mut() = target;
        request.headers_mut().clone_from(&self.headers);
        self.upstream.0.client.request(request).await.map_err(SendError::Client)
    }

    /// What the status means, and the body where one is wanted.
    async fn receive(&self, response: Response<Incoming>) -> Result<Received, Failure> {
        let status = response.status();
        let body = response.into_body();
        let (operation, code) = (self.operation, status.as_u16());
        let received = if operation.absent.contains(&code) {
            Received::Absent
        } else if operation.relay.contains(&code) {
            Received::Relay(status)
        } else if !status.is_success() {
            drain(body).await;
            return Err(Failure::new(Kind::Status, format!("status {code}")));
        } else if self.wants_body && operation.method != Method::HEAD {
            return collect(body, self.response_limit).await.map(Received::Whole);
        } else {
            Received::Whole(Bytes::new())
        };
        drain(body).await;
        Ok(received)
    }
}

/// Why sending failed.
enum SendError {
    /// The path can't stand in an address.
    Target,
    Client(legacy::Error),
}

impl SendError {
    fn is_connect(&self) -> bool {
        matches!(self, Self::Client(error) if error.is_connect())
    }
}

/// Whether the connection was closed before any of the answer came.
fn is_closed(error: &legacy::Error) -> bool {
    let source = error.source().and_then(|source| source.downcast_ref::<hyper::Error>());
    source.is_some_and(|error| {
        error.is_incomplete_message() || error.is_canceled() || error.is_closed() || is_reset(error)
    })
}

/// Whether the other side had closed so thoroughly that writing failed.
fn is_reset(error: &hyper::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionReset, NotConnected};
    let source = error.source().and_then(|source| source.downcast_ref::<std::io::Error>());
    source.is_some_and(|error| matches!(error.kind(), BrokenPipe | ConnectionReset | NotConnected))
}

fn failure(address: &Address, error: &SendError) -> Failure {
    let kind = match error {
        SendError::Target => Kind::Contract,
        SendError::Client(error) => match error.source().and_then(|source| source.downcast_ref::<hyper::Error>()) {
            Some(error) if error.is_parse_too_large() => Kind::TooLarge,
            Some(error) if error.is_parse() => Kind::Contract,
            _ => Kind::Unreachable,
        },
    };
    Failure::new(kind, format!("{address}: {}", chain(error)))
}

/// An error with all that led to it: the outermost alone says little.
fn chain(error: &SendError) -> String {
    let error = match error {
        SendError::Target => return "the path is too long or can't stand in an address".to_owned(),
        SendError::Client(error) => error,
    };
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// Takes a body whole, up to its limit. What its length says is believed only to refuse it early.
async fn collect(mut body: Incoming, limit: usize) -> Result<Bytes, Failure> {
    let too_large = || Failure::new(Kind::TooLarge, format!("a body over {limit} bytes"));
    let length = body.size_hint().exact().map(|length| usize::try_from(length).unwrap_or(usize::MAX));
    if length.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|_| Failure::new(Kind::Unreachable, "the connection broke before the answer was whole"))?;
        let Ok(data) = frame.into_data() else { continue };
        if first.len() + whole.len() + data.len() > limit {
            return Err(too_large());
        }
        // A body that comes in one piece is not copied.
        if first.is_empty() && whole.is_empty() {
            first = data;
            continue;
        }
        if whole.is_empty() {
            whole.reserve(length.unwrap_or(first.len() + data.len()));
            whole.extend_from_slice(&std::mem::take(&mut first));
        }
        whole.extend_from_slice(&data);
    }
    Ok(if whole.is_empty() { first } else { whole.freeze() })
}

/// Takes the rest of a body that nobody reads, where that is quick: else the connection is closed.
async fn drain(body: Incoming) {
    if body.is_end_stream() || body.size_hint().lower() > DRAIN_BYTES {
        return;
    }
    let most = usize::try_from(DRAIN_BYTES).unwrap_or(usize::MAX);
    let _ = timeout(DRAIN_TIME, Limited::new(body, most).collect()).await;
}
