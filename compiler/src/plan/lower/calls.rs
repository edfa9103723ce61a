//! Calls become steps of the flow that they stand in: the endpoint's, or the one of the list that is mapped around them.

use std::collections::BTreeSet;

use super::super::{EachResults, Expr, ExprKind, Flow, NodeId, Rows, Stage, Step, StepId, StepKind, schedule, walk};
use super::{Frame, Lowering, binders};
use crate::model::Ty;
use crate::typed;

/// How many elements of a list are in work at once where the program does not say.
const DEFAULT_AT_MOST: u32 = 8;

/// A step's reading before the shapes are known.
const UNREAD: NodeId = NodeId(usize::MAX);

impl Lowering<'_> {
    /// Makes the step of a call, or finds the one that makes the same call, and gives its value.
    pub(super) fn call(&mut self, call: &typed::Call, ty: &Ty, name: &str) -> Expr {
        let args: Vec<Expr> = call.args.iter().map(|arg| self.root(arg)).collect();
        let safe = self.model.operations.get(call.operation.0).is_some_and(|operation| operation.safe);
        let kind = StepKind::Call { operation: call.operation, args, optional: call.optional, reads: UNREAD };
        let (id, conditional) = match safe.then(|| self.find_same(&kind)).flatten() {
            Some(found) => found,
            None => self.push_step(name, kind, safe),
        };
        let made = conditional && !matches!(ty, Ty::Optional(_));
        Expr::new(if made { ExprKind::Made(id) } else { ExprKind::Step(id) }, ty.clone())
    }

    /// Adds a step to the innermost flow; tells whether conditions stand before it.
    fn push_step(&mut self, name: &str, kind: StepKind, safe: bool) -> (StepId, bool) {
        let name = self.unique_step_name(name);
        let id = self.new_step_id();
        let frame = self.frame();
        let mut after = Vec::new();
        if !safe {
            after.clone_from(&frame.guards);
            after.extend(frame.last_unsafe.replace(id));
        }
        let (yields_to, when) = (frame.guards.clone(), frame.conditions.clone());
        let conditional = !when.is_empty();
        frame.steps.push(Step { id, name, kind, needs: Vec::new(), after, yields_to, when });
        (id, conditional)
    }

    /// A step that makes the same call wherever this one would, in this flow or one around it.
    fn find_same(&self, kind: &StepKind) -> Option<(StepId, bool)> {
        self.frames.iter().rev().find_map(|frame| {
            frame
                .steps
                .iter()
                .find(|step| step.kind == *kind && frame.conditions.starts_with(&step.when))
                .map(|step| (step.id, !step.when.is_empty()))
        })
    }

    /// Something for each row of a list; calls in it become the flow of an `Each` step, whose results stand beside the rows.
    pub(super) fn per_row(
        &mut self,
        mut rows: Rows,
        at_most: Option<u32>,
        each: &dyn Fn(&mut Self) -> Expr,
    ) -> (Rows, Expr) {
        self.frames.push(Frame::default());
        let mut value = self.inside(binders::of_rows(&rows), each);
        let frame = self.frames.pop().unwrap_or_default();
        if !frame.steps.is_empty() {
            let beside = self.each_step(&rows, at_most, frame, &mut value);
            rows.stages.push(Stage::Beside(beside));
        }
        (rows, value)
    }

    fn each_step(&mut self, rows: &Rows, at_most: Option<u32>, frame: Frame, value: &mut Expr) -> EachResults {
        let inner: BTreeSet<StepId> = frame.steps.iter().map(|step| step.id).collect();
        let safe = frame.last_unsafe.is_none();
        let mut flow = Flow { steps: frame.steps, blocks: Vec::new() };
        schedule::schedule(&mut flow);
        let item_name = rows.columns.first().map_or_else(|| "row".to_owned(), |item| self.local_name(*item));
        let name = match flow.steps.as_slice() {
            [only] => format!("{item_name}_{}", only.name),
            _ => format!("{item_name}_calls"),
        };
        let mut rows = rows.clone();
        walk::row_exprs_mut(&mut rows, &mut |expr| self.complete(expr));
        let kind = StepKind::Each { rows, at_most: at_most.unwrap_or(DEFAULT_AT_MOST), flow };
        let (id, made) = self.push_step(&name, kind, safe);
        let results = self.new_local(&format!("{item_name}_results"));
        walk::rewrite(value, &mut |expr| {
            let (step, made) = match expr.kind {
                ExprKind::Step(step) => (step, false),
                ExprKind::Made(step) => (step, true),
                _ => return,
            };
            if inner.contains(&step) {
                expr.kind = ExprKind::Inner { results, step, made };
            }
        });
        let list = Expr::new(if made { ExprKind::Made(id) } else { ExprKind::Step(id) }, Ty::Unknown);
        EachResults { local: results, list }
    }
}
