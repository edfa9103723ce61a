//! `Url`: an absolute address, kept as written.

use std::fmt;

use super::rules::Reason;
use crate::json::{ToJson, Writer};

/// An absolute address (`https://…`, `mailto:…`), kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Url(Box<str>);

impl Url {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        check_url(text)?;
        Ok(Self(text.into()))
    }

    /// A literal of a `.gw` file, which the compiler has checked.
    pub fn literal(text: &'static str) -> Self {
        Self(text.into())
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks that `text` is an absolute address: a scheme, only characters that stand in addresses, whole percent
/// escapes, and for `http` and `https` a host. Letters beyond ASCII pass, as browsers let them.
pub(crate) fn check_url(text: &str) -> Result<(), Reason> {
    if is_url(text) { Ok(()) } else { Err(Reason::new("expected an absolute URL")) }
}

fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let named = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if !named || rest.is_empty() || rest.chars().any(is_foreign) || !whole_escapes(rest) {
        return false;
    }
    if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
        return rest.strip_prefix("//").is_some_and(has_host);
    }
    true
}

fn is_foreign(character: char) -> bool {
    character.is_control() || character.is_whitespace() || "\"<>\\^`{|}".contains(character)
}

/// Whether every `%` is followed by two hexadecimal digits.
pub(super) fn whole_escapes(text: &str) -> bool {
    text.split('%').skip(1).all(|behind| {
        matches!(behind.as_bytes(), [first, second, ..] if first.is_ascii_hexdigit() && second.is_ascii_hexdigit())
    })
}

fn has_host(behind_slashes: &str) -> bool {
    let authority = behind_slashes.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (host, ""),
    };
    let bracketed = host.starts_with('[') && host.ends_with(']') && host.len() > 2;
    !host.is_empty()
        && (bracketed || !host.contains([':', '[', ']', '@']))
        && port.bytes().all(|byte| byte.is_ascii_digit())
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ToJson for Url {
    fn write_json(&self, out: &mut Writer) {
        out.string(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::is_url;

    #[test]
    fn addresses() {
        for text in [
            "http://a",
            "https://user:pw@a.example:8080/p/q?x=1#f",
            "http://[::1]:80/",
            "mailto:a@b",
            "https://a/ü%20",
            "urn:isbn:1",
        ] {
            assert!(is_url(text), "{text}");
        }
        for text in [
            "",
            "/a",
            "a",
            "http:",
            "http://",
            "http:///p",
            "http://a b",
            "http://a/%2",
            "1a:b",
            "http://a:x/",
            "http://a\n",
            "http://:80",
        ] {
            assert!(!is_url(text), "{text}");
        }
    }
}
