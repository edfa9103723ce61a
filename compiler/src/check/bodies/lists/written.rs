//! Lists that are written out: `[a, b]`, and lists behind each other: `[...a, ...b]`.

use std::rc::Rc;

use super::super::fit::bare;
use super::super::{Elaborator, bounds, invalid};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Bounds, Scalar, Ty};
use crate::source::Span;
use crate::syntax::ast;
use crate::typed::{Expr, ExprKind};

impl Elaborator<'_> {
    /// `[a, ...b]`
    pub(in super::super) fn array(&mut self, elements: &[ast::Element], span: Span) -> Expr {
        let mut items = Vec::new();
        let mut sound = true;
        for element in elements {
            let value = self.expr(&element.value);
            sound &= !matches!(value.ty, Ty::Unknown) && (!element.spread || self.can_spread(&value));
            items.push((element.spread, value));
        }
        if !sound {
            return invalid(span);
        }
        if items.iter().any(|(spread, _)| *spread) {
            return self.concatenated(items, span);
        }
        let items = items.into_iter().map(|(_, value)| value).collect();
        let Some((items, element)) = self.join_all(items) else { return invalid(span) };
        let length = bounds::count(items.len());
        let ty = Ty::List(Rc::new(element), Bounds { min: length, max: Some(length) });
        Expr { kind: ExprKind::List(items), ty, span }
    }

    /// Whether the elements of a value can stand in a list; reports where not.
    fn can_spread(&mut self, value: &Expr) -> bool {
        if matches!(self.structure(bare(&value.ty)), Ty::List(..)) {
            return true;
        }
        let what = self.describe(&value.ty);
        let message = format!("`...` in a list takes the elements of a list, and this is {what}");
        self.report(Diagnostic::new(Code::GW0339, message, value.span, "expected a list"));
        false
    }

    /// Lists behind each other.
    fn concatenated(&mut self, items: Vec<(bool, Expr)>, span: Span) -> Expr {
        let mut parts = Vec::new();
        let mut samples = Vec::new();
        let mut length = Bounds { min: 0, max: Some(0) };
        for (spread, value) in items {
            let (sample, own) = if spread {
                let nullable = matches!(value.ty, Ty::Optional(_));
                let own = self.bounds_of(bare(&value.ty), |own| if nullable { Bounds { min: 0, ..own } } else { own });
                let element = self.element_type(bare(&value.ty));
                let sample = Expr { kind: ExprKind::Invalid, ty: element, span: value.span };
                parts.push(Some(value));
                (sample, own)
            } else {
                parts.push(None);
                (value, Bounds { min: 1, max: Some(1) })
            };
            length.min = length.min.saturating_add(own.min);
            length.max = length.max.zip(own.max).map(|(all, own)| all.saturating_add(own));
            samples.push(sample);
        }
        let Some((samples, element)) = self.join_all(samples) else { return invalid(span) };
        if !self.can_stand_in_a_row(&element, span) {
            return invalid(span);
        }
        let one = Bounds { min: 1, max: Some(1) };
        let alone = |value: Expr| {
            let (ty, span) = (Ty::List(Rc::new(value.ty.clone()), one), value.span);
            Expr { kind: ExprKind::List(vec![value]), ty, span }
        };
        let parts = parts.into_iter().zip(samples).map(|(list, sample)| list.unwrap_or_else(|| alone(sample)));
        let ty = Ty::List(Rc::new(element), length);
        Expr { kind: ExprKind::Concat(parts.collect()), ty, span }
    }

    /// Whether elements of lists that are put behind each other can be held beside each other; reports where not.
    fn can_stand_in_a_row(&mut self, element: &Ty, span: Span) -> bool {
        let Some(fault) = self.no_row(element, 0) else { return true };
        let what = self.describe(&fault);
        let message = format!("lists with {what} in their elements can't be put behind each other");
        self.report(Diagnostic::new(Code::GW0364, message, span, "in these elements").note(
            "elements of several lists hold plain values, lists of plain values, and objects of such: select those",
        ));
        false
    }

    /// What of an element can't be held in a row.
    fn no_row(&self, ty: &Ty, depth: usize) -> Option<Ty> {
        /// Objects in objects beyond this are no rows.
        const DEEPEST: usize = 8;
        let fields: Vec<Ty> = match self.structure(ty) {
            Ty::Built(fields) => fields.iter().map(|field| field.ty.clone()).collect(),
            Ty::Object(_) if depth < DEEPEST => {
                self.keys(ty).unwrap_or_default().into_iter().map(|key| key.ty).collect()
            }
            Ty::List(inner, _) if self.is_plain(inner) => return None,
            Ty::Optional(inner) => match self.structure(inner) {
                Ty::List(element, _) if self.is_plain(element) => return None,
                _ if self.is_plain(inner) => return None,
                _ => return Some(ty.clone()),
            },
            _ if self.is_plain(ty) && self.scalar(ty) != Some(Scalar::Json) => return None,
            Ty::Null => return None,
            _ => return Some(ty.clone()),
        };
        fields.iter().find_map(|field| self.no_row(field, depth + 1))
    }
}
