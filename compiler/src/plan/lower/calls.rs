//! Calls become steps of the flow that they stand in: the endpoint's, or the one of the list that is mapped around them.

use std::collections::BTreeSet;

use super::super::{EachResults, Expr, ExprKind, Flow, LocalId, NodeId, Step, StepId, StepKind, schedule, walk};
use super::{Frame, Lowering};
use crate::model::Ty;
use crate::typed;

/// How many elements of a list are in work at once where the program does not say.
const DEFAULT_AT_MOST: u32 = 8;

/// A step's reading before the shapes are known.
const UNREAD: NodeId = NodeId(usize::MAX);

/// A list that is mapped: the list, its element, and what runs beside it.
pub(super) struct Mapped {
    pub(super) list: Expr,
    pub(super) item: LocalId,
    pub(super) results: Vec<EachResults>,
    pub(super) at_most: Option<u32>,
}

impl Lowering<'_> {
    /// Makes the step of a call, or finds the one that makes the same call, and gives its value.
    pub(super) fn call(&mut self, call: &typed::Call, ty: &Ty, name: &str) -> Expr {
        let args: Vec<Expr> = call.args.iter().map(|arg| self.expr(arg)).collect();
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

    /// `body` for each element of a list; calls in it become the flow of an `Each` step.
    pub(super) fn map_elements(&mut self, mapped: Mapped, ty: &Ty, body: &dyn Fn(&mut Self) -> Expr) -> Expr {
        self.frames.push(Frame::default());
        let mut element = body(self);
        let frame = self.frames.pop().unwrap_or_default();
        let mut results = mapped.results.clone();
        if !frame.steps.is_empty() {
            results.push(self.each_step(&mapped, frame, &mut element));
        }
        let kind = ExprKind::Map { list: Box::new(mapped.list), item: mapped.item, results, body: Box::new(element) };
        Expr::new(kind, ty.clone())
    }

    fn each_step(&mut self, mapped: &Mapped, frame: Frame, element: &mut Expr) -> EachResults {
        let inner: BTreeSet<StepId> = frame.steps.iter().map(|step| step.id).collect();
        let safe = frame.last_unsafe.is_none();
        let mut flow = Flow { steps: frame.steps, blocks: Vec::new() };
        schedule::schedule(&mut flow);
        let item_name = self.local_name(mapped.item);
        let name = match flow.steps.as_slice() {
            [only] => format!("{item_name}_{}", only.name),
            _ => format!("{item_name}_calls"),
        };
        let kind = StepKind::Each {
            list: mapped.list.clone(),
            item: mapped.item,
            results: mapped.results.clone(),
            at_most: mapped.at_most.unwrap_or(DEFAULT_AT_MOST),
            flow,
        };
        let (id, made) = self.push_step(&name, kind, safe);
        let results = self.new_local(&format!("{item_name}_results"));
        walk::rewrite(element, &mut |expr| {
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
