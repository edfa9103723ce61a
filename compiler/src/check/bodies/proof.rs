//! What is proved of one request at its worst: its calls, how many run at once, the bytes it holds, and its time.
//!
//! The body is followed along its data flow, as it will run: a call starts when the values it uses exist, unsafe calls
//! also wait for the guards and the unsafe calls above them, and a list with calls in it is worked on in rounds.

mod report;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::{lists, walk};
use crate::diagnostic::Diagnostics;
use crate::model::{Config, EndpointHead, Model, Operation, Proof, Ty};
use crate::source::Span;
use crate::typed::{Call, Expr, ExprKind, LetId, LocalId, Outcome, Statement};

/// No request may make more calls than this.
const MOST_CALLS: u64 = 1_000;

/// Proves the bounds of one body; reports where there are none.
pub(super) fn prove(
    statements: &[Statement],
    outcome: &Outcome,
    head: &EndpointHead,
    model: &Model,
    diagnostics: &mut Diagnostics,
) -> Proof {
    let mut flow = Flow::new(model, diagnostics);
    let mut end = Ready::default();
    for (at, statement) in statements.iter().enumerate() {
        let ready = flow.statement(statement, LetId(at));
        end = end.max(&ready);
    }
    let ready = flow.outcome(outcome, &Ready::default());
    end = end.max(&ready);
    flow.check_calls();
    flow.check_time(&end, head);
    flow.proof(&end)
}

/// When a value exists, at the latest.
#[derive(Clone, Default)]
struct Ready {
    /// Milliseconds after the request came, by the timeouts that are declared.
    at: u64,
    /// The call on the longest path that ends last.
    last: Option<usize>,
    /// The calls that it waits for.
    after: Rc<BTreeSet<usize>>,
}

impl Ready {
    fn max(&self, other: &Self) -> Self {
        let (at, last) = if other.at > self.at || self.last.is_none() {
            (other.at.max(self.at), other.last.or(self.last))
        } else {
            (self.at, self.last)
        };
        let after = if other.after.is_subset(&self.after) {
            Rc::clone(&self.after)
        } else {
            Rc::new(self.after.union(&other.after).copied().collect())
        };
        Self { at, last, after }
    }
}

/// One call of the body.
struct Leg<'a> {
    operation: &'a Operation,
    span: Span,
    /// How often it is made.
    times: u64,
    /// How many of it run at once.
    width: u64,
    /// How many one after the other, where it is made for each element of a list.
    rounds: u64,
    /// When the last one has ended.
    end: u64,
    /// The call before it on its longest path.
    before: Option<usize>,
    /// All calls that it waits for.
    after: Rc<BTreeSet<usize>>,
    /// How many mapped lists are around it.
    depth: usize,
}

/// A safe call that was met.
struct Made {
    /// The call, without its places.
    call: Call,
    ready: Ready,
    /// The branches and lists that it stands in: further in, it is made as well.
    scope: Vec<usize>,
}

/// A mapped list around a place.
struct Fan {
    /// How long it is at most.
    length: Option<u64>,
    at_most: u64,
    list: Span,
    reported: bool,
}

struct Flow<'a> {
    model: &'a Model,
    diagnostics: &'a mut Diagnostics,
    lets: BTreeMap<LetId, Ready>,
    locals: BTreeMap<LocalId, Ready>,
    legs: Vec<Leg<'a>>,
    /// Safe calls that were met, without their places: the same one is made once.
    made: Vec<Made>,
    /// The branches and lists around this place, each with a number of its own.
    scope: Vec<usize>,
    /// How many numbers were given.
    scopes: usize,
    fans: Vec<Fan>,
    /// The guards so far.
    guards: Ready,
    /// The last unsafe call.
    unsafe_call: Ready,
    /// Whether a call has no timeout of its own.
    open_ended: bool,
}

