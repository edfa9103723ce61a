//! Finds what is only passed on: a selection over one value that nobody else looks at is scanned and written in one pass.
//!
//! This is what makes a compiled gateway cheap, and it changes nothing but the cost. Where a value is also wanted in another
//! way, it stays a struct that expressions look into.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Expr, ExprKind, LocalId, Outcome, walk};
use super::demand::Demands;
use crate::model::{Ty, Value};

/// Turns every selection that may be into a part, and puts the place it is written from in its stead.
pub(super) fn fuse(demands: &mut Demands<'_>, outcome: &mut Outcome, local_names: &mut Vec<String>) {
    let parents = parents(demands);
    let mut fuse = Fuse { demands, parents, local_names };
    walk::outcome_parts(outcome, &mut |part| {
        if let walk::OutcomePart::Body(body) = part {
            fuse.expr(body);
        }
    });
}

struct Fuse<'f, 'a> {
    demands: &'f mut Demands<'a>,
    parents: BTreeMap<usize, usize>,
    local_names: &'f mut Vec<String>,
}

/// A selection that may become a part.
struct Candidate {
    /// The value that it is over; it is written in the selection's place.
    root: Expr,
    /// That value, or what is behind it where it is a `T?`.
    node: usize,
    /// Its name in `body`.
    item: LocalId,
    body: Expr,
}

impl Fuse<'_, '_> {
    /// An expression that is written out: the outermost selections first.
    fn expr(&mut self, expr: &mut Expr) {
        if let Some(candidate) = self.candidate(expr)
            && self.alone(&candidate)
        {
            let mut body = candidate.body;
            walk::rewrite(&mut body, &mut |part| part.node = None);
            if let Some(demand) = self.demands.nodes.get_mut(candidate.node) {
                demand.part = Some((candidate.item, body));
            }
            *expr = candidate.root;
            return;
        }
        match &mut expr.kind {
            ExprKind::Object(entries) => entries.iter_mut().for_each(|entry| self.expr(&mut entry.value)),
            ExprKind::List(elements) => elements.iter_mut().for_each(|element| self.expr(element)),
            ExprKind::Concat(parts) => {
                parts.iter_mut().flat_map(|part| &mut part.values).for_each(|value| self.expr(value));
            }
            ExprKind::Map { body, .. } | ExprKind::Gather { body, .. } | ExprKind::Keyed { body, .. } => {
                self.expr(body);
            }
            ExprKind::IfPresent { then, otherwise, .. }
            | ExprKind::If { then, otherwise, .. }
            | ExprKind::Found { then, otherwise, .. } => {
                self.expr(then);
                self.expr(otherwise);
            }
            _ => {}
        }
    }

    fn candidate(&mut self, expr: &Expr) -> Option<Candidate> {
        let candidate = match &expr.kind {
            ExprKind::Map { rows, .. } if rows.stages.is_empty() => self.over(expr, unsliced(&rows.list)),
            ExprKind::Slice { .. } => self.over(expr, unsliced(expr)),
            ExprKind::Object(_) => {
                let root = common_root(expr)?;
                self.over(expr, &root)
            }
            ExprKind::IfPresent { value, item, then, otherwise } if is_null(otherwise) => {
                let node = behind(self.demands, value.node?.0)?;
                Some(Candidate { root: (**value).clone(), node, item: *item, body: (**then).clone() })
            }
            _ => None,
        }?;
        let mut bound = BTreeSet::from([candidate.item]);
        let fits =
            is_root(&candidate.root) && is_copied(&candidate.body, &mut bound) && !self.is_of_body(candidate.node);
        fits.then_some(candidate)
    }

    fn over(&mut self, expr: &Expr, root: &Expr) -> Option<Candidate> {
        let node = root.node?.0;
        self.local_names.push("value".to_owned());
        let item = LocalId(self.local_names.len() - 1);
        let mut body = expr.clone();
        walk::rewrite(&mut body, &mut |part| {
            if part == root {
                part.kind = ExprKind::Local(item);
            }
        });
        Some(Candidate { root: root.clone(), node, item, body })
    }

    /// A client's body is checked in full, and so never scanned for a selection alone.
    fn is_of_body(&self, node: usize) -> bool {
        let mut path = std::iter::successors(Some(&node), |node| self.parents.get(node));
        path.any(|node| self.demands.body.is_some_and(|(_, body)| body == *node))
    }

