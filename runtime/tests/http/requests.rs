//! Requests to the gateway: paths, methods, bodies, ids, and the line that each leaves.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::client::{get, get_with, parse, post, send};
use crate::shop;
use crate::upstream::{self, Reply, answer};

async fn no_upstream() -> shop::Running {
    shop::start("http://127.0.0.1:9").await
}

#[tokio::test]
async fn paths_are_matched_as_they_came() {
    let shop = no_upstream().await;
    for (path, body) in [
        ("/any/a/b", "GET a/b 0"),
        ("/any/%252F", "GET %2F 0"),
        ("/any/a//b", "GET a//b 0"),
        ("/any/%C3%A4", "GET ä 0"),
    ] {
        assert_eq!(get(shop.address, path).await.json(), body, "{path}");
    }
    for path in ["/", "/any", "/any/", "/ANY/a", "/%61ny/a", "//any/a", "/any/../page", "/panic/", "/panic%2F"] {
        let status = get(shop.address, path).await.status;
        assert_eq!(status, if path.contains("..") { 200 } else { 404 }, "{path}");
    }
    for path in ["/any/a%2Fb", "/any/%", "/any/%zz", "/any/%ff", "/any/%c0%af"] {
        let problem = get(shop.address, path).await.problem(400);
        assert_eq!(problem["violations"][0]["at"], "path", "{path}");
    }
}

