//! Which values of each answer are looked at, and so what is read of it: nothing, its bytes, or its value.

mod demand;
mod fuse;
mod rows;

use demand::{Demand, Demands};

use std::collections::BTreeSet;

use super::{EndpointPlan, ExprKind, Flow, LocalId, Node, NodeId, Readings, StepKind, Take, walk};
use crate::model::{Model, ParamPlace, Ty, TypeDeclKind};

/// Finds the readings of an endpoint and names the node of every place.
pub(super) fn find_shapes(model: &Model, plan: &mut EndpointPlan) {
    let mut demands = Demands::new(model);
    demands.used = used_locals(plan);
    demands.body = plan.head.params.iter().position(|param| param.place == ParamPlace::Body).map(|param| {
        let ty = plan.head.params.get(param).map_or(Ty::Unknown, |body| body.ty.clone());
        (super::ParamId(param), demands.root(ty))
    });
    roots(model, &mut demands, &plan.flow);
    demands.flow(&mut plan.flow);
    demands.outcome(&mut plan.outcome);
    demands.spread_whole();
    fuse::fuse(&mut demands, &mut plan.outcome, &mut plan.local_names);
    let names = demands.names(&plan.flow);
    plan.readings = Readings {
        nodes: demands
            .nodes
            .iter()
            .zip(names)
            .map(|(demand, name)| Node { ty: demand.ty.clone(), take: take(model, demand, &demands), name })
            .collect(),
    };
    plan.body = demands.body.map(|(_, node)| NodeId(node));
    set_roots(&mut plan.flow, &demands);
}

/// The locals that stand in some expression.
fn used_locals(plan: &EndpointPlan) -> BTreeSet<LocalId> {
    let mut used = BTreeSet::new();
    walk::plan_exprs(plan, &mut |expr| {
        walk::visit(expr, &mut |part| {
            if let ExprKind::Local(local) = part.kind {
                used.insert(local);
            }
        });
    });
    used
}

/// Gives every call of a flow, and of the flows in it, a root node.
fn roots(model: &Model, demands: &mut Demands<'_>, flow: &Flow) {
    for step in &flow.steps {
        match &step.kind {
            StepKind::Call { operation, optional, .. } => {
                let returns = model.operations.get(operation.0).and_then(|operation| operation.returns.clone());
                let ty = match returns.unwrap_or(Ty::Null) {
                    Ty::Optional(inner) => Ty::Optional(inner),
                    ty if *optional => Ty::Optional(ty.into()),
                    ty => ty,
                };
                let root = demands.root(ty);
                demands.roots.insert(step.id, root);
            }
            StepKind::Each { flow, .. } => roots(model, demands, flow),
            StepKind::Compute { .. } | StepKind::Check { .. } | StepKind::Require { .. } => {}
        }
    }
}

fn set_roots(flow: &mut Flow, demands: &Demands<'_>) {
    for step in &mut flow.steps {
        match &mut step.kind {
            StepKind::Call { reads, .. } => *reads = NodeId(demands.roots.get(&step.id).copied().unwrap_or(0)),
            StepKind::Each { flow, .. } => set_roots(flow, demands),
            StepKind::Compute { .. } | StepKind::Check { .. } | StepKind::Require { .. } => {}
        }
    }
}

/// What becomes of a value with these demands on it.
fn take(model: &Model, demand: &Demand, demands: &Demands<'_>) -> Take {
    if let Some((item, body)) = &demand.part {
        return Take::Part { item: *item, body: Box::new(body.clone()) };
    }
    if !demands.is_wanted(demand) {
        return Take::Nothing;
    }
    match &demand.ty {
        Ty::Optional(_) => demand.inner.map_or(Take::Nothing, |inner| Take::Optional(NodeId(inner))),
        Ty::List(..) => inner_or_whole(demand, Take::List),
        Ty::Map(_) => inner_or_whole(demand, Take::Map),
        Ty::Object(id) => {
            let decl = model.types.get(id.0);
            let Some(TypeDeclKind::Object { fields, .. }) = decl.map(|decl| &decl.kind) else { return Take::Nothing };
            let used: Vec<(String, NodeId)> = fields
                .iter()
                .filter_map(|field| Some((field.name.clone(), NodeId(*demand.fields.get(&field.name)?))))
                .collect();
            match (used.is_empty(), demand.whole) {
                (true, true) => Take::Whole,
                (true, false) => Take::Nothing,
                (false, whole) => Take::Object { fields: used, whole },
            }
        }
        _ if demand.decode => Take::Decode,
        _ if demand.copy => Take::Copy,
        _ => Take::Nothing,
    }
}

fn inner_or_whole(demand: &Demand, of: impl Fn(NodeId) -> Take) -> Take {
    match demand.inner {
        Some(inner) if demand.listed > 0 => of(NodeId(inner)),
        _ if demand.whole => Take::Whole,
        Some(inner) => of(NodeId(inner)),
        None => Take::Nothing,
    }
}
