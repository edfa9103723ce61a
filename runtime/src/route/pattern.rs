//! The path of an endpoint: matched on the raw segments of a request's path, each value decoded once.
//!
//! Routing and reading the values are one thing here. The router finds the endpoint by the same raw segments, so there is
//! no second, normalised form of a path that the two could disagree about.

use std::collections::BTreeMap;

/// A path as an endpoint declares it: `/users/{id}/orders`, `/files/{path..}`.
#[derive(Debug, Clone)]
pub(super) struct Pattern(Vec<Segment>);

#[derive(Debug, Clone, Copy)]
enum Segment {
    /// Text as it stands on the wire.
    Literal(&'static str),
    /// One segment.
    Value(&'static str),
    /// All that is left of the path.
    Rest(&'static str),
}

/// Why a path gives no values.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Mismatch {
    /// It is another path.
    Other,
    /// A value is not percent-encoded UTF-8.
    Encoding(&'static str),
    /// A segment of the rest of the path has an encoded slash, which would be one of the path's own once it is decoded.
    Slash(&'static str),
}

impl Pattern {
    pub(super) fn of(path: &'static str) -> Self {
        let segment = |text: &'static str| match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some(name) => name.strip_suffix("..").map_or(Segment::Value(name), Segment::Rest),
            None => Segment::Literal(text),
        };
        Self(path.strip_prefix('/').unwrap_or(path).split('/').map(segment).collect())
    }

    /// The same in axum's words. Where several patterns have a value at one place the router wants one name for it: the
    /// first that was seen, by what stands before it. So two endpoints that differ in a name only are one path to the
    /// router, as they are to a client.
    pub(super) fn for_router(&self, names: &mut BTreeMap<String, &'static str>) -> String {
        let (mut path, mut place) = (String::new(), String::new());
        let mut used = Vec::new();
        for segment in &self.0 {
            let (text, star) = match segment {
                Segment::Literal(text) => {
                    let text = text.replace('{', "{{").replace('}', "}}");
                    path = format!("{path}/{text}");
                    place = format!("{place}/{text}");
                    continue;
                }
                Segment::Value(name) => (*name, ""),
                Segment::Rest(name) => (*name, "*"),
            };
            place.push_str("/{}");
            let mut name = (*names.entry(place.clone()).or_insert(text)).to_owned();
            if used.contains(&name) {
                name = format!("{name}_{}", used.len());
            }
            path = format!("{path}/{{{star}{name}}}");
            used.push(name);
        }
        path
    }

    /// The values in a raw path.
    pub(super) fn values(&self, path: &str) -> Result<Vec<(&'static str, String)>, Mismatch> {
        let mut rest = Some(path.strip_prefix('/').ok_or(Mismatch::Other)?);
        let mut values = Vec::new();
        for segment in &self.0 {
            let left = rest.ok_or(Mismatch::Other)?;
            let (raw, behind) = left.split_once('/').map_or((left, None), |(raw, behind)| (raw, Some(behind)));
            rest = behind;
            match segment {
                Segment::Literal(text) if *text == raw => {}
                Segment::Literal(_) => return Err(Mismatch::Other),
                Segment::Value(name) => values.push((*name, decode(raw).ok_or(Mismatch::Encoding(name))?)),
                Segment::Rest(name) => {
                    values.push((*name, decode_rest(left, name)?));
                    rest = None;
                }
            }
        }
        if rest.is_some() { Err(Mismatch::Other) } else { Ok(values) }
    }
}

/// The rest of a path, decoded segment by segment.
fn decode_rest(raw: &str, name: &'static str) -> Result<String, Mismatch> {
    let decoded = decode(raw).ok_or(Mismatch::Encoding(name))?;
    let slashes = |text: &str| text.bytes().filter(|byte| *byte == b'/').count();
    if slashes(&decoded) == slashes(raw) { Ok(decoded) } else { Err(Mismatch::Slash(name)) }
}

/// Percent-decoding, once. None for a broken escape and for what is not UTF-8.
pub(crate) fn decode(raw: &str) -> Option<String> {
    if !raw.contains('%') {
        return Some(raw.to_owned());
    }
    let mut bytes = Vec::with_capacity(raw.len());
    let mut pieces = raw.split('%');
    bytes.extend_from_slice(pieces.next().unwrap_or_default().as_bytes());
    for piece in pieces {
        let (digits, text) = piece.split_at_checked(2)?;
        // `from_str_radix` would take a sign.
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(text.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pattern: &'static str, path: &str) -> Result<Vec<(&'static str, String)>, Mismatch> {
        Pattern::of(pattern).values(path)
    }

    #[test]
    fn values_are_decoded_once() {
        let one = |path| values("/users/{id}", path).map(|mut values| values.remove(0).1);
        assert_eq!(one("/users/7").as_deref(), Ok("7"));
        assert_eq!(one("/users/a%2Fb").as_deref(), Ok("a/b"));
        assert_eq!(one("/users/%252e").as_deref(), Ok("%2e"));
        assert_eq!(one("/users/a+b%20c").as_deref(), Ok("a+b c"));
        assert_eq!(one("/users/%C3%A4").as_deref(), Ok("ä"));
        for bad in ["/users/%", "/users/%2", "/users/%zz", "/users/%+1", "/users/%ff", "/users/%c0%ae"] {
            assert_eq!(one(bad), Err(Mismatch::Encoding("id")), "{bad}");
        }
    }

    #[test]
    fn literals_are_compared_as_they_came() {
        assert_eq!(values("/users/{id}/orders", "/users/7/orders").map(|values| values.len()), Ok(1));
        for other in [
            "/users/7",
            "/users/7/orders/",
            "/users/7/Orders",
            "/users/7/%6frders",
            "/users/a/b/orders",
            "users/7/orders",
        ] {
            assert_eq!(values("/users/{id}/orders", other), Err(Mismatch::Other), "{other}");
        }
        assert_eq!(values("/", "/"), Ok(Vec::new()));
    }

    #[test]
    fn a_rest_keeps_its_slashes() {
        assert_eq!(values("/files/{path..}", "/files/a/b%20c"), Ok(vec![("path", "a/b c".to_owned())]));
        assert_eq!(values("/files/{path..}", "/files/a%2Fb"), Err(Mismatch::Slash("path")));
    }

    #[test]
    fn one_place_has_one_name_for_the_router() {
        let mut names = BTreeMap::new();
        let mut path = |pattern| Pattern::of(pattern).for_router(&mut names);
        assert_eq!(path("/users/{id}"), "/users/{id}");
        assert_eq!(path("/users/{user}"), "/users/{id}");
        assert_eq!(path("/users/{user}/orders/{order}"), "/users/{id}/orders/{order}");
        assert_eq!(path("/users/{user}/carts/{id}"), "/users/{id}/carts/{id_1}");
        assert_eq!(path("/files/{path..}"), "/files/{*path}");
        assert_eq!(path("/a{b}/c"), "/a{{b}}/c");
        assert_eq!(path("/"), "/");
    }
}
