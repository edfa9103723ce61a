//! Methods of a list as a whole: sums, picks, and lists made of lists.

use std::rc::Rc;

use super::super::fit::{Place, bare};
use super::super::{Elaborator, fields, invalid, optional, walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Bounds, BuiltField, Scalar, Ty};
use crate::source::Span;
use crate::syntax::ast::{Arg, Name};
use crate::typed::{Expr, ExprKind, OfList};

impl Elaborator<'_> {
    pub(super) fn of_list(&mut self, list: Expr, what: OfList, span: Span) -> Expr {
        if matches!(list.ty, Ty::Unknown) {
            return invalid(span);
        }
        let element = self.element_type(&list.ty);
        let unbounded = |ty: Ty| Ty::List(Rc::new(ty), Bounds::default());
        let ty = match &what {
            OfList::First | OfList::Last => optional(element),
            OfList::Count => Ty::Scalar(Scalar::Int),
            OfList::Keys => unbounded(self.key_type(&list.ty)),
            OfList::Values => unbounded(element),
            OfList::Entries => {
                let field = |key: &str, ty: Ty| BuiltField { key: key.to_owned(), ty };
                let fields = vec![field("key", self.key_type(&list.ty)), field("value", element)];
                unbounded(Ty::Built(Rc::new(fields)))
            }
            _ => list.ty.clone(),
        };
        Expr { kind: ExprKind::OfList { list: Box::new(list), what }, ty, span }
    }

    /// One list of lists; `place` is where the lists come from.
    pub(super) fn flattened(&mut self, lists: Expr, place: Span, span: Span) -> Expr {
        if walk::is_broken(&lists) {
            return invalid(span);
        }
        let element = self.element_type(&lists.ty);
        let Ty::List(inner, length) = self.structure(bare(&element)).clone() else {
            let what = self.describe(&element);
            let message = format!("only lists can be put behind each other, and this is {what}");
            self.report(Diagnostic::new(Code::GW0362, message, place, format!("expected a list, found {what}")));
            return invalid(span);
        };
        let outer = self.bounds_of(&lists.ty, |bounds| bounds);
        let max = outer.max.zip(length.max).map(|(outer, inner)| outer.saturating_mul(inner));
        let ty = Ty::List(inner, Bounds { min: 0, max });
        with_type(lists, OfList::Flatten, ty, span)
    }

    pub(super) fn fold(&mut self, values: Expr, name: &Name, place: Span, span: Span) -> Expr {
        if walk::is_broken(&values) || matches!(values.ty, Ty::Unknown) {
            return invalid(span);
        }
        let element = self.element_type(&values.ty);
        if matches!(element, Ty::Null | Ty::Optional(_)) {
            let what = format!("what `{}` takes", name.text);
            self.report_null_of(&element, place, &what, true);
            return invalid(span);
        }
        let kind = self.scalar(&element);
        let number = kind.filter(|kind| matches!(kind, Scalar::Int | Scalar::Float | Scalar::Decimal));
        let made = match (name.text.as_str(), number) {
            ("sum", Some(number)) => Some((OfList::Sum, Ty::Scalar(number))),
            ("avg", Some(Scalar::Float)) => Some((OfList::Average, optional(Ty::Scalar(Scalar::Float)))),
            ("avg", Some(_)) => Some((OfList::Average, optional(Ty::Scalar(Scalar::Decimal)))),
            ("sum" | "avg", None) => None,
            (name, _) => {
                let ordered = number.is_some() || matches!(kind, Some(Scalar::String | Scalar::Time | Scalar::Date));
                let what = if name == "min" { OfList::Min } else { OfList::Max };
                ordered.then(|| (what, optional(element.clone())))
            }
        };
        let Some((what, ty)) = made else {
            let found = self.describe(&element);
            let wanted = if matches!(name.text.as_str(), "sum" | "avg") {
                "numbers"
            } else {
                "numbers, strings, times or dates"
            };
            let message = format!("`{}` is of {wanted}, and these are {found}", name.text);
            self.report(Diagnostic::new(Code::GW0362, message, place, format!("expected {wanted}")));
            return invalid(span);
        };
        with_type(values, what, ty, span)
    }

    pub(super) fn contains(&mut self, list: Expr, value: Option<&Arg>, span: Span) -> Expr {
        let Some(value) = value else { return invalid(span) };
        let item = self.expr(&value.value);
        self.contained(item, list, span)
    }

    pub(super) fn joined(&mut self, list: Expr, separator: Option<&Arg>, span: Span) -> Expr {
        let Some(separator) = separator else { return invalid(span) };
        let separator = self.expr(&separator.value);
        let place = Place { what: "what stands between".to_owned(), origin: None };
        let separator = self.fit(separator, &Ty::Scalar(Scalar::String), &place);
        let element = self.element_type(&list.ty);
        if matches!(separator.ty, Ty::Unknown) || matches!(element, Ty::Unknown) {
            return invalid(span);
        }
        if matches!(element, Ty::Null | Ty::Optional(_)) {
            self.report_null_of(&element, list.span, "what `join` takes", true);
            return invalid(span);
        }
        if self.scalar(&element) != Some(Scalar::String) {
            let what = self.describe(&element);
            let message = format!("`join` is of strings, and these are {what}");
            self.report(
                Diagnostic::new(Code::GW0362, message, list.span, "expected strings")
                    .note("make strings of them first: `.map(x => \"{x}\").join(\", \")`"),
            );
            return invalid(span);
        }
        with_type(list, OfList::Join(Box::new(separator)), Ty::Scalar(Scalar::String), span)
    }

    pub(super) fn chunked(&mut self, list: Expr, size: Option<&Arg>, span: Span) -> Expr {
        let Some(size) = size else { return invalid(span) };
        let size = self.expr(&size.value);
        if matches!(size.ty, Ty::Unknown) {
            return invalid(span);
        }
        let Some(count) = fields::constant(&size).and_then(|size| u32::try_from(size).ok()).filter(|size| *size > 0)
        else {
            let message = "how many elements a chunk has is a number from 1 on, written out";
            self.report(Diagnostic::new(Code::GW0363, message, size.span, "not such a number"));
            return invalid(span);
        };
        let element = self.element_type(&list.ty);
        let all = self.bounds_of(&list.ty, |bounds| bounds);
        let chunk =
            Ty::List(Rc::new(element), Bounds { min: 1, max: Some(all.max.map_or(count, |max| max.min(count))) });
        let length = Bounds { min: all.min.div_ceil(count), max: all.max.map(|max| max.div_ceil(count)) };
        with_type(list, OfList::Chunk(count), Ty::List(Rc::new(chunk), length), span)
    }

    pub(super) fn zipped(&mut self, list: Expr, other: Option<&Arg>, span: Span) -> Expr {
        let Some(other) = other else { return invalid(span) };
        let other = self.expr(&other.value);
        if matches!(other.ty, Ty::Unknown) || matches!(list.ty, Ty::Unknown) {
            return invalid(span);
        }
        if !matches!(self.structure(&other.ty), Ty::List(..)) {
            let what = self.describe(&other.ty);
            let message = "only a list can stand beside a list";
            self.report(Diagnostic::new(Code::GW0362, message, other.span, format!("this is {what}")));
            return invalid(span);
        }
        let field = |key: &str, ty: Ty| BuiltField { key: key.to_owned(), ty };
        let pair = vec![field("first", self.element_type(&list.ty)), field("second", self.element_type(&other.ty))];
        let (one, two) = (self.bounds_of(&list.ty, |it| it), self.bounds_of(&other.ty, |it| it));
        let max = match (one.max, two.max) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        let ty = Ty::List(Rc::new(Ty::Built(Rc::new(pair))), Bounds { min: one.min.min(two.min), max });
        with_type(list, OfList::Zip(Box::new(other)), ty, span)
    }
}

fn with_type(list: Expr, what: OfList, ty: Ty, span: Span) -> Expr {
    Expr { kind: ExprKind::OfList { list: Box::new(list), what }, ty, span }
}
