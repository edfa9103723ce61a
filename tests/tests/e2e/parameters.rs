//! Parameters of every type: read by it, refused by it, and written again as they came; what is left out stays out.

use crate::client::{self, Answer};
use crate::gateway::{Gateway, Program, both};
use crate::upstream::{Reply, Upstream};

both!(parameters::Parameters:
    what_may_be_left_out_is_left_out,
    every_fault_is_named,
    texts_are_read_by_their_type,
    no_path_leaves_its_place,
    no_value_becomes_a_header_or_a_query,
    what_does_not_fit_its_place_is_refused_before_anything_is_called,
    a_path_of_several_segments_stays_below,
    any_method_is_served,
);

const ITEM: &str = "/items/ABC-12/dark-blue?at=2026-01-01T00:00:00%2B02:00&ids=3&ids=1";

async fn echo() -> Upstream {
    let echo = Upstream::start().await;
    let seen = Reply::json(r#"{"ok":true}"#);
    for line in ["GET /items/ABC-12/dark-blue", "GET /names/x", "GET /files/a/b.txt", "GET /files/a%20b/%C3%A9"] {
        echo.on(line, seen.clone());
    }
    echo.on("HEAD /alive", Reply::keep("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"));
    echo
}

fn item(gateway: &Gateway, path: &str) -> reqwest::RequestBuilder {
    gateway.request("GET", path).header("cookie", "other=secret; sid=s1")
}

async fn what_may_be_left_out_is_left_out(program: Program) {
    let echo = echo().await;
    let gateway = program.with([("Echo", &echo)]).await;
    assert_eq!(client::send(item(&gateway, ITEM)).await.complete(), r#"{"ok":true}"#);
    let asked = &echo.asked()[0];
    assert_eq!(
        asked.target,
        "/items/ABC-12/dark-blue?at=2026-01-01T00%3A00%3A00%2B02%3A00&page%5Bsize%5D=20&ids=3&ids=1"
    );
    assert_eq!(asked.header("x-size"), Some("small"));

    let answer = client::send(gateway.request("GET", "/names/x").header("X-Tag", "a")).await;
    assert_eq!(
        answer.complete(),
        r#"{"ok":true,"name":"x","ratio":null,"price":null,"day":null,"id":null,"url":null,"flag":null}"#
    );
    assert_eq!(echo.asked()[1].target, "/names/x");
}

async fn every_fault_is_named(program: Program) {
    let echo = echo().await;
    let gateway = program.with([("Echo", &echo)]).await;
    let path = "/items/abc/green?at=yesterday&page[size]=51&note=a&note=b&ids=1&ids=x&extra=1&unused=maybe";
    let mut violations = client::send(gateway.request("GET", path).header("X-Size", "")).await.violations();
    violations.sort();
    let places: Vec<&str> = violations.iter().map(|violation| violation.split(": ").next().expect("a place")).collect();
    // An enum that ends in `..` takes any text, the empty one too.
    assert_eq!(places, ["at", "color", "extra", "ids", "note", "page[size]", "sid", "sku", "unused"], "{violations:?}");
    for (path, why) in [
        ("/items/ABC-12/red?ids=1", "at: is missing"),
        ("/items/ABC-12/red?at=2026-01-01T00:00:00Z", "ids: must have at least 1 element"),
        ("/items/ABC-12/red?at=2026-01-01T00:00:00Z&ids=99999999999999999999", "ids: does not fit 64 bits"),
        ("/items/ABC-12/red?at=2026-01-01T00:00:00Z&ids=%FF", "ids: is not percent-encoded UTF-8"),
        ("/items/ABC-12x/red?at=2026-01-01T00:00:00Z&ids=1", "sku: must match the pattern [A-Z]{3}-\\d+"),
        ("/items/ABC-12/red?at=2026-01-01T00:00:00Z&ids=1&AT=1", "AT: unknown parameter"),
    ] {
        assert_eq!(client::send(item(&gateway, path)).await.violations(), [why], "{path}");
    }
    let twice =
        gateway.request("GET", ITEM).header("cookie", "sid=s1").header("X-Size", "small").header("X-Size", "large");
    assert_eq!(client::send(twice).await.violations(), ["x-size: appears more than once"]);
    let twice = gateway.request("GET", ITEM).header("cookie", "sid=s1; sid=s2");
    assert_eq!(client::send(twice).await.violations(), ["sid: appears more than once"]);
    assert_eq!(echo.lines(), [""; 0]);
}

async fn named(gateway: &Gateway, query: &str) -> Answer {
    client::send(gateway.request("GET", &format!("/names/x?{query}")).header("X-Tag", "a, b").header("X-Tag", "c"))
        .await
}

async fn texts_are_read_by_their_type(program: Program) {
    let echo = echo().await;
    let gateway = program.with([("Echo", &echo)]).await;
    let query = "ratio=0.50&price=12345678901234567890.10&day=2028-02-29&id=67E55044-10b1-426f-9247-bb680e5fe0c8&url=https://a.test/x?y%3D1&flag=false&some=2&some=3";
    let answer = named(&gateway, query).await;
    assert_eq!(
        answer.complete(),
        r#"{"ok":true,"name":"x","ratio":0.50,"price":12345678901234567890.10,"day":"2028-02-29","id":"67E55044-10b1-426f-9247-bb680e5fe0c8","url":"https://a.test/x?y=1","flag":false}"#
    );
    let asked = &echo.asked()[0];
    assert_eq!(asked.header("x-tags"), Some("a, b, c"));
    assert_eq!(
        asked.target,
        "/names/x?ratio=0.50&price=12345678901234567890.10&day=2028-02-29&id=67E55044-10b1-426f-9247-bb680e5fe0c8&url=https%3A%2F%2Fa.test%2Fx%3Fy%3D1&flag=false&some=2&some=3"
    );
    for fault in [
        "ratio=1.1",
        "ratio=NaN",
        "ratio=1e400",
        "ratio=",
        "price=-0.01",
        "price=1,5",
        "day=2026-02-29",
        "day=2026-2-1",
        "id=67e55044",
        "url=no%20url",
        "flag=TRUE",
        "flag=1",
        "some=",
        "some=1.0",
        "some=%201",
        "some=+1",
    ] {
        let violations = named(&gateway, fault).await.violations();
        let name = fault.split('=').next().expect("a name");
        assert!(violations.len() == 1 && violations[0].starts_with(&format!("{name}: ")), "{fault}: {violations:?}");
    }
    assert_eq!(echo.asked().len(), 1);
}

/// Whatever a client puts into a path, the service is asked for what the file says, with the value in its own segment; or for nothing.
async fn no_path_leaves_its_place(program: Program) {
    let echo = echo().await;
    let gateway = program.with([("Echo", &echo)]).await;
    let attacks: [&[u8]; 28] = [
        b"..",
        b".",
        b"%2e%2e",
        b".%2E",
        b"%2e",
        b"..%2fadmin",
        b"a%2f..%2f..%2fadmin",
        b"a%2F%2e%2e%2Fadmin",
        b"%2f%2fevil.test",
        b"a%5c..%5cadmin",
        b"a\\..\\admin",
        b"a%3Fadmin=1",
        b"a%23frag",
        b"a%00",
        b"a%0d%0aX-Admin:%201",
        b"a%0D%0A%0D%0AGET%20/admin",
        b"a;b=c",
        b"a%252f..",
        b"%252e%252e",
        b"%25%32%66",
        b"a%c0%ae%c0%ae",
        b"%ff",
        b"%",
        b"%2",
        b"%zz",
        b"a@evil.test:80",
        b"a%20b%09",
        b"\xc3\xa9",
    ];
    for attack in attacks {
        let shown = String::from_utf8_lossy(attack).into_owned();
        let before = echo.asked().len();
        let answer = client::get_bytes(gateway.address, [b"/names/", attack].concat(), "X-Tag: a\r\n").await;
        let asked = echo.asked();
        if let Some(one) = asked.get(before) {
            let segment = one.target.strip_prefix("/names/").unwrap_or_else(|| panic!("{shown}: {one:?}"));
            let sound = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
            assert!(segment.bytes().all(sound) && segment != "." && segment != "..", "{shown}: {one:?}");
            assert_eq!((one.method.as_str(), one.header("x-admin")), ("GET", None), "{shown}: {one:?}");
            // Nothing is scripted for it, so it is a failure of the service: the gateway did its part.
            assert_eq!(answer.status, 502, "{shown}: {answer:?}");
        } else {
            assert!(matches!(answer.status, 400 | 404), "{shown}: {answer:?}");
        }
    }
    // A value that is taken for what it is.
    let encoded = echo.asked().into_iter().map(|one| one.target).collect::<Vec<_>>();
    for segment in
        ["..%2Fadmin", "a%3Fadmin%3D1", "a%23frag", "a%3Bb%3Dc", "a%5C..%5Cadmin", "a%252f..", "%252e%252e", "%252f"]
    {
        assert!(encoded.contains(&format!("/names/{segment}")), "{segment}: {encoded:?}");
    }
}

async fn no_value_becomes_a_header_or_a_query(program: Program) {
    let echo = echo().await;
    let gateway = program.with([("Echo", &echo)]).await;
    let note = "%0d%0aX-Admin:%201%26admin%3D1%23";
    let answer = client::send(item(&gateway, &format!("{ITEM}&note={note}"))).await;
    assert_eq!(answer.complete(), r#"{"ok":true}"#);
    let asked = &echo.asked()[0];
    assert!(asked.target.contains("&note=%0D%0AX-Admin%3A%201%26admin%3D1%23&ids="), "{asked:?}");
    assert_eq!(asked.header("x-admin"), None);
    // A cookie's value is one value, and so is a header's, whatever bytes it has.
    for cookie in ["sid=a b", "sid=\"a\\\"; admin=1", "sid=a,b"] {
        let answer = client::send(gateway.request("GET", ITEM).header("cookie", cookie)).await;
        let why = "sid: must have no blank, quote, comma, semicolon, backslash or letter beyond ASCII";
        assert_eq!(answer.violations(), [why], "{cookie}");
    }
    for (tag, why) in [("a\tb", "no control character"), ("a\u{e9}", "visible characters only")] {
        let answer = client::get_bytes(gateway.address, "/names/x", &format!("X-Tag: {tag}\r\n")).await;
        assert_eq!(answer.violations(), [format!("x-tag: must have {why}")]);
    }
    let answer = client::get_bytes(gateway.address, "/names/x", "X-Tag: a\u{1}b\r\n").await;
    assert_eq!(answer.status, 400, "{answer:?}");
    assert_eq!(echo.asked().len(), 1);
}

async fn what_does_not_fit_its_place_is_refused_before_anything_is_called(program: Program) {
    let echo = Upstream::with([("GET /marks/m", Reply::json(r#"{"ok":true}"#))]).await;
    let gateway = program.with([("Echo", &echo)]).await;
    let answer =
        gateway.send("POST", "/notes/t?title=A%20%C3%A9", r#"{"mark":"m","words":["a b","\u00e9"],"by":"x"}"#).await;
    assert_eq!((answer.status, answer.complete()), (201, r#"{"ok":true}"#));
    assert_eq!((answer.header("x-title"), answer.header("x-by")), (Some("t: m"), Some("A \u{e9}")));
    assert!(answer.header("set-cookie").is_some_and(|cookie| cookie.starts_with("topic=t-1; ")), "{answer:?}");
    assert_eq!(
        (echo.asked()[0].header("x-words"), echo.asked()[0].header("cookie")),
        (Some("a b, \u{e9}"), Some("by=x"))
    );

    let body = r#"{"mark":"..","words":["a","b\n"],"by":"a;b"}"#;
    let mut violations = gateway.send("POST", "/notes/%C3%A9?title=a%0Ab", body).await.violations();
    violations.sort();
    let cookie = "must have no blank, quote, comma, semicolon, backslash or letter beyond ASCII";
    assert_eq!(
        violations,
        [
            format!("/by: {cookie}"),
            "/mark: must not be empty, `.` or `..`".to_owned(),
            "/words/1: must have no control character".to_owned(),
            "title: must have no control character".to_owned(),
            format!("topic: {cookie}"),
        ]
    );
    assert_eq!(echo.asked().len(), 1);
}

async fn a_path_of_several_segments_stays_below(program: Program) {
    let echo = echo().await;
    let gateway = program.with([("Echo", &echo)]).await;
    assert_eq!(client::get_bytes(gateway.address, "/files/a/b.txt", "").await.complete(), r#"{"ok":true}"#);
    assert_eq!(client::get_bytes(gateway.address, "/files/a%20b/%C3%A9", "").await.complete(), r#"{"ok":true}"#);
    for path in [
        "",
        "..",
        "a/..",
        "../a",
        "a/../../b",
        "a/%2e%2e/b",
        "a/.",
        "./a",
        "a/%2E/b",
        "a%2fb",
        "a%2F..%2Fb",
        "a%00b",
        "/etc",
        "a//b",
        "a\\..\\b",
        "a/%5c..%5c/b",
        "a%0d%0ab",
    ] {
        let before = echo.asked().len();
        let answer = client::get_bytes(gateway.address, format!("/files/{path}"), "").await;
        let asked = echo.asked();
        match asked.get(before) {
            None => assert!(matches!(answer.status, 400 | 404), "{path}: {answer:?}"),
            Some(one) => {
                let rest = one.target.strip_prefix("/files/").unwrap_or_else(|| panic!("{path}: {one:?}"));
                assert!(rest.split('/').all(|part| !matches!(part, "" | "." | "..")), "{path}: {one:?}");
                assert!(!rest.contains(['\\', '?', '#']), "{path}: {one:?}");
            }
        }
    }
}

async fn any_method_is_served(program: Program) {
    let echo = echo().await;
    let gateway = program.with([("Echo", &echo)]).await;
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        let answer = client::send(gateway.request(method, "/alive")).await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{method}");
        assert_eq!(answer.header("gateway-completed"), Some("true"));
    }
    assert!(echo.lines().iter().all(|line| line == "HEAD /alive"));
    let health = gateway.get("/up").await;
    assert_eq!((health.status, health.body.as_str()), (200, r#"{"status":"ok"}"#));
    assert_eq!(gateway.get("/__health").await.status, 404);
}
