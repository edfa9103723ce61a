//! Literals: strings with their escapes and interpolation, numbers, durations and sizes.

use super::numbers::{NumberError, quantity};
use super::{Builder, Kids, Node, Rule};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Literal, LiteralKind, Name, Spanned, StringPart, Text};
use crate::syntax::tokens::to_u32;

impl Builder<'_> {
    /// A string or raw string that is taken as it stands: `{…}` in it is no interpolation.
    pub(super) fn text(&mut self, node: &Node<'_>) -> Text {
        let span = self.span(node);
        Text { value: self.string_value(span), span }
    }

    /// The value of the string at a place, without quotes and escapes.
    pub(super) fn string_value(&mut self, span: Span) -> String {
        let (inside, raw) = self.inside(span);
        let text = self.slice(inside).to_owned();
        if raw {
            return text;
        }
        let mut value = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(next) = text.get(at..).and_then(|rest| rest.chars().next()) {
            if next == '\\' {
                at += self.escape(&text, at, inside, &mut value);
            } else {
                value.push(next);
                at += next.len_utf8();
            }
        }
        value
    }

    /// A string where a value stands: `{path}` in it is replaced, `{{` and `}}` are braces.
    pub(super) fn interpolated(&mut self, node: &Node<'_>) -> Expr {
        let span = self.span(node);
        let parts = self.parts(span);
        let kind = match parts.as_slice() {
            [] => ExprKind::Literal(Literal { kind: LiteralKind::String(String::new()), span }),
            [StringPart::Text(text)] => ExprKind::Literal(Literal { kind: LiteralKind::String(text.clone()), span }),
            _ => ExprKind::Interpolated(parts),
        };
        Expr { kind, span }
    }

    fn parts(&mut self, span: Span) -> Vec<StringPart> {
        let (inside, _) = self.inside(span);
        let text = self.slice(inside).to_owned();
        let (mut parts, mut literal, mut at) = (Vec::new(), String::new(), 0);
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if rest.starts_with("{{") || rest.starts_with("}}") {
                literal.extend(rest.chars().next());
                at += 2;
            } else if rest.starts_with('{') {
                let length = rest.find('}').map_or(rest.len(), |end| end + 1);
                if !literal.is_empty() {
                    parts.push(StringPart::Text(std::mem::take(&mut literal)));
                }
                parts.extend(self.placeholder(rest.get(..length).unwrap_or_default(), inside.start + to_u32(at)));
                at += length;
            } else if rest.starts_with('}') {
                let place = at_offset(inside, at, 1);
                self.report(
                    Diagnostic::new(Code::GW0007, "this `}` in a string closes nothing", place, "no `{` before it")
                        .fix("write `}}` for the character itself", place, "}}"),
                );
                at += 1;
            } else if rest.starts_with('\\') {
                at += self.escape(&text, at, inside, &mut literal);
            } else {
                let next = rest.chars().next();
                literal.extend(next);
                at += next.map_or(1, char::len_utf8);
            }
        }
        if !literal.is_empty() {
            parts.push(StringPart::Text(literal));
        }
        parts
    }

    /// `{order.id}`: a path of names, and nothing else.
    fn placeholder(&mut self, written: &str, start: u32) -> Option<StringPart> {
        let place = Span::new(self.file, start, start + to_u32(written.len()));
        let Some(inner) = written.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
            self.report(
                Diagnostic::new(Code::GW0007, "this `{` in a string is never closed", place, "expected `}`").suggest(
                    "write `{{` for the character itself",
                    Span::new(self.file, start, start + 1),
                    "{{",
                ),
            );
            return None;
        };
        let (inner, is_subject) = inner.strip_prefix('.').map_or((inner, false), |path| (path, true));
        let mut names = Vec::new();
        let mut at = start + 1 + u32::from(is_subject);
        for word in inner.split('.') {
            let text = word.trim();
            let from = at + to_u32(word.len() - word.trim_start().len());
            names.push(Name { text: text.to_owned(), span: Span::new(self.file, from, from + to_u32(text.len())) });
            at += to_u32(word.len()) + 1;
        }
        if names.iter().all(|name| is_word(&name.text)) {
            return Some(if is_subject { StringPart::Subject(names) } else { StringPart::Path(names) });
        }
        self.report(
            Diagnostic::new(Code::GW0007, "only a path of names can stand in a string's braces", place, "no path")
                .note("give the value a name with `let`, and write that name here; `{{` and `}}` are the characters themselves"),
        );
        None
    }

    /// Reads the escape at `at`, which is a `\`, and gives its length.
    fn escape(&mut self, text: &str, at: usize, inside: Span, value: &mut String) -> usize {
        let rest = text.get(at..).unwrap_or_default();
        match read_escape(rest) {
            Ok((character, length)) => {
                value.push(character);
                length
            }
            Err(length) => {
                let place = at_offset(inside, at, length);
                let written = rest.get(..length).unwrap_or_default();
                self.report(
                    Diagnostic::new(Code::GW0005, format!("`{written}` is no escape"), place, "unknown escape")
                        .note("strings know `\\n \\r \\t \\0 \\\" \\' \\\\ \\x7f \\u{1f600}`; in a raw string, `r\"…\"`, a `\\` stands for itself")
                        .suggest("write `\\\\` for the character itself", at_offset(inside, at, 1), "\\\\"),
                );
                length
            }
        }
    }

    /// The place between a string's quotes, and whether it is raw.
    fn inside(&self, span: Span) -> (Span, bool) {
        let written = self.slice(span);
        let (opening, closing) = if written.starts_with("r#") {
            (3, 2)
        } else if written.starts_with('r') {
            (2, 1)
        } else {
            (1, 1)
        };
        let start = (span.start + opening).min(span.end);
        (Span::new(self.file, start, span.end.saturating_sub(closing).max(start)), written.starts_with('r'))
    }

    /// The text of a place in this file.
    pub(in crate::syntax) fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// A status, an index or an amount of things: a number that must fit.
    pub(super) fn status(&mut self, node: &Node<'_>) -> Spanned<u16> {
        let span = self.span(node);
        let value = self.quantity(node.as_str(), span);
        let value = u16::try_from(value).unwrap_or_else(|_| {
            self.too_large(span, "65535");
            0
        });
        Spanned { value, span }
    }

    /// `at most 8 at once`
    pub(super) fn at_most(&mut self, node: Node<'_>) -> Option<Spanned<u32>> {
        let number = Kids::of(node).find(|kid| kid.as_rule() == Rule::int)?;
        let span = self.span(&number);
        let value = self.quantity(number.as_str(), span);
        let value = u32::try_from(value).unwrap_or_else(|_| {
            self.too_large(span, "4294967295");
            0
        });
        Some(Spanned { value, span })
    }

    /// A number with or without unit; where it is refused, which is reported, 1: that fits most places.
    pub(super) fn quantity(&mut self, written: &str, span: Span) -> u64 {
        match quantity(written) {
            Ok(value) => value,
            Err(NumberError::TooLarge) => {
                self.too_large(span, "64 bits");
                1
            }
            Err(NumberError::NotWhole) => {
                let message = format!("`{written}` is no whole number of its smallest unit");
                self.report(
                    Diagnostic::new(Code::GW0006, message, span, "not whole")
                        .note("durations are whole milliseconds and sizes whole bytes"),
                );
                1
            }
        }
    }

    fn too_large(&mut self, span: Span, limit: &str) {
        let message = format!("`{}` is too large", self.slice(span));
        self.report(Diagnostic::new(Code::GW0006, message, span, format!("more than {limit} can hold")));
    }

    /// A literal of one token that is no string.
    pub(super) fn atom(&mut self, node: &Node<'_>) -> Literal {
        let span = self.span(node);
        let kind = match node.as_rule() {
            Rule::dur => LiteralKind::Duration(self.quantity(node.as_str(), span)),
            Rule::size => LiteralKind::Size(self.quantity(node.as_str(), span)),
            Rule::string | Rule::raw => LiteralKind::String(self.string_value(span)),
            Rule::k_true => LiteralKind::Bool(true),
            Rule::k_false => LiteralKind::Bool(false),
            Rule::k_null => LiteralKind::Null,
            _ => LiteralKind::Number(node.as_str().replace('_', "")),
        };
        Literal { kind, span }
    }

    /// A literal where no expression may stand.
    pub(super) fn lit(&mut self, node: Node<'_>) -> Option<Literal> {
        let span = self.span(&node);
        let mut kids = Kids::of(node);
        let negative = kids.pass(Rule::minus);
        let kind = match kids.peek()? {
            Rule::open_bracket => LiteralKind::List(
                kids.filter(|kid| kid.as_rule() == Rule::lit).filter_map(|kid| self.lit(kid)).collect(),
            ),
            Rule::name => {
                LiteralKind::Path(kids.filter(|kid| kid.as_rule() != Rule::dot).map(|kid| self.name(&kid)).collect())
            }
            _ => {
                let atom = Kids::of(kids.next()?).next()?;
                let literal = self.atom(&atom);
                if negative { self.negative(literal, span) } else { literal.kind }
            }
        };
        Some(Literal { kind, span })
    }

    fn negative(&mut self, literal: Literal, span: Span) -> LiteralKind {
        match literal.kind {
            LiteralKind::Number(digits) => LiteralKind::Number(format!("-{digits}")),
            other => {
                self.report(Diagnostic::new(Code::GW0001, "only a number can be negative", span, "no number"));
                other
            }
        }
    }
}

