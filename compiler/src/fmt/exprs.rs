//! Expressions.

use super::doc::Doc;
use super::lists::{BRACES, BRACKETS, PARENS};
use super::{Layout, concat};
use crate::syntax::ast::{Arg, Arm, BinaryOperator, Entry, EntryKind, Expr, ExprKind, Name, Spanned, UnaryOperator};

impl Layout<'_> {
    /// Any value.
    pub(super) fn expr(&mut self, expr: &Expr) -> Doc {
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Interpolated(_) => self.token(expr.span),
            ExprKind::Name(name) => Doc::text(&name.text),
            ExprKind::Subject(name) => Doc::text(format!(".{}", name.text)),
            ExprKind::Field { base, name } => concat([self.expr(base), Doc::text(format!(".{}", name.text))]),
            ExprKind::Apply { callee, args } => concat([self.expr(callee), self.args(args, expr.span.end)]),
            ExprKind::Optional { base, .. } => concat([self.expr(base), Doc::text("?")]),
            ExprKind::Index { base, index } => {
                concat([self.expr(base), Doc::text("["), self.expr(index), Doc::text("]")])
            }
            ExprKind::Slice { base, from, to, inclusive } => {
                self.slice_expr(base, from.as_deref(), to.as_deref(), *inclusive)
            }
            ExprKind::Select { base, entries } => {
                concat([self.expr(base), Doc::text(" "), self.entries(entries, expr.span.end)])
            }
            ExprKind::Omit { base, paths } => self.omit(base, paths),
            ExprKind::Object(entries) => self.entries(entries, expr.span.end),
            ExprKind::Array(elements) => self.list(BRACKETS, elements, expr.span.end, |layout, element| {
                layout.entry(&[], element.value.span, |layout| {
                    concat([spread(element.spread, &element.value), layout.expr(&element.value)])
                })
            }),
            ExprKind::Unary { operator, operand } => concat([Doc::text(unary(operator.value)), self.expr(operand)]),
            ExprKind::Binary { .. } => self.binary(expr),
            ExprKind::If { condition, then, otherwise } => {
                let condition = self.expr(condition);
                let then = concat([Doc::Line, Doc::text("then "), self.expr(then)]);
                let otherwise = concat([Doc::Line, Doc::text("else "), self.expr(otherwise)]);
                concat([Doc::text("if "), condition, concat([then, otherwise]).indent()]).group()
            }
            ExprKind::Match { subject, arms } => {
                let subject = concat([Doc::text("match "), self.expr(subject), Doc::text(" ")]);
                concat([subject, self.arms(arms, expr.span.end)])
            }
            ExprKind::Lambda { parameter, body } => {
                concat([Doc::text(format!("{} => ", parameter.text)), self.expr(body)])
            }
            ExprKind::Paren(inner) => concat([Doc::text("("), self.expr(inner), Doc::text(")")]),
        }
    }

    fn args(&mut self, args: &[Arg], end: u32) -> Doc {
        self.list(PARENS, args, end, |layout, arg| {
            let span = arg.name.as_ref().map_or(arg.value.span, |name| name.span.to(arg.value.span));
            layout.entry(&[], span, |layout| {
                let name = arg.name.as_ref().map_or_else(Doc::nothing, |name| Doc::text(format!("{}: ", name.text)));
                concat([name, layout.expr(&arg.value)])
            })
        })
    }

    fn slice_expr(&mut self, base: &Expr, from: Option<&Expr>, to: Option<&Expr>, inclusive: bool) -> Doc {
        let mut parts = vec![self.expr(base), Doc::text("[")];
        parts.extend(from.map(|from| self.expr(from)));
        parts.push(Doc::text(if inclusive { "..=" } else { ".." }));
        if let Some(to) = to {
            // `..` and a field of the subject would run together into `...`.
            let apart = if !inclusive && self.slice(to.span).starts_with('.') { " " } else { "" };
            parts.extend([Doc::text(apart), self.expr(to)]);
        }
        parts.push(Doc::text("]"));
        Doc::Concat(parts)
    }

    fn omit(&mut self, base: &Expr, paths: &[Vec<Name>]) -> Doc {
        let dotted = |path: &Vec<Name>| path.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".");
        let paths: Vec<String> = paths.iter().map(dotted).collect();
        concat([self.expr(base), Doc::text(format!(" omit {{ {} }}", paths.join(", ")))])
    }

    /// `{ a, b: .c }`, of a selection and of an object alike.
    fn entries(&mut self, entries: &[Entry], end: u32) -> Doc {
        self.list(BRACES, entries, end, |layout, entry| {
            layout.entry(&[], entry.span, |layout| layout.object_entry(entry))
        })
    }

    fn object_entry(&mut self, entry: &Entry) -> Doc {
        match &entry.kind {
            EntryKind::Rest => Doc::text("..."),
            EntryKind::Spread(value) => concat([spread(true, value), self.expr(value)]),
            EntryKind::Pair { key, value, at_most } => {
                let key = concat([self.token(key.span), Doc::text(": ")]);
                concat([key, self.expr(value), self.at_most(at_most.as_ref())])
            }
            EntryKind::Short { value, .. } => self.expr(value),
        }
    }

    fn at_most(&self, at_most: Option<&Spanned<u32>>) -> Doc {
        at_most.map_or_else(Doc::nothing, |number| Doc::text(format!(" at most {} at once", self.slice(number.span))))
    }

    fn arms(&mut self, arms: &[Arm], end: u32) -> Doc {
        self.list(BRACES, arms, end, |layout, arm| {
            let span = arm.pattern.as_ref().map_or(arm.value.span, |pattern| pattern.span.to(arm.value.span));
            layout.entry(&[], span, |layout| layout.arm(arm))
        })
    }

    fn arm(&mut self, arm: &Arm) -> Doc {
        let pattern = arm.pattern.as_ref().map_or("else", |pattern| pattern.text.as_str());
        let binds = arm.binds.as_ref().map_or_else(String::new, |name| format!(" {}", name.text));
        concat([Doc::text(format!("{pattern}{binds} => ")), self.expr(&arm.value)])
    }

    /// A row of operators of one precedence breaks as a whole, each operator at the start of its line.
    fn binary(&mut self, expr: &Expr) -> Doc {
        let mut row = Vec::new();
        let mut first = expr;
        while let ExprKind::Binary { operator, left, right } = &first.kind {
            if row.last().is_some_and(|(last, _): &(BinaryOperator, &Expr)| level(*last) != level(operator.value)) {
                break;
            }
            row.push((operator.value, right.as_ref()));
            first = left;
        }
        let first = self.expr(first);
        let mut rest = Vec::new();
        for (operator, right) in row.into_iter().rev() {
            rest.extend([Doc::Line, Doc::text(format!("{} ", sign(operator))), self.expr(right)]);
        }
        concat([first, Doc::Concat(rest).indent()]).group()
    }
}

