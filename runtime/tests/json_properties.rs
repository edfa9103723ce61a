//! The scanner against `serde_json`, on random documents: valid ones, broken ones, truncated ones.
#![expect(clippy::unwrap_used, reason = "a test has no input to survive")]

use std::fmt::Write as _;

use bytes::Bytes;
use gatewright::json::{self, Broken, Fragment, Scanner, Slot, ToJson, Writer};
use gatewright::value::Bounds;
use proptest::prelude::*;
use serde_json::Value;

const KEYS: [&str; 6] = ["id", "name", "a longer key than sixteen bytes", "", "ä", "quote\"d"];

/// A document as text, written with random blanks and random escapes, with few keys so that they meet.
fn document() -> impl Strategy<Value = String> {
    let text =
        prop_oneof![prop::sample::select(&KEYS[..]).prop_map(str::to_owned), "\\PC{0,40}", "[\\x00-\\x7f]{0,20}",];
    let number = prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?",
    ];
    let string = (text.clone(), any::<u64>()).prop_map(|(text, choices)| quoted(&text, choices));
    let leaf = prop_oneof![
        number,
        string.clone(),
        prop::sample::select(vec!["null", "true", "false", "[]", "{}"]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        let blank = prop::sample::select(vec!["", "", "", " ", "\n\t ", "\r\n"]);
        let list = (prop::collection::vec(inner.clone(), 0..6), blank.clone())
            .prop_map(|(items, blank)| format!("[{blank}{}{blank}]", items.join(&format!("{blank},{blank}"))));
        let key = (prop::sample::select(&KEYS[..]), any::<u64>()).prop_map(|(key, choices)| quoted(key, choices));
        let object = (prop::collection::vec((key, inner), 0..6), blank).prop_map(|(entries, blank)| {
            let entries: Vec<_> = entries.iter().map(|(key, value)| format!("{key}{blank}:{blank}{value}")).collect();
            format!("{{{blank}{}{blank}}}", entries.join(&format!(",{blank}")))
        });
        prop_oneof![list, object]
    })
}

/// A JSON string, some of whose characters are written as escapes that need not be.
fn quoted(text: &str, mut choices: u64) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        choices = choices.rotate_right(7);
        if character < ' ' || choices.is_multiple_of(5) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(quoted, "\\u{unit:04x}").unwrap();
            }
        } else if character == '"' || character == '\\' {
            quoted.extend(['\\', character]);
        } else {
            quoted.push(character);
        }
    }
    quoted + "\""
}

/// The text with one byte changed, or cut, or one put in.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![prop::sample::select(br#"{}[]",:\0-e.u 1tn"#.to_vec()), any::<u8>()];
    (document(), any::<prop::sample::Index>(), byte, 0..4).prop_map(|(text, at, byte, kind)| {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        match kind {
            0 => bytes[at] = byte,
            1 => bytes.truncate(at),
            2 => bytes.insert(at, byte),
            _ => drop(bytes.remove(at)),
        }
        bytes
    })
}