#[tokio::test]
async fn methods_are_those_of_the_path() {
    let shop = no_upstream().await;
    let ask = async |method: &str, path: &str| {
        parse(&send(shop.address, format!("{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).await)
    };
    let got = ask("DELETE", "/users/7").await;
    assert_eq!(got.problem(405)["title"], "Method Not Allowed");
    let mut allowed: Vec<_> = got.header("allow").unwrap().split(',').map(str::trim).collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "POST"]);
    assert_eq!(ask("OPTIONS", "/panic").await.status, 405);
    assert_eq!(ask("PATCH", "/any/x").await.json(), "PATCH x 0");
    assert_eq!(ask("PURGE", "/any/x").await.json(), "PURGE x 0");
    let head = ask("HEAD", "/any/x").await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    let head = ask("HEAD", "/gone").await;
    assert_eq!((head.status, head.header("location")), (308, Some("/users/7")));
    assert_eq!(head.header("cache-control"), Some("no-store"));
    let lines = shop.lines.wait(6).await;
    assert_eq!((&lines[0]["endpoint"], &lines[0]["status"]), (&json!(null), &json!(405)));
}

#[tokio::test]
async fn bodies_have_a_bound_and_a_place() {
    let users = upstream::start(|_, _| Reply::Keep(answer(200, "{}"))).await;
    let shop = shop::start(&users.url).await;
    let got = post(shop.address, "/users/key", r#"{"a":1}"#).await;
    assert_eq!((got.status, got.header("location")), (201, Some("/users/key")));
    assert_eq!(
        post(shop.address, "/users/key", &"1".repeat(1025)).await.problem(413)["detail"],
        "the body is over 1024 bytes"
    );
    let chunked = |chunk: &str, count: usize| {
        let chunks = format!("{:x}\r\n{chunk}\r\n", chunk.len()).repeat(count);
        format!(
            "POST /users/key HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n"
        )
    };
    assert_eq!(parse(&send(shop.address, chunked("12345", 3)).await).status, 201);
    assert!(users.requests().pop().unwrap().ends_with("\r\n\r\n123451234512345"));
    parse(&send(shop.address, chunked(&"1".repeat(100), 20)).await).problem(413);
    let request = "GET /panic HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx";
    assert_eq!(parse(&send(shop.address, request).await).problem(400)["detail"], "this endpoint takes no body");
    let request = "GET /gone HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assert_eq!(parse(&send(shop.address, request).await).status, 308, "an empty body is none");
    let request = "POST /users/k HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n";
    parse(&send(shop.address, request).await).problem(400);
}

#[tokio::test]
async fn every_answer_has_an_id() {
    let shop = no_upstream().await;
    let made = get(shop.address, "/gone").await;
    assert_eq!(made.header("x-request-id").unwrap().len(), 32);
    assert_eq!(
        get_with(shop.address, "/gone", "X-Request-Id: a_B-1.c\r\n").await.header("x-request-id"),
        Some("a_B-1.c")
    );
    for bad in ["a b", "a\"", "é", &"x".repeat(129)] {
        let got = get_with(shop.address, "/nowhere", &format!("X-Request-Id: {bad}\r\n")).await;
        assert_ne!(got.header("x-request-id"), Some(bad));
        assert_eq!(got.status, 404);
    }
}

#[tokio::test]
async fn a_panic_is_500_for_its_own_request() {
    let shop = no_upstream().await;
    let mut stream = tokio::net::TcpStream::connect(shop.address).await.unwrap();
    let pipelined = "GET /panic HTTP/1.1\r\nHost: a\r\n\r\nGET /gone HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    tokio::io::AsyncWriteExt::write_all(&mut stream, pipelined.as_bytes()).await.unwrap();
    let text = crate::client::read_all(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 500 ") && text.contains("HTTP/1.1 308 "), "{text}");
    assert!(!text.contains("secret"));
    let line = shop.lines.wait(2).await.remove(0);
    assert_eq!((&line["outcome"], &line["reason"]), (&json!("panic"), &json!("a bug with a secret in it")));
}

#[tokio::test]
async fn the_deadline_is_504() {
    let shop = no_upstream().await;
    let started = Instant::now();
    let problem = get(shop.address, "/slow").await.problem(504);
    assert_eq!(problem["detail"], "the answer was not ready in time");
    assert!((1_500..4_000).contains(&started.elapsed().as_millis()), "{:?}", started.elapsed());
}

#[tokio::test]
async fn the_line_of_a_request_tells_all_but_what_is_private() {
    let users = upstream::sound().await;
    let shop = shop::start(&users.url).await;
    let before = Instant::now();
    get_with(shop.address, "/any/%22%1b%5B31m%0A?token=secret", "X-Request-Id: r1\r\n").await;
    get(shop.address, &format!("/any/{}", "x".repeat(5_000))).await;
    get(shop.address, "/users/7").await;
    let lines = shop.lines.wait(3).await;
    let line = &lines[0];
    let names: Vec<_> = line.as_object().unwrap().keys().map(String::as_str).collect();
    let mut wanted =
        ["time", "endpoint", "method", "path", "status", "ms", "request_id", "trace_id", "completed", "calls"];
    wanted.sort_unstable();
    assert_eq!(names, wanted);
    assert_eq!(line["path"], "/any/%22%1b%5B31m%0A");
    assert_eq!((&line["endpoint"], &line["method"], &line["status"]), (&json!("any"), &json!("GET"), &json!(200)));
    assert_eq!((&line["request_id"], &line["completed"]), (&json!("r1"), &json!(true)));
    assert!(line["ms"].as_f64().unwrap() <= before.elapsed().as_secs_f64() * 1000.0);
    assert!(!line.to_string().contains("secret"));
    assert!(lines[1]["path"].as_str().unwrap().len() < 1_100);
    let call = &lines[2]["calls"][0];
    assert_eq!(
        (&call["operation"], &call["outcome"], &call["status"]),
        (&json!("Users.user"), &json!("ok"), &json!(200))
    );
    assert!(call["ms"].as_f64().unwrap() > 0.0 && call.get("reason").is_none());
}

#[tokio::test]
async fn too_many_at_once_are_503_and_health_still_answers() {
    let limits = gatewright::Limits { in_flight: 2, ..gatewright::Limits::DEFAULT };
    let shop = shop::start_with("http://127.0.0.1:9", limits).await;
    let address = shop.address;
    let held: Vec<_> = (0..2).map(|_| tokio::spawn(async move { get(address, "/slow").await.status })).collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let refused = get(address, "/gone").await;
    refused.problem(503);
    assert_eq!(refused.header("retry-after"), Some("1"));
    let health = get(address, "/__health").await;
    assert_eq!((health.status, health.body.as_str()), (200, r#"{"status":"ok"}"#));
    for held in held {
        assert_eq!(held.await.unwrap(), 504);
    }
    assert_eq!(get(address, "/gone").await.status, 308, "the turns are given back");
}
