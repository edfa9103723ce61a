//! Readers as the compiler generates them: what they copy, what they decode, and what they say when a contract is broken.
#![expect(clippy::unwrap_used, reason = "a test has no input to survive")]

use std::fmt::Display;

use gatewright::codegen as gw;
use gatewright::json::{self, Read};

/// An enum that is open, as it is generated.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Status {
    Placed,
    Paid,
    Other(String),
}

impl gw::Variant for Status {
    const NAMES: &'static [&'static str] = &["placed", "paid"];

    fn from_text(text: &str) -> Option<Self> {
        Some(match text {
            "placed" => Self::Placed,
            "paid" => Self::Paid,
            other => Self::Other(other.to_owned()),
        })
    }

    fn as_text(&self) -> &str {
        match self {
            Self::Placed => "placed",
            Self::Paid => "paid",
            Self::Other(text) => text,
        }
    }
}

/// An answer that expressions look into.
#[derive(Debug)]
struct Order {
    id: gw::Raw,
    user_id: i64,
    lines: Vec<Line>,
    total: gw::Decimal,
    placed_at: Option<gw::Time>,
    status: Status,
}

#[derive(Debug)]
struct Line {
    quantity: i64,
}

impl Order {
    fn read(scan: &mut gw::Scanner<'_>) -> Result<Self, gw::Broken> {
        let mut id = gw::Slot::new("id");
        let mut user_id = gw::Slot::new("user_id");
        let mut lines = gw::Slot::new("lines");
        let mut total = gw::Slot::new("total");
        let mut placed_at = gw::Slot::new("placed_at");
        let mut status = gw::Slot::new("status");
        scan.object(|scan, key| match key {
            b"id" => id.take(scan, |scan| scan.raw(gw::Scanner::whole)),
            b"user_id" => user_id.take(scan, |scan| scan.int_in(1..=i64::MAX)),
            b"lines" => lines.take(scan, |scan| scan.list(gw::Bounds::new(1, 3), Line::read)),
            b"total" => total.take(scan, gw::Scanner::decimal),
            b"placed_at" => placed_at.take(scan, |scan| scan.nullable(gw::Scanner::time)),
            b"status" => status.take(scan, gw::Scanner::variant::<Status>),
            _ => scan.skip(),
        })?;
        Ok(Self {
            id: id.required()?,
            user_id: user_id.required()?,
            lines: lines.required()?,
            total: total.required()?,
            placed_at: placed_at.flat(),
            status: status.required()?,
        })
    }
}

impl Line {
    fn read(scan: &mut gw::Scanner<'_>) -> Result<Self, gw::Broken> {
        let mut quantity = gw::Slot::new("quantity");
        scan.object(|scan, key| match key {
            b"quantity" => quantity.take(scan, |scan| scan.int_in(1..=i64::MAX)),
            _ => scan.skip(),
        })?;
        Ok(Self { quantity: quantity.required()? })
    }
}

/// `{ name, avatar: .profile.avatar, rating, lines[1..3] { product_id } }` of each user, where `rating: Float else 0`.
fn copy_users(scan: &mut gw::Scanner<'_>) -> Result<gw::Fragment, gw::Broken> {
    scan.copy(|scan, out| scan.copy_list(out, gw::Bounds::ANY, copy_user))
}

