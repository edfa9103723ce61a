//! `Time` and `Date`: RFC 3339, kept as written, compared as instants and days.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::time::{SystemTime, UNIX_EPOCH};

use super::rules::Reason;
use crate::json::{ToJson, Writer};

const SECONDS_A_DAY: i64 = 86_400;

/// A date and time with its offset (`2026-01-31T12:00:00.5+01:00`), kept as it was written. Two that name the same
/// instant are equal.
#[derive(Debug, Clone)]
pub struct Time {
    written: Box<str>,
    /// Since 1970, in UTC.
    seconds: i64,
    /// Digits of the second's fraction beyond nine are kept in the text, and not compared.
    nanos: u32,
}

impl Time {
    /// Reads RFC 3339.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        match instant(text) {
            Some((seconds, nanos)) => Ok(Self { written: text.into(), seconds, nanos }),
            None => Err(Reason::new("expected a date and time with its offset, as in 2026-01-31T12:00:00Z")),
        }
    }

    /// A literal of a `.gw` file, which the compiler has checked; one that is no time all the same is the start of 1970.
    pub fn literal(text: &'static str) -> Self {
        let (seconds, nanos) = instant(text).unwrap_or_default();
        Self { written: text.into(), seconds, nanos }
    }

    /// This instant in UTC, to the millisecond.
    pub fn now() -> Self {
        // Before 1970 nothing of ours runs.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::at(i64::try_from(since.as_secs()).unwrap_or(i64::MAX), since.subsec_millis())
    }

    fn at(seconds: i64, millis: u32) -> Self {
        let (days, second) = (seconds.div_euclid(SECONDS_A_DAY), seconds.rem_euclid(SECONDS_A_DAY));
        let (year, month, day) = civil(days);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let written = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z");
        Self { written: written.into(), seconds, nanos: millis * 1_000_000 }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.written
    }
}

/// A date (`2026-01-31`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i64,
    month: i64,
    day: i64,
}

impl Date {
    /// A literal of a `.gw` file, which the compiler has checked; one that is no date all the same is the first of 1970.
    pub fn literal(text: &'static str) -> Self {
        Self::parse(text).unwrap_or(Self { year: 1970, month: 1, day: 1 })
    }

    /// Reads `2026-01-31`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let mut parts = Parts(text.as_bytes());
        match parts.date() {
            Some((year, month, day)) if parts.0.is_empty() => Ok(Self { year, month, day }),
            _ => Err(Reason::new("expected a date, as in 2026-01-31")),
        }
    }
}

/// What is still to be read of a date or time.
struct Parts<'a>(&'a [u8]);

impl Parts<'_> {
    fn number(&mut self, digits: usize) -> Option<i64> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        number.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
    }

    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        bytes.contains(first).then_some(*first)
    }

    fn date(&mut self) -> Option<(i64, i64, i64)> {
        let year = self.number(4)?;
        self.one_of(b"-")?;
        let month = self.number(2)?;
        self.one_of(b"-")?;
        let day = self.number(2)?;
        (1..=days_in(year, month)?).contains(&day).then_some((year, month, day))
    }

    /// The second of the day and its nanoseconds.
    fn time(&mut self) -> Option<(i64, u32)> {
        let hour = self.number(2)?;
        self.one_of(b":")?;
        let minute = self.number(2)?;
        self.one_of(b":")?;
        let second = self.number(2)?;
        // A leap second stands at the end of an hour; it counts as the second that follows.
        let fits = hour < 24 && minute < 60 && (second < 60 || second == 60 && minute == 59);
        fits.then_some(())?;
        Some((hour * 3600 + minute * 60 + second, self.fraction()?))
    }

    fn fraction(&mut self) -> Option<u32> {
        let [b'.', rest @ ..] = self.0 else { return Some(0) };
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (fraction, rest) = rest.split_at_checked(digits)?;
        self.0 = rest;
        let padded = fraction.iter().copied().chain(std::iter::repeat(b'0')).take(9);
        (digits > 0).then(|| padded.fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0')))
    }

    /// Seconds to the east of UTC.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(0),
        };
        let hours = self.number(2)?;
        self.one_of(b":")?;
        let minutes = self.number(2)?;
        (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
    }
}

fn instant(text: &str) -> Option<(i64, u32)> {
    let mut parts = Parts(text.as_bytes());
    let (year, month, day) = parts.date()?;
    parts.one_of(b"Tt ")?;
    let (second, nanos) = parts.time()?;
    let offset = parts.offset()?;
    parts.0.is_empty().then(|| (days_since_1970(year, month, day) * SECONDS_A_DAY + second - offset, nanos))
}

fn days_in(year: i64, month: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

/// Days from 1970-01-01; years begin in March, so that the leap day is their last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of `days_since_1970`.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

impl PartialEq for Time {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Time {}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.seconds, self.nanos).cmp(&(other.seconds, other.nanos))
    }
}

impl Hash for Time {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.seconds, self.nanos).hash(state);
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl ToJson for Time {
    fn write_json(&self, out: &mut Writer) {
        out.string(&self.written);
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl ToJson for Date {
    fn write_json(&self, out: &mut Writer) {
        out.string(&self.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_instant_is_equal_however_it_is_written() {
        let time = |text| Time::parse(text).unwrap();
        assert_eq!(time("2026-01-31T12:00:00Z"), time("2026-01-31T13:30:00+01:30"));
        assert_eq!(time("2026-01-31T12:00:00.50Z"), time("2026-01-31t12:00:00.5z"));
        assert_eq!(time("2016-12-31T23:59:60Z"), time("2017-01-01T00:00:00Z"));
        assert!(time("2026-01-31T12:00:00.1Z") < time("2026-01-31T12:00:00.11Z"));
        assert!(time("1969-12-31T23:59:59Z") < time("1970-01-01T00:00:00Z"));
        assert_eq!(time("2026-01-31T13:30:00+01:30").to_string(), "2026-01-31T13:30:00+01:30");
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "2026-01-31",
            "2026-01-31T12:00:00",
            "2026-02-29T12:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T12:00:00.Z",
            "2026-01-31T12:00Z",
            "2026-01-31T12:00:00+0100",
            "2026-01-31T12:00:00Z ",
            "2026-13-01T12:00:00Z",
            "2026-01-31T12:30:60Z",
        ] {
            assert!(Time::parse(text).is_err(), "{text}");
        }
        assert!(Date::parse("2024-02-29").is_ok());
        assert!(Date::parse("1900-02-29").is_err());
        assert!(Date::parse("2024-2-9").is_err());
    }

    #[test]
    fn now_reads_back() {
        let now = Time::now();
        assert_eq!(Time::parse(now.as_str()).unwrap(), now);
        for days in [-800_000, -1, 0, 59, 60, 11_016, 20_000, 900_000] {
            let (year, month, day) = civil(days);
            assert_eq!(days_since_1970(year, month, day), days);
        }
        assert_eq!(Time::at(951_782_400, 7).as_str(), "2000-02-29T00:00:00.007Z");
    }
}
