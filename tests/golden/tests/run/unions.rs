//! Unions: what is read of them, what goes on of them, and what is refused.

use axum::Router;
use gatewright_golden::unions::{Unions, types};

use crate::upstream::Upstream;
use crate::{get, post, quiet};

async fn unions(answers: &[(&str, u16, &str)]) -> (Upstream, Router) {
    let (upstream, address) = Upstream::start(answers).await;
    (upstream, quiet(Unions::builder().events_url(address)))
}

/// The tag stands first, with fields that no type has.
const CREATED: &str = r#"{"kind":"created","more":[{}],"at":"2026-01-01T00:00:00Z","lines":[{"sku":"a","x":1},{"quantity":2,"sku":"b"}],"order_id":7}"#;

/// The tag stands last, and is written with an escape; a field has drifted.
const CANCELLED: &str = r#"{"why":17,"order_id":8,"at":"2026-01-02T00:00:00Z","nested":{"kind":"created"},"k\u0069nd":"order-\u0063ancelled"}"#;

const PING: &str = r#"{"from":"b\u00e9","at":"2026-01-03T00:00:00Z","@type":"ping","kind":"created"}"#;
const LATER: &str = r#"{"at":"2026-01-04T00:00:00Z","secret":"s","@type":"later"}"#;

#[tokio::test]
async fn a_whole_union_has_its_tag_and_its_members_fields() {
    let feed = format!(
        r#"{{"all":[{CREATED},{CANCELLED}],"by_name":{{"last":{CANCELLED}}},"notices":[{PING},{LATER}],
            "term":{{"left":{{"value":1,"op":"literal"}},"right":{{"op":"sum","right":{{"op":"literal","value":3}},"left":{{"op":"literal","value":2}}}},"op":"sum"}}}}"#
    );
    let (_, router) =
        unions(&[("GET /events/7", 200, CREATED), ("GET /notices/7", 200, LATER), ("GET /feed", 200, &feed)]).await;
    let created = r#"{"kind":"created","order_id":7,"at":"2026-01-01T00:00:00Z","lines":[{"sku":"a","quantity":1},{"sku":"b","quantity":2}]}"#;
    let cancelled = r#"{"kind":"order-cancelled","why":"unknown","order_id":8,"at":"2026-01-02T00:00:00Z"}"#;
    let ping = r#"{"@type":"ping","at":"2026-01-03T00:00:00Z","from":"b\u00e9"}"#;
    let later = r#"{"@type":"later","at":"2026-01-04T00:00:00Z"}"#;
    let term = r#"{"op":"sum","left":{"op":"literal","value":1},"right":{"op":"sum","left":{"op":"literal","value":2},"right":{"op":"literal","value":3}}}"#;
    assert_eq!(
        get(&router, "/whole/7").await.body,
        format!(
            r#"{{"event":{created},"notice":{later},"feed":{{"all":[{created},{cancelled}],"by_name":{{"last":{cancelled}}},"notices":[{ping},{later}],"term":{term}}}}}"#
        )
    );
}

#[tokio::test]
async fn what_all_members_share_is_read_of_any() {
    let (_, router) = unions(&[
        ("GET /events/7", 200, CREATED),
        ("GET /events", 200, &format!("[{CREATED},{CANCELLED}]")),
        ("GET /notices/7", 404, ""),
    ])
    .await;
    assert_eq!(
        get(&router, "/shared/7").await.body,
        concat!(
            r#"{"id":7,"kind":"created","created":true,"all":[{"kind":"created","at":"2026-01-01T00:00:00Z"},"#,
            r#"{"kind":"order-\u0063ancelled","at":"2026-01-02T00:00:00Z"}],"notice":null,"known":false}"#
        )
    );
}

