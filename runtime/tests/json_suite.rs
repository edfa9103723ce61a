//! The public JSON test suite, in both directions: as an upstream's answer and as a client's body.
#![expect(clippy::unwrap_used, reason = "a test has no input to survive")]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use gatewright::input::{BodyScanner, Input, Source};
use gatewright::json::{self, Broken, Scanner};
use gatewright::value::Bounds;
use http::HeaderMap;

/// All 318 texts by name; two that are only long are made here.
fn suite() -> BTreeMap<String, Bytes> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/json-test-suite");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let mut suite: BTreeMap<_, _> = files
        .map(|path| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), Bytes::from(std::fs::read(path).unwrap()))
        })
        .collect();
    suite.insert("n_structure_100000_opening_arrays.json".into(), "[".repeat(100_000).into());
    suite.insert("n_structure_open_array_object.json".into(), (r#"[{"":"#.repeat(50_000) + "\n").into());
    suite
}

/// Every way to read a whole value of any kind must agree on what is JSON.
fn readers(body: &Bytes) -> [Result<(), Broken>; 3] {
    [
        json::read(body, |scan: &mut Scanner<'_>| scan.skip()).map(drop),
        json::read(body, |scan: &mut Scanner<'_>| scan.any().map(drop)).map(drop),
        json::read(body, descend).map(drop),
    ]
}

/// Reads a value by its arrays and objects, not by skipping.
fn descend(scan: &mut Scanner<'_>) -> Result<(), Broken> {
    let first = Cell::new(0);
    let look = |scan: &mut Scanner<'_>| scan.any().map(|text| first.set(text[0]));
    let read = |scan: &mut Scanner<'_>| match first.get() {
        b'{' => scan.object(|scan, _| descend(scan)),
        b'[' => scan.list(Bounds::ANY, descend).map(drop),
        _ => scan.skip(),
    };
    scan.both(look, read).map(drop)
}

fn as_client_body(body: &Bytes) -> bool {
    let headers = HeaderMap::from_iter([(http::header::CONTENT_TYPE, "application/json".parse().unwrap())]);
    let mut input = Input::new(Source { path: &[], query: "", headers: &headers, body });
    input.body(|body: &mut BodyScanner<'_>| body.json()).is_some() && input.finish().is_ok()
}

#[test]
fn the_suite_is_whole() {
    let suite = suite();
    let count = |prefix: &str| suite.keys().filter(|name| name.starts_with(prefix)).count();
    assert_eq!((count("y_"), count("n_"), count("i_")), (95, 188, 35));
}

#[test]
fn what_is_json_is_accepted_and_what_is_not_is_refused() {
    for (name, body) in suite() {
        let [skipped, whole, descended] = readers(&body);
        assert_eq!(skipped.is_ok(), whole.is_ok(), "{name}");
        // Half a surrogate pair is grammar for one who passes it on, and no text for one who reads it as a key.
        assert!(skipped.is_ok() == descended.is_ok() || name.starts_with("i_"), "{name}: {descended:?}");
        match name.as_bytes()[0] {
            b'y' => assert_eq!(skipped, Ok(()), "{name}"),
            b'n' => assert!(skipped.unwrap_err().offset().is_some(), "{name}"),
            _ => {}
        }
    }
}

#[test]
fn a_client_may_send_what_is_json_unless_a_key_appears_twice() {
    for (name, body) in suite() {
        match name.as_bytes()[0] {
            b'y' => assert_eq!(as_client_body(&body), !name.contains("duplicated_key"), "{name}"),
            b'n' => assert!(!as_client_body(&body), "{name}"),
            _ => drop(as_client_body(&body)),
        }
    }
}

#[test]
fn what_passes_through_keeps_every_byte() {
    for (name, body) in suite().into_iter().filter(|(name, _)| name.starts_with("y_")) {
        let copied = json::read(&body, |scan: &mut Scanner<'_>| scan.copy_whole(Scanner::any)).unwrap();
        assert_eq!(copied.value.as_bytes(), body.trim_ascii(), "{name}");
    }
}

#[test]
fn nesting_and_number_of_values_are_bounded() {
    let nested = |depth: usize| Bytes::from("[".repeat(depth) + &"]".repeat(depth));
    assert!(readers(&nested(128)).iter().all(Result::is_ok));
    assert!(readers(&nested(129)).iter().all(Result::is_err));
    assert!(readers(&nested(1_000_000)).iter().all(Result::is_err));
    let long = |count: usize| Bytes::from(format!("[0{}]", ",0".repeat(count - 2)));
    let skip = |body| json::read(&body, |scan: &mut Scanner<'_>| scan.skip());
    assert!(skip(long(1_000_000)).is_ok());
    assert!(skip(long(1_000_001)).unwrap_err().to_string().contains("more than 1000000 values"));
}
