//! Values in an address: percent-encoded for their place, so that none can add a segment, a query or a header.

use std::fmt::{self, Display, Write};

/// Why a value can't stand in a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadSegment {
    Empty,
    Dots,
    Control,
}

impl BadSegment {
    pub(super) fn why(self) -> &'static str {
        match self {
            Self::Empty => "is empty, and can't be a part of a path",
            Self::Dots => "can't be `.` or `..`",
            Self::Control => "has a control character",
        }
    }
}

/// Appends a value as a part of one segment. On a bad one the path is left as it was.
pub(super) fn segment(path: &mut String, value: impl Display) -> Result<(), BadSegment> {
    let start = path.len();
    let control = append(path, value);
    let written = path.get(start..).unwrap_or_default();
    let bad = match written {
        _ if control => BadSegment::Control,
        "" => BadSegment::Empty,
        "." | ".." => BadSegment::Dots,
        _ => return Ok(()),
    };
    path.truncate(start);
    Err(bad)
}

/// Appends `key=value`, behind `?` or `&`.
pub(super) fn query(path: &mut String, has_query: &mut bool, key: &str, value: impl Display) {
    path.push(if std::mem::replace(has_query, true) { '&' } else { '?' });
    append(path, key);
    path.push('=');
    append(path, value);
}

/// Appends a value, everything but unreserved characters encoded; tells whether it has a control character.
fn append(path: &mut String, value: impl Display) -> bool {
    let mut encoder = Encoder { out: path, control: false };
    // A `Display` that fails leaves the value cut short, which the check of control characters can't see; no value of
    // ours fails.
    let failed = write!(encoder, "{value}").is_err();
    encoder.control || failed
}

struct Encoder<'a> {
    out: &'a mut String,
    control: bool,
}

impl Write for Encoder<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                self.out.push(char::from(byte));
            } else {
                self.control |= byte.is_ascii_control();
                write!(self.out, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}

/// A value in an address that we hand out: encoded, so that it can't be a segment of its own, a query or another host.
pub fn encoded(value: impl Display) -> String {
    let mut text = String::new();
    append(&mut text, value);
    text
}

/// A path in an address that we hand out: its segments are encoded, and it never begins with a slash of its own.
pub fn encoded_path(value: impl Display) -> String {
    let value = value.to_string();
    let segments: Vec<String> = value.trim_start_matches('/').split('/').map(encoded).collect();
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_in_its_segment() {
        for (value, encoded) in [
            ("7", "7"),
            ("a/b", "a%2Fb"),
            ("../admin", "..%2Fadmin"),
            ("%2e%2e", "%252e%252e"),
            ("a?b#c", "a%3Fb%23c"),
            ("a b+c", "a%20b%2Bc"),
            ("ä;=", "%C3%A4%3B%3D"),
            ("...", "..."),
            ("\\", "%5C"),
        ] {
            let mut path = "/users/".to_owned();
            segment(&mut path, value).expect(value);
            assert_eq!(path, format!("/users/{encoded}"));
        }
    }

    #[test]
    fn what_would_change_the_path_is_refused() {
        let cases =
            [("", BadSegment::Empty), (".", BadSegment::Dots), ("..", BadSegment::Dots), ("a\nb", BadSegment::Control)];
        for (value, bad) in cases {
            let mut path = "/users/".to_owned();
            assert_eq!(segment(&mut path, value), Err(bad), "{value:?}");
            assert_eq!(path, "/users/");
        }
    }

    #[test]
    fn keys_and_values_of_a_query_are_encoded() {
        let (mut path, mut has_query) = ("/orders".to_owned(), false);
        query(&mut path, &mut has_query, "page[size]", 20);
        query(&mut path, &mut has_query, "q", "a&b=c\r\n");
        assert_eq!(path, "/orders?page%5Bsize%5D=20&q=a%26b%3Dc%0D%0A");
    }
    #[test]
    fn no_value_in_an_address_chooses_its_host() {
        assert_eq!(encoded("/evil.example?a=b"), "%2Fevil.example%3Fa%3Db");
        assert_eq!(encoded_path("//evil.example/a b"), "evil.example/a%20b");
        assert_eq!(encoded_path("a/b"), "a/b");
    }

    proptest::proptest! {
        #[test]
        fn any_value_is_one_segment_that_reads_back(value in proptest::prelude::any::<String>()) {
            let mut path = String::from("/users/");
            match segment(&mut path, &value) {
                Ok(()) => {
                    let written = path.strip_prefix("/users/").expect("the literal stays");
                    assert!(!written.is_empty() && written != "." && written != "..");
                    assert!(written.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)));
                    let read = crate::route::decode(written);
                    assert_eq!(read.as_deref(), Some(value.as_str()));
                }
                Err(_) => assert_eq!(path, "/users/"),
            }
        }
    }
}
