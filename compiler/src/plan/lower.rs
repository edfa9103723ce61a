//! Typed tree to plan: an endpoint's calls and guards become steps, and what is left of its expressions makes no call.

mod binders;
mod calls;
mod compute;
mod concat;
mod exprs;
mod gather;
mod lists;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use binders::of_rows as columns_of;

use super::{EndpointPlan, Expr, Flow, LocalId, Outcome, Plan, Readings, Step, StepId, StepKind, WithSet};
use super::{schedule, shapes};
use crate::model::{Model, Ty};
use crate::source::SourceMap;
use crate::typed::{self, Statement, Typed};

/// Makes the plan of a program that has no errors.
pub fn lower(typed: &Typed, sources: &SourceMap) -> Plan {
    let endpoints = typed.endpoints.iter().map(|endpoint| lower_endpoint(&typed.model, endpoint, sources)).collect();
    Plan { model: typed.model.clone(), endpoints }
}

fn lower_endpoint(model: &Model, endpoint: &typed::Endpoint, sources: &SourceMap) -> EndpointPlan {
    let mut lowering = Lowering::new(model, endpoint, sources);
    for statement in &endpoint.statements {
        lowering.statement(statement);
    }
    let outcome = lowering.outcome(&endpoint.outcome);
    let mut flow = Flow { steps: lowering.finish_steps(), blocks: Vec::new() };
    schedule::schedule(&mut flow);
    let mut plan = EndpointPlan {
        head: endpoint.head.clone(),
        flow,
        outcome,
        readings: Readings::default(),
        body: None,
        local_names: lowering.local_names,
        proof: endpoint.proof.clone(),
        disclosures: endpoint.disclosures.clone(),
    };
    shapes::find_shapes(model, &mut plan);
    plan
}

/// The work on one endpoint.
struct Lowering<'a> {
    model: &'a Model,
    sources: &'a SourceMap,
    /// The endpoint's own steps, and those of every list that is being mapped, the innermost last.
    frames: Vec<Frame>,
    /// What a local stands for, where it is no value of its own in the generated code.
    aliases: BTreeMap<LocalId, Expr>,
    /// The values of the `let`s so far.
    lets: Vec<Option<Expr>>,
    /// Where names are bound, the innermost last, and the lists that are gathered there.
    scopes: Vec<gather::Scope>,
    local_names: Vec<String>,
    step_names: BTreeSet<String>,
    /// The name of the `let` whose value is being lowered: what it gathers is called so.
    naming: Option<String>,
    steps_made: usize,
}

/// Steps that belong to one flow.
#[derive(Default)]
struct Frame {
    steps: Vec<Step>,
    /// What holds where an expression is being lowered, as far as it was decided inside this flow.
    conditions: Vec<super::Condition>,
    /// The guards so far.
    guards: Vec<StepId>,
    /// The last call that is not safe: the next one waits for it.
    last_unsafe: Option<StepId>,
}

impl<'a> Lowering<'a> {
    fn new(model: &'a Model, endpoint: &'a typed::Endpoint, sources: &'a SourceMap) -> Self {
        let step_names = endpoint.head.params.iter().map(|param| param.name.clone()).collect();
        Self {
            model,
            sources,
            frames: vec![Frame::default()],
            aliases: BTreeMap::new(),
            lets: Vec::new(),
            scopes: vec![gather::Scope::default()],
            local_names: endpoint.local_names.clone(),
            step_names,
            naming: None,
            steps_made: 0,
        }
    }

    fn statement(&mut self, statement: &Statement) {
        let value = match statement {
            Statement::Let { name, value } => Some(self.let_value(name, value)),
            Statement::Check { condition, refusal, .. } => {
                let condition = self.root(condition);
                self.guard("check", StepKind::Check { condition, refusal: refusal.clone() });
                None
            }
            Statement::Require { value, item, refusal, .. } => {
                self.require(value, *item, refusal);
                None
            }
        };
        self.lets.push(value);
    }

