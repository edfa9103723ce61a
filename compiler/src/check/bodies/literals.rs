//! Literals: what they are by themselves, and whether they fit the type of their place.

use std::rc::Rc;

use super::{Elaborator, bounds, invalid};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Bounds, Constraint, Scalar, Ty, Value};
use crate::source::Span;
use crate::syntax::ast;
use crate::typed::{Expr, ExprKind};

impl Elaborator<'_> {
    /// A literal where nothing says yet what it is for.
    pub(super) fn literal(&mut self, literal: &ast::Literal) -> Expr {
        let span = literal.span;
        match &literal.kind {
            ast::LiteralKind::Null => known(Value::Null, Ty::Null, span),
            ast::LiteralKind::Bool(value) => known(Value::Bool(*value), Ty::Scalar(Scalar::Bool), span),
            ast::LiteralKind::String(value) => known(Value::String(value.clone()), Ty::Scalar(Scalar::String), span),
            ast::LiteralKind::Number(text) => self.number(text, span),
            ast::LiteralKind::List(items) => self.literal_list(items, span),
            ast::LiteralKind::Path(names) => self.path_of_names(names, span),
            ast::LiteralKind::Duration(_) => self.not_yet("a duration in an expression", span),
            ast::LiteralKind::Size(_) => self.not_yet("a size in an expression", span),
        }
    }

    /// A number: an Int, or a Decimal where it has a fraction or an exponent.
    pub(super) fn number(&mut self, text: &str, span: Span) -> Expr {
        let scalar = if text.contains(['.', 'e', 'E']) { Scalar::Decimal } else { Scalar::Int };
        if let Err(why) = check_scalar(scalar, &Value::Number(text.to_owned())) {
            self.report(
                Diagnostic::new(Code::GW0334, format!("the number `{text}` can't be held: {why}"), span, why)
                    .note("`Int` has 64 bits, and `Decimal` 28 digits"),
            );
            return invalid(span);
        }
        known(Value::Number(text.to_owned()), Ty::Scalar(scalar), span)
    }

    fn literal_list(&mut self, items: &[ast::Literal], span: Span) -> Expr {
        let items: Vec<Expr> = items.iter().map(|item| self.literal(item)).collect();
        let Some((items, element)) = self.join_all(items) else { return invalid(span) };
        let length = bounds::count(items.len());
        let ty = Ty::List(Rc::new(element), Bounds { min: length, max: Some(length) });
        Expr { kind: ExprKind::List(items), ty, span }
    }
}

/// A literal's expression.
pub(super) fn known(value: Value, ty: Ty, span: Span) -> Expr {
    Expr { kind: ExprKind::Literal(value), ty, span }
}

/// Whether a literal may stand for a scalar; if not, why.
pub(super) fn check_scalar(scalar: Scalar, value: &Value) -> Result<(), &'static str> {
    match (scalar, value) {
        (Scalar::Int, Value::Number(text)) => match text.parse::<i64>() {
            Ok(_) => Ok(()),
            Err(_) if text.contains(['.', 'e', 'E']) => Err("an `Int` is whole and written without a fraction"),
            Err(_) => Err("it is beyond 64 bits"),
        },
        (Scalar::Decimal, Value::Number(text)) => check_decimal(text),
        (Scalar::Float, Value::Number(text)) => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(()),
            _ => Err("it is beyond what a `Float` can be"),
        },
        (Scalar::String, Value::String(_)) | (Scalar::Bool, Value::Bool(_)) => Ok(()),
        (Scalar::Json, value) if !matches!(value, Value::Null) => Ok(()),
        (Scalar::Time, Value::String(text)) => or_why(is_time(text), "a `Time` is like \"2026-01-31T12:00:00Z\""),
        (Scalar::Date, Value::String(text)) => or_why(is_date(text), "a `Date` is like \"2026-01-31\""),
        (Scalar::Uuid, Value::String(text)) => {
            or_why(is_uuid(text), "a `Uuid` is like \"123e4567-e89b-12d3-a456-426614174000\"")
        }
        (Scalar::Url, Value::String(text)) => or_why(is_url(text), "a `Url` is like \"https://example.com/path\""),
        (Scalar::Path, Value::String(text)) => {
            or_why(is_path(text), "a `Path` has no empty, `.` or `..` segment, no `%2f` and no NUL")
        }
        _ => Err("it is of another type"),
    }
}

