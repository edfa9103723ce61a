//! A page that looks into what it gets: guards, a call for each line, statuses that mean null or go on to the client.

use crate::client::{self, Answer};
use crate::gateway::{Gateway, Program, both};
use crate::upstream::{Reply, Upstream};

both!(orders::Orders:
    the_page_has_its_order_buyer_and_stock,
    guards_answer_with_their_own_words,
    what_fails_for_one_line_is_null_there_alone,
    no_more_lines_at_once_than_said,
    a_call_waits_for_the_one_it_needs_and_no_other,
);

const ORDER: &str = r#"{"id":1,"user_id":7,"total":250.50,"status":"paid","placed_at":"2026-01-01T00:00:00+02:00","note":"secret",
    "lines":[{"product_id":11,"quantity":2,"x":[]},{"product_id":12,"quantity":1}]}"#;

async fn page(gateway: &Gateway, id: i64, user: i64) -> Answer {
    client::send(gateway.request("GET", &format!("/v1/orders/{id}")).header("X-User", user.to_string())).await
}

async fn the_page_has_its_order_buyer_and_stock(program: Program) {
    let orders = Upstream::with([("GET /orders/1", Reply::json(ORDER))]).await;
    let users = Upstream::with([("GET /users/7", Reply::json(r#"{"id":7,"name":"Ada","email":"secret"}"#))]).await;
    let stock = Upstream::with([
        ("GET /levels/11", Reply::json(r#"{"available":3,"restocked_at":"2026-01-01T00:00:00Z","shelf":9}"#)),
        ("GET /levels/12", Reply::json(r#"{"shelf":9,"available":0}"#)),
    ])
    .await;
    let gateway = program.with([("Orders", &orders), ("Users", &users), ("Stock", &stock)]).await;

    let answer = page(&gateway, 1, 8).await;
    // Passed on whole, what was absent stays absent.
    let lines = r#"[{"quantity":2,"stock":{"available":3,"restocked_at":"2026-01-01T00:00:00Z"}},{"quantity":1,"stock":{"available":0}}]"#;
    assert_eq!(
        answer.complete(),
        format!(
            r#"{{"id":1,"total":250.50,"placed_at":"2026-01-01T00:00:00+02:00","buyer":{{"name":"Ada"}},"lines":{lines},"open":true,"large":true}}"#
        )
    );
}

async fn guards_answer_with_their_own_words(program: Program) {
    let orders = Upstream::with([
        ("GET /orders/1", Reply::json(ORDER.replace("paid", "shipped"))),
        ("GET /orders/2", Reply::status(404, r#"{"error":"a secret"}"#)),
        ("GET /orders/3", Reply::json("null")),
        ("GET /orders/4", Reply::keep("HTTP/1.1 204 No Content\r\n\r\n")),
        // A status that the type names is one thing, and one that it does not is another.
        ("GET /orders/5", Reply::status(410, "null")),
        // An enum that ends in `..` takes values that it does not name.
        ("GET /orders/6", Reply::json(ORDER.replace("paid", "on \\\"the\\\" way"))),
    ])
    .await;
    let gateway = program.with([("Orders", &orders)]).await;

    let problem = page(&gateway, 1, 8).await.problem(403);
    assert_eq!((&problem["detail"], &problem["operation"]), (&"not yours".into(), &serde_json::Value::Null));
    assert_eq!(page(&gateway, 6, 8).await.problem(403)["detail"], "not yours");
    for id in 2..=4 {
        assert_eq!(page(&gateway, id, 7).await.problem(404)["detail"], "no such order", "{id}");
    }
    page(&gateway, 5, 7).await.failure_of("Orders.order", 502);
    // The buyer and the stock can't be reached, and the page comes all the same.
    let answer = page(&gateway, 1, 7).await;
    let lines = r#"[{"quantity":2,"stock":null},{"quantity":1,"stock":null}]"#;
    assert_eq!(
        answer.incomplete(),
        format!(
            r#"{{"id":1,"total":250.50,"placed_at":"2026-01-01T00:00:00+02:00","buyer":null,"lines":{lines},"open":false,"large":true}}"#
        )
    );
}

async fn what_fails_for_one_line_is_null_there_alone(program: Program) {
    let orders = Upstream::with([("GET /orders/1", Reply::json(ORDER))]).await;
    let stock = Upstream::with([
        ("GET /products/11", Reply::json(r#"{"id":11,"name":"Pen","price":1.0}"#)),
        ("GET /products/12", Reply::json(r#"{"price":2E+2,"name":"Ink","id":12}"#)),
        ("GET /levels/11", Reply::json(r#"{"available":"3"}"#)),
        ("GET /levels/12", Reply::json(r#"{"available":4}"#)),
    ])
    .await;
    let gateway = program.with([("Orders", &orders), ("Stock", &stock)]).await;

    let answer = gateway.get("/v1/orders/1/lines").await;
    let pen = r#"{"quantity":2,"product":{"name":"Pen","price":1.0},"available":0}"#;
    let ink = r#"{"quantity":1,"product":{"name":"Ink","price":2E+2},"available":4}"#;
    assert_eq!(answer.incomplete(), format!(r#"{{"lines":[{pen},{ink}]}}"#));

    stock.on("GET /products/12", Reply::status(404, "{}"));
    gateway.get("/v1/orders/1/lines").await.failure_of("Stock.product", 502);
}

async fn no_more_lines_at_once_than_said(program: Program) {
    let lines: Vec<String> = (1..=40).map(|id| format!(r#"{{"product_id":{id},"quantity":1}}"#)).collect();
    let order = format!(
        r#"{{"id":1,"user_id":7,"total":1,"status":"paid","placed_at":"2026-01-01T00:00:00Z","lines":[{}]}}"#,
        lines.join(",")
    );
    let orders = Upstream::with([("GET /orders/1", Reply::json(order))]).await;
    let stock = Upstream::start().await;
    for id in 1..=40 {
        stock.on(&format!("GET /levels/{id}"), Reply::json(format!(r#"{{"available":{id}}}"#)).after(10));
    }
    let gateway = program.with([("Orders", &orders), ("Stock", &stock)]).await;

    let answer = page(&gateway, 1, 7).await;
    let page = answer.json();
    assert_eq!((stock.asked().len(), stock.most_at_once()), (40, 8));
    for (index, line) in page["lines"].as_array().expect("a list").iter().enumerate() {
        assert_eq!(line["stock"]["available"], index + 1, "the order is kept");
    }
}

async fn a_call_waits_for_the_one_it_needs_and_no_other(program: Program) {
    let user = r#"{"id":7,"name":"Ada","email":"a","team":"a/b?c"}"#;
    let users = Upstream::with([
        ("GET /users/7", Reply::json(user).after(20)),
        ("GET /teams/a%2Fb%3Fc", Reply::json(r#"{"lead":9,"name":"Team","motto":"x"}"#)),
    ])
    .await;
    let recent = r#"[{"id":3,"user_id":7,"lines":[{"product_id":5,"quantity":1}],"total":1,"status":"new","placed_at":"2026-01-01T00:00:00Z"}]"#;
    let orders = Upstream::with([("GET /orders", Reply::json(recent).after(300))]).await;
    let gateway = program.with([("Orders", &orders), ("Users", &users)]).await;

    let answer = gateway.get("/v1/users/7").await;
    // What is passed on whole is in the order in which it came.
    let team = r#"{"name":"Team","lead":9}"#;
    assert_eq!(
        answer.complete(),
        format!(
            r#"{{"name":"Ada","team":{team},"recent":[{{"id":3,"status":"new","first":5}}],"count":"Ada has the id 7"}}"#
        )
    );
    assert_eq!(orders.lines(), ["GET /orders?user=7&page%5Bsize%5D=5"]);
    let team = users.only("GET /teams/a%2Fb%3Fc");
    assert!(Some(team.arrived) < orders.asked()[0].answered, "it did not wait for the orders");
}
