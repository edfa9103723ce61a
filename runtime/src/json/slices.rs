//! Values that are copied: their kind and constraints are checked, and what comes back is the text as it came.

use std::ops::RangeInclusive;

use super::broken::Broken;
use super::cursor::NumberForm;
use super::digits::{Digits, IntFault};
use super::map::check_keys;
use super::scanner::Scanner;
use super::text::string_value;
use crate::value::{Bounds, NumberRange, Reason, TextRule, in_int_range, text};

impl<'a> Scanner<'a> {
    /// A value of any kind. What stands in it is checked as JSON, and passes unread.
    #[inline]
    pub fn any(&mut self) -> Result<&'a [u8], Broken> {
        self.at.blanks();
        let start = self.at;
        self.skip()?;
        Ok(self.at.since(start))
    }

    /// A number, of any size.
    #[inline]
    pub fn number(&mut self) -> Result<&'a [u8], Broken> {
        self.number_and_form("a number").map(|(digits, _)| digits)
    }

    #[inline]
    pub(super) fn number_and_form(&mut self, expected: &'static str) -> Result<(&'a [u8], NumberForm), Broken> {
        if !matches!(self.begin()?, b'-' | b'0'..=b'9') {
            return Err(self.unexpected(expected));
        }
        let start = self.at;
        let form = self.at.number();
        let form = self.sound(form)?;
        Ok((self.at.since(start), form))
    }

    /// A number within `range`, compared by its digits.
    pub fn number_in(&mut self, range: &NumberRange) -> Result<&'a [u8], Broken> {
        let digits = self.number()?;
        range.check(digits)?;
        Ok(digits)
    }

    /// A whole number, of any size; `1.0` and `1e2` are whole.
    #[inline]
    pub fn whole(&mut self) -> Result<&'a [u8], Broken> {
        let (digits, form) = self.number_and_form("a whole number")?;
        if form == NumberForm::Fraction && !Digits::new(digits).is_whole() {
            return Err(not_whole());
        }
        Ok(digits)
    }

    /// A whole number within `range`, and so within 64 bits.
    #[inline]
    pub fn whole_in(&mut self, range: RangeInclusive<i64>) -> Result<&'a [u8], Broken> {
        let (digits, form) = self.number_and_form("a whole number")?;
        in_int_range(int_of(digits, form)?, &range)?;
        Ok(digits)
    }

    /// A number that a 64-bit float can hold.
    pub fn finite(&mut self) -> Result<&'a [u8], Broken> {
        let digits = self.number()?;
        text::finite(digits)?;
        Ok(digits)
    }

    /// A number that a 64-bit float can hold, within `range`.
    pub fn finite_in(&mut self, range: &NumberRange) -> Result<&'a [u8], Broken> {
        let digits = self.finite()?;
        range.check(digits)?;
        Ok(digits)
    }

    /// A string, with its quotes.
    #[inline]
    pub fn string(&mut self) -> Result<&'a [u8], Broken> {
        if self.begin()? != b'"' {
            return Err(self.unexpected("a string"));
        }
        let start = self.at;
        self.at.bump();
        let ended = self.at.string();
        self.sound(ended)?;
        Ok(self.at.since(start))
    }

    /// A string that keeps `rule`.
    pub fn string_in(&mut self, rule: &TextRule) -> Result<&'a [u8], Broken> {
        self.string_that(|text| rule.check(text))
    }

    /// One of the `names` of a closed enum.
    pub fn one_of(&mut self, names: &[&str]) -> Result<&'a [u8], Broken> {
        self.string_that(|text| if names.contains(&text) { Ok(()) } else { Err(text::none_of(names)) })
    }

    /// A string that `check` accepts, given what it means.
    pub(super) fn string_that<F>(&mut self, check: F) -> Result<&'a [u8], Broken>
    where
        F: FnOnce(&str) -> Result<(), Reason>,
    {
        let string = self.string()?;
        let value = string_value(string);
        check(&self.meaning(value)?)?;
        Ok(string)
    }

    /// A date and time with its offset.
    pub fn time_text(&mut self) -> Result<&'a [u8], Broken> {
        self.string_that(|text| text::time(text).map(drop))
    }

    /// A date.
    pub fn date_text(&mut self) -> Result<&'a [u8], Broken> {
        self.string_that(|text| text::date(text).map(drop))
    }

    /// A UUID.
    pub fn uuid_text(&mut self) -> Result<&'a [u8], Broken> {
        self.string_that(|text| text::uuid(text).map(drop))
    }

    /// An address.
    pub fn url_text(&mut self) -> Result<&'a [u8], Broken> {
        self.string_that(text::check_url)
    }

    /// A path of one or more segments.
    pub fn path_text(&mut self) -> Result<&'a [u8], Broken> {
        self.string_that(text::check_path)
    }

    /// `true` or `false`.
    #[inline]
    pub fn boolean_text(&mut self) -> Result<&'a [u8], Broken> {
        if !matches!(self.begin()?, b't' | b'f') {
            return Err(self.unexpected("a boolean"));
        }
        let start = self.at;
        let known = self.at.literal();
        self.sound(known)?;
        Ok(self.at.since(start))
    }

    /// What `read` accepts, or null.
    #[inline]
    pub fn or_null<F>(&mut self, read: F) -> Result<&'a [u8], Broken>
    where
        F: FnOnce(&mut Self) -> Result<&'a [u8], Broken>,
    {
        Ok(self.nullable(read)?.unwrap_or(b"null"))
    }

    /// A whole array of what `read` accepts.
    pub fn list_of<F>(&mut self, bounds: Bounds, mut read: F) -> Result<&'a [u8], Broken>
    where
        F: FnMut(&mut Self) -> Result<&'a [u8], Broken>,
    {
        self.at.blanks();
        let start = self.at;
        self.elements(bounds, |scan, _| read(scan).map(drop))?;
        Ok(self.at.since(start))
    }

    /// A whole object with any keys, each once, and under each what `read` accepts.
    pub fn map_of<F>(&mut self, mut read: F) -> Result<&'a [u8], Broken>
    where
        F: FnMut(&mut Self) -> Result<&'a [u8], Broken>,
    {
        self.at.blanks();
        let start = self.at;
        let mut keys = Vec::new();
        self.object(|scan, key| {
            keys.push(key.to_vec());
            read(scan).map(drop)
        })?;
        check_keys(keys)?;
        Ok(self.at.since(start))
    }
}

/// The value of a number that must be whole and fit 64 bits.
#[inline]
pub(super) fn int_of(digits: &[u8], form: NumberForm) -> Result<i64, Broken> {
    if form == NumberForm::Integer && digits.len() <= 18 {
        let (negative, digits) = match digits {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, digits),
        };
        let value = digits.iter().fold(0_i64, |sum, digit| sum * 10 + i64::from(digit & 0xf));
        return Ok(if negative { -value } else { value });
    }
    Digits::new(digits).to_int().map_err(|fault| match fault {
        IntFault::NotWhole => not_whole(),
        IntFault::TooBig => Broken::contract("does not fit 64 bits"),
    })
}

#[cold]
fn not_whole() -> Broken {
    Broken::contract("expected a whole number, found a fraction")
}
