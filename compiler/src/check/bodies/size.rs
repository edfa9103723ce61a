//! Bodies have a size that people can read, and stay within it when their names are replaced by what they stand for.

use std::collections::BTreeMap;

use super::walk;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::EndpointHead;
use crate::source::Span;
use crate::syntax::ast;
use crate::typed::{Expr, ExprKind, LetId, LocalId, Outcome, Statement};

/// No endpoint is longer than this, in bytes of text.
const MOST_BYTES: u32 = 64 * 1024;

/// No object takes the keys of more values than this.
pub(super) const MOST_SPREADS: usize = 100;

/// The parts of all expressions of a body, with every name for a computed value replaced by that.
const MOST_PARTS: u64 = 100_000;

/// Whether the text of a body is short enough to be read; reports where it is not.
pub(super) fn is_readable(ast: &ast::Endpoint, diagnostics: &mut Diagnostics) -> bool {
    let Some(span) = text_of(ast) else { return true };
    if span.end.saturating_sub(span.start) <= MOST_BYTES {
        return true;
    }
    let message = format!("the endpoint `{}` is longer than {} KiB", ast.head.name.text, MOST_BYTES / 1024);
    diagnostics.push(
        Diagnostic::new(Code::GW0606, message, ast.head.name.span, "too large")
            .note("nobody could read it: make several endpoints of it"),
    );
    false
}

/// Where an endpoint stands, from its method to its result.
pub(super) fn text_of(ast: &ast::Endpoint) -> Option<Span> {
    let ends = ast.statements.iter().map(|statement| match statement {
        ast::Statement::Let(it) => it.span.end,
        ast::Statement::Check(it) => it.span.end,
    });
    let end = ends.chain(ast.result.iter().map(|result| result.span.end)).max()?;
    let start = ast.head.method.span;
    Some(Span::new(start.file, start.start, end))
}

/// Whether what the names of a body stand for is small enough to be written out; reports where it is not: each `let` that uses another
/// twice doubles it.
pub(super) fn check(
    statements: &[Statement],
    outcome: &Outcome,
    head: &EndpointHead,
    diagnostics: &mut Diagnostics,
) -> bool {
    let mut sizes = Sizes::default();
    let mut total = 0_u64;
    for (at, statement) in statements.iter().enumerate() {
        let size = match statement {
            Statement::Let { value, .. } => {
                let size = sizes.of(value);
                sizes.lets.insert(LetId(at), size);
                size
            }
            Statement::Check { condition, .. } => sizes.of(condition),
            Statement::Require { value, .. } => sizes.of(value),
        };
        total = total.saturating_add(size);
    }
    total = total.saturating_add(sizes.of_outcome(outcome));
    let is_small = total <= MOST_PARTS;
    if !is_small {
        let message = format!("what `{}` computes is too large when it is written out", head.name);
        diagnostics.push(
            Diagnostic::new(Code::GW0606, message, head.origin, "too large")
                .note("a name stands for all that it is computed from, each time it is used"),
        );
    }
    is_small
}

#[derive(Default)]
struct Sizes {
    lets: BTreeMap<LetId, u64>,
    locals: BTreeMap<LocalId, u64>,
}

impl Sizes {
    fn of(&mut self, expr: &Expr) -> u64 {
        match &expr.kind {
            ExprKind::Let(id) => self.lets.get(id).copied().unwrap_or(1),
            ExprKind::Local(id) => self.locals.get(id).copied().unwrap_or(1),
            ExprKind::Bind { value, item, body } => {
                let value = self.of(value);
                self.locals.insert(*item, value);
                value.saturating_add(self.of(body))
            }
            // What is called is a value of its own.
            ExprKind::Call(call) => call.args.iter().fold(1, |sum: u64, arg| sum.saturating_add(self.of(arg).min(1))),
            _ => walk::children(expr).into_iter().fold(1, |sum: u64, part| sum.saturating_add(self.of(part))),
        }
    }

    fn of_outcome(&mut self, outcome: &Outcome) -> u64 {
        match outcome {
            Outcome::Respond { body, with, .. } => {
                let values = body.iter().chain(with.iter().map(|set| &set.value));
                values.fold(1, |sum: u64, value| sum.saturating_add(self.of(value)))
            }
            Outcome::Redirect { target, with, .. } => {
                let values = std::iter::once(target).chain(with.iter().map(|set| &set.value));
                values.fold(1, |sum: u64, value| sum.saturating_add(self.of(value)))
            }
            Outcome::Reject(_) => 1,
            Outcome::If { condition, then, otherwise } => {
                let branches = self.of_outcome(then).saturating_add(self.of_outcome(otherwise));
                branches.saturating_add(self.of(condition))
            }
        }
    }
}
