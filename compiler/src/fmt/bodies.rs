//! Statements and results.

use super::doc::Doc;
use super::lists::Entry;
use super::{Layout, concat};
use crate::syntax::ast::{Check, Let, Refusal, ResultKind, ResultStatement, Statement, WithSet};

impl Layout<'_> {
    /// Each statement, laid out for a line of its own.
    pub(super) fn statements(&mut self, statements: &[Statement]) -> Vec<Entry> {
        statements
            .iter()
            .map(|statement| match statement {
                Statement::Let(binding) => self.entry(&[], binding.span, |layout| layout.binding(binding)),
                Statement::Check(check) => self.entry(&[], check.span, |layout| layout.check(check)),
            })
            .collect()
    }

    /// The result, laid out for a line of its own.
    pub(super) fn result_entry(&mut self, result: &ResultStatement) -> Entry {
        self.entry(&[], result.span, |layout| layout.result(result))
    }

    fn binding(&mut self, binding: &Let) -> Doc {
        let mut parts = vec![Doc::text(format!("let {}", binding.name.text))];
        if let Some(ty) = &binding.ty {
            parts.extend([Doc::text(": "), self.ty(ty)]);
        }
        parts.extend([Doc::text(" = "), self.expr(&binding.value)]);
        if let Some(at_most) = &binding.at_most {
            parts.push(Doc::text(format!(" at most {} at once", self.slice(at_most.span))));
        }
        if let Some(otherwise) = &binding.otherwise {
            parts.push(self.otherwise(otherwise));
        }
        Doc::Concat(parts)
    }

    fn check(&mut self, check: &Check) -> Doc {
        concat([Doc::text("check "), self.expr(&check.condition), self.otherwise(&check.otherwise)])
    }

    /// ` else 404 "why"`, on a line of its own where it does not fit.
    fn otherwise(&mut self, refusal: &Refusal) -> Doc {
        let refusal = self.refusal(refusal);
        concat([Doc::Line, Doc::text("else "), refusal]).indent().group()
    }

    fn refusal(&self, refusal: &Refusal) -> Doc {
        let status = self.token(refusal.status.span);
        match &refusal.reason {
            Some(reason) => concat([status, Doc::text(" "), self.token(reason.span)]),
            None => status,
        }
    }

    fn result(&mut self, result: &ResultStatement) -> Doc {
        let mut parts = match &result.kind {
            ResultKind::Proxy => return self.as_written(result.span),
            ResultKind::Reject(refusal) => vec![Doc::text("reject "), self.refusal(refusal)],
            ResultKind::Redirect { status, target } => {
                vec![Doc::text("redirect "), self.token(status.span), Doc::text(" "), self.expr(target)]
            }
            ResultKind::Respond { status, body } => {
                let mut parts = vec![Doc::text("respond")];
                if let Some(status) = status {
                    parts.extend([Doc::text(" "), self.token(status.span)]);
                }
                if let Some(body) = body {
                    parts.extend([Doc::text(" "), self.expr(body)]);
                }
                parts
            }
            ResultKind::If { condition, then, otherwise } => {
                let condition = self.expr(condition);
                let then = concat([Doc::Line, Doc::text("then "), self.result(then)]);
                let otherwise = concat([Doc::Line, Doc::text("else "), self.result(otherwise)]);
                vec![concat([Doc::text("if "), condition, concat([then, otherwise]).indent()]).group()]
            }
        };
        parts.push(self.with(&result.with));
        Doc::Concat(parts)
    }

    /// ` with header "A" = a, cookie "b" = c`, on a line of its own where it does not fit.
    fn with(&mut self, sets: &[WithSet]) -> Doc {
        if sets.is_empty() {
            return Doc::nothing();
        }
        let mut parts = vec![Doc::Line, Doc::text("with ")];
        for (index, set) in sets.iter().enumerate() {
            if index > 0 {
                parts.extend([Doc::text(","), Doc::Line]);
            }
            parts.extend([Doc::text(format!("{} ", set.place.text)), self.token(set.wire.span), Doc::text(" = ")]);
            parts.push(self.expr(&set.value));
        }
        Doc::Concat(parts).indent().group()
    }
}
