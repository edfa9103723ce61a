//! What clients send: every violation is named, with its place, and nothing that they sent is repeated.
#![expect(clippy::unwrap_used, reason = "a test has no input to survive")]

use gatewright::codegen as gw;
use gatewright::input::Source;
use http::HeaderMap;

#[derive(Debug)]
struct NewOrder {
    lines: Vec<NewLine>,
    note: Option<String>,
    express: bool,
}

#[derive(Debug)]
struct NewLine {
    product_id: i64,
    quantity: i64,
}

const NOTE: gw::TextRule = gw::TextRule::length(1, 5);

impl NewOrder {
    fn take(body: &mut gw::BodyScanner<'_>) -> Option<Self> {
        let (mut lines, mut note) = (gw::Field::new("lines"), gw::Field::new("note"));
        let mut express = gw::Field::new("express");
        body.object(|body, key| match key {
            "lines" => lines.take(body, |body| body.list(gw::Bounds::new(1, 3), NewLine::take)),
            "note" => note.take(body, |body| body.nullable(|body| body.text_in(&NOTE))),
            "express" => express.take(body, gw::BodyScanner::boolean),
            _ => body.unknown(),
        })?;
        let (lines, note, express) = (lines.required(body), note.optional(), express.or(|| false));
        Some(Self { lines: lines?, note: note?, express: express? })
    }
}

impl NewLine {
    fn take(body: &mut gw::BodyScanner<'_>) -> Option<Self> {
        let (mut product_id, mut quantity) = (gw::Field::new("product/id"), gw::Field::new("quantity"));
        body.object(|body, key| match key {
            "product/id" => product_id.take(body, gw::BodyScanner::int),
            "quantity" => quantity.take(body, |body| body.int_in(1..=99)),
            _ => body.unknown(),
        })?;
        let (product_id, quantity) = (product_id.required(body), quantity.required(body));
        Some(Self { product_id: product_id?, quantity: quantity? })
    }
}

/// Runs `read` over a request of which only this is known.
fn with<T>(query: &str, lines: &[(&'static str, &str)], body: &str, read: impl FnOnce(gw::Input<'_>) -> T) -> T {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(*name, value.parse().unwrap());
    }
    let body = gw::Bytes::from(body.to_owned());
    let path = [("id", "7".to_owned()), ("file", "a b".to_owned())];
    read(gw::Input::new(Source { path: &path, query, headers: &headers, body: &body }))
}

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

fn order(body: &str) -> Result<NewOrder, String> {
    with("", JSON, body, |mut input| match input.body(NewOrder::take) {
        Some(order) => input.finish().map(|()| order).map_err(|rejection| rejection.to_string()),
        None => Err(input.reject().to_string()),
    })
}

