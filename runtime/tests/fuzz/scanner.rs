//! What holds for any bytes that come as an upstream's answer, as a client's body, or as a query.
#![allow(clippy::unwrap_used, reason = "what does not hold has to be seen")]

use bytes::Bytes;
use gatewright::codegen as gw;
use gatewright::input::Source;
use gatewright::json::{self, Scanner};
use serde_json::Value;
use serde_json::value::RawValue;

/// Runs every reader over `bytes`, and compares with `serde_json` where it has the same duty.
pub(crate) fn check(bytes: &[u8]) {
    let body = Bytes::copy_from_slice(bytes);
    grammar(&body);
    selection(&body);
    values(&body);
    client(&body);
}

/// What is JSON for us is JSON for `serde_json`, and the other way round, within our bounds.
fn grammar(body: &Bytes) {
    let whole = json::read(body, |scan: &mut Scanner<'_>| scan.copy_whole(Scanner::any));
    match &whole {
        Ok(read) => assert_eq!(read.value.as_bytes(), body.trim_ascii()),
        Err(broken) if broken.why().starts_with("nested deeper") => return,
        Err(broken) => assert!(broken.offset().unwrap() <= body.len()),
    }
    assert_eq!(whole.is_ok(), serde_json::from_slice::<&RawValue>(body).is_ok());
}

/// Copies `{ n: .a, list: .b [{ the same }], map: .c {String: _} }`.
fn select(scan: &mut gw::Scanner<'_>, out: &mut gw::Writer) -> Result<(), gw::Broken> {
    let (mut a, mut b, mut c) = (gw::Slot::new("a"), gw::Slot::new("b"), gw::DriftSlot::new("c"));
    scan.object(|scan, key| match key {
        b"a" => a.take(scan, |scan| scan.or_null(gw::Scanner::any)),
        b"b" => b.take(scan, |scan| {
            scan.nullable(|scan| scan.aside(|scan, out| scan.copy_list(out, gw::Bounds::ANY, select)))
        }),
        b"c" => c.take(scan, |scan| scan.map_of(gw::Scanner::number)),
        _ => scan.skip(),
    })?;
    out.raw(br#"{"n":"#);
    out.raw(a.or_null());
    out.raw(br#","list":"#);
    out.aside_or_null(scan, b.flat());
    out.raw(br#","map":"#);
    out.raw(c.or(scan, b"{}"));
    out.raw(b"}");
    Ok(())
}

/// What a selection writes is JSON; and where no key appears twice, it is what `serde_json` selects.
fn selection(body: &Bytes) {
    let Ok(read) = json::read(body, |scan: &mut Scanner<'_>| scan.copy(select)) else { return };
    serde_json::from_slice::<&RawValue>(read.value.as_bytes()).unwrap();
    let unique = json::read(body, |scan: &mut Scanner<'_>| scan.json()).is_ok();
    let (Ok(before), Ok(after)) = (serde_json::from_slice(body), serde_json::from_slice(read.value.as_bytes())) else {
        return; // A number that no float can hold: `serde_json` has an opinion on it, we pass it on.
    };
    if unique {
        same(&before, &after);
    }
}

fn same(before: &Value, after: &Value) {
    assert_eq!(before.get("a").unwrap_or(&Value::Null), &after["n"]);
    match before.get("b").unwrap_or(&Value::Null) {
        Value::Array(list) => {
            assert_eq!(list.len(), after["list"].as_array().unwrap().len());
            list.iter().zip(after["list"].as_array().unwrap()).for_each(|(before, after)| same(before, after));
        }
        _ => assert!(after["list"].is_null()),
    }
    match before.get("c") {
        Some(Value::Object(map)) if map.values().all(Value::is_number) => assert_eq!(before["c"], after["map"]),
        _ => assert_eq!(after["map"], serde_json::json!({})),
    }
}

/// Nothing that reads a value panics, and what it reads it writes as it came.
fn values(body: &Bytes) {
    let kept = |written: String| assert_eq!(written.as_bytes(), body.trim_ascii());
    if let Ok(read) = json::read(body, |scan: &mut Scanner<'_>| scan.decimal()) {
        kept(read.value.to_string());
        let _ = (gw::math::div(&1, &read.value, ""), gw::math::mul(&read.value, &read.value, ""));
    }
    if let Ok(read) = json::read(body, |scan: &mut Scanner<'_>| scan.float()) {
        kept(read.value.to_string());
    }
    if let Ok(read) = json::read(body, |scan: &mut Scanner<'_>| scan.text()) {
        assert_eq!(read.value, serde_json::from_slice::<String>(body).unwrap());
        let mut out = gw::Writer::new();
        out.string(&read.value);
        assert_eq!(read.value, serde_json::from_slice::<String>(out.as_bytes()).unwrap());
    }
    let Ok(text) = std::str::from_utf8(body) else { return };
    let _ = (gw::text::int(text), gw::text::time(text), gw::text::date(text), gw::text::uuid(text));
    let _ = (gw::text::url(text), gw::text::path(text), gw::text::decimal(text), gw::text::float(text));
}

fn take(body: &mut gw::BodyScanner<'_>) -> Option<()> {
    let (mut a, mut b, mut c) = (gw::Field::new("a"), gw::Field::new("b"), gw::Field::new("c"));
    body.object(|body, key| match key {
        "a" => a.take(body, gw::BodyScanner::int),
        "b" => b.take(body, |body| body.list(gw::Bounds::at_most(2), take)),
        "c" => c.take(body, |body| body.nullable(|body| body.map(gw::BodyScanner::text))),
        _ => body.unknown(),
    })?;
    let (a, b, c) = (a.required(body), b.required(body), c.optional());
    a.and(b).and(c).map(drop)
}

/// Every body is taken or refused, with a bounded answer.
fn client(body: &Bytes) {
    let headers = http::HeaderMap::from_iter([(http::header::CONTENT_TYPE, "application/json".parse().unwrap())]);
    let query = std::str::from_utf8(body).unwrap_or_default();
    let mut input = gw::Input::new(Source { path: &[], query, headers: &headers, body });
    let taken = input.body(take);
    let listed = input.query_list("a", gw::Bounds::at_most(3), gw::text::int);
    if taken.is_none() || listed.is_none() {
        assert!(input.reject().to_string().len() < 64 * 1024);
    }
}
