//! What an endpoint answers: a status, headers, and JSON or nothing.

use std::fmt::Display;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::error::Error;
use crate::value::text::is_cookie_octet;

/// The answer of an endpoint.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    /// JSON that has been written already.
    pub fn json(status: u16, body: impl Into<Bytes>) -> Self {
        let mut answer = Self::empty(status);
        answer.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        answer.body = body.into();
        answer
    }

    /// A status alone.
    pub fn empty(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// Sends the client elsewhere. The place begins with a literal of the gateway's file, so no client chooses its host.
    pub fn redirect(status: u16, location: impl Display) -> Result<Self, Error> {
        let mut answer = Self::empty(status);
        answer.headers.insert(LOCATION, value("location", &location.to_string())?);
        Ok(answer)
    }

    /// Adds a header. A second of the same name stands beside the first.
    pub fn header(mut self, name: &'static str, text: impl Display) -> Result<Self, Error> {
        let key = HeaderName::try_from(name).map_err(|_| Error::answer(format!("`{name}` is no name of a header")))?;
        self.headers.append(key, value(name, &text.to_string())?);
        Ok(self)
    }

    /// Sets a cookie that scripts can't read and that goes over TLS only.
    pub fn cookie(mut self, name: &'static str, text: impl Display) -> Result<Self, Error> {
        let text = text.to_string();
        if !text.bytes().all(is_cookie_octet) {
            return Err(Error::answer(format!(
                "the value of the cookie `{name}` has a character that cookies can't have"
            )));
        }
        let cookie = format!("{name}={text}; Path=/; HttpOnly; Secure; SameSite=Lax");
        self.headers.append(SET_COOKIE, value(name, &cookie)?);
        Ok(self)
    }

    /// Adds a header that is left out when it is null.
    pub fn header_optional(self, name: &'static str, text: Option<impl Display>) -> Result<Self, Error> {
        match text {
            Some(text) => self.header(name, text),
            None => Ok(self),
        }
    }

    /// Sets a cookie that is left out when it is null.
    pub fn cookie_optional(self, name: &'static str, text: Option<impl Display>) -> Result<Self, Error> {
        match text {
            Some(text) => self.cookie(name, text),
            None => Ok(self),
        }
    }

    /// The status that the client gets.
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

fn value(name: &str, text: &str) -> Result<HeaderValue, Error> {
    header_value(text).ok_or_else(|| Error::answer(format!("the value of the header `{name}` has a control character")))
}

/// A header's value, unless it has a control character: no value can begin another header. A tab is refused as well.
pub(crate) fn header_value(text: &str) -> Option<HeaderValue> {
    if text.bytes().any(|byte| byte.is_ascii_control()) {
        return None;
    }
    HeaderValue::from_bytes(text.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_begins_another_header() {
        for text in ["a\r\nSet-Cookie: x=1", "a\nb", "a\rb", "a\0b", "a\tb", "\u{7f}"] {
            let error = Answer::empty(200).header("X-Note", text).expect_err(text);
            assert_eq!(error.status(), 500);
            assert!(!error.says().contains("X-Note"));
            assert!(Answer::redirect(302, text).is_err());
            assert!(Answer::empty(200).cookie("sid", text).is_err());
        }
        for text in ["a;b", "a,b", "a b", "\"a\"", "ä"] {
            assert!(Answer::empty(200).cookie("sid", text).is_err(), "{text}");
        }
    }

    #[test]
    fn headers_and_cookies_are_set() {
        let answer = Answer::json(201, "{}")
            .header("Location", "/v1/orders/7")
            .and_then(|answer| answer.cookie("sid", "abc"))
            .expect("sound values");
        let response = answer.into_response();
        assert_eq!(response.status(), 201);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
        assert_eq!(response.headers()[LOCATION], "/v1/orders/7");
        assert_eq!(response.headers()[SET_COOKIE], "sid=abc; Path=/; HttpOnly; Secure; SameSite=Lax");
    }
}
