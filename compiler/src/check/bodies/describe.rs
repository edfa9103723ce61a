//! Types in words, as messages say them.

use super::super::show;
use super::Elaborator;
use super::fit::structure;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::model::{Model, Scalar, Ty, TypeId};
use crate::source::Span;
use crate::typed::Expr;

impl Elaborator<'_> {
    /// A type with its backticks: `` `User?` ``.
    pub(super) fn describe(&self, ty: &Ty) -> String {
        describe(self.context.model, ty)
    }

    /// The plain kind of a scalar that is not null, whatever its name or constraint.
    pub(super) fn scalar(&self, ty: &Ty) -> Option<Scalar> {
        match structure(self.context.model, ty) {
            Ty::Scalar(scalar) | Ty::Constrained(scalar, _) => Some(*scalar),
            _ => None,
        }
    }

    /// Reports a value that can be null where none may be.
    pub(super) fn report_null(&mut self, expr: &Expr, place: &str) {
        self.report_null_of(&expr.ty, expr.span, place, true);
    }

    /// The same of a value of that type; `itself`: what can be null is all that stands there.
    pub(super) fn report_null_of(&mut self, ty: &Ty, span: Span, place: &str, itself: bool) {
        let what = self.describe(ty);
        let label = if itself { format!("this is {what}") } else { format!("of {what}") };
        let mut diagnostic = Diagnostic::new(Code::GW0501, format!("{place} can't be null"), span, label)
            .note("say what stands for null with `or`, or answer before with `let … else` or `check … != null else`");
        if let Some(stand_in) = self.stand_in(ty).filter(|_| itself) {
            diagnostic.fixes.push(Fix {
                title: format!("take another value for null: `or {stand_in}`"),
                edits: vec![(span.at_start(), "(".to_owned()), (span.at_end(), format!(" or {stand_in})"))],
                applicable: false,
            });
        }
        self.report(diagnostic);
    }

    fn stand_in(&self, ty: &Ty) -> Option<&'static str> {
        let Ty::Optional(inner) = ty else { return None };
        match self.scalar(inner)? {
            Scalar::Int | Scalar::Float | Scalar::Decimal => Some("0"),
            Scalar::String => Some("\"\""),
            Scalar::Bool => Some("false"),
            Scalar::Json | Scalar::Time | Scalar::Date | Scalar::Uuid | Scalar::Url | Scalar::Path => None,
        }
    }
}

/// A type with its backticks.
pub(super) fn describe(model: &Model, ty: &Ty) -> String {
    format!("`{}`", text(model, ty, 0))
}

fn text(model: &Model, ty: &Ty, depth: usize) -> String {
    match ty {
        Ty::Unknown | Ty::Null | Ty::Scalar(_) | Ty::Constrained(..) | Ty::Alias(_) | Ty::Object(_) | Ty::Enum(_) => {
            show::ty(ty, &model.types)
        }
        Ty::List(element, bounds) => {
            let range = match (bounds.min, bounds.max) {
                (0, None) => String::new(),
                (0, Some(max)) => format!("(..={max})"),
                (min, None) => format!("({min}..)"),
                (min, Some(max)) => format!("({min}..={max})"),
            };
            format!("[{}]{range}", text(model, element, depth + 1))
        }
        Ty::Map(value) => format!("{{String: {}}}", text(model, value, depth + 1)),
        Ty::Keyed { key, value } => {
            format!("{{{}: {}}}", text(model, key, depth + 1), text(model, value, depth + 1))
        }
        Ty::Optional(inner) => format!("{}?", text(model, inner, depth)),
        Ty::Built(fields) => {
            /// More keys than this make no message clearer.
            const MOST_KEYS: usize = 5;
            if depth > 1 {
                return "{ … }".to_owned();
            }
            let keys: Vec<&str> = fields.iter().take(MOST_KEYS).map(|field| field.key.as_str()).collect();
            let more = if fields.len() > MOST_KEYS { ", …" } else { "" };
            format!("{{ {}{more} }}", keys.join(", "))
        }
    }
}

pub(super) fn type_name(model: &Model, id: TypeId) -> &str {
    model.types.get(id.0).map_or("?", |decl| decl.name.as_str())
}
