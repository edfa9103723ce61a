//! Bodies that clients send: checked in full, passed on as they came, and what is done with them done once.

use crate::client::{self, Answer};
use crate::gateway::{Gateway, Program, both};
use crate::upstream::{Reply, Upstream};

both!(bodies::Bodies:
    an_order_is_passed_on_as_it_came,
    statuses_to_relay_reach_the_client_without_their_body,
    nothing_is_sent_before_its_guards,
    an_effect_that_fails_leaves_its_mark,
    every_fault_of_a_body_is_named,
    what_is_no_json_is_refused,
    a_body_has_a_bound,
    open_types_take_what_they_do_not_name,
    a_part_of_a_body_is_built_anew,
    a_body_is_any_value,
    what_a_lost_client_began_is_finished,
);

const KEY: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";
const ORDER: &str = r#"{ "note" : "a \u00e9", "lines":[{"quantity":2,"product_id":11},{"product_id":12}], "extra":{"n":1.50,"n2":[1E2]} }"#;

async fn order(gateway: &Gateway, body: impl Into<Vec<u8>>) -> Answer {
    let request = gateway.request("POST", "/orders").header("content-type", "application/json");
    client::send(request.header("Idempotency-Key", KEY).body(body.into())).await
}

async fn orders() -> Upstream {
    Upstream::with([
        ("POST /orders", Reply::status(201, r#"{"status":"new","id":42,"internal":"secret"}"#)),
        ("POST /audit", Reply::keep("HTTP/1.1 204 No Content\r\n\r\n")),
    ])
    .await
}

async fn an_order_is_passed_on_as_it_came(program: Program) {
    let orders = orders().await;
    let gateway = program.with([("Orders", &orders)]).await;

    let answer = order(&gateway, ORDER).await;
    assert_eq!((answer.status, answer.complete()), (201, r#"{"id":42,"status":"new"}"#));
    assert_eq!(answer.header("location"), Some("/orders/42"));
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("last=42; ") && cookie.contains("HttpOnly") && cookie.contains("Secure"), "{cookie}");

    assert_eq!(orders.lines(), ["POST /orders", "POST /audit"]);
    let sent = orders.only("POST /orders");
    assert_eq!(sent.body, ORDER);
    assert_eq!((sent.header("idempotency-key"), sent.header("content-type")), (Some(KEY), Some("application/json")));
    let audit = orders.only("POST /audit");
    let lines = r#"[{"product_id":11,"quantity":2},{"product_id":12,"quantity":1}]"#;
    assert_eq!(audit.body, format!(r#"{{"order":42,"note":"a \u00e9","lines":{lines}}}"#));
    assert_eq!(audit.header("idempotency-key"), None);
}

async fn statuses_to_relay_reach_the_client_without_their_body(program: Program) {
    let orders = orders().await;
    let gateway = program.with([("Orders", &orders)]).await;
    for status in [409, 422] {
        orders.on("POST /orders", Reply::with_headers(status, "X-Secret: a\r\n", r#"{"why":"a secret"}"#));
        let answer = order(&gateway, ORDER).await;
        assert_eq!(answer.problem(status)["operation"], "Orders.create");
        assert!(!answer.body.contains("secret") && answer.header("x-secret").is_none(), "{answer:?}");
    }
    orders.on("POST /orders", Reply::status(400, r#"{"why":"a secret"}"#));
    order(&gateway, ORDER).await.failure_of("Orders.create", 502);
    assert!(orders.lines().iter().all(|line| line == "POST /orders"), "nothing follows what failed");
}

async fn nothing_is_sent_before_its_guards(program: Program) {
    let orders = orders().await;
    let gateway = program.with([("Orders", &orders)]).await;
    let answer = order(&gateway, r#"{"lines":[{"product_id":1}],"priority":"high"}"#).await;
    assert_eq!(answer.problem(422)["detail"], "a high priority needs a note");
    assert_eq!(orders.lines(), [""; 0]);
    let answer = order(&gateway, r#"{"lines":[{"product_id":1}],"priority":"high","note":"now"}"#).await;
    assert_eq!(answer.status, 201);
}

async fn an_effect_that_fails_leaves_its_mark(program: Program) {
    let orders = orders().await;
    let gateway = program.with([("Orders", &orders)]).await;
    orders.on("POST /audit", Reply::status(500, "a secret"));
    assert_eq!(order(&gateway, ORDER).await.incomplete(), r#"{"id":42,"status":"new"}"#);
    // Any 2xx will do where no type is declared, whatever comes with it.
    orders.on("POST /audit", Reply::status(200, "no JSON at all"));
    assert_eq!(order(&gateway, ORDER).await.complete(), r#"{"id":42,"status":"new"}"#);
}

async fn every_fault_of_a_body_is_named(program: Program) {
    let orders = orders().await;
    let gateway = program.with([("Orders", &orders)]).await;
    let body = r#"{"lines":[{"product_id":0,"quantity":100},{"quantity":"1","color":"red"},{"product_id":1.5},7,
        {"product_id":1,"gift":{"text":7,"wrap":null}},{"product_id":1,"product_id":2}],
        "priority":"urgent","note":5,"note":"twice","a/b~c":1}"#;
    let mut violations = order(&gateway, body).await.violations();
    violations.sort();
    assert_eq!(
        violations,
        [
            "/a~1b~0c: unknown field",
            "/lines/0/product_id: must be at least 1",
            "/lines/0/quantity: must be at most 99",
            "/lines/1/color: unknown field",
            "/lines/1/product_id: is missing",
            "/lines/1/quantity: expected a whole number, found a string",
            "/lines/2/product_id: expected a whole number, found a fraction",
            "/lines/3: expected an object, found a number",
            "/lines/4/gift/text: expected a string, found a number",
            "/lines/4/gift/wrap: expected a boolean, found null",
            "/lines/5/product_id: the key appears more than once",
            "/note: expected a string, found a number",
            "/note: the key appears more than once",
            "/priority: must be one of low, high",
        ]
    );
    // A header beside it is checked in the same breath.
    let request = gateway.request("POST", "/orders?x=1").header("content-type", "application/json").body("{}");
    let mut violations = client::send(request).await.violations();
    violations.sort();
    assert_eq!(violations, ["/lines: is missing", "idempotency-key: is missing", "x: unknown parameter"]);
    assert_eq!(orders.lines(), [""; 0]);
}

async fn what_is_no_json_is_refused(program: Program) {
    let orders = orders().await;
    let gateway = program.with([("Orders", &orders)]).await;
    let deep = format!(r#"{{"lines":[{{"product_id":1}}],"extra":{}{}}}"#, "[".repeat(100), "]".repeat(100));
    assert_eq!(order(&gateway, deep).await.status, 201);
    let deeper = format!(r#"{{"lines":[{{"product_id":1}}],"extra":{}{}}}"#, "[".repeat(30_000), "]".repeat(30_000));
    for body in [
        "{",
        "",
        "nul",
        r#"{"lines":[]}}"#,
        r#"{"lines":[],}"#,
        r"{'lines':[]}",
        "{\"note\":\"\u{1}\"}",
        r#"{"note":"\ud800"}"#,
        r#"{"note":NaN}"#,
        deeper.as_str(),
        &"[".repeat(60_000),
    ] {
        let shown = &body[..body.len().min(80)];
        let answer = order(&gateway, body).await;
        answer.problem(400);
        assert!(answer.body.len() < 1_000, "{shown}: {answer:?}");
    }
    order(&gateway, b"{\"note\":\"\xff\"}".to_vec()).await.problem(400);
    for media in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"] {
        let request = gateway.request("POST", "/orders").header("content-type", media).header("Idempotency-Key", KEY);
        client::send(request.body(ORDER)).await.problem(415);
    }
    client::send(gateway.request("POST", "/orders").header("Idempotency-Key", KEY).body(ORDER)).await.problem(415);
    assert_eq!(orders.lines(), ["POST /orders", "POST /audit"]);
}

async fn a_body_has_a_bound(program: Program) {
    let orders = orders().await;
    let gateway = program.with([("Orders", &orders)]).await;
    let padded = |length: usize| format!("{ORDER}{}", " ".repeat(length - ORDER.len()));
    assert_eq!(order(&gateway, padded(64 * 1024)).await.status, 201);
    order(&gateway, padded(64 * 1024 + 1)).await.problem(413);
    // One that is not announced is cut where it is too long.
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    let head = format!(
        "POST /orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nIdempotency-Key: {KEY}\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let endless = format!("{head}{}0\r\n\r\n", chunk.repeat(17));
    client::send_bytes(gateway.address, endless).await.problem(413);
    let broken = format!("{head}{chunk}zz\r\n");
    assert_eq!(client::send_bytes(gateway.address, broken).await.status, 400);
    assert_eq!(orders.lines(), ["POST /orders", "POST /audit"]);
}

async fn open_types_take_what_they_do_not_name(program: Program) {
    let orders = Upstream::with([("POST /any", Reply::json(r#"{"status":"x","id":1,"more":2}"#))]).await;
    let gateway = program.with([("Orders", &orders)]).await;
    let body = r#"{"more":{"a":[1.0]},"kind":"k","and":null}"#;
    let answer = gateway.send("POST", "/any", body).await;
    assert_eq!(answer.complete(), r#"{"made":{"id":1,"status":"x"},"kind":"k"}"#);
    assert_eq!(orders.only("POST /any").body, body);

    // A type that can be null may come as nothing at all.
    orders.on("POST /any", Reply::keep("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    assert_eq!(gateway.send("POST", "/any", body).await.complete(), r#"{"made":null,"kind":"k"}"#);
}

async fn a_part_of_a_body_is_built_anew(program: Program) {
    let orders = Upstream::with([("PUT /orders/5", Reply::json(r#"{"id":5,"status":"x"}"#))]).await;
    let gateway = program.with([("Orders", &orders)]).await;
    let body = r#"{"priority":"low","extra":[1.0,{"b":2,"a":1}],"customer-ref":"r","lines":[{"gift":{"wrap":true,"text":"\"hi\""},"product_id":1},{"product_id":2,"gift":null}]}"#;
    let answer = gateway.send("PUT", "/orders/5", body).await;
    assert_eq!(answer.complete(), r#"{"id":5,"gifts":[{"text":"\"hi\""},{"text":null}]}"#);
    // What is passed on whole keeps what it was: a default is not written into it.
    let sent: serde_json::Value = serde_json::from_str(&orders.only("PUT /orders/5").body).expect("JSON");
    assert_eq!(
        sent,
        serde_json::json!({
            "lines": [{ "product_id": 1, "gift": { "text": "\"hi\"", "wrap": true } }, { "product_id": 2, "gift": null }],
            "priority": "high", "note": "by 5", "customer-ref": "r", "extra": [1.0, { "b": 2, "a": 1 }],
        })
    );
}

async fn a_body_is_any_value(program: Program) {
    let gateway = program.with([]).await;
    for (body, kind) in
        [(r#"{"a":1,"kind":[1.50]}"#, "[1.50]"), (r#"{"a":{}}"#, "null"), ("[1]", "null"), ("null", "null")]
    {
        let answer = gateway.send("POST", "/json", body).await;
        assert_eq!(answer.complete(), format!(r#"{{"kind":{kind},"all":{body}}}"#));
    }
    assert_eq!(gateway.send("PUT", "/text", r#""a\n""#).await.complete(), r#"{"text":"a\n"}"#);
    assert_eq!(gateway.send("PUT", "/text", "1").await.violations(), ["body: expected a string, found a number"]);
    assert_eq!(gateway.send("PUT", "/number", "7").await.complete(), r#"{"next":8}"#);
}

async fn what_a_lost_client_began_is_finished(program: Program) {
    let orders = orders().await;
    orders.on("POST /orders", Reply::status(201, r#"{"status":"new","id":42}"#).after(150));
    let gateway = program.with([("Orders", &orders)]).await;
    let request = gateway.request("POST", "/orders").header("content-type", "application/json");
    let request = request.header("Idempotency-Key", KEY).body(ORDER);
    let client = tokio::spawn(request.send());
    orders.wait_for("POST /orders").await;
    client.abort();

    let asked = orders.until("finished", |asked| asked.iter().any(|one| one.answered.is_some())).await;
    assert!(!asked[0].cancelled, "{asked:?}");
    let log = gateway.log(2).await;
    let (left, ended) = (&log[0], &log[1]);
    assert!(left.get("status").is_none(), "{left}");
    assert_eq!((&left["calls"][0]["outcome"], &ended["event"]), (&"running".into(), &"call_ended".into()));
    assert_eq!((&ended["call"]["outcome"], &ended["call"]["status"]), (&"ok".into(), &201.into()));
    assert_eq!(ended["request_id"], left["request_id"]);
    assert_eq!(orders.lines(), ["POST /orders"], "and nothing is begun after it");
}
