//! Mistakes in values: what other languages write, numbers without their unit, names where a string belongs.

use super::Fault;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::parse::{Builder, Rule};
use crate::syntax::tokens::{Token, TokenKind};

impl Builder<'_> {
    /// The words for a well-known mistake in a value, if it is one.
    pub(super) fn value_mistake(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        self.foreign_operator(fault)
            .or_else(|| self.question_and_colon(fault))
            .or_else(|| self.no_unit(fault))
            .or_else(|| self.no_number(fault))
            .or_else(|| self.bare_variable(fault))
            .or_else(|| self.foreign_shape(fault))
    }

    /// `a and b`, `not a`
    fn foreign_operator(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        let found = fault.found?;
        let (rule, sign) = match self.token_text(found) {
            "and" => (Rule::and_and, "&&"),
            "not" => (Rule::not, "!"),
            _ => return None,
        };
        let message = format!("`{}` is no operator", self.token_text(found));
        // What stands between the word and its value would stand between the sign and its value.
        let end =
            if sign == "!" { self.tokens.from(found.end).map_or(found.end, |next| next.start) } else { found.end };
        let place = Span::new(self.file, found.start, end);
        fault.expected.contains(&rule).then(|| {
            Diagnostic::new(Code::GW0001, message, self.at(found), "not understood here").fix(
                format!("write `{sign}`"),
                place,
                sign,
            )
        })
    }

    /// `a ? b : c`
    fn question_and_colon(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        let (found, question) = (fault.found?, self.tokens.before(fault.at)?);
        let line_end = self.text.get(found.start as usize..)?.find('\n');
        let end = line_end.map_or(fault.place.end, |length| found.start + crate::syntax::tokens::to_u32(length));
        let has_colon = self.tokens.within(found.start, end).iter().any(|token| self.token_text(*token) == ":");
        (self.token_text(question) == "?" && has_colon && self.is_on_line(question, found)).then(|| {
            Diagnostic::new(Code::GW0001, "`?` and `:` are no operators", self.at(question), "not understood here")
                .note("a choice is written `if condition then a else b`")
        })
    }

    /// `timeout 500`, `timeout 500 ms`
    fn no_unit(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        let found = fault.found.filter(|found| found.kind == TokenKind::Number)?;
        let expects = |rules: [Rule; 2]| rules.iter().any(|rule| fault.expected.contains(rule));
        let (what, units): (_, &[&str]) = if expects([Rule::dur, Rule::dur_value]) {
            ("a duration", &["ms", "s", "m", "h", "d"])
        } else if expects([Rule::size, Rule::size_value]) {
            ("a size", &["kib", "mib", "gib", "kb", "mb", "gb"])
        } else {
            return None;
        };
        let number = self.token_text(found);
        let apart = self.tokens.from(found.end).filter(|next| self.is_on_line(found, *next));
        if let Some(unit) = apart.filter(|next| units.contains(&self.token_text(*next))) {
            let (place, text) =
                (Span::new(self.file, found.start, unit.end), format!("{number}{}", self.token_text(unit)));
            let message = format!("{what} and its unit are one word");
            return Some(Diagnostic::new(Code::GW0001, message, place, "two words").fix("join them", place, text));
        }
        let digits = number.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| {
            let meant = match (units.first(), number.len()) {
                (Some(&"ms"), 1 | 2) => "s",
                (first, _) => first.copied().unwrap_or_default(),
            };
            Diagnostic::new(Code::GW0001, format!("{what} has a unit"), self.at(found), "a number alone")
                .note(format!("the units are {}", listed(units)))
                .suggest(format!("did you mean `{number}{meant}`?"), self.at(found), format!("{number}{meant}"))
        })
    }

    /// `1e3`
    fn no_number(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        let found = fault.found.filter(|found| found.kind == TokenKind::Number)?;
        let text = self.token_text(found);
        let is_value = [Rule::expr, Rule::operand, Rule::primary].iter().any(|rule| fault.expected.contains(rule));
        (is_value && text.bytes().any(|byte| byte.is_ascii_alphabetic())).then(|| {
            Diagnostic::new(Code::GW0001, format!("`{text}` is no number"), self.at(found), "not understood here")
                .note("a number has digits, and a point between two of them: `1000`, `0.25`")
        })
    }

    /// `env(USERS_URL)`
    fn bare_variable(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        let found = fault.found.filter(|found| found.kind == TokenKind::Word)?;
        let open = self.tokens.before(found.start).filter(|token| self.token_text(*token) == "(")?;
        let function = self.tokens.before(open.start).map(|token| self.token_text(token))?;
        let place = self.at(found);
        (matches!(function, "env" | "file") && fault.expected.contains(&Rule::string)).then(|| {
            Diagnostic::new(Code::GW0013, format!("what `{function}` reads is named by a string"), place, "no string")
                .fix("set quotes", place, format!("\"{}\"", self.token_text(found)))
        })
    }

    /// What other languages write where a value or type ends.
    fn foreign_shape(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        let found = fault.found?;
        let place = self.at(found);
        let expects = |rule| fault.expected.contains(&rule);
        let unexpected = |text: &str| Diagnostic::new(Code::GW0001, text, place, "not understood here");
        Some(match self.token_text(found) {
            "(" if expects(Rule::colon) && expects(Rule::close_brace) => {
                unexpected("an entry that is a call needs a key").note("`key: call(…)`")
            }
            "[" | "<" if expects(Rule::question) && !expects(Rule::and_and) => {
                unexpected("a type ends before this").note("a list is written `[Int]`, a map `{String: Int}`")
            }
            _ => return None,
        })
    }

    fn is_on_line(&self, first: Token, second: Token) -> bool {
        self.text.get(first.end as usize..second.start as usize).is_some_and(|between| !between.contains('\n'))
    }
}

/// "`ms`, `s` and `m`"
fn listed(units: &[&str]) -> String {
    let quoted: Vec<String> = units.iter().map(|unit| format!("`{unit}`")).collect();
    match quoted.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => quoted.concat(),
    }
}
