//! Arithmetic that never wraps, never rounds an Int, and never yields what is no number.
//!
//! Int and Decimal give Decimal, Int and Float give Float; Decimal with Float does not compile, as in the language.

use std::cmp::Ordering;
use std::fmt;

use rust_decimal::Decimal as Number;
use rust_decimal::RoundingStrategy;

use super::{Decimal, Float};

/// A value that can't be computed: the gateway answers 500, and the log has the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arithmetic {
    /// What went wrong.
    pub fault: ArithmeticFault,
    /// Where it stands in the `.gw` file: `frontpage.gw:31:9`.
    pub place: &'static str,
}

/// What a computation can end in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArithmeticFault {
    /// The result does not fit its type.
    Overflow,
    /// The divisor is zero.
    DivisionByZero,
    /// The text or list would be larger than any may become.
    TooLarge,
}

impl fmt::Display for Arithmetic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = match self.fault {
            ArithmeticFault::Overflow => "arithmetic overflow",
            ArithmeticFault::DivisionByZero => "division by zero",
            ArithmeticFault::TooLarge => "a result that is too large",
        };
        write!(f, "{fault} at {}", self.place)
    }
}

impl std::error::Error for Arithmetic {}

/// Two numbers that can be computed with together.
pub trait Arithmetics<Other> {
    /// What `+ - * %` of the two gives.
    type Output;
    /// What `/` of the two gives.
    type Quotient;

    /// `self + other`
    fn plus(&self, other: &Other) -> Result<Self::Output, ArithmeticFault>;
    /// `self - other`
    fn minus(&self, other: &Other) -> Result<Self::Output, ArithmeticFault>;
    /// `self * other`
    fn times(&self, other: &Other) -> Result<Self::Output, ArithmeticFault>;
    /// `self / other`
    fn over(&self, other: &Other) -> Result<Self::Quotient, ArithmeticFault>;
    /// `self % other`
    fn modulo(&self, other: &Other) -> Result<Self::Output, ArithmeticFault>;
    /// Which is greater.
    fn compare(&self, other: &Other) -> Ordering;
}

/// A number whose sign can be turned.
pub trait Negate: Sized {
    /// `-self`
    fn negate(&self) -> Result<Self, ArithmeticFault>;
}

/// `a + b`
pub fn add<A: Arithmetics<B>, B>(a: &A, b: &B, place: &'static str) -> Result<A::Output, Arithmetic> {
    a.plus(b).map_err(|fault| Arithmetic { fault, place })
}

/// `a - b`
pub fn sub<A: Arithmetics<B>, B>(a: &A, b: &B, place: &'static str) -> Result<A::Output, Arithmetic> {
    a.minus(b).map_err(|fault| Arithmetic { fault, place })
}

/// `a * b`
pub fn mul<A: Arithmetics<B>, B>(a: &A, b: &B, place: &'static str) -> Result<A::Output, Arithmetic> {
    a.times(b).map_err(|fault| Arithmetic { fault, place })
}

/// `a / b`: of Ints and Decimals a Decimal of 28 digits, rounded half to even.
pub fn div<A: Arithmetics<B>, B>(a: &A, b: &B, place: &'static str) -> Result<A::Quotient, Arithmetic> {
    a.over(b).map_err(|fault| Arithmetic { fault, place })
}

/// `a % b`, with the sign of `a`.
pub fn rem<A: Arithmetics<B>, B>(a: &A, b: &B, place: &'static str) -> Result<A::Output, Arithmetic> {
    a.modulo(b).map_err(|fault| Arithmetic { fault, place })
}

/// `-a`
pub fn neg<A: Negate>(a: &A, place: &'static str) -> Result<A, Arithmetic> {
    a.negate().map_err(|fault| Arithmetic { fault, place })
}

/// Which of two numbers is greater.
pub fn compare<A: Arithmetics<B>, B>(a: &A, b: &B) -> Ordering {
    a.compare(b)
}

impl Arithmetics<i64> for i64 {
    type Output = i64;
    type Quotient = Decimal;

    fn plus(&self, other: &i64) -> Result<i64, ArithmeticFault> {
        self.checked_add(*other).ok_or(ArithmeticFault::Overflow)
    }

    fn minus(&self, other: &i64) -> Result<i64, ArithmeticFault> {
        self.checked_sub(*other).ok_or(ArithmeticFault::Overflow)
    }

    fn times(&self, other: &i64) -> Result<i64, ArithmeticFault> {
        self.checked_mul(*other).ok_or(ArithmeticFault::Overflow)
    }

    fn over(&self, other: &i64) -> Result<Decimal, ArithmeticFault> {
        divide(Number::from(*self), Number::from(*other)).map(Decimal::new)
    }

    fn modulo(&self, other: &i64) -> Result<i64, ArithmeticFault> {
        match *other {
            0 => Err(ArithmeticFault::DivisionByZero),
            // The one remainder that `checked_rem` calls an overflow is 0.
            other => Ok(self.checked_rem(other).unwrap_or(0)),
        }
    }