#[test]
fn a_body_is_read() {
    let order =
        order(r#"{"lines":[{"product/id":1,"quantity":2},{"quantity":3.0,"product\/id":4}],"note":null}"#).unwrap();
    assert_eq!(order.lines.iter().map(|line| (line.product_id, line.quantity)).collect::<Vec<_>>(), [(1, 2), (4, 3)]);
    assert_eq!((order.note, order.express), (None, false));
}

#[test]
fn every_violation_is_named_with_its_pointer() {
    let body =
        r#"{"lines":[{"product/id":"x","quantity":100,"extra":{"a":[]}},7,{}],"note":"toolong","express":1,"~x":0}"#;
    let violations = [
        "/lines/0/product~1id: expected a whole number, found a string",
        "/lines/0/quantity: must be at most 99",
        "/lines/0/extra: unknown field",
        "/lines/1: expected an object, found a number",
        "/lines/2/product~1id: is missing",
        "/lines/2/quantity: is missing",
        "/note: must have at most 5 characters",
        "/express: expected a boolean, found a number",
        "/~0x: unknown field",
    ];
    assert_eq!(order(body).unwrap_err(), violations.join("; "));
    assert_eq!(order("[]").unwrap_err(), "body: expected an object, found an array");
    assert_eq!(order("{}").unwrap_err(), "/lines: is missing");
    assert_eq!(order(r#"{"lines":[]}"#).unwrap_err(), "/lines: must have at least 1 element");
    assert_eq!(order(r#"{"lines":[1,1,1,1,1]}"#).unwrap_err().matches("; ").count(), 3);
    assert_eq!(order(r#"{"lines":null}"#).unwrap_err(), "/lines: expected an array, found null");
}

#[test]
fn a_key_may_come_once() {
    let line = r#"{"product/id":1,"quantity":2,"quantity":3}"#;
    assert_eq!(
        order(&format!(r#"{{"lines":[{line}]}}"#)).unwrap_err(),
        "/lines/0/quantity: the key appears more than once"
    );
    let open = with("", JSON, r#"{"a":{"x":1,"x":1}}"#, |mut input| {
        input.body(|body| body.object(|body, _| body.skip())).is_none().then(|| input.reject().to_string())
    });
    assert_eq!(open.unwrap(), "/a/x: the key appears more than once");
}

#[test]
fn a_key_that_is_no_text_is_named_and_the_rest_is_read() {
    let body = r#"{"lines":[{"product/id":1,"\ud800":[1],"quantity":0}],"\udc00":1}"#;
    let violations = [
        "/lines/0: half a surrogate pair in a key",
        "/lines/0/quantity: must be at least 1",
        "body: half a surrogate pair in a key",
    ];
    assert_eq!(order(body).unwrap_err(), violations.join("; "));
}

#[test]
fn what_is_no_json_is_refused_at_its_place() {
    assert_eq!(order(r#"{"lines":[}"#).unwrap_err(), "the body is no JSON: expected a value at byte 10");
    assert_eq!(order("{} {}").unwrap_err(), "the body is no JSON: more text after the value at byte 3");
    let plain = with("", &[("content-type", "text/plain")], "{}", |mut input| {
        assert!(input.body(NewOrder::take).is_none());
        input.reject()
    });
    assert_eq!(plain, gw::Rejection::UnsupportedMediaType);
    let none = with("", &[], "", |mut input| {
        assert!(input.body_optional(NewOrder::take).unwrap().is_none());
        assert!(input.body(NewOrder::take).is_none());
        input.reject().to_string()
    });
    assert_eq!(none, "body: is missing");
}

#[test]
fn the_list_of_violations_is_bounded() {
    let many: Vec<_> = (0..1000).map(|index| format!(r#""{index}{}":0"#, "k".repeat(500))).collect();
    let rejection = order(&format!("{{{}}}", many.join(","))).unwrap_err();
    assert!(rejection.ends_with(": there is more"), "{rejection}");
    assert!(rejection.len() < 20_000);
}

#[test]
fn a_body_is_kept_whole() {
    let text = "{ \"lines\" : [ {\"product/id\":1,\"quantity\":1} ] }";
    let body = with("", JSON, &format!(" {text} "), |mut input| input.body(|body| body.with_raw(NewOrder::take)));
    assert_eq!(body.unwrap().1.as_bytes(), text.as_bytes());
}

#[test]
fn parameters_are_read_from_their_places() {
    let lines = [("x-n", "1"), ("x-many", "a, b"), ("x-many", "c"), ("cookie", "sid=s1; other=2")];
    with("page%5Bsize%5D=20&q=a+b&ids=1&ids=2&flag=true&empty", &lines, "", |mut input| {
        assert_eq!(input.path("id", |text| gw::text::int_in(text, 1..=9)), Some(7));
        assert_eq!(input.path("file", gw::text::string).as_deref(), Some("a b"));
        assert_eq!(input.query("page[size]", gw::text::int), Some(20));
        assert_eq!(input.query_optional("q", gw::text::string), Some(Some("a b".into())));
        assert_eq!(input.query_optional("r", gw::text::string), Some(None));
        assert_eq!(input.query_or("n", gw::text::int, 5), Some(5));
        assert_eq!(input.query("flag", gw::text::boolean), Some(true));
        assert_eq!(input.query("empty", gw::text::string).as_deref(), Some(""));
        assert_eq!(input.query_list("ids", gw::Bounds::new(1, 2), gw::text::int), Some(vec![1, 2]));
        assert_eq!(input.query_list("none", gw::Bounds::ANY, gw::text::int), Some(vec![]));
        assert_eq!(input.query_list_optional("none", gw::Bounds::at_least(1), gw::text::int), Some(None));
        assert_eq!(input.header("x-n", gw::text::int), Some(1));
        assert_eq!(input.header_or("x-m", gw::text::int, 3), Some(3));
        assert_eq!(input.header_list("x-many", gw::Bounds::ANY, gw::text::string).unwrap(), ["a", "b", "c"]);
        assert_eq!(input.cookie("sid", gw::text::string).as_deref(), Some("s1"));
        assert_eq!(input.cookie_optional("none", gw::text::int), Some(None));
        assert_eq!(input.finish(), Ok(()));
    });
}

#[test]
fn every_parameter_that_is_wrong_is_named() {
    let lines = [("x-n", "1"), ("x-n", "1"), ("x-bad", "\u{e4}")];
    let query = "page=0&page2=x&twice=1&twice=2&surprise=1&bad=%zz&ids=1&ids=x&ids=y";
    let rejection = with(query, &lines, "", |mut input| {
        assert!(input.query("page", |text| gw::text::int_in(text, 1..=50)).is_none());
        assert!(input.query_optional("page2", gw::text::int).is_none());
        assert!(input.query("missing", gw::text::int).is_none());
        assert!(input.query_or("twice", gw::text::int, 0).is_none());
        assert!(input.query_list("ids", gw::Bounds::ANY, gw::text::int).is_none());
        assert!(input.header("x-n", gw::text::int).is_none());
        assert!(input.header("x-bad", gw::text::string).is_none());
        assert!(input.cookie("sid", gw::text::string).is_none());
        input.reject().to_string()
    });
    let violations = [
        "bad: is not percent-encoded UTF-8",
        "page: must be at least 1",
        "page2: expected a whole number",
        "missing: is missing",
        "twice: appears more than once",
        "ids: expected a whole number",
        "ids: expected a whole number",
        "x-n: appears more than once",
        "x-bad: must have visible characters only",
        "sid: is missing",
        "surprise: unknown parameter",
    ];
    assert_eq!(rejection, violations.join("; "));
    let unknown = with("x=1", &[], "", |input| input.finish().unwrap_err().to_string());
    assert_eq!(unknown, "x: unknown parameter");
}

#[test]
fn text_is_read_strictly() {
    for text in ["", "+1", "01", "1.0", "1e2", " 1", "1 ", "0x1", "-", "--1", "9223372036854775808", "１"] {
        assert!(gw::text::int(text).is_err(), "{text:?}");
    }
    assert_eq!(gw::text::int("-9223372036854775808"), Ok(i64::MIN));
    for text in ["", "NaN", "inf", "1.", ".5", "1e999", "+1", "1_000"] {
        assert!(gw::text::float(text).is_err(), "{text:?}");
    }
    for text in ["", "True", "1", "yes"] {
        assert!(gw::text::boolean(text).is_err(), "{text:?}");
    }
    for text in ["", "1.", "0.12345678901234567890123456789"] {
        assert!(gw::text::decimal(text).is_err(), "{text:?}");
    }
    assert!(gw::text::string_in("äöü", &gw::TextRule::length(3, 3)).is_ok());
}
