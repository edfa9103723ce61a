//! Two values that stand for one: branches, the elements of a list, a value and what replaces null.

use std::rc::Rc;

use super::compatible::same_keys;
use super::fit::{adopt, bare, has_literals, scalar, structure};
use super::{Elaborator, optional};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Bounds, BuiltField, Model, Ty};
use crate::typed::{Expr, ExprKind};

impl Elaborator<'_> {
    /// Two values that stand for one, each with the type that both have; nothing where they have none.
    pub(super) fn join(&self, left: Expr, right: Expr) -> Option<(Expr, Expr, Ty)> {
        let model = self.context.model;
        let nullable = matches!(left.ty, Ty::Null | Ty::Optional(_)) || matches!(right.ty, Ty::Null | Ty::Optional(_));
        let place = |ty: &Ty| if nullable { optional(ty.clone()) } else { ty.clone() };
        let (left, right) = match (is_flexible(&left), is_flexible(&right)) {
            (_, true) if let Ok(adopted) = adopt(model, right.clone(), &place(&left.ty)) => (left, adopted),
            (true, _) if let Ok(adopted) = adopt(model, left.clone(), &place(&right.ty)) => (adopted, right),
            _ => (left, right),
        };
        let ty = join_types(model, &left.ty, &right.ty)?;
        Some((left, right, ty))
    }

    /// What replaces null, and the type of the whole; nothing where both have no type in common.
    pub(super) fn join_default(&self, behind: &Ty, default: Expr) -> Option<(Expr, Ty)> {
        let model = self.context.model;
        let default = match adopt(model, default.clone(), behind) {
            Ok(adopted) => adopted,
            Err(_) => default,
        };
        let ty = join_types(model, behind, &default.ty)?;
        Some((default, ty))
    }

    /// The elements of a list, and the type that all have; reports where there is none.
    pub(super) fn join_all(&mut self, items: Vec<Expr>) -> Option<(Vec<Expr>, Ty)> {
        let mut joined: Vec<Expr> = Vec::new();
        let mut ty = Ty::Null;
        for item in items {
            let Some(first) = joined.first().cloned() else {
                ty = item.ty.clone();
                joined.push(item);
                continue;
            };
            let known = Expr { ty: ty.clone(), ..first };
            let Some((_, item, both)) = self.join(known, item.clone()) else {
                let (left, right) = (self.describe(&ty), self.describe(&item.ty));
                let message = format!("a list holds values of one type, and here are {left} and {right}");
                self.report(Diagnostic::new(Code::GW0336, message, item.span, format!("this is {right}")));
                return None;
            };
            ty = both;
            joined.push(item);
        }
        let model = self.context.model;
        let adopted = joined.into_iter().map(|item| adopt(model, item.clone(), &ty).unwrap_or(item)).collect();
        Some((adopted, ty))
    }
}

/// Whether a value can take the type of its place.
fn is_flexible(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::List(_) => true,
        ExprKind::If { then, otherwise, .. } => is_flexible(then) || is_flexible(otherwise),
        _ => has_literals(expr),
    }
}

/// The type that both have: without constraints or bounds that one of them does not keep.
pub(super) fn join_types(model: &Model, left: &Ty, right: &Ty) -> Option<Ty> {
    match (left, right) {
        (Ty::Unknown, _) | (_, Ty::Unknown) => Some(Ty::Unknown),
        _ if left == right => Some(left.clone()),
        (Ty::Null, other) | (other, Ty::Null) => Some(optional(other.clone())),
        (Ty::Optional(one), other) | (other, Ty::Optional(one)) => Some(optional(join_types(model, one, bare(other))?)),
        (Ty::Alias(_), Ty::Alias(_)) => None,
        (Ty::Alias(_), other) | (other, Ty::Alias(_)) => {
            let name = if matches!(left, Ty::Alias(_)) { left } else { right };
            join_types(model, structure(model, name), other)
        }
        (Ty::List(one, left), Ty::List(two, right)) => {
            let max = left.max.zip(right.max).map(|(left, right)| left.max(right));
            let bounds = Bounds { min: left.min.min(right.min), max };
            // An empty list holds nothing of any type.
            let element = match (&**one, &**two) {
                (Ty::Null, other) | (other, Ty::Null) => other.clone(),
                _ => join_types(model, one, two)?,
            };
            Some(Ty::List(Rc::new(element), bounds))
        }
        (Ty::Map(one), Ty::Map(two)) => Some(Ty::Map(Rc::new(join_types(model, one, two)?))),
        (Ty::Built(one), Ty::Built(two)) if same_keys(one, two) => join_fields(model, one, two),
        _ => match (scalar(model, left), scalar(model, right)) {
            (Some(one), Some(two)) if one == two => Some(Ty::Scalar(one)),
            _ => None,
        },
    }
}

fn join_fields(model: &Model, one: &[BuiltField], two: &[BuiltField]) -> Option<Ty> {
    let both = one.iter().zip(two);
    let fields =
        both.map(|(one, two)| Some(BuiltField { key: one.key.clone(), ty: join_types(model, &one.ty, &two.ty)? }));
    Some(Ty::Built(Rc::new(fields.collect::<Option<Vec<_>>>()?)))
}
