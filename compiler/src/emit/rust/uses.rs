//! Which values of an endpoint are used, and where: so that nothing is bound, kept or read for nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Scalar, Ty};
use crate::plan::walk;
use crate::plan::{
    Block, EndpointPlan, Expr, ExprKind, Flow, LocalId, NodeId, Outcome, ParamId, Step, StepId, StepKind,
};

/// What is used in an endpoint.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// How often each step's value stands in an expression.
    steps: BTreeMap<StepId, usize>,
    /// Inner steps whose values are used after their list is done.
    inner: BTreeSet<StepId>,
    params: BTreeMap<ParamId, usize>,
    locals: BTreeMap<LocalId, usize>,
    /// Values of `Json` whose fields are looked into.
    json: BTreeSet<NodeId>,
}

impl Uses {
    pub(super) fn of(plan: &EndpointPlan) -> Self {
        let mut uses = Self::default();
        walk::plan_exprs(plan, &mut |expr| uses.note(expr));
        uses
    }

    fn note(&mut self, expr: &Expr) {
        walk::visit(expr, &mut |part| match &part.kind {
            ExprKind::Step(step) | ExprKind::Made(step) => *self.steps.entry(*step).or_default() += 1,
            ExprKind::Inner { step, .. } => {
                self.inner.insert(*step);
            }
            ExprKind::Param(param) => *self.params.entry(*param).or_default() += 1,
            ExprKind::Field { base, .. } if base.ty == Ty::Scalar(Scalar::Json) => self.json.extend(base.node),
            ExprKind::Local(local) => *self.locals.entry(*local).or_default() += 1,
            _ => {}
        });
    }

    /// How often a local stands in an expression.
    pub(super) fn of_local(&self, local: LocalId) -> usize {
        self.locals.get(&local).copied().unwrap_or(0)
    }

    /// How often the value of a step stands in an expression.
    pub(super) fn of_step(&self, step: StepId) -> usize {
        self.steps.get(&step).copied().unwrap_or(0)
    }

    /// How often a parameter stands in an expression.
    pub(super) fn of_param(&self, param: ParamId) -> usize {
        self.params.get(&param).copied().unwrap_or(0)
    }

    /// Whether fields of a `Json` value are looked into.
    pub(super) fn json(&self, node: NodeId) -> bool {
        self.json.contains(&node)
    }

    pub(super) fn local(&self, local: LocalId) -> bool {
        self.locals.contains_key(&local)
    }

    /// The steps of an inner flow whose values are used after it, in source order.
    pub(super) fn kept<'f>(&self, flow: &'f Flow) -> Vec<&'f Step> {
        flow.steps.iter().filter(|step| self.inner.contains(&step.id)).collect()
    }
}

/// The values that are used after a block of a flow.
#[derive(Debug, Default)]
pub(super) struct UsedAfter {
    steps: BTreeSet<StepId>,
    locals: BTreeSet<LocalId>,
}

impl UsedAfter {
    /// What the blocks that remain, and `rest` for the endpoint's own flow, use.
    pub(super) fn new(flow: &Flow, remaining: &[Block], rest: Option<&Outcome>, kept: &[&Step]) -> Self {
        let mut used = Self::default();
        let ids = remaining.iter().flat_map(block_steps).collect::<BTreeSet<_>>();
        for step in flow.steps.iter().filter(|step| ids.contains(&step.id)) {
            walk::step_exprs(step, &mut |expr| used.note(expr));
        }
        if let Some(outcome) = rest {
            walk::outcome_exprs(outcome, &mut |expr| used.note(expr));
        }
        used.steps.extend(kept.iter().map(|step| step.id));
        used
    }

    /// Adds what a step uses.
    pub(super) fn note_step(&mut self, step: &Step) {
        walk::step_exprs(step, &mut |expr| self.note(expr));
    }

    fn note(&mut self, expr: &Expr) {
        walk::visit(expr, &mut |part| match &part.kind {
            ExprKind::Step(step) | ExprKind::Made(step) => {
                self.steps.insert(*step);
            }
            ExprKind::Local(local) => {
                self.locals.insert(*local);
            }
            _ => {}
        });
    }

    /// Whether a step's value is used: of a `Require` the value that it binds.
    pub(super) fn step(&self, step: &Step) -> bool {
        match &step.kind {
            StepKind::Require { item, .. } | StepKind::Compute { item, .. } => self.locals.contains(item),
            StepKind::Check { .. } => false,
            StepKind::Call { .. } | StepKind::Each { .. } => self.steps.contains(&step.id),
        }
    }
}

/// Whether a local stands in what a step does, or in a condition of it.
pub(super) fn step_mentions(step: &Step, local: LocalId) -> bool {
    let mut found = false;
    walk::step_exprs(step, &mut |expr| found |= mentions(expr, local));
    found
}

/// Whether a local stands in an expression.
pub(super) fn mentions(expr: &Expr, local: LocalId) -> bool {
    let mut found = false;
    walk::visit(expr, &mut |part| match &part.kind {
        ExprKind::Local(other) | ExprKind::Inner { results: other, .. } | ExprKind::Lookup { gathered: other, .. } => {
            found |= *other == local;
        }
        _ => {}
    });
    found
}

/// Whether a step, a parameter or a local stands in an expression.
pub(super) fn mentions_place(expr: &Expr, place: &Expr) -> bool {
    let mut found = false;
    walk::visit(expr, &mut |part| {
        found |= match (&part.kind, &place.kind) {
            (ExprKind::Step(one) | ExprKind::Made(one), ExprKind::Step(other)) => one == other,
            (one, other) => one == other,
        };
    });
    found
}

/// The steps of a block.
pub(super) fn block_steps(block: &Block) -> Vec<StepId> {
    match block {
        Block::One(step) => vec![*step],
        Block::Together(steps) => steps.clone(),
    }
}