    fn compare(&self, other: &i64) -> Ordering {
        self.cmp(other)
    }
}

impl Negate for i64 {
    fn negate(&self) -> Result<Self, ArithmeticFault> {
        self.checked_neg().ok_or(ArithmeticFault::Overflow)
    }
}

impl Negate for Decimal {
    fn negate(&self) -> Result<Self, ArithmeticFault> {
        Ok(Self::new(-self.number()))
    }
}

impl Negate for Float {
    fn negate(&self) -> Result<Self, ArithmeticFault> {
        finite(-self.number())
    }
}

/// The worth of a number in a computation that is done in decimals.
trait AsDecimal {
    fn decimal(&self) -> Number;
}

impl AsDecimal for i64 {
    fn decimal(&self) -> Number {
        Number::from(*self)
    }
}

impl AsDecimal for Decimal {
    fn decimal(&self) -> Number {
        self.number()
    }
}

/// The worth of a number in a computation that is done in floats.
trait AsFloat {
    fn float(&self) -> f64;
}

impl AsFloat for i64 {
    // Float arithmetic rounds: that is what a Float is.
    #[expect(clippy::cast_precision_loss)]
    fn float(&self) -> f64 {
        *self as f64
    }
}

impl AsFloat for Float {
    fn float(&self) -> f64 {
        self.number()
    }
}

macro_rules! in_decimals {
    ($($a:ty, $b:ty);*) => {$(
        impl Arithmetics<$b> for $a {
            type Output = Decimal;
            type Quotient = Decimal;

            fn plus(&self, other: &$b) -> Result<Decimal, ArithmeticFault> {
                checked(self.decimal().checked_add(other.decimal()))
            }

            fn minus(&self, other: &$b) -> Result<Decimal, ArithmeticFault> {
                checked(self.decimal().checked_sub(other.decimal()))
            }

            fn times(&self, other: &$b) -> Result<Decimal, ArithmeticFault> {
                checked(self.decimal().checked_mul(other.decimal()))
            }

            fn over(&self, other: &$b) -> Result<Decimal, ArithmeticFault> {
                divide(self.decimal(), other.decimal()).map(Decimal::new)
            }

            fn modulo(&self, other: &$b) -> Result<Decimal, ArithmeticFault> {
                if other.decimal().is_zero() {
                    return Err(ArithmeticFault::DivisionByZero);
                }
                checked(self.decimal().checked_rem(other.decimal()))
            }

            fn compare(&self, other: &$b) -> Ordering {
                self.decimal().cmp(&other.decimal())
            }
        }
    )*};
}

macro_rules! in_floats {
    ($($a:ty, $b:ty);*) => {$(
        impl Arithmetics<$b> for $a {
            type Output = Float;
            type Quotient = Float;

            fn plus(&self, other: &$b) -> Result<Float, ArithmeticFault> {
                finite(self.float() + other.float())
            }

            fn minus(&self, other: &$b) -> Result<Float, ArithmeticFault> {
                finite(self.float() - other.float())
            }

            fn times(&self, other: &$b) -> Result<Float, ArithmeticFault> {
                finite(self.float() * other.float())
            }

            fn over(&self, other: &$b) -> Result<Float, ArithmeticFault> {
                if other.float() == 0.0 {
                    return Err(ArithmeticFault::DivisionByZero);
                }
                finite(self.float() / other.float())
            }

            fn modulo(&self, other: &$b) -> Result<Float, ArithmeticFault> {
                if other.float() == 0.0 {
                    return Err(ArithmeticFault::DivisionByZero);
                }
                finite(self.float() % other.float())
            }

            fn compare(&self, other: &$b) -> Ordering {
                self.float().partial_cmp(&other.float()).unwrap_or(Ordering::Equal)
            }
        }
    )*};
}

in_decimals!(Decimal, Decimal; Decimal, i64; i64, Decimal);
in_floats!(Float, Float; Float, i64; i64, Float);

fn checked(result: Option<Number>) -> Result<Decimal, ArithmeticFault> {
    result.map(Decimal::new).ok_or(ArithmeticFault::Overflow)
}

fn finite(result: f64) -> Result<Float, ArithmeticFault> {
    Float::new(result).ok_or(ArithmeticFault::Overflow)
}

fn divide(a: Number, b: Number) -> Result<Number, ArithmeticFault> {
    if b.is_zero() {
        return Err(ArithmeticFault::DivisionByZero);
    }
    let quotient = a.checked_div(b).ok_or(ArithmeticFault::Overflow)?;
    let rounded = if quotient.mantissa().unsigned_abs() < 10_u128.pow(28) {
        quotient
    } else {
        quotient.round_sf_with_strategy(28, RoundingStrategy::MidpointNearestEven).unwrap_or(quotient)
    };
    // How many zeros end a quotient is an accident of how it was found.
    Ok(rounded.normalize())
}
