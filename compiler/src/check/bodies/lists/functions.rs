//! Methods that ask each element something: filters, maps, and keys.

use std::rc::Rc;

use super::super::scope::Binding;
use super::super::{Elaborator, hoist, invalid, local, walk};
use super::Function;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Bounds, Scalar, Ty};
use crate::source::Span;
use crate::typed::{ByElement, Expr, ExprKind};

/// What keys are for: which of them will do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum KeysFor {
    Order,
    Sameness,
    Names,
}

impl Elaborator<'_> {
    /// The body of a function, whose parameter stands for `element`.
    pub(super) fn body_of(&mut self, function: Function<'_>, element: Expr) -> Expr {
        let name = function.parameter;
        if let Some(origin) = self.binding(&name.text).map(|binding| binding.origin) {
            self.report(
                Diagnostic::new(Code::GW0253, format!("the name `{}` is taken", name.text), name.span, "used again")
                    .also(origin, "the first is here")
                    .note("a name means one thing in a whole endpoint"),
            );
            return invalid(function.body.span);
        }
        let before = self.bindings.len();
        self.bind_name(Binding {
            name: name.text.clone(),
            kind: element.kind,
            ty: element.ty,
            origin: name.span,
            used: true,
        });
        let body = self.expr(function.body);
        self.bindings.truncate(before);
        self.places.remove(&name.text);
        body
    }

    /// `list.map(x => body)`
    pub(super) fn mapped(&mut self, list: Expr, function: Function<'_>, span: Span) -> Expr {
        let hint = function.parameter.text.clone();
        self.map_named(list, &hint, span, |this, item| this.body_of(function, item))
    }

    /// What a function makes of each element; nothing where something is wrong with it.
    pub(super) fn by_element(
        &mut self,
        list: Expr,
        function: Function<'_>,
        span: Span,
        ty: impl FnOnce(&mut Self, &Expr) -> Option<(ByElement, Ty)>,
    ) -> Expr {
        let element = self.element_type(&list.ty);
        let item = self.locals.open(&function.parameter.text);
        self.fans.push(None);
        let mut by = self.body_of(function, local(item, element, function.parameter.span));
        self.fans.pop();
        self.locals.close();
        let made = if walk::is_broken(&by) { None } else { ty(self, &by) };
        let Some((what, ty)) = made else { return invalid(span) };
        let hoisted = self.hoist(&mut by, item);
        let kind = ExprKind::ByElement { list: Box::new(list), what, item, by: Box::new(by) };
        hoist::bound(hoisted, Expr { kind, ty, span })
    }

    pub(super) fn filtered(&mut self, list: Expr, function: Function<'_>, span: Span) -> Expr {
        let ty = self.bounded(&list.ty, |bounds| Bounds { min: 0, ..bounds });
        self.by_element(list, function, span, |this, by| {
            this.is_bool(by, "what `filter` asks").then_some((ByElement::Filter, ty))
        })
    }

    /// `any`, and `all` as the contrary of any of the contrary.
    pub(super) fn any(&mut self, list: Expr, function: Function<'_>, all: bool, span: Span) -> Expr {
        let bool = || Ty::Scalar(Scalar::Bool);
        let mut any = self.by_element(list, function, span, |this, by| {
            this.is_bool(by, "what is asked of each").then_some((ByElement::Any, bool()))
        });
        if !all || walk::is_broken(&any) {
            return any;
        }
        negate_condition(&mut any);
        Expr { kind: ExprKind::Not(Box::new(any)), ty: bool(), span }
    }

    /// `sort_by`, `distinct`, `index_by` and `group_by`.
    pub(super) fn keyed(
        &mut self,
        list: Expr,
        function: Function<'_>,
        (what, keys): (ByElement, KeysFor),
        span: Span,
    ) -> Expr {
        let (whole, element) = (list.ty.clone(), self.element_type(&list.ty));
        let least = |bounds: Bounds| Bounds { min: bounds.min.min(1), ..bounds };
        let distinct = self.bounded(&whole, least);
        self.by_element(list, function, span, |this, by| {
            if !this.is_key(by, keys) {
                return None;
            }
            let key = Rc::new(by.ty.clone());
            let ty = match what {
                ByElement::Sort { .. } | ByElement::Filter | ByElement::Any => whole,
                ByElement::Distinct => distinct,
                ByElement::Index => Ty::Keyed { key, value: Rc::new(element) },
                ByElement::Groups => {
                    let members = Ty::List(Rc::new(element), this.bounds_of(&whole, |it| Bounds { min: 1, ..it }));
                    Ty::Keyed { key, value: Rc::new(members) }
                }
            };
            Some((what, ty))
        })
    }

    /// `distinct()` of plain values.
    pub(super) fn distinct(&mut self, list: Expr, span: Span) -> Expr {
        let element = self.element_type(&list.ty);
        let hint = self.element_hint(&list, &element);
        let item = self.locals.open(&hint);
        self.locals.close();
        let by = local(item, element, list.span);
        if !self.is_key(&by, KeysFor::Sameness) {
            return invalid(span);
        }
        let ty = self.bounded(&list.ty, |bounds| Bounds { min: bounds.min.min(1), ..bounds });
        let kind = ExprKind::ByElement { list: Box::new(list), what: ByElement::Distinct, item, by: Box::new(by) };
        Expr { kind, ty, span }
    }

    /// Whether a value can be a key; reports where it can't.
    pub(super) fn is_key(&mut self, key: &Expr, wanted: KeysFor) -> bool {
        if matches!(key.ty, Ty::Unknown) {
            return false;
        }
        if matches!(key.ty, Ty::Null | Ty::Optional(_)) {
            self.report_null(key, "a key");
            return false;
        }
        let is_enum = matches!(self.structure(&key.ty), Ty::Enum(_));
        let (fits, note) = match wanted {
            KeysFor::Order => (
                matches!(
                    self.scalar(&key.ty),
                    Some(
                        Scalar::Int
                            | Scalar::Float
                            | Scalar::Decimal
                            | Scalar::String
                            | Scalar::Time
                            | Scalar::Date
                            | Scalar::Bool
                    )
                ),
                "lists are ordered by numbers, strings, times, dates and truths",
            ),
            KeysFor::Sameness => (
                is_enum
                    || matches!(
                        self.scalar(&key.ty),
                        Some(
                            Scalar::Int
                                | Scalar::Decimal
                                | Scalar::String
                                | Scalar::Uuid
                                | Scalar::Time
                                | Scalar::Date
                                | Scalar::Bool
                        )
                    ),
                "what can be the same: whole and decimal numbers, strings, enums, ids, times and dates",
            ),
            KeysFor::Names => (
                is_enum || matches!(self.scalar(&key.ty), Some(Scalar::Int | Scalar::String | Scalar::Uuid)),
                "keys are of `Int`, `String`, `Uuid`, an enum, or a name for one of them",
            ),
        };
        if !fits {
            let what = self.describe(&key.ty);
            let message = format!("{what} can't be a key here");
            self.report(Diagnostic::new(Code::GW0361, message, key.span, what).note(note));
        }
        fits
    }
}

/// Turns what is asked of each element round.
fn negate_condition(any: &mut Expr) {
    match &mut any.kind {
        ExprKind::ByElement { by, .. } => {
            let (ty, span) = (by.ty.clone(), by.span);
            let inner = std::mem::replace(&mut **by, invalid(span));
            **by = Expr { kind: ExprKind::Not(Box::new(inner)), ty, span };
        }
        ExprKind::Bind { body, .. } => negate_condition(body),
        _ => {}
    }
}
