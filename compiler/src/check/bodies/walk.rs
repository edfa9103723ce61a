//! Ways through the core language: the parts of an expression, and what can be told of all of them.

use std::collections::BTreeSet;

use crate::source::Span;
use crate::typed::{Expr, ExprKind, LocalId, OfList, TextPart};

/// The direct parts of an expression, in source order.
pub(in crate::check) fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Invalid | ExprKind::Literal(_) | ExprKind::Param(_) | ExprKind::Let(_) | ExprKind::Local(_) => {
            Vec::new()
        }
        ExprKind::Text(parts) => parts.iter().filter_map(text_value).collect(),
        ExprKind::Field { base: inner, .. }
        | ExprKind::Reveal(inner)
        | ExprKind::Not(inner)
        | ExprKind::Negate(inner) => vec![inner],
        ExprKind::Call(call) => call.args.iter().collect(),
        ExprKind::Apply { args, .. } => args.iter().collect(),
        ExprKind::Bind { value, body, .. } | ExprKind::Present { value, body, .. } => vec![value, body],
        ExprKind::Map { list, body, .. } | ExprKind::ByElement { list, by: body, .. } => vec![list, body],
        ExprKind::OfList { list, what } => std::iter::once(&**list).chain(operand_of(what)).collect(),
        ExprKind::OrElse { value, default } => vec![value, default],
        ExprKind::Slice { list, from, to } => {
            std::iter::once(&**list).chain(from.as_deref()).chain(to.as_deref()).collect()
        }
        ExprKind::Index { base, index } => vec![base, index],
        ExprKind::Object(entries) => entries.iter().map(|entry| &entry.value).collect(),
        ExprKind::List(items) | ExprKind::Concat(items) => items.iter().collect(),
        ExprKind::Arithmetic { left, right, .. }
        | ExprKind::Compare { left, right, .. }
        | ExprKind::And(left, right)
        | ExprKind::Or(left, right) => vec![left, right],
        ExprKind::In { item, list, .. } => vec![item, list],
        ExprKind::If { condition, then, otherwise } => vec![condition, then, otherwise],
    }
}

/// The same, to change them.
pub(super) fn children_mut(expr: &mut Expr) -> Vec<&mut Expr> {
    match &mut expr.kind {
        ExprKind::Invalid | ExprKind::Literal(_) | ExprKind::Param(_) | ExprKind::Let(_) | ExprKind::Local(_) => {
            Vec::new()
        }
        ExprKind::Text(parts) => parts
            .iter_mut()
            .filter_map(|part| match part {
                TextPart::Literal(_) => None,
                TextPart::Value(value) => Some(value),
            })
            .collect(),
        ExprKind::Field { base: inner, .. }
        | ExprKind::Reveal(inner)
        | ExprKind::Not(inner)
        | ExprKind::Negate(inner) => vec![inner],
        ExprKind::Call(call) => call.args.iter_mut().collect(),
        ExprKind::Apply { args, .. } => args.iter_mut().collect(),
        ExprKind::Bind { value, body, .. } | ExprKind::Present { value, body, .. } => vec![value, body],
        ExprKind::Map { list, body, .. } | ExprKind::ByElement { list, by: body, .. } => vec![list, body],
        ExprKind::OfList { list, what } => match what {
            OfList::Zip(other) | OfList::Join(other) => vec![list, other],
            _ => vec![list],
        },
        ExprKind::OrElse { value, default } => vec![value, default],
        ExprKind::Slice { list, from, to } => {
            std::iter::once(&mut **list).chain(from.as_deref_mut()).chain(to.as_deref_mut()).collect()
        }
        ExprKind::Index { base, index } => vec![base, index],
        ExprKind::Object(entries) => entries.iter_mut().map(|entry| &mut entry.value).collect(),
        ExprKind::List(items) | ExprKind::Concat(items) => items.iter_mut().collect(),
        ExprKind::Arithmetic { left, right, .. }
        | ExprKind::Compare { left, right, .. }
        | ExprKind::And(left, right)
        | ExprKind::Or(left, right) => vec![left, right],
        ExprKind::In { item, list, .. } => vec![item, list],
        ExprKind::If { condition, then, otherwise } => vec![condition, then, otherwise],
    }
}

/// What a method of a list takes beside it.
fn operand_of(what: &OfList) -> Option<&Expr> {
    match what {
        OfList::Zip(other) | OfList::Join(other) => Some(other),
        _ => None,
    }
}

fn text_value(part: &TextPart) -> Option<&Expr> {
    match part {
        TextPart::Literal(_) => None,
        TextPart::Value(value) => Some(value),
    }
}

/// The parts that are evaluated whenever the expression is, once for it.
pub(super) fn certain_children_mut(expr: &mut Expr) -> Vec<&mut Expr> {
    let branches = matches!(
        expr.kind,
        ExprKind::Present { .. }
            | ExprKind::Map { .. }
            | ExprKind::ByElement { .. }
            | ExprKind::OrElse { .. }
            | ExprKind::And(..)
            | ExprKind::Or(..)
            | ExprKind::If { .. }
    );
    let mut parts = children_mut(expr);
    if branches {
        // Of these, the first part decides about the others.
        parts.truncate(1);
    }
    parts
}

/// The locals that an expression uses and does not bind itself.
pub(super) fn free_locals(expr: &Expr) -> BTreeSet<LocalId> {
    let mut free: BTreeSet<LocalId> = children(expr).into_iter().flat_map(free_locals).collect();
    match &expr.kind {
        ExprKind::Local(id) => {
            free.insert(*id);
        }
        ExprKind::Bind { item, .. }
        | ExprKind::Map { item, .. }
        | ExprKind::ByElement { item, .. }
        | ExprKind::Present { item, .. } => {
            free.remove(item);
        }
        _ => {}
    }
    free
}

/// Whether something in it calls an operation.
pub(super) fn makes_calls(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Call(_)) || children(expr).into_iter().any(makes_calls)
}

/// Whether a fault in it was reported.
pub(super) fn is_broken(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Invalid) || children(expr).into_iter().any(is_broken)
}

/// The same expression wherever it stands: for asking whether two say the same.
pub(super) fn without_places(expr: &Expr) -> Expr {
    fn forget(expr: &mut Expr, nowhere: Span) {
        expr.span = nowhere;
        for child in children_mut(expr) {
            forget(child, nowhere);
        }
    }
    let mut copy = expr.clone();
    forget(&mut copy, Span::new(expr.span.file, 0, 0));
    copy
}
