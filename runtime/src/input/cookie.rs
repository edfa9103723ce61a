//! The `Cookie` header: `a=1; b=2`, in one line or several.

use std::borrow::Cow;

use http::{HeaderMap, header};

/// All values of the cookie `name`; none where a line has characters that no cookie may have.
pub(super) fn values<'h>(headers: &'h HeaderMap, name: &str) -> Option<Vec<Cow<'h, str>>> {
    let mut values = Vec::new();
    for line in headers.get_all(header::COOKIE) {
        let pairs = line.to_str().ok()?.split(';').filter_map(|pair| pair.trim().split_once('='));
        values.extend(pairs.filter(|(known, _)| *known == name).map(|(_, value)| Cow::Borrowed(unquoted(value))));
    }
    Some(values)
}

fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_in_every_line() {
        let mut headers = HeaderMap::new();
        headers.append("cookie", "a=1; sid=\"x=y\" ;b=2".parse().expect("a header"));
        headers.append("cookie", "sid=z".parse().expect("a header"));
        assert_eq!(values(&headers, "sid").expect("values"), ["x=y", "z"]);
        assert_eq!(values(&headers, "si").expect("values"), [""; 0]);
    }
}
