//! `Float`: a 64-bit float that is always finite.

use std::cmp::Ordering;
use std::fmt;

use super::rules::Reason;
use crate::json::{ToJson, Writer};

/// A finite 64-bit float. One that was only read is written as it came.
#[derive(Debug, Clone)]
pub struct Float {
    number: f64,
    /// How it was written, where that differs from how we would write it.
    written: Option<Box<str>>,
}

impl Float {
    /// The number that JSON writes as `digits`.
    pub fn from_digits(digits: &str) -> Result<Self, Reason> {
        let number = match digits.parse::<f64>() {
            Ok(number) if number.is_finite() => number,
            _ => return Err(Reason::new("does not fit a 64-bit float")),
        };
        let written = if shortest(number) == digits { None } else { Some(digits.into()) };
        Ok(Self { number, written })
    }

    /// A literal of a `.gw` file, which the compiler has checked; one that is no float all the same is 0.
    pub fn literal(digits: &str) -> Self {
        Self::from_digits(digits).unwrap_or(Self { number: 0.0, written: None })
    }

    /// The float `number`; none where it is infinite or no number.
    pub fn new(number: f64) -> Option<Self> {
        number.is_finite().then_some(Self { number, written: None })
    }

    /// Its worth.
    pub fn number(&self) -> f64 {
        self.number
    }
}

/// The fewest digits that read back as `number`, in a form that JSON allows; very large and very small ones with an exponent.
fn shortest(number: f64) -> String {
    let size = number.abs();
    if number != 0.0 && !(1e-6..1e21).contains(&size) {
        return format!("{number:e}");
    }
    format!("{number}")
}

// A float here is never NaN, so the order is total; -0 and 0 are equal.
impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Float {}

impl PartialOrd for Float {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Float {
    fn cmp(&self, other: &Self) -> Ordering {
        self.number.partial_cmp(&other.number).unwrap_or(Ordering::Equal)
    }
}

impl fmt::Display for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.written {
            Some(written) => f.write_str(written),
            None => f.write_str(&shortest(self.number)),
        }
    }
}

impl ToJson for Float {
    fn write_json(&self, out: &mut Writer) {
        out.raw(self.to_string().as_bytes());
    }
}
