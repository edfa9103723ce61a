//! Fields, places in lists, keys of maps, and slices.

use std::rc::Rc;

use super::names::is_capitalised;
use super::{Elaborator, invalid, optional};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Bounds, Constraint, Scalar, Ty, Value};
use crate::source::Span;
use crate::syntax::ast;
use crate::typed::{Arithmetic, Expr, ExprKind};

/// What stands in the brackets of a slice.
#[derive(Clone, Copy)]
pub(super) struct Range<'t> {
    pub(super) from: Option<&'t ast::Expr>,
    pub(super) to: Option<&'t ast::Expr>,
    pub(super) inclusive: bool,
}

impl Elaborator<'_> {
    /// `value.field`, `Status.paid`, or an operation that is not called.
    pub(super) fn field_expr(&mut self, base: &ast::Expr, name: &ast::Name, span: Span) -> Expr {
        if let ast::ExprKind::Name(owner) = &base.kind
            && is_capitalised(&owner.text)
            && !self.is_bound(&owner.text)
            && self.bare.last() != Some(&owner.span)
        {
            if self.context.names.services.contains_key(&owner.text) {
                return self.operation_without_call(owner, name, span);
            }
            return self.variant(owner, name, span);
        }
        let base = self.expr(base);
        self.field(base, name, span)
    }

    /// A field; of a list, of each element; of null, null.
    pub(super) fn field(&mut self, base: Expr, name: &ast::Name, span: Span) -> Expr {
        match self.structure(&base.ty) {
            Ty::Unknown => invalid(span),
            Ty::Optional(_) => self.present(base, span, |this, item| this.field(item, name, span)),
            Ty::List(..) => self.map(base, span, |this, item| this.field(item, name, span)),
            Ty::Object(_) | Ty::Built(_) | Ty::Scalar(Scalar::Json) => {
                let Some(ty) = self.field_type(&base.ty, &name.text) else {
                    self.unknown_field(&base.ty, name);
                    return invalid(span);
                };
                Expr { kind: ExprKind::Field { base: Box::new(base), name: name.text.clone() }, ty, span }
            }
            Ty::Map(_) | Ty::Keyed { .. } => {
                let key = format!("[\"{}\"]", name.text);
                let dot = Span::new(name.span.file, base.span.end, name.span.end);
                let what = self.describe(&base.ty);
                self.report(
                    Diagnostic::new(Code::GW0331, format!("{what} has keys and no fields"), name.span, "no field")
                        .also(base.span, "a map")
                        .fix(format!("take the value of the key: `{key}`"), dot, key),
                );
                invalid(span)
            }
            Ty::Null | Ty::Scalar(_) | Ty::Constrained(..) | Ty::Alias(_) | Ty::Enum(_) => {
                self.no_fields(&base, name.span);
                invalid(span)
            }
        }
    }

    /// Reports a field or a selection of what has no fields.
    pub(super) fn no_fields(&mut self, base: &Expr, span: Span) {
        let what = self.describe(&base.ty);
        self.report(
            Diagnostic::new(Code::GW0331, format!("{what} has no fields"), span, "only an object has fields")
                .also(base.span, format!("this is {what}")),
        );
    }

    /// `list[i]`, `map["key"]`, `json["key"]`
    pub(super) fn index(&mut self, base: &ast::Expr, index: &ast::Expr, span: Span) -> Expr {
        let base = self.expr(base);
        let index = self.expr(index);
        self.indexed(base, index, span)
    }

    fn indexed(&mut self, base: Expr, index: Expr, span: Span) -> Expr {
        let (element, key) = match self.structure(&base.ty) {
            Ty::Unknown => return invalid(span),
            Ty::Optional(_) => return self.present(base, span, |this, item| this.indexed(item, index, span)),
            Ty::List(element, _) => ((**element).clone(), Scalar::Int),
            Ty::Map(value) => ((**value).clone(), Scalar::String),
            Ty::Keyed { key, value } => {
                let types = (key.clone(), value.clone());
                return self.keyed_index(base, index, types, span);
            }
            Ty::Scalar(Scalar::Json) => return self.json_key(base, &index, span),
            _ => {
                let what = self.describe(&base.ty);
                self.report(
                    Diagnostic::new(Code::GW0340, format!("{what} has no places and no keys"), base.span, what)
                        .note("only a list is read as `list[0]`, and a map as `map[\"key\"]`"),
                );
                return invalid(span);
            }
        };
        if matches!(index.ty, Ty::Unknown) || !self.is_index(&index, key) {
            return invalid(span);
        }
        Expr { kind: ExprKind::Index { base: Box::new(base), index: Box::new(index) }, ty: optional(element), span }
    }

    /// `by_id[key]`: a `T?`. Nothing has the key null.
    fn keyed_index(&mut self, base: Expr, index: Expr, (key, value): (Rc<Ty>, Rc<Ty>), span: Span) -> Expr {
        if matches!(index.ty, Ty::Optional(_)) {
            return self.present(index, span, |this, index| this.keyed_index(base, index, (key, value), span));
        }
        let place = super::fit::Place { what: "the key".to_owned(), origin: None };
        let index = self.fit(index, &key, &place);
        if matches!(index.ty, Ty::Unknown) {
            return invalid(span);
        }
        let ty = optional((*value).clone());
        Expr { kind: ExprKind::Index { base: Box::new(base), index: Box::new(index) }, ty, span }
    }

    /// Whether an index is of its kind, and not below zero.
    fn is_index(&mut self, index: &Expr, key: Scalar) -> bool {
        if matches!(index.ty, Ty::Null | Ty::Optional(_)) {
            self.report_null(index, "a place or key");
            return false;
        }
        if self.scalar(&index.ty) != Some(key) {
            let (found, wanted) =
                (self.describe(&index.ty), if key == Scalar::Int { "an `Int`" } else { "a `String`" });
            let message = format!("{found} stands where {wanted} belongs");
            self.report(Diagnostic::new(Code::GW0340, message, index.span, format!("expected {wanted}")));
            return false;
        }
        if constant(index).is_some_and(|value| value < 0) {
            let message = "a list has no place below zero";
            self.report(
                Diagnostic::new(Code::GW0341, message, index.span, "below zero")
                    .note("places count from 0, from the start"),
            );
            return false;
        }
        true
    }

    /// `json["first-name"]`: a key that is no word.
    fn json_key(&mut self, base: Expr, index: &Expr, span: Span) -> Expr {
        let ExprKind::Literal(Value::String(key)) = &index.kind else {
            if !matches!(index.ty, Ty::Unknown) {
                let message = "of `Json` only a key that is written out can be read";
                self.report(
                    Diagnostic::new(Code::GW0340, message, index.span, "not a literal string")
                        .note("declare a type for what the upstream sends, and its lists and maps can be read"),
                );
            }
            return invalid(span);
        };
        let ty = optional(Ty::Scalar(Scalar::Json));
        Expr { kind: ExprKind::Field { base: Box::new(base), name: key.clone() }, ty, span }
    }

    /// `list[a..b]`
    pub(super) fn slice(&mut self, base: &ast::Expr, range: Range<'_>, span: Span) -> Expr {
        let base = self.expr(base);
        let from = range.from.map(|from| self.expr(from));
        let to = range.to.map(|to| self.expr(to));
        let from_is = from.as_ref().is_none_or(|from| self.is_end(from));
        let to_is = to.as_ref().is_none_or(|to| self.is_end(to));
        if !from_is || !to_is || self.is_inverted(from.as_ref(), to.as_ref(), range.inclusive) {
            return invalid(span);
        }
        let to = to.map(|to| if range.inclusive { one_more(to) } else { to });
        self.sliced(base, from, to, span)
    }

    fn sliced(&mut self, base: Expr, from: Option<Expr>, to: Option<Expr>, span: Span) -> Expr {
        let (element, bounds) = match self.structure(&base.ty) {
            Ty::Unknown => return invalid(span),
            Ty::Optional(_) => return self.present(base, span, |this, item| this.sliced(item, from, to, span)),
            Ty::List(element, bounds) => (element.clone(), *bounds),
            _ => {
                let what = self.describe(&base.ty);
                let message = format!("{what} can't be cut");
                self.report(Diagnostic::new(Code::GW0340, message, base.span, "only a list can"));
                return invalid(span);
            }
        };
        let ty = Ty::List(Rc::clone(&element), self.slice_bounds(bounds, from.as_ref(), to.as_ref()));
        let (from, to) = (from.map(Box::new), to.map(Box::new));
        Expr { kind: ExprKind::Slice { list: Box::new(base), from, to }, ty, span }
    }

    /// How long a slice can be: a constant end, or the greatest value of its type, bounds it.
    fn slice_bounds(&self, list: Bounds, from: Option<&Expr>, to: Option<&Expr>) -> Bounds {
        let start = from.map_or(Some(0), constant).map(clamp);
        let least_start = start.unwrap_or(0);
        let end = to.and_then(|to| self.greatest(to)).map(clamp);
        let max = match (list.max, end) {
            (Some(max), Some(end)) => Some(max.min(end)),
            (max, end) => max.or(end),
        };
        let least_end = to.map_or(Some(list.min), |to| constant(to).map(clamp).map(|end| list.min.min(end)));
        let min = match (start, least_end) {
            (Some(start), Some(end)) => end.saturating_sub(start),
            _ => 0,
        };
        Bounds { min, max: max.map(|max| max.saturating_sub(least_start)) }
    }

    /// The greatest value that an Int can have by its text or its type.
    fn greatest(&self, expr: &Expr) -> Option<i64> {
        let from_type = |ty: &Ty| match self.structure(ty) {
            Ty::Constrained(Scalar::Int, constraint) => greatest_of(constraint),
            _ => None,
        };
        match &expr.kind {
            ExprKind::Arithmetic { operator: Arithmetic::Add, left, right } => {
                self.greatest(left)?.checked_add(self.greatest(right)?)
            }
            ExprKind::OrElse { value, default } => {
                let behind = match self.structure(&value.ty) {
                    Ty::Optional(inner) => from_type(inner),
                    _ => None,
                };
                Some(behind?.max(self.greatest(default)?))
            }
            _ => constant(expr).or_else(|| from_type(&expr.ty)),
        }
    }

    fn is_end(&mut self, end: &Expr) -> bool {
        if matches!(end.ty, Ty::Unknown) {
            return false;
        }
        self.is_index(end, Scalar::Int)
    }

    /// `[5..2]`, and `[3..3]`, which is always empty.
    fn is_inverted(&mut self, from: Option<&Expr>, to: Option<&Expr>, inclusive: bool) -> bool {
        let Some(to) = to else { return false };
        let (Some(start), Some(end)) = (from.map_or(Some(0), constant), constant(to)) else { return false };
        let past = if inclusive { end.saturating_add(1) } else { end };
        if start < past {
            return false;
        }
        let span = from.map_or(to.span, |from| from.span.to(to.span));
        self.report(
            Diagnostic::new(Code::GW0341, "this slice is always empty", span, format!("ends at {past}, exclusive"))
                .note("`[a..b]` takes the elements from place `a` on, up to but not with place `b`"),
        );
        true
    }
}

/// The value of an Int that is known now.
pub(super) fn constant(expr: &Expr) -> Option<i64> {
    match &expr.kind {
        ExprKind::Literal(Value::Number(text)) => text.parse().ok(),
        _ => None,
    }
}

fn greatest_of(constraint: &Constraint) -> Option<i64> {
    constraint.max.as_ref()?.parse().ok()
}

fn clamp(value: i64) -> u32 {
    u32::try_from(value.max(0)).unwrap_or(u32::MAX)
}

/// An inclusive end as an exclusive one.
fn one_more(end: Expr) -> Expr {
    let (span, ty) = (end.span, Ty::Scalar(Scalar::Int));
    if let Some(more) = constant(&end).and_then(|value| value.checked_add(1)) {
        return Expr { kind: ExprKind::Literal(Value::Number(more.to_string())), ty, span };
    }
    let one = Expr { kind: ExprKind::Literal(Value::Number("1".to_owned())), ty: ty.clone(), span };
    let kind = ExprKind::Arithmetic { operator: Arithmetic::Add, left: Box::new(end), right: Box::new(one) };
    Expr { kind, ty, span }
}