fn copy_user(scan: &mut gw::Scanner<'_>, out: &mut gw::Writer) -> Result<(), gw::Broken> {
    let (mut name, mut profile, mut lines) = (gw::Slot::new("name"), gw::Slot::new("profile"), gw::Slot::new("lines"));
    let mut rating = gw::DriftSlot::new("rating");
    scan.object(|scan, key| match key {
        b"name" => name.take(scan, gw::Scanner::string),
        b"rating" => rating.take(scan, gw::Scanner::finite),
        b"profile" => profile.take(scan, |scan| {
            let mut avatar = gw::Slot::new("avatar");
            scan.object(|scan, key| match key {
                b"avatar" => avatar.take(scan, |scan| scan.or_null(gw::Scanner::url_text)),
                _ => scan.skip(),
            })?;
            Ok(avatar.or_null())
        }),
        b"lines" => lines.take(scan, |scan| {
            scan.nullable(|scan| scan.aside(|scan, out| scan.copy_list_slice(out, gw::Bounds::ANY, 1..3, copy_line)))
        }),
        _ => scan.skip(),
    })?;
    out.raw(br#"{"name":"#);
    out.raw(name.required()?);
    out.raw(br#","avatar":"#);
    out.raw(profile.required()?);
    out.raw(br#","rating":"#);
    out.raw(rating.or(scan, b"0"));
    out.raw(br#","lines":"#);
    out.aside_or_null(scan, lines.flat());
    out.raw(b"}");
    Ok(())
}

fn copy_line(scan: &mut gw::Scanner<'_>, out: &mut gw::Writer) -> Result<(), gw::Broken> {
    let (mut product_id, mut notes) = (gw::Slot::new("product_id"), gw::Slot::new("notes"));
    scan.object(|scan, key| match key {
        b"product_id" => product_id.take(scan, gw::Scanner::whole),
        b"notes" => notes.take(scan, |scan| {
            scan.aside(|scan, out| {
                scan.copy_map(out, |scan, out| {
                    out.raw(scan.string()?);
                    Ok(())
                })
            })
        }),
        _ => scan.skip(),
    })?;
    let mut object = out.object();
    object.raw(br#""product_id":"#, product_id.required()?);
    if let Some(notes) = notes.optional() {
        object.key(br#""notes":"#).aside(scan, notes);
    }
    object.end();
    Ok(())
}

fn read<T>(text: &str, reader: impl FnOnce(&mut gw::Scanner<'_>) -> Result<T, gw::Broken>) -> Result<Read<T>, String> {
    json::read(&gw::Bytes::from(text.to_owned()), reader).map_err(|broken| broken.to_string())
}

fn copied(text: &str) -> Result<String, String> {
    read(text, copy_users).map(|read| String::from_utf8(read.value.as_bytes().to_vec()).unwrap())
}

fn broken<T: std::fmt::Debug>(
    text: &str,
    reader: impl FnOnce(&mut gw::Scanner<'_>) -> Result<T, gw::Broken>,
) -> String {
    read(text, reader).unwrap_err()
}

#[test]
fn a_selection_is_written_in_its_own_order() {
    let text = r#" [ {"lines": [{"product_id":1}, {"product_id": 2e0, "notes":{"b":"\u00e4","a":"x"}}, {"notes":{},"product_id":3}, {}],
        "profile": {"x":[{}], "avatar":"https://a/\u002fb"}, "id": 9, "rating": 4.50, "name": "A\"da"},
        {"n\u0061me":"B","profile":{},"rating":1,"lines":null}, {"rating":2,"profile":{"avatar":null},"name":"C"} ] "#;
    let wanted = concat!(
        r#"[{"name":"A\"da","avatar":"https://a/\u002fb","rating":4.50,"#,
        r#""lines":[{"product_id":2e0,"notes":{"b":"\u00e4","a":"x"}},{"product_id":3,"notes":{}}]},"#,
        r#"{"name":"B","avatar":null,"rating":1,"lines":null},{"name":"C","avatar":null,"rating":2,"lines":null}]"#
    );
    assert_eq!(copied(text).unwrap(), wanted);
    assert_eq!(copied("[]").unwrap(), "[]");
}

#[test]
fn what_is_broken_is_named_with_its_place() {
    let user = |fields: &str| format!(r#"[{{"name":"A","profile":{{}},"rating":1}},{{{fields}}}]"#);
    for (fields, error) in [
        (r#""profile":{},"rating":1"#, "[1].name: is missing"),
        (r#""name":1"#, "[1].name: expected a string, found a number"),
        (r#""name":"a","name":"b""#, "[1].name: the key appears more than once"),
        (r#""name":"a","n\u0061me":"b""#, "[1].name: the key appears more than once"),
        (r#""profile":{"avatar":"x"}"#, "[1].profile.avatar: expected an absolute URL"),
        (r#""lines":[{},{"product_id":1.5}]"#, "[1].lines[1].product_id: expected a whole number, found a fraction"),
        (r#""lines":[{},{"notes":{"a":"","b":"","a":""}}]"#, "[1].lines[1].notes.a: the key appears more than once"),
        (r#""lines":{}"#, "[1].lines: expected an array, found an object"),
        (r#""other":[{"a":01}]"#, "[1].other: expected `,` or `}` at byte 54"),
        (r#""name":"\x""#, "[1].name: unknown escape in a string at byte 47"),
        (r#""name":"a" "profile""#, "expected `,` or `}` at byte 50"),
    ] {
        let error_found = copied(&user(fields)).unwrap_err();
        assert!(error_found.ends_with(error), "{fields}: {error_found}");
    }
    assert_eq!(copied("[] x").unwrap_err(), "more text after the value at byte 3");
    assert_eq!(copied("null").unwrap_err(), "expected an array, found null");
    assert_eq!(copied("").unwrap_err(), "the text ends too early at byte 0");
}

#[test]
fn drift_is_replaced_and_counted() {
    let text = r#"[{"name":"A","profile":{},"rating":"?"},{"name":"B","profile":{},"rating":1e999},{"name":"C","profile":{}}]"#;
    let read = read(text, copy_users).unwrap();
    assert_eq!(read.drifts.len(), 1);
    assert_eq!((read.drifts[0].field, read.drifts[0].times), ("rating", 3));
    assert_eq!(read.drifts[0].why, "expected a number, found a string");
    assert!(std::str::from_utf8(read.value.as_bytes()).unwrap().matches(r#""rating":0"#).count() == 3);
    assert!(copied(r#"[{"name":"A","profile":{},"rating":{"a":tru}}]"#).is_err(), "what is no JSON is no drift");
    assert!(copied(r#"[{"name":"A","profile":{},"rating":"?","rating":1}]"#).is_err());
}

#[test]
fn an_answer_is_decoded() {
    let text = r#"{"id":12345678901234567890123,"user_id":7,"lines":[{"quantity":2,"x":[]},{"quantity":1.0}],"total":10.50,
        "placed_at":"2026-01-31T12:00:00+01:00","status":"lost"}"#;
    let order = read(text, Order::read).unwrap().value;
    assert_eq!(order.id.as_bytes(), b"12345678901234567890123");
    assert_eq!(order.user_id, 7);
    assert_eq!(order.lines.iter().map(|line| line.quantity).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(order.total.to_string(), "10.50");
    assert_eq!(order.placed_at.unwrap(), gw::text::time("2026-01-31T11:00:00Z").unwrap());
    assert_eq!(order.status, Status::Other("lost".into()));
    for (change, error) in [
        (("\"user_id\":7", "\"user_id\":0"), "user_id: must be at least 1"),
        (("\"user_id\":7", "\"user_id\":99999999999999999999"), "user_id: does not fit 64 bits"),
        (("{\"quantity\":1.0}", "{}"), "lines[1].quantity: is missing"),
        (("{\"quantity\":1.0}", "1,2,3"), "lines[1]: expected an object, found a number"),
        (("T12:00:00+01:00", ""), "placed_at: expected a date and time with its offset, as in 2026-01-31T12:00:00Z"),
        (("\"lost\"", "\"\\ud800\""), "status: half a surrogate pair in a string"),
    ] {
        assert_eq!(broken(&text.replace(change.0, change.1), Order::read), error);
    }
    let lines = r#"{"quantity":1},"#.repeat(4);
    let error = broken(&format!(r#"{{"lines":[{}]}}"#, lines.trim_end_matches(',')), Order::read);
    assert_eq!(error, "lines: must have at most 3 elements");
    assert_eq!(broken(r#"{"lines":[]}"#, Order::read), "lines: must have at least 1 element");
}

#[test]
fn constraints_hold_for_copies_and_for_values() {
    static WORD: gw::Pattern = gw::Pattern::new("[a-zä]+");
    const RULE: gw::TextRule = gw::TextRule::length(2, 3).matching(&WORD);
    const RANGE: gw::NumberRange = gw::NumberRange::below(Some("0"), Some("1.5"));
    for (text, error) in [
        (r#""ab""#, None),
        (r#""\u00e4\u00e4\u00e4""#, None),
        (r#""a""#, Some("must have at least 2 characters")),
        (r#""abcd""#, Some("must have at most 3 characters")),
        (r#""a1""#, Some("must match the pattern [a-zä]+")),
    ] {
        assert_eq!(read(text, |scan| scan.string_in(&RULE).map(drop)).err().as_deref(), error, "{text}");
        assert_eq!(read(text, |scan| scan.text_in(&RULE)).err().as_deref(), error, "{text}");
    }
    for (text, error) in [
        ("0", None),
        ("1.4999999999999999999999999999999", None),
        ("-1e-400", Some("must be at least 0")),
        ("15e-1", Some("must be less than 1.5")),
    ] {
        assert_eq!(read(text, |scan| scan.number_in(&RANGE).map(drop)).err().as_deref(), error, "{text}");
    }
    assert_eq!(read(r#""b""#, |scan| scan.one_of(&["a", "c"]).map(drop)).unwrap_err(), "must be one of a, c");
    assert_eq!(
        read("[1,2.0,3e0]", |scan| scan.raw(|scan| scan.list_of(gw::Bounds::ANY, gw::Scanner::whole)))
            .unwrap()
            .value
            .as_bytes(),
        b"[1,2.0,3e0]"
    );
    assert_eq!(
        read(r#"{"a":1,"a":2}"#, |scan| scan.map_of(gw::Scanner::whole).map(drop)).unwrap_err(),
        "a: the key appears more than once"
    );
}

#[test]
fn json_of_any_kind_is_looked_into() {
    let text = r#"{"a":{"b\u0063":[1, 2],"n":null},"x":1}"#;
    let value = read(text, |scan: &mut gw::Scanner<'_>| scan.json()).unwrap().value;
    assert_eq!(value.field("a").unwrap().field("bc").unwrap().raw().as_bytes(), b"[1, 2]");
    assert!(value.field("a").unwrap().field("n").is_none());
    assert!(value.field("x").unwrap().field("y").is_none());
    assert_eq!(
        broken(r#"[{"a":[0,{"b":1,"\u0062":2}]}]"#, |scan: &mut gw::Scanner<'_>| scan.json()),
        "[0].a[1].b: the key appears more than once"
    );
}

#[test]
fn maps_keep_their_order_and_find_their_keys() {
    let map = read(r#"{"b":1,"a":2,"\u0063":3}"#, |scan| scan.map(gw::Scanner::int)).unwrap().value;
    assert_eq!(map.iter().map(|(key, _)| key).collect::<String>(), "bac");
    assert_eq!((map.get("a"), map.get("c"), map.get("d")), (Some(&2), Some(&3), None));
    let mut out = gw::Writer::new();
    out.value(&map);
    assert_eq!(out.as_bytes(), br#"{"b":1,"a":2,"c":3}"#);
}

#[test]
fn values_are_written_as_they_came() {
    fn written(value: &(impl gw::ToJson + Display)) -> String {
        let mut out = gw::Writer::new();
        out.value(value);
        String::from_utf8(out.into_bytes().to_vec()).unwrap()
    }
    for digits in ["1.50", "1e2", "-0", "0.10", "100", "-1.5E+3", "79228162514264337593543950335"] {
        assert_eq!(written(&read(digits, gw_decimal).unwrap().value), digits);
    }
    for digits in ["1.50", "1e2", "-0.0", "0.10", "12345678901234567890.5", "1e-300", "100"] {
        assert_eq!(written(&read(digits, |scan: &mut gw::Scanner<'_>| scan.float()).unwrap().value), digits);
    }
    assert_eq!(read("1e400", |scan: &mut gw::Scanner<'_>| scan.float()).unwrap_err(), "does not fit a 64-bit float");
    assert_eq!(read("12345678901234567890123456789012", gw_decimal).unwrap_err(), "has more than 28 digits");
    assert_eq!(
        written(&gw::text::uuid("67E55044-10b1-426f-9247-bb680e5fe0c8").unwrap()),
        r#""67E55044-10b1-426f-9247-bb680e5fe0c8""#
    );
}

fn gw_decimal(scan: &mut gw::Scanner<'_>) -> Result<gw::Decimal, gw::Broken> {
    scan.decimal()
}

#[test]
fn arithmetic_never_wraps() {
    use gw::math::{add, compare, div, mul, neg, rem, sub};
    let decimal = gw::Decimal::literal;
    let float = gw::Float::literal;
    assert_eq!(add(&2, &3, "").unwrap(), 5);
    for overflow in [
        add(&i64::MAX, &1, "a.gw:1:2"),
        sub(&i64::MIN, &1, "a.gw:1:2"),
        mul(&i64::MAX, &2, "a.gw:1:2"),
        neg(&i64::MIN, "a.gw:1:2"),
    ] {
        assert_eq!(overflow.unwrap_err().to_string(), "arithmetic overflow at a.gw:1:2");
    }
    assert_eq!(div(&1, &0, "a.gw:1:2").unwrap_err().to_string(), "division by zero at a.gw:1:2");
    assert!(rem(&1, &0, "").is_err() && rem(&decimal("1"), &0, "").is_err() && rem(&float("1"), &0, "").is_err());
    assert_eq!(rem(&i64::MIN, &-1, "").unwrap(), 0);
    assert_eq!(rem(&-7, &3, "").unwrap(), -1);
    assert_eq!(div(&10, &4, "").unwrap().to_string(), "2.5");
    assert_eq!(div(&1, &3, "").unwrap().to_string(), "0.3333333333333333333333333333");
    assert_eq!(div(&2, &3, "").unwrap().to_string(), "0.6666666666666666666666666667");
    assert_eq!(div(&100, &3, "").unwrap().to_string(), "33.33333333333333333333333333");
    // Exact halves in the 29th digit, once up and once down to an even one.
    assert_eq!(div(&decimal("3.000000000000000000000000001"), &2, "").unwrap().to_string(), "1.5");
    assert_eq!(
        div(&decimal("3.000000000000000000000000003"), &2, "").unwrap().to_string(),
        "1.500000000000000000000000002"
    );
    assert_eq!(div(&decimal("0.0000000000000000000000000001"), &2, "").unwrap().to_string(), "0");
    assert_eq!(
        div(&decimal("0.0000000000000000000000000003"), &2, "").unwrap().to_string(),
        "0.0000000000000000000000000002"
    );
    assert_eq!(add(&decimal("1.50"), &decimal("1"), "").unwrap().to_string(), "2.50");
    assert_eq!(add(&1, &decimal("0.1"), "").unwrap(), decimal("1.10"));
    assert_eq!(mul(&decimal("0.1"), &3, "").unwrap().to_string(), "0.3");
    assert!(mul(&decimal("79228162514264337593543950335"), &2, "").is_err());
    assert_eq!(add(&1, &float("0.5"), "").unwrap().to_string(), "1.5");
    assert!(mul(&float("1e308"), &float("10"), "").is_err() && div(&float("1"), &float("0"), "").is_err());
    assert_eq!(compare(&1, &decimal("1.0")), std::cmp::Ordering::Equal);
    assert!(compare(&2, &float("1.5")).is_gt() && decimal("1.50") == decimal("1.5") && float("-0.0") == float("0"));
}

#[test]
fn slices_never_panic() {
    let list = [1, 2, 3];
    for (from, to, wanted) in [
        (0, Some(2), &[1, 2][..]),
        (1, None, &[2, 3]),
        (5, Some(9), &[]),
        (2, Some(1), &[]),
        (-4, Some(i64::MAX), &list),
    ] {
        assert_eq!(gw::slice(&list, from, to), wanted);
        assert_eq!(
            list.iter().enumerate().filter(|(index, _)| gw::slice_range(from, to).contains(index)).count(),
            wanted.len()
        );
    }
}
