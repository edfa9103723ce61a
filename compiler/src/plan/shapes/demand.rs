//! Walks every expression of an endpoint, notes what it wants of each value, and names that value's node on the way.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{
    Comparison, Condition, Expr, ExprKind, Flow, LocalId, NodeId, Outcome, ParamId, StepId, StepKind, TextPart, walk,
};
use crate::model::{Model, Scalar, Ty, TypeDeclKind, Value};

/// What expressions want of one value.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "four demands that don't exclude each other")]
pub(super) struct Demand {
    pub(super) ty: Ty,
    /// Its bytes, to be passed on.
    pub(super) copy: bool,
    /// Its value.
    pub(super) decode: bool,
    /// All of it, to be passed on: a list, a map or an object.
    pub(super) whole: bool,
    /// Whether it is there.
    pub(super) looked_at: bool,
    /// How many expressions go through its elements one by one.
    pub(super) listed: usize,
    /// How many times it was wanted itself.
    pub(super) uses: usize,
    pub(super) fields: BTreeMap<String, usize>,
    /// The element, or what is behind a `T?`.
    pub(super) inner: Option<usize>,
    /// The expression over this value alone that is scanned and written in one pass.
    pub(super) part: Option<(LocalId, Expr)>,
}

/// What goes through gathered rows binds: the columns of the rows, or of groups a key and the rows that have it.
#[derive(Debug, Clone)]
pub(super) enum Columns {
    OfRows(Vec<LocalId>),
    OfGroups(Vec<LocalId>),
}

/// The demands on all values of one endpoint.
#[derive(Debug, Clone)]
pub(super) struct Demands<'a> {
    model: &'a Model,
    pub(super) nodes: Vec<Demand>,
    pub(super) roots: BTreeMap<StepId, usize>,
    pub(super) body: Option<(ParamId, usize)>,
    pub(super) locals: BTreeMap<LocalId, usize>,
    /// Locals that expressions use: columns that nobody uses need no value.
    pub(super) used: BTreeSet<LocalId>,
    /// The columns of rows that were gathered.
    pub(super) gathered: BTreeMap<LocalId, Columns>,
}

