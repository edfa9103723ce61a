//! Checks a client's JSON body against its type. The scanner stops at the first fault; this goes on and notes them all.

use std::ops::RangeInclusive;

use super::violations::Violations;
use crate::json::{Broken, Json, Map, Raw, Scanner, Step};
use crate::value::{Bounds, Date, Decimal, Float, NumberRange, Path, Reason, TextRule, Time, Url, Uuid, Variant};

/// A client's JSON body while it is checked. The grammar of all of it has been checked before, and that no object has a
/// key twice.
///
/// Each reader reads one value; it gives `None` where it noted a violation, at the JSON pointer where it stands.
#[derive(Debug)]
pub struct BodyScanner<'a> {
    scan: Scanner<'a>,
    violations: &'a mut Violations,
    /// The JSON pointer of the value that is being read.
    pointer: String,
}

impl<'a> BodyScanner<'a> {
    pub(super) fn new(scan: Scanner<'a>, violations: &'a mut Violations) -> Self {
        Self { scan, violations, pointer: String::new() }
    }

    /// Notes that `why` is wrong with the value that is being read.
    fn note(&mut self, why: &str) {
        let at = if self.pointer.is_empty() { "body" } else { &self.pointer };
        self.violations.note(at, why);
    }

    /// Notes a key that appears twice.
    pub(super) fn note_duplicate(&mut self, steps: &[Step]) {
        let length = self.pointer.len();
        for step in steps {
            match step {
                Step::Key(key) => self.push(key),
                Step::Index(index) => self.push(&index.to_string()),
            }
        }
        self.note("the key appears more than once");
        self.pointer.truncate(length);
    }

    pub(super) fn note_missing(&mut self, name: &str) {
        self.within(name, |body| body.note("is missing"));
    }

    /// Goes into the key or index `step`, escaped as RFC 6901 asks.
    fn push(&mut self, step: &str) {
        self.pointer.push('/');
        for character in step.chars() {
            match character {
                '~' => self.pointer.push_str("~0"),
                '/' => self.pointer.push_str("~1"),
                _ => self.pointer.push(character),
            }
        }
    }

    fn within<T>(&mut self, step: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        self.push(step);
        let result = read(self);
        self.pointer.truncate(length);
        result
    }

