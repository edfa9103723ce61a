//! The methods of numbers: rounding, to whole numbers and to digits, and the sign. From the middle, rounding goes away from zero.

use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal as Number, RoundingStrategy};

use super::math::{Arithmetic, ArithmeticFault};
use super::{Decimal, Float};

/// No number keeps more digits than this behind its point.
const MOST_DIGITS: u32 = 28;

/// A number that can have digits behind its point.
pub trait Fraction: Sized {
    /// It without its sign.
    #[must_use]
    fn positive(&self) -> Self;
    /// It with at most so many digits behind its point.
    #[must_use]
    fn to_digits(&self, digits: u32) -> Self;
    /// The whole number that it comes to; none where that is beyond 64 bits.
    fn to_whole(&self, way: Way) -> Option<i64>;
}

/// The way to a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The nearest, from the middle away from zero.
    Nearest,
    /// Not above it.
    Down,
    /// Not below it.
    Up,
}

/// It without its sign.
pub fn abs<N: Fraction>(number: &N) -> N {
    number.positive()
}

/// An Int without its sign: the least one has none of its own.
pub fn abs_int(number: i64, place: &'static str) -> Result<i64, Arithmetic> {
    whole(number.checked_abs(), place)
}

/// The nearest Int.
pub fn round<N: Fraction>(number: &N, place: &'static str) -> Result<i64, Arithmetic> {
    whole(number.to_whole(Way::Nearest), place)
}

/// The greatest Int that is not above it.
pub fn floor<N: Fraction>(number: &N, place: &'static str) -> Result<i64, Arithmetic> {
    whole(number.to_whole(Way::Down), place)
}

/// The least Int that is not below it.
pub fn ceil<N: Fraction>(number: &N, place: &'static str) -> Result<i64, Arithmetic> {
    whole(number.to_whole(Way::Up), place)
}

/// It with at most so many digits behind its point, 0 to 28.
pub fn round_to<N: Fraction>(number: &N, digits: i64) -> N {
    number.to_digits(u32::try_from(digits.max(0)).unwrap_or(u32::MAX).min(MOST_DIGITS))
}

fn whole(number: Option<i64>, place: &'static str) -> Result<i64, Arithmetic> {
    number.ok_or(Arithmetic { fault: ArithmeticFault::Overflow, place })
}

impl Fraction for Decimal {
    fn positive(&self) -> Self {
        Self::new(self.number().abs())
    }

    fn to_digits(&self, digits: u32) -> Self {
        Self::new(rounded(self.number(), digits))
    }

    fn to_whole(&self, way: Way) -> Option<i64> {
        let number = self.number();
        match way {
            Way::Nearest => rounded(number, 0),
            Way::Down => number.floor(),
            Way::Up => number.ceil(),
        }
        .to_i64()
    }
}

impl Fraction for Float {
    fn positive(&self) -> Self {
        Self::new(self.number().abs()).unwrap_or_else(|| self.clone())
    }

    fn to_digits(&self, digits: u32) -> Self {
        /// From here on no float has digits behind its point.
        const WHOLE: f64 = 9_007_199_254_740_992.0;
        let number = self.number();
        if number.abs() >= WHOLE {
            return self.clone();
        }
        // The digits that it is written with are rounded, not those of the binary fraction that stands for them.
        let written: Option<Number> = number.to_string().parse().ok();
        let rounded: Option<f64> = written.and_then(|written| rounded(written, digits).to_string().parse().ok());
        rounded.and_then(Self::new).unwrap_or_else(|| self.clone())
    }

    // Within these bounds the number is whole, and 64 bits hold it.
    #[expect(clippy::cast_possible_truncation)]
    fn to_whole(&self, way: Way) -> Option<i64> {
        /// 2 to the power of 63.
        const BEYOND: f64 = 9_223_372_036_854_775_808.0;
        let number = match way {
            Way::Nearest => self.number().round(),
            Way::Down => self.number().floor(),
            Way::Up => self.number().ceil(),
        };
        (-BEYOND..BEYOND).contains(&number).then_some(number as i64)
    }
}

fn rounded(number: Number, digits: u32) -> Number {
    let rounded = number.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    // A zero has no sign.
    if rounded.is_zero() { rounded.abs() } else { rounded }
}