impl<'a> Demands<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        Self {
            model,
            nodes: Vec::new(),
            roots: BTreeMap::new(),
            body: None,
            locals: BTreeMap::new(),
            used: BTreeSet::new(),
            gathered: BTreeMap::new(),
        }
    }

    /// A new value that is part of no other. A name for a list is as good as the list.
    pub(super) fn root(&mut self, ty: Ty) -> usize {
        let ty = match self.unaliased(&ty) {
            list @ Ty::List(..) => list,
            _ => ty,
        };
        self.nodes.push(Demand {
            ty,
            copy: false,
            decode: false,
            whole: false,
            looked_at: false,
            listed: 0,
            uses: 0,
            fields: BTreeMap::new(),
            inner: None,
            part: None,
        });
        self.nodes.len() - 1
    }

    /// Whether anybody wants anything of it or in it.
    pub(super) fn is_wanted(&self, demand: &Demand) -> bool {
        demand.uses > 0
            || demand.part.is_some()
            || demand
                .inner
                .into_iter()
                .chain(demand.fields.values().copied())
                .any(|child| self.nodes.get(child).is_some_and(|child| self.is_wanted(child)))
    }

    pub(super) fn flow(&mut self, flow: &mut Flow) {
        for step in &mut flow.steps {
            for condition in &mut step.when {
                self.condition(condition);
            }
            match &mut step.kind {
                StepKind::Call { operation, args, .. } => {
                    let params = self.model.operations.get(operation.0).map(|operation| operation.params.as_slice());
                    for (arg, param) in args.iter_mut().zip(params.unwrap_or_default()) {
                        if param.place == crate::model::ParamPlace::Body { self.write(arg) } else { self.value(arg) }
                    }
                }
                StepKind::Each { rows, flow, .. } => {
                    self.rows(rows);
                    self.flow(flow);
                }
                StepKind::Check { condition, .. } => self.value(condition),
                StepKind::Compute { value, .. } => self.value(value),
                StepKind::Require { value, item, .. } => self.presence(value, *item),
            }
        }
    }

    pub(super) fn outcome(&mut self, outcome: &mut Outcome) {
        walk::outcome_parts(outcome, &mut |part| match part {
            walk::OutcomePart::Body(body) => self.write(body),
            walk::OutcomePart::Value(value) => self.value(value),
        });
    }

    fn condition(&mut self, condition: &mut Condition) {
        match condition {
            Condition::Holds(expr) | Condition::Fails(expr) => self.value(expr),
            Condition::Present { value, item } => self.presence(value, *item),
            Condition::Absent(expr) => self.look(expr),
            Condition::Found(rows) | Condition::NotFound(rows) => self.rows(rows),
        }
    }

    /// The expression is written out as JSON.
    pub(super) fn write(&mut self, expr: &mut Expr) {
        match &mut expr.kind {
            ExprKind::Object(entries) => entries.iter_mut().for_each(|entry| self.write(&mut entry.value)),
            ExprKind::List(elements) => elements.iter_mut().for_each(|element| self.write(element)),
            ExprKind::Concat(parts) => {
                for part in parts {
                    self.part(part);
                    part.values.iter_mut().for_each(|value| self.write(value));
                }
            }
            ExprKind::Map { rows, body } => {
                self.rows(rows);
                self.write(body);
            }
            ExprKind::Found { rows, then, otherwise } => {
                self.rows(rows);
                self.write(then);
                self.write(otherwise);
            }
            ExprKind::Gather { item, rows, by, body } => {
                self.gather(*item, rows, by);
                self.write(body);
            }
            ExprKind::Keyed { rows, key, body } => {
                self.rows(rows);
                self.value(key);
                self.write(body);
            }
            ExprKind::IfPresent { value, item, then, otherwise } => {
                self.presence(value, *item);
                self.write(then);
                self.write(otherwise);
            }
            ExprKind::If { condition, then, otherwise } => {
                self.value(condition);
                self.write(then);
                self.write(otherwise);
            }
            ExprKind::Any { .. } | ExprKind::Count(_) | ExprKind::Fold { .. } | ExprKind::Join { .. } => {
                self.value(expr);
            }
            ExprKind::Slice { .. } => {
                // Elements are left out, so the list is no whole: each that is left in is one.
                match self.list(expr) {
                    Some(node) => {
                        let element = self.inner(node);
                        self.want_whole(element);
                    }
                    None => self.value_of_others(expr),
                }
            }
            _ => match self.place(expr) {
                Some(node) => self.want_whole(node),
                None => self.value_of_others(expr),
            },
        }
    }

    /// The expression's value is needed while the gateway runs.
    pub(super) fn value(&mut self, expr: &mut Expr) {
        match &mut expr.kind {
            ExprKind::Map { rows, body }
            | ExprKind::Any { rows, condition: body }
            | ExprKind::Fold { rows, value: body, .. } => {
                self.rows(rows);
                self.value(body);
            }
            ExprKind::Count(rows) => self.rows(rows),
            ExprKind::Concat(parts) => {
                for part in parts {
                    self.part(part);
                    part.values.iter_mut().for_each(|value| self.value(value));
                }
            }
            ExprKind::Join { rows, value, separator: other } | ExprKind::Keyed { rows, key: other, body: value } => {
                self.rows(rows);
                self.value(value);
                self.value(other);
            }
            ExprKind::Found { rows, then, otherwise } => {
                self.rows(rows);
                self.value(then);
                self.value(otherwise);
            }
            ExprKind::Gather { item, rows, by, body } => {
                self.gather(*item, rows, by);
                self.value(body);
            }
            ExprKind::IfPresent { value, item, then, otherwise } => {
                self.presence(value, *item);
                self.value(then);
                self.value(otherwise);
            }
            _ => match self.place(expr) {
                Some(node) => self.want_value(node),
                None => self.value_of_others(expr),
            },
        }
    }

    fn value_of_others(&mut self, expr: &mut Expr) {
        match &mut expr.kind {
            ExprKind::Text(parts) => {
                for part in parts {
                    if let TextPart::Value(value) = part {
                        self.value(value);
                    }
                }
            }
            ExprKind::Compare { operator, left, right } if is_null_test(*operator, right) => self.look(left),
            ExprKind::Compare { left, right, .. }
            | ExprKind::Arithmetic { left, right, .. }
            | ExprKind::And(left, right)
            | ExprKind::Or(left, right)
            | ExprKind::In { item: left, list: right, .. } => {
                self.value(left);
                self.value(right);
            }
            ExprKind::Not(inner) | ExprKind::Negate(inner) => self.value(inner),
            ExprKind::If { condition, then, otherwise } => {
                self.value(condition);
                self.value(then);
                self.value(otherwise);
            }
            ExprKind::List(elements) | ExprKind::Apply { args: elements, .. } => {
                for element in elements {
                    self.value(element);
                }
            }
            ExprKind::Object(entries) => entries.iter_mut().for_each(|entry| self.value(&mut entry.value)),
            // `place` saw what a part of a value stands on, where that is one of an answer; what is computed it did not.
            ExprKind::Slice { list: base, .. }
            | ExprKind::Index { base, .. }
            | ExprKind::Field { base, .. }
            | ExprKind::Known { value: base, .. }
                if base.node.is_none() =>
            {
                self.value_of_others(base);
            }
            _ => {}
        }
    }

    /// Whether the expression is null is needed, and nothing else of it.
    fn look(&mut self, expr: &mut Expr) {
        match self.place(expr) {
            Some(node) => {
                self.note(node, |demand| demand.looked_at = true);
                self.behind(node);
            }
            None => self.value_of_others(expr),
        }
    }

    /// Asks `value` whether it is there, and binds what is behind it.
    fn presence(&mut self, value: &mut Expr, item: LocalId) {
        let indexed = matches!(value.kind, ExprKind::Index { .. });
        self.locals.remove(&item);
        if let ExprKind::Found { rows, then, .. } = &mut value.kind {
            self.rows(rows);
            let found = self.place(then);
            value.node = found.map(NodeId);
            self.locals.extend(found.map(|node| (item, node)));
            return;
        }
        let Some(node) = self.place(value) else {
            return self.value_of_others(value);
        };
        self.note(node, |demand| demand.looked_at = true);
        let behind = self.behind(node);
        // An element that `[i]` may not find is behind the `Option` of the look-up, not one of its own.
        self.locals.insert(item, if indexed { node } else { behind });
    }

    pub(super) fn list(&mut self, list: &mut Expr) -> Option<usize> {
        let node = self.place(list)?;
        self.note(node, |demand| demand.listed += 1);
        Some(node)
    }

    /// The node of a place, named on the way; bounds and keys in it are wanted as values.
    pub(super) fn place(&mut self, expr: &mut Expr) -> Option<usize> {
        let node = match &mut expr.kind {
            ExprKind::Step(step) | ExprKind::Made(step) | ExprKind::Inner { step, .. } => self.roots.get(step).copied(),
            ExprKind::Param(param) => self.body.filter(|(body, _)| body == param).map(|(_, node)| node),
            ExprKind::Local(local) => self.locals.get(local).copied(),
            ExprKind::Known { value, .. } => {
                let node = self.place(value)?;
                self.note(node, |demand| demand.looked_at = true);
                Some(self.behind(node))
            }
            ExprKind::Field { base, name } => {
                let node = self.place(base);
                if is_json(&base.ty) {
                    if let Some(node) = node {
                        self.note(node, |demand| demand.copy = true);
                    }
                    None
                } else {
                    node.and_then(|node| self.field(node, name))
                }
            }
            ExprKind::Slice { list, from, to } => {
                for bound in [from, to].into_iter().flatten() {
                    self.value(bound);
                }
                self.place(list)
            }
            ExprKind::Index { base, index } => {
                self.value(index);
                let node = self.list(base)?;
                let element = self.inner(node);
                Some(self.behind(element))
            }
            _ => None,
        }?;
        expr.node = Some(NodeId(node));
        Some(node)
    }

    pub(super) fn note(&mut self, node: usize, change: impl FnOnce(&mut Demand)) {
        if let Some(demand) = self.nodes.get_mut(node) {
            demand.uses += 1;
            change(demand);
        }
    }

    fn want_whole(&mut self, node: usize) {
        match self.nodes.get(node).map(|demand| demand.ty.clone()) {
            Some(Ty::Optional(_)) => {
                let inner = self.inner(node);
                self.want_whole(inner);
            }
            Some(Ty::List(..) | Ty::Map(_)) => {
                self.note(node, |demand| demand.whole = true);
            }
            Some(Ty::Object(_)) => self.note(node, |demand| demand.whole = true),
            _ => self.note(node, |demand| demand.copy = true),
        }
    }

    /// A list that is passed on whole and gone through as well is held element by element, each of them whole.
    pub(super) fn spread_whole(&mut self) {
        let mut node = 0;
        while let Some(demand) = self.nodes.get(node) {
            if demand.whole && demand.listed > 0 && matches!(demand.ty, Ty::List(..) | Ty::Map(_)) {
                let element = self.inner(node);
                self.want_whole(element);
            }
            node += 1;
        }
    }

    /// The same values with no demand on any.
    pub(super) fn without_uses(&self) -> Self {
        let mut clean = self.clone();
        for demand in &mut clean.nodes {
            demand.copy = false;
            demand.decode = false;
            demand.whole = false;
            demand.looked_at = false;
            demand.listed = 0;
            demand.uses = 0;
        }
        clean
    }

    /// Says what a local stands for.
    pub(super) fn bind(&mut self, local: LocalId, node: usize) {
        self.locals.insert(local, node);
    }

    /// How many times a value or anything in it is wanted.
    pub(super) fn uses_within(&self, node: usize) -> usize {
        self.nodes.get(node).map_or(0, |demand| {
            demand.uses
                + demand.inner.iter().chain(demand.fields.values()).map(|child| self.uses_within(*child)).sum::<usize>()
        })
    }

    /// Whether no list, map or object in a value is gone through or passed on more than once, so that one pass serves.
    pub(super) fn each_list_once(&self, node: usize) -> bool {
        let Some(demand) = self.nodes.get(node) else { return true };
        let once = match demand.ty {
            Ty::Optional(ref inner) if !matches!(**inner, Ty::Object(_) | Ty::List(..) | Ty::Map(_)) => true,
            Ty::List(..) | Ty::Map(_) | Ty::Optional(_) => demand.uses <= 1,
            Ty::Object(_) => {
                !demand.whole || (demand.uses <= 1 && demand.fields.values().all(|field| self.uses_within(*field) == 0))
            }
            _ => true,
        };
        once && demand.inner.iter().chain(demand.fields.values()).all(|child| self.each_list_once(*child))
    }

    fn want_value(&mut self, node: usize) {
        match self.nodes.get(node).map(|demand| demand.ty.clone()) {
            Some(Ty::Optional(_)) => {
                let inner = self.inner(node);
                self.want_value(inner);
            }
            Some(Ty::List(..) | Ty::Map(_)) => {
                self.note(node, |demand| demand.listed += 1);
                let inner = self.inner(node);
                self.want_value(inner);
            }
            Some(Ty::Scalar(Scalar::Json)) => self.note(node, |demand| demand.copy = true),
            _ => self.note(node, |demand| demand.decode = true),
        }
    }

    fn field(&mut self, node: usize, name: &str) -> Option<usize> {
        let demand = self.nodes.get(node)?;
        if let Some(child) = demand.fields.get(name) {
            return Some(*child);
        }
        let Ty::Object(id) = demand.ty else { return None };
        let TypeDeclKind::Object { fields, .. } = &self.model.types.get(id.0)?.kind else { return None };
        let ty = fields.iter().find(|field| field.name == name)?.ty.clone();
        let child = self.root(ty);
        self.nodes.get_mut(node)?.fields.insert(name.to_owned(), child);
        Some(child)
    }

    /// The element of a list or map, or what is behind a `T?`.
    pub(super) fn inner(&mut self, node: usize) -> usize {
        let Some(demand) = self.nodes.get(node) else { return node };
        if let Some(inner) = demand.inner {
            return inner;
        }
        let ty = match &demand.ty {
            Ty::Optional(inner) | Ty::List(inner, _) | Ty::Map(inner) => (**inner).clone(),
            other => other.clone(),
        };
        let inner = self.root(ty);
        if let Some(demand) = self.nodes.get_mut(node) {
            demand.inner = Some(inner);
        }
        inner
    }

    pub(super) fn behind(&mut self, node: usize) -> usize {
        match self.nodes.get(node).map(|demand| &demand.ty) {
            Some(Ty::Optional(_)) => self.inner(node),
            _ => node,
        }
    }

    fn unaliased(&self, ty: &Ty) -> Ty {
        match ty {
            Ty::Alias(id) => match self.model.types.get(id.0).map(|decl| &decl.kind) {
                Some(TypeDeclKind::Alias { base }) => base.clone(),
                _ => ty.clone(),
            },
            other => other.clone(),
        }
    }

    /// A name for what is generated for each node, unique in the endpoint: after its type, its field or its step.
    pub(super) fn names(&self, flow: &Flow) -> Vec<String> {
        let mut taken = BTreeSet::new();
        let mut names = vec![String::new(); self.nodes.len()];
        let mut steps = Vec::new();
        all_steps(flow, &mut steps);
        for (step, name) in steps {
            if let Some(root) = self.roots.get(&step) {
                self.name(*root, &name, &mut names, &mut taken);
            }
        }
        if let Some((_, root)) = self.body {
            self.name(root, "body", &mut names, &mut taken);
        }
        names
    }

    fn name(&self, node: usize, path: &str, names: &mut [String], taken: &mut BTreeSet<String>) {
        let Some(demand) = self.nodes.get(node) else { return };
        let wanted = match &demand.ty {
            Ty::Object(id) if demand.part.is_none() && !demand.fields.is_empty() => {
                self.model.types.get(id.0).map_or_else(|| path.to_owned(), |decl| decl.name.clone())
            }
            _ => path.to_owned(),
        };
        // A list or a `T?` that is held as such needs no name; what is in it takes the name.
        let held = demand.inner.is_some() && demand.part.is_none() && (demand.listed > 0 || !demand.whole);
        if let Some(slot) = names.get_mut(node) {
            *slot = if held { wanted } else { unique(&wanted, taken) };
        }
        if demand.part.is_some() {
            return;
        }
        if let Some(inner) = demand.inner {
            self.name(inner, path, names, taken);
        }
        for (field, child) in &demand.fields {
            self.name(*child, &format!("{path}_{field}"), names, taken);
        }
    }
}

fn unique(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{wanted}_{number}");
        if wanted.starts_with(char::is_uppercase) {
            name = format!("{wanted}{number}");
        }
        number += 1;
    }
    name
}

fn all_steps(flow: &Flow, steps: &mut Vec<(StepId, String)>) {
    for step in &flow.steps {
        steps.push((step.id, step.name.clone()));
        if let StepKind::Each { flow, .. } = &step.kind {
            all_steps(flow, steps);
        }
    }
}

fn is_null_test(operator: Comparison, right: &Expr) -> bool {
    matches!(operator, Comparison::Equal | Comparison::NotEqual) && matches!(right.kind, ExprKind::Literal(Value::Null))
}

fn is_json(ty: &Ty) -> bool {
    *ty == Ty::Scalar(Scalar::Json)
}