fn at_offset(inside: Span, at: usize, length: usize) -> Span {
    let start = inside.start + to_u32(at);
    Span::new(inside.file, start, (start + to_u32(length)).min(inside.end))
}

fn is_word(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first))
        && characters.all(unicode_ident::is_xid_continue)
}

/// The character that an escape stands for and the escape's length, or the length of what is none. As in Rust.
fn read_escape(rest: &str) -> Result<(char, usize), usize> {
    let Some(kind) = rest.chars().nth(1) else { return Err(1) };
    match kind {
        'n' => Ok(('\n', 2)),
        'r' => Ok(('\r', 2)),
        't' => Ok(('\t', 2)),
        '0' => Ok(('\0', 2)),
        '"' | '\'' | '\\' => Ok((kind, 2)),
        'x' => {
            let digits = rest.get(2..4).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
            let value = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(u8::is_ascii);
            value.map(|value| (char::from(value), 4)).ok_or(2)
        }
        'u' => {
            let digits = rest.get(2..).and_then(|rest| rest.strip_prefix('{')).and_then(|rest| rest.split_once('}'));
            let digits = digits.map(|(digits, _)| digits).filter(|digits| digits.len() <= 6);
            let digits = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
            let value = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
            match (value, digits) {
                (Some(value), Some(digits)) => Ok((value, digits.len() + 4)),
                _ => Err(2),
            }
        }
        other => Err(1 + other.len_utf8()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_rust() {
        assert_eq!(read_escape("\\n"), Ok(('\n', 2)));
        assert_eq!(read_escape("\\u{1f600}!"), Ok(('😀', 9)));
        assert_eq!(read_escape("\\x41"), Ok(('A', 4)));
        assert_eq!(read_escape("\\xff"), Err(2));
        assert_eq!(read_escape("\\u{d800}"), Err(2));
        assert_eq!(read_escape("\\u{}"), Err(2));
        assert_eq!(read_escape("\\é"), Err(3));
    }
}