impl<'a> Flow<'a> {
    fn new(model: &'a Model, diagnostics: &'a mut Diagnostics) -> Self {
        Self {
            model,
            diagnostics,
            lets: BTreeMap::new(),
            locals: BTreeMap::new(),
            legs: Vec::new(),
            made: Vec::new(),
            scope: Vec::new(),
            scopes: 0,
            fans: Vec::new(),
            guards: Ready::default(),
            unsafe_call: Ready::default(),
            open_ended: false,
        }
    }

    fn statement(&mut self, statement: &Statement, id: LetId) -> Ready {
        let start = Ready::default();
        match statement {
            Statement::Let { value, .. } => {
                let ready = self.value(value, &start);
                self.lets.insert(id, ready.clone());
                ready
            }
            Statement::Check { condition, .. } => {
                let ready = self.value(condition, &start);
                self.guards = self.guards.max(&ready);
                ready
            }
            Statement::Require { value, item, .. } => {
                let ready = self.value(value, &start);
                self.locals.insert(*item, ready.clone());
                self.guards = self.guards.max(&ready);
                ready
            }
        }
    }

    fn outcome(&mut self, outcome: &Outcome, start: &Ready) -> Ready {
        match outcome {
            Outcome::Respond { body, with, .. } => {
                let values = body.iter().chain(with.iter().map(|set| &set.value));
                self.all(values.collect(), start)
            }
            Outcome::Redirect { target, with, .. } => {
                let values = std::iter::once(target).chain(with.iter().map(|set| &set.value));
                self.all(values.collect(), start)
            }
            Outcome::Reject(_) => start.clone(),
            Outcome::If { condition, then, otherwise } => {
                let condition = self.value(condition, start);
                let then = self.inside(|flow| flow.outcome(then, &condition));
                let otherwise = self.inside(|flow| flow.outcome(otherwise, &condition));
                then.max(&otherwise)
            }
        }
    }

    fn all(&mut self, values: Vec<&Expr>, start: &Ready) -> Ready {
        values.into_iter().fold(start.clone(), |ready, value| {
            let next = self.value(value, start);
            ready.max(&next)
        })
    }

    /// When a value exists whose calls start at `start` at the earliest.
    fn value(&mut self, expr: &Expr, start: &Ready) -> Ready {
        match &expr.kind {
            ExprKind::Let(id) => self.lets.get(id).map_or_else(|| start.clone(), |ready| ready.max(start)),
            ExprKind::Local(id) => self.locals.get(id).map_or_else(|| start.clone(), |ready| ready.max(start)),
            ExprKind::Call(call) => self.call(call, start, expr.span),
            ExprKind::Bind { value, item, body } => {
                let value = self.value(value, start);
                self.locals.insert(*item, value.clone());
                // The value is made whether or not the body looks at it.
                self.value(body, start).max(&value)
            }
            ExprKind::Present { value, item, body } => {
                let value = self.value(value, start);
                self.locals.insert(*item, value.clone());
                self.inside(|flow| flow.value(body, &value))
            }
            ExprKind::Map { list, item, body, at_most } => self.map(list, *item, body, *at_most, start),
            ExprKind::ByElement { list, item, by, .. } => self.map(list, *item, by, lists::at_once(by), start),
            ExprKind::OrElse { value: first, default: second }
            | ExprKind::And(first, second)
            | ExprKind::Or(first, second) => {
                let first = self.value(first, start);
                self.inside(|flow| flow.value(second, &first))
            }
            ExprKind::If { condition, then, otherwise } => {
                let condition = self.value(condition, start);
                let then = self.inside(|flow| flow.value(then, &condition));
                let otherwise = self.inside(|flow| flow.value(otherwise, &condition));
                then.max(&otherwise)
            }
            _ => self.all(walk::children(expr), start),
        }
    }

    /// Something that is done only where a branch is taken, or for each element of a list.
    fn inside(&mut self, part: impl FnOnce(&mut Self) -> Ready) -> Ready {
        self.scopes += 1;
        self.scope.push(self.scopes);
        let ready = part(self);
        self.scope.pop();
        ready
    }

    // ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────

    fn call(&mut self, call: &Call, start: &Ready, span: Span) -> Ready {
        let model = self.model;
        let Some(operation) = model.operations.get(call.operation.0) else { return start.clone() };
        let args = self.all(call.args.iter().collect(), start);
        if !operation.safe {
            let begin = args.max(&self.guards).max(&self.unsafe_call);
            let ready = self.leg(operation, &begin, span);
            self.unsafe_call = ready.clone();
            return ready;
        }
        let args_only = call.args.iter().map(walk::without_places).collect();
        let key = Call { args: args_only, ..call.clone() };
        if let Some(made) = self.made.iter().find(|made| made.call == key && self.scope.starts_with(&made.scope)) {
            return made.ready.max(start);
        }
        let ready = self.leg(operation, &args, span);
        self.made.push(Made { call: key, ready: ready.clone(), scope: self.scope.clone() });
        ready
    }

    /// A call that starts at `begin`, made for each element of the lists around it.
    fn leg(&mut self, operation: &'a Operation, begin: &Ready, span: Span) -> Ready {
        if u64::try_from(self.legs.len()).is_ok_and(|legs| legs > MOST_CALLS) {
            // More than one request may make, and that is said; the rest is not worth the time.
            return begin.clone();
        }
        let (mut times, mut width) = (1_u64, 1_u64);
        let mut unbounded = None;
        for (level, fan) in self.fans.iter().enumerate() {
            let length = fan.length.unwrap_or(1);
            times = times.saturating_mul(length);
            width = width.saturating_mul(length.min(fan.at_most).max(1));
            if fan.length.is_none() {
                unbounded = Some(level);
            }
        }
        if let Some(level) = unbounded {
            self.report_unbounded(level, operation, span);
        }
        let timeout = operation.timeout.as_ref().and_then(|timeout| usual(&timeout.value));
        self.open_ended |= timeout.is_none();
        let end = begin.at.saturating_add(timeout.unwrap_or(0));
        let (id, depth) = (self.legs.len(), self.fans.len());
        let before = begin.last;
        let after = Rc::clone(&begin.after);
        let mut with_this = (*after).clone();
        with_this.insert(id);
        self.legs.push(Leg { operation, span, times, width, rounds: 1, end, before, after, depth });
        let last = if timeout.is_some() { Some(id) } else { begin.last };
        Ready { at: end, last, after: Rc::new(with_this) }
    }

    // ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────

    fn map(&mut self, list: &Expr, item: LocalId, body: &Expr, at_most: Option<u32>, start: &Ready) -> Ready {
        let list_ready = self.value(list, start);
        let Some(at_most) = at_most else {
            self.locals.insert(item, list_ready.clone());
            return self.value(body, start).max(&list_ready);
        };
        let begin = self.needs_of_calls(body).max(&list_ready);
        let level = self.fans.len() + 1;
        self.fans.push(Fan {
            length: longest(self.model, &list.ty),
            at_most: u64::from(at_most.max(1)),
            list: list.span,
            reported: false,
        });
        self.locals.insert(item, begin.clone());
        let first = self.legs.len();
        let ready = self.inside(|flow| flow.value(body, &begin));
        let rounds = self.fans.pop().map_or(1, |fan| fan.length.unwrap_or(1).div_ceil(fan.at_most));
        self.in_rounds(first, level, rounds, &begin, &ready.max(&list_ready))
    }

