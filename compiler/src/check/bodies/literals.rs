//! Literals: what they are by themselves, and whether they fit the type of their place.

use std::rc::Rc;

use super::super::constraints::whole_match;
use super::super::texts;
use super::{Elaborator, bounds, invalid};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Bounds, Constraint, Scalar, Ty, Value};
use crate::source::Span;
use crate::syntax::ast;
use crate::typed::{Expr, ExprKind};

/// What a 96-bit decimal surely holds.
const MOST_DIGITS: usize = 28;

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
            ast::LiteralKind::Path(names) => self.path_of_names(names, false, span),
            ast::LiteralKind::Duration(_) => self.not_yet("a duration in an expression", span),
            ast::LiteralKind::Size(_) => self.not_yet("a size in an expression", span),
        }
    }

    /// A number: an Int, or a Decimal where it has a fraction, or a Float where only that can hold it.
    pub(super) fn number(&mut self, text: &str, span: Span) -> Expr {
        let value = Value::Number(text.to_owned());
        let scalar = if !text.contains('.') {
            Scalar::Int
        } else if check_scalar(Scalar::Decimal, &value).is_ok() {
            Scalar::Decimal
        } else {
            Scalar::Float
        };
        if let Err(why) = check_scalar(scalar, &value) {
            self.report(
                Diagnostic::new(Code::GW0334, format!("the number `{text}` can't be held: {why}"), span, why)
                    .note("`Int` has 64 bits, and `Decimal` 28 digits"),
            );
            return invalid(span);
        }
        known(value, Ty::Scalar(scalar), span)
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
        (Scalar::Time | Scalar::Date | Scalar::Uuid | Scalar::Url | Scalar::Path, Value::String(text)) => {
            texts::check(scalar, text)
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
        (Some(pattern), Value::String(text)) => match whole_match(pattern) {
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

fn check_decimal(text: &str) -> Result<(), &'static str> {
    let digits = text.trim_start_matches(['-', '0']).chars().filter(char::is_ascii_digit).count();
    if digits > MOST_DIGITS {
        return Err("a `Decimal` has at most 28 digits");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

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
