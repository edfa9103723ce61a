//! Interpolated strings.

use super::{Elaborator, invalid};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Scalar, Ty, Value};
use crate::source::Span;
use crate::syntax::ast;
use crate::typed::{Expr, ExprKind, TextPart};

impl Elaborator<'_> {
    /// `"order {order.id}"`
    pub(super) fn interpolated(&mut self, parts: &[ast::StringPart], span: Span) -> Expr {
        let mut texts = Vec::new();
        let mut sound = true;
        for part in parts {
            match part {
                ast::StringPart::Text(text) => texts.push(TextPart::Literal(text.clone())),
                ast::StringPart::Path(names) | ast::StringPart::Subject(names) => {
                    let value = self.path_of_names(names, matches!(part, ast::StringPart::Subject(_)), span);
                    sound &= self.has_text(&value);
                    texts.push(TextPart::Value(value));
                }
            }
        }
        if !sound {
            return invalid(span);
        }
        let ty = Ty::Scalar(Scalar::String);
        match texts.as_slice() {
            [] => super::literals::known(Value::String(String::new()), ty, span),
            [TextPart::Literal(text)] => super::literals::known(Value::String(text.clone()), ty, span),
            _ => Expr { kind: ExprKind::Text(texts), ty, span },
        }
    }

    /// `order.id`, or `.id` where it starts at the subject, given as its names.
    pub(super) fn path_of_names(&mut self, names: &[ast::Name], of_subject: bool, span: Span) -> Expr {
        let mut names = names.iter();
        let Some(first) = names.next() else { return invalid(span) };
        let first = if of_subject {
            let dot = Span::new(first.span.file, first.span.start.saturating_sub(1), first.span.end);
            ast::Expr { kind: ast::ExprKind::Subject(first.clone()), span: dot }
        } else {
            ast::Expr { kind: ast::ExprKind::Name(first.clone()), span: first.span }
        };
        let path = names.fold(first, |base, name| ast::Expr {
            span: base.span.to(name.span),
            kind: ast::ExprKind::Field { base: Box::new(base), name: name.clone() },
        });
        self.expr(&path)
    }

    /// Whether a value can be written as text: a scalar or an enum that is not null.
    pub(super) fn has_text(&mut self, value: &Expr) -> bool {
        match self.structure(&value.ty) {
            Ty::Unknown => false,
            Ty::Null | Ty::Optional(_) => {
                let what = self.describe(&value.ty);
                let message = "a value in a string can't be null";
                self.report(
                    Diagnostic::new(Code::GW0501, message, value.span, format!("this is {what}")).note(
                        "give a name to what stands for null, `let text = value or \"\"`, and write that name here",
                    ),
                );
                false
            }
            Ty::Enum(_) => true,
            Ty::Scalar(scalar) | Ty::Constrained(scalar, _) if *scalar != Scalar::Json => true,
            _ => {
                let what = self.describe(&value.ty);
                let message = format!("{what} can't be written into a string");
                self.report(
                    Diagnostic::new(Code::GW0338, message, value.span, format!("this is {what}"))
                        .note("only plain values and enums have a text: take one of its fields"),
                );
                false
            }
        }
    }
}