    /// The calls from `first` on that are made for each element take their time once for each round.
    fn in_rounds(&mut self, first: usize, level: usize, rounds: u64, begin: &Ready, ready: &Ready) -> Ready {
        let legs = self.legs.iter().enumerate().skip(first).filter(|(_, leg)| leg.depth >= level);
        let Some((last, end)) = legs.map(|(id, leg)| (id, leg.end)).max_by_key(|(id, end)| (*end, *id)) else {
            return ready.clone();
        };
        let one_round = end.saturating_sub(begin.at);
        let end = begin.at.saturating_add(one_round.saturating_mul(rounds));
        let on_path = self.path(Some(last));
        for id in on_path {
            if let Some(leg) = self.legs.get_mut(id).filter(|leg| id >= first && leg.depth >= level) {
                leg.rounds = leg.rounds.saturating_mul(rounds);
            }
        }
        if end < ready.at {
            return ready.clone();
        }
        Ready { at: end, last: Some(last), ..ready.clone() }
    }

    /// When everything from outside exists that the calls of a mapped list use.
    fn needs_of_calls(&self, expr: &Expr) -> Ready {
        let needs =
            |parts: Vec<&Expr>| parts.into_iter().fold(Ready::default(), |ready, part| ready.max(&self.outside(part)));
        let here = match &expr.kind {
            ExprKind::Call(call) => needs(call.args.iter().collect()),
            ExprKind::Bind { value, .. } | ExprKind::Present { value, .. } => needs(vec![value]),
            ExprKind::Map { list, at_most: Some(_), .. } => needs(vec![list]),
            ExprKind::ByElement { list, by, .. } if walk::makes_calls(by) => needs(vec![list]),
            _ => Ready::default(),
        };
        walk::children(expr).into_iter().fold(here, |ready, child| ready.max(&self.needs_of_calls(child)))
    }

    /// When all names of an expression that are known already have their values.
    fn outside(&self, expr: &Expr) -> Ready {
        let known = match &expr.kind {
            ExprKind::Let(id) => self.lets.get(id),
            ExprKind::Local(id) => self.locals.get(id),
            _ => None,
        };
        let here = known.cloned().unwrap_or_default();
        walk::children(expr).into_iter().fold(here, |ready, child| ready.max(&self.outside(child)))
    }

    // ── the proof ────────────────────────────────────────────────────────────────────────────────────────────────

    fn proof(&self, end: &Ready) -> Proof {
        let sum = |of: &dyn Fn(&Leg<'_>) -> u64| self.legs.iter().fold(0_u64, |sum, leg| sum.saturating_add(of(leg)));
        Proof {
            time: (!self.open_ended).then_some(end.at),
            calls: sum(&|leg| leg.times),
            calls_at_once: self.at_once(),
            buffered: sum(&|leg| leg.times.saturating_mul(usual(&leg.operation.response.value).unwrap_or(0))),
        }
    }

    /// The most calls that can run together: calls that wait for one another share a chain, and of each chain one runs.
    fn at_once(&self) -> u64 {
        let mut chains: Vec<(usize, u64)> = Vec::new();
        for (id, leg) in self.legs.iter().enumerate() {
            match chains.iter_mut().find(|(tail, _)| leg.after.contains(tail)) {
                Some(chain) => *chain = (id, chain.1.max(leg.width)),
                None => chains.push((id, leg.width)),
            }
        }
        chains.iter().fold(0, |sum, (_, width)| sum.saturating_add(*width))
    }

    /// The calls on the longest path to one, in the order in which they run.
    fn path(&self, last: Option<usize>) -> Vec<usize> {
        let mut path = Vec::new();
        let mut at = last;
        while let Some(id) = at {
            path.push(id);
            at = self.legs.get(id).and_then(|leg| leg.before);
        }
        path.reverse();
        path
    }
}

/// A setting's value, or its default where the environment may say otherwise.
fn usual(config: &Config<u64>) -> Option<u64> {
    match config {
        Config::Literal(value) => Some(*value),
        Config::Env { default, .. } => *default,
    }
}

/// How long a list can be.
fn longest(model: &Model, ty: &Ty) -> Option<u64> {
    match super::fit::structure(model, ty) {
        Ty::List(_, bounds) => bounds.max.map(u64::from),
        _ => None,
    }
}
