//! What stands in parentheses behind a type: ranges and patterns, and which types may have them.

use std::rc::Rc;

use regex::Regex;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Bounds, Constraint, Scalar, Ty};
use crate::source::Span;
use crate::syntax::ast;

/// The type with its constraint, or as it was where the constraint is wrong.
pub(super) fn apply(ty: Ty, written: &ast::Constraint, diagnostics: &mut Diagnostics) -> Ty {
    match ty {
        Ty::Scalar(kind @ (Scalar::Int | Scalar::Float | Scalar::Decimal)) => {
            if let Some(pattern) = &written.pattern {
                report_misplaced(pattern.span, "a pattern stands on a `String` only", "is for strings", diagnostics);
            }
            let (min, max) = numbers(kind, written.range.as_ref(), diagnostics);
            constrained(kind, Constraint { min, max, pattern: None })
        }
        Ty::Scalar(Scalar::String) => {
            let (min, max) = length(written.range.as_ref(), u64::MAX, diagnostics);
            let pattern = written.pattern.as_ref().and_then(|text| pattern(text, diagnostics));
            let min = min.filter(|least| *least > 0);
            let text = |end: Option<u64>| end.map(|end| end.to_string());
            constrained(Scalar::String, Constraint { min: text(min), max: text(max), pattern })
        }
        Ty::List(element, _) => {
            if let Some(pattern) = &written.pattern {
                report_misplaced(pattern.span, "a pattern stands on a `String` only", "is for strings", diagnostics);
            }
            let (min, max) = length(written.range.as_ref(), u64::from(u32::MAX), diagnostics);
            let narrow = |end: u64| u32::try_from(end).unwrap_or(u32::MAX);
            Ty::List(element, Bounds { min: min.map_or(0, narrow), max: max.map(narrow) })
        }
        Ty::Unknown => Ty::Unknown,
        Ty::Scalar(kind) => {
            let message = format!("`{}` has no constraints", kind.as_str());
            report_misplaced(written.span, &message, "not allowed here", diagnostics);
            Ty::Scalar(kind)
        }
        Ty::Alias(_) | Ty::Object(_) | Ty::Enum(_) => {
            let message = "a declared type can't be constrained where it is used";
            report_misplaced(written.span, message, "not allowed here", diagnostics);
            ty
        }
        Ty::Null | Ty::Constrained(..) | Ty::Map(_) | Ty::Keyed { .. } | Ty::Optional(_) | Ty::Built(_) => {
            report_misplaced(written.span, "a map has no constraints", "not allowed here", diagnostics);
            ty
        }
    }
}

fn constrained(kind: Scalar, rule: Constraint) -> Ty {
    if rule == Constraint::default() { Ty::Scalar(kind) } else { Ty::Constrained(kind, Rc::new(rule)) }
}

fn report_misplaced(span: Span, message: &str, label: &str, diagnostics: &mut Diagnostics) {
    diagnostics.push(Diagnostic::new(Code::GW0301, message, span, label).note(
        "a range stands on `Int`, `Float`, `Decimal`, `String` (its length) and `[T]` (its length), a pattern on `String`; \
         a name for a type has its constraint where it is declared",
    ));
}

/// The pattern, where it is a regular expression.
fn pattern(text: &ast::Text, diagnostics: &mut Diagnostics) -> Option<String> {
    match whole_match(&text.value) {
        Ok(_) => Some(text.value.clone()),
        Err(error) => {
            diagnostics.push(no_pattern(&error, text.span));
            None
        }
    }
}

/// A pattern that is no regular expression.
pub(super) fn no_pattern(error: &regex::Error, span: Span) -> Diagnostic {
    let why = error.to_string();
    let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
    Diagnostic::new(Code::GW0303, "this pattern is no regular expression", span, why).note(
        "patterns are those of Rust's `regex` crate: no look-around and no back-references, so they take linear time",
    )
}

/// The expression for "the whole string matches".
pub(super) fn whole_match(pattern: &str) -> Result<Regex, regex::Error> {
    // Checked alone first: `a)(b` must not become right by the parentheses around it.
    Regex::new(pattern)?;
    Regex::new(&format!("^(?:{pattern})$"))
}

type Ends<T> = (Option<T>, Option<T>);

