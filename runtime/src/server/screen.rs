//! Requests that hyper lets through and a gateway must not.

use std::net::Ipv6Addr;

use axum::http::header::{EXPECT, HOST, TRANSFER_ENCODING};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, Request, StatusCode, Version};

use super::framing::Finding;
use super::limits::Limits;
use crate::error::Error;

/// Refuses what two programs could read in two ways, and what is over its bounds.
pub(super) fn screen<B>(request: &Request<B>, finding: Option<Finding>, limits: &Limits) -> Result<(), Error> {
    match finding {
        Some(Finding::TwoLengths) => return Err(bad("the request has both a Content-Length and a Transfer-Encoding")),
        Some(Finding::Fragment) => return Err(bad("the request's target has a fragment")),
        Some(Finding::BareLineFeed) => return Err(bad("a line of the request's head ends without CR")),
        None => {}
    }
    check_size(request, limits)?;
    if matches!(*request.method(), Method::CONNECT | Method::TRACE) {
        return Err(Error::request(StatusCode::NOT_IMPLEMENTED, "this gateway has no such method"));
    }
    check_target(request)?;
    check_host(request)?;
    check_encoding(request.headers())?;
    check_expectation(request.headers())
}

fn bad(says: &'static str) -> Error {
    Error::bad_request(says)
}

fn check_size<B>(request: &Request<B>, limits: &Limits) -> Result<(), Error> {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if target > limits.target_bytes {
        return Err(Error::request(StatusCode::URI_TOO_LONG, "the request's target is too long"));
    }
    let headers = request.headers();
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if headers.len() > limits.headers || bytes > limits.header_bytes {
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return Err(Error::request(status, "the request's head is too large"));
    }
    Ok(())
}

fn check_target<B>(request: &Request<B>) -> Result<(), Error> {
    let scheme = request.uri().scheme_str();
    if !request.uri().path().starts_with('/') || scheme.is_some_and(|scheme| scheme != "http" && scheme != "https") {
        return Err(bad("the request's target is no path"));
    }
    Ok(())
}

/// One host, well formed, and the same wherever it is named. HTTP/1.0 may name none.
fn check_host<B>(request: &Request<B>) -> Result<(), Error> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let (host, second) = (hosts.next(), hosts.next());
    if second.is_some() {
        return Err(bad("the request names more than one host"));
    }
    let target = request.uri().authority().map(Authority::as_str);
    let host = match host {
        Some(host) => Some(host.to_str().map_err(|_| bad("the request's host is malformed"))?),
        None if target.is_some() && request.version() >= Version::HTTP_2 => None,
        None if request.version() == Version::HTTP_10 => None,
        None => return Err(bad("the request names no host")),
    };
    if [host, target].into_iter().flatten().any(|host| !is_host(host)) {
        return Err(bad("the request's host is malformed"));
    }
    match (host, target) {
        (Some(host), Some(target)) if !host.eq_ignore_ascii_case(target) => {
            Err(bad("the request's target and its Host name two hosts"))
        }
        _ => Ok(()),
    }
}

/// A name or an address, perhaps with a port. Names on the wire have no other characters; a comma, say, would be two
/// hosts to some.
fn is_host(text: &str) -> bool {
    let Ok(authority) = text.parse::<Authority>() else { return false };
    let host = authority.host();
    let has_port = text.len() > host.len();
    let sound = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')),
    };
    sound && !host.is_empty() && text.starts_with(host) && (!has_port || authority.port_u16().is_some())
}

fn check_encoding(headers: &HeaderMap) -> Result<(), Error> {
    let mut encodings = headers.get_all(TRANSFER_ENCODING).iter();
    match (encodings.next(), encodings.next()) {
        (None, _) => Ok(()),
        (Some(encoding), None) if encoding.as_bytes().eq_ignore_ascii_case(b"chunked") => Ok(()),
        _ => Err(Error::request(StatusCode::NOT_IMPLEMENTED, "this gateway knows no transfer encoding but `chunked`")),
    }
}

fn check_expectation(headers: &HeaderMap) -> Result<(), Error> {
    let known = |value: &axum::http::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"100-continue");
    if headers.get_all(EXPECT).iter().all(known) {
        return Ok(());
    }
    Err(Error::request(StatusCode::EXPECTATION_FAILED, "this gateway meets no such expectation"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(request: axum::http::request::Builder) -> u16 {
        let request = request.body(()).expect("a request");
        screen(&request, None, &Limits::DEFAULT).map_or_else(|error| error.status().as_u16(), |()| 200)
    }

    fn get(target: &str) -> axum::http::request::Builder {
        Request::builder().uri(target)
    }

    #[test]
    fn one_host_and_well_formed() {
        for host in ["a", "a:80", "A.example", "127.0.0.1:8080", "[::1]:8080"] {
            assert_eq!(status(get("/").header(HOST, host)), 200, "{host}");
        }
        for host in ["", "a b", "user@a", "a:", "a:x", "a:70000", "a/b", "a,b", "http://a", "a#"] {
            assert_eq!(status(get("/").header(HOST, host)), 400, "{host}");
        }
        assert_eq!(status(get("/")), 400);
        assert_eq!(status(get("/").version(Version::HTTP_10)), 200);
        assert_eq!(status(get("/").header(HOST, "a").header(HOST, "a")), 400);
    }

    #[test]
    fn the_target_and_the_host_agree() {
        assert_eq!(status(get("http://a/").header(HOST, "A")), 200);
        assert_eq!(status(get("http://a/").header(HOST, "b")), 400);
        assert_eq!(status(get("http://a/")), 400);
        assert_eq!(status(get("http://a/").version(Version::HTTP_2)), 200);
        assert_eq!(status(get("http://a/").version(Version::HTTP_2).header(HOST, "b")), 400);
        assert_eq!(status(get("ftp://a/").header(HOST, "a")), 400);
        assert_eq!(status(get("*").header(HOST, "a")), 400);
        assert_eq!(status(get("*").method("OPTIONS").header(HOST, "a")), 400);
    }

    #[test]
    fn the_rest_has_statuses_of_its_own() {
        let sound = || get("/").header(HOST, "a");
        assert_eq!(status(sound().method("TRACE")), 501);
        assert_eq!(status(get("a:80").method("CONNECT").header(HOST, "a:80")), 501);
        assert_eq!(status(sound().header(TRANSFER_ENCODING, "Chunked")), 200);
        for encoding in ["gzip, chunked", "gzip", "identity", "chunked, chunked"] {
            assert_eq!(status(sound().header(TRANSFER_ENCODING, encoding)), 501, "{encoding}");
        }
        assert_eq!(status(sound().header(EXPECT, "100-Continue")), 200);
        assert_eq!(status(sound().header(EXPECT, "200-ok")), 417);
        assert_eq!(status(sound().header("a", "x".repeat(33_000))), 431);
        assert_eq!(status(get(&format!("/{}", "x".repeat(9_000))).header(HOST, "a")), 414);
    }
}
