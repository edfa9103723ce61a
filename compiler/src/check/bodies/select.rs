//! Selections: `value { a, b: .c }` on an object, on each element of a list, and on what is behind a `T?`.

use super::build::Form;
use super::{Elaborator, invalid};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Scalar, Ty};
use crate::source::Span;
use crate::syntax::ast;
use crate::typed::{Expr, ExprKind};

impl Elaborator<'_> {
    /// What `entries` take of a value.
    pub(super) fn select(&mut self, base: Expr, entries: &[ast::Entry], span: Span) -> Expr {
        match self.structure(&base.ty) {
            Ty::Optional(_) => self.present(base, span, |this, item| this.select(item, entries, span)),
            Ty::List(..) => self.map(base, span, |this, item| this.select(item, entries, span)),
            Ty::Object(_) | Ty::Built(_) | Ty::Scalar(Scalar::Json) => {
                self.bind(base, span, |this, subject| this.select_from(subject, entries, span))
            }
            Ty::Unknown => self.select_from_unknown(&base, entries, span),
            Ty::Map(_) | Ty::Keyed { .. } => {
                let what = self.describe(&base.ty);
                let message = format!("{what} has keys and no fields to select");
                self.report(
                    Diagnostic::new(Code::GW0331, message, base.span, "a map")
                        .note("read one key with `map[\"key\"]`; what it gives can be selected from"),
                );
                self.select_from_unknown(&base, entries, span)
            }
            Ty::Null | Ty::Scalar(_) | Ty::Constrained(..) | Ty::Alias(_) | Ty::Enum(_) => {
                let what = self.describe(&base.ty);
                let message = format!("{what} has no fields to select");
                let diagnostic = Diagnostic::new(Code::GW0331, message, base.span, format!("this is {what}"));
                self.report(match base.kind {
                    ExprKind::Local(_) => diagnostic
                        .note("what becomes of each plain value of a list is said by a function: `.map(x => …)`"),
                    _ => diagnostic,
                });
                self.select_from_unknown(&base, entries, span)
            }
        }
    }

    fn select_from(&mut self, subject: Expr, entries: &[ast::Entry], span: Span) -> Expr {
        self.subjects.push(subject);
        let object = self.object(entries, Form::Selection, span);
        self.subjects.pop();
        object
    }

    /// The entries of a selection from what is wrong: their own faults are worth a report.
    fn select_from_unknown(&mut self, base: &Expr, entries: &[ast::Entry], span: Span) -> Expr {
        let subject = invalid(base.span);
        let _ = self.select_from(subject, entries, span);
        invalid(span)
    }
}
