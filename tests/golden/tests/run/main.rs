//! Runs the generated gateways against upstreams on loopback: what goes out is what the cases say.

mod computed;
mod lists;
mod methods;
mod upstream;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use gatewright::{Log, Serve};
use gatewright_golden::{bodies, fans, flows, names, nulls, orders, parameters, storefront, values};
use tower_service::Service as _;
use upstream::Upstream;

/// The routes of a gateway that writes no log.
fn quiet(mut builder: impl Serve) -> Router {
    builder.config().set_log(Log::none());
    builder.router().expect("a gateway")
}

/// An answer: status, the headers that tests look at, and the body.
struct Answer {
    status: u16,
    completed: Option<String>,
    location: Option<String>,
    cookie: Option<String>,
    body: String,
}

async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().call(request).await.expect("a router that never fails");
    let header =
        |name: &str| response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into());
    let (status, completed) = (response.status().as_u16(), header("gateway-completed"));
    let (location, cookie) = (header("location"), header("set-cookie"));
    let body = to_bytes(response.into_body(), 1 << 20).await.expect("a whole body");
    Answer { status, completed, location, cookie, body: String::from_utf8_lossy(&body).into_owned() }
}

async fn get(router: &Router, target: &str) -> Answer {
    send(router, Request::get(target).body(Body::empty()).expect("a request")).await
}

async fn post(router: &Router, target: &str, body: &str) -> Answer {
    let request = Request::post(target)
        .header("content-type", "application/json")
        .header("idempotency-key", "67e55044-10b1-426f-9247-bb680e5fe0c8")
        .body(Body::from(body.to_owned()))
        .expect("a request");
    send(router, request).await
}

// ── storefront ───────────────────────────────────────────────────────────────────────────────────────────────────

async fn storefront(answers: &[(&str, u16, &str)]) -> Router {
    let (_, address) = Upstream::start(answers).await;
    let builder = storefront::Storefront::builder().store_url(address.clone()).users_url(address);
    quiet(builder)
}

