//! Ways through a plan's expressions, so that a pass names only the kinds that it is about.

use super::{
    Condition, EndpointPlan, Expr, ExprKind, Flow, Fold, Gathering, Outcome, Rows, Stage, Step, StepKind, TextPart,
    WithSet,
};
use crate::model::{Scalar, Ty};

macro_rules! stage_children {
    ($stage:expr, $each:expr, $rows:ident, [$($reference:tt)+]) => {
        match $stage {
            Stage::Beside(beside) => $each($($reference)+ beside.list),
            Stage::Filter(expr) | Stage::Distinct(expr) | Stage::Sort { key: expr, .. } => $each(expr),
            Stage::Slice { from, to } => {
                for bound in [from, to] {
                    if let Some(bound) = bound {
                        $each(bound);
                    }
                }
            }
            Stage::Flatten(rows) | Stage::Zip(rows) => $rows(rows, $each),
            Stage::Reverse | Stage::Chunk { .. } => {}
        }
    };
}

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

/// Whether computing it can be an error: its result may not fit its type.
pub(crate) fn may_fail(expr: &Expr) -> bool {
    let mut found = false;
    visit(expr, &mut |part| {
        found |= match &part.kind {
            ExprKind::Arithmetic { .. } => !matches!(part.ty, Ty::Scalar(Scalar::String)),
            ExprKind::Negate(_) => true,
            ExprKind::Apply { function, .. } => function.overflows,
            ExprKind::Fold { fold, .. } => matches!(fold, Fold::Sum | Fold::Average),
            _ => false,
        };
    });
    found
}

/// Calls `each` for every expression that a step holds itself and, of an `Each`, for those of its flow.
pub(crate) fn step_exprs(step: &Step, each: &mut dyn FnMut(&Expr)) {
    for condition in &step.when {
        condition_exprs(condition, each);
    }
    match &step.kind {
        StepKind::Call { args, .. } => args.iter().for_each(each),
        StepKind::Each { rows, flow, .. } => {
            row_exprs(rows, each);
            flow_exprs(flow, each);
        }
        StepKind::Check { condition, .. } => each(condition),
        StepKind::Require { value, .. } | StepKind::Compute { value, .. } => each(value),
    }
}

fn flow_exprs(flow: &Flow, each: &mut dyn FnMut(&Expr)) {
    flow.steps.iter().for_each(|step| step_exprs(step, each));
}

/// Calls `each` for every expression that an endpoint's steps and answer hold.
pub(crate) fn plan_exprs(plan: &EndpointPlan, each: &mut dyn FnMut(&Expr)) {
    flow_exprs(&plan.flow, each);
    outcome_exprs(&plan.outcome, each);
}

/// Calls `each` for every expression of an outcome.
pub(crate) fn outcome_exprs(outcome: &Outcome, each: &mut dyn FnMut(&Expr)) {
    let with_exprs = |with: &[WithSet], each: &mut dyn FnMut(&Expr)| with.iter().for_each(|set| each(&set.value));
    match outcome {
        Outcome::Respond { body, with, .. } => {
            body.iter().for_each(&mut *each);
            with_exprs(with, each);
        }
        Outcome::Redirect { target, with, .. } => {
            each(target);
            with_exprs(with, each);
        }
        Outcome::Reject(_) => {}
        Outcome::If { condition, then, otherwise } => {
            each(condition);
            outcome_exprs(then, each);
            outcome_exprs(otherwise, each);
        }
    }
}

/// Calls `each` for the expressions of a condition.
pub(crate) fn condition_exprs(condition: &Condition, each: &mut dyn FnMut(&Expr)) {
    match condition {
        Condition::Holds(expr) | Condition::Fails(expr) | Condition::Absent(expr) => each(expr),
        Condition::Present { value, .. } => each(value),
        Condition::Found(rows) | Condition::NotFound(rows) => row_exprs(rows, each),
    }
}

/// Calls `each` for the expressions of a list's rows.
pub(crate) fn row_exprs(rows: &Rows, each: &mut dyn FnMut(&Expr)) {
    each(&rows.list);
    rows.stages.iter().for_each(|stage| stage_exprs(stage, each));
}

/// Calls `each` for the expressions of a stage.
pub(crate) fn stage_exprs(stage: &Stage, each: &mut dyn FnMut(&Expr)) {
    stage_children!(stage, each, row_exprs, [&]);
}

/// Calls `each` for the expressions of a list's rows.
pub(crate) fn row_exprs_mut(rows: &mut Rows, each: &mut dyn FnMut(&mut Expr)) {
    each(&mut rows.list);
    rows.stages.iter_mut().for_each(|stage| stage_children!(stage, each, row_exprs_mut, [&mut]));
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
    ($expr:expr, $each:expr, $rows:ident, $iter:ident, [$($reference:tt)+]) => {{
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
            ExprKind::Map { rows, body } | ExprKind::Any { rows, condition: body } | ExprKind::Fold { rows, value: body, .. } => {
                $rows(rows, each);
                each(body);
            }
            ExprKind::Count(rows) => $rows(rows, each),
            ExprKind::Found { rows, then, otherwise } => {
                $rows(rows, each);
                each(then);
                each(otherwise);
            }
            ExprKind::Keyed { rows, key, body } | ExprKind::Join { rows, value: body, separator: key } => {
                $rows(rows, each);
                each(key);
                each(body);
            }
            ExprKind::Gather { rows, by, body, .. } => {
                $rows(rows, each);
                if let Gathering::Index(key) | Gathering::Groups(key) = by {
                    each(key);
                }
                each(body);
            }
            ExprKind::Lookup { key, .. } => each(key),
            ExprKind::Concat(parts) => {
                for part in parts.$iter() {
                    if let Some(when) = $($reference)+ part.when {
                        each(when);
                    }
                    if let Some(rows) = $($reference)+ part.rows {
                        $rows(rows, each);
                    }
                    for value in part.values.$iter() {
                        each(value);
                    }
                }
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
            ExprKind::List(elements) | ExprKind::Apply { args: elements, .. } => {
                for element in elements.$iter() {
                    each(element);
                }
            }
            ExprKind::Index { base: left, index: right }
            | ExprKind::In { item: left, list: right, .. }
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
    each_child!(expr, each, row_exprs, iter, [&]);
}

fn children_mut(expr: &mut Expr, each: &mut dyn FnMut(&mut Expr)) {
    each_child!(expr, each, row_exprs_mut, iter_mut, [&mut]);
}
