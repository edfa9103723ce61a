//! What is sent to an upstream, piece by piece. A value that can't stand in its place is told when the call is made.

use std::fmt::Display;
use std::time::Duration;

use axum::http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use bytes::Bytes;

use super::{Operation, Upstream, encode};
use crate::answer::header_value;
use crate::call::{Call, REQUEST_ID};
use crate::error::{Error, Kind};
use crate::input::Violation;
use crate::value::text::is_cookie_octet;

const PRODUCT: HeaderValue = HeaderValue::from_static(concat!("gatewright/", env!("CARGO_PKG_VERSION")));
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A request to one operation of a service.
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is fetched"]
pub struct Request<'a> {
    pub(super) upstream: &'a Upstream,
    pub(super) operation: &'static Operation,
    pub(super) timeout: Option<Duration>,
    pub(super) response_limit: usize,
    pub(super) path: String,
    has_query: bool,
    pub(super) headers: HeaderMap,
    pub(super) cookies: String,
    pub(super) body: Bytes,
    /// Whether the same call of another step will do.
    pub(super) once: bool,
    /// The first value that can't stand in its place.
    pub(super) fault: Option<Error>,
}

impl<'a> Request<'a> {
    pub(super) fn new(upstream: &'a Upstream, operation: &'static Operation) -> Self {
        Self {
            upstream,
            operation,
            timeout: operation.timeout,
            response_limit: operation.response_limit,
            path: String::with_capacity(64),
            has_query: false,
            headers: HeaderMap::new(),
            cookies: String::new(),
            body: Bytes::new(),
            once: false,
            fault: None,
        }
    }

    /// Another time than the operation's own: one that was read when the gateway started.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Another bound on the answer than the operation's own: one that was read when the gateway started.
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = bytes;
        self
    }

    /// Sends it once, though several steps of one client request do: the same operation with the same values. The others
    /// get the same answer, or the same failure. An unsafe call is made each time all the same.
    pub fn once(mut self) -> Self {
        self.once = self.operation.safe;
        self
    }

    /// A piece of the path that stands in the gateway's file.
    pub fn path(mut self, literal: &str) -> Self {
        self.path.push_str(literal);
        self
    }

    /// A value in the path, encoded. One that is empty, `.`, `..` or has a control character fails the call.
    pub fn segment(mut self, value: impl Display) -> Self {
        if let Err(bad) = encode::segment(&mut self.path, value) {
            self.refuse(format!("a value for the path {}", bad.why()));
        }
        self
    }

    /// A value in the path that is the client's own parameter: a bad one is the client's fault.
    pub fn segment_of(mut self, parameter: &'static str, value: impl Display) -> Self {
        if let Err(bad) = encode::segment(&mut self.path, value) {
            self.blame_client(parameter, bad.why());
        }
        self
    }

    /// The rest of the path: its segments encoded one by one, its slashes kept. A segment that is empty, `.`, `..` or has a
    /// control character fails the call.
    pub fn rest(mut self, value: impl Display) -> Self {
        let value = value.to_string();
        for (index, segment) in value.strip_prefix('/').unwrap_or(&value).split('/').enumerate() {
            if index > 0 {
                self.path.push('/');
            }
            self = self.segment(segment);
        }
        self
    }

    /// A query parameter, encoded.
    pub fn query(mut self, key: &str, value: impl Display) -> Self {
        encode::query(&mut self.path, &mut self.has_query, key, value);
        self
    }

    /// A query parameter that is left out when it is null.
    pub fn query_optional(self, key: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.query(key, value),
            None => self,
        }
    }

    /// A query parameter with several values, each under the same key.
    pub fn query_list(mut self, key: &str, values: impl IntoIterator<Item: Display>) -> Self {
        for value in values {
            self = self.query(key, value);
        }
        self
    }

    /// A header. A value with a control character fails the call.
    pub fn header(mut self, name: &'static str, value: impl Display) -> Self {
        if !self.add_header(name, &value.to_string()) {
            self.refuse(format!("the value of the header `{name}` has a control character"));
        }
        self
    }

    /// A header whose value is the client's own: a bad one is the client's fault.
    pub fn header_of(mut self, parameter: &'static str, name: &'static str, value: impl Display) -> Self {
        if !self.add_header(name, &value.to_string()) {
            self.blame_client(parameter, "has a control character");
        }
        self
    }

    /// A header that is left out when it is null.
    pub fn header_optional(self, name: &'static str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.header(name, value),
            None => self,
        }
    }

    /// A header with several values in one line, with commas between.
    pub fn header_list(self, name: &'static str, values: impl IntoIterator<Item: Display>) -> Self {
        let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
        if values.is_empty() { self } else { self.header(name, values.join(", ")) }
    }

    /// A cookie. A value with a character that cookies can't have fails the call.
    pub fn cookie(mut self, name: &'static str, value: impl Display) -> Self {
        let value = value.to_string();
        if !value.bytes().all(is_cookie_octet) {
            self.refuse(format!("the value of the cookie `{name}` has a character that cookies can't have"));
            return self;
        }
        let separator = if self.cookies.is_empty() { "" } else { "; " };
        self.cookies.push_str(separator);
        self.cookies.push_str(name);
        self.cookies.push('=');
        self.cookies.push_str(&value);
        self
    }

    /// A cookie that is left out when it is null.
    pub fn cookie_optional(self, name: &'static str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.cookie(name, value),
            None => self,
        }
    }

    /// The body: JSON that has been written already.
    pub fn body(mut self, json: impl Into<Bytes>) -> Self {
        self.body = json.into();
        self.headers.insert(CONTENT_TYPE, JSON);
        self
    }

    /// The body, where there is one.
    pub fn body_optional(self, json: Option<impl Into<Bytes>>) -> Self {
        match json {
            Some(json) => self.body(json),
            None => self,
        }
    }

    fn add_header(&mut self, name: &'static str, value: &str) -> bool {
        match (HeaderName::try_from(name), header_value(value)) {
            (Ok(name), Some(value)) => {
                self.headers.append(name, value);
                true
            }
            _ => false,
        }
    }

    fn refuse(&mut self, reason: String) {
        let operation = self.operation.name;
        self.fault.get_or_insert_with(|| Error::upstream(Kind::Contract, operation, reason));
    }

    fn blame_client(&mut self, parameter: &'static str, why: &'static str) {
        self.fault.get_or_insert_with(|| {
            Error::violations(vec![Violation { at: parameter.to_owned(), why: why.to_owned() }])
        });
    }

    /// All headers that go out: those named by the operation, and the few that every call carries.
    pub(super) fn headers(&mut self, call: &Call) -> HeaderMap {
        let mut headers = std::mem::take(&mut self.headers);
        headers.entry(ACCEPT).or_insert(JSON);
        headers.entry(USER_AGENT).or_insert(PRODUCT);
        if !self.cookies.is_empty()
            && let Ok(cookies) = HeaderValue::try_from(std::mem::take(&mut self.cookies))
        {
            headers.insert(COOKIE, cookies);
        }
        if let Ok(id) = HeaderValue::try_from(call.request_id()) {
            headers.insert(REQUEST_ID, id);
        }
        if let Some(parent) = call.trace().header() {
            headers.insert("traceparent", parent);
        }
        headers
    }
}
