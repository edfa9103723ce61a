//! Calls to upstreams, and what the client gets when they fail.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::client::{get, get_with, post};
use crate::shop::{self, Shop};
use crate::upstream::{self, Reply, answer};

/// Answers of `Users.user` that break its contract or HTTP: what the log says of each.
fn broken_answers() -> Vec<(Reply, &'static str, u16)> {
    let head = |rest: &str| format!("HTTP/1.1 200 OK\r\n{rest}\r\n").into_bytes();
    let long = format!("X-Long: {}\r\nContent-Length: 2\r\n", "x".repeat(40_000));
    vec![
        (Reply::Keep(answer(500, r#"{"secret":"boom"}"#)), "bad_status", 502),
        (Reply::Keep(answer(302, "")), "bad_status", 502),
        (Reply::Keep(answer(200, r#"{"name":"secret"#)), "contract", 502),
        (Reply::Keep(answer(200, "secret, not JSON")), "contract", 502),
        (Reply::Keep(answer(200, r#"{"name":1} secret"#)), "contract", 502),
        (Reply::Keep(answer(200, &"[".repeat(3_000))), "contract", 502),
        (Reply::Keep(answer(200, &format!("\"{}\"", "x".repeat(5_000)))), "too_large", 502),
        (Reply::Flood(head("Transfer-Encoding: chunked\r\n\r\n100000\r\n"), 1 << 20), "too_large", 502),
        (Reply::Flood(head("Content-Length: 1000000000\r\n"), 1 << 20), "too_large", 502),
        (Reply::Close(head("Content-Length: 20\r\n\r\n{\"na")), "unreachable", 502),
        (Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Le".to_vec()), "unreachable", 502),
        (Reply::Close(Vec::new()), "unreachable", 502),
        (Reply::Close(b"SSH-2.0-secret\r\n\r\n".to_vec()), "contract", 502),
        (Reply::Close(head(&long)), "too_large", 502),
        (Reply::Later(Duration::from_secs(5), answer(200, "{}")), "late", 504),
    ]
}

#[tokio::test]
async fn a_broken_answer_is_the_operations_name_and_nothing_else() {
    for (number, (reply, outcome, status)) in broken_answers().into_iter().enumerate() {
        let reply = std::sync::Mutex::new(Some(reply));
        let users = upstream::start(move |_, _| reply.lock().unwrap().take().unwrap_or(Reply::Close(Vec::new()))).await;
        let shop = shop::start(&users.url).await;
        let started = Instant::now();
        let got = get(shop.address, "/users/7").await;
        assert!(started.elapsed() < Duration::from_secs(3), "{number}: {:?}", started.elapsed());
        let problem = got.problem(status);
        assert_eq!(problem["operation"], "Users.user", "{number}");
        assert!(!got.head.contains("Gateway-Completed"), "{number}");
        for secret in ["secret", "127.0.0.1", "byte", "name"] {
            assert!(!got.body.contains(secret) && !got.head.contains(secret), "{number}: {got:?}");
        }
        let line = shop.lines.wait(1).await.remove(0);
        assert_eq!(line["calls"][0]["outcome"], outcome, "{number}: {line}");
        assert_eq!(line["outcome"], outcome, "{number}: {line}");
        assert_eq!(line["completed"], false);
        assert!(line["calls"][0]["reason"].is_string(), "{number}: {line}");
        assert_eq!(users.requests().len(), 1, "{number}: nothing is tried again");
    }
}

#[tokio::test]
async fn a_broken_contract_names_its_field_in_the_log() {
    let users = upstream::start(|_, request| {
        Reply::Keep(answer(200, if request.starts_with("GET /carts") { r#"{"total":"1.50"}"# } else { "{}" }))
    })
    .await;
    let shop = shop::start(&users.url).await;
    let got = get(shop.address, "/page/7").await;
    assert_eq!((got.status, got.body.as_str()), (200, r#"{"user":{},"cart":null}"#));
    assert_eq!(got.header("gateway-completed"), Some("false"));
    assert_eq!(got.header("cache-control"), Some("no-store"));
    let line = shop.lines.wait(1).await.remove(0);
    assert_eq!(line["completed"], false);
    let cart = line["calls"].as_array().unwrap().iter().find(|call| call["operation"] == "Users.cart").unwrap();
    assert_eq!((&cart["outcome"], &cart["status"]), (&json!("contract"), &json!(200)));
    assert!(cart["reason"].as_str().unwrap().starts_with("total: "), "{cart}");
}

#[tokio::test]
async fn an_unreachable_service_is_502_and_an_optional_one_null() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let shop = shop::start(&format!("http://{closed}")).await;
    let got = get(shop.address, "/users/7").await;
    assert_eq!(got.problem(502)["operation"], "Users.user");
    let line = shop.lines.wait(1).await.remove(0);
    assert!(line["calls"][0]["reason"].as_str().unwrap().contains(&closed.to_string()), "{line}");
}

#[tokio::test]
async fn absent_is_null_and_relay_is_the_status_with_our_own_body() {
    let users = upstream::start(|_, request| match request {
        request if request.starts_with("GET /users/404") => Reply::Keep(answer(404, "secret")),
        request if request.starts_with("GET /users/403") => Reply::Keep(answer(403, "secret")),
        request if request.starts_with("GET /users/204") => Reply::Keep(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
        request if request.starts_with("GET /users/null") => Reply::Keep(answer(200, " null\n")),
        request if request.starts_with("GET /carts/409") => Reply::Keep(answer(409, "secret")),
        _ => Reply::Keep(answer(200, r#"{"name":"Ada"}"#)),
    })
    .await;
    let shop = shop::start(&users.url).await;
    for nothing in ["404", "204", "null"] {
        let problem = get(shop.address, &format!("/users/{nothing}")).await.problem(404);
        assert_eq!(problem["detail"], "no such user");
        assert!(problem.get("operation").is_none());
    }
    let got = get(shop.address, "/users/403").await;
    assert_eq!(got.problem(403)["operation"], "Users.user");
    assert!(!got.body.contains("secret"));
    let got = get(shop.address, "/page/409").await;
    assert_eq!(got.problem(409)["operation"], "Users.cart", "a relay passes `?`");
    let outcomes: Vec<_> =
        shop.lines.wait(5).await.iter().map(|line| line["calls"][0]["outcome"].as_str().unwrap().to_owned()).collect();
    assert_eq!(outcomes[..4], ["absent", "ok", "ok", "relayed"]);
    // The bodies nobody wanted were taken, so that one connection served all but what ran side by side.
    assert!(users.connections.load(Ordering::SeqCst) <= 2);
}

#[tokio::test]
async fn only_what_is_named_goes_out() {
    let users = upstream::sound().await;
    let shop = shop::start(&users.url).await;
    let lines = "Cookie: sid=1\r\nAuthorization: Bearer secret\r\nX-Forwarded-For: 1.1.1.1\r\nUser-Agent: curl\r\n\
                 Idempotency-Key: mine\r\nX-Request-Id: my-id.1\r\nAccept: text/html\r\n\
                 traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n";
    let got = get_with(shop.address, "/page/a%2Fb%20c", lines).await;
    assert_eq!(got.body, r#"{"user":{"name":"Ada"},"cart":1.50}"#);
    assert_eq!(got.header("gateway-completed"), Some("true"));
    assert_eq!(got.header("x-request-id"), Some("my-id.1"));
    let mut requests = users.asked(2).await;
    requests.sort();
    let (cart, user) = (&requests[0], &requests[1]);
    assert!(cart.starts_with("GET /carts/a%2Fb%20c?page%5Bsize%5D=3 HTTP/1.1\r\n"), "{cart}");
    assert!(user.starts_with("GET /users/a%2Fb%20c HTTP/1.1\r\n"), "{user}");
    let mut names: Vec<_> =
        user.lines().skip(1).filter_map(|line| line.split_once(": ")).map(|(name, _)| name).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "host", "traceparent", "user-agent", "x-request-id"]);
    assert!(user.contains("x-request-id: my-id.1\r\n"));
    assert!(user.contains("accept: application/json\r\n"));
    assert!(user.contains("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-"), "{user}");
    assert!(user.contains(&format!("host: {}\r\n", users.url.trim_start_matches("http://"))));
}

#[tokio::test]
async fn values_cannot_leave_their_place() {
    let users = upstream::sound().await;
    let shop = shop::start(&users.url).await;
    for bad in [".", "..", "%2e%2e", "%2E", "%0d%0aX:%20y", "%00"] {
        let problem = get(shop.address, &format!("/users/{bad}")).await.problem(400);
        assert_eq!(problem["violations"][0]["at"], "id", "{bad}");
        // The client's own value is its fault also where the call is optional or the operation's builder can't tell.
        assert_eq!(get(shop.address, &format!("/page/{bad}")).await.status, 400, "{bad}");
    }
    let problem = post(shop.address, "/users/a%0d%0ab", "{}").await.problem(400);
    assert_eq!(problem["violations"], json!([{ "at": "key", "why": "has a control character" }]));
    assert!(users.requests().iter().all(|request| request.starts_with("GET /carts")), "{:?}", users.requests());
    for (sent, seen) in [("%252e%252e", "%252e%252e"), ("a%3Fb%23c", "a%3Fb%23c"), ("%C3%A4", "%C3%A4"), ("..a", "..a")]
    {
        get(shop.address, &format!("/users/{sent}")).await;
        let last = users.requests().pop().unwrap();
        assert!(last.starts_with(&format!("GET /users/{seen} HTTP/1.1\r\n")), "{last}");
    }
}

#[tokio::test]
async fn addresses_are_taken_in_turn_and_the_dead_are_passed_over() {
    let (one, two) = (upstream::sound().await, upstream::sound().await);
    let dead = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let addresses = [format!("http://{dead}"), one.url.clone(), two.url.clone()];
    let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
    let upstream = gatewright::codegen::Upstream::new("Users", addresses, Duration::from_millis(500));
    let call = gatewright::Call::detached();
    for _ in 0..6 {
        let user: serde_json::Value = upstream.request(&shop::USER).path("/users/7").json(&call).await.unwrap();
        assert_eq!(user["name"], "Ada");
    }
    assert_eq!((one.requests().len() + two.requests().len(), two.requests().len()), (6, 2));
    // An unsafe call goes on as well: nothing of it was sent.
    let unsafe_call = upstream.request(&shop::CREATE).path("/users").body("{}").json::<serde_json::Value>(&call).await;
    assert!(unsafe_call.is_ok());
}

#[tokio::test]
async fn a_safe_call_survives_an_idle_connection_that_was_closed() {
    // Answers one request and closes when the next comes, as a server does whose idle time runs out just then.
    let users =
        upstream::start(
            |number, _| if number % 2 == 1 { Reply::Keep(answer(200, "{}")) } else { Reply::Close(Vec::new()) },
        )
        .await;
    let shop = shop::start(&users.url).await;
    assert_eq!(get(shop.address, "/users/7").await.status, 200);
    assert_eq!(get(shop.address, "/users/7").await.status, 200);
    assert_eq!(users.requests().len(), 3, "the second was sent again");
    // An unsafe one is not: it may have been carried out.
    assert_eq!(post(shop.address, "/users/key", "{}").await.problem(502)["operation"], "Users.create");
    assert_eq!(users.requests().len(), 4);
}

#[tokio::test]
async fn an_unsafe_call_ends_though_its_client_left() {
    let users = upstream::start(|_, _| Reply::Later(Duration::from_millis(300), answer(200, "{}"))).await;
    let shop = shop::start(&users.url).await;
    let request = "POST /users/key HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}";
    let mut stream = tokio::net::TcpStream::connect(shop.address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes()).await.unwrap();
    let asked = users.asked(1).await;
    assert!(asked[0].contains("idempotency-key: key\r\n") && asked[0].ends_with("\r\n\r\n{}"), "{asked:?}");
    drop(stream);
    let lines = shop.lines.wait(2).await;
    assert_eq!((&lines[0]["outcome"], &lines[0]["calls"][0]["outcome"]), (&json!("client_lost"), &json!("running")));
    assert!(lines[0].get("status").is_none());
    assert_eq!((&lines[1]["event"], &lines[1]["call"]["outcome"]), (&json!("call_ended"), &json!("ok")));
    assert_eq!(lines[1]["request_id"], lines[0]["request_id"]);
}

#[tokio::test]
async fn a_safe_call_stops_when_its_client_leaves() {
    let users = upstream::start(|_, _| Reply::Later(Duration::from_secs(20), answer(200, "{}"))).await;
    let shop = shop::start(&users.url).await;
    let mut stream = tokio::net::TcpStream::connect(shop.address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, b"GET /users/7 HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    users.asked(1).await;
    drop(stream);
    users.left_open(0).await;
    let line = shop.lines.wait(1).await.remove(0);
    assert_eq!((&line["outcome"], &line["calls"][0]["outcome"]), (&json!("client_lost"), &json!("cancelled")));
    assert!(line["ms"].as_f64().unwrap() < 3_000.0, "{line}");
}

#[tokio::test]
async fn a_failure_cancels_what_is_still_running() {
    let users = upstream::start(|_, request| match request {
        request if request.starts_with("GET /carts") => Reply::Later(Duration::from_secs(20), answer(200, "{}")),
        _ => Reply::Later(Duration::from_millis(50), answer(500, "")),
    })
    .await;
    let shop = shop::start(&users.url).await;
    let started = Instant::now();
    assert_eq!(get(shop.address, "/page/7").await.problem(502)["operation"], "Users.user");
    assert!(started.elapsed() < Duration::from_secs(3));
    users.left_open(1).await;
    let line = shop.lines.wait(1).await.remove(0);
    assert_eq!(line["calls"][1]["outcome"], "cancelled", "{line}");
}

#[tokio::test]
async fn a_call_without_a_time_of_its_own_ends_with_its_endpoint() {
    let users = upstream::start(|_, request| match request {
        request if request.starts_with("GET /carts") => Reply::Later(Duration::from_secs(20), answer(200, "{}")),
        _ => Reply::Keep(answer(200, "{}")),
    })
    .await;
    let shop = shop::start(&users.url).await;
    let started = Instant::now();
    let got = get(shop.address, "/page/7").await;
    assert_eq!((got.status, got.body.as_str()), (200, r#"{"user":{},"cart":null}"#));
    assert_eq!(got.header("gateway-completed"), Some("false"));
    assert!((600..3_000).contains(&started.elapsed().as_millis()), "{:?}", started.elapsed());
}

#[tokio::test]
async fn typed_clients_call_without_a_request() {
    let users = upstream::sound().await;
    let shop = Shop::builder().users_url(&users.url).build().unwrap();
    let user = shop.services().users.user("7").await.unwrap();
    assert_eq!(user, Some(json!({ "name": "Ada" })));
    let error = shop.services().users.user("..").await.unwrap_err();
    assert_eq!(error.status(), 400);
}
