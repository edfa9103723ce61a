//! What is written at a place of a body, as far as a mend depends on it: `email` in a selection is mended otherwise than `user.email`.

use crate::source::Span;
use crate::syntax::ast::{
    Arg, Endpoint, Entry, EntryKind, Expr, ExprKind, ResultKind, ResultStatement, Statement, UnaryOperator,
};

/// What stands at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// A value by itself: `user.email`.
    Value,
    /// A bare entry of a selection, a field of the subject; with its key.
    Field(String),
    /// A bare entry of an object, a name in scope; with its key.
    Name(String),
    /// `...value`, with the place of the value.
    Spread(Span),
    /// `...` in a selection, with the place of what is selected from.
    Rest(Span),
    /// `value omit { a, b }`, with the place of the last name.
    Omit(Span),
    /// `reveal value`, with the place of the value.
    Reveal(Span),
}

/// Whose braces entries stand in.
#[derive(Clone, Copy)]
enum Braces {
    /// Of a selection from what stands here.
    Selection(Span),
    Object,
}

/// What stands at exactly this place of an endpoint's body.
pub(super) fn form(endpoint: &Endpoint, at: Span) -> Form {
    let statements = endpoint.statements.iter().find_map(|statement| match statement {
        Statement::Let(it) => in_expr(&it.value, at),
        Statement::Check(it) => in_expr(&it.condition, at),
    });
    statements.or_else(|| in_result(endpoint.result.as_ref()?, at)).unwrap_or(Form::Value)
}

fn in_result(result: &ResultStatement, at: Span) -> Option<Form> {
    let value = match &result.kind {
        ResultKind::Respond { body, .. } => body.as_ref().and_then(|body| in_expr(body, at)),
        ResultKind::Redirect { target, .. } => in_expr(target, at),
        ResultKind::If { condition, then, otherwise } => {
            in_expr(condition, at).or_else(|| in_result(then, at)).or_else(|| in_result(otherwise, at))
        }
        ResultKind::Reject(_) | ResultKind::Proxy => None,
    };
    value.or_else(|| result.with.iter().find_map(|set| in_expr(&set.value, at)))
}

fn in_expr(expr: &Expr, at: Span) -> Option<Form> {
    if expr.span.file != at.file || at.start < expr.span.start || expr.span.end < at.end {
        return None;
    }
    match &expr.kind {
        ExprKind::Omit { base, paths } => {
            let last = paths.last().and_then(|path| path.last()).filter(|_| expr.span == at);
            last.map(|last| Form::Omit(last.span)).or_else(|| in_expr(base, at))
        }
        ExprKind::Unary { operator, operand } => {
            let reveals = expr.span == at && operator.value == UnaryOperator::Reveal;
            if reveals { Some(Form::Reveal(operand.span)) } else { in_expr(operand, at) }
        }
        ExprKind::Select { base, entries } => {
            in_expr(base, at).or_else(|| in_entries(entries, Braces::Selection(base.span), at))
        }
        ExprKind::Object(entries) => in_entries(entries, Braces::Object, at),
        ExprKind::Literal(_) | ExprKind::Interpolated(_) | ExprKind::Name(_) | ExprKind::Subject(_) => None,
        ExprKind::Field { base, .. } | ExprKind::Optional { base, .. } | ExprKind::Paren(base) => in_expr(base, at),
        ExprKind::Apply { callee, args } => in_expr(callee, at).or_else(|| in_args(args, at)),
        ExprKind::Index { base, index } => in_expr(base, at).or_else(|| in_expr(index, at)),
        ExprKind::Slice { base, from, to, .. } => {
            let mut ends = from.iter().chain(to);
            in_expr(base, at).or_else(|| ends.find_map(|end| in_expr(end, at)))
        }
        ExprKind::Array(elements) => elements.iter().find_map(|element| in_expr(&element.value, at)),
        ExprKind::Binary { left, right, .. } => in_expr(left, at).or_else(|| in_expr(right, at)),
        ExprKind::If { condition, then, otherwise } => {
            [condition, then, otherwise].into_iter().find_map(|part| in_expr(part, at))
        }
        ExprKind::Match { subject, arms } => {
            in_expr(subject, at).or_else(|| arms.iter().find_map(|arm| in_expr(&arm.value, at)))
        }
        ExprKind::Lambda { body, .. } => in_expr(body, at),
    }
}

fn in_args(args: &[Arg], at: Span) -> Option<Form> {
    args.iter().find_map(|arg| in_expr(&arg.value, at))
}

fn in_entries(entries: &[Entry], braces: Braces, at: Span) -> Option<Form> {
    entries.iter().find_map(|entry| match (&entry.kind, braces) {
        (EntryKind::Rest, Braces::Selection(base)) if entry.span == at => Some(Form::Rest(base)),
        (EntryKind::Spread(value), _) if entry.span == at => Some(Form::Spread(value.span)),
        (EntryKind::Short { key, value }, braces)
            if value.span == at && !matches!(value.kind, ExprKind::Omit { .. }) =>
        {
            Some(match braces {
                Braces::Selection(_) => Form::Field(key.text.clone()),
                Braces::Object => Form::Name(key.text.clone()),
            })
        }
        (EntryKind::Rest, _) => None,
        (EntryKind::Spread(value) | EntryKind::Pair { value, .. } | EntryKind::Short { value, .. }, _) => {
            in_expr(value, at)
        }
    })
}
