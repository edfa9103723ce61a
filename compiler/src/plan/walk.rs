//! Ways through a plan's expressions, so that a pass names only the kinds that it is about.

use super::{Condition, Expr, ExprKind, Flow, Outcome, Step, StepKind, TextPart, WithSet};

/// Calls `visit` for an expression and all in it, the outer ones first.
pub(crate) fn visit(expr: &Expr, visit_one: &mut dyn FnMut(&Expr)) {
    visit_one(expr);
    children(expr, &mut |child| visit(child, visit_one));
}

/// Calls `rewrite` for an expression and all in it, the inner ones first.
pub(crate) fn rewrite(expr: &mut Expr, rewrite_one: &mut dyn FnMut(&mut Expr)) {
    children_mut(expr, &mut |child| rewrite(child, rewrite_one));
    rewrite_one(expr);
}

/// Calls `each` for every expression that a step holds itself and, of an `Each`, for those of its flow.
pub(crate) fn step_exprs(step: &Step, each: &mut dyn FnMut(&Expr)) {
    for condition in &step.when {
        each(condition_expr(condition));
    }
    match &step.kind {
        StepKind::Call { args, .. } => args.iter().for_each(each),
        StepKind::Each { list, results, flow, .. } => {
            each(list);
            for beside in results {
                each(&beside.list);
            }
            flow_exprs(flow, each);
        }
        StepKind::Check { condition, .. } => each(condition),
        StepKind::Require { value, .. } => each(value),
    }
}

fn flow_exprs(flow: &Flow, each: &mut dyn FnMut(&Expr)) {
    flow.steps.iter().for_each(|step| step_exprs(step, each));
}

/// The expression of a condition.
pub(crate) fn condition_expr(condition: &Condition) -> &Expr {
    match condition {
        Condition::Holds(expr) | Condition::Fails(expr) | Condition::Absent(expr) => expr,
        Condition::Present { value, .. } => value,
    }
}

/// Every result that an outcome may come to, with the conditions on the way.
pub(crate) fn outcome_parts<'a>(outcome: &'a mut Outcome, each: &mut dyn FnMut(OutcomePart<'a>)) {
    match outcome {
        Outcome::Respond { body, with, .. } => {
            if let Some(body) = body {
                each(OutcomePart::Body(body));
            }
            for WithSet { value, .. } in with {
                each(OutcomePart::Value(value));
            }
        }
        Outcome::Redirect { target, with, .. } => {
            each(OutcomePart::Value(target));
            for WithSet { value, .. } in with {
                each(OutcomePart::Value(value));
            }
        }
        Outcome::Reject(_) => {}
        Outcome::If { condition, then, otherwise } => {
            each(OutcomePart::Value(condition));
            outcome_parts(then, each);
            outcome_parts(otherwise, each);
        }
    }
}

/// An expression of an outcome.
pub(crate) enum OutcomePart<'a> {
    /// It is written out as JSON.
    Body(&'a mut Expr),
    /// Its value is needed.
    Value(&'a mut Expr),
}

macro_rules! each_child {
    ($expr:expr, $each:expr, $iter:ident, [$($reference:tt)+]) => {{
        let each = $each;
        match $($reference)+ $expr.kind {
            ExprKind::Literal(_)
            | ExprKind::Param(_)
            | ExprKind::Step(_)
            | ExprKind::Made(_)
            | ExprKind::Inner { .. }
            | ExprKind::Local(_) => {}
            ExprKind::Text(parts) => {
                for part in parts.$iter() {
                    if let TextPart::Value(value) = part {
                        each(value);
                    }
                }
            }
            ExprKind::Known { value: inner, .. }
            | ExprKind::Field { base: inner, .. }
            | ExprKind::Not(inner)
            | ExprKind::Negate(inner) => each(inner),
            ExprKind::Map { list, results, body, .. } => {
                each(list);
                for beside in results.$iter() {
                    each($($reference)+ beside.list);
                }
                each(body);
            }
            ExprKind::Slice { list, from, to } => {
                each(list);
                for bound in [from, to] {
                    if let Some(bound) = bound {
                        each(bound);
                    }
                }
            }
            ExprKind::Object(entries) => {
                for entry in entries.$iter() {
                    each($($reference)+ entry.value);
                }
            }
            ExprKind::List(elements) => {
                for element in elements.$iter() {
                    each(element);
                }
            }
            ExprKind::Index { base: left, index: right }
            | ExprKind::In { item: left, list: right }
            | ExprKind::Arithmetic { left, right, .. }
            | ExprKind::Compare { left, right, .. }
            | ExprKind::And(left, right)
            | ExprKind::Or(left, right) => {
                each(left);
                each(right);
            }
            ExprKind::IfPresent { value: first, then, otherwise, .. }
            | ExprKind::If { condition: first, then, otherwise } => {
                each(first);
                each(then);
                each(otherwise);
            }
        }
    }};
}

/// Calls `each` for every expression right inside one.
pub(crate) fn children(expr: &Expr, each: &mut dyn FnMut(&Expr)) {
    each_child!(expr, each, iter, [&]);
}

fn children_mut(expr: &mut Expr, each: &mut dyn FnMut(&mut Expr)) {
    each_child!(expr, each, iter_mut, [&mut]);
}