/// `...`, apart from a field of the subject behind it.
fn spread(spread: bool, value: &Expr) -> Doc {
    let subject = matches!(leftmost(value).kind, ExprKind::Subject(_));
    Doc::text(match (spread, subject) {
        (true, true) => "... ",
        (true, false) => "...",
        (false, _) => "",
    })
}

/// What an expression starts with.
fn leftmost(mut expr: &Expr) -> &Expr {
    loop {
        expr = match &expr.kind {
            ExprKind::Field { base, .. }
            | ExprKind::Optional { base, .. }
            | ExprKind::Index { base, .. }
            | ExprKind::Slice { base, .. }
            | ExprKind::Select { base, .. }
            | ExprKind::Omit { base, .. }
            | ExprKind::Apply { callee: base, .. }
            | ExprKind::Binary { left: base, .. } => base,
            _ => return expr,
        };
    }
}

fn unary(operator: UnaryOperator) -> &'static str {
    match operator {
        UnaryOperator::Not => "!",
        UnaryOperator::Negate => "-",
        UnaryOperator::Reveal => "reveal ",
    }
}

fn level(operator: BinaryOperator) -> u8 {
    use BinaryOperator as B;
    match operator {
        B::Or => 1,
        B::And => 2,
        B::Equal | B::NotEqual | B::Less | B::LessOrEqual | B::Greater | B::GreaterOrEqual | B::In => 3,
        B::OrElse => 4,
        B::Add | B::Subtract => 5,
        B::Multiply | B::Divide | B::Remainder => 6,
    }
}

fn sign(operator: BinaryOperator) -> &'static str {
    use BinaryOperator as B;
    match operator {
        B::Or => "||",
        B::And => "&&",
        B::Equal => "==",
        B::NotEqual => "!=",
        B::Less => "<",
        B::LessOrEqual => "<=",
        B::Greater => ">",
        B::GreaterOrEqual => ">=",
        B::In => "in",
        B::OrElse => "or",
        B::Add => "+",
        B::Subtract => "-",
        B::Multiply => "*",
        B::Divide => "/",
        B::Remainder => "%",
    }
}
