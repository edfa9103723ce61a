//! The front page of the README: exactly the fields that are named, whole or with a null where a service is down.

use std::time::Duration;

use tokio::time::Instant;

use crate::client;
use crate::gateway::{Gateway, Program, both};
use crate::upstream::{Reply, Upstream, refusing};

both!(
    storefront::Storefront: exactly_what_is_named, calls_run_together, nothing_leaks, misbehaving_services,
    a_late_service, what_still_runs_is_dropped, the_log_says_what_happened, wrong_requests
);

const PRODUCTS: &str = r#"[ {"stock":3, "name":"Pen \u00e9 \"fine\"", "id":12345678901234567890123, "price":1.50, "secret":{"a":[1]}} , {"price":1e2,"id":2,"name":"Ink","stock":0} ]"#;
const PROMOS: &str = r#"[{"title":"a","image":"https://x.test/1.png","ends_at":"2026-01-01T00:00:00Z"},{"title":"b","image":"https://x.test/2.png","ends_at":"2026-01-01T00:00:00Z"},
{"title":"c","image":"https://x.test/3.png","ends_at":"2026-01-01T00:00:00Z"},{"title":"d","image":"https://x.test/4.png","ends_at":"2026-01-01T00:00:00Z"}]"#;
const USER: &str =
    r#"{"profile":{"segment":"vip","avatar":"https://x.test/a.png"},"name":"Ada","id":7,"password":"hunter2"}"#;
const CART: &str = r#"{"total":10.00,"lines":[{"quantity":2,"product_id":2,"note":"x"}],"coupon":"secret"}"#;

