//! Numbers as their digits: what they are worth is found without a float and without a loss.

use std::cmp::Ordering;

/// Exponents beyond this say nothing that a comparison could not already tell, and can't overflow.
const FARTHEST: i64 = 1 << 40;

/// A JSON number, taken apart. The scanner has checked its grammar.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Digits<'a> {
    negative: bool,
    /// Digits before and behind the point, from the first to the last that is not zero; both empty for zero.
    whole: &'a [u8],
    fraction: &'a [u8],
    /// Where the point stands: the number is `0.DIGITS × 10^point`.
    point: i64,
}

/// Why a number is no `Int`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IntFault {
    NotWhole,
    TooBig,
}

impl<'a> Digits<'a> {
    pub(crate) fn new(number: &'a [u8]) -> Self {
        let (negative, unsigned) = match number {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, number),
        };
        let (mantissa, exponent) = match unsigned.iter().position(|byte| matches!(byte, b'e' | b'E')) {
            Some(at) => (unsigned.get(..at).unwrap_or_default(), exponent(unsigned.get(at + 1..).unwrap_or_default())),
            None => (unsigned, 0),
        };
        let mut parts = mantissa.splitn(2, |byte| *byte == b'.');
        let (whole, fraction) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let point = length(whole).saturating_add(exponent);
        Self { negative, whole, fraction, point }.trimmed()
    }

    /// Without zeros at both ends, which say nothing.
    fn trimmed(mut self) -> Self {
        let strip = |digits: &mut &'a [u8]| {
            let before = digits.len();
            while let [b'0', rest @ ..] = *digits {
                *digits = rest;
            }
            before - digits.len()
        };
        let mut leading = strip(&mut self.whole);
        if self.whole.is_empty() {
            leading += strip(&mut self.fraction);
        }
        while let [rest @ .., b'0'] = self.fraction {
            self.fraction = rest;
        }
        if self.fraction.is_empty() {
            while let [rest @ .., b'0'] = self.whole {
                self.whole = rest;
            }
        }
        self.point = self.point.saturating_sub(i64::try_from(leading).unwrap_or(FARTHEST));
        self
    }

    fn significant(&self) -> impl Iterator<Item = u8> + use<'a> {
        self.whole.iter().chain(self.fraction).copied()
    }

    fn count(&self) -> i64 {
        length(self.whole) + length(self.fraction)
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.is_empty()
    }

    /// Whether it has no fraction: `1.0` and `1e2` have none.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_zero() || self.count() <= self.point
    }

    /// As a 64-bit integer.
    pub(crate) fn to_int(self) -> Result<i64, IntFault> {
        if !self.is_whole() {
            return Err(IntFault::NotWhole);
        }
        let (mantissa, zeros) = if self.is_zero() { (0, 0) } else { (self.mantissa(19), self.point - self.count()) };
        if self.point > 19 && !self.is_zero() {
            return Err(IntFault::TooBig);
        }
        let zeros = u32::try_from(zeros).map_err(|_| IntFault::TooBig)?;
        let magnitude = 10_i128.checked_pow(zeros).and_then(|ten| ten.checked_mul(mantissa));
        let value = if self.negative { magnitude.map(|value| -value) } else { magnitude };
        value.and_then(|value| i64::try_from(value).ok()).ok_or(IntFault::TooBig)
    }

    /// As a whole number and how many of its digits stand behind the point, if at most 28 digits are needed.
    pub(crate) fn to_mantissa_and_scale(self) -> Option<(i128, u32)> {
        if self.is_zero() {
            return Some((0, 0));
        }
        let behind = self.count() - self.point;
        if self.count().max(self.point) > 29 || behind > 28 {
            return None;
        }
        let mantissa = self.mantissa(29);
        let (mantissa, scale) = match u32::try_from(behind) {
            Ok(scale) => (mantissa, scale),
            Err(_) => (mantissa.checked_mul(10_i128.checked_pow(u32::try_from(-behind).ok()?)?)?, 0),
        };
        Some((if self.negative { -mantissa } else { mantissa }, scale))
    }

    /// The significant digits as one number, if there are at most `most` of them; else something too big.
    fn mantissa(&self, most: i64) -> i128 {
        if self.count() > most {
            return i128::from(u64::MAX);
        }
        self.significant().fold(0, |sum, digit| sum * 10 + i128::from(digit.wrapping_sub(b'0')))
    }

    /// Which of two numbers is greater, exactly.
    pub(crate) fn compare(&self, other: &Digits<'_>) -> Ordering {
        match (self.sign(), other.sign()) {
            (1, 1) => self.compare_magnitude(other),
            (-1, -1) => other.compare_magnitude(self),
            (mine, theirs) => mine.cmp(&theirs),
        }
    }

    fn sign(&self) -> i8 {
        match (self.is_zero(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }

    fn compare_magnitude(&self, other: &Digits<'_>) -> Ordering {
        self.point.cmp(&other.point).then_with(|| self.significant().cmp(other.significant()))
    }
}

fn length(digits: &[u8]) -> i64 {
    i64::try_from(digits.len()).unwrap_or(FARTHEST)
}

fn exponent(text: &[u8]) -> i64 {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let value = digits.iter().fold(0_i64, |sum, digit| (sum * 10 + i64::from(digit.wrapping_sub(b'0'))).min(FARTHEST));
    if negative { -value } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(text: &str) -> Result<i64, IntFault> {
        Digits::new(text.as_bytes()).to_int()
    }

    #[test]
    fn whole_numbers_are_read_however_they_are_written() {
        for (text, value) in [
            ("0", 0),
            ("-0", 0),
            ("0e99999999999999999999", 0),
            ("1.0", 1),
            ("1e2", 100),
            ("-1.50e1", -15),
            ("100e-2", 1),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("0.00001e5", 1),
            ("9223372036854775807.000", i64::MAX),
        ] {
            assert_eq!(int(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_int_is_said() {
        for text in ["1.5", "1e-1", "0.1", "1e-99999999999999999999", "100e-3"] {
            assert_eq!(int(text), Err(IntFault::NotWhole), "{text}");
        }
        for text in
            ["9223372036854775808", "-9223372036854775809", "1e19", "1e99999999999999999999", "12345678901234567890123"]
        {
            assert_eq!(int(text), Err(IntFault::TooBig), "{text}");
        }
    }

    #[test]
    fn order_is_exact() {
        let ordered = [
            "-1e400",
            "-2",
            "-1.5",
            "-1e-400",
            "0",
            "1e-400",
            "0.1",
            "0.10000000000000000000001",
            "1",
            "9.99",
            "10",
            "1e400",
        ];
        for (i, a) in ordered.iter().enumerate() {
            for (j, b) in ordered.iter().enumerate() {
                assert_eq!(Digits::new(a.as_bytes()).compare(&Digits::new(b.as_bytes())), i.cmp(&j), "{a} {b}");
            }
        }
        assert_eq!(Digits::new(b"1.50").compare(&Digits::new(b"15e-1")), Ordering::Equal);
        assert_eq!(Digits::new(b"-0.0").compare(&Digits::new(b"0")), Ordering::Equal);
    }
}
