//! The query: names and values between `&`, percent-encoded, `+` for a blank.

use std::borrow::Cow;

use super::violations::Violations;

/// One `name=value` of the query, decoded.
#[derive(Debug)]
pub(super) struct Pair<'q> {
    pub(super) name: Cow<'q, str>,
    /// None where it is not well-formed, which is a violation that has been noted.
    pub(super) value: Option<Cow<'q, str>>,
    /// Whether somebody wanted a parameter of this name.
    pub(super) asked: bool,
}

/// Takes a query apart. A pair that is not well-formed is a violation, and left out where not even its name is.
pub(super) fn pairs<'q>(query: &'q str, violations: &mut Violations) -> Vec<Pair<'q>> {
    let mut pairs = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (decoded, value) = (decode(name), decode(value));
        if decoded.is_none() || value.is_none() {
            violations.note(decoded.as_deref().unwrap_or(name), "is not percent-encoded UTF-8");
        }
        pairs.extend(decoded.map(|name| Pair { name, value, asked: false }));
    }
    pairs
}

/// Undoes percent-encoding; none where an escape is cut short or the bytes are no UTF-8.
fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(['%', '+']) {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    loop {
        let (byte, tail) = match rest {
            [] => return String::from_utf8(bytes).ok().map(Cow::Owned),
            [b'%', high, low, tail @ ..] => (hex(*high)? << 4 | hex(*low)?, tail),
            [b'%', ..] => return None,
            [b'+', tail @ ..] => (b' ', tail),
            [plain, tail @ ..] => (*plain, tail),
        };
        bytes.push(byte);
        rest = tail;
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn escapes_are_undone_once() {
        assert_eq!(decode("a+b%20c").as_deref(), Some("a b c"));
        assert_eq!(decode("%2525").as_deref(), Some("%25"));
        assert_eq!(decode("%c3%A4").as_deref(), Some("ä"));
        for text in ["%", "%4", "%zz", "%c3", "a%"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
