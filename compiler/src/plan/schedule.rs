//! Data flow is the schedule: which steps wait for which, and the blocks that code runs one after the other.

use std::collections::{BTreeMap, BTreeSet};

use super::{Block, ExprKind, Flow, LocalId, Step, StepId, StepKind, walk};

/// Fills in what each step of a flow needs, and its blocks.
///
/// A block is as small as it can be without any step waiting for one that it does not need. So most flows become a line
/// of plain awaits and joins, and only tangled ones have steps that wait for each other inside a block.
pub(super) fn schedule(flow: &mut Flow) {
    find_needs(&mut flow.steps);
    let closure = closure(&flow.steps);
    let mut remaining: Vec<&Step> = flow.steps.iter().collect();
    let mut blocks = Vec::new();
    while !remaining.is_empty() {
        let block = next_block(&remaining, &closure);
        remaining.retain(|step| !block.contains(&step.id));
        blocks.push(match block.as_slice() {
            [only] => Block::One(*only),
            _ => Block::Together(block),
        });
    }
    flow.blocks = blocks;
    keep_undecided_guards(flow, &closure);
}

type Closure = BTreeMap<StepId, BTreeSet<StepId>>;

fn find_needs(steps: &mut [Step]) {
    let ids: BTreeSet<StepId> = steps.iter().map(|step| step.id).collect();
    let bound: BTreeMap<LocalId, StepId> = steps
        .iter()
        .filter_map(|step| match step.kind {
            StepKind::Require { item, .. } | StepKind::Compute { item, .. } => Some((item, step.id)),
            StepKind::Call { .. } | StepKind::Each { .. } | StepKind::Check { .. } => None,
        })
        .collect();
    for step in steps {
        let mut needs = BTreeSet::new();
        walk::step_exprs(step, &mut |expr| {
            walk::visit(expr, &mut |part| {
                needs.extend(match &part.kind {
                    ExprKind::Step(id) | ExprKind::Made(id) | ExprKind::Known { guard: id, .. } => Some(*id),
                    ExprKind::Local(local) => bound.get(local).copied(),
                    _ => None,
                });
            });
        });
        step.needs = needs.intersection(&ids).copied().filter(|id| *id != step.id).collect();
    }
}

/// For each step all steps that must be over before it starts, directly or not.
fn closure(steps: &[Step]) -> Closure {
    let mut closure = Closure::new();
    for step in steps {
        let mut before = BTreeSet::new();
        for id in step.needs.iter().chain(&step.after) {
            before.insert(*id);
            before.extend(closure.get(id).into_iter().flatten().copied());
        }
        closure.insert(step.id, before);
    }
    closure
}

/// The next steps to run: a guard that can be decided or a value that can be computed now, else the fewest first steps on all
/// of which everything behind them waits.
fn next_block(remaining: &[&Step], closure: &Closure) -> Vec<StepId> {
    let open: BTreeSet<StepId> = remaining.iter().map(|step| step.id).collect();
    let first_guard = remaining.iter().find(|step| is_guard(step)).map(|step| step.id);
    let at_once = remaining.iter().find(|step| {
        // A guard above an error is decided first.
        let in_order = Some(step.id) == first_guard
            || is_computed(step) && step.yields_to.iter().all(|guard| !open.contains(guard));
        in_order && waits_for(step.id, closure).all(|id| !open.contains(id))
    });
    if let Some(step) = at_once {
        return vec![step.id];
    }
    let remaining = &before_late_values(remaining, closure);
    for size in 1..remaining.len() {
        let (block, behind) = remaining.split_at(size);
        let all_wait = behind.iter().all(|step| {
            let before = closure.get(&step.id);
            block.iter().all(|earlier| is_guard(earlier) || before.is_some_and(|before| before.contains(&earlier.id)))
        });
        if all_wait {
            return block.iter().map(|step| step.id).collect();
        }
    }
    remaining.iter().map(|step| step.id).collect()
}

/// The steps without values that no call and no guard of them waits for: those are computed when all is there.
fn before_late_values<'s>(remaining: &[&'s Step], closure: &Closure) -> Vec<&'s Step> {
    let is_awaited = |value: StepId| {
        remaining
            .iter()
            .any(|step| !is_computed(step) && closure.get(&step.id).is_some_and(|before| before.contains(&value)))
    };
    remaining.iter().copied().filter(|step| !is_computed(step) || is_awaited(step.id)).collect()
}

fn waits_for(id: StepId, closure: &Closure) -> impl Iterator<Item = &StepId> {
    closure.get(&id).into_iter().flatten()
}

fn is_guard(step: &Step) -> bool {
    matches!(step.kind, StepKind::Check { .. } | StepKind::Require { .. })
}

fn is_computed(step: &Step) -> bool {
    matches!(step.kind, StepKind::Compute { .. })
}

/// A step yields only to guards that run in its own block and that it does not wait for anyway.
fn keep_undecided_guards(flow: &mut Flow, closure: &Closure) {
    for block in &flow.blocks {
        let together: &[StepId] = match block {
            Block::One(_) => &[],
            Block::Together(ids) => ids,
        };
        let members: &[StepId] = match block {
            Block::One(id) => std::slice::from_ref(id),
            Block::Together(ids) => ids,
        };
        for step in flow.steps.iter_mut().filter(|step| members.contains(&step.id)) {
            let before = closure.get(&step.id);
            step.yields_to
                .retain(|guard| together.contains(guard) && !before.is_some_and(|before| before.contains(guard)));
        }
    }
}
