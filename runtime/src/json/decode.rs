//! Values that are read, because an expression needs them or they go into an address.

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

use super::broken::Broken;
use super::cursor::Fault;
use super::map::Map;
use super::raw::Json;
use super::scanner::Scanner;
use super::slices::int_of;
use super::text::string_value;
use super::unique::check_unique;
use crate::value::{
    Bounds, Date, Decimal, Float, NumberRange, Path, Reason, TextRule, Time, Url, Uuid, Variant, in_int_range, text,
};

impl<'a> Scanner<'a> {
    /// A whole number of 64 bits; `1.0` and `1e2` are whole.
    #[inline]
    pub fn int(&mut self) -> Result<i64, Broken> {
        let (digits, form) = self.number_and_form("a whole number")?;
        int_of(digits, form)
    }

    /// A whole number within `range`.
    #[inline]
    pub fn int_in(&mut self, range: RangeInclusive<i64>) -> Result<i64, Broken> {
        let value = self.int()?;
        in_int_range(value, &range)?;
        Ok(value)
    }

    /// A float; its digits are kept.
    pub fn float(&mut self) -> Result<Float, Broken> {
        self.float_in(&NumberRange::ANY)
    }

    /// A float within `range`; its digits are kept.
    pub fn float_in(&mut self, range: &NumberRange) -> Result<Float, Broken> {
        let digits = self.number_in(range)?;
        Ok(text::float_of_digits(digits)?)
    }

    /// A decimal of at most 28 digits; its digits are kept.
    pub fn decimal(&mut self) -> Result<Decimal, Broken> {
        self.decimal_in(&NumberRange::ANY)
    }

    /// A decimal within `range`, of at most 28 digits; its digits are kept.
    pub fn decimal_in(&mut self, range: &NumberRange) -> Result<Decimal, Broken> {
        let digits = self.number_in(range)?;
        Ok(text::decimal_of_digits(digits)?)
    }

    /// What a string means.
    pub fn text(&mut self) -> Result<String, Broken> {
        self.parsed(|text| Ok(text.into_owned()))
    }

    /// What a string means, which must keep `rule`.
    pub fn text_in(&mut self, rule: &TextRule) -> Result<String, Broken> {
        self.parsed(|text| {
            rule.check(&text)?;
            Ok(text.into_owned())
        })
    }

    /// `true` or `false`.
    pub fn boolean(&mut self) -> Result<bool, Broken> {
        Ok(self.boolean_text()? == b"true")
    }

    /// A date and time with its offset.
    pub fn time(&mut self) -> Result<Time, Broken> {
        self.parsed(|text| text::time(&text))
    }

    /// A date.
    pub fn date(&mut self) -> Result<Date, Broken> {
        self.parsed(|text| text::date(&text))
    }

    /// A UUID.
    pub fn uuid(&mut self) -> Result<Uuid, Broken> {
        self.parsed(|text| text::uuid(&text))
    }

    /// An address.
    pub fn url(&mut self) -> Result<Url, Broken> {
        self.parsed(|text| text::url(&text))
    }

    /// A path of one or more segments.
    pub fn path(&mut self) -> Result<Path, Broken> {
        self.parsed(|text| text::path(&text))
    }

    /// A variant of an enum.
    pub fn variant<E: Variant>(&mut self) -> Result<E, Broken> {
        self.parsed(|text| text::variant(&text))
    }

    /// A value of any kind whose fields expressions look into: no object in it may have a key twice.
    pub fn json(&mut self) -> Result<Json, Broken> {
        let (raw, ()) = self.both(|scan| scan.raw(Scanner::any), |scan| check_unique(scan))?;
        Ok(Json::new(raw))
    }

    /// An array.
    pub fn list<T, F>(&mut self, bounds: Bounds, mut read: F) -> Result<Vec<T>, Broken>
    where
        F: FnMut(&mut Self) -> Result<T, Broken>,
    {
        let mut list = Vec::new();
        self.elements(bounds, |scan, _| {
            list.push(read(scan)?);
            Ok(())
        })?;
        Ok(list)
    }

    /// The elements of an array whose index is in `slice`; the others are checked as JSON and counted.
    pub fn list_slice<T, F>(&mut self, bounds: Bounds, slice: Range<usize>, mut read: F) -> Result<Vec<T>, Broken>
    where
        F: FnMut(&mut Self) -> Result<T, Broken>,
    {
        let mut list = Vec::new();
        self.elements(bounds, |scan, index| {
            if !slice.contains(&index) {
                return scan.skip();
            }
            list.push(read(scan)?);
            Ok(())
        })?;
        Ok(list)
    }

    /// An object with any keys, each once.
    pub fn map<T, F>(&mut self, mut read: F) -> Result<Map<T>, Broken>
    where
        F: FnMut(&mut Self) -> Result<T, Broken>,
    {
        let mut entries = Vec::new();
        self.object(|scan, key| {
            let key = std::str::from_utf8(key).map_err(|_| scan.fault(Fault::Utf8))?.to_owned();
            entries.push((key, read(scan)?));
            Ok(())
        })?;
        Map::new(entries)
    }

    /// A string, turned into a value by `parse`.
    fn parsed<T, F>(&mut self, parse: F) -> Result<T, Broken>
    where
        F: FnOnce(Cow<'a, str>) -> Result<T, Reason>,
    {
        let string = self.string()?;
        let value = string_value(string);
        Ok(parse(self.meaning(value)?)?)
    }

    /// A string's meaning. Half a surrogate pair is grammar, but no text: it breaks the contract of one who reads it.
    pub(super) fn meaning<T>(&self, value: Result<T, Fault>) -> Result<T, Broken> {
        match value {
            Err(Fault::Surrogate) => Err(Broken::contract("half a surrogate pair in a string")),
            value => self.sound(value),
        }
    }
}
