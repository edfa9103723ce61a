//! Values that have a name and take some work: they are computed once, where their `let` stands.
//!
//! A `let` of a place is that place, and a `let` of an object the object, wherever it is used. But what a function or arithmetic makes
//! is a value of its own, that every use of the name shares.

use super::super::{Entry, Expr, ExprKind, Step, StepKind, walk};
use super::Lowering;
use crate::model::{Scalar, Ty, TypeDeclKind};

impl Lowering<'_> {
    /// The value of a `let`: what is computed in it gets a step.
    pub(super) fn computed_once(&mut self, name: &str, value: Expr) -> Expr {
        let Expr { kind, ty, node } = value;
        match kind {
            ExprKind::Object(entries) => {
                let entries = entries.into_iter().map(|Entry { key, value }| {
                    let value = self.computed_once(&format!("{name}_{key}"), value);
                    Entry { key, value }
                });
                Expr { kind: ExprKind::Object(entries.collect()), ty, node }
            }
            ExprKind::List(elements) => {
                let elements = elements.into_iter().map(|element| self.computed_once(name, element));
                Expr { kind: ExprKind::List(elements.collect()), ty, node }
            }
            kind => {
                let value = Expr { kind, ty, node };
                if self.is_computed(&value) { self.compute(name, value) } else { value }
            }
        }
    }

    /// Whether a value is held while the gateway runs, and takes work to make.
    pub(super) fn is_computed(&self, value: &Expr) -> bool {
        self.is_held(&value.ty) && is_value(value) && computes(value)
    }

    fn compute(&mut self, name: &str, mut value: Expr) -> Expr {
        self.complete(&mut value);
        let ty = value.ty.clone();
        let item = self.new_local(name);
        let (step_name, id) = (self.unique_step_name(name), self.new_step_id());
        let frame = self.frame();
        // What can't fail has nothing to yield to a guard.
        let yields_to = if walk::may_fail(&value) { frame.guards.clone() } else { Vec::new() };
        let kind = StepKind::Compute { value, item };
        let (needs, after, when) = (Vec::new(), Vec::new(), frame.conditions.clone());
        frame.steps.push(Step { id, name: step_name, kind, needs, after, yields_to, when });
        Expr::new(ExprKind::Local(item), ty)
    }

    /// Whether values of a type are held decoded: plain ones, and lists and maps of such.
    fn is_held(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Scalar(scalar) | Ty::Constrained(scalar, _) => *scalar != Scalar::Json,
            Ty::Enum(_) => true,
            Ty::Alias(id) => match self.model.types.get(id.0).map(|decl| &decl.kind) {
                Some(TypeDeclKind::Alias { base }) => self.is_held(base),
                _ => false,
            },
            Ty::List(inner, _) | Ty::Map(inner) | Ty::Optional(inner) => self.is_held(inner),
            Ty::Unknown | Ty::Null | Ty::Object(_) | Ty::Built(_) | Ty::Keyed { .. } => false,
        }
    }
}

/// Whether an expression has a value while the gateway runs: no list is written out in it.
fn is_value(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Object(_) | ExprKind::List(_) | ExprKind::Concat(_) | ExprKind::Keyed { .. } => false,
        ExprKind::If { then, otherwise, .. }
        | ExprKind::IfPresent { then, otherwise, .. }
        | ExprKind::Found { then, otherwise, .. } => is_value(then) && is_value(otherwise),
        ExprKind::Map { body, .. } | ExprKind::Gather { body, .. } => is_value(body),
        _ => true,
    }
}

/// Whether something in an expression takes work: a function, arithmetic, or text that is put together.
fn computes(expr: &Expr) -> bool {
    let mut found = false;
    walk::visit(expr, &mut |part| {
        found |= matches!(
            part.kind,
            ExprKind::Apply { .. } | ExprKind::Arithmetic { .. } | ExprKind::Negate(_) | ExprKind::Text(_)
        );
    });
    found
}