async fn exactly_what_is_named(program: Program) {
    let store =
        Upstream::with([("GET /products", Reply::json(PRODUCTS)), ("GET /marketing-promos", Reply::json(PROMOS))])
            .await;
    let users =
        Upstream::with([("GET /users/7", Reply::json(USER)), ("GET /shopping-cart/7", Reply::json(CART))]).await;
    let gateway = program.with([("Store", &store), ("Users", &users)]).await;

    let products = r#"[{"id":12345678901234567890123,"name":"Pen \u00e9 \"fine\"","price":1.50},{"id":2,"name":"Ink","price":1e2}]"#;
    let promos = r#"[{"title":"a","image":"https://x.test/1.png"},{"title":"b","image":"https://x.test/2.png"},{"title":"c","image":"https://x.test/3.png"}]"#;
    let user = r#"{"name":"Ada","avatar":"https://x.test/a.png"}"#;
    let cart = r#"{"lines":[{"product_id":2,"quantity":2}],"total":10.00}"#;
    let answer = gateway.get("/frontpage/7").await;
    assert_eq!(
        answer.complete(),
        format!(r#"{{"products":{products},"promos":{promos},"user":{user},"cart":{cart}}}"#)
    );

    users.on("GET /shopping-cart/7", Reply::status(503, "a secret"));
    let answer = gateway.get("/frontpage/7").await;
    assert_eq!(
        answer.incomplete(),
        format!(r#"{{"products":{products},"promos":{promos},"user":{user},"cart":null}}"#)
    );

    users.on("GET /users/7", Reply::status(500, "a secret"));
    gateway.get("/frontpage/7").await.failure_of("Users.user", 502);
}

/// The page with both services well.
async fn page(program: Program) -> (Gateway, Upstream, Upstream) {
    let store =
        Upstream::with([("GET /products", Reply::json(PRODUCTS)), ("GET /marketing-promos", Reply::json(PROMOS))])
            .await;
    let users =
        Upstream::with([("GET /users/7", Reply::json(USER)), ("GET /shopping-cart/7", Reply::json(CART))]).await;
    let gateway = program.with([("Store", &store), ("Users", &users)]).await;
    (gateway, store, users)
}

async fn calls_run_together(program: Program) {
    let (gateway, store, users) = page(program).await;
    for (service, line, body) in [
        (&store, "GET /products", PRODUCTS),
        (&store, "GET /marketing-promos", PROMOS),
        (&users, "GET /users/7", USER),
        (&users, "GET /shopping-cart/7", CART),
    ] {
        service.on(line, Reply::json(body).after(200));
    }
    let start = Instant::now();
    gateway.get("/frontpage/7").await.complete();
    assert!(start.elapsed() < Duration::from_millis(600), "four calls of 200 ms took {:?}", start.elapsed());
    assert_eq!((store.most_at_once(), users.most_at_once()), (2, 2));
    assert_eq!((store.asked().len(), users.asked().len()), (2, 2), "each call is made once");

    gateway.get("/frontpage/7").await.complete();
    assert_eq!((store.connections(), users.connections()), (2, 2), "connections are kept");
}

async fn nothing_leaks(program: Program) {
    let (gateway, store, users) = page(program).await;
    users.on("GET /users/7", Reply::with_headers(200, "Set-Cookie: sid=secret\r\nX-Internal: secret\r\n", USER));
    let request = gateway.request("GET", "/frontpage/7");
    let request = request
        .header("cookie", "sid=mine")
        .header("authorization", "Bearer mine")
        .header("x-forwarded-for", "10.0.0.1");
    let answer = client::send(request.header("x-request-id", "mine-1").header("connection", "x-request-id")).await;
    answer.complete();
    assert_eq!(answer.header("x-request-id"), Some("mine-1"));
    let known = ["content-type", "content-length", "date", "gateway-completed", "x-request-id"];
    let strange: Vec<_> = answer.headers.iter().filter(|(name, _)| !known.contains(&name.as_str())).collect();
    assert!(strange.is_empty(), "{strange:?}");

    let known = ["accept", "host", "traceparent", "user-agent", "x-request-id"];
    for asked in store.asked().iter().chain(&users.asked()) {
        let strange: Vec<_> = asked.headers.iter().filter(|(name, _)| !known.contains(&name.as_str())).collect();
        assert!(strange.is_empty(), "{strange:?}");
        assert_eq!(asked.header("x-request-id"), Some("mine-1"));
        let trace = asked.header("traceparent").expect("a trace");
        assert!(trace.len() == 55 && trace.starts_with("00-"), "{trace}");
    }
    assert_eq!(users.only("GET /users/7").body, "");
}

/// Every way in which a service can fail its part, and how the page, which needs the user but not the cart, takes it.
async fn misbehaving_services(program: Program) {
    let (gateway, _store, users) = page(program).await;
    let deep = format!(r#"{{"name":"Ada","profile":{{}},"x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let faults = [
        ("a status", Reply::status(500, "a secret")),
        ("a status that redirects", Reply::with_headers(302, "Location: /users/8\r\n", "")),
        ("no JSON", Reply::json("<html>secret</html>")),
        ("JSON with a tail", Reply::json(format!("{USER}x"))),
        ("half of it", Reply::close("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"name\":")),
        ("no HTTP", Reply::close("SECRET\r\n\r\n")),
        ("a closed connection", Reply::close("")),
        ("nothing at all", Reply::json("")),
        ("204", Reply::keep("HTTP/1.1 204 No Content\r\n\r\n")),
        ("100,000 levels", Reply::json(deep)),
        ("a gigabyte", Reply::flood("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", 1_000_000_000)),
        (
            "a gigabyte in no hurry to say so",
            Reply::flood("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", 1_000_000_000),
        ),
        ("a header of 100 kB", Reply::with_headers(200, &format!("X: {}\r\n", "a".repeat(100_000)), USER)),
        ("a wrong type where it is used", Reply::json(USER.replace(r#""Ada""#, "7"))),
        ("a field that is missing", Reply::json(USER.replace(r#""name":"Ada","#, ""))),
        ("a field twice", Reply::json(USER.replace(r#""id":7"#, r#""n\u0061me":"Bob""#))),
    ];
    for (what, reply) in faults {
        users.on("GET /users/7", reply.clone());
        users.on("GET /shopping-cart/7", Reply::json(CART));
        gateway.get("/frontpage/7").await.failure_of("Users.user", 502);

        users.on("GET /users/7", Reply::json(USER));
        users.on("GET /shopping-cart/7", reply);
        let answer = gateway.get("/frontpage/7").await;
        // The cart has neither `name` nor `profile`: what breaks the user's contract is no cart either.
        assert!(answer.incomplete().ends_with(r#""cart":null}"#), "{what}: {answer:?}");
    }
    users.on("GET /shopping-cart/7", Reply::json(CART.replace(r#""x""#, "[null]")));
    users.on("GET /users/7", Reply::json(USER.replace(r#""id":7"#, r#""id":"not read","id":[]"#)));
    gateway.get("/frontpage/7").await.complete();
}

async fn a_late_service(program: Program) {
    let (gateway, store, users) = page(program).await;
    users.on("GET /shopping-cart/7", Reply::hang("HTTP/1.1 200 OK\r\n"));
    let start = Instant::now();
    assert!(gateway.get("/frontpage/7").await.incomplete().ends_with(r#""cart":null}"#));
    assert!(start.elapsed() > Duration::from_millis(1_950), "the page waited for {:?}", start.elapsed());
    assert!(start.elapsed() < Duration::from_millis(2_500), "the page waited for {:?}", start.elapsed());

    users.on("GET /shopping-cart/7", Reply::json(CART));
    let slow = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{PRODUCTS}", PRODUCTS.len());
    store.on("GET /products", Reply::drip(slow, Duration::from_millis(100)));
    gateway.get("/frontpage/7").await.failure_of("Store.products", 504);
}

async fn what_still_runs_is_dropped(program: Program) {
    let (gateway, store, users) = page(program).await;
    store.on("GET /products", Reply::hang(""));
    users.on("GET /users/7", Reply::status(500, ""));
    gateway.get("/frontpage/7").await.failure_of("Users.user", 502);
    let hung_up =
        |asked: &[crate::upstream::Asked]| asked.iter().any(|asked| asked.target == "/products" && asked.cancelled);
    store.until("dropped after a failure", hung_up).await;

    let (gateway_address, before) = (gateway.address, store.asked().len());
    users.on("GET /users/7", Reply::json(USER));
    let mut stream = tokio::net::TcpStream::connect(gateway_address).await.expect("a connection");
    let request = b"GET /frontpage/7 HTTP/1.1\r\nHost: shop\r\n\r\n";
    tokio::io::AsyncWriteExt::write_all(&mut stream, request).await.expect("a request");
    store.wait_for("GET /products").await;
    store.until("asked again", |asked| asked.len() > before).await;
    drop(stream);
    let again = |asked: &[crate::upstream::Asked]| asked[before..].iter().any(|asked| asked.cancelled);
    store.until("dropped when the client leaves", again).await;
}

async fn the_log_says_what_happened(program: Program) {
    let refused = refusing().await;
    let users = Upstream::with([
        ("GET /users/7", Reply::json(USER.replace(r#""Ada""#, "7"))),
        ("GET /shopping-cart/7", Reply::json(CART)),
    ])
    .await;
    let gateway = program.at([("Store", refused.as_str()), ("Users", &users.url)]).await;
    gateway.get("/frontpage/7?secret=1").await.problem(400);
    let answer = gateway.get("/frontpage/7").await;
    assert_eq!(answer.status, 502);

    let lines = gateway.log(2).await;
    assert!(!gateway.lines.text().contains("secret"), "values of a query are in no line");
    assert_eq!((&lines[0]["status"], &lines[0]["path"]), (&400.into(), &"/frontpage/7".into()));
    let line = &lines[1];
    assert_eq!(
        (&line["endpoint"], &line["status"], &line["completed"]),
        (&"frontpage".into(), &502.into(), &false.into())
    );
    assert_eq!(line["request_id"].as_str(), answer.header("x-request-id"));
    let calls = line["calls"].as_array().expect("calls");
    assert!(
        calls.iter().any(|call| call["operation"] == "Store.products" && call["outcome"] == "unreachable"),
        "{line}"
    );
}

async fn wrong_requests(program: Program) {
    let (gateway, store, _users) = page(program).await;
    assert_eq!(gateway.get("/frontpage/0").await.violations(), ["id_user: must be at least 1"]);
    assert_eq!(gateway.get("/frontpage/seven?x=1").await.violations().len(), 2);
    assert_eq!(gateway.get("/frontpage/7/").await.status, 404);
    let answer = gateway.send("POST", "/frontpage/7", "{}").await;
    answer.problem(405);
    assert!(answer.header("allow").is_some_and(|methods| methods.contains("GET")));
    client::get_bytes(gateway.address, "/frontpage/7%", "").await.problem(400);
    client::get_bytes(gateway.address, "/frontpage/%ff", "").await.problem(400);
    assert_eq!(store.asked().len(), 0, "nothing is called for a wrong request");
}