    /// Nobody but the candidate looks at its value, or at anything in or around it as a whole.
    fn alone(&self, candidate: &Candidate) -> bool {
        let mut alone = self.demands.without_uses();
        alone.bind(candidate.item, candidate.node);
        alone.write(&mut candidate.body.clone());
        let mut around = std::iter::successors(self.parents.get(&candidate.node), |node| self.parents.get(node));
        alone.uses_within(candidate.node) == self.demands.uses_within(candidate.node)
            && alone.each_list_once(candidate.node)
            && !around.any(|node| self.demands.nodes.get(*node).is_some_and(|demand| demand.whole))
    }
}

fn parents(demands: &Demands<'_>) -> BTreeMap<usize, usize> {
    let mut parents = BTreeMap::new();
    for (node, demand) in demands.nodes.iter().enumerate() {
        parents.extend(demand.inner.iter().chain(demand.fields.values()).map(|child| (*child, node)));
    }
    parents
}

fn behind(demands: &Demands<'_>, node: usize) -> Option<usize> {
    let demand = demands.nodes.get(node)?;
    if matches!(demand.ty, Ty::Optional(_)) { demand.inner } else { None }
}

fn unsliced(list: &Expr) -> &Expr {
    match &list.kind {
        ExprKind::Slice { list, .. } => unsliced(list),
        _ => list,
    }
}

/// A value in an answer, reached by fields alone.
fn is_root(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Step(_) | ExprKind::Made(_) | ExprKind::Inner { .. } | ExprKind::Local(_) => true,
        ExprKind::Field { base, .. } => is_root(base),
        _ => false,
    }
}

/// The longest place that all places in an object start with.
fn common_root(object: &Expr) -> Option<Expr> {
    let mut common: Option<Vec<Expr>> = None;
    let mut bound = BTreeSet::new();
    let mut free = true;
    walk::visit(object, &mut |part| match &part.kind {
        ExprKind::Map { rows, .. } => bound.extend(&rows.columns),
        ExprKind::IfPresent { item, .. } => {
            bound.insert(*item);
        }
        _ => {}
    });
    free_places(object, &bound, &mut |place| {
        let path = prefixes(place);
        common = Some(match common.take() {
            None => path,
            Some(before) => before.into_iter().zip(path).take_while(|(a, b)| a == b).map(|(a, _)| a).collect(),
        });
        free &= !matches!(common.as_deref(), Some([]));
    });
    let root = common?.into_iter().rev().find(|place| matches!(place.ty, Ty::Object(_)))?;
    free.then_some(root)
}

/// Calls `each` for every longest place in an expression that starts outside of it.
fn free_places(expr: &Expr, bound: &BTreeSet<LocalId>, each: &mut dyn FnMut(&Expr)) {
    if is_root(expr) {
        let starts_outside = match prefixes(expr).first().map(|base| &base.kind) {
            Some(ExprKind::Local(local)) => !bound.contains(local),
            _ => true,
        };
        if starts_outside {
            each(expr);
        }
        return;
    }
    walk::children(expr, &mut |child| free_places(child, bound, each));
}

/// A place and all that it goes through, from its base.
fn prefixes(place: &Expr) -> Vec<Expr> {
    let mut path = match &place.kind {
        ExprKind::Field { base, .. } => prefixes(base),
        _ => Vec::new(),
    };
    path.push(place.clone());
    path
}

/// Whether an expression only passes on what is in the locals that are bound: no value of it is needed while the gateway runs.
fn is_copied(expr: &Expr, bound: &mut BTreeSet<LocalId>) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) => true,
        ExprKind::Local(local) => bound.contains(local),
        ExprKind::Field { base, .. } => base.ty != Ty::Scalar(crate::model::Scalar::Json) && is_copied(base, bound),
        ExprKind::Object(entries) => entries.iter().all(|entry| is_copied(&entry.value, bound)),
        ExprKind::Slice { list, from, to } => {
            [from, to].into_iter().flatten().all(|bound| matches!(bound.kind, ExprKind::Literal(_)))
                && is_copied(list, bound)
        }
        ExprKind::Map { rows, body } => {
            rows.stages.is_empty() && rows.columns.len() == 1 && is_copied(&rows.list, bound) && {
                bound.extend(&rows.columns);
                is_copied(body, bound)
            }
        }
        ExprKind::IfPresent { value, item, then, otherwise } => {
            is_null(otherwise) && is_copied(value, bound) && {
                bound.insert(*item);
                is_copied(then, bound)
            }
        }
        _ => false,
    }
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(Value::Null))
}
