//! Constraints of types: bounds of lists, lengths and patterns of strings, ranges of numbers; and the words for a breach.

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;

use super::Pattern;
use crate::json::Digits;

/// Why a value is refused: a short sentence part such as `must be at least 1`. It never holds the value itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(Cow<'static, str>);

impl Reason {
    /// A reason in these words.
    #[cold]
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self(text.into())
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_text(self) -> Cow<'static, str> {
        self.0
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How many elements a list may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The least.
    pub least: usize,
    /// The most.
    pub most: usize,
}

impl Bounds {
    /// Any number of them.
    pub const ANY: Self = Self::new(0, usize::MAX);

    /// From `least` to `most`, both included.
    pub const fn new(least: usize, most: usize) -> Self {
        Self { least, most }
    }

    /// `least` or more.
    pub const fn at_least(least: usize) -> Self {
        Self::new(least, usize::MAX)
    }

    /// `most` or fewer.
    pub const fn at_most(most: usize) -> Self {
        Self::new(0, most)
    }

    /// Checks a length.
    pub fn check(self, length: usize) -> Result<(), Reason> {
        if length > self.most { Err(self.too_many()) } else { self.check_least(length) }
    }

    #[inline]
    pub(crate) fn check_least(self, length: usize) -> Result<(), Reason> {
        if length < self.least { Err(self.too_few()) } else { Ok(()) }
    }

    #[cold]
    fn too_few(self) -> Reason {
        Reason::new(format!("must have at least {}", counted(self.least, "element")))
    }

    #[cold]
    pub(crate) fn too_many(self) -> Reason {
        Reason::new(format!("must have at most {}", counted(self.most, "element")))
    }
}

/// What a string must be like.
#[derive(Debug, Clone, Copy)]
pub struct TextRule {
    /// The least number of characters.
    pub least: usize,
    /// The most characters.
    pub most: usize,
    /// What all of it must match.
    pub pattern: Option<&'static Pattern>,
}

impl TextRule {
    /// Any string.
    pub const ANY: Self = Self::length(0, usize::MAX);

    /// From `least` to `most` characters, both included.
    pub const fn length(least: usize, most: usize) -> Self {
        Self { least, most, pattern: None }
    }

    /// The same, and all of it must match `pattern`.
    #[must_use]
    pub const fn matching(self, pattern: &'static Pattern) -> Self {
        Self { pattern: Some(pattern), ..self }
    }

    /// Checks a string.
    pub fn check(&self, text: &str) -> Result<(), Reason> {
        let too_long = || Reason::new(format!("must have at most {}", counted(self.most, "character")));
        let too_short = || Reason::new(format!("must have at least {}", counted(self.least, "character")));
        if self.least > 0 || self.most < usize::MAX {
            // A character has at most four bytes, so most texts need no count at all.
            let length = text.chars().count();
            if length > self.most {
                return Err(too_long());
            }
            if length < self.least {
                return Err(too_short());
            }
        }
        match self.pattern {
            Some(pattern) if !pattern.matches(text) => {
                Err(Reason::new(format!("must match the pattern {}", pattern.source())))
            }
            _ => Ok(()),
        }
    }
}

/// The range of a `Float` or `Decimal`. The bounds are digits, so that they are exact for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberRange {
    /// The least.
    pub from: Option<&'static str>,
    /// The most.
    pub to: Option<&'static str>,
    /// Whether `to` itself belongs to it.
    pub inclusive: bool,
}

impl NumberRange {
    /// Any number.
    pub const ANY: Self = Self::new(None, None);

    /// From `from` to `to`, both included (`..=`).
    pub const fn new(from: Option<&'static str>, to: Option<&'static str>) -> Self {
        Self { from, to, inclusive: true }
    }

    /// From `from` to below `to` (`..`).
    pub const fn below(from: Option<&'static str>, to: Option<&'static str>) -> Self {
        Self { from, to, inclusive: false }
    }

    /// Checks a number, given as JSON.
    pub(crate) fn check(&self, number: &[u8]) -> Result<(), Reason> {
        if let Some(from) = self.from
            && Digits::new(number).compare(&Digits::new(from.as_bytes())).is_lt()
        {
            return Err(Reason::new(format!("must be at least {from}")));
        }
        let Some(to) = self.to else { return Ok(()) };
        let order = Digits::new(number).compare(&Digits::new(to.as_bytes()));
        match self.inclusive {
            true if order.is_gt() => Err(Reason::new(format!("must be at most {to}"))),
            false if order.is_ge() => Err(Reason::new(format!("must be less than {to}"))),
            _ => Ok(()),
        }
    }
}

/// Checks that a number is in `range`.
#[inline]
pub(crate) fn in_int_range(value: i64, range: &RangeInclusive<i64>) -> Result<(), Reason> {
    if range.contains(&value) { Ok(()) } else { Err(out_of_int_range(value, range)) }
}

#[cold]
fn out_of_int_range(value: i64, range: &RangeInclusive<i64>) -> Reason {
    if value < *range.start() {
        return Reason::new(format!("must be at least {}", range.start()));
    }
    Reason::new(format!("must be at most {}", range.end()))
}

fn counted(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}