/// Whether a literal of the right kind keeps a constraint; if not, which part it breaks.
pub(super) fn check_constraint(constraint: &Constraint, value: &Value) -> Result<(), String> {
    let (measure, of) = match value {
        Value::Number(text) => (text.clone(), ""),
        Value::String(text) => (text.chars().count().to_string(), "its length "),
        _ => return Ok(()),
    };
    if let Some(min) =
        constraint.min.as_ref().filter(|min| compare(&measure, min).is_some_and(std::cmp::Ordering::is_lt))
    {
        return Err(format!("{of}is below {min}"));
    }
    if let Some(max) =
        constraint.max.as_ref().filter(|max| compare(&measure, max).is_some_and(std::cmp::Ordering::is_gt))
    {
        return Err(format!("{of}is above {max}"));
    }
    match (&constraint.pattern, value) {
        // A pattern that is no regex is reported where it stands.
        (Some(pattern), Value::String(text)) => match regex::Regex::new(&format!("^(?:{pattern})$")) {
            Ok(regex) if !regex.is_match(text) => Err(format!("it does not match r\"{pattern}\"")),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

fn compare(left: &str, right: &str) -> Option<std::cmp::Ordering> {
    if let (Ok(left), Ok(right)) = (left.parse::<i128>(), right.parse::<i128>()) {
        return Some(left.cmp(&right));
    }
    left.parse::<f64>().ok()?.partial_cmp(&right.parse::<f64>().ok()?)
}

fn or_why(holds: bool, why: &'static str) -> Result<(), &'static str> {
    if holds { Ok(()) } else { Err(why) }
}

fn check_decimal(text: &str) -> Result<(), &'static str> {
    /// What a 96-bit decimal surely holds.
    const MOST_DIGITS: usize = 28;
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let Ok(exponent) = exponent.parse::<i32>() else { return Err("its exponent is beyond reach") };
    let exponent = usize::try_from(exponent.unsigned_abs()).unwrap_or(usize::MAX);
    let whole = whole.trim_start_matches('-').trim_start_matches('0');
    or_why(
        whole.len().saturating_add(fraction.len()).saturating_add(exponent) <= MOST_DIGITS,
        "a `Decimal` has at most 28 digits",
    )
}

pub(super) fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

pub(super) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let numbers = (number_of(year, 4), number_of(month, 2), number_of(day, 2));
    let (Some(year), Some(month), Some(day)) = numbers else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

fn is_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't']) else { return false };
    let clock_and_zone = match time.strip_suffix(['Z', 'z']) {
        Some(clock) => Some((clock, "00:00")),
        None => time.split_once(['+', '-']),
    };
    let Some((clock, zone)) = clock_and_zone else { return false };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    is_date(date) && is_fraction && is_clock(clock, &[23, 59, 60]) && is_clock(zone, &[23, 59])
}

fn is_clock(text: &str, most: &[u32]) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    parts.len() == most.len()
        && parts.iter().zip(most).all(|(part, most)| number_of(part, 2).is_some_and(|number| number <= *most))
}

fn number_of(text: &str, digits: usize) -> Option<u32> {
    let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme && !rest.is_empty() && !rest.contains(|letter: char| letter.is_whitespace() || letter.is_control())
}

fn is_path(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    !text.contains('\0')
        && !lower.contains("%2f")
        && !lower.contains("%00")
        && text.split('/').all(|segment| !segment.is_empty() && segment != "." && segment != "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_a_kind() {
        assert!(is_uuid("123e4567-e89b-12d3-a456-426614174000") && !is_uuid("123e4567"));
        assert!(is_date("2024-02-29") && !is_date("2026-02-29") && !is_date("2026-1-1"));
        assert!(is_time("2026-01-31T12:00:00Z") && is_time("2026-01-31T12:00:00.25+02:00"));
        assert!(!is_time("2026-01-31T12:00:00") && !is_time("2026-01-31"));
        assert!(is_url("https://example.com/a") && !is_url("example.com") && !is_url("https://a b"));
        assert!(is_path("a/b.txt") && !is_path("../a") && !is_path("a//b") && !is_path("a%2Fb"));
    }

    #[test]
    fn numbers_of_a_kind() {
        let number = |text: &str| Value::Number(text.to_owned());
        assert!(check_scalar(Scalar::Int, &number("-9223372036854775808")).is_ok());
        assert!(check_scalar(Scalar::Int, &number("9223372036854775808")).is_err());
        assert!(check_scalar(Scalar::Int, &number("1.0")).is_err());
        assert!(check_scalar(Scalar::Decimal, &number("12345678901234567890.12345678")).is_ok());
        assert!(check_scalar(Scalar::Decimal, &number("12345678901234567890.123456789")).is_err());
        assert!(check_scalar(Scalar::Float, &number("1e999")).is_err());
    }
}
