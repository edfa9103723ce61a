//! An error as an answer: `application/problem+json`, RFC 9457.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::{Error, Kind};
use crate::input::Violation;

/// Seconds after which a client may try again when something is busy.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");

#[derive(Serialize)]
struct Problem<'a> {
    r#type: &'static str,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    violations: Vec<Wrong<'a>>,
}

#[derive(Serialize)]
struct Wrong<'a> {
    at: &'a str,
    why: &'a str,
}

impl Error {
    /// The answer that the client gets. The one place where an error becomes bytes: nothing of its reason is in them.
    pub fn to_response(&self, request_id: Option<&str>) -> Response {
        let problem = Problem {
            r#type: "about:blank",
            title: title(self.status()),
            status: self.status().as_u16(),
            detail: self.says(),
            operation: self.operation(),
            request_id,
            violations: self.list().iter().map(|Violation { at, why }| Wrong { at, why }).collect(),
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.kind() == Kind::Busy {
            headers.insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        response
    }
}

/// With the type `about:blank` the title is the status's own phrase.
fn title(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Error")
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.to_response(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body(response: Response) -> serde_json::Value {
        let bytes = axum::body::to_bytes(response.into_body(), 4096).await.expect("a whole body");
        serde_json::from_slice(&bytes).expect("JSON")
    }

    #[tokio::test]
    async fn the_reason_stays_inside() {
        let error = Error::upstream(Kind::Contract, "Users.user", "$.name: a secret \"x\" at http://10.0.0.1");
        let response = error.to_response(Some("r-1"));
        assert_eq!(response.status(), 502);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
        assert_eq!(
            body(response).await,
            serde_json::json!({
                "type": "about:blank", "title": "Bad Gateway", "status": 502,
                "detail": "`Users.user` gave no answer that can be used", "operation": "Users.user", "request_id": "r-1",
            })
        );
    }

    #[tokio::test]
    async fn violations_are_listed() {
        let error =
            Error::violations(vec![Violation { at: "id_user".to_owned(), why: "must be at least 1".to_owned() }]);
        let body = body(error.into_response()).await;
        assert_eq!(body["violations"], serde_json::json!([{ "at": "id_user", "why": "must be at least 1" }]));
        assert_eq!(body["status"], 400);
    }

    #[test]
    fn what_is_busy_says_when_to_come_back() {
        let busy = Error::upstream(Kind::Busy, "Users.user", "queue full").into_response();
        assert_eq!(busy.status(), 503);
        assert_eq!(busy.headers()[RETRY_AFTER], "1");
        assert_eq!(Error::overload().into_response().headers()[RETRY_AFTER], "1");
        assert!(Error::deadline().into_response().headers().get(RETRY_AFTER).is_none());
    }
}
