//! Values from text: parameters, headers and cookies, and the strings of JSON. Text is read as strictly as JSON.

use std::fmt::Display;
use std::ops::RangeInclusive;

use super::rules::in_int_range;
use super::{Date, Decimal, Float, NumberRange, Path, Reason, TextRule, Time, Url, Uuid, Variant};
use crate::json::is_number;

pub(crate) use super::path::check_path;
pub(crate) use super::url::check_url;

/// A whole number of 64 bits: digits with or without a minus, no leading zeros.
pub fn int(text: &str) -> Result<i64, Reason> {
    if !is_number(text) || text.contains(['.', 'e', 'E']) {
        return Err(Reason::new("expected a whole number"));
    }
    text.parse().map_err(|_| Reason::new("does not fit 64 bits"))
}

/// A whole number within `range`.
pub fn int_in(text: &str, range: RangeInclusive<i64>) -> Result<i64, Reason> {
    let value = int(text)?;
    in_int_range(value, &range)?;
    Ok(value)
}

/// A float.
pub fn float(text: &str) -> Result<Float, Reason> {
    float_in(text, &NumberRange::ANY)
}

/// A float within `range`.
pub fn float_in(text: &str, range: &NumberRange) -> Result<Float, Reason> {
    range.check(number(text)?.as_bytes())?;
    Float::from_digits(text)
}

/// A decimal.
pub fn decimal(text: &str) -> Result<Decimal, Reason> {
    decimal_in(text, &NumberRange::ANY)
}

/// A decimal within `range`.
pub fn decimal_in(text: &str, range: &NumberRange) -> Result<Decimal, Reason> {
    range.check(number(text)?.as_bytes())?;
    Decimal::from_digits(text)
}

fn number(text: &str) -> Result<&str, Reason> {
    if is_number(text) { Ok(text) } else { Err(Reason::new("expected a number")) }
}

/// Any text.
pub fn string(text: &str) -> Result<String, Reason> {
    Ok(text.to_owned())
}

/// Text that keeps `rule`.
pub fn string_in(text: &str, rule: &TextRule) -> Result<String, Reason> {
    rule.check(text)?;
    Ok(text.to_owned())
}

/// Text that becomes a part of an upstream's path: what can't stand there is the client's fault, told like any other.
pub fn segment(text: String) -> Result<String, Reason> {
    if matches!(text.as_str(), "" | "." | "..") {
        return Err(Reason::new("must not be empty, `.` or `..`"));
    }
    if text.contains(char::is_control) {
        return Err(Reason::new("must have no control character"));
    }
    Ok(text)
}

/// A value that becomes a part of a header, of a call or of the answer.
pub fn header<T: Display>(value: T) -> Result<T, Reason> {
    if value.to_string().bytes().any(|byte| byte.is_ascii_control()) {
        return Err(Reason::new("must have no control character"));
    }
    Ok(value)
}

/// A value that becomes a part of a cookie, of a call or of the answer.
pub fn cookie<T: Display>(value: T) -> Result<T, Reason> {
    if value.to_string().bytes().all(is_cookie_octet) {
        return Ok(value);
    }
    Err(Reason::new("must have no blank, quote, comma, semicolon, backslash or letter beyond ASCII"))
}

/// RFC 6265: what may stand in a cookie's value.
pub(crate) fn is_cookie_octet(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x2B | 0x2D..=0x3A | 0x3C..=0x5B | 0x5D..=0x7E)
}

/// `true` or `false`.
pub fn boolean(text: &str) -> Result<bool, Reason> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Reason::new("expected `true` or `false`")),
    }
}

/// A date and time with its offset.
pub fn time(text: &str) -> Result<Time, Reason> {
    Time::parse(text)
}

/// A date.
pub fn date(text: &str) -> Result<Date, Reason> {
    Date::parse(text)
}

/// A UUID.
pub fn uuid(text: &str) -> Result<Uuid, Reason> {
    Uuid::parse(text)
}

/// An absolute address.
pub fn url(text: &str) -> Result<Url, Reason> {
    Url::parse(text)
}

/// A path of one or more segments.
pub fn path(text: &str) -> Result<Path, Reason> {
    Path::parse(text)
}

/// A variant of an enum.
pub fn variant<E: Variant>(text: &str) -> Result<E, Reason> {
    E::from_text(text).ok_or_else(|| none_of(E::NAMES))
}

/// The text is none of these names.
#[cold]
pub(crate) fn none_of(names: &[&str]) -> Reason {
    Reason::new(format!("must be one of {}", names.join(", ")))
}

/// The float that JSON writes as `digits`.
pub(crate) fn float_of_digits(digits: &[u8]) -> Result<Float, Reason> {
    Float::from_digits(std::str::from_utf8(digits).unwrap_or_default())
}

/// The decimal that JSON writes as `digits`.
pub(crate) fn decimal_of_digits(digits: &[u8]) -> Result<Decimal, Reason> {
    Decimal::from_digits(std::str::from_utf8(digits).unwrap_or_default())
}

/// Checks that a 64-bit float can hold `digits`.
pub(crate) fn finite(digits: &[u8]) -> Result<(), Reason> {
    // Without an exponent it takes more than 300 digits to be too large.
    if digits.len() < 300 && !digits.iter().any(|byte| matches!(byte, b'e' | b'E')) {
        return Ok(());
    }
    float_of_digits(digits).map(drop)
}