    /// Reads one value by the scanner; what breaks the type is noted and skipped.
    fn read<T>(&mut self, read: impl FnOnce(&mut Scanner<'a>) -> Result<T, Broken>) -> Option<T> {
        match self.scan.attempt(read) {
            Ok(Ok(value)) => Some(value),
            Ok(Err(broken)) | Err(broken) => {
                self.note(broken.why());
                None
            }
        }
    }

    /// Notes what is wrong with the value here, and steps over it.
    #[cold]
    fn refuse(&mut self, broken: &Broken) {
        self.note(broken.why());
        self.skip();
    }

    /// Steps over a value that may be anything: a field that an open type does not name.
    pub fn skip(&mut self) {
        self.read(Scanner::skip);
    }

    /// Notes that the type has no such field, and steps over its value.
    pub fn unknown(&mut self) {
        self.note("unknown field");
        self.skip();
    }

    /// Reads an object: `field` is called with each key, and reads that key's value. `None` where it is no object.
    pub fn object<F>(&mut self, mut field: F) -> Option<()>
    where
        F: FnMut(&mut Self, &str),
    {
        let mut more = self.scan.enter_object().map_err(|broken| self.refuse(&broken)).ok()?;
        while more {
            if let Some(key) = self.scan.member_key().ok()? {
                self.within(&key, |body| field(body, &key));
            } else {
                self.note("half a surrogate pair in a key");
                self.skip();
            }
            more = self.scan.next_member().ok()?;
        }
        Some(())
    }

    /// Reads an array; its elements are read by `read`.
    pub fn list<T, F>(&mut self, bounds: Bounds, mut read: F) -> Option<Vec<T>>
    where
        F: FnMut(&mut Self) -> Option<T>,
    {
        let mut more = self.scan.enter_array().map_err(|broken| self.refuse(&broken)).ok()?;
        let mut list = Some(Vec::new());
        let mut length = 0;
        while more {
            let mut element = None;
            if length < bounds.most {
                element = self.within(&length.to_string(), &mut read);
            } else {
                // Beyond the bound elements are only counted: one violation says it all.
                self.skip();
            }
            list = list.zip(element).map(|(mut list, element)| {
                list.push(element);
                list
            });
            length += 1;
            more = self.scan.next_element().ok()?;
        }
        match bounds.check(length) {
            Ok(()) => list,
            Err(reason) => {
                self.note(reason.as_str());
                None
            }
        }
    }

    /// Reads an object with any keys; what stands under them is read by `read`.
    pub fn map<T, F>(&mut self, mut read: F) -> Option<Map<T>>
    where
        F: FnMut(&mut Self) -> Option<T>,
    {
        let mut entries = Some(Vec::new());
        self.object(|body, key| {
            let value = read(body);
            entries = entries.take().zip(value).map(|(mut entries, value)| {
                entries.push((key.to_owned(), value));
                entries
            });
        })?;
        // Keys that appear twice have been noted already.
        entries.and_then(|entries| Map::new(entries).ok())
    }

    /// Reads null as `None`, anything else by `read`.
    pub fn nullable<T, F>(&mut self, read: F) -> Option<Option<T>>
    where
        F: FnOnce(&mut Self) -> Option<T>,
    {
        if self.scan.at_null() {
            self.skip();
            return Some(None);
        }
        read(self).map(Some)
    }

    /// Reads a value by `read`, and keeps its text as well.
    pub fn with_raw<T, F>(&mut self, read: F) -> Option<(T, Raw)>
    where
        F: FnOnce(&mut Self) -> Option<T>,
    {
        let from = self.scan.value_start();
        let value = read(self)?;
        Some((value, self.scan.raw_since(from)))
    }

    /// Checks a value by `read`, and keeps only its text.
    pub fn raw<T, F>(&mut self, read: F) -> Option<Raw>
    where
        F: FnOnce(&mut Self) -> Option<T>,
    {
        self.with_raw(read).map(|(_, raw)| raw)
    }

    /// Reads a value by `read`, which must then also pass `fit`: it goes into a place that not every text fits.
    pub fn fitting<T, F>(&mut self, read: F, fit: fn(T) -> Result<T, Reason>) -> Option<T>
    where
        F: FnOnce(&mut Self) -> Option<T>,
    {
        fit(read(self)?).map_err(|reason| self.note(reason.as_str())).ok()
    }

    /// A whole number of 64 bits.
    pub fn int(&mut self) -> Option<i64> {
        self.read(Scanner::int)
    }

    /// A whole number within `range`.
    pub fn int_in(&mut self, range: RangeInclusive<i64>) -> Option<i64> {
        self.read(|scan| scan.int_in(range))
    }

    /// A float.
    pub fn float(&mut self) -> Option<Float> {
        self.read(Scanner::float)
    }

    /// A float within `range`.
    pub fn float_in(&mut self, range: &NumberRange) -> Option<Float> {
        self.read(|scan| scan.float_in(range))
    }

    /// A decimal.
    pub fn decimal(&mut self) -> Option<Decimal> {
        self.read(Scanner::decimal)
    }

    /// A decimal within `range`.
    pub fn decimal_in(&mut self, range: &NumberRange) -> Option<Decimal> {
        self.read(|scan| scan.decimal_in(range))
    }

    /// A string.
    pub fn text(&mut self) -> Option<String> {
        self.read(Scanner::text)
    }

    /// A string that keeps `rule`.
    pub fn text_in(&mut self, rule: &TextRule) -> Option<String> {
        self.read(|scan| scan.text_in(rule))
    }

    /// `true` or `false`.
    pub fn boolean(&mut self) -> Option<bool> {
        self.read(Scanner::boolean)
    }

    /// A date and time with its offset.
    pub fn time(&mut self) -> Option<Time> {
        self.read(Scanner::time)
    }

    /// A date.
    pub fn date(&mut self) -> Option<Date> {
        self.read(Scanner::date)
    }

    /// A UUID.
    pub fn uuid(&mut self) -> Option<Uuid> {
        self.read(Scanner::uuid)
    }

    /// An address.
    pub fn url(&mut self) -> Option<Url> {
        self.read(Scanner::url)
    }

    /// A path of one or more segments.
    pub fn path(&mut self) -> Option<Path> {
        self.read(Scanner::path)
    }

    /// A variant of an enum.
    pub fn variant<E: Variant>(&mut self) -> Option<E> {
        self.read(Scanner::variant)
    }

    /// A value of any kind.
    pub fn json(&mut self) -> Option<Json> {
        self.read(Scanner::json)
    }
}