/// The least and the most of a range of numbers, as text.
fn numbers(kind: Scalar, range: Option<&ast::Range>, diagnostics: &mut Diagnostics) -> Ends<String> {
    let Some(range) = range else { return (None, None) };
    let ends = if kind == Scalar::Int {
        whole_ends(range, (i128::from(i64::MIN), i128::from(i64::MAX)), "an `Int` of 64 bits")
            .map(|(min, max)| (min.map(|end| end.to_string()), max.map(|end| end.to_string())))
    } else {
        decimal_ends(range)
    };
    ends.unwrap_or_else(|diagnostic| {
        diagnostics.push(diagnostic);
        (None, None)
    })
}

/// The least and the most of a length.
fn length(range: Option<&ast::Range>, most: u64, diagnostics: &mut Diagnostics) -> Ends<u64> {
    let Some(range) = range else { return (None, None) };
    match whole_ends(range, (0, i128::from(most)), "a length") {
        Ok((min, max)) => {
            let narrow = |end: i128| u64::try_from(end).unwrap_or(u64::MAX);
            (min.map(narrow), max.map(narrow))
        }
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            (None, None)
        }
    }
}

fn whole_ends(range: &ast::Range, limits: (i128, i128), what: &str) -> Result<Ends<i128>, Diagnostic> {
    let end = |written: &ast::Spanned<String>| {
        let value = whole_number(&written.value).filter(|value| (limits.0..=limits.1).contains(value));
        value.ok_or_else(|| {
            Diagnostic::new(
                Code::GW0302,
                format!("`{}` is no end for {what}", written.value),
                written.span,
                "not possible",
            )
            .note(format!("a whole number from {} to {} is expected", limits.0, limits.1))
        })
    };
    let min = range.from.as_ref().map(end).transpose()?;
    let max = range.to.as_ref().map(end).transpose()?;
    let max = if range.inclusive { max } else { max.map(|end| end - 1) };
    if max.is_some_and(|max| max < min.unwrap_or(limits.0)) {
        return Err(nothing_fits(range));
    }
    Ok((min, max))
}

fn decimal_ends(range: &ast::Range) -> Result<Ends<String>, Diagnostic> {
    let end = |written: &ast::Spanned<String>| {
        let text: String = written.value.chars().filter(|letter| *letter != '_').collect();
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok((text, value)),
            _ => Err(Diagnostic::new(
                Code::GW0302,
                format!("`{text}` is no number"),
                written.span,
                "a number is expected",
            )),
        }
    };
    if let (Some(to), false) = (&range.to, range.inclusive) {
        let message = "the end of a range of fractions belongs to it";
        return Err(Diagnostic::new(Code::GW0302, message, range.span, "written `..`, without `=`")
            .note("there is no greatest fraction below an end")
            .suggest("include the end", to.span, format!("={}", to.value)));
    }
    let min = range.from.as_ref().map(end).transpose()?;
    let max = range.to.as_ref().map(end).transpose()?;
    if let (Some((_, min)), Some((_, max))) = (&min, &max)
        && max < min
    {
        return Err(nothing_fits(range));
    }
    Ok((min.map(|(text, _)| text), max.map(|(text, _)| text)))
}

fn nothing_fits(range: &ast::Range) -> Diagnostic {
    Diagnostic::new(Code::GW0302, "nothing fits into this range", range.span, "its end lies before its start")
}

/// `-5`, `1_000`, `64kib`
fn whole_number(text: &str) -> Option<i128> {
    const UNITS: [(&str, i128); 6] =
        [("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("kb", 1_000), ("mb", 1_000_000), ("gb", 1_000_000_000)];
    let text: String = text.chars().filter(|letter| *letter != '_').collect();
    let (digits, unit) =
        UNITS.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor))).unwrap_or((text.as_str(), 1));
    digits.parse::<i128>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::{whole_match, whole_number};

    #[test]
    fn whole_numbers_may_have_units() {
        assert_eq!(whole_number("-5"), Some(-5));
        assert_eq!(whole_number("1_000"), Some(1000));
        assert_eq!(whole_number("64kib"), Some(65536));
        assert_eq!(whole_number("1.5"), None);
    }

    #[test]
    fn a_pattern_matches_the_whole_string() {
        let expression = whole_match("a|b").unwrap();
        assert!(expression.is_match("a"));
        assert!(!expression.is_match("ab"));
        assert!(whole_match("a)(b").is_err());
    }
}
