//! When calls start and when they end, measured by when services are asked.

use std::time::Duration;

use tokio::time::Instant;

use crate::gateway::{Gateway, Program, both};
use crate::upstream::{Asked, Reply, Upstream};

both!(
    schedule::Schedule: chains_do_not_wait_for_each_other, the_same_safe_call_is_made_once, a_bound_on_elements_is_held,
    the_first_guard_that_fails_answers, what_changes_something_waits_for_its_guards, a_branch_not_taken_calls_nothing,
    time_that_runs_out_is_null_or_504, a_failure_ends_what_still_runs, the_nearest_setting_wins
);

fn node(id: i64, next: i64) -> String {
    format!(r#"{{"id":{id},"next":{next},"name":"n{id}"}}"#)
}

/// Nodes 1 to 12, each with the next but one behind it.
async fn nodes() -> Upstream {
    let nodes = Upstream::start().await;
    for id in 1..=12 {
        nodes.on(&format!("GET /nodes/{id}"), Reply::json(node(id, id + 2)));
        nodes.on(&format!("GET /quick/{id}"), Reply::json(node(id, id + 2)));
    }
    nodes.on("GET /nodes/2/gone", Reply::json(node(2, 4)));
    nodes
}

async fn start(program: Program) -> (Gateway, Upstream) {
    let nodes = nodes().await;
    (program.with([("Nodes", &nodes)]).await, nodes)
}

fn slow(nodes: &Upstream, id: i64, milliseconds: u64) {
    nodes.on(&format!("GET /nodes/{id}"), Reply::json(node(id, id + 2)).after(milliseconds));
}

async fn chains_do_not_wait_for_each_other(program: Program) {
    let (gateway, nodes) = start(program).await;
    slow(&nodes, 1, 20);
    slow(&nodes, 2, 300);
    assert_eq!(gateway.get("/chains").await.complete(), r#"{"c":"n3","d":"n4"}"#);
    let (second, third, fourth) = (nodes.only("GET /nodes/2"), nodes.only("GET /nodes/3"), nodes.only("GET /nodes/4"));
    assert!(Some(third.arrived) < second.answered, "the one chain waits for the other");
    assert!(Some(fourth.arrived) >= second.answered, "a call before the value that it uses");
}

async fn the_same_safe_call_is_made_once(program: Program) {
    let (gateway, nodes) = start(program).await;
    let list = format!(r#"{{"ids":[],"nodes":[{},{},{},{}]}}"#, node(5, 1), node(6, 7), node(5, 7), node(8, 1));
    nodes.on("GET /lists/1", Reply::json(list));
    nodes.on("POST /search", Reply::json(node(4, 6)).after(20));
    slow(&nodes, 1, 50);
    let answer = gateway.get("/once").await;
    let each = r#"[{"id":5,"node":{"name":"n1"}},{"id":6,"node":{"name":"n7"}},{"id":5,"node":{"name":"n7"}},{"id":8,"node":{"name":"n1"}}]"#;
    assert_eq!(
        answer.complete(),
        format!(
            r#"{{"first":{{"name":"n1"}},"second":{{"id":1}},"third":3,"found":{{"id":4}},"again":{{"name":"n4"}},"each":{each}}}"#
        )
    );
    for line in ["GET /lists/1", "GET /nodes/1", "GET /nodes/7", "POST /search"] {
        nodes.only(line);
    }
    assert_eq!(nodes.only("POST /search").body, r#"{"text":"a"}"#);
    // Another request shares nothing with it.
    gateway.get("/once").await.complete();
    assert_eq!(nodes.asked().len(), 8, "{:?}", nodes.lines());
}

async fn a_bound_on_elements_is_held(program: Program) {
    let (gateway, nodes) = start(program).await;
    let elements: Vec<String> = (1..=12).map(|id| node(id + 100, id)).collect();
    nodes.on("GET /lists/1", Reply::json(format!(r#"{{"ids":[],"nodes":[{}]}}"#, elements.join(","))));
    for id in 1..=12 {
        slow(&nodes, id, 15);
    }
    let answer = gateway.get("/many").await;
    let wanted: Vec<String> =
        (1..=12).map(|id| format!(r#"{{"name":"n{}","next":{{"name":"n{id}"}}}}"#, id + 100)).collect();
    assert_eq!(answer.complete(), format!("[{}]", wanted.join(",")));
    assert_eq!(nodes.most_at_once(), 3);

    // A list that is longer than its type says is a broken contract, and nothing is called for any of it.
    let elements: Vec<String> = (1..=13).map(|id| node(id, id)).collect();
    nodes.on("GET /lists/1", Reply::json(format!(r#"{{"ids":[],"nodes":[{}]}}"#, elements.join(","))));
    let before = nodes.asked().len();
    gateway.get("/many").await.failure_of("Nodes.list", 502);
    assert_eq!(nodes.asked().len(), before + 1);
}

async fn the_first_guard_that_fails_answers(program: Program) {
    let (gateway, nodes) = start(program).await;
    assert_eq!(gateway.get("/guards").await.complete(), r#"{"a":"n1","b":"n2","c":"n3"}"#);

    // All three fail; the first is the slowest to be known, and still answers.
    let closed = |id: i64| node(id, 1).replace(&format!("n{id}"), "closed");
    nodes.on("GET /nodes/3", Reply::json(closed(3)));
    nodes.on("GET /nodes/2/gone", Reply::status(404, "{}"));
    slow(&nodes, 1, 60);
    assert_eq!(gateway.get("/guards?least=5").await.problem(403)["detail"], "too small");
    assert_eq!(gateway.get("/guards").await.problem(404)["detail"], "no such node");
    nodes.on("GET /nodes/2/gone", Reply::json(node(2, 4)).after(60));
    assert_eq!(gateway.get("/guards").await.problem(410)["detail"], "closed");
    // A failed call below a guard is decided after it.
    nodes.on("GET /nodes/3", Reply::status(500, ""));
    assert_eq!(gateway.get("/guards?least=5").await.problem(403)["detail"], "too small");
    gateway.get("/guards").await.failure_of("Nodes.node", 502);
    // A status that is relayed answers where its call stands.
    nodes.on("GET /nodes/2/gone", Reply::status(409, "a secret"));
    assert_eq!(gateway.get("/guards").await.problem(409)["operation"], "Nodes.gone");
    assert_eq!(gateway.get("/guards?least=5").await.problem(403)["detail"], "too small");
}

async fn what_changes_something_waits_for_its_guards(program: Program) {
    let nodes = nodes().await;
    let deeds = Upstream::with([
        ("POST /deeds/1", Reply::status(201, node(1, 9)).after(30)),
        ("POST /deeds/2", Reply::status(201, node(2, 9))),
        ("POST /marks/9", Reply::keep("HTTP/1.1 204 No Content\r\n\r\n").after(30)),
    ])
    .await;
    let gateway = program.with([("Nodes", &nodes), ("Deeds", &deeds)]).await;

    slow(&nodes, 1, 60);
    let answer = gateway.send("POST", "/deeds/1", "").await;
    assert_eq!((answer.status, answer.complete()), (201, r#"{"first":1,"second":2,"other":"n3"}"#));
    assert_eq!(deeds.lines(), ["POST /deeds/1", "POST /marks/9", "POST /deeds/2"]);
    let asked = deeds.asked();
    assert!(Some(asked[0].arrived) >= nodes.only("GET /nodes/1").answered, "sent before its guard");
    for pair in asked.windows(2) {
        assert!(Some(pair[1].arrived) >= pair[0].answered, "sent before what stands above it is done: {pair:?}");
    }

    nodes.on("GET /nodes/1", Reply::json(node(1, 3).replace("n1", "closed")));
    assert_eq!(gateway.send("POST", "/deeds/1", "").await.problem(403)["detail"], "closed");
    nodes.on("GET /nodes/1", Reply::status(500, ""));
    gateway.send("POST", "/deeds/1", "").await.failure_of("Nodes.node", 502);
    assert_eq!(deeds.asked().len(), 3, "nothing was sent behind a guard or a call that failed");

    // Of two in their order, the second is not sent when the first fails.
    slow(&nodes, 1, 0);
    deeds.on("POST /deeds/1", Reply::status(500, ""));
    gateway.send("POST", "/deeds/1", "").await.failure_of("Deeds.deed", 502);
    assert_eq!(deeds.lines()[3..], ["POST /deeds/1"]);
}

async fn a_branch_not_taken_calls_nothing(program: Program) {
    let (gateway, nodes) = start(program).await;
    assert_eq!(
        gateway.get("/branches/5").await.complete(),
        r#"{"name":"shallow","either":"n5","both":false,"any":true}"#
    );
    let sorted = |nodes: &Upstream, from: usize| {
        let mut lines = nodes.lines()[from..].to_vec();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&nodes, 0), ["GET /nodes/10", "GET /quick/5"]);

    nodes.on("GET /quick/5", Reply::status(500, ""));
    let answer = gateway.get("/branches/5?deep=true").await;
    // The failure was swallowed, though another value stands in its place.
    assert_eq!(answer.incomplete(), r#"{"name":"n5","either":"n8","both":true,"any":true}"#);
    assert_eq!(sorted(&nodes, 2), ["GET /nodes/5", "GET /nodes/8", "GET /nodes/9", "GET /quick/5"]);
}

async fn time_that_runs_out_is_null_or_504(program: Program) {
    let (gateway, nodes) = start(program).await;
    slow(&nodes, 2, 5_000);
    nodes.on("GET /quick/3", Reply::json(node(3, 5)).after(5_000));

    let start = Instant::now();
    let answer = gateway.get("/hasty/optional").await;
    assert_eq!(answer.incomplete(), r#"{"one":{"name":"n1"},"two":null,"three":null}"#);
    between(start, 390, 700);
    let dropped = |asked: &[Asked]| asked.iter().filter(|asked| asked.cancelled).count() == 2;
    let asked = nodes.until("dropped at their deadlines", dropped).await;
    assert!(asked.iter().any(|asked| asked.target == "/nodes/2" && asked.cancelled), "{asked:?}");

    let start = Instant::now();
    gateway.get("/hasty/required").await.failure_of("Nodes.node", 504);
    between(start, 390, 700);
    let line = &gateway.log(2).await[1];
    assert_eq!((&line["status"], &line["outcome"]), (&504.into(), &"late".into()));
}

async fn a_failure_ends_what_still_runs(program: Program) {
    let (gateway, nodes) = start(program).await;
    slow(&nodes, 1, 5_000);
    slow(&nodes, 3, 5_000);
    nodes.on("GET /quick/2", Reply::status(500, "").after(20));
    let start = Instant::now();
    gateway.get("/failing").await.failure_of("Nodes.quick", 502);
    between(start, 15, 400);
    let dropped = |asked: &[Asked]| asked.iter().filter(|asked| asked.cancelled).count() == 2;
    nodes.until("dropped after the failure", dropped).await;
    let calls = gateway.log(1).await[0]["calls"].clone();
    let outcomes: Vec<&str> =
        calls.as_array().expect("calls").iter().map(|call| call["outcome"].as_str().expect("a word")).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "cancelled").count(), 2, "{calls}");
    assert!(outcomes.contains(&"bad_status"), "{calls}");
}

async fn the_nearest_setting_wins(program: Program) {
    let (gateway, nodes) = start(program).await;
    // Longer than the policy has, shorter than the endpoint says itself.
    slow(&nodes, 4, 550);
    assert_eq!(gateway.get("/hasty/slow/4").await.complete(), r#"{"name":"n4"}"#);
}

/// Checks how many milliseconds have passed; the upper bound leaves room for a busy machine.
fn between(start: Instant, least: u64, most: u64) {
    let passed = start.elapsed();
    assert!(passed >= Duration::from_millis(least) && passed <= Duration::from_millis(most), "{passed:?}");
}