    fn let_value(&mut self, name: &str, value: &typed::Expr) -> Expr {
        let lowered = match &value.kind {
            typed::ExprKind::Call(call) if name != "_" => return self.call(call, &value.ty, name),
            typed::ExprKind::ByElement { .. } | typed::ExprKind::OfList { .. } => {
                self.naming = Some(name.to_owned());
                let lowered = self.expr(value);
                self.naming = None;
                if !self.is_computed(&lowered) {
                    return self.gathered_once(name, lowered);
                }
                lowered
            }
            _ => self.expr(value),
        };
        self.computed_once(name, lowered)
    }

    fn require(&mut self, value: &typed::Expr, item: LocalId, refusal: &typed::Refusal) {
        let hint = self.local_name(item);
        let value = match &value.kind {
            typed::ExprKind::Call(call) => self.call(call, &value.ty, &hint),
            _ => self.expr(value),
        };
        let value = self.computed_once(&hint, value);
        if exprs::is_place(&value) || self.is_found_element(&value) {
            self.guard("require", StepKind::Require { value, item, refusal: refusal.clone() });
            return;
        }
        let value = self.searched_once(&hint, value);
        let condition = self.is_null(value.clone(), true);
        let condition = self.completed(&condition);
        let guard = self.guard("check", StepKind::Check { condition, refusal: refusal.clone() });
        let known = exprs::known(value, guard);
        self.aliases.insert(item, known);
    }

    /// Adds a guard to the endpoint's flow; guards stand only there.
    fn guard(&mut self, name: &str, kind: StepKind) -> StepId {
        let name = self.unique_step_name(name);
        let id = self.new_step_id();
        let frame = self.frame();
        let yields_to = frame.guards.clone();
        frame.guards.push(id);
        frame.steps.push(Step { id, name, kind, needs: Vec::new(), after: Vec::new(), yields_to, when: Vec::new() });
        id
    }

    fn outcome(&mut self, outcome: &typed::Outcome) -> Outcome {
        match outcome {
            typed::Outcome::Respond { status, body, with } => Outcome::Respond {
                status: *status,
                body: body.as_ref().map(|body| self.root(body)),
                with: self.with_sets(with),
            },
            typed::Outcome::Redirect { status, target, with } => {
                Outcome::Redirect { status: *status, target: self.root(target), with: self.with_sets(with) }
            }
            typed::Outcome::Reject(refusal) => Outcome::Reject(refusal.clone()),
            typed::Outcome::If { condition, then, otherwise } => {
                let condition = self.root(condition);
                let then = self.under(super::Condition::Holds(condition.clone()), |lowering| lowering.outcome(then));
                let otherwise =
                    self.under(super::Condition::Fails(condition.clone()), |lowering| lowering.outcome(otherwise));
                Outcome::If { condition, then: Box::new(then), otherwise: Box::new(otherwise) }
            }
        }
    }

    fn with_sets(&mut self, with: &[typed::WithSet]) -> Vec<WithSet> {
        with.iter()
            .map(|set| WithSet { name: set.name.clone(), cookie: set.cookie, value: self.root(&set.value) })
            .collect()
    }

    /// Lowers something where a condition holds.
    fn under<T>(&mut self, condition: super::Condition, lower: impl FnOnce(&mut Self) -> T) -> T {
        self.frame().conditions.push(condition);
        let lowered = lower(self);
        self.frame().conditions.pop();
        lowered
    }

    fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::default());
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn finish_steps(&mut self) -> Vec<Step> {
        std::mem::take(&mut self.frame().steps)
    }

    fn new_step_id(&mut self) -> StepId {
        self.steps_made += 1;
        StepId(self.steps_made - 1)
    }

    fn unique_step_name(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        while !self.step_names.insert(name.clone()) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        name
    }

    fn step_name(&self, step: StepId) -> String {
        let step = self.frames.iter().flat_map(|frame| &frame.steps).find(|it| it.id == step);
        step.map_or_else(String::new, |step| step.name.clone())
    }

    fn local_name(&self, local: LocalId) -> String {
        self.local_names.get(local.0).cloned().unwrap_or_else(|| "value".to_owned())
    }

    fn new_local(&mut self, name: &str) -> LocalId {
        self.local_names.push(name.to_owned());
        LocalId(self.local_names.len() - 1)
    }

    /// The type of a value that is not null.
    fn behind(ty: &Ty) -> Ty {
        match ty {
            Ty::Optional(inner) => (**inner).clone(),
            other => other.clone(),
        }
    }
}
