//! `Decimal`: a number with its own digits, computed with 28 digits and never as a float.

use std::cmp::Ordering;
use std::fmt;

use rust_decimal::Decimal as Number;

use super::rules::Reason;
use crate::json::{Digits, ToJson, Writer};

/// A decimal number of at most 28 digits. One that was only read is written as it came: `1.50` stays `1.50`, `1e2` stays `1e2`.
#[derive(Debug, Clone)]
pub struct Decimal {
    number: Number,
    /// How it was written, where that differs from how we would write it.
    written: Option<Box<str>>,
}

impl Decimal {
    /// The number that JSON writes as `digits`.
    pub fn from_digits(digits: &str) -> Result<Self, Reason> {
        let exact = Digits::new(digits.as_bytes())
            .to_mantissa_and_scale()
            .and_then(|(mantissa, scale)| Number::try_from_i128_with_scale(mantissa, scale).ok());
        // As it is written first: that keeps its zeros (`1.50`) in what is computed from it.
        let number = match Number::from_str_exact(digits).ok().or(exact) {
            Some(number) if digits.starts_with('-') && number.is_zero() => Number::ZERO,
            Some(number) => number,
            None => return Err(Reason::new("has more than 28 digits")),
        };
        let written = if number.to_string() == digits { None } else { Some(digits.into()) };
        Ok(Self { number, written })
    }

    /// A literal of a `.gw` file, which the compiler has checked; one that is no decimal all the same is 0.
    pub fn literal(digits: &str) -> Self {
        Self::from_digits(digits).unwrap_or(Self { number: Number::ZERO, written: None })
    }

    pub(crate) fn new(number: Number) -> Self {
        Self { number, written: None }
    }

    /// Its worth.
    pub fn number(&self) -> Number {
        self.number
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self::new(Number::from(value))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.number.cmp(&other.number)
    }
}

impl std::hash::Hash for Decimal {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.written {
            Some(written) => f.write_str(written),
            None => write!(f, "{}", self.number),
        }
    }
}

impl ToJson for Decimal {
    fn write_json(&self, out: &mut Writer) {
        out.raw(self.to_string().as_bytes());
    }
}
