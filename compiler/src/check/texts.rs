//! Values that are strings in JSON and more than strings to us, as the runtime checks them too.

use crate::model::Scalar;

/// Whether a literal string is a value of that type; if not, why.
pub(super) fn check(kind: Scalar, text: &str) -> Result<(), &'static str> {
    let (fits, why) = match kind {
        Scalar::Time => (is_time(text), "a time such as `2026-01-31T12:00:00Z` is expected"),
        Scalar::Date => (is_date(text), "a date such as `2026-01-31` is expected"),
        Scalar::Uuid => (is_uuid(text), "a UUID such as `f81d4fae-7dec-11d0-a765-00a0c91e6bf6` is expected"),
        Scalar::Url => (is_url(text), "an address such as `https://example.com/a` is expected"),
        Scalar::Path => (is_path(text), "a path without empty, `.` and `..` segments is expected"),
        Scalar::Int | Scalar::Float | Scalar::Decimal | Scalar::String | Scalar::Bool | Scalar::Json => (true, ""),
    };
    if fits { Ok(()) } else { Err(why) }
}

/// RFC 3339 with an offset.
fn is_time(text: &str) -> bool {
    let Some((date, rest)) = text.split_at_checked(10) else { return false };
    let Some(rest) = rest.strip_prefix(['T', 't']) else { return false };
    let Some((clock, rest)) = rest.split_at_checked(8) else { return false };
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let after = fraction.trim_start_matches(|letter: char| letter.is_ascii_digit());
            if after.len() == fraction.len() {
                return false;
            }
            after
        }
        None => rest,
    };
    let offset = match rest.strip_prefix(['+', '-']) {
        Some(offset) => is_clock(offset, &[23, 59]),
        None => matches!(rest, "Z" | "z"),
    };
    is_date(date) && is_clock(clock, &[23, 59, 60]) && offset
}

/// Two digits for each part, `:` between them, none above its most.
fn is_clock(text: &str, most: &[u32]) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    parts.len() == most.len()
        && parts.iter().zip(most).all(|(part, most)| digits(part, 2).is_some_and(|value| value <= *most))
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == 5
        && parts
            .iter()
            .zip([8, 4, 4, 4, 12])
            .all(|(part, length)| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Absolute: a scheme, and something behind it.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_fits = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    scheme_fits && !rest.is_empty() && !text.chars().any(|letter| letter.is_control() || letter.is_whitespace())
}

fn is_path(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    !text.contains(['\\', '\0'])
        && !lower.contains("%2f")
        && !lower.contains("%00")
        && text.split('/').all(|segment| !matches!(segment, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_an_offset() {
        for right in ["2026-01-31T12:00:00Z", "2024-02-29T23:59:60.5+02:00"] {
            assert!(is_time(right), "{right}");
        }
        for wrong in [
            "2026-01-31T12:00:00",
            "2026-02-29T00:00:00Z",
            "2026-01-31 12:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T12:00:00.Z",
        ] {
            assert!(!is_time(wrong), "{wrong}");
        }
    }

    #[test]
    fn the_other_texts_are_checked() {
        assert!(is_uuid("f81d4fae-7dec-11d0-a765-00a0c91e6bf6") && !is_uuid("f81d4fae"));
        assert!(is_url("https://example.com/a") && !is_url("/a") && !is_url("https://a b"));
        assert!(is_path("a/b.txt") && !is_path("a/../b") && !is_path("/a") && !is_path("a%2Fb"));
    }
}
