//! Messages that two programs could read in two ways.

use std::sync::Arc;

use crate::client::send;
use crate::shop;
use crate::upstream;

/// Each payload with the statuses it may get. All close the connection.
const REFUSED: &[(&str, &[u16])] = &[
    // Both lengths, in either order and in any writing.
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", &[400]),
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n", &[400]),
    ("POST /users/k HTTP/1.1\r\nHost: a\r\ntransfer-encoding:chunked\r\nCONTENT-LENGTH:0\r\n\r\n0\r\n\r\n", &[400]),
    // Transfer encodings.
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", &[501]),
    (
        "POST /users/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        &[501],
    ),
    (
        "POST /users/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        &[400, 501],
    ),
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", &[400, 501]),
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", &[400, 501]),
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", &[400]),
    ("POST /users/k HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", &[400]),
    // Lengths.
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", &[400]),
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\na", &[400]),
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na", &[400]),
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\na", &[400]),
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\na", &[400]),
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\na", &[400]),
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\na", &[400, 413]),
    // Chunks.
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\na\r\n0\r\n\r\n", &[400]),
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n", &[400]),
    (
        "POST /users/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\na\r\n0\r\n\r\n",
        &[400, 413],
    ),
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", &[400]),
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\na\n0\n\n", &[400]),
    // Hosts.
    ("GET /gone HTTP/1.1\r\n\r\n", &[400]),
    ("GET /gone HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", &[400]),
    ("GET /gone HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", &[400]),
    ("GET /gone HTTP/1.1\r\nHost:\r\n\r\n", &[400]),
    ("GET /gone HTTP/1.1\r\nHost: a b\r\n\r\n", &[400]),
    ("GET /gone HTTP/1.1\r\nHost: a/b\r\n\r\n", &[400]),
    ("GET /gone HTTP/1.1\r\nHost: user@a\r\n\r\n", &[400]),
    ("GET /gone HTTP/1.1\r\nHost: a, b\r\n\r\n", &[400]),
    ("GET http://b/gone HTTP/1.1\r\nHost: a\r\n\r\n", &[400]),
    ("GET http://user@a/gone HTTP/1.1\r\nHost: a\r\n\r\n", &[400]),
    // Targets and methods.
    ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", &[400]),
    ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", &[400]),
    ("GET /gone#x HTTP/1.1\r\nHost: a\r\n\r\n", &[400]),
    ("GET /gone?a#x HTTP/1.1\r\nHost: a\r\n\r\n", &[400]),
    ("GET gone HTTP/1.1\r\nHost: a\r\n\r\n", &[400]),
    ("GET /go ne HTTP/1.1\r\nHost: a\r\n\r\n", &[400]),
    ("GET\t/gone HTTP/1.1\r\nHost: a\r\n\r\n", &[400]),
    ("GET  /gone HTTP/1.1\r\nHost: a\r\n\r\n", &[400]),
    ("GET /gone HTTP/2.0\r\nHost: a\r\n\r\n", &[400, 505]),
    ("GET /gone HTTP/1.2\r\nHost: a\r\n\r\n", &[400, 505]),
    ("GET /gone\r\nHost: a\r\n\r\n", &[400]),
    ("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", &[501]),
    ("TRACE /gone HTTP/1.1\r\nHost: a\r\n\r\n", &[501]),
    // Lines.
    ("GET /gone HTTP/1.1\nHost: a\n\n", &[400]),
    ("GET /gone HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", &[400]),
    ("GET /gone HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", &[400]),
    ("GET /gone HTTP/1.1\r\nHost: a\r\n X: b\r\n\r\n", &[400]),
    ("GET /gone HTTP/1.1\r\n Host: a\r\n\r\n", &[400]),
    ("GET /gone HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n", &[400]),
    ("GET /gone HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n", &[400]),
    ("GET /gone HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", &[400]),
    ("GET /gone HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", &[400]),
    // Expectations.
    ("POST /users/k HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\nContent-Length: 1\r\n\r\na", &[417]),
];

