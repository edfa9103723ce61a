//! Lists that are gathered by a key: once, in the outermost place where all that they use is bound.
//!
//! A gathered list has a name, and an expression that uses the name is wrapped in what gathers it as soon as the expression
//! stands by itself: as an argument, a condition, or the answer. So `let by_id = products.index_by(p => p.id)` is one pass over the
//! products, however often `by_id[id]` is asked.

use std::collections::BTreeSet;

use super::super::{Expr, ExprKind, Gathering, LocalId, Rows, Stage, StepId, walk};
use super::Lowering;
use super::exprs::Lower;
use crate::model::{Scalar, Ty, Value};
use crate::typed;

/// A place where names are bound.
#[derive(Default)]
pub(super) struct Scope {
    bound: Vec<LocalId>,
    /// The flow that it stands in, by its place in [`Lowering::frames`].
    frame: usize,
    gathered: Vec<Gathered>,
}

/// A list that is gathered in a scope.
struct Gathered {
    item: LocalId,
    rows: Rows,
    by: Gathering,
}

/// What an expression refers to.
#[derive(Default)]
struct Mentions {
    locals: BTreeSet<LocalId>,
    steps: BTreeSet<StepId>,
}

impl Mentions {
    fn note(&mut self, expr: &Expr) {
        walk::visit(expr, &mut |part| match &part.kind {
            ExprKind::Local(local) | ExprKind::Lookup { gathered: local, .. } => {
                self.locals.insert(*local);
            }
            ExprKind::Inner { results, .. } => {
                self.locals.insert(*results);
            }
            ExprKind::Step(step) | ExprKind::Made(step) => {
                self.steps.insert(*step);
            }
            _ => {}
        });
    }
}

impl<'a> Lowering<'a> {
    /// Lowers something that stands by itself.
    pub(super) fn root(&mut self, expr: &typed::Expr) -> Expr {
        let mut root = self.expr(expr);
        self.complete(&mut root);
        root
    }

    /// Lowers something in which locals are bound; what is gathered of them is gathered there.
    pub(super) fn inside(&mut self, bound: Vec<LocalId>, lower: Lower<'_, 'a>) -> Expr {
        let frame = self.frames.len().saturating_sub(1);
        self.scopes.push(Scope { bound, frame, gathered: Vec::new() });
        let mut lowered = lower(self);
        let scope = self.scopes.pop().unwrap_or_default();
        wrap(&mut lowered, &scope.gathered);
        lowered
    }

    /// Whether a local is bound around this place.
    pub(super) fn is_bound(&self, local: LocalId) -> bool {
        self.scopes.iter().any(|scope| scope.bound.contains(&local))
    }

    /// Puts what is gathered around an expression that stands by itself.
    pub(super) fn complete(&self, expr: &mut Expr) {
        for scope in self.scopes.iter().rev() {
            wrap(expr, &scope.gathered);
        }
    }

    /// The same for a copy.
    pub(super) fn completed(&self, expr: &Expr) -> Expr {
        let mut copy = expr.clone();
        self.complete(&mut copy);
        copy
    }

    /// A list that has a name and takes some work to make: it is made once.
    pub(super) fn gathered_once(&mut self, name: &str, list: Expr) -> Expr {
        let ty = list.ty.clone();
        match list.kind {
            ExprKind::Map { rows, body } if !rows.is_all() => {
                let columns = super::binders::of_rows(&rows);
                let item = self.gather(name, rows, Gathering::List);
                let list = Box::new(Expr::new(ExprKind::Local(item), ty.clone()));
                let rows = Rows { list, columns, stages: Vec::new() };
                Expr::new(ExprKind::Map { rows, body }, ty)
            }
            kind => Expr::new(kind, ty),
        }
    }

    /// Whether a value is an element of a list that came, or null: one look finds it.
    pub(super) fn is_found_element(&self, value: &Expr) -> bool {
        let ExprKind::Found { rows, then, otherwise } = &value.kind else { return false };
        let [item] = rows.columns.as_slice() else { return false };
        let adds_columns =
            |stage: &Stage| matches!(stage, Stage::Beside(_) | Stage::Flatten(_) | Stage::Zip(_) | Stage::Chunk { .. });
        then.kind == ExprKind::Local(*item)
            && otherwise.kind == ExprKind::Literal(Value::Null)
            && !rows.stages.iter().any(adds_columns)
            && super::exprs::is_place(&rows.list)
            && self.completed(value) == *value
    }

    /// What a search found, searched for once in each answer or argument that uses it.
    pub(super) fn searched_once(&mut self, name: &str, value: Expr) -> Expr {
        let ty = value.ty.clone();
        let (rows, then, otherwise) = match value.kind {
            ExprKind::Found { rows, then, otherwise } if !rows.is_all() => (rows, then, otherwise),
            kind => return Expr::new(kind, ty),
        };
        let columns = super::binders::of_rows(&rows);
        let one = Expr::new(ExprKind::Literal(Value::Number("1".to_owned())), Ty::Scalar(Scalar::Int));
        let item = self.gather(name, rows.then(Stage::Slice { from: None, to: Some(one) }), Gathering::List);
        let list = Box::new(Expr::new(ExprKind::Local(item), Ty::Unknown));
        let rows = Rows { list, columns, stages: Vec::new() };
        Expr::new(ExprKind::Found { rows, then, otherwise }, ty)
    }

    /// Gathers rows, and gives their name.
    pub(super) fn gather(&mut self, name: &str, rows: Rows, by: Gathering) -> LocalId {
        let mut mentions = Mentions::default();
        walk::row_exprs(&rows, &mut |expr| mentions.note(expr));
        if let Gathering::Index(key) | Gathering::Groups(key) = &by {
            mentions.note(key);
        }
        let frame = self.frames.iter().rposition(|frame| frame.steps.iter().any(|it| mentions.steps.contains(&it.id)));
        let fits = |scope: &Scope| {
            let binds = scope.bound.iter().chain(scope.gathered.iter().map(|gathered| &gathered.item));
            binds.into_iter().any(|local| mentions.locals.contains(local))
        };
        let by_local = self.scopes.iter().rposition(fits).unwrap_or(0);
        let by_step = self.scopes.iter().position(|scope| frame.is_some_and(|frame| scope.frame >= frame)).unwrap_or(0);
        let name = self.naming.take().unwrap_or_else(|| name.to_owned());
        let item = self.new_local(&name);
        if let Some(scope) = self.scopes.get_mut(by_local.max(by_step)) {
            scope.gathered.push(Gathered { item, rows, by });
        }
        item
    }
}

/// Puts what is gathered around an expression that uses it.
fn wrap(expr: &mut Expr, gathered: &[Gathered]) {
    for Gathered { item, rows, by } in gathered.iter().rev() {
        let mut mentions = Mentions::default();
        mentions.note(expr);
        if !mentions.locals.contains(item) {
            continue;
        }
        let ty = expr.ty.clone();
        let body = std::mem::replace(expr, Expr::new(ExprKind::Local(*item), ty.clone()));
        let (rows, by, body) = (rows.clone(), by.clone(), Box::new(body));
        *expr = Expr::new(ExprKind::Gather { item: *item, rows, by, body }, ty);
    }
}
