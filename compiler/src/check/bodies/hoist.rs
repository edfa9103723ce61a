//! Calls that are the same for each element of a list: made once, before the list is gone through.

use super::{Elaborator, local, walk};
use crate::typed::{Expr, ExprKind, LocalId};

/// More calls than this are not taken out of one list.
const MOST_HOISTED: usize = 100;

impl Elaborator<'_> {
    /// Takes the safe calls out of `body` that use nothing of `item`, and gives each a name. A call that a condition
    /// stands before stays where it is.
    pub(super) fn hoist(&mut self, body: &mut Expr, item: LocalId) -> Vec<(LocalId, Expr)> {
        let mut hoisted = Vec::new();
        self.take_calls(body, item, &mut hoisted);
        hoisted
    }

    fn take_calls(&mut self, expr: &mut Expr, item: LocalId, hoisted: &mut Vec<(LocalId, Expr)>) {
        if hoisted.len() < MOST_HOISTED
            && self.is_safe_call(expr)
            && walk::free_locals(expr).into_iter().all(|id| id < item)
        {
            let hint = self.hint(expr);
            let name = self.locals.anywhere(&hint);
            let named = local(name, expr.ty.clone(), expr.span);
            hoisted.push((name, std::mem::replace(expr, named)));
            return;
        }
        for part in walk::certain_children_mut(expr) {
            self.take_calls(part, item, hoisted);
        }
    }

    fn is_safe_call(&self, expr: &Expr) -> bool {
        let ExprKind::Call(call) = &expr.kind else { return false };
        self.context.model.operations.get(call.operation.0).is_some_and(|operation| operation.safe)
    }
}

/// `body` with the calls that were taken out of it, made before it.
pub(super) fn bound(hoisted: Vec<(LocalId, Expr)>, body: Expr) -> Expr {
    hoisted.into_iter().rev().fold(body, |body, (item, value)| Expr {
        ty: body.ty.clone(),
        span: body.span,
        kind: ExprKind::Bind { value: Box::new(value), item, body: Box::new(body) },
    })
}