#[tokio::test]
async fn what_can_be_read_in_two_ways_is_refused() {
    let users = upstream::sound().await;
    let shop = shop::start(&users.url).await;
    for (payload, statuses) in REFUSED {
        // What follows must not be taken for a request of its own.
        let answer = send(shop.address, format!("{payload}GET /users/smuggled HTTP/1.1\r\nHost: a\r\n\r\n")).await;
        let status = answer.split(' ').nth(1).and_then(|status| status.parse::<u16>().ok());
        assert!(status.is_some_and(|status| statuses.contains(&status)), "{payload:?}: {answer:?}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{payload:?}: {answer:?}");
    }
    assert_eq!(users.requests(), Vec::<String>::new(), "nothing reached the upstream");
}

#[tokio::test]
async fn the_second_of_two_requests_is_screened_too() {
    let shop = shop::start("http://127.0.0.1:9").await;
    let (payload, _) = REFUSED[1];
    for first in [
        "GET /gone HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /any/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab\r\nc",
        "POST /any/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nT: x\r\n\r\n",
    ] {
        let answer = send(shop.address, format!("{first}{payload}")).await;
        assert!(answer.contains("has both a Content-Length and a Transfer-Encoding"), "{first:?}: {answer:?}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 2, "{first:?}: {answer:?}");
    }
}

#[tokio::test]
async fn an_early_answer_takes_no_body_for_a_request() {
    let users = upstream::sound().await;
    let shop = shop::start(&users.url).await;
    // Each is answered before its body is read: 404, 405, 413, 400. What is in the body must stay there.
    for target in ["POST /nowhere", "PUT /users/7", "POST /users/k", "POST /gone"] {
        let inner = "GET /users/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
        let body = format!("{inner}{}", " ".repeat(2_000));
        let request = format!("{target} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let next = "GET /users/honest HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        let answer = send(shop.address, format!("{request}{next}")).await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{target}: {answer:?}");
    }
    assert!(users.requests().iter().all(|request| !request.contains("smuggled")), "{:?}", users.requests());
}

#[tokio::test]
async fn heads_and_targets_have_bounds() {
    let shop = shop::start("http://127.0.0.1:9").await;
    let status = async |head: String| {
        let answer = send(shop.address, format!("GET {head}\r\nHost: a\r\nConnection: close\r\n\r\n")).await;
        answer.split(' ').nth(1).map(str::to_owned).unwrap_or_default()
    };
    assert_eq!(status(format!("/gone?{} HTTP/1.1", "x".repeat(8_000))).await, "308");
    assert_eq!(status(format!("/gone?{} HTTP/1.1", "x".repeat(8_200))).await, "414");
    assert_eq!(status(format!("/gone HTTP/1.1\r\nX: {}", "x".repeat(32_000))).await, "308");
    assert_eq!(status(format!("/gone HTTP/1.1\r\nX: {}", "x".repeat(33_000))).await, "431");
    assert_eq!(status(format!("/gone HTTP/1.1\r\nX: {}", "x".repeat(600_000))).await, "431");
    assert_eq!(status(format!("/gone HTTP/1.1{}", "\r\nX: y".repeat(98))).await, "308");
    assert_eq!(status(format!("/gone HTTP/1.1{}", "\r\nX: y".repeat(99))).await, "431");
}

#[tokio::test]
async fn an_upgrade_to_h2c_is_ignored() {
    let shop = shop::start("http://127.0.0.1:9").await;
    let lines = "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: Upgrade, HTTP2-Settings, close\r\n";
    let answer = send(shop.address, format!("GET /gone HTTP/1.1\r\nHost: a\r\n{lines}\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 308 "), "{answer}");
}

#[tokio::test]
async fn http_2_is_served_on_the_same_port() {
    use axum::body::Body;
    use hyper_util::client::legacy::Client;
    use hyper_util::rt::TokioExecutor;
    let shop = shop::start("http://127.0.0.1:9").await;
    let client = Arc::new(Client::builder(TokioExecutor::new()).http2_only(true).build_http::<Body>());
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (client, address) = (Arc::clone(&client), shop.address);
            tokio::spawn(async move {
                let response = client.get(format!("http://{address}/any/x").parse().unwrap()).await.unwrap();
                (response.status().as_u16(), response.headers().contains_key("x-request-id"))
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), (200, true));
    }
}
