//! One client request, as the code of its endpoint sees it.

pub(crate) mod journal;
pub(crate) mod trace;

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use bytes::Bytes;
use tokio::time::Instant;

use crate::log::Log;
use crate::upstream::Once;
use crate::value::Time;
use journal::Journal;
use trace::Trace;

/// The header that names a request, on its way in, out, and to the upstreams.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How long a call that belongs to no client request may take.
const DETACHED: Duration = Duration::from_secs(30);

/// One client request: its parameters, headers and body, its deadline, and what became of the calls made for it.
pub struct Call {
    parts: Parts,
    path: Vec<(&'static str, String)>,
    body: Bytes,
    now: OnceLock<Time>,
    deadline: Instant,
    trace: Trace,
    journal: Arc<Journal>,
    once: Once,
}

impl Call {
    /// A call for the crate's own Rust, outside any client request: 30 seconds for what is called with it.
    pub fn detached() -> Self {
        let (parts, ()) = Request::new(()).into_parts();
        let opening = Opening::of(&parts.headers, Log::none());
        Self::new(parts, Vec::new(), Bytes::new(), opening, Instant::now() + DETACHED)
    }

    pub(crate) fn new(
        parts: Parts,
        path: Vec<(&'static str, String)>,
        body: Bytes,
        opening: Opening,
        deadline: Instant,
    ) -> Self {
        Self {
            parts,
            path,
            body,
            now: OnceLock::new(),
            deadline,
            trace: opening.trace,
            journal: opening.journal,
            once: Once::default(),
        }
    }

    /// A path parameter, percent-decoded once.
    pub fn path(&self, name: &str) -> Option<&str> {
        self.path.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// The query as it came, still encoded, without its `?`.
    pub fn query(&self) -> &str {
        self.parts.uri.query().unwrap_or_default()
    }

    /// The client's headers. None of them goes anywhere unless an operation or an answer names it.
    pub fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The client's method.
    pub fn method(&self) -> &Method {
        &self.parts.method
    }

    /// The client's body, whole.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The one moment that `now()` means in this request.
    pub fn now(&self) -> &Time {
        self.now.get_or_init(Time::now)
    }

    /// When the answer has to be there.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// The id of this request: the client's own where it is well formed, else made here.
    pub fn request_id(&self) -> &str {
        self.journal.request_id()
    }

    /// Whether no failure was swallowed so far: what `Gateway-Completed` will say.
    pub fn is_completed(&self) -> bool {
        self.journal.is_completed()
    }

    /// All values of the path, by name.
    pub(crate) fn path_values(&self) -> &[(&'static str, String)] {
        &self.path
    }

    /// The calls that are made once for the whole request.
    pub(crate) fn once(&self) -> &Once {
        &self.once
    }

    pub(crate) fn trace(&self) -> &Trace {
        &self.trace
    }

    pub(crate) fn journal(&self) -> &Arc<Journal> {
        &self.journal
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Call")
            .field("request_id", &self.request_id())
            .field("method", self.method())
            .field("path", &self.parts.uri.path())
            .finish_non_exhaustive()
    }
}

/// What is known of a request before its body is read: who it is, and where it stands in its trace.
pub(crate) struct Opening {
    pub(crate) trace: Trace,
    pub(crate) journal: Arc<Journal>,
}

impl Opening {
    pub(crate) fn of(headers: &HeaderMap, log: Log) -> Self {
        Self { trace: Trace::of(headers), journal: Journal::new(log, request_id(headers)) }
    }
}

/// The client's id for its request where there is one and it is well formed, else a new one.
pub(crate) fn request_id(headers: &HeaderMap) -> String {
    let mut values = headers.get_all(REQUEST_ID).iter();
    let given = match (values.next(), values.next()) {
        (Some(value), None) => well_formed_id(value),
        _ => None,
    };
    given.map_or_else(|| format!("{:032x}", fastrand::u128(..)), str::to_owned)
}

fn well_formed_id(value: &HeaderValue) -> Option<&str> {
    let text = value.to_str().ok()?;
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    ((1..=128).contains(&text.len()) && text.bytes().all(sound)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_well_formed_id_is_kept() {
        let id = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_static(text));
            request_id(&headers)
        };
        assert_eq!(id("a.B_3-x"), "a.B_3-x");
        for bad in ["", "a b", "a\"b", "a/b", "a,b"] {
            assert_ne!(id(bad), bad);
            assert_eq!(id(bad).len(), 32);
        }
        let long = "x".repeat(129);
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, HeaderValue::try_from(long.clone()).expect("a header"));
        assert_ne!(request_id(&headers), long);
        headers.insert(REQUEST_ID, HeaderValue::from_static("one"));
        headers.append(REQUEST_ID, HeaderValue::from_static("two"));
        assert_eq!(request_id(&headers).len(), 32, "two ids are no id");
    }
}