fn whole(body: &Bytes) -> Result<Fragment, Broken> {
    json::read(body, |scan: &mut Scanner<'_>| scan.copy_whole(Scanner::any)).map(|read| read.value)
}

/// Copies `{ name: .id, list: [the same] }` wherever it may: a selection that goes down as deep as the document does.
fn select(scan: &mut Scanner<'_>, out: &mut Writer) -> Result<(), Broken> {
    let (mut id, mut name) = (Slot::new("id"), Slot::new("name"));
    scan.object(|scan, key| match key {
        b"id" => id.take(scan, |scan| scan.or_null(Scanner::any)),
        b"name" => name
            .take(scan, |scan| scan.nullable(|scan| scan.aside(|scan, out| scan.copy_list(out, Bounds::ANY, select)))),
        _ => scan.skip(),
    })?;
    out.raw(br#"{"name":"#);
    out.raw(id.or_null());
    out.raw(br#","list":"#);
    out.aside_or_null(scan, name.flat());
    out.raw(b"}");
    Ok(())
}

/// The same by `serde_json`; none where the contract is broken.
fn select_by_serde(value: &Value) -> Option<Value> {
    let object = value.as_object()?;
    let list = match object.get("name") {
        None | Some(Value::Null) => Value::Null,
        Some(Value::Array(list)) => Value::Array(list.iter().map(select_by_serde).collect::<Option<_>>()?),
        Some(_) => return None,
    };
    Some(serde_json::json!({ "name": object.get("id").cloned().unwrap_or(Value::Null), "list": list }))
}

/// Whether an object in the text has a key twice; `serde_json` does not tell.
fn has_duplicates(text: &str) -> bool {
    let body = Bytes::from(text.to_owned());
    json::read(&body, |scan: &mut Scanner<'_>| scan.json()).is_err()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_valid_document_is_accepted_and_kept(text in document()) {
        let copied = whole(&Bytes::from(text.clone())).unwrap();
        prop_assert_eq!(copied.as_bytes(), text.as_bytes().trim_ascii());
    }

    #[test]
    fn what_serde_refuses_we_refuse(bytes in damaged()) {
        // serde_json keeps numbers as text here and so has no opinion on their size, as we have none.
        let by_serde = serde_json::from_slice::<&serde_json::value::RawValue>(&bytes).is_ok();
        prop_assert_eq!(whole(&Bytes::from(bytes)).is_ok(), by_serde);
    }

    #[test]
    fn a_selection_is_what_serde_selects(text in document()) {
        prop_assume!(!has_duplicates(&text));
        let Ok(value) = serde_json::from_str::<Value>(&text) else { return Ok(()) };
        let ours = json::read(&Bytes::from(text), |scan: &mut Scanner<'_>| scan.copy(select)).ok();
        let ours = ours.map(|read| serde_json::from_slice::<Value>(read.value.as_bytes()).unwrap());
        prop_assert_eq!(ours, select_by_serde(&value));
    }

    #[test]
    fn a_selection_of_anything_is_json_or_nothing(bytes in damaged()) {
        if let Ok(read) = json::read(&Bytes::from(bytes), |scan: &mut Scanner<'_>| scan.copy(select)) {
            prop_assert!(serde_json::from_slice::<&serde_json::value::RawValue>(read.value.as_bytes()).is_ok());
        }
    }

    #[test]
    fn text_is_read_as_serde_reads_it(text in "\\PC{0,60}|[\\x00-\\x7f]{0,40}", choices in any::<u64>()) {
        let quoted = quoted(&text, choices);
        let body = Bytes::from(quoted);
        let read = json::read(&body, |scan: &mut Scanner<'_>| scan.text()).unwrap().value;
        prop_assert_eq!(&read, &text);
        let mut out = Writer::new();
        read.write_json(&mut out);
        prop_assert_eq!(serde_json::from_slice::<String>(out.as_bytes()).unwrap(), text);
    }

    #[test]
    fn whole_numbers_are_read_as_they_are(number in any::<i64>(), zeros in 0_usize..3) {
        let texts = [number.to_string(), format!("{number}.{}", "0".repeat(zeros + 1)), format!("{number}0e-1")];
        for text in texts {
            let body = Bytes::from(text);
            prop_assert_eq!(json::read(&body, |scan: &mut Scanner<'_>| scan.int()).unwrap().value, number);
        }
    }

    #[test]
    fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let body = Bytes::from(bytes);
        drop(whole(&body));
        drop(json::read(&body, |scan: &mut Scanner<'_>| scan.copy(select)));
        drop(json::read(&body, |scan: &mut Scanner<'_>| scan.json()));
        drop(json::read(&body, |scan: &mut Scanner<'_>| scan.decimal()));
    }

    #[test]
    fn every_prefix_is_refused_in_peace(text in document()) {
        let valid = text.trim_ascii_end();
        for end in (0..valid.len()).filter(|end| valid.is_char_boundary(*end)) {
            let body = Bytes::from(valid[..end].to_owned());
            let by_serde = serde_json::from_slice::<&serde_json::value::RawValue>(&body).is_ok();
            prop_assert_eq!(whole(&body).is_ok(), by_serde);
        }
    }
}
