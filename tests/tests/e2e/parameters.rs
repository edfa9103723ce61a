//! Values of a client never leave their place: no path, query or header of a service can be changed by them.

use crate::client;
use crate::gateway::{Program, both};
use crate::upstream::{Reply, Upstream};

both!(parameters::Parameters: every_place, attacks_stay_in_their_place, every_violation);

async fn echo(program: Program) -> (crate::gateway::Gateway, Upstream) {
    let echo = Upstream::start().await;
    let gateway = program.with([("Echo", &echo)]).await;
    (gateway, echo)
}

async fn every_place(program: Program) {
    let (gateway, echo) = echo(program).await;
    echo.on("GET /items/ABC-1/dark-blue", Reply::json(r#"{"ok":true,"more":1}"#));
    let target =
        "/items/ABC-1/dark-blue?at=2026-01-01T00:00:00%2B02:00&ids=1&ids=2&note=a%26b%3Dc%20d&page%5Bsize%5D=5";
    let request = gateway.request("GET", target).header("x-size", "huge").header("cookie", "a=1; sid=s; b=2");
    assert_eq!(client::send(request).await.complete(), r#"{"ok":true}"#);
    let asked = &echo.asked()[0];
    let query = asked.target.split_once('?').expect("a query").1;
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_unstable();
    assert_eq!(
        pairs,
        ["at=2026-01-01T00%3A00%3A00%2B02%3A00", "ids=1", "ids=2", "note=a%26b%3Dc%20d", "page%5Bsize%5D=5"]
    );
    assert_eq!((asked.header("x-size"), asked.header("cookie")), (Some("huge"), Some("sid=s")));
}

async fn attacks_stay_in_their_place(program: Program) {
    let (gateway, echo) = echo(program).await;
    for (client, service) in [
        ("a%2Fb", "a%2Fb"),
        ("..%2f..%2fadmin", "..%2F..%2Fadmin"),
        ("a%3Fb=c%26d", "a%3Fb%3Dc%26d"),
        ("a%23b", "a%23b"),
        ("a;b=c", "a%3Bb%3Dc"),
        ("%25%32%66", "%252f"),
        ("%5c..%5c", "%5C..%5C"),
        ("\u{e9}", "%C3%A9"),
    ] {
        echo.on(&format!("GET /names/{service}"), Reply::json(r#"{"ok":true}"#));
        let name = client.replace('\u{e9}', "%C3%A9");
        let before = echo.asked().len();
        let answer = client::get_bytes(gateway.address, format!("/names/{name}"), "X-Tag: a\r\n").await;
        assert_eq!(answer.status, 200, "{client}: {answer:?} {:?}", echo.lines());
        assert_eq!(echo.lines()[before..], [format!("GET /names/{service}")], "{client}");
    }
    let before = echo.asked().len();
    for refused in ["%2e%2e", ".", "%00", "a%0d%0aX:%20y", "%ff", "%c0%ae", "%zz"] {
        let answer = client::get_bytes(gateway.address, format!("/names/{refused}"), "X-Tag: a\r\n").await;
        assert!([400, 404].contains(&answer.status), "{refused}: {answer:?}");
    }
    for refused in ["/files/../x", "/files/a/%2e%2e/b", "/files/a%2fb", "/files/a%00", "/files/a//b/..", "/files/"] {
        let answer = client::get_bytes(gateway.address, refused, "").await;
        assert!([400, 404].contains(&answer.status), "{refused}: {answer:?}");
    }
    assert_eq!(echo.asked().len(), before, "{:?}", echo.lines());

    echo.on("GET /files/a/b%20c/d", Reply::json(r#"{"ok":true}"#));
    let answer = client::get_bytes(gateway.address, "/files/a/b%20c/d", "").await;
    assert_eq!(answer.status, 200, "{answer:?} {:?}", echo.lines());
    let answer = client::send_bytes(gateway.address, "GET /names/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").await;
    assert_eq!(answer.status, 400);
}

async fn every_violation(program: Program) {
    let (gateway, echo) = echo(program).await;
    let violations =
        gateway.get("/items/abc/green?at=noon&page%5Bsize%5D=51&page%5Bsize%5D=2&other=1").await.violations();
    for place in ["sku", "color", "at", "page[size]", "other", "ids", "sid"] {
        assert!(
            violations.iter().any(|violation| violation.starts_with(&format!("{place}: "))),
            "{place}: {violations:#?}"
        );
    }
    assert!(echo.asked().is_empty());
}