const PRODUCTS: (&str, u16, &str) = (
    "GET /products",
    200,
    r#"[{"price":1.50,"id":1,"stock":3,"name":"P\u00e9n","more":[{}]}, {"id":2,"name":"","price":1e2,"stock":0}]"#,
);
const PROMOS: (&str, u16, &str) = (
    "GET /marketing-promos",
    200,
    r#"[{"title":"a","image":"https://i/1","ends_at":"x"},{"title":"b","image":"https://i/2"},{"title":"c","image":"https://i/3"},{"d":4}]"#,
);
const USER: (&str, u16, &str) =
    ("GET /users/7", 200, r#"{"id":7,"name":"Ada","profile":{"avatar":null,"segment":"gold"},"secret":"s"}"#);
const CART: (&str, u16, &str) =
    ("GET /shopping-cart/7", 200, r#"{"total":3.0,"lines":[{"quantity":2,"product_id":1,"x":1}]}"#);

#[tokio::test]
async fn a_page_has_the_fields_that_its_file_names() {
    let router = storefront(&[PRODUCTS, PROMOS, USER, CART]).await;
    let answer = get(&router, "/frontpage/7").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.completed.as_deref(), Some("true"));
    assert_eq!(
        answer.body,
        concat!(
            r#"{"products":[{"id":1,"name":"P\u00e9n","price":1.50},{"id":2,"name":"","price":1e2}],"#,
            r#""promos":[{"title":"a","image":"https://i/1"},{"title":"b","image":"https://i/2"},{"title":"c","image":"https://i/3"}],"#,
            r#""user":{"name":"Ada","avatar":null},"cart":{"lines":[{"product_id":1,"quantity":2}],"total":3.0}}"#
        )
    );
}

#[tokio::test]
async fn a_broken_cart_is_null_and_a_broken_user_is_the_answer() {
    let router = storefront(&[PRODUCTS, PROMOS, USER, ("GET /shopping-cart/7", 500, "secret")]).await;
    let answer = get(&router, "/frontpage/7").await;
    assert_eq!((answer.status, answer.completed.as_deref()), (200, Some("false")));
    assert!(answer.body.ends_with(r#""cart":null}"#), "{}", answer.body);

    let broken = ("GET /users/7", 200, r#"{"id":7,"name":7,"profile":{"segment":"gold"}}"#);
    let router = storefront(&[PRODUCTS, PROMOS, broken, CART]).await;
    let answer = get(&router, "/frontpage/7").await;
    assert_eq!(answer.status, 502);
    assert!(answer.body.contains("Users.user") && !answer.body.contains("name\":7"), "{}", answer.body);
}

#[tokio::test]
async fn what_a_client_sends_is_checked() {
    let router = storefront(&[]).await;
    for target in ["/frontpage/0", "/frontpage/x", "/frontpage/7?debug=1"] {
        assert_eq!(get(&router, target).await.status, 400, "{target}");
    }
}

#[tokio::test]
async fn the_crates_own_code_calls_services_as_typed_clients() {
    let (_, address) = Upstream::start(&[USER, PRODUCTS]).await;
    let builder = storefront::Storefront::builder().store_url(address.clone()).users_url(address);
    let gateway = builder.build().expect("a gateway");
    let services = gateway.services();
    let error = services.users.user(8).await.expect_err("no such user");
    assert_eq!(error.status(), 502);
    let user = services.users.user(7).await.expect("a user");
    assert_eq!((user.id, user.name.as_str(), user.profile.avatar), (7, "Ada", None));
    let products = services.store.products().await.expect("products");
    assert_eq!(products.iter().map(|product| product.price.to_string()).collect::<Vec<_>>(), ["1.50", "1e2"]);
}

// ── orders ───────────────────────────────────────────────────────────────────────────────────────────────────────

const ORDER: (&str, u16, &str) = (
    "GET /orders/1",
    200,
    r#"{"id":1,"user_id":7,"lines":[{"product_id":3,"quantity":1},{"product_id":4,"quantity":2}],"total":120.50,"status":"lost","placed_at":"2026-01-01T00:00:00Z"}"#,
);

async fn orders(answers: &[(&str, u16, &str)]) -> (Upstream, Router) {
    let (upstream, address) = Upstream::start(answers).await;
    let builder = orders::Orders::builder().orders_url(address.clone()).stock_url(address.clone()).users_url(address);
    (upstream, quiet(builder))
}

async fn order_page(router: &Router, user: &str) -> Answer {
    let request = Request::get("/v1/orders/1").header("x-user", user).body(Body::empty()).expect("a request");
    send(router, request).await
}

#[tokio::test]
async fn guards_answer_and_lists_are_fanned_out() {
    let level = ("GET /levels/3", 200, r#"{"available":5,"later":true}"#);
    let user = ("GET /users/7", 200, r#"{"id":7,"name":"Ada","email":"a@b"}"#);
    let (upstream, router) = orders(&[ORDER, level, user]).await;
    assert_eq!(order_page(&router, "8").await.status, 403);
    assert_eq!(upstream.targets(), ["GET /orders/1"]);

    let answer = order_page(&router, "7").await;
    assert_eq!((answer.status, answer.completed.as_deref()), (200, Some("false")), "{}", answer.body);
    assert_eq!(
        answer.body,
        concat!(
            r#"{"id":1,"total":120.50,"placed_at":"2026-01-01T00:00:00Z","buyer":{"name":"Ada"},"#,
            r#""lines":[{"quantity":1,"stock":{"available":5}},{"quantity":2,"stock":null}],"open":false,"large":true}"#
        )
    );

    let (_, router) = orders(&[]).await;
    let answer = order_page(&router, "7").await;
    assert_eq!(answer.status, 404);
    assert!(answer.body.contains("no such order"), "{}", answer.body);
}

#[tokio::test]
async fn several_calls_for_each_element_are_kept_together() {
    let (_, router) = orders(&[
        ORDER,
        ("GET /products/3", 200, r#"{"id":3,"name":"Pen","price":1.5}"#),
        ("GET /products/4", 200, r#"{"id":4,"name":"Ink","price":2}"#),
        ("GET /levels/4", 200, r#"{"available":9}"#),
    ])
    .await;
    assert_eq!(
        get(&router, "/v1/orders/1/lines").await.body,
        concat!(
            r#"{"lines":[{"quantity":1,"product":{"name":"Pen","price":1.5},"available":0},"#,
            r#"{"quantity":2,"product":{"name":"Ink","price":2},"available":9}]}"#
        )
    );
}

#[tokio::test]
async fn a_call_waits_for_one_of_its_join() {
    let (_, router) = orders(&[
        ("GET /users/7", 200, r#"{"id":7,"name":"Ada","email":"a@b","team":"a/b"}"#),
        ("GET /teams/a%2Fb", 200, r#"{"name":"red","lead":1,"x":2}"#),
        ("GET /orders?user=7&page%5Bsize%5D=5", 200, &format!("[{}]", ORDER.2)),
    ])
    .await;
    assert_eq!(
        get(&router, "/v1/users/7").await.body,
        r#"{"name":"Ada","team":{"name":"red","lead":1},"recent":[{"id":1,"status":"lost","first":3}],"count":"Ada has the id 7"}"#
    );
}

// ── parameters ───────────────────────────────────────────────────────────────────────────────────────────────────

async fn parameters(answers: &[(&str, u16, &str)]) -> (Upstream, Router) {
    let (upstream, address) = Upstream::start(answers).await;
    (upstream, quiet(parameters::Parameters::builder().echo_url(address)))
}

#[tokio::test]
async fn parameters_go_to_their_places() {
    let target = "GET /items/ABC-12/dark-blue?at=2026-01-01T00%3A00%3A00%2B01%3A00&page%5Bsize%5D=20&ids=1&ids=2";
    let (upstream, router) = parameters(&[(target, 200, r#"{"ok":true}"#)]).await;
    let request = Request::get("/items/ABC-12/dark-blue?ids=1&ids=2&at=2026-01-01T00:00:00%2B01:00")
        .header("cookie", "a=b; sid=xyz")
        .header("x-size", "huge")
        .body(Body::empty())
        .expect("a request");
    let answer = send(&router, request).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"ok":true}"#));
    let asked = upstream.asked().remove(0);
    assert_eq!(asked.headers, [("x-size".to_owned(), "huge".to_owned()), ("cookie".to_owned(), "sid=xyz".to_owned())]);
}

#[tokio::test]
async fn every_violation_is_told() {
    let (upstream, router) = parameters(&[]).await;
    let answer = get(&router, "/items/abc/blue?ids=x&page%5Bsize%5D=99&note=&unused=maybe").await;
    assert_eq!(answer.status, 400);
    let body: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    let at: Vec<&str> =
        body["violations"].as_array().expect("a list").iter().filter_map(|one| one["at"].as_str()).collect();
    assert_eq!(at, ["sku", "color", "at", "page[size]", "ids", "sid", "unused"]);
    for target in ["/names/%2e%2e", "/names/.", "/files/a/%2e%2e/b", "/files/a%2fb"] {
        assert_eq!(get(&router, target).await.status, 400, "{target}");
    }
    assert_eq!(upstream.targets(), Vec::<String>::new());
}

#[tokio::test]
async fn paths_keep_their_slashes_and_empty_answers_have_no_body() {
    let (_, router) =
        parameters(&[("GET /files/a/b%20c", 200, r#"{"ok":true,"no":1}"#), ("HEAD /alive", 200, "")]).await;
    assert_eq!(get(&router, "/files/a/b%20c").await.body, r#"{"ok":true}"#);
    let answer = send(&router, Request::patch("/alive").body(Body::empty()).expect("a request")).await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
}

#[tokio::test]
async fn what_is_null_is_left_out() {
    let target = "GET /names/Ada%20L?ratio=0.50&some=3&some=4";
    let (upstream, router) = parameters(&[(target, 200, r#"{"ok":false}"#)]).await;
    let request = Request::get("/names/Ada%20L?some=3&some=4&ratio=0.50").header("x-tag", "a, b");
    let answer = send(&router, request.body(Body::empty()).expect("a request")).await;
    assert_eq!(
        answer.body,
        r#"{"ok":false,"name":"Ada L","ratio":0.50,"price":null,"day":null,"id":null,"url":null,"flag":null}"#
    );
    assert_eq!(upstream.asked().remove(0).headers, [("x-tags".to_owned(), "a, b".to_owned())]);
}

// ── bodies ───────────────────────────────────────────────────────────────────────────────────────────────────────

async fn bodies(answers: &[(&str, u16, &str)]) -> (Upstream, Router) {
    let (upstream, address) = Upstream::start(answers).await;
    (upstream, quiet(bodies::Bodies::builder().orders_url(address)))
}

#[tokio::test]
async fn a_body_is_passed_on_as_it_came_and_read_in_part() {
    let made = ("POST /orders", 201, r#"{"id":9,"status":"placed"}"#);
    let (upstream, router) = bodies(&[made, ("POST /audit", 200, "")]).await;
    let body = r#"{ "lines": [ { "product_id": 3 } ], "note": "a\u0062", "priority": "high" }"#;
    let answer = post(&router, "/orders", body).await;
    assert_eq!((answer.status, answer.body.as_str()), (201, r#"{"id":9,"status":"placed"}"#));
    assert_eq!(answer.location.as_deref(), Some("/orders/9"));
    assert!(answer.cookie.is_some_and(|cookie| cookie.starts_with("last=9;")));
    let asked = upstream.asked();
    assert_eq!(
        asked.iter().map(|asked| asked.body.as_str()).collect::<Vec<_>>(),
        [body, r#"{"order":9,"note":"a\u0062","lines":[{"product_id":3,"quantity":1}]}"#]
    );
    assert_eq!(asked[0].headers[0].1, "67e55044-10b1-426f-9247-bb680e5fe0c8");
}

#[tokio::test]
async fn a_body_is_checked_in_full_before_anything_is_called() {
    let (upstream, router) = bodies(&[]).await;
    let answer = post(
        &router,
        "/orders",
        r#"{"lines":[{"product_id":0,"quantity":"x","gift":{"text":1,"extra":2}}],"priority":"low","more":1}"#,
    )
    .await;
    assert_eq!(answer.status, 400);
    let body: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    let at: Vec<&str> =
        body["violations"].as_array().expect("a list").iter().filter_map(|one| one["at"].as_str()).collect();
    assert_eq!(
        at,
        [
            "/lines/0/product_id",
            "/lines/0/quantity",
            "/lines/0/gift/text",
            "/lines/0/gift/extra",
            "/lines/0/gift/wrap",
            "/more"
        ]
    );
    assert_eq!(post(&router, "/orders", r#"{"lines":[{"product_id":1}],"priority":"high"}"#).await.status, 422);
    assert_eq!(post(&router, "/orders", "{").await.status, 400);
    assert_eq!(upstream.targets(), Vec::<String>::new());
}

#[tokio::test]
async fn relayed_and_open_and_recursive() {
    let (upstream, router) = bodies(&[("POST /orders", 409, "secret"), ("POST /any", 200, "null")]).await;
    let answer = post(&router, "/orders", r#"{"lines":[{"product_id":1}]}"#).await;
    assert_eq!(answer.status, 409);
    assert!(!answer.body.contains("secret"));
    let answer = post(&router, "/any", r#"{"kind":"a","more":[1]}"#).await;
    assert_eq!(answer.body, r#"{"made":null,"kind":"a"}"#);
    assert_eq!(upstream.asked()[1].body, r#"{"kind":"a","more":[1]}"#);

    let comment = r#"{"text":"a","replies":[{"text":"b","replies":[],"x":1}]}"#;
    let (_, router) = bodies(&[("POST /comments", 200, comment)]).await;
    assert_eq!(post(&router, "/comments", comment).await.status, 400);
    let answer = post(&router, "/comments", r#"{"text":"a","replies":[{"text":"b","replies":[]}]}"#).await;
    assert_eq!(answer.body, r#"{"text":"a","replies":[{"text":"b","replies":[]}]}"#);
}

#[tokio::test]
async fn a_body_is_taken_apart_and_put_together() {
    let (upstream, router) = bodies(&[("PUT /orders/5", 200, r#"{"id":5,"status":"x"}"#)]).await;
    let request = Request::put("/orders/5").header("content-type", "application/json").body(Body::from(
        r#"{"lines":[{"product_id":3,"gift":{"text":"hi","wrap":true}},{"product_id":4}],"extra":{"a":[1]}}"#,
    ));
    let answer = send(&router, request.expect("a request")).await;
    assert_eq!(answer.body, r#"{"id":5,"gifts":[{"text":"hi"},{"text":null}]}"#);
    assert_eq!(
        upstream.asked()[0].body,
        concat!(
            r#"{"lines":[{"product_id":3,"gift":{"text":"hi","wrap":true}},{"product_id":4}],"priority":"high","#,
            r#""note":"by 5","customer-ref":null,"extra":{"a":[1]}}"#
        )
    );
}

// ── nulls ────────────────────────────────────────────────────────────────────────────────────────────────────────

const PERSON: &str = r#"{"id":2,"home":{"city":"Turin"},"tags":["a","b","c","d"],"rating":"good","badge":7,"state":"none",
    "aliases":[null,"x"],"scores":{"maths":1.50},"homes":{"main":{"zip":"1","city":"Rome"}},
    "past":[{"city":"A"},{"city":"B"},{"city":"C"}],"first-name":"Ada","any":{"kind":{"name":"k"}},"other":1}"#;

async fn nulls(answers: &[(&str, u16, &str)]) -> Router {
    let (_, address) = Upstream::start(answers).await;
    quiet(nulls::Nulls::builder().people_url(address))
}

#[tokio::test]
async fn whole_values_keep_what_they_are() {
    let tree = r#"{"name":"r","children":[{"name":"c","children":[],"parent":null,"x":1}],"labels":{"a":"b"}}"#;
    let router = nulls(&[
        ("GET /people/1", 200, PERSON),
        ("GET /tree", 200, tree),
        ("GET /people", 200, "[]"),
        ("GET /raw", 200, r#" {"a" : 1e400} "#),
        ("GET /count", 200, "12345678901234567890"),
    ])
    .await;
    assert_eq!(
        get(&router, "/whole/1").await.body,
        concat!(
            r#"{"person":{"id":2,"home":{"city":"Turin"},"tags":["a","b","c","d"],"rating":0,"badge":null,"state":"off","#,
            r#""aliases":[null,"x"],"scores":{"maths":1.50},"homes":{"main":{"city":"Rome","zip":"1"}},"#,
            r#""past":[{"city":"A"},{"city":"B"},{"city":"C"}],"first-name":"Ada","any":{"kind":{"name":"k"}}},"#,
            r#""tree":{"name":"r","children":[{"name":"c","parent":null,"children":[]}],"labels":{"a":"b"}},"people":[],"#,
            r#""raw":{"a" : 1e400},"count":12345678901234567890}"#
        )
    );
}

#[tokio::test]
async fn parts_write_null_where_nothing_is() {
    let router = nulls(&[("GET /people/1", 200, PERSON)]).await;
    assert_eq!(
        get(&router, "/parts/1").await.body,
        concat!(
            r#"{"name":null,"city":null,"zip":null,"address":null,"home":{"zip":null,"city":"Turin"},"tags":["a","b","c","d"],"#,
            r#""rating":0,"badge":null,"state":"off","aliases":[null,"x"],"scores":{"maths":1.50},"#,
            r#""homes":{"main":{"city":"Rome","zip":"1"}},"past":[{"city":"A"},{"city":"B"},{"city":"C"}],"first_name":"Ada","again":null}"#
        )
    );
}

#[tokio::test]
async fn values_are_looked_into() {
    let router = nulls(&[("GET /people/2", 200, PERSON), ("GET /people/1/maybe", 410, "")]).await;
    assert_eq!(
        get(&router, "/values/1").await.body,
        concat!(
            r#"{"known":false,"name":"nobody","city":"Turin","rating":0,"state":"off","is_on":false,"first":null,"score":1.50,"#,
            r#""home":{"city":"Rome","zip":"1"},"kind":"k","any":{"kind":{"name":"k"}},"tags":["b","c"],"#,
            r#""past":[{"city":"A"},{"city":"B"}],"list":[1,2,3],"empty":{}}"#
        )
    );
}

#[tokio::test]
async fn a_selection_goes_as_deep_as_it_says() {
    let inner = r#"{"name":"in","children":[]}"#;
    let tree = format!(
        r#"{{"children":[{{"children":[{inner}],"name":"c"}}],"parent":{{"name":"p","children":[],"parent":{{"name":"pp","children":[]}}}},"name":"r"}}"#
    );
    let router = nulls(&[("GET /tree", 200, &tree)]).await;
    assert_eq!(
        get(&router, "/deep").await.body,
        r#"{"name":"r","parent":"pp","children":[{"name":"c","children":[{"name":"in","children":[]}]}],"labels":null}"#
    );
}

// ── flows ────────────────────────────────────────────────────────────────────────────────────────────────────────

async fn flows(answers: &[(&str, u16, &str)]) -> (Upstream, Router) {
    let (upstream, address) = Upstream::start(answers).await;
    (upstream, quiet(flows::Flows::builder().s_url(address)))
}

fn a(ok: bool, total: &str, name: &str) -> String {
    format!(
        r#"{{"id":3,"ok":{ok},"total":{total},"name":"{name}","parts":[{{"id":5,"weight":2.50,"subs":[{{"id":8}}]}}]}}"#
    )
}

const B: &str = r#"{"id":3,"text":"t","at":"2026-01-01T00:00:00Z"}"#;
const C: &str = r#"{"id":1,"text":"t","at":"2026-01-01T00:00:00.5Z"}"#;

#[tokio::test]
async fn each_branch_makes_its_own_calls() {
    let a_ok = a(true, "1.5", "x");
    let (upstream, router) = flows(&[("GET /a/3", 200, &a_ok), ("GET /c/de", 200, C), ("GET /c/none", 200, B)]).await;
    let answer = get(&router, "/if/3?lang=de").await;
    assert_eq!(answer.body, r#"{"value":{"text":"t"},"sum":8,"negative":-3}"#);
    assert_eq!(upstream.targets(), ["GET /a/3", "GET /c/de"]);

    let moved = a(false, "1.5", "moved");
    let (_, router) = flows(&[("GET /a/3", 200, &moved)]).await;
    let answer = get(&router, "/if/3").await;
    assert_eq!((answer.status, answer.location.as_deref()), (308, Some("/if/moved/3")));

    let (_, router) = flows(&[("GET /a/3", 200, &a(false, "1.5", "x"))]).await;
    assert_eq!(get(&router, "/if/3").await.status, 404);
    let (_, router) = flows(&[("GET /a/3", 200, &a(false, "4000", "x"))]).await;
    assert_eq!(get(&router, "/if/3").await.status, 409);
}

#[tokio::test]
async fn numbers_that_leave_their_range_are_ours() {
    let huge = a(true, "1", "x").replace("\"id\":3", "\"id\":9223372036854775807");
    let (_, router) = flows(&[("GET /a/3", 200, &huge), ("GET /c/none", 200, B)]).await;
    let answer = get(&router, "/if/3").await;
    assert_eq!(answer.status, 500);
    assert!(!answer.body.contains("flows.gw"), "{}", answer.body);
}

#[tokio::test]
async fn joins_wait_where_they_must_and_guards_win() {
    let a_ok = a(true, "1.5", "n");
    let answers =
        [("GET /a/3", 200, a_ok.as_str()), ("GET /a/3/b", 200, B), ("GET /c/t", 200, C), ("GET /c/n", 200, C)];
    let (_, router) = flows(&answers).await;
    let answer = get(&router, "/join/3").await;
    assert_eq!(
        (answer.body.as_str(), answer.completed.as_deref()),
        (r#"{"a":3,"b":3,"c":"t","d":"t","same":true,"later":true,"other":null}"#, Some("false"))
    );
    // The call of `d` fails as well, but the guard above it answers.
    let (_, router) = flows(&[("GET /a/3", 200, a_ok.as_str())]).await;
    assert_eq!(get(&router, "/join/3").await.status, 404);
}

#[tokio::test]
async fn unsafe_calls_run_in_order_behind_their_guards() {
    let answers = [
        ("GET /a/3/b", 404, ""),
        ("POST /a/3", 200, r#"{"id":4,"ok":true}"#),
        ("POST /a/5", 200, r#"{"id":6}"#),
        ("DELETE /a/6", 204, ""),
    ];
    let (upstream, router) = flows(&answers).await;
    let answer = send(&router, Request::post("/touch/3").body(Body::empty()).expect("a request")).await;
    assert_eq!((answer.status, answer.body.as_str()), (202, r#"{"first":4,"second":6}"#));
    let order: Vec<String> = upstream.asked().into_iter().map(|asked| asked.target).collect();
    assert_eq!(order, ["GET /a/3/b", "POST /a/3", "POST /a/5", "DELETE /a/6"]);

    let (upstream, router) = flows(&[("GET /a/3/b", 200, r#"{"id":7,"text":"","at":""}"#)]).await;
    let answer = send(&router, Request::post("/touch/3").body(Body::empty()).expect("a request")).await;
    assert_eq!((answer.status, upstream.targets().len()), (403, 1));
}

#[tokio::test]
async fn lists_in_lists_and_plain_results() {
    let a_ok = a(true, "1.5", "n");
    let (_, router) = flows(&[("GET /a/3", 200, &a_ok), ("GET /a/5/b", 404, ""), ("GET /c/sub-3", 200, C)]).await;
    assert_eq!(
        get(&router, "/nested/3").await.body,
        r#"{"parts":[{"id":5,"weight":2.50,"heavy":true,"b":null,"subs":[{"id":8,"c":{"text":"t"}}]}],"name":"n"}"#
    );
    let answer = get(&router, "/moved").await;
    assert_eq!((answer.status, answer.location.as_deref()), (302, Some("https://example.com/")));
    assert_eq!(get(&router, "/gone").await.status, 410);
}

// ── fans ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const SHELVES: (&str, u16, &str) = (
    "GET /shelves",
    200,
    r#"[{"id":1,"name":"a","books":[{"id":5,"title":"x"},{"id":6,"title":"y"}],"open":true,"top":{"id":6,"title":"y"}},
        {"id":2,"name":"b","books":[],"open":false}]"#,
);

async fn fans(answers: &[(&str, u16, &str)]) -> (Upstream, Router) {
    let (upstream, address) = Upstream::start(answers).await;
    (upstream, quiet(fans::Fans::builder().library_url(address)))
}

#[tokio::test]
async fn lists_in_lists_are_fanned_out() {
    let author = r#"{"id":9,"name":"Ada"}"#;
    let (_, router) = fans(&[
        SHELVES,
        ("GET /books/5/author?lang=it", 200, author),
        ("GET /books/6/author?lang=it", 404, ""),
        ("GET /books/0/author?lang=it", 200, author),
        ("GET /authors/1/price?currency=EUR", 200, r#"{"amount":1.50,"currency":"EUR"}"#),
        ("GET /authors/2/price?currency=EUR", 200, r#"{"amount":2,"currency":"EUR"}"#),
    ])
    .await;
    assert_eq!(
        get(&router, "/nested?lang=it").await.body,
        concat!(
            r#"[{"name":"a","books":[{"title":"x","author":{"id":9,"name":"Ada"}},{"title":"y","author":null}],"#,
            r#""top":null,"first":{"amount":1.50,"currency":"EUR"}},"#,
            r#"{"name":"b","books":[],"top":"Ada","first":{"amount":2,"currency":"EUR"}}]"#
        )
    );
}

#[tokio::test]
async fn fans_stand_behind_conditions_and_are_used_twice() {
    let answers = [
        SHELVES,
        ("GET /authors/1/price?currency=it", 200, r#"{"amount":1.50,"currency":"EUR"}"#),
        ("GET /authors/2/price?currency=it", 200, r#"{"amount":2,"currency":"EUR"}"#),
        ("GET /books/1/author?lang=it", 200, r#"{"id":9,"name":"Ada","x":1}"#),
    ];
    let (upstream, router) = fans(&answers).await;
    let prices = r#"{"prices":[{"id":1,"price":{"amount":1.50}},{"id":2,"price":{"amount":2}}],"#;
    let rest = r#""second":2,"some":[{"price":{"amount":1.50}},{"price":{"amount":2}}]}"#;
    assert_eq!(get(&router, "/behind?lang=it").await.body, format!(r#"{prices}"full":null,{rest}"#));
    assert_eq!(upstream.targets().len(), 3);
    assert_eq!(
        get(&router, "/behind?lang=it&full=true").await.body,
        format!(r#"{prices}"full":[{{"id":1,"opened":{{"id":9,"name":"Ada"}}}},{{"id":2,"opened":null}}],{rest}"#)
    );
}

// ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────

async fn values(answers: &[(&str, u16, &str)]) -> (Upstream, Router) {
    let (upstream, address) = Upstream::start(answers).await;
    (upstream, quiet(values::Values::builder().v_url(address)))
}

const ITEM: &str = r#"{"id":1,"price":1.50,"weight":0.50,"at":"2026-01-01T00:00:00Z","day":"2026-01-01","kind":"a","name":"n","tags":["new"]}"#;

#[tokio::test]
async fn answers_that_are_no_objects() {
    let answers = [
        ("GET /count", 200, "4"),
        ("GET /name", 200, r#""\u0062""#),
        ("GET /any", 200, r#"{"a":{"b":[1,{"c":null}]}}"#),
        ("GET /kind", 200, r#""b""#),
        ("GET /ids", 200, "[1,4]"),
        ("GET /map", 200, r#"{"y":1,"x":07}"#),
        ("GET /on", 200, "null"),
    ];
    let (_, router) = values(&answers).await;
    assert_eq!(get(&router, "/plain").await.status, 502);

    let mut answers = answers;
    answers[5].2 = r#"{"y":1,"x":7}"#;
    let (_, router) = values(&answers).await;
    assert_eq!(
        get(&router, "/plain").await.body,
        concat!(
            r#"{"count":5,"name":"b!","deep":[1,{"c":null}],"kind":false,"in_list":true,"value":7,"on":true,"off":true,"#,
            r#""long":"b 4 b","named":true}"#
        )
    );
    answers[0].2 = "0";
    let (_, router) = values(&answers).await;
    assert_eq!(get(&router, "/plain").await.status, 404);
}

#[tokio::test]
async fn numbers_are_computed_as_they_are_written() {
    let (_, router) = values(&[("GET /item/7", 200, ITEM), ("GET /item/2", 200, ITEM)]).await;
    assert_eq!(
        get(&router, "/math/7?by=0.25").await.body,
        concat!(
            r#"{"sum":1.75,"product":2.9166666666666666666666666667,"rest":0,"weight":0.25,"negative":-1.50,"cheap":true,"#,
            r#""exact":true,"early":false,"tagged":true,"pair":[1,7],"share":2.333333333333333333333333333}"#
        )
    );
}

#[tokio::test]
async fn the_same_call_is_made_once() {
    let (upstream, router) = values(&[
        ("GET /items?ids=3&ids=4", 200, &format!("[{ITEM},{ITEM},{ITEM}]")),
        ("GET /item/1", 200, ITEM),
        (
            "GET /echo?price=1.50&weight=0.50&kind=a&at=2026-01-01T00%3A00%3A00Z&tags=x&tags=n&day=2026-01-01",
            200,
            r#""e""#,
        ),
    ])
    .await;
    assert_eq!(
        get(&router, "/lists?ids=3&ids=4").await.body,
        concat!(
            r#"{"items":[{"id":1,"twice":1.50},{"id":1,"twice":1.50},{"id":1,"twice":1.50}],"once":{"name":"n"},"#,
            r#""echo":"e","names":["n","n"],"tags":["new"]}"#
        )
    );
    assert_eq!(upstream.targets().iter().filter(|target| *target == "GET /item/1").count(), 1);
}

// ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn names_that_rust_keeps_are_as_good_as_others() {
    let result = r#"{"type":"t","self":1,"fn":"none","gw":"g","out":2}"#;
    let (_, address) = Upstream::start(&[
        ("GET /x?self=1", 200, result),
        ("GET /new", 200, &format!(r#"{{"items":[{result}],"match":{{"impl":true}}}}"#)),
        ("GET /user", 200, r#"{"scan":"s","key":"k"}"#),
        ("GET /user2", 200, r#"{"scan":"s","key":"k"}"#),
    ])
    .await;
    let router = quiet(names::Builder2::builder().gw_2_url(address));
    assert_eq!(
        get(&router, "/x").await.body,
        concat!(
            r#"{"type":"t","self":1,"fn":"none","is":true,"out":3,"text":"x g 1","or":"x","#,
            r#""items":[{"type":"t","self":1,"gw":"g"}],"match":true,"input":{"scan":"s","key":"k"},"services":null}"#
        )
    );
    assert_eq!(get(&router, "/mod/y").await.body, r#"{"scan":"s","key":"k","move":"y"}"#);
}
