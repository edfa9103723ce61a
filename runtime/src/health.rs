//! Whether the gateway is well: 200 while it takes requests, 503 once it was told to stop.

use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, Request, StatusCode};
use axum::response::Response;

/// The answer at the health path.
pub(crate) fn answer<B>(request: &Request<B>, draining: bool) -> Response {
    let (status, body) = match *request.method() {
        Method::GET | Method::HEAD if draining => (StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"draining"}"#),
        Method::GET | Method::HEAD => (StatusCode::OK, r#"{"status":"ok"}"#),
        _ => (StatusCode::METHOD_NOT_ALLOWED, r#"{"status":"ask with GET"}"#),
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("GET,HEAD"));
    }
    response
}