#[tokio::test]
async fn a_tag_that_is_not_known_breaks_the_contract() {
    let broken = [
        r#"{"kind":"deleted","order_id":7,"at":"2026-01-01T00:00:00Z"}"#,
        r#"{"order_id":7,"at":"2026-01-01T00:00:00Z"}"#,
        r#"{"kind":null,"order_id":7,"at":"2026-01-01T00:00:00Z"}"#,
        r#"{"kind":"order-cancelled","kind":"order-cancelled","why":"","order_id":7,"at":"2026-01-01T00:00:00Z"}"#,
        r#"{"kind":"order-cancelled","why":"","order_id":7,"at":"2026-01-01T00:00:00Z","kind":"created"}"#,
        "[]",
    ];
    for event in broken {
        let answers = [
            ("GET /events/7", 200, event),
            ("GET /events", 200, "[]"),
            ("GET /notices/7", 200, PING),
            ("GET /feed", 500, ""),
        ];
        let (_, router) = unions(&answers).await;
        assert_eq!(get(&router, "/shared/7").await.status, 502, "{event}");
        let answers = [answers[0], ("GET /notices/7", 200, PING), ("GET /feed", 200, "{}")];
        let (_, router) = unions(&answers).await;
        let answer = get(&router, "/whole/7").await;
        assert!(answer.status == 502 && answer.body.contains("Events.event"), "{event}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_clients_union_is_checked_as_the_member_that_it_is() {
    let right = r#"{"order_id":7,"at":"2026-01-01T00:00:00Z","lines":[{"sku":"a","more":1}],"kind":"created"}"#;
    let (upstream, router) = unions(&[("POST /events", 204, "")]).await;
    let answer = post(&router, "/events", right).await;
    assert_eq!((answer.status, answer.body), (202, format!(r#"{{"id":7,"event":{right}}}"#)));
    assert_eq!(upstream.asked()[0].body, right);

    for (body, violations) in [
        ("{}", r#"[{"at":"/kind","why":"is missing"}]"#),
        ("7", r#"[{"at":"body","why":"expected an object, found a number"}]"#),
        (r#"{"kind":"deleted"}"#, r#"[{"at":"/kind","why":"must be one of created, order-cancelled"}]"#),
        (r#"{"kind":{"a":1},"x":1}"#, r#"[{"at":"/kind","why":"expected a string, found an object"}]"#),
        (
            r#"{"order_id":0,"lines":[],"why":"x","kind":"created","x":1}"#,
            concat!(
                r#"[{"at":"/order_id","why":"must be at least 1"},{"at":"/lines","why":"must have at least 1 element"},"#,
                r#"{"at":"/why","why":"unknown field"},{"at":"/x","why":"unknown field"},{"at":"/at","why":"is missing"}]"#
            ),
        ),
        (
            r#"{"kind":"order-cancelled","kind":"created","order_id":1,"at":"2026-01-01T00:00:00Z","why":""}"#,
            r#"[{"at":"/kind","why":"the key appears more than once"}]"#,
        ),
    ] {
        let answer = post(&router, "/events", body).await;
        assert!(answer.status == 400 && answer.body.contains(violations), "{body}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_client_may_send_what_an_open_union_does_not_name() {
    let (upstream, router) = unions(&[("POST /notices", 200, LATER)]).await;
    let answer = post(&router, "/notices", r#"{"x":{"y":1},"@type":"other","at":"2026-01-01T00:00:00Z"}"#).await;
    assert_eq!(answer.body, r#"{"@type":"later","at":"2026-01-04T00:00:00Z"}"#);
    assert_eq!(upstream.asked()[0].body, r#"{"x":{"y":1},"@type":"other","at":"2026-01-01T00:00:00Z"}"#);
    let answer = post(&router, "/notices", r#"{"@type":"other"}"#).await;
    assert!(answer.body.contains(r#"[{"at":"/at","why":"is missing"}]"#), "{}", answer.body);
}

#[tokio::test]
async fn an_object_is_built_for_a_union() {
    let (upstream, router) = unions(&[("POST /events", 204, ""), ("POST /notices", 500, "")]).await;
    let answer =
        post(&router, "/orders/9", r#"{"order_id":7,"at":"2026-01-01T00:00:00Z","lines":[{"sku":"a"}]}"#).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_eq!(
        upstream.asked().into_iter().map(|asked| asked.body).collect::<Vec<_>>(),
        [
            r#"{"order_id":9,"kind":"created","at":"2026-01-01T00:00:00Z","lines":[{"sku":"a"}],"note":null}"#,
            r#"{"at":"2026-01-01T00:00:00Z","@type":"later","more":[9]}"#
        ]
    );
}

#[tokio::test]
async fn unions_in_unions_go_as_deep_as_they_are() {
    let (upstream, router) = unions(&[("POST /terms", 200, r#"{"op":"literal","value":5}"#)]).await;
    let body = r#"{"left":{"op":"literal","value":1},"op":"sum","right":{"value":2,"op":"literal"}}"#;
    let answer = post(&router, "/terms", body).await;
    assert_eq!(answer.body, r#"{"left":{"op":"literal"},"right":{"op":"literal","value":5}}"#);
    let sent: Vec<String> = upstream.asked().into_iter().map(|asked| asked.body).collect();
    assert_eq!(
        sent,
        [body.to_owned(), format!(r#"{{"op":"sum","left":{{"op":"literal","value":1}},"right":{body}}}"#)]
    );

    let broken = r#"{"left":{"op":"literal","value":1},"op":"sum","right":{"left":{"op":"div"},"op":"sum"}}"#;
    let answer = post(&router, "/terms", broken).await;
    let violations =
        r#"[{"at":"/right/left/op","why":"must be one of literal, sum"},{"at":"/right/right","why":"is missing"}]"#;
    assert!(answer.status == 400 && answer.body.contains(violations), "{}", answer.body);
}

#[tokio::test]
async fn typed_clients_take_and_give_unions() {
    let (upstream, address) = Upstream::start(&[
        ("GET /events", 200, &format!("[{CREATED},{}]", CANCELLED.replace("17", "\"late\""))),
        ("GET /notices/1", 200, LATER),
        ("POST /notices", 200, PING),
        ("POST /terms", 200, r#"{"right":{"op":"literal","value":2},"left":{"value":1,"op":"literal"},"op":"sum"}"#),
    ])
    .await;
    let gateway = Unions::builder().events_url(address).build().expect("a gateway");
    let events = &gateway.services().events;

    let list = events.events().await.expect("events");
    let [types::Event::Created(created), types::Event::Cancelled(cancelled)] = list.as_slice() else {
        panic!("{list:?}");
    };
    assert_eq!((created.order_id, created.lines.len(), cancelled.why.as_str()), (7, 2, "late"));

    let later = events.notice(1).await.expect("a notice").expect("one");
    assert!(matches!(&later, types::Notice::Other(json) if json.raw().as_bytes() == LATER.as_bytes()), "{later:?}");
    let ping = events.note(&later).await.expect("a ping");
    assert!(matches!(&ping, types::Notice::Ping(ping) if ping.from == "bé"), "{ping:?}");
    assert!(matches!(events.note(&ping).await, Ok(types::Notice::Ping(_))));

    let one = types::Term::Literal(types::Literal { value: 1 });
    let sum = types::Term::Sum(types::Sum { left: Box::new(one.clone()), right: Box::new(one) });
    let answer = events.evaluate(&sum).await.expect("a term");
    assert!(matches!(answer, types::Term::Sum(_)), "{answer:?}");
    let sent: Vec<String> =
        upstream.asked().into_iter().map(|asked| asked.body).filter(|body| !body.is_empty()).collect();
    assert_eq!(
        sent,
        [
            LATER,
            r#"{"@type":"ping","at":"2026-01-03T00:00:00Z","from":"bé"}"#,
            r#"{"op":"sum","left":{"op":"literal","value":1},"right":{"op":"literal","value":1}}"#
        ]
    );
}
